//! Servers with a line: M/M/1, M/M/c, M/D/1, and a batch of jobs.

use scaleup::engine::{Limits, Model, Scheduler, Servers, run};
use scaleup::time::{Span, Time};

use super::interval::{Mean, Random, replicate};

const REPLICATIONS: u64 = 100;
/// Customers of each replication that are not counted, because the station starts empty.
const WARM_UP: u32 = 2_000;
const COUNTED: u32 = 10_000;
/// A wait that is longer than this depends on the order in which customers are served.
const LONG_S: f64 = 1.0;

/// Poisson arrivals at servers with one line.
struct Station<S> {
    servers: Servers<Customer>,
    random: Random,
    mean_gap_s: f64,
    /// Draws a service time in seconds.
    service: S,
    to_come: u32,
    wait: Mean,
    waits: Mean,
    waits_long: Mean,
}

struct Customer {
    came: Time,
    counted: bool,
}

enum Event {
    Arrive,
    Leave,
}

impl<S: FnMut(&mut Random) -> f64> Station<S> {
    fn serve(&mut self, customer: &Customer, sim: &mut Scheduler<Event>) {
        if customer.counted {
            let wait_s = (sim.now() - customer.came).as_secs_f64();
            self.wait.add(wait_s);
            self.waits.add_share(wait_s > 0.0);
            self.waits_long.add_share(wait_s > LONG_S);
        }
        let service = Span::from_secs_f64((self.service)(&mut self.random));
        sim.schedule_after(service, Event::Leave);
    }
}

impl<S: FnMut(&mut Random) -> f64> Model for Station<S> {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
        let next = match event {
            Event::Arrive => {
                self.to_come -= 1;
                if self.to_come > 0 {
                    sim.schedule_after(self.random.gap(self.mean_gap_s), Event::Arrive);
                }
                self.servers.arrive(Customer { came: sim.now(), counted: self.to_come < COUNTED })
            }
            Event::Leave => self.servers.leave(),
        };
        if let Some(customer) = next {
            self.serve(&customer, sim);
        }
    }
}

/// The mean wait in seconds, and the shares of customers that wait and that wait long.
fn simulate(servers: u32, arrivals_per_s: f64, random: Random, service: impl FnMut(&mut Random) -> f64) -> [f64; 3] {
    let mut station = Station {
        servers: Servers::new(servers),
        random,
        mean_gap_s: 1.0 / arrivals_per_s,
        service,
        to_come: WARM_UP + COUNTED,
        wait: Mean::default(),
        waits: Mean::default(),
        waits_long: Mean::default(),
    };
    let mut sim = Scheduler::new();
    sim.schedule_at(Time::ZERO, Event::Arrive);
    run(&mut station, &mut sim, Limits::default());
    [station.wait, station.waits, station.waits_long].map(Mean::get)
}

/// Erlang's second formula: the share of customers that wait, for an offered load of `load` servers.
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let blocked = erlang_b(u64::from(servers), load);
    let utilisation = load / f64::from(servers);
    blocked / (1.0 - utilisation * (1.0 - blocked))
}

/// Erlang's first formula: the share of customers that find all servers busy and go away.
pub fn erlang_b(servers: u64, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| load * blocked / (n as f64 + load * blocked))
}

/// The probability that an M/D/1 queue with a service of one second holds at most `x` seconds of work: Erlang's series.
pub fn work_at_most(load: f64, x: f64) -> f64 {
    let terms = (0..=x as u32).scan(1.0, |factorial, j| {
        *factorial *= f64::from(j.max(1));
        let behind = load * (f64::from(j) - x);
        Some(libm::pow(behind, f64::from(j)) / *factorial * libm::exp(-behind))
    });
    (1.0 - load) * terms.sum::<f64>()
}

fn exponential(random: &mut Random) -> f64 {
    random.exponential(1.0)
}

fn harmonic(n: u32) -> f64 {
    (1..=n).map(|k| 1.0 / f64::from(k)).sum()
}

#[test]
fn one_exponential_server_makes_customers_wait_as_in_m_m_1() {
    for (load, precision) in [(0.3, 0.02), (0.6, 0.02), (0.8, 0.04)] {
        let [wait, waits, waits_long] = replicate(REPLICATIONS, |random| simulate(1, load, random, exponential));
        wait.assert_confirms(load / (1.0 - load), precision, "mean wait");
        waits.assert_confirms(load, 0.01, "share that waits");
        waits_long.assert_confirms(load * libm::exp(-(1.0 - load) * LONG_S), 0.02, "share that waits long");
    }
}

#[test]
fn several_servers_make_customers_wait_as_in_m_m_c() {
    for (servers, utilisation, precision) in [(2, 0.5, 0.03), (4, 0.8, 0.04), (20, 0.9, 0.1)] {
        let load = f64::from(servers) * utilisation;
        let [wait, waits, waits_long] = replicate(REPLICATIONS, |random| simulate(servers, load, random, exponential));
        let (waiting, spare) = (erlang_c(servers, load), f64::from(servers) - load);
        wait.assert_confirms(waiting / spare, precision, "mean wait");
        waits.assert_confirms(waiting, 0.03, "share that waits");
        waits_long.assert_confirms(waiting * libm::exp(-spare * LONG_S), 2.0 * precision, "share that waits long");
    }
}

#[test]
fn a_constant_service_halves_the_wait_as_in_m_d_1() {
    for (load, precision) in [(0.3, 0.01), (0.6, 0.02), (0.8, 0.03)] {
        let [wait, waits, waits_long] = replicate(REPLICATIONS, |random| simulate(1, load, random, |_| 1.0));
        wait.assert_confirms(load / (1.0 - load) / 2.0, precision, "mean wait");
        waits.assert_confirms(load, 0.01, "share that waits");
        waits_long.assert_confirms(1.0 - work_at_most(load, LONG_S), 0.03, "share that waits long");
    }
}

/// Jobs that are all there at the beginning.
struct Batch {
    servers: Servers<()>,
    random: Random,
}

impl Model for Batch {
    type Event = ();

    fn handle(&mut self, (): (), sim: &mut Scheduler<()>) {
        if self.servers.leave().is_some() {
            sim.schedule_after(self.random.gap(1.0), ());
        }
    }
}

/// When the last of `jobs` is done, in seconds.
fn simulate_batch(jobs: u32, servers: u32, random: Random) -> f64 {
    let mut batch = Batch { servers: Servers::new(servers), random };
    let mut sim = Scheduler::new();
    for _ in 0..jobs {
        if batch.servers.arrive(()).is_some() {
            sim.schedule_after(batch.random.gap(1.0), ());
        }
    }
    run(&mut batch, &mut sim, Limits::default()).at.as_secs_f64()
}

#[test]
fn a_batch_of_exponential_jobs_is_done_when_it_must_be() {
    for (jobs, servers) in [(50, 1), (50, 5), (200, 20), (30, 30)] {
        let [end] = replicate(10_000, |random| [simulate_batch(jobs, servers, random)]);
        // While all servers are busy they finish one job each 1/c; then one server after another falls idle.
        let theory = f64::from(jobs - servers) / f64::from(servers) + harmonic(servers);
        end.assert_confirms(theory, 0.01, "time until all are done");
    }
}
