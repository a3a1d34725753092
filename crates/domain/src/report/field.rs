use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::{EventItem, GroupCounts, MethodCounts, TrendPoint, UserItem};
use crate::instant::Instant;
use crate::query::{BarColumn, Column, EventColumn, GroupColumn, TrendColumn, UserColumn};

/// The value of one column of a list item, for exports. As JSON it is what the item's own field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<'a> {
    Unknown,
    Text(Cow<'a, str>),
    Number(i64),
    At(Instant),
    /// May be empty: then it is known that there is none.
    List(Vec<String>),
}

/// A list item that can be asked for its columns.
pub trait Fields<C: Column> {
    fn field(&self, column: C) -> Field<'_>;
}

impl<C: Column, T: Fields<C>> Fields<C> for &T {
    fn field(&self, column: C) -> Field<'_> {
        (**self).field(column)
    }
}

impl<'a> Field<'a> {
    pub(super) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) fn known(text: Option<&'a str>) -> Self {
        text.map_or(Self::Unknown, Self::text)
    }

    pub(super) fn number(n: Option<i64>) -> Self {
        n.map_or(Self::Unknown, Self::Number)
    }

    pub(super) fn at(at: Option<Instant>) -> Self {
        at.map_or(Self::Unknown, Self::At)
    }
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::At(at) => at.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
        }
    }
}

impl Fields<UserColumn> for UserItem {
    fn field(&self, column: UserColumn) -> Field<'_> {
        match column {
            UserColumn::Id => Field::text(&self.id),
            UserColumn::DisplayName => Field::known(self.display_name.as_deref()),
            UserColumn::UserName => Field::known(self.user_name.as_deref()),
            UserColumn::UserType => Field::known(self.user_type.map(|user_type| user_type.as_str())),
            UserColumn::EnabledAccount => Field::text(self.enabled_account.as_str()),
            UserColumn::Admin => Field::text(self.admin.as_str()),
            UserColumn::Registered => Field::text(self.registered.as_str()),
            UserColumn::Enabled => Field::text(self.enabled.as_str()),
            UserColumn::Capable => Field::text(self.capable.as_str()),
            UserColumn::MfaRegistered => Field::text(self.mfa_registered.as_str()),
            UserColumn::MfaCapable => Field::text(self.mfa_capable.as_str()),
            UserColumn::PasswordlessCapable => Field::text(self.passwordless_capable.as_str()),
            UserColumn::Methods => self.methods.as_ref().map_or(Field::Unknown, |set| Field::List(set.ids())),
            UserColumn::DefaultMethod => Field::known(self.default_method.as_deref()),
            UserColumn::Department => Field::known(self.department.as_deref()),
            UserColumn::Country => Field::known(self.country.as_deref()),
            UserColumn::UpdatedAt => self.updated_at.map_or(Field::Unknown, Field::At),
        }
    }
}

impl Fields<EventColumn> for EventItem {
    fn field(&self, column: EventColumn) -> Field<'_> {
        match column {
            EventColumn::Id => Field::text(&self.id),
            EventColumn::At => Field::At(self.at),
            EventColumn::UserId => Field::known(self.user_id.as_deref()),
            EventColumn::DisplayName => Field::known(self.display_name.as_deref()),
            EventColumn::UserName => Field::known(self.user_name.as_deref()),
            EventColumn::Feature => Field::text(self.feature.as_str()),
            EventColumn::Method => Field::text(self.method.as_str()),
            EventColumn::RawMethod => Field::known(self.raw_method.as_deref()),
            EventColumn::Status => Field::text(self.status.as_str()),
            EventColumn::Reason => Field::known(self.reason.as_deref()),
            EventColumn::Source => Field::text(self.source.as_str()),
        }
    }
}

/// The rows of a chart's table; numbers are written as they are, a share is left to whoever reads them.
impl Fields<BarColumn> for MethodCounts {
    fn field(&self, column: BarColumn) -> Field<'_> {
        match self.number(column) {
            None if column == BarColumn::Method => Field::text(self.method.as_str()),
            number => Field::number(number),
        }
    }
}

impl Fields<TrendColumn> for TrendPoint {
    fn field(&self, column: TrendColumn) -> Field<'_> {
        self.number(column).map_or(Field::At(self.at), Field::Number)
    }
}

impl Fields<GroupColumn> for GroupCounts {
    fn field(&self, column: GroupColumn) -> Field<'_> {
        match column {
            GroupColumn::Name => Field::text(&self.name),
            GroupColumn::Size => Field::Number(self.size),
            GroupColumn::SmsOrVoiceOnly => Field::Number(self.sms_or_voice_only),
            GroupColumn::SmsOrVoiceAndBetter => Field::Number(self.sms_or_voice_and_better),
            GroupColumn::Share => Field::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Every field of the item's JSON is a column, and the column says the same.
    fn compare<C: Column, T: Fields<C> + Serialize>(item: &T, columns: &[C]) {
        let whole = serde_json::to_value(item).expect("JSON");
        let fields: serde_json::Map<_, _> = columns
            .iter()
            .map(|column| (column.to_string(), serde_json::to_value(item.field(*column)).expect("JSON")))
            .collect();
        assert_eq!(whole, serde_json::Value::Object(fields));
    }

    fn user(json: &serde_json::Value) -> Result<UserItem, serde_json::Error> {
        serde_json::from_value(json.clone())
    }

    #[test]
    fn a_column_is_the_field_of_its_name() {
        let mut json = json!({
            "id": "ada", "display_name": "Ada", "user_name": "ada@contoso.com", "user_type": "member",
            "enabled_account": "yes", "admin": "no", "registered": "unknown", "enabled": "yes", "capable": "no",
            "mfa_registered": "yes", "mfa_capable": "no", "passwordless_capable": "unknown",
            "methods": ["sms", "carrierPigeon"], "default_method": "sms", "department": "Sales", "country": "Sweden",
            "updated_at": "2026-11-20T12:00:00.123Z",
        });
        compare(&user(&json).expect("a user"), UserColumn::ALL);
        for unknown in
            ["display_name", "user_name", "user_type", "methods", "default_method", "department", "updated_at"]
        {
            json[unknown] = serde_json::Value::Null;
        }
        compare(&user(&json).expect("a user"), UserColumn::ALL);
        json["methods"] = json!([]);
        compare(&user(&json).expect("a user"), UserColumn::ALL);
        let event = json!({
            "id": "e1", "at": "2026-11-20T12:00:00.123Z", "user_id": null, "display_name": "Ada", "user_name": null,
            "feature": "reset", "method": "unknown", "raw_method": "carrier pigeon", "status": "failure",
            "reason": "lost", "source": "audit",
        });
        let event: EventItem = serde_json::from_value(event).expect("an event");
        compare(&event, EventColumn::ALL);
    }
}
