//! Quadratic surfaces through what was simulated at many places: chance, which makes dents in every single mean, evens
//! out over all of them.
//!
//! Source: Box and Wilson, *On the experimental attainment of optimum conditions*, Journal of the Royal Statistical
//! Society B 13, 1951.

use crate::experiment::evolution::root;
use std::collections::BTreeSet;

/// A surface needs so many places for each of its coefficients.
const PLACES: usize = 2;
/// What is added to the squares, as a share of each: places that lie in a plane leave the slope across it at zero.
const RIDGE: f64 = 1e-9;

/// The fewest places that a surface with so many axes goes through.
pub(super) fn places_for(axes: usize) -> usize {
    PLACES * ((axes + 1) * (axes + 2) / 2)
}

/// What was simulated at a place.
#[derive(Clone, Debug)]
pub(super) struct Known<'a> {
    pub(super) place: &'a [f64],
    /// Sets of one block have the same random numbers, which make all of its responses greater or less; `None`: a look,
    /// which tells the level.
    pub(super) block: Option<usize>,
    /// How many times the replications of others it has.
    pub(super) weight: f64,
    pub(super) responses: Vec<f64>,
}

/// Surfaces of least squares, one for each response.
#[derive(Debug)]
pub(super) struct Surfaces {
    middle: Vec<f64>,
    spread: Vec<f64>,
    /// The least and the greatest coordinates of the places.
    ends: Vec<(f64, f64)>,
    /// Cholesky's root of the sums of products of the terms.
    root: Vec<Vec<f64>>,
    /// For each response the coefficient of each term, and what each block has more.
    coefficients: Vec<Vec<f64>>,
}

impl Surfaces {
    /// Through the responses at these places, with the same slopes and curvatures in all blocks, and a level for each;
    /// `None` for too few places or no look.
    pub(super) fn fit(at: &[Known]) -> Option<Self> {
        let axes = at.first()?.place.len();
        let each = |axis: usize| at.iter().map(move |known| known.place[axis]);
        let middle: Vec<f64> = (0..axes).map(|axis| each(axis).sum::<f64>() / at.len() as f64).collect();
        let spread = |axis: usize| each(axis).map(|x| (x - middle[axis]).abs()).fold(0.0, f64::max).max(f64::EPSILON);
        let spread: Vec<f64> = (0..axes).map(spread).collect();
        let ends = |axis: usize| {
            each(axis).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high): (f64, f64), x| (low.min(x), high.max(x)))
        };
        let ends = (0..axes).map(ends).collect();
        let mut surfaces = Self { middle, spread, ends, root: vec![], coefficients: vec![] };
        let blocks: BTreeSet<usize> = at.iter().filter_map(|known| known.block).collect();
        if at.len() < places_for(axes) + blocks.len() || at.iter().all(|known| known.block.is_some()) {
            return None;
        }
        let all_terms = |known: &Known| -> Vec<f64> {
            let others = blocks.iter().map(|block| f64::from(u8::from(known.block == Some(*block))));
            let all = surfaces.terms(known.place).into_iter().chain(others);
            all.map(|term| known.weight.sqrt() * term).collect()
        };
        let terms: Vec<Vec<f64>> = at.iter().map(all_terms).collect();
        let count = terms.first()?.len();
        let products = |row: usize, column: usize| terms.iter().map(|terms| terms[row] * terms[column]).sum::<f64>();
        let mut matrix: Vec<Vec<f64>> =
            (0..count).map(|row| (0..count).map(|column| products(row, column)).collect()).collect();
        for (at, row) in matrix.iter_mut().enumerate() {
            row[at] += RIDGE * (row[at] + 1.0);
        }
        surfaces.root = root(&matrix);
        let response = |of: usize| {
            let one = |term: usize| {
                terms.iter().zip(at).map(|(terms, known)| terms[term] * known.weight.sqrt() * known.responses[of]).sum()
            };
            surfaces.solve((0..count).map(one).collect())
        };
        let coefficients = (0..at.first()?.responses.len()).map(response).collect();
        Some(Self { coefficients, ..surfaces })
    }

    /// The responses at a place, at the level of the looks.
    pub(super) fn at(&self, place: &[f64]) -> Vec<f64> {
        let terms = self.terms(place);
        let sum = |of: &Vec<f64>| of.iter().zip(&terms).map(|(coefficient, term)| coefficient * term).sum();
        self.coefficients.iter().map(sum).collect()
    }

    /// The closest place between the ends of those that the surfaces go through: nothing is known beyond.
    pub(super) fn clamp(&self, place: Vec<f64>) -> Vec<f64> {
        let axes = place.into_iter().zip(&self.ends);
        axes.map(|(x, (low, high))| x.clamp(*low, *high)).collect()
    }

    /// One, each coordinate, and each product of two.
    fn terms(&self, place: &[f64]) -> Vec<f64> {
        let from_middle = place.iter().zip(&self.middle).zip(&self.spread);
        let x: Vec<f64> = from_middle.map(|((x, middle), spread)| (x - middle) / spread).collect();
        let products = (0..x.len()).flat_map(|one| x[..=one].iter().map(move |other| (one, other)));
        let products = products.map(|(one, other)| x[one] * other);
        std::iter::once(1.0).chain(x.iter().copied()).chain(products).collect()
    }

    /// The coefficients with these sums.
    fn solve(&self, sums: Vec<f64>) -> Vec<f64> {
        let mut x = self.forward(sums);
        for row in (0..x.len()).rev() {
            let known: f64 = (row + 1..x.len()).map(|below| self.root[below][row] * x[below]).sum();
            x[row] = (x[row] - known) / self.root[row][row];
        }
        x
    }

    /// What the root makes `sums` of.
    fn forward(&self, mut sums: Vec<f64>) -> Vec<f64> {
        for row in 0..sums.len() {
            let known: f64 = (0..row).map(|before| self.root[row][before] * sums[before]).sum();
            sums[row] = (sums[row] - known) / self.root[row][row];
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Entity, Purpose, Streams};

    fn quadratic(place: &[f64]) -> Vec<f64> {
        let (x, y) = (place[0], place[1]);
        vec![3.0 + x - 2.0 * y + 4.0 * x * y - x * x, 10.0 * y * y]
    }

    /// The grid from 0.1 to 0.5 by 0.2 to 0.8 and the responses there, with `chance` added to the first.
    fn grid(mut chance: impl FnMut() -> f64) -> Vec<(Vec<f64>, Vec<f64>)> {
        let grid =
            (0..9).flat_map(|x| (0..9).map(move |y| vec![0.1 + 0.05 * f64::from(x), 0.2 + 0.075 * f64::from(y)]));
        grid.map(|place| {
            let mut responses = quadratic(&place);
            responses[0] += chance();
            (place, responses)
        })
        .collect()
    }

    fn fit(at: &[(Vec<f64>, Vec<f64>)]) -> Option<Surfaces> {
        Surfaces::fit(&at.iter().map(|known| in_block(None, known)).collect::<Vec<_>>())
    }

    fn in_block(block: Option<usize>, (place, responses): &(Vec<f64>, Vec<f64>)) -> Known<'_> {
        Known { place, block, weight: 1.0, responses: responses.clone() }
    }

    #[test]
    fn a_quadratic_is_found_as_it_is() {
        let surfaces = fit(&grid(|| 0.0)).expect("enough places");
        for place in [[0.3, 0.5], [0.12, 0.7], [0.9, 0.0]] {
            for (found, is) in surfaces.at(&place).iter().zip(quadratic(&place)) {
                assert!((found - is).abs() < 1e-5, "{found} {is}");
            }
        }
    }

    #[test]
    fn blocks_have_levels_of_their_own_and_share_the_rest() {
        // The upper half of the grid lies 100 higher, by its random numbers alone.
        let mut grid = grid(|| 0.0);
        grid.iter_mut().filter(|(place, _)| place[1] > 0.5).for_each(|(_, responses)| responses[0] += 100.0);
        let known: Vec<Known> = grid.iter().map(|one| in_block((one.0[1] > 0.5).then_some(7), one)).collect();
        let surfaces = Surfaces::fit(&known).expect("enough places");
        for place in [[0.3, 0.3], [0.12, 0.7]] {
            for (found, is) in surfaces.at(&place).iter().zip(quadratic(&place)) {
                assert!((found - is).abs() < 1e-4, "{found} {is}");
            }
        }
        // Six coefficients need twelve places, and each further block one more.
        let few = |count: usize| -> Vec<Known> {
            grid[..count].iter().enumerate().map(|(at, one)| in_block((at % 3).checked_sub(1), one)).collect()
        };
        assert!(Surfaces::fit(&few(13)).is_none() && Surfaces::fit(&few(14)).is_some());
        let unseen: Vec<Known> = grid.iter().map(|one| in_block(Some(1), one)).collect();
        assert!(Surfaces::fit(&unseen).is_none(), "nothing tells the level");
    }

    #[test]
    fn a_place_beyond_those_that_are_known_is_led_back_to_them() {
        let surfaces = fit(&grid(|| 0.0)).expect("enough places");
        assert_eq!(surfaces.clamp(vec![0.3, 0.5]), [0.3, 0.5]);
        assert_eq!(surfaces.clamp(vec![0.0, 0.5]), [0.1, 0.5]);
        assert_eq!(surfaces.clamp(vec![0.9, 0.1]), [0.1 + 0.05 * 8.0, 0.2]);
    }

    #[test]
    fn longer_looks_count_more() {
        // Two responses at each place, 0 and 4, of which the second has three times the replications.
        let places: Vec<Vec<f64>> = (0..10).map(|x| vec![f64::from(x)]).collect();
        let twice = places.iter().flat_map(|place| [(1.0, 0.0), (3.0, 4.0)].map(|known| (place, known)));
        let known =
            twice.map(|(place, (weight, response))| Known { place, block: None, weight, responses: vec![response] });
        let found = Surfaces::fit(&known.collect::<Vec<_>>()).expect("enough places").at(&[4.5])[0];
        assert!((found - 3.0).abs() < 1e-6, "{found}");
    }

    #[test]
    fn chance_evens_out() {
        let mut draws = Streams::new(1, 0).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        let surfaces = fit(&grid(|| draws.uniform() - 0.5)).expect("enough places");
        // A standard deviation of 0.29 at each of 81 places; six coefficients: 0.29 * sqrt(6 / 81) = 0.08.
        let off = (surfaces.at(&[0.3, 0.5])[0] - quadratic(&[0.3, 0.5])[0]).abs();
        assert!(off < 0.15, "{off}");
    }

    #[test]
    fn too_few_places_make_no_surface_and_those_in_a_line_one_along_it() {
        assert!(fit(&[]).is_none());
        assert!(fit(&grid(|| 0.0)[..11]).is_none(), "six coefficients need twelve places");
        assert!(fit(&grid(|| 0.0)[..12]).is_some(), "and no more");
        let line: Vec<(Vec<f64>, Vec<f64>)> =
            (0..20).map(|x| f64::from(x) / 20.0).map(|x| (vec![x, x], vec![2.0 * x])).collect();
        let found = fit(&line).expect("enough places").at(&[0.25, 0.25])[0];
        assert!((found - 0.5).abs() < 1e-3, "{found}");
    }

    #[test]
    fn places_that_lie_close_together_far_from_the_origin_tell_as_much() {
        // Within 0.01 of 0.9 along one axis, within 0.001 of 0.1 along the other, where responses bend strongly.
        let bent = |place: &[f64]| {
            let (x, y) = (100.0 * (place[0] - 0.9), 1_000.0 * (place[1] - 0.1));
            vec![5.0 + x - y + 3.0 * x * x - 2.0 * x * y + y * y]
        };
        let places = (0..49).map(|at| (f64::from(at % 7) / 3.0 - 1.0, f64::from(at / 7) / 3.0 - 1.0));
        let at: Vec<(Vec<f64>, Vec<f64>)> = places
            .map(|(x, y)| vec![0.9 + 0.01 * x, 0.1 + 0.001 * y])
            .map(|place| (place.clone(), bent(&place)))
            .collect();
        let surfaces = fit(&at).expect("enough places");
        for place in [[0.9, 0.1], [0.909, 0.1005], [0.892, 0.0993]] {
            let (found, is) = (surfaces.at(&place)[0], bent(&place)[0]);
            assert!((found - is).abs() < 1e-6, "{found} {is}");
        }
    }
}
