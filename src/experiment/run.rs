//! Cases times replications, over all cores.

use crate::experiment::results::CaseResult;
use crate::experiment::rounds::{Progress, Series, WorkerPool};
use crate::model::params::Scenario;
use crate::scenario::{Loaded, Measure};
use std::error::Error as _;
use std::num::NonZeroUsize;

/// One setting of a sweep: what is simulated, and what tells it apart.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, also for files: `1-200-nodes-kind-io1`.
    pub name: String,
    /// The fingerprint of its scenario; equal for scenarios that mean the same.
    pub hash: u64,
    /// The changed keys and their values as TOML text.
    pub set: Vec<(String, String)>,
    /// The scenario with these changes.
    pub scenario: Scenario,
    /// What is measured beyond the stages' readiness.
    pub measures: Vec<Measure>,
    /// Of how many replications, the first ones, it is kept what held their critical paths.
    pub followed: u32,
    /// Whether its first replication is kept whole, for what shows one scale-up in detail.
    pub detailed: bool,
}

/// More paths than this say little more about what holds them.
const FOLLOWED_MAX: u32 = 10;
/// So many nodes in all replications that are followed together: what an entity waited for takes memory and time.
const FOLLOWED_NODES: u32 = 20_000;

impl Case {
    /// The case of a scenario that was read, with the changes that it already has; called as its scenario is.
    pub fn new(set: Vec<(String, String)>, loaded: &Loaded) -> Self {
        let scenario = loaded.scenario.clone();
        Self {
            name: scenario.name.clone(),
            hash: loaded.document.hash(),
            set,
            scenario,
            measures: Vec::new(),
            followed: 0,
            detailed: true,
        }
    }

    /// The same, keeping the numbers of its replications and none of them whole.
    #[must_use]
    pub fn in_numbers(self) -> Self {
        Self { detailed: false, ..self }
    }

    /// The same, measuring this.
    #[must_use]
    pub fn measuring(self, measures: Vec<Measure>) -> Self {
        Self { measures, ..self }
    }

    /// The same, following the critical paths of the first replications: of ten, or in a large cluster of fewer, since
    /// recording takes up to half as long again.
    #[must_use]
    pub fn following_paths(self) -> Self {
        let followed = (FOLLOWED_NODES / self.weight().max(1)).clamp(1, FOLLOWED_MAX);
        Self { followed, ..self }
    }

    /// The work that is expected of each replication, for sharing it out: the number of nodes.
    pub fn weight(&self) -> u32 {
        self.scenario.cluster.target_nodes
    }
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
#[error("cannot start {threads} threads: {source}")]
pub struct ThreadsError {
    pub(super) threads: usize,
    pub(super) source: rayon::ThreadPoolBuildError,
}

impl ThreadsError {
    /// Whether the platform has no threads at all, and not only too few.
    pub(super) fn is_unsupported(&self) -> bool {
        let cause = self.source.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
        cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::Unsupported)
    }
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
    let workers = WorkerPool::new(settings.threads, settings.seed)?;
    Ok(run_on(&workers, cases, settings.replications, progress))
}

/// So many replications of every case, on these threads.
pub(super) fn run_on(
    workers: &WorkerPool,
    cases: &[Case],
    replications: u32,
    progress: &(dyn Fn() + Sync),
) -> Vec<CaseResult> {
    let mut series: Vec<Series<'_>> = cases.iter().map(Series::new).collect();
    let progress = Progress { done: progress, stopped: &|| false };
    workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), replications, progress);
    series.into_iter().map(Series::finish).collect()
}

/// So many threads; one per core by default.
pub(crate) fn thread_pool(threads: Option<usize>) -> Result<rayon::ThreadPool, ThreadsError> {
    // Not by the environment, which may ask for any number of them.
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get));
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|source| ThreadsError { threads, source })
}
