//! Outputs from made-up results.

mod charts;
mod files;
mod json;
mod made_up;
mod text;
mod write;
