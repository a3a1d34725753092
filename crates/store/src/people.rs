use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::role::Role;
use domain::viewer::TenantId;

use crate::db::{Conn, Db, args};
use crate::error::member;
use crate::factors::end_everything;
use crate::importing::name_key;
use crate::{Factor, FederatedPerson, NewToken, StoreError, TokenItem, tokens};

#[derive(Debug, Clone)]
pub struct NewPerson {
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    /// PHC string of argon2id.
    pub password_hash: String,
    pub now: Instant,
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PersonItem {
    pub id: i64,
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    pub is_disabled: bool,
    pub created_at: Instant,
    pub last_sign_in_at: Option<Instant>,
    /// Of the identity provider that vouches for the person; `None` for an account of this installation.
    pub issuer: Option<String>,
    /// What an account of this installation is proven with beside its password; `None` for people of the provider.
    pub factors: Option<Vec<Factor>>,
}

/// Looks at people and tokens of one tenant.
#[derive(Clone)]
pub struct SettingsReader {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
}

impl SettingsReader {
    #[boxed]
    pub async fn people(&self) -> Result<Vec<PersonItem>, StoreError> {
        people(&self.db, self.tenant).await
    }

    #[boxed]
    pub async fn tokens(&self) -> Result<Vec<TokenItem>, StoreError> {
        tokens::tokens(&self.db, self.tenant).await
    }
}

/// Changes people and tokens of one tenant.
#[derive(Clone)]
pub struct Admin {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
}

impl Admin {
    /// `Exists` if the user name (case-insensitive) is taken.
    #[boxed]
    pub async fn add_person(&self, person: NewPerson) -> Result<i64, StoreError> {
        let mut conn = self.db.begin().await?;
        let id = insert_person(&mut conn, self.tenant, person).await?;
        conn.commit().await?;
        Ok(id)
    }

    /// `Missing` if nobody has the user name. Sessions of the person end, so that no one keeps an old right.
    #[boxed]
    pub async fn set_role(&self, user_name: &str, role: Role) -> Result<(), StoreError> {
        self.change(&self.local(user_name).await?, "role = $3", role.code(), true).await
    }

    /// Disabling ends the person's sessions.
    #[boxed]
    pub async fn set_disabled(&self, user_name: &str, is_disabled: bool) -> Result<(), StoreError> {
        self.set_person_disabled(&self.local(user_name).await?, is_disabled).await
    }

    /// The same by number, also for people of the identity provider.
    #[boxed]
    pub async fn set_person_disabled(&self, person: &PersonItem, is_disabled: bool) -> Result<(), StoreError> {
        self.change(person, "is_disabled = $3", i64::from(is_disabled), is_disabled).await
    }

    /// The account of this installation with this name, in any case.
    pub(crate) async fn local(&self, user_name: &str) -> Result<PersonItem, StoreError> {
        let key = name_key(user_name);
        let people = people(&self.db, self.tenant).await?;
        people
            .into_iter()
            .find(|person| person.issuer.is_none() && name_key(&person.user_name) == key)
            .ok_or_else(|| StoreError::Missing { what: "person", name: user_name.to_owned() })
    }

    async fn change(
        &self,
        person: &PersonItem,
        set: &'static str,
        value: i64,
        ends_sessions: bool,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let changed = conn
            .run(
                &format!("UPDATE people SET {set} WHERE tenant_id = $1 AND person_id = $2"),
                args![self.tenant.0, person.id, value],
            )
            .await?;
        if changed == 0 {
            return Err(StoreError::Missing { what: "person", name: person.user_name.clone() });
        }
        if ends_sessions {
            end_everything(&mut conn, self.tenant, person.id, None).await?;
        }
        conn.commit().await
    }

    #[boxed]
    pub async fn people(&self) -> Result<Vec<PersonItem>, StoreError> {
        people(&self.db, self.tenant).await
    }

    /// `Exists` if a token that is not revoked has the name.
    #[boxed]
    pub async fn create_token(&self, token: NewToken) -> Result<i64, StoreError> {
        tokens::create(&self.db, self.tenant, token).await
    }

    #[boxed]
    pub async fn tokens(&self) -> Result<Vec<TokenItem>, StoreError> {
        tokens::tokens(&self.db, self.tenant).await
    }

    /// By name; `Missing` if there is no such token.
    #[boxed]
    pub async fn revoke_token(&self, name: &str, now: Instant) -> Result<(), StoreError> {
        tokens::revoke(&self.db, self.tenant, name, now).await
    }
}

pub(crate) async fn insert_person(conn: &mut Conn, tenant: TenantId, person: NewPerson) -> Result<i64, StoreError> {
    let key = name_key(&person.user_name);
    let taken: Option<(i64,)> = conn
        .row("SELECT person_id FROM people WHERE tenant_id = $1 AND name_key = $2", args![tenant.0, key.clone()])
        .await?;
    if taken.is_some() {
        return Err(StoreError::Exists { what: "person", name: person.user_name });
    }
    let id = next_id(conn, tenant).await?;
    conn.run(
        "INSERT INTO people (tenant_id, person_id, user_name, name_key, display_name, role, password_hash, \
         is_disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
        args![
            tenant.0,
            id,
            person.user_name,
            key,
            person.display_name,
            person.role.code(),
            person.password_hash,
            person.now.millis()
        ],
    )
    .await?;
    Ok(id)
}

/// Somebody new whom the identity provider vouches for. Their key is no name that anybody could type: names are for
/// accounts of this installation, and no password is right for the empty hash.
pub(crate) async fn insert_federated(
    conn: &mut Conn,
    tenant: TenantId,
    person: FederatedPerson,
) -> Result<i64, StoreError> {
    let id = next_id(conn, tenant).await?;
    conn.run(
        "INSERT INTO people (tenant_id, person_id, user_name, name_key, display_name, role, password_hash, \
         is_disabled, created_at, issuer, subject) VALUES ($1, $2, $3, $4, $5, $6, '', 0, $7, $8, $9)",
        args![
            tenant.0,
            id,
            person.user_name,
            format!("\n{}\n{}", person.issuer, person.subject),
            person.display_name,
            person.role.code(),
            person.now.millis(),
            person.issuer,
            person.subject
        ],
    )
    .await?;
    Ok(id)
}

async fn next_id(conn: &mut Conn, tenant: TenantId) -> Result<i64, StoreError> {
    let next: Option<(i64,)> =
        conn.row("SELECT COALESCE(MAX(person_id), 0) + 1 FROM people WHERE tenant_id = $1", args![tenant.0]).await?;
    Ok(next.map_or(1, |(id,)| id))
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    person_id: i64,
    user_name: String,
    display_name: String,
    role: i64,
    is_disabled: i64,
    created_at: i64,
    last_sign_in_at: Option<i64>,
    issuer: Option<String>,
    totp_sealed: Option<String>,
    passkeys: i64,
}

async fn people(db: &Db, tenant: TenantId) -> Result<Vec<PersonItem>, StoreError> {
    let rows: Vec<PersonRow> = db
        .rows(
            "SELECT person_id, user_name, display_name, role, is_disabled, created_at, last_sign_in_at, issuer, \
             totp_sealed, (SELECT COUNT(*) FROM passkeys k WHERE k.tenant_id = people.tenant_id \
             AND k.person_id = people.person_id) AS passkeys FROM people WHERE tenant_id = $1 \
             ORDER BY CASE WHEN issuer IS NULL THEN name_key ELSE user_name END, person_id",
            args![tenant.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PersonItem {
                id: row.person_id,
                user_name: row.user_name,
                display_name: row.display_name,
                role: member("people", "role", row.role, Role::from_code)?,
                is_disabled: row.is_disabled == 1,
                created_at: Instant::from_millis(row.created_at),
                last_sign_in_at: row.last_sign_in_at.map(Instant::from_millis),
                factors: row.issuer.is_none().then(|| Factor::of(row.totp_sealed.is_some(), row.passkeys)),
                issuer: row.issuer,
            })
        })
        .collect()
}
