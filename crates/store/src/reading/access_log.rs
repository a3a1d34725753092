use domain::page::{Key, Page};
use domain::query::AccessLogQuery;
use domain::report::AccessItem;

use super::Reader;
use super::conditions::Conditions;
use super::list::{Keyed, MANY, SortBy, Total, page, read};
use crate::StoreError;
use crate::access_log::Entry;

#[derive(sqlx::FromRow)]
struct EntryRow {
    #[sqlx(flatten)]
    entry: Entry,
}

impl Keyed for EntryRow {
    fn key(&self) -> Key {
        Key::Number(self.entry.at)
    }

    fn tie(&self, _: &str) -> Key {
        Key::Number(self.entry.entry_id)
    }
}

impl Reader {
    pub(super) async fn access_log_of(
        &self,
        query: &AccessLogQuery,
        counted: Option<Total>,
    ) -> Result<Page<AccessItem>, StoreError> {
        let mut conditions = Conditions::default();
        let window = query.report.window();
        conditions.and("tenant_id = ?", [self.tenant.0.into()]);
        conditions.and("at >= ? AND at < ?", [window.from.millis().into(), window.to.millis().into()]);
        // The plus keeps the engines on the one index there is, which has the order of the list.
        conditions.any_of("+action", query.filters.action.iter().map(|action| action.code()));
        conditions.any_of("+outcome", query.filters.outcome.iter().map(|outcome| outcome.code()));
        conditions.any_of("+actor_kind", query.filters.actor_kind.iter().map(|kind| kind.code()));
        conditions.search(query.list.q.as_deref(), &["search"]);
        let total = match counted {
            Some(total) => total,
            None => {
                let some = format!("SELECT 1 AS one FROM access_log{} LIMIT {}", conditions.sql(), MANY + 1);
                let sql = format!("SELECT COUNT(*) FROM ({some}) AS counted");
                let (rows,) = self.db.row::<(i64,)>(&sql, conditions.args()).await?.unwrap_or_default();
                Total::counted_until_many(rows)
            }
        };
        let sort = SortBy { expression: "at".to_owned(), is_text: false, ties: &["entry_id"] };
        let select = format!("SELECT {} FROM access_log", Entry::COLUMNS);
        let rows: Vec<EntryRow> = read(&self.db, &query.list, &sort, &select, &conditions).await?;
        let Page { total, total_is_exact, items, first, next, previous } = page(&query.list, &sort, rows, total);
        let items = items.into_iter().map(|row| row.entry.item()).collect::<Result<_, _>>()?;
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }
}
