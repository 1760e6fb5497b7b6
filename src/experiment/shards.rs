//! Shards: a study divided among processes that know nothing of each other.
//!
//! All scale-ups stand in one line, case after case and replication after replication, each as long as the work that is
//! expected of it; a shard is a stretch of that line. So every scale-up belongs to exactly one shard, all shards have
//! the same work but for one scale-up, and a case is divided only where a shard ends within it. Whoever has the same
//! cases and the same number of shards finds the same stretches.

use std::ops::Range;

/// The most shards of a study, as many as an array job of AWS Batch can have.
///
/// Source: AWS Batch User Guide, "Array jobs": the size of an array is between 2 and 10,000.
pub const SHARDS_MAX: u32 = 10_000;

/// The work that one checkpoint holds at most, in nodes times replications: about a minute of one core, which is what
/// a process that is killed loses.
const WORK_MAX: u64 = 2_000_000;

/// The replications of one case that are to be simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The expected work of each: the number of nodes.
    pub weight: u32,
    /// Their numbers.
    pub replications: Range<u32>,
}

/// Replications of one case that one checkpoint will hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The place of the case.
    pub case: usize,
    /// The numbers of the replications.
    pub replications: Range<u32>,
}

/// The pieces of each of so many shards.
///
/// # Panics
/// With no shards: our own mistake.
pub fn plan(wanted: &[Wanted], shards: u32) -> Vec<Vec<Piece>> {
    assert!(shards > 0, "work is divided among at least one shard");
    let work = |case: &Wanted| u128::from(weight(case)) * case.replications.len() as u128;
    let all: u128 = wanted.iter().map(work).sum();
    // In half units of work: the scale-up whose middle is past the end of a shard belongs to the next one.
    let end_of = |shard: u32| (2 * all * u128::from(shard + 1)).div_ceil(u128::from(shards));
    let mut plan = vec![Vec::new(); shards as usize];
    let (mut shard, mut before) = (0, 0_u128);
    for (place, case) in wanted.iter().enumerate() {
        let (mut first, weight) = (case.replications.start, u128::from(weight(case)));
        while first < case.replications.end {
            // The first replication with `2 before + (2 number + 1) weight >= end`.
            let past = end_of(shard).saturating_sub(2 * before);
            let count = past.saturating_sub(weight).div_ceil(2 * weight).min(case.replications.len() as u128) as u32;
            let end = (case.replications.start + count).max(first);
            add(&mut plan[shard as usize], place, case, first..end);
            first = end;
            shard += u32::from(first < case.replications.end);
        }
        before += work(case);
    }
    plan
}

fn weight(case: &Wanted) -> u32 {
    case.weight.max(1)
}

/// Adds a stretch of a case as pieces, none of which has more than [`WORK_MAX`] if it has more than one replication.
fn add(pieces: &mut Vec<Piece>, case: usize, wanted: &Wanted, stretch: Range<u32>) {
    let most = (WORK_MAX / u64::from(weight(wanted))).max(1) as usize;
    for first in stretch.clone().step_by(most) {
        let end = first.saturating_add(most as u32).min(stretch.end);
        pieces.push(Piece { case, replications: first..end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wanted(weight: u32, replications: Range<u32>) -> Wanted {
        Wanted { weight, replications }
    }

    fn shown(plan: &[Vec<Piece>]) -> Vec<String> {
        let piece = |piece: &Piece| format!("{}:{}-{}", piece.case, piece.replications.start, piece.replications.end);
        plan.iter().map(|pieces| pieces.iter().map(piece).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn shards_have_the_same_expected_work() {
        // 100, 200 and 300 nodes with 10 replications each are 6,000: 2,000 for each of three.
        let cases = [100, 200, 300].map(|nodes| wanted(nodes, 0..10));
        assert_eq!(shown(&plan(&cases, 3)), ["0:0-10 1:0-5", "1:5-10 2:0-3", "2:3-10"]);
        assert_eq!(shown(&plan(&cases, 1)), ["0:0-10 1:0-10 2:0-10"]);
    }

    #[test]
    fn one_case_is_divided_by_its_replications_and_shards_can_be_empty() {
        assert_eq!(shown(&plan(&[wanted(300, 0..100)], 4)), ["0:0-25", "0:25-50", "0:50-75", "0:75-100"]);
        assert_eq!(shown(&plan(&[wanted(300, 30..80)], 2)), ["0:30-55", "0:55-80"]);
        assert_eq!(shown(&plan(&[wanted(5, 0..2)], 4)), ["", "0:0-1", "", "0:1-2"]);
        assert_eq!(shown(&plan(&[], 2)), ["", ""]);
        // A cluster of no nodes is some work too.
        assert_eq!(shown(&plan(&[wanted(0, 0..2)], 2)), ["0:0-1", "0:1-2"]);
    }

    #[test]
    fn a_checkpoint_holds_a_bounded_amount_of_work() {
        // 2,000,000 / 50,000 nodes are 40 replications.
        assert_eq!(shown(&plan(&[wanted(50_000, 0..100)], 1)), ["0:0-40 0:40-80 0:80-100"]);
        assert_eq!(shown(&plan(&[wanted(u32::MAX, 0..2)], 1)), ["0:0-1 0:1-2"]);
    }

    proptest! {
        #[test]
        fn every_scale_up_belongs_to_one_shard_and_the_work_is_even(
            cases in prop::collection::vec((0_u32..3_000, 0_u32..50, 0_u32..200), 0..12),
            shards in 1_u32..40,
        ) {
            let cases: Vec<Wanted> =
                cases.into_iter().map(|(nodes, first, count)| wanted(nodes, first..first + count)).collect();
            let plan = plan(&cases, shards);
            prop_assert_eq!(plan.len(), shards as usize);
            let scale_ups = |pieces: &[Piece]| -> Vec<(usize, u32)> {
                pieces.iter().flat_map(|piece| piece.replications.clone().map(|number| (piece.case, number))).collect()
            };
            let all: Vec<Piece> =
                cases.iter().enumerate().map(|(case, of)| Piece { case, replications: of.replications.clone() }).collect();
            prop_assert_eq!(plan.iter().flat_map(|pieces| scale_ups(pieces)).collect::<Vec<_>>(), scale_ups(&all));
            let work = |pieces: &[Piece]| -> f64 {
                scale_ups(pieces).iter().map(|&(case, _)| f64::from(weight(&cases[case]))).sum()
            };
            let (share, largest) = (work(&all) / f64::from(shards), cases.iter().map(weight).max().unwrap_or(0));
            for pieces in &plan {
                prop_assert!(!pieces.iter().any(|piece| piece.replications.is_empty()));
                prop_assert!((work(pieces) - share).abs() <= f64::from(largest) + 1e-6, "{} of {share}", work(pieces));
            }
        }
    }
}
