//! Outputs from made-up results.

mod files;
mod json;
mod made_up;
mod text;
mod write;
