//! What a person chose for all pages: with the person, or with a demo session, which has none.

use async_recursion::async_recursion as boxed;
use domain::preferences::{Preferences, Theme};
use domain::record::Digest;

use crate::db::args;
use crate::error::member;
use crate::{Identity, StoreError};

/// The columns of `people` and `sessions`.
#[derive(sqlx::FromRow)]
pub(crate) struct PreferencesRow {
    language: Option<String>,
    theme: i64,
    time_zone: Option<String>,
    shortcuts: i64,
}

impl PreferencesRow {
    pub fn read(self) -> Result<Preferences, StoreError> {
        Ok(Preferences {
            // A language or zone that this program does not know is as good as none.
            language: self.language.and_then(|name| name.parse().ok()),
            theme: member("people", "theme", self.theme, Theme::from_code)?,
            time_zone: self.time_zone.filter(|name| domain::preferences::is_time_zone(name)),
            shortcuts: self.shortcuts == 1,
        })
    }
}

impl Identity {
    /// Remembers the choices of whoever holds this session: nobody can choose for somebody else.
    #[boxed]
    pub async fn set_preferences(&self, session: Digest, chosen: &Preferences) -> Result<(), StoreError> {
        let hash = hex::encode(session);
        let mut conn = self.db.begin().await?;
        for (table, owner) in [
            ("people", "person_id = (SELECT person_id FROM sessions WHERE session_hash = $2 AND tenant_id = $1)"),
            ("sessions", "session_hash = $2 AND person_id IS NULL"),
        ] {
            conn.run(
                &format!(
                    "UPDATE {table} SET language = $3, theme = $4, time_zone = $5, shortcuts = $6 \
                     WHERE tenant_id = $1 AND {owner}"
                ),
                args![
                    self.tenant.0,
                    hash.clone(),
                    chosen.language.map(|language| language.as_str().to_owned()),
                    chosen.theme.code(),
                    chosen.time_zone.clone(),
                    i64::from(chosen.shortcuts)
                ],
            )
            .await?;
        }
        conn.commit().await
    }
}
