//! Random studies, divided at random, with shards that die and files that are lost or damaged: whoever does what a
//! merge asks for ends with the same bytes as in one go.

use crate::cli::folder;
use crate::shards::{assert_merges, checkpoints, merge, run, text};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use std::fs;
use std::path::Path;

/// What happens before a merge is asked.
#[derive(Clone, Debug)]
enum Step {
    /// A shard of a division into so many.
    Simulate(Index, usize),
    /// What the last merge asked for, the shards in this order, or only some of them.
    Obey(Vec<usize>, bool),
    /// A checkpoint is lost.
    Lose(Index),
    /// A disk was full.
    Truncate(Index),
    /// A bit is another one.
    Flip(Index, Index, u8),
    /// A checkpoint is there twice, as of another division.
    Copy(Index),
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let order = Just((0..8).collect::<Vec<_>>()).prop_shuffle();
    prop_oneof![
        3 => (index(), 1_usize..6).prop_map(|(number, of)| Step::Simulate(number, of)),
        4 => (order, any::<bool>()).prop_map(|(order, all)| Step::Obey(order, all)),
        1 => index().prop_map(Step::Lose),
        1 => index().prop_map(Step::Truncate),
        1 => (index(), index(), 0_u8..8).prop_map(|(which, byte, bit)| Step::Flip(which, byte, bit)),
        1 => index().prop_map(Step::Copy),
    ]
}

/// A sweep or a comparison, and how many replications it has, or how precise it is to be.
fn command() -> impl Strategy<Value = Vec<String>> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let sweep = (prop::collection::vec(3_u32..9, 1..4), subsequence(vec!["gp2", "io1"], 1..=2));
    let sweep = sweep.prop_map(move |(sizes, disks)| {
        let sizes = sizes.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let (sizes, disks) =
            (format!("cluster.target_nodes={sizes}"), format!("disk.rok-etcd.kind={}", disks.join(",")));
        words(&["sweep", "--vary", &sizes, "--vary", &disks])
    });
    let sides = subsequence(vec!["what-if-io1", "what-if-two-servers"], 1..=2);
    let compare = (3_u32..9, sides).prop_map(move |(size, sides)| {
        let size = format!("cluster.target_nodes={size}");
        [words(&["compare", "--set", &size, "ekf"]), words(&sides)].concat()
    });
    let count = (1_u32..7).prop_map(move |count| words(&["--replications", &count.to_string()]));
    // It never looks before 30 replications.
    let precise = (1_u32..12, 30_u32..80).prop_map(move |(precision, most)| {
        let [precision, most] = [format!("{precision}%"), most.to_string()];
        words(&["--precision", &precision, "--replications", "30", "--max-replications", &most])
    });
    (prop_oneof![sweep, compare], prop_oneof![count, precise]).prop_map(|(study, times)| [study, times].concat())
}

/// The round and the shards that a merge asks for; nothing if it has merged.
fn asked(command: &[&str], shards: usize, folder: &Path) -> Option<(String, Vec<usize>)> {
    let output = merge(command, shards, folder);
    let told = text(&output.stderr);
    if !told.contains("not merged: ") {
        return None;
    }
    assert_eq!(output.status.code(), Some(4), "{told}");
    let (round, list) = told.lines().last()?.strip_prefix("shards to simulate")?.split_once(": ").expect("a list");
    let round = round.strip_prefix(" with --round ").unwrap_or("1").to_owned();
    let range = |part: &str| -> (usize, usize) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        (from.parse().expect("a number"), to.parse().expect("a number"))
    };
    Some((round, list.split(',').map(range).flat_map(|(from, to)| from..=to).collect()))
}

fn simulate(command: &[&str], (number, of): (usize, usize), round: &str, folder: &Path) {
    let output = run(command, &["--shard", &format!("{number}/{of}"), "--round", round], folder);
    assert!(output.status.success(), "{output:?}");
}

/// Takes a step; whether the study was merged by it.
fn take(step: &Step, command: &[&str], shards: usize, folder: &Path) -> bool {
    let files = if folder.join("out/cases").exists() { checkpoints(folder) } else { vec![] };
    match step {
        Step::Simulate(number, of) => simulate(command, (number.index(*of), *of), "1", folder),
        Step::Obey(order, all) => {
            let Some((round, wanted)) = asked(command, shards, folder) else { return true };
            let mut numbers: Vec<usize> = order.iter().copied().filter(|number| wanted.contains(number)).collect();
            numbers.truncate(if *all { numbers.len() } else { numbers.len().div_ceil(2) });
            for number in numbers {
                simulate(command, (number, shards), &round, folder);
            }
        }
        _ if files.is_empty() => {}
        Step::Lose(which) => fs::remove_file(which.get(&files)).expect("it can be removed"),
        Step::Truncate(which) => {
            let bytes = fs::read(which.get(&files)).expect("readable");
            fs::write(which.get(&files), &bytes[..bytes.len() / 2]).expect("writable");
        }
        Step::Flip(which, byte, bit) => {
            let mut bytes = fs::read(which.get(&files)).expect("readable");
            if !bytes.is_empty() {
                let byte = byte.index(bytes.len());
                bytes[byte] ^= 1 << bit;
                fs::write(which.get(&files), bytes).expect("writable");
            }
        }
        Step::Copy(which) => {
            let file = which.get(&files);
            let name = file.file_name().expect("a name").to_string_lossy();
            let (hash, _) = name.split_once('-').expect("a checkpoint");
            fs::copy(file, file.with_file_name(format!("{hash}-0-999.json.gz"))).expect("it can be copied");
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn whatever_becomes_of_shards_the_end_is_the_same_bytes(
        command in command(),
        shards in 1_usize..8,
        steps in prop::collection::vec(step(), 0..10),
    ) {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let folder = folder();
        let all = Step::Obey((0..shards).collect(), true);
        let mut merged = steps.iter().any(|step| take(step, &command, shards, folder.path()));
        // As many rounds as there may be, and one for each thing that went wrong in between.
        for _ in 0..30 {
            merged = merged || take(&all, &command, shards, folder.path());
        }
        prop_assert!(merged, "there is no end to it");
        assert_merges(&command, shards, folder.path());
    }
}
