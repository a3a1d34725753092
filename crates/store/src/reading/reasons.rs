//! Every status, call result and error code in plain words, and how often it occurred.

use std::collections::BTreeMap;

use domain::fold::fold;
use domain::page::{Key, Page};
use domain::preferences::Language;
use domain::query::{ReasonColumn, ReasonsQuery};
use domain::reason::{Actor, ReasonKind, reasons, text};
use domain::report::{Fields as _, ReasonItem};
use domain::sign_in::mfa_text;

use super::Reader;
use super::list::{key_of_field, page_of_all};
use crate::StoreError;
use crate::db::args;
use crate::packed::Unpacker;

/// Codes by kind and code.
type Counts = BTreeMap<(ReasonKind, String), i64>;

impl Reader {
    pub(super) async fn reasons(&self, query: &ReasonsQuery) -> Result<Page<ReasonItem>, StoreError> {
        let language = query.report.lang.unwrap_or(Language::English);
        let mut counts = self.reason_counts(query).await?;
        let mut items = Vec::new();
        for reason in reasons() {
            let count = counts.remove(&(reason.kind, reason.code.to_owned())).unwrap_or_default();
            let Some(text) = text(language, reason.kind, reason.code) else { continue };
            items.push(ReasonItem {
                kind: reason.kind,
                code: reason.code.to_owned(),
                label: text.label.clone(),
                meaning: text.meaning.clone(),
                actor: reason.actor,
                next: text.next.clone(),
                count,
            });
        }
        // Codes that nobody has described are shown as the records have them.
        for ((kind, code), count) in counts {
            let meaning = self.failure_reason(&code).await?.unwrap_or_default();
            let item = ReasonItem {
                kind,
                label: code.clone(),
                code,
                meaning,
                actor: Actor::Unknown,
                next: String::new(),
                count,
            };
            items.push(item);
        }
        items.retain(|item| is_asked(query, item));
        let key = |item: &ReasonItem, column: ReasonColumn| key_of_field(&item.field(column));
        Ok(page_of_all(&query.list, items, key, |item| Key::Text(format!("{} {}", item.kind, item.code))))
    }

    async fn reason_counts(&self, query: &ReasonsQuery) -> Result<Counts, StoreError> {
        let window = query.report.window();
        let classes = self.classes().await?;
        let mut counts = Counts::new();
        let mut add = |kind, code: String, n| *counts.entry((kind, code)).or_default() += n;
        for (class_id, n) in self.class_counts(window).await? {
            let Some(class) = classes.get(&class_id) else { continue };
            if let Some(status) = class.facts.status {
                add(ReasonKind::Status, status.to_string(), n);
            }
            if let Some(code) = class.error_code {
                add(ReasonKind::ErrorCode, code.to_string(), n);
            }
        }
        for (result, n) in self.call_results(window).await? {
            add(ReasonKind::CallResult, result.to_string(), n);
        }
        Ok(counts)
    }

    /// What Microsoft's records say of an error code, by any of them.
    async fn failure_reason(&self, code: &str) -> Result<Option<String>, StoreError> {
        let Ok(code) = code.parse::<i64>() else { return Ok(None) };
        const SQL: &str = "SELECT s.details FROM sign_in_classes c \
            JOIN sign_ins s ON s.tenant_id = c.tenant_id AND s.class_id = c.class_id \
            WHERE c.tenant_id = $1 AND c.error_code = $2 LIMIT 1";
        let Some((details,)) = self.db.row::<(Vec<u8>,)>(SQL, args![self.tenant.0, code]).await? else {
            return Ok(None);
        };
        Ok(Unpacker::new()?.unpack(&details)?.failure_reason)
    }
}

/// By any part of code, label, meaning or next step; what is pasted may be a text of a record, or have the code
/// within a sentence.
fn is_asked(query: &ReasonsQuery, item: &ReasonItem) -> bool {
    let filters = &query.filters;
    let of_kind = filters.kind.is_empty() || filters.kind.contains(&item.kind);
    let of_actor = filters.actor.is_empty() || filters.actor.contains(&item.actor);
    let Some(sought) = query.list.q.as_deref().map(fold) else { return of_kind && of_actor };
    let words = |c: char| !c.is_alphanumeric() && c != '_';
    let is_pasted = sought.split(words).any(|word| word == fold(&item.code));
    let mut texts = [&item.code, &item.label, &item.meaning, &item.next].into_iter();
    let is_status = query.list.q.as_deref().and_then(mfa_text).is_some_and(|text| text.status.as_str() == item.code);
    let is_error = sought.chars().any(|c| c.is_ascii_digit()) && item.kind == ReasonKind::ErrorCode;
    let pasted_error = is_error && sought.split(words).any(|word| word.trim_start_matches("aadsts") == item.code);
    of_kind && of_actor && (is_pasted || is_status || pasted_error || texts.any(|text| fold(text).contains(&sought)))
}
