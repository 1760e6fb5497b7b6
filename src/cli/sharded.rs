//! A study that is simulated in shards: what each has to do, and what of it is kept.

use crate::cli::failure::Failure;
use crate::cli::output::{document, note, print};
use crate::cli::shard::Shard;
use crate::cli::study::{IN_HAND, difference};
use crate::cli::{interrupt, progress};
use crate::experiment::results::{Replication, Results};
use crate::experiment::{
    Case, Comparison, Piece, Precision, Progress, Rounds, Series, Settings, Shortfall, Wanted, WorkerPool, plan,
};
use crate::report::checkpoints::{Broken, Checkpoints, Finished, KeptReplications};
use crate::report::folder::{FolderError, Owner};
use crate::report::tables;
use crate::report::words::{count, percent, plural};
use crate::scenario::Loaded;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// A study, and how it is divided.
pub(crate) struct Sharded<'a> {
    pub(crate) cases: &'a [Case],
    pub(crate) settings: Settings,
    /// The study, without its cases.
    pub(crate) study: &'a Results,
}

/// How far a case is.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    pub(crate) rounds: Rounds,
    /// The numbers of the replications that are kept, as ranges in order: few, however many they are.
    pub(crate) there: Vec<Range<u32>>,
}

/// How far the cases of a group are, and what is kept of them.
pub(crate) struct Surveyed {
    pub(crate) surveys: Vec<Survey>,
    pub(crate) broken: Vec<Broken>,
    /// Of each case.
    pub(crate) replications: Vec<Vec<Replication>>,
}

/// Tells checkpoints that do not count.
pub(crate) fn say_broken(broken: &[Broken]) {
    for Broken { path, what } in broken {
        note(&format!("note: {}: {what}; it does not count", path.display()));
    }
}

impl Sharded<'_> {
    /// The hash of a case's scenario, as checkpoints have it.
    pub(crate) fn hash(case: &Case) -> String {
        format!("{:016x}", case.hash)
    }

    /// Refuses checkpoints of another study; `verb` is what cannot be done.
    pub(crate) fn refuse_others(&self, kept: &Checkpoints, verb: &str, workers: &WorkerPool) -> Result<(), Failure> {
        kept.check(workers, |path, head| match difference(head, self.study, true) {
            Some(what) => Err(Failure::Usage(format!(
                "cannot {verb}: {} is of another study, {what}; give the same command to all shards, or another --out",
                path.display()
            ))),
            None => Ok(()),
        })
    }

    /// How far each case is, by what is kept; broken checkpoints are told.
    pub(crate) fn survey(&self, kept: &Checkpoints, workers: &WorkerPool) -> Result<Vec<Survey>, Failure> {
        let mut surveys = Vec::new();
        let survey = |group| self.survey_of(group, kept).map(|Surveyed { surveys, broken, .. }| (surveys, broken));
        workers.in_order(self.groups(), survey, |group| {
            let (group, broken) = group?;
            say_broken(&broken);
            surveys.extend(group);
            Ok::<_, FolderError>(())
        })?;
        Ok(surveys)
    }

    /// The cases whose rounds depend on each other: all sides of a comparison, or each case alone.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[Case]> {
        self.cases.chunks(if self.is_joint() { self.cases.len() } else { 1 })
    }

    fn is_joint(&self) -> bool {
        self.study.command == "compare"
    }

    pub(crate) fn survey_of(&self, group: &[Case], kept: &Checkpoints) -> Result<Surveyed, FolderError> {
        let (mut all, mut broken) = (Vec::new(), Vec::new());
        for case in group {
            let KeptReplications { replications, broken: wrong } = kept.of(&Self::hash(case), &(0..self.most()))?;
            all.push(replications);
            broken.extend(wrong);
        }
        let there = all.iter().map(|replications| whole(replications)).min().unwrap_or(0);
        let rounds = self.study.precision.map_or_else(
            || Rounds::of_one(self.settings.replications, there),
            |rule| rule.rounds(there, |look| self.missing(group, &all, look, rule)),
        );
        let numbers = |all: &[Replication]| all.iter().map(|one| one.number).collect::<Vec<_>>();
        let surveys = all.iter().map(|all| Survey { rounds: rounds.clone(), there: ranges(&numbers(all)) }).collect();
        Ok(Surveyed { surveys, broken, replications: all })
    }

    /// The replications of each case in the first round.
    fn first_round(&self) -> u32 {
        self.study.precision.and_then(|rule| rule.looks().next()).unwrap_or(self.settings.replications)
    }

    /// The most replications of each case.
    fn most(&self) -> u32 {
        self.study.precision.map_or(self.settings.replications, |rule| rule.maximum)
    }

    /// What a case, or a comparison, lacks to its precision after `look` replications.
    fn missing(&self, group: &[Case], all: &[Vec<Replication>], look: u32, rule: Precision) -> Option<Shortfall> {
        let sides: Vec<_> =
            group.iter().zip(all).map(|(case, all)| (Series::new(case).stages(), &all[..look as usize])).collect();
        if self.is_joint() {
            let names: Vec<String> = group.iter().map(|case| case.name.clone()).collect();
            return Comparison::shortfall_of(&names, &sides, rule);
        }
        sides.iter().find_map(|(stages, seen)| rule.shortfall(stages, seen))
    }

    /// The pieces of each of so many shards in the round with this number; without surveys, in the first.
    pub(crate) fn plan(&self, surveys: &[Survey], round: u32, shards: u32) -> Vec<Vec<Piece>> {
        let first = 0..self.first_round();
        let replications = |place: usize| match surveys.get(place) {
            Some(survey) => survey.rounds.begun.get(round as usize - 1).cloned().unwrap_or(0..0),
            None => first.clone(),
        };
        let wanted =
            |(place, case): (usize, &Case)| Wanted { weight: case.weight(), replications: replications(place) };
        plan(&self.cases.iter().enumerate().map(wanted).collect::<Vec<_>>(), shards)
    }

    /// Prints how the work is divided: a line for each shard.
    pub(crate) fn list(&self, shards: u32, base: &Loaded, as_json: bool) -> Result<(), Failure> {
        let plan = self.plan(&[], 1, shards);
        if as_json {
            return print(&document("sweep", base, None, &tables::shards(self.cases, &plan)));
        }
        let work = |pieces: &[Piece]| -> u64 {
            let of = |piece: &Piece| u64::from(self.cases[piece.case].weight()) * piece.replications.len() as u64;
            pieces.iter().map(of).sum()
        };
        let all = plan.iter().map(|pieces| work(pieces)).sum::<u64>().max(1);
        let mut text = String::new();
        for (number, pieces) in plan.iter().enumerate() {
            let shard = Shard { number: number as u32, of: shards };
            let scale_ups: u64 = pieces.iter().map(|piece| piece.replications.len() as u64).sum();
            let part = percent(work(pieces) as f64 / all as f64);
            let names: Vec<String> = pieces.iter().map(|piece| self.stretch(piece)).collect();
            let between = if names.len() > 2 { " to " } else { ", " };
            let ends: Vec<&str> =
                names.iter().take(1).chain(names.iter().skip(1).next_back()).map(String::as_str).collect();
            let of = if ends.is_empty() { String::new() } else { format!(" of {}", ends.join(between)) };
            text.extend([&format!("{shard}: {part} of the work, "), plural(scale_ups, "scale-up").as_str(), &of, "\n"]);
        }
        print(&text)
    }

    /// `0-100-nodes`, or a part of it: `0-100-nodes (50 to 99)`.
    fn stretch(&self, piece: &Piece) -> String {
        let (name, Range { start, end }) = (&self.cases[piece.case].name, &piece.replications);
        let is_whole = *start == 0 && *end >= self.first_round();
        if is_whole { name.clone() } else { format!("{name} ({start} to {})", end - 1) }
    }

    /// Simulates what is not kept yet of a shard, and keeps it.
    pub(crate) fn simulate(&self, shard: Shard, round: u32, folder: &Path) -> Result<(), Failure> {
        let workers = WorkerPool::new(self.settings.threads, self.settings.seed)?;
        let owner = Owner::share(folder)?;
        if self.is_merged(&owner)? {
            return print(&format!("{shard} is done: {} holds the study already\n", folder.display()));
        }
        let mut kept = owner.checkpoints();
        let surveys = if round == 1 { Vec::new() } else { self.survey(&kept, &workers)? };
        if round > 1
            && surveys.iter().any(|survey| survey.rounds.enough.is_none() && survey.rounds.begun.len() < round as usize)
        {
            return Err(Failure::Incomplete(format!(
                "round {round} needs all of round {}: --merge says what of it is missing",
                round - 1
            )));
        }
        let pieces = self.plan(&surveys, round, shard.of).swap_remove(shard.number as usize);
        let own: BTreeSet<String> = pieces.iter().map(|piece| Self::hash(&self.cases[piece.case])).collect();
        kept.retain(|hash| own.contains(hash));
        self.refuse_others(&kept, "simulate here", &workers)?;
        let done = self.pieces(&pieces, &kept, &owner, &workers)?;
        let all: u64 = pieces.iter().map(|piece| piece.replications.len() as u64).sum();
        let place = folder.display();
        if done.whole < all {
            return Err(Failure::Interrupted(format!(
                "{shard}: {} of {} are done and kept in {place}; the same command goes on",
                count(done.whole),
                plural(all, "scale-up")
            )));
        }
        let before = if done.before == 0 { String::new() } else { format!(", {} of them before", count(done.before)) };
        let scale_ups = plural(all, "scale-up");
        print(&format!("{shard} is done: {scale_ups} of {}{before}, in {place}\n", plural(own.len() as u64, "case")))
    }

    /// Whether the folder holds the study already; refuses one that holds another study, or a part of this one.
    fn is_merged(&self, owner: &Owner) -> Result<bool, Failure> {
        let Some(Finished { head, cases: there, wrong }) = owner.study()? else { return Ok(false) };
        let what = match difference(&head, self.study, true) {
            None if wrong.is_none() && self.cases.iter().all(|case| there.contains(&Self::hash(case))) => {
                return Ok(true);
            }
            None => "other cases, or only some of these".to_owned(),
            Some(what) => what,
        };
        Err(Failure::Usage(format!(
            "{} holds another study: {what}; give another --out, or remove its results.json",
            owner.folder().display()
        )))
    }

    fn pieces(
        &self,
        pieces: &[Piece],
        kept: &Checkpoints,
        owner: &Owner,
        workers: &WorkerPool,
    ) -> Result<Done, Failure> {
        let bar = progress::bar(1, pieces.iter().map(|piece| piece.replications.len() as u32).sum());
        let mut done = Done { whole: 0, before: 0 };
        for together in in_hand(pieces) {
            let begun = workers.each(together.iter().collect(), |piece: &Piece| {
                let case = &self.cases[piece.case];
                let mut series = Series::new(case);
                let kept = kept.of(&Self::hash(case), &piece.replications)?;
                // What another program simulated is simulated again.
                workers.resume(&mut series, kept.replications);
                Ok::<_, FolderError>(series)
            });
            let mut begun = begun.into_iter().collect::<Result<Vec<_>, _>>()?;
            let before: Vec<usize> = begun.iter().map(|series| series.replications().len()).collect();
            let mut wanted: Vec<_> =
                begun.iter_mut().zip(together).map(|(series, piece)| (series, piece.replications.clone())).collect();
            let progress = Progress { done: &|| bar.inc(1), stopped: &interrupt::stopped };
            let whole = workers.complete(&mut wanted, progress);
            for ((series, piece), before) in begun.into_iter().zip(together).zip(before) {
                let after = series.replications().len();
                (done.before, done.whole) = (done.before + before as u64, done.whole + after as u64);
                if after > before {
                    owner.keep(self.study, &series.finish(), piece.replications.clone())?;
                }
            }
            if !whole {
                break;
            }
        }
        bar.finish_and_clear();
        Ok(done)
    }
}

/// Scale-ups of a shard.
struct Done {
    /// That are kept now.
    whole: u64,
    /// That were kept before.
    before: u64,
}

/// So many replications are there from the first on, without a gap.
fn whole(replications: &[Replication]) -> u32 {
    let in_place = replications.iter().zip(0..).take_while(|(one, number)| one.number == *number);
    in_place.count() as u32
}

/// Pieces that are simulated together: enough scale-ups for many threads.
fn in_hand(pieces: &[Piece]) -> impl Iterator<Item = &[Piece]> {
    let mut rest = pieces;
    std::iter::from_fn(move || {
        let mut scale_ups = 0;
        let enough = rest.iter().position(|piece| {
            scale_ups += piece.replications.len();
            scale_ups >= IN_HAND
        });
        let (together, others) = rest.split_at(enough.map_or(rest.len(), |last| last + 1));
        rest = others;
        (!together.is_empty()).then_some(together)
    })
}

/// Sorted numbers as ranges.
pub(crate) fn ranges(numbers: &[u32]) -> Vec<Range<u32>> {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    runs.map(|run| run[0]..run[run.len() - 1] + 1).collect()
}

/// How many numbers of `range` are not among `there`.
pub(crate) fn absent(there: &[Range<u32>], range: &Range<u32>) -> u32 {
    let within = |known: &Range<u32>| known.end.min(range.end).saturating_sub(known.start.max(range.start));
    range.len() as u32 - there.iter().map(within).sum::<u32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_numbers_are_counted_within_a_range() {
        let there = ranges(&[0, 1, 4, 9]);
        assert_eq!(there, [0..2, 4..5, 9..10]);
        assert_eq!(absent(&there, &(0..10)), 6);
        assert_eq!(absent(&there, &(1..5)), 2);
        assert_eq!(absent(&there, &(5..9)), 4);
        assert_eq!(absent(&[], &(3..3)), 0);
    }

    #[test]
    fn pieces_are_taken_until_enough_are_in_hand() {
        let piece = |count| Piece { case: 0, replications: 0..count };
        let taken = |counts: &[u32]| {
            let pieces: Vec<Piece> = counts.iter().copied().map(piece).collect();
            in_hand(&pieces).map(<[Piece]>::len).collect::<Vec<_>>()
        };
        assert_eq!(taken(&[20, 20, 24, 100, 1]), [3, 1, 1]);
        assert_eq!(taken(&[]), [0; 0]);
    }
}
