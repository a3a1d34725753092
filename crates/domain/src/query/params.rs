//! Reading and writing the parameters of a URL, with nothing overlooked.

use std::fmt::Display;
use std::str::FromStr;

/// A wrong parameter: shown at its filter on a page, and as a problem document by the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryProblem {
    pub parameter: String,
    pub kind: ProblemKind,
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// No such parameter here.
    UnknownParameter,
    /// The value is not one of a fixed set.
    UnknownValue { given: String, allowed: Vec<String> },
    /// Not an RFC 3339 instant with a zone.
    NotAnInstant { given: String },
    /// Not an IANA time zone.
    NotAZone { given: String },
    /// Not a whole number between the two.
    NotInRange { given: String, min: i64, max: i64 },
    /// The parameter may stand once.
    Repeated,
    /// `range` together with `from` or `to`.
    RangeAndWindow,
    /// `from` without `to`, or the reverse.
    HalfAWindow,
    /// `from` is not before `to`.
    EmptyWindow,
    /// Not a cursor of this list and this sort.
    NotACursor,
    /// Longer than a search may be.
    TooLong { max: usize },
}

impl Display for QueryProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.parameter;
        match &self.kind {
            ProblemKind::UnknownParameter => write!(f, "There is no parameter `{name}` here."),
            ProblemKind::UnknownValue { given, allowed } => {
                write!(f, "`{name}` cannot be `{given}`. It takes {}.", allowed.join(", "))
            }
            ProblemKind::NotAnInstant { given } => write!(
                f,
                "`{name}` cannot be `{given}`. It takes a date and time with a zone, such as 2026-11-20T12:00:00Z."
            ),
            ProblemKind::NotAZone { given } => {
                write!(f, "`{name}` cannot be `{given}`. It takes a time zone such as Europe/Stockholm.")
            }
            ProblemKind::NotInRange { given, min, max } => {
                write!(f, "`{name}` cannot be `{given}`. It takes a whole number from {min} to {max}.")
            }
            ProblemKind::Repeated => write!(f, "`{name}` may be given once only."),
            ProblemKind::RangeAndWindow => {
                write!(f, "Give either `range`, or `from` and `to`, not both.")
            }
            ProblemKind::HalfAWindow => write!(f, "`from` and `to` go together; `{name}` is missing."),
            ProblemKind::EmptyWindow => write!(f, "`from` must be before `to`."),
            ProblemKind::NotACursor => {
                write!(f, "`{name}` does not belong to this list and sort. Leave it out to begin at the first page.")
            }
            ProblemKind::TooLong { max } => write!(f, "`{name}` may have at most {max} characters."),
        }
    }
}

impl std::error::Error for QueryProblem {}

/// The parameters of a URL; each reader takes the ones it knows, and `finish` refuses what is left.
///
/// An empty value counts as absent: a form sends one for every choice that was not made.
#[derive(Debug, Clone, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// From the raw query string (after `?`), percent-encoded.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Self { pairs }
    }

    /// Takes every value of a parameter.
    pub fn take_all(&mut self, name: &str) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.pairs).into_iter().partition(|(n, _)| n == name);
        self.pairs = left;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// Takes the one value of a parameter that may stand once.
    pub fn take_one(&mut self, name: &str) -> Result<Option<String>, QueryProblem> {
        let mut values = self.take_all(name);
        match values.len() {
            0 | 1 => Ok(values.pop()),
            _ => Err(problem(name, ProblemKind::Repeated)),
        }
    }

    /// Takes all values of a parameter whose values have fixed names; repeats of one value count once.
    pub fn take_names<T: FromStr<Err = crate::named::UnknownName> + PartialEq>(
        &mut self,
        name: &str,
    ) -> Result<Vec<T>, QueryProblem> {
        let mut members = Vec::new();
        for value in self.take_all(name) {
            let member = value.parse().map_err(|error| unknown_value(name, error))?;
            if !members.contains(&member) {
                members.push(member);
            }
        }
        Ok(members)
    }

    /// Takes the one value of a parameter whose values have fixed names.
    pub fn take_name<T: FromStr<Err = crate::named::UnknownName>>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, QueryProblem> {
        self.take_one(name)?.map(|value| value.parse().map_err(|error| unknown_value(name, error))).transpose()
    }

    /// Refuses parameters that nobody took.
    pub fn finish(self) -> Result<(), QueryProblem> {
        match self.pairs.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => Err(problem(&name, ProblemKind::UnknownParameter)),
        }
    }
}

pub(super) fn problem(parameter: &str, kind: ProblemKind) -> QueryProblem {
    QueryProblem { parameter: parameter.to_owned(), kind }
}

fn unknown_value(parameter: &str, error: crate::named::UnknownName) -> QueryProblem {
    let allowed = error.allowed.into_iter().map(str::to_owned).collect();
    problem(parameter, ProblemKind::UnknownValue { given: error.given, allowed })
}

/// Collects the parameters of a link, in a fixed order, leaving defaults out.
pub struct UrlWriter {
    out: form_urlencoded::Serializer<'static, String>,
}

impl Default for UrlWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl UrlWriter {
    #[must_use]
    pub fn new() -> Self {
        Self { out: form_urlencoded::Serializer::new(String::new()) }
    }

    pub fn add(&mut self, name: &str, value: impl Display) {
        self.out.append_pair(name, &value.to_string());
    }

    pub fn add_all<T: Display>(&mut self, name: &str, values: &[T]) {
        for value in values {
            self.add(name, value);
        }
    }

    /// The query string, percent-encoded.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.finish()
    }
}
