//! Search, filters and chips of a list: native controls in one GET form, so that it works without JavaScript.

use domain::query::QueryProblem;
use leptos::prelude::*;

use super::icon;
use super::query_problem::{parameter_label, sentence};
use crate::language::{Ui, t};

/// A value a filter can take.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// One parameter: any of its choices, or exactly one.
pub struct Filter {
    pub parameter: &'static str,
    pub label: &'static str,
    pub choices: Vec<Choice>,
    pub is_one_of: bool,
}

/// Filters that open from one button.
pub struct Popover {
    pub label: &'static str,
    pub filters: Vec<Filter>,
}

/// An active filter and the list without it.
pub struct Chip {
    pub label: String,
    pub without: String,
}

pub struct FilterBar {
    pub action: &'static str,
    pub search: Option<String>,
    pub search_label: &'static str,
    pub popovers: Vec<Popover>,
    /// Query string of what the form keeps and does not show.
    pub kept: String,
    pub chips: Vec<Chip>,
    /// The list with no filter.
    pub clear: String,
    pub problem: Option<QueryProblem>,
}

/// Where the message about a wrong parameter stands.
const PROBLEM_ID: &str = "filter-problem";

impl FilterBar {
    pub fn view(self, ui: &Ui) -> AnyView {
        let kept = form_urlencoded::parse(self.kept.as_bytes())
            .map(|(name, value)| view! { <input type="hidden" name=name.into_owned() value=value.into_owned() /> })
            .collect_view();
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
        let chips = (!self.chips.is_empty()).then(|| chips(ui, self.chips, self.clear));
        view! {
            <form class="bar filters" method="get" action=self.action role="search">
                {kept}
                <label class="find">
                    {icon::search()}
                    <span class="visually-hidden">{self.search_label}</span>
                    <input
                        type="search"
                        name="q"
                        maxlength="200"
                        placeholder=self.search_label
                        value=self.search
                        aria-invalid=is_search_wrong.then_some("true")
                        aria-describedby=is_search_wrong.then_some(PROBLEM_ID)
                    />
                </label>
                <button class="pill" type="submit">
                    {t!(ui, list.search)}
                </button>
                {popovers}
            </form>
            {problem}
            {chips}
        }
        .into_any()
    }
}

impl Popover {
    fn view(self, ui: &Ui, wrong: Option<&str>) -> AnyView {
        let counted = self.filters.iter().filter(|filter| !filter.is_one_of && filter.parameter != "columns");
        let chosen = counted.flat_map(|filter| &filter.choices).filter(|choice| choice.is_chosen).count();
        let count = (chosen > 0).then(|| {
            let n = i64::try_from(chosen).map(|n| ui.number(n)).unwrap_or_default();
            view! { <span class="count">{n}</span> }
        });
        let is_wrong = self.filters.iter().any(|filter| Some(filter.parameter) == wrong);
        let is_alone = self.filters.len() == 1;
        let filters = self.filters.into_iter().map(|filter| filter.view(is_alone)).collect_view();
        view! {
            <details class="popover" name="popover">
                <summary
                    class="pill"
                    class:wrong=is_wrong
                    aria-describedby=is_wrong.then_some(PROBLEM_ID)
                >
                    {self.label}
                    {count}
                    {icon::chevron()}
                </summary>
                <div class="sheet">
                    <div class="sheet-body">{filters}</div>
                    <div class="sheet-foot">
                        <button class="pill primary" type="submit">
                            {t!(ui, list.apply)}
                        </button>
                    </div>
                </div>
            </details>
        }
        .into_any()
    }
}

impl Filter {
    fn view(self, is_alone: bool) -> AnyView {
        let kind = if self.is_one_of { "radio" } else { "checkbox" };
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

fn chips(ui: &Ui, chips: Vec<Chip>, clear: String) -> impl IntoView + use<> {
    let chips = chips
        .into_iter()
        .map(|chip| {
            let remove = t!(ui, list.remove, what = chip.label.clone());
            view! {
                <li class="chip">
                    {chip.label}
                    <a href=chip.without aria-label=remove>
                        {icon::cross()}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="bar">
            <ul class="bar" aria-label=t!(ui, list.filters)>
                {chips}
            </ul>
            <a class="small" href=clear>
                {t!(ui, list.clear_all)}
            </a>
        </div>
    }
}
