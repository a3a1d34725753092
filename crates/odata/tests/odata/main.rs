//! What the crate says of queries and entities, from outside.

mod bounds;
mod clients;
mod evaluation;
mod generate;
mod malformed;
mod naive;
mod options;
mod properties;
mod trees;
mod types;
