//! Every list page: head, filters, table, pages, download. A list declares its words, columns, cells and filters.

use std::future::Future;

use domain::page::Page;
use domain::query::{Column, Filtered, Filters, QueryProblem};
use domain::view::ViewPage;
use domain::viewer::Viewer;
use http::StatusCode;
use leptos::prelude::*;
use store::{FilterChoices, Listed, Reader, StoreError};

use super::forgiving;
use super::problem::Problem;
use super::serve::{Asked, Content, page_for_viewers};
use super::sign_in::notice_view;
use crate::address::Address;
use crate::language::{Ui, t};
use crate::ui::filter_bar::{Chip, Filter, FilterBar, Popover};
use crate::ui::section::or_failed;

mod head;
pub mod nothing;
mod table;

/// What a list calls itself and its parts.
pub struct Words {
    pub title: &'static str,
    /// The table's caption.
    pub table: &'static str,
    pub search: &'static str,
}

/// A list and how it is shown.
pub trait ListPage: Listed {
    /// The columns where the URL names none.
    const SHOWN: &'static [Self::Column];
    /// What a saved view of this list is of.
    const VIEW: ViewPage;
    /// Whether rows lie in a window of time; else they are about one instant.
    const HAS_WINDOW: bool;
    /// Whether rows come from records, so that without any there are none.
    const IS_OF_RECORDS: bool = true;
    /// Whether the list is about a population that could be wider.
    const HAS_POPULATION: bool = true;

    fn words(ui: &Ui) -> Words;
    /// "412 users"
    fn count(ui: &Ui, page: &Page<Self::Item>) -> String;
    /// What the count is about, beside it.
    fn about(&self, ui: &Ui) -> String;
    fn column(ui: &Ui, column: Self::Column) -> &'static str;
    fn is_number(column: Self::Column) -> bool;
    fn cell(&self, ui: &Ui, item: &Self::Item, column: Self::Column) -> AnyView;
    /// A cell with what only some viewers may do.
    fn cell_for(&self, _viewer: &Viewer, ui: &Ui, item: &Self::Item, column: Self::Column) -> AnyView {
        self.cell(ui, item, column)
    }
    /// What a link to a row names after its `#`.
    fn row_id(&self, _item: &Self::Item) -> Option<String> {
        None
    }
    /// What stands between the head and the filters: figures of the whole, ways to lists beside this one.
    fn above(
        &self,
        _asked: &Asked,
        _ui: &Ui,
    ) -> impl Future<Output = Result<Option<AnyView>, StoreError>> + Send {
        async { Ok(None) }
    }
    /// The list as the store is asked for it: with a language where rows hold sentences.
    fn spoken(&self, _ui: &Ui) -> Self {
        self.clone()
    }
    fn filters(&self, ui: &Ui, choices: &FilterChoices) -> Vec<Popover>;
    /// Filters that have a chip, but no control.
    fn filters_without_control(&self, _ui: &Ui) -> Vec<Filter> {
        Vec::new()
    }
    /// Values that the filters offer.
    fn choices(reader: &Reader) -> impl Future<Output = Result<FilterChoices, StoreError>> + Send;
    /// Sentences about what the filters mean.
    fn notes(&self, _ui: &Ui) -> Vec<String> {
        Vec::new()
    }
    /// Why there can be no rows, for a reason of this list's own.
    fn nothing(
        &self,
        asked: &Asked,
        ui: &Ui,
    ) -> impl Future<Output = Result<Option<AnyView>, StoreError>> + Send;
    fn no_match(&self, ui: &Ui) -> String;

    /// Whether a filter is not for everybody. Columns say it of themselves; this says it of other names too.
    fn is_restricted(parameter: &str) -> bool {
        parameter.parse::<Self::Column>().is_ok_and(Column::is_restricted)
    }

    /// The columns of the table, in the order asked for.
    fn shown(&self) -> &[Self::Column] {
        if self.list().columns.is_empty() { Self::SHOWN } else { &self.list().columns }
    }

    /// The address of the list as it is, on its first page.
    fn address(&self) -> Address {
        self.page_address().without(&["after"])
    }

    /// The address of this very page.
    fn page_address(&self) -> Address {
        Address::new(format!("/{}", Self::NAME), &self.to_url())
    }
}

/// The page of a list.
pub fn page<Q: ListPage>() -> AnyView {
    page_for_viewers(content::<Q>)
}

/// Whether no filter and no search narrow the list.
pub fn is_whole<F: Filters>(query: &Filtered<F>) -> bool {
    query.filters == F::default() && query.list.q.is_none() && query.report.population.is_none()
}

async fn content<Q: ListPage>(asked: Asked) -> Result<Content, Problem> {
    let now = asked.context.now;
    // What a form came to is told in the URL, and is nothing that a list could be asked for.
    let told: &[&str] = if asked.context.notice.is_some() { &["notice"] } else { &[] };
    let asked_for = Address::new("", &asked.context.query).without(told);
    let (mut query, problem) = forgiving::parse(&asked_for.query(), |query| Q::parse(query, now))?;
    let reader = asked.reader();
    reader.permit(&query)?;
    let is_whole_choice = permitted(&reader, query.shown()) == permitted(&reader, Q::SHOWN);
    if is_whole_choice {
        // The form sends every box that is ticked; a link needs no more than the difference.
        query.list_mut().columns.clear();
    }
    let columns = permitted(&reader, query.shown());
    let ui = asked.ui.clone().in_zone(query.report().tz.as_deref());
    let words = Q::words(&ui);
    let views = asked.views().await;
    let choices = Q::choices(&reader).await;
    if problem.is_some() {
        let body = view! {
            {head::head(&asked, &ui, &query, &views, None, problem.as_ref().map(|problem| problem.parameter.as_str()))}
            {filter_bar(&ui, &reader, &query, choices.ok(), problem)}
        };
        return Ok(Content { status: StatusCode::BAD_REQUEST, ..Content::new(words.title, body) });
    }
    let page = query.spoken(&ui).page(&reader).await;
    if let Ok(page) = &page
        && page.items.is_empty()
        && page.total > 0
        && query.list().after.is_some()
    {
        // Rows behind the cursor are gone: to the first page.
        return Ok(Content::moved(query.address().to_string()));
    }
    let (title, is_failed) = match &page {
        Ok(page) => (title(&ui, words.title, page, query.list().size), choices.is_err()),
        Err(_) => (words.title.to_owned(), true),
    };
    let shown_page = page.as_ref().ok();
    let head = head::head(&asked, &ui, &query, &views, shown_page, None);
    let bar = filter_bar(&ui, &reader, &query, choices.ok(), None);
    let notes = query.notes(&ui).into_iter().map(|note| view! { <p class="notice">{note}</p> }).collect_view();
    let rows = match page {
        Err(error) => Err(error),
        Ok(page) if page.total > 0 => Ok(table::table(&asked.viewer, &ui, &query, &columns, &page)),
        Ok(_) => nothing::nothing(&asked, &ui, &query).await,
    };
    let above = query.above(&asked, &ui).await;
    let is_failed = is_failed || rows.is_err() || above.is_err();
    let notice = asked.context.notice.map(|notice| notice_view(&ui, notice));
    let body = view! {
        {head}
        {notice}
        <div class="contents" id="above" data-swap="">
            {or_failed(&asked, words.title, above, |above| above.into_any())}
        </div>
        {bar}
        <div class="list-part" id="list" data-swap="" data-address=query.page_address().to_string()>
            {notes}
            {or_failed(&asked, words.title, rows, |view| view)}
        </div>
    };
    let status = if is_failed { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok(Content { status, ..Content::new(title, body) })
}

/// "Registration details, page 3"
fn title<T>(ui: &Ui, title: &str, page: &Page<T>, size: u32) -> String {
    let number = (page.first - 1) / i64::from(size) + 1;
    if number <= 1 { title.to_owned() } else { t!(ui, list.page_title, title = title, n = ui.number(number)) }
}

/// The columns that are for this viewer.
fn permitted<C: Column>(reader: &Reader, columns: &[C]) -> Vec<C> {
    columns.iter().copied().filter(|column| reader.may_see(*column)).collect()
}

/// The filters that are for this viewer, and the controls that have any.
fn permitted_filters<Q: ListPage>(reader: &Reader, ui: &Ui, query: &Q, choices: &FilterChoices) -> Vec<Popover> {
    let sees_all = permitted(reader, Q::Column::COLUMNS).len() == Q::Column::COLUMNS.len();
    let mut popovers = query.filters(ui, choices);
    for popover in &mut popovers {
        popover.filters.retain(|filter| sees_all || !Q::is_restricted(filter.parameter));
    }
    popovers.retain(|popover| !popover.filters.is_empty());
    popovers
}

fn filter_bar<Q: ListPage>(
    ui: &Ui,
    reader: &Reader,
    query: &Q,
    choices: Option<FilterChoices>,
    problem: Option<QueryProblem>,
) -> AnyView {
    let address = query.address();
    let popovers = permitted_filters(reader, ui, query, &choices.unwrap_or_default());
    let others = query.filters_without_control(ui);
    let filters = popovers.iter().flat_map(|popover| &popover.filters).chain(&others);
    let mut chips = chips_of_every_list(ui, query, &address);
    chips.extend(filters.flat_map(|filter| filter.chips(ui, &address)));
    FilterBar {
        search: query.list().q.clone(),
        search_label: Q::words(ui).search,
        popovers,
        chips,
        problem,
        address,
    }
    .view(ui)
}

fn chips_of_every_list<Q: ListPage>(ui: &Ui, query: &Q, address: &Address) -> Vec<Chip> {
    let report = query.report();
    let chip = |label: String, names: &[&str]| Chip { label, without: address.clone().without(names) };
    let as_of = report.as_of_is_given.then(|| chip(t!(ui, as_of.chip, at = ui.time(report.as_of)), &["as_of"]));
    let window = (Q::HAS_WINDOW && report.range().is_none()).then(|| chip(ui.window(report.window()), &["from", "to"]));
    let search = query.list().q.as_ref().map(|q| chip(t!(ui, list.search_chip, q = q.clone()), &["q"]));
    [as_of, window, search].into_iter().flatten().collect()
}
