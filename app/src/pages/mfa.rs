//! The pages under `/mfa`: what happened on premises, and what admins and users did to users' MFA.

use domain::instant::Instant;
use domain::query::Report;
use domain::viewer::Viewer;
use leptos::prelude::*;

use crate::address::Address;
use crate::language::{Ui, t};
use crate::ui::{cells, recorded};

pub mod activity;
pub mod blocked_users;
pub mod bypassed_users;
pub mod fraud_alerts;
pub mod servers;

/// Where a form on a list leads back to, for viewers who may use it.
fn return_to(viewer: &Viewer, page: &Address) -> Option<String> {
    viewer.role.may_operate().then(|| page.to_string())
}

/// Who did it, or that the record does not say.
fn by(ui: &Ui, name: Option<&str>) -> String {
    name.map_or_else(|| t!(ui, mfa.by_unknown).to_owned(), |name| t!(ui, mfa.by, name = name.to_owned()))
}

/// When something ended, and beneath it by whom and why where no columns of their own say so.
fn ended(ui: &Ui, at: Option<Instant>, by: Option<&str>, reason: Option<&str>) -> AnyView {
    let by = by.map(|name| self::by(ui, Some(name)));
    recorded::time_with(ui, at, [by, reason.map(str::to_owned)])
}

/// What a list of a window says where nothing matches: where its rows come from, or that the filters leave none.
fn no_match(ui: &Ui, report: &Report, is_whole: bool, none: impl FnOnce(String, String) -> String) -> String {
    let window = report.window();
    let (from, to) = (ui.time(window.from), ui.time(window.to));
    if is_whole { none(from, to) } else { t!(ui, mfa.no_match_between, from = from, to = to) }
}

/// A cell with a figure and the list of what it counts; of nothing there is no list.
fn figure(ui: &Ui, n: i64, list: String) -> AnyView {
    cells::number(ui, n, (n > 0).then_some(list))
}
