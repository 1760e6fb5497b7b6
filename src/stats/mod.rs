//! Statistics as pure functions on slices of finite numbers.
//!
//! One number is one *replication*'s: things inside one replication share queues and are not independent. Every sum
//! runs in the order of the slice, so that results do not depend on who computed the replications.
//!
//! - What were the values? [`mean`], [`variance`], [`sd`], [`Sorted::quantile`], [`Arrivals`], [`Summary`], [`band()`].
//! - How sure is that? [`mean_interval`], [`Sorted::quantile_interval`], [`wilson`].
//! - Are more replications needed? [`relative_precision`], [`replications_for`].
//! - Which of two or several is smaller? [`PairedDifference`], [`bonferroni`], [`Selection`].
//! - What goes together, and what makes them differ? [`rank_correlation`], [`Split`].
//!
//! Where there are too few values for an answer, the answer is `None`, never a placeholder.

mod anova;
mod arrivals;
mod band;
mod interval;
mod moments;
mod paired;
mod proportion;
mod quantile;
mod rank;
mod selection;
mod summary;

pub use anova::Split;
pub use arrivals::Arrivals;
pub use band::{Band, band};
pub use interval::{Interval, bonferroni, mean_interval, relative_precision, replications_for};
pub use moments::{mean, sd, variance};
pub use paired::PairedDifference;
pub use proportion::wilson;
pub use quantile::{Sorted, smallest_sample_for_quantile_interval};
pub use rank::rank_correlation;
pub use selection::Selection;
pub use summary::Summary;
