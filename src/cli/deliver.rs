//! What every simulating command does with its results: files into the results folder, the answer to standard output.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::cli::{command_line, documented};
use crate::experiment::results::Results;
use crate::report::origin::{self, Origin};
use crate::report::study::Study;
use crate::report::{chart, files, json, text, write};
use crate::scenario::Loaded;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes the results folder and prints the answer; `more` are the words of the command that are not common to all.
pub(crate) fn deliver(
    results: Results,
    base: &Loaded,
    arguments: &CommonArguments,
    more: &[String],
) -> Result<(), Failure> {
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&results.scenario));
    let mut study = Study::of(results);
    study.documented = documented::of(&arguments.documented, base, &study.results)?;
    let command = command_line::command_line(&study.results.command, arguments, more);
    let answer = write_folder(&folder, &study, base, command)?;
    let mut stdout = anstream::stdout().lock();
    if arguments.json {
        stdout.write_all(json::text(&json::document(&study.results)).as_bytes())?;
    } else {
        stdout.write_all(answer.as_bytes())?;
        writeln!(stdout, "\nFiles: {}", folder.display())?;
    }
    Ok(stdout.flush()?)
}

/// Writes every file of the folder, the manifest last, and returns the answer.
fn write_folder(folder: &Path, study: &Study, base: &Loaded, command: String) -> Result<String, Failure> {
    for (name, bytes) in files::all(&study.results) {
        write::whole(&folder.join(name), &bytes)?;
    }
    let assumptions = files::assumptions(&origin::assumptions(&base.document));
    write::whole(&folder.join(files::ASSUMPTIONS), &assumptions)?;
    if !study.documented.is_empty() {
        let bytes = files::documented(&study.results, &study.documented);
        write::whole(&folder.join(files::DOCUMENTED), &bytes)?;
    }
    for drawn in chart::all(study) {
        let place = folder.join("charts").join(&drawn.name);
        write::whole(&place.with_extension("svg"), drawn.svg().as_bytes())?;
        write::whole(&place.with_extension("png"), &drawn.png())?;
    }
    let answer = text::text(&study.results, text::PLAIN_WIDTH);
    write::whole(&folder.join("summary.txt"), answer.as_bytes())?;
    let origin = Origin::of(command, base, &study.results)?;
    write::whole(&folder.join(files::MANIFEST), &files::manifest(&origin.fields().into()))?;
    Ok(answer)
}
