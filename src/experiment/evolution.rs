//! An evolution strategy in the unit cube that learns which parameters stand in for one another: CMA-ES.
//!
//! A generation of children is drawn around a place; the better half of them, the best the most, says where the next
//! one is. Steps that lead on in one direction become longer, those that go back and forth shorter. The directions that
//! led to better places become likelier (a covariance matrix), so that it goes along a valley instead of across. It
//! needs no slopes, looks at ranks only, and a mean over many children passes over small kinks and dents.
//!
//! Source: Hansen, *The CMA evolution strategy: a tutorial*, arXiv 1604.00772, with its constants; with Cholesky's root
//! of the covariance as in Krause, Arbonès and Igel, *CMA-ES with optimal covariance update and storage complexity*,
//! NIPS 2016.

use crate::random::Stream;

/// With fewer generations than this, each has no more children than usual.
const GENERATIONS: usize = 40;
/// The longest step, as a share of the cube.
const LONGEST: f64 = 0.5;

/// How far a search looks around.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// How long the first moves are, about.
    length: f64,
    /// How many times more children than usual a generation has, where that leaves enough generations.
    times: f64,
}

impl Reach {
    /// For the whole cube: more children see past more dents.
    pub(super) const WIDE: Self = Self { length: 0.3, times: 1.6 };
    /// For the surroundings of a place that a search of the whole cube led to.
    pub(super) const MIDDLE: Self = Self { length: 0.15, times: 1.6 };
    /// For what is near a place that is nearly good, with few evaluations.
    pub(super) const NEAR: Self = Self { length: 0.1, times: 1.0 };
}

/// A place and the function's value there.
pub(super) type Evaluated = (Vec<f64>, f64);

/// The best place found from `start` with this many evaluations, at least one.
///
/// # Errors
/// The first error of the function.
pub(super) fn descend<E>(
    start: &[f64],
    reach: Reach,
    evaluations: usize,
    draws: &mut Stream,
    function: &mut dyn FnMut(&[f64]) -> Result<f64, E>,
) -> Result<Evaluated, E> {
    let mut best = (start.to_vec(), function(start)?);
    let mut moves = Moves::new(start, reach, evaluations);
    let mut left = evaluations.saturating_sub(1);
    while left > 0 {
        let mut children = Vec::new();
        for _ in 0..moves.rates.children.min(left) {
            let child = moves.draw(draws);
            let place = moves.place(&child);
            let value = function(&place)?;
            if value <= best.1 {
                best = (place, value);
            }
            children.push((child, value));
        }
        left -= children.len();
        if children.len() == moves.rates.children {
            moves.learn(children);
        }
    }
    Ok(best)
}

/// What is fixed by the number of axes.
struct Rates {
    children: usize,
    /// The weights of the better half, which add up to one.
    weights: Vec<f64>,
    /// How many children count, in effect.
    effective: f64,
    /// How fast the path of steps follows, and how much the length of steps.
    length: f64,
    damping: f64,
    /// How fast the path of the place follows.
    path: f64,
    /// What that path, and what the better half, add to the covariance.
    one: f64,
    half: f64,
    /// The usual length of a step in standard deviations.
    usual: f64,
}

impl Rates {
    fn new(axes: usize, times: f64, evaluations: usize) -> Self {
        let n = axes as f64;
        let usual = 4 + (3.0 * libm::log(n)).floor() as usize;
        let more = (times * usual as f64).floor() as usize;
        let children = more.min(evaluations / GENERATIONS).max(usual);
        let middle = libm::log(0.5 * (children as f64 + 1.0));
        let raw: Vec<f64> = (1..=children / 2).map(|rank| middle - libm::log(rank as f64)).collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|weight| weight / sum).collect();
        let effective = 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
        let length = (effective + 2.0) / (n + effective + 5.0);
        let one = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
        let half = 2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0) * (n + 2.0) + effective);
        Self {
            children,
            damping: 1.0 + 2.0 * (((effective - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + length,
            path: (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n),
            one,
            half: half.min(1.0 - one),
            usual: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
            weights,
            effective,
            length,
        }
    }
}

/// A child: independent deviates, and the step that the covariance makes of them.
struct Child {
    free: Vec<f64>,
    step: Vec<f64>,
}

/// Where children are drawn, and how.
struct Moves {
    rates: Rates,
    middle: Vec<f64>,
    length: f64,
    /// Where the middle went lately, in independent deviates and in steps.
    free_path: Vec<f64>,
    path: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    root: Vec<Vec<f64>>,
    generations: u32,
}

impl Moves {
    fn new(start: &[f64], Reach { length, times }: Reach, evaluations: usize) -> Self {
        let axes = start.len();
        let row = |axis| (0..axes).map(|other| f64::from(u8::from(axis == other))).collect();
        let covariance: Vec<Vec<f64>> = (0..axes).map(row).collect();
        Self {
            rates: Rates::new(axes, times, evaluations),
            middle: start.to_vec(),
            length,
            free_path: vec![0.0; axes],
            path: vec![0.0; axes],
            root: covariance.clone(),
            covariance,
            generations: 0,
        }
    }

    fn draw(&self, draws: &mut Stream) -> Child {
        let free: Vec<f64> = self.middle.iter().map(|_| bell(draws)).collect();
        let step = self.root.iter().map(|row| row.iter().zip(&free).map(|(one, other)| one * other).sum()).collect();
        Child { free, step }
    }

    fn place(&self, child: &Child) -> Vec<f64> {
        self.middle.iter().zip(&child.step).map(|(x, step)| reflect(x + self.length * step)).collect()
    }

    /// Moves to where the better half of a generation is, and remembers how it got there.
    fn learn(&mut self, mut children: Vec<(Child, f64)>) {
        children.sort_by(|a, b| a.1.total_cmp(&b.1));
        let weighted = |of: fn(&Child) -> &[f64]| -> Vec<f64> {
            let axes = 0..self.middle.len();
            let better = || self.rates.weights.iter().zip(&children);
            axes.map(|axis| better().map(|(weight, (child, _))| weight * of(child)[axis]).sum()).collect()
        };
        let (free, step) = (weighted(|child| &child.free), weighted(|child| &child.step));
        for (x, step) in self.middle.iter_mut().zip(&step) {
            *x = (*x + self.length * step).clamp(0.0, 1.0);
        }
        self.generations += 1;
        let stretch = self.follow(&free, &step);
        self.learn_directions(&children);
        self.root = root(&self.covariance);
        let factor = libm::exp(self.rates.length / self.rates.damping * (stretch - 1.0));
        self.length = (self.length * factor).min(LONGEST);
    }

    /// Both paths follow; how long the path of steps is, in usual ones.
    fn follow(&mut self, free: &[f64], step: &[f64]) -> f64 {
        let rates = &self.rates;
        let gain = |rate: f64| (rate * (2.0 - rate) * rates.effective).sqrt();
        for (path, free) in self.free_path.iter_mut().zip(free) {
            *path = (1.0 - rates.length) * *path + gain(rates.length) * free;
        }
        let stretch = self.free_path.iter().map(|x| x * x).sum::<f64>().sqrt() / rates.usual;
        // A path that is still filling is shorter than it will be.
        let filled = (1.0 - libm::pow(1.0 - rates.length, 2.0 * f64::from(self.generations))).sqrt();
        // While steps lengthen fast, the directions wait.
        let is_steady = stretch / filled < 1.4 + 2.0 / (step.len() as f64 + 1.0);
        let gain = if is_steady { gain(rates.path) } else { 0.0 };
        for (path, step) in self.path.iter_mut().zip(step) {
            *path = (1.0 - rates.path) * *path + gain * step;
        }
        stretch
    }

    /// The covariance follows the path, and the better half of a generation.
    fn learn_directions(&mut self, children: &[(Child, f64)]) {
        let rates = &self.rates;
        for (axis, row) in self.covariance.iter_mut().enumerate() {
            for (other, cell) in row.iter_mut().enumerate() {
                let better = rates.weights.iter().zip(children);
                let spread: f64 =
                    better.map(|(weight, (child, _))| weight * child.step[axis] * child.step[other]).sum();
                *cell = (1.0 - rates.one - rates.half) * *cell
                    + rates.one * self.path[axis] * self.path[other]
                    + rates.half * spread;
            }
        }
    }
}

/// Cholesky's root of a covariance matrix: lower triangular, and its square is the matrix.
pub(super) fn root(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut root: Vec<Vec<f64>> = matrix.iter().map(|row| vec![0.0; row.len()]).collect();
    for row in 0..matrix.len() {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| root[row][k] * root[column][k]).sum();
            let rest = matrix[row][column] - known;
            // A covariance that has become flat keeps a little of every direction.
            root[row][column] = if row == column { rest.max(1e-12).sqrt() } else { rest / root[column][column] };
        }
    }
    root
}

/// About a normal deviate: the sum of three uniform ones, with standard deviation one.
fn bell(draws: &mut Stream) -> f64 {
    2.0 * (draws.uniform() + draws.uniform() + draws.uniform() - 1.5)
}

/// Back into the range, as from a mirror at its ends.
pub(super) fn reflect(x: f64) -> f64 {
    let x = if x < 0.0 { -x } else { x };
    if x > 1.0 { (2.0 - x).clamp(0.0, 1.0) } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Entity, Purpose, Streams};
    use std::convert::Infallible;

    fn stream(id: u64) -> Stream {
        Streams::new(7, 0).stream(Entity { kind: 0, id }, Purpose(0))
    }

    fn found(start: &[f64], evaluations: usize, function: impl Fn(&[f64]) -> f64) -> (Evaluated, usize) {
        let mut used = 0;
        let mut counted = |place: &[f64]| {
            assert!(place.iter().all(|x| (0.0..=1.0).contains(x)), "{place:?}");
            used += 1;
            Ok::<_, Infallible>(function(place))
        };
        let Ok(found) = descend(start, Reach::WIDE, evaluations, &mut stream(1), &mut counted);
        (found, used)
    }

    #[test]
    fn it_ends_at_the_bottom_of_a_bowl_from_any_corner() {
        let bowl = |place: &[f64]| place.iter().zip([0.3, 0.8, 0.5]).map(|(x, at)| (x - at) * (x - at)).sum::<f64>();
        for corner in [[0.0; 3], [1.0; 3], [0.5; 3]] {
            let ((place, value), used) = found(&corner, 400, bowl);
            assert!(value < 1e-4, "{place:?}");
            assert_eq!(used, 400, "no more than it was given, and all of that");
        }
    }

    #[test]
    fn it_learns_to_go_along_a_narrow_valley() {
        // Two coordinates stand in for one another.
        let valley = |place: &[f64]| {
            let (across, along) = (place[0] + place[1] - 1.0, place[0] - 0.9);
            2_500.0 * across * across + along * along
        };
        let ((place, value), _) = found(&[0.1, 0.9], 600, valley);
        assert!(value < 1e-4, "{value} at {place:?}");
    }

    #[test]
    fn a_root_squared_is_the_matrix() {
        let matrix = vec![vec![4.0, 2.0, 0.0], vec![2.0, 5.0, 1.0], vec![0.0, 1.0, 3.0]];
        let root = root(&matrix);
        for (row, column) in (0..3).flat_map(|row| (0..3).map(move |column| (row, column))) {
            let squared: f64 = (0..3).map(|k| root[row][k] * root[column][k]).sum();
            assert!((squared - matrix[row][column]).abs() < 1e-12, "{row} {column}: {squared}");
            assert!(column <= row || root[row][column] == 0.0, "lower triangular");
        }
    }

    #[test]
    fn dents_do_not_hold_it() {
        let dented = |place: &[f64]| {
            let bowl: f64 = place.iter().map(|x| (x - 0.6) * (x - 0.6)).sum();
            bowl + 0.01 * place.iter().map(|x| 1.0 - libm::cos(60.0 * (x - 0.6))).sum::<f64>()
        };
        for corner in [[0.0; 4], [1.0; 4]] {
            let ((place, value), _) = found(&corner, 800, dented);
            assert!(value < 0.02, "{value} at {place:?}: the next dent has 0.011 for each axis");
        }
    }

    #[test]
    fn the_rates_are_those_of_the_tutorial() {
        assert_eq!(Rates::new(9, 2.0, 799).children, 19, "forty generations at least");
        assert_eq!(Rates::new(9, 2.0, 300).children, 10, "as usual at least");
        let rates = Rates::new(9, 2.0, 800);
        assert_eq!((rates.children, rates.weights.len()), (20, 10));
        assert!((rates.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((rates.effective - 5.939).abs() < 1e-3, "{}", rates.effective);
        for (rate, value) in [(rates.length, 0.3982), (rates.path, 0.3254), (rates.one, 0.01785), (rates.half, 0.06471)]
        {
            assert!((rate - value).abs() < 1e-4, "{rate} {value}");
        }
    }

    #[test]
    fn steps_lengthen_while_they_lead_on_and_shorten_when_they_do_not() {
        let mut draws = stream(3);
        let length = |slope: f64, draws: &mut Stream| {
            let mut moves = Moves::new(&[0.5; 3], Reach { length: 0.01, times: 1.0 }, 100);
            for _ in 0..20 {
                let children = (0..moves.rates.children).map(|_| moves.draw(draws));
                let children =
                    children.map(|child| (slope * child.step[0], child)).map(|(value, child)| (child, value));
                let children = children.collect();
                moves.learn(children);
            }
            (moves.length, moves.covariance)
        };
        let (onward, covariance) = length(1.0, &mut draws);
        assert!(onward > 0.02, "{onward}");
        assert!(covariance[0][0] > 2.0 * covariance[1][1], "{covariance:?}");
        // Where no child is better than another, the first of them count: a walk without a direction.
        let aimless = length(0.0, &mut draws).0;
        assert!(aimless < 0.5 * onward, "{aimless} {onward}");
    }

    #[test]
    fn the_end_of_a_range_is_found() {
        let ((place, value), _) = found(&[0.5], 150, |place| place[0]);
        assert!(value < 0.005, "{place:?}");
    }

    #[test]
    fn one_evaluation_is_the_start() {
        assert_eq!(found(&[0.25], 1, |place| place[0]), ((vec![0.25], 0.25), 1));
        assert_eq!(found(&[0.25], 0, |place| place[0]).1, 1, "at least one");
    }

    #[test]
    fn what_leaves_the_range_comes_back_as_from_a_mirror() {
        for (x, back) in [(-0.25, 0.25), (1.25, 0.75), (0.5, 0.5), (3.5, 0.0)] {
            assert!((reflect(x) - back).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn moves_have_no_favourite_direction_and_one_standard_deviation() {
        let mut draws = stream(2);
        let all: Vec<f64> = (0..20_000).map(|_| bell(&mut draws)).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let variance = all.iter().map(|x| x * x).sum::<f64>() / all.len() as f64;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn the_first_children_lie_as_far_as_the_search_reaches() {
        let mut draws = stream(4);
        let moves = Moves::new(&[0.5; 2], Reach { length: 0.1, times: 1.0 }, 100);
        let squares: f64 = (0..5_000).map(|_| moves.place(&moves.draw(&mut draws))[1] - 0.5).map(|x| x * x).sum();
        assert!(((squares / 5_000.0).sqrt() - 0.1).abs() < 0.005, "{squares}");
    }
}
