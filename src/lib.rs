//! pgwh, the developer toolkit for Perfect Gym (PGM) webhooks.

pub mod capture;
pub mod check;
pub mod cli;
pub mod commands;
pub mod delivery;
pub mod fixtures;
pub mod payload;
pub mod pgm;
pub mod report;
