//! Every screen is in its URL: what a query writes, it reads back; and nothing wrong passes unseen.

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::{AuthMethod, MethodClass};
use domain::page::{Cursor, Key};
use domain::population::Population;
use domain::query::{
    Direction, EventColumn, EventsQuery, List, ProblemKind, Report, Sort, Span, UserColumn, UsersQuery,
};
use domain::record::{Feature, Outcome};
use domain::window::{Range, Window};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const NOW: Instant = Instant::from_millis(1_790_000_000_000);

fn text() -> impl Strategy<Value = String> {
    // No outer white space: it is trimmed off a search.
    "[a-zåäö0-9&=%+#'\"<]([ -~åäö€]{0,20}[a-z#&])?"
}

fn instant() -> impl Strategy<Value = Instant> {
    (1_000_000_000_000i64..2_000_000_000_000).prop_map(Instant::from_millis)
}

fn report() -> impl Strategy<Value = Report> {
    let span = prop_oneof![
        select(Range::ALL).prop_map(Span::Range),
        (instant(), 1i64..10_000_000_000)
            .prop_map(|(from, length)| Span::Window(Window { from, to: from.plus_millis(length) })),
    ];
    let tz = prop_oneof![Just(None), Just(Some("Europe/Stockholm".to_owned()))];
    (prop::option::of(instant()), span, prop::option::of(select(Population::ALL)), tz).prop_map(
        |(as_of, span, population, tz)| Report {
            as_of: as_of.unwrap_or(NOW),
            as_of_is_given: as_of.is_some(),
            span,
            population,
            tz,
            lang: None,
        },
    )
}

fn list<C: domain::query::Column + std::fmt::Debug>(all: &'static [C]) -> impl Strategy<Value = List<C>> {
    let sort = (select(all), any::<bool>()).prop_map(|(column, up)| Sort {
        column,
        direction: if up { Direction::Ascending } else { Direction::Descending },
    });
    let key = prop_oneof![any::<i64>().prop_map(Key::Number), ".{0,12}".prop_map(Key::Text)];
    let after = prop::option::of((any::<bool>(), key, any::<i64>(), 1i64..1_000_000));
    (prop::option::of(text()), sort, 1u32..=1000, after, subsequence(all, 0..=all.len())).prop_map(
        |(q, sort, size, after, columns)| List {
            q,
            sort,
            size,
            after: after.map(|(backward, key, tie, first)| Cursor {
                sort: sort.to_string(),
                backward,
                key,
                ties: vec![Key::Number(tie)],
                first,
            }),
            columns,
        },
    )
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    subsequence(Answer::ALL, 0..=3)
}

proptest! {
    #[test]
    fn a_users_list_reads_what_it_wrote(
        report in report(),
        list in list(UserColumn::ALL),
        flags in prop::array::uniform6(answers()),
        method in subsequence(AuthMethod::ALL, 0..4),
        method_class in subsequence(MethodClass::ALL, 0..=4),
        department in prop::collection::vec(text(), 0..3),
        country in prop::collection::vec(text(), 0..3),
    ) {
        let query = UsersQuery { report, list, flags, method, method_class, department, country };
        prop_assert_eq!(UsersQuery::parse(&query.to_url(), NOW), Ok(query));
    }

    #[test]
    fn an_events_list_reads_what_it_wrote(
        report in report(),
        list in list(EventColumn::ALL),
        feature in subsequence(Feature::ALL, 0..=2),
        status in subsequence(Outcome::ALL, 0..=2),
        method in subsequence(AuthMethod::ALL, 0..4),
        user in prop::collection::vec(text(), 0..3),
    ) {
        let query = EventsQuery { report, list, feature, status, method, user };
        prop_assert_eq!(EventsQuery::parse(&query.to_url(), NOW), Ok(query));
    }

    #[test]
    fn an_overview_reads_what_it_wrote(report in report()) {
        prop_assert_eq!(Report::parse(&report.to_url(), NOW), Ok(report));
    }

    #[test]
    fn one_window_later_is_where_one_window_earlier_was(report in report(), now in instant()) {
        let earlier = report.earlier();
        prop_assert_eq!(earlier.window().to, report.window().from);
        prop_assert_eq!(Report::parse(&earlier.to_url(), earlier.as_of), Ok(earlier.clone()));
        // Calendar months have no way back from the 31st.
        let length = report.window().to.millis() - report.window().from.millis();
        if report.range() != Some(Range::Year) && report.window().to.plus_millis(length / 100) < now {
            prop_assert_eq!(earlier.later(now).map(|later| later.window()), Some(report.window()));
        }
        if let Some(later) = report.later(now) {
            prop_assert!(later.window().to <= now || report.range().is_none());
        }
    }

    #[test]
    fn what_a_form_says_in_a_zone_is_an_instant(at in instant(), zone in select(&["Europe/Stockholm", "Asia/Kolkata", "UTC"])) {
        let zoned = at.timestamp().in_tz(zone).expect("a zone");
        let given = zoned.strftime("%Y-%m-%dT%H:%M").to_string();
        let report = Report::parse(&format!("as_of={given}&tz={zone}"), NOW).expect("a local time");
        prop_assert_eq!(Report::parse(&report.to_url(), NOW), Ok(report.clone()));
        let again = report.as_of.timestamp().in_tz(zone).expect("a zone");
        prop_assert_eq!(again.strftime("%Y-%m-%dT%H:%M").to_string(), given);
    }

    #[test]
    fn any_text_is_read_or_refused(query in ".{0,200}") {
        let _ = UsersQuery::parse(&query, NOW);
        let _ = EventsQuery::parse(&query, NOW);
    }
}

#[test]
fn a_wrong_parameter_is_named() {
    for (query, parameter) in [
        ("colour=red", "colour"),
        ("registered=maybe", "registered"),
        ("range=1y", "range"),
        ("range=7d&from=2026-01-01T00:00:00Z", "range"),
        ("from=2026-01-01T00:00:00Z", "to"),
        ("to=2026-01-01T00:00:00Z", "from"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
        ("as_of=yesterday", "as_of"),
        ("as_of=2026-01-01T00:00", "as_of"),
        ("as_of=2026-01-01&tz=Europe/Stockholm", "as_of"),
        ("from=2026-01-02T00:00&to=2026-01-01T00:00&tz=Europe/Stockholm", "from"),
        ("as_of=2026-01-01T00:00:00Z&as_of=2026-01-02T00:00:00Z", "as_of"),
        ("size=0", "size"),
        ("size=1001", "size"),
        ("sort=shoe_size", "sort"),
        ("after=xyz", "after"),
        ("population=robots", "population"),
        ("tz=Mars/Olympus", "tz"),
        ("lang=tlh", "lang"),
        ("columns=shoe_size", "columns"),
        ("method=telepathy", "method"),
    ] {
        let problem = UsersQuery::parse(query, NOW).expect_err(query);
        assert_eq!(problem.parameter, parameter, "{query}");
        assert!(problem.to_string().contains(parameter), "{problem}");
    }
}

#[test]
fn a_cursor_belongs_to_its_sort() {
    let cursor = Cursor {
        sort: "display_name".into(),
        backward: false,
        key: Key::Text("a".into()),
        ties: vec![Key::Number(1)],
        first: 51,
    }
    .encode();
    assert!(UsersQuery::parse(&format!("after={cursor}"), NOW).is_ok());
    let problem = UsersQuery::parse(&format!("sort=-display_name&after={cursor}"), NOW).expect_err("another sort");
    assert_eq!(problem.kind, ProblemKind::NotACursor);
}

#[test]
fn what_a_form_leaves_empty_is_not_asked_for() {
    assert_eq!(UsersQuery::parse("q=&registered=&department=&sort=", NOW), Ok(UsersQuery::new(NOW)));
}
