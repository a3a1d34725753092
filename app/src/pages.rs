//! One file per page: URL to query to service to view. Server only.

mod context;
mod routes;
mod shell;

mod access_log;
mod api_docs;
mod data;
mod erase;
mod events;
mod exports;
mod forgiving;
mod import;
mod keyboard;
mod list;
mod mfa;
mod overview;
mod own_factors;
mod own_password;
mod own_sessions;
mod people;
mod preferences;
mod printed;
mod problem;
mod reasons;
mod retention;
mod second_step;
mod serve;
mod setup;
mod sign_in;
mod sign_in_details;
mod sign_ins;
mod sms_and_voice;
mod sources;
mod tokens;
mod undo;
mod usage;
mod user;
mod users;
mod views;

pub use second_step::{AppSetUp, QrCode, SecondStep};
pub use context::{TokenMade, Notice, RequestContext, SiteSettings};
pub use routes::App;
pub(crate) use serve::Asked;
pub use shell::shell;
pub use sources::{SourceForm, SourcesAnswer};
