//! Files that may no longer be kept.

use domain::export::{ExportProblem, ExportState};

use crate::StoreError;
use crate::db::{Conn, args};

/// To be called in every transaction that takes data away for good: whatever was written with it goes too, and what is
/// being written breaks off. Nobody has to find out what a file holds; queries go as well, as they may name people.
pub(crate) async fn end_exports(conn: &mut Conn, tenant: i64, why: ExportProblem) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE exports SET state = $2, problem = $3, query = '', about = NULL, parts = 0, stored_bytes = 0, \
        changed_at = changed_at + 1 WHERE tenant_id = $1 AND state <= $4";
    let (ended, last_with_data) = (ExportState::Ended.code(), ExportState::Done.code());
    conn.run(SQL, args![tenant, ended, why.code(), last_with_data]).await?;
    // Those that failed have no file, but say what was asked for.
    const FAILED: &str = "UPDATE exports SET query = '' WHERE tenant_id = $1 AND query <> ''";
    conn.run(FAILED, args![tenant]).await?;
    conn.run("DELETE FROM export_parts WHERE tenant_id = $1", args![tenant]).await?;
    Ok(())
}

pub(super) async fn drop_parts(conn: &mut Conn, tenant: i64, export: i64) -> Result<(), StoreError> {
    conn.run("DELETE FROM export_parts WHERE tenant_id = $1 AND export_id = $2", args![tenant, export]).await?;
    Ok(())
}
