//! `scaleup man`: manual pages.

use crate::cli::args::Arguments;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::report::write;
use clap::{Arg, ArgAction, Args, Command, CommandFactory};
use clap_mangen::Man;
use std::path::PathBuf;

/// Arguments of `scaleup man`.
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command whose page to print; by default the program's own
    #[arg(conflicts_with = "out")]
    command: Option<String>,
    /// Write the pages of the program and of all commands to a folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn man(arguments: &ManArguments) -> Result<(), Failure> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    // Gives every command the name of its page, `scaleup-run`.
    program.build();
    let commands: Vec<Command> =
        program.get_subcommands().map(|command| command.clone().version(env!("CARGO_PKG_VERSION"))).collect();
    if let Some(folder) = &arguments.out {
        for command in std::iter::once(&program).chain(&commands) {
            let name = command.get_display_name().unwrap_or(command.get_name());
            write::whole(&folder.join(format!("{name}.1")), &page(command)?)?;
        }
        return Ok(());
    }
    let asked = match &arguments.command {
        None => &program,
        Some(name) => {
            let found = commands.iter().find(|command| command.get_name() == name);
            found.ok_or_else(|| Failure::Usage(format!("there is no command `{name}`; see scaleup --help")))?
        }
    };
    print(&String::from_utf8_lossy(&page(asked)?))
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    Man::new(command.clone()).source(concat!("scaleup ", env!("CARGO_PKG_VERSION"))).render(&mut page)?;
    let text = String::from_utf8_lossy(&page);
    // The synopsis of clap_mangen leaves out what stands for values.
    let with_synopsis = text.lines().scan(false, |is_synopsis, line| {
        let replaced = if *is_synopsis { synopsis(command) } else { line.to_owned() };
        *is_synopsis = line == ".SH SYNOPSIS";
        Some(replaced + "\n")
    });
    Ok(with_synopsis.collect::<String>().into_bytes())
}

/// `scaleup run [--set KEY=VALUE]... [-n|--nodes N] [SCENARIO]`, in roff.
fn synopsis(command: &Command) -> String {
    let bold = |text: &str| format!("\\fB{}\\fR", text.replace('-', "\\-"));
    let mut words = vec![bold(command.get_bin_name().unwrap_or(command.get_name()))];
    let options = command.get_arguments().filter(|argument| !argument.is_positional() && !argument.is_hide_set());
    words.extend(options.map(|option| {
        let short = option.get_short().map(|short| bold(&format!("-{short}")));
        let long = option.get_long().map(|long| bold(&format!("--{long}")));
        let value = option.get_action().takes_values().then(|| format!(" {}", value(option)));
        let more = if matches!(option.get_action(), ArgAction::Append) { "..." } else { "" };
        let names: Vec<String> = short.into_iter().chain(long).collect();
        format!("[{}{}]{more}", names.join("|"), value.unwrap_or_default())
    }));
    words.extend(command.get_positionals().map(|argument| {
        let more = if matches!(argument.get_action(), ArgAction::Append) { "..." } else { "" };
        if argument.is_required_set() { value(argument) + more } else { format!("[{}]{more}", value(argument)) }
    }));
    words.extend(command.has_subcommands().then(|| "\\fICOMMAND\\fR".to_owned()));
    words.join(" ")
}

/// What stands for the value of an argument.
fn value(argument: &Arg) -> String {
    let names = argument.get_value_names().into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
    let name = if names.is_empty() { argument.get_id().as_str().to_uppercase() } else { names.join(" ") };
    format!("\\fI{}\\fR", name.replace('-', "\\-"))
}
