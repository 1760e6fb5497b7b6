//! Curves as runs of equal values: `[value, how often, value, how often, ...]`.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// More points than any curve of an accepted scenario has; more are not a curve.
const POINTS_MAX: u64 = 1_000_000;

/// A curve as it is written.
struct Runs<C>(C);

pub fn serialize<S: Serializer>(curves: &[Vec<u32>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(curves.iter().map(Runs))
}

impl Serialize for Runs<&Vec<u32>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let runs = self.0.chunk_by(|a, b| a == b);
        serializer.collect_seq(runs.flat_map(|run| [u64::from(run[0]), run.len() as u64]))
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u32>>, D::Error> {
    let all = Vec::<Runs<Vec<u32>>>::deserialize(deserializer)?;
    Ok(all.into_iter().map(|Runs(curve)| curve).collect())
}

impl<'de> Deserialize<'de> for Runs<Vec<u32>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Unpack)
    }
}

/// Unpacks runs as they are read.
struct Unpack;

impl<'de> Visitor<'de> for Unpack {
    type Value = Runs<Vec<u32>>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("runs of equal values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut runs: A) -> Result<Self::Value, A::Error> {
        let wrong = || A::Error::custom("a curve is not made of runs");
        let mut curve = Vec::new();
        while let Some(value) = runs.next_element::<u64>()? {
            let length = runs.next_element::<u64>()?.ok_or_else(wrong)?;
            let whole = (curve.len() as u64).checked_add(length).filter(|whole| *whole <= POINTS_MAX);
            let (whole, value) = whole.zip(u32::try_from(value).ok()).ok_or_else(wrong)?;
            curve.resize(whole as usize, value);
        }
        Ok(Runs(curve))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_and_what_is_none_is_refused() {
        let unpack = |text: &str| serde_json::from_str(text).map(|Runs(curve): Runs<Vec<u32>>| curve).ok();
        assert_eq!(unpack("[0,3,7,2]"), Some(vec![0, 0, 0, 7, 7]));
        assert_eq!(unpack("[]"), Some(vec![]));
        assert_eq!(unpack("[0,3,7]"), None);
        assert_eq!(unpack("[1099511627776,3]"), None);
        // Such lengths are never asked of memory.
        assert_eq!(unpack("[1,1099511627776]"), None);
        assert_eq!(unpack("[1,1,1,18446744073709551615]"), None);
        assert_eq!(serde_json::to_string(&Runs(&vec![0, 0, 0, 7, 7])).ok().as_deref(), Some("[0,3,7,2]"));
    }
}
