mod twin;

use super::*;

const INF: f64 = f64::INFINITY;

fn secs(seconds: f64) -> Time {
    Time::from_secs_f64(seconds)
}

/// Lets the link work until nothing more completes: what completes, and when in seconds.
fn drain<J>(link: &mut SharedLink<J>) -> Vec<(J, f64)> {
    let mut completed = Vec::new();
    while let Some(now) = link.next_completion() {
        while let Some(job) = link.take_completed(now) {
            completed.push((job, now.as_secs_f64()));
        }
        assert_ne!(link.next_completion(), Some(now), "all that was complete is taken");
    }
    completed
}

#[test]
fn transfers_share_the_capacity_equally() {
    let mut link = SharedLink::new(10.0);
    link.start(Time::ZERO, 'a', 100.0, INF);
    assert_eq!(link.next_completion(), Some(secs(10.0)));
    // From here on five each; a has 80 to go.
    link.start(secs(2.0), 'b', 20.0, INF);
    assert_eq!(link.next_completion(), Some(secs(6.0)));
    assert_eq!(link.in_flight(), 2);
    assert_eq!(drain(&mut link), [('b', 6.0), ('a', 12.0)]);
    assert_eq!((link.in_flight(), link.next_completion()), (0, None));
}

#[test]
fn what_capped_transfers_leave_goes_to_the_others() {
    let mut link = SharedLink::new(10.0);
    link.start(Time::ZERO, 'a', 8.0, 1.0);
    link.start(Time::ZERO, 'b', 18.0, 3.0);
    link.start(Time::ZERO, 'c', 36.0, INF);
    // Rates 1, 3, 6 until 6 s, then 1 for a alone.
    assert_eq!(drain(&mut link), [('b', 6.0), ('c', 6.0), ('a', 8.0)]);
}

#[test]
fn a_cap_above_the_fair_share_does_not_count() {
    let mut link = SharedLink::new(10.0);
    for (job, cap) in [('a', 7.0), ('b', 6.0), ('c', 2.0)] {
        link.start(Time::ZERO, job, 20.0, cap);
    }
    // Rates 4, 4, 2 until 5 s, then c alone.
    assert_eq!(drain(&mut link), [('b', 5.0), ('a', 5.0), ('c', 10.0)]);
}

#[test]
fn the_rest_goes_on_with_a_new_cap() {
    let mut link = SharedLink::new(INF);
    let key = link.start(Time::ZERO, 'a', 100.0, 10.0);
    link.set_cap(secs(4.0), key, 30.0);
    assert_eq!(link.next_completion(), Some(secs(6.0)));
    link.set_cap(secs(5.0), key, 0.0);
    assert_eq!(link.next_completion(), None);
    link.set_cap(secs(60.0), key, 15.0);
    assert_eq!(drain(&mut link), [('a', 62.0)]);
    link.set_cap(secs(62.0), key, 1.0);
    assert_eq!(link.next_completion(), None);
}

#[test]
fn an_aborted_transfer_says_what_is_left_and_frees_its_share() {
    let mut link = SharedLink::new(10.0);
    let first = link.start(Time::ZERO, 'a', 100.0, INF);
    link.start(Time::ZERO, 'b', 100.0, INF);
    assert_eq!(link.abort(secs(6.0), first), Some(('a', 70.0)));
    assert_eq!(link.abort(secs(6.0), first), None);
    assert_eq!(link.next_completion(), Some(secs(13.0)));
    // The slot is used again, but the old key does not name its new user.
    link.start(secs(6.0), 'c', 10.0, INF);
    link.set_cap(secs(6.0), first, 0.0);
    assert_eq!(link.abort(secs(6.0), first), None);
    assert_eq!(drain(&mut link), [('c', 8.0), ('b', 14.0)]);
}

#[test]
fn without_any_limit_and_without_any_size_a_transfer_completes_at_once() {
    let mut link = SharedLink::new(INF);
    link.start(secs(1.0), 'a', 1e12, INF);
    link.start(secs(1.0), 'b', 10.0, 10.0);
    assert_eq!(link.next_completion(), Some(secs(1.0)));
    assert_eq!(link.take_completed(secs(1.0)), Some('a'));
    assert_eq!(link.take_completed(secs(1.0)), None);
    assert_eq!(drain(&mut link), [('b', 2.0)]);
    let mut link = SharedLink::new(10.0);
    link.start(secs(3.0), 'c', 0.0, 0.0);
    link.start(secs(3.0), 'd', 0.0, INF);
    assert_eq!(drain(&mut link), [('c', 3.0), ('d', 3.0)]);
}

#[test]
fn a_link_without_capacity_moves_nothing() {
    let mut link = SharedLink::new(0.0);
    let key = link.start(Time::ZERO, 'a', 5.0, INF);
    assert_eq!(link.next_completion(), None);
    assert_eq!(link.abort(secs(100.0), key), Some(('a', 5.0)));
}

#[test]
fn a_completion_is_rounded_up_to_a_whole_nanosecond() {
    let mut link = SharedLink::new(3.0);
    link.start(Time::ZERO, 'a', 1.0, INF);
    assert_eq!(link.next_completion(), Some(Time::from_nanos(333_333_334)));
    assert_eq!(link.take_completed(Time::from_nanos(333_333_333)), None);
    assert_eq!(link.take_completed(Time::from_nanos(333_333_334)), Some('a'));
}

/// Sizes and rates that are not whole in binary, with which the service attained until a completion can fall short by a
/// crumb.
fn with_crumbs() -> impl Iterator<Item = (f64, f64)> {
    let tenths = || (1..=50).map(|tenths| f64::from(tenths) / 10.0);
    tenths().flat_map(move |size| tenths().map(move |capacity_per_s| (size, capacity_per_s)))
}

#[test]
fn transfers_that_are_alike_complete_at_the_same_instant() {
    for (size, capacity_per_s) in with_crumbs() {
        let mut link = SharedLink::new(capacity_per_s);
        for job in 0..4 {
            link.start(Time::ZERO, job, size, INF);
        }
        let now = link.next_completion().expect("they are in flight");
        let completed: Vec<_> = std::iter::from_fn(|| link.take_completed(now)).collect();
        assert_eq!(completed, [0, 1, 2, 3], "sizes of {size} at {capacity_per_s} per second");
    }
}

#[test]
fn a_start_at_the_instant_of_a_completion_does_not_delay_it() {
    for (size, capacity_per_s) in with_crumbs() {
        let mut link = SharedLink::new(capacity_per_s);
        link.start(Time::ZERO, 'a', size, INF);
        let now = link.next_completion().expect("it is in flight");
        link.start(now, 'b', size, INF);
        assert_eq!(link.next_completion(), Some(now), "a size of {size} at {capacity_per_s} per second");
        assert_eq!(link.take_completed(now), Some('a'));
        assert_eq!(link.take_completed(now), None);
    }
}

/// A link that is never idle moves all sizes in exactly their sum over its capacity, but for a nanosecond for each
/// completion.
#[test]
fn nothing_is_lost_or_gained_in_a_hundred_thousand_transfers() {
    const TRANSFERS: u32 = 100_000;
    let capacity_per_s = 1.25e9;
    let mut link = SharedLink::new(capacity_per_s);
    let (mut started, mut total, mut end) = (0_u32, 0.0, Time::ZERO);
    let mut start = |link: &mut SharedLink<u32>, now| {
        // Sizes from a byte to hundreds of megabytes, scattered by a multiplicative hash; most transfers have a cap.
        let scattered = started.wrapping_mul(2_654_435_769);
        let size = f64::from(1 + (scattered >> (started % 29)));
        let cap = [INF, 2e8, 3e7, 1e10][started as usize % 4];
        link.start(now, started, size, cap);
        started += 1;
        total += size;
        started < TRANSFERS
    };
    // One transfer that outlasts all others, so that the class without a cap never begins anew.
    link.start(Time::ZERO, u32::MAX, 1e14, INF);
    while start(&mut link, Time::ZERO) && link.in_flight() < 50 {}
    let mut more = true;
    while let Some(now) = link.next_completion() {
        end = now;
        while link.take_completed(now).is_some() {
            more = more && start(&mut link, now);
        }
    }
    let lost_nanos = end.as_nanos() as f64 - (1e14 + total) / capacity_per_s * 1e9;
    assert!((-1.0..=f64::from(TRANSFERS)).contains(&lost_nanos), "{lost_nanos} ns lost");
}

#[test]
#[should_panic(expected = "a transfer that was complete before now was not taken")]
fn time_does_not_go_on_over_a_completion() {
    let mut link = SharedLink::new(1.0);
    link.start(Time::ZERO, 'a', 1.0, INF);
    link.start(secs(1.5), 'b', 1.0, INF);
}

#[test]
#[should_panic(expected = "a link cannot go back in time")]
fn a_start_in_the_past_is_refused() {
    let mut link = SharedLink::new(1.0);
    link.start(secs(0.5), 'a', 1.0, INF);
    link.start(secs(0.4), 'b', 1.0, INF);
}

#[test]
#[should_panic(expected = "a cap of -1 per second has no meaning")]
fn a_cap_below_zero_is_refused() {
    SharedLink::new(1.0).start(Time::ZERO, 'a', 1.0, -1.0);
}
