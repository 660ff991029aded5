//! pgwh, the developer toolkit for Perfect Gym (PGM) webhooks.

pub mod capture;
pub mod cli;
pub mod commands;
pub mod delivery;
pub mod fixtures;
pub mod nearest;
pub mod payload;
pub mod pgm;
pub mod receiver;
pub mod report;
pub mod requests;
pub mod verify;
pub mod webhooks;
