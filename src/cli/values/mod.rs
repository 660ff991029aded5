//! Values of arguments that are more than a word or a number.

mod date;
mod duration;
mod event;
mod header;
mod moment;
mod url;

pub use date::TriggeredDate;
pub(super) use duration::duration;
pub(super) use event::EventName;
pub use header::HeaderArg;
pub use moment::Moment;
pub use url::TargetUrl;
