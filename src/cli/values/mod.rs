//! Values of arguments that are more than a word or a number.

mod allowed;
mod checked;
mod date;
mod duration;
mod header;
mod listen;
mod moment;
mod number;
mod offered;
mod path;
mod size;
mod url;

pub use allowed::AllowedFailures;
pub use checked::CheckedTarget;
pub use date::TriggeredDate;
pub(super) use duration::{duration, time_limit};
pub use header::HeaderArg;
pub use listen::{DelayArg, ListenAddress, Route};
pub(super) use listen::{rate, status};
pub use moment::Moment;
pub(super) use number::up_to;
pub(super) use offered::{event_name, finding_id};
pub(super) use path::path_or_nothing;
pub(super) use size::size;
pub use url::TargetUrl;
