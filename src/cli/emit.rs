//! Scripts and manifests that simulate a study in shards on a scheduler that is there.

use crate::cli::command_line::quoted;
use clap::ValueEnum;
use std::path::Path;

/// A scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchSystem {
    /// A script that submits an array job, and the merge after it
    Slurm,
    /// A manifest of an Indexed Job, and of a Job for the merge
    Kubernetes,
    /// A script that submits an array job, or the merge
    AwsBatch,
    /// A script for GNU parallel, with the merge at its end
    Parallel,
}

/// A study that is to be simulated in shards.
pub(crate) struct Division<'a> {
    /// The command, as it would be typed to simulate it in one go.
    pub(crate) command: &'a str,
    pub(crate) shards: u32,
    pub(crate) folder: &'a Path,
    /// Whether it may need several rounds.
    pub(crate) has_rounds: bool,
}

impl Division<'_> {
    /// What to submit.
    pub(crate) fn text(&self, scheduler: BatchSystem) -> String {
        let words = shlex::split(self.command).unwrap_or_default();
        let words = words.get(1..).unwrap_or_default();
        let listed: Vec<String> = words.iter().map(|word| serde_json::Value::from(word.as_str()).to_string()).collect();
        let listed = listed.join(", ");
        let round = |text: &'static str| if self.has_rounds { text } else { "" };
        let (template, round_in_command) = match scheduler {
            BatchSystem::Slurm => (include_str!("emit/slurm.sh"), " --round $round"),
            BatchSystem::Kubernetes => (include_str!("emit/kubernetes.yaml"), ""),
            BatchSystem::AwsBatch => (include_str!("emit/aws-batch.sh"), ""),
            BatchSystem::Parallel => (include_str!("emit/parallel.sh"), " --round ${ROUND:-1}"),
        };
        // Inside double quotes of a shell, and inside single quotes.
        let in_double =
            |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('`', "\\`");
        let in_single = |text: &str| text.replace('\'', "'\\''");
        let values = [
            ("@COMMAND@", self.command.replace('\n', " ")),
            ("@REST@", in_double(&quoted(words))),
            ("@ARGS_SHELL@", in_single(&listed)),
            ("@ARGS@", listed),
            ("@ROUND@", round(round_in_command).to_owned()),
            ("@ROUND_ARGS@", round("\"--round\", \"1\", ").to_owned()),
            ("@ROUND_SHELL@", round("\"--round\", \"'\"${ROUND:-1}\"'\", ").to_owned()),
            ("@SHARDS@", self.shards.to_string()),
            ("@LAST@", (self.shards - 1).to_string()),
            ("@FOLDER@", quoted(&[self.folder.display().to_string()])),
            ("@VERSION@", env!("CARGO_PKG_VERSION").to_owned()),
        ];
        filled(template, &values)
    }
}

/// A template with its values; what stands in a value is no place for another one.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let known = values.iter().find(|(name, _)| from.starts_with(name));
        text.push_str(known.map_or("@", |(_, value)| value));
        rest = &from[known.map_or(1, |(name, _)| name.len())..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in_and_words_stay_what_they_are() {
        let command = "scaleup sweep ekf --vary 'cloud.boot=\"20s\",\"it is @LAST@ $HOME\"' --seed 1";
        let division = Division { command, shards: 16, folder: Path::new("a folder"), has_rounds: true };
        for scheduler in BatchSystem::value_variants() {
            let text = division.text(*scheduler);
            let without = text.replace("it is @LAST@", "").replace("[@]", "").replace("\"$@\"", "");
            let left = without.split('@').nth(1).unwrap_or_default();
            assert!(!left.starts_with(|c: char| c.is_ascii_uppercase()), "@{left}");
            assert!(!without.contains("@SHARDS@") && !without.contains("@ARGS"), "{text}");
            assert!(text.contains("EDIT") && text.contains("--merge"), "{text}");
        }
        let text = division.text(BatchSystem::Kubernetes);
        // A server refuses any other in such a Job, and the schema does not.
        assert_eq!(text.matches("restartPolicy: ").count(), text.matches("restartPolicy: Never\n").count());
        assert!(
            text.contains(r#""cloud.boot=\"20s\",\"it is @LAST@ $HOME\"", "--seed", "1", "--shards", "16","#),
            "{text}"
        );
    }
}
