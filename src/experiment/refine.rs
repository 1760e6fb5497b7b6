//! How a calibration goes down: roughly first, then in rounds.
//!
//! In a round, each search simulates sets around its place. Quadratic surfaces through the means of all sets near a
//! place, whichever search tried them, tell the slopes; second looks at places, with more replications and other
//! random numbers, tell the level; and the next round's place is where the surfaces have their bottom. The sets of a
//! round share their random numbers, which differ from round to round: a surface has a level for each. Rounds become
//! narrower along the axes along which what is made small rises much, and looks longer. Searches that meet go on as
//! one.
//!
//! Sources: Box and Wilson, *On the experimental attainment of optimum conditions*, Journal of the Royal Statistical
//! Society B 13, 1951; Schruben and Margolin, *Pseudorandom number assignment in statistically designed simulation and
//! distribution sampling experiments*, Journal of the American Statistical Association 73, 1978.

use crate::experiment::calibrate::CalibrationError;
use crate::experiment::evolution::{Reach, descend, reflect};
use crate::experiment::fitted::{Ended, Start};
use crate::experiment::search::{Search, Tried, objective};
use crate::experiment::surface::{Known, Surfaces, places_for};
use crate::experiment::validate::Judged;
use crate::random::{Purpose, Stream};
use std::convert::Infallible;

/// One part in so many of a search's work is rough, and one is a last look.
const ROUGH_SHARE: usize = 4;
const LOOK_SHARE: usize = 18;
/// The last look has so many times the replications of a set at least: a shorter one would leave as much to chance.
const LOOK_LEAST: usize = 4;
/// Rounds, if there is work for as many.
const ROUNDS: usize = 12;
/// How far the sets of the first round lie from their place along each axis, as a share of the cube; what it is
/// multiplied with after a round along an axis along which what is made small rises by more than `RISE` within it; and
/// the least.
const WIDTH: f64 = 0.25;
const SHRINK: f64 = 0.7;
const RISE: f64 = 0.5;
const NARROWEST: f64 = 0.03;
/// Surfaces go through the sets of all rounds within so many widths.
const NEARBY: f64 = 1.5;
/// Sets whose objective is higher than so many times one more than the lowest near a place lie beyond a cliff, such as
/// where a capacity begins to bind: a quadratic surface through both sides tells nothing about either.
const CLIFF: f64 = 4.0;
/// Searches have met when their places are at most this share of the narrower width apart along each axis.
const MET: f64 = 0.5;
/// So many evaluations of surfaces for each parameter: they cost next to nothing.
const SURFACE: usize = 300;
const STARTS: [(Start, Purpose, f64); 3] =
    [(Start::Least, Purpose(4), 0.0), (Start::Middle, Purpose(5), 0.5), (Start::Greatest, Purpose(6), 1.0)];

/// How the work of a search is shared out, in sets with all replications.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Portions {
    rough: usize,
    rounds: usize,
    /// Sets of each round; the first has twice as many.
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
            Self { rough, rounds, sets: (work - rough).saturating_sub(looks) / (rounds + 1), look }
        };
        let enough = |plan: &Self| plan.look >= LOOK_LEAST && plan.sets_of(0) >= places_for(axes);
        let strategy = Self { rough, rounds: 0, sets: work - rough, look: 0 };
        (1..=ROUNDS).rev().map(plan).find(enough).unwrap_or(strategy)
    }

    fn sets_of(self, round: usize) -> usize {
        if round == 0 { 2 * self.sets } else { self.sets }
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
        let mut descents = Vec::new();
        for (start, purpose, place) in STARTS {
            let (begin, mut draws) = (vec![place; self.free().len()], self.stream(purpose));
            let many = plan.rough * self.effort.settings.replications as usize / self.few() as usize;
            let begin = descend(&begin, Reach::WIDE, many, &mut draws, &mut |place| self.roughly(place))?.0;
            let around = Around { width: vec![WIDTH; begin.len()], middle: begin };
            descents.push(Descent { starts: vec![start], draws, around, looked: None });
        }
        let ends = self.refine(&mut descents, plan)?;
        let mut best = present.map(|present| self.last_look(&present, plan, descents.len())).transpose()?;
        let mut ended = Vec::new();
        for (start, ..) in STARTS {
            let of_it = |(descent, _): &(&Descent, &Tried)| descent.starts.contains(&start);
            let (_, end) = descents.iter().zip(&ends).find(of_it).expect("each search ended");
            ended.push(Ended { start, objective: end.objective, misfit: end.misfit, values: end.values.clone() });
            if best.as_ref().is_none_or(|best| end.objective <= best.objective) {
                best = Some(end.clone());
            }
        }
        Ok((best.expect("three searches ended"), ended))
    }

    /// Where rounds lead from the places to which rough searches led, one end for each search that is left: of its last
    /// two places the better one.
    fn refine(&mut self, descents: &mut Vec<Descent>, plan: Portions) -> Result<Vec<Tried>, CalibrationError> {
        if plan.rounds == 0 {
            for descent in &mut *descents {
                let mut objective = |place: &[f64]| Ok::<_, CalibrationError>(self.evaluate(place)?.objective);
                let begin = &descent.around.middle;
                descent.around.middle = descend(begin, Reach::MIDDLE, plan.sets, &mut descent.draws, &mut objective)?.0;
            }
        }
        let mut looks = Vec::new();
        for round in 0..plan.rounds {
            let times = shared(Portions::look_of(round, plan.rounds, plan.look), descents.len());
            for descent in &mut *descents {
                let looked = self.look(&descent.around.middle, times)?;
                looks.push((looked.clone(), times));
                descent.looked = Some(looked);
                for _ in 0..plan.sets_of(round) * descent.starts.len() {
                    self.evaluate_in(round + 1, &descent.around.draw(&mut descent.draws))?;
                }
            }
            for descent in &mut *descents {
                self.move_to_bottom(descent, &looks);
            }
            join_what_has_met(descents);
        }
        let searches = descents.len();
        let end = |descent: &mut Descent| {
            let last = self.last_look(&descent.around.middle, plan, searches)?;
            let before = descent.looked.take().filter(|before| before.objective < last.objective);
            Ok(before.unwrap_or(last))
        };
        descents.iter_mut().map(end).collect()
    }

    /// A set as it is judged in the end: by a last look, or, without rounds, as it was tried.
    fn last_look(&mut self, place: &[f64], plan: Portions, searches: usize) -> Result<Tried, CalibrationError> {
        if plan.rounds == 0 { Ok(self.evaluate(place)?.clone()) } else { self.look(place, shared(plan.look, searches)) }
    }

    /// Moves a search to where quadratic surfaces through the means of the sets around its place have their bottom, at
    /// the level of the looks; nowhere for too few sets.
    fn move_to_bottom(&self, Descent { around, draws, .. }: &mut Descent, looks: &[(Tried, usize)]) {
        let sets = self.tried.iter().map(|set| (set, Some(set.block), 1));
        let all = looks.iter().map(|(set, times)| (set, None, *times)).chain(sets);
        let near = all.filter(|(set, ..)| around.is_near(&set.place));
        let mut near: Vec<(f64, Known)> = near
            .filter_map(|(set, block, times)| {
                let known = Known { place: &set.place, block, weight: times as f64, responses: set.means()? };
                Some((set.objective, known))
            })
            .collect();
        near.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let cliff = near.first().map_or(0.0, |(lowest, _)| CLIFF * (lowest + 1.0));
        let before = near.partition_point(|(objective, _)| *objective <= cliff);
        let known: Vec<Known> = near.into_iter().map(|(_, known)| known).collect();
        let Some(surfaces) = Surfaces::fit(&known[..before]).or_else(|| Surfaces::fit(&known)) else { return };
        let points = self.targets.points();
        let value = |place: &[f64]| {
            let mut means = surfaces.at(place).into_iter();
            let judged: Vec<Judged> = points.iter().map(|point| Judged::of_means(point, &mut means)).collect();
            objective(&judged)
        };
        let axes = around.middle.len();
        let mut inside = |x: &[f64]| Ok::<_, Infallible>(value(&surfaces.clamp(around.inside(x))));
        let Ok((bottom, _)) = descend(&vec![0.5; axes], Reach::WIDE, SURFACE * axes, draws, &mut inside);
        around.move_to(surfaces.clamp(around.inside(&bottom)), value);
    }
}

/// A search on its way down, or several that have met.
struct Descent {
    /// Where they began.
    starts: Vec<Start>,
    draws: Stream,
    around: Around,
    /// What the last look at its place of the last round told.
    looked: Option<Tried>,
}

/// How long a look is where so many searches go on: those that have met have the work of all.
const fn shared(look: usize, searches: usize) -> usize {
    look * STARTS.len() / searches
}

/// Searches that have met go on as one, with the sets and the looks of all: each would go to the same place.
fn join_what_has_met(descents: &mut Vec<Descent>) {
    for mut descent in std::mem::take(descents) {
        match descents.iter_mut().find(|one| one.around.has_met(&descent.around)) {
            Some(met) => met.starts.append(&mut descent.starts),
            None => descents.push(descent),
        }
    }
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

    fn has_met(&self, other: &Self) -> bool {
        let axes = self.middle.iter().zip(&self.width).zip(other.middle.iter().zip(&other.width));
        axes.into_iter().all(|((x, width), (y, other))| (x - y).abs() <= MET * width.min(*other))
    }

    /// Moves to a place inside, and becomes narrower along the axes along which `value` is much higher at an end.
    fn move_to(&mut self, place: Vec<f64>, value: impl Fn(&[f64]) -> f64) {
        let lowest = value(&place);
        for (axis, width) in self.width.iter_mut().enumerate() {
            let rises = [-1.0, 1.0].map(|side| {
                let mut end = place.clone();
                end[axis] = (self.middle[axis] + side * *width).clamp(0.0, 1.0);
                value(&end) - lowest
            });
            if rises[0].max(rises[1]) > RISE {
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
        assert_eq!(looks(plan), [1, 1, 1, 1, 1, 1, 1, 3, 6, 12, 25, 50, 50]);
        // A quarter is rough; 675 less 153 for looks leave 40 sets for each of twelve rounds, and twice for the first.
        assert_eq!(plan, Portions { rough: 225, rounds: 12, sets: 40, look: 50 });
    }

    #[test]
    fn there_are_as_many_rounds_as_have_enough_sets_and_no_more_work_than_asked_for() {
        // Two parameters need twelve sets for a surface, six need 56: so many has the first round.
        assert_eq!(Portions::new(75, 2), Portions { rough: 18, rounds: 6, sets: 6, look: 4 });
        assert_eq!(Portions::new(90, 6), Portions { rough: 22, rounds: 1, sets: 29, look: 5 });
        // Not enough for a look, or for a round.
        assert_eq!(Portions::new(71, 1), Portions { rough: 17, rounds: 0, sets: 54, look: 0 });
        assert_eq!(Portions::new(80, 6), Portions { rough: 20, rounds: 0, sets: 60, look: 0 });
        for (work, axes) in (1..2_000).flat_map(|work| [(work, 1), (work, 3), (work, 6)]) {
            let plan = Portions::new(work, axes);
            let looks = if plan.rounds == 0 { 0 } else { looks(plan).iter().sum() };
            let all = plan.rough + plan.sets * (plan.rounds + 1) + looks;
            assert!(all <= work, "{plan:?} of {work}");
            assert!(plan.rounds == 0 || 2 * plan.sets >= places_for(axes), "{plan:?}");
            assert!(all + plan.rounds + 1 > work, "{plan:?} leaves some of {work}");
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
    fn searches_go_on_as_one_once_they_have_met() {
        let around = |middle: [f64; 2], width: [f64; 2]| Around { middle: middle.to_vec(), width: width.to_vec() };
        let one = around([0.5, 0.5], [0.2, 0.1]);
        assert!(one.has_met(&around([0.549, 0.451], [0.1, 0.3])) && around([0.549, 0.451], [0.1, 0.3]).has_met(&one));
        assert!(!one.has_met(&around([0.551, 0.451], [0.1, 0.3])) && !one.has_met(&around([0.549, 0.449], [0.1, 0.3])));
        let draws = Streams::new(1, 0).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        let descent = |(start, x): (Start, f64)| Descent {
            starts: vec![start],
            draws: draws.clone(),
            around: around([x, 0.5], [0.2, 0.2]),
            looked: None,
        };
        let join = |places: [f64; 3]| -> Vec<(f64, Vec<Start>)> {
            let mut descents: Vec<Descent> =
                STARTS.into_iter().zip(places).map(|((start, ..), x)| descent((start, x))).collect();
            join_what_has_met(&mut descents);
            descents.into_iter().map(|descent| (descent.around.middle[0], descent.starts)).collect()
        };
        let [least, middle, greatest] = STARTS.map(|(start, ..)| start);
        assert_eq!(join([0.2, 0.5, 0.8]), [(0.2, vec![least]), (0.5, vec![middle]), (0.8, vec![greatest])]);
        assert_eq!(join([0.2, 0.5, 0.29]), [(0.2, vec![least, greatest]), (0.5, vec![middle])]);
        assert_eq!(join([0.2, 0.29, 0.15]), [(0.2, vec![least, middle, greatest])]);
        assert_eq!([1, 2, 3].map(|searches| shared(50, searches)), [150, 75, 50]);
    }

    #[test]
    fn what_is_around_becomes_narrower_where_it_rises_much() {
        let mut around = Around { middle: vec![0.5, 0.5, 0.5, 0.05], width: vec![0.2, 0.2, NARROWEST, 0.2] };
        // A rise of 2 at one end of the first axis, of less than RISE along the second, and none inside the cube along
        // the last.
        let value = |x: &[f64]| 50.0 * (x[0] - 0.5) * (x[0] - 0.5) + x[1] + 1e4 * (x[2] - 0.5).abs() - x[3].max(0.0);
        around.move_to(vec![0.5, 0.33, 0.5, 0.2], value);
        assert_eq!(around.middle, [0.5, 0.33, 0.5, 0.2]);
        assert_eq!(around.width, [SHRINK * 0.2, 0.2, NARROWEST, 0.2]);
    }
}
