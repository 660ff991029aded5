//! The contract of PGM's webhooks, and nothing else: what is sent, how it is signed, and what
//! the target owes in return. Pure: no clock, network, file or terminal.
//!
//! Every fact says how sure it is: *documented* by the vendor's help page, *observed* in live
//! integrations, or *our choice* where neither says anything.

mod catalogue;
mod date;
mod envelope;
mod limits;
mod sample_dates;
mod secret;
mod secret_look;
mod signature;
mod signed_request;

pub use catalogue::{Event, Sureness, catalogue, find, is_known, sample};
pub use date::{format_date, parse_date};
pub use envelope::Envelope;
pub use limits::{
    Blocked, HTTPS_PORT, RESPONSE_CHARS, TIMEOUT, blocked, is_localhost, is_loopback, is_success,
};
pub use sample_dates::sample_at;
pub use secret::{InvalidSecret, Secret};
pub use secret_look::{SecretLook, is_invisible};
pub use signature::Signature;
pub use signed_request::{
    CONTENT_TYPE, HeaderText, InvalidRequestId, METHOD, REQUEST_ID_HEADER, RequestId,
    SIGNATURE_HEADER, SignedRequest, USER_AGENT,
};
