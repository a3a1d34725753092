//! Tiles: a figure with its share, its parts, and what follows from it.

use charts::Meter;
use domain::report::Tally;
use leptos::prelude::*;

use super::movement::Movement;
use crate::language::{Ui, t};

/// A figure beneath a tile: a sentence, a number, and the list of exactly those users.
pub struct Insight {
    pub label: &'static str,
    pub n: i64,
    pub href: String,
}

/// A tile with a number, a meter and insights.
pub struct Tile {
    pub title: &'static str,
    pub explanation: &'static str,
    pub tally: Tally,
    pub href: String,
    pub insights: Vec<Insight>,
    /// `None` where nothing is known yet.
    pub movement: Option<Movement>,
    /// False before the first observation: the number is not zero, but not known.
    pub is_known: bool,
}

fn meter(tally: Tally) -> impl IntoView {
    let svg = Meter { yes: tally.yes, no: tally.no, unknown: tally.unknown }.svg();
    view! { <div class="meter-box" inner_html=svg></div> }
}

impl Tile {
    pub fn view(self, ui: &Ui) -> AnyView {
        let whole = self.tally.total();
        let number = if self.is_known { ui.number(self.tally.yes) } else { t!(ui, answer.unknown).to_owned() };
        let share = self.is_known.then(|| ui.share(self.tally.yes, whole)).flatten();
        let of = self.is_known.then(|| t!(ui, overview.of, total = ui.number(whole)));
        let name = if self.is_known {
            t!(ui, overview.tile_link, flag = self.title, n = number.clone(), total = ui.number(whole))
        } else {
            format!("{}: {number}", self.title)
        };
        let value_class = if self.is_known { "value num" } else { "value unknown" };
        let insights = self
            .insights
            .into_iter()
            .map(|Insight { label, n, href }| {
                view! {
                    <li>
                        <a href=href>
                            <span>{label}</span>
                            <b class="num">{ui.number(n)}</b>
                        </a>
                    </li>
                }
            })
            .collect::<Vec<_>>();
        let insights = (!insights.is_empty()).then(|| view! { <ul class="insights">{insights}</ul> });
        view! {
            <section class="card tile">
                <div class="tile-head">
                    <h3>{self.title}</h3>
                    <span class="share num">{share}</span>
                </div>
                <div class="tile-value">
                    <a class=value_class href=self.href aria-label=name>
                        {number}
                    </a>
                    <span class="of num">{of}</span>
                    {self.movement.as_ref().map(Movement::line)}
                </div>
                {meter(self.tally)}
                {self.movement.as_ref().map(Movement::words)}
                <p class="small quiet">{self.explanation}</p>
                {insights}
            </section>
        }
        .into_any()
    }

    /// The same in one line, for the second row.
    pub fn small_view(self, ui: &Ui) -> AnyView {
        let whole = self.tally.total();
        let number = if self.is_known { ui.number(self.tally.yes) } else { t!(ui, answer.unknown).to_owned() };
        let share = self.is_known.then(|| ui.share(self.tally.yes, whole)).flatten();
        let unknown = self.insights.into_iter().next().map(|Insight { label, n, href }| {
            view! {
                <a class="small small-tile-unknown" href=href>
                    {label}
                    " "
                    <span class="num">{ui.number(n)}</span>
                </a>
            }
        });
        view! {
            <section class="card small-tile">
                <a class="small-tile-main" href=self.href>
                    <h3>{self.title}</h3>
                    <b class="num">{number}</b>
                    <span class="num quiet">{share}</span>
                </a>
                {meter(self.tally)}
                <div class="small-tile-foot">
                    {self.movement.as_ref().map(Movement::words)}
                    {unknown}
                    {self.movement.as_ref().map(Movement::line)}
                </div>
            </section>
        }
        .into_any()
    }
}
