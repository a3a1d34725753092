//! Password resets, changes and unlocks of accounts: whole ones, from the audit log.

use domain::record::{Feature, RecordKind};
use domain::report::Counts;
use leptos::prelude::*;

use super::Parts;
use crate::figures::list_href;
use crate::language::t;
use crate::ui::cells;
use crate::ui::section::section;
use crate::ui::table::{number_heading, scroller};

pub fn passwords(parts: &Parts<'_>) -> AnyView {
    let (ui, passwords) = (parts.ui, parts.usage.passwords);
    let title = t!(ui, usage.passwords);
    if parts.usage.sources.iter().all(|source| source.source != RecordKind::DirectoryAudit) {
        // Nought would be a claim.
        return section(title, t!(ui, usage.no_audit_log).to_owned(), ().into_any());
    }
    let row = |label: &'static str, counts: Counts| {
        // What these count is no list of ours: the list of events has each method that was tried.
        view! {
            <tr>
                <th scope="row">{label}</th>
                {cells::number(ui, counts.success, None)}
                {cells::number(ui, counts.failure, None)}
                {cells::number(ui, counts.total(), None)}
            </tr>
        }
    };
    let table = view! {
        <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!(ui, usage_column.what)}</th>
                    {number_heading(t!(ui, overview.succeeded))}
                    {number_heading(t!(ui, overview.failed))}
                    {number_heading(t!(ui, overview.total))}
                </tr>
            </thead>
            <tbody>
                {row(t!(ui, usage.self_service_resets), passwords.self_service_resets)}
                {row(t!(ui, usage.resets_by_admins), passwords.resets_by_admins)}
                {row(t!(ui, usage.password_changes), passwords.changes)}
                {row(t!(ui, usage.unlocks), passwords.unlocks)}
            </tbody>
        </table>
    };
    let blocked = t!(ui, usage.blocked, count = passwords.blocked, n = ui.number(passwords.blocked));
    view! {
        <section class="card list counts">
            <div class="card-head">
                <h2>{title}</h2>
                <p class="small quiet">{t!(ui, usage.passwords_sub, window = ui.days(parts.usage.window))}</p>
            </div>
            {scroller(title, table)}
            <p class="card-foot small">
                {blocked} " "
                <a href=list_href(&parts.figures.events(Feature::Reset))>{t!(ui, usage.to_resets)}</a>
            </p>
        </section>
    }
    .into_any()
}
