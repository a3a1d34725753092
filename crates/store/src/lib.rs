//! The only room with SQL. Services with named methods; nothing outside sees a table.
//!
//! Everything is reached through [`Services`], and what a caller may do is a type: [`Reader`] has no method that
//! writes, [`Operator`] imports, [`Admin`] manages people and tokens. README.md says how to add a query.
//!
//! Methods that other rooms await are `#[boxed]`: their futures come in boxes. What a future does is compiled where it
//! is awaited, so without boxes every page, and every test, would compile the store again, and in its own room's profile.
//! `(?Send)` are those of which the compiler cannot see that they may change threads; they are awaited where they need not.

mod access_log;
mod archiving;
mod cell;
mod checking;
mod connections;
mod db;
mod error;
mod exports;
mod factors;
mod federated;
mod identity;
mod importing;
mod keeping;
mod packed;
mod passkeys;
mod people;
mod preferences;
mod reading;
mod sealed;
mod search;
mod services;
mod sessions;
mod sign_in_class;
mod steps;
mod tiers;
mod tokens;
mod views;

pub use access_log::AccessLog;
pub use archiving::{Dump, Load, Row, TableShape, TableSum};
pub use checking::{Checked, Checker, Difference};
pub use connections::{ConnectionSecret, ConnectionSettings, PullEnd, UsableConnection};
pub use db::{Field, FieldKind, PostgresTls};
pub use error::{Forbidden, StoreError};
pub use exports::{
    Claimed, EXPORT_PART_BYTES, ExportLost, ExportRefused, Exporter, Exports, MAX_EXPORTS, MAX_WAITING_EXPORTS,
    NewExport, NoFile, StoredFile,
};
pub use factors::{Factor, FactorRefused, OwnFactorList, OwnFactors, OwnPassword, PasskeyItem};
pub use federated::{Federated, FederatedPerson, Federation};
pub use identity::{Bearer, Identity, Person, Session, TokenScope};
pub use importing::{Applied, ImportId, NewImport, Operator, PullLock, Push, Started};
pub use keeping::{Eraser, Erasing, Retaining, Undo, UndoRefused};
pub use passkeys::{NewPasskey, Passkey};
pub use people::{Admin, NewPerson, PersonItem, SettingsReader};
pub use reading::{AuditPlace, AuditsQuery, FilterChoices, Listed, Reader, RegisteredUsers, Total};
pub use sealed::{KeyInUse, ResealRefused, Resealed, SealedOf, SealedSecrets};
pub use services::{EventsSource, Options, Services, SsprPolicy, SsprScope};
pub use sessions::{MAX_SESSION_NAME, OwnSessions, SessionItem, session_id};
pub use steps::{NewStep, Step, StepOf, StepPerson, StepPurpose, TRIES_PER_STEP, WRONG_CODES};
pub use tokens::{NewToken, TokenItem};
pub use views::{MAX_VIEWS, NewView, ViewError, Views};
