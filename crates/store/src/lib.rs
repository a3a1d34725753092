//! The only room with SQL. Services with named methods; nothing outside sees a table.
//!
//! Everything is reached through [`Services`], and what a caller may do is a type: [`Reader`] has no method that
//! writes, [`Operator`] imports, [`Admin`] manages people and tokens. README.md says how to add a query.

mod cell;
mod db;
mod error;
mod identity;
mod importing;
mod packed;
mod people;
mod preferences;
mod reading;
mod search;
mod services;
mod sign_in_class;
mod tiers;
mod tokens;
mod views;

pub use error::{Forbidden, StoreError};
pub use identity::{Identity, Person, Session, TokenScope};
pub use importing::{Applied, ImportId, NewImport, Operator, Started};
pub use people::{Admin, NewPerson, PersonItem, SettingsReader};
pub use reading::{FilterChoices, Listed, Reader, Total};
pub use services::{EventsSource, Options, Services, SsprPolicy, SsprScope};
pub use tokens::{NewToken, TokenItem};
pub use views::{MAX_VIEWS, NewView, ViewError, Views};
