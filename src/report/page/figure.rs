//! A chart in the page: the drawing, its caption, and the values that a pointer finds.

use serde_json::json;

use crate::report::chart::Chart;
use crate::report::chart::picture::Hint;
use crate::report::chart::svg::{self, rounded};

/// A chart as the template needs it.
pub struct Figure {
    /// Its identifier, unique in the page.
    pub id: String,
    /// What it shows, in one sentence.
    pub alt: String,
    /// It as SVG elements.
    pub svg: String,
    /// Its places and values, as JSON that can stand in a script element.
    pub hints: String,
    /// The files with its data.
    pub data: &'static str,
}

/// The figures of these charts; `prefix` makes their identifiers unique.
pub fn of(charts: Vec<Chart>, prefix: &str) -> Vec<Figure> {
    charts.into_iter().map(|chart| figure(&chart, prefix)).collect()
}

fn figure(chart: &Chart, prefix: &str) -> Figure {
    let picture = &chart.picture;
    let mut groups: Vec<&str> = picture.groups.iter().map(|(_, name)| name.as_str()).collect();
    groups.retain(|name| !name.is_empty());
    let mut seen: Vec<&str> = Vec::new();
    for name in groups {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    let hint = |hint: &Hint| {
        let group = seen.iter().position(|name| *name == hint.group);
        json!([rounded(hint.at.x), rounded(hint.at.y), hint.text, group])
    };
    let hints = json!({
        "width": picture.width,
        "byRow": picture.by_row,
        "groups": seen,
        "hints": picture.hints.iter().map(hint).collect::<Vec<_>>(),
    });
    Figure {
        id: format!("{prefix}-{}", chart.name),
        alt: picture.alt.clone(),
        svg: svg::element(picture),
        // Nothing in it can end the element.
        hints: hints.to_string().replace('<', "\\u003c"),
        data: chart.data,
    }
}
