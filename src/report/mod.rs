//! Results for people and for programs: a text, a JSON document, CSV files and charts.
//!
//! Everything here is a pure function of [`Results`](crate::experiment::results::Results) and the like, returning text
//! or bytes; only [`write::whole`] touches the disk, and nothing prints. [`summary`] computes the statistics once; the
//! others show them.

pub mod asked;
#[cfg(feature = "cli")]
pub mod bench;
pub mod chances;
pub mod chart;
pub mod check;
#[cfg(feature = "cli")]
pub mod checkpoints;
pub mod comparison;
pub mod costs;
pub mod deadline;
pub mod described;
pub mod documented;
#[cfg(feature = "cli")]
pub mod draft;
pub mod explained;
pub mod exports;
#[cfg(feature = "cli")]
pub mod folder;
pub mod json;
pub mod origin;
#[cfg(feature = "cli")]
pub mod output;
#[cfg(feature = "cli")]
pub mod page;
pub mod sensitivity;
pub mod steps;
pub mod study;
pub mod summary;
pub mod table;
pub mod tables;
pub mod text;
pub mod trace;
pub mod unready;
pub mod words;
#[cfg(feature = "cli")]
pub mod write;
