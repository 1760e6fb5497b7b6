//! Shared links: M/G/1 processor sharing, sharing with caps, and batches of transfers.

use scaleup::engine::{EventKey, Limits, Model, Scheduler, SharedLink, run};
use scaleup::time::Time;

use super::interval::{Mean, Random, replicate};
use super::lines::erlang_c;

const INF: f64 = f64::INFINITY;
const REPLICATIONS: u64 = 60;
/// Transfers of each replication that are not counted, because the link starts idle.
const WARM_UP: u32 = 1_000;
const COUNTED: u32 = 6_000;

/// Poisson arrivals at a link.
struct Exchange<S> {
    link: SharedLink<Transfer>,
    completion: Option<EventKey>,
    random: Random,
    mean_gap_s: f64,
    cap_per_s: f64,
    /// Draws a size.
    size: S,
    to_come: u32,
    /// The time that a transfer takes for each unit of its size, for those below and above a size of 1.
    slowness: [Mean; 2],
    /// How many transfers an arriving one meets.
    met: Mean,
}

struct Transfer {
    began: Time,
    size: f64,
    counted: bool,
}

enum Event {
    Arrive,
    Complete,
}

impl<S: FnMut(&mut Random) -> f64> Exchange<S> {
    fn arrive(&mut self, sim: &mut Scheduler<Event>) {
        self.to_come -= 1;
        if self.to_come > 0 {
            sim.schedule_after(self.random.gap(self.mean_gap_s), Event::Arrive);
        }
        let counted = self.to_come < COUNTED;
        if counted {
            self.met.add(self.link.in_flight() as f64);
        }
        let size = (self.size)(&mut self.random);
        self.link.start(sim.now(), Transfer { began: sim.now(), size, counted }, size, self.cap_per_s);
    }

    fn complete(&mut self, sim: &Scheduler<Event>) {
        while let Some(done) = self.link.take_completed(sim.now()) {
            if done.counted {
                let took = sim.now() - done.began;
                self.slowness[usize::from(done.size > 1.0)].add(took.as_secs_f64() / done.size);
            }
        }
    }
}

impl<S: FnMut(&mut Random) -> f64> Model for Exchange<S> {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
        match event {
            Event::Arrive => self.arrive(sim),
            Event::Complete => self.complete(sim),
        }
        if let Some(stale) = self.completion.take() {
            sim.cancel(stale);
        }
        self.completion = self.link.next_completion().map(|at| sim.schedule_cancellable_at(at, Event::Complete));
    }
}

/// The slowness of small and of large transfers, and how many an arriving one meets.
fn simulate(
    (capacity_per_s, cap_per_s): (f64, f64),
    arrivals_per_s: f64,
    random: Random,
    size: impl FnMut(&mut Random) -> f64,
) -> [f64; 3] {
    let mut exchange = Exchange {
        link: SharedLink::new(capacity_per_s),
        completion: None,
        random,
        mean_gap_s: 1.0 / arrivals_per_s,
        cap_per_s,
        size,
        to_come: WARM_UP + COUNTED,
        slowness: [Mean::default(); 2],
        met: Mean::default(),
    };
    let mut sim = Scheduler::new();
    sim.schedule_at(Time::ZERO, Event::Arrive);
    run(&mut exchange, &mut sim, Limits::default());
    [exchange.slowness[0].get(), exchange.slowness[1].get(), exchange.met.get()]
}

/// Draws a size.
type Draw = fn(&mut Random) -> f64;

/// Sizes of mean 1: mostly 0.5, sometimes 5.5.
fn small_or_large(random: &mut Random) -> f64 {
    if random.uniform() < 0.9 { 0.5 } else { 5.5 }
}

#[test]
fn a_transfer_takes_its_size_over_what_is_left_of_the_capacity_as_in_m_g_1_processor_sharing() {
    for (load, precision) in [(0.3, 0.01), (0.6, 0.025), (0.8, 0.05)] {
        let [small, large, met] = replicate(REPLICATIONS, |random| simulate((1.0, INF), load, random, small_or_large));
        small.assert_confirms(1.0 / (1.0 - load), precision, "time over size of small transfers");
        large.assert_confirms(1.0 / (1.0 - load), precision, "time over size of large transfers");
        met.assert_confirms(load / (1.0 - load), 2.0 * precision, "transfers in flight");
    }
}

#[test]
fn how_many_transfers_are_in_flight_does_not_depend_on_how_sizes_scatter() {
    let load = 0.7;
    let sizes: [(&str, Draw); 3] = [
        ("constant sizes", |_| 1.0),
        ("exponential sizes", |random| random.exponential(1.0)),
        ("small and large sizes", small_or_large),
    ];
    for (what, size) in sizes {
        let [.., met] = replicate(REPLICATIONS, |random| simulate((1.0, INF), load, random, size));
        met.assert_confirms(load / (1.0 - load), 0.04, what);
    }
}

/// With a cap of one, n transfers use min(n, capacity): the number in flight is that of as many servers, for sizes of
/// any distribution.
#[test]
fn capped_transfers_are_as_many_in_flight_as_customers_in_m_m_c() {
    for (servers, utilisation, precision) in [(2, 0.5, 0.02), (4, 0.8, 0.05), (10, 0.7, 0.02)] {
        let capacity_per_s = f64::from(servers);
        let load = capacity_per_s * utilisation;
        let theory = load + erlang_c(servers, load) * utilisation / (1.0 - utilisation);
        let [.., met] = replicate(REPLICATIONS, |random| simulate((capacity_per_s, 1.0), load, random, small_or_large));
        met.assert_confirms(theory, precision, "transfers in flight");
    }
}

#[test]
fn with_capacity_for_all_a_transfer_takes_its_size_over_its_cap() {
    let [small, large, met] = replicate(REPLICATIONS, |random| simulate((INF, 0.25), 3.0, random, small_or_large));
    small.assert_confirms_exactly(4.0, "time over size of small transfers");
    large.assert_confirms_exactly(4.0, "time over size of large transfers");
    met.assert_confirms(12.0, 0.01, "transfers in flight");
}

/// Exponential transfers that all start at the beginning, as many as given with each cap.
/// When each group is done, in seconds.
fn simulate_batch<const G: usize>(capacity_per_s: f64, groups: [(u32, f64); G], random: &mut Random) -> [f64; G] {
    let mut link = SharedLink::new(capacity_per_s);
    for (group, (transfers, cap_per_s)) in groups.into_iter().enumerate() {
        for _ in 0..transfers {
            link.start(Time::ZERO, group, random.exponential(1.0), cap_per_s);
        }
    }
    let mut done = [0.0; G];
    while let Some(now) = link.next_completion() {
        while let Some(group) = link.take_completed(now) {
            done[group] = now.as_secs_f64();
        }
    }
    done
}

#[test]
fn a_batch_without_caps_keeps_the_link_full_until_the_end() {
    for (transfers, precision) in [(1, 0.05), (10, 0.02), (100, 0.005)] {
        let [done] = replicate(5_000, |mut random| simulate_batch(4.0, [(transfers, INF)], &mut random));
        done.assert_confirms(f64::from(transfers) / 4.0, precision, "time until all are done");
    }
}

/// Two groups on one link as a Markov chain: `(n, m)` transfers are left, and each loses one after an exponential time.
struct TwoGroups {
    capacity_per_s: f64,
    /// Of a slow and of a fast transfer.
    caps_per_s: [f64; 2],
}

impl TwoGroups {
    /// The mean time until the slow group is done, and until the fast group is, from `slow` and `fast` transfers on.
    fn means(&self, slow: u32, fast: u32) -> [f64; 2] {
        let mut means = vec![vec![[0.0; 2]; fast as usize + 1]; slow as usize + 1];
        for n in 0..=slow as usize {
            for m in 0..=fast as usize {
                let [slow_rate, fast_rate] = self.rates(n as f64, m as f64);
                let from = |n: usize, m: usize, group: usize| means[n][m][group];
                means[n][m] = [0, 1].map(|group| {
                    if [n, m][group] == 0 {
                        return 0.0;
                    }
                    let after_slow = if n > 0 { slow_rate * from(n - 1, m, group) } else { 0.0 };
                    let after_fast = if m > 0 { fast_rate * from(n, m - 1, group) } else { 0.0 };
                    (1.0 + after_slow + after_fast) / (slow_rate + fast_rate)
                });
            }
        }
        means[slow as usize][fast as usize]
    }

    /// What each group gets together, max-min fairly.
    fn rates(&self, n: f64, m: f64) -> [f64; 2] {
        let share = self.capacity_per_s / (n + m);
        let [slow_cap, fast_cap] = self.caps_per_s;
        if slow_cap < share {
            let slow = n * slow_cap;
            [slow, (self.capacity_per_s - slow).min(m * fast_cap)]
        } else {
            [n * share, m * share]
        }
    }
}

#[test]
fn a_batch_with_two_caps_is_shared_max_min_fairly() {
    for (capacity_per_s, slow, fast) in [(8.0, 5, 5), (8.0, 20, 4), (3.0, 2, 12)] {
        let theory = TwoGroups { capacity_per_s, caps_per_s: [0.5, 2.0] }.means(slow, fast);
        let [slow_done, fast_done] =
            replicate(5_000, |mut random| simulate_batch(capacity_per_s, [(slow, 0.5), (fast, 2.0)], &mut random));
        slow_done.assert_confirms(theory[0], 0.03, "time until the slow group is done");
        fast_done.assert_confirms(theory[1], 0.03, "time until the fast group is done");
    }
}
