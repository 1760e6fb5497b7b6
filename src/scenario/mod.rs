//! Scenario files: from TOML to the model's checked parameters, or every problem with its place.
//!
//! In the order of the work:
//!
//! 1. `file` reads the file that was asked for and what it extends, `tree` turns each into a tree in which every
//!    key and value knows its place in its `source`. `setting` reads `KEY=VALUE` from the command line as a tiny
//!    source of its own.
//! 2. `merge` puts children over parents and settings over files, guided by the model's own description
//!    ([`SectionSpec`](crate::model::params::SectionSpec)). The result, with `[provenance]`, `[sweep]` and `[free]`
//!    (`provenance`, `axis`, `free`), is a [`Document`].
//! 3. `reader` hands the values to the model's parameter types; `value`, `quantity` and `law` check each one.
//!    Nothing stops at the first problem: all are collected and shown by `problem`, sorted by place.
//! 4. Only if every value is fine, [`check`](crate::model::params::check()) looks at references and sums. Past that,
//!    nothing can be invalid: the answer is [`Loaded`].
//!
//! From a [`Document`] come the cases of a sweep ([`Document::with`]), the list of all values with their sources
//! ([`Document::entries`]), one file that says everything ([`Document::to_toml`]) and a fingerprint
//! ([`Document::hash`]). [`explain()`] and [`schema()`] describe the keys without any scenario.
//!
//! To add a key, add a field to a `section!` in [`params`](crate::model::params): reading, messages, schema and
//! explanation follow from it. To add a kind of value, add a [`Shape`](crate::model::params::Shape) and follow the
//! compiler.
//!
//! Limits, so that no input can exhaust the machine: 1 MiB for a file, 32 files that extend one another, 32 levels
//! of tables, 10,000 keys in a table, 256 named tables of one kind, 256 entries in a list of texts, 4,096 characters
//! in a text, 365 days in a duration.

mod axis;
mod built_in;
mod catalogue;
mod document;
mod ensemble;
mod entries;
mod explain;
mod family;
mod file;
mod free;
mod hash;
mod keys;
mod law;
mod measure;
mod merge;
mod preset;
mod print;
mod problem;
mod provenance;
mod quantity;
mod reader;
mod relief;
mod schema;
mod search;
mod setting;
mod source;
mod suggest;
mod target_keys;
mod targets;
mod tree;
mod tuning;
mod typical;
mod value;
mod write;

pub use axis::Axis;
pub use built_in::{ADDONS, BUILT_IN, BuiltIn, is_like, is_pattern};
pub use catalogue::{InstanceType, instance_type, instance_types};
pub use document::{Document, Loaded, load, load_text, load_with};
pub use ensemble::{Ensemble, load_ensemble};
pub use entries::{Entry, SetIn, shape_text, shape_words};
pub use explain::{KeyExplanation, UnknownKey, explain};
pub use free::{Free, FreeUnit};
pub use hash::hash_of_all;
pub use measure::{Each, Measure};
pub use problem::{ProblemView, Problems};
pub use provenance::{Provenance, ProvenanceKind};
pub use quantity::{duration_text, read_duration, read_size};
pub use reader::is_required;
pub use schema::schema;
pub use search::{ANY_NAME, Matches, every_key, search};
pub use setting::Setting;
pub use target_keys::{TARGETS_BUILT_IN, load_targets};
pub use targets::{Demand, Target, Targets};
#[cfg(feature = "cli")]
pub(crate) use value::cannot_be_shown;
