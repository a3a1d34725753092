//! What is still going on: whoever is at it holds a lock as long as its process lives, and whoever gets the lock alone knows
//! that nobody is. So every import that is still said to be running has broken off, and no server has a key at hand.

use std::fs::File;

use async_recursion::async_recursion as boxed;
use domain::report::ImportStatus;
use sqlx::{Connection as _, PgConnection};

use crate::db::{Conn, Db, args};
use crate::{Operator, StoreError};

/// What one may be at: the name of its lock.
pub(crate) struct Occupation {
    /// After the database file's name.
    suffix: &'static str,
    /// Any constant does: it names the lock among Postgres' advisory locks.
    number: i64,
}

pub(super) const IMPORTING: Occupation = Occupation { suffix: "-importing", number: 0x6b65_7972_696d_706f };
pub(crate) const SERVING: Occupation = Occupation { suffix: "-serving", number: 0x6b65_7972_7365_7276 };

/// Held while somebody is at it. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) enum Presence {
    /// A file beside the database: locks on the database file itself are SQLite's own.
    Sqlite { _lock: File },
    /// A session of its own, outside the pool, closed when it is done.
    Postgres { session: PgConnection },
}

/// Held by whoever pulls: two at once would spend one allowance twice. Let go of when the process ends, however it ends.
#[derive(Debug)]
pub struct PullLock {
    presence: Presence,
}

impl PullLock {
    /// Whoever asks next gets it. Of one that is dropped instead, Postgres notices a moment later that nobody holds it.
    ///
    /// # Errors
    /// Postgres does not answer; it lets go then as well.
    #[boxed]
    pub async fn release(self) -> Result<(), StoreError> {
        if let Presence::Postgres { mut session } = self.presence {
            sqlx::query("SELECT pg_advisory_unlock($1)").bind(PULL_LOCK).execute(&mut session).await?;
            session.close().await?;
        }
        Ok(())
    }
}

impl Operator {
    /// `None` while somebody else pulls.
    #[boxed]
    pub async fn pull_lock(&self) -> Result<Option<PullLock>, StoreError> {
        let presence = match &self.db {
            Db::Sqlite { .. } => {
                let lock = lock_file(&self.db, "-pulling")?;
                lock.try_lock().is_ok().then_some(Presence::Sqlite { _lock: lock })
            }
            Db::Postgres(pool) => {
                let mut session = pool.acquire().await?.detach();
                let (alone,): (bool,) =
                    sqlx::query_as("SELECT pg_try_advisory_lock($1)").bind(PULL_LOCK).fetch_one(&mut session).await?;
                alone.then_some(Presence::Postgres { session })
            }
        };
        Ok(presence.map(|presence| PullLock { presence }))
    }
}

/// As the numbers above.
const PULL_LOCK: i64 = 0x6b65_7972_7075_6c6c;

impl Presence {
    /// Waits only for somebody who is just looking whether anybody is there.
    pub async fn announce(db: &Db, at: &Occupation) -> Result<Self, StoreError> {
        match db {
            Db::Sqlite { .. } => {
                let lock = lock_file(db, at.suffix)?;
                lock.lock_shared().map_err(sqlx::Error::Io)?;
                Ok(Self::Sqlite { _lock: lock })
            }
            Db::Postgres(pool) => {
                let mut session = pool.acquire().await?.detach();
                sqlx::query("SELECT pg_advisory_lock_shared($1)").bind(at.number).execute(&mut session).await?;
                Ok(Self::Postgres { session })
            }
        }
    }
}

/// Says of every import that is said to be running that it has broken off, if nobody imports now.
pub(crate) async fn mark_interrupted(db: &Db, tenant: i64) -> Result<(), StoreError> {
    const RUNNING: &str = "SELECT import_id FROM imports WHERE tenant_id = $1 AND status = $2 LIMIT 1";
    let running: Option<(i64,)> = db.row(RUNNING, args![tenant, ImportStatus::Running.code()]).await?;
    if running.is_none() {
        return Ok(());
    }
    let mut conn = db.begin().await?;
    let Some(_alone) = alone(db, &mut conn, &IMPORTING).await? else { return Ok(()) };
    conn.run(
        "UPDATE imports SET status = $3 WHERE tenant_id = $1 AND status = $2",
        args![tenant, ImportStatus::Running.code(), ImportStatus::Interrupted.code()],
    )
    .await?;
    conn.commit().await
}

/// Nobody is at it, and nobody begins to be. On Postgres the transaction itself holds the lock.
pub(crate) struct Alone {
    _lock: Option<File>,
}

/// Whether nobody is at it. Keep the answer to the end of the transaction.
pub(crate) async fn alone(db: &Db, conn: &mut Conn, at: &Occupation) -> Result<Option<Alone>, StoreError> {
    if let Db::Sqlite { .. } = db {
        let lock = lock_file(db, at.suffix)?;
        return Ok(lock.try_lock().is_ok().then_some(Alone { _lock: Some(lock) }));
    }
    let alone: Option<(bool,)> = conn.row("SELECT pg_try_advisory_xact_lock($1)", args![at.number]).await?;
    Ok((alone == Some((true,))).then_some(Alone { _lock: None }))
}

pub(super) fn lock_file(db: &Db, suffix: &str) -> Result<File, StoreError> {
    let Db::Sqlite { write, .. } = db else { return Err(sqlx::Error::PoolClosed.into()) };
    let mut path = write.connect_options().get_filename().to_owned().into_os_string();
    path.push(suffix);
    File::options().create(true).append(true).open(path).map_err(|error| sqlx::Error::Io(error).into())
}
