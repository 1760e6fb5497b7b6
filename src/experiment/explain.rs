//! What holds the critical path of each stage over all replications, what the end gains if a resource is relieved, and
//! what binds then.
//!
//! Seconds on the path are no savings: another path may be right behind. So every resource that holds enough of the
//! path of the goal is relieved by the step that its key allows, and the same scale-ups are simulated again under the
//! same random numbers, as Coz does for code (Curtsinger and Berger, SOSP 2015).

mod bottleneck;
mod never;
mod relieved;
mod resources;

pub use bottleneck::Bottleneck;
pub use never::Never;
pub use relieved::{LESS, Pair, Relief, ReliefPoint};
pub use resources::{ResourceUse, UsePoint};

use crate::experiment::holders::{Part, StagePath, drags_of_stages, named, parts, parts_of_stages, whose};
use crate::experiment::path::{PathPiece, critical_path, last_ready};
use crate::experiment::rounds::WorkerPool;
use crate::experiment::usage::usages;
use crate::model::params::Scenario;
use crate::model::record::{Cause, Record, Subject, goal};
use crate::model::{Plan, Simulator};
use crate::scenario::Loaded;
use crate::time::{Span, Time};
use bottleneck::bottlenecks;
use relieved::Again;
use resources::Seen as Used;
use serde::{Deserialize, Serialize};

/// So many replications are looked at closely, for drags and resources: each takes longer than a simulation.
const CLOSELY_MAX: u32 = 10;

/// Why a scale-up takes as long as it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The stages up to the goal, in causal order.
    pub stages: Vec<StagePath>,
    /// What relief of each resource brings to the goal, the largest gain first.
    pub reliefs: Vec<Relief>,
    /// What relief of two of the first resources brings, the largest gain first.
    pub pairs: Vec<Pair>,
    /// What the shared resources had to do, over the first replications.
    pub resources: Vec<ResourceUse>,
    /// Of the replication with the lower median of the goal: its number, and the goal's path. `None` if the goal was
    /// never ready.
    pub told: Option<(u32, Vec<Step>)>,
    /// The shifting bottleneck of that replication; empty if there is none.
    pub bottlenecks: Vec<Bottleneck>,
    /// How many replications.
    pub replications: u32,
    /// The first replication whose goal was never ready; `None` if all were.
    pub never: Option<Never>,
}

/// A piece of the path that is told, in words of the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Who waited.
    pub subject: Subject,
    /// Its kind: `node`, a `DaemonSet`'s name, or `replica`.
    pub whose: String,
    /// Why.
    pub cause: Cause,
    /// What for.
    pub resource: String,
    /// Beginning.
    pub from: Time,
    /// End.
    pub to: Time,
}

/// It was stopped.
#[derive(Debug)]
pub struct Unexplained;

/// By stage up to the goal, what holds its path.
type Paths = Vec<Vec<Part>>;

/// By stage up to the goal, what each part of its path adds to its end.
type Drags = Vec<Vec<Span>>;

/// Replications with their waits.
struct See<'a> {
    workers: &'a WorkerPool,
    replications: u32,
    stopped: &'a (dyn Fn() -> bool + Sync),
}

/// Explains the first `replications` scale-ups of a scenario; `stopped` is asked now and then.
///
/// # Errors
/// When stopped.
pub fn explain(
    loaded: &Loaded,
    workers: &WorkerPool,
    replications: u32,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Explanation, Unexplained> {
    let plan = Plan::new(&loaded.scenario);
    let see = See { workers, replications, stopped };
    let seen = see.paths(&plan)?;
    let (stages, scenario) = (plan.stages(), plan.scenario());
    let goal = goal(&stages).unwrap_or_default();
    let (drags, used) = see.closely(&plan, goal)?;
    let paths = with_drags(StagePath::all(&stages, &seen), &seen, &drags);
    let (reliefs, pairs) = Again { see: &see, loaded, stages: &stages, goal, paths: &paths }.all()?;
    let again = |number: u32| Simulator::new().run(&plan, workers.seed(), number.into(), true);
    let told = lower_median(&paths[goal]).map(|number| (number, again(number)));
    let (told, bottlenecks) = told.map_or((None, Vec::new()), |(number, record)| {
        let steps = tell(&record, goal, scenario);
        let end = steps.last().map_or(record.end.at, |last| last.to);
        (Some((number, steps)), bottlenecks(&record, scenario, end))
    });
    let open = paths[goal].ready_s.iter().enumerate().filter(|(_, ready)| ready.is_none());
    let open: Vec<u32> = open.map(|(number, _)| number as u32).collect();
    let never = open.first().map(|&first| Never::of(&again(first), first, open.len() as u32, scenario));
    let resources = resources::resources(&used, scenario);
    Ok(Explanation { stages: paths, reliefs, pairs, resources, told, bottlenecks, replications, never })
}

impl See<'_> {
    /// By replication, what holds the paths of the stages.
    fn paths(&self, plan: &Plan) -> Result<Vec<Paths>, Unexplained> {
        let of = |record: Record| parts_of_stages(&record, plan.scenario());
        self.workers.records(plan, self.replications, true, self.stopped, &of).ok_or(Unexplained)
    }

    /// By replication, what holds the path of the stage at `place`.
    fn path(&self, plan: &Plan, place: usize) -> Result<Vec<Vec<Part>>, Unexplained> {
        let scenario = plan.scenario();
        let of = |record: Record| {
            let pieces = critical_path(&record, place).unwrap_or_default();
            parts(&pieces, &record, scenario)
        };
        self.workers.records(plan, self.replications, true, self.stopped, &of).ok_or(Unexplained)
    }

    /// By replication, the seconds until the stage at `place` was ready.
    fn ready_s(&self, plan: &Plan, place: usize) -> Result<Vec<Option<f64>>, Unexplained> {
        let of =
            |record: Record| last_ready(&record, place, &record.stages[place]).map(|(_, ready)| ready.as_secs_f64());
        self.workers.records(plan, self.replications, false, self.stopped, &of).ok_or(Unexplained)
    }

    /// Of the first replications, by stage what each part of its path adds to its end, and what resources had to do.
    fn closely(&self, plan: &Plan, goal: usize) -> Result<(Vec<Drags>, Vec<Used>), Unexplained> {
        let scenario = plan.scenario();
        let of = |record: Record| {
            let path = critical_path(&record, goal).unwrap_or_default();
            let path: Vec<_> = path.into_iter().map(|piece| (named(&piece, &record, scenario), piece)).collect();
            let end = path.last().map_or(record.end.at, |(_, piece)| piece.to);
            (drags_of_stages(&record, scenario), Used { usages: usages(&record), path, end })
        };
        let few = self.replications.min(CLOSELY_MAX);
        let both = self.workers.records(plan, few, true, self.stopped, &of).ok_or(Unexplained)?;
        Ok(both.into_iter().unzip())
    }
}

fn with_drags(paths: Vec<StagePath>, seen: &[Paths], drags: &[Drags]) -> Vec<StagePath> {
    let with = |(place, path): (usize, StagePath)| {
        let both = seen.iter().zip(drags);
        let both: Vec<_> = both.map(|(parts, drags)| (&*parts[place], &*drags[place])).collect();
        path.with_drags(&both)
    };
    paths.into_iter().enumerate().map(with).collect()
}

/// The replication in which the stage takes the lower median.
fn lower_median(path: &StagePath) -> Option<u32> {
    let ready = path.ready_s.iter().enumerate().filter_map(|(number, ready)| Some(((*ready)?, number as u32)));
    let mut ready: Vec<(f64, u32)> = ready.collect();
    ready.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let middle = ready.len().checked_sub(1)? / 2;
    Some(ready[middle].1)
}

/// The goal's path in one replication.
fn tell(record: &Record, goal: usize, scenario: &Scenario) -> Vec<Step> {
    let pieces = critical_path(record, goal).unwrap_or_default();
    steps(&pieces, record, scenario)
}

/// Pieces in words of the record.
fn steps(pieces: &[PathPiece], record: &Record, scenario: &Scenario) -> Vec<Step> {
    let step = |piece: &PathPiece| Step {
        subject: piece.subject,
        whose: whose(piece.subject, scenario),
        cause: piece.cause,
        resource: record.resources[piece.resource].clone(),
        from: piece.from,
        to: piece.to,
    };
    pieces.iter().map(step).collect()
}
