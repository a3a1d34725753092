//! How a figure moved over the chosen range: in words with an arrow, and as a small line.

use charts::Sparkline;
use domain::query::Report;
use domain::report::{Change, Snapshot, Trend};
use leptos::prelude::*;

use super::icon;
use crate::language::{Ui, t};

/// What makes movements of figures: one report's trend and change.
pub struct Movements<'a> {
    pub report: &'a Report,
    pub trend: &'a Trend,
    pub change: Option<&'a Change>,
}

/// One figure's movement.
pub struct Movement {
    /// "118 more in 30 days", and where it points.
    words: String,
    direction: Option<bool>,
    spark: Sparkline,
}

impl Movements<'_> {
    /// The movement of the figure that `measure` finds in a snapshot; `title` names it.
    pub fn of(&self, ui: &Ui, title: &str, measure: impl Fn(&Snapshot) -> i64) -> Movement {
        let points = &self.trend.points;
        let values = || points.iter().map(|point| measure(&point.snapshot));
        let name = match (points.first(), points.last(), values().min(), values().max()) {
            (Some(first), Some(last), Some(least), Some(most)) => t!(
                ui,
                movement.line,
                figure = title.to_owned(),
                first = ui.number(measure(&first.snapshot)),
                from = ui.time(first.at),
                last = ui.number(measure(&last.snapshot)),
                to = ui.time(last.at),
                least = ui.number(least),
                most = ui.number(most)
            ),
            _ => String::new(),
        };
        let spark = Sparkline {
            name,
            points: points.iter().map(|point| (point.at.millis(), measure(&point.snapshot))).collect(),
            span: (self.trend.window.from.millis(), self.trend.window.to.millis()),
            is_last_unfinished: self.trend.is_last_step_unfinished,
        };
        let difference = self.change.map(|change| measure(&change.difference));
        let words = difference.map_or_else(|| self.before_data(ui), |difference| self.words(ui, difference));
        Movement { words, direction: difference.filter(|n| *n != 0).map(|n| n > 0), spark }
    }

    /// "118 more in 30 days"; since an instant, where the range is no range by name.
    fn words(&self, ui: &Ui, difference: i64) -> String {
        let n = ui.number(difference.saturating_abs());
        match (self.report.range().map(|range| ui.range(range)), difference) {
            (Some(range), 0) => t!(ui, movement.same, range = range),
            (Some(range), 1..) => t!(ui, movement.more, n = n, range = range),
            (Some(range), _) => t!(ui, movement.fewer, n = n, range = range),
            (None, 0) => t!(ui, movement.same_since, at = ui.time(self.trend.window.from)),
            (None, 1..) => t!(ui, movement.more_since, n = n, at = ui.time(self.trend.window.from)),
            (None, _) => t!(ui, movement.fewer_since, n = n, at = ui.time(self.trend.window.from)),
        }
    }

    fn before_data(&self, ui: &Ui) -> String {
        let known_from = self.trend.known_from.filter(|from| *from > self.trend.window.from);
        known_from.map_or_else(String::new, |from| t!(ui, movement.no_data_before, at = ui.date(from)))
    }
}

impl Movement {
    /// First and last value, least and most, in a sentence.
    pub fn name(&self) -> &str {
        &self.spark.name
    }

    /// "118 more in 30 days", with an arrow.
    pub fn words(&self) -> AnyView {
        let arrow = self.direction.map(icon::arrow);
        let words = self.words.clone();
        (!words.is_empty()).then(|| view! { <p class="moved small">{arrow} {words}</p> }).into_any()
    }

    /// The small line; nothing where nothing is known but the present.
    pub fn line(&self) -> AnyView {
        let svg = self.spark.svg();
        (!svg.is_empty()).then(|| view! { <div class="spark-box" inner_html=svg></div> }).into_any()
    }
}
