mod twin;

use super::*;

const INF: f64 = f64::INFINITY;

fn secs(seconds: f64) -> Time {
    Time::from_secs_f64(seconds)
}

fn over<const N: usize>(links: [u16; N]) -> Route {
    let mut route = [None; 2];
    route.iter_mut().zip(links).for_each(|(place, link)| *place = Some(LinkId(link)));
    route
}

/// Lets the links work until nothing more completes: what completes, and when in seconds.
fn drain<J>(links: &mut SharedLinks<J>) -> Vec<(J, f64)> {
    let mut completed = Vec::new();
    while let Some(now) = links.next_completion() {
        while let Some(job) = links.take_completed(now) {
            completed.push((job, now.as_secs_f64()));
        }
    }
    completed
}

#[test]
fn what_one_link_holds_back_goes_to_the_others_of_the_next() {
    // Three pass a server of 3, one passes only the gateway of 10: 1, 1, 1 and 7.
    let mut links = SharedLinks::new([3.0, 10.0]);
    for job in ['a', 'b', 'c'] {
        links.start(Time::ZERO, job, 10.0, INF, over([0, 1]));
    }
    links.start(Time::ZERO, 'd', 7.0, INF, over([1]));
    assert_eq!(drain(&mut links), [('d', 1.0), ('a', 10.0), ('b', 10.0), ('c', 10.0)]);
}

#[test]
fn the_order_in_which_links_are_passed_does_not_matter() {
    for route in [over([0, 1]), over([1, 0])] {
        let mut links = SharedLinks::new([4.0, 5.0]);
        links.start(Time::ZERO, 'a', 8.0, INF, route);
        assert_eq!(links.next_completion(), Some(secs(2.0)));
    }
}

#[test]
fn the_textbooks_line_of_links_is_shared_as_the_textbook_says() {
    // Capacities 10, 4 and 10: one transfer over the first two, one over the last two, one over the first, one over the
    // last. The middle link fills up first, at 2 each; the others get the rest, 8.
    let mut links = SharedLinks::new([10.0, 4.0, 10.0]);
    for (job, size, route) in
        [('a', 8.0, over([0])), ('b', 2.0, over([0, 1])), ('c', 2.0, over([2, 1])), ('d', 8.0, over([2]))]
    {
        links.start(Time::ZERO, job, size, INF, route);
    }
    assert_eq!(links.next_completion(), Some(secs(1.0)));
    let mut completed: Vec<char> = std::iter::from_fn(|| links.take_completed(secs(1.0))).collect();
    completed.sort_unstable();
    assert_eq!(completed, ['a', 'b', 'c', 'd']);
}

#[test]
fn what_has_passed_is_known_to_the_nanosecond_over_changes_of_the_rate() {
    let mut links = SharedLinks::new([10.0]);
    let first = links.start(Time::ZERO, 'a', 100.0, INF, over([0]));
    links.start(secs(2.0), 'b', 20.0, INF, over([0]));
    // 20 until 2 s, 5 a second until 6 s, 10 a second from then on; a is complete at 12 s.
    assert_eq!(drain_first(&mut links), ('b', secs(6.0)));
    let at = [100.0, 90.0, 80.0, 75.0, 60.0, 50.0, 30.0].map(links.passed(secs(9.0), first));
    assert_eq!(at, [0.0, 1.0, 2.0, 3.0, 6.0, 7.0, 9.0].map(|at| Some(secs(at))));
    assert_eq!(links.passed(secs(9.0), first)(29.0), None, "not yet");
    assert_eq!(links.first_completed(secs(12.0)), Some((first, &'a')));
    assert_eq!(links.passed(secs(12.0), first)(0.0), Some(secs(12.0)));
    links.take_completed(secs(12.0));
    assert_eq!(links.passed(secs(12.0), first)(50.0), None, "the key is stale");
}

fn drain_first(links: &mut SharedLinks<char>) -> (char, Time) {
    let now = links.next_completion().expect("something is in flight");
    (links.take_completed(now).expect("it is complete"), now)
}

#[test]
fn what_passed_under_another_cap_counts_as_passed_at_its_change() {
    let mut links = SharedLinks::new([INF]);
    let key = links.start(Time::ZERO, 'a', 100.0, 10.0, over([0]));
    links.set_cap(secs(4.0), key, 20.0);
    assert_eq!([80.0, 60.0, 40.0].map(links.passed(secs(5.0), key)), [4.0, 4.0, 5.0].map(|at| Some(secs(at))));
}

#[test]
fn what_was_carried_counts_whoever_completed_or_not() {
    let mut links = SharedLinks::new([10.0, INF]);
    let first = links.start(Time::ZERO, 'a', 100.0, INF, over([0]));
    links.start(Time::ZERO, 'b', 20.0, INF, over([0, 1]));
    // 5 a second each until b is complete at 4 s, then 10 a second.
    let carried = |links: &SharedLinks<char>, at: f64| links.carried(secs(at)).round() as u64;
    assert_eq!((carried(&links, 3.0), drain_first(&mut links), carried(&links, 5.0)), (30, ('b', secs(4.0)), 50));
    links.abort(secs(6.0), first);
    assert_eq!(carried(&links, 7.0), 60);
    let over: Vec<u64> = links.carried_over(secs(7.0)).into_iter().map(|carried| carried.round() as u64).collect();
    assert_eq!(over, [60, 0]);
}

/// What has passed is asked for by the oldest in flight, so that much may be remembered, and not more.
#[test]
fn a_course_is_as_long_as_the_life_of_the_oldest_transfer() {
    let mut links = SharedLinks::new([100.0]);
    let mut longest = 0;
    let mut now = Time::ZERO;
    for job in 0..20_000_u32 {
        links.start(now, job, 10.0 + f64::from(job % 7), INF, over([0]));
        if links.in_flight() > 5 {
            now = links.next_completion().expect("they are in flight");
            while links.take_completed(now).is_some() {}
        }
        longest = longest.max(links.classes.iter().map(|class| class.course.points()).max().unwrap_or(0));
    }
    assert!((60..300).contains(&longest), "{longest}");
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn a_link_that_is_not_there_is_refused() {
    SharedLinks::new([1.0]).start(Time::ZERO, 'a', 1.0, INF, over([1]));
}
