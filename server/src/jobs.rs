//! What `keyroll serve` does by itself.

pub mod access_stream;
pub mod exports;
pub mod keeping;
pub mod self_check;
pub mod sync;
pub mod watch;
