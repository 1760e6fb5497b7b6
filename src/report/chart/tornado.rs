//! What each key does by itself: a row for each value, the one that saves most first, against the unchanged case.

use crate::report::sensitivity::{self, Effect};
use crate::report::study::Study;
use crate::report::words::duration;

use super::axis;
use super::differences;
use super::frame::Frame;
use super::picture::Picture;
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::HEIGHT;
use super::wording::{self, signed};

/// The chart; absent if the cases do not change one key each.
pub fn picture(study: &Study) -> Option<Picture> {
    let base = &study.cases[sensitivity::base(&study.results)?];
    let mut effects = study.effects.clone();
    effects.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let (nothing, mut shown): (Vec<Effect>, Vec<Effect>) = effects.into_iter().partition(does_nothing);
    shown.truncate(ROWS_MAX);
    let goal = base.goal()?;
    let before = |key: &str| {
        let varied = study.results.varied.iter().find(|(varied, _)| varied == key);
        varied.map_or(String::new(), |(_, value)| format!(" instead of {}", value.trim_matches('"')))
    };
    let name = |effect: &Effect| format!("{} = {}", effect.key, effect.value.trim_matches('"'));
    let title = match shown.first() {
        Some(best) if best.seconds < 0.0 => format!("{} saves most: {}", name(best), duration(-best.seconds)),
        _ => "Nothing of this makes it faster".to_owned(),
    };
    let mut frame = Frame::new(HEIGHT, &title);
    frame.note(&format!(
        "{}, {}: how much later {} is ready, {} without a change; one key at a time, the same random numbers. Bar: where \
         the mean is with 95 % confidence",
        study.results.scenario,
        base.name,
        goal.stage,
        wording::ready(Some(goal))
    ));
    if !nothing.is_empty() {
        frame.note(&format!("No effect: {}", nothing.iter().map(name).collect::<Vec<_>>().join(", ")));
    }
    differences::legend(&mut frame);
    let ends = shown.iter().map(|effect| differences::ends(effect.seconds, effect.interval));
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end.0), high.max(end.1)));
    let ticks = axis::around_zero(low, high);
    let names: Vec<String> = shown.iter().map(|effect| name(effect) + &before(&effect.key)).collect();
    let room = Room { height: 26.0, after: 152.0, ..Room::TIMES };
    let mut chart = RowChart::new(frame, &names, room, &ticks, "difference (← sooner, later →)");
    chart.zero_line();
    for (number, effect) in shown.iter().enumerate() {
        differences::draw(&mut chart, number, effect.seconds, effect.interval, &name(effect));
    }
    let told = shown.iter().map(|effect| format!("{} {}", name(effect), signed(effect.seconds)));
    let alt = format!("Effect of each key on the time to ready: {}.", wording::list(told));
    Some(chart.frame.finish(alt))
}

/// Whether an effect is less than what is shown.
fn does_nothing(effect: &Effect) -> bool {
    let (low, high) = differences::ends(effect.seconds, effect.interval);
    low.abs().max(high.abs()) < 0.000_5
}
