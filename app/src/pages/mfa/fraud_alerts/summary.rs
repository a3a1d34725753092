//! How many alerts there were, and from whom; every number with its list.

use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::page::Cursor;
use domain::query::{FraudAlertsQuery, FraudFilters, ListQuery, MAX_SIZE, Report};
use domain::report::FraudItem;
use leptos::prelude::*;
use store::{Listed, Reader, StoreError};

use crate::figures::{list_href, pinned};
use crate::language::{Ui, t};
use crate::pages::mfa::figure;
use crate::ui::person::Person;
use crate::ui::section::section;
use crate::ui::table::{number_heading, scroller};

/// Alerts are rare: more pages than these are not counted person by person.
const PAGES: usize = 10;
/// People in the table; the list has the others.
const SHOWN: usize = 10;

/// Alerts by whether they blocked the user.
#[derive(Clone, Copy, Default)]
struct Counts {
    yes: i64,
    no: i64,
    unknown: i64,
}

impl Counts {
    const fn add(&mut self, blocked: Answer) {
        match blocked {
            Answer::Yes => self.yes += 1,
            Answer::No => self.no += 1,
            Answer::Unknown => self.unknown += 1,
        }
    }

    const fn all(self) -> i64 {
        self.yes + self.no + self.unknown
    }
}

/// One person's alerts. The names are those of the newest.
struct OfOne {
    item: FraudItem,
    counts: Counts,
}

/// The alerts of a window.
pub struct Summary {
    all: Counts,
    /// By what the filter `user` takes.
    people: BTreeMap<String, OfOne>,
    /// Alerts that name nobody.
    nobody: Counts,
    /// False where there are more alerts than were counted.
    is_whole: bool,
}

impl Summary {
    /// # Errors
    /// The store does not answer.
    pub async fn of(reader: &Reader, report: &Report) -> Result<Self, StoreError> {
        let mut query = FraudAlertsQuery::of(report.clone());
        query.list.size = MAX_SIZE;
        let mut summary =
            Self { all: Counts::default(), people: BTreeMap::new(), nobody: Counts::default(), is_whole: false };
        for _ in 0..PAGES {
            let page = query.page(reader).await?;
            page.items.into_iter().for_each(|alert| summary.add(alert));
            query.list.after = page.next.as_deref().and_then(Cursor::decode);
            if query.list.after.is_none() {
                summary.is_whole = true;
                break;
            }
        }
        Ok(summary)
    }

    fn add(&mut self, alert: FraudItem) {
        let blocked = alert.blocked;
        self.all.add(blocked);
        match Person::from(&alert).key().map(str::to_owned) {
            Some(key) => {
                let of_one = self.people.entry(key).or_insert(OfOne { item: alert, counts: Counts::default() });
                of_one.counts.add(blocked);
            }
            None => self.nobody.add(blocked),
        }
    }

    /// `None` where there was no alert.
    pub fn card(&self, ui: &Ui, report: &Report) -> Option<AnyView> {
        if self.all.all() == 0 {
            return None;
        }
        let sub = t!(ui, fraud.summary_sub, window = ui.window(report.window()));
        if !self.is_whole {
            let n = ui.number(self.all.all());
            let content = view! { <p class="card-text">{t!(ui, fraud.too_many, n = n.clone())}</p> };
            return Some(section(t!(ui, fraud.count_more, n = n), sub, content.into_any()));
        }
        let links = Links { report: Report { population: None, ..pinned(report, report.as_of) } };
        let mut people: Vec<(&str, &OfOne)> = self.people.iter().map(|(key, of_one)| (key.as_str(), of_one)).collect();
        people.sort_by_key(|(key, of_one)| (-of_one.counts.all(), *key));
        let rows = people.iter().take(SHOWN).map(|(key, of_one)| links.row(ui, key, of_one)).collect_view();
        let nobody = (self.nobody.all() > 0).then(|| nobody(ui, self.nobody));
        let total = links.figures(ui, self.all, None);
        let title = t!(ui, fraud.by_user);
        let table = view! {
            <table>
                <caption class="visually-hidden">{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(ui, events.user)}</th>
                        {number_heading(t!(ui, fraud.alerts))}
                        {number_heading(t!(ui, fraud.blocked))}
                        {number_heading(t!(ui, fraud.not_blocked))}
                        {number_heading(t!(ui, answer.unknown))}
                    </tr>
                </thead>
                <tbody>{rows} {nobody}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!(ui, answer.all)}</th>
                        {total}
                    </tr>
                </tfoot>
            </table>
        };
        let others = people.len().saturating_sub(SHOWN);
        let others = (others > 0).then(|| {
            let count = i64::try_from(others).unwrap_or(i64::MAX);
            let others = t!(ui, fraud.others, count = count, n = ui.number(count));
            view! { <p class="under-table small">{others}</p> }
        });
        Some(section(self.finding(ui), sub, view! { {scroller(title, table)} {others} }.into_any()))
    }

    /// "7 alerts from 5 users, 3 of them blocked"
    fn finding(&self, ui: &Ui) -> String {
        let users = i64::try_from(self.people.len()).unwrap_or(i64::MAX);
        t!(
            ui,
            fraud.finding,
            alerts = t!(ui, fraud.count, count = self.all.all(), n = ui.number(self.all.all())),
            users = t!(ui, users.count, count = users, n = ui.number(users)),
            blocked = ui.number(self.all.yes)
        )
    }
}

/// Alerts that name nobody have no list of their own: no filter asks for them.
fn nobody(ui: &Ui, counts: Counts) -> AnyView {
    let number = |n| view! { <td class="n quiet">{ui.number(n)}</td> };
    view! {
        <tr>
            <th scope="row" class="quiet">
                {t!(ui, events.nobody)}
            </th>
            {number(counts.all())}
            {number(counts.yes)}
            {number(counts.no)}
            {number(counts.unknown)}
        </tr>
    }
    .into_any()
}

struct Links {
    report: Report,
}

impl Links {
    fn row(&self, ui: &Ui, key: &str, of_one: &OfOne) -> AnyView {
        view! {
            <tr>
                <th scope="row">{Person::from(&of_one.item).view(ui, Some(&self.report), true)}</th>
                {self.figures(ui, of_one.counts, Some(key))}
            </tr>
        }
        .into_any()
    }

    fn figures(&self, ui: &Ui, counts: Counts, user: Option<&str>) -> AnyView {
        let of = |n, blocked: Option<Answer>| {
            let filters = FraudFilters {
                blocked: blocked.into_iter().collect(),
                user: user.map(str::to_owned).into_iter().collect(),
            };
            figure(ui, n, list_href(&FraudAlertsQuery::with(self.report.clone(), filters)))
        };
        view! {
            {of(counts.all(), None)}
            {of(counts.yes, Some(Answer::Yes))}
            {of(counts.no, Some(Answer::No))}
            {of(counts.unknown, Some(Answer::Unknown))}
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use serde_json::json;

    use super::*;

    fn summary(alerts: &[(Option<&str>, &str)], is_whole: bool) -> Summary {
        let mut summary =
            Summary { all: Counts::default(), people: BTreeMap::new(), nobody: Counts::default(), is_whole };
        for (user, blocked) in alerts {
            let alert = json!({
                "id": "f", "at": "2026-11-20T12:00:00.000Z", "user_id": user, "display_name": user, "user_name": null,
                "source": "audit", "blocked": blocked, "reason": null, "sign_in_id": null, "notes": [],
            });
            summary.add(serde_json::from_value(alert).expect("an alert"));
        }
        summary
    }

    fn card(summary: &Summary) -> Option<String> {
        let report = Report::new(Instant::from_millis(0));
        summary.card(&Ui::new("UTC"), &report).map(RenderHtml::to_html)
    }

    #[test]
    fn people_are_counted_and_nobody_is_not_lost() {
        let alerts = [(Some("ada"), "yes"), (Some("ada"), "no"), (Some("bo"), "unknown"), (None, "yes")];
        let html = card(&summary(&alerts, true)).expect("alerts");
        assert!(html.contains("4 fraud alerts from 2 users; 2 blocked the user"), "{html}");
        assert!(html.contains("user=ada\">2</a>") && html.contains("blocked=yes&amp;user=ada\">1</a>"), "{html}");
        assert!(html.contains("Nobody named"), "{html}");
        assert!(card(&summary(&[], true)).is_none());
    }

    #[test]
    fn more_than_are_counted_have_no_wrong_figures() {
        let html = card(&summary(&[(Some("ada"), "yes")], false)).expect("alerts");
        assert!(html.contains("More than 1") && !html.contains("<table"), "{html}");
    }
}
