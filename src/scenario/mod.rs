//! Scenario files: from TOML to the model's checked parameters, or every problem with its place.

mod axis;
mod built_in;
mod document;
mod entries;
mod file;
mod free;
mod hash;
mod keys;
mod law;
mod merge;
mod print;
mod problem;
mod provenance;
mod quantity;
mod reader;
mod setting;
mod source;
mod suggest;
mod tree;
mod value;
mod write;

pub use axis::Axis;
pub use built_in::{BUILT_IN, BuiltIn};
pub use document::{Document, Loaded, load, load_with};
pub use entries::{Entry, SetIn, is_required, shape_text};
pub use free::{Free, FreeUnit};
pub use problem::{ProblemView, Problems};
pub use provenance::{Provenance, ProvenanceKind};
pub use quantity::duration_text;
pub use setting::Setting;
