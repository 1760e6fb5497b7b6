//! A chart in the page: the drawing, its caption, and the values that a pointer finds.
//!
//! Must not know: what the chart shows.

use serde_json::{Value, json};

use crate::report::chart::Chart;

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
    /// Whether it can be enlarged.
    pub zooms: bool,
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
    let round = |pixels: f64| Value::from((pixels * 10.0).round() / 10.0);
    let hint = |hint: &crate::report::chart::picture::Hint| {
        let group = seen.iter().position(|name| *name == hint.group);
        json!([round(hint.at.x), round(hint.at.y), hint.text, group])
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
        svg: inline(&chart.svg()),
        // Nothing in it can end the element.
        hints: hints.to_string().replace('<', "\\u003c"),
        zooms: ["timeline", "readiness", "flaps"].iter().any(|name| chart.name.starts_with(name)),
        data: chart.data,
    }
}

/// An SVG document as an element of a page: its title would cover the values under the pointer, so it becomes a label.
fn inline(svg: &str) -> String {
    let Some((head, rest)) = svg.split_once("<title>") else { return svg.to_owned() };
    let Some((title, body)) = rest.split_once("</title>\n") else { return svg.to_owned() };
    head.replacen("role=\"img\"", &format!("role=\"img\" aria-label=\"{title}\""), 1) + body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_label() {
        let svg = "<svg role=\"img\">\n<title>What &quot;it&quot; shows</title>\n<g/></svg>";
        assert_eq!(inline(svg), "<svg role=\"img\" aria-label=\"What &quot;it&quot; shows\">\n<g/></svg>");
    }
}
