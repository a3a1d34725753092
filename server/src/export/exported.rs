//! The lists that can be written down, and what their files are called.

use domain::population::Population;
use domain::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
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
    /// What there is whenever, and how often it happened in a window: named like that.
    Counts,
    /// How things are at an instant: `2026-11-20T120000Z`.
    AsOf,
    /// How a population is at an instant: `members-2026-11-20T120000Z`.
    Population,
}

/// A list that can be exported.
pub trait Exported: Listed {
    /// What a row stands for, for whoever has the file alone.
    const ROW: &'static str;
    const SCOPE: Scope = Scope::Window;
    /// Whether a population leaves rows out, where one is asked for.
    const HEEDS_POPULATION: bool = true;
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
            Scope::Window | Scope::Counts => match report.span {
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
    const ROW: &'static str = "a user of the population, as known at the instant";
    const SCOPE: Scope = Scope::Population;
}

impl Exported for EventsQuery {
    const ROW: &'static str = "a registration or a reset of the window, however often its record came";
}
impl Exported for SignInsQuery {
    const ROW: &'static str = "a sign-in of the window, however often its record came";
}
impl Exported for UserUsageQuery {
    const ROW: &'static str = "a user who signed in within the window";
}
impl Exported for AppUsageQuery {
    const ROW: &'static str = "an application that was signed in to within the window";
    const HEEDS_POPULATION: bool = false;
}
impl Exported for ActivityQuery {
    const ROW: &'static str = "an authentication through an on-premises component within the window";
}
impl Exported for BlockedUsersQuery {
    const ROW: &'static str = "a block that was open within the window, whenever it was set, with what ended it";
    const HEEDS_POPULATION: bool = false;
}
impl Exported for BypassedUsersQuery {
    const ROW: &'static str = "a one-time bypass that was given within the window, with what ended it";
    const HEEDS_POPULATION: bool = false;
}
impl Exported for FraudAlertsQuery {
    const ROW: &'static str = "a fraud alert of the window";
    const HEEDS_POPULATION: bool = false;
}

impl Exported for ServersQuery {
    const ROW: &'static str = "a server of MFA Server, as of its last contact before the instant";
    const SCOPE: Scope = Scope::AsOf;
    const HEEDS_POPULATION: bool = false;
}

impl Exported for MfaRegisteredQuery {
    const ROW: &'static str =
        "an account that is not disabled and has a second factor, as the PowerShell command of 2020 printed it";
    const SCOPE: Scope = Scope::AsOf;
    const CSV: CsvStyle = CsvStyle::ExportCsv;
}

impl Exported for MfaNotRegisteredQuery {
    const ROW: &'static str =
        "an account that is not disabled and has no second factor, as the PowerShell command of 2020 printed it";
    const SCOPE: Scope = Scope::AsOf;
    const CSV: CsvStyle = CsvStyle::ExportCsv;
}

impl Exported for MfaMethodsQuery {
    const ROW: &'static str =
        "an account, disabled or not, with its methods, as the PowerShell command of 2020 printed it";
    const SCOPE: Scope = Scope::AsOf;
    const CSV: CsvStyle = CsvStyle::ExportCsv;
}

impl Exported for ReasonsQuery {
    const ROW: &'static str = "a status, call result or error code, whether it occurred or not";
    const SCOPE: Scope = Scope::Counts;
    const HEEDS_POPULATION: bool = false;
    const HAS_SENTENCES: bool = true;
}

impl Exported for AccessLogQuery {
    const ROW: &'static str = "an entry of the access log within the window";
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
