//! The bank. TODO essay.

mod request;

pub use request::{
    Invalid, MAX_OUTSTANDING, Operation, Refusal, Reply, Request, RequestId, Verdict,
};
