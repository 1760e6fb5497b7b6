//! A command as it can be typed again: what its results depend on, and nothing else.
//!
//! Must not know: what the words mean; it repeats them.

use crate::cli::args::CommonArguments;
use std::path::Path;

/// `scaleup sweep scenarios/ekf.toml --set KEY=VALUE --replications 100 --seed 1`; threads and folders are left out.
pub(crate) fn command_line(command: &str, arguments: &CommonArguments, more: &[String]) -> String {
    let mut words = vec!["scaleup".to_owned(), command.to_owned(), shown(&arguments.scenario)];
    for set in &arguments.set {
        words.extend(["--set".to_owned(), set.clone()]);
    }
    words.extend(more.iter().cloned());
    if let Some(targets) = &arguments.documented.targets {
        words.extend(["--targets".to_owned(), shown(targets)]);
    }
    words.extend(["--replications".to_owned(), arguments.replications.to_string()]);
    words.extend(["--seed".to_owned(), arguments.seed.to_string()]);
    quoted(&words)
}

/// Words in one line, each quoted where a shell would read more.
pub(crate) fn quoted(words: &[String]) -> String {
    words.iter().map(|word| word_quoted(word)).collect::<Vec<_>>().join(" ")
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A word for a shell: between apostrophes where it has more than letters, digits and a few signs.
fn word_quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=,:%+@".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_more() {
        assert_eq!(word_quoted("cluster.target_nodes=100,200"), "cluster.target_nodes=100,200");
        assert_eq!(word_quoted("a b"), "'a b'");
        assert_eq!(word_quoted("it's"), "'it'\\''s'");
        assert_eq!(word_quoted(""), "''");
    }
}
