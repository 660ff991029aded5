//! pgwh, the developer toolkit for Perfect Gym (PGM) webhooks.
//!
//! The rooms, from the ground up; imports point downward only:
//!
//! - [`pgm`]: the contract itself: event, envelope, signature, signed request, limits. Pure.
//! - [`capture`]: bytes in any shape become captures. Pure.
//! - [`verify`]: what a capture proves, and the diagnosis when it proves nothing. Pure.
//! - [`payload`]: changes to a sample before it is sent. Pure.
//! - [`delivery`]: one attempt over the network, and the loop that repeats it.
//! - [`load`]: many new requests at once, and what came of them as numbers.
//! - [`check`]: what a target must do: each probe says what it sends, and judges what came back.
//! - [`fixtures`], [`webhooks`], [`requests`], [`receiver`]: the user's own payloads; the webhooks
//!   file; the requests list; the local receiver.
//! - [`cli`]: the command tree. Validates, does no work.
//! - [`report`]: values become text; one place writes it.
//! - [`commands`]: one thin file a command.
//! - [`files`], [`state_dir`]: private files, and the folder that pgwh keeps between runs.
//! - [`diagnostic`], [`text`]: a message with its help; counts, suggestions, URLs as text.
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
#[cfg(feature = "cli")]
pub mod capture_writer;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod commands;
pub mod delivery;
pub mod diagnostic;
#[cfg(feature = "cli")]
pub mod files;
#[cfg(feature = "cli")]
pub mod fixtures;
#[cfg(feature = "cli")]
pub mod load;
pub mod payload;
pub mod pgm;
#[cfg(feature = "cli")]
pub mod receiver;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod requests;
#[cfg(feature = "cli")]
pub mod state_dir;
pub mod text;
pub mod verify;
#[cfg(feature = "cli")]
pub mod webhooks;
