//! What every simulating command does with its results: files into the results folder, the answer to standard output.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::experiment::results::Results;
use crate::report::asked::Asked;
use crate::report::{chart, files, json, text, write};
use crate::scenario::Loaded;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::PathBuf;

/// The results folder.
pub(crate) fn folder(base: &Loaded, arguments: &CommonArguments) -> PathBuf {
    arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&base.scenario.name))
}

/// Writes the results folder and prints the answer; the failure says if something that was asked for is not met.
///
/// `more` are further fields of the manifest.
pub(crate) fn deliver(
    results: &Results,
    base: &Loaded,
    arguments: &CommonArguments,
    asked: &Asked,
    more: Map<String, Value>,
) -> Result<(), Failure> {
    let folder = folder(base, arguments);
    for (name, bytes) in files::csv(results) {
        write::whole(&folder.join(name), &bytes)?;
    }
    for drawn in chart::all(results) {
        let place = folder.join("charts").join(&drawn.name);
        write::whole(&place.with_extension("svg"), drawn.svg.as_bytes())?;
        write::whole(&place.with_extension("png"), &drawn.png)?;
    }
    let answer = text::text_of(results, asked, text::PLAIN_WIDTH);
    write::whole(&folder.join("summary.txt"), answer.as_bytes())?;
    // Last, because it says that the others are there.
    let mut manifest = manifest(&results.command, base, results.seed, results.replications);
    manifest.extend(more);
    write::whole(&folder.join(files::MANIFEST), &files::manifest(&manifest.into()))?;
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

/// What results are results of: enough to make them again.
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
