//! Curves as runs of equal values: `[value, how often, value, how often, ...]`.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// More points than any curve of an accepted scenario has; more are not a curve.
const POINTS_MAX: u64 = 1_000_000;

pub fn serialize<S: Serializer>(curves: &[Vec<u32>], serializer: S) -> Result<S::Ok, S::Error> {
    let runs = |curve: &Vec<u32>| -> Vec<u64> {
        curve.chunk_by(|a, b| a == b).flat_map(|run| [u64::from(run[0]), run.len() as u64]).collect()
    };
    curves.iter().map(runs).collect::<Vec<_>>().serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u32>>, D::Error> {
    let all = Vec::<Vec<u64>>::deserialize(deserializer)?;
    all.iter().map(|runs| unpack(runs).ok_or_else(|| D::Error::custom("a curve is not made of runs"))).collect()
}

fn unpack(runs: &[u64]) -> Option<Vec<u32>> {
    let mut curve = Vec::new();
    for run in runs.chunks(2) {
        let &[value, length] = run else { return None };
        let whole = (curve.len() as u64).checked_add(length).filter(|whole| *whole <= POINTS_MAX)?;
        curve.resize(whole as usize, u32::try_from(value).ok()?);
    }
    Some(curve)
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn runs_are_read_and_what_is_none_is_refused() {
        assert_eq!(unpack(&[0, 3, 7, 2]), Some(vec![0, 0, 0, 7, 7]));
        assert_eq!(unpack(&[]), Some(vec![]));
        assert_eq!(unpack(&[0, 3, 7]), None);
        assert_eq!(unpack(&[1 << 40, 3]), None);
        // Such lengths are never asked of memory.
        assert_eq!(unpack(&[1, 1 << 40]), None);
        assert_eq!(unpack(&[1, 1, 1, u64::MAX]), None);
    }
}
