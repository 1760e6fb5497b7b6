//! Making a study of what its shards have kept, or saying what is missing.

use crate::cli::failure::Failure;
use crate::cli::sharded::{Sharded, Survey, Surveyed, absent, ranges, say_broken};
use crate::cli::study::difference;
use crate::experiment::results::{CaseResult, Replication};
use crate::experiment::{Case, Piece, Series, WorkerPool};
use crate::report::checkpoints::{Checkpoints, Finished};
use crate::report::draft::{Draft, Prepared};
use crate::report::folder::Owner;
use crate::report::words::{count, plural};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Lines of a list, at most.
const LINES_MAX: usize = 40;
/// Names of cases in one line, at most.
const NAMES_MAX: usize = 3;

impl Sharded<'_> {
    /// Makes the study of what is kept; `finish` is what a command makes of the result of a case, by its number.
    pub(crate) fn merge(
        &self,
        owner: &Owner,
        shards: Option<u32>,
        workers: &WorkerPool,
        finish: impl Fn(usize, CaseResult) -> CaseResult + Sync,
    ) -> Result<Draft, Failure> {
        let kept = self.identified(owner, workers)?;
        let mut draft = owner.draft(self.study)?;
        let (mut surveys, mut failed) = (Vec::new(), None);
        // Once something is missing or wrong, all that is left to do is to say so of the others.
        let is_lost = AtomicBool::new(false);
        let numbers = (0..).step_by(self.groups().next().map_or(1, <[_]>::len));
        let of = |(first, group): (usize, &[Case])| {
            let Surveyed { surveys, broken, replications } = self.survey_of(group, &kept)?;
            let enough = surveys.first().and_then(|survey| survey.rounds.enough);
            let Some(enough) = enough.filter(|_| !is_lost.load(Relaxed)) else {
                return Ok((surveys, broken, Ok(Vec::new())));
            };
            let sides = group.iter().zip(replications).enumerate().collect();
            let prepared =
                workers.each(sides, |(place, (case, mut replications)): (usize, (&Case, Vec<Replication>))| {
                    replications.truncate(enough as usize);
                    let result = finish(first + place, whole(case, replications, &kept, workers)?);
                    Ok(Prepared::of(self.study, first + place, result)?)
                });
            Ok((surveys, broken, prepared.into_iter().collect::<Result<Vec<_>, Failure>>()))
        };
        workers.in_order(numbers.zip(self.groups()), of, |made: Result<_, Failure>| {
            let (group, broken, prepared): (Vec<Survey>, _, _) = made?;
            say_broken(&broken);
            is_lost.fetch_or(group.iter().any(|survey| survey.rounds.enough.is_none()), Relaxed);
            surveys.extend(group);
            match prepared {
                Ok(prepared) => prepared.into_iter().try_for_each(|case| draft.add_prepared(case))?,
                Err(failure) => failed = failed.take().or(Some(failure)),
            }
            is_lost.fetch_or(failed.is_some(), Relaxed);
            Ok::<_, Failure>(())
        })?;
        if surveys.iter().any(|survey| survey.rounds.enough.is_none()) {
            return Err(Failure::Incomplete(self.incomplete(&surveys, shards)));
        }
        failed.map_or(Ok(()), Err)?;
        owner.clear_named()?;
        Ok(draft)
    }

    /// What is kept, if all of it is of this study.
    fn identified(&self, owner: &Owner, workers: &WorkerPool) -> Result<Checkpoints, Failure> {
        let folder = owner.folder().display();
        let hashes: BTreeSet<String> = self.cases.iter().map(Self::hash).collect();
        let kept = owner.checkpoints();
        self.refuse_others(&kept, "merge", workers)?;
        if let Some(other) = kept.others(|hash| hashes.contains(hash)) {
            return Err(Failure::Usage(format!(
                "cannot merge: {} is of a case that is not asked for; vary the same keys by the same values as the shards",
                other.display()
            )));
        }
        let Some(Finished { head, cases: there, .. }) = owner.study()? else { return Ok(kept) };
        if let Some(what) = difference(&head, self.study, true) {
            return Err(Failure::Usage(format!(
                "cannot merge: {folder} holds another study, {what}; give another --out"
            )));
        }
        if !there.is_subset(&hashes) {
            return Err(Failure::Usage(format!(
                "cannot merge: {folder} holds another study, what is varied differs; give another --out"
            )));
        }
        // A study that was merged before is what its shards had kept.
        owner.split()?;
        Ok(owner.checkpoints())
    }

    /// What is missing, or which round is wanted next.
    fn incomplete(&self, surveys: &[Survey], shards: Option<u32>) -> String {
        let open = || surveys.iter().filter(|survey| survey.rounds.enough.is_none());
        let round = open().map(|survey| survey.rounds.begun.len() as u32).min().unwrap_or(1);
        let absent_of = |piece: &Piece| absent(&surveys[piece.case].there, &piece.replications);
        let all = &self.plan(surveys, round, 1)[0];
        let wanted: u64 = all.iter().map(|piece| piece.replications.len() as u64).sum();
        let missing: u64 = all.iter().map(|piece| u64::from(absent_of(piece))).sum();
        let of_round = if self.study.precision.is_some() { format!(" of round {round}") } else { String::new() };
        let mut text = if missing == wanted && round > 1 {
            format!(
                "{} of {} {} more replications for the precision that was asked for: {}, round {round}",
                count(open().count() as u64),
                plural(surveys.len() as u64, "case"),
                if open().count() == 1 { "needs" } else { "need" },
                plural(missing, "scale-up"),
            )
        } else {
            let are = if missing == 1 { "is" } else { "are" };
            format!("{} of {}{of_round} {are} missing", count(missing), plural(wanted, "scale-up"))
        };
        let pieces = |pieces: &[Piece]| self.listed(pieces.iter().filter(|piece| absent_of(piece) > 0));
        let Some(shards) = shards else {
            let _ = write!(text, "{}; give --shards N to see which shards they are of", pieces(all));
            return text;
        };
        let plan = self.plan(surveys, round, shards);
        let lacking: Vec<(usize, u32)> = plan
            .iter()
            .enumerate()
            .map(|(number, pieces)| (number, pieces.iter().map(absent_of).sum()))
            .filter(|(_, lacks)| *lacks > 0)
            .collect();
        for (number, lacks) in lacking.iter().take(LINES_MAX) {
            let all: u32 = plan[*number].iter().map(|piece| piece.replications.len() as u32).sum();
            let lacks = if *lacks == all { "all".to_owned() } else { count(u64::from(*lacks)) };
            let scale_ups = plural(all.into(), "scale-up");
            let _ = write!(text, "\n- shard {number} of {shards}: {lacks} of {scale_ups}{}", pieces(&plan[*number]));
        }
        if lacking.len() > LINES_MAX {
            let _ = write!(text, "\n- and {} more shards", lacking.len() - LINES_MAX);
        }
        let numbers: Vec<u32> = lacking.iter().map(|(number, _)| *number as u32).collect();
        let again = if round > 1 { format!(" with --round {round}") } else { String::new() };
        let _ = write!(text, "\nshards to simulate{again}: {}", of_array(&numbers));
        text
    }

    /// `, of 0-100-nodes and 2 more cases`.
    fn listed<'p>(&self, pieces: impl Iterator<Item = &'p Piece>) -> String {
        let mut names: Vec<&str> = pieces.map(|piece| self.cases[piece.case].name.as_str()).collect();
        names.dedup();
        let more = names.len().saturating_sub(NAMES_MAX);
        names.truncate(NAMES_MAX);
        let more = if more == 0 { String::new() } else { format!(" and {}", plural(more as u64, "more case")) };
        format!(", of {}{more}", names.join(", "))
    }
}

/// A case of these replications that are kept; the first of them is simulated again, for what is shown of it in detail.
fn whole(
    case: &Case,
    replications: Vec<Replication>,
    kept: &Checkpoints,
    workers: &WorkerPool,
) -> Result<CaseResult, Failure> {
    let mut series = Series::new(case);
    if !workers.resume(&mut series, replications) {
        return Err(Failure::Usage(format!(
            "cannot merge: {} is not what this program simulates of {}; merge with the program that simulated it",
            kept.place(&Sharded::hash(case)).display(),
            case.name
        )));
    }
    Ok(series.finish())
}

/// Sorted numbers as an array takes them: `0-3,7`.
fn of_array(numbers: &[u32]) -> String {
    let shown = ranges(numbers).into_iter().map(|run| match run.len() {
        1 => run.start.to_string(),
        _ => format!("{}-{}", run.start, run.end - 1),
    });
    shown.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::of_array;

    #[test]
    fn numbers_are_listed_as_an_array_takes_them() {
        assert_eq!(of_array(&[3]), "3");
        assert_eq!(of_array(&[0, 1, 2, 5, 7, 8]), "0-2,5,7-8");
        assert_eq!(of_array(&[]), "");
    }
}
