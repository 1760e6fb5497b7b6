//! Several replications of a curve, seen as one curve with a band.

use super::moments::mean;
use super::quantile::Sorted;

/// What the replications of a curve do at one of its points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Their mean.
    pub mean: f64,
    /// Their median.
    pub median: f64,
    /// What 5 % of them stay below.
    pub p05: f64,
    /// What 95 % of them stay below.
    pub p95: f64,
}

/// The band at every point of the longest series. A series that ended holds its last value; one without points takes no
/// part. Quantiles are [`Sorted::quantile`]'s.
pub fn band<Series, Value>(series: &[Series]) -> Vec<Band>
where
    Series: AsRef<[Value]>,
    Value: Copy + Into<f64>,
{
    let series: Vec<&[Value]> = series.iter().map(AsRef::as_ref).filter(|points| !points.is_empty()).collect();
    let length = series.iter().map(|points| points.len()).max().unwrap_or(0);
    (0..length).filter_map(|at| band_at(&series, at)).collect()
}

fn band_at<Value: Copy + Into<f64>>(series: &[&[Value]], at: usize) -> Option<Band> {
    let values: Vec<f64> = series.iter().map(|points| points[at.min(points.len() - 1)].into()).collect();
    let sorted = Sorted::of(&values)?;
    Some(Band {
        mean: mean(&values)?,
        median: sorted.quantile(0.5),
        p05: sorted.quantile(0.05),
        p95: sorted.quantile(0.95),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_that_ended_holds_its_last_value() {
        let series: [Vec<u32>; 3] = [vec![0, 2, 4], vec![2, 6], vec![]];
        let band = band(&series);
        let means: Vec<f64> = band.iter().map(|point| point.mean).collect();
        assert_eq!(means, [1.0, 4.0, 5.0]);
        assert_eq!(band[0], Band { mean: 1.0, median: 1.0, p05: 0.1, p95: 1.9 });
    }

    #[test]
    fn nothing_has_no_band() {
        assert_eq!(band::<Vec<f64>, f64>(&[]), []);
        assert_eq!(band(&[Vec::<f64>::new()]), []);
    }
}
