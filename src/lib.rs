//! `scaleup` simulates how long a Kubernetes cluster takes to become ready after it is asked to scale up, what it
//! waits for meanwhile, and what would make it faster.
//!
//! This page is the map: the layers, one run in the order of the code, where the random numbers come from, the words,
//! and where to start reading. What the program answers and how to call it stands in the README.
//!
//! # Layers
//!
//! A layer uses only what stands below it; an ordinary test (`tests/it/source.rs`) reads the source and checks it.
//!
//! ```text
//!             arguments                                        text, JSON
//!                 |                                                ^
//!   main          v                                                |
//!   cli        one file for each command; the only printer --------+----> files, each whole or not at all
//!                 |                                                |
//!   report        |                    tables, CSV, charts, page <-+     pure functions of the results
//!                 v                                                |
//!   benchmark     |                    events per second here
//!   experiment cases x replications, on all cores -----------> results
//!                 |            ^                |
//!   scenario   TOML files ->   | checked        |
//!              or all problems | parameters     |
//!   headroom   Plan -> limits  |                |     by arithmetic, nothing is simulated
//!                              v                |
//!   model      Plan ---> Simulator ---> Record: milestones, transitions, waits, limits
//!                              |
//!   engine | random | stats    |  events in order of time | streams by address | mean, quantile, interval
//!   time                       nanoseconds
//! ```
//!
//! | layer | is for | must not know |
//! | --- | --- | --- |
//! | [`cli`] | arguments, printing, exit codes | how anything is simulated or drawn |
//! | [`report`] | results as text, JSON, CSV, charts | the terminal; only [`report::write`] knows files |
//! | [`benchmark`] | how fast this program is on this machine; the only reader of a clock | the terminal |
//! | [`experiment`] | many runs: sweeps, validation, calibration | files, printing, the clock on the wall |
//! | [`scenario`] | files to checked parameters, or every problem with its place | what the parameters do |
//! | [`headroom`] | which limits a scale-up will meet, by arithmetic; support tiers | events, random numbers |
//! | [`model`] | the cluster; the only place with Kubernetes words | files, statistics, other replications |
//! | [`engine`] | pending events and what they compete for | Kubernetes, randomness, files |
//! | [`random`] | streams and distributions | who draws |
//! | [`stats`] | pure functions on slices | where the numbers come from |
//! | [`time`] | instants and lengths | everything else |
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | none (`default-features = false`) | `time` to `experiment`: the simulation, also for `wasm32-unknown-unknown` |
//! | `charts` | `report`: tables, texts, JSON, CSV and SVG charts as strings, also for `wasm32-unknown-unknown` |
//! | `cli`, the default | files, PNG charts, the page, `benchmark`, `cli` and the program |
//!
//! `examples/` has a first model on the kernel, a model with a limit, and a scale-up.
//!
//! # One run, in the order of the code
//!
//! 1. [`cli::main`] reads the arguments and calls the command's file, such as `cli/run.rs`.
//! 2. [`scenario::load`] reads the scenario and what it extends, puts `--set` on top and hands every value to the types
//!    in [`model::params`]. It answers [`scenario::Loaded`], or [`scenario::Problems`]: all of them, each with place
//!    and remedy. Past this point nothing can be invalid.
//! 3. [`experiment::WorkerPool`] makes a [`model::Plan`] of each case (names become numbers) and lets a
//!    [`model::Simulator`] run every replication, on all cores; the order of the results is that of the jobs.
//! 4. The simulator fills a world and calls [`engine::run`]. Events of one enum (`model/state/event.rs`) go to the
//!    handlers of the mechanisms, one file each; handlers change the world and schedule what follows. Nothing in the
//!    model is a function from the number of nodes to a time: delays come from queues, rates, back-offs and transfers.
//! 5. A replication leaves a [`model::record::Record`]. [`experiment::observe`] makes numbers of it, and of replication
//!    0 also what shows one scale-up in detail. All numbers of a command are one value, the study
//!    ([`experiment::results`]), which [`experiment::lines`] writes and reads case by case.
//! 6. [`report::summary`] computes the statistics once; [`report::text`], [`report::json`], [`report::tables`] and
//!    [`report::chart`] show them. `cli/deliver.rs` writes and prints. [`report::folder`] owns the results folder: the
//!    study is written last, and nothing else in it is ever read back.
//!
//! Without the feature `cli`, which is on by default, everything up to [`experiment`] is there; the feature `charts`
//! adds tables, texts and SVG charts as strings. Neither needs files or a terminal.
//!
//! The same with the library:
//!
//! ```
//! use scaleup::model::{Plan, Simulator};
//! use scaleup::scenario::{Setting, load};
//! use std::path::Path;
//!
//! let settings = [Setting::new("--set", "cluster.target_nodes=10")];
//! let loaded = load(Path::new("ekf.toml"), &settings)?;
//! let record = Simulator::new().run(&Plan::new(&loaded.scenario), 1, 0, false);
//! assert!(record.end.ready);
//! assert_eq!(record.stages.last().map(|stage| stage.desired), Some(10), "one replica for each node");
//! # Ok::<(), scaleup::scenario::Problems>(())
//! ```
//!
//! # Random numbers have addresses
//!
//! A draw is found by (seed, replication, entity, purpose): [`random::Streams`] hashes these four into a stream of its
//! own, so "the boot time of node 17 in replication 3" is the same number whoever asks, and when. Hence one thread or
//! sixteen write the same bytes, and two cases of a sweep share all draws that their difference does not touch, which
//! makes small differences visible with few replications. Replications 101 to 200 never change 1 to 100. Which entities
//! and purposes there are stands in `model/state/draws.rs`; a new draw needs a new purpose there, never a second draw
//! from another's stream.
//!
//! # Words
//!
//! | word | meaning |
//! | --- | --- |
//! | stage | one milestone of the whole cluster: `nodes`, each DaemonSet by name, `workload`; later `scale-down` |
//! | ready | all that a stage desires are Ready at once and stay so until scale-down begins or the run ends |
//! | first ready | the first instant at which all were Ready, which flapping can undo |
//! | flap | a Ready pod becomes NotReady and Ready again |
//! | overhead | the time between two stages' readiness, such as workload after baseline |
//! | replication | one simulated scale-up with its own random numbers |
//! | case | one setting of a sweep: a scenario with some keys changed |
//! | wait | an interval of an entity's life with one cause: queue, limit, transfer, boot, back-off, probe, ... |
//! | limit | something that refuses: a quota, capacity, addresses, a budget of pulls; with its own text |
//! | provenance | where a value comes from: documented, upstream, measured, fitted, assumed |
//! | target | what is documented or was measured of a scale-up; what `validate` judges and `calibrate` fits |
//! | member | a pod of a storage DaemonSet that has joined its cluster |
//!
//! Time starts when the workload's Deployment is created.
//!
//! # Where to start reading
//!
//! - The kernel: [`engine`], its example first; then `engine/run.rs`, forty lines.
//! - A mechanism: the table in [`model`]; `model/mechanism/demand.rs` is a short one, `model/mechanism/join.rs` the one
//!   that makes storage slow.
//! - A number in an answer: from `report/text/tables.rs` to [`report::summary`] to [`experiment::observe`] to the
//!   record.
//! - A key of a scenario: `scaleup explain-key KEY`, then [`model::params`].
//! - How to add a DaemonSet, a mechanism, a chart or a command: `CONTRIBUTING.md`.

#[cfg(feature = "cli")]
pub mod benchmark;
#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod headroom;
pub mod model;
pub mod random;
#[cfg(feature = "charts")]
pub mod report;
pub mod scenario;
pub mod stats;
pub mod time;
