//! The rows of a page of users, and the way to them that touches few.
//!
//! Which cells match, and how many users each has, is known before a row is read. So where few match, they are gathered
//! and sorted; where many do, an index is walked in the order of the list. A sort by a fact of the cells, or by one of
//! few values, goes from group to group instead: its users lie together in an index that begins with the group.

use domain::page::Key;
use domain::query::{UserColumn, UsersQuery};

use super::Reader;
use super::conditions::{Conditions, valid_at};
use super::list::{FEW, Part, SortBy, Total, read, read_parts};
use super::search::Found;
use super::users::{STATE_COLUMNS, StateRow};
use crate::StoreError;
use crate::cell::Cell;

/// The users that a list is about.
pub struct Matching {
    /// The cells that its filters leave, with their users at the time.
    pub cells: Vec<(Cell, i64)>,
    /// What is asked beside the cells.
    pub base: Conditions,
    pub is_present: bool,
    /// Nothing is asked beside the cells.
    pub by_cells_alone: bool,
    /// Neither department nor country is asked for.
    pub of_any_group: bool,
    /// A figure may link here: the total is exact.
    pub is_counted: bool,
    /// Who of the present is found; `None` for a past day, and where neither names nor methods are asked for.
    pub found: Option<Found>,
}

impl Matching {
    pub fn conditions(&self) -> Conditions {
        // Those few found by name are of the cells, and are looked up one by one.
        self.in_cells(if self.found.as_ref().is_some_and(Found::are_few) { "+s.cell" } else { "s.cell" })
    }

    /// Whether the filters on cells alone leave few.
    pub fn are_few(&self) -> bool {
        self.cells.iter().map(|(_, n)| n).sum::<i64>() <= FEW
    }

    /// The conditions, with another way to write the cell.
    pub fn in_cells(&self, column: &str) -> Conditions {
        let mut conditions = self.but_cells();
        conditions.and(&format!("{column} IN ({})", in_list(&self.cells)), []);
        conditions
    }

    /// All that is asked but the cells.
    fn but_cells(&self) -> Conditions {
        let mut conditions = self.base.clone();
        if let Some(found) = &self.found {
            found.narrow(&mut conditions);
        }
        conditions
    }
}

/// Cells as a list of SQL; an empty one has no cell in it.
pub fn in_list(cells: &[(Cell, i64)]) -> String {
    if cells.is_empty() {
        return "NULL".to_owned();
    }
    cells.iter().map(|(cell, _)| cell.0.to_string()).collect::<Vec<_>>().join(", ")
}

/// Columns with few values, each the beginning of an index.
fn group_column(column: UserColumn) -> Option<&'static str> {
    match column {
        UserColumn::DefaultMethod => Some("default_method"),
        UserColumn::Department => Some("department"),
        UserColumn::Country => Some("country"),
        _ => None,
    }
}

/// How a column is sorted by. Ties of groups are in the order of the index that has the groups together.
pub fn sort_of(column: UserColumn) -> SortBy {
    let of_index =
        |expression: &str, is_text| SortBy { expression: expression.to_owned(), is_text, ties: &["s.user_id"] };
    match column {
        UserColumn::Id => of_index("s.id", true),
        UserColumn::DisplayName => of_index("s.display_name_key", true),
        UserColumn::UserName => of_index("s.user_name_folded", true),
        // Everybody in a list is recorded, and so has a time.
        UserColumn::UpdatedAt => of_index("s.updated_at", false),
        _ => {
            let (expression, is_text) = match group_column(column) {
                Some(text) => (format!("COALESCE(s.{text}, '')"), true),
                None => (Cell::sort_expression(column), false),
            };
            SortBy { expression, is_text, ties: &["s.cell", "s.display_name_key", "s.user_id"] }
        }
    }
}

impl Reader {
    pub(super) async fn users_page(
        &self,
        query: &UsersQuery,
        matching: &Matching,
        sort: &SortBy,
        total: Total,
    ) -> Result<Vec<StateRow>, StoreError> {
        let list = &query.list;
        let select = format!("SELECT {STATE_COLUMNS}, {} FROM user_states s", sort.key());
        if !matching.is_present {
            return read(&self.db, list, sort, &select, &matching.conditions()).await;
        }
        if let Some(ids) = self.found_page(query, matching).await? {
            return self.rows_of(&ids, query, sort, &select).await;
        }
        if total.is_few() {
            return read(&self.db, list, &sort.gathered(), &select, &matching.conditions()).await;
        }
        if sort.ties.len() > 1 {
            let parts = self.sort_parts(list.sort.column, matching, &select).await?;
            return read_parts(&self.db, list, sort, parts).await;
        }
        // The plus keeps the cells from being looked up one by one: they are passed over along the walk.
        read(&self.db, list, sort, &select, &matching.in_cells("+s.cell")).await
    }

    /// The users of a page in the order of the names, where they are found by name or method alone.
    async fn found_page(&self, query: &UsersQuery, matching: &Matching) -> Result<Option<Vec<i64>>, StoreError> {
        let Some(found) = matching.found.as_ref().filter(|found| found.is_by_name) else { return Ok(None) };
        if !found.are_many_of_a_name() {
            return Ok(found.of_page.clone());
        }
        let mut passing = self.present(query);
        passing.and(&format!("+s.cell IN ({})", in_list(&matching.cells)), []);
        Ok(Some(self.next_found(&query.list, &passing, found).await?))
    }

    /// The rows of a page whose users are known.
    async fn rows_of(
        &self,
        ids: &[i64],
        query: &UsersQuery,
        sort: &SortBy,
        select: &str,
    ) -> Result<Vec<StateRow>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut conditions = self.present(query);
        conditions.any_of("s.user_id", ids.iter().copied());
        read(&self.db, &query.list, &sort.gathered(), select, &conditions).await
    }

    fn present(&self, query: &UsersQuery) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.and("s.tenant_id = ?", [self.tenant.0.into()]);
        valid_at(&mut conditions, "s", query.report.as_of, true);
        conditions
    }

    /// The users of each cell, or of each cell and value of the column that the list is sorted by.
    async fn sort_parts(&self, column: UserColumn, matching: &Matching, select: &str) -> Result<Vec<Part>, StoreError> {
        let cells = || matching.cells.iter().map(|(cell, _)| *cell);
        let of_cell = |cell: Cell| {
            let mut conditions = matching.but_cells();
            conditions.and("s.cell = ?", [cell.0.into()]);
            conditions
        };
        let Some(text) = group_column(column) else {
            let rank = |cell: Cell| vec![Key::Number(cell.sort_value(column).unwrap_or_default()), Key::Number(cell.0)];
            let part = |cell| Part { rank: rank(cell), select: select.to_owned(), conditions: of_cell(cell) };
            return Ok(cells().map(part).collect());
        };
        let values = self.present_values(text, u32::MAX).await?;
        let parts = values.iter().flat_map(|value| {
            cells().map(move |cell| {
                let mut conditions = of_cell(cell);
                match value {
                    Some(value) => conditions.and(&format!("s.{text} = ?"), [value.as_str().into()]),
                    None => conditions.and(&format!("s.{text} IS NULL"), []),
                };
                let rank = vec![Key::Text(value.clone().unwrap_or_default()), Key::Number(cell.0)];
                Part { rank, select: select.to_owned(), conditions }
            })
        });
        Ok(parts.collect())
    }
}
