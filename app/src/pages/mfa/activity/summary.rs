//! What each component did in the window, every number with its list.

use domain::answer::Answer;
use domain::query::{ActivityFilters, ActivityQuery, Report, SignInFilters, SignInsQuery};
use domain::report::{ActivitySummary, ComponentUsage};
use domain::sign_in::Component;
use leptos::prelude::*;

use crate::figures::{list_href, pinned};
use crate::language::{Ui, t};
use crate::pages::mfa::figure;
use crate::ui::section::section;
use crate::ui::table::{number_heading, scroller};

/// `None` where no component did anything.
pub fn card(ui: &Ui, report: &Report, summary: &ActivitySummary) -> Option<AnyView> {
    let used: Vec<ComponentUsage> = summary.components.iter().copied().filter(|usage| any(*usage)).collect();
    if used.is_empty() {
        return None;
    }
    let links = Links { report: Report { population: None, ..pinned(report, report.as_of) } };
    let rows = used.iter().map(|usage| links.row(ui, *usage)).collect_view();
    let total = (used.len() > 1).then(|| links.total(ui, &used));
    let title = t!(ui, activity.by_component);
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, activity_column.component)}</th>
                    {number_heading(t!(ui, activity.authentications))}
                    {number_heading(t!(ui, verdict.yes))}
                    {number_heading(t!(ui, verdict.no))}
                    {number_heading(t!(ui, verdict.unknown))}
                    {number_heading(t!(ui, activity.sign_ins))}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            {total}
        </table>
    };
    let sub = t!(ui, activity.by_component_sub, window = ui.window(report.window()));
    let content = view! {
        {scroller(title, table)}
        <div class="under-table">
            <p class="small">{t!(ui, activity.verdict_rule)}</p>
        </div>
    };
    Some(section(finding(ui, &used), sub, content.into_any()))
}

fn any(usage: ComponentUsage) -> bool {
    authentications(usage) + usage.sign_ins > 0
}

const fn authentications(usage: ComponentUsage) -> i64 {
    usage.authenticated + usage.not_authenticated + usage.unknown
}

/// "91.3 % of authentications on premises succeeded": of those whose verdict is known.
fn finding(ui: &Ui, used: &[ComponentUsage]) -> String {
    let yes: i64 = used.iter().map(|usage| usage.authenticated).sum();
    let no: i64 = used.iter().map(|usage| usage.not_authenticated).sum();
    match ui.share(yes, yes + no) {
        Some(share) => t!(ui, activity.finding, share = share),
        None => t!(ui, activity.by_component).to_owned(),
    }
}

struct Links {
    report: Report,
}

impl Links {
    fn activity(&self, component: Option<Component>, verdict: Option<Answer>) -> String {
        let filters = ActivityFilters {
            component: component.into_iter().collect(),
            authenticated: verdict.into_iter().collect(),
            ..ActivityFilters::default()
        };
        list_href(&ActivityQuery::with(self.report.clone(), filters))
    }

    fn sign_ins(&self, components: Vec<Component>) -> String {
        let filters = SignInFilters { component: components, ..SignInFilters::default() };
        list_href(&SignInsQuery::with(self.report.clone(), filters))
    }

    fn row(&self, ui: &Ui, usage: ComponentUsage) -> AnyView {
        let component = usage.component;
        let figures = self.figures(ui, usage, Some(component), vec![component]);
        view! {
            <tr>
                <th scope="row">{ui.component(component)}</th>
                {figures}
            </tr>
        }
        .into_any()
    }

    fn total(&self, ui: &Ui, used: &[ComponentUsage]) -> AnyView {
        let sum = |of: fn(&ComponentUsage) -> i64| used.iter().map(of).sum();
        let all = ComponentUsage {
            component: Component::None,
            authenticated: sum(|usage| usage.authenticated),
            not_authenticated: sum(|usage| usage.not_authenticated),
            unknown: sum(|usage| usage.unknown),
            sign_ins: sum(|usage| usage.sign_ins),
        };
        let figures = self.figures(ui, all, None, used.iter().map(|usage| usage.component).collect());
        view! {
            <tfoot>
                <tr>
                    <th scope="row">{t!(ui, answer.all)}</th>
                    {figures}
                </tr>
            </tfoot>
        }
        .into_any()
    }

    fn figures(&self, ui: &Ui, usage: ComponentUsage, one: Option<Component>, all: Vec<Component>) -> AnyView {
        let activity = |n, verdict| figure(ui, n, self.activity(one, verdict));
        view! {
            {activity(authentications(usage), None)}
            {activity(usage.authenticated, Some(Answer::Yes))}
            {activity(usage.not_authenticated, Some(Answer::No))}
            {activity(usage.unknown, Some(Answer::Unknown))}
            {figure(ui, usage.sign_ins, self.sign_ins(all))}
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;

    use super::*;

    #[test]
    fn every_figure_has_its_list_at_its_own_instant() {
        let usage = |component, authenticated, not_authenticated, sign_ins| ComponentUsage {
            component,
            authenticated,
            not_authenticated,
            unknown: 0,
            sign_ins,
        };
        let components = vec![
            usage(Component::Nps, 90, 9, 120),
            usage(Component::Adfs, 0, 1, 0),
            usage(Component::MfaServer, 0, 0, 0),
        ];
        let now: Instant = "2026-11-20T12:00:00Z".parse().expect("an instant");
        let report = Report::parse("range=7d&population=admins", now).expect("parameters");
        let card = card(&Ui::new("UTC"), &report, &ActivitySummary { components }).expect("usage").to_html();
        assert!(card.contains("90.0\u{a0}% of the authentications"), "{card}");
        let at = "range=7d&amp;as_of=2026-11-20T12%3A00%3A00.000Z";
        for (link, n) in [
            ("/mfa/activity?", "100"),
            ("&amp;component=nps\"", "99"),
            ("&amp;component=nps&amp;authenticated=no", "9"),
            ("&amp;component=adfs&amp;authenticated=no", "1"),
            ("/sign-ins?", "120"),
        ] {
            assert!(card.contains(link), "{link} in {card}");
            assert!(card.contains(&format!(">{n}</a>")), "{n} in {card}");
        }
        assert!(card.contains(at) && !card.contains("population"), "{card}");
        assert!(!card.contains("mfa_server"), "a component that did nothing is no row: {card}");
        assert!(!card.contains(">0</a>"), "of nothing there is no list: {card}");
        let nothing = ActivitySummary { components: vec![usage(Component::Nps, 0, 0, 0)] };
        assert!(super::card(&Ui::new("UTC"), &report, &nothing).is_none());
    }
}
