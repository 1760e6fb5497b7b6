//! What is wrong with a scenario, and how it is shown.

use super::source::{Place, Sources, ceil, floor};
use super::tree::{TreeNode, kind};
use super::value::cannot_be_shown;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// More problems than this are counted, not described.
const KEPT_MAX: usize = 1000;
/// More problems than this are counted, not shown.
const SHOWN_MAX: usize = 50;
/// Lines longer than this are not shown.
const LINE_MAX: usize = 500;

/// Something wrong with a scenario: where, what, and what to write instead.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    place: Option<Place>,
    what: String,
    remedy: String,
    also: Option<Box<(Place, String)>>,
}

impl Problem {
    /// Something wrong in a place; without one there is no text to show.
    pub(crate) fn at(place: impl Into<Option<Place>>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: shown(&what.into()), remedy: String::new(), also: None }
    }

    /// What to write instead.
    #[must_use]
    pub(crate) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: shown(&remedy.into()), ..self }
    }

    /// Lines to add to the file, to be pasted.
    #[must_use]
    pub(crate) fn with_lines(self, lines: &[String]) -> Self {
        let lines: Vec<String> = lines.iter().map(|line| shown(line)).collect();
        let between = if lines.len() == 1 { " " } else { "\n" };
        Self { remedy: format!("add{between}{}", lines.join("\n")), ..self }
    }

    /// A second place that has to do with it; shown if it stands in the same line.
    #[must_use]
    pub(crate) fn also(self, place: Place, label: impl Into<String>) -> Self {
        Self { also: Some(Box::new((place, label.into()))), ..self }
    }
}

/// A message in one line, whatever names and values stand in it.
fn shown(message: &str) -> String {
    let one = |c: char| if cannot_be_shown(c) { c.escape_default().to_string() } else { c.to_string() };
    message.chars().map(one).collect()
}

/// Problems as they are found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    list: Vec<Problem>,
    more: usize,
}

impl Found {
    pub(crate) fn add(&mut self, problem: Problem) {
        if self.list.len() < KEPT_MAX {
            self.list.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Something is wrong in a place; what to write instead.
    pub(crate) fn tell(&mut self, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.add(Problem::at(place, what).remedy(remedy));
    }

    /// As [`tell`](Self::tell), where there is nothing to go on with.
    pub(crate) fn refuse<T>(&mut self, place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Option<T> {
        self.tell(place, what, remedy);
        None
    }

    /// Refuses a value of another kind than what is meant: "a table is", "named tables are".
    pub(crate) fn mistaken<T>(&mut self, node: &TreeNode, meant: &str, remedy: impl Into<String>) -> Option<T> {
        self.refuse(node.place, format!("{} where {meant} meant", kind(&node.value)), remedy)
    }

    /// Whether something is wrong inside a place; what is missing from the whole file is in no place.
    pub(crate) fn is_in(&self, place: Place) -> bool {
        let within = |at: Place| place.start <= at.start && at.start < at.end && at.end <= place.end;
        let inside = |at: Place| at.source == place.source && within(at);
        self.list.iter().filter_map(|problem| problem.place).any(inside)
    }

    /// Whether something is wrong with just this place.
    pub(crate) fn is_at(&self, place: Place) -> bool {
        self.list.iter().any(|problem| problem.place == Some(place))
    }

    pub(crate) fn count(&self) -> usize {
        self.list.len() + self.more
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds problems with the value of a key.
    pub(crate) fn add_about(&mut self, key: &str, problems: Self) {
        for problem in problems.list {
            self.add(Problem { what: format!("{key}: {}", problem.what), ..problem });
        }
        self.more += problems.more;
    }
}

/// Everything that is wrong with a scenario, in the order of its sources and lines.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", self.render(false))]
pub struct Problems {
    sources: Sources,
    found: Found,
}

/// One problem for a program to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemView<'a> {
    /// File name, or `--set`; empty where the problem has no place.
    pub source: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: &'a str,
    /// What to write instead; may be empty.
    pub remedy: &'a str,
}

impl Problems {
    pub(crate) fn new(sources: Sources, mut found: Found) -> Self {
        found.list.sort_by_key(|problem| problem.place);
        Self { sources, found }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.found.list.len() + self.found.more
    }

    /// Every problem kept: the first thousand.
    pub fn iter(&self) -> impl Iterator<Item = ProblemView<'_>> {
        self.found.list.iter().map(|problem| {
            let source = problem.place.and_then(|place| self.sources.get(place.source));
            let at = problem.place.and_then(|place| self.sources.line_and_column(place));
            let (line, column) = at.unwrap_or((0, 0));
            ProblemView {
                source: source.map_or("", |source| &source.name),
                line,
                column,
                problem: &problem.what,
                remedy: &problem.remedy,
            }
        })
    }

    /// All problems with their source lines, for a terminal.
    pub fn render(&self, colour: bool) -> String {
        Self::render_all(std::slice::from_ref(self), colour)
    }

    /// The problems of several scenarios, those that they share once.
    pub fn render_all(all: &[Self], colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut shown: Vec<String> = Vec::new();
        let mut more: usize = all.iter().map(|problems| problems.found.more).sum();
        for (problems, problem) in all.iter().flat_map(|all| all.found.list.iter().map(move |one| (all, one))) {
            if shown.len() >= SHOWN_MAX {
                more += 1;
                continue;
            }
            let text = renderer.render(&[problems.group(problem)]);
            if !shown.contains(&text) {
                shown.push(text);
            }
        }
        let rest = if more == 0 { String::new() } else { format!("\n... and {more} more problems\n") };
        format!("{}\n{rest}", shown.join("\n\n"))
    }

    fn group<'a>(&'a self, problem: &'a Problem) -> Group<'a> {
        let mut group = Group::with_title(Level::ERROR.primary_title(problem.what.as_str()));
        if let Some(place) = problem.place {
            group = self.located(group, place, problem.also.as_deref());
        }
        if !problem.remedy.is_empty() {
            group = group.element(Level::HELP.message(problem.remedy.as_str()));
        }
        group
    }

    fn located<'a>(&'a self, group: Group<'a>, place: Place, also: Option<&'a (Place, String)>) -> Group<'a> {
        let Some(source) = self.sources.get(place.source) else { return group };
        let (line, column) = self.sources.line_and_column(place).unwrap_or((1, 1));
        let Some(lines) = Lines::around(&source.text, place) else {
            return group.element(Origin::path(source.name.as_str()).line(line).char_column(column));
        };
        let marker = AnnotationKind::Primary.span(lines.span(place));
        let mut snippet = Snippet::source(lines.text).line_start(line).path(source.name.as_str()).annotation(marker);
        if let Some((second, words)) = also.filter(|(second, _)| lines.hold(*second, place)) {
            snippet = snippet.annotation(AnnotationKind::Context.span(lines.span(*second)).label(words.as_str()));
        }
        group.element(snippet)
    }
}

/// The line of a place, cut out of its text.
struct Lines<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Lines<'a> {
    fn around(text: &'a str, place: Place) -> Option<Self> {
        let at = floor(text, place.start);
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        (end - start <= LINE_MAX).then(|| Self { text: text[start..end].trim_end_matches('\r'), start })
    }

    /// Whether a second place of the same source stands in the line.
    fn hold(&self, second: Place, first: Place) -> bool {
        second.source == first.source && (self.start..=self.start + self.text.len()).contains(&second.start)
    }

    /// The place within the line; never empty where there is a character to mark.
    fn span(&self, place: Place) -> std::ops::Range<usize> {
        let start = floor(self.text, place.start - self.start);
        let end = ceil(self.text, (place.end - self.start).max(start));
        start..if end == start { ceil(self.text, start + 1) } else { end }
    }
}
