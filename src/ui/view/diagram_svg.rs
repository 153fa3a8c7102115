//! The space-time diagram as a picture that leaves the page: SVG text, with nothing to load.

use super::decimal::{tenths, whole};
use super::diagram::Diagram;
use super::drawing::{Drawing, Room, Words};
use super::drawing_style::{Ink, Style};
use std::fmt::Write;

/// How wide the picture is, in pixels.
const WIDTH: f64 = 1280.0;

/// The diagram as SVG, in the colours of the light page.
pub fn svg(diagram: &Diagram) -> String {
    let drawing = Drawing::of(diagram, Room { width: WIDTH, scale: 1.0 });
    let (width, height) = (whole(drawing.width.ceil()), whole(drawing.height.ceil()));
    let (left, top, right, bottom) = drawing.plot;
    let [left, top, right, bottom] = [left, top, right, bottom].map(tenths);
    let mut text = String::new();
    let paper = Ink::Surface.light();
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{paper}\"/>\n\
         <clipPath id=\"plot\"><path d=\"M{left} {top}H{right}V{bottom}H{left}Z\"/></clipPath>\n\
         <g clip-path=\"url(#plot)\">\n",
        escaped(&diagram.name()),
    );
    for (part, path) in &drawing.paths {
        stroke(&mut text, drawing.style(*part), path);
    }
    drawing.inside.iter().for_each(|words| say(&mut text, words, true));
    text.push_str("</g>\n");
    drawing.around.iter().for_each(|words| say(&mut text, words, false));
    text.push_str("</svg>\n");
    text
}

fn stroke(text: &mut String, style: Style, path: &str) {
    let Style { fill, stroke, width, dash, covers } = style;
    let colour = |ink: Option<Ink>| ink.map_or("none", Ink::light);
    let _ = write!(text, "<path fill=\"{}\"", colour(fill));
    if stroke.is_some() {
        let (whole, tenths) = (width / 10, width % 10);
        let _ = write!(text, " stroke=\"{}\" stroke-width=\"{whole}.{tenths}\"", colour(stroke));
    }
    if !dash.is_empty() {
        let dash: Vec<String> = dash.iter().map(u8::to_string).collect();
        let _ = write!(text, " stroke-dasharray=\"{}\"", dash.join(" "));
    }
    if covers < 100 {
        let _ = write!(text, " opacity=\".{covers:02}\"");
    }
    let _ = writeln!(text, " d=\"{path}\"/>");
}

fn say(text: &mut String, words: &Words, with_halo: bool) {
    let Words { x, y, text: said, size, heavy, ink, aligned } = words;
    let anchor = ["start", "middle", "end"][usize::from(*aligned).min(2)];
    let weight = if *heavy { " font-weight=\"650\"" } else { "" };
    let paper = Ink::Surface.light();
    // What stands among lines is set off from them.
    let halo = match with_halo && *ink != Ink::Surface {
        true => format!(" stroke=\"{paper}\" stroke-width=\"3\" paint-order=\"stroke\""),
        false => String::new(),
    };
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{}\"{weight}{halo}>{}</text>",
        whole(*x),
        whole(*y),
        whole(*size),
        ink.light(),
        escaped(said),
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
