//! Places in the ranges of free values: between 0 and 1, evenly in logarithms where a range begins above zero.

use crate::scenario::{Free, FreeUnit};

/// The value at a place, with four digits, so that what is written is what was tried.
pub(super) fn value_at(free: &Free, place: f64) -> f64 {
    let value = if free.min > 0.0 {
        free.min * libm::exp(place * libm::log(free.max / free.min))
    } else {
        free.min + place * (free.max - free.min)
    };
    let value = if free.unit == FreeUnit::Whole { value.round() } else { four_digits(value) };
    value.clamp(free.min, free.max)
}

/// The place of a value; of one outside the range, the nearest end.
pub(super) fn place_of(free: &Free, value: f64) -> f64 {
    let value = value.clamp(free.min, free.max);
    if free.min > 0.0 {
        libm::log(value / free.min) / libm::log(free.max / free.min)
    } else {
        (value - free.min) / (free.max - free.min)
    }
}

fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(unit: FreeUnit, min: f64, max: f64) -> Free {
        Free { key: String::new(), unit, min, max, reason: String::new() }
    }

    fn assert_near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value}, not {expected}");
    }

    #[test]
    fn places_are_even_in_logarithms_above_zero() {
        let free = free(FreeUnit::Seconds, 1.0, 100.0);
        for (place, value) in [(0.0, 1.0), (0.5, 10.0), (1.0, 100.0)] {
            assert_near(value_at(&free, place), value);
            assert_near(place_of(&free, value), place);
        }
    }

    #[test]
    fn places_are_even_from_zero_and_from_below() {
        let (zero, below) = (free(FreeUnit::Number, 0.0, 20.0), free(FreeUnit::Number, -10.0, 10.0));
        assert_near(value_at(&zero, 0.25), 5.0);
        assert_near(place_of(&zero, 5.0), 0.25);
        assert_near(value_at(&below, 0.25), -5.0);
        assert_near(place_of(&below, -5.0), 0.25);
    }

    #[test]
    fn values_have_four_digits_and_whole_numbers_none_behind_the_point() {
        assert_near(value_at(&free(FreeUnit::Number, 0.0, 1.0), 0.123_456), 0.1235);
        assert_near(value_at(&free(FreeUnit::Whole, 0.0, 10.0), 0.26), 3.0);
        assert_near(value_at(&free(FreeUnit::Whole, 0.0, 10.0), 0.24), 2.0);
    }

    #[test]
    fn nothing_lies_outside_the_range() {
        // Four digits of the end are more than the end.
        let free = free(FreeUnit::Number, 0.0, 1.234_56);
        assert_near(value_at(&free, 1.0), 1.234_56);
        assert_near(place_of(&free, 7.0), 1.0);
        assert_near(place_of(&free, -7.0), 0.0);
    }
}
