//! How far a stranger's file is followed.

/// Members of one object that are looked at as a request. Real ones have a dozen, flattened
/// ones some sixty; an object beyond this is a collection, and is only walked through.
pub(super) const MEMBERS: usize = 512;

/// Levels of JSON inside a JSON string (`{"log":"{\"message\":\"{…`). Container logs have two.
pub(super) const STRINGS: usize = 4;

/// Levels of nesting that are walked in search of requests. Tools use up to ten; each level
/// reads what is within it once more, so this also bounds the time.
pub(super) const DEPTH: usize = 32;

/// Bytes of a text whose parts are indexed; longer ones are gone through part by part, so that
/// memory does not grow with them.
pub(super) const INDEXED: usize = 1 << 20;

/// Bytes that one gzipped body may become. PGM's bodies are a few kilobytes.
pub(super) const INFLATED_BODY: usize = 4 << 20;

/// Bytes that all gzipped bodies of one reading may become together, so that a file of
/// thousands of bombs costs a fraction of a second.
pub(super) const INFLATED_TOTAL: usize = 256 << 20;

/// Bytes that a gzipped file may become. It is held in memory as a whole.
pub(super) const INFLATED_FILE: usize = 64 << 20;

/// Bytes of one line of a file that is read line by line; what is longer is reported and
/// dropped, so that memory does not grow with it.
pub const LINE: usize = 16 << 20;
