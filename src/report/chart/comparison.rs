//! Differences between scenarios with their intervals, around no difference.

use crate::report::study::{GoalDifference, Study};
use crate::report::words::{count, duration};

use super::axis;
use super::differences;
use super::frame::Frame;
use super::picture::Picture;
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::HEIGHT;
use super::wording::{self, signed};

/// The chart; absent if nothing is compared.
pub fn picture(study: &Study) -> Option<Picture> {
    let mut shown: Vec<&GoalDifference> = study.differences.iter().collect();
    shown.sort_by(|a, b| a.mean_s.total_cmp(&b.mean_s));
    shown.truncate(ROWS_MAX);
    let best = shown.first()?;
    let goal = study.cases.first().and_then(|case| case.goal()).map_or("everything", |goal| goal.stage.as_str());
    let mut frame = Frame::new(HEIGHT, &finding(best, goal));
    frame.note(&format!("How much later {goal} is ready, mean; bar: where that mean is with 95 % confidence"));
    differences::legend(&mut frame);
    let ends = shown.iter().map(|row| differences::ends(row.mean_s, row.interval()));
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end.0), high.max(end.1)));
    let names: Vec<String> = shown.iter().map(|row| name(row)).collect();
    let room = Room { height: 26.0, after: 152.0, ..Room::TIMES };
    let ticks = axis::around_zero(low, high);
    let mut chart = RowChart::new(frame, &names, room, &ticks, "difference (← sooner, later →)");
    chart.zero_line();
    for (number, row) in shown.iter().enumerate() {
        differences::draw(&mut chart, number, row.mean_s, row.interval(), &row.label);
    }
    let told = shown.iter().map(|row| format!("{} {}", row.label, signed(row.mean_s)));
    let alt = format!("Differences of the time to ready: {}.", wording::list(told));
    Some(chart.frame.finish(alt))
}

/// `b against a: workload ready 2m 10s sooner`.
fn finding(best: &GoalDifference, goal: &str) -> String {
    let resolved = best.interval().is_none_or(|interval| interval.low > 0.0 || interval.high < 0.0);
    match (resolved, best.mean_s < 0.0) {
        (true, true) => format!("{}: {goal} ready {} sooner", best.label, duration(-best.mean_s)),
        (true, false) => format!("Nothing is sooner; {}: {} later", best.label, duration(best.mean_s)),
        (false, _) => format!("{}: not told apart", best.label),
    }
}

/// `b against a: sooner in 91 of 100`, or how many more it takes to tell.
fn name(row: &GoalDifference) -> String {
    let sooner = row.sooner.map_or(String::new(), |(sooner, all)| {
        format!(": sooner in {} of {}", count(sooner.into()), count(all.into()))
    });
    let needed = row.needed.map_or(String::new(), |needed| format!(", {} would tell", count(needed)));
    format!("{}{sooner}{needed}", row.label)
}
