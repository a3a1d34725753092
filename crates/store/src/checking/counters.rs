//! Counters with a row for each bucket and key: recounted from the rows by minute, and added up to hours and days.

use std::collections::BTreeMap;

use domain::instant::{Instant, MINUTE_MS};
use domain::method::AuthMethod;
use domain::record::{EventSource, Feature, Outcome};
use sea_query::Value;

use super::findings::{Place, Span, bucket};
use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;
use crate::tiers::floor;

/// A table of counters, and what it counts.
pub(super) struct Counter {
    pub table: &'static str,
    /// Leading columns of its key: each pair of values is walked by itself.
    prefix: &'static [&'static str],
    /// The other columns of its key but tier and bucket.
    key: &'static [&'static str],
    counted: &'static [Counted],
}

/// Rows that are counted.
struct Counted {
    table: &'static str,
    at: &'static str,
    /// The columns of the key, as they are called here.
    key: &'static [&'static str],
    only: &'static str,
    n: i64,
}

pub(super) const STATES: usize = 0;
pub(super) const EVENTS: usize = 1;
pub(super) const PASSWORDS: usize = 2;

pub(super) const COUNTERS: [Counter; 3] = [
    Counter {
        table: "state_rollups",
        prefix: &[],
        key: &["cell"],
        counted: &[
            Counted { table: "user_states", at: "valid_from", key: &["cell"], only: "", n: 1 },
            Counted {
                table: "user_states",
                at: "valid_to",
                key: &["cell"],
                only: "AND valid_to < 253402207200000",
                n: -1,
            },
        ],
    },
    Counter {
        table: "event_rollups",
        prefix: &["source", "feature"],
        key: &["method", "outcome"],
        counted: &[Counted { table: "events", at: "at", key: &["method", "outcome"], only: "", n: 1 }],
    },
    Counter {
        table: "password_rollups",
        prefix: &[],
        key: &["kind"],
        counted: &[Counted {
            table: "audit_records",
            at: "at",
            key: &["password_kind"],
            only: "AND password_kind IS NOT NULL",
            n: 1,
        }],
    },
];

/// Tier, bucket and key, and the number.
type Cells = BTreeMap<(i64, i64, [i64; 2]), i64>;

impl Counter {
    /// The condition on tenant and prefix, and its values.
    fn scope(&self, tenant: i64, prefix: [i64; 2]) -> (String, Vec<Value>) {
        let mut sql = "tenant_id = $1".to_owned();
        let mut values = args![tenant];
        for (column, value) in self.prefix.iter().zip(prefix) {
            values.push(value.into());
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
        (sql, values)
    }

    fn key_text(&self, prefix: [i64; 2], (tier, at, key): (i64, i64, [i64; 2])) -> String {
        let mut text = bucket(tier, at);
        let pairs = self.prefix.iter().zip(prefix).chain(self.key.iter().zip(key));
        for (column, code) in pairs {
            text.push_str(&format!(", {column} {}", name_of(column, code)));
        }
        text
    }
}

fn name_of(column: &str, code: i64) -> String {
    let name = match column {
        "source" => EventSource::from_code(code).map(EventSource::as_str),
        "feature" => Feature::from_code(code).map(Feature::as_str),
        "method" => AuthMethod::from_code(code).map(AuthMethod::as_str),
        "outcome" => Outcome::from_code(code).map(Outcome::as_str),
        _ => None,
    };
    name.map_or_else(|| code.to_string(), str::to_owned)
}

/// Two columns of a key, the second one nought where there is none.
fn two(key: &[&str]) -> String {
    format!("{}, {}", key[0], key.get(1).copied().unwrap_or("CAST(0 AS BIGINT)"))
}

impl Recount<'_> {
    /// Every prefix that counted rows or counters have.
    pub(super) async fn prefixes(&mut self, counter: usize) -> Result<Vec<[i64; 2]>, StoreError> {
        let of = &COUNTERS[counter];
        if of.prefix.is_empty() {
            return Ok(vec![[0, 0]]);
        }
        let mut found = std::collections::BTreeSet::new();
        for table in of.counted.iter().map(|counted| counted.table).chain([of.table]) {
            let sql = format!("SELECT DISTINCT {} FROM {table} WHERE tenant_id = $1", two(of.prefix));
            let rows: Vec<(i64, i64)> = self.conn.rows(&sql, args![self.tenant.0]).await?;
            found.extend(rows.into_iter().map(|(a, b)| [a, b]));
        }
        found.extend(
            self.findings.corrections.keys().filter(|(of, ..)| *of == counter).map(|(.., key)| [key[0], key[1]]),
        );
        Ok(found.into_iter().collect())
    }

    /// The next day that has counted rows or counters.
    pub(super) async fn next_counted_day(
        &mut self,
        counter: usize,
        prefix: [i64; 2],
        cursor: i64,
    ) -> Result<Option<Span>, StoreError> {
        let of = &COUNTERS[counter];
        let (scope, values) = of.scope(self.tenant.0, prefix);
        let (from, to) = (values.len() + 1, values.len() + 2);
        let mut wanted = Vec::new();
        for Counted { table, at, only, .. } in of.counted {
            wanted.push((
                format!("SELECT MIN({at}) FROM {table} WHERE {scope} AND {at} >= ${from} AND {at} < ${to} {only}"),
                None,
            ));
        }
        for tier in 0..3_i64 {
            let sql = format!(
                "SELECT MIN(bucket_at) FROM {} WHERE {scope} AND bucket_at >= ${from} AND bucket_at < ${to} AND tier = ${}",
                of.table,
                to + 1
            );
            wanted.push((sql, Some(tier)));
        }
        let keys = self.findings.corrections.range((counter, cursor, [i64::MIN; 4])..);
        let mut keys = keys.take_while(|((of, ..), _)| *of == counter);
        let mut next = keys.find(|((.., key), _)| [key[0], key[1]] == prefix).map(|((_, at, _), _)| *at);
        for (sql, tier) in wanted {
            let mut values = values.clone();
            values.extend(args![cursor, Instant::MAX.millis()]);
            values.extend(tier.map(Value::from));
            let (at,): (Option<i64>,) = self.conn.row(&sql, values).await?.unwrap_or_default();
            next = [next, at].into_iter().flatten().min();
        }
        Ok(next.map(Span::day_of))
    }

    pub(super) async fn counter(&mut self, counter: usize, prefix: [i64; 2], span: Span) -> Result<(), StoreError> {
        let of = &COUNTERS[counter];
        let stored = self.stored_counters(of, prefix, span).await?;
        let recounted = self.recounted_counters(counter, prefix, span).await?;
        let mut differs = false;
        let keys: std::collections::BTreeSet<_> = stored.keys().chain(recounted.keys()).copied().collect();
        for key in keys {
            let (before, after) = (stored.get(&key).copied(), recounted.get(&key).copied());
            if before.unwrap_or(0) == after.unwrap_or(0) {
                continue;
            }
            differs = true;
            self.found(Difference {
                table: of.table,
                key: of.key_text(prefix, key),
                stored: before.map(|n| n.to_string()),
                recounted: after.map(|n| n.to_string()),
            });
        }
        if differs && self.is_repairing {
            self.write_counters(of, prefix, span, &recounted).await?;
        }
        Ok(())
    }

    async fn stored_counters(&mut self, of: &Counter, prefix: [i64; 2], span: Span) -> Result<Cells, StoreError> {
        let mut cells = Cells::new();
        let (scope, values) = of.scope(self.tenant.0, prefix);
        let n = values.len();
        let sql = format!(
            "SELECT bucket_at, {}, n FROM {} WHERE {scope} AND tier = ${} AND bucket_at >= ${} AND bucket_at < ${}",
            two(of.key),
            of.table,
            n + 1,
            n + 2,
            n + 3
        );
        for (tier, _) in span.tiers() {
            let mut values = values.clone();
            values.extend(args![tier, span.from, span.to]);
            let rows: Vec<(i64, i64, i64, i64)> = self.conn.rows(&sql, values).await?;
            cells.extend(rows.into_iter().map(|(at, a, b, n)| ((tier, at, [a, b]), n)));
        }
        Ok(cells)
    }

    async fn recounted_counters(&mut self, counter: usize, prefix: [i64; 2], span: Span) -> Result<Cells, StoreError> {
        let of = &COUNTERS[counter];
        let (scope, values) = of.scope(self.tenant.0, prefix);
        let mut minutes: BTreeMap<(i64, [i64; 2]), i64> = BTreeMap::new();
        for Counted { table, at, key, only, n } in of.counted {
            // The beginning of the minute, of instants before 1970 too.
            let sql = format!(
                "SELECT minute, a, b, COUNT(*) FROM (SELECT {at} - (({at} % {MINUTE_MS}) + {MINUTE_MS}) % {MINUTE_MS} \
                 AS minute, {} AS a, {} AS b FROM {table} WHERE {scope} AND {at} >= ${} AND {at} < ${} {only}) counted \
                 GROUP BY minute, a, b",
                key[0],
                key.get(1).copied().unwrap_or("CAST(0 AS BIGINT)"),
                values.len() + 1,
                values.len() + 2
            );
            let mut values = values.clone();
            values.extend(args![span.from, span.to]);
            for (minute, a, b, rows) in self.conn.rows::<(i64, i64, i64, i64)>(&sql, values).await? {
                *minutes.entry((minute, [a, b])).or_default() += n * rows;
            }
        }
        let corrections =
            self.findings.corrections.range((counter, span.from, [i64::MIN; 4])..(counter, span.to, [i64::MIN; 4]));
        for ((_, minute, key), n) in corrections.filter(|((.., key), _)| [key[0], key[1]] == prefix) {
            *minutes.entry((*minute, [key[2], key[3]])).or_default() += n;
        }
        let mut cells = Cells::new();
        for ((minute, key), n) in minutes {
            for (tier, size) in span.tiers() {
                *cells.entry((tier, floor(minute, size), key)).or_default() += n;
            }
        }
        cells.retain(|_, n| *n != 0);
        Ok(cells)
    }

    async fn write_counters(
        &mut self,
        of: &Counter,
        prefix: [i64; 2],
        span: Span,
        recounted: &Cells,
    ) -> Result<(), StoreError> {
        let (scope, values) = of.scope(self.tenant.0, prefix);
        let n = values.len();
        let sql = format!(
            "DELETE FROM {} WHERE {scope} AND tier = ${} AND bucket_at >= ${} AND bucket_at < ${}",
            of.table,
            n + 1,
            n + 2,
            n + 3
        );
        for (tier, _) in span.tiers() {
            let mut values = values.clone();
            values.extend(args![tier, span.from, span.to]);
            self.conn.run(&sql, values).await?;
        }
        let columns: Vec<&str> = of.prefix.iter().chain(of.key).copied().collect();
        let rows = recounted.iter().map(|((tier, at, key), n)| {
            let mut row = values.clone();
            row.extend(key.iter().take(of.key.len()).map(|part| Value::from(*part)));
            row.extend(args![*tier, *at, *n]);
            row
        });
        let head = format!("INSERT INTO {} (tenant_id, {}, tier, bucket_at, n)", of.table, columns.join(", "));
        self.conn.insert(&head, columns.len() + 4, rows.collect::<Vec<_>>(), "").await
    }

    /// Notes what a counter would have more or less of, were a row right.
    pub(super) fn correct(&mut self, counter: usize, at: i64, key: [i64; 4], n: i64) {
        if matches!(self.place, Place::Counter { .. }) || !(Span::FIRST..Instant::MAX.millis()).contains(&at) {
            return;
        }
        *self.findings.corrections.entry((counter, floor(at, MINUTE_MS), key)).or_default() += n;
    }
}
