//! A server's chain, some blocks at a time.

use super::press::press;
use super::why::Ask;
use crate::base::{Index, ServerId};
use crate::ui::command::Command;
use crate::ui::view::inspector::{BLOCKS, BlockCard, Inspector};
use crate::ui::view::why::of_block;
use crate::why::Question;
use yew::prelude::*;

/// The blocks that are shown, and the way to older and newer ones.
pub fn blocks(server: &Inspector, send: &Callback<Command>) -> Html {
    let ask = |to: Option<u64>| press(send, Command::Blocks(to));
    let older = server.blocks.last().map(|block| block.height.saturating_sub(1));
    let newer = server.below.map(|height| height + BLOCKS);
    html! {
        <div>
            <h3>{ "Its log: one block an entry" }</h3>
            <ol class="block-list" aria-label="Blocks">
                { for server.blocks.iter().map(|block| html! { <li key={block.height}>{ view(server.id, block, send) }</li> }) }
            </ol>
            if server.older || server.below.is_some() {
                <div class="pager">
                    <button class="small" disabled={!server.older} onclick={ask(older)}>{ "Older blocks" }</button>
                    if server.below.is_some() {
                        <button class="small" onclick={ask(newer)}>{ "Newer blocks" }</button>
                        <button class="small" onclick={ask(None)}>{ "Tip" }</button>
                    }
                </div>
            }
        </div>
    }
}

fn view(server: ServerId, block: &BlockCard, send: &Callback<Command>) -> Html {
    let question = Question::Block { server, height: Index(block.height) };
    let (zeros, rest) = block.hash.split_at(block.zeros.min(block.hash.len()));
    let state = if block.committed { "committed" } else { "not committed" };
    let parent = &block.parent[..block.parent.len().min(12)];
    html! {
        <article class={classes!("block", (!block.committed).then_some("pending"))} aria-label={format!("Block {}", block.height)}>
            <div class="block-head">
                <b>{ format!("#{}", block.height) }</b>
                <span class="quiet">{ format!("term {}", block.term) }</span>
                if block.height > 0 {
                    <span class="quiet number">{ format!("nonce {} for {} bits", block.nonce, block.difficulty) }</span>
                }
                <span class="state">{ state }</span>
                <Ask {question} name={of_block(block.height, block.committed)} {send} />
            </div>
            if block.transactions.is_empty() {
                <p class="quiet">{ block.note }</p>
            } else {
                <ul>
                    { for block.transactions.iter().map(|(words, refused)| html! {
                        <li class={classes!(refused.as_ref().map(|_| "refused"))}>
                            { words }
                            if let Some(why) = refused { { format!(" – refused: {why}") } }
                        </li>
                    }) }
                </ul>
            }
            <p class="hash"><mark>{ zeros }</mark>{ rest }</p>
            <p class="hash quiet" title={block.parent.clone()}>{ format!("after {parent}…") }</p>
        </article>
    }
}
