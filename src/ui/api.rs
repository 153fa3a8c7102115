//! `window.raftbank`: the page for scripts, teachers' own pages and tests.
//!
//! `state()` gives a plain object, `act(action)` does what scenario text can do, `run(ms)` lets
//! virtual time pass and resolves when it has, `seek(ms)` shows a moment of the past, `export()` and
//! `load(run)` take and bring a run, `why(question)` says why something is as it is, `panic(why)` breaks
//! the engine, to test what the page does then.

use super::browser;
use super::runtime::{Inner, Keep, Runtime, open_run};
use super::view::state::State;
use crate::base::{Span, Time};
use crate::scenario::parse_action;
use crate::sim::{Action, Simulation};
use crate::why::{self, Question};
use js_sys::{Object, Promise, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The name of the object in the window.
const NAME: &str = "raftbank";

/// The object's functions; it leaves the window when they are dropped.
pub struct Exposed {
    _functions: Vec<JsValue>,
}

impl Drop for Exposed {
    fn drop(&mut self) {
        let _ = Reflect::delete_property(&browser::window(), &NAME.into());
    }
}

/// Puts the object into the window.
pub fn expose(runtime: &Runtime) -> Exposed {
    let object = Object::new();
    let mut functions = Vec::new();
    let mut put = |name: &str, function: JsValue| {
        let _ = Reflect::set(&object, &name.into(), &function);
        functions.push(function);
    };
    let own = runtime.clone();
    put("state", closure0(move || own.state()));
    let own = runtime.clone();
    put("act", closure1(move |action| own.act(action)));
    let own = runtime.clone();
    put("run", closure1(move |ms| own.run_ms(&ms)));
    let own = runtime.clone();
    put("seek", closure1(move |ms| own.seek_ms(&ms)));
    let own = runtime.clone();
    put("export", closure0(move || own.export()));
    let own = runtime.clone();
    put("load", closure1(move |run| own.load(&run)));
    let own = runtime.clone();
    put("why", closure1(move |question| own.why(&question)));
    let own = runtime.clone();
    put("panic", closure1(move |why| own.panic(&why)));
    let _ = Reflect::set(&browser::window(), &NAME.into(), &object);
    Exposed { _functions: functions }
}

fn closure0(function: impl Fn() -> Result<JsValue, JsValue> + 'static) -> JsValue {
    Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new(function).into_js_value()
}

fn closure1(function: impl Fn(JsValue) -> Result<JsValue, JsValue> + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue) -> Result<JsValue, JsValue>>::new(function).into_js_value()
}

fn stopped() -> JsValue {
    js_sys::Error::new("the engine has stopped on a bug").into()
}

fn error(message: &str) -> JsValue {
    js_sys::Error::new(message).into()
}

impl Runtime {
    fn state(&self) -> Result<JsValue, JsValue> {
        let state = self.with(|inner| State::of_shown(inner.branches())).ok_or_else(stopped)?;
        state.serialize(&Serializer::json_compatible()).map_err(|wrong| error(&wrong.to_string()))
    }

    fn act(&self, action: JsValue) -> Result<JsValue, JsValue> {
        let action: Action = match action.as_string() {
            Some(text) => parse_action(&text).map_err(|wrong| error(&wrong.to_string()))?,
            None => {
                let text = String::from(js_sys::JSON::stringify(&action)?);
                serde_json::from_str(&text).map_err(|wrong| error(&wrong.to_string()))?
            }
        };
        let acted = self.with(|inner| inner.act_for_script(action)).ok_or_else(stopped)?;
        self.ask_for_frame();
        acted.map(|()| JsValue::UNDEFINED).map_err(|wrong| error(&wrong))
    }

    fn run_ms(&self, ms: &JsValue) -> Result<JsValue, JsValue> {
        let ms = ms.as_f64().filter(|ms| (0.0..=1e9).contains(ms));
        let ms = ms.ok_or_else(|| error("run takes milliseconds of virtual time, from 0 on"))?;
        let runtime = self.clone();
        let done = async move {
            runtime.run_for(Span::us((ms * 1000.0) as u64)).await;
            runtime.state()
        };
        Ok(future_to_promise(done).into())
    }

    fn seek_ms(&self, ms: &JsValue) -> Result<JsValue, JsValue> {
        let ms = ms.as_f64().filter(|ms| (0.0..=1e12).contains(ms));
        let ms = ms.ok_or_else(|| error("seek takes milliseconds of virtual time, from 0 on"))?;
        let runtime = self.clone();
        let done = async move {
            runtime.seek_to(Time((ms * 1000.0) as u64)).await;
            runtime.state()
        };
        Ok(future_to_promise(done).into())
    }

    fn export(&self) -> Result<JsValue, JsValue> {
        let text = self.with(|inner| inner.tip().to_run().to_json()).ok_or_else(stopped)?;
        js_sys::JSON::parse(&text)
    }

    fn why(&self, question: &JsValue) -> Result<JsValue, JsValue> {
        let text = question.as_string().unwrap_or_default();
        let question: Question = text.parse().map_err(|wrong: String| error(&wrong))?;
        let ask = |simulation: &Simulation| {
            why::answer(simulation.world(), simulation.trace(), &question)
        };
        let answer = self.with(|inner| ask(inner.simulation())).ok_or_else(stopped)?;
        answer.serialize(&Serializer::json_compatible()).map_err(|wrong| error(&wrong.to_string()))
    }

    /// Stops the engine as a bug would, so that what the page does then can be tested.
    fn panic(&self, why: &JsValue) -> Result<JsValue, JsValue> {
        let why = why.as_string().unwrap_or_default();
        let stops = |_: &mut Inner| -> Result<JsValue, JsValue> { panic!("{why}") };
        self.with(stops).ok_or_else(stopped)?
    }

    fn load(&self, run: &JsValue) -> Result<JsValue, JsValue> {
        let text = match run.as_string() {
            Some(text) => text,
            None => js_sys::JSON::stringify(run)?.into(),
        };
        let runtime = self.clone();
        let promise = Promise::new(&mut |resolve, reject| {
            open_run(&runtime, &text, Keep::InItsPlace, move |result| {
                let _ = match result {
                    Ok(()) => resolve.call0(&JsValue::UNDEFINED),
                    Err(why) => reject.call1(&JsValue::UNDEFINED, &error(&why)),
                };
            });
        });
        Ok(promise.into())
    }
}
