//! The `keyroll` program: command line, web server, jobs.
//!
//! * [`cli`]: one file per command; [`config`]: settings from file, environment and flags
//! * [`router`]: every route and layer, in order; [`layers`], [`auth`], [`web`], [`api`] and [`graph_api`] are what it
//!   lists
//! * [`access`]: what of each route is written into the access log
//! * [`jobs`]: what goes on by itself while it serves
//! * [`metrics`]: what a supervisor follows
//! * [`review`]: notes on what was done to users' MFA
//! * [`tls`]: https without a proxy; [`vault`]: secrets at rest
//! * [`sync`]: tenants into the store; [`archive`]: the whole database into a file and out of it
//! * [`import`]: files into the store; [`push`]: records that programs send; [`export`]: lists out of it;
//!   [`generate`]: a believable organisation

pub mod access;
pub mod api;
pub mod archive;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod export;
pub mod exports;
pub mod generate;
pub mod graph_api;
pub mod import;
pub mod jobs;
pub mod layers;
pub mod live;
pub mod metrics;
pub mod people;
pub mod push;
pub mod review;
pub mod router;
pub mod state;
pub mod sync;
pub mod tls;
pub mod tokens;
pub mod vault;
pub mod web;
