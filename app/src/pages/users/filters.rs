use domain::answer::Answer;
use domain::method::{AuthMethod, MethodClass};
use domain::population::Population;
use domain::query::{List, QueryProblem, Report, UserColumn, UserFlag, UsersQuery};
use store::FilterChoices;

use super::{columns, users_href};
use crate::language::{Ui, t};
use crate::ui::filter_bar::{Chip, Choice, Filter, FilterBar, Popover};

/// The filter bar of the users list.
pub fn bar(ui: &Ui, query: &UsersQuery, choices: &FilterChoices, problem: Option<QueryProblem>) -> FilterBar {
    let flag = |flag: UserFlag| Popover { label: ui.flag(flag), filters: vec![flag_filter(ui, query, flag)] };
    let strong = [UserFlag::MfaRegistered, UserFlag::MfaCapable, UserFlag::PasswordlessCapable];
    let mut popovers = vec![
        flag(UserFlag::Registered),
        flag(UserFlag::Enabled),
        flag(UserFlag::Capable),
        Popover {
            label: t!(ui, list.more_methods),
            filters: strong.into_iter().map(|flag| flag_filter(ui, query, flag)).collect(),
        },
        Popover { label: t!(ui, list.methods), filters: vec![class_filter(ui, query), method_filter(ui, query)] },
    ];
    let mut more = vec![population_filter(ui, query)];
    let department = t!(ui, user_column.department);
    more.extend(text_filter("department", department, &choices.departments, &query.department));
    more.extend(text_filter("country", t!(ui, user_column.country), &choices.countries, &query.country));
    popovers.push(Popover { label: t!(ui, list.more), filters: more });
    popovers.push(Popover { label: t!(ui, list.columns), filters: vec![column_filter(ui, query)] });

    let kept = UsersQuery {
        list: List { sort: query.list.sort, size: query.list.size, ..List::default() },
        ..UsersQuery::of(Report { population: None, ..query.report.clone() })
    };
    let clear = UsersQuery {
        list: List { sort: query.list.sort, columns: query.list.columns.clone(), ..List::default() },
        ..UsersQuery::of(Report { population: None, as_of_is_given: false, ..query.report.clone() })
    };
    FilterBar {
        action: "/users",
        search: query.list.q.clone(),
        search_label: t!(ui, list.search_users),
        popovers,
        kept: kept.to_url(),
        chips: chips(ui, query),
        clear: users_href(&clear),
        problem,
    }
}

fn flag_filter(ui: &Ui, query: &UsersQuery, flag: UserFlag) -> Filter {
    let choice = |answer: Answer| Choice {
        value: answer.to_string(),
        label: ui.answer(answer).to_owned(),
        is_chosen: query.flag(flag).contains(&answer),
    };
    let choices = [Answer::Yes, Answer::No, Answer::Unknown].map(choice).into();
    Filter { parameter: flag.as_str(), label: ui.flag(flag), choices, is_one_of: false }
}

fn class_filter(ui: &Ui, query: &UsersQuery) -> Filter {
    let choice = |&class: &MethodClass| Choice {
        value: class.to_string(),
        label: ui.method_class(class).to_owned(),
        is_chosen: query.method_class.contains(&class),
    };
    let choices = MethodClass::ALL.iter().map(choice).collect();
    Filter { parameter: "method_class", label: t!(ui, list.classes), choices, is_one_of: false }
}

fn method_filter(ui: &Ui, query: &UsersQuery) -> Filter {
    // A step of a sign-in, never registered.
    let can_be_registered = |method: &&AuthMethod| **method != AuthMethod::PreviouslySatisfied;
    let choice = |&method: &AuthMethod| Choice {
        value: method.to_string(),
        label: ui.method(method).to_owned(),
        is_chosen: query.method.contains(&method),
    };
    let choices = AuthMethod::ALL.iter().filter(can_be_registered).map(choice).collect();
    Filter { parameter: "method", label: t!(ui, list.methods), choices, is_one_of: false }
}

fn population_filter(ui: &Ui, query: &UsersQuery) -> Filter {
    let choice = |&population: &Population| Choice {
        // The default leaves no trace in the URL.
        value: if population == Population::Members { String::new() } else { population.to_string() },
        label: ui.population(population).to_owned(),
        is_chosen: query.population() == population,
    };
    let choices = Population::ALL.iter().map(choice).collect();
    Filter { parameter: "population", label: t!(ui, population.label), choices, is_one_of: true }
}

fn column_filter(ui: &Ui, query: &UsersQuery) -> Filter {
    let shown = columns(query);
    let choice = |&column: &UserColumn| Choice {
        value: column.to_string(),
        label: ui.user_column(column).to_owned(),
        is_chosen: shown.contains(&column),
    };
    let choices = UserColumn::ALL.iter().map(choice).collect();
    Filter { parameter: "columns", label: t!(ui, list.columns), choices, is_one_of: false }
}

/// A filter on values of the directory; values that the URL names stand there even if nobody has them.
fn text_filter(
    parameter: &'static str,
    label: &'static str,
    values: &[String],
    chosen: &[String],
) -> Option<Filter> {
    let strangers = chosen.iter().filter(|value| !values.contains(value));
    let choices: Vec<Choice> = strangers
        .chain(values)
        .map(|value| Choice { value: value.clone(), label: value.clone(), is_chosen: chosen.contains(value) })
        .collect();
    (!choices.is_empty()).then_some(Filter { parameter, label, choices, is_one_of: false })
}

fn chips(ui: &Ui, query: &UsersQuery) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |label: String, change: &dyn Fn(&mut UsersQuery)| {
        let mut without = query.clone();
        without.list.after = None;
        change(&mut without);
        chips.push(Chip { label, without: users_href(&without) });
    };
    let named = |name: &str, value: String| t!(ui, list.chip, name = name.to_owned(), value = value);
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
    for &flag in UserFlag::ALL.iter().filter(|flag| !query.flag(**flag).is_empty()) {
        let answers: Vec<_> = query.flag(flag).iter().map(|answer| ui.answer(*answer)).collect();
        let value = answers.join(t!(ui, list.or));
        add(named(ui.flag(flag), value), &|query| query.flags[flag as usize].clear());
    }
    for class in &query.method_class {
        let label = ui.method_class(*class).to_owned();
        add(label, &|query| query.method_class.retain(|other| other != class));
    }
    for method in &query.method {
        let label = ui.method(*method).to_owned();
        add(label, &|query| query.method.retain(|other| other != method));
    }
    for department in &query.department {
        let label = named(t!(ui, user_column.department), department.clone());
        add(label, &|query| query.department.retain(|other| other != department));
    }
    for country in &query.country {
        let label = named(t!(ui, user_column.country), country.clone());
        add(label, &|query| query.country.retain(|other| other != country));
    }
    chips
}
