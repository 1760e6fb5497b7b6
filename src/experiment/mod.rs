//! Replications, cases, sweeps and comparisons: many runs of the model, and the numbers that outputs need of each.
//!
//! [`run_cases`] simulates a fixed number of replications. Where more may be needed, or a person may interrupt, a
//! [`WorkerPool`] extends [`Series`] in rounds of a fixed size, so that how many there are depends on no machine.

mod calibrate;
pub mod capacity;
pub mod causes;
mod chain;
mod compare;
mod cost;
mod evolution;
pub mod explain;
mod fitted;
mod grid;
pub mod holders;
mod implausible;
mod lapses;
mod levers;
pub mod lines;
mod measure;
mod observe;
pub mod path;
mod places;
mod plausible;
mod precision;
mod range;
mod refine;
mod relief;
pub mod results;
mod rounds;
mod run;
mod runs;
mod search;
mod shards;
mod spread;
mod surface;
pub mod usage;
mod validate;

pub use calibrate::{CalibrationError, Effort, calibrate, hold_out, set_of};
pub use compare::{Best, Comparison, Difference};
pub use fitted::{Calibration, Ended, HeldOut, Start};
pub use grid::{CASES_MAX, grid, one_at_a_time, parse_axis};
pub use implausible::{Missed, NoFit, RULED_OUT};
pub use levers::Lever;
pub use observe::observe;
pub use plausible::{Identifiability, Plausible};
pub use precision::{FEWEST, Precision, Rounds, Shortfall};
pub use relief::relieve;
pub use rounds::{Progress, Series, WorkerPool};
#[cfg(feature = "cli")]
pub(crate) use run::thread_pool;
pub use run::{Case, Settings, ThreadsError, run_cases};
pub use shards::{Piece, SHARDS_MAX, Wanted, plan};
pub use spread::{Quantity, run_sets, spread};
pub use validate::{Judged, Simulated, UnknownStage, judge, target_cases};
