//! Scenario files: from TOML to the model's checked parameters, or every problem with its place.

mod built_in;
mod document;
mod file;
mod keys;
mod law;
mod merge;
mod problem;
mod quantity;
mod reader;
mod setting;
mod source;
mod suggest;
mod tree;
mod value;

pub use built_in::{BUILT_IN, BuiltIn};
pub use document::{Document, Loaded, load, load_with};
pub use problem::{ProblemView, Problems};
pub use quantity::duration_text;
pub use setting::Setting;
