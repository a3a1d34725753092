use std::str::FromStr;

use domain::instant::Instant;
use domain::named::UnknownName;
use domain::query::{Params, QueryProblem, Report};

use crate::address::Address;
use crate::figures::sign_in_href;

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Basic,
    Authentication,
    ConditionalAccess,
    Related,
}

impl Tab {
    pub const ALL: &'static [Self] = &[Self::Basic, Self::Authentication, Self::ConditionalAccess, Self::Related];

    /// The name in a URL.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Authentication => "authentication",
            Self::ConditionalAccess => "conditional_access",
            Self::Related => "related",
        }
    }
}

impl FromStr for Tab {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.iter().copied().find(|tab| tab.as_str() == text).ok_or_else(|| UnknownName {
            given: text.to_owned(),
            allowed: Self::ALL.iter().map(|tab| tab.as_str()).collect(),
        })
    }
}

/// What the page can be asked for: what every report takes, and a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailsQuery {
    pub report: Report,
    pub tab: Tab,
}

impl DetailsQuery {
    pub fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let tab = params.take_name("tab")?.unwrap_or(Tab::Basic);
        let report = Report::take(&mut params, now)?;
        params.finish()?;
        Ok(Self { report, tab })
    }

    /// Another part of a sign-in's page, of the same report.
    pub fn href(&self, id: &str, tab: Tab) -> String {
        let address = Address::new(sign_in_href(id), &self.report.to_url());
        let address = if tab == Tab::Basic { address } else { address.with("tab", tab.as_str()) };
        address.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_millis(1_790_000_000_000);

    #[test]
    fn every_part_has_an_address_that_keeps_the_report() {
        let given = "as_of=2026-09-20T10%3A00%3A00.000Z&tz=Europe%2FStockholm&lang=sv";
        let query = DetailsQuery::parse(given, NOW).expect("parameters");
        assert_eq!(query.tab, Tab::Basic);
        assert_eq!(query.href("a/b", Tab::Basic), format!("/sign-ins/a%2Fb?{given}"));
        for &tab in Tab::ALL {
            let href = query.href("a", tab);
            let (_, url) = href.split_once('?').expect("parameters");
            assert_eq!(DetailsQuery::parse(url, NOW), Ok(DetailsQuery { tab, ..query.clone() }));
        }
    }

    #[test]
    fn an_unknown_part_is_refused_like_any_other_value() {
        let problem = DetailsQuery::parse("tab=secrets", NOW).expect_err("no such part");
        assert_eq!(problem.parameter, "tab");
        assert_eq!(DetailsQuery::parse("colour=red", NOW).expect_err("no such parameter").parameter, "colour");
    }
}
