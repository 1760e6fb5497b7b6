//! Replications in rounds: more of them until enough is known, and stopped between them when a person asks.

use crate::experiment::holders::parts_of_stages;
use crate::experiment::measure::measured;
use crate::experiment::observe::{Observed, observe, whole};
use crate::experiment::precision::Precision;
use crate::experiment::results::{CaseResult, Replication, Waits};
use crate::experiment::run::{Case, ThreadsError, thread_pool};
use crate::headroom::support::Tier;
use crate::model::record::{Record, Stage};
use crate::model::{Plan, Simulator};
use crate::scenario::Measure;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

/// Threads that simulate replications.
#[derive(Debug)]
pub struct WorkerPool {
    /// `None` where there are no threads, as in a browser: the caller's own does all.
    pool: Option<Arc<rayon::ThreadPool>>,
    seed: u64,
    /// Simulators with memory that the next replication needs again.
    idle: Arc<Mutex<Vec<Simulator>>>,
}

/// What is told while the replications run, and asked; both from any thread.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    /// A replication is done.
    pub done: &'a (dyn Fn() + Sync),
    /// Whether to stop as soon as the replications in flight are done.
    pub stopped: &'a (dyn Fn() -> bool + Sync),
}

/// The replications of one case so far, in the order of their numbers.
#[derive(Debug)]
pub struct Series<'a> {
    case: &'a Case,
    plan: Plan,
    replications: Vec<Replication>,
    /// Replication 0.
    first: Option<Observed>,
}

impl WorkerPool {
    /// So many threads (`None`: one per core), for replications of the study with this seed.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn new(threads: Option<usize>, seed: u64) -> Result<Self, ThreadsError> {
        let pool = if_supported(thread_pool(threads))?.map(Arc::new);
        Ok(Self { pool, seed, idle: Arc::default() })
    }

    /// The same threads, for replications of the study with another seed.
    #[must_use]
    pub(super) fn with_seed(&self, seed: u64) -> Self {
        Self { pool: self.pool.clone(), seed, idle: Arc::clone(&self.idle) }
    }

    /// Simulates until each of `series` has the replications 0 to `count` - 1; whether it did.
    ///
    /// Stopped in between, they have those that were done. What is added does not depend on the number of threads.
    pub fn extend(&self, series: &mut [&mut Series<'_>], count: u32, progress: Progress<'_>) -> bool {
        let mut wanted: Vec<_> = series.iter_mut().map(|series| (&mut **series, 0..count)).collect();
        self.complete(&mut wanted, progress)
    }

    /// Simulates until each of the series has all replications of its range; whether it did, as
    /// [`extend`](Self::extend).
    pub fn complete(&self, wanted: &mut [(&mut Series<'_>, Range<u32>)], progress: Progress<'_>) -> bool {
        let jobs: Vec<(usize, u32)> = wanted
            .iter()
            .enumerate()
            .flat_map(|(place, (series, range))| series.missing(range.clone()).map(move |number| (place, number)))
            .collect();
        let shared: Vec<&Series<'_>> = wanted.iter().map(|(series, _)| &**series).collect();
        let done = self.by_size(
            &jobs,
            |&(place, _)| shared[place].case.weight(),
            |simulator, &(place, number)| {
                let answer = if (progress.stopped)() {
                    None
                } else {
                    shared[place].replicate(simulator, self.seed, number, progress.stopped)
                };
                answer.inspect(|_| (progress.done)())
            },
        );
        let whole = done.iter().all(Option::is_some);
        for ((place, _), (numbers, first)) in jobs.into_iter().zip(done).filter_map(|(job, done)| Some((job, done?))) {
            let series = &mut *wanted[place].0;
            series.replications.push(numbers);
            series.first = series.first.take().or(first);
        }
        for (series, _) in wanted.iter_mut() {
            series.replications.sort_by_key(|replication| replication.number);
        }
        whole
    }

    /// What `of` makes of each of the jobs, in their order. Each thread takes the largest that is left: so that none
    /// simulates a large one in the end, while the others wait.
    fn by_size<J: Sync, R: Send>(
        &self,
        jobs: &[J],
        size: impl Fn(&J) -> u32,
        of: impl Fn(&mut Simulator, &J) -> R + Sync,
    ) -> Vec<R> {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_by_key(|&job| Reverse(size(&jobs[job])));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut simulator = self.idle().pop().unwrap_or_default();
            let mine = std::iter::from_fn(|| order.get(next.fetch_add(1, Ordering::Relaxed)));
            let done: Vec<(usize, R)> = mine.map(|&job| (job, of(&mut simulator, &jobs[job]))).collect();
            self.idle().push(simulator);
            done
        };
        let mut done = match &self.pool {
            Some(pool) => pool.broadcast(|_| work()).into_iter().flatten().collect(),
            None => work(),
        };
        done.sort_unstable_by_key(|(job, _)| *job);
        done.into_iter().map(|(_, done)| done).collect()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Simulator>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `of` makes of each of `items`, in their order, on all threads.
    pub fn each<T: Send, R: Send>(&self, items: Vec<T>, of: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
        self.run(|| items.into_par_iter().map(of).collect())
    }

    /// Hands what `of` makes of each of `items`, on all threads, to `take` in their order, until that refuses one. At
    /// most one for each thread and one more are begun and not taken yet, however many items there are.
    ///
    /// # Errors
    /// That of `take`.
    ///
    /// # Panics
    /// Where `of` does.
    pub fn in_order<T: Send, R: Send, E>(
        &self,
        mut items: impl Iterator<Item = T>,
        of: impl Fn(T) -> R + Sync,
        mut take: impl FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(pool) = &self.pool else { return items.map(of).try_for_each(take) };
        let (of, (sender, receiver)) = (&of, mpsc::channel());
        pool.in_place_scope(|scope| {
            let (mut begun, mut taken) = (VecDeque::new(), 0);
            loop {
                for item in items.by_ref().take(pool.current_num_threads() + 1 - begun.len()) {
                    let (number, sender) = (taken + begun.len(), sender.clone());
                    begun.push_back(None);
                    scope.spawn(move |_| {
                        let made = catch_unwind(AssertUnwindSafe(|| of(item)));
                        // Nobody asks for more once one was refused.
                        let _ = sender.send((number, made));
                    });
                }
                if begun.is_empty() {
                    return Ok(());
                }
                let (number, made) = receiver.recv().expect("a sender is kept");
                begun[number - taken] = Some(made.unwrap_or_else(|panic| resume_unwind(panic)));
                while let Some(made) = begun.front_mut().and_then(Option::take) {
                    (taken, _) = (taken + 1, begun.pop_front());
                    take(made)?;
                }
            }
        })
    }

    fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Simulates each of `series` until it is as precise as `rule` asks, or has as many replications as it allows;
    /// whether it was not stopped before that.
    pub fn until_precise(&self, series: &mut [Series<'_>], rule: Precision, progress: Progress<'_>) -> bool {
        let mut open: Vec<&mut Series<'_>> = series.iter_mut().collect();
        for count in rule.looks() {
            if !self.extend(&mut open, count, progress) {
                return false;
            }
            open.retain_mut(|series| {
                let seen = &series.replications[..count as usize];
                let goes_on = count < rule.maximum && rule.shortfall(&series.stages(), seen).is_some();
                if !goes_on {
                    // An earlier run may have kept more.
                    series.replications.truncate(count as usize);
                }
                goes_on
            });
        }
        true
    }

    /// What `of` makes of each of the replications 0 to `count` - 1 of a plan, `with_waits` or without, in order;
    /// `None` when stopped.
    pub(super) fn records<T: Send>(
        &self,
        plan: &Plan,
        count: u32,
        with_waits: bool,
        stopped: &(dyn Fn() -> bool + Sync),
        of: &(dyn Fn(Record) -> T + Sync),
    ) -> Option<Vec<T>> {
        let numbers: Vec<u32> = (0..count).collect();
        let one = |simulator: &mut Simulator, number: &u32| {
            simulator.run_unless(plan, self.seed, u64::from(*number), with_waits, stopped).map(of)
        };
        self.by_size(&numbers, |_| 1, one).into_iter().collect()
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }

    /// Takes over replications of this series that an earlier run kept; whether they are what this program simulates,
    /// which one of them is simulated again to tell.
    pub fn resume(&self, series: &mut Series<'_>, kept: Vec<Replication>) -> bool {
        let Some(first) = kept.first() else { return false };
        let again = series.replicate(&mut Simulator::new(), self.seed, first.number, &|| false);
        let Some((again, whole)) = again else { return false };
        let same = again == *first;
        if same {
            (series.replications, series.first) = (kept, whole);
        }
        same
    }
}

/// The threads that were started; `None` where the platform has no threads.
fn if_supported(started: Result<rayon::ThreadPool, ThreadsError>) -> Result<Option<rayon::ThreadPool>, ThreadsError> {
    match started {
        Err(error) if error.is_unsupported() => Ok(None),
        started => started.map(Some),
    }
}

impl<'a> Series<'a> {
    /// Of `case`, without any replication yet.
    pub fn new(case: &'a Case) -> Self {
        let plan = Plan::new(&case.scenario);
        let of_replicas = case.measures.iter().any(Measure::needs_replicas);
        let plan = if of_replicas { plan.recording_replicas() } else { plan };
        Self { case, plan, replications: Vec::new(), first: None }
    }

    /// The case.
    pub const fn case(&self) -> &'a Case {
        self.case
    }

    /// The numbers of the replications so far.
    pub fn replications(&self) -> &[Replication] {
        &self.replications
    }

    /// The stages.
    pub fn stages(&self) -> Vec<Stage> {
        self.plan.stages()
    }

    /// The numbers of the replications that are not there.
    fn missing(&self, wanted: Range<u32>) -> impl Iterator<Item = u32> + '_ {
        let there = |number: &u32| self.replications.binary_search_by_key(number, |one| one.number).is_ok();
        wanted.filter(move |number| !there(number))
    }

    /// One replication; `None` where it was stopped.
    fn replicate(
        &self,
        simulator: &mut Simulator,
        seed: u64,
        number: u32,
        stopped: &dyn Fn() -> bool,
    ) -> Option<(Replication, Option<Observed>)> {
        let is_detailed = self.case.detailed && number == 0;
        let is_followed = number < self.case.followed;
        let record = simulator.run_unless(&self.plan, seed, number.into(), is_detailed || is_followed, stopped)?;
        let mut numbers = observe(&record, self.case.scenario.run.curve_step, number);
        let value = |measure: &Measure| measured(measure, &record, &numbers.stages);
        let measured = self.case.measures.iter().map(value).collect();
        numbers.measured = measured;
        if is_followed {
            numbers.paths = parts_of_stages(&record, &self.case.scenario);
        }
        Some((numbers, is_detailed.then(|| whole(record, &self.case.scenario))))
    }

    /// What the replications add up to.
    pub fn finish(self) -> CaseResult {
        let (case, scenario) = (self.case, &self.case.scenario);
        let (stages, detail, waits) = match self.first {
            Some(Observed { stages, detail, waits }) => (stages, Some(detail), waits),
            None => (self.plan.stages(), None, Waits::default()),
        };
        // Replicas may need fewer nodes than there may be.
        let nodes = self.plan.nodes().min(scenario.cluster.target_nodes);
        let tiers = scenario.support.as_ref().map(|support| (Tier::of(support, nodes), support));
        CaseResult {
            name: case.name.clone(),
            scenario: scenario.name.clone(),
            description: String::new(),
            scenario_hash: format!("{:016x}", case.hash),
            scenario_toml: None,
            set: case.set.clone(),
            target_nodes: scenario.cluster.target_nodes,
            initial_nodes: scenario.cluster.initial_nodes,
            price_per_hour_usd: scenario.node.price_per_hour,
            tier: tiers.map(|(tier, _)| tier),
            support: tiers.map(|(tier, support)| tier.message(support, nodes)).unwrap_or_default(),
            stages,
            curve_step: scenario.run.curve_step,
            measures: case.measures.clone(),
            replications: self.replications,
            reliefs: Vec::new(),
            why: None,
            detail,
            waits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;

    /// What comes of threads that the platform refuses for this reason.
    fn refused(reason: ErrorKind) -> Result<Option<rayon::ThreadPool>, ThreadsError> {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(1).spawn_handler(|_| Err(reason.into()));
        if_supported(builder.build().map_err(|source| ThreadsError { threads: 1, source }))
    }

    #[test]
    fn without_threads_the_callers_own_does_all_but_too_many_threads_are_an_error() {
        assert!(matches!(refused(ErrorKind::Unsupported), Ok(None)));
        assert!(refused(ErrorKind::WouldBlock).is_err());
    }

    #[test]
    fn what_is_made_on_all_threads_is_taken_in_order_and_never_far_ahead() {
        for threads in [1, 3] {
            let workers = WorkerPool::new(Some(threads), 1).expect("threads");
            let (made, mut taken) = (AtomicUsize::new(0), Vec::new());
            let of = |number: usize| {
                // The first of each ten take longest.
                let sum = (0..(10 - number % 10) * 1_000).map(std::hint::black_box).sum::<usize>();
                made.fetch_add(1, Relaxed);
                (number, sum)
            };
            let take = |(number, _)| {
                taken.push(number);
                let ahead = made.load(Relaxed) - taken.len();
                if ahead > threads { Err(ahead) } else { Ok(()) }
            };
            assert_eq!(workers.in_order(0..100, of, take), Ok(()));
            assert_eq!(taken, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nothing_is_taken_after_one_that_is_refused_and_a_panic_is_not_waited_for() {
        let workers = WorkerPool::new(Some(2), 1).expect("threads");
        let mut taken = 0;
        let refused = workers.in_order(
            0..100,
            |number| number,
            |number| {
                taken += 1;
                if number == 7 { Err("seven") } else { Ok(()) }
            },
        );
        assert_eq!((refused, taken), (Err("seven"), 8));
        let panics = |number: u32| assert_ne!(number, 7, "seven");
        let run = || workers.in_order(0..100, panics, |()| Ok::<_, ()>(()));
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}
