//! Outputs from made-up results.

mod charts;
mod compared;
mod files;
mod json;
mod made_up;
mod text;
mod write;
