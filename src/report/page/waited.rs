//! The section of the page that says what a study waited for.

use crate::report::table::people::People;
use crate::report::tables::{self, Of};

use super::section::shown;

/// What a study waited for, as the template needs it.
pub struct Waited {
    /// The path of the last stage, of every case.
    pub goal: People,
    /// The paths of all stages.
    pub stages: People,
    /// Over what it is, and where more is found.
    pub note: String,
}

impl Waited {
    /// Of the cases with their names; `None` where no path is known.
    pub fn of(cases: &[Of<'_>], names: &[String]) -> Option<Self> {
        let followed = cases.iter().filter_map(|case| Some(case.summary.paths.last()?.ready_s.len())).max()?;
        let [goal, stages] =
            [tables::followed, tables::followed_stages].map(|table| shown(&tables::together(cases, table), names));
        let of = match followed {
            1 => "the first scale-up".to_owned(),
            followed => format!("the first {followed} scale-ups"),
        };
        let note = format!(
            "The critical path is the chain of waits, from one node or pod to the next, that ends when the last of a \
             stage became ready: its parts sum to the whole time. Means over {of}; \u{201c}in\u{201d}: in how many of \
             them it is on the path at all. What holds less than 5 % of it is below, and in path.csv. Seconds on the \
             path are no savings: what relief of each brings is simulated by scaleup explain."
        );
        (!goal.rows.is_empty()).then_some(Self { goal, stages, note })
    }
}
