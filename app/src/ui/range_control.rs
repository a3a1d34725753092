//! Which time and which people a page is about: links and plain GET forms.

use domain::instant::Instant;
use domain::population::Population;
use domain::query::{Report, Span};
use domain::window::Range;
use leptos::prelude::*;

use super::query_problem::PROBLEM_ID;
use super::{hidden, icon};
use crate::address::Address;
use crate::language::{Ui, t};

/// Parameters that this control answers for.
const TIME: [&str; 5] = ["range", "from", "to", "as_of", "tz"];

/// When the page is asked for, and the parameter that is wrong with it, if one is.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub now: Instant,
    pub wrong: Option<&'a str>,
}

/// Ranges, one window back and forth, a window of one's own, and a past day.
pub struct RangeControl<'a> {
    pub report: &'a Report,
    pub moment: Moment<'a>,
    /// The page as it is; a list on its first page.
    pub address: Address,
    /// Whether the page has a window; else it is about one instant only.
    pub has_window: bool,
}

impl RangeControl<'_> {
    pub fn view(self, ui: &Ui) -> AnyView {
        let windows = self.has_window.then(|| self.windows(ui));
        view! {
            <div class="range" id="range" data-swap="">
                {windows}
                {self.dates(ui)}
            </div>
        }
        .into_any()
    }

    /// The page's address about another time.
    fn link(&self, report: &Report) -> String {
        let time = Address::new("", &report.to_url());
        time.pairs()
            .iter()
            .filter(|(name, _)| TIME.contains(&name.as_str()))
            .fold(self.address.clone().without(&TIME), |address, (name, value)| address.with(name, value))
            .to_string()
    }

    fn windows(&self, ui: &Ui) -> AnyView {
        let report = self.report;
        let ranges = Range::ALL
            .iter()
            .map(|&range| {
                let current = (report.range() == Some(range)).then_some("true");
                view! {
                    <a href=self.link(&Report { span: Span::Range(range), ..report.clone() }) aria-current=current>
                        {ui.range(range)}
                    </a>
                }
            })
            .collect_view();
        let step = |report: Option<Report>, label: &'static str, is_back: bool| match report {
            Some(report) => view! {
                <a class="pill step" href=self.link(&report) aria-label=label title=label>
                    {icon::step(is_back)}
                </a>
            }
            .into_any(),
            // Stands there all the same, so that its neighbours do.
            None => view! { <span class="pill step off">{icon::step(is_back)}</span> }.into_any(),
        };
        view! {
            <div class="segments" role="group" aria-label=t!(ui, range.label)>
                {ranges}
            </div>
            <div class="steps">
                {step(Some(report.earlier()), t!(ui, range.earlier), true)}
                {step(report.later(self.moment.now), t!(ui, range.later), false)}
            </div>
        }
        .into_any()
    }

    fn dates(&self, ui: &Ui) -> AnyView {
        let window = self.report.window();
        let is_wrong = self.moment.wrong.is_some_and(|wrong| TIME.contains(&wrong));
        let custom = self.has_window.then(|| {
            let fields = [
                (t!(ui, range.from), "from", window.from),
                (t!(ui, range.to), "to", window.to),
            ];
            self.form(ui, "kept-window", t!(ui, range.custom), &["range", "from", "to"], &fields)
        });
        let as_of = [(t!(ui, range.at), "as_of", self.report.as_of)];
        let as_of = self.form(ui, "kept-as-of", t!(ui, range.as_of), &["as_of"], &as_of);
        let now = self.report.as_of_is_given.then(|| {
            let now = self.link(&Report { as_of_is_given: false, ..self.report.clone() });
            view! { <a href=now>{t!(ui, empty.show_now)}</a> }
        });
        view! {
            <details class="popover end" name="popover">
                <summary class="pill" class:wrong=is_wrong aria-describedby=is_wrong.then_some(PROBLEM_ID)>
                    {icon::calendar()}
                    {t!(ui, range.dates)}
                    {icon::chevron()}
                </summary>
                <div class="sheet">
                    <div class="sheet-body">
                        {custom}
                        {as_of}
                        <p class="small quiet sheet-note">
                            {t!(ui, overview.zone, zone = ui.zone_name.clone())} " " {now}
                        </p>
                    </div>
                </div>
            </details>
        }
        .into_any()
    }

    /// Dates and times as a clock on the wall shows them: the zone goes with them.
    fn form(
        &self,
        ui: &Ui,
        id: &'static str,
        legend: &'static str,
        names: &[&str],
        fields: &[(&'static str, &'static str, Instant)],
    ) -> AnyView {
        let kept = self.address.clone().without(names).without(&["tz"]).with("tz", &ui.zone_name);
        let fields = fields
            .iter()
            .map(|&(label, name, at)| {
                let value = at.timestamp().to_zoned(ui.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
                view! {
                    <label class="when">
                        {label}
                        <input type="datetime-local" name=name value=value required />
                    </label>
                }
            })
            .collect_view();
        view! {
            <form method="get" action=self.address.path().to_owned()>
                {hidden::fields(id, &kept)}
                <fieldset>
                    <legend>{legend}</legend>
                    <div class="whens">
                        {fields}
                        <button class="pill primary" type="submit">
                            {t!(ui, range.show)}
                        </button>
                    </div>
                </fieldset>
            </form>
        }
        .into_any()
    }
}

/// Which users figures are about.
pub fn population_control(ui: &Ui, chosen: Population, link: impl Fn(Population) -> String) -> AnyView {
    let links = Population::ALL
        .iter()
        .map(|&population| {
            let current = (population == chosen).then_some("true");
            view! {
                <li>
                    <a href=link(population) aria-current=current>
                        <b>{ui.population(population)}</b>
                        <span class="small quiet">{ui.population_rule(population)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="popover end" name="popover">
            <summary class="pill">
                <span class="visually-hidden">{t!(ui, population.label)} ": "</span>
                {ui.population(chosen)}
                {icon::chevron()}
            </summary>
            <ul class="sheet choices">{links}</ul>
        </details>
    }
    .into_any()
}
