//! What browsers ask for beside the API: pages, forms, downloads, assets, health.

pub mod assets;
pub mod downloads;
pub mod error;
pub mod health;
pub mod language;
pub mod notes;
pub mod pages;
pub mod preferences;
pub mod return_to;
pub mod setup;
pub mod sign_in;
pub mod tables;
pub mod views;
