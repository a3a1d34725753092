//! The `keyroll` program: command line, web server, jobs.
//!
//! * [`cli`]: one file per command; [`config`]: settings from file, environment and flags
//! * [`router`]: every route and layer, in order; [`layers`], [`auth`], [`web`] and [`api`] are what it lists
//! * [`review`]: notes on what was done to users' MFA
//! * [`import`]: files into the store; [`export`]: lists out of it; [`generate`]: a believable organisation

pub mod api;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod export;
pub mod generate;
pub mod import;
pub mod layers;
pub mod review;
pub mod router;
pub mod state;
pub mod web;
