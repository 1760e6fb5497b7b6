//! `scaleup completions`: a script that lets a shell complete commands and options.

use crate::cli::args::Arguments;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Where each shell looks for the script.
pub(crate) const HELP: &str = "\
Where the script goes:
  bash        scaleup completions bash > ~/.local/share/bash-completion/completions/scaleup
  zsh         scaleup completions zsh > DIR/_scaleup, where DIR is one of $fpath
  fish        scaleup completions fish > ~/.config/fish/completions/scaleup.fish
  powershell  scaleup completions powershell >> $PROFILE
  elvish      scaleup completions elvish >> ~/.config/elvish/rc.elv";

/// Arguments of `scaleup completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    // Into memory first: writing to a closed pipe would make the generator panic.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "scaleup", &mut script);
    print(&String::from_utf8_lossy(&script))
}
