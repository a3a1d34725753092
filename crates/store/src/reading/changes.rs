//! Changes of users' cells, from the counters: what tiles and trends add up.

use domain::instant::Instant;

use super::Reader;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
use crate::tiers::Segment;

/// A stretch of time whose changes are asked for.
pub(super) struct Stretch {
    pub segment: Segment,
    pub told_apart: ToldApart,
}

/// What a stretch's changes are said to have happened at.
#[derive(Clone, Copy)]
pub(super) enum ToldApart {
    /// All at one instant.
    At(Instant),
    /// At the beginning of steps of so many milliseconds from the stretch's beginning on.
    Steps(i64),
}

/// How many users more are in a cell, and since when.
#[derive(sqlx::FromRow)]
pub(super) struct CellChange {
    pub at: i64,
    cell: i64,
    pub n: i64,
}

impl CellChange {
    pub fn cell(&self) -> Cell {
        Cell(self.cell)
    }
}

impl Stretch {
    /// All of a stretch at one instant.
    pub fn at(at: Instant) -> impl Fn(Segment) -> Self {
        move |segment| Self { segment, told_apart: ToldApart::At(at) }
    }
}

impl Reader {
    /// In one statement, whatever the number of stretches; in no order.
    pub(super) async fn cell_changes(
        &self,
        stretches: impl IntoIterator<Item = Stretch>,
    ) -> Result<Vec<CellChange>, StoreError> {
        let mut args = args![self.tenant.0];
        let mut parts = Vec::new();
        for Stretch { segment, told_apart } in stretches {
            let n = args.len();
            match segment {
                Segment::Tier { tier, from, to } => {
                    args.extend(args![tier, from, to]);
                    let (tier, from, to, more) = (n + 1, n + 2, n + 3, n + 4);
                    let (at, group) = match told_apart {
                        ToldApart::At(at) => {
                            args.extend(args![at.millis()]);
                            (format!("CAST(${more} AS BIGINT)"), "cell")
                        }
                        ToldApart::Steps(millis) => {
                            args.extend(args![millis]);
                            (format!("${from} + (bucket_at - ${from}) / ${more} * ${more}"), "1, cell")
                        }
                    };
                    parts.push(format!(
                        "SELECT {at} AS at, cell, CAST(SUM(n) AS BIGINT) AS n FROM state_rollups \
                         WHERE tenant_id = $1 AND tier = ${tier} AND bucket_at >= ${from} AND bucket_at < ${to} \
                         GROUP BY {group}"
                    ));
                }
                Segment::Raw { from, to } => {
                    let at = match told_apart {
                        ToldApart::At(at) => at.millis(),
                        ToldApart::Steps(_) => from,
                    };
                    args.extend(args![from, to, at]);
                    let (from, to, at) = (n + 1, n + 2, n + 3);
                    // An open end is no change, and the index on ends leaves it out.
                    let closed = " AND valid_to < 253402207200000";
                    for (edge, sign, only) in [("valid_from", "", ""), ("valid_to", "-", closed)] {
                        parts.push(format!(
                            "SELECT CAST(${at} AS BIGINT) AS at, cell, {sign}COUNT(*) AS n FROM user_states \
                             WHERE tenant_id = $1 AND {edge} >= ${from} AND {edge} < ${to}{only} GROUP BY cell"
                        ));
                    }
                }
            }
        }
        self.db.rows(&parts.join(" UNION ALL "), args).await
    }
}
