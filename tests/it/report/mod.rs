//! Outputs from made-up results.

mod charts;
mod columns;
mod compared;
mod drawn;
mod explained;
mod files;
mod findings;
mod json;
pub mod made_up;
mod page;
pub mod text;
mod write;
