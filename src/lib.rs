//! pgwh, the developer toolkit for Perfect Gym (PGM) webhooks.
//!
//! `docs/architecture.md` says which module may import which. Without the feature `cli` the crate does
//! no I/O, and has these modules:
//!
//! - [`text`]: a message with its help; counts, suggestions and URLs as text.
//! - [`pgm`]: the contract: event, envelope, signature, signed request, limits.
//! - [`capture`]: bytes in any format become captures.
//! - [`verify`]: what a capture proves, and the diagnosis when it proves nothing.
//! - [`payload`]: changes to a sample before it is sent.
//! - [`delivery`]: an attempt and its outcome, and the loop that repeats it. The network needs `cli`.
//! - [`check`]: what a target must do: each probe says what it sends and judges the responses.
//!
//! The others need the feature `cli`:
//!
//! - [`http1`]: the HTTP/1.1 client that keeps the case of header names.
//! - [`load`]: many new requests at once, and the numbers that describe them.
//! - [`story`]: events in order about the same people and things.
//! - [`fixtures`], [`webhooks`], [`requests`], [`receiver`]: the user's own payloads; the webhooks
//!   file; the requests list; the local receiver.
//! - [`files`], [`capture_writer`]: files for their owner alone, the folder that pgwh keeps between
//!   runs; the writer of capture files.
//! - [`toml_file`]: TOML files whose keys are all known, and errors that name a location in one.
//! - [`scaffold`]: receivers to start from, in many languages.
//! - [`report`]: values become text; one place writes it.
//! - [`page`]: the page in the browser: requests, what was received, webhooks and events, live.
//! - [`commands`]: one file for each command, with its arguments. Values and help texts that several
//!   commands share are in `cli`, which does no work.
//!
//! ```
//! use pgwh::pgm::{RequestId, Secret, Signature};
//!
//! let id = RequestId::new("7f6c2d4e-1b0a-4c39-9d57-2f8e61a0b3c4")?;
//! let secret = Secret::new("correct-horse-battery-staple")?;
//! assert!(Signature::new(&id, &secret).matches("7676A4495DF92546D401BDEABBDA6428"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::print_stderr, clippy::print_stdout, missing_docs)]

pub mod capture;
pub mod check;
pub mod delivery;
pub mod payload;
pub mod pgm;
pub mod text;
pub mod verify;

#[cfg(feature = "cli")]
pub mod capture_writer;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
pub mod commands;
#[cfg(feature = "cli")]
pub mod files;
#[cfg(feature = "cli")]
pub mod fixtures;
#[cfg(feature = "cli")]
pub mod http1;
#[cfg(feature = "cli")]
pub mod load;
#[cfg(feature = "cli")]
pub mod page;
#[cfg(feature = "cli")]
pub mod receiver;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod requests;
#[cfg(feature = "cli")]
pub mod scaffold;
#[cfg(feature = "cli")]
pub mod story;
#[cfg(feature = "cli")]
pub mod toml_file;
#[cfg(feature = "cli")]
pub mod webhooks;

/// The example in docs/testing.md is a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/testing.md")]
struct Testing;
