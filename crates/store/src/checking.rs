//! Everything derived, recounted from the rows that it is derived from.
//!
//! What is looked at is divided into *places*: a range of users, a day of sign-ins, a day of a counter. Each is read,
//! recounted and compared by itself, so that memory is bounded whatever there is; and each can be written again by
//! itself. Rows come before the counters over them: where a row is wrong, a counter is compared with what it would be
//! if the row were right.

mod access_log;
mod audits;
mod counters;
mod engine;
mod findings;
mod links;
mod names;
mod rows;
mod self_check;
mod sightings;
mod sign_in_counts;
mod sign_ins;
mod sources;
mod standings;
mod strays;
mod users;

use async_recursion::async_recursion as boxed;
use domain::retention::Kept;
use domain::viewer::TenantId;
use sea_query::Value;

use crate::db::{Conn, Db, args};
use crate::importing::{Batch, note_change};
use crate::{Options, StoreError};
use counters::COUNTERS;
use findings::{Findings, Place, Span};

pub use findings::{Checked, Difference};

/// Users, records or flows looked at together.
const CHUNK: i64 = 1000;

/// How often repairing goes over what is still different: a row that is right again may show another that is not.
const MOST_ROUNDS: usize = 4;

/// Recounts one tenant's figures.
#[derive(Clone)]
pub struct Checker {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
    pub(crate) options: Options,
}

/// One look at the database, which repairs what it finds if it is to.
struct Recount<'a> {
    conn: &'a mut Conn,
    tenant: TenantId,
    options: &'a Options,
    findings: Findings,
    /// Where it is looking.
    place: Place,
    is_repairing: bool,
}

impl Checker {
    /// Recounts everything, as it was at one instant, while others may write.
    #[boxed(?Send)]
    pub async fn check(&self) -> Result<Checked, StoreError> {
        let mut conn = self.db.snapshot().await?;
        let mut recount = Recount::new(&mut conn, self.tenant, &self.options, false);
        recount.everything().await?;
        let mut findings = recount.findings;
        drop(conn);
        self.check_engine(&mut findings).await?;
        Ok(findings.checked())
    }

    /// Writes again what differs, a place at a time and each in one transaction, and checks everything again.
    /// Answers what is different still.
    #[boxed(?Send)]
    pub async fn repair(&self, found: Checked) -> Result<Checked, StoreError> {
        let mut found = found;
        for _ in 0..MOST_ROUNDS {
            for place in &found.places {
                let mut conn = self.db.begin().await?;
                let mut recount = Recount::new(&mut conn, self.tenant, &self.options, true);
                recount.look_at(place.clone()).await?;
                note_change(&mut conn, self.tenant.0).await?;
                conn.commit().await?;
            }
            found = self.check().await?;
            if found.places.is_empty() {
                break;
            }
        }
        Ok(found)
    }
}

impl<'a> Recount<'a> {
    fn new(conn: &'a mut Conn, tenant: TenantId, options: &'a Options, is_repairing: bool) -> Self {
        Self { conn, tenant, options, findings: Findings::default(), place: Place::MissingUsers, is_repairing }
    }

    async fn everything(&mut self) -> Result<(), StoreError> {
        self.look_at(Place::MissingUsers).await?;
        self.look_at(Place::Names).await?;
        for table in 0..links::TABLES.len() {
            self.look_at(Place::Links(table)).await?;
        }
        let mut after = i64::MIN;
        while let Some(last) = self.last_user(after).await? {
            self.look_at(Place::Sightings { after, last }).await?;
            self.look_at(Place::Users { after, last }).await?;
            after = last;
        }
        self.look_at(Place::Standings).await?;
        let mut after = String::new();
        while let Some(last) = self.last_audit(&after).await? {
            self.look_at(Place::Audits { after, last: last.clone() }).await?;
            after = last;
        }
        let mut after = String::new();
        while let Some(last) = self.last_flow(&after).await? {
            self.look_at(Place::Flows { after, last: last.clone() }).await?;
            after = last;
        }
        self.look_at(Place::OrphanEvents).await?;
        for table in 0..strays::TABLES.len() {
            self.look_at(Place::Strays(table)).await?;
        }
        self.look_at(Place::Classes).await?;
        let mut cursor = self.kept_from(Kept::SignIns).await?;
        while let Some(day) = self.next_sign_in_day(cursor).await? {
            self.look_at(Place::SignIns(day)).await?;
            cursor = day.to;
        }
        for counter in 0..COUNTERS.len() {
            for prefix in self.prefixes(counter).await? {
                let mut cursor = Span::FIRST;
                while let Some(day) = self.next_counted_day(counter, prefix, cursor).await? {
                    self.look_at(Place::Counter { counter, prefix, span: day }).await?;
                    cursor = day.to;
                }
            }
        }
        self.look_at(Place::Sources).await?;
        self.access_log().await
    }

    /// Where the days begin that are kept. Those before go by a rule, counters first and rows in lots: nobody reads
    /// their figures any more.
    async fn kept_from(&mut self, kept: Kept) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT at FROM kept_from WHERE tenant_id = $1 AND kept = $2";
        let row: Option<(i64,)> = self.conn.row(SQL, args![self.tenant.0, kept.code()]).await?;
        Ok(row.map_or(Span::FIRST, |(at,)| at))
    }

    /// Compares a place with its recount; writes the recount where it differs, if repairing.
    async fn look_at(&mut self, place: Place) -> Result<(), StoreError> {
        self.place = place.clone();
        match place {
            Place::MissingUsers => self.missing_users().await,
            Place::Names => self.names().await,
            Place::Links(table) => self.links(table).await,
            Place::Sightings { after, last } => self.sightings(after, last).await,
            Place::Audits { after, last } => self.audits(&after, &last).await,
            Place::Flows { after, last } => self.flows(&after, &last).await,
            Place::OrphanEvents => self.orphan_events().await,
            Place::Users { after, last } => self.users(after, last).await,
            Place::Standings => self.standings().await,
            Place::SignIns(span) => self.sign_ins(span).await,
            Place::Counter { counter, prefix, span } => self.counter(counter, prefix, span).await,
            Place::Strays(table) => self.strays(table).await,
            Place::Sources => self.sources().await,
            Place::Classes => self.classes().await,
            Place::Indexes => engine::rebuild_indexes(self.conn).await,
            Place::Trigrams => engine::rebuild_trigrams(self.conn).await,
        }
    }

    /// The end of the next range of users; the last one has no end, so that rows of users that are none are in it.
    async fn last_user(&mut self, after: i64) -> Result<Option<i64>, StoreError> {
        if after == i64::MAX {
            return Ok(None);
        }
        let sql = "SELECT user_id FROM users WHERE tenant_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3";
        let ids: Vec<(i64,)> = self.conn.rows(sql, args![self.tenant.0, after, CHUNK]).await?;
        let is_full = i64::try_from(ids.len()).unwrap_or(i64::MAX) == CHUNK;
        Ok(Some(ids.last().filter(|_| is_full).map_or(i64::MAX, |(id,)| *id)))
    }

    fn batch(&mut self) -> Batch<'_> {
        Batch::new(self.conn, self.tenant, 0, self.options)
    }

    /// Notes a difference of the place that is being looked at.
    fn found(&mut self, difference: Difference) {
        self.findings.add(Some(&self.place), difference);
    }

    /// Notes what cannot be made again from anything.
    fn found_for_good(&mut self, difference: Difference) {
        self.findings.add(None, difference);
    }

    async fn delete_in(&mut self, sql: &str, keys: Vec<Value>) -> Result<(), StoreError> {
        self.conn.run_in(sql, &[self.tenant.0], &keys).await
    }
}
