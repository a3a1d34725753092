//! Search, filters and chips of a list: native controls in one GET form, so that it works without JavaScript.
//! With it, the island follows every key and every choice, and swaps what is marked `data-swap`.

use domain::method::AuthMethod;
use domain::population::Population;
use domain::query::QueryProblem;
use leptos::prelude::*;

use super::query_problem::{PROBLEM_ID, parameter_label, sentence};
use super::{hidden, icon};
use crate::address::Address;
use crate::islands::live_list::LiveList;
use crate::language::{Ui, t};

/// A value a filter can take.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// How many of a filter's choices can be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Any,
    /// Exactly one; the choice without a value is what stands when nothing is asked for.
    One,
}

/// One parameter and what it can be.
pub struct Filter {
    pub parameter: &'static str,
    pub label: &'static str,
    pub choices: Vec<Choice>,
    pub takes: Takes,
    /// Whether a chip says the label too: "Registered: No", but just "SMS".
    pub is_named_in_chip: bool,
}

/// Filters that open from one button.
pub struct Popover {
    pub label: &'static str,
    pub filters: Vec<Filter>,
}

impl From<Filter> for Popover {
    fn from(filter: Filter) -> Self {
        Self { label: filter.label, filters: vec![filter] }
    }
}

/// An active filter and the list without it.
pub struct Chip {
    pub label: String,
    pub without: Address,
}

pub struct FilterBar {
    /// The list as it is, on its first page.
    pub address: Address,
    pub search: Option<String>,
    pub search_label: &'static str,
    pub popovers: Vec<Popover>,
    pub chips: Vec<Chip>,
    pub problem: Option<QueryProblem>,
}

impl FilterBar {
    pub fn view(self, ui: &Ui) -> AnyView {
        let shown = self.popovers.iter().flat_map(|popover| &popover.filters).map(|filter| filter.parameter);
        let shown: Vec<&str> = shown.chain(["q"]).collect();
        let kept = hidden::fields("kept-filters", &self.address.clone().without(&shown));
        let wrong = self.problem.as_ref().map(|problem| problem.parameter.as_str());
        let popovers = self.popovers.into_iter().map(|popover| popover.view(ui, wrong)).collect_view();
        let is_search_wrong = wrong == Some("q");
        let problem = self.problem.as_ref().map(|problem| {
            view! {
                <p class="field-problem" id=PROBLEM_ID role="alert">
                    <b>{parameter_label(ui, &problem.parameter)}</b>
                    ": "
                    {sentence(ui, problem)}
                </p>
            }
        });
        view! {
            <form class="bar filters" method="get" action=self.address.path().to_owned() role="search" data-live="">
                {kept}
                <label class="find">
                    {icon::search()}
                    <span class="visually-hidden">{self.search_label}</span>
                    <input
                        type="search"
                        name="q"
                        maxlength="200"
                        autocomplete="off"
                        spellcheck="false"
                        enterkeyhint="search"
                        placeholder=self.search_label
                        value=self.search
                        aria-invalid=is_search_wrong.then_some("true")
                        aria-describedby=is_search_wrong.then_some(PROBLEM_ID)
                    />
                </label>
                <noscript>
                    <button class="pill" type="submit">
                        {t!(ui, list.search)}
                    </button>
                </noscript>
                {popovers}
            </form>
            <LiveList
                failed=t!(ui, list.live_failed).to_owned()
                offline=t!(ui, list.live_offline).to_owned()
                signed_out=t!(ui, list.live_signed_out).to_owned()
                error_id=t!(ui, list.live_error_id).to_owned()
                retry=t!(ui, list.live_retry).to_owned()
            />
            {problem}
            {chips(ui, self.chips)}
        }
        .into_any()
    }
}

impl Popover {
    fn view(self, ui: &Ui, wrong: Option<&str>) -> AnyView {
        let chosen = self.filters.iter().flat_map(Filter::chosen).count();
        let count = (chosen > 0).then(|| {
            let n = i64::try_from(chosen).map(|n| ui.number(n)).unwrap_or_default();
            view! { <span class="count">{n}</span> }
        });
        let is_wrong = self.filters.iter().any(|filter| Some(filter.parameter) == wrong);
        let is_alone = self.filters.len() == 1;
        let id = self.filters.first().map_or("", |filter| filter.parameter);
        let filters = self.filters.into_iter().map(|filter| filter.view(is_alone)).collect_view();
        view! {
            <details class="popover" name="popover">
                <summary
                    class="pill"
                    class:wrong=is_wrong
                    aria-describedby=is_wrong.then_some(PROBLEM_ID)
                >
                    {self.label}
                    <span class="count-box" id=format!("count-{id}") data-swap="">
                        {count}
                    </span>
                    {icon::chevron()}
                </summary>
                <div class="sheet">
                    <div class="sheet-body">{filters}</div>
                    {apply(ui)}
                </div>
            </details>
        }
        .into_any()
    }
}

/// The foot of a sheet with a form's button.
pub fn apply(ui: &Ui) -> impl IntoView + use<> {
    view! {
        <div class="sheet-foot">
            <button class="pill primary" type="submit">
                {t!(ui, list.apply)}
            </button>
        </div>
    }
}

impl Filter {
    /// A filter on words with fixed names; a chip says the filter's label where the word alone would be a riddle.
    pub fn words<T: Copy + PartialEq + std::fmt::Display>(
        parameter: &'static str,
        label: &'static str,
        all: &[T],
        chosen: &[T],
        is_named_in_chip: bool,
        word: impl Fn(T) -> String,
    ) -> Self {
        let choice =
            |&value: &T| Choice { value: value.to_string(), label: word(value), is_chosen: chosen.contains(&value) };
        let choices = all.iter().map(choice).collect();
        Self { parameter, label, choices, takes: Takes::Any, is_named_in_chip }
    }

    /// The people that a link asks for: a chip each, and no control.
    pub fn people(label: &'static str, chosen: &[String]) -> Self {
        Self::given("user", label, chosen)
    }

    /// A filter on yes or no, or neither.
    pub fn yes_or_no(ui: &Ui, parameter: &'static str, label: &'static str, chosen: Option<bool>) -> Self {
        let choice = |value: &str, label: &str, is_chosen| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            is_chosen,
        };
        let choices = vec![
            choice("", t!(ui, answer.all), chosen.is_none()),
            choice("yes", t!(ui, answer.yes), chosen == Some(true)),
            choice("no", t!(ui, answer.no), chosen == Some(false)),
        ];
        Self { parameter, label, choices, takes: Takes::One, is_named_in_chip: true }
    }

    /// Values that a link asks for and no control offers: a chip each.
    pub fn given<T: std::fmt::Display>(parameter: &'static str, label: &'static str, values: &[T]) -> Self {
        let choice = |value: &T| Choice { value: value.to_string(), label: value.to_string(), is_chosen: true };
        let choices = values.iter().map(choice).collect();
        Self { parameter, label, choices, takes: Takes::Any, is_named_in_chip: true }
    }

    /// A filter on the population; `default` stands when none is asked for and leaves no trace in the URL, `None` is
    /// everybody's rows.
    pub fn population(ui: &Ui, chosen: Option<Population>, default: Option<Population>) -> Self {
        let all = default.is_none().then(|| Choice {
            value: String::new(),
            label: t!(ui, answer.all).to_owned(),
            is_chosen: chosen.is_none(),
        });
        let choice = |&population: &Population| Choice {
            value: if Some(population) == default { String::new() } else { population.to_string() },
            label: ui.population(population).to_owned(),
            is_chosen: chosen.or(default) == Some(population),
        };
        let choices = all.into_iter().chain(Population::ALL.iter().map(choice)).collect();
        let label = t!(ui, population.label);
        Self { parameter: "population", label, choices, takes: Takes::One, is_named_in_chip: false }
    }

    /// A filter on methods.
    pub fn methods<'a>(
        ui: &Ui,
        label: &'static str,
        all: impl Iterator<Item = &'a AuthMethod>,
        chosen: &[AuthMethod],
    ) -> Self {
        let choice = |method: &AuthMethod| Choice {
            value: method.to_string(),
            label: ui.method(*method).to_owned(),
            is_chosen: chosen.contains(method),
        };
        let choices = all.map(choice).collect();
        Self { parameter: "method", label, choices, takes: Takes::Any, is_named_in_chip: false }
    }

    /// The choices that narrow the list.
    pub fn chosen(&self) -> impl Iterator<Item = &Choice> {
        self.choices.iter().filter(|choice| choice.is_chosen && !choice.value.is_empty())
    }

    /// A chip for each chosen value.
    pub fn chips(&self, ui: &Ui, address: &Address) -> Vec<Chip> {
        let chip = |choice: &Choice| Chip {
            label: if self.is_named_in_chip {
                t!(ui, list.chip, name = self.label, value = choice.label.clone())
            } else {
                choice.label.clone()
            },
            without: address.clone().without_value(self.parameter, &choice.value),
        };
        self.chosen().map(chip).collect()
    }

    /// The choices as boxes or buttons.
    pub fn view(self, is_alone: bool) -> AnyView {
        let kind = if self.takes == Takes::One { "radio" } else { "checkbox" };
        let legend_class = if is_alone { "visually-hidden" } else { "" };
        let choices = self
            .choices
            .into_iter()
            .map(|choice| {
                view! {
                    <label class="choice">
                        <input type=kind name=self.parameter value=choice.value checked=choice.is_chosen />
                        <span>{choice.label}</span>
                    </label>
                }
            })
            .collect_view();
        view! {
            <fieldset>
                <legend class=legend_class>{self.label}</legend>
                {choices}
            </fieldset>
        }
        .into_any()
    }
}

/// Stands there without chips too, so that some can be swapped in.
fn chips(ui: &Ui, chips: Vec<Chip>) -> impl IntoView + use<> {
    // Every chip takes one thing away: nothing is left when all have.
    let clear = chips.iter().map(|chip| &chip.without).cloned().reduce(|all, one| all.common(&one));
    let clear = clear.map(|address| {
        view! {
            <a class="small" id="clear-all" href=address.to_string()>
                {t!(ui, list.clear_all)}
            </a>
        }
    });
    let chips = chips
        .into_iter()
        .map(|chip| {
            let remove = t!(ui, list.remove, what = chip.label.clone());
            view! {
                <li class="chip">
                    {chip.label}
                    <a href=chip.without.to_string() aria-label=remove>
                        {icon::cross()}
                    </a>
                </li>
            }
        })
        .collect_view();
    let list = clear.map(|clear| {
        view! {
            <ul class="bar" aria-label=t!(ui, list.filters)>
                {chips}
            </ul>
            {clear}
        }
    });
    view! {
        <div class="bar chips" id="chips" data-swap="">
            {list}
        </div>
    }
}
