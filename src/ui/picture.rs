//! The picture of the cluster as a file: a drawing that stands by itself, or a photograph of it.
//!
//! What is on the stage is copied, and every element of the copy is given the styles that the
//! browser computed for it, so that the file needs no stylesheet and looks like the page, light
//! or dark, messages included.

use super::browser::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement, HtmlImageElement,
};

/// The styles that make the picture.
const STYLES: [&str; 13] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "paint-order",
    "font-size",
    "font-weight",
    "text-anchor",
];

/// How much room the caption takes below the stage.
const CAPTION: u32 = 30;

/// The picture as it is now, as a drawing (SVG) with a caption.
pub fn drawing(caption: &str) -> Option<String> {
    let document = window().document()?;
    let layers = document.query_selector("#cluster .stage > svg").ok()??;
    let moving = layers.next_element_sibling()?;
    let view = layers.get_attribute("viewBox")?;
    let mut measures = view.split(' ').skip(2).filter_map(|number| number.parse::<u32>().ok());
    let (width, height) = (measures.next()?, measures.next()?);
    let page = computed(&document.query_selector("#cluster").ok()??)?;
    let style = |name: &str| page.get_property_value(name).unwrap_or_default();
    let (ground, ink, font) = (style("background-color"), style("color"), style("font-family"));
    let whole = height + CAPTION;
    let (stage, motion) = (dressed(&layers)?, dressed(&moving)?);
    let (font, caption) = (escaped(&font), escaped(caption));
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {whole}\" width=\"{width}\" \
         height=\"{whole}\" font-family=\"{font}\"><title>{caption}</title>\
         <rect width=\"{width}\" height=\"{whole}\" fill=\"{ground}\"/>{stage}{motion}\
         <text x=\"{}\" y=\"{}\" font-size=\"12\" fill=\"{ink}\" text-anchor=\"middle\">{caption}</text></svg>\n",
        width / 2,
        height + 16,
    ))
}

/// A photograph (PNG) of a drawing, at twice its size, as an address that holds all of it.
pub async fn photograph(drawing: String) -> Result<String, JsValue> {
    let image = HtmlImageElement::new()?;
    let text = String::from(js_sys::encode_uri_component(&drawing));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{text}"));
    JsFuture::from(image.decode()).await?;
    let document = window().document().ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    let (width, height) = (2 * image.width(), 2 * image.height());
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        f64::from(width),
        f64::from(height),
    )?;
    canvas.to_data_url()
}

fn computed(element: &Element) -> Option<CssStyleDeclaration> {
    window().get_computed_style(element).ok()?
}

/// What is inside of an element, as text, with its styles.
fn dressed(element: &Element) -> Option<String> {
    let copy: Element = element.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    dress_children(element, &copy, None);
    // The one name that HTML has and XML has not.
    Some(copy.inner_html().replace("&nbsp;", "&#160;"))
}

fn dress_children(original: &Element, copy: &Element, above: Option<&CssStyleDeclaration>) {
    let (mut one, mut other) = (original.first_element_child(), copy.first_element_child());
    while let (Some(original), Some(copy)) = (one, other) {
        (one, other) = (original.next_element_sibling(), copy.next_element_sibling());
        dress(&original, &copy, above);
    }
}

/// Gives a copy the styles that differ from those above it: all of them are inherited.
fn dress(original: &Element, copy: &Element, above: Option<&CssStyleDeclaration>) {
    let Some(styles) = computed(original) else { return };
    let style = |name: &str| styles.get_property_value(name).unwrap_or_default();
    let inherits = |name: &str, value: &str| {
        above.is_some_and(|above| above.get_property_value(name).is_ok_and(|it| it == value))
    };
    if style("display") == "none" || original.class_list().contains("hit") {
        copy.remove();
        return;
    }
    for name in STYLES {
        let value = style(name);
        if !inherits(name, &value) {
            let _ = copy.set_attribute(name, &value);
        }
    }
    if copy.has_attribute("style") {
        let _ = copy.set_attribute("transform", &style("transform"));
    }
    for name in ["style", "class", "id", "tabindex", "role"] {
        let _ = copy.remove_attribute(name);
    }
    dress_children(original, copy, Some(&styles));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
