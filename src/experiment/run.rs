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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Setting, load};

    /// Why a scale-up to 30 nodes never ends, in the words of its first line.
    fn ended_because(set: &[&str]) -> String {
        let settings: Vec<Setting> = ["cluster.target_nodes=30", "run.horizon=365d", "run.curve_step=1h"]
            .iter()
            .chain(set)
            .map(|setting| Setting::new("--set", *setting))
            .collect();
        let loaded = load(std::path::Path::new("ekf.toml"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
        let case = Case { set: vec![], scenario: loaded.scenario };
        let settings = Settings { replications: 1, seed: 1, threads: Some(1) };
        let results = run_cases(&[case], settings, &|| ()).expect("one thread");
        assert!(!results[0].record.end.ready);
        results[0].record.end.waiting_for[0].clone()
    }

    #[test]
    fn nodes_that_fail_without_end_end_the_run() {
        assert_eq!(
            ended_because(&["autoscaler.max_node_provision_time=1s"]),
            "run.horizon: 1000 nodes were asked for before it, since those that fail are asked for again; make it shorter, \
             or see what makes nodes fail: limits, [fault], autoscaler.max_node_provision_time"
        );
    }

    /// The events are counted over all looks at how much is remembered, of which there are several.
    #[test]
    fn as_many_events_as_allowed_end_the_run() {
        assert_eq!(
            ended_because(&["cluster.target_nodes=200", "run.max_events=23456"]),
            "run.max_events: 23456 events were handled, and more were to come"
        );
    }

    #[test]
    fn attempts_that_are_repeated_without_end_end_the_run() {
        assert_eq!(
            ended_because(&["registry.docker-hub.pulls_per_window=1", "registry.docker-hub.window=365d"]),
            "run.horizon: waits and flaps before it take 1 MiB of memory; make it shorter, or see what is retried or flaps \
             without end"
        );
    }
}
