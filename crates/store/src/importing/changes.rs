//! A number that grows with every transaction that changes what pages show.

use domain::viewer::TenantId;

use crate::StoreError;
use crate::db::{Conn, ReadDb, args};

/// To be called in the transaction that changes a figure, a list or what `/data` shows.
pub(crate) async fn note_change(conn: &mut Conn, tenant: i64) -> Result<(), StoreError> {
    conn.run("UPDATE changes SET number = number + 1 WHERE tenant_id = $1", args![tenant]).await?;
    Ok(())
}

pub(crate) async fn change_number(db: &ReadDb, tenant: TenantId) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = db.row("SELECT number FROM changes WHERE tenant_id = $1", args![tenant.0]).await?;
    Ok(row.map_or(0, |(number,)| number))
}
