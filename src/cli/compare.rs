//! `scaleup compare`: scenarios against each other, with the same random numbers.

use crate::cli::args::{JsonArguments, NodesArguments, OutArguments, QuietArguments, ReplicationsArguments, setting};
use crate::cli::complete;
use crate::cli::deliver::How;
use crate::cli::failure::{Failure, all};
use crate::cli::output::note;
use crate::cli::precision::PrecisionArguments;
use crate::cli::shard::ShardArguments;
use crate::cli::sharded::Sharded;
use crate::cli::{cases, command_line, deliver, interrupt, progress};
use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Case, Comparison, Progress, Series, WorkerPool};
use crate::report::folder::Owner;
use crate::report::words::slug;
use crate::scenario::{BUILT_IN, Loaded, is_pattern};
use clap::{ArgMatches, Args, Command, FromArgMatches};
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};

/// The arguments as clap reads them; which belongs to which side follows from their order.
#[derive(Clone, Debug, Args)]
struct Given {
    /// Scenario files, or names of those that come with the program; all others are held against the first
    ///
    /// `'what-if-*'` stands for all of such names, and - for a scenario on standard input. A word that ends in a
    /// colon is no scenario but a label: what the side that follows is called.
    #[arg(value_name = "SCENARIO", add = ArgValueCompleter::new(complete::scenarios))]
    scenarios: Vec<PathBuf>,
    /// Change a scenario key; before the first --versus of all scenarios, after it of that side only; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting, add = ArgValueCompleter::new(complete::settings))]
    set: Vec<String>,
    #[command(flatten)]
    nodes: NodesArguments,
    /// Begin another side: the first scenario, or one named here, with the settings that follow; repeatable
    ///
    /// A label can stand first: `--versus "two servers:" --set volume.shared.servers=2`.
    #[arg(long, num_args = 0, action = clap::ArgAction::Append, default_missing_value = "true")]
    versus: Vec<bool>,
    #[command(flatten)]
    options: Options,
}

#[derive(Clone, Debug, Args)]
struct Options {
    #[command(flatten)]
    replications: ReplicationsArguments<100>,
    #[command(flatten)]
    precision: PrecisionArguments,
    #[command(flatten)]
    out: OutArguments,
    #[command(flatten)]
    json: JsonArguments,
    #[command(flatten)]
    quiet: QuietArguments,
    #[command(flatten)]
    shard: ShardArguments,
}

/// The first scenario, if none is named.
const DEFAULT: &str = "scenarios/ekf.toml";

/// The arguments of `scaleup compare`.
#[derive(Clone, Debug)]
pub(crate) struct CompareArguments {
    sides: Vec<Side>,
    /// Settings of all sides.
    common: Vec<String>,
    options: Options,
}

/// One side of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Side {
    /// What its user calls it.
    label: Option<String>,
    scenario: PathBuf,
    /// Its own settings.
    set: Vec<String>,
}

impl Side {
    /// Says how to write a label where a word with settings is no scenario.
    fn say_how_to_label(&self) {
        let word = self.scenario.display().to_string();
        let is_word = !word.contains(['/', '.', '*', '?']) && word != "-";
        if is_word && !self.set.is_empty() && !self.scenario.exists() && BUILT_IN.find(&self.scenario).is_none() {
            note(&format!("note: {word} is taken for a scenario; a label ends in a colon: --versus {word}: --set ..."));
        }
    }
}

impl Args for CompareArguments {
    fn augment_args(command: Command) -> Command {
        Given::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Given::augment_args_for_update(command)
    }
}

impl FromArgMatches for CompareArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let places = |name: &str| -> Vec<usize> {
            // Defaults have places too.
            let given = matches.value_source(name) == Some(clap::parser::ValueSource::CommandLine);
            matches.indices_of(name).filter(|_| given).map(Iterator::collect).unwrap_or_default()
        };
        let (scenarios, set, versus) = (places("scenarios"), places("set"), places("versus"));
        let given = Given::from_arg_matches(matches)?;
        Ok(Self::sort(given, &scenarios, &set, &versus))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl CompareArguments {
    /// Sorts scenarios and settings to the sides that they stand in, by their places on the command line.
    fn sort(given: Given, scenarios: &[usize], set: &[usize], versus: &[usize]) -> Self {
        let block = |place: &usize| versus.iter().filter(|versus| *versus < place).count();
        let in_block = |number: usize| {
            let scenarios = scenarios.iter().zip(&given.scenarios).filter(move |(place, _)| block(place) == number);
            let set = set.iter().zip(&given.set).filter(move |(place, _)| block(place) == number);
            let scenarios: Vec<PathBuf> = scenarios.map(|(_, scenario)| scenario.clone()).collect();
            let set: Vec<String> = set.map(|(_, set)| set.clone()).collect();
            (scenarios, set)
        };
        let (first, mut common) = in_block(0);
        common.splice(0..0, given.nodes.change());
        let mut sides = labelled(first, Path::new(DEFAULT), &[]);
        for number in 1..=versus.len() {
            let (named, set) = in_block(number);
            let base = sides[0].scenario.clone();
            sides.extend(labelled(named, &base, &set));
        }
        Self { sides, common, options: given.options }
    }

    /// The command as it can be typed again.
    fn words(&self) -> Vec<String> {
        let set =
            |set: &[String]| -> Vec<String> { set.iter().flat_map(|set| ["--set".to_owned(), set.clone()]).collect() };
        let mut words = vec!["scaleup".to_owned(), "compare".to_owned()];
        for (number, side) in self.sides.iter().enumerate() {
            words.extend((number > 0).then(|| "--versus".to_owned()));
            words.extend(side.label.as_ref().map(|label| format!("{label}:")));
            words.push(side.scenario.display().to_string());
            words.extend(set(if number == 0 { &self.common } else { &side.set }));
        }
        words.extend(self.options.precision.words());
        words.extend(self.options.replications.words());
        words
    }
}

/// The sides of a part of the command line: its scenarios, else the `base`, each after its label if it has one.
fn labelled(named: Vec<PathBuf>, base: &Path, set: &[String]) -> Vec<Side> {
    let mut sides = Vec::new();
    let mut label = None;
    let side = |label, scenario| Side { label, scenario, set: set.to_vec() };
    for word in named {
        match word.to_str().and_then(|word| word.strip_suffix(':')) {
            Some(before) => label = Some(before.to_owned()),
            None => sides.push(side(label.take(), word)),
        }
    }
    if sides.is_empty() || label.is_some() {
        sides.push(side(label, base.to_owned()));
    }
    sides
}

/// The sides with patterns replaced by the scenarios that they stand for, each once.
fn spelled_out(sides: &[Side]) -> Vec<Side> {
    let mut all: Vec<Side> = Vec::new();
    for side in sides {
        let pattern = side.scenario.to_str().filter(|name| is_pattern(name) && !side.scenario.exists());
        let like = pattern.map(|pattern| BUILT_IN.matching(pattern)).unwrap_or_default();
        let one = |name: &str| Side { scenario: PathBuf::from(name), ..side.clone() };
        // A pattern for nothing is told as a scenario that there is not.
        let there = |one: &Side| all.iter().any(|known| same(&known.scenario, &one.scenario) && known.set == one.set);
        let spelled: Vec<Side> = like.iter().map(|name| one(name)).filter(|one| !there(one)).collect();
        all.extend(if like.is_empty() { vec![side.clone()] } else { spelled });
    }
    all
}

/// Whether two names lead to the same scenario that comes with the program.
fn same(one: &Path, other: &Path) -> bool {
    one == other || BUILT_IN.find(one).is_some_and(|found| BUILT_IN.find(other) == Some(found))
}

pub(crate) fn compare(given: &CompareArguments) -> Result<(), Failure> {
    let arguments = &CompareArguments { sides: spelled_out(&given.sides), ..given.clone() };
    if arguments.sides.len() < 2 {
        return Err(Failure::Usage(
            "a comparison needs two sides: name another scenario, or write --versus --set KEY=VALUE".to_owned(),
        ));
    }
    arguments.sides.iter().for_each(Side::say_how_to_label);
    let loaded = all(arguments.sides.iter().map(|side| {
        let set: Vec<String> = arguments.common.iter().chain(&side.set).cloned().collect();
        cases::read_scenario(&side.scenario, &set)
    }))?;
    let options = &arguments.options;
    let settings = options.replications.settings();
    let study = Results {
        command: "compare".to_owned(),
        command_line: command_line::quoted(&arguments.words()),
        settings: arguments.common.clone(),
        seed: settings.seed,
        replications: settings.replications,
        precision: options.precision.rule(options.replications.replications)?,
        cases_asked: loaded.len() as u32,
        ..deliver::of_scenario(&loaded[0])
    };
    let names = names(&arguments.sides, &loaded);
    let folder = options.out.out.clone().unwrap_or_else(|| default_folder(&names));
    if options.shard.emit(&study, &folder)? {
        return Ok(());
    }
    let cases = cases_of(&loaded, &names);
    let sharded = Sharded { cases: &cases, settings, study: &study };
    if let Some(shard) = options.shard.shard()? {
        interrupt::keep_what_is_done(options.shard.time_budget);
        return sharded.simulate(shard, options.shard.round.get(), &folder);
    }
    let owner = Owner::of(&folder, &study.command_line)?;
    let side = |number: usize, case: CaseResult| CaseResult {
        // Its changes are those of its scenario.
        set: vec![("scenario".to_owned(), format!("{:?}", names[number]))],
        scenario: names[number].clone(),
        description: describe(&arguments.sides[number], &loaded[number]),
        scenario_toml: Some(loaded[number].document.to_toml()),
        ..case
    };
    let workers = WorkerPool::new(settings.threads, settings.seed)?;
    let draft = if options.shard.merge {
        sharded.merge(&owner, options.shard.shards(), &workers, side)?
    } else {
        options.shard.refuse_alone()?;
        owner.clear()?;
        let simulated = simulate(&cases, &names, &study, &workers);
        let mut draft = owner.draft(&study)?;
        simulated.into_iter().enumerate().try_for_each(|(number, case)| draft.add(side(number, case)))?;
        draft
    };
    deliver::deliver(&owner, draft, &loaded[0], How { json: &options.json, quiet: &options.quiet }, &workers)
}

/// Each side as a case, with a name for files.
fn cases_of(loaded: &[Loaded], names: &[String]) -> Vec<Case> {
    let numbered = loaded.iter().zip(names).enumerate();
    let case = |(number, (loaded, name)): (usize, (&Loaded, &String))| Case {
        name: format!("{number}-{}", slug(name)),
        ..Case::new(Vec::new(), loaded).following_paths()
    };
    numbered.map(case).collect()
}

fn simulate(cases: &[Case], names: &[String], study: &Results, workers: &WorkerPool) -> Vec<CaseResult> {
    let rule = study.precision;
    let looks: Vec<u32> = rule.map_or_else(|| vec![study.replications], |rule| rule.looks().collect());
    let bar = progress::bar(cases.len(), looks[0]);
    let progress = Progress { done: &|| bar.inc(1), stopped: &|| false };
    let mut series: Vec<Series<'_>> = cases.iter().map(Series::new).collect();
    for look in looks {
        workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), look, progress);
        let sides: Vec<_> = series.iter().map(|series| (series.stages(), series.replications())).collect();
        if rule.is_none_or(|rule| Comparison::shortfall_of(names, &sides, rule).is_none()) {
            break;
        }
    }
    bar.finish_and_clear();
    series.into_iter().map(Series::finish).collect()
}

/// What to call the sides: the settings of one that has some, else its scenario's name; made different by the file's
/// name, or else by numbers.
fn names(sides: &[Side], loaded: &[Loaded]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (side, loaded) in sides.iter().zip(loaded) {
        let scenario = &loaded.scenario.name;
        let name = match (&side.label, side.set.is_empty(), side.scenario == sides[0].scenario) {
            (Some(label), ..) => label.clone(),
            (None, true, _) => scenario.clone(),
            (None, false, true) => side.set.join(" "),
            (None, false, false) => format!("{scenario} {}", side.set.join(" ")),
        };
        let number = (2..).map(|number| format!("{name} ({number})"));
        let file = Some(side.scenario.display().to_string()).filter(|_| side.scenario != sides[0].scenario);
        let free = [name.clone()].into_iter().chain(file).chain(number).find(|name| !names.contains(name));
        names.extend(free);
    }
    names
}

fn describe(side: &Side, loaded: &Loaded) -> String {
    if side.set.is_empty() { loaded.scenario.description.clone() } else { String::new() }
}

/// `output/compare-ekf-io1`, or of more than two `output/compare-ekf-and-9-others`.
fn default_folder(names: &[String]) -> PathBuf {
    let name = match names {
        [first, second] => format!("{first}-{second}"),
        [first, others @ ..] => format!("{first}-and-{}-others", others.len()),
        [] => String::new(),
    };
    Path::new("output").join(slug(&format!("compare-{name}")))
}

#[cfg(test)]
mod tests {
    use crate::cli::args::{Arguments, Command};
    use clap::Parser;

    /// Each side as `scenario set set`, and the settings of all.
    fn sides(line: &str) -> (Vec<String>, String) {
        let arguments = Arguments::try_parse_from(format!("scaleup compare {line}").split(' ')).expect("it parses");
        let Command::Compare(arguments) = arguments.command else { unreachable!("it is compare") };
        let side = |side: &super::Side| {
            let label = side.label.as_ref().map_or(String::new(), |label| format!("{label}: "));
            format!("{label}{} {}", side.scenario.display(), side.set.join(" ")).trim().to_owned()
        };
        (arguments.sides.iter().map(side).collect(), arguments.common.join(" "))
    }

    #[test]
    fn settings_belong_to_the_side_they_stand_in() {
        let expect = |line: &str, expected: &[&str], common: &str| {
            let (sides, all) = sides(line);
            assert_eq!(
                (sides.as_slice(), all.as_str()),
                (&expected.iter().map(|&side| side.to_owned()).collect::<Vec<_>>()[..], common)
            );
        };
        expect("a b c", &["a", "b", "c"], "");
        expect("a b --set k=1", &["a", "b"], "k=1");
        expect("--set k=1 a --seed 3 --versus --set k=2 --set l=3", &["a", "a k=2 l=3"], "k=1");
        expect("a --versus --set k=2 --versus --set k=3", &["a", "a k=2", "a k=3"], "");
        expect("a --versus b --set k=2 --versus", &["a", "b k=2", "a"], "");
        expect("--versus --set k=2", &["scenarios/ekf.toml", "scenarios/ekf.toml k=2"], "");
        expect("a", &["a"], "");
        expect("now: a --versus fast: --set k=2 --versus b", &["now: a", "fast: a k=2", "b"], "");
        expect(
            "now: --set k=1 --versus fast: b c --set k=2",
            &["now: scenarios/ekf.toml", "fast: b k=2", "c k=2"],
            "k=1",
        );
    }
}
