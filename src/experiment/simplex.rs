//! The downhill simplex in the unit cube.
//!
//! Source: Nelder and Mead, *A simplex method for function minimization*, The Computer Journal 7, 1965, with the usual
//! coefficients 1, 2, 1/2 and 1/2. Points outside the cube are moved to its surface.

/// A simplex smaller than this in every direction is a point.
const SMALL: f64 = 0.002;

/// A place and the function's value there.
pub(super) type Vertex = (Vec<f64>, f64);

/// The best place found from `start` with at most about `evaluations` evaluations; the first simplex has edges of
/// length `size`.
///
/// A simplex that has become small begins again around its best corner with half the size, since it may have collapsed
/// against the surface of the cube or across a valley.
///
/// # Errors
/// The first error of the function.
pub(super) fn descend<E>(
    start: &[f64],
    size: f64,
    evaluations: usize,
    function: &mut dyn FnMut(&[f64]) -> Result<f64, E>,
) -> Result<Vertex, E> {
    let (mut size, mut used) = (size, 1);
    let mut best = (start.to_vec(), function(start)?);
    while used < evaluations && size > SMALL {
        let mut simplex = vec![best];
        for corner in corners(&simplex[0].0, size) {
            let value = function(&corner)?;
            simplex.push((corner, value));
            used += 1;
        }
        sort(&mut simplex);
        while used < evaluations && !is_small(&simplex) {
            used += step(&mut simplex, function)?;
            sort(&mut simplex);
        }
        best = simplex.swap_remove(0);
        size *= 0.5;
    }
    Ok(best)
}

fn sort(simplex: &mut [Vertex]) {
    simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
}

/// From a place one step along each axis.
fn corners(start: &[f64], size: f64) -> Vec<Vec<f64>> {
    let corner = |axis: usize| {
        let mut corner = start.to_vec();
        corner[axis] += if corner[axis] + size <= 1.0 { size } else { -size };
        inside(corner)
    };
    (0..start.len()).map(corner).collect()
}

fn inside(place: Vec<f64>) -> Vec<f64> {
    place.into_iter().map(|x| x.clamp(0.0, 1.0)).collect()
}

fn is_small(simplex: &[Vertex]) -> bool {
    let best = &simplex[0].0;
    simplex.iter().all(|(corner, _)| corner.iter().zip(best).all(|(a, b)| (a - b).abs() < SMALL))
}

/// Improves the worst corner of a sorted simplex, or draws all corners to the best; returns the evaluations made.
fn step<E>(simplex: &mut [Vertex], function: &mut dyn FnMut(&[f64]) -> Result<f64, E>) -> Result<usize, E> {
    let (worst, second) = (simplex.len() - 1, simplex.len().saturating_sub(2));
    let count = worst as f64;
    let middle: Vec<f64> = (0..simplex[0].0.len())
        .map(|axis| simplex[..worst].iter().map(|(corner, _)| corner[axis]).sum::<f64>() / count)
        .collect();
    let old = simplex[worst].clone();
    let towards = |share: f64| inside(middle.iter().zip(&old.0).map(|(m, w)| m + share * (m - w)).collect());
    let reflected = towards(1.0);
    let value = function(&reflected)?;
    if value < simplex[0].1 {
        let expanded = towards(2.0);
        let further = function(&expanded)?;
        simplex[worst] = if further < value { (expanded, further) } else { (reflected, value) };
        return Ok(2);
    }
    if value < simplex[second].1 {
        simplex[worst] = (reflected, value);
        return Ok(1);
    }
    let contracted = towards(if value < old.1 { 0.5 } else { -0.5 });
    let nearer = function(&contracted)?;
    if nearer < old.1.min(value) {
        simplex[worst] = (contracted, nearer);
        return Ok(2);
    }
    let best = simplex[0].0.clone();
    for (corner, value) in &mut simplex[1..] {
        *corner = corner.iter().zip(&best).map(|(x, b)| 0.5 * (x + b)).collect();
        *value = function(corner)?;
    }
    Ok(2 + worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minimum(start: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        descend(start, 0.2, 400, &mut |x| Ok::<f64, ()>(function(x))).unwrap().0
    }

    #[test]
    fn a_curved_valley_is_followed_to_its_lowest_point() {
        let valley = |x: &[f64]| {
            let bend = x[1] - x[0] * x[0];
            50.0 * bend * bend + (x[0] - 0.7) * (x[0] - 0.7)
        };
        let found = minimum(&[0.1, 0.9], valley);
        assert!((found[0] - 0.7).abs() < 0.01 && (found[1] - 0.49).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn a_minimum_outside_the_cube_is_found_on_its_surface() {
        let found = minimum(&[0.5, 0.5], |x| (x[0] - 1.5) * (x[0] - 1.5) + (x[1] - 0.3) * (x[1] - 0.3));
        assert!((found[0] - 1.0).abs() < 0.01 && (found[1] - 0.3).abs() < 0.02, "{found:?}");
    }
}
