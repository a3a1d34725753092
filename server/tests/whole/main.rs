//! The whole program from outside: the router as the server runs it, and the binary as people run it; on SQLite, and
//! on Postgres where `TEST_DATABASE_URL` names a server.

mod house;
mod records;

mod access;
mod api;
mod cli;
mod cli_exports;
mod demo;
mod downloads;
mod failing;
mod headers;
mod heartbeats;
mod notes;
mod openapi;
mod powershell;
mod preferences;
mod restricted;
mod round_trip;
mod same_origin;
mod setup;
mod sign_in;
mod views;
