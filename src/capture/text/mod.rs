//! Requests in text that is not JSON.

pub(super) mod http;
