//! The triangular distribution: a density that rises linearly to the mode and falls linearly after it.

use super::tails::Tails;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Triangular {
    pub low: f64,
    pub mode: f64,
    pub high: f64,
}

impl Triangular {
    fn width(self) -> f64 {
        self.high - self.low
    }

    /// At `x` between `low` and `high`.
    fn density(self, x: f64) -> f64 {
        let peak = 2.0 / self.width();
        if x < self.mode {
            peak * (x - self.low) / (self.mode - self.low)
        } else if x > self.mode {
            peak * (self.high - x) / (self.high - self.mode)
        } else {
            peak
        }
    }

    pub fn tails(self, x: f64) -> Tails {
        if x <= self.low {
            Tails::NONE_BELOW
        } else if x >= self.high {
            Tails::ALL_BELOW
        } else if x <= self.mode {
            let rise = x - self.low;
            Tails::from_below(rise * rise / (self.width() * (self.mode - self.low)))
        } else {
            let fall = self.high - x;
            Tails::from_above(fall * fall / (self.width() * (self.high - self.mode)))
        }
    }

    pub fn quantile(self, at: Tails) -> f64 {
        if at.below * self.width() < self.mode - self.low {
            self.low + (at.below * self.width() * (self.mode - self.low)).sqrt()
        } else {
            self.high - (at.above * self.width() * (self.high - self.mode)).sqrt()
        }
    }

    /// The integrals of 1, x and x^2 over the values between `low` and `high`.
    ///
    /// On either side of the mode they are integrals of polynomials of degree 3 at most, for which Simpson's
    /// rule is exact.
    pub fn partial_moments(self, low: f64, high: f64) -> [f64; 3] {
        let (low, high) = (low.max(self.low), high.min(self.high));
        let middle = self.mode.clamp(low, high);
        let mut moments = [0.0; 3];
        for (from, to) in [(low, middle), (middle, high)] {
            if to <= from {
                continue;
            }
            for (x, weight) in [(from, 1.0), (0.5 * (from + to), 4.0), (to, 1.0)] {
                let share = self.density(x) * weight * (to - from) / 6.0;
                moments[0] += share;
                moments[1] += share * x;
                moments[2] += share * x * x;
            }
        }
        moments
    }

    pub fn mean(self) -> f64 {
        (self.low + self.mode + self.high) / 3.0
    }

    pub fn variance(self) -> f64 {
        let (rise, fall, width) = (self.mode - self.low, self.high - self.mode, self.width());
        (rise * rise + fall * fall + width * width) / 36.0
    }
}
