//! `scaleup calibrate`: fit the free parameters to targets.

use crate::cli::args::{JsonArguments, QuietArguments, ReplicationsArguments, ScenarioArguments, TargetsArguments};
use crate::cli::failure::{Failure, both};
use crate::cli::output::{answer, document, print};
use crate::cli::precision::share;
use crate::cli::terminal::page;
use crate::cli::{cases, interrupt, number, progress};
use crate::experiment::{Calibration, Effort, Progress, calibrate as fit, hold_out, set_of};
use crate::report::chart::fit as fit_chart;
use crate::report::text::calibration;
use crate::report::words::percent;
use crate::report::{tables, write};
use crate::scenario::{Ensemble, Loaded, Setting, Targets, load_targets};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct CalibrateArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    #[command(flatten)]
    documented: TargetsArguments,
    /// Fit to the other sizes and predict this one; repeatable, each by a fit of its own
    #[arg(long, value_name = "NODES")]
    hold_out: Vec<u32>,
    /// Write a scenario with the fitted values
    #[arg(long, value_name = "FILE", conflicts_with = "hold_out")]
    out: Option<PathBuf>,
    /// Write plausible sets of parameters, for `run --ensemble`
    #[arg(long, value_name = "FILE", conflicts_with = "hold_out")]
    ensemble: Option<PathBuf>,
    /// Draw what is documented beside what the values before and the fitted ones come to: an SVG or PNG file, by its
    /// ending
    #[arg(long, value_name = "FILE", conflicts_with = "hold_out", value_parser = picture)]
    chart: Option<PathBuf>,
    /// Sets of values to try with all replications, about, or the work of so many
    #[arg(long, value_name = "N", default_value = "300", value_parser = number::evaluations)]
    evaluations: NonZeroUsize,
    /// How far off the model itself may be, in % of what it predicts, as a standard deviation.
    /// Values that miss a target by more than three standard deviations are ruled out; if all that
    /// were tried are, the answer says so, and the exit code is 3
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = share)]
    discrepancy: f64,
    #[command(flatten)]
    replications: ReplicationsArguments<20>,
    #[command(flatten)]
    json: JsonArguments,
    #[command(flatten)]
    quiet: QuietArguments,
}

impl CalibrateArguments {
    /// One file cannot hold both of what is written.
    fn refuse_one_file_for_both(&self) -> Result<(), Failure> {
        let [out, ensemble] = [&self.out, &self.ensemble].map(|file| file.as_deref().map(whole_path));
        match (out, ensemble, &self.out) {
            (Some(Ok(out)), Some(Ok(ensemble)), Some(named)) if out == ensemble => Err(Failure::Usage(format!(
                "--out and --ensemble both name {}; give each a file of its own",
                named.display()
            ))),
            _ => Ok(()),
        }
    }
}

pub(crate) fn calibrate(arguments: &CalibrateArguments) -> Result<(), Failure> {
    arguments.refuse_one_file_for_both()?;
    let base = cases::read(&arguments.of);
    let (base, targets) = both(base, load_targets(&arguments.documented.targets))?;
    let settings = arguments.replications.settings();
    let effort = Effort { settings, evaluations: arguments.evaluations.get(), discrepancy: arguments.discrepancy };
    let fits = arguments.hold_out.len().max(1) * effort.evaluations;
    let bar = progress::bar(targets.sizes().len() * fits, settings.replications);
    interrupt::keep_what_is_done(None);
    let (done, stopped) = (|| bar.inc(1), interrupt::stopped);
    let progress = Progress { done: &done, stopped: &stopped };
    let name = &base.scenario.name;
    let mut fits_none = false;
    let text = if arguments.hold_out.is_empty() {
        let found = fit(&base.document, &targets, effort, progress)?;
        bar.finish_and_clear();
        keep(arguments, &base, &targets, &found)?;
        fits_none = found.no_fit.is_some();
        if arguments.json.asked() {
            document("calibrate", &base, Some(settings.seed), &tables::calibration(&found, settings.replications))
        } else {
            calibration::text(name, &found, page().width)
        }
    } else {
        let held = arguments.hold_out.iter();
        let held: Result<Vec<_>, _> =
            held.map(|&nodes| hold_out(&base.document, &targets, nodes, effort, progress)).collect();
        bar.finish_and_clear();
        let held = held?;
        if arguments.json.asked() {
            document("calibrate", &base, Some(settings.seed), &tables::predictions(&held, settings.replications))
        } else {
            calibration::held_out(name, &held, page().width)
        }
    };
    if arguments.json.asked() {
        print(&text)?;
    } else {
        answer(&text, &arguments.quiet)?;
    }
    if fits_none { Err(Failure::NotMet) } else { Ok(()) }
}

/// A file whose ending says how a picture is written.
fn picture(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    let is_picture = is_png(&file) || file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    if is_picture { Ok(file) } else { Err("must end in .svg or .png, such as fit.svg".to_owned()) }
}

fn is_png(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"))
}

/// A path without links and detours; its file need not be there.
fn whole_path(path: &Path) -> std::io::Result<PathBuf> {
    std::fs::canonicalize(path).or_else(|_| {
        let absolute = std::path::absolute(path)?;
        let folder = absolute.parent().map(std::fs::canonicalize).transpose()?.unwrap_or_default();
        Ok(folder.join(absolute.file_name().unwrap_or_default()))
    })
}

/// Writes the files that were asked for.
fn keep(arguments: &CalibrateArguments, base: &Loaded, targets: &Targets, found: &Calibration) -> Result<(), Failure> {
    if let Some(out) = &arguments.out {
        let set = set_of(&base.document, &found.fitted);
        let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("calibrate", key, value)).collect();
        let fitted = base.document.with(&settings)?.document;
        let keys: Vec<&str> = found.free.iter().map(|free| free.key.as_str()).collect();
        let source =
            format!("calibrated with seed {} to: {}", arguments.replications.settings().seed, targets.description);
        let name = format!("{}-fitted", base.scenario.name);
        let changed: Vec<Setting> = arguments.of.changes().into_iter().map(|one| Setting::new("--set", one)).collect();
        let text = fitted.fitted_toml(&extends(&arguments.of.scenario, out), &name, (&keys, &source), &changed);
        write::whole(out, text.as_bytes())?;
    }
    if let Some(file) = &arguments.chart
        && let Some(chart) = fit_chart::chart(&base.scenario.name, found)
    {
        let bytes = if is_png(file) { chart.png() } else { chart.svg().into_bytes() };
        write::whole(file, &bytes)?;
    }
    if let Some(file) = &arguments.ensemble {
        let plausible = &found.plausible;
        let sizes = targets.sizes();
        let description = if plausible.level == 0.0 {
            format!("sets that met every target of: {}", targets.description)
        } else {
            format!(
                "sets with a misfit up to {:.3}, with a discrepancy of {}; none met every target of: {}",
                plausible.level,
                percent(found.discrepancy),
                targets.description
            )
        };
        let ensemble = Ensemble {
            scenario: base.scenario.name.clone(),
            description,
            calibrated_nodes: (sizes[0], sizes[sizes.len() - 1]),
            sets: plausible.sets.iter().map(|values| set_of(&base.document, values)).collect(),
        };
        write::whole(file, ensemble.to_toml().as_bytes())?;
    }
    Ok(())
}

/// How a file written to `out` names the scenario: by its name beside it or from a folder above it, or in full.
fn extends(scenario: &Path, out: &Path) -> String {
    let folder = out.parent().unwrap_or(Path::new(""));
    let beside = scenario.strip_prefix(folder).ok().filter(|_| scenario.is_relative() || folder.is_absolute());
    let built_in = || scenario.strip_prefix("scenarios").unwrap_or(scenario).to_owned();
    let path = match beside {
        _ if !scenario.exists() => built_in(),
        Some(beside) => beside.to_owned(),
        None => std::fs::canonicalize(scenario).unwrap_or_else(|_| scenario.to_owned()),
    };
    path.display().to_string()
}
