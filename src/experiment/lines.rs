//! A study as text: one JSON document, laid out as a head and then one case on each line.
//!
//! It is written and read case by case, so that no more than one case need be in memory.

use crate::experiment::results::{CaseResult, FORMAT_VERSION, Replication, Results};
use crate::model::record::StageKind;
use std::io::{self, BufRead, Read, Write};

/// No line of a study is longer, in bytes: about 50,000 replications, or some millions of nodes.
const LINE_MAX: u64 = 512 << 20;
/// What the text of a study without cases ends with.
const END: &str = "]}";

/// Writes a study.
pub struct Writer<W> {
    to: W,
    begun: bool,
}

/// Reads a study: an iterator over its cases.
pub struct StudyReader<R> {
    from: R,
    ended: bool,
}

impl<W: Write> Writer<W> {
    /// Begins with the head: everything of `study` but its cases.
    ///
    /// # Errors
    /// Where `to` takes no more.
    pub fn new(study: &Results, mut to: W) -> io::Result<Self> {
        let head = serde_json::to_string(&Results { cases: vec![], ..study.clone() })?;
        writeln!(to, "{}", head.strip_suffix(END).unwrap_or(&head))?;
        Ok(Self { to, begun: false })
    }

    /// Adds a case.
    ///
    /// # Errors
    /// Where the text takes no more.
    pub fn case(&mut self, case: &CaseResult) -> io::Result<()> {
        self.text(&text_of(case)?)
    }

    /// Adds a case whose text was made before.
    ///
    /// # Errors
    /// Where the text takes no more.
    pub fn text(&mut self, case: &[u8]) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            writeln!(self.to, ",")?;
        }
        self.to.write_all(case)
    }

    /// Ends the document.
    ///
    /// # Errors
    /// Where the text takes no more.
    pub fn end(mut self) -> io::Result<W> {
        writeln!(self.to, "{}{END}", if self.begun { "\n" } else { "" })?;
        Ok(self.to)
    }
}

impl<R: BufRead> StudyReader<R> {
    /// Reads the head, a study without cases.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(mut from: R) -> Result<(Results, Self), String> {
        let line = line(&mut from)?.ok_or("it is empty")?;
        let version = line.split_once("\"format_version\":").map(|(_, rest)| rest);
        let version = version.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        if let Some(version) = version.filter(|version| *version != FORMAT_VERSION.to_string()) {
            return Err(format!("its format is version {version}, and this program reads version {FORMAT_VERSION}"));
        }
        let head = serde_json::from_str(&(line + END)).map_err(|error| error.to_string())?;
        Ok((head, Self { from, ended: false }))
    }

    /// The cases as text, each of which [`read_case`] reads; what follows an error is nothing.
    pub fn texts(mut self) -> impl Iterator<Item = Result<String, String>> {
        std::iter::from_fn(move || self.next_text())
    }

    fn next_text(&mut self) -> Option<Result<String, String>> {
        if self.ended {
            return None;
        }
        let text = self.text().transpose();
        self.ended = !matches!(text, Some(Ok(_)));
        text
    }

    fn text(&mut self) -> Result<Option<String>, String> {
        let mut line = line(&mut self.from)?.ok_or("its end is missing")?;
        if line == END {
            // A compressed text ends with its checksum, which is compared where nothing follows.
            return self::line(&mut self.from)?.map_or(Ok(None), |_| Err("there is more after its end".to_owned()));
        }
        if line.ends_with(',') {
            line.pop();
        }
        Ok(Some(line))
    }
}

/// A case as [`Writer::text`] takes it.
///
/// # Errors
/// Never: every case can be written.
pub fn text_of(case: &CaseResult) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec(case)?)
}

/// Reads a case.
///
/// # Errors
/// What is wrong with it.
pub fn read_case(text: &str) -> Result<CaseResult, String> {
    let case: CaseResult = serde_json::from_str(text).map_err(|error| error.to_string())?;
    check(&case)?;
    Ok(case)
}

impl<R: BufRead> Iterator for StudyReader<R> {
    type Item = Result<CaseResult, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let case = self.next_text()?.and_then(|text| read_case(&text));
        self.ended |= case.is_err();
        Some(case)
    }
}

/// A line without its end; `None` where the text has ended.
fn line(from: &mut impl BufRead) -> Result<Option<String>, String> {
    let mut line = String::new();
    let length = from.take(LINE_MAX).read_line(&mut line).map_err(|error| error.to_string())?;
    if length as u64 == LINE_MAX {
        return Err(format!("a line is longer than {LINE_MAX} bytes"));
    }
    // What is written here has no control characters, and nothing that turns the direction of writing.
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    // Few lines have such letters at all, which is soon seen.
    let escapes = || line.contains('\\') && line.contains("\\u");
    if escapes() || !line.is_ascii() && line.contains(turns) {
        return Err("a text has characters that cannot be shown".to_owned());
    }
    line.truncate(line.trim_end_matches('\n').len());
    Ok((length > 0).then_some(line))
}

/// Whether a case is what a program may rely on.
fn check(case: &CaseResult) -> Result<(), String> {
    let stages = case.stages.len();
    let is_whole = |one: &Replication| [one.stages.len(), one.curves.len(), one.node_hours.len()] == [stages; 3];
    let daemonsets = case.stages.iter().filter(|stage| stage.kind == StageKind::DaemonSet).count();
    let refused = [
        (case.goal().is_none(), "a case lacks stages"),
        (case.curve_step.is_zero(), "a case lacks the step of its curves"),
        (case.replications.is_empty(), "a case lacks replications"),
        (!case.replications.iter().all(is_whole), "a replication has another number of stages than its case"),
        (!case.replications.is_sorted_by(|a, b| a.number < b.number), "replications are out of order"),
        (case.detail.as_ref().is_some_and(|detail| detail.counts.len() != stages), "the detail lacks stages"),
        (
            case.detail.iter().flat_map(|detail| &detail.nodes).any(|node| node.daemonsets.len() > daemonsets),
            "a node has more DaemonSets than its case",
        ),
    ];
    refused.iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, what)| Err((*what).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::Waits;
    use crate::experiment::{Case, Settings, run_cases};
    use crate::scenario::{Setting, load};

    fn study() -> Results {
        let settings = ["cluster.target_nodes=6", "cloud.vcpu_quota=80", "run.curve_step=1m"];
        let settings = settings.map(|setting| Setting::new("--set", setting));
        let loaded = load(std::path::Path::new("ekf.toml"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
        let case = Case::new(vec![("a".to_owned(), "\"quotes \\\" and é\"".to_owned())], &loaded);
        let settings = Settings { replications: 3, seed: 1, threads: Some(1) };
        let cases = run_cases(&[case.clone(), case], settings, &|| ()).expect("one thread");
        Results {
            format_version: FORMAT_VERSION,
            scenario_toml: loaded.document.to_toml(),
            cases,
            ..Results::default()
        }
    }

    fn text(study: &Results) -> String {
        let mut writer = Writer::new(study, Vec::new()).expect("memory takes everything");
        study.cases.iter().for_each(|case| writer.case(case).expect("memory takes everything"));
        String::from_utf8(writer.end().expect("memory takes everything")).expect("JSON is text")
    }

    fn read(text: &str) -> Result<Results, String> {
        let (mut study, reader) = StudyReader::new(text.as_bytes())?;
        study.cases = reader.collect::<Result<_, _>>()?;
        Ok(study)
    }

    #[test]
    fn what_is_read_is_exactly_what_was_written_but_the_waits() {
        let mut study = study();
        let text = text(&study);
        assert!(!study.cases[0].replications[0].limits.is_empty() && study.cases[0].detail.is_some());
        study.cases.iter_mut().for_each(|case| case.waits = Waits::default());
        assert_eq!(read(&text).as_ref(), Ok(&study));
        assert_eq!(text.lines().count(), 4, "a head, a line for each case, an end");
        // It is one valid document, and of that type.
        assert_eq!(serde_json::from_str::<Results>(&text).ok(), Some(study));
    }

    #[test]
    fn a_study_without_cases_is_whole_too() {
        let study = Results { format_version: FORMAT_VERSION, ..Results::default() };
        assert_eq!(read(&text(&study)), Ok(study));
    }

    #[test]
    fn what_was_changed_is_refused() {
        let text = text(&study());
        let refused = |from: &str, to: &str| read(&text.replacen(from, to, 1)).err().unwrap_or_default();
        assert_eq!(
            refused("\"format_version\":2", "\"format_version\":1"),
            "its format is version 1, and this program reads version 2"
        );
        assert_eq!(refused("\n]}\n", ""), "its end is missing");
        assert_eq!(refused("\n]}\n", "\n]}\n{}\n"), "there is more after its end");
        assert_eq!(
            refused("\"curve_step_ns\":60000000000", "\"curve_step_ns\":0"),
            "a case lacks the step of its curves"
        );
        assert_eq!(refused("{\"number\":1,", "{\"number\":0,"), "replications are out of order");
        assert_eq!(
            refused("\"node_hours\":[", "\"node_hours\":[1.0,"),
            "a replication has another number of stages than its case"
        );
        assert_eq!(
            refused("\"name\":\"ekf\"", "\"name\":\"\\u001b]0;pwned\""),
            "a text has characters that cannot be shown"
        );
        assert!(refused("\"curves\":[[", "\"curves\":[[1,1099511627776,").starts_with("a curve is not made of runs"));
        assert_eq!(read("").err().as_deref(), Some("it is empty"));
    }
}
