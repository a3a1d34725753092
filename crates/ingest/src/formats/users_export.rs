//! Our own list of users, as `/users.csv` and `/users.jsonl` write it: the same values come back.
//!
//! A blank cell, `null` and `unknown` are not known; `none` is a list of methods that is known to be empty. Text is
//! taken to the letter, spaces too: it was read once already.

use domain::answer::Answer;
use domain::method::MethodSet;
use domain::query::UserColumn;
use domain::record::{Record, RecordKind, UserFacts, UserRef};
use serde_json::Value;

use super::{fields, observation};
use crate::canonical::without_nul;
use crate::fields::{Fields, Problem};
use crate::time::Clock;

/// Columns that lists of events have too: they alone do not say what a row is about.
const OF_EVENTS_TOO: [UserColumn; 3] = [UserColumn::Id, UserColumn::UserName, UserColumn::DisplayName];

/// Whether the names are ours and nobody else's: a column of a user, and something of the user's state.
pub(crate) fn is_named(fields: Fields<'_>) -> bool {
    let mut says_something = false;
    for name in fields.members.keys() {
        let Ok(column) = name.parse::<UserColumn>() else { return false };
        says_something |= !OF_EVENTS_TOO.contains(&column);
    }
    says_something
        && [UserColumn::Id, UserColumn::UserName].iter().any(|column| fields.members.contains_key(column.as_str()))
}

pub(super) fn read(record: &Value, clock: &mut Clock) -> Result<Record, Problem> {
    let fields = fields(record)?;
    let facts = UserFacts {
        display_name: text(fields, UserColumn::DisplayName),
        user_name: text(fields, UserColumn::UserName),
        user_type: named(fields, UserColumn::UserType)?,
        account_enabled: answer(fields, UserColumn::EnabledAccount)?,
        admin: answer(fields, UserColumn::Admin)?,
        methods: methods(fields),
        registered: answer(fields, UserColumn::Registered)?,
        enabled: answer(fields, UserColumn::Enabled)?,
        capable: answer(fields, UserColumn::Capable)?,
        mfa_registered: answer(fields, UserColumn::MfaRegistered)?,
        mfa_capable: answer(fields, UserColumn::MfaCapable)?,
        passwordless_capable: answer(fields, UserColumn::PasswordlessCapable)?,
        default_method: text(fields, UserColumn::DefaultMethod),
        department: text(fields, UserColumn::Department),
        country: text(fields, UserColumn::Country),
        ..UserFacts::default()
    };
    let user = user_of(fields, &facts)?;
    let observed_at = fields.time(&[UserColumn::UpdatedAt.as_str()], clock)?;
    Ok(observation(RecordKind::UsersExport, user, observed_at, facts, record))
}

/// Whom a row is about. A user that no object id is known of has the user name as its id.
fn user_of(fields: Fields<'_>, facts: &UserFacts) -> Result<UserRef, Problem> {
    let id = text(fields, UserColumn::Id);
    let is_name = |id: &String| match &facts.user_name {
        Some(name) => name.to_lowercase() == id.to_lowercase(),
        None => id.contains('@'),
    };
    let (name, object_id) = match id {
        Some(id) if is_name(&id) => (Some(id), None),
        id => (None, id),
    };
    let user = UserRef {
        object_id,
        user_name: name.or_else(|| facts.user_name.clone()),
        display_name: facts.display_name.clone(),
    };
    if user.is_nobody() {
        return Err(Problem::Rejected("The row names no user: id and user_name are both missing.".to_owned()));
    }
    Ok(user)
}

fn text(fields: Fields<'_>, column: UserColumn) -> Option<String> {
    let text = fields.members.get(column.as_str())?.as_str()?;
    (!text.is_empty()).then(|| without_nul(text).into_owned())
}

fn answer(fields: Fields<'_>, column: UserColumn) -> Result<Option<bool>, Problem> {
    let is_unknown = fields.text(&[column.as_str()]).is_some_and(|text| text.eq_ignore_ascii_case(UNKNOWN));
    if is_unknown { Ok(None) } else { fields.flag(&[column.as_str()]) }
}

fn named<T: std::str::FromStr>(fields: Fields<'_>, column: UserColumn) -> Result<Option<T>, Problem> {
    let Some(text) = fields.text(&[column.as_str()]) else { return Ok(None) };
    if text.eq_ignore_ascii_case(UNKNOWN) {
        return Ok(None);
    }
    let refused = |_| Problem::Rejected(format!("`{text}` in {column} is none of its values."));
    text.to_ascii_lowercase().parse().map(Some).map_err(refused)
}

/// An array, or a cell with the ids and raw names one after the other. `unknown` among them is a method of which no
/// more is known, not a list that is not known.
fn methods(fields: Fields<'_>) -> Option<MethodSet> {
    match fields.members.get(UserColumn::Methods.as_str())? {
        Value::Array(items) => Some(MethodSet::from_ids(items.iter().filter_map(Value::as_str))),
        Value::String(cell) if cell.is_empty() => None,
        Value::String(cell) if cell == NONE => Some(MethodSet::default()),
        Value::String(cell) => Some(MethodSet::from_ids(cell.split("; "))),
        _ => None,
    }
}

const UNKNOWN: &str = Answer::Unknown.as_str();
/// What an export writes for a known list of methods that is empty.
const NONE: &str = "none";
