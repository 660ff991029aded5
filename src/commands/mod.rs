//! One file for each command: arguments, then the work, then the report, then the exit code. Only
//! here are the clock, the environment and standard input read.

mod bodies;
mod check_target;
mod completions;
mod config;
mod defaults;
mod demo;
mod dirs;
mod editor;
mod error;
mod events;
mod input;
mod listen;
mod network;
mod reports;
mod requests;
mod requests_list;
mod run;
mod runtime;
mod save;
mod scaffold;
mod secret;
mod send;
mod send_job;
mod sign;
mod system;
mod usage_error;
mod verify;
mod webhook;

pub use crate::cli::Exit;
pub use run::run;
