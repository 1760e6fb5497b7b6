//! Everything that charts and pages show: results, and what else belongs to them.

use crate::experiment::UnknownStage;
use crate::experiment::results::{CaseResult, Count, Results, Waits};
use crate::stats::{Band, Interval, PairedDifference};
use crate::time::Span;

use super::asked::Expectations;
use super::chart::{CASES_MAX, THIN_MAX};
use super::comparison::Compared;
use super::documented::{self, Documented};
use super::explained::Explained;
use super::sensitivity::{self, Effect};
use super::summary::CaseSummary;
use super::tables::bands;

/// Results as charts and pages need them: just computed, or read from a results folder.
#[derive(Clone, Debug)]
pub struct Study {
    /// The results.
    pub results: Results,
    /// The statistics of each case.
    pub cases: Vec<CaseSummary>,
    /// The cases with charts of their own: all of a few, of many the fastest, the slowest and the scenario as it
    /// stands.
    pub charted: Vec<usize>,
    /// By case and stage: how many were Ready, at each step of the curve; of the [charted](Self::charted) cases, else
    /// empty.
    pub bands: Vec<Vec<Vec<Band>>>,
    /// By case and stage: how many were Ready in replication 0; empty for stages that are no `DaemonSet`; of the same
    /// cases.
    pub counts: Vec<Vec<Vec<Count>>>,
    /// What is documented about these cases.
    pub documented: Vec<Documented>,
    /// By when everything is to be ready.
    pub deadline: Option<Span>,
    /// Differences between pairs of cases.
    pub differences: Vec<GoalDifference>,
    /// What each key does by itself, where cases change one each.
    pub effects: Vec<Effect>,
}

/// How much later one scenario is ready than another; the data of the comparison's chart.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalDifference {
    /// What is compared, in a few words.
    pub label: String,
    /// The mean in seconds; below zero if the second is faster.
    pub mean_s: f64,
    /// The lower end of its interval.
    pub low_s: Option<f64>,
    /// The upper end of its interval.
    pub high_s: Option<f64>,
    /// Whether pairs with the same random numbers were compared.
    pub paired: bool,
    /// In how many of so many pairs the second is sooner; absent without pairs.
    pub sooner: Option<(u32, u32)>,
    /// How many scale-ups would tell them apart, if mean and spread stay as they are.
    pub needed: Option<u64>,
}

impl GoalDifference {
    /// Of pairs with the same random numbers.
    pub fn of(label: String, paired: &PairedDifference) -> Self {
        let sooner = (paired.probability_b_smaller * paired.n as f64).round() as u32;
        Self {
            label,
            mean_s: paired.mean,
            low_s: paired.interval.map(|interval| interval.low),
            high_s: paired.interval.map(|interval| interval.high),
            paired: true,
            sooner: Some((sooner, paired.n as u32)),
            needed: paired.replications_to_resolve.filter(|_| !paired.resolved),
        }
    }

    /// Its interval.
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval { low: self.low_s?, high: self.high_s? })
    }
}

/// What stays in memory of the cases of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Everything.
    Whole,
    /// Everything but waits, and of cases without charts of their own what only those show.
    Shown,
    /// Of cases without charts of their own also no more replications than a chart draws one by one, however many there
    /// are: what is known of them stands in the summaries. Of a comparison as [`Shown`](Self::Shown).
    Summed,
}

/// What outputs of all cases need to know of one.
#[derive(Clone, Debug)]
pub struct Noted {
    summary: CaseSummary,
    documented: Result<Vec<Documented>, UnknownStage>,
}

impl Noted {
    /// Of the case with this number of the study with this head.
    pub fn of(head: &Results, number: usize, case: &CaseResult) -> Self {
        let documented = head.targets.as_ref().map_or(Ok(vec![]), |targets| documented::of_case(targets, number, case));
        Self { summary: CaseSummary::asked(case, &Expectations::of(head)), documented }
    }
}

/// A study that comes case by case.
#[derive(Clone, Debug)]
pub struct Gathered {
    results: Results,
    kept: Kept,
    cases: Vec<CaseSummary>,
    bands: Vec<Vec<Vec<Band>>>,
    counts: Vec<Vec<Vec<Count>>>,
    charted: Vec<usize>,
    documented: Result<Vec<Documented>, UnknownStage>,
    later: Vec<Option<PairedDifference>>,
}

impl Gathered {
    /// Nothing yet of the study with this head.
    pub fn new(head: Results, kept: Kept) -> Self {
        Self {
            results: Results { cases: vec![], ..head },
            kept,
            cases: vec![],
            bands: vec![],
            counts: vec![],
            charted: vec![],
            documented: Ok(vec![]),
            later: vec![],
        }
    }

    /// The study, with the cases that have come.
    pub const fn head(&self) -> &Results {
        &self.results
    }

    /// How many cases have come.
    pub const fn count(&self) -> usize {
        self.cases.len()
    }

    /// Adds the next case.
    pub fn add(&mut self, case: CaseResult) {
        let noted = Noted::of(&self.results, self.cases.len(), &case);
        self.add_noted(case, noted);
    }

    /// Adds the next case, of which this was noted.
    pub fn add_noted(&mut self, mut case: CaseResult, noted: Noted) {
        self.note(&case, noted);
        if self.kept != Kept::Whole {
            case.waits = Waits::default();
        }
        let last = self.results.cases.len();
        self.results.cases.push(case);
        let candidates: Vec<usize> = self.charted.iter().copied().chain([last]).collect();
        let charted = charted(&self.results, &self.cases, &candidates);
        self.counts.push(vec![]);
        self.bands.push(vec![]);
        if charted.contains(&last) {
            let case = &self.results.cases[last];
            let known = case.detail.as_ref().map(|detail| detail.counts.clone());
            self.counts[last] = known.unwrap_or_else(|| vec![Vec::new(); case.stages.len()]);
            self.bands[last] = bands(case);
        }
        for dropped in candidates.into_iter().filter(|number| !charted.contains(number)) {
            self.counts[dropped].clear();
            self.bands[dropped].clear();
            self.drop(dropped);
        }
        self.charted = charted;
    }

    fn note(&mut self, case: &CaseResult, Noted { summary, documented }: Noted) {
        self.cases.push(summary);
        match (&mut self.documented, documented) {
            (Ok(known), Ok(more)) => known.extend(more),
            (Ok(_), Err(unknown)) => self.documented = Err(unknown),
            (Err(_), _) => {}
        }
        let base = self.results.cases.first().filter(|base| base.set.is_empty() && case.set.len() == 1);
        self.later.push(base.and_then(|base| sensitivity::difference(base, case)));
    }

    /// Drops what is not to stay of a case without charts of its own.
    fn drop(&mut self, number: usize) {
        let case = &mut self.results.cases[number];
        if self.kept != Kept::Whole {
            case.drop_detail();
        }
        if self.kept == Kept::Summed && self.results.command != "compare" {
            case.replications.truncate(THIN_MAX);
            case.replications.shrink_to_fit();
            // Its summary has what the paths add up to.
            case.replications.iter_mut().for_each(|one| one.paths = Vec::new());
        }
    }

    /// The study.
    ///
    /// # Errors
    /// Where what is documented speaks of a stage that the scenario does not have.
    pub fn study(self) -> Result<Study, UnknownStage> {
        let Self { results, cases, bands, counts, charted, documented, later, .. } = self;
        let differences = if results.command == "compare" { Compared::of(&results).goal_differences() } else { vec![] };
        let (documented, deadline) = (documented?, results.deadline);
        let effects = sensitivity::effects(&results, &later);
        Ok(Study { results, cases, charted, bands, counts, documented, deadline, differences, effects })
    }
}

/// Of these candidates, the cases with charts of their own.
fn charted(results: &Results, cases: &[CaseSummary], candidates: &[usize]) -> Vec<usize> {
    if cases.len().max(results.cases_asked as usize) <= CASES_MAX {
        return candidates.to_vec();
    }
    let mut ranked = candidates.to_vec();
    rank(cases, &mut ranked);
    let mut chosen = vec![ranked[0], ranked[ranked.len() - 1]];
    chosen.extend(candidates.iter().copied().find(|number| is_unchanged(results, *number)));
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// Puts cases in order from the fastest to the slowest; those that are never ready come last.
fn rank(cases: &[CaseSummary], numbers: &mut [usize]) {
    let time = |number: usize| {
        let goal = cases[number].goal();
        goal.and_then(|goal| Some((goal.never, goal.ready.as_ref()?.mean))).unwrap_or((u32::MAX, f64::INFINITY))
    };
    numbers.sort_by(|a, b| {
        let (a, b) = (time(*a), time(*b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
}

/// Whether all keys of a case have the values of the scenario.
fn is_unchanged(results: &Results, number: usize) -> bool {
    results.cases[number].set.iter().all(|set| results.varied.contains(set))
}

impl Study {
    /// The cases from the fastest to the slowest; those that are never ready come last.
    pub fn ranked(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.cases.len()).collect();
        rank(&self.cases, &mut order);
        order
    }

    /// Why a case takes as long as it does, if that was asked for.
    pub fn explained(&self, number: usize) -> Option<Explained> {
        Explained::of(&self.results.cases[number], &self.cases[number].name)
    }

    /// The case in which all keys have the values of the scenario, if there is one.
    pub fn unchanged(&self) -> Option<usize> {
        (0..self.cases.len()).find(|number| is_unchanged(&self.results, *number))
    }

    /// Of results.
    ///
    /// # Errors
    /// Where what is documented speaks of a stage that the scenario does not have.
    pub fn of(mut results: Results) -> Result<Self, UnknownStage> {
        let cases = std::mem::take(&mut results.cases);
        let mut gathered = Gathered::new(results, Kept::Whole);
        for case in cases {
            gathered.add(case);
        }
        gathered.study()
    }
}
