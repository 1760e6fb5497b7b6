//! Replications, cases and sweeps: many runs of the model, and the numbers that outputs need of each.

mod cost;
mod grid;
mod observe;
mod relief;
pub mod results;
mod run;
mod validate;

pub use grid::{Axis, CASES_MAX, grid};
pub use observe::observe;
pub use relief::relieve;
pub use run::{Case, Settings, ThreadsError, run_cases};
pub use validate::{Judged, Simulated, UnknownStage, judge, target_cases};
