//! What moved: trends and changes over small, hand-made records, on both engines.

use crate::support::{Engine, TestDb, at, details, person};
use domain::instant::{DAY_MS, HOUR_MS, Instant};
use domain::population::Population;
use domain::query::{Report, Span};
use domain::report::{Change, TrendPoint};
use domain::window::{Range, Window};
use rstest::rstest;
use store::Options;

fn report(as_of: Instant, span: Span) -> Report {
    Report { as_of_is_given: true, span, ..Report::new(as_of) }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_trend_is_the_tiles_at_each_of_its_instants(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    // On the stroke of midnight, within an hour, and a user who changes twice in one day.
    let midnight = (at(5000).millis() / DAY_MS * DAY_MS - at(0).millis()) / 60_000;
    db.import(vec![
        details(person("a", "ann@x.example"), 10, false, &[]),
        details(person("a", "ann@x.example"), midnight, true, &["mobilePhone"]),
        details(person("b", "bo@x.example"), midnight + 30, true, &["mobilePhone", "fido2"]),
        details(person("b", "bo@x.example"), midnight + 90, false, &["fido2"]),
        details(person("g", "g_x.example#EXT#@y.example"), midnight + 20, false, &[]),
    ])
    .await;
    let odd = Window { from: at(midnight - 90), to: at(midnight + 1) };
    let spans = [Range::Day, Range::Week, Range::Month, Range::Quarter, Range::Year].map(Span::Range);
    for span in spans.into_iter().chain([Span::Window(odd)]) {
        for as_of in [at(midnight), at(midnight).plus_millis(-1), at(midnight + 100), at(midnight + 40_000)] {
            let report = report(as_of, span);
            let trend = db.reader().trend(&report).await.expect("a trend");
            assert!(!trend.points.is_empty(), "{span:?}");
            for TrendPoint { at, snapshot } in &trend.points {
                let then = db.reader().overview(&self::report(*at, span)).await.expect("an overview");
                assert_eq!((then.population.size, then.tiles, then.insights), {
                    let snapshot = snapshot.clone();
                    (snapshot.size, snapshot.tiles, snapshot.insights)
                });
            }
            let overview = db.reader().overview(&report).await.expect("an overview");
            let ends = trend.points.first().zip(trend.points.last());
            let change = ends
                .filter(|(first, _)| first.at == trend.window.from)
                .map(|(first, last)| Change { since: first.at, difference: last.snapshot.clone() - &first.snapshot });
            assert_eq!(overview.change, change, "{span:?} as of {as_of}");
        }
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn before_the_first_record_there_is_neither_point_nor_change(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let as_of = at(100_000);
    let nothing = db.reader().trend(&report(as_of, Span::Range(Range::Month))).await.expect("a trend");
    assert!(nothing.points.is_empty() && nothing.known_from.is_none());
    let first = as_of.plus_millis(-3 * DAY_MS);
    let minutes = (first.millis() - at(0).millis()) / 60_000;
    db.import(vec![details(person("a", "ann@x.example"), minutes, true, &["mobilePhone"])]).await;
    let month = report(as_of, Span::Range(Range::Month));
    let trend = db.reader().trend(&month).await.expect("a trend");
    assert_eq!(trend.points.len(), 4);
    assert!(trend.points.iter().all(|point| point.at >= first && point.snapshot.size == 1));
    assert_eq!(db.reader().overview(&month).await.expect("an overview").change, None);
    let exactly = report(as_of, Span::Window(Window { from: first, to: as_of }));
    let change = db.reader().overview(&exactly).await.expect("an overview").change.expect("it is known");
    assert_eq!((change.since, change.difference.size), (first, 0));
    let just_before = report(as_of, Span::Window(Window { from: first.plus_millis(-1), to: as_of }));
    assert_eq!(db.reader().overview(&just_before).await.expect("an overview").change, None);
    // A window that begins after the instant the report is about: there is nothing to compare.
    let later = Window { from: as_of.plus_millis(HOUR_MS), to: as_of.plus_millis(2 * HOUR_MS) };
    let later = Report { population: Some(Population::Everyone), ..report(as_of, Span::Window(later)) };
    assert_eq!(db.reader().overview(&later).await.expect("an overview").change, None);
    assert_eq!(db.reader().trend(&later).await.expect("a trend").points.len(), 1);
}
