//! Sign-ins that are under way: what a browser has proven, and what it has to prove yet.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::Digest;
use domain::role::Role;

use crate::db::{Conn, args};
use crate::error::member;
use crate::factors::{LOCAL, end_everything, factors, lock};
use crate::{Factor, Identity, StoreError};

/// Wrong codes that a step takes.
pub const TRIES_PER_STEP: i64 = 5;
/// Wrong codes that an account takes one after the other, from wherever they come: then its app opens nothing until its
/// passkey or the console has.
pub const WRONG_CODES: i64 = 50;

/// What a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepPurpose {
    /// A proof beside the password, which was right.
    SecondFactor,
    /// A factor that is set up.
    SetUp,
    /// A passkey that says who it is.
    Passkey,
}

impl StepPurpose {
    pub(crate) const fn code(self) -> i64 {
        match self {
            Self::SecondFactor => 1,
            Self::SetUp => 2,
            Self::Passkey => 3,
        }
    }

    fn from_code(code: i64) -> Option<Self> {
        [Self::SecondFactor, Self::SetUp, Self::Passkey].into_iter().find(|purpose| purpose.code() == code)
    }
}

/// What a step begins with.
#[derive(Clone)]
pub enum StepOf {
    /// Somebody whose password was right.
    Password(i64),
    /// Somebody who is signed in and wants one more factor.
    Session(i64),
    /// Nobody yet: what a passkey has to answer.
    Passkey { challenge: String },
}

/// A step that begins.
#[derive(Clone)]
pub struct NewStep {
    pub hash: Digest,
    pub of: StepOf,
    pub return_to: String,
    pub now: Instant,
    pub expires_at: Instant,
}

/// A step that has not ended.
#[derive(Clone)]
pub struct Step {
    pub purpose: StepPurpose,
    /// `None` where a passkey will say.
    pub person: Option<StepPerson>,
    /// A secret that no code has confirmed, encrypted.
    pub totp_sealed: Option<String>,
    pub challenge: Option<String>,
    pub return_to: String,
    /// Of its person, since something right.
    pub wrong_codes: i64,
}

/// Whose step it is.
#[derive(Clone)]
pub struct StepPerson {
    pub id: i64,
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    /// Of the authenticator app that is set up.
    pub totp_sealed: Option<String>,
    pub passkeys: i64,
}

#[derive(sqlx::FromRow)]
struct StepRow {
    purpose: i64,
    person_id: Option<i64>,
    totp_sealed: Option<String>,
    challenge: Option<String>,
    return_to: String,
    user_name: Option<String>,
    display_name: Option<String>,
    role: Option<i64>,
    person_totp: Option<String>,
    wrong_codes: Option<i64>,
    passkeys: i64,
}

/// A live step: `$1` its hash, `$2` the tenant.
pub(crate) const THIS: &str = "step_hash = $1 AND tenant_id = $2";

impl Identity {
    /// Begins a step and forgets those that have expired. Answers what it leads to; `None` if the person may not sign in.
    #[boxed]
    pub async fn begin_step(&self, step: NewStep) -> Result<Option<StepPurpose>, StoreError> {
        let mut conn = self.db.begin().await?;
        let (person, challenge) = match &step.of {
            StepOf::Password(person) | StepOf::Session(person) => (Some(*person), None),
            StepOf::Passkey { challenge } => (None, Some(challenge.clone())),
        };
        if let Some(person) = person
            && !lock(&mut conn, self.tenant, person).await?
        {
            return Ok(None);
        }
        let purpose = match step.of {
            StepOf::Password(person) => match factors(&mut conn, self.tenant, person).await? {
                Some(factors) if !factors.is_empty() => StepPurpose::SecondFactor,
                _ => StepPurpose::SetUp,
            },
            StepOf::Session(_) => StepPurpose::SetUp,
            StepOf::Passkey { .. } => StepPurpose::Passkey,
        };
        conn.run("DELETE FROM second_steps WHERE expires_at <= $1", args![step.now.millis()]).await?;
        conn.run(
            "INSERT INTO second_steps (step_hash, tenant_id, purpose, person_id, challenge, tries, return_to, \
             expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)",
            args![
                hex::encode(step.hash),
                self.tenant.0,
                purpose.code(),
                person,
                challenge,
                step.return_to,
                step.expires_at.millis()
            ],
        )
        .await?;
        conn.commit().await?;
        Ok(Some(purpose))
    }

    /// The step, if it is there, not expired, and its person may still sign in.
    #[boxed]
    pub async fn step(&self, hash: Digest, now: Instant) -> Result<Option<Step>, StoreError> {
        let row: Option<StepRow> = self
            .db
            .row(
                "SELECT s.purpose, s.person_id, s.totp_sealed, s.challenge, s.return_to, p.user_name, p.display_name, \
                 p.role, p.totp_sealed AS person_totp, p.wrong_codes, (SELECT COUNT(*) FROM passkeys k \
                 WHERE k.tenant_id = s.tenant_id AND k.person_id = s.person_id) AS passkeys FROM second_steps s \
                 LEFT JOIN people p ON p.tenant_id = s.tenant_id AND p.person_id = s.person_id \
                 AND p.issuer IS NULL AND p.is_disabled = 0 \
                 WHERE s.step_hash = $1 AND s.tenant_id = $2 AND s.expires_at > $3",
                args![hex::encode(hash), self.tenant.0, now.millis()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let purpose = member("second_steps", "purpose", row.purpose, StepPurpose::from_code)?;
        let person = match (row.person_id, row.user_name, row.display_name, row.role) {
            (None, ..) => None,
            (Some(id), Some(user_name), Some(display_name), Some(role)) => Some(StepPerson {
                id,
                user_name,
                display_name,
                role: member("people", "role", role, Role::from_code)?,
                totp_sealed: row.person_totp,
                passkeys: row.passkeys,
            }),
            (Some(_), ..) => return Ok(None),
        };
        let (totp_sealed, challenge, return_to) = (row.totp_sealed, row.challenge, row.return_to);
        let wrong_codes = row.wrong_codes.unwrap_or_default();
        Ok(Some(Step { purpose, person, totp_sealed, challenge, return_to, wrong_codes }))
    }

    /// Ends a step; `false` if it has ended before.
    #[boxed]
    pub async fn end_step(&self, hash: Digest) -> Result<bool, StoreError> {
        let sql = format!("DELETE FROM second_steps WHERE {THIS}");
        Ok(self.db.run(&sql, args![hex::encode(hash), self.tenant.0]).await? == 1)
    }

    /// Counts a try, before it is looked at. How many are left after it; `None`: there were too many, and the step is gone.
    #[boxed]
    pub async fn count_try(&self, hash: Digest) -> Result<Option<i64>, StoreError> {
        let (hash, mut conn) = (hex::encode(hash), self.db.begin().await?);
        let sql = format!("UPDATE second_steps SET tries = tries + 1 WHERE {THIS} AND tries < $3");
        let counted = conn.run(&sql, args![hash.clone(), self.tenant.0, TRIES_PER_STEP]).await?;
        // Until it turns out to be right.
        let sql = format!(
            "UPDATE people SET wrong_codes = wrong_codes + 1 WHERE tenant_id = $2 AND person_id = \
             (SELECT person_id FROM second_steps WHERE {THIS} AND purpose = $3)"
        );
        conn.run(&sql, args![hash.clone(), self.tenant.0, StepPurpose::SecondFactor.code()]).await?;
        let sql = format!("SELECT tries FROM second_steps WHERE {THIS}");
        let tries: Option<(i64,)> = conn.row(&sql, args![hash, self.tenant.0]).await?;
        conn.commit().await?;
        Ok(tries.filter(|_| counted == 1).map(|(tries,)| TRIES_PER_STEP - tries))
    }

    /// Remembers a secret that is to be confirmed, unless there is one. Answers the one that there is; `None`: the step
    /// is gone.
    #[boxed]
    pub async fn keep_step_secret(&self, hash: Digest, sealed: String) -> Result<Option<String>, StoreError> {
        let (hash, mut conn) = (hex::encode(hash), self.db.begin().await?);
        let sql = format!("UPDATE second_steps SET totp_sealed = $3 WHERE {THIS} AND totp_sealed IS NULL");
        conn.run(&sql, args![hash.clone(), self.tenant.0, sealed]).await?;
        let sql = format!("SELECT totp_sealed FROM second_steps WHERE {THIS}");
        let kept: Option<(Option<String>,)> = conn.row(&sql, args![hash, self.tenant.0]).await?;
        conn.commit().await?;
        Ok(kept.and_then(|(sealed,)| sealed))
    }

    /// Uses a code of the authenticator app up, and the step. `false`: a code of this period or a later one was used
    /// before, the app is another one by now, or the step is gone.
    #[boxed]
    pub async fn use_code(&self, hash: Digest, person: &StepPerson, period: i64) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        let sql = format!(
            "UPDATE people SET totp_last_step = $3, wrong_codes = 0 WHERE {LOCAL} AND totp_sealed = $4 \
             AND (totp_last_step IS NULL OR totp_last_step < $3) AND wrong_codes <= {WRONG_CODES}"
        );
        let used = conn.run(&sql, args![self.tenant.0, person.id, period, person.totp_sealed.clone()]).await?;
        if used != 1 || !self.end_step_of(&mut conn, hash, StepPurpose::SecondFactor).await? {
            return Ok(false);
        }
        conn.commit().await?;
        Ok(true)
    }

    /// Stores the authenticator app whose first code was right. The person's sessions and other steps end. `false`: the
    /// step is gone.
    #[boxed]
    pub async fn confirm_totp(
        &self,
        hash: Digest,
        person: i64,
        sealed: String,
        period: i64,
    ) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        let sql = format!("UPDATE people SET totp_sealed = $3, totp_last_step = $4, wrong_codes = 0 WHERE {LOCAL}");
        let stored = conn.run(&sql, args![self.tenant.0, person, sealed, period]).await?;
        if stored != 1 || !self.end_step_of(&mut conn, hash, StepPurpose::SetUp).await? {
            return Ok(false);
        }
        end_everything(&mut conn, self.tenant, person, None).await?;
        conn.commit().await?;
        Ok(true)
    }

    pub(crate) async fn end_step_of(
        &self,
        conn: &mut Conn,
        hash: Digest,
        purpose: StepPurpose,
    ) -> Result<bool, StoreError> {
        let sql = format!("DELETE FROM second_steps WHERE {THIS} AND purpose = $3");
        Ok(conn.run(&sql, args![hex::encode(hash), self.tenant.0, purpose.code()]).await? == 1)
    }
}

impl StepPerson {
    /// Which kinds of factors the person has.
    #[must_use]
    pub fn factors(&self) -> Vec<Factor> {
        Factor::of(self.totp_sealed.is_some(), self.passkeys)
    }
}
