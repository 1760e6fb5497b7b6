//! Outputs from made-up results.

mod charts;
mod columns;
mod compared;
mod files;
mod json;
mod made_up;
mod page;
mod text;
mod write;
