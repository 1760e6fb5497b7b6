//! A scale-up that is never ready: how far each stage comes.

use crate::experiment::results::CaseResult;
use crate::model::record::Stage;
use crate::report::study::Study;
use crate::report::summary::CaseSummary;
use crate::report::words::{self, plural};

use super::axis;
use super::cases;
use super::picture::{Picture, at};
use super::row_chart::{Room, RowChart};
use super::theme::{self, BAND};
use super::wording;

/// The chart of the only case; absent if its curves are not known.
pub fn picture(study: &Study) -> Option<Picture> {
    let (case, summary) = (study.results.cases.first()?, study.cases.first()?);
    let looks = theme::looks(&case.stages);
    let up: Vec<(u32, u32)> = (0..case.stages.len()).map(|stage| most_ready(case, stage)).collect::<Option<_>>()?;
    let title = finding(case, summary)?;
    let note = format!("the most that were Ready at once, in {}", plural(summary.replications.into(), "scale-up"));
    let mut frame = cases::frame(study, &title, &note);
    if let Some(limit) = summary.limits.first() {
        frame.note(&format!("First limit: {}, after {}", limit.kind, limit.first));
    }
    let most = case.stages.iter().map(|stage| stage.desired).max()?;
    let ticks = axis::count_ticks(f64::from(most), 6);
    let names: Vec<&str> = case.stages.iter().map(|stage| stage.name.as_str()).collect();
    let room = Room { after: 150.0, ..Room::TIMES };
    let mut chart = RowChart::new(frame, &names, room, &ticks, "Ready; light: asked for");
    let mut told = Vec::new();
    for (row, (stage, (least, most))) in case.stages.iter().zip(&up).enumerate() {
        let (x, y) = (chart.x, chart.y(row));
        let bar = |chart: &mut RowChart, count: u32, opacity: f64| {
            let corner = at(x.place(f64::from(count)), y + 8.0);
            chart.frame.picture.rectangle(at(x.place(0.0), y - 8.0), corner, looks[row].colour, opacity);
        };
        bar(&mut chart, stage.desired, BAND);
        bar(&mut chart, *most, 1.0);
        let text = came(stage, (*least, *most));
        chart.ending(row, &text);
        chart.frame.picture.hint(at(x.place(f64::from(*most)), y), format!("{}: {text} were Ready", stage.name));
        told.push(format!("{} {text}", stage.name));
    }
    let alt = format!("{title}. Ready at once at most: {}.", wording::list(told));
    Some(chart.frame.finish(alt))
}

/// `Workload is never ready: 72 of 300 nodes came up`, or of the first stage of which not all did.
pub fn finding(case: &CaseResult, summary: &CaseSummary) -> Option<String> {
    let goal = wording::capital(&summary.goal()?.stage);
    let up = case.stages.iter().enumerate().map(|(place, stage)| Some((stage, most_ready(case, place)?)));
    let short = up.flatten().find(|(stage, (_, most))| *most < stage.desired);
    let short = short.map_or(String::new(), |(stage, up)| format!(": {} {} came up", came(stage, up), stage.name));
    Some(format!("{goal} is never ready{short}"))
}

/// `72 of 300`, `100–113 of 300`.
fn came(stage: &Stage, (least, most): (u32, u32)) -> String {
    let up = words::count(most.into());
    let up = if least == most { up } else { format!("{}–{up}", words::count(least.into())) };
    format!("{up} of {}", words::count(stage.desired.into()))
}

/// The most of a stage that were Ready at once: the fewest and the most of all replications.
fn most_ready(case: &CaseResult, stage: usize) -> Option<(u32, u32)> {
    let curves = case.replications.iter().map(|one| one.curves.get(stage)?.iter().copied().max());
    let most = curves.collect::<Option<Vec<u32>>>()?;
    Some((most.iter().copied().min()?, most.iter().copied().max()?))
}
