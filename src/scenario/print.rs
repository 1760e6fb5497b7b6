//! A resolved scenario as one file.

use super::document::Document;
use super::entries::{Entry, SetIn, WalkStep, walk};
use super::provenance::Provenance;
use super::reader::default;
use super::write::{inline, quoted};
use crate::model::params::{Scenario, Section};

impl Document {
    /// The whole scenario as one file that extends nothing: every value written out, defaults included.
    pub fn to_toml(&self) -> String {
        let mut lines = Vec::new();
        walk(Scenario::spec(), Some(&self.root), "", &mut |key, step| match step {
            WalkStep::Table if key.is_empty() => {}
            WalkStep::Table => lines.extend([String::new(), format!("[{key}]")]),
            WalkStep::Key(spec, node) => {
                let value = node.map(inline).or(spec.default.map(|given| inline(&default(given))));
                lines.extend(value.map(|value| format!("{} = {value}", spec.name)));
            }
        });
        self.provenance_lines(&mut lines);
        self.axis_lines(&mut lines);
        self.free_lines(&mut lines);
        lines.join("\n") + "\n"
    }

    fn provenance_lines(&self, lines: &mut Vec<String>) {
        lines.extend([String::new(), "[provenance]".to_owned()]);
        for Entry { key, set, provenance: Provenance { kind, source, .. }, .. } in self.entries() {
            if set != SetIn::Absent {
                lines.push(format!("{} = {{ {} = {} }}", quoted(&key), kind.word(), quoted(&source)));
            }
        }
    }

    fn axis_lines(&self, lines: &mut Vec<String>) {
        if !self.axes().is_empty() {
            lines.extend([String::new(), "[sweep]".to_owned()]);
        }
        for axis in self.axes() {
            lines.push(format!("{} = [{}]", quoted(&axis.key), axis.values.join(", ")));
        }
    }

    fn free_lines(&self, lines: &mut Vec<String>) {
        if !self.free().is_empty() {
            lines.extend([String::new(), "[free]".to_owned()]);
        }
        for free in self.free() {
            let (key, min, max) = (quoted(&free.key), free.text(free.min), free.text(free.max));
            let reason = quoted(&free.reason);
            lines.push(format!("{key} = {{ min = {min}, max = {max}, reason = {reason} }}"));
        }
    }
}
