//! The one font of all charts, built into the program: no chart depends on what a system has installed.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, ScaleFont};

/// The families that an SVG file asks its viewer for.
pub const FAMILIES: &str = "DejaVu Sans, Verdana, sans-serif";

/// Its file: the letters that charts need.
pub static SUBSET: &[u8] = include_bytes!("DejaVuSans-subset.ttf");
static FONT: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::try_from_slice(SUBSET).expect("the built-in font can be read"));

/// The height from descender to ascender where an em is 1: what programs that draw bitmaps call its size.
pub const HEIGHT: f64 = 1.164;

/// The width of `text` where an em is `size`, in the same unit.
pub fn width(text: &str, size: f64) -> f64 {
    // To a thousandth of an em, as bitmaps are laid out.
    const LARGE: f64 = 1000.0;
    let font = FONT.as_scaled((LARGE * HEIGHT) as f32);
    let mut before = None;
    let mut wide = 0.0_f32;
    for letter in text.chars() {
        let glyph = font.glyph_id(letter);
        wide += font.h_advance(glyph);
        wide += before.map_or(0.0, |before| font.kern(before, glyph));
        before = Some(glyph);
    }
    f64::from(wide.trunc()) / LARGE * size
}

/// `text`, or as much of its beginning and end as fits into `room` around an ellipsis.
pub fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    for kept in (1..letters.len()).rev() {
        let (begin, end) = (kept.div_ceil(2), kept / 2);
        let shorter: String = letters[..begin].iter().chain(&['…']).chain(&letters[letters.len() - end..]).collect();
        if width(&shorter, size) <= room {
            return shorter;
        }
    }
    "…".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_with_text_and_size() {
        assert!(width("workload", 20.0) > width("rok", 20.0));
        assert!((width("workload", 24.0) / width("workload", 12.0) - 2.0).abs() < 1e-9);
        // An M of DejaVu Sans is 1767 of 2048 units wide.
        assert!((width("M", 2048.0) - 1767.0).abs() < 3.0, "{}", width("M", 2048.0));
    }

    #[test]
    fn text_that_does_not_fit_keeps_its_ends() {
        let fitted = fit("a-very-long-name-of-a-daemonset", 10.0, 100.0);
        assert!(width(&fitted, 10.0) <= 100.0);
        assert!(fitted.starts_with("a-very") && fitted.ends_with("set") && fitted.contains('…'), "{fitted}");
        assert_eq!(fit("rok", 10.0, 100.0), "rok");
    }
}
