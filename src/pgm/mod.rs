//! The contract of PGM's webhooks, and nothing else: what is sent, how it is signed, and what
//! the target owes in return. Pure: no clock, network, file or terminal.
//!
//! Every fact says how sure it is: *documented* by the vendor's help page, *observed* in live
//! integrations, or *our choice* where neither says anything.

mod envelope;
mod events;
mod limits;
mod sample_dates;
mod secret;
mod signed_request;

pub use envelope::{Envelope, format_date, parse_date};
pub use events::{Confidence, Event, event_names, find, is_known, sample};
pub use limits::{
    Blocked, HTTPS_PORT, RESPONSE_CHARS, TIMEOUT, blocked, is_localhost, is_loopback, is_success,
};
pub use sample_dates::sample_at;
pub use secret::{InvalidSecret, Secret, SecretLook, is_invisible, missing_value_words};
pub use signed_request::{
    CONTENT_TYPE, HeaderText, InvalidRequestId, METHOD, REQUEST_ID_HEADER, RequestId,
    SIGNATURE_HEADER, Signature, SignedRequest, USER_AGENT, is_pgm_header,
};
