//! What charts say in words.

use crate::experiment::results::Results;
use crate::report::summary::StageSummary;
use crate::report::words::{duration, plural};

use super::font;
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{Colour, PAPER, SMALL};

/// The title of an axis of time, whose numbers carry their units.
pub const SINCE_CREATION: &str = "Time since creating the workload";

/// The title of an axis of time that begins there, in seconds.
pub fn since(begin: f64) -> String {
    if begin > 0.0 {
        format!("{SINCE_CREATION}; the axis begins at {}", duration(begin))
    } else {
        SINCE_CREATION.to_owned()
    }
}

/// The title of an axis of times at which all of a stage are ready.
pub const UNTIL_READY: &str = "Time since creating the workload until all are Ready to stay";

/// What marks and thin lines are.
pub fn explanation(results: &Results) -> String {
    match results.replications {
        1 => "one simulated scale-up of each case".to_owned(),
        many => format!("mean of {}; each thin line is one of them", plural(u64::from(many), "simulated scale-up")),
    }
}

/// What points are.
pub fn points(results: &Results) -> String {
    match results.replications {
        1 => "one simulated scale-up of each case".to_owned(),
        many => format!("mean of {}", plural(u64::from(many), "simulated scale-up")),
    }
}

/// A text that covers what is behind it.
pub fn on_paper(picture: &mut Picture, middle: Point, text: &str, colour: Colour) {
    let (left, width) = (middle.x, font::width(text, SMALL));
    picture.rectangle(at(left - 3.0, middle.y - 8.0), at(left + width + 3.0, middle.y + 8.0), PAPER, 0.9);
    picture.label(middle, Anchor::Start, SMALL, colour, text);
}

/// When a stage is ready: `24m 10s`, or `never`.
pub fn ready(stage: Option<&StageSummary>) -> String {
    let ready = stage.and_then(|stage| stage.ready.as_ref());
    ready.map_or("never".to_owned(), |ready| duration(ready.mean))
}

/// `workload: 24m 10s ± 3.7s, 90 % between 23m 40s and 24m 40s`.
pub fn stage(stage: &StageSummary) -> String {
    let Some(ready) = &stage.ready else { return format!("{}: never ready", stage.stage) };
    let band = stage.ready_band.filter(|_| ready.n > 1);
    let band =
        band.map_or(String::new(), |(low, high)| format!(", 90 % between {} and {}", duration(low), duration(high)));
    format!("{}: {}{}{band}", stage.stage, duration(ready.mean), half(ready.mean, ready.ci95_high))
}

/// Half of an interval: ` ± 3.7s`, or nothing where there is none.
pub fn half(mean: f64, high: Option<f64>) -> String {
    high.map_or(String::new(), |high| format!(" ± {}", duration(high - mean)))
}

/// A difference with its sign: `+2m 10s`, `−4.2s`.
pub fn signed(seconds: f64) -> String {
    let text = duration(seconds.abs());
    if seconds < 0.0 { format!("−{text}") } else { format!("+{text}") }
}

/// A word with a capital letter.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// What is told of several things, in one line.
pub fn list(told: impl IntoIterator<Item = String>) -> String {
    told.into_iter().collect::<Vec<_>>().join("; ")
}

/// The last part of a key.
pub fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_their_sign() {
        assert_eq!([-4.2, 130.0, 0.0].map(signed), ["−4.2s", "+2m 10s", "+0ms"]);
    }
}
