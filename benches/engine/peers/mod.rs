//! The engines beside which this one is measured: each with its cheapest way to run the same [models](crate::models).
//!
//! Published Rust engines that are not here cannot run these models as they are meant: desim needs a nightly compiler;
//! simrs, desru and asim let events of one time happen in any order; des-sim finds what it cancels by a search through
//! all; ixa and odem-rs are slower than those here.

pub mod desque;
pub mod nexosim;
pub mod simcore;
pub mod std;
