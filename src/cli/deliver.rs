//! What every simulating command does with its results: files into the results folder, the answer to standard output.
//!
//! Must not know: which command simulated, and how; what stands in a file.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::cli::{command_line, documented};
use crate::experiment::results::Results;
use crate::report::asked::Asked;
use crate::report::origin::{self, Origin};
use crate::report::study::Study;
use crate::report::{chart, files, json, text, write};
use crate::scenario::{Document, Loaded};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The results folder.
pub(crate) fn folder(base: &Loaded, arguments: &CommonArguments) -> PathBuf {
    arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&base.scenario.name))
}

/// Writes the results folder and prints the answer; the failure says if something that was asked for is not met.
///
/// `more` are further fields of the manifest, `words` those of the command that are not common to all.
pub(crate) fn deliver(
    results: Results,
    base: &Loaded,
    arguments: &CommonArguments,
    asked: &Asked,
    more: Map<String, Value>,
    words: &[String],
) -> Result<(), Failure> {
    let folder = folder(base, arguments);
    let mut study = Study::of(results);
    study.documented = documented::of(&arguments.documented, base, &study.results)?;
    study.deadline = asked.deadline;
    let answer = text::text_of(&study.results, asked, text::PLAIN_WIDTH);
    data(&folder, &study, &base.document, &answer)?;
    // Last, because it says that the others are there.
    let command = command_line::command_line(&study.results.command, arguments, words);
    let mut manifest = Origin::of(command, base, &study)?.fields();
    manifest.extend(more);
    write::whole(&folder.join(files::MANIFEST), &files::manifest(&manifest.into()))?;
    let results = &study.results;
    let mut stdout = anstream::stdout().lock();
    if arguments.json {
        stdout.write_all(json::text(&json::document_of(results, asked)).as_bytes())?;
    } else {
        stdout.write_all(answer.as_bytes())?;
        writeln!(stdout, "\nFiles: {}", folder.display())?;
    }
    stdout.flush()?;
    if asked.is_missed(results) {
        Err(Failure::NotMet)
    } else if asked.is_resolved(results) {
        Ok(())
    } else {
        Err(Failure::NotResolved)
    }
}

/// Writes every file of a results folder but its manifest.
pub(crate) fn data(folder: &Path, study: &Study, document: &Document, answer: &str) -> Result<(), Failure> {
    for (name, bytes) in files::all(&study.results) {
        write::whole(&folder.join(name), &bytes)?;
    }
    let assumptions = files::assumptions(&origin::assumptions(document));
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
    Ok(write::whole(&folder.join(files::SUMMARY), answer.as_bytes())?)
}

/// What unfinished results are results of.
pub(crate) fn manifest(command: &str, base: &Loaded, seed: u64, replications: u32) -> Map<String, Value> {
    let fields = [
        ("format_version", json!(json::FORMAT_VERSION)),
        ("program", json!(format!("scaleup {}", env!("CARGO_PKG_VERSION")))),
        ("command", json!(command)),
        ("scenario", json!(base.scenario.name)),
        ("seed", json!(seed)),
        ("replications", json!(replications)),
        ("scenario_hash", json!(format!("{:016x}", base.document.hash()))),
        ("scenario_toml", json!(base.document.to_toml())),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
