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

/// The same line with as few of its points as leave none of the others further than `near` pixels from it (Ramer 1972,
/// Douglas and Peucker 1973).
pub fn simplified(points: &[Point], near: f64) -> Vec<Point> {
    let Some(last) = points.len().checked_sub(1) else { return vec![] };
    let mut kept = vec![false; points.len()];
    (kept[0], kept[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let away = |place: &usize| distance(points[*place], points[from], points[to]);
        let furthest = (from + 1..to).max_by(|a, b| away(a).total_cmp(&away(b)));
        if let Some(place) = furthest.filter(|place| away(place) > near) {
            kept[place] = true;
            open.extend([(from, place), (place, to)]);
        }
    }
    points.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// How far a point is from the straight line between two others, or from the first where these are one place.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (right, down) = (to.x - from.x, to.y - from.y);
    let length = libm::hypot(right, down);
    let (x, y) = (point.x - from.x, point.y - from.y);
    if length < 1e-9 { libm::hypot(x, y) } else { (right * y - down * x).abs() / length }
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

    #[test]
    fn simplifying_keeps_corners_and_drops_what_lies_between() {
        let line = [at(0.0, 0.0), at(1.0, 0.1), at(2.0, 0.0), at(3.0, 5.0), at(4.0, 10.0)];
        assert_eq!(simplified(&line, 0.5), [line[0], line[2], line[4]]);
        assert!(simplified(&[], 0.5).is_empty());
    }
}
