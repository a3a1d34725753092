//! The tiles: who is registered, enabled and capable, who can use more factors, and who has SMS or voice only.

use domain::answer::Answer;
use domain::method::MethodClass;
use domain::query::{Report, SmsAndVoiceQuery, UserFlag, UsersQuery};
use domain::report::{Overview, Snapshot, Tally, Trend, days_left};
use leptos::prelude::*;

use crate::explanations::Explanations;
use crate::figures::{Figures, href, pinned};
use crate::language::{Ui, t};
use crate::ui::movement::Movements;
use crate::ui::tile::{Insight, Tile};

struct Tiles<'a> {
    ui: &'a Ui,
    overview: &'a Overview,
    figures: Figures,
    explanations: Explanations<'a>,
    /// `None`: nothing is known of anybody at that instant.
    movements: Option<Movements<'a>>,
}

/// Without a trend, nothing is known of anybody at that instant.
pub fn tiles(ui: &Ui, report: &Report, overview: &Overview, trend: Option<&Trend>) -> AnyView {
    let tiles = Tiles {
        ui,
        overview,
        figures: Figures::of(report, overview.as_of),
        explanations: Explanations::of(report, overview.as_of, &overview.population, &overview.sources, "/api/v1/overview"),
        movements: trend.map(|trend| Movements { report, trend, change: overview.change.as_ref() }),
    };
    let small = [UserFlag::MfaRegistered, UserFlag::MfaCapable, UserFlag::PasswordlessCapable]
        .map(|flag| tiles.flag(flag, "", Vec::new()).small_view(ui));
    view! {
        <section class="tiles" aria-labelledby="tiles-title">
            <h2 class="visually-hidden" id="tiles-title">
                {t!(ui, overview.registration)}
            </h2>
            {tiles.registered().view(ui)}
            {tiles.enabled().view(ui)}
            {tiles.capable().view(ui)}
        </section>
        <section class="tiles" aria-labelledby="strong-title">
            <h2 class="visually-hidden" id="strong-title">
                {t!(ui, overview.strong)}
            </h2>
            {small.into_iter().collect_view()}
        </section>
        <section aria-labelledby="sms-title">
            <h2 class="visually-hidden" id="sms-title">
                {t!(ui, sms.title)}
            </h2>
            {tiles.sms_or_voice(report)}
        </section>
    }
    .into_any()
}

impl Tiles<'_> {
    fn insight(&self, label: &'static str, n: i64, query: &UsersQuery) -> Insight {
        Insight { label, n, href: href("/users", &query.to_url()) }
    }

    fn no(&self, flag: UserFlag, label: &'static str) -> Insight {
        self.insight(label, self.overview.tiles.get(flag).no, &self.figures.users(flag, Answer::No))
    }

    fn tile(
        &self,
        title: &'static str,
        explanation: &'static str,
        rule: &'static str,
        measure: impl Fn(&Snapshot) -> Tally,
        rows: &UsersQuery,
        insights: Vec<Insight>,
    ) -> Tile {
        let now = Snapshot {
            size: self.overview.population.size,
            tiles: self.overview.tiles.clone(),
            insights: self.overview.insights,
        };
        let is_known = self.movements.is_some();
        let rows = href("/users", &rows.to_url());
        Tile {
            title,
            explanation,
            tally: measure(&now),
            insights: if is_known { insights } else { Vec::new() },
            movement: self.movements.as_ref().map(|all| all.of(self.ui, title, |snapshot| measure(snapshot).yes)),
            counted: self.explanations.of_users(self.ui, title, rule, Some(rows.clone())),
            href: rows,
            is_known,
        }
    }

    fn flag(&self, flag: UserFlag, explanation: &'static str, mut insights: Vec<Insight>) -> Tile {
        let tally = *self.overview.tiles.get(flag);
        if tally.unknown > 0 {
            let unknown = self.figures.users(flag, Answer::Unknown);
            insights.push(self.insight(t!(self.ui, overview.unknown), tally.unknown, &unknown));
        }
        let rows = self.figures.users(flag, Answer::Yes);
        let rule = Explanations::flag_rule(self.ui, flag);
        self.tile(self.ui.flag(flag), explanation, rule, |snapshot| *snapshot.tiles.get(flag), &rows, insights)
    }

    fn registered(&self) -> Tile {
        let ui = self.ui;
        let not_enabled = self.insight(
            t!(ui, overview.registered_not_enabled),
            self.overview.insights.registered_not_enabled,
            &self.figures.registered_not_enabled(),
        );
        let insights = vec![self.no(UserFlag::Registered, t!(ui, overview.not_registered)), not_enabled];
        self.flag(UserFlag::Registered, t!(ui, overview.explain_registered), insights)
    }

    fn enabled(&self) -> Tile {
        let ui = self.ui;
        let not_registered = self.insight(
            t!(ui, overview.enabled_not_registered),
            self.overview.insights.enabled_not_registered,
            &self.figures.enabled_not_registered(),
        );
        let insights = vec![self.no(UserFlag::Enabled, t!(ui, overview.not_enabled)), not_registered];
        self.flag(UserFlag::Enabled, t!(ui, overview.explain_enabled), insights)
    }

    fn capable(&self) -> Tile {
        let ui = self.ui;
        let insights = vec![self.no(UserFlag::Capable, t!(ui, overview.not_capable))];
        self.flag(UserFlag::Capable, t!(ui, overview.explain_capable), insights)
    }

    /// Who will be stopped, with the way to the page about them.
    fn sms_or_voice(&self, report: &Report) -> AnyView {
        let ui = self.ui;
        let better = self.insight(
            t!(ui, sms.and_better),
            self.overview.insights.sms_or_voice_and_better,
            &self.figures.method_class(MethodClass::SmsOrVoiceAndBetter),
        );
        let rows = self.figures.method_class(MethodClass::SmsOrVoiceOnly);
        let measure = |snapshot: &Snapshot| {
            let yes = snapshot.insights.sms_or_voice_only;
            Tally { yes, no: snapshot.size - yes, unknown: 0 }
        };
        let title = t!(ui, method_class.sms_or_voice_only);
        let tile = self.tile(title, "", t!(ui, explain.sms_or_voice_only), measure, &rows, vec![better]);
        let days = days_left(self.overview.as_of);
        let page = SmsAndVoiceQuery::of(pinned(report, self.overview.as_of)).to_url();
        tile.wide_view(ui, deadline(ui, days), href("/sms-and-voice", &page), t!(ui, sms.to_page))
    }
}

/// "Microsoft ends SMS and voice codes on 1 February 2027: 73 days left"
pub fn deadline(ui: &Ui, days_left: i64) -> String {
    match days_left {
        1.. => t!(ui, sms.days_left, count = days_left, n = ui.number(days_left)),
        _ => t!(ui, sms.has_ended).to_owned(),
    }
}
