//! The whole program from outside: the router as the server runs it, and the binary as people run it; on SQLite, and
//! on Postgres where `TEST_DATABASE_URL` names a server.

mod house;
mod own_postgres;
mod records;
mod served;

mod access;
mod api;
mod cli;
mod cli_exports;
mod data;
mod demo;
mod downloads;
mod failing;
mod faults;
mod full_disk;
mod headers;
mod heartbeats;
mod importers;
mod keeping;
mod killed;
mod killed_backup;
mod killed_keeping;
mod killed_push;
mod killed_sync;
mod live;
mod notes;
mod openapi;
mod outages;
mod powershell;
mod preferences;
mod pulling;
mod push;
mod replicas;
mod restricted;
mod round_trip;
mod same_origin;
mod schedules;
mod self_check;
mod setup;
mod sign_in;
mod sources;
mod sync;
mod syslog_ng;
mod uploads;
mod views;
