//! The link behind every figure: a list whose row count is that figure.

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::{AuthMethod, MethodClass};
use domain::query::{EventsQuery, ListQuery, Report, Span, UserFlag, UsersQuery};
use domain::record::{Feature, Outcome};
use domain::window::Window;

mod sign_ins;

/// What a population is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Department,
    Country,
}

/// Makes the links of one report, pinned to the instant it was made for: a minute later they count the same.
#[derive(Debug, Clone)]
pub struct Figures {
    report: Report,
}

impl Figures {
    /// `as_of` is the instant that the report's answer is about.
    #[must_use]
    pub fn of(report: &Report, as_of: Instant) -> Self {
        Self { report: pinned(report, as_of) }
    }

    /// Users of the population with one answer to one question.
    #[must_use]
    pub fn users(&self, flag: UserFlag, answer: Answer) -> UsersQuery {
        self.everybody().with_flag(flag, &[answer])
    }

    /// The whole population.
    #[must_use]
    pub fn everybody(&self) -> UsersQuery {
        UsersQuery::of(self.report.clone())
    }

    /// Registered, but outside the reset policy.
    #[must_use]
    pub fn registered_not_enabled(&self) -> UsersQuery {
        self.users(UserFlag::Registered, Answer::Yes).with_flag(UserFlag::Enabled, &[Answer::No])
    }

    /// In the reset policy, but not registered.
    #[must_use]
    pub fn enabled_not_registered(&self) -> UsersQuery {
        self.users(UserFlag::Registered, Answer::No).with_flag(UserFlag::Enabled, &[Answer::Yes])
    }

    #[must_use]
    pub fn method_class(&self, class: MethodClass) -> UsersQuery {
        UsersQuery { method_class: vec![class], ..self.everybody() }
    }

    /// All events of a feature in the window. Charts count every account's events, so the population stays behind.
    #[must_use]
    pub fn events(&self, feature: Feature) -> EventsQuery {
        EventsQuery { feature: vec![feature], ..EventsQuery::of(self.of_everybody()) }
    }

    /// The report of every account, whatever population is chosen.
    fn of_everybody(&self) -> Report {
        Report { population: None, ..self.report.clone() }
    }

    /// The events of a method in another window than the report's.
    #[must_use]
    pub fn method_within(&self, feature: Feature, method: AuthMethod, window: Window) -> EventsQuery {
        let mut query = EventsQuery { method: vec![method], ..self.events(feature) };
        query.report.span = Span::Window(window);
        query
    }

    /// Users in a department or a country.
    #[must_use]
    pub fn group(&self, group: Group, name: &str, class: Option<MethodClass>) -> UsersQuery {
        let mut query = UsersQuery { method_class: class.into_iter().collect(), ..self.everybody() };
        match group {
            Group::Department => query.department.push(name.to_owned()),
            Group::Country => query.country.push(name.to_owned()),
        }
        query
    }

    /// The events that one bar counts.
    #[must_use]
    pub fn bar(&self, feature: Feature, method: AuthMethod, status: Outcome) -> EventsQuery {
        EventsQuery { method: vec![method], status: vec![status], ..self.events(feature) }
    }
}

/// The report with its instant named, so that a link shows the same screen later.
#[must_use]
pub fn pinned(report: &Report, as_of: Instant) -> Report {
    Report { as_of, as_of_is_given: true, ..report.clone() }
}

/// A path with a query string, without a lonely question mark.
#[must_use]
pub fn href(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A list.
#[must_use]
pub fn list_href<Q: ListQuery>(query: &Q) -> String {
    href(&format!("/{}", Q::NAME), &query.to_url())
}

/// The page of one user.
#[must_use]
pub fn user_href(id: &str) -> String {
    below("/users/", id)
}

/// The page of one sign-in.
#[must_use]
pub fn sign_in_href(id: &str) -> String {
    below("/sign-ins/", id)
}

/// A path that ends with an id of whatever letters.
fn below(path: &str, id: &str) -> String {
    let mut out = String::from(path);
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::population::Population;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn figures() -> Figures {
        let now = at("2026-11-20T12:00:00.123Z");
        let report = Report::parse("range=7d&population=admins&tz=Europe/Stockholm", now).expect("parameters");
        Figures::of(&report, now)
    }

    #[test]
    fn a_tile_links_to_its_own_filter_at_its_own_instant() {
        let later = at("2026-11-21T08:00:00Z");
        let url = figures().users(UserFlag::Capable, Answer::Unknown).to_url();
        let list = UsersQuery::parse(&url, later).expect("our own link");
        assert_eq!(list.flag(UserFlag::Capable), [Answer::Unknown]);
        assert_eq!(list.report.as_of, at("2026-11-20T12:00:00.123Z"));
        assert_eq!(list.population(), Population::Admins);
        assert_eq!(UserFlag::ALL.iter().filter(|flag| !list.flag(**flag).is_empty()).count(), 1);
    }

    #[test]
    fn insights_combine_exactly_two_facts() {
        let insight = figures().enabled_not_registered();
        assert_eq!(insight.flag(UserFlag::Registered), [Answer::No]);
        assert_eq!(insight.flag(UserFlag::Enabled), [Answer::Yes]);
        let insight = figures().registered_not_enabled();
        assert_eq!(insight.flag(UserFlag::Registered), [Answer::Yes]);
        assert_eq!(insight.flag(UserFlag::Enabled), [Answer::No]);
    }

    #[test]
    fn a_bar_counts_everybodys_events_of_the_window() {
        let later = at("2026-12-24T00:00:00Z");
        let url = figures().bar(Feature::Reset, AuthMethod::Sms, Outcome::Failure).to_url();
        let list = EventsQuery::parse(&url, later).expect("our own link");
        assert_eq!(list.report.population, None, "charts count all accounts");
        assert_eq!(list.report.window().from, at("2026-11-13T12:00:00.123Z"));
        assert_eq!(list.report.window().to, at("2026-11-20T12:00:00.123Z"));
        assert_eq!((list.feature, list.method, list.status), (vec![Feature::Reset], vec![AuthMethod::Sms], vec![Outcome::Failure]));
    }

    #[test]
    fn names_with_odd_letters_have_a_page() {
        assert_eq!(user_href("björn/å#EXT#@x.example"), "/users/bj%C3%B6rn%2F%C3%A5%23EXT%23%40x.example");
        assert_eq!(href("/users", ""), "/users");
    }
}
