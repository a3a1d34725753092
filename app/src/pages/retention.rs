//! `/settings/retention`: how long each kind of data is kept. A Global Administrator sets it, a Global Reader sees it.

use domain::retention::{MAX_DAYS, MIN_DAYS, RetentionRule};
use leptos::prelude::*;

use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use crate::language::{Ui, t};
use crate::ui::section::section;
use crate::ui::table::scroller;

pub fn page() -> AnyView {
    page_for_viewers(content)
}

async fn content(asked: Asked) -> Result<Content, Problem> {
    let ui = asked.ui.clone();
    let title = t!(ui, retention.title);
    let settings = asked.settings()?;
    let rules = settings.retention().await?;
    let may_change = asked.viewer.role.may_administer();
    let rows = rules.iter().map(|rule| row(&ui, rule, may_change)).collect_view();
    let change = may_change.then(|| view! { <th scope="col">{t!(ui, retention.change)}</th> });
    let table = view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, retention.data)}</th>
                    <th scope="col">{t!(ui, retention.kept)}</th>
                    <th scope="col">{t!(ui, retention.from)}</th>
                    {change}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let body = view! {
        <header class="head">
            <div class="head-text">
                <h1>{title}</h1>
                <p class="quiet">{t!(ui, retention.sub)}</p>
            </div>
        </header>
        {section(t!(ui, retention.rules), t!(ui, retention.rules_sub).to_owned(), scroller(title, table))}
    };
    Ok(Content::new(title, body))
}

fn row(ui: &Ui, rule: &RetentionRule, may_change: bool) -> AnyView {
    let name = ui.kept(rule.kept);
    let days = rule
        .days
        .map_or_else(|| t!(ui, retention.forever).to_owned(), |days| t!(ui, retention.days, n = ui.number(days)));
    let from = rule.kept_from.map_or_else(|| t!(ui, retention.everything).to_owned(), |at| ui.time(at));
    let change = may_change.then(|| {
        let label = t!(ui, retention.days_of, data = name.to_owned());
        view! {
            <td>
                <form class="bar" method="post" action="/settings/retention">
                    <input type="hidden" name="data" value=rule.kept.as_str() />
                    <input
                        type="number"
                        class="small-input"
                        name="days"
                        min=MIN_DAYS.to_string()
                        max=MAX_DAYS.to_string()
                        placeholder=t!(ui, retention.forever)
                        value=rule.days.map(|days| days.to_string())
                        aria-label=label
                    />
                    <button class="pill" type="submit">
                        {t!(ui, retention.save)}
                    </button>
                </form>
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{days}</td>
            <td class="nowrap num">{from}</td>
            {change}
        </tr>
    }
    .into_any()
}
