//! A point of a distribution, seen from both of its ends.

/// The probability below a point and the probability above it.
///
/// They add up to one, but each is kept: near an end only the small one of the two says precisely where
/// the point is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tails {
    pub below: f64,
    pub above: f64,
}

impl Tails {
    pub const NONE_BELOW: Self = Self { below: 0.0, above: 1.0 };
    pub const ALL_BELOW: Self = Self { below: 1.0, above: 0.0 };

    pub fn from_below(below: f64) -> Self {
        Self { below, above: 1.0 - below }
    }

    pub fn from_above(above: f64) -> Self {
        Self { below: 1.0 - above, above }
    }

    /// The probability between this point and a `higher` one.
    pub fn until(self, higher: Self) -> f64 {
        if self.below > 0.5 { self.above - higher.above } else { higher.below - self.below }
    }

    /// The point that lies at `inside` within the range from `low` to `high`, which holds `mass`.
    pub fn within(low: Self, high: Self, mass: f64, inside: Self) -> Self {
        Self { below: low.below + inside.below * mass, above: high.above + inside.above * mass }
    }
}
