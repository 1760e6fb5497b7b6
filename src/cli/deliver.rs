//! What every simulating command does with its results: files into the results folder, the answer to standard output.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::experiment::results::Results;
use crate::report::{chart, files, json, text, write};
use crate::scenario::Loaded;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Writes the results folder and prints the answer.
pub(crate) fn deliver(results: &Results, base: &Loaded, arguments: &CommonArguments) -> Result<(), Failure> {
    let folder = arguments.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&results.scenario));
    for (name, bytes) in files::csv(results) {
        write::whole(&folder.join(name), &bytes)?;
    }
    write::whole(&folder.join(files::MANIFEST), &files::manifest(&manifest(results, base)))?;
    for drawn in chart::all(results) {
        let place = folder.join("charts").join(&drawn.name);
        write::whole(&place.with_extension("svg"), drawn.svg.as_bytes())?;
        write::whole(&place.with_extension("png"), &drawn.png)?;
    }
    let answer = text::text(results, text::PLAIN_WIDTH);
    write::whole(&folder.join("summary.txt"), answer.as_bytes())?;
    let mut stdout = anstream::stdout().lock();
    if arguments.json {
        stdout.write_all(json::text(&json::document(results)).as_bytes())?;
    } else {
        stdout.write_all(answer.as_bytes())?;
        writeln!(stdout, "\nFiles: {}", folder.display())?;
    }
    Ok(stdout.flush()?)
}

/// What the results are results of: enough to make them again.
fn manifest(results: &Results, base: &Loaded) -> Value {
    json!({
        "format_version": json::FORMAT_VERSION,
        "program": format!("scaleup {}", env!("CARGO_PKG_VERSION")),
        "command": results.command,
        "scenario": results.scenario,
        "seed": results.seed,
        "replications": results.replications,
        "scenario_hash": format!("{:016x}", base.document.hash()),
        "scenario_toml": base.document.to_toml(),
    })
}
