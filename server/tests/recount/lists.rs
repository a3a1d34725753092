//! Every figure of the overview leads to a list: its total and the rows on its pages are that figure.

use std::collections::BTreeSet;

use domain::instant::Instant;
use domain::page::Page;
use domain::population::Population;
use domain::query::{EventsQuery, Report, UsersQuery};
use serde::Serialize;
use serde_json::Value;
use store::Listed;

use super::database::Database;
use super::events::Event;
use super::figures::Filters;
use super::users::{FLAGS, State};
use super::{HOUR_MS, LIST_INSTANTS, Organisation, RANGES, report};

/// Small enough that most lists have several pages.
pub const SIZE: u32 = 200;

/// Compares the lists behind every tile, insight and bar, and some filters more.
pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.instants(LIST_INSTANTS).into_iter().enumerate() {
        let population = Population::ALL[number % Population::ALL.len()];
        let (range, hours) = RANGES[number % RANGES.len()];
        let users = report(as_of, range, Some(population)).to_url();
        let states = organisation.recount.users.at(population.as_str(), as_of.millis());
        let members: Vec<&State> = states.iter().filter(|state| state.left_out.is_none()).collect();
        for filters in user_filters(number) {
            let is_match =
                |state: &&&State| filters.iter().all(|(filter, value)| state.matches(filter, value.as_str()));
            let expected = members.iter().filter(is_match).count();
            let url = join(&users, &filters);
            assert_eq!(walk::<UsersQuery>(database, &url).await.len(), expected, "users?{url}");
        }
        let window = (as_of.millis() - hours * HOUR_MS, as_of.millis());
        for (population, filters) in event_filters(organisation, window, number) {
            let found: Vec<&Event> =
                organisation.recount.within(window).filter(|event| matches(event, &filters)).collect();
            let name = population.map(Population::as_str);
            let expected = organisation.recount.users.count_events(&found, name, as_of.millis());
            let url = join(&report(as_of, range, population).to_url(), &filters);
            assert_eq!(walk::<EventsQuery>(database, &url).await.len(), expected, "events?{url}");
        }
    }
}

fn user_filters(number: usize) -> Vec<Filters> {
    let mut all: Vec<Filters> = vec![Vec::new()];
    for (flag, _) in FLAGS {
        all.extend(["yes", "no", "unknown"].map(|answer| vec![(flag, answer.to_owned())]));
    }
    for (registered, enabled) in [("yes", "no"), ("no", "yes")] {
        all.push(vec![("registered", registered.to_owned()), ("enabled", enabled.to_owned())]);
    }
    for class in ["sms_or_voice", "sms_or_voice_only", "sms_or_voice_and_better", "phishing_resistant", "none"] {
        all.push(vec![("method_class", class.to_owned())]);
    }
    let methods = ["sms", "phone_call", "mobile_phone", "email", "fido2", "unknown", "software_oath"];
    all.push(vec![("method", methods[number % methods.len()].to_owned())]);
    all.push(vec![("department", "Field Services".to_owned()), ("registered", "no".to_owned())]);
    all.push(vec![("country", "Côte d'Ivoire".to_owned())]);
    all.push(vec![("department", "unknown".to_owned()), ("method_class", "sms_or_voice_only".to_owned())]);
    all
}

fn event_filters(organisation: &Organisation, window: (i64, i64), number: usize) -> Vec<(Option<Population>, Filters)> {
    let mut all = vec![(None, Vec::new()), (Some(Population::ALL[number % Population::ALL.len()]), Vec::new())];
    // Every bar, and every half of it.
    let bars: BTreeSet<(&str, &str)> =
        organisation.recount.within(window).map(|event| (event.feature, event.method)).collect();
    for (feature, method) in bars {
        let bar = vec![("feature", feature.to_owned()), ("method", method.to_owned())];
        for status in ["success", "failure"] {
            all.push((None, bar.iter().cloned().chain([("status", status.to_owned())]).collect()));
        }
        all.push((None, bar));
    }
    if let Some(event) = organisation.recount.within(window).nth(number) {
        all.push((None, vec![("user", event.user.clone())]));
    }
    all
}

fn matches(event: &Event, filters: &Filters) -> bool {
    filters.iter().all(|(name, value)| match *name {
        "feature" => event.feature == value,
        "method" => event.method == value,
        "status" => event.succeeded == (value == "success"),
        _ => event.user == *value,
    })
}

/// The query string of a list with pages of [`SIZE`].
pub fn join(report: &str, filters: &Filters) -> String {
    let mut url = form_urlencoded::Serializer::new(report.to_owned());
    url.append_pair("size", &SIZE.to_string());
    url.extend_pairs(filters);
    url.finish()
}

fn now() -> Instant {
    // Every URL here names its instant.
    Report::new(Instant::from_millis(0)).as_of
}

/// The rows on all pages: as many as the total of each page, and never the same row twice.
pub async fn walk<Q: Listed>(database: &Database, url: &str) -> Vec<Value> {
    let mut walk = Walk::default();
    let mut query = Q::parse(url, now()).expect("a URL of ours");
    loop {
        let page = query.page(&database.reader).await.expect("a page");
        let Some(next) = walk.take(&page) else { return walk.finish() };
        query = Q::parse(&format!("{url}&after={next}"), now()).expect("a cursor of ours");
    }
}

#[derive(Default)]
struct Walk {
    total: Option<i64>,
    rows: Vec<Value>,
    seen: BTreeSet<String>,
}

impl Walk {
    /// Notes a page; the cursor of the next one, if there is one.
    fn take<T: Serialize>(&mut self, page: &Page<T>) -> Option<String> {
        assert!(page.total_is_exact, "a list that a figure links to has an exact total");
        assert_eq!(*self.total.get_or_insert(page.total), page.total, "the total changes from page to page");
        for item in &page.items {
            let item: Value = serde_json::to_value(item).expect("it is JSON");
            let id = item.get("id").unwrap_or(&item).to_string();
            assert!(self.seen.insert(id), "a row stands on two pages: {item}");
            self.rows.push(item);
        }
        page.next.clone()
    }

    fn finish(self) -> Vec<Value> {
        assert_eq!(self.total, Some(self.rows.len() as i64), "the total is not the number of rows");
        self.rows
    }
}
