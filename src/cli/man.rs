//! `scaleup man`: manual pages.

use crate::cli::args::Arguments;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::report::write;
use clap::{Args, Command, CommandFactory};
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
    Ok(page)
}
