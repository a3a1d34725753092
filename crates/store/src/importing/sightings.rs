//! When records of events and sign-ins have seen users, and under which names.

use std::collections::BTreeMap;

use super::Batch;
use super::subjects::{Key, SubjectRow, Subjects};
use crate::StoreError;
use crate::db::args;

/// What events alone say of a subject: when it was seen, and the names of the latest event that has any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sightings {
    pub first_at: Option<i64>,
    pub last_at: Option<i64>,
    pub names: Option<EventNames>,
}

/// The names that an event gives. The order of the fields is the order of preference: the latest event with a
/// display name, else the latest with a user name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EventNames {
    has_display_name: bool,
    pub at: i64,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
}

impl EventNames {
    pub fn new(at: i64, display_name: Option<String>, user_name: Option<String>) -> Self {
        Self { has_display_name: display_name.is_some(), at, display_name, user_name }
    }

    /// Whether they are the same but for the time, and the case that sign-in logs write user names in.
    fn is_same(&self, other: &Self) -> bool {
        let lower = |name: &Option<String>| name.as_deref().map(str::to_lowercase);
        self.display_name == other.display_name && lower(&self.user_name) == lower(&other.user_name)
    }
}

impl Sightings {
    pub fn merge(&mut self, other: &Self) {
        self.first_at = [self.first_at, other.first_at].into_iter().flatten().min();
        self.last_at = self.last_at.max(other.last_at);
        if other.names > self.names {
            self.names.clone_from(&other.names);
        }
    }
}

impl Batch<'_> {
    /// What events say of users that are known already.
    pub(super) async fn note_sightings(
        &mut self,
        subjects: &mut Subjects,
        known: &mut BTreeMap<Key, SubjectRow>,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        let mut changed = Vec::new();
        for (key, named) in &subjects.named {
            let Some(row) = known.get_mut(key) else { continue };
            let before = row.sightings();
            let mut after = before.clone();
            after.merge(&named.events);
            self.see_sign_ins(row, &named.sign_ins, &mut after).await?;
            if after == before {
                continue;
            }
            let same_names = match (&before.names, &after.names) {
                (Some(old), Some(new)) => (&old.display_name, &old.user_name) == (&new.display_name, &new.user_name),
                (old, new) => old == new,
            };
            if after.first_at != before.first_at || !same_names {
                changed.push(row.merged_into.unwrap_or(row.user_id));
            }
            row.see(after);
            rows.push(args![
                self.tenant,
                row.user_id,
                row.first_event_at,
                row.last_event_at,
                row.event_named_at,
                row.event_user_name.clone(),
                row.event_display_name.clone(),
            ]);
        }
        subjects.to_derive.extend(changed);
        self.conn
            .insert(
                "INSERT INTO users (tenant_id, user_id, first_event_at, last_event_at, event_named_at, \
                 event_user_name, event_display_name)",
                7,
                rows,
                "ON CONFLICT (tenant_id, user_id) DO UPDATE SET first_event_at = excluded.first_event_at, \
                 last_event_at = excluded.last_event_at, event_named_at = excluded.event_named_at, \
                 event_user_name = excluded.event_user_name, event_display_name = excluded.event_display_name",
            )
            .await
    }

    /// What sign-ins say of a user that is known already: when first seen, and other names if they are later ones. When
    /// a user was last seen is asked of the sign-ins themselves.
    async fn see_sign_ins(
        &mut self,
        row: &SubjectRow,
        sign_ins: &Sightings,
        after: &mut Sightings,
    ) -> Result<(), StoreError> {
        after.first_at = [after.first_at, sign_ins.first_at].into_iter().flatten().min();
        let Some(names) = &sign_ins.names else { return Ok(()) };
        let Some(known) = &mut after.names else {
            after.names = Some(names.clone());
            return Ok(());
        };
        if known.is_same(names) {
            return Ok(());
        }
        // Sign-ins with the known names may be later than what stands here.
        let latest = format!(
            "SELECT MAX(at) FROM sign_ins {} WHERE tenant_id = $1 AND user_id = $2 AND label_id IN \
             (SELECT label_id FROM user_labels {} WHERE tenant_id = $1 AND subject_id = $3 \
             AND COALESCE(user_name, '') = $4 AND COALESCE(display_name, '') = $5)",
            self.conn.by_index("sign_ins_user_idx"),
            self.conn.by_index("user_labels_subject_idx")
        );
        let latest: Option<(Option<i64>,)> = self
            .conn
            .row(
                &latest,
                args![
                    self.tenant,
                    row.merged_into.unwrap_or(row.user_id),
                    row.user_id,
                    known.user_name.clone().unwrap_or_default(),
                    known.display_name.clone().unwrap_or_default(),
                ],
            )
            .await?;
        known.at = latest.and_then(|(at,)| at).map_or(known.at, |at| at.max(known.at));
        if names > known {
            known.clone_from(names);
        }
        Ok(())
    }
}
