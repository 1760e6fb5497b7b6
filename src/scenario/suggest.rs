//! "Did you mean".

/// Names longer than this are not compared.
const NAME_MAX: usize = 64;
/// How alike two names must be.
const ALIKE: f64 = 0.8;

/// The known name that `written` most likely stands for.
pub(crate) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_by(written, known, ALIKE)
}

/// The same, of names that are at least so alike, from 0 to 1.
pub(crate) fn nearest_by<'a>(written: &str, known: impl Iterator<Item = &'a str>, alike: f64) -> Option<&'a str> {
    if written.len() > NAME_MAX {
        return None;
    }
    let likeness =
        |name: &str| strsim::jaro_winkler(&written.to_lowercase().replace('-', "_"), &name.replace('-', "_"));
    let best = known.map(|name| (likeness(name), name)).filter(|(score, _)| *score >= alike);
    // The first of equals, so that the answer does not depend on how ties are broken.
    best.fold(None, |best: Option<(f64, &str)>, next| match best {
        Some(best) if best.0 >= next.0 => Some(best),
        _ => Some(next),
    })
    .map(|(_, name)| name)
}

/// "did you mean `x`?" where a known name is near.
pub(crate) fn did_you_mean<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|name| format!("did you mean `{name}`?"))
}
