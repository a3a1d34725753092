//! What moved: every point of a trend is what the tiles say at its instant, and a change is the difference of two.

use std::collections::BTreeSet;

use domain::population::Population;
use domain::query::{Compare, OverviewQuery, Report, Span};
use domain::window::{Range, Window};
use serde_json::Value;

use super::answers::{Snapshot, snapshot_of};
use super::database::Database;
use super::{HOUR_MS, LIST_INSTANTS, Organisation, report};

const DAY_MS: i64 = 24 * HOUR_MS;

/// Compares trends and changes at some instants: every range, and a window that nobody offers.
pub async fn compare(organisation: &Organisation, database: &Database) {
    for (number, as_of) in organisation.instants(LIST_INSTANTS).into_iter().enumerate().step_by(5) {
        let population = Population::ALL[number % Population::ALL.len()];
        let asked = |range| report(as_of, range, Some(population));
        let odd = Window { from: as_of.plus_millis(-17 * DAY_MS - 12_345), to: as_of.plus_millis(-DAY_MS) };
        let reports = [
            (asked(Range::Day), DAY_MS, HOUR_MS),
            (asked(Range::Week), 7 * DAY_MS, 6 * HOUR_MS),
            (asked(Range::Month), 30 * DAY_MS, DAY_MS),
            (asked(Range::Quarter), 90 * DAY_MS, DAY_MS),
            (asked(Range::Year), 365 * DAY_MS, 7 * DAY_MS),
            (Report { span: Span::Window(odd), ..asked(Range::Month) }, 17 * DAY_MS + 12_345, DAY_MS),
        ];
        for (report, length, step) in reports {
            compare_with_before(organisation, database, &report).await;
            let trend = database.reader.trend(&report).await.expect("an answer");
            let trend = serde_json::to_value(&trend).expect("it is JSON");
            let expected = organisation.points(population, (as_of.millis() - length, as_of.millis()), step);
            assert_eq!(points(&trend), expected, "{population} as of {as_of}, {:?}", report.span);
            let overview = database.reader.overview(&report).await.expect("an answer");
            let overview = serde_json::to_value(&overview).expect("it is JSON");
            let since = (expected.len() > 1 && expected[0].0 == as_of.millis() - length).then(|| &expected[0].1);
            let expected = since.map(|then| expected[expected.len() - 1].1.minus(then));
            let change = overview["change"].as_object().map(|_| snapshot_of(&overview["change"]));
            assert_eq!(change, expected, "{population} as of {as_of}, {:?}", report.span);
        }
    }
}

/// The charts' figures beside those of the window before.
async fn compare_with_before(organisation: &Organisation, database: &Database, report: &Report) {
    let query = OverviewQuery { compare: Some(Compare::Previous), ..OverviewQuery::of(report.clone()) };
    let overview = database.reader.compared_overview(&query).await.expect("an answer");
    let window = report.window();
    let (from, to) = (window.from.millis(), window.to.millis());
    for (feature, rows) in [("registration", &overview.registrations), ("reset", &overview.resets)] {
        let now = organisation.recount.bars(feature, (from, to));
        let before = organisation.recount.bars(feature, (from - (to - from), from));
        let methods: BTreeSet<&String> = now.keys().chain(before.keys()).collect();
        assert_eq!(rows.len(), methods.len(), "{feature} of {window:?}");
        for row in rows {
            let method = row.method.as_str();
            let previous = row.previous.expect("it is compared");
            assert_eq!([row.success, row.failure], now.get(method).copied().unwrap_or_default(), "{method}");
            let previous = [previous.success, previous.failure];
            assert_eq!(previous, before.get(method).copied().unwrap_or_default(), "{method} before {window:?}");
        }
    }
}

fn points(trend: &Value) -> Vec<(i64, Snapshot)> {
    let points = trend["points"].as_array().expect("a list");
    let at = |point: &Value| point["at"].as_str().and_then(|at| at.parse::<domain::instant::Instant>().ok());
    points.iter().map(|point| (at(point).expect("an instant").millis(), snapshot_of(point))).collect()
}

impl Organisation {
    /// Both ends of a window and the last millisecond of every whole step between, from the first observation on.
    fn points(&self, population: Population, (from, to): (i64, i64), step: i64) -> Vec<(i64, Snapshot)> {
        // Weeks begin on Monday, and 5 January 1970 was one.
        let monday = if step == 7 * DAY_MS { 4 * DAY_MS } else { 0 };
        let ends = (0..).map(|n| (from - monday) / step * step + monday + n * step - 1).skip_while(|end| *end <= from);
        let mut instants = vec![from];
        instants.extend(ends.take_while(|end| *end < to));
        instants.push(to);
        instants.retain(|at| *at >= self.recount.users.known_from());
        let at = |at| (at, self.recount.overview(population.as_str(), at).snapshot());
        instants.into_iter().map(at).collect()
    }
}
