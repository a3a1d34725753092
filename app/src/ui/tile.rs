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
    /// "How is this counted?"
    pub counted: AnyView,
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
    fn number(&self, ui: &Ui) -> String {
        if self.is_known { ui.number(self.tally.yes) } else { t!(ui, answer.unknown).to_owned() }
    }

    fn share(&self, ui: &Ui) -> Option<String> {
        self.is_known.then(|| ui.share(self.tally.yes, self.tally.total())).flatten()
    }

    /// The number and the whole it is of, with the line of its movement.
    fn value(&self, ui: &Ui) -> AnyView {
        let whole = ui.number(self.tally.total());
        let number = self.number(ui);
        let of = self.is_known.then(|| t!(ui, overview.of, total = whole.clone()));
        // A title may be a question; before its answer it has no mark.
        let title = self.title.trim_end_matches('?');
        let name = if self.is_known {
            t!(ui, overview.tile_link, flag = title, n = number.clone(), total = whole)
        } else {
            format!("{title}: {number}")
        };
        let class = if self.is_known { "value num" } else { "value unknown" };
        view! {
            <div class="tile-value">
                <a class=class href=self.href.clone() aria-label=name>
                    {number}
                </a>
                <span class="of num">{of}</span>
                {self.movement.as_ref().map(Movement::line)}
            </div>
        }
        .into_any()
    }

    pub fn view(self, ui: &Ui) -> AnyView {
        let (share, value) = (self.share(ui), self.value(ui));
        let words = self.movement.as_ref().map(Movement::words);
        view! {
            <section class="card tile">
                <div class="tile-head">
                    <h3>{self.title}</h3>
                    <span class="share num">{share}</span>
                    {self.counted}
                </div>
                {value}
                {meter(self.tally)}
                {words}
                {(!self.explanation.is_empty()).then(|| view! { <p class="small quiet">{self.explanation}</p> })}
                {insight_list(ui, self.insights)}
            </section>
        }
        .into_any()
    }

    /// The same in one line, for the second row.
    pub fn small_view(self, ui: &Ui) -> AnyView {
        let (number, share) = (self.number(ui), self.share(ui));
        let words = self.movement.as_ref().map(Movement::words);
        let line = self.movement.as_ref().map(Movement::line);
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
                <div class="small-tile-head">
                    <a class="small-tile-main" href=self.href>
                        <h3>{self.title}</h3>
                        <span class="small-tile-figure">
                            <b class="num">{number}</b>
                            <span class="num quiet">{share}</span>
                        </span>
                    </a>
                    {self.counted}
                </div>
                {meter(self.tally)}
                <div class="small-tile-foot">
                    <div>{words} {unknown}</div>
                    {line}
                </div>
            </section>
        }
        .into_any()
    }

    /// The same over the whole width, under a sentence that says why it matters, with the way to a page of its own.
    pub fn wide_view(self, ui: &Ui, sentence: String, page: String, to_page: &'static str) -> AnyView {
        let (share, value) = (self.share(ui), self.value(ui));
        let words = self.movement.as_ref().map(Movement::words);
        view! {
            <section class="card wide-tile">
                <div class="wide-tile-why">
                    <p class="wide-tile-sentence">{sentence}</p>
                    <a href=page>{to_page}</a>
                </div>
                <div class="wide-tile-figure">
                    <div class="tile-head">
                        <h3>{self.title}</h3>
                        <span class="share num">{share}</span>
                        {self.counted}
                    </div>
                    {value}
                    {meter(self.tally)}
                    {words}
                </div>
                {insight_list(ui, self.insights)}
            </section>
        }
        .into_any()
    }
}

fn insight_list(ui: &Ui, insights: Vec<Insight>) -> Option<AnyView> {
    if insights.is_empty() {
        return None;
    }
    let insights = insights
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
        .collect_view();
    Some(view! { <ul class="insights">{insights}</ul> }.into_any())
}
