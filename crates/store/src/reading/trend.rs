use domain::population::Population;
use domain::query::Report;
use domain::report::{Trend, TrendPoint};
use domain::steps::Steps;
use domain::window::Window;

use super::Reader;
use super::changes::{Stretch, ToldApart};
use super::overview::Census;
use crate::StoreError;
use crate::tiers::{plan, plan_steps, plan_until};

impl Reader {
    pub(super) async fn read_trend(&self, query: &Report) -> Result<Trend, StoreError> {
        let population = query.population.unwrap_or(Population::Members);
        let window = Window { from: query.window().from.min(query.as_of), to: query.as_of };
        let known_from = self.known_from().await?;
        let steps = Steps::of(window);
        let instants = steps.instants(window);
        let mut changes = self.cell_changes(stretches(window, steps)).await?;
        changes.sort_unstable_by_key(|change| change.at);
        let mut changes = changes.into_iter().peekable();
        let mut census = Census::of(population);
        let points = instants.into_iter().map(|at| {
            while let Some(change) = changes.next_if(|change| change.at <= at.millis()) {
                census.add(change.cell(), change.n);
            }
            TrendPoint { at, snapshot: census.snapshot.clone() }
        });
        let points = points.filter(|point| known_from.is_some_and(|from| from <= point.at)).collect();
        let is_last_step_unfinished = steps.is_within(window.to);
        let step_ms = steps.millis;
        Ok(Trend { as_of: window.to, window, known_from, population, step_ms, is_last_step_unfinished, points })
    }
}

/// Everything up to the window's beginning, what is left of the first step, the whole steps, and the last one so far.
fn stretches(window: Window, steps: Steps) -> Vec<Stretch> {
    let later = Window { from: window.from.plus_millis(1), to: window.to.plus_millis(1) };
    let whole = steps.whole(later);
    let mut stretches: Vec<Stretch> = plan_until(window.from).into_iter().map(Stretch::at(window.from)).collect();
    let mut edge = |window: Window| stretches.extend(plan(window).into_iter().map(Stretch::at(window.from)));
    if whole.from < whole.to {
        edge(Window { from: later.from, to: whole.from });
        edge(Window { from: whole.to, to: later.to });
        let segment = plan_steps(whole, steps.millis);
        stretches.push(Stretch { segment, told_apart: ToldApart::Steps(steps.millis) });
    } else {
        // The beginning of the last step, if it lies within the window, has a point of its own just before it.
        let middle = whole.to.clamp(later.from, later.to);
        edge(Window { from: later.from, to: middle });
        edge(Window { from: middle, to: later.to });
    }
    stretches
}

#[cfg(test)]
mod tests {
    use domain::instant::Instant;
    use proptest::prelude::*;

    use super::*;
    use crate::tiers::Segment;

    proptest! {
        /// Whatever happens after the window's beginning is counted once, and at the first point that is not before it.
        #[test]
        fn every_change_reaches_its_point(
            from in 1_700_000_000_000i64..1_800_000_000_000,
            length in 0i64..40_000_000_000,
            after in 0i64..40_000_000_000,
        ) {
            let window = Window { from: Instant::from_millis(from), to: Instant::from_millis(from + length) };
            let at = from + 1 + after % length.max(1);
            let steps = Steps::of(window);
            let found: Vec<i64> = stretches(window, steps)
                .into_iter()
                .filter_map(|stretch| {
                    let (begin, end) = match stretch.segment {
                        Segment::Tier { from, to, .. } | Segment::Raw { from, to } => (from, to),
                    };
                    (begin <= at && at < end).then(|| match stretch.told_apart {
                        ToldApart::At(at) => at.millis(),
                        ToldApart::Steps(millis) => begin + (at - begin) / millis * millis,
                    })
                })
                .collect();
            if length == 0 {
                prop_assert!(found.is_empty());
                return Ok(());
            }
            prop_assert_eq!(found.len(), 1);
            let instants = steps.instants(window);
            let point = |at: i64| instants.partition_point(|instant| instant.millis() < at);
            prop_assert_eq!(point(found[0]), point(at));
        }
    }
}
