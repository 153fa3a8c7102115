//! A modal dialog, the browser's own.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub title: AttrValue,
    pub open: bool,
    pub on_close: Callback<()>,
    pub foot: Html,
    pub children: Html,
}

#[component]
pub fn Dialog(props: &Props) -> Html {
    let dialog = use_node_ref();
    use_effect_with(props.open, {
        let dialog = dialog.clone();
        move |open| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                match (open, dialog.open()) {
                    (true, false) => drop(dialog.show_modal()),
                    (false, true) => dialog.close(),
                    _ => {}
                }
            }
        }
    });
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={dialog} aria-label={props.title.clone()} onclose={props.on_close.reform(|_: Event| ())}>
            if props.open {
                <div class="dialog-head">
                    <h2>{ &props.title }</h2>
                    <button class="small plain" type="button" onclick={close}>{ "Close" }</button>
                </div>
                <div class="dialog-body">{ props.children.clone() }</div>
                <div class="dialog-foot">{ props.foot.clone() }</div>
            }
        </dialog>
    }
}
