//! The shapes in which records are delivered: JSON documents, JSON lines, tables; and wrappers around records.

pub(crate) mod document;
pub(crate) mod lines;
mod members;
pub(crate) mod table;

pub(crate) use members::{Unwrapped, is_overgrown, json_text, unwrap};
