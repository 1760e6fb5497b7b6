//! Pictures as PNG files, drawn by plotters.
//!
//! Plotters draws at whole pixels, so the picture is drawn large and averaged down, which also smooths every edge.

use std::error::Error;
use std::sync::Once;

use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle, TextStyle, register_font};

use super::font;
use super::picture::{Anchor, Element, Picture, Point, Text, at};
use super::theme::{Colour, PAPER};

/// Pixels of a PNG file per pixel of the picture, for print.
const SCALE: u32 = 2;
/// Drawn pixels per pixel of a PNG file, in both directions.
const SAMPLES: u32 = 2;
/// Drawn pixels per pixel of the picture.
const LARGE: f64 = (SCALE * SAMPLES) as f64;

/// Whether it was drawn; nothing that draws into memory fails.
type Drawn = Result<(), Box<dyn Error>>;

/// The picture as a PNG file, with [`SCALE`] pixels for each of its own.
pub fn png(picture: &Picture) -> Vec<u8> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let registered = register_font(font::FAMILIES, FontStyle::Normal, font::SUBSET);
        assert!(registered.is_ok(), "the built-in font can be read");
    });
    let (width, height) = (picture.width * SCALE * SAMPLES, picture.height * SCALE * SAMPLES);
    let mut pixels = vec![0; width as usize * height as usize * 3];
    draw(&mut BitMapBackend::with_buffer(&mut pixels, (width, height)), picture)
        .expect("drawing into memory with a registered font cannot fail");
    encoded(&averaged(pixels, width as usize), width / SAMPLES, height / SAMPLES)
}

fn draw(backend: &mut BitMapBackend<'_>, picture: &Picture) -> Drawn {
    let size = place(at(picture.width.into(), picture.height.into()));
    backend.draw_rect((0, 0), size, &filled(PAPER, 1.0), true)?;
    for shape in &picture.shapes {
        match shape {
            Element::Line { points, colour, width } => line(backend, points, *colour, *width)?,
            Element::Area { points, colour, opacity } => {
                backend.fill_polygon(points.iter().copied().map(place), &filled(*colour, *opacity))?;
            }
            Element::Bars { bars, colour } => {
                for (from, to) in bars {
                    let corners = [*from, at(to.x, from.y), *to, at(from.x, to.y)];
                    backend.fill_polygon(corners.map(place), &filled(*colour, 1.0))?;
                }
            }
            Element::Dot { centre, radius, colour } => {
                backend.draw_circle(place(*centre), length(*radius), &filled(*colour, 1.0), true)?;
            }
            Element::Text(text) => write(backend, text)?,
        }
    }
    Ok(backend.present()?)
}

/// A line with round corners and ends, which plotters would not draw well.
fn line(backend: &mut BitMapBackend<'_>, points: &[Point], colour: Colour, width: f64) -> Drawn {
    let style = ShapeStyle { stroke_width: length(width), ..filled(colour, 1.0) };
    let mut places: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
    places.dedup();
    for pair in places.windows(2) {
        backend.draw_path([pair[0], pair[1]], &style)?;
    }
    for place in places {
        backend.draw_circle(place, style.stroke_width / 2, &style, true)?;
    }
    Ok(())
}

fn write(backend: &mut BitMapBackend<'_>, text: &Text) -> Drawn {
    let size = text.size * LARGE * font::HEIGHT;
    let horizontally = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let ink = RGBColor(text.colour.0, text.colour.1, text.colour.2);
    let font = FontDesc::new(FontFamily::Name(font::FAMILIES), size, FontStyle::Normal);
    let style = TextStyle::from(font).color(&ink).pos(Pos::new(horizontally, VPos::Top));
    // Plotters puts the base line half the size below its place.
    let (x, y) = place(text.at);
    Ok(backend.draw_text(&text.content, &style, (x, y - (0.5 * size).round() as i32))?)
}

fn place(point: Point) -> (i32, i32) {
    ((point.x * LARGE).round() as i32, (point.y * LARGE).round() as i32)
}

fn length(pixels: f64) -> u32 {
    (pixels * LARGE).round() as u32
}

const fn filled((red, green, blue): Colour, opacity: f64) -> ShapeStyle {
    ShapeStyle { color: RGBAColor(red, green, blue, opacity), filled: true, stroke_width: 1 }
}

/// The mean of every square of [`SAMPLES`] x [`SAMPLES`] pixels of three bytes; `width` is that of the large bitmap,
/// which can have tens of megabytes. So the means take its place: each lies before the pixels that it is of.
fn averaged(mut pixels: Vec<u8>, width: usize) -> Vec<u8> {
    let (samples, row) = (SAMPLES as usize, 3 * width);
    let mut means = 0;
    for rows in (0..pixels.len()).step_by(row * samples) {
        for byte in 0..row / samples {
            let first = rows + byte / 3 * 3 * samples + byte % 3;
            let square = (0..samples).flat_map(|y| (0..samples).map(move |x| first + y * row + 3 * x));
            let sum: u32 = square.map(|place| u32::from(pixels[place])).sum();
            let count = SAMPLES * SAMPLES;
            pixels[means] = ((sum + count / 2) / count) as u8;
            means += 1;
        }
    }
    pixels.truncate(means);
    pixels.shrink_to_fit();
    pixels
}

fn encoded(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("memory takes the header");
    writer.write_image_data(pixels).expect("the image has the size that the header says");
    writer.finish().expect("memory takes the end");
    file
}
