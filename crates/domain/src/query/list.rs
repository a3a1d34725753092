//! Parameters of every list: search, sort, size, cursor, columns.

use std::str::FromStr;

use super::params::{Params, ProblemKind, QueryProblem, UrlWriter, problem};
use crate::named::UnknownName;
use crate::page::Cursor;

/// The largest page.
pub const MAX_SIZE: u32 = 1000;
const DEFAULT_SIZE: u32 = 50;
const MAX_SEARCH_CHARS: usize = 200;

/// The columns of a list; their names are the fields of its JSON items.
pub trait Column: Copy + PartialEq + FromStr<Err = UnknownName> + std::fmt::Display + 'static {
    /// The order a list has when nothing is asked for.
    const DEFAULT_SORT: Sort<Self>;

    /// The name in URLs and JSON.
    fn as_str(self) -> &'static str;
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

impl<C: Column> List<C> {
    /// Takes the parameters of every list.
    pub fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        let q = params.take_one("q")?.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
        if q.as_ref().is_some_and(|q| q.chars().count() > MAX_SEARCH_CHARS) {
            return Err(problem("q", ProblemKind::TooLong { max: MAX_SEARCH_CHARS }));
        }
        let sort = params.take_one("sort")?.map_or(Ok(C::DEFAULT_SORT), |given| {
            let (direction, name) = match given.strip_prefix('-') {
                Some(name) => (Direction::Descending, name),
                None => (Direction::Ascending, given.as_str()),
            };
            let column = name.parse().map_err(|error: UnknownName| {
                let allowed = error.allowed.into_iter().map(str::to_owned).collect();
                problem("sort", ProblemKind::UnknownValue { given: given.clone(), allowed })
            })?;
            Ok(Sort { column, direction })
        })?;
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
