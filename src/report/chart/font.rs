//! The one font of all charts, built into the program: no chart depends on what a system has installed.
//!
//! Must not know: what is written.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

/// The families that an SVG file asks its viewer for; also the name under which plotters knows the font.
pub const FAMILIES: &str = "DejaVu Sans, Verdana, sans-serif";

/// Its file: the letters that charts need.
pub static SUBSET: &[u8] = include_bytes!("../../../assets/DejaVuSans-subset.ttf");
static REGISTERED: Once = Once::new();

/// How much larger than an em plotters draws this font in bitmaps: the height from descender to ascender.
pub const BITMAP_SIZE: f64 = 1.164;

/// How much larger than an em plotters calls a size whose em it writes to SVG files.
pub const SVG_SIZE: f64 = 1.24;

/// The font with a size as plotters counts it.
///
/// # Panics
/// If the built-in font cannot be read: our own mistake.
pub fn font(size: f64) -> FontDesc<'static> {
    REGISTERED.call_once(|| {
        assert!(register_font(FAMILIES, FontStyle::Normal, SUBSET).is_ok(), "the built-in font can be read");
    });
    FontDesc::new(FontFamily::Name(FAMILIES), size, FontStyle::Normal)
}

/// The width of `text` where an em is `size`, in the same unit.
///
/// # Panics
/// As [`font`] does.
pub fn width(text: &str, size: f64) -> f64 {
    // Plotters measures in whole pixels: measure large.
    const LARGE: f64 = 1000.0;
    let (wide, _) = font(LARGE * BITMAP_SIZE).box_size(text).expect("the font is registered");
    f64::from(wide) / LARGE * size
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
