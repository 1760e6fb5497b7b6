//! Which part of a study a process does: the options of `sweep` and `compare` that divide their work.

use crate::cli::emit::{BatchSystem, Division};
use crate::cli::failure::Failure;
use crate::cli::output::{note, print};
use crate::cli::precision::length;
use crate::experiment::SHARDS_MAX;
use crate::experiment::results::Results;
use crate::time::Span;
use clap::Args;
use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::str::FromStr;

/// A shard: its number from 0, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(crate) number: u32,
    pub(crate) of: u32,
}

impl fmt::Display for Shard {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "shard {} of {}", self.number, self.of)
    }
}

/// A shard as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// By its number.
    Given(Shard),
    /// The one that the environment names.
    Auto,
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if number < of && of <= SHARDS_MAX => Ok(Self::Given(Shard { number, of })),
            _ => Err(format!("write I/N with 0 <= I < N <= {SHARDS_MAX}, such as 0/16, or auto")),
        }
    }
}

/// How the work is divided, and what of it is done here.
#[derive(Clone, Debug, Args)]
pub(crate) struct ShardArguments {
    /// Divide the work among N processes, each started with --shard; with --list, show how
    #[arg(long, value_name = "N", value_parser = shards)]
    pub(crate) shards: Option<NonZeroU32>,
    /// Simulate only shard I of N, counted from 0, and keep it in the results folder for --merge
    ///
    /// `auto` takes the number from the first of these variables that is set: `SLURM_ARRAY_TASK_ID`,
    /// `JOB_COMPLETION_INDEX` (Kubernetes), `AWS_BATCH_JOB_ARRAY_INDEX`, `PARALLEL_SEQ` (GNU parallel, from 1). How
    /// many shards there are says --shards, or on AWS Batch `AWS_BATCH_JOB_ARRAY_SIZE`. What is kept already is not
    /// simulated again.
    #[arg(long, value_name = "I/N|auto", conflicts_with_all = ["merge", "json"])]
    pub(crate) shard: Option<Asked>,
    /// Make the study of what the shards have kept; what is missing is listed, and the exit code is 4
    #[arg(long)]
    pub(crate) merge: bool,
    /// Print a script or a manifest that does both on a scheduler, to be edited where it says EDIT
    #[arg(long, value_name = "SCHEDULER", requires = "shards", conflicts_with_all = ["shard", "merge", "json"])]
    pub(crate) emit: Option<BatchSystem>,
    /// With --precision, the round that a shard simulates, as --merge asked for it
    #[arg(long, value_name = "K", default_value_t = NonZeroU32::MIN, requires = "shard")]
    pub(crate) round: NonZeroU32,
    /// Stop after this time as if told to end: keep what is done, with exit code 130
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(crate) time_budget: Option<Span>,
}

impl ShardArguments {
    /// How many shards there are, if that is said.
    pub(crate) fn shards(&self) -> Option<u32> {
        self.shards.map(NonZeroU32::get)
    }

    /// Prints what a scheduler takes, if that is asked for; whether it was.
    pub(crate) fn emit(&self, study: &Results, folder: &Path) -> Result<bool, Failure> {
        let (Some(scheduler), Some(shards)) = (self.emit, self.shards()) else { return Ok(false) };
        if scheduler == BatchSystem::AwsBatch && shards < 2 {
            let problem = "an array of AWS Batch has at least 2 jobs; give --shards 2 or more";
            return Err(Failure::Usage(problem.to_owned()));
        }
        let command = &study.command_line;
        let division = Division { command, shards, folder, has_rounds: study.precision.is_some() };
        print(&division.text(scheduler)).map(|()| true)
    }

    /// Refuses a number of shards where nothing is divided.
    pub(crate) fn refuse_alone(&self) -> Result<(), Failure> {
        match self.shards {
            Some(_) => Err(Failure::Usage(
                "--shards says how work is divided; add --shard to do a part of it, --merge to put it together, \
                 --list to see it, or --emit for a script"
                    .to_owned(),
            )),
            None => Ok(()),
        }
    }

    /// The shard to simulate, if it is only one.
    pub(crate) fn shard(&self) -> Result<Option<Shard>, Failure> {
        let shards = self.shards();
        match self.shard {
            None => Ok(None),
            Some(Asked::Given(shard)) => match shards {
                Some(of) if of != shard.of => Err(Failure::Usage(format!(
                    "--shard says {} shards, and --shards {of}; give one of them",
                    shard.of
                ))),
                _ => Ok(Some(shard)),
            },
            Some(Asked::Auto) => {
                let found = find(|name| std::env::var(name).ok(), shards).map_err(Failure::Usage)?;
                note(&format!("note: {}={} is {}", found.variable, found.value, found.shard));
                Ok(Some(found.shard))
            }
        }
    }
}

/// A way in which an array of jobs numbers its tasks.
struct Array {
    variable: &'static str,
    first: u32,
    /// The variable that says how many tasks the array has, however few of them are started again.
    ///
    /// Slurm's `SLURM_ARRAY_TASK_COUNT` is none: it counts the tasks that are submitted together, which are few where
    /// some are submitted again.
    size: Option<&'static str>,
    /// How to number them from 0.
    remedy: &'static str,
}

/// In the order in which they are looked for.
///
/// Sources: sbatch(1), "Output environment variables"; Kubernetes, "Indexed Job for Parallel Processing"; AWS Batch
/// User Guide, "Job environment variables"; parallel(1), `PARALLEL_SEQ`.
const ARRAYS: [Array; 4] = [
    Array { variable: "SLURM_ARRAY_TASK_ID", first: 0, size: None, remedy: "submit with --array=0-" },
    Array { variable: "JOB_COMPLETION_INDEX", first: 0, size: None, remedy: "number the completions 0 to " },
    Array {
        variable: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: 0,
        size: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        remedy: "number the array 0 to ",
    },
    Array { variable: "PARALLEL_SEQ", first: 1, size: None, remedy: "or write --shard {}/N with {} from 0 to " },
];

/// A shard that the environment names.
#[derive(Debug, PartialEq, Eq)]
struct NamedShard {
    shard: Shard,
    variable: &'static str,
    value: String,
}

/// The shard that the environment names; `shards` are those of the command line.
fn find(environment: impl Fn(&str) -> Option<String>, shards: Option<u32>) -> Result<NamedShard, String> {
    let Some((array, value)) = ARRAYS.iter().find_map(|array| Some((array, environment(array.variable)?))) else {
        let names: Vec<&str> = ARRAYS.iter().map(|array| array.variable).collect();
        return Err(format!("--shard auto: none of {} is set; write --shard I/N", names.join(", ")));
    };
    let variable = array.variable;
    let number = |name: &str, value: &str| -> Result<u32, String> {
        value.trim().parse().map_err(|_| format!("--shard auto: {name} is `{value}`, which is no number"))
    };
    let size = match array.size.and_then(|name| Some((name, environment(name)?))) {
        Some((name, size)) => Some((name, number(name, &size)?)),
        None => None,
    };
    let of = match (shards, size) {
        (Some(of), Some((name, size))) if of != size => {
            return Err(format!("--shard auto: {name} is {size}, and --shards is {of}; make them the same"));
        }
        (Some(of), _) | (None, Some((_, of))) => of,
        (None, None) => {
            return Err(format!("--shard auto: {variable} does not say how many shards there are; give --shards N"));
        }
    };
    let number = number(variable, &value)?.checked_sub(array.first);
    match number.filter(|number| *number < of && of <= SHARDS_MAX) {
        Some(number) => Ok(NamedShard { shard: Shard { number, of }, variable, value }),
        None => Err(format!(
            "--shard auto: {variable} is {value}, which is none of {of} shards; {}{}",
            array.remedy,
            of.saturating_sub(1)
        )),
    }
}

fn shards(text: &str) -> Result<NonZeroU32, String> {
    let number = text.parse().ok().filter(|number: &NonZeroU32| number.get() <= SHARDS_MAX);
    number.ok_or_else(|| format!("write a whole number from 1 to {SHARDS_MAX}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(environment: &[(&str, &str)], shards: Option<u32>) -> Result<(u32, u32, &'static str), String> {
        let get =
            |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        find(get, shards).map(|found| (found.shard.number, found.shard.of, found.variable))
    }

    #[test]
    fn each_scheduler_is_understood() {
        assert_eq!(auto(&[("SLURM_ARRAY_TASK_ID", "3")], Some(16)), Ok((3, 16, "SLURM_ARRAY_TASK_ID")));
        assert_eq!(auto(&[("JOB_COMPLETION_INDEX", "0")], Some(16)), Ok((0, 16, "JOB_COMPLETION_INDEX")));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "7"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")];
        assert_eq!(auto(&batch, None), Ok((7, 8, "AWS_BATCH_JOB_ARRAY_INDEX")));
        assert_eq!(auto(&batch, Some(8)), Ok((7, 8, "AWS_BATCH_JOB_ARRAY_INDEX")));
        assert_eq!(auto(&[("PARALLEL_SEQ", "16")], Some(16)), Ok((15, 16, "PARALLEL_SEQ")));
    }

    #[test]
    fn the_first_in_the_stated_order_is_taken() {
        let all = [("PARALLEL_SEQ", "1"), ("JOB_COMPLETION_INDEX", "2"), ("SLURM_ARRAY_TASK_ID", "3")];
        assert_eq!(auto(&all, Some(4)), Ok((3, 4, "SLURM_ARRAY_TASK_ID")));
        assert_eq!(auto(&all[..2], Some(4)), Ok((2, 4, "JOB_COMPLETION_INDEX")));
    }

    /// `--array=5` has a count of 1, and `--array=0-15:5` one of 4.
    #[test]
    fn slurms_count_is_no_number_of_shards() {
        let again = [("SLURM_ARRAY_TASK_ID", "5"), ("SLURM_ARRAY_TASK_COUNT", "1")];
        assert_eq!(auto(&again, Some(16)), Ok((5, 16, "SLURM_ARRAY_TASK_ID")));
        assert_eq!(
            auto(&again, None),
            Err("--shard auto: SLURM_ARRAY_TASK_ID does not say how many shards there are; give --shards N".to_owned())
        );
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        let refused = |environment, shards| auto(environment, shards).expect_err("it is refused");
        assert_eq!(
            refused(&[], Some(4)),
            "--shard auto: none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, PARALLEL_SEQ \
             is set; write --shard I/N"
        );
        assert_eq!(
            refused(&[("SLURM_ARRAY_TASK_ID", "16")], Some(16)),
            "--shard auto: SLURM_ARRAY_TASK_ID is 16, which is none of 16 shards; submit with --array=0-15"
        );
        assert!(refused(&[("PARALLEL_SEQ", "0")], Some(16)).contains("is none of 16 shards"));
        assert!(refused(&[("JOB_COMPLETION_INDEX", "x")], Some(16)).contains("is `x`, which is no number"));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "7"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")];
        assert_eq!(
            refused(&batch, Some(16)),
            "--shard auto: AWS_BATCH_JOB_ARRAY_SIZE is 8, and --shards is 16; make them the same"
        );
    }

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("3/16".parse(), Ok(Asked::Given(Shard { number: 3, of: 16 })));
        assert_eq!("auto".parse(), Ok(Asked::Auto));
        for wrong in ["16/16", "3", "-1/4", "0/0", "1/20000", "a/b", ""] {
            assert!(wrong.parse::<Asked>().is_err(), "{wrong}");
        }
    }
}
