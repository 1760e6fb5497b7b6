//! Where text comes from: files, built-in scenarios and the command line.

use std::sync::Arc;

/// One of the [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SourceId(u32);

impl SourceId {
    /// The text of a default; never shown, since tests read every default.
    pub(crate) const DEFAULT: Self = Self(u32::MAX);
}

/// A stretch of a source's text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What kind of source it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// A file, or a scenario that comes with the program.
    File,
    /// One setting of the command line, such as `--set`.
    Setting,
    /// What naming a thing sets.
    Preset,
}

/// A text with a name.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// As shown in messages.
    pub(crate) name: String,
    pub(crate) text: Arc<str>,
    kind: SourceKind,
    /// How late it has its say.
    layer: usize,
    /// Where each line starts.
    lines: Arc<[usize]>,
}

/// The texts of one scenario: the file that was asked for, what it extends, then the command line's settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text at the end.
    pub(crate) fn add(&mut self, name: String, text: impl Into<Arc<str>>, kind: SourceKind) -> SourceId {
        let text = text.into();
        let starts = text.match_indices('\n').map(|(newline, _)| newline + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        let layer = match kind {
            SourceKind::Preset => 0,
            SourceKind::File => 1,
            SourceKind::Setting => self.0.len() + 1,
        };
        self.0.push(Source { name, text, kind, layer, lines });
        SourceId(u32::try_from(self.0.len() - 1).expect("fewer than 4 billion sources"))
    }

    /// A text; `None` for the one of the defaults.
    pub(crate) fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0 as usize)
    }

    /// The start of the file that was asked for.
    pub(crate) fn start(&self) -> Option<Place> {
        (!self.0.is_empty()).then_some(Place { source: SourceId(0), start: 0, end: 0 })
    }

    /// Says which of some files has its say later than which: the first one last of all.
    pub(crate) fn order(&mut self, files: &[SourceId]) {
        for (place, id) in files.iter().rev().enumerate() {
            self.0[id.0 as usize].layer = place + 1;
        }
    }

    /// How late a source has its say: presets before parents before children before settings.
    pub(crate) fn layer(&self, id: SourceId) -> usize {
        self.get(id).map_or(0, |source| source.layer)
    }

    /// Whether a source is a preset.
    pub(crate) fn is_preset(&self, id: SourceId) -> bool {
        self.get(id).is_some_and(|source| source.kind == SourceKind::Preset)
    }

    /// Whether a source is a setting of the command line.
    pub(crate) fn is_setting(&self, id: SourceId) -> bool {
        self.get(id).is_some_and(|source| source.kind == SourceKind::Setting)
    }

    /// Line and column of a place, both from 1; columns count characters.
    pub(crate) fn line_and_column(&self, place: Place) -> Option<(usize, usize)> {
        let source = self.get(place.source)?;
        let at = floor(&source.text, place.start);
        let line = source.lines.partition_point(|&start| start <= at);
        let start = source.lines[line - 1];
        Some((line, source.text[start..at].chars().count() + 1))
    }
}

/// The last boundary of characters at or before a byte.
pub(crate) fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The first boundary of characters at or after a byte.
pub(crate) fn ceil(text: &str, byte: usize) -> usize {
    (byte.min(text.len())..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}
