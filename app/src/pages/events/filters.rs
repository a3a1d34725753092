use domain::method::AuthMethod;
use domain::population::Population;
use domain::query::{EventColumn, EventsQuery, List, QueryProblem, Report};
use domain::record::{Feature, Outcome};

use super::{columns, events_href};
use crate::language::{Ui, t};
use crate::ui::filter_bar::{Chip, Choice, Filter, FilterBar, Popover};

/// The filter bar of the events list.
pub fn bar(ui: &Ui, query: &EventsQuery, problem: Option<QueryProblem>) -> FilterBar {
    let feature = Filter {
        parameter: "feature",
        label: t!(ui, event_column.feature),
        choices: Feature::ALL
            .iter()
            .map(|&feature| choice(feature, ui.feature(feature), query.feature.contains(&feature)))
            .collect(),
        is_one_of: false,
    };
    let status = Filter {
        parameter: "status",
        label: t!(ui, event_column.status),
        choices: Outcome::ALL
            .iter()
            .map(|&status| choice(status, ui.status(status), query.status.contains(&status)))
            .collect(),
        is_one_of: false,
    };
    let method = Filter {
        parameter: "method",
        label: t!(ui, event_column.method),
        choices: AuthMethod::ALL
            .iter()
            .map(|&method| choice(method, ui.method(method), query.method.contains(&method)))
            .collect(),
        is_one_of: false,
    };
    let all = Choice {
        value: String::new(),
        label: t!(ui, answer.all).to_owned(),
        is_chosen: query.report.population.is_none(),
    };
    let populations = Population::ALL
        .iter()
        .map(|&name| choice(name, ui.population(name), query.report.population == Some(name)));
    let population = Filter {
        parameter: "population",
        label: t!(ui, population.label),
        choices: std::iter::once(all).chain(populations).collect(),
        is_one_of: true,
    };
    let shown = columns(query);
    let column = Filter {
        parameter: "columns",
        label: t!(ui, list.columns),
        choices: EventColumn::ALL
            .iter()
            .map(|&column| choice(column, ui.event_column(column), shown.contains(&column)))
            .collect(),
        is_one_of: false,
    };
    let kept = EventsQuery {
        list: List { sort: query.list.sort, size: query.list.size, ..List::default() },
        user: query.user.clone(),
        ..EventsQuery::of(Report { population: None, ..query.report.clone() })
    };
    let clear = EventsQuery {
        list: List { sort: query.list.sort, columns: query.list.columns.clone(), ..List::default() },
        ..EventsQuery::of(Report { population: None, as_of_is_given: false, ..query.report.clone() })
    };
    let popovers = [feature, method, status, population, column]
        .map(|filter| Popover { label: filter.label, filters: vec![filter] });
    FilterBar {
        action: "/events",
        search: query.list.q.clone(),
        search_label: t!(ui, list.search_events),
        popovers: popovers.into(),
        kept: kept.to_url(),
        chips: chips(ui, query),
        clear: events_href(&clear),
        problem,
    }
}

fn choice(value: impl ToString, label: &str, is_chosen: bool) -> Choice {
    Choice { value: value.to_string(), label: label.to_owned(), is_chosen }
}

fn chips(ui: &Ui, query: &EventsQuery) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |label: String, change: &dyn Fn(&mut EventsQuery)| {
        let mut without = query.clone();
        without.list.after = None;
        change(&mut without);
        chips.push(Chip { label, without: events_href(&without) });
    };
    if query.report.as_of_is_given {
        let label = t!(ui, as_of.chip, at = ui.time(query.report.as_of));
        add(label, &|query| query.report.as_of_is_given = false);
    }
    if let Some(population) = query.report.population {
        add(ui.population(population).to_owned(), &|query| query.report.population = None);
    }
    if let Some(q) = &query.list.q {
        add(t!(ui, list.search_chip, q = q.clone()), &|query| query.list.q = None);
    }
    for feature in &query.feature {
        let label = ui.feature(*feature).to_owned();
        add(label, &|query| query.feature.retain(|other| other != feature));
    }
    for method in &query.method {
        let label = ui.method(*method).to_owned();
        add(label, &|query| query.method.retain(|other| other != method));
    }
    for status in &query.status {
        let label = ui.status(*status).to_owned();
        add(label, &|query| query.status.retain(|other| other != status));
    }
    for user in &query.user {
        let label = t!(ui, list.chip, name = t!(ui, events.user), value = user.clone());
        add(label, &|query| query.user.retain(|other| other != user));
    }
    chips
}
