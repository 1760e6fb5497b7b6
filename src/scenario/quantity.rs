//! Lengths of time, amounts of data and bandwidths as people write them.

use crate::time::Span;

/// The longest length of time that a scenario can ask for.
const LONGEST_DAYS: u64 = 365;
/// Digits before the point of a duration, at most: far above a year in any unit but nanoseconds.
const DIGITS_MAX: usize = 12;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// What is wrong with a value, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Wrong {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

/// Reads `"500ms"`, `"90s"`, `"1h 30m"`.
pub(crate) fn duration(text: &str) -> Result<Span, Wrong> {
    if text.trim_start().starts_with('-') {
        return Err(Wrong::new("a length of time cannot be negative", "write it without the minus"));
    }
    if text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > DIGITS_MAX) || text.len() > 64 {
        return Err(Wrong::new("too many digits", "use a larger unit: ns, us, ms, s, m, h, d"));
    }
    let parsed = humantime::parse_duration(text).map_err(|error| duration_error(text, &error))?;
    if let Some(unit) = long_unit(text) {
        return Err(Wrong::new(format!("a {unit} has no exact length"), "write it in days: \"30d\""));
    }
    if parsed.as_secs() > LONGEST_DAYS * 86_400 {
        return Err(Wrong::new("longer than a year", format!("write at most \"{LONGEST_DAYS}d\"")));
    }
    Ok(Span::from_nanos(parsed.as_secs() * NANOS_PER_SECOND + u64::from(parsed.subsec_nanos())))
}

/// A length of time as people write it, such as `30m`; `None` for what is none.
pub fn read_duration(text: &str) -> Option<Span> {
    duration(text).ok()
}

fn long_unit(text: &str) -> Option<&'static str> {
    text.split(|c: char| !c.is_alphabetic()).find_map(|unit| match unit {
        "months" | "month" | "M" => Some("month"),
        "years" | "year" | "yr" | "yrs" | "y" => Some("year"),
        _ => None,
    })
}

fn duration_error(text: &str, error: &humantime::DurationError) -> Wrong {
    use humantime::DurationError as E;
    const EXAMPLES: &str = "write a number and a unit (ns, us, ms, s, m, h, d): \"90s\", \"1h 30m\"";
    match error {
        E::Empty => Wrong::new("a length of time is missing", EXAMPLES),
        E::UnknownUnit { unit, .. } if unit.is_empty() => {
            let number = text.trim();
            Wrong::new(
                "a length of time needs a unit",
                format!("write \"{number}s\" for seconds, \"{number}m\" for minutes"),
            )
        }
        E::UnknownUnit { unit, .. } => Wrong::new(format!("\"{unit}\" is no unit of time"), EXAMPLES),
        E::NumberOverflow => Wrong::new(
            "cannot be expressed in whole nanoseconds",
            "use a smaller unit and fewer digits after the point",
        ),
        E::InvalidCharacter(_) | E::NumberExpected(_) => Wrong::new("not a length of time", EXAMPLES),
    }
}

/// A length of time as a scenario holds it: in the largest unit that needs no fraction, or in seconds.
pub fn duration_text(span: Span) -> String {
    const MILLI: u64 = 1_000_000;
    let nanos = span.as_nanos();
    let units = [("h", 3600 * NANOS_PER_SECOND), ("m", 60 * NANOS_PER_SECOND), ("s", NANOS_PER_SECOND)];
    if nanos == 0 {
        return "0s".to_owned();
    }
    if let Some((unit, size)) = units.iter().find(|(_, size)| nanos.is_multiple_of(*size)) {
        return format!("{}{unit}", nanos / size);
    }
    if nanos < NANOS_PER_SECOND && nanos.is_multiple_of(MILLI) {
        return format!("{}ms", nanos / MILLI);
    }
    let text = format!("{}.{:09}", nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
    format!("{}s", text.trim_end_matches('0'))
}

/// A unit: its name, bits in it.
type UnitBits = (&'static str, u128);

const KILO: u128 = 1000;
const KIBI: u128 = 1024;
const SIZES: &[UnitBits] = &[
    ("B", 8),
    ("kB", 8 * KILO),
    ("KB", 8 * KILO),
    ("MB", 8 * KILO * KILO),
    ("GB", 8 * KILO * KILO * KILO),
    ("TB", 8 * KILO * KILO * KILO * KILO),
    ("PB", 8 * KILO * KILO * KILO * KILO * KILO),
    ("KiB", 8 * KIBI),
    ("MiB", 8 * KIBI * KIBI),
    ("GiB", 8 * KIBI * KIBI * KIBI),
    ("TiB", 8 * KIBI * KIBI * KIBI * KIBI),
    ("PiB", 8 * KIBI * KIBI * KIBI * KIBI * KIBI),
];
const BITS: &[UnitBits] = &[
    ("bit", 1),
    ("kbit", KILO),
    ("Mbit", KILO * KILO),
    ("Gbit", KILO * KILO * KILO),
    ("Tbit", KILO * KILO * KILO * KILO),
];

/// A decimal number as its digits and how many of them stand after the point.
struct Decimal {
    digits: u128,
    scale: u32,
}

/// Splits `"1.3 GB"` into its number and its unit.
fn number_and_unit(text: &str) -> Result<(Decimal, &str), Wrong> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim_start());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let malformed = whole.is_empty() || fraction.contains('.') || (fraction.is_empty() && number.contains('.'));
    if text.starts_with('-') {
        return Err(Wrong::new("this cannot be negative", "write it without the minus"));
    }
    if malformed {
        return Err(Wrong::new("a number is missing before the unit", "write such as \"1.3GB\""));
    }
    if whole.len() > 15 || number.len() > 18 {
        return Err(Wrong::new("too many digits", "use a larger unit, and at most 17 digits"));
    }
    let digits =
        format!("{whole}{fraction}").parse().map_err(|_| Wrong::new("not a number", "write such as \"1.3GB\""))?;
    Ok((Decimal { digits, scale: fraction.len() as u32 }, unit))
}

/// Reads thousandths as Kubernetes writes them: `"500m"` is 0.5; `None` for anything else.
pub(crate) fn thousandths(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('m')?;
    let digits = !number.is_empty() && number.len() <= DIGITS_MAX && number.bytes().all(|c| c.is_ascii_digit());
    number.parse().ok().filter(|_| digits).map(|thousandths: f64| thousandths / 1000.0)
}

/// An amount of data as people write it, such as `64Gi`, in bytes; `None` for what is none.
pub fn read_size(text: &str) -> Option<u64> {
    size(text).ok()
}

/// Reads `"1.3GB"`, `"64GiB"`, `"64Gi"`: bytes, rounded to a whole one.
pub(crate) fn size(text: &str) -> Result<u64, Wrong> {
    const UNITS: &str = "B, kB, MB, GB, TB, KiB, MiB, GiB, TiB";
    const LARGEST: u128 = 1 << 60;
    let (number, unit) = number_and_unit(text)?;
    // Kubernetes leaves the B out, and knows no K: `64Gi`, `500k`.
    let kubernetes = |name: &str| !["B", "KB"].contains(&name) && name.strip_suffix('B') == Some(unit);
    let Some((_, bits)) = SIZES.iter().find(|(name, _)| *name == unit || kubernetes(name)) else {
        return Err(unknown_unit(text, unit, "an amount of data", UNITS, SIZES));
    };
    let divisor = 10u128.pow(number.scale);
    let bytes = (number.digits * (bits / 8) + divisor / 2) / divisor;
    match u64::try_from(bytes) {
        Ok(bytes) if u128::from(bytes) <= LARGEST => Ok(bytes),
        _ => Err(Wrong::new("more than a disk can hold", "write at most \"1024PiB\"")),
    }
}

/// Reads `"150MB/s"`, `"5Gbit/s"`, `"80MiB/s"`: bytes per second.
pub(crate) fn bandwidth(text: &str) -> Result<f64, Wrong> {
    const UNITS: &str = "MB/s, GB/s, MiB/s, Mbit/s, Gbit/s";
    const LARGEST: f64 = 1e15;
    let (number, unit) = number_and_unit(text)?;
    let found = unit.strip_suffix("/s").and_then(|unit| SIZES.iter().chain(BITS).find(|(name, _)| *name == unit));
    let Some((_, bits)) = found else {
        if SIZES.iter().chain(BITS).any(|(name, _)| *name == unit) {
            let text = text.trim();
            return Err(Wrong::new("a bandwidth is an amount of data per second", format!("write \"{text}/s\"")));
        }
        return Err(unknown_unit(text, unit, "a bandwidth", UNITS, &[]));
    };
    let per_second = (number.digits * bits) as f64 / (8 * 10u128.pow(number.scale)) as f64;
    if per_second <= 0.0 {
        return Err(Wrong::new("a bandwidth must be above zero", "write such as \"150MB/s\""));
    }
    if per_second > LARGEST {
        return Err(Wrong::new("more than any network can carry", "write at most \"1000TB/s\""));
    }
    Ok(per_second)
}

fn unknown_unit(text: &str, unit: &str, meant: &str, units: &str, known: &[UnitBits]) -> Wrong {
    if unit.is_empty() {
        return Wrong::new(format!("{meant} needs a unit"), format!("write one of {units} after the number"));
    }
    let same = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit) || name.strip_suffix('B') == Some(unit));
    let remedy = match same {
        Some((name, _)) => format!("write \"{}{name}\"", text.trim().trim_end_matches(unit).trim_end()),
        None => format!("write one of {units}"),
    };
    Wrong::new(format!("\"{unit}\" is no unit of {}", meant.trim_start_matches("a ").trim_start_matches("an ")), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let nanos = |text: &str| duration(text).map(Span::as_nanos);
        assert_eq!(nanos("500ms"), Ok(500_000_000));
        assert_eq!(nanos("90s"), Ok(90_000_000_000));
        assert_eq!(nanos("1h 30m"), Ok(5_400_000_000_000));
        assert_eq!(nanos("1.5s"), Ok(1_500_000_000));
        assert_eq!(nanos("365d"), Ok(31_536_000_000_000_000));
        assert_eq!(nanos("100000000000ns"), Ok(100_000_000_000), "twelve digits");
        assert!(nanos("0100000000000ns").is_err(), "thirteen digits");
        for bad in ["", "5", "-5s", "5 fortnights", "1M", "2y", "366d", "0.5ns", "99999999999999999999s", "s", "5s!"] {
            assert!(nanos(bad).is_err(), "{bad:?} is read as {:?}", nanos(bad));
        }
    }

    #[test]
    fn a_duration_is_written_so_that_it_is_read_again() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "0.000000001s"),
            (1_000_000, "1ms"),
            (1_500_000_000, "1.5s"),
            (90_000_000_000, "90s"),
            (120_000_000_000, "2m"),
            (21_600_000_000_000, "6h"),
            (31_535_999_999_999_999, "31535999.999999999s"),
        ] {
            assert_eq!(duration_text(Span::from_nanos(nanos)), text);
            assert_eq!(duration(text), Ok(Span::from_nanos(nanos)));
        }
    }

    #[test]
    fn sizes_and_bandwidths_are_exact() {
        assert_eq!(size("1.3GB"), Ok(1_300_000_000));
        assert_eq!(size("64GiB"), Ok(64 << 30));
        assert_eq!((size("64Gi"), size("512Mi"), size("128M")), (Ok(64 << 30), Ok(512 << 20), Ok(128_000_000)));
        assert_eq!(["500m", "1m", "1500m"].map(thousandths), [Some(0.5), Some(0.001), Some(1.5)]);
        assert_eq!(["m", "0.5m", "-5m", "5", "5min", "0x5m"].map(thousandths), [None; 6]);
        assert_eq!(size("0B"), Ok(0));
        assert_eq!(size("1024PiB"), Ok(1 << 60));
        assert_eq!(bandwidth("150MB/s"), Ok(150e6));
        assert_eq!(bandwidth("5Gbit/s"), Ok(625e6));
        assert_eq!(bandwidth("80 MiB/s"), Ok(83_886_080.0));
    }

    #[test]
    fn a_wrong_unit_is_answered_with_the_right_one() {
        assert_eq!(size("64gib").unwrap_err().remedy, "write \"64GiB\"");
        assert_eq!(size("1.3gb").unwrap_err().remedy, "write \"1.3GB\"");
        assert_eq!(size("5").unwrap_err().what, "an amount of data needs a unit");
        assert_eq!(bandwidth("5Gbit").unwrap_err().remedy, "write \"5Gbit/s\"");
        assert_eq!(bandwidth("0MB/s").unwrap_err().what, "a bandwidth must be above zero");
        assert!(size("2000PiB").is_err() && size(".5GB").is_err() && size("1.2.3GB").is_err() && size("-1GB").is_err());
    }
}
