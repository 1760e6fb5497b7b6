//! How a calibration goes down: roughly first, then in rounds.
//!
//! A round simulates sets around a place, with the same random numbers for all, so that their differences are those
//! of the values. Quadratic surfaces through their means tell the slopes, a second look at the place with more
//! replications and other random numbers tells the level, and the next round's place is where both have their bottom.
//! If a look there is worse, the round goes back. Rounds become narrower, and looks longer: what is left to chance in
//! the end is what the last look leaves.
//!
//! Sources: Box and Wilson, *On the experimental attainment of optimum conditions*, Journal of the Royal Statistical
//! Society B 13, 1951; Schruben and Margolin, *Pseudorandom number assignment in statistically designed simulation and
//! distribution sampling experiments*, Journal of the American Statistical Association 73, 1978.

use crate::experiment::calibrate::CalibrationError;
use crate::experiment::evolution::{Reach, descend, reflect};
use crate::experiment::fitted::{Ended, Start};
use crate::experiment::search::{Search, Tried, objective};
use crate::experiment::surface::{Surfaces, places_for};
use crate::experiment::validate::Judged;
use crate::random::{Purpose, Stream};
use std::convert::Infallible;

/// One part in so many of a search's work is rough, and one is a last look.
const ROUGH_SHARE: usize = 4;
const LOOK_SHARE: usize = 18;
/// The last look has so many times the replications of a set at least: a shorter one would leave as much to chance.
const LOOK_LEAST: usize = 4;
/// Rounds, if there is work for as many.
const ROUNDS: usize = 8;
/// How far the sets of the first round lie from their place along each axis, as a share of the cube; what it is
/// multiplied with after each round; and the least.
const WIDTH: f64 = 0.25;
const SHRINK: f64 = 0.7;
const NARROWEST: f64 = 0.04;
/// An axis along which the bottom is farther from the place than this share of the width stays as wide: it may lie
/// beyond.
const FAR: f64 = 0.9;
/// Surfaces go through the sets of all rounds within so many widths.
const NEARBY: f64 = 1.5;
/// So many evaluations of surfaces for each parameter: they cost next to nothing.
const SURFACE: usize = 300;
const STARTS: [(Start, Purpose, f64); 3] =
    [(Start::Least, Purpose(4), 0.0), (Start::Middle, Purpose(5), 0.5), (Start::Greatest, Purpose(6), 1.0)];

/// How the work of a search is shared out, in sets with all replications.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Portions {
    rough: usize,
    rounds: usize,
    /// Sets of each round.
    sets: usize,
    /// The longest look.
    look: usize,
}

impl Portions {
    /// For the work of so many sets. Where there is none for a round, the strategy goes on instead, and nothing is
    /// looked at.
    fn new(work: usize, axes: usize) -> Self {
        let (rough, look) = (work / ROUGH_SHARE, work / LOOK_SHARE);
        let plan = |rounds: usize| {
            let looks: usize = (0..=rounds).map(|round| Self::look_of(round, rounds, look)).sum();
            Self { rough, rounds, sets: (work - rough).saturating_sub(looks) / rounds, look }
        };
        let enough = |plan: &Self| plan.look >= LOOK_LEAST && plan.sets >= places_for(axes);
        let strategy = Self { rough, rounds: 0, sets: work - rough, look: 0 };
        (1..=ROUNDS).rev().map(plan).find(enough).unwrap_or(strategy)
    }

    /// How long the look at a round's place is: twice as long as that before, the last two, of which one comes after
    /// the rounds, the longest.
    fn look_of(round: usize, rounds: usize, longest: usize) -> usize {
        let before = rounds.saturating_sub(round + 1).min(usize::BITS as usize - 1);
        (longest >> before).max(1)
    }
}

impl Search<'_> {
    /// The best set of values after the work of this many evaluations, shared by the starts, and where each ended, all
    /// by their last looks; the `present` set is looked at as well.
    pub(super) fn best(
        &mut self,
        evaluations: usize,
        present: Option<Vec<f64>>,
    ) -> Result<(Tried, Vec<Ended>), CalibrationError> {
        let plan = Portions::new(evaluations / STARTS.len(), self.free().len());
        let mut best = present.map(|present| self.last_look(&present, plan)).transpose()?;
        let mut ended = Vec::new();
        for (start, purpose, place) in STARTS {
            let (begin, mut draws) = (vec![place; self.free().len()], self.stream(purpose));
            let many = plan.rough * self.effort.settings.replications as usize / self.few() as usize;
            let begin = descend(&begin, Reach::WIDE, many, &mut draws, &mut |place| self.roughly(place))?.0;
            let end = self.refine(begin, plan, &mut draws)?;
            ended.push(Ended { start, objective: end.objective, misfit: end.misfit, values: end.values.clone() });
            if best.as_ref().is_none_or(|best| end.objective < best.objective) {
                best = Some(end);
            }
        }
        Ok((best.expect("three searches ended"), ended))
    }

    /// Where rounds lead from a place.
    fn refine(&mut self, begin: Vec<f64>, plan: Portions, draws: &mut Stream) -> Result<Tried, CalibrationError> {
        if plan.rounds == 0 {
            let mut objective = |place: &[f64]| Ok::<_, CalibrationError>(self.evaluate(place)?.objective);
            let (bottom, _) = descend(&begin, Reach::MIDDLE, plan.sets, draws, &mut objective)?;
            return self.last_look(&bottom, plan);
        }
        let before = self.tried.len();
        let mut around = Around { width: vec![WIDTH; begin.len()], middle: begin };
        let mut kept: Option<Looked> = None;
        for round in 0..plan.rounds {
            let look = self.better(kept.take(), &around.middle, Portions::look_of(round, plan.rounds, plan.look))?;
            around.back_to(&look.set.place);
            for _ in 0..plan.sets {
                self.evaluate(&around.draw(draws))?;
            }
            let bottom = self.bottom_of_surfaces(before, &around, &look.set, draws);
            around.move_to(bottom);
            kept = Some(look);
        }
        Ok(self.better(kept, &around.middle, plan.look)?.set)
    }

    /// A set as it is judged in the end: by a last look, or, without rounds, as it was tried.
    fn last_look(&mut self, place: &[f64], plan: Portions) -> Result<Tried, CalibrationError> {
        if plan.rounds == 0 { Ok(self.evaluate(place)?.clone()) } else { self.look(place, plan.look) }
    }

    /// The better one of what was kept and another place, by looks that are as long.
    fn better(&self, kept: Option<Looked>, other: &[f64], times: usize) -> Result<Looked, CalibrationError> {
        let other = Looked { set: self.look(other, times)?, times };
        let Some(mut kept) = kept.filter(|kept| kept.set.objective < other.set.objective) else { return Ok(other) };
        if kept.times < times {
            kept = Looked { set: self.look(&kept.set.place, times)?, times };
        }
        Ok(if kept.set.objective < other.set.objective { kept } else { other })
    }

    /// Where quadratic surfaces through the means of the sets around a place, at the level that the look at it tells,
    /// have their bottom; the place itself for too few sets.
    fn bottom_of_surfaces(&self, before: usize, around: &Around, look: &Tried, draws: &mut Stream) -> Vec<f64> {
        let near = self.tried[before..].iter().filter(|set| around.is_near(&set.place));
        let known: Vec<(&[f64], Vec<f64>)> = near.filter_map(|set| Some((&set.place[..], set.means()?))).collect();
        let Some(surfaces) = Surfaces::fit(&known) else { return around.middle.clone() };
        let level = look.means().unwrap_or_else(|| surfaces.at(&around.middle));
        let shift: Vec<f64> = level.iter().zip(surfaces.at(&around.middle)).map(|(look, known)| look - known).collect();
        let points = self.targets.points();
        let mut value = |x: &[f64]| {
            let mut means = surfaces.at(&around.inside(x)).into_iter().zip(&shift).map(|(mean, shift)| mean + shift);
            let judged: Vec<Judged> = points.iter().map(|point| Judged::of_means(point, &mut means)).collect();
            Ok::<_, Infallible>(objective(&judged))
        };
        let axes = around.middle.len();
        let Ok((bottom, _)) = descend(&vec![0.5; axes], Reach::WIDE, SURFACE * axes, draws, &mut value);
        around.inside(&bottom)
    }
}

/// A set by a look with so many times the replications.
struct Looked {
    set: Tried,
    times: usize,
}

/// A place, and how far from it the sets of a round lie along each axis.
#[derive(Clone, Debug)]
struct Around {
    middle: Vec<f64>,
    width: Vec<f64>,
}

impl Around {
    fn draw(&self, draws: &mut Stream) -> Vec<f64> {
        let axes = self.middle.iter().zip(&self.width);
        axes.map(|(middle, width)| reflect(middle + width * (2.0 * draws.uniform() - 1.0))).collect()
    }

    /// The place in the cube for one in the unit cube of what is around.
    fn inside(&self, x: &[f64]) -> Vec<f64> {
        let axes = x.iter().zip(&self.middle).zip(&self.width);
        axes.map(|((x, middle), width)| (middle + width * (2.0 * x - 1.0)).clamp(0.0, 1.0)).collect()
    }

    fn is_near(&self, place: &[f64]) -> bool {
        let mut axes = place.iter().zip(&self.middle).zip(&self.width);
        axes.all(|((x, middle), width)| (x - middle).abs() <= NEARBY * width)
    }

    /// Back to where it came from, if that was better, and narrower.
    fn back_to(&mut self, place: &[f64]) {
        if self.middle != place {
            self.move_to(place.to_vec());
            self.width.iter_mut().for_each(|width| *width = (SHRINK * *width).max(NARROWEST));
        }
    }

    /// Moves there, and becomes narrower along the axes along which it is not far.
    fn move_to(&mut self, place: Vec<f64>) {
        for ((width, middle), x) in self.width.iter_mut().zip(&self.middle).zip(&place) {
            if (x - middle).abs() < FAR * *width {
                *width = (SHRINK * *width).max(NARROWEST);
            }
        }
        self.middle = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Entity, Streams};

    mod bottom;

    fn looks(plan: Portions) -> Vec<usize> {
        (0..=plan.rounds).map(|round| Portions::look_of(round, plan.rounds, plan.look)).collect()
    }

    #[test]
    fn looks_become_twice_as_long_and_the_last_two_are_the_longest() {
        let plan = Portions::new(900, 6);
        assert_eq!(looks(plan), [1, 1, 1, 3, 6, 12, 25, 50, 50]);
        // A quarter is rough; 675 less 149 for looks leave 65 sets for each of eight rounds.
        assert_eq!(plan, Portions { rough: 225, rounds: 8, sets: 65, look: 50 });
    }

    #[test]
    fn there_are_as_many_rounds_as_have_enough_sets_and_no_more_work_than_asked_for() {
        // Two parameters need twelve sets for a surface, six need 56.
        assert_eq!(Portions::new(75, 2), Portions { rough: 18, rounds: 3, sets: 15, look: 4 });
        assert_eq!(Portions::new(90, 6), Portions { rough: 22, rounds: 1, sets: 58, look: 5 });
        // Not enough for a look, or for a round.
        assert_eq!(Portions::new(71, 1), Portions { rough: 17, rounds: 0, sets: 54, look: 0 });
        assert_eq!(Portions::new(80, 6), Portions { rough: 20, rounds: 0, sets: 60, look: 0 });
        for (work, axes) in (1..2_000).flat_map(|work| [(work, 1), (work, 3), (work, 6)]) {
            let plan = Portions::new(work, axes);
            let looks = if plan.rounds == 0 { 0 } else { looks(plan).iter().sum() };
            let all = plan.rough + plan.sets * plan.rounds.max(1) + looks;
            assert!(all <= work, "{plan:?} of {work}");
            assert!(plan.rounds == 0 || plan.sets >= places_for(axes), "{plan:?}");
            assert!(all + plan.rounds.max(1) > work, "{plan:?} leaves some of {work}");
        }
    }

    #[test]
    fn sets_lie_around_their_place_and_in_the_cube() {
        let around = Around { middle: vec![0.5, 0.05], width: vec![0.1, 0.2] };
        let mut draws = Streams::new(1, 0).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        let places: Vec<Vec<f64>> = (0..500).map(|_| around.draw(&mut draws)).collect();
        let ends = |axis: usize| {
            let each = places.iter().map(|place| place[axis]);
            each.fold((1.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)))
        };
        let near = |(low, high): (f64, f64), ends: (f64, f64)| {
            (low - ends.0).abs() < 0.01 && (high - ends.1).abs() < 0.01 && low >= ends.0 && high <= ends.1
        };
        assert!(near(ends(0), (0.4, 0.6)) && near(ends(1), (0.0, 0.25)), "{:?} {:?}", ends(0), ends(1));
        assert!(places.iter().all(|place| around.is_near(place)));
        assert!(around.is_near(&[0.649, 0.0]) && !around.is_near(&[0.651, 0.0]) && !around.is_near(&[0.5, 0.36]));
        assert_eq!(around.inside(&[0.5, 0.5]), around.middle);
        assert_eq!(around.inside(&[1.0, 0.0]), [0.6, 0.0]);
    }

    #[test]
    fn what_is_around_becomes_narrower_but_where_the_bottom_is_far() {
        let mut around = Around { middle: vec![0.5, 0.5, 0.5], width: vec![0.2, 0.2, NARROWEST] };
        around.move_to(vec![0.69, 0.33, 0.5]);
        assert_eq!(around.middle, [0.69, 0.33, 0.5]);
        assert_eq!(around.width, [0.2, SHRINK * 0.2, NARROWEST]);
    }
}
