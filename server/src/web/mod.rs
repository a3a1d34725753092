//! What browsers ask for beside the API: pages, forms, downloads, assets, health.

pub mod assets;
pub mod downloads;
pub mod erase;
pub mod error;
pub mod exports;
pub mod health;
pub mod language;
pub mod live;
pub mod notes;
pub mod oidc;
pub mod pages;
pub mod people;
pub mod preferences;
pub mod rejected;
pub mod retention;
pub mod return_to;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sources;
pub mod tables;
pub mod tokens;
pub mod undo;
pub mod upload;
pub mod views;
