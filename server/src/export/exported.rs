//! The lists that can be written down, and what their files are called.

use domain::population::Population;
use domain::query::{
    ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, ReasonsQuery, ServersQuery, SignInsQuery, Span,
    UserUsageQuery, UsersQuery,
};
use domain::window::Window;
use store::Listed;

use super::csv_text::CsvStyle;
use super::{Format, in_name};

/// What a list is about, as its file's name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What happened in a window: `30d-2026-11-20T120000Z`.
    Window,
    /// How things are at an instant: `2026-11-20T120000Z`.
    AsOf,
    /// How a population is at an instant: `members-2026-11-20T120000Z`.
    Population,
}

/// A list that can be exported.
pub trait Exported: Listed {
    const SCOPE: Scope = Scope::Window;
    const CSV: CsvStyle = CsvStyle::Plain;
    /// Whether cells hold sentences, so that a file is in one language.
    const HAS_SENTENCES: bool = false;

    /// The list's path without slashes.
    #[must_use]
    fn flat_name() -> String {
        Self::NAME.replace('/', "-")
    }

    /// What the list is about, for the file's name.
    fn scope(&self) -> String {
        let report = self.report();
        match Self::SCOPE {
            Scope::Population => {
                format!("{}-{}", report.population.unwrap_or(Population::Members), in_name(report.as_of))
            }
            Scope::AsOf => in_name(report.as_of).to_string(),
            Scope::Window => match report.span {
                Span::Range(range) => format!("{range}-{}", in_name(report.as_of)),
                Span::Window(Window { from, to }) => format!("{}-{}", in_name(from), in_name(to)),
            },
        }
    }

    /// `users-members-2026-11-20T120000Z.csv`: a name that is the same when the same list is asked for.
    fn file_name(&self, format: Format) -> String {
        format!("{}-{}.{format}", Self::flat_name(), self.scope())
    }
}

impl Exported for UsersQuery {
    const SCOPE: Scope = Scope::Population;
}

impl Exported for EventsQuery {}
impl Exported for SignInsQuery {}
impl Exported for UserUsageQuery {}
impl Exported for AppUsageQuery {}
impl Exported for ActivityQuery {}
impl Exported for BlockedUsersQuery {}
impl Exported for BypassedUsersQuery {}
impl Exported for FraudAlertsQuery {}

impl Exported for ServersQuery {
    const SCOPE: Scope = Scope::AsOf;
}

impl Exported for MfaRegisteredQuery {
    const SCOPE: Scope = Scope::AsOf;
    const CSV: CsvStyle = CsvStyle::ExportCsv;
}

impl Exported for MfaNotRegisteredQuery {
    const SCOPE: Scope = Scope::AsOf;
    const CSV: CsvStyle = CsvStyle::ExportCsv;
}

impl Exported for MfaMethodsQuery {
    const SCOPE: Scope = Scope::AsOf;
    const CSV: CsvStyle = CsvStyle::ExportCsv;
}

impl Exported for ReasonsQuery {
    const HAS_SENTENCES: bool = true;
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;

    use super::*;

    #[test]
    fn files_are_named_after_what_they_are_about() {
        fn name<Q: Exported>(query: &str) -> String {
            let now: Instant = "2026-11-20T12:00:00Z".parse().expect("an instant");
            Q::parse(query, now).expect("a query").file_name(Format::Csv)
        }
        assert_eq!(name::<UsersQuery>("population=admins"), "users-admins-2026-11-20T120000Z.csv");
        assert_eq!(name::<SignInsQuery>("range=24h"), "sign-ins-24h-2026-11-20T120000Z.csv");
        let window = "from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z";
        assert_eq!(name::<ActivityQuery>(window), "mfa-activity-2026-10-01T000000Z-2026-10-02T000000Z.csv");
        assert_eq!(name::<ServersQuery>(""), "mfa-servers-2026-11-20T120000Z.csv");
        assert_eq!(name::<MfaMethodsQuery>(""), "lists-mfa-methods-2026-11-20T120000Z.csv");
    }
}
