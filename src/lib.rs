//! `scaleup` simulates how long a Kubernetes cluster takes to become ready after it is asked to scale up.

pub mod benchmark;
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod time;
