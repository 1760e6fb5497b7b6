//! A scale-up through the library: load a scenario, change a key, simulate, and ask what the change is worth.
//!
//!     cargo run --example scale_up
//!
//! The scenario comes with the library, so this needs no files, and runs in a browser too.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use scaleup::experiment::results::CaseResult;
use scaleup::experiment::{Case, Settings, run_cases};
use scaleup::scenario::{Loaded, Problems, Setting, load};
use scaleup::stats::{PairedDifference, mean};
use std::error::Error;
use std::path::Path;

const NODES: u32 = 40;

/// The scenario of that name for a small cluster. Each problem of a scenario would name its place and a remedy.
fn small(name: &str) -> Result<Loaded, Problems> {
    // What `--set` is for the program. The first text says in messages where the setting came from.
    load(Path::new(name), &[Setting::new("this example", format!("cluster.target_nodes={NODES}"))])
}

fn main() -> Result<(), Box<dyn Error>> {
    // The cluster as it is, and what if one image came with each machine and did not have to be pulled?
    let as_it_is = small("ekf")?;
    let change = Setting::new("this example", "image.kale.preloaded=true");
    let preloaded = as_it_is.document.with(&[change])?;

    // Twenty scale-ups of each, on all cores; the same seed always gives the same times.
    let cases = [Case::new(vec![], &as_it_is), Case::new(vec![], &preloaded)];
    let settings = Settings { replications: 20, seed: 1, threads: None };
    let results = run_cases(&cases, settings, &|| ())?;

    // When each stage was ready in each scale-up of the cluster as it is, in seconds.
    let case = &results[0];
    let ready_s: Vec<Vec<f64>> = (0..case.stages.len()).map(|stage| all_ready_s(case, stage)).collect();
    for (stage, ready_s) in case.stages.iter().zip(&ready_s) {
        let mean_s = mean(ready_s).ok_or("there are replications")?;
        println!("{:>4} of {:<18} ready after {mean_s:>6.1} s on average", stage.desired, stage.name);
    }

    // Stages stand in causal order: first the nodes, then what runs on each of them, last the workload.
    let (nodes, workload) = (0, case.goal().ok_or("there is a workload")?);
    assert_eq!((case.stages[nodes].name.as_str(), case.stages[nodes].desired), ("nodes", NODES));
    assert_eq!(case.stages[workload].name, "workload");
    for (nodes_s, workload_s) in ready_s[nodes].iter().zip(&ready_s[workload]) {
        assert!(nodes_s < workload_s, "no workload before its nodes");
    }

    // What do we gain? Both cases drew the same random numbers wherever they do not differ, so they are compared
    // scale-up by scale-up, and twenty are enough.
    let gain = PairedDifference::of(&ready_s[workload], &all_ready_s(&results[1], workload), 0.95);
    let interval = gain.and_then(|gain| gain.interval).ok_or("there are several replications")?;
    println!("without the pull, the workload is ready {:.1} s to {:.1} s earlier", -interval.high, -interval.low);
    assert!(interval.high < 0.0, "it is earlier beyond doubt");
    Ok(())
}

/// When a stage was ready in each replication, in seconds.
fn all_ready_s(case: &CaseResult, stage: usize) -> Vec<f64> {
    case.ready_s(stage).into_iter().map(|ready_s| ready_s.expect("in this scenario everything becomes ready")).collect()
}
