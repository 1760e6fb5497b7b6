//! The options that say how well something is to be known.

use crate::cli::failure::Failure;
use crate::cli::number;
use crate::experiment::{FEWEST, Precision};
use crate::scenario::read_duration;
use crate::time::Span;
use clap::Args;
use std::num::NonZeroU32;

#[derive(Clone, Debug, Args)]
pub(crate) struct PrecisionArguments {
    /// Simulate on until the 95 % interval of every stage's mean is within this share of it, such as 1%
    ///
    /// `--replications` is then the fewest (at least 30), and rounds of 50 follow. Of a comparison, it is the
    /// differences to the first scenario, at the last stage, that must be known so well.
    #[arg(long, value_name = "P%", value_parser = share)]
    pub(crate) precision: Option<f64>,
    /// The most scale-ups of each case for --precision; if they are too few, the exit code is 4
    #[arg(long, value_name = "N", default_value = "10000", value_parser = number::replications)]
    pub(crate) max_replications: NonZeroU32,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct DeadlineArguments {
    /// How likely each stage is ready by then, such as 30m
    ///
    /// The deadline is met if at least 95 % of scale-ups have the workload ready in time, with 95 % confidence. The
    /// exit code is 3 if it is missed, and 4 if there are too few scale-ups to tell.
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(crate) deadline: Option<Span>,
}

impl PrecisionArguments {
    /// The rule, if there is one.
    pub(crate) fn rule(&self, minimum: NonZeroU32) -> Result<Option<Precision>, Failure> {
        let Some(relative) = self.precision else { return Ok(None) };
        let (minimum, maximum) = (minimum.get().max(FEWEST), self.max_replications.get());
        if maximum < minimum {
            return Err(Failure::Usage(format!(
                "--max-replications {maximum} is fewer than the {minimum} replications before the first look; give more, \
                 or lower --replications (at least {FEWEST})"
            )));
        }
        Ok(Some(Precision { relative, minimum, maximum }))
    }
}

impl PrecisionArguments {
    /// As they would be typed.
    pub(crate) fn words(&self) -> Vec<String> {
        let Some(share) = self.precision else { return vec![] };
        let percent = (share * 1e8).round() / 1e6;
        ["--precision", &format!("{percent}%"), "--max-replications", &self.max_replications.to_string()]
            .map(str::to_owned)
            .to_vec()
    }
}

impl DeadlineArguments {
    /// As they would be typed.
    pub(crate) fn words(&self) -> Vec<String> {
        self.deadline.map_or(vec![], |deadline| vec!["--deadline".to_owned(), deadline.to_string()])
    }
}

/// A part of a whole.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').map(str::trim).and_then(|number| number.parse::<f64>().ok());
    let percent = number.filter(|percent| *percent > 0.0 && *percent < 100.0);
    percent
        .map(|percent| percent / 100.0)
        .ok_or_else(|| "write a percentage between 0 % and 100 %, such as 1%".to_owned())
}

/// A length of time.
pub(crate) fn length(text: &str) -> Result<Span, String> {
    read_duration(text).ok_or_else(|| "write a number and a unit (s, m, h), such as 30m or 1h 30m".to_owned())
}
