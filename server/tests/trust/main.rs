//! That figures can be trusted: the doctor finds what is planted, and copies of a database are the database.

mod access_log;
mod archive;
mod damage;
mod database;
mod doctor;
