//! The store through its public doors, on SQLite and on Postgres.

mod doors;
mod figures;
mod support;
mod trend;
