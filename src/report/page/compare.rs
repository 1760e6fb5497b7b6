//! Several results folders held against the first one.

use crate::experiment::results::Results;
use crate::report::folder::Folder;
use crate::report::sensitivity;
use crate::report::study::{GoalDifference, Study};
use crate::report::summary::CaseSummary;
use crate::stats::Summary;

/// What several folders have in common, and the differences between them.
#[derive(Clone, Debug)]
pub struct FoldersCompared {
    /// All cases of all folders as one study, with the differences to the first folder.
    pub study: Study,
    /// Cases without one of the same size in the first folder.
    pub alone: Vec<String>,
}

/// Names of folders: their scenarios', or their paths where two have the same.
pub fn names(folders: &[Folder]) -> Vec<String> {
    let scenario = |folder: &Folder| folder.study.results.scenario.clone();
    let unique = |name: &str| folders.iter().filter(|folder| scenario(folder) == name).count() == 1;
    let path = |folder: &Folder| folder.path.display().to_string().trim_end_matches('/').to_owned();
    folders.iter().map(|folder| if unique(&scenario(folder)) { scenario(folder) } else { path(folder) }).collect()
}

impl FoldersCompared {
    /// Of folders, all held against the first.
    pub fn of(folders: &[Folder]) -> Self {
        let names = names(folders);
        let (mut differences, mut alone) = (Vec::new(), Vec::new());
        let first = &folders[0];
        for (folder, name) in folders.iter().zip(&names).skip(1) {
            for (place, case) in folder.study.cases.iter().enumerate() {
                let label = format!("{name} against {}, {}", names[0], case.name);
                let partner = partner(&first.study, case);
                match partner.and_then(|partner| difference(label, first, partner, folder, place)) {
                    Some(difference) => differences.push(difference),
                    None => alone.push(format!("{name}, {}", case.name)),
                }
            }
        }
        let mut study = together(folders, &names);
        study.differences = differences;
        Self { study, alone }
    }

    /// Which cases have no partner.
    pub fn note(&self) -> String {
        if self.alone.is_empty() {
            return String::new();
        }
        format!("Without a case of the same size in the first study, or never ready: {}.", self.alone.join("; "))
    }
}

/// The case of a study with the same size: the one with the same changes, or else the only one.
fn partner(study: &Study, case: &CaseSummary) -> Option<usize> {
    let same_set =
        study.cases.iter().position(|other| other.set == case.set && other.target_nodes == case.target_nodes);
    let same_size: Vec<usize> =
        (0..study.cases.len()).filter(|place| study.cases[*place].target_nodes == case.target_nodes).collect();
    same_set.or(if let [only] = same_size[..] { Some(only) } else { None })
}

/// How much later a case of `second` is ready than its partner of `first`.
fn difference(label: String, first: &Folder, partner: usize, second: &Folder, place: usize) -> Option<GoalDifference> {
    let (a, b) = (&first.study.results.cases[partner], &second.study.results.cases[place]);
    let paired = first.study.results.seed == second.study.results.seed && a.replications.len() == b.replications.len();
    if paired {
        return Some(GoalDifference::of(label, &sensitivity::difference(a, b)?));
    }
    let ready = |folder: &Folder, place: usize| -> Option<Summary> { folder.study.cases[place].goal()?.ready };
    let (a, b) = (ready(first, partner)?, ready(second, place)?);
    let half = |summary: &Summary| Some(summary.ci95_high? - summary.mean);
    // The variances of independent means add up.
    let (mean_s, half) = (b.mean - a.mean, half(&a).zip(half(&b)).map(|(a, b)| libm::hypot(a, b)));
    let [low_s, high_s] = [-1.0, 1.0].map(|side| half.map(|half| mean_s + side * half));
    Some(GoalDifference { label, mean_s, low_s, high_s, paired, sooner: None, needed: None })
}

/// All cases of all folders, told apart by their study.
fn together(folders: &[Folder], names: &[String]) -> Study {
    let first = &folders[0].study.results;
    let mut all = Results { command: "report".to_owned(), targets: None, cases: vec![], ..first.clone() };
    for (folder, name) in folders.iter().zip(names) {
        for case in &folder.study.results.cases {
            let mut case = case.clone();
            case.set.push(("study".to_owned(), format!("{name:?}")));
            all.cases.push(case);
        }
    }
    all.scenario = names.join(", ");
    Study::of(all).expect("nothing is documented about several studies")
}
