//! The store through its public doors, on SQLite and on Postgres.

mod again;
mod doors;
mod events;
mod figures;
mod language;
mod search;
mod sign_in_users;
mod sign_ins;
mod support;
mod trend;
mod views;
