//! Pictures as SVG and PNG, drawn by plotters.
//!
//! Must not know: what the picture shows.
//!
//! Plotters draws at whole pixels, so both are drawn large: the SVG file is scaled by its viewer, the bitmap is averaged
//! down, which also smooths every edge.

#[cfg(feature = "cli")]
use plotters::prelude::BitMapBackend;
use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBAColor, RGBColor, ShapeStyle, TextStyle};

use super::font;
use super::picture::{Anchor, Picture, Point, Shape, Text, at};
use super::theme::{Colour, PAPER};

/// Units of an SVG file per pixel of the picture.
const SVG_SCALE: f64 = 10.0;
/// Pixels of a PNG file per pixel of the picture, for print.
#[cfg(feature = "cli")]
pub const PNG_SCALE: u32 = 2;
/// Drawn pixels per pixel of a PNG file, in both directions.
#[cfg(feature = "cli")]
const SAMPLES: u32 = 2;

/// The picture as an SVG document; the shapes of a group are in an element that names it.
pub fn svg(picture: &Picture) -> String {
    let size = (scaled(picture.width, SVG_SCALE), scaled(picture.height, SVG_SCALE));
    let pen = Pen { scale: SVG_SCALE, text_size: font::SVG_SIZE, base_line: 0.76, joins_lines: true };
    let Picture { width, height, .. } = picture;
    let alt = escaped(&picture.alt);
    let mut document = format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\" \
         role=\"img\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{alt}</title>\n",
        size.0, size.1
    );
    document.push_str(&body(size, |backend| pen.paper(backend, picture)));
    for (name, shapes) in picture.runs().filter(|(_, shapes)| !shapes.is_empty()) {
        let drawn = body(size, |backend| shapes.iter().try_for_each(|shape| pen.shape(backend, shape)));
        if name.is_empty() {
            document.push_str(&drawn);
        } else {
            let name = escaped(name);
            document.extend(["<g data-group=\"", &name, "\">\n", &drawn, "</g>\n"]);
        }
    }
    document + "</svg>\n"
}

/// The elements of what is drawn, without the document around them.
fn body(size: (u32, u32), draw: impl FnOnce(&mut SVGBackend<'_>) -> Drawn) -> String {
    let mut document = String::new();
    let drawn = {
        let mut backend = SVGBackend::with_string(&mut document, size);
        draw(&mut backend).and_then(|()| backend.present().map_err(drop))
    };
    assert!(drawn.is_ok(), "drawing into memory with a registered font cannot fail");
    let begin = document.find(">\n").map_or(0, |end| end + 2);
    let end = document.rfind("</svg>").unwrap_or(document.len());
    document.get(begin..end).unwrap_or_default().to_owned()
}

/// The picture as a PNG file, with [`PNG_SCALE`] pixels for each of its own.
#[cfg(feature = "cli")]
pub fn png(picture: &Picture) -> Vec<u8> {
    let scale = PNG_SCALE * SAMPLES;
    let (width, height) = (picture.width * scale, picture.height * scale);
    let mut pixels = vec![0; width as usize * height as usize * 3];
    // The base line is at half the size: plotters puts the middle of the line box on it.
    let pen = Pen {
        scale: f64::from(scale),
        text_size: font::BITMAP_SIZE,
        base_line: 0.5 * font::BITMAP_SIZE,
        joins_lines: false,
    };
    pen.draw(&mut BitMapBackend::with_buffer(&mut pixels, (width, height)), picture);
    encoded(&averaged(&pixels, width as usize), width / SAMPLES, height / SAMPLES)
}

fn scaled(pixels: u32, scale: f64) -> u32 {
    (f64::from(pixels) * scale).round() as u32
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Draws pictures with a backend of plotters.
struct Pen {
    /// Units of the backend per pixel of the picture.
    scale: f64,
    /// The backend's size of a text whose em is 1.
    text_size: f64,
    /// How far below its place the backend puts the base line of a text whose em is 1.
    base_line: f64,
    /// Whether the backend draws the corners of wide lines well.
    joins_lines: bool,
}

impl Pen {
    #[cfg(feature = "cli")]
    fn draw<B: DrawingBackend>(&self, backend: &mut B, picture: &Picture) {
        let drawn = self.paper(backend, picture).and_then(|()| {
            picture.shapes.iter().try_for_each(|shape| self.shape(backend, shape))?;
            backend.present().map_err(drop)
        });
        assert!(drawn.is_ok(), "drawing into memory with a registered font cannot fail");
    }

    fn paper<B: DrawingBackend>(&self, backend: &mut B, picture: &Picture) -> Drawn {
        let size = self.place(at(f64::from(picture.width), f64::from(picture.height)));
        backend.draw_rect((0, 0), size, &filled(PAPER, 1.0), true).map_err(drop)
    }

    fn shape<B: DrawingBackend>(&self, backend: &mut B, shape: &Shape) -> Drawn {
        match shape {
            Shape::Line { points, colour, width } => self.line(backend, points, *colour, *width),
            Shape::Area { points, colour, opacity } => backend
                .fill_polygon(points.iter().map(|point| self.place(*point)), &filled(*colour, *opacity))
                .map_err(drop),
            Shape::Dot { centre, radius, colour } => backend
                .draw_circle(self.place(*centre), self.length(*radius), &filled(*colour, 1.0), true)
                .map_err(drop),
            Shape::Text(text) => self.text(backend, text),
        }
    }

    fn line<B: DrawingBackend>(&self, backend: &mut B, points: &[Point], colour: Colour, width: f64) -> Drawn {
        let style = ShapeStyle { stroke_width: self.length(width), ..filled(colour, 1.0) };
        let mut places: Vec<(i32, i32)> = points.iter().map(|point| self.place(*point)).collect();
        places.dedup();
        if self.joins_lines {
            return backend.draw_path(places, &style).map_err(drop);
        }
        for pair in places.windows(2) {
            backend.draw_path([pair[0], pair[1]], &style).map_err(drop)?;
        }
        // Round corners, and round ends.
        let radius = style.stroke_width / 2;
        places
            .iter()
            .try_for_each(|place| backend.draw_circle(*place, radius, &filled(colour, 1.0), true))
            .map_err(drop)
    }

    fn text<B: DrawingBackend>(&self, backend: &mut B, text: &Text) -> Drawn {
        let em = text.size * self.scale;
        let horizontally = match text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let ink = colour(text.colour);
        let style = TextStyle::from(font::font(em * self.text_size)).color(&ink).pos(Pos::new(horizontally, VPos::Top));
        let (x, y) = self.place(text.at);
        backend.draw_text(&text.content, &style, (x, y - (em * self.base_line).round() as i32)).map_err(drop)
    }

    fn place(&self, point: Point) -> (i32, i32) {
        ((point.x * self.scale).round() as i32, (point.y * self.scale).round() as i32)
    }

    fn length(&self, pixels: f64) -> u32 {
        (pixels * self.scale).round() as u32
    }
}

/// Whether it was drawn; nothing that draws into memory fails, so the reason is of no interest.
type Drawn = Result<(), ()>;

const fn colour((red, green, blue): Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

const fn filled((red, green, blue): Colour, opacity: f64) -> ShapeStyle {
    ShapeStyle { color: RGBAColor(red, green, blue, opacity), filled: true, stroke_width: 1 }
}

/// The mean of every square of [`SAMPLES`] x [`SAMPLES`] pixels of three bytes; `width` is that of the large bitmap.
#[cfg(feature = "cli")]
fn averaged(pixels: &[u8], width: usize) -> Vec<u8> {
    let samples = SAMPLES as usize;
    let small = width / samples;
    let mut means = Vec::with_capacity(pixels.len() / (samples * samples));
    let mut sums = vec![0_u32; small * 3];
    for rows in pixels.chunks_exact(width * 3 * samples) {
        sums.fill(0);
        for row in rows.chunks_exact(width * 3) {
            for (square, sums) in row.chunks_exact(samples * 3).zip(sums.chunks_exact_mut(3)) {
                for pixel in square.chunks_exact(3) {
                    sums.iter_mut().zip(pixel).for_each(|(sum, byte)| *sum += u32::from(*byte));
                }
            }
        }
        let count = SAMPLES * SAMPLES;
        means.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    means
}

#[cfg(feature = "cli")]
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
