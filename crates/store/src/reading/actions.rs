//! Blocks, bypasses and servers: few, so they are at hand as a whole.

use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::instant::{DAY_MS, Instant};
use domain::mfa::{ActionKind, BLOCK_DAYS, BlockStatus, BypassStatus};
use domain::page::{Key, Page};
use domain::query::{BlockColumn, BlockedUsersQuery, BypassedUsersQuery, ServerColumn, ServersQuery};
use domain::report::{BlockItem, BypassItem, Fields as _, ReviewNote, ServerItem};

use super::Reader;
use super::conditions::Conditions;
use super::list::{key_of_field, page_of_all};
use crate::StoreError;
use crate::db::args;
use crate::error::member;

/// A server that says nothing for so long is stale.
const STALE_AFTER_MS: i64 = DAY_MS;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ActionRow {
    pub action_id: String,
    kind: i64,
    at: i64,
    subject: Option<i64>,
    pub user_id: Option<String>,
    pub user_name: Option<String>,
    pub display_name: Option<String>,
    done_by: Option<String>,
    pub reason: Option<String>,
    seconds: Option<i64>,
    pub is_blocked: Option<i64>,
    completed_at: Option<i64>,
    completion_reason: Option<String>,
    is_used: Option<i64>,
    pub correlation_id: Option<String>,
}

impl ActionRow {
    pub fn at(&self) -> Instant {
        Instant::from_millis(self.at)
    }

    /// Who it was done to, as far as a record tells: those that name nobody are about nobody else.
    fn whom(&self) -> (Option<i64>, Option<&str>) {
        (self.subject, if self.subject.is_none() { Some(&self.action_id) } else { None })
    }
}

/// Name, version, status, address, last contact.
type ServerRow = (String, Option<String>, Option<String>, Option<String>, i64);

/// Remarks by what they are about.
pub(super) type Notes = BTreeMap<String, Vec<ReviewNote>>;

impl Reader {
    /// Actions of some kinds up to an instant, of some users or of all, in the order of time.
    pub(super) async fn actions(
        &self,
        kinds: &[ActionKind],
        until: Instant,
        users: &[String],
    ) -> Result<Vec<ActionRow>, StoreError> {
        let mut conditions = Conditions::default();
        conditions.and("m.tenant_id = ?", [self.tenant.0.into()]);
        conditions.any_of("m.kind", kinds.iter().map(|kind| kind.code()));
        conditions.and("m.at < ?", [until.millis().into()]);
        if !users.is_empty() {
            let mut ids = self.user_ids(users).await?;
            // Somebody nobody knows was done nothing to; an empty list would mean everybody.
            ids.push(-1);
            conditions.any_of("m.user_id", ids);
        }
        let sql = format!(
            "SELECT m.action_id, m.kind, m.at, m.user_id AS subject, COALESCE(u.object_id, u.name_key) AS user_id, \
             m.user_name, m.display_name, m.done_by, m.reason, m.seconds, m.is_blocked, m.completed_at, \
             m.completion_reason, m.is_used, m.correlation_id FROM mfa_actions m \
             LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.user_id = m.user_id{} ORDER BY m.at, m.action_id",
            conditions.sql()
        );
        self.db.rows(&sql, conditions.args()).await
    }

    pub(super) async fn notes(&self) -> Result<Notes, StoreError> {
        let rows: Vec<(String, String, String, i64)> = self
            .db
            .rows(
                "SELECT about, text, author, at FROM review_notes WHERE tenant_id = $1 ORDER BY at, note_id",
                args![self.tenant.0],
            )
            .await?;
        let mut notes = Notes::new();
        for (about, text, author, at) in rows {
            notes.entry(about).or_default().push(ReviewNote { text, author, at: Instant::from_millis(at) });
        }
        Ok(notes)
    }

    pub(super) async fn blocks(&self, query: &BlockedUsersQuery) -> Result<Page<BlockItem>, StoreError> {
        let (window, as_of) = (query.report.window(), query.report.as_of);
        let mut items = self.blocks_of(&query.filters.user, as_of).await?;
        // What is open or ended in the window counts, whenever it began.
        items.retain(|item| item.at < window.to && (item.status == BlockStatus::Open || end_of(item) >= window.from));
        if !query.filters.status.is_empty() {
            items.retain(|item| query.filters.status.contains(&item.status));
        }
        retain_found(&mut items, query.list.q.as_deref(), |item| [item.display_name.as_ref(), item.user_name.as_ref()]);
        let key = |item: &BlockItem, column: BlockColumn| match column {
            // Open ones first, and of these the latest.
            BlockColumn::Status => Key::Number(item.status.code()),
            column => key_of_field(&item.field(column)),
        };
        let latest_first = |item: &BlockItem| Key::Text(format!("{:020}{}", i64::MAX - item.at.millis(), item.id));
        Ok(page_of_all(&query.list, items, key, latest_first))
    }

    /// Every block of some users, or of all, with what became of it as of an instant.
    pub(super) async fn blocks_of(&self, users: &[String], as_of: Instant) -> Result<Vec<BlockItem>, StoreError> {
        const KINDS: [ActionKind; 3] = [ActionKind::Block, ActionKind::Unblock, ActionKind::Fraud];
        let mut notes = self.notes().await?;
        let mut items: Vec<BlockItem> = Vec::new();
        let mut open: BTreeMap<(Option<i64>, Option<String>), Vec<usize>> = BTreeMap::new();
        for row in self.actions(&KINDS, as_of.plus_millis(1), users).await? {
            let kind = member("mfa_actions", "kind", row.kind, ActionKind::from_code)?;
            let (subject, alone) = row.whom();
            let whom = (subject, alone.map(str::to_owned));
            match kind {
                ActionKind::Fraud if row.is_blocked != Some(1) => {}
                ActionKind::Unblock => {
                    // An unblocking lifts whatever blocks the user has.
                    let lifted = open.remove(&whom).unwrap_or_default();
                    let still_open: Vec<usize> =
                        lifted.into_iter().filter(|i| items[*i].until.is_none_or(|until| until > row.at())).collect();
                    for i in &still_open {
                        let item = &mut items[*i];
                        (item.status, item.ended_at) = (BlockStatus::Lifted, Some(row.at()));
                        (item.ended_by, item.end_reason) = (row.done_by.clone(), row.reason.clone());
                    }
                    if still_open.is_empty() {
                        let mut item = block(&row, &mut notes);
                        (item.status, item.ended_at) = (BlockStatus::Lifted, Some(row.at()));
                        (item.ended_by, item.end_reason) = (item.by.take(), item.reason.take());
                        item.until = None;
                        items.push(item);
                    }
                }
                _ => {
                    let mut item = block(&row, &mut notes);
                    if let Some(ended_at) = row.completed_at.map(Instant::from_millis).filter(|at| *at <= as_of) {
                        (item.status, item.ended_at) = (BlockStatus::Lifted, Some(ended_at));
                        item.end_reason = row.completion_reason.clone();
                    } else {
                        open.entry(whom).or_default().push(items.len());
                    }
                    items.push(item);
                }
            }
        }
        for item in items.iter_mut().filter(|item| item.status == BlockStatus::Open) {
            if let Some(until) = item.until.filter(|until| *until <= as_of) {
                (item.status, item.ended_at) = (BlockStatus::Expired, Some(until));
            }
        }
        Ok(items)
    }

    pub(super) async fn bypasses(&self, query: &BypassedUsersQuery) -> Result<Page<BypassItem>, StoreError> {
        const KINDS: [ActionKind; 2] = [ActionKind::Bypass, ActionKind::RemoveBypass];
        let (window, as_of) = (query.report.window(), query.report.as_of);
        let mut notes = self.notes().await?;
        let mut items: Vec<BypassItem> = Vec::new();
        let mut open: BTreeMap<(Option<i64>, Option<String>), Vec<usize>> = BTreeMap::new();
        for row in self.actions(&KINDS, as_of.plus_millis(1), &query.filters.user).await? {
            let kind = member("mfa_actions", "kind", row.kind, ActionKind::from_code)?;
            let (subject, alone) = row.whom();
            let whom = (subject, alone.map(str::to_owned));
            if kind == ActionKind::RemoveBypass {
                for i in open.remove(&whom).unwrap_or_default() {
                    let item = &mut items[i];
                    if item.until.is_none_or(|until| until > row.at()) {
                        (item.status, item.ended_at) = (BypassStatus::Removed, Some(row.at()));
                        item.end_reason.clone_from(&row.reason);
                    }
                }
                continue;
            }
            let mut item = bypass(&row, &mut notes);
            let completed = row.completed_at.map(Instant::from_millis).filter(|at| *at <= as_of);
            match (row.is_used, completed) {
                (Some(1), ended_at @ Some(_)) => (item.status, item.ended_at) = (BypassStatus::Used, ended_at),
                (_, Some(ended_at)) => (item.status, item.ended_at) = (BypassStatus::Expired, Some(ended_at)),
                (_, None) => open.entry(whom).or_default().push(items.len()),
            }
            item.end_reason = completed.and(row.completion_reason.clone());
            items.push(item);
        }
        for item in items.iter_mut().filter(|item| item.status == BypassStatus::Open) {
            if let Some(until) = item.until.filter(|until| *until <= as_of) {
                (item.status, item.ended_at) = (BypassStatus::Expired, Some(until));
            }
        }
        items.retain(|item| window.from <= item.at && item.at < window.to);
        if !query.filters.status.is_empty() {
            items.retain(|item| query.filters.status.contains(&item.status));
        }
        retain_found(&mut items, query.list.q.as_deref(), |item| [item.display_name.as_ref(), item.user_name.as_ref()]);
        Ok(page_of_all(
            &query.list,
            items,
            |item, column| key_of_field(&item.field(column)),
            |item| Key::Text(item.id.clone()),
        ))
    }

    pub(super) async fn servers(&self, query: &ServersQuery) -> Result<Page<ServerItem>, StoreError> {
        let rows: Vec<ServerRow> = self
            .db
            .rows(
                "SELECT name, version, status, address, last_contact FROM mfa_servers WHERE tenant_id = $1",
                args![self.tenant.0],
            )
            .await?;
        let as_of = query.report.as_of;
        let mut items: Vec<ServerItem> = rows
            .into_iter()
            .map(|(name, version, status, address, last_contact)| ServerItem {
                name,
                version,
                status,
                address,
                last_contact: Instant::from_millis(last_contact),
                stale: Answer::from(Some(as_of.millis() - last_contact > STALE_AFTER_MS)),
            })
            .collect();
        retain_found(&mut items, query.list.q.as_deref(), |item| [Some(&item.name), item.address.as_ref()]);
        let key = |item: &ServerItem, column: ServerColumn| key_of_field(&item.field(column));
        Ok(page_of_all(&query.list, items, key, |item| Key::Text(item.name.clone())))
    }
}

fn block(row: &ActionRow, notes: &mut Notes) -> BlockItem {
    BlockItem {
        id: row.action_id.clone(),
        at: row.at(),
        user_id: row.user_id.clone(),
        display_name: row.display_name.clone(),
        user_name: row.user_name.clone(),
        by: row.done_by.clone(),
        reason: row.reason.clone(),
        until: Some(row.at().plus_millis(BLOCK_DAYS * DAY_MS)),
        status: BlockStatus::Open,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        notes: notes.remove(&row.action_id).unwrap_or_default(),
    }
}

fn bypass(row: &ActionRow, notes: &mut Notes) -> BypassItem {
    BypassItem {
        id: row.action_id.clone(),
        at: row.at(),
        user_id: row.user_id.clone(),
        display_name: row.display_name.clone(),
        user_name: row.user_name.clone(),
        by: row.done_by.clone(),
        reason: row.reason.clone(),
        seconds: row.seconds,
        until: row.seconds.map(|seconds| row.at().plus_millis(seconds.saturating_mul(1000))),
        status: BypassStatus::Open,
        ended_at: None,
        end_reason: None,
        notes: notes.remove(&row.action_id).unwrap_or_default(),
    }
}

fn end_of(item: &BlockItem) -> Instant {
    item.ended_at.or(item.until).unwrap_or(Instant::MAX)
}

/// Keeps those of whose names one contains what is looked for.
pub(super) fn retain_found<T>(items: &mut Vec<T>, q: Option<&str>, names: impl Fn(&T) -> [Option<&String>; 2]) {
    let Some(sought) = q.map(domain::fold::fold) else { return };
    items.retain(|item| names(item).into_iter().flatten().any(|name| domain::fold::fold(name).contains(&sought)));
}
