//! The terminal that an answer is shown on: how wide it is, and colours for verdicts.

use crate::report::text::PLAIN_WIDTH;
use crate::report::words::verdicts;
use std::env;
use std::io::{self, IsTerminal};

/// Narrower pages break words; wider ones are hard to read.
const WIDTHS: std::ops::RangeInclusive<u16> = 40..=250;
const BLUE: &str = "\u{1b}[36m";
const RESET: &str = "\u{1b}[0m";

/// How wide an answer can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Columns.
    pub(crate) width: u16,
    /// Whether somebody looks at it, so that lines are wrapped; programs get every sentence in a line of its own.
    wraps: bool,
}

/// What standard output can show: the columns of `COLUMNS` or of the terminal; where it is no terminal always the same.
pub(crate) fn page() -> Page {
    let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || {
        let stdout = io::stdout();
        let (width, _) = stdout.is_terminal().then(|| terminal_size::terminal_size_of(stdout)).flatten()?;
        Some(width.0)
    };
    match told.filter(|&columns| columns > 0).or_else(seen) {
        Some(columns) => Page { width: columns.clamp(*WIDTHS.start(), *WIDTHS.end()), wraps: true },
        None => Page { width: PLAIN_WIDTH, wraps: false },
    }
}

impl Page {
    /// Text whose sentences fit; tables are as wide as they are.
    pub(crate) fn wrapped(self, text: &str) -> String {
        if !self.wraps {
            return text.to_owned();
        }
        let width = usize::from(self.width);
        let wrap = |line: &str| {
            if line.starts_with('|') || line.chars().count() <= width {
                return line.to_owned();
            }
            let begin = line.find(|c: char| c != ' ' && c != '-').unwrap_or(0);
            let rest = " ".repeat(if begin == 0 { 2 } else { begin });
            let how = textwrap::Options::new(width).subsequent_indent(&rest).break_words(false);
            textwrap::wrap(line, how.word_splitter(textwrap::WordSplitter::NoHyphenation)).join("\n")
        };
        text.lines().map(|line| wrap(line) + "\n").collect()
    }
}

/// Text with its verdicts in colours, and headings of tables in another; anstream takes them out where they are not
/// shown.
pub(crate) fn painted(text: &str) -> String {
    let mut painted = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let is_heading = line.ends_with(":\n") && !line.starts_with([' ', '-', '|']);
        if is_heading {
            painted.extend([BLUE, line.trim_end(), RESET, "\n"]);
        } else {
            painted += &of_verdicts(line);
        }
    }
    painted
}

/// Each verdict in its colour, the longest of those that begin at one place.
fn of_verdicts(line: &str) -> String {
    let mut painted = String::with_capacity(line.len());
    let mut rest = line;
    let mut inside = false;
    while let Some(next) = rest.chars().next() {
        let found = verdicts().filter(|(words, _)| !inside && rest.strip_prefix(words).is_some_and(ends_here));
        if let Some((words, mood)) = found.max_by_key(|(words, _)| words.len()) {
            painted.extend([mood.code(), words, RESET]);
            rest = &rest[words.len()..];
            inside = true;
        } else {
            painted.push(next);
            rest = &rest[next.len_utf8()..];
            inside = next.is_alphanumeric() || next == '-' || next == '_';
        }
    }
    painted
}

fn ends_here(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_wrapped_and_tables_are_not() {
        let page = Page { width: 40, wraps: true };
        let text = "- a sentence that is longer than the page is wide, by some words\n| a | table | that | is | wide | is | left | alone |\n\n";
        let shown = page.wrapped(text);
        assert_eq!(
            shown,
            "- a sentence that is longer than the\n  page is wide, by some words\n| a | table | that | is | wide | is | left | alone |\n\n"
        );
        assert_eq!(Page { wraps: false, ..page }.wrapped(text), text);
    }

    #[test]
    fn a_verdict_has_one_colour_and_stands_alone() {
        let shown = painted("300 nodes: out of support; supported on request only; unsupported\n");
        assert_eq!(
            shown,
            "300 nodes: \u{1b}[31mout of support\u{1b}[0m; \u{1b}[33msupported on request only\u{1b}[0m; unsupported\n"
        );
    }
}
