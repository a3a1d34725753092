//! What a Global Administrator may change of people: one rule for the page and the API.

use domain::role::Role;
use domain::viewer::Viewer;
use serde::Deserialize;
use store::{PersonItem, StoreError};

use crate::state::AppState;

/// One change of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum PersonChange {
    /// Of an account of this installation; sessions end.
    Role {
        role: Role,
    },
    /// Sessions end, and no new one begins.
    Disable,
    Enable,
    EndSessions,
}

/// Why a person was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "nobody changes their own role or disables themselves: ask another Global Administrator, or use the console"
    )]
    Oneself,
    #[error("the role of this person is given by the identity provider")]
    OfProvider,
}

/// Changes a person; answers who it is.
///
/// # Errors
/// The viewer may not, nobody has the number, or the change is not one to be made here.
pub async fn change_person(
    state: &AppState,
    viewer: &Viewer,
    id: i64,
    change: PersonChange,
) -> Result<PersonItem, PeopleError> {
    let forbidden = |forbidden| StoreError::Forbidden { what: "people".to_owned(), forbidden };
    let admin = state.services.admin(viewer).map_err(forbidden)?;
    let people = admin.people().await?;
    let person = people.into_iter().find(|person| person.id == id);
    let person = person.ok_or_else(|| StoreError::Missing { what: "person", name: id.to_string() })?;
    let is_oneself = viewer.person_id == Some(id);
    match change {
        PersonChange::Role { .. } | PersonChange::Disable if is_oneself => return Err(PeopleError::Oneself),
        PersonChange::Role { .. } if person.issuer.is_some() => return Err(PeopleError::OfProvider),
        PersonChange::Role { role } => admin.set_role(&person.user_name, role).await?,
        PersonChange::Disable => admin.set_person_disabled(&person, true).await?,
        PersonChange::Enable => admin.set_person_disabled(&person, false).await?,
        PersonChange::EndSessions => {
            admin.end_sessions(id).await?;
        }
    }
    Ok(person)
}
