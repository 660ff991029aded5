//! pgwh, the developer toolkit for Perfect Gym (PGM) webhooks.

pub mod capture;
pub mod pgm;
pub mod verify;
