//! `scaleup init`: a commented scenario to start from.

use crate::cli::command_line::quoted;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::report::write;
use clap::Args;
use std::path::{Path, PathBuf};

/// The starter; its first value is the scenario's name.
const STARTER: &str = include_str!("starter.toml");
const NAME: &str = "name = \"mine\"";
/// Longer names cannot name a results folder.
const NAME_MAX: usize = 100;

/// Arguments of `scaleup init`.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The file to write; one that is there is never overwritten
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

pub(crate) fn init(arguments: &InitArguments) -> Result<(), Failure> {
    let file = &arguments.file;
    // Also a link that leads nowhere is in the way.
    if file.symlink_metadata().is_ok() {
        let shown = file.display();
        return Err(Failure::Usage(format!("{shown} is there already and is left as it is; name another file")));
    }
    let text = STARTER.replacen(NAME, &format!("name = \"{}\"", name_for(file)), 1);
    write::whole(file, text.as_bytes())?;
    let (shown, word) = (file.display(), quoted(&[file.display().to_string()]));
    print(&format!("Wrote {shown}. Change it, then: scaleup check {word} and scaleup run {word}\n"))
}

/// A scenario's name after its file's: letters, digits and hyphens.
fn name_for(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = stem.chars().map(plain).take(NAME_MAX).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "mine".to_owned() } else { name.to_owned() }
}
