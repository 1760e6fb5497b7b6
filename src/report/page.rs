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
use section::{PageSection, shown};
use verdict::Verdict;

pub use compare::FoldersCompared;
pub use markdown::markdown;

/// The page as a template needs it.
#[derive(Template)]
#[template(path = "page.html")]
struct PageTemplate<'a> {
    title: String,
    font: String,
    left_out: &'static str,
    comparison: Option<View>,
    sections: Vec<PageSection<'a>>,
}

/// What several folders have in common.
struct View {
    verdicts: Vec<Verdict>,
    tables: Vec<People>,
    figures: Vec<Figure>,
    note: String,
}

/// No page is larger, in bytes, as long as there is something that can be left out.
const SIZE_MAX: usize = 1_000_000;

/// What a page leaves out to stay small; each level also what those before it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spare {
    /// Nothing.
    Nothing,
    /// Files to download, but for scenarios.
    Downloads,
    /// Every value and where it comes from.
    Assumptions,
    /// The charts of single cases.
    Charts,
}

impl Spare {
    const ALL: [Self; 4] = [Self::Nothing, Self::Downloads, Self::Assumptions, Self::Charts];

    /// What is left out, in words; empty if nothing is.
    const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Downloads => "data as files",
            Self::Assumptions => "data as files and the values of scenarios",
            Self::Charts => "data as files, the values of scenarios and the charts of single cases",
        }
    }
}

/// The page. Where it would be larger than 1 MB, it leaves out what is in the folders too, and says so.
///
/// # Panics
/// Never: every template can be filled.
pub fn html(folders: &[Folder]) -> String {
    let mut pages = Spare::ALL.iter().map(|spare| rendered(folders, *spare));
    let first = pages.next().expect("there is a first");
    let mut smallest = first;
    for page in pages {
        if smallest.len() <= SIZE_MAX {
            break;
        }
        smallest = page;
    }
    smallest
}

fn rendered(folders: &[Folder], spare: Spare) -> String {
    let names = compare::names(folders);
    let sections = folders.iter().zip(&names).enumerate();
    let sections = sections.map(|(number, (folder, name))| PageSection::of(folder, name, number, spare)).collect();
    let comparison = (folders.len() > 1).then(|| {
        let comparison = FoldersCompared::of(folders);
        View {
            verdicts: verdict::verdicts(&comparison.study),
            tables: vec![overview(folders, &names), shown(&tables::later(&comparison.study.differences), &[])],
            figures: figure::of(chart::together(&comparison.study), "all"),
            note: comparison.note(),
        }
    });
    let title = title(folders, &names);
    let (font, left_out) = (STANDARD.encode(chart::font::SUBSET), spare.words());
    PageTemplate { title, font, left_out, comparison, sections }.render().expect("every template can be filled")
}

fn title(folders: &[Folder], names: &[String]) -> String {
    match names {
        [name] if folders[0].study.results.command == "compare" => format!("Comparison with {name}"),
        [name] => format!("Scale-up of {name}"),
        names => format!(
            "{}: {}",
            plural(names.len() as u64, "scale-up study").replace("studys", "studies"),
            names.join(", ")
        ),
    }
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
    text::answers(&folder.study).join("\n")
}
