//! The WHERE of a filterable list: pieces of text from this crate, values always bound.

use domain::instant::Instant;
use domain::population::Population;
use sea_query::Value;

/// Conditions joined by AND, with the values they bind.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    sql: String,
    args: Vec<Value>,
}

impl Conditions {
    /// Adds a condition; each `?` in it stands for the next of `values`.
    pub fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        let mut values = values.into_iter();
        for (i, piece) in condition.split('?').enumerate() {
            if i > 0 {
                self.args.extend(values.next());
                self.sql.push_str(&format!("${}", self.args.len()));
            }
            self.sql.push_str(piece);
        }
        debug_assert!(values.next().is_none(), "more values than places in {condition}");
        self
    }

    /// Adds `column IN (…)` unless nothing is asked for.
    pub fn any_of<T: Into<Value>>(&mut self, column: &str, values: impl IntoIterator<Item = T>) -> &mut Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            return self;
        }
        let places = vec!["?"; values.len()].join(", ");
        self.and(&format!("{column} IN ({places})"), values)
    }

    /// Adds `column NOT IN (…)` unless there is nothing to leave out. As a table of values: of a list Postgres assumes that
    /// each value takes some rows away, and of thousands that no row is left; then it reads and sorts all there are.
    pub fn none_of<T: Into<Value>>(&mut self, column: &str, values: impl IntoIterator<Item = T>) -> &mut Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            return self;
        }
        let places = vec!["(?)"; values.len()].join(", ");
        self.and(&format!("{column} NOT IN (VALUES {places})"), values)
    }

    /// Adds all of others.
    pub fn and_all(&mut self, others: &Self) -> &mut Self {
        match others.unnumbered().strip_prefix(" WHERE ") {
            Some(condition) => self.and(condition, others.args()),
            None => self,
        }
    }

    /// Adds a search for the text in any of the folded columns.
    pub fn search(&mut self, q: Option<&str>, columns: &[&str]) -> &mut Self {
        let Some(folded) = q.map(domain::fold::fold).filter(|folded| !folded.is_empty()) else { return self };
        let pattern = format!("%{}%", folded.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let alternatives: Vec<String> = columns.iter().map(|column| format!("{column} LIKE ? ESCAPE '\\'")).collect();
        self.and(&format!("({})", alternatives.join(" OR ")), columns.iter().map(|_| Value::from(pattern.clone())))
    }

    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The conditions with `?` for each value, to put them inside others.
    pub fn unnumbered(&self) -> String {
        self.sql_with(|_| "?".to_owned())
    }

    /// The conditions for a statement that binds `n` values before these.
    pub fn sql_after(&self, n: usize) -> String {
        self.sql_with(|place| format!("${}", place + n))
    }

    /// The conditions with something else for each value, by its number from 1 on.
    pub fn sql_with(&self, write: impl Fn(usize) -> String) -> String {
        let mut pieces = self.sql.split('$');
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
            let place: usize = piece[..end].parse().unwrap_or_default();
            out.push_str(&write(place));
            out.push_str(&piece[end..]);
        }
        out
    }

    pub fn args(&self) -> Vec<Value> {
        self.args.clone()
    }
}

/// States that hold at an instant. The present ones have an index of their own, so its condition is spelt out.
pub fn valid_at(conditions: &mut Conditions, table: &str, as_of: Instant, is_present: bool) {
    if is_present {
        conditions.and(&format!("{table}.valid_to = 253402207200000"), []);
    } else {
        // The plus keeps both engines from sorting all that an index on time finds: the list's own order is at hand.
        conditions.and(
            &format!("+{table}.valid_from <= ? AND +{table}.valid_to > ?"),
            [as_of.millis().into(), as_of.millis().into()],
        );
    }
}

/// Users of a population, as SQL over `user_states`: the twin of [`Population::leaves_out`], which tests compare.
pub fn in_population(population: Population, table: &str) -> String {
    let account_no = domain::answer::Answer::No.code();
    let yes = domain::answer::Answer::Yes.code();
    let everyone = format!("{table}.is_recorded = 1 AND {table}.is_deleted = 0");
    let active = format!("{everyone} AND {table}.enabled_account <> {account_no}");
    match population {
        Population::Everyone => everyone,
        Population::Members => format!("{active} AND {table}.is_guest = 0"),
        Population::Guests => format!("{active} AND {table}.is_guest = 1"),
        Population::Admins => format!("{active} AND {table}.admin = {yes}"),
    }
}
