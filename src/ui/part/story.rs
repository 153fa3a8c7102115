//! The Story region: the step that is told, what is asked, the task.

use super::press::press;
use crate::ui::command::{Command, Wish};
use crate::ui::view::input;
use crate::ui::view::story::{Quiz, Story, Task, TaskState};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The region, while a story is read.
pub fn story_panel(story: &Story, send: &Callback<Command>) -> Html {
    let ask = |wish: Wish| press(send, Command::Story(wish));
    let (done, of) = story.progress;
    html! {
        <section id="story" class="panel story" aria-label="Story">
            <div class="story-head">
                <h2>{ &story.title }</h2>
                <span class="story-place">{ &story.place }</span>
                <ol class="dots" aria-hidden="true">
                    { for (0..of).map(|place| html! { <li class={classes!((place < done).then_some("done"))}></li> }) }
                </ol>
            </div>
            <p class="quiet claim">{ &story.claim }</p>
            <p class="sentence" aria-live="polite">{ &story.sentence }</p>
            if let Some(quiz) = &story.quiz {
                { view_quiz(quiz, send) }
            }
            if let Some(task) = &story.task {
                { view_task(task) }
                <Line {send} />
            }
            if let Some(note) = story.note {
                <p class="help" role="status">{ note }</p>
            }
            <div class="bar">
                <button disabled={!story.can_go_back} onclick={ask(Wish::Back)} title="To the beginning of the step before">{ "Back" }</button>
                <button class="primary" disabled={story.next.is_none()} title={story.next} onclick={ask(Wish::Next)}>{ "Next" }</button>
                if story.task.is_none() {
                    <button class="plain" aria-pressed={story.through.to_string()} onclick={ask(Wish::Through(!story.through))}
                        title="Show all steps without stopping">{ "Play through" }</button>
                } else {
                    <button class="plain" onclick={ask(Wish::Again)}>{ "Try again" }</button>
                    <button class="plain" onclick={ask(Wish::Solve)}>{ "Show a solution" }</button>
                }
            </div>
        </section>
    }
}

fn view_quiz(quiz: &Quiz, send: &Callback<Command>) -> Html {
    let right = quiz.truth.as_ref().map(|truth| truth.right);
    let answer = |place: usize, words: &String| {
        let onchange = send.reform(move |_: Event| Command::Story(Wish::Answer(place)));
        let class = match right {
            Some(right) if right == place => Some("right"),
            Some(_) if quiz.chosen == Some(place) => Some("wrong"),
            _ => None,
        };
        html! {
            <label key={place} class={classes!(class)}>
                <input type="radio" name="prediction" checked={quiz.chosen == Some(place)} disabled={!quiz.is_open} {onchange} />
                { words }
            </label>
        }
    };
    html! {
        <fieldset class="quiz">
            <legend>{ &quiz.question }</legend>
            { for quiz.answers.iter().enumerate().map(|(place, words)| answer(place, words)) }
            <div role="status">
                if let Some(truth) = &quiz.truth {
                    <p class="truth"><strong>{ &truth.verdict }</strong>{ " " }{ &truth.why }</p>
                }
            </div>
        </fieldset>
    }
}

fn view_task(task: &Task) -> Html {
    let class = match task.state {
        TaskState::Open => None,
        TaskState::Met => Some("met"),
        TaskState::Failed => Some("failed"),
    };
    html! {
        <div class={classes!("task", class)}>
            <p class="task-state" role="status">
                if task.solving { <b>{ "One solution. " }</b> }
                { &task.says }
            </p>
            <p class="quiet">{ "Reached when " }<code>{ &task.reach }</code>{ "." }</p>
            if !task.rules.is_empty() {
                <ul class="rules" aria-label="Rules of the task">{ for task.rules.iter().map(|rule| html! { <li>{ rule }</li> }) }</ul>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    send: Callback<Command>,
}

/// A line of scenario text, for what has no button.
#[component]
fn Line(props: &LineProps) -> Html {
    let text = use_state(String::new);
    let error = use_state(|| None::<String>);
    let oninput = {
        let text = text.setter();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onsubmit = {
        let (text, error, send) = (text.clone(), error.clone(), props.send.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match input::action(&text) {
                Ok(action) => {
                    send.emit(Command::Act(action));
                    text.set(String::new());
                    error.set(None);
                }
                Err(wrong) => error.set(Some(wrong)),
            }
        })
    };
    html! {
        <form class="line" {onsubmit}>
            <label for="story-action">{ "Action" }</label>
            <input id="story-action" class="mono" autocomplete="off" spellcheck="false" placeholder="pause S1" value={(*text).clone()}
                {oninput} aria-invalid={error.is_some().to_string()} aria-describedby="story-action-says" />
            <button type="submit">{ "Do it" }</button>
            if let Some(error) = &*error {
                <p id="story-action-says" class="error" role="alert">{ error }</p>
            }
        </form>
    }
}
