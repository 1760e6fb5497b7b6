//! What binds over time: how many are Ready, below that the line and the utilisation of the resource that holds most of
//! the critical path, and below that the shifting bottleneck.

use crate::experiment::explain::{Bottleneck, ResourceUse, UsePoint};
use crate::model::record::StageKind;
use crate::report::explained::Explained;
use crate::report::study::Study;
use crate::report::words::{count, duration, percent};

use super::axis::{self, Scale, Tick, Ticks};
use super::frame::{Frame, Plot};
use super::lines;
use super::picture::{Anchor, Picture, Point, at};
use super::resource_colours::ResourceColours;
use super::theme::{self, BAND, Colour, FAINT_INK, GRID, INK, LABEL, Look, SMALL, STROKE};
use super::wording;

/// The heights of what is Ready, of the line, of the utilisation and of the strip.
const READY: f64 = 170.0;
const LINE: f64 = 90.0;
const USED: f64 = 60.0;
const STRIP: f64 = 22.0;
/// Between them, with a title.
const APART: f64 = 30.0;
/// Beside them.
const LEFT: f64 = 46.0;
/// So many resources of the strip have a colour.
const NAMED: usize = 6;

/// The chart of a case; `None` where it was not explained, or no shared resource is on the path.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = study.explained(number)?;
    let binding = binding(&case)?;
    let until_s = binding.points.last()?.at_s;
    let names = named(&case.why.bottlenecks, &binding.resource);
    let colours = ResourceColours::of(&case.why);
    let mut frame = Frame::new(0, &finding(&case, binding));
    frame.note(
        "Above: how many are Ready, median. In the middle: the resource that holds most of the critical path, mean of \
         the first scale-ups.",
    );
    if let Some((number, _)) = &case.why.told {
        frame.note(&format!(
            "Below: the bottleneck of replication {number}, the resource that is active longest without a pause; where \
             two overlap, it shifts."
        ));
    }
    let stages_shown = shown(study, number);
    let looks = theme::looks(&study.results.cases[number].stages);
    frame.legend(stages_shown.iter().map(|place| (looks[*place], &study.results.cases[number].stages[*place].name)));
    frame.y += 16.0;
    let heights = READY + APART + LINE + APART + USED + APART + STRIP;
    frame.set_plot_height(heights);
    let whole = frame.plot(LEFT, 6.0);
    let mut top = whole.top;
    let mut panel = |height: f64| {
        let panel = Plot { top, bottom: top + height, ..whole };
        top += height + APART;
        panel
    };
    let [ready, line, used, strip] = [READY, LINE, USED, STRIP].map(&mut panel);
    let times = axis::elapsed(until_s);
    let x = times.across(&whole);
    let picture = &mut frame.picture;
    for panel in [&ready, &line, &used] {
        axis::vertical_lines(picture, panel, &x, &times.ticks);
    }
    stages(picture, study, number, (&ready, &x, until_s));
    title(picture, &line, &format!("Waiting for {}", binding.resource));
    queue(picture, (binding, colours.colour(&binding.resource)), &line, &x);
    title(picture, &used, &format!("{} used", binding.resource));
    utilisation(picture, (binding, colours.colour(&binding.resource)), &used, &x);
    title(picture, &strip, "Bottleneck");
    let drawn = Strip { names: &names, colours: &colours, x: &x, plot: &strip };
    drawn.draw(picture, &case.why.bottlenecks);
    axis::horizontal(picture, &Plot { bottom: strip.bottom, ..whole }, &x, &times.ticks, wording::SINCE_CREATION);
    drawn.legend(&mut frame);
    let strip = case.why.bottlenecks.iter().map(|one| format!("{} from {} to {}", one.resource, one.from, one.to));
    let alt = format!(
        "How many are Ready over time, {}; the line of {} and its utilisation; the bottleneck: {}.",
        case.name,
        binding.resource,
        wording::list(strip)
    );
    Some(frame.finish(alt))
}

/// The shared resource that holds most of the path.
fn binding(case: &Explained) -> Option<&ResourceUse> {
    let holders = &case.why.stages.last()?.holders;
    holders.iter().find_map(|holder| case.why.resources.iter().find(|used| used.resource == holder.resource))
}

/// `300 nodes: volume-server is 79 % busy, with up to 58 in its line`.
fn finding(case: &Explained, binding: &ResourceUse) -> String {
    let line = format!("up to {} in its line", count(binding.longest_line.round() as u64));
    match binding.used {
        Some(used) => format!("{}: {} is {} busy, with {line}", case.name, binding.resource, percent(used)),
        None => format!("{}: {} has {line}", case.name, binding.resource),
    }
}

/// The resources of the strip, the longest first, as far as they have a colour.
fn named<'a>(bottlenecks: &'a [Bottleneck], binding: &'a str) -> Vec<&'a str> {
    let mut sums: Vec<(&str, f64)> = vec![(binding, f64::INFINITY)];
    for one in bottlenecks {
        let length = one.to.since(one.from).as_secs_f64();
        match sums.iter_mut().find(|(name, _)| *name == one.resource) {
            Some((_, sum)) => *sum += length,
            None => sums.push((&one.resource, length)),
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    sums.into_iter().map(|(name, _)| name).take(NAMED).collect()
}

fn title(picture: &mut Picture, plot: &Plot, text: &str) {
    picture.text(at(plot.left, plot.top - 8.0), Anchor::Start, SMALL, INK, text);
}

/// The stages that are drawn.
fn shown(study: &Study, number: usize) -> Vec<usize> {
    let stages = study.results.cases[number].stages.iter().enumerate();
    stages.filter(|(_, stage)| stage.kind != StageKind::ScaleDown).map(|(place, _)| place).collect()
}

/// The shares that are Ready.
fn stages(picture: &mut Picture, study: &Study, number: usize, (plot, x, until_s): (&Plot, &Scale, f64)) {
    let case = &study.results.cases[number];
    let y = axis::vertical(picture, plot, &shares());
    title(picture, plot, "Share of those wanted that are Ready");
    let looks = theme::looks(&case.stages);
    for place in shown(study, number).into_iter().rev() {
        let (stage, look, bands) = (&case.stages[place], looks[place], &study.bands[number][place]);
        let step_s = case.curve_step.as_secs_f64();
        let corner = |(step, band): (usize, &crate::stats::Band)| {
            let share = band.median / f64::from(stage.desired.max(1));
            at(x.place((step as f64 * step_s).min(until_s)), y.place(share.min(1.0)))
        };
        let mut points: Vec<Point> = bands.iter().enumerate().map(corner).collect();
        points.extend(points.last().map(|last| at(x.place(until_s), last.y)));
        let line = lines::simplified(&lines::thinned(&points), 0.25);
        picture.group(&stage.name);
        picture.line(line, look.colour, look.stroke());
        picture.group("");
    }
}

/// Nothing, half and all.
fn shares() -> Ticks {
    let tick = |percent: u32| Tick { value: f64::from(percent) / 100.0, label: format!("{percent} %") };
    Ticks { ticks: [0, 50, 100].map(tick).to_vec(), ends: (0.0, 1.0) }
}

fn queue(picture: &mut Picture, (used, colour): (&ResourceUse, Colour), plot: &Plot, x: &Scale) {
    let highest = used.points.iter().map(|point| point.waiting_band.1).fold(1.0, f64::max);
    let y = axis::vertical(picture, plot, &axis::count_ticks(highest, 3));
    let line = |of: &dyn Fn(&UsePoint) -> f64| -> Vec<Point> {
        used.points.iter().map(|point| at(x.place(point.at_s), y.place(of(point)))).collect()
    };
    picture.band(&line(&|point| point.waiting_band.0), &line(&|point| point.waiting_band.1), colour, BAND);
    picture.line(line(&|point| point.waiting), colour, STROKE);
    for point in &used.points {
        let text = format!("{} after {}: {:.1} wait", used.resource, duration(point.at_s), point.waiting);
        picture.hint(at(x.place(point.at_s), y.place(point.waiting)), text);
    }
}

fn utilisation(picture: &mut Picture, (used, colour): (&ResourceUse, Colour), plot: &Plot, x: &Scale) {
    let y = axis::vertical(picture, plot, &shares());
    let known: Vec<(f64, f64)> = used.points.iter().filter_map(|point| Some((point.at_s, point.used?))).collect();
    if known.is_empty() {
        let middle = at(0.5 * (plot.left + plot.right), 0.5 * (plot.top + plot.bottom));
        picture.label(middle, Anchor::Middle, SMALL, FAINT_INK, "its capacity is not known");
        return;
    }
    let upper: Vec<Point> = known.iter().map(|(at_s, share)| at(x.place(*at_s), y.place(*share))).collect();
    let lower: Vec<Point> = known.iter().map(|(at_s, _)| at(x.place(*at_s), plot.bottom)).collect();
    picture.band(&lower, &upper, colour, 2.0 * BAND);
    picture.line(upper, colour, 1.2);
    for (at_s, share) in known {
        let text = format!("{} after {}: {} used", used.resource, duration(at_s), percent(share));
        picture.hint(at(x.place(at_s), y.place(share)), text);
    }
}

/// The strip of bottlenecks.
struct Strip<'a> {
    names: &'a [&'a str],
    colours: &'a ResourceColours<'a>,
    x: &'a Scale,
    plot: &'a Plot,
}

impl Strip<'_> {
    fn colour(&self, name: &str) -> Colour {
        if self.names.contains(&name) { self.colours.colour(name) } else { GRID }
    }

    /// Each alone at full height; where two overlap, the one before above and the next below.
    fn draw(&self, picture: &mut Picture, bottlenecks: &[Bottleneck]) {
        let place = |time: crate::time::Time| self.x.place(time.as_secs_f64()).min(self.plot.right);
        let middle = 0.5 * (self.plot.top + self.plot.bottom);
        for (number, one) in bottlenecks.iter().enumerate() {
            let before = number.checked_sub(1).map(|before| bottlenecks[before].to).unwrap_or_default();
            let alone =
                (one.from.max(before), bottlenecks.get(number + 1).map_or(one.to, |next| next.from.min(one.to)));
            let colour = self.colour(&one.resource);
            let mut draw =
                |from, to, top, bottom| picture.rectangle(at(place(from), top), at(place(to), bottom), colour, 1.0);
            draw(one.from, alone.0, middle, self.plot.bottom);
            draw(alone.0.min(alone.1), alone.1.max(alone.0), self.plot.top, self.plot.bottom);
            draw(alone.1.max(alone.0), one.to, self.plot.top, middle);
            let text = format!("{}: {} to {}", one.resource, one.from, one.to);
            let centre = 0.5 * (place(one.from) + place(one.to));
            picture.hint(at(centre, middle), text);
        }
    }

    /// Their names, below everything.
    fn legend(&self, frame: &mut Frame) {
        frame.y = f64::from(frame.picture.height) - 4.0;
        let looks = self.names.iter().map(|name| Look::plain(self.colours.colour(name)));
        frame.legend_of_areas(looks.zip(self.names));
        frame.picture.height = (frame.y + 0.4 * LABEL).ceil() as u32;
    }
}
