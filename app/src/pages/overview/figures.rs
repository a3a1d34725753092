use domain::answer::Answer;
use domain::method::MethodClass;
use domain::query::{Report, UserFlag, UsersQuery};
use domain::record::Feature;
use domain::report::{Overview, Trend};
use leptos::prelude::*;

use crate::figures::{Figures, href};
use crate::findings;
use crate::language::{Ui, t};
use crate::ui::bars::MethodBars;
use crate::ui::empty;
use crate::ui::movement::Movements;
use crate::ui::tile::{Insight, Tile};

/// Tiles, charts and freshness; without data, what to do to get some.
pub fn figures(ui: &Ui, report: &Report, overview: &Overview, trend: &Trend) -> AnyView {
    let Some(known_from) = overview.known_from else {
        return if overview.sources.is_empty() {
            empty::no_data(ui)
        } else {
            view! { {tiles(ui, report, overview, None)} {charts(ui, report, overview)} {freshness(ui, overview)} }
                .into_any()
        };
    };
    let is_known = overview.as_of >= known_from;
    let before = (!is_known).then(|| {
        view! { <p class="notice">{t!(ui, overview.unknown_before, at = ui.time(known_from))}</p> }
    });
    view! {
        {before}
        {tiles(ui, report, overview, is_known.then_some(trend))}
        {charts(ui, report, overview)}
        {freshness(ui, overview)}
    }
    .into_any()
}

/// Without a trend, nothing is known of anybody at that instant.
fn tiles(ui: &Ui, report: &Report, overview: &Overview, trend: Option<&Trend>) -> AnyView {
    let is_known = trend.is_some();
    let movements = trend.map(|trend| Movements { report, trend, change: overview.change.as_ref() });
    let figures = Figures::of(report, overview.as_of);
    let users = |query: UsersQuery| href("/users", &query.to_url());
    let insight = |label, n, query| Insight { label, n, href: users(query) };
    let tile = |flag: UserFlag, explanation, insights: Vec<Insight>| {
        let tally = *overview.tiles.get(flag);
        let mut insights = insights;
        if tally.unknown > 0 {
            insights.push(insight(t!(ui, overview.unknown), tally.unknown, figures.users(flag, Answer::Unknown)));
        }
        let insights = if is_known { insights } else { Vec::new() };
        let href = users(figures.users(flag, Answer::Yes));
        let title = ui.flag(flag);
        let movement = movements.as_ref().map(|all| all.of(ui, title, |snapshot| snapshot.tiles.get(flag).yes));
        Tile { title, explanation, tally, href, insights, movement, is_known }
    };
    let no = |flag: UserFlag, label| insight(label, overview.tiles.get(flag).no, figures.users(flag, Answer::No));
    let counts = overview.insights;
    let registered = tile(
        UserFlag::Registered,
        t!(ui, overview.explain_registered),
        vec![
            no(UserFlag::Registered, t!(ui, overview.not_registered)),
            insight(
                t!(ui, overview.registered_not_enabled),
                counts.registered_not_enabled,
                figures.registered_not_enabled(),
            ),
        ],
    );
    let enabled = tile(
        UserFlag::Enabled,
        t!(ui, overview.explain_enabled),
        vec![
            no(UserFlag::Enabled, t!(ui, overview.not_enabled)),
            insight(
                t!(ui, overview.enabled_not_registered),
                counts.enabled_not_registered,
                figures.enabled_not_registered(),
            ),
        ],
    );
    let capable = tile(
        UserFlag::Capable,
        t!(ui, overview.explain_capable),
        vec![
            no(UserFlag::Capable, t!(ui, overview.not_capable)),
            insight(
                t!(ui, overview.sms_or_voice_only),
                counts.sms_or_voice_only,
                figures.method_class(MethodClass::SmsOrVoiceOnly),
            ),
        ],
    );
    let small = [UserFlag::MfaRegistered, UserFlag::MfaCapable, UserFlag::PasswordlessCapable]
        .map(|flag| tile(flag, "", Vec::new()).small_view(ui));
    view! {
        <section class="tiles" aria-labelledby="tiles-title">
            <h2 class="visually-hidden" id="tiles-title">
                {t!(ui, overview.registration)}
            </h2>
            {registered.view(ui)}
            {enabled.view(ui)}
            {capable.view(ui)}
        </section>
        <section class="tiles" aria-labelledby="strong-title">
            <h2 class="visually-hidden" id="strong-title">
                {t!(ui, overview.strong)}
            </h2>
            {small.into_iter().collect_view()}
        </section>
    }
    .into_any()
}

fn charts(ui: &Ui, report: &Report, overview: &Overview) -> AnyView {
    let figures = Figures::of(report, overview.as_of);
    let window = ui.days(overview.window);
    let nothing = || {
        let (from, to) = (ui.time(overview.window.from), ui.time(overview.window.to));
        t!(ui, overview.none_sentence, from = from, to = to)
    };
    let registrations = MethodBars {
        feature: Feature::Registration,
        title: findings::registrations(ui, &overview.registrations),
        subtitle: t!(ui, overview.registrations_sub, window = window.clone()),
        counts: &overview.registrations,
        figures: &figures,
        nothing: nothing(),
    };
    let resets = MethodBars {
        feature: Feature::Reset,
        title: findings::resets(ui, &overview.resets),
        subtitle: t!(ui, overview.resets_sub, window = window),
        counts: &overview.resets,
        figures: &figures,
        nothing: nothing(),
    };
    view! {
        <section class="charts" aria-labelledby="charts-title">
            <h2 class="visually-hidden" id="charts-title">
                {t!(ui, overview.activity)}
            </h2>
            {registrations.view(ui)}
            {resets.view(ui)}
        </section>
    }
    .into_any()
}

fn freshness(ui: &Ui, overview: &Overview) -> AnyView {
    let sources = overview
        .sources
        .iter()
        .map(|source| {
            let at = ui.time(source.last_refreshed);
            view! { <li>{t!(ui, overview.fresh, source = ui.source(source.source), at = at)}</li> }
        })
        .collect_view();
    view! {
        <footer class="fresh">
            <b>{t!(ui, overview.last_refreshed)}</b>
            <ul>{sources}</ul>
            <span>{t!(ui, overview.zone, zone = ui.zone_name.clone())}</span>
        </footer>
    }
    .into_any()
}
