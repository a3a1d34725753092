//! The client against a Graph that keeps its own rules, under virtual time.

mod credentials;
mod over_http;
mod requests;
mod schedules;
mod support;
