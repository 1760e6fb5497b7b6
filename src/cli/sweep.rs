//! `scaleup sweep`: the same for several settings.
//!
//! Must not know: how axes are combined (`experiment/grid.rs`), and how cases are kept (`study`).

use crate::cli::args::SweepArguments;
use crate::cli::cases::{self, Variant};
use crate::cli::failure::Failure;
use crate::cli::study::Study;
use crate::cli::{deliver, interrupt};
use crate::experiment::Axis;
use crate::report::json;
use crate::scenario::Loaded;
use serde_json::{Map, Value, json};
use std::io::Write;

pub(crate) fn sweep(arguments: &SweepArguments) -> Result<(), Failure> {
    let common = &arguments.common;
    let base = cases::read(common)?;
    let (variants, notes) = cases::along(&base, &axes(arguments, &base)?, arguments.one_at_a_time)?;
    for note in notes {
        writeln!(anstream::stderr(), "note: {note}")?;
    }
    if arguments.list {
        return list(&variants, common.json);
    }
    let rule = arguments.precision.rule(common.replications)?;
    let settings = cases::settings(common);
    cases::bounded(variants.len(), settings, rule)?;
    let folder = deliver::folder(&base, common);
    let study = Study { base: &base, variants: &variants, settings, rule, folder };
    interrupt::watch()?;
    let goes_on = study.prepare(arguments.resume)?;
    let done = study.simulate(goes_on)?;
    let results = cases::results("sweep", &base, settings, done);
    deliver::deliver(results, &base, common, &arguments.deadline.asked(rule), study.manifest(true), &words(arguments))
}

/// The words of the command that are not common to all.
fn words(arguments: &SweepArguments) -> Vec<String> {
    let mut words: Vec<String> = arguments.vary.iter().flat_map(|axis| ["--vary".to_owned(), axis.clone()]).collect();
    words.extend(arguments.one_at_a_time.then(|| "--one-at-a-time".to_owned()));
    words.extend(arguments.precision.words());
    words.extend(arguments.deadline.words());
    words
}

/// The axes of the command line, or else of the scenario.
fn axes(arguments: &SweepArguments, base: &Loaded) -> Result<Vec<Axis>, Failure> {
    let mut axes = Vec::new();
    for text in &arguments.vary {
        axes.push(Axis::parse(text).map_err(Failure::Usage)?);
    }
    if axes.is_empty() {
        let declared = base.document.axes().iter();
        axes = declared.map(|axis| Axis { key: axis.key.clone(), values: axis.values.clone() }).collect();
    }
    if axes.is_empty() {
        return Err(Failure::Usage(format!(
            "nothing to vary: give --vary KEY=A,B,C, or add a table [sweep] to {}",
            arguments.common.scenario.display()
        )));
    }
    Ok(axes)
}

/// Prints the cases: name, and what each changes.
fn list(variants: &[Variant], as_json: bool) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    if as_json {
        let case = |variant: &Variant| {
            let set = variant.case.set.iter().map(|(key, value)| (key.clone(), json::toml_value(value)));
            json!({ "name": variant.name, "set": set.collect::<Map<String, Value>>() })
        };
        let cases: Vec<Value> = variants.iter().map(case).collect();
        let document = json!({ "format_version": json::FORMAT_VERSION, "command": "sweep", "cases": cases });
        stdout.write_all(json::text(&document).as_bytes())?;
    } else {
        let width = variants.iter().map(|variant| variant.name.len()).max().unwrap_or(0);
        for variant in variants {
            writeln!(stdout, "{:width$}  {}", variant.name, cases::words(&variant.case.set))?;
        }
    }
    Ok(stdout.flush()?)
}
