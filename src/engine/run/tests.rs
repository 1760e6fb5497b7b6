use super::super::queue::EventKey;
use super::*;
use crate::time::Span;

/// Keeps a log of what happens; an event may do something.
#[derive(Default)]
struct Diary {
    log: Vec<(u64, char)>,
    victim: Option<EventKey>,
}

#[derive(Clone, Copy)]
enum Event {
    Note(char),
    /// Notes, and schedules a note for the same instant.
    Echo(char, char),
    Cancel,
    Stop,
    /// Comes again after a nanosecond, for ever.
    Tick,
}

impl Model for Diary {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
        let mut note = |what| self.log.push((sim.now().as_nanos(), what));
        match event {
            Event::Note(what) => note(what),
            Event::Echo(what, echo) => {
                note(what);
                sim.schedule_after(Span::ZERO, Event::Note(echo));
            }
            Event::Cancel => {
                note('x');
                assert!(self.victim.is_some_and(|key| sim.cancel(key)));
            }
            Event::Stop => sim.stop(),
            Event::Tick => {
                note('t');
                sim.schedule_after(Span::from_nanos(1), Event::Tick);
            }
        }
    }
}

const fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

fn horizon(nanos: u64) -> Limits {
    Limits { horizon: at(nanos), ..Limits::default() }
}

#[test]
fn events_at_one_instant_happen_in_the_order_in_which_they_were_scheduled() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(7), Event::Note('c'));
    sim.schedule_at(at(5), Event::Echo('a', 'e'));
    sim.schedule_cancellable_at(at(5), Event::Note('b'));
    sim.schedule_after(Span::from_nanos(5), Event::Note('d'));
    let outcome = run(&mut diary, &mut sim, Limits::default());
    assert_eq!(diary.log, [(5, 'a'), (5, 'b'), (5, 'd'), (5, 'e'), (7, 'c')]);
    assert_eq!(outcome, Outcome { reason: StopReason::Exhausted, at: at(7), events: 5 });
    assert_eq!(sim.handled(), 5);
}

#[test]
fn a_cancelled_event_neither_moves_the_clock_nor_keeps_the_run_going() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    diary.victim = Some(sim.schedule_cancellable_after(Span::from_secs(300), Event::Note('v')));
    sim.schedule_at(at(3), Event::Cancel);
    assert_eq!(sim.pending(), 2);
    let outcome = run(&mut diary, &mut sim, Limits::default());
    assert_eq!(outcome, Outcome { reason: StopReason::Exhausted, at: at(3), events: 1 });
    assert_eq!((sim.now(), sim.pending()), (at(3), 0));
}

#[test]
fn a_key_is_stale_once_its_event_has_happened_or_the_scheduler_was_reset() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    let happened = sim.schedule_cancellable_at(at(1), Event::Note('a'));
    run(&mut diary, &mut sim, Limits::default());
    let reset = sim.schedule_cancellable_at(at(9), Event::Note('b'));
    sim.reset();
    sim.schedule_cancellable_at(at(1), Event::Note('c'));
    sim.schedule_cancellable_at(at(2), Event::Note('d'));
    assert!(!sim.cancel(happened));
    assert!(!sim.cancel(reset));
    assert_eq!(sim.pending(), 2);
}

#[test]
fn events_at_the_horizon_happen_and_later_ones_stay_pending() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    for (nanos, what) in [(4, 'a'), (10, 'b'), (11, 'c')] {
        sim.schedule_at(at(nanos), Event::Note(what));
    }
    let outcome = run(&mut diary, &mut sim, horizon(10));
    assert_eq!(outcome, Outcome { reason: StopReason::Horizon, at: at(10), events: 2 });
    assert_eq!(sim.pending(), 1);
    assert_eq!(run(&mut diary, &mut sim, horizon(20)).reason, StopReason::Exhausted);
    assert_eq!(diary.log, [(4, 'a'), (10, 'b'), (11, 'c')]);
}

#[test]
fn a_run_that_reaches_its_horizon_leaves_the_clock_there_and_never_turns_it_back() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(11), Event::Note('a'));
    assert_eq!(run(&mut diary, &mut sim, horizon(10)).at, at(10));
    assert_eq!(sim.now(), at(10));
    assert_eq!(run(&mut diary, &mut sim, horizon(6)).at, at(10));
}

#[test]
fn the_clock_stands_at_the_horizon_only_if_something_comes_after_it() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(4), Event::Note('a'));
    let outcome = run(&mut diary, &mut sim, horizon(10));
    assert_eq!(outcome, Outcome { reason: StopReason::Exhausted, at: at(4), events: 1 });
}

#[test]
fn the_event_limit_holds_for_each_run_and_the_next_run_goes_on() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(0), Event::Tick);
    let limits = Limits { max_events: 3, ..Limits::default() };
    assert_eq!(run(&mut diary, &mut sim, limits), Outcome { reason: StopReason::EventLimit, at: at(2), events: 3 });
    assert_eq!(run(&mut diary, &mut sim, limits), Outcome { reason: StopReason::EventLimit, at: at(5), events: 3 });
    assert_eq!(sim.handled(), 6);
}

#[test]
fn a_limit_that_is_just_enough_is_not_a_reason_to_stop() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(1), Event::Note('a'));
    let limits = Limits { max_events: 1, ..Limits::default() };
    assert_eq!(run(&mut diary, &mut sim, limits).reason, StopReason::Exhausted);
}

#[test]
fn stop_ends_the_run_after_the_event_and_the_next_run_goes_on() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(1), Event::Stop);
    sim.schedule_at(at(1), Event::Note('a'));
    let outcome = run(&mut diary, &mut sim, Limits::default());
    assert_eq!(outcome, Outcome { reason: StopReason::Stopped, at: at(1), events: 1 });
    assert!(diary.log.is_empty());
    assert_eq!(run(&mut diary, &mut sim, Limits::default()).reason, StopReason::Exhausted);
    assert_eq!(diary.log, [(1, 'a')]);
}

#[test]
fn a_scheduler_that_was_reset_runs_like_a_new_one() {
    let story = |sim: &mut Scheduler<Event>| {
        let mut diary = Diary::default();
        sim.schedule_at(at(2), Event::Note('b'));
        diary.victim = Some(sim.schedule_cancellable_at(at(9), Event::Note('v')));
        sim.schedule_at(at(2), Event::Cancel);
        let outcome = run(&mut diary, sim, Limits::default());
        (diary.log, outcome, sim.handled())
    };
    let mut used = Scheduler::new();
    used.schedule_cancellable_at(at(1), Event::Tick);
    run(&mut Diary::default(), &mut used, horizon(100));
    used.reset();
    assert_eq!(story(&mut used), story(&mut Scheduler::new()));
}

#[test]
#[should_panic(expected = "an event cannot be scheduled for 4 ns: it is already 5 ns")]
fn scheduling_into_the_past_is_refused() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_at(at(5), Event::Note('a'));
    run(&mut diary, &mut sim, Limits::default());
    sim.schedule_at(at(4), Event::Note('b'));
}

#[test]
fn no_limit_means_that_even_the_last_instant_is_reached() {
    let (mut diary, mut sim) = (Diary::default(), Scheduler::new());
    sim.schedule_after(Span::from_secs(1), Event::Note('a'));
    sim.schedule_after(Span::MAX, Event::Note('z'));
    assert_eq!(run(&mut diary, &mut sim, Limits::default()).at, Time::MAX);
}
