//! A command as it can be typed again: what its results depend on, and nothing else.

use crate::cli::args::CommonArguments;
use std::path::Path;

/// `scaleup sweep scenarios/ekf.toml --set KEY=VALUE --replications 100 --seed 1`; threads and folders are left out.
pub(crate) fn command_line(command: &str, arguments: &CommonArguments, more: &[String]) -> String {
    let mut words = vec!["scaleup".to_owned(), command.to_owned(), shown(&arguments.of.scenario)];
    for set in &arguments.of.changes() {
        words.extend(["--set".to_owned(), set.clone()]);
    }
    words.extend(more.iter().cloned());
    words.extend(arguments.precision.words());
    words.extend(arguments.deadline.words());
    if let Some(targets) = &arguments.documented.targets {
        words.extend(["--targets".to_owned(), shown(targets)]);
    }
    words.extend(arguments.replications.words());
    quoted(&words)
}

/// Words in one line, each quoted where a shell would read more.
pub(crate) fn quoted(words: &[String]) -> String {
    // A word of an argument list has no zero byte, and nothing else cannot be quoted.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_more() {
        let words = ["cluster.target_nodes=100,200", "a b", "it's", "", "a\nb"].map(str::to_owned);
        let line = quoted(&words);
        assert_eq!(shlex::split(&line), Some(words.to_vec()), "{line}");
        assert!(line.starts_with("'cluster.target_nodes=100,200' 'a b' "), "{line}");
    }
}
