//! An opened block: its header, its hash with the work in it, what it holds, who has it.

use super::press::press;
use super::why::Ask;
use crate::base::Index;
use crate::ui::command::Command;
use crate::ui::view::block::{Block, Card, Content, Which, Work};
use crate::ui::view::why::of_block;
use crate::why::Question;
use yew::prelude::*;

/// Draws an opened block. `open` says how another one is opened, or none.
pub fn view(card: &Card, open: fn(Option<Which>) -> Command, send: &Callback<Command>) -> Html {
    let close = press(send, open(None));
    let (name, question) = match card.server {
        Some(server) => {
            let question = Question::Block { server, height: Index(card.height) };
            (format!("Block {} on {server}", card.height), Some(question))
        }
        None => (format!("Block {}, which was dropped", card.height), None),
    };
    let (body, ask) = match &card.content {
        Content::Block(block) => (
            content(block, open, send),
            question.map(|question| {
                html! {
                    <Ask {question} name={of_block(card.height, block.committed)} {send} />
                }
            }),
        ),
        Content::Damaged { text, why } => (
            html! {
                <>
                    <p class="warning">{ format!("This is no block: {why}.") }</p>
                    <pre class="damaged-text" tabindex="0" aria-label="What stands there">{ text }</pre>
                </>
            },
            None,
        ),
        Content::Nothing(why) => (html! { <p class="quiet">{ why }</p> }, None),
    };
    html! {
        <section id="block-card" class="block-card" aria-label={name.clone()}>
            <div class="block-card-head">
                <h3>{ name }</h3>
                if let Content::Block(block) = &card.content {
                    <span class={classes!("term-chip", format!("term-{}", block.term % 6))}>{ format!("term {}", block.term) }</span>
                    <span class={classes!("block-state", (!block.committed).then_some("pending"))}>{ block.state }</span>
                }
                { ask.unwrap_or_default() }
                <button class="small close" aria-label="Close the block" onclick={close}>{ "Close" }</button>
            </div>
            { body }
        </section>
    }
}

fn content(block: &Block, open: fn(Option<Which>) -> Command, send: &Callback<Command>) -> Html {
    let go = |to: Option<Which>, word: &'static str| {
        let onclick = press(send, open(to));
        to.map(|_| html! { <button class="small" {onclick}>{ word }</button> })
    };
    html! {
        <div class="block-card-body">
            <div class="stack">
                { work(&block.hash) }
                <div class="follow-links">
                    <span class="label">{ "parent" }</span>
                    <code class="hash-line" title={block.parent_hash.clone()}>{ &block.parent_hash }</code>
                    { go(block.parent, "◂ Parent block").unwrap_or_default() }
                    { go(block.child, "Next block ▸").unwrap_or_default() }
                </div>
                <p class="holders">
                    { &block.holders }
                    if let Some(others) = &block.others { <b class="differs-word">{ format!(" ≠ {others}") }</b> }
                </p>
            </div>
            <div class="stack">
                { receipts(block) }
                <details>
                    <summary>{ "Header and roots" }</summary>
                    <dl class="facts">
                        { for block.header.iter().map(|(what, value)| html! {
                            <><dt>{ *what }</dt><dd class="hash-line">{ value }</dd></>
                        }) }
                    </dl>
                </details>
            </div>
        </div>
    }
}

/// The transactions, each with its receipt.
fn receipts(block: &Block) -> Html {
    html! {
        <div>
            if let Some(members) = &block.members {
                <p>{ format!("From this block on the members are {members}.") }</p>
            }
            if block.transactions.is_empty() {
                <p class="quiet">{ block.note }</p>
            } else {
                <ul class="receipts" aria-label="Transactions and receipts">
                    { for block.transactions.iter().map(|(words, refused)| html! {
                        <li class={classes!(refused.as_ref().map(|_| "refused"))}>
                            <span>{ words }</span>
                            <span class="receipt">{ match refused {
                                Some(why) => format!("✗ refused: {why}"),
                                None => "✓ applied".to_owned(),
                            } }</span>
                        </li>
                    }) }
                </ul>
            }
        </div>
    }
}

/// A hash with its leading zeros marked, in digits and in bits.
pub fn work(work: &Work) -> Html {
    let (zeros, rest) = work.digits();
    let enough = if work.is_enough() { "enough" } else { "lacking" };
    html! {
        <div class={classes!("work", enough)}>
            <p class="hash"><span class="label">{ "hash" }</span>{ " " }<mark>{ zeros }</mark>{ rest }</p>
            <p class="bits" aria-hidden="true">
                { for work.bits().enumerate().map(|(place, one)| {
                    let place = place as u32;
                    let zero = place < work.zero_bits;
                    let asked = place < work.difficulty;
                    html! {
                        <span key={place} class={classes!(zero.then_some("zero"), asked.then_some("asked"))}>
                            { if one { "1" } else { "0" } }
                        </span>
                    }
                }) }
            </p>
            <p class="count">{ if work.is_enough() { "✓ " } else { "✗ " } }{ work.says() }</p>
        </div>
    }
}
