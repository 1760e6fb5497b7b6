//! What is documented about overheads, beside the points of the chart of times.

use crate::model::record::StageKind;
use crate::report::documented::Documented;
use crate::report::study::Study;
use crate::report::words;
use crate::scenario::{Measure, Target};

use super::axis::Scale;
use super::picture::{Picture, at};
use super::theme::{INK, Look};

/// How far beside its point a mark stands: what is about an amount left of it, a range right of it.
const BESIDE: f64 = 11.0;
const HALF_WIDTH: f64 = 3.0;

/// A documented overhead as a place on the axis of time.
pub struct DocumentedMark<'a> {
    point: &'a Documented,
    /// The simulated time of the stage from which it counts, in seconds.
    from_s: f64,
}

/// The overheads that are documented relative to the first `DaemonSet`, the baseline.
pub fn marks(study: &Study) -> Vec<DocumentedMark<'_>> {
    let marks = study.documented.iter().filter_map(|point| {
        let case = study.cases.get(point.case)?;
        let baseline = case.stages.iter().find(|stage| stage.kind == StageKind::DaemonSet)?;
        let Measure::Stages { from: Some(from), .. } = &point.target.measure else { return None };
        let from = case.stages.iter().find(|stage| stage.stage == *from)?;
        (baseline.stage == from.stage).then_some(DocumentedMark { point, from_s: from.ready.as_ref()?.mean })
    });
    marks.collect()
}

impl DocumentedMark<'_> {
    /// The latest time that it marks, in seconds.
    pub fn latest(&self) -> f64 {
        self.from_s + self.point.target.demand.ends().1.unwrap_or(0.0)
    }

    /// Whether it is about this stage of this case.
    pub fn is_of(&self, case: usize, stage: &str) -> bool {
        self.point.case == case && self.point.target.measure.to() == stage
    }

    /// Draws it beside the point at `x`.
    pub fn draw(&self, picture: &mut Picture, x: f64, y: &Scale, look: Look) {
        let (low, high) = self.point.target.demand.ends();
        let place = |seconds: f64| y.place(self.from_s + seconds);
        let (low_y, high_y) = (place(low.unwrap_or(0.0)), place(high.or(low).unwrap_or(0.0)));
        let about = self.point.target.demand.middle();
        let x = if about.is_some() { x - BESIDE } else { x + BESIDE };
        picture.rectangle(at(x - HALF_WIDTH, high_y), at(x + HALF_WIDTH, low_y), look.colour, 0.4);
        for end in [(low, low_y), (high, high_y)] {
            if end.0.is_some() {
                picture.line([at(x - HALF_WIDTH, end.1), at(x + HALF_WIDTH, end.1)], look.colour, 1.6);
            }
        }
        if let Some(about) = about {
            let middle = place(about);
            picture.line([at(x - 5.0, middle), at(x + 5.0, middle)], INK, 2.4);
        }
        picture.hint(at(x, 0.5 * (low_y + high_y)), self.words());
    }

    /// `documented: workload 16m 00s after baseline, within 1m 00s`.
    fn words(&self) -> String {
        let Target { measure, demand, .. } = &self.point.target;
        let about = if demand.middle().is_some() { "about " } else { "" };
        let amount = format!("{about}{}", words::demand(measure, *demand));
        format!("documented: {} {amount} after {}", measure.to(), measure.from().unwrap_or_default())
    }
}
