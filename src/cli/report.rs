//! `scaleup report`: one page from results folders, without simulating again.

use crate::cli::failure::Failure;
use crate::cli::output::{note, print};
use crate::report::folder::{self, Folder, Owner};
use crate::report::{page, write};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// Results folders, such as output/ekf; several are compared
    #[arg(value_name = "DIR", required = true)]
    pub(crate) folders: Vec<PathBuf>,
    /// The file to write; by default report.html in the folder, or here if there are several folders
    #[arg(long, value_name = "FILE", conflicts_with = "markdown")]
    pub(crate) out: Option<PathBuf>,
    /// Print a summary in Markdown, short enough for a change request, and write no file
    #[arg(long)]
    pub(crate) markdown: bool,
}

pub(crate) fn report(arguments: &ReportArguments) -> Result<(), Failure> {
    let folders: Vec<Folder> = arguments.folders.iter().map(|path| folder::read(path)).collect::<Result<_, _>>()?;
    if arguments.markdown {
        return print(&page::markdown(&folders));
    }
    let file = arguments.out.clone().unwrap_or_else(|| match &arguments.folders[..] {
        [folder] => folder.join("report.html"),
        _ => PathBuf::from("report.html"),
    });
    // A page in the folder is one of its files.
    let owner = match &arguments.folders[..] {
        [folder] if arguments.out.is_none() => Some(Owner::of(folder, "scaleup report")?),
        _ => None,
    };
    write::whole(&file, page::html(&folders).as_bytes())?;
    drop(owner);
    for folder in &folders {
        print(&format!("{}\n", page::answer(folder)))?;
        for missing in &folder.missing {
            note(&format!("note: {}: {missing}", folder.path.display()));
        }
    }
    print(&format!("\nPage: {}\n", file.display()))
}
