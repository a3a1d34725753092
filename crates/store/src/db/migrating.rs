//! Brings a Postgres up to date, or finds that it is: then the account needs no right to change the schema.

use sqlx::PgPool;
use sqlx::migrate::MigrateError;

use super::POSTGRES;
use crate::StoreError;

/// Postgres' "insufficient privilege".
const MAY_NOT: &str = "42501";

/// Up to a migration, or to the last one.
pub(super) async fn bring_up(pool: &PgPool, wanted: Option<i64>) -> Result<(), StoreError> {
    let applied = applied(pool).await;
    for (version, checksum) in &applied {
        match POSTGRES.iter().find(|known| known.version == *version) {
            None => return Err(MigrateError::VersionMissing(*version).into()),
            Some(known) if *known.checksum != **checksum => return Err(MigrateError::VersionMismatch(*version).into()),
            Some(_) => {}
        }
    }
    let known = POSTGRES.iter().map(|migration| migration.version);
    let needed: Vec<i64> = known.filter(|version| wanted.is_none_or(|wanted| *version <= wanted)).collect();
    if needed.iter().all(|version| applied.iter().any(|(applied, _)| applied == version)) {
        return Ok(());
    }
    let ran = match wanted {
        Some(wanted) => POSTGRES.run_to(wanted, pool).await,
        None => POSTGRES.run(pool).await,
    };
    ran.map_err(|error| if is_forbidden(&error) { StoreError::MayNotMigrate } else { error.into() })
}

/// What has been done to it. Nothing where the table is not there or may not be read: doing it says why.
async fn applied(pool: &PgPool) -> Vec<(i64, Vec<u8>)> {
    const SQL: &str = "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";
    sqlx::query_as(SQL).fetch_all(pool).await.unwrap_or_default()
}

fn is_forbidden(error: &MigrateError) -> bool {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else { return false };
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == MAY_NOT)
}
