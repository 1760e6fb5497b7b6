//! Replications in rounds: more of them until enough is known, and stopped between them when a person asks.
//!
//! Must not know: why more are needed (`precision`), and where what is done is kept.

use crate::experiment::observe::observe;
use crate::experiment::precision::Precision;
use crate::experiment::results::{CaseResult, Replication};
use crate::experiment::run::{Case, ThreadsError, case_result};
use crate::model::record::Record;
use crate::model::{Plan, Simulator};
use rayon::prelude::*;

/// Threads that simulate replications.
#[derive(Debug)]
pub struct Crew {
    pool: rayon::ThreadPool,
    seed: u64,
}

/// What is told while the replications run, and asked; both from any thread.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// A replication is done.
    pub done: &'a (dyn Fn() + Sync),
    /// Whether to stop as soon as the replications in flight are done.
    pub stopped: &'a (dyn Fn() -> bool + Sync),
}

/// The replications of one case so far: numbers 0, 1, 2 ... without a gap.
#[derive(Debug)]
pub struct Series<'a> {
    case: &'a Case,
    plan: Plan,
    replications: Vec<Replication>,
    /// Of replication 0.
    record: Option<Record>,
}

impl Crew {
    /// So many threads (`None`: one per core), for replications of the study with this seed.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn new(threads: Option<usize>, seed: u64) -> Result<Self, ThreadsError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.unwrap_or(0))
            .build()
            .map_err(|source| ThreadsError { threads, source })?;
        Ok(Self { pool, seed })
    }

    /// Simulates until each of `series` has `count` replications; whether it did.
    ///
    /// Stopped in between, it adds nothing to any of them. What is added does not depend on the number of threads.
    pub fn extend(&self, series: &mut [&mut Series<'_>], count: u32, watch: Watch<'_>) -> bool {
        let missing = |(place, series): (usize, &&mut Series<'_>)| {
            (series.replications.len()..count as usize).map(move |replication| (place, replication))
        };
        let jobs: Vec<(usize, usize)> = series.iter().enumerate().flat_map(missing).collect();
        let shared: Vec<&Series<'_>> = series.iter().map(|series| &**series).collect();
        let done: Option<Vec<(Replication, Option<Record>)>> = self.pool.install(|| {
            jobs.par_iter()
                .map_init(Simulator::new, |simulator, &(place, replication)| {
                    (!(watch.stopped)()).then(|| {
                        let answer = shared[place].replicate(simulator, self.seed, replication);
                        (watch.done)();
                        answer
                    })
                })
                .collect()
        });
        let Some(done) = done else { return false };
        for ((place, _), (numbers, record)) in jobs.into_iter().zip(done) {
            let series = &mut *series[place];
            series.replications.push(numbers);
            series.record = series.record.take().or(record);
        }
        true
    }

    /// Simulates each of `series` until it is as precise as `rule` asks, or has as many replications as it allows;
    /// whether it was not stopped before that.
    pub fn until_precise(&self, series: &mut [Series<'_>], rule: Precision, watch: Watch<'_>) -> bool {
        for count in rule.looks() {
            let mut open: Vec<&mut Series<'_>> = series
                .iter_mut()
                .filter(|series| rule.shortfall(series.stages(), &series.replications).is_some())
                .collect();
            if open.is_empty() {
                return true;
            }
            if !self.extend(&mut open, count, watch) {
                return false;
            }
        }
        true
    }

    /// The result of a case whose replications were kept from an earlier run; `None` if they are not what this
    /// program simulates. Only replication 0 is simulated, for what is shown of one scale-up in detail.
    pub fn restore(&self, case: &Case, replications: Vec<Replication>) -> Option<CaseResult> {
        let mut series = Series::new(case);
        let (first, record) = series.replicate(&mut Simulator::new(), self.seed, 0);
        if replications.first() != Some(&first) {
            return None;
        }
        (series.replications, series.record) = (replications, record);
        Some(series.finish())
    }
}

impl<'a> Series<'a> {
    /// Of `case`, without any replication yet.
    pub fn new(case: &'a Case) -> Self {
        Self { case, plan: Plan::new(&case.scenario), replications: Vec::new(), record: None }
    }

    /// The numbers of the replications so far.
    pub fn replications(&self) -> &[Replication] {
        &self.replications
    }

    /// The names of the stages.
    pub fn stages(&self) -> Vec<String> {
        self.plan.stages()
    }

    fn replicate(&self, simulator: &mut Simulator, seed: u64, replication: usize) -> (Replication, Option<Record>) {
        // The first replication is kept whole, for the files that show one scale-up in detail.
        let whole = replication == 0;
        let record = simulator.run(&self.plan, seed, replication as u64, whole);
        (observe(&record, self.case.scenario.run.curve_step), whole.then_some(record))
    }

    /// What the replications add up to.
    ///
    /// # Panics
    /// Without any replication: our own mistake.
    pub fn finish(self) -> CaseResult {
        let records = std::iter::once(self.record).chain(std::iter::repeat_with(|| None));
        case_result(self.case, self.replications.into_iter().zip(records))
    }
}
