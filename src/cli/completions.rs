//! `scaleup completions`: a script that lets a shell complete commands, options, scenarios and keys.

use crate::cli::complete::VARIABLE;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use clap::Args;
use clap_complete::Shell;
use clap_complete::env::Shells;

/// Where each shell looks for the script.
pub(crate) const HELP: &str = "\
Where the script goes:
  bash        scaleup completions bash > ~/.local/share/bash-completion/completions/scaleup
  zsh         scaleup completions zsh > DIR/_scaleup, where DIR is one of $fpath
  fish        scaleup completions fish > ~/.config/fish/completions/scaleup.fish
  powershell  scaleup completions powershell >> $PROFILE
  elvish      scaleup completions elvish >> ~/.config/elvish/rc.elv

The script asks the program for what can be completed, so it needs `scaleup` on the PATH, and stays right when the
program is updated.";

/// Arguments of `scaleup completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let shells = Shells::builtins();
    let shell = shells.completer(&arguments.shell.to_string()).expect("every shell has a completer");
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "scaleup", "scaleup", "scaleup", &mut script)?;
    let script = String::from_utf8_lossy(&script);
    print(&if arguments.shell == Shell::Zsh { without_blank_after_keys(&script) } else { script.into_owned() })
}

/// The script for zsh, which puts no blank after `KEY=` either, where the value follows.
fn without_blank_after_keys(script: &str) -> String {
    let pairs = [
        ("local -a other=()\n", "local -a other=() settings=()\n"),
        (
            "            else\n                other+=(",
            "            elif [[ \"$value\" == *= ]]; then\n                settings+=(\"$completion\")\n            else\n\
             \x20               other+=(",
        ),
        (
            "        [[ -n $other ]]",
            "        [[ -n $settings ]] && _describe -V 'values' settings -S ''\n        [[ -n $other ]]",
        ),
    ];
    pairs.iter().fold(script.to_owned(), |script, (from, to)| script.replacen(from, to, 1))
}
