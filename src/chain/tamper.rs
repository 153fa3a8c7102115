//! What somebody on the wire could do to a block who knows its form but has not done the work.

use super::{Block, Body, Header};
use crate::bank::Outcome;

/// The block with its content altered and all its checksums mended: the body root fits the body,
/// the hash fits the header. The work is not done again, and so it is most likely missing; where
/// chance or a low difficulty provide it, the ledger after the block is not the one that it names,
/// so that only re-execution finds it out.
///
/// A transfer that took effect pays one more (or one less, where no more can be written). A block
/// without one names another state.
pub fn tamper(block: &Block) -> Block {
    let mut body = block.body().clone();
    let paid = block.receipts().position(|(_, outcome)| !matches!(outcome, Outcome::Refused(_)));
    match paid {
        Some(position) => {
            let amount = &mut body.transactions[position].amount;
            *amount = amount.checked_add(1).unwrap_or(*amount - 1);
        }
        None => body.state_root.0[0] ^= 1,
    }
    reseal(block, body)
}

fn reseal(block: &Block, body: Body) -> Block {
    let header = Header { body_root: body.root(), ..*block.header() };
    Block::seal(header, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::testing::chain_of_two;
    use crate::chain::{BlockError, verify};

    #[test]
    fn its_checksums_fit_and_verification_still_finds_it_out() {
        let (parent, ledger, block, _) = chain_of_two();
        for content in [block.body().clone(), empty(block.body())] {
            let honest = reseal(&block, content);
            // Enough work by chance, as one tampered block in 2^difficulty has.
            for difficulty in [0, 8] {
                let header = Header { difficulty, ..*honest.header() };
                let tampered = tamper(&Block::seal(header, honest.body().clone()));
                assert_eq!(tampered.header().body_root, tampered.body().root());
                assert_ne!(tampered.hash(), block.hash());
                let error = verify(&parent, &tampered, &ledger).expect_err("it is a lie");
                match difficulty {
                    0 => assert!(matches!(
                        error,
                        BlockError::StateRoot { .. } | BlockError::Outcome { .. }
                    )),
                    _ => assert!(matches!(error, BlockError::Work { .. })),
                }
            }
        }
    }

    #[test]
    fn a_transfer_pays_one_more_or_where_that_cannot_be_written_one_less() {
        let (_, _, block, _) = chain_of_two();
        for (honest, altered) in [(7, 8), (u64::MAX, u64::MAX - 1)] {
            let mut body = block.body().clone();
            (body.transactions[0].amount, body.outcomes[0]) = (honest, Outcome::Applied);
            let tampered = tamper(&reseal(&block, body));
            assert_eq!(tampered.body().transactions[0].amount, altered);
        }
    }

    #[test]
    fn a_block_without_a_transfer_names_another_state_whatever_it_named() {
        let (_, _, block, _) = chain_of_two();
        for first in [0x00, 0x01, 0xfe, 0xff] {
            let mut body = empty(block.body());
            body.state_root.0[0] = first;
            let honest = body.state_root;
            assert_ne!(tamper(&reseal(&block, body)).body().state_root, honest);
        }
    }

    fn empty(body: &Body) -> Body {
        Body { transactions: vec![], outcomes: vec![], ..body.clone() }
    }
}
