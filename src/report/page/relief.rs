//! The section of the page that says what would help: what relief of each resource brings, or the command that finds
//! it.

use crate::report::explained::{Explained, then_binds};
use crate::report::folder::Folder;
use crate::report::table::people::People;
use crate::report::tables::{self, Of};
use crate::report::words::{duration, plural, slug};

use super::section::shown;

/// Of more cases than this, the command explains the scenario as it stands.
const CASES_MAX: usize = 3;
/// So many steps of each case are told in a line.
const TOLD: usize = 3;

/// What relief brings, as the template needs it.
pub struct Relieved {
    /// By one step that helps.
    pub steps: People,
    /// By one that does not.
    pub others: People,
    /// By more and less than a step.
    pub curve: People,
    /// By two steps at once.
    pub pairs: People,
    /// What the shared resources had to do.
    pub resources: People,
    /// What it is.
    pub note: String,
}

impl Relieved {
    /// Of the cases with their names; `None` where none was explained.
    pub fn of(cases: &[Of<'_>], names: &[String]) -> Option<Self> {
        let explained = explained(cases);
        let replications = explained.iter().map(|case| case.why.replications).max()?;
        let names_explained: Vec<String> = explained.iter().map(|case| case.name.clone()).collect();
        let all = plural(replications.into(), "scale-up");
        let note = format!(
            "Each row changes one key by a step that could be bought, and simulates {} again with the same random \
             numbers; \u{201c}sooner by\u{201d} with its 95 % interval, the largest first.",
            if replications == 1 { "the scale-up".to_owned() } else { format!("the {all}") }
        );
        Some(Self {
            steps: shown(&tables::together(cases, |case| tables::steps_that_help(case, true)), names),
            others: shown(&tables::together(cases, |case| tables::steps_that_help(case, false)), names),
            curve: shown(&tables::relief_curve(&explained), &names_explained),
            pairs: shown(&tables::pairs_of_steps(&explained), &names_explained),
            resources: shown(&tables::together(cases, tables::resources_used), names),
            note,
        })
    }
}

fn explained(cases: &[Of<'_>]) -> Vec<Explained> {
    cases.iter().filter_map(|case| Explained::of(case.result, &case.summary.name)).collect()
}

/// `300 nodes: volume.shared.servers = 2: 3m 34s sooner, then the work of rok-operator binds`, for what helps most, as
/// far as is known.
pub fn helps(cases: &[Of<'_>]) -> Vec<String> {
    let of = |case: Explained| {
        let (name, several) = (case.name.clone(), cases.len() > 1);
        let told = case.why.reliefs.into_iter().filter_map(move |relief| {
            let gain = relief.gain.filter(|gain| gain.resolved && gain.mean > 0.0)?;
            let next = relief.next.as_ref().map_or(String::new(), then_binds);
            let sooner = duration(gain.mean);
            Some(format!("{}: {sooner} sooner{next}", tables::changed_key(&relief.lever)))
        });
        told.take(TOLD).map(|line| if several { format!("{name}: {line}") } else { line }).collect::<Vec<_>>()
    };
    explained(cases).into_iter().flat_map(of).collect()
}

/// The command that finds what would help, and the one that makes a page of it; `None` where it cannot be told.
pub fn command(folder: &Folder) -> Option<String> {
    let study = &folder.study.results;
    let words = shlex::split(&study.command_line)?;
    // A label may stand before it.
    let scenario = words.iter().skip(2).find(|word| !word.ends_with(':')).filter(|word| !word.starts_with('-'))?;
    let mut command = vec!["scaleup".to_owned(), "explain".to_owned(), scenario.clone()];
    for setting in &study.settings {
        command.extend(["--set".to_owned(), setting.clone()]);
    }
    let mut axes: Vec<(String, Vec<String>)> = Vec::new();
    if study.command == "sweep" && study.cases.len() <= CASES_MAX {
        for (key, value) in study.cases.iter().flat_map(|case| &case.set) {
            match axes.iter_mut().find(|(known, _)| known == key) {
                Some((_, values)) if values.contains(value) => {}
                Some((_, values)) => values.push(value.clone()),
                None => axes.push((key.clone(), vec![value.clone()])),
            }
        }
    }
    for (key, values) in axes {
        command.extend(["--vary".to_owned(), format!("{key}={}", values.join(","))]);
    }
    let out = format!("output/{}-explained", slug(&study.scenario));
    command.extend(["--seed".to_owned(), study.seed.to_string(), "--out".to_owned(), out.clone()]);
    let quoted = |words: &[String]| shlex::try_join(words.iter().map(String::as_str)).ok();
    Some(format!("{}\n{}", quoted(&command)?, quoted(&["scaleup".to_owned(), "report".to_owned(), out])?))
}
