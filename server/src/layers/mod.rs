//! Layers around every request; `router.rs` has their order.

pub mod access_log;
pub mod api_refusals;
pub mod client_origin;
pub mod conditional;
pub mod measured;
pub mod panic;
pub mod request_id;
pub mod same_origin;
pub mod security_headers;
