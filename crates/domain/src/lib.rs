//! The words of the product as types: no I/O, and it compiles for the browser.
//!
//! * words: [`method`], [`answer`], [`role`], [`population`], [`preferences`], [`record`]
//! * time: [`instant`], [`window`], [`freshness`]
//! * what a URL asks for: [`query`]; what a report answers: [`report`]
//! * what people save of them: [`view`]
//! * from audit records to events: [`derive`]; sign-ins and their second factor: [`sign_in`]; MFA Server and what admins
//!   do to users' MFA: [`mfa`]
//! * tenants that records are pulled from: [`connection`]; who did what here: [`access`]

pub mod access;
pub mod answer;
pub mod connection;
pub mod derive;
pub mod export;
pub mod fold;
pub mod freshness;
pub mod instant;
pub mod method;
pub mod mfa;
pub mod named;
pub mod page;
pub mod population;
pub mod preferences;
pub mod query;
pub mod reason;
pub mod record;
pub mod report;
pub mod retention;
pub mod role;
pub mod sign_in;
pub mod steps;
pub mod view;
pub mod viewer;
pub mod window;
