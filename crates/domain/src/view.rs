//! Saved views: a page and what it was asked for, under a name.

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::named;
use crate::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    ListQuery, MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, OverviewQuery, QueryProblem, ReasonsQuery,
    Report, ServersQuery, SignInsQuery, UserUsageQuery, UsersQuery,
};

named! {
    /// The pages that can be saved. Stored by position: append only.
    pub enum ViewPage {
        Overview => "overview",
        Users => "users",
        Events => "events",
        Usage => "usage",
        UserUsage => "usage/users",
        AppUsage => "usage/applications",
        SignIns => "sign-ins",
        Activity => "mfa/activity",
        BlockedUsers => "mfa/blocked-users",
        BypassedUsers => "mfa/bypassed-users",
        FraudAlerts => "mfa/fraud-alerts",
        Servers => "mfa/servers",
        MfaRegistered => "lists/mfa-registered",
        MfaNotRegistered => "lists/mfa-not-registered",
        MfaMethods => "lists/mfa-methods",
        Reasons => "reasons",
        AccessLog => "settings/access-log",
    }
}

impl ViewPage {
    /// Whether it has rows that can be written to a file.
    #[must_use]
    pub const fn is_list(self) -> bool {
        !matches!(self, Self::Overview | Self::Usage)
    }

    /// The query as it is kept: read and written by the page's own type, so that only what the page can show is saved.
    ///
    /// Zone and language are the viewer's, a cursor is a moment's: they are left out. A range stays relative.
    ///
    /// # Errors
    /// The page does not take these parameters.
    pub fn canonical(self, query: &str, now: Instant) -> Result<String, QueryProblem> {
        match self {
            Self::Overview => OverviewQuery::parse(query, now)
                .map(|overview| OverviewQuery { report: anybodys(&overview.report), ..overview }.to_url()),
            Self::Users => canonical_list::<UsersQuery>(query, now),
            Self::Events => canonical_list::<EventsQuery>(query, now),
            Self::Usage => Report::parse(query, now).map(|report| anybodys(&report).to_url()),
            Self::UserUsage => canonical_list::<UserUsageQuery>(query, now),
            Self::AppUsage => canonical_list::<AppUsageQuery>(query, now),
            Self::SignIns => canonical_list::<SignInsQuery>(query, now),
            Self::Activity => canonical_list::<ActivityQuery>(query, now),
            Self::BlockedUsers => canonical_list::<BlockedUsersQuery>(query, now),
            Self::BypassedUsers => canonical_list::<BypassedUsersQuery>(query, now),
            Self::FraudAlerts => canonical_list::<FraudAlertsQuery>(query, now),
            Self::Servers => canonical_list::<ServersQuery>(query, now),
            Self::MfaRegistered => canonical_list::<MfaRegisteredQuery>(query, now),
            Self::MfaNotRegistered => canonical_list::<MfaNotRegisteredQuery>(query, now),
            Self::MfaMethods => canonical_list::<MfaMethodsQuery>(query, now),
            Self::Reasons => canonical_list::<ReasonsQuery>(query, now),
            Self::AccessLog => canonical_list::<AccessLogQuery>(query, now),
        }
    }
}

fn canonical_list<Q: ListQuery>(query: &str, now: Instant) -> Result<String, QueryProblem> {
    let mut list = Q::parse(query, now)?;
    *list.report_mut() = anybodys(list.report());
    list.list_mut().after = None;
    Ok(list.to_url())
}

fn anybodys(report: &Report) -> Report {
    Report { tz: None, lang: None, ..report.clone() }
}

/// What a view is called: 1 to 80 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewName(String);

/// Not a name for a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a view needs a name of 1 to {} characters, on one line", ViewName::MAX_CHARS)]
pub struct NotAViewName;

impl ViewName {
    pub const MAX_CHARS: usize = 80;

    /// # Errors
    /// Nothing but white space, too long, or more than a line.
    pub fn new(text: &str) -> Result<Self, NotAViewName> {
        let is_short = text.chars().count() <= Self::MAX_CHARS;
        let text = text.trim();
        let is_name = !text.is_empty() && is_short && !text.chars().any(char::is_control);
        if is_name { Ok(Self(text.to_owned())) } else { Err(NotAViewName) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A saved view as its viewer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    pub page: ViewPage,
    /// The page's query string.
    pub query: String,
    /// Everybody with a role sees it.
    pub shared: bool,
    /// Who saved it: a person's name, or a role's.
    pub author: String,
    /// Whether the viewer may rename and delete it.
    pub may_change: bool,
    /// False where the page no longer takes the query: shown as broken, never dropped.
    pub works: bool,
    pub created_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_millis(1_790_000_000_000);

    #[test]
    fn what_is_saved_is_what_the_page_can_show() {
        let users = "registered=no&range=7d&tz=Europe/Stockholm&q=%20lind%20&size=50";
        assert_eq!(ViewPage::Users.canonical(users, NOW).expect("users"), "range=7d&registered=no&q=lind");
        assert_eq!(ViewPage::Overview.canonical("range=30d&lang=en", NOW).expect("overview"), "");
        assert_eq!(ViewPage::Usage.canonical("range=7d&tz=UTC", NOW).expect("usage"), "range=7d");
        let sign_ins = "mfa_result=denied&challenged=yes&error_code=500121&lang=sv";
        let canonical = ViewPage::SignIns.canonical(sign_ins, NOW).expect("sign-ins");
        assert_eq!(canonical, "challenged=yes&mfa_result=denied&error_code=500121");
        let activity = "call_result=SUCCESS_NO_PIN&user=ada&tz=UTC&range=7d";
        let canonical = ViewPage::Activity.canonical(activity, NOW).expect("activity");
        assert_eq!(canonical, "range=7d&call_result=SUCCESS_NO_PIN&user=ada");
        assert_eq!(ViewPage::Events.canonical("registered=no", NOW).expect_err("not here").parameter, "registered");
        assert_eq!(ViewPage::Overview.canonical("q=x", NOW).expect_err("not here").parameter, "q");
    }

    #[test]
    fn a_name_is_a_line() {
        assert_eq!(ViewName::new("  SMS only, Sales ").expect("a name").as_str(), "SMS only, Sales");
        for text in ["", "  ", "a\nb", &"å".repeat(81), &format!("a{}", " ".repeat(80))] {
            assert_eq!(ViewName::new(text), Err(NotAViewName), "{text:?}");
        }
        assert!(ViewName::new(&"å".repeat(80)).is_ok());
    }
}
