//! When the figures of a page were read, how old what they are made of is, and the island that keeps both new.

use domain::freshness::SourceGroup;
use leptos::prelude::*;
use store::StoreError;

use crate::islands::live::Live;
use crate::language::{Ui, t};
use crate::pages::Asked;

/// Sections whose pages follow new data, beside those that have figures.
const FOLLOWS: &[&str] = &["/data", "/mfa/servers", EXPORTS];
/// The page whose news are the viewer's alone.
const EXPORTS: &str = "/exports";
/// A page that names one of these shows what was, and that stays.
const OF_THE_PAST: &[&str] = &["as_of", "to"];

/// What stands above a page's content.
pub async fn above(asked: &Asked) -> Result<Option<AnyView>, StoreError> {
    let context = &asked.context;
    let groups = SourceGroup::of_page(&context.path);
    let is_past = form_urlencoded::parse(context.query.as_bytes()).any(|(name, _)| OF_THE_PAST.contains(&&*name));
    let is_under = |section: &&str| {
        context.path.strip_prefix(*section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if is_past || (groups.is_empty() && !FOLLOWS.iter().any(is_under)) {
        return Ok(None);
    }
    let sources = if groups.is_empty() { Vec::new() } else { asked.reader().sources().await? };
    let stale = context.settings.stale_after.stale(groups, &sources, context.now);
    let ui = &asked.ui;
    let sentences = stale.into_iter().map(|stale| {
        let hours = i64::from(stale.after_hours);
        let sentence = t!(
            ui,
            live.stale,
            source = ui.source_group(stale.group),
            at = ui.time(stale.last_refreshed),
            count = hours,
            n = ui.number(hours)
        );
        view! { <li>{sentence}</li> }
    });
    let sentences: Vec<_> = sentences.collect();
    let stale = (!sentences.is_empty()).then(|| {
        view! {
            <div class="notice stale">
                <ul>{sentences}</ul>
                <a href="/data">{t!(ui, live.to_data)}</a>
            </div>
        }
    });
    let followed = if is_under(&EXPORTS) {
        let exports = context.services.exports(&asked.viewer);
        Some((exports.change_number(context.now).await?, "/live/exports"))
    } else {
        context.change.map(|number| (number, "/live"))
    };
    Ok(Some(
        view! {
            <div class="contents" id="stale" data-swap="">
                {stale}
            </div>
            {updated(ui, asked, followed)}
        }
        .into_any(),
    ))
}

/// `followed` is the number of what the page shows, and where others are told.
fn updated(ui: &Ui, asked: &Asked, followed: Option<(i64, &str)>) -> AnyView {
    let context = &asked.context;
    let live = followed.map(|(number, stream)| {
        view! {
            <Live number=number stream=stream.to_owned() show=t!(ui, live.show).to_owned() ended=t!(ui, live.ended).to_owned() />
        }
    });
    view! {
        <div class="live">
            <p class="small quiet" id="updated" data-swap="" data-number=followed.map(|(n, _)| n.to_string())>
                {t!(ui, live.updated, at = ui.clock(context.now))}
            </p>
            {live}
        </div>
    }
    .into_any()
}
