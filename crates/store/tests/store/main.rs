//! The store through its public doors, on SQLite and on Postgres.

mod access_log;
mod again;
mod checking;
mod connections;
mod copies;
mod doors;
mod erasure;
mod events;
mod figures;
mod language;
mod one_instant;
mod retention;
mod search;
mod sign_in_classes;
mod sign_in_search;
mod sign_in_users;
mod sign_ins;
mod support;
mod trend;
mod undo;
mod undo_records;
mod users;
mod views;
