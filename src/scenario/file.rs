//! Reading a scenario file and the chain of files that it extends.

use super::built_in::{ADDONS, BuiltIn, is_pattern};
use super::problem::{Found, Problem};
use super::source::{Place, SourceId, SourceKind, Sources};
use super::tree::{self, TreeNode, TreeTable, Value};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Stands for standard input.
const STDIN: &str = "-";
/// Larger files are no scenarios.
const BYTES_MAX: u64 = 1 << 20;
/// How long a named pipe may be without a writer.
#[cfg(unix)]
const WRITER_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);
/// Files that extend one another, at most.
const CHAIN_MAX: usize = 32;
/// The key that names the file to start from.
pub(crate) const EXTENDS: &str = "extends";

/// What makes two sources the same.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Identity {
    File(PathBuf),
    BuiltIn(&'static str),
}

/// A text that has been read but not looked at.
struct SourceText {
    name: String,
    bytes: Vec<u8>,
    identity: Identity,
    /// Where relative names start; `None`: among the built-in scenarios.
    folder: Option<PathBuf>,
}

/// How messages speak of a kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nouns {
    /// Before the name of a file that is not there: "there is no scenario".
    pub(crate) missing: &'static str,
    /// What to do about it: "name a scenario file".
    pub(crate) remedy: &'static str,
    /// Whether it can extend another one, and names in it are segments of dotted keys.
    pub(crate) is_scenario: bool,
}

pub(crate) const SCENARIO: Nouns =
    Nouns { missing: "there is no scenario", remedy: "name a scenario file", is_scenario: true };

/// Reads one file that extends nothing. `None` after a problem.
pub(crate) fn read_one(
    asked: &Path,
    built_in: BuiltIn,
    nouns: Nouns,
    sources: &mut Sources,
    found: &mut Found,
) -> Option<TreeTable> {
    let text = open((asked, asked), built_in, nouns, None, found)?;
    let (id, decoded) = decode(text, sources, found)?;
    tree::parse(id, &decoded, found)
}

/// Reads a file or a built-in scenario and what it extends; what has its say last comes first. `None` after a problem.
pub(crate) fn read_chain(
    asked: &Path,
    built_in: BuiltIn,
    sources: &mut Sources,
    found: &mut Found,
) -> Option<Vec<TreeTable>> {
    let mut chain = Chain { built_in, sources, found, files: Vec::new(), order: Vec::new() };
    chain.visit(asked, asked, None, &mut Vec::new())?;
    let Chain { sources, files, mut order, .. } = chain;
    order.reverse();
    sources.order(&order.iter().map(|&place| files[place].source).collect::<Vec<_>>());
    let mut tables: Vec<Option<TreeTable>> = files.into_iter().map(|file| Some(file.table)).collect();
    Some(order.into_iter().filter_map(|place| tables[place].take()).collect())
}

/// A file that was read, and what it extends.
struct ExtendedFile {
    identity: Identity,
    source: SourceId,
    table: TreeTable,
    /// In the order of the list: later ones have their say later.
    extends: Vec<usize>,
}

/// Files that extend one another.
struct Chain<'a> {
    built_in: BuiltIn,
    sources: &'a mut Sources,
    found: &'a mut Found,
    files: Vec<ExtendedFile>,
    /// Every file after what it extends, of which what stands later in the list comes later.
    order: Vec<usize>,
}

impl Chain<'_> {
    /// Reads a file and what it extends, unless it was read before; `above` are those that led to it.
    fn visit(
        &mut self,
        path: &Path,
        name: &Path,
        place: Option<Place>,
        above: &mut Vec<(Identity, String)>,
    ) -> Option<usize> {
        let text = open((path, name), self.built_in, SCENARIO, place, self.found)?;
        let cycle = above.iter().any(|(identity, _)| *identity == text.identity);
        if !cycle && let Some(known) = self.files.iter().position(|file| file.identity == text.identity) {
            return Some(known);
        }
        above.push((text.identity.clone(), text.name.clone()));
        if let Some(place) = place.filter(|_| cycle || self.files.len() >= CHAIN_MAX) {
            self.found.add(endless(place, cycle, above));
            return None;
        }
        let (folder, identity) = (text.folder.clone(), text.identity.clone());
        let (source, decoded) = decode(text, self.sources, self.found)?;
        let mut table = tree::parse(source, &decoded, self.found)?;
        let parents = match table.remove(EXTENDS) {
            Some(extends) => names_in(&extends.node, self.found)?,
            None => Vec::new(),
        };
        // A fragment describes itself, not what extends it.
        if place.is_some() && !table.contains_key("name") {
            table.remove("description");
        }
        let number = self.files.len();
        self.files.push(ExtendedFile { identity, source, table, extends: Vec::new() });
        for (parent, place) in parents {
            let path = folder.as_ref().map_or_else(|| PathBuf::from(&parent), |folder| folder.join(&parent));
            let parent = self.visit(&path, Path::new(&parent), Some(place), above)?;
            self.files[number].extends.push(parent);
        }
        self.say_what_replaces_the_same(number)?;
        above.pop();
        self.order.push(number);
        Some(number)
    }

    /// Refuses a list of which two fragments, files without a name of their own, set the same key.
    fn say_what_replaces_the_same(&mut self, file: usize) -> Option<()> {
        let extends = &self.files[file].extends;
        let fragments: Vec<&ExtendedFile> =
            extends.iter().map(|&one| &self.files[one]).filter(|one| !one.table.contains_key("name")).collect();
        for (place, one) in fragments.iter().enumerate() {
            for other in &fragments[place + 1..] {
                let Some((key, at)) = same_key(&one.table, &other.table, "") else { continue };
                let name =
                    |link: &ExtendedFile| self.sources.get(link.source).map_or(String::new(), |text| text.name.clone());
                let what = format!("{} and {} both set {key}", name(one), name(other));
                return self.found.refuse(at, what, "extend one of them, or take the key out of one");
            }
        }
        Some(())
    }
}

/// A key that two tables both set, remarks and words for people aside, and where the second one does.
fn same_key(one: &TreeTable, other: &TreeTable, path: &str) -> Option<(String, Place)> {
    other.iter().find_map(|(name, entry)| {
        let remark = path.is_empty() && ["provenance", "sweep", "free", "description"].contains(&name.as_str());
        let first = one.get(name).filter(|_| !remark)?;
        let key = format!("{path}{name}");
        match (first.node.as_table(), entry.node.as_table()) {
            (Some(one), Some(other)) => same_key(one, other, &format!("{key}.")),
            _ => Some((key, entry.key)),
        }
    })
}

/// The names of the files that are extended: one, or a list.
fn names_in(node: &TreeNode, found: &mut Found) -> Option<Vec<(String, Place)>> {
    let one = std::slice::from_ref(node);
    let list = if let Value::List(list) = &node.value { list.as_slice() } else { one };
    let text = |node: &TreeNode| node.as_text().map(|text| (text.to_owned(), node.place));
    if let Some(wrong) = list.iter().find(|node| text(node).is_none()) {
        let remedy =
            "write the name of one file: extends = \"eks.toml\", or a list: extends = [\"eks\", \"addons/cilium\"]";
        return found.mistaken(wrong, "a file's name is", remedy);
    }
    Some(list.iter().filter_map(text).collect())
}

fn endless(place: Place, cycle: bool, chain: &[(Identity, String)]) -> Problem {
    if !cycle {
        return Problem::at(place, format!("more than {CHAIN_MAX} scenarios extend one another"))
            .remedy("extend one that stands nearer to the first");
    }
    let names: Vec<&str> = chain.iter().map(|(_, name)| name.as_str()).collect();
    Problem::at(place, format!("these scenarios extend one another in a circle: {}", names.join(" -> ")))
        .remedy("take `extends` out of one of them")
}

/// The file at `path`, or else the built-in one called `name`.
fn open(
    (path, name): (&Path, &Path),
    built_in: BuiltIn,
    nouns: Nouns,
    place: Option<Place>,
    found: &mut Found,
) -> Option<SourceText> {
    let shown = path.display();
    if path == Path::new(STDIN) {
        return read_stdin(found);
    }
    let trouble = match fs::metadata(path) {
        // Such as a results folder of the same name.
        Ok(there) => there.is_dir().then_some(ErrorKind::IsADirectory),
        Err(error) => Some(error.kind()),
    };
    if let Some(text) = trouble.and_then(|trouble| instead(trouble, name, built_in)) {
        return Some(text);
    }
    if trouble == Some(ErrorKind::NotFound) {
        let (what, remedy) = absent(name, built_in, nouns);
        found.add(Problem::at(place, format!("{} {shown}{what}", nouns.missing)).remedy(remedy));
        return None;
    }
    match read(path) {
        Ok(bytes) => {
            let identity = Identity::File(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
            let folder = path.parent().map(Path::to_owned);
            Some(SourceText { name: shown.to_string(), bytes, identity, folder })
        }
        Err(reason) => {
            let remedy = format!("{} that can be read", nouns.remedy);
            found.add(Problem::at(place, format!("cannot read {shown}: {reason}")).remedy(remedy));
            None
        }
    }
}

/// What is to be said more of a name that leads nowhere, and what to do about it.
fn absent(name: &Path, built_in: BuiltIn, nouns: Nouns) -> (String, String) {
    let name = name.to_string_lossy();
    let like = built_in.matching(&name);
    if nouns.is_scenario && is_pattern(&name) && like.len() > 1 {
        let remedy = format!("name one of {}; scaleup compare '{name}' holds them against each other", like.join(", "));
        return (format!(", but {} that it stands for", like.len()), remedy);
    }
    (String::new(), format!("{}{}", nouns.remedy, built_in.instead_of(&name)))
}

/// What comes on standard input, which is read once: several sides of a comparison can start from it.
fn read_stdin(found: &mut Found) -> Option<SourceText> {
    static READ: OnceLock<Result<Vec<u8>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| limited(io::stdin().lock()));
    let bytes = match read {
        Ok(bytes) => bytes.clone(),
        Err(reason) => {
            found.add(Problem::at(None, format!("cannot read standard input: {reason}")));
            return None;
        }
    };
    // What it extends is looked for in the folder that the program was started in.
    let identity = Identity::File(PathBuf::from(STDIN));
    Some(SourceText { name: "standard input".to_owned(), bytes, identity, folder: Some(PathBuf::new()) })
}

/// The built-in scenario called `name`, where there is no such file but perhaps a folder, or where there are no files
/// at all, as in a browser.
fn instead(trouble: ErrorKind, name: &Path, built_in: BuiltIn) -> Option<SourceText> {
    let absent = matches!(trouble, ErrorKind::NotFound | ErrorKind::Unsupported | ErrorKind::IsADirectory);
    let one_like = || {
        let like = name.to_str().filter(|name| is_pattern(name)).map(|name| built_in.matching(name))?;
        if let [one] = like[..] { built_in.find(Path::new(one)) } else { None }
    };
    let found = built_in.find(name).or_else(|| ADDONS.find(name)).or_else(one_like);
    let (name, text) = found.filter(|_| absent)?;
    Some(SourceText {
        name: format!("{name} (built in)"),
        bytes: text.as_bytes().to_vec(),
        identity: Identity::BuiltIn(name),
        folder: None,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = open_at_once(path).map_err(|error| error.to_string())?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err("it is a directory".to_owned());
    }
    limited(file)
}

/// Everything, if it is no more than a scenario can be.
fn limited(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(format!("it is larger than {} MiB, so it cannot be a scenario", BYTES_MAX >> 20));
    }
    Ok(bytes)
}

/// Opens a file. A named pipe does not open before something else opens it to write, which may be never, so somebody
/// else waits for that; `/dev/stdin` and `<(command)` are pipes without a name of their own, and open at once.
#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::FileTypeExt;
    if !fs::metadata(path)?.file_type().is_fifo() {
        return File::open(path);
    }
    let (tell, told) = std::sync::mpsc::channel();
    let path = path.to_owned();
    std::thread::Builder::new().spawn(move || tell.send(File::open(path)))?;
    told.recv_timeout(WRITER_WITHIN).unwrap_or_else(|_| {
        let seconds = WRITER_WITHIN.as_secs();
        Err(io::Error::other(format!("it is a named pipe, and for {seconds} s nothing has opened it to write")))
    })
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Adds a text to the sources; `None` if it is not UTF-8.
fn decode(text: SourceText, sources: &mut Sources, found: &mut Found) -> Option<(SourceId, String)> {
    if let Some(other) = Path::new(&text.name).extension().and_then(|end| end.to_str()).filter(|end| is_other(end)) {
        let what = format!("{} is {}, and scaleup reads TOML", text.name, other.to_uppercase());
        found.add(Problem::at(None, what).remedy("scaleup init my-cluster.toml writes one to start from"));
        return None;
    }
    match String::from_utf8(text.bytes) {
        Ok(decoded) => Some((sources.add(text.name, decoded.as_str(), SourceKind::File), decoded)),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = sources.add(text.name, readable, SourceKind::File);
            let place = Place { source, start, end: start };
            found.refuse(place, "this is not UTF-8 text", "save the file with the encoding UTF-8")
        }
    }
}

/// Whether an ending is that of another language for configuration.
fn is_other(ending: &str) -> bool {
    ["yaml", "yml", "json", "hcl", "tf"].contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::BUILT_IN;

    #[test]
    fn a_built_in_scenario_stands_in_only_for_a_file_that_cannot_be_there() {
        let found = |trouble, name: &str| instead(trouble, Path::new(name), BUILT_IN).map(|text| text.name);
        for absent in [ErrorKind::NotFound, ErrorKind::Unsupported, ErrorKind::IsADirectory] {
            assert_eq!(found(absent, "ekf").as_deref(), Some("ekf.toml (built in)"), "{absent}");
            assert_eq!(found(absent, "my-own.toml"), None, "{absent}");
        }
        assert_eq!(found(ErrorKind::PermissionDenied, "ekf"), None, "a file is there, and it is meant");
    }
}
