//! Parameters of every list: search, sort, size, cursor, columns.

use std::str::FromStr;

use super::params::{Params, ProblemKind, QueryProblem, UrlWriter, problem};
use super::report::Report;
use crate::instant::Instant;
use crate::named::UnknownName;
use crate::page::Cursor;

/// The largest page.
pub const MAX_SIZE: u32 = 1000;
const DEFAULT_SIZE: u32 = 50;
const MAX_SEARCH_CHARS: usize = 200;

/// The columns of a list; their names are the fields of its JSON items.
pub trait Column: Copy + PartialEq + FromStr<Err = UnknownName> + std::fmt::Display + Send + Sync + 'static {
    /// Every column, in the order of the JSON fields.
    const COLUMNS: &'static [Self];
    /// The order a list has when nothing is asked for.
    const DEFAULT_SORT: Sort<Self>;

    /// The name in URLs and JSON.
    fn as_str(self) -> &'static str;
    /// Whether not every role may see it: Conditional Access, addresses, places.
    fn is_restricted(self) -> bool {
        false
    }
    /// Whether a list can be sorted by it.
    fn is_sortable(self) -> bool {
        true
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// One sort declaration: makes ORDER BY, the keyset condition and the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<C> {
    pub column: C,
    pub direction: Direction,
}

impl<C: std::fmt::Display> std::fmt::Display for Sort<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.direction {
            Direction::Ascending => write!(f, "{}", self.column),
            Direction::Descending => write!(f, "-{}", self.column),
        }
    }
}

/// Takes the order of a list or a table: a column, with a minus before it for the greatest first.
pub(super) fn take_sort<C: Column>(params: &mut Params, name: &str) -> Result<Option<Sort<C>>, QueryProblem> {
    let Some(given) = params.take_one(name)? else { return Ok(None) };
    let (direction, column) = match given.strip_prefix('-') {
        Some(column) => (Direction::Descending, column),
        None => (Direction::Ascending, given.as_str()),
    };
    match column.parse::<C>() {
        Ok(column) if column.is_sortable() => Ok(Some(Sort { column, direction })),
        _ => {
            let sortable = C::COLUMNS.iter().filter(|column| column.is_sortable());
            let allowed = sortable.map(|column| column.as_str().to_owned()).collect();
            Err(problem(name, ProblemKind::UnknownValue { given, allowed }))
        }
    }
}

/// The parameters that every list takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<C: Column> {
    /// Search text as typed.
    pub q: Option<String>,
    pub sort: Sort<C>,
    pub size: u32,
    pub after: Option<Cursor>,
    /// Empty: the list's own choice.
    pub columns: Vec<C>,
}

impl<C: Column> Default for List<C> {
    fn default() -> Self {
        Self { q: None, sort: C::DEFAULT_SORT, size: DEFAULT_SIZE, after: None, columns: Vec::new() }
    }
}

/// The query of a list: what page, API and download have in common whatever the rows are.
pub trait ListQuery: Clone + PartialEq + Send + Sync + 'static {
    type Column: Column;
    /// The list's path, and the beginning of a download's name.
    const NAME: &'static str;
    /// Whether it is for those who may see settings.
    const IS_SETTINGS: bool = false;

    /// The list with no filter, for this report.
    fn of(report: Report) -> Self;
    /// # Errors
    /// A parameter is unknown or wrong.
    fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem>;
    /// The query string of a link to this list; parsing it gives this query again.
    fn to_url(&self) -> String;
    fn report(&self) -> &Report;
    fn report_mut(&mut self) -> &mut Report;
    fn list(&self) -> &List<Self::Column>;
    fn list_mut(&mut self) -> &mut List<Self::Column>;

    /// What is asked for that not every role may see: the name of a filter, of the sort's column or of a column.
    fn restricted(&self) -> Option<&'static str> {
        None
    }

    /// The columns asked for, or all.
    fn columns(&self) -> &[Self::Column] {
        if self.list().columns.is_empty() { Self::Column::COLUMNS } else { &self.list().columns }
    }

    /// The query with its instant named and on its first page: for links that must show the same rows later.
    #[must_use]
    fn lasting(&self) -> Self {
        let mut lasting = self.clone();
        lasting.report_mut().as_of_is_given = true;
        lasting.list_mut().after = None;
        lasting
    }
}

/// Makes the accessors of a query with fields `report` and `list`; the rest of the query's own methods does the rest.
macro_rules! list_query {
    ($query:ty, $column:ty, $name:literal) => {
        impl $crate::query::ListQuery for $query {
            type Column = $column;
            const NAME: &'static str = $name;

            fn of(report: $crate::query::Report) -> Self {
                <$query>::of(report)
            }
            fn parse(query: &str, now: $crate::instant::Instant) -> Result<Self, $crate::query::QueryProblem> {
                <$query>::parse(query, now)
            }
            fn to_url(&self) -> String {
                <$query>::to_url(self)
            }
            fn report(&self) -> &$crate::query::Report {
                &self.report
            }
            fn report_mut(&mut self) -> &mut $crate::query::Report {
                &mut self.report
            }
            fn list(&self) -> &$crate::query::List<$column> {
                &self.list
            }
            fn list_mut(&mut self) -> &mut $crate::query::List<$column> {
                &mut self.list
            }
        }
    };
}
pub(super) use list_query;

impl<C: Column> List<C> {
    /// Takes the parameters of every list.
    pub fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        let q = params.take_one("q")?.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
        if q.as_ref().is_some_and(|q| q.chars().count() > MAX_SEARCH_CHARS) {
            return Err(problem("q", ProblemKind::TooLong { max: MAX_SEARCH_CHARS }));
        }
        let sort = take_sort(params, "sort")?.unwrap_or(C::DEFAULT_SORT);
        let size = params.take_one("size")?.map_or(Ok(DEFAULT_SIZE), |given| match given.parse() {
            Ok(size) if (1..=MAX_SIZE).contains(&size) => Ok(size),
            _ => Err(problem("size", ProblemKind::NotInRange { given, min: 1, max: i64::from(MAX_SIZE) })),
        })?;
        let after = match params.take_one("after")? {
            None => None,
            Some(given) => match Cursor::decode(&given) {
                Some(cursor) if cursor.sort == sort.to_string() => Some(cursor),
                _ => return Err(problem("after", ProblemKind::NotACursor)),
            },
        };
        Ok(Self { q, sort, size, after, columns: params.take_names("columns")? })
    }

    pub(super) fn write(&self, url: &mut UrlWriter) {
        if let Some(q) = &self.q {
            url.add("q", q);
        }
        if self.sort != C::DEFAULT_SORT {
            url.add("sort", self.sort);
        }
        if self.size != DEFAULT_SIZE {
            url.add("size", self.size);
        }
        if let Some(after) = &self.after {
            url.add("after", after.encode());
        }
        url.add_all("columns", &self.columns);
    }
}
