//! The data of a page as files inside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::report::exports;
use crate::report::folder::Folder;
use crate::report::origin;
use crate::report::words;

/// A larger file is only beside the page.
const FILE_MAX: usize = 20_000;
/// With more cases than this, they are larger than that anyway.
const CASES_MAX: usize = 200;
/// All of them together have no more bytes.
const ALL_MAX: usize = 130_000;

/// A file to be downloaded from the page.
pub struct Download {
    /// Its name.
    pub name: String,
    /// Its size in words.
    pub size: String,
    /// Its bytes, in Base64.
    pub base64: String,
}

impl Download {
    fn of(name: String, bytes: &[u8]) -> Self {
        let size = format!("{} kB", words::mean_count(bytes.len() as f64 / 1_000.0));
        Self { name, size, base64: STANDARD.encode(bytes) }
    }
}

/// The files of a folder that are small enough, or its scenario only.
pub fn of(folder: &Folder, with_tables: bool) -> Vec<Download> {
    let assumptions = folder.loaded.as_ref().map(|loaded| origin::assumptions(&loaded.document)).unwrap_or_default();
    let mut all = 0;
    let mut downloads = Vec::new();
    let few = with_tables && folder.study.cases.len() <= CASES_MAX;
    let files = if few { exports::summaries(&folder.study, &assumptions) } else { vec![] };
    for (name, bytes) in files {
        if bytes.len() <= FILE_MAX && all + bytes.len() <= ALL_MAX {
            all += bytes.len();
            downloads.push(Download::of(name, &bytes));
        }
    }
    let toml = folder.study.results.scenario_toml.as_bytes();
    if !toml.is_empty() && toml.len() <= 3 * FILE_MAX {
        downloads.push(Download::of(format!("{}.toml", words::slug(&folder.study.results.scenario)), toml));
    }
    downloads
}
