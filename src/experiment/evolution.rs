//! An evolution strategy in the unit cube that learns which parameters stand in for one another: (1+1)-CMA-ES.
//!
//! One place has one child at a time, moved at random; the better of the two goes on. The length of a move follows how
//! many children were better lately: far from the end it strides, near the end it creeps. The directions that led to
//! better places become likelier (a covariance matrix), so that it goes along a valley instead of across. It needs no
//! slopes, and gets over the kinks that a sum of distances from intervals has.
//!
//! Source: Igel, Suttorp and Hansen, *A computational efficient covariance matrix update and a (1+1)-CMA for evolution
//! strategies*, GECCO 2006, with the constants there.

use crate::random::Stream;

/// The share of better children that neither lengthens moves nor shortens them.
const USUAL: f64 = 2.0 / 11.0;
/// How fast the share that is remembered follows.
const MEMORY: f64 = 1.0 / 12.0;
/// Above this share moves are too short to tell a direction.
const TOO_SHORT: f64 = 0.44;
/// Moves are never shorter, nor longer.
const LENGTHS: (f64, f64) = (0.002, 0.4);

/// A place and the function's value there.
pub(super) type Evaluated = (Vec<f64>, f64);

/// The best place found from `start` with this many evaluations, at least one; the first moves are about `length` long.
///
/// # Errors
/// The first error of the function.
pub(super) fn descend<E>(
    start: &[f64],
    length: f64,
    evaluations: usize,
    draws: &mut Stream,
    function: &mut dyn FnMut(&[f64]) -> Result<f64, E>,
) -> Result<Evaluated, E> {
    let mut best = (start.to_vec(), function(start)?);
    let mut moves = Moves::new(start.len(), length);
    for _ in 1..evaluations {
        let step = moves.draw(draws);
        let child: Vec<f64> = best.0.iter().zip(&step).map(|(x, step)| reflect(x + moves.length * step)).collect();
        let value = function(&child)?;
        moves.learn(value < best.1, &step);
        if value <= best.1 {
            best = (child, value);
        }
    }
    Ok(best)
}

/// How children are moved.
struct Moves {
    length: f64,
    /// The share of children that were better, lately.
    better: f64,
    /// Where the last successes led.
    path: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

impl Moves {
    fn new(axes: usize, length: f64) -> Self {
        let row = |axis| (0..axes).map(|other| f64::from(u8::from(axis == other))).collect();
        Self { length, better: USUAL, path: vec![0.0; axes], covariance: (0..axes).map(row).collect() }
    }

    /// A step with the covariance that was learnt.
    fn draw(&self, draws: &mut Stream) -> Vec<f64> {
        let free: Vec<f64> = self.path.iter().map(|_| bell(draws)).collect();
        let root = root(&self.covariance);
        root.iter().map(|row| row.iter().zip(&free).map(|(one, other)| one * other).sum()).collect()
    }

    fn learn(&mut self, better: bool, step: &[f64]) {
        let axes = step.len() as f64;
        self.better += MEMORY * (f64::from(u8::from(better)) - self.better);
        let damping = 1.0 + axes / 2.0;
        let factor = libm::exp((self.better - USUAL) / (1.0 - USUAL) / damping);
        self.length = (self.length * factor).clamp(LENGTHS.0, LENGTHS.1);
        if better {
            self.learn_direction(step, 2.0 / (axes + 2.0), 2.0 / (axes * axes + 6.0));
        }
    }

    /// The path follows a successful step, and the covariance the path.
    fn learn_direction(&mut self, step: &[f64], path_rate: f64, rate: f64) {
        let weight = if self.better < TOO_SHORT { (path_rate * (2.0 - path_rate)).sqrt() } else { 0.0 };
        for (path, step) in self.path.iter_mut().zip(step) {
            *path = (1.0 - path_rate) * *path + weight * step;
        }
        for (row, along) in self.covariance.iter_mut().zip(&self.path) {
            for (cell, other) in row.iter_mut().zip(&self.path) {
                *cell = (1.0 - rate) * *cell + rate * along * other;
            }
        }
    }
}

/// Cholesky's root of a covariance matrix: lower triangular, and its square is the matrix.
fn root(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
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
        let Ok(found) = descend(start, 0.2, evaluations, &mut stream(1), &mut counted);
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
    fn moves_grow_with_success_and_shrink_without() {
        let mut moves = Moves::new(2, 0.1);
        (0..20).for_each(|_| moves.learn(true, &[1.0, 0.0]));
        assert!(moves.length > 0.2, "{}", moves.length);
        (0..200).for_each(|_| moves.learn(false, &[1.0, 0.0]));
        assert!(moves.length <= LENGTHS.0, "{}", moves.length);
        assert!(moves.covariance[0][0] > moves.covariance[1][1], "{:?}", moves.covariance);
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
}
