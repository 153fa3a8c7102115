//! The settings: the network's, which act at once, and the cluster's, which wait for a reset.

use super::dialog::Dialog;
use super::rules::switches;
use crate::sim::Config;
use crate::ui::command::Command;
use crate::ui::view::settings::{Errors, Field, Form};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub config: Rc<Config>,
    pub seed: u64,
    pub on_close: Callback<()>,
    pub send: Callback<Command>,
}

#[component]
pub fn SettingsDialog(props: &Props) -> Html {
    let form = use_state(|| Form::of(&props.config));
    let errors = use_state(Errors::new);
    use_effect_with((props.open, props.config.clone()), {
        let (form, errors) = (form.clone(), errors.clone());
        move |(_, config)| {
            form.set(Form::of(config));
            errors.set(Errors::new());
        }
    });
    let edit = {
        let (form, errors) = (form.clone(), errors.clone());
        Callback::from(move |(field, text): (Field, String)| {
            let mut after = (*form).clone();
            after.set(field, text);
            errors.set(after.check().err().unwrap_or_default());
            form.set(after);
        })
    };
    let apply = |reset: bool| {
        let (form, errors) = (form.clone(), errors.clone());
        let (send, close, seed) = (props.send.clone(), props.on_close.clone(), props.seed);
        Callback::from(move |_: MouseEvent| match form.check() {
            Ok(config) => {
                send.emit(Command::Configure(Box::new(config)));
                if reset {
                    send.emit(Command::Reset { seed });
                }
                close.emit(());
            }
            Err(wrong) => errors.set(wrong),
        })
    };
    let preset = |config: Config| {
        let (form, errors) = (form.clone(), errors.clone());
        Callback::from(move |_: MouseEvent| {
            form.set(Form::of(&config));
            errors.set(Errors::new());
        })
    };
    let on_history = edit.reform(|event: InputEvent| {
        (Field::History, event.target_unchecked_into::<HtmlTextAreaElement>().value())
    });
    let wrong_history = error_at(&errors, Field::History);
    let fields = |fields: &[Field]| {
        fields.iter().map(|field| input(*field, &form, &errors, &edit)).collect::<Html>()
    };
    let on_rules = {
        let form = form.clone();
        Callback::from(move |rules| {
            let mut after = (*form).clone();
            after.set_rules(rules);
            form.set(after);
        })
    };
    let foot = html! {
        <>
            <p class="help">{ "A reset starts a new bank; what this one holds is dropped." }</p>
            <button type="button" onclick={apply(false)}>{ "Apply" }</button>
            <button type="button" class="primary" onclick={apply(true)}>{ "Apply and reset" }</button>
        </>
    };
    html! {
        <Dialog title="Settings" open={props.open} on_close={&props.on_close} {foot}>
            <div class="chips">
                <span class="label">{ "Presets" }</span>
                <button class="small" type="button" onclick={preset(Config::default())}>{ "Realistic" }</button>
                <button class="small" type="button" onclick={preset(Config::original())}>{ "The original's" }</button>
            </div>
            <fieldset>
                <legend>{ "Network" }</legend>
                <p class="help">{ "Acts at once, on the messages sent from then on." }</p>
                <div class="fields">{ fields(&Field::NETWORK) }</div>
            </fieldset>
            <fieldset>
                <legend>{ "Cluster and bank" }</legend>
                <p class="help">{ "Acts with the next reset." }</p>
                <div class="fields">
                    { fields(&Field::CLUSTER) }
                    <div class="field wide">
                        <label for={Field::History.id()}>{ Field::History.label() }</label>
                        <textarea id={Field::History.id()} rows="3" spellcheck="false" placeholder="Alice Bob 10"
                            value={form.text(Field::History).to_owned()} oninput={on_history}
                            aria-invalid={wrong_history.is_some().to_string()} />
                        if let Some(wrong) = wrong_history {
                            <p class="error">{ wrong }</p>
                        }
                    </div>
                </div>
            </fieldset>
            <fieldset>
                <legend>{ "Rules" }</legend>
                <p class="help">{ "Switch one off, reset, and watch what it was for. Such a run stays marked." }</p>
                { switches(form.rules(), &on_rules) }
            </fieldset>
        </Dialog>
    }
}

fn error_at(errors: &Errors, field: Field) -> Option<String> {
    errors.iter().find(|(at, _)| *at == field).map(|(_, message)| message.clone())
}

fn input(field: Field, form: &Form, errors: &Errors, edit: &Callback<(Field, String)>) -> Html {
    let error = error_at(errors, field);
    let oninput = edit.reform(move |event: InputEvent| {
        (field, event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let says = format!("{}-says", field.id());
    html! {
        <div class="field" key={field.id()}>
            <label for={field.id()}>{ field.label() }</label>
            <input id={field.id()} inputmode="decimal" autocomplete="off" value={form.text(field).to_owned()} {oninput}
                aria-invalid={error.is_some().to_string()} aria-describedby={says.clone()} />
            if let Some(error) = error {
                <p id={says} class="error">{ error }</p>
            }
        </div>
    }
}
