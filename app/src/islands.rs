//! The only code that reaches the browser as WebAssembly: props in, no SQL, no translations.

pub mod copy_link;
pub mod live;
pub mod live_list;
pub mod passkey;
pub mod shortcuts;
pub mod upload;
