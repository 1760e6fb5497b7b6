//! Cases times replications, over all cores.
//!
//! Must not know: axes and files: a case is whole when it comes here.

use crate::experiment::observe::observe;
use crate::experiment::results::{CaseResult, Replication};
use crate::model::params::Scenario;
use crate::model::record::Record;
use crate::model::support::Tier;
use crate::model::{Plan, Simulator};
use rayon::prelude::*;

/// One setting of a sweep.
#[derive(Clone, Debug)]
pub struct Case {
    /// The changed keys and their values as TOML text.
    pub set: Vec<(String, String)>,
    /// The scenario with these changes.
    pub scenario: Scenario,
}

/// How often and with which random numbers.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Replications of each case.
    pub replications: u32,
    /// The seed.
    pub seed: u64,
    /// Threads; `None`: one per core.
    pub threads: Option<usize>,
}

/// Threads for the replications could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {threads:?} threads: {source}")]
pub struct ThreadsError {
    pub(super) threads: Option<usize>,
    pub(super) source: rayon::ThreadPoolBuildError,
}

/// Simulates every case; `progress` is called after each replication, from any thread.
///
/// The result does not depend on the number of threads: replications are independent and are put in order.
///
/// # Errors
/// When the threads cannot be started.
pub fn run_cases(
    cases: &[Case],
    settings: Settings,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<CaseResult>, ThreadsError> {
    let pool = thread_pool(settings.threads)?;
    let plans: Vec<Plan> = cases.iter().map(|case| Plan::new(&case.scenario)).collect();
    let replications = settings.replications as usize;
    let done: Vec<(Replication, Option<Record>)> = pool.install(|| {
        (0..cases.len() * replications)
            .into_par_iter()
            .map_init(Simulator::new, |simulator, job| {
                let (case, replication) = (job / replications, job % replications);
                // The first replication is kept whole, for the files that show one scale-up in detail.
                let whole = replication == 0;
                let record = simulator.run(&plans[case], settings.seed, replication as u64, whole);
                let numbers = observe(&record, cases[case].scenario.run.curve_step);
                progress();
                (numbers, whole.then_some(record))
            })
            .collect()
    });
    let mut done = done.into_iter();
    Ok(cases.iter().map(|case| case_result(case, done.by_ref().take(replications))).collect())
}

/// So many threads; one per core by default.
pub(crate) fn thread_pool(threads: Option<usize>) -> Result<rayon::ThreadPool, ThreadsError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .map_err(|source| ThreadsError { threads, source })
}

pub(super) fn case_result(case: &Case, done: impl Iterator<Item = (Replication, Option<Record>)>) -> CaseResult {
    let mut record = None;
    let replications: Vec<Replication> = done
        .map(|(numbers, whole)| {
            record = record.take().or(whole);
            numbers
        })
        .collect();
    let record = record.expect("there is at least one replication, and the first is kept whole");
    let scenario = &case.scenario;
    let target_nodes = scenario.cluster.target_nodes;
    // Replicas may need fewer nodes than there may be.
    let nodes = record.stages[0].desired.min(target_nodes);
    let tier = Tier::of(&scenario.support, nodes);
    CaseResult {
        set: case.set.clone(),
        target_nodes,
        initial_nodes: scenario.cluster.initial_nodes,
        price_per_hour: scenario.node.price_per_hour,
        tier,
        support: tier.message(&scenario.support, nodes),
        stages: record.stages.iter().map(|stage| stage.name.clone()).collect(),
        desired: record.stages.iter().map(|stage| stage.desired).collect(),
        curve_step: scenario.run.curve_step,
        replications,
        reliefs: Vec::new(),
        record,
    }
}
