//! Lines through many points.

use super::picture::{Point, at};

/// The corners of a line that keeps its value until the next point.
pub fn steps(points: &[Point]) -> Vec<Point> {
    let mut corners = Vec::with_capacity(2 * points.len());
    let mut above: Option<Point> = None;
    for point in points {
        corners.extend(above.map(|above| at(point.x, above.y)));
        corners.push(*point);
        above = Some(*point);
    }
    corners
}

/// The same line with at most four points per half pixel: the first, the lowest, the highest and the last.
pub fn thinned(points: &[Point]) -> Vec<Point> {
    let column = |point: &Point| (2.0 * point.x).floor() as i64;
    let mut thin = Vec::new();
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 4 {
            thin.extend_from_slice(group);
            continue;
        }
        let extreme = |better: fn(f64, f64) -> bool| {
            (0..group.len()).reduce(|best, next| if better(group[next].y, group[best].y) { next } else { best })
        };
        let mut kept = vec![0, group.len() - 1];
        kept.extend(extreme(|a, b| a < b));
        kept.extend(extreme(|a, b| a > b));
        kept.sort_unstable();
        kept.dedup();
        thin.extend(kept.into_iter().map(|place| group[place]));
    }
    thin
}

/// The same line without points between two others of the same height.
pub fn without_straight_points(points: &[Point]) -> Vec<Point> {
    let straight = |number: usize| {
        let [before, here, after] = [number - 1, number, number + 1].map(|number| points[number].y);
        (before - here).abs() < 0.01 && (here - after).abs() < 0.01
    };
    let inner = 1..points.len().saturating_sub(1);
    (0..points.len())
        .filter(|number| !inner.contains(number) || !straight(*number))
        .map(|number| points[number])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_extremes_of_every_half_pixel() {
        let points: Vec<Point> = [5.0, 7.0, 1.0, 9.0, 3.0, 4.0].into_iter().map(|y| at(0.1, y)).collect();
        let kept: Vec<u32> = thinned(&points).iter().map(|point| point.y as u32).collect();
        assert_eq!(kept, [5, 1, 9, 4]);
        assert_eq!(thinned(&points[..4]).len(), 4);
    }
}
