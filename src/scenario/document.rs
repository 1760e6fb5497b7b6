//! A scenario as written, all its sources merged, and from it the checked one.

use super::axis::{self, Axis};
use super::built_in::{BUILT_IN, BuiltIn};
use super::entries::{WalkStep, walk};
use super::family::ScenarioFamily;
use super::file::{self, Nouns, SCENARIO};
use super::free::{self, Free};
use super::keys;
use super::merge::{NONE, merge};
use super::preset;
use super::problem::{Found, Problem, Problems};
use super::provenance::Statements;
use super::reader;
use super::setting::{self, Change, Setting};
use super::source::{Place, SourceId, SourceKind, Sources};
use super::target_keys::{self, TargetsFile};
use super::targets::{Target, Targets};
use super::tree::{self, TreeEntry, TreeNode, TreeTable, Value};
use crate::model::params::{self, Complaint, Scenario, Section, Shape};
use std::path::Path;
use std::sync::Arc;

/// Tables that say something about the scenario and are no parameters of the model.
const PROVENANCE: &str = "provenance";
const SWEEP: &str = "sweep";
const FREE: &str = "free";
const TARGET: &str = "target";

/// A scenario as written: files and settings merged, every value with its place.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub(super) sources: Sources,
    pub(super) root: TreeTable,
    pub(super) statements: Statements,
    axes: Vec<Axis>,
    /// Of the file that was asked for, and of settings: a range is an opinion on one case, and holds for no other.
    free: Vec<Free>,
    /// Keys that files which are extended would fit.
    inherited_free: Vec<String>,
    /// Of the file that was asked for; those without a size hold for its own.
    targets: Vec<Target>,
    pub(super) family: ScenarioFamily,
}

/// A scenario that has passed every check.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The model's parameters.
    pub scenario: Scenario,
    /// What they were read from.
    pub document: Document,
}

/// Reads a scenario file, or one that comes with the program, and makes the settings.
///
/// # Errors
/// Everything that is wrong with the files, the settings and the result.
pub fn load(asked: &Path, settings: &[Setting]) -> Result<Loaded, Problems> {
    load_with(BUILT_IN, asked, settings)
}

/// As [`load`], with a table of built-in scenarios of one's own.
///
/// # Errors
/// As [`load`].
pub fn load_with(built_in: BuiltIn, asked: &Path, settings: &[Setting]) -> Result<Loaded, Problems> {
    let (mut found, mut document) = (Found::default(), Document::default());
    let tables = file::read_chain(asked, built_in, &mut document.sources, &mut found);
    document.fill(tables, settings, found)
}

/// Reads a scenario from a text that extends nothing, such as [`Document::to_toml`] writes; `name` stands in messages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_text(name: &str, text: &str) -> Result<Loaded, Problems> {
    let (mut found, mut document) = (Found::default(), Document::default());
    let source = document.sources.add(name.to_owned(), text, SourceKind::File);
    let table = tree::parse(source, text, &mut found);
    document.fill(table.map(|table| vec![table]), &[], found)
}

/// Reads a file of one section that extends nothing; `check` says what must hold between its keys.
pub(crate) fn load_section<S: Section>(
    asked: &Path,
    built_in: BuiltIn,
    nouns: Nouns,
    check: impl Fn(&S) -> Vec<Complaint>,
) -> Result<S, Problems> {
    let (mut found, mut document) = (Found::default(), Document::default());
    let Some(root) = file::read_one(asked, built_in, nouns, &mut document.sources, &mut found) else {
        return Err(Problems::new(document.sources, found));
    };
    document.root = root;
    let section = document.section(nouns, check, &mut found);
    if found.is_empty() { Ok(section) } else { Err(Problems::new(document.sources, found)) }
}

impl Loaded {
    /// The targets that the scenario's file has for itself, `[target.NAME]`; `None` where it has none. What it extends
    /// has no say.
    pub fn targets(&self) -> Option<Targets> {
        let size = vec![self.scenario.cluster.target_nodes];
        let sized = |target: &Target| if target.nodes.is_empty() { target.at(size.clone()) } else { target.clone() };
        let list: Vec<Target> = self.document.targets.iter().map(sized).collect();
        (!list.is_empty()).then(|| Targets { description: self.scenario.description.clone(), list })
    }
}

impl Document {
    /// This scenario with further settings; nothing is read again.
    ///
    /// # Errors
    /// Everything that is wrong with the settings and the result.
    pub fn with(&self, settings: &[Setting]) -> Result<Loaded, Problems> {
        self.clone().finish(settings, true, Found::default())
    }

    /// Reads the whole document as one section; `check` says what must hold between its keys.
    fn section<S: Section>(&self, nouns: Nouns, check: impl Fn(&S) -> Vec<Complaint>, found: &mut Found) -> S {
        let start = self.start();
        let section = reader::read(&self.root, start, nouns, None, found);
        let faulty = found.clone();
        for complaint in check(&section) {
            // What is wrong or missing stands in the section as a placeholder, and has been told. Of a table it is
            // known which keys are written, whatever their values.
            let (node, whole) = self.nearest(&complaint.key);
            let told = match node.map(|node| (node, node.as_table())) {
                Some((_, Some(table))) if whole => table.is_empty(),
                Some((node, _)) if whole => faulty.is_in(node.place),
                nearest => faulty.is_at(nearest.map_or(start, |(node, _)| node.place)),
            };
            if !told {
                found.add(self.locate(complaint, start));
            }
        }
        section
    }

    /// The targets that a file has for itself.
    fn own_targets(&self, target: Option<TreeEntry>, found: &mut Found) -> Vec<Target> {
        let Some(target) = target else { return Vec::new() };
        let root = TreeTable::from_iter([(TARGET.to_owned(), target)]);
        let document = Self { sources: self.sources.clone(), root, ..Self::default() };
        let check = |file: &TargetsFile| target_keys::check(&file.target);
        target_keys::targets(&document.section(target_keys::NOUNS, check, found).target)
    }

    /// The axes of `[sweep]`.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The parameters of `[free]`, those of files that are extended left out.
    pub fn free(&self) -> &[Free] {
        &self.free
    }

    /// Keys that a file which is extended would fit, and this scenario does not.
    pub fn inherited_free(&self) -> impl Iterator<Item = &str> {
        let own = |key: &str| self.free.iter().any(|free| free.key == key);
        self.inherited_free.iter().map(String::as_str).filter(move |key| !own(key))
    }

    /// Where what is missing from the whole file is shown.
    fn start(&self) -> Place {
        self.sources.start().unwrap_or(Place { source: SourceId::DEFAULT, start: 0, end: 0 })
    }

    /// Fills an empty document from its files, of which the last one has its say first; `None`: they cannot be read.
    fn fill(
        mut self,
        tables: Option<Vec<TreeTable>>,
        settings: &[Setting],
        mut found: Found,
    ) -> Result<Loaded, Problems> {
        let readable = tables.is_some();
        let mut tables: Vec<TreeTable> = tables.into_iter().flatten().rev().collect();
        for table in &mut tables {
            // What was measured of one scenario does not hold for another that extends it.
            self.targets = self.own_targets(table.remove(TARGET), &mut found);
        }
        // Presets lie below all files, but only all files together say which.
        let mut whole = Self::default();
        for table in &tables {
            whole.add_values(table.clone(), &mut Found::default());
        }
        let presets = self.presets(&whole.root, &mut found);
        for table in tables {
            let inherited = std::mem::take(&mut self.free).into_iter().map(|free| free.key);
            self.inherited_free.extend(inherited);
            let remarks = self.add_values(table, &mut found);
            for preset in &presets {
                preset::lay_below(&mut self.root, preset.clone());
            }
            self.add_remarks(remarks, &mut found);
        }
        self.finish(settings, readable, found)
    }

    /// The values of what `root` names; what they say about themselves is noted.
    fn presets(&mut self, root: &TreeTable, found: &mut Found) -> Vec<TreeTable> {
        let mut presets = preset::chosen(root, &mut self.sources, found);
        for table in &mut presets {
            let [provenance, ..] = take_remarks(table, &mut Found::default());
            self.add_provenance(&provenance, table, &mut Found::default());
        }
        presets
    }

    /// Puts the values of a later source over what is there; its remarks are left.
    fn add_values(&mut self, mut table: TreeTable, found: &mut Found) -> [TreeTable; 3] {
        let remarks = take_remarks(&mut table, found);
        merge(Scenario::spec(), "", &mut self.root, table, found);
        remarks
    }

    fn add_provenance(&mut self, provenance: &TreeTable, root: &TreeTable, found: &mut Found) {
        for (key, entry) in provenance {
            let layer = self.sources.layer(entry.key.source);
            self.statements.read(key, entry, root, layer, found);
        }
    }

    /// Adds what a source says about values, once they are all there.
    fn add_remarks(&mut self, [provenance, sweep, free]: [TreeTable; 3], found: &mut Found) {
        let root = std::mem::take(&mut self.root);
        self.add_provenance(&provenance, &root, found);
        self.root = root;
        for (key, entry) in &sweep {
            let axis = if says_none(entry) { None } else { axis::read(key, entry, &self.root, found) };
            replace(&mut self.axes, |axis| axis.key == *key, axis);
        }
        for (key, entry) in &free {
            let free = if says_none(entry) { None } else { free::read(key, entry, &self.root, found) };
            replace(&mut self.free, |free| free.key == *key, free);
        }
    }

    fn finish(mut self, settings: &[Setting], readable: bool, mut found: Found) -> Result<Loaded, Problems> {
        let changes = settings.iter().filter_map(|setting| setting::read(setting, &mut self.sources, &mut found));
        // What names a preset comes first, so that the others can change what it says.
        let (names, changes): (Vec<Change>, Vec<Change>) =
            changes.partition(|change| preset::is_choice(&change.names()));
        let renamed = !names.is_empty();
        names.into_iter().filter(|_| readable).for_each(|change| change.apply(&mut self.root, &mut found));
        if renamed {
            preset::take_out(&mut self.root, &self.sources);
            // What the other settings say is not missing.
            let mut root = self.root.clone();
            for change in changes.iter().filter(|change| ![PROVENANCE, SWEEP, FREE].contains(&change.top())) {
                change.clone().apply(&mut root, &mut Found::default());
            }
            for preset in self.presets(&root, &mut found) {
                preset::lay_below(&mut self.root, preset);
            }
        }
        for change in changes {
            if [PROVENANCE, SWEEP, FREE].contains(&change.top()) {
                let remarks = self.add_values(change.into_table(), &mut found);
                self.add_remarks(remarks, &mut found);
            } else if readable {
                change.apply(&mut self.root, &mut found);
            }
        }
        let is_there = |key: &str| keys::missing_entry(&self.root, &keys::split(key)).is_none();
        self.axes.retain(|axis| is_there(&axis.key));
        self.free.retain(|free| is_there(&free.key));
        // Without its files a scenario would lack everything.
        if !readable {
            return Err(Problems::new(self.sources, found));
        }
        let start = self.start();
        let known = self.family.first().map(|first| (&first.root, &first.scenario));
        let scenario: Scenario = reader::read(&self.root, start, SCENARIO, known, &mut found);
        let complaints = if found.is_empty() { params::check(&scenario) } else { self.besides(&found, start) };
        for complaint in complaints {
            found.add(self.locate(complaint, start));
        }
        if !found.is_empty() {
            return Err(Problems::new(self.sources, found));
        }
        self.family.join(&self.root, &scenario);
        Ok(Loaded { scenario, document: self })
    }

    /// What else is wrong with the scenario if wrong values are left out; only names where some have no default.
    fn besides(&self, found: &Found, start: Place) -> Vec<Complaint> {
        let mut wrong = Vec::new();
        walk(Scenario::spec(), Some(&self.root), "", &mut |key, step| match step {
            WalkStep::Key(_, Some(node)) if found.is_in(node.place) => wrong.push(key.to_owned()),
            WalkStep::Key(spec, None) if reader::is_required(spec) => wrong.push(key.to_owned()),
            WalkStep::Key(..) | WalkStep::Table => {}
        });
        let mut root = self.root.clone();
        for path in wrong.iter().map(|key| keys::split(key)) {
            let table = keys::table_of_mut(&mut root, &path);
            table.zip(path.last()).and_then(|(table, name)| table.remove(*name));
        }
        without_wrong_keys(&mut root, found);
        let mut left = Found::default();
        let scenario: Scenario = reader::read(&root, start, SCENARIO, None, &mut left);
        let mut complaints = match (left.is_empty(), self.has_whole_tables()) {
            (true, _) => params::check(&scenario),
            (false, true) => params::check_names(&scenario),
            (false, false) => Vec::new(),
        };
        complaints.retain(|complaint| !wrong.contains(&complaint.key));
        complaints
    }

    /// Whether no named table was lost on the way, so that what refers to it is to blame.
    fn has_whole_tables(&self) -> bool {
        let named = Scenario::spec().keys.iter().filter(|key| matches!((key.shape)(), Shape::Named(_)));
        let mut entries = named.filter_map(|key| self.root.get(key.name));
        entries.all(|entry| {
            let named = entry.node.as_table();
            named.is_some_and(|named| named.values().all(|entry| entry.node.as_table().is_some()))
        })
    }

    /// Where the key of a complaint, or what would hold it, is written.
    fn locate(&self, complaint: Complaint, start: Place) -> Problem {
        let Complaint { key, problem, remedy } = complaint;
        let place = self.nearest(&key).0.map_or(start, |node| node.place);
        Problem::at(place, format!("{key}: {problem}")).remedy(remedy)
    }

    /// What a key of a complaint leads to, and whether that is the whole way.
    fn nearest(&self, key: &str) -> (Option<&TreeNode>, bool) {
        let path = keys::parse(SourceId::DEFAULT, key).unwrap_or_default();
        let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
        let found = |length: &usize| keys::lookup(&self.root, &names[..*length]);
        let length = (1..=names.len()).rev().find(|length| found(length).is_some());
        (length.and_then(|length| found(&length)).map(|entry| &entry.node), length == Some(names.len()))
    }
}

/// Takes the keys out that do not belong there.
fn without_wrong_keys(table: &mut TreeTable, found: &Found) {
    table.retain(|_, entry| !found.is_in(entry.key));
    for (_, entry) in table.iter_mut() {
        if let Some(table) = entry.node.as_table_mut() {
            without_wrong_keys(table, found);
        }
    }
}

/// Takes the tables of remarks out of a source.
fn take_remarks(table: &mut TreeTable, found: &mut Found) -> [TreeTable; 3] {
    [PROVENANCE, SWEEP, FREE].map(|name| remarks(table, name, found))
}

/// Takes a table of remarks out of a source.
fn remarks(table: &mut TreeTable, name: &str, found: &mut Found) -> TreeTable {
    let Some(TreeEntry { node, .. }) = table.remove(name) else { return TreeTable::new() };
    if let Value::Table(remarks) = node.value {
        return Arc::unwrap_or_clone(remarks);
    }
    found.mistaken(&node, "a table is", format!("write a table [{name}] with keys in quotes")).unwrap_or_default()
}

fn says_none(entry: &TreeEntry) -> bool {
    entry.node.as_text() == Some(NONE)
}

/// Puts `new` in the place of what matches, or at the end; `None` takes it out.
fn replace<T>(list: &mut Vec<T>, matches: impl Fn(&T) -> bool, new: Option<T>) {
    let start = list.iter().position(matches).unwrap_or(list.len());
    let end = list.len().min(start + 1);
    list.splice(start..end, new);
}
