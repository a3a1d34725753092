//! `/users`: registration details.

use domain::answer::Answer;
use domain::method::{AuthMethod, MethodClass};
use domain::page::Page;
use domain::population::Population;
use domain::query::{Report, UNKNOWN_GROUP, UserColumn, UserFlag, UsersQuery};
use domain::report::UserItem;
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::list::{self, ListPage, Words};
use super::serve::Asked;
use crate::figures::href;
use crate::language::{Ui, t};
use crate::ui::empty;
use crate::ui::filter_bar::{Choice, Filter, Popover, Takes};

mod cells;

pub fn page() -> AnyView {
    list::page::<UsersQuery>()
}

impl ListPage for UsersQuery {
    const SHOWN: &'static [UserColumn] = &[
        UserColumn::DisplayName,
        UserColumn::Registered,
        UserColumn::Enabled,
        UserColumn::Capable,
        UserColumn::Methods,
        UserColumn::UpdatedAt,
    ];
    const VIEW: ViewPage = ViewPage::Users;
    const HAS_WINDOW: bool = false;

    fn words(ui: &Ui) -> Words {
        Words { title: t!(ui, users.title), table: t!(ui, users.table), search: t!(ui, list.search_users) }
    }

    fn count(ui: &Ui, page: &Page<UserItem>) -> String {
        let n = ui.number(page.total);
        if page.total_is_exact { t!(ui, users.count, count = page.total, n = n) } else { t!(ui, users.count_more, n = n) }
    }

    fn about(&self, ui: &Ui) -> String {
        ui.population(self.population()).to_owned()
    }

    fn column(ui: &Ui, column: UserColumn) -> &'static str {
        ui.user_column(column)
    }

    fn is_number(column: UserColumn) -> bool {
        column == UserColumn::UpdatedAt
    }

    fn cell(&self, ui: &Ui, user: &UserItem, column: UserColumn) -> AnyView {
        cells::cell(ui, self, user, column)
    }

    fn filters(&self, ui: &Ui, choices: &FilterChoices) -> Vec<Popover> {
        let flag = |flag: UserFlag| flag_filter(ui, self, flag);
        let mut more = vec![Filter::population(ui, self.report.population, Some(Population::Members))];
        let department = t!(ui, user_column.department);
        let country = t!(ui, user_column.country);
        more.extend(group_filter(ui, "department", department, &choices.departments, &self.department));
        more.extend(group_filter(ui, "country", country, &choices.countries, &self.country));
        vec![
            flag(UserFlag::Registered).into(),
            flag(UserFlag::Enabled).into(),
            flag(UserFlag::Capable).into(),
            Popover {
                label: t!(ui, list.more_methods),
                filters: [UserFlag::MfaRegistered, UserFlag::MfaCapable, UserFlag::PasswordlessCapable].map(flag).into(),
            },
            Popover { label: t!(ui, list.methods), filters: vec![class_filter(ui, self), method_filter(ui, self)] },
            Popover { label: t!(ui, list.more), filters: more },
        ]
    }

    async fn choices(reader: &Reader) -> Result<FilterChoices, StoreError> {
        reader.filter_choices().await
    }

    /// Says so where a filter matches more than its name.
    fn notes(&self, ui: &Ui) -> Vec<String> {
        let wide = self.method.iter().filter(|method| method.matched_by_filter().iter().count() > 1);
        wide.map(|method| t!(ui, users.also_mobile, method = ui.method(*method))).collect()
    }

    async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
        let report = Report { population: Some(Population::Everyone), ..self.report.clone() };
        let overview = asked.reader().overview(&report).await?;
        let Some(known_from) = overview.known_from else { return Ok(Some(empty::no_data(ui))) };
        if self.report.as_of < known_from {
            let now = Report { as_of_is_given: false, ..self.report.clone() };
            let now = href("/users", &UsersQuery { report: now, ..self.clone() }.to_url());
            return Ok(Some(empty::before_data(ui, known_from, self.report.as_of, now)));
        }
        let enabled = *overview.tiles.get(UserFlag::Enabled);
        let needs_reset = [UserFlag::Enabled, UserFlag::Capable].iter().any(|flag| self.flag(*flag) == [Answer::Yes]);
        Ok((needs_reset && enabled.no > 0 && enabled.yes + enabled.unknown == 0).then(|| empty::reset_is_off(ui)))
    }

    fn no_match(&self, ui: &Ui) -> String {
        if *self == UsersQuery::of(self.report.clone()) {
            t!(ui, empty.no_population, at = ui.time(self.report.as_of))
        } else {
            t!(ui, empty.no_match_users).to_owned()
        }
    }
}

fn flag_filter(ui: &Ui, query: &UsersQuery, flag: UserFlag) -> Filter {
    let answers = [Answer::Yes, Answer::No, Answer::Unknown];
    Filter::words(flag.as_str(), ui.flag(flag), &answers, query.flag(flag), true, |answer| ui.answer(answer).to_owned())
}

fn class_filter(ui: &Ui, query: &UsersQuery) -> Filter {
    let choice = |&class: &MethodClass| Choice {
        value: class.to_string(),
        label: ui.method_class(class).to_owned(),
        is_chosen: query.method_class.contains(&class),
    };
    let choices = MethodClass::ALL.iter().map(choice).collect();
    let label = t!(ui, list.classes);
    Filter { parameter: "method_class", label, choices, takes: Takes::Any, is_named_in_chip: false }
}

fn method_filter(ui: &Ui, query: &UsersQuery) -> Filter {
    // A step of a sign-in, never registered.
    let can_be_registered = AuthMethod::ALL.iter().filter(|method| **method != AuthMethod::PreviouslySatisfied);
    Filter::methods(ui, t!(ui, list.methods), can_be_registered, &query.method)
}

/// A filter on departments or countries, and on there being none; what the URL names stands there even if nobody has it.
fn group_filter(
    ui: &Ui,
    parameter: &'static str,
    label: &'static str,
    values: &[String],
    chosen: &[String],
) -> Option<Filter> {
    let strangers = chosen.iter().filter(|value| !values.contains(value) && *value != UNKNOWN_GROUP);
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        is_chosen: chosen.iter().any(|chosen| chosen == value),
    };
    let known = strangers.chain(values).filter(|value| *value != UNKNOWN_GROUP).map(|value| choice(value, value));
    let mut choices: Vec<Choice> = known.collect();
    if !choices.is_empty() || !chosen.is_empty() {
        choices.push(choice(UNKNOWN_GROUP, ui.answer(Answer::Unknown)));
    }
    (!choices.is_empty()).then_some(Filter { parameter, label, choices, takes: Takes::Any, is_named_in_chip: true })
}
