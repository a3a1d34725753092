//! The rows of a page of users, and the way to them that touches few.
//!
//! Which cells match, and how many users each has, is known before a row is read. So where few match, they are gathered
//! and sorted; where many do, an index is walked in the order of the list. A sort by a fact of the cells, or by one of
//! few values, goes from group to group instead: its users lie together in an index that begins with the group.

use domain::page::Key;
use domain::query::{UserColumn, UsersQuery};
use sea_query::Value;

use super::Reader;
use super::conditions::Conditions;
use super::list::{FEW, SortBy, Total, is_ascending, limit, read};
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
    /// How many users of the present have the cells, methods and names asked for, counted until it is many; `None`
    /// where neither methods nor names are asked for.
    pub found: Option<i64>,
}

impl Matching {
    pub fn conditions(&self) -> Conditions {
        // Those few found by name are of the cells, and are looked up one by one.
        self.in_cells(if self.found.is_some_and(|found| found <= FEW) { "+s.cell" } else { "s.cell" })
    }

    /// Whether the filters on cells alone leave few.
    pub fn are_few(&self) -> bool {
        self.cells.iter().map(|(_, n)| n).sum::<i64>() <= FEW
    }

    /// The conditions, with another way to write the cell.
    pub fn in_cells(&self, column: &str) -> Conditions {
        let mut conditions = self.base.clone();
        conditions.and(&format!("{column} IN ({})", in_list(&self.cells)), []);
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

/// Users that lie together in an index, and their value of the sort.
struct Group {
    key: Key,
    /// The column and the value that the index begins with; `None` where that is the cell.
    value: Option<(&'static str, Option<String>)>,
    cell: Cell,
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
        if total.is_few() {
            return read(&self.db, list, &sort.gathered(), &select, &matching.conditions()).await;
        }
        if sort.ties.len() > 1 {
            return self.users_by_groups(query, matching, sort, &select).await;
        }
        // The plus keeps the cells from being looked up one by one: they are passed over along the walk.
        read(&self.db, list, sort, &select, &matching.in_cells("+s.cell")).await
    }

    async fn users_by_groups(
        &self,
        query: &UsersQuery,
        matching: &Matching,
        sort: &SortBy,
        select: &str,
    ) -> Result<Vec<StateRow>, StoreError> {
        let list = &query.list;
        let wanted = usize::try_from(limit(list)).unwrap_or(usize::MAX);
        let ascending = is_ascending(list);
        let mut groups = self.sort_groups(query.list.sort.column, matching).await?;
        if !ascending {
            groups.reverse();
        }
        let begin = list.after.as_ref().and_then(|cursor| Some((&cursor.key, cursor.ties.first()?)));
        let mut groups = groups.into_iter().skip_while(|group| {
            let place = (&group.key, &Key::Number(group.cell.0));
            begin.is_some_and(|begin| if ascending { place < begin } else { place > begin })
        });
        let mut rows: Vec<StateRow> = Vec::new();
        let mut at_once = 4;
        loop {
            let some: Vec<Group> = groups.by_ref().take(at_once).collect();
            if some.is_empty() || rows.len() >= wanted {
                rows.truncate(wanted);
                return Ok(rows);
            }
            rows.extend(self.rows_of_groups(query, matching, sort, select, some).await?);
            at_once = 32;
        }
    }

    async fn rows_of_groups(
        &self,
        query: &UsersQuery,
        matching: &Matching,
        sort: &SortBy,
        select: &str,
        groups: Vec<Group>,
    ) -> Result<Vec<StateRow>, StoreError> {
        let list = &query.list;
        let direction = if is_ascending(list) { "ASC" } else { "DESC" };
        let mut parts = Vec::new();
        let mut args: Vec<Value> = Vec::new();
        for group in groups {
            let mut conditions = matching.base.clone();
            conditions.and("s.cell = ?", [group.cell.0.into()]);
            match group.value {
                Some((column, Some(value))) => {
                    conditions.and(&format!("s.{column} = ?"), [value.into()]);
                }
                Some((column, None)) => {
                    conditions.and(&format!("s.{column} IS NULL"), []);
                }
                None => {}
            }
            sort.after(&mut conditions, list);
            let inner = format!(
                "{select}{} ORDER BY s.display_name_key {direction}, s.user_id {direction} LIMIT {}",
                conditions.sql_after(args.len()),
                limit(list)
            );
            parts.push(format!("SELECT * FROM ({inner}) AS part"));
            args.extend(conditions.args());
        }
        let key = if sort.is_text { "key_text" } else { "key_number" };
        let sql = format!(
            "{} ORDER BY {key} {direction}, cell {direction}, display_name_key {direction}, user_id {direction} \
             LIMIT {}",
            parts.join(" UNION ALL "),
            limit(list)
        );
        self.db.rows(&sql, args).await
    }

    /// The groups of a sort, in ascending order.
    async fn sort_groups(&self, column: UserColumn, matching: &Matching) -> Result<Vec<Group>, StoreError> {
        let mut cells: Vec<Cell> = matching.cells.iter().map(|(cell, _)| *cell).collect();
        let Some(text) = group_column(column) else {
            cells.sort_by_key(|cell| (cell.sort_value(column), *cell));
            let of =
                |cell: Cell| Group { key: Key::Number(cell.sort_value(column).unwrap_or_default()), value: None, cell };
            return Ok(cells.into_iter().map(of).collect());
        };
        let values = self.present_values(text, u32::MAX).await?;
        let groups = values.into_iter().flat_map(|value| {
            let cells = &cells;
            cells.iter().map(move |cell| Group {
                key: Key::Text(value.clone().unwrap_or_default()),
                value: Some((text, value.clone())),
                cell: *cell,
            })
        });
        Ok(groups.collect())
    }
}
