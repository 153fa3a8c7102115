//! Paints a drawing on a canvas.

use crate::ui::browser;
use crate::ui::view::decimal::tenths;
use crate::ui::view::drawing::{Drawing, Words};
use crate::ui::view::drawing_style::{Ink, Part, Style};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

/// The colours of the page as it is now, in the order of [`Ink::ALL`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette(Vec<String>);

impl Palette {
    /// Reads them from the stylesheet. A custom property is text that may depend on the colour
    /// scheme, so each is given to a property that is a colour, and read back.
    pub fn of(canvas: &HtmlCanvasElement) -> Self {
        let style = canvas.style();
        let computed = browser::window().get_computed_style(canvas).ok().flatten();
        let Some(computed) = computed else { return Self::default() };
        let read = |ink: Ink| {
            let wanted = format!("var({}, {})", ink.property(), ink.light());
            let _ = style.set_property("outline-color", &wanted);
            computed.get_property_value("outline-color").unwrap_or_default()
        };
        let palette = Self(Ink::ALL.into_iter().map(read).collect());
        let _ = style.remove_property("outline-color");
        palette
    }

    fn colour(&self, ink: Ink) -> &str {
        let place = Ink::ALL.iter().position(|one| *one == ink);
        place.and_then(|place| self.0.get(place)).map_or(ink.light(), String::as_str)
    }
}

/// Paints the whole of it. The canvas has as many dots as the screen has.
pub fn paint(
    canvas: &HtmlCanvasElement,
    drawing: &Drawing,
    palette: &Palette,
) -> Result<(), JsValue> {
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let ratio = browser::window().device_pixel_ratio().max(1.0);
    let dots = |pixels: f64| (pixels * ratio).round() as u32;
    let (width, height) = (dots(drawing.width), dots(drawing.height));
    // To set a size, even the same one, clears the canvas and costs more than that.
    if (canvas.width(), canvas.height()) == (width, height) {
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    } else {
        canvas.set_width(width);
        canvas.set_height(height);
        let _ = canvas.style().set_property("height", &format!("{}px", tenths(drawing.height)));
    }
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
    context.set_line_join("round");
    context.save();
    let (left, top, right, bottom) = drawing.plot;
    context.begin_path();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    for (part, path) in &drawing.paths {
        stroke(&context, drawing.style(*part), path, palette)?;
    }
    context.set_global_alpha(1.0);
    drawing.inside.iter().try_for_each(|words| say(&context, words, true, palette))?;
    context.restore();
    drawing.around.iter().try_for_each(|words| say(&context, words, false, palette))
}

fn stroke(
    context: &CanvasRenderingContext2d,
    style: Style,
    path: &str,
    palette: &Palette,
) -> Result<(), JsValue> {
    let Style { fill, stroke, width, dash, covers } = style;
    let path = Path2d::new_with_path_string(path)?;
    context.set_global_alpha(f64::from(covers) / 100.0);
    if let Some(ink) = fill {
        context.set_fill_style_str(palette.colour(ink));
        context.fill_with_path_2d(&path);
    }
    if let Some(ink) = stroke {
        let dash: js_sys::Array = dash.iter().map(|length| JsValue::from(*length)).collect();
        context.set_line_dash(&dash)?;
        context.set_line_width(f64::from(width) / 10.0);
        context.set_stroke_style_str(palette.colour(ink));
        context.stroke_with_path(&path);
    }
    Ok(())
}

fn say(
    context: &CanvasRenderingContext2d,
    words: &Words,
    with_halo: bool,
    palette: &Palette,
) -> Result<(), JsValue> {
    let weight = if words.heavy { 650 } else { 450 };
    context.set_font(&format!("{weight} {}px system-ui, sans-serif", tenths(words.size)));
    context.set_text_align(["left", "center", "right"][usize::from(words.aligned).min(2)]);
    // What stands among lines is set off from them.
    if with_halo && words.ink != Ink::Surface {
        context.set_line_dash(&js_sys::Array::new())?;
        context.set_line_width(3.0);
        context.set_stroke_style_str(palette.colour(Ink::Surface));
        context.stroke_text(&words.text, words.x, words.y)?;
    }
    context.set_fill_style_str(palette.colour(words.ink));
    context.fill_text(&words.text, words.x, words.y)
}

/// A part as it looks in a legend.
pub fn style_of(part: Part) -> String {
    let Style { fill, stroke, width, dash, .. } = part.style();
    let colour = |ink: Option<Ink>| match ink {
        Some(ink) => format!("var({}, {})", ink.property(), ink.light()),
        None => "none".to_owned(),
    };
    let dash: Vec<String> = dash.iter().map(u8::to_string).collect();
    let dash = if dash.is_empty() { "none".to_owned() } else { dash.join(" ") };
    format!(
        "fill:{};stroke:{};stroke-width:{}.{};stroke-dasharray:{dash}",
        colour(fill),
        colour(stroke),
        width / 10,
        width % 10
    )
}
