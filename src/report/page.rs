//! One self-contained HTML page from results folders: the verdict, why, what to do, charts, and then depth: tables,
//! limits, assumptions, data, how to make it again.
//!
//! The page needs no network and no script: everything is in it, also the font of the charts. With scripts, charts show
//! the values at the pointer, hide stages and zoom, and tables are sorted. Text goes through the templates, which
//! escape it.

mod compare;
mod downloads;
mod figure;
mod markdown;
mod relief;
mod section;
mod verdict;
mod waited;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::chart;
use super::folder::Folder;
use super::table::people::People;
use super::words::plural;
use super::{tables, text};

use figure::Figure;
use section::{Section, shown};
use verdict::Verdict;

pub use compare::FoldersCompared;
pub use markdown::markdown;

/// The page as a template needs it.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    font: String,
    comparison: Option<View>,
    sections: Vec<Section<'a>>,
}

/// What several folders have in common.
struct View {
    verdicts: Vec<Verdict>,
    tables: Vec<People>,
    figures: Vec<Figure>,
    note: String,
}

/// The page.
///
/// # Panics
/// Never: every template can be filled.
pub fn html(folders: &[Folder]) -> String {
    let names = compare::names(folders);
    let sections = folders.iter().zip(&names).enumerate();
    let sections = sections.map(|(number, (folder, name))| Section::of(folder, name, number)).collect();
    let comparison = (folders.len() > 1).then(|| {
        let comparison = FoldersCompared::of(folders);
        View {
            verdicts: verdict::verdicts(&comparison.study),
            tables: vec![overview(folders, &names), shown(&tables::later(&comparison.study.differences), &[])],
            figures: figure::of(chart::together(&comparison.study), "all"),
            note: comparison.note(),
        }
    });
    let title = match &names[..] {
        [name] if folders[0].study.results.command == "compare" => format!("Comparison with {name}"),
        [name] => format!("Scale-up of {name}"),
        names => format!(
            "{}: {}",
            plural(names.len() as u64, "scale-up study").replace("studys", "studies"),
            names.join(", ")
        ),
    };
    let page = Page { title, font: STANDARD.encode(chart::font::SUBSET), comparison, sections };
    page.render().expect("every template can be filled")
}

/// The cases of all folders side by side.
fn overview(folders: &[Folder], names: &[String]) -> People {
    let of = |(folder, name)| {
        let (folder, name): (&Folder, &String) = (folder, name);
        folder.study.cases.iter().map(move |case| (name.as_str(), case))
    };
    shown(&tables::overview(folders.iter().zip(names).flat_map(of).collect()), &[])
}

/// The answer of a folder in lines.
pub fn answer(folder: &Folder) -> String {
    text::answers(&folder.study.results).join("\n")
}
