//! `scaleup schema`: the JSON Schema of scenario files, and of what `--json` prints.

use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::report::{json, output};
use crate::scenario;
use clap::Args;

/// How an editor finds the schema.
pub(crate) const HELP: &str = "\
How to have an editor complete and check keys:
  1. scaleup schema > scaleup.schema.json
  2. Make this the first line of a scenario beside it:
       #:schema ./scaleup.schema.json
  3. Use an editor with Taplo: the extension \"Even Better TOML\" of VS Code, or `taplo lsp` elsewhere.
     `taplo check FILE` does the same without an editor.

What a schema cannot say (references, sums, the order of percentiles) only `scaleup check FILE` tells.";

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The schema of what commands print with --json, instead of that of scenario files
    #[arg(long)]
    output: bool,
}

pub(crate) fn schema(arguments: &SchemaArguments) -> Result<(), Failure> {
    let schema = if arguments.output { output::output() } else { scenario::schema() };
    print(&json::text(&schema))
}
