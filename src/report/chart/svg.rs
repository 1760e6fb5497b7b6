//! Pictures as SVG text: a document, or an element of a page.

use super::font;
use super::picture::{Anchor, Element, Picture, Point, Text};
use super::theme::{Colour, PAPER};

/// The picture as a document of its own, whose title is what the picture shows.
pub fn document(picture: &Picture) -> String {
    let title = format!("<title>{}</title>\n", escaped(&picture.alt));
    drawn(picture, "xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"", &title)
}

/// The picture as an element of a page: a title would cover the values under the pointer, so it is a label.
pub fn element(picture: &Picture) -> String {
    drawn(picture, &format!("role=\"img\" aria-label=\"{}\"", escaped(&picture.alt)), "")
}

/// The shapes, those of a group in an element that names it, inside an element with these attributes.
fn drawn(picture: &Picture, attributes: &str, title: &str) -> String {
    let Picture { width, height, .. } = picture;
    let mut svg = format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" {attributes} \
         font-family=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n\
         {title}<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        font::FAMILIES,
        hex(PAPER)
    );
    for (name, shapes) in picture.runs().filter(|(_, shapes)| !shapes.is_empty()) {
        let drawn: String = shapes.iter().map(shape).collect();
        if name.is_empty() {
            svg.push_str(&drawn);
        } else {
            svg.extend(["<g data-group=\"", &escaped(name), "\">\n", &drawn, "</g>\n"]);
        }
    }
    svg + "</svg>\n"
}

fn shape(shape: &Element) -> String {
    match shape {
        Element::Line { points, colour, width } => {
            let (points, colour, width) = (places(points), hex(*colour), rounded(*width));
            format!("<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n")
        }
        Element::Area { points, colour, opacity } => {
            let opacity = if *opacity < 1.0 { format!(" opacity=\"{opacity}\"") } else { String::new() };
            format!("<polygon points=\"{}\" fill=\"{}\"{opacity}/>\n", places(points), hex(*colour))
        }
        Element::Bars { bars, colour } => {
            let bar = |(from, to): &(Point, Point)| {
                let [left, top, right, bottom] = [from.x, from.y, to.x, to.y].map(rounded);
                format!("M{left},{top}H{right}V{bottom}H{left}z")
            };
            let path: String = bars.iter().map(bar).collect();
            format!("<path d=\"{path}\" fill=\"{}\"/>\n", hex(*colour))
        }
        Element::Dot { centre, radius, colour } => {
            let [x, y, radius] = [centre.x, centre.y, *radius].map(rounded);
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"/>\n", hex(*colour))
        }
        Element::Text(Text { at, anchor, size, colour, content }) => {
            let [x, y, size] = [at.x, at.y, *size].map(rounded);
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (colour, content) = (hex(*colour), escaped(content));
            format!(
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{colour}\">{content}</text>\n"
            )
        }
    }
}

/// The points that differ from the one before.
fn places(points: &[Point]) -> String {
    let mut places: Vec<String> =
        points.iter().map(|point| format!("{},{}", rounded(point.x), rounded(point.y))).collect();
    places.dedup();
    places.join(" ")
}

/// Pixels to a tenth.
pub fn rounded(pixels: f64) -> f64 {
    // Zero has no sign.
    (pixels * 10.0).round() / 10.0 + 0.0
}

fn hex((red, green, blue): Colour) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::picture::at;
    use super::*;

    fn picture() -> Picture {
        let mut picture = Picture::new(20, 10);
        picture.alt = "What \"it\" shows".to_owned();
        picture.rectangle(at(-0.01, 0.0), at(4.0, 2.04), (255, 0, 128), 0.5);
        picture.group("a & b");
        picture.line([at(1.0, 1.0), at(1.0, 1.01), at(2.26, 3.0)], (0, 0, 0), 1.2);
        picture.bars(vec![(at(1.0, 2.0), at(3.0, 4.0)), (at(5.0, 2.0), at(6.54, 4.0))], (0, 255, 0));
        picture.dot(at(5.0, 5.5), 2.0, (1, 2, 3));
        picture.group("");
        picture.text(at(6.0, 7.0), Anchor::End, 12.0, (0, 0, 0), "a < b");
        picture
    }

    #[test]
    fn shapes_become_elements_and_groups_keep_their_names() {
        let expected = "<polygon points=\"0,0 4,0 4,2 0,2\" fill=\"#FF0080\" opacity=\"0.5\"/>\n\
             <g data-group=\"a &amp; b\">\n\
             <polyline points=\"1,1 2.3,3\" fill=\"none\" stroke=\"#000000\" stroke-width=\"1.2\"/>\n\
             <path d=\"M1,2H3V4H1zM5,2H6.5V4H5z\" fill=\"#00FF00\"/>\n\
             <circle cx=\"5\" cy=\"5.5\" r=\"2\" fill=\"#010203\"/>\n\
             </g>\n\
             <text x=\"6\" y=\"7\" text-anchor=\"end\" font-size=\"12\" fill=\"#000000\">a &lt; b</text>\n\
             </svg>\n";
        assert!(document(&picture()).ends_with(expected), "{}", document(&picture()));
    }

    #[test]
    fn a_title_becomes_a_label_in_a_page() {
        assert!(document(&picture()).contains("<title>What &quot;it&quot; shows</title>"));
        let element = element(&picture());
        assert!(element.contains(" aria-label=\"What &quot;it&quot; shows\"") && !element.contains("<title>"));
    }
}
