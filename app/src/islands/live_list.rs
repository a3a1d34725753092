//! A list that follows what is typed and chosen: asks for the same URL as the form would, and swaps the parts that
//! the page marks with `data-swap`. Everything else stays as it is: focus, caret, scroll, open popovers.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen::{JsCast as _, UnwrapThrowExt as _};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Document, DomParser, Element, Event, FormData, Headers, HtmlDetailsElement,
    HtmlElement, HtmlFormElement, HtmlInputElement, NodeList, RequestInit, Response, SupportedType, UrlSearchParams,
};

/// Between two keys of somebody who types.
const PAUSE: Duration = Duration::from_millis(150);
/// What focus can be in, to give it back after a swap.
const FOCUSABLE: &str = "a[href], button, input, select, summary, [tabindex]";

/// How the address bar follows.
#[derive(Clone, Copy)]
enum Entry {
    /// In place: nobody wants to go back letter by letter.
    Replaced,
    /// A step that Back takes back.
    Added,
}

pub(super) enum Failure {
    Offline,
    SignedOut,
    /// With the answer's id, for the log.
    Answered(Option<String>),
}

thread_local! {
    /// Counts questions: only the answer to the last one is shown.
    static TURN: Cell<u32> = const { Cell::new(0) };
    static ASKING: RefCell<Option<AbortController>> = const { RefCell::new(None) };
    static WAITING: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    /// The address that the screen shows.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
    /// What was asked last, to ask it again.
    static ASKED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What has happened, told to people: by a live region, and beside the search where it went wrong.
#[derive(Clone, Copy)]
struct Told {
    count: RwSignal<String>,
    problem: RwSignal<String>,
    sentences: StoredValue<[String; 4]>,
}

impl Told {
    fn failure(self, failure: Failure) {
        let [failed, offline, signed_out, error_id] = self.sentences.get_value();
        self.problem.set(match failure {
            Failure::Offline => offline,
            Failure::SignedOut => signed_out,
            Failure::Answered(None) => failed,
            Failure::Answered(Some(id)) => format!("{failed} {error_id} {id}"),
        });
    }
}

/// Stands after the list's form; sentences are given, so that none of them are in the WebAssembly.
#[island]
pub fn LiveList(
    /// The server answered with an error.
    failed: String,
    /// There was no answer.
    offline: String,
    signed_out: String,
    /// Stands before the answer's id.
    error_id: String,
    retry: String,
) -> impl IntoView {
    let told = Told {
        count: RwSignal::new(String::new()),
        problem: RwSignal::new(String::new()),
        sentences: StoredValue::new([failed, offline, signed_out, error_id]),
    };
    Effect::new(move |_| listen(told));
    let again = move |_| ask(told, ASKED.with_borrow(Clone::clone), Entry::Replaced);
    view! {
        <p class="visually-hidden" role="status">
            {move || told.count.get()}
        </p>
        <div class="field-problem live-problem" role="alert" hidden=move || told.problem.with(String::is_empty)>
            <span>{move || told.problem.get()}</span>
            <button type="button" class="pill" on:click=again>
                {retry}
            </button>
        </div>
    }
}

fn listen(told: Told) {
    SHOWN.set(here());
    let _ = window_event_listener(ev::input, move |event: Event| {
        if let Some((_, form)) = search_of(&event) {
            later(told, form, Entry::Replaced);
        }
    });
    let _ = window_event_listener(ev::change, move |event: Event| {
        if search_of(&event).is_none()
            && let Some(form) = form_of(&event)
        {
            later(told, form, Entry::Added);
        }
    });
    let _ = window_event_listener(ev::submit, move |event| {
        if let Some(form) = form_of(&event) {
            event.prevent_default();
            close_popovers(&form);
            ask_form(told, &form, Entry::Added);
        }
    });
    let _ = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape"
            && let Some((search, form)) = search_of(&event)
            && !search.value().is_empty()
        {
            event.prevent_default();
            search.set_value("");
            ask_form(told, &form, Entry::Replaced);
        }
    });
    let _ = window_event_listener(ev::popstate, move |_| {
        // Not for a jump inside the page.
        if SHOWN.with_borrow(|shown| *shown != here()) {
            let _ = window().location().reload();
        }
    });
    // What was typed before the island woke up.
    for search in each(document().query_selector_all("form[data-live] input[type=search]")) {
        let search: HtmlInputElement = search.unchecked_into();
        if search.value() != search.default_value()
            && let Some(form) = search.form()
        {
            later(told, form, Entry::Replaced);
        }
    }
}

pub(super) fn here() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("form[data-live]").ok()??.dyn_into().ok()
}

fn search_of(event: &Event) -> Option<(HtmlInputElement, HtmlFormElement)> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let form = form_of(event)?;
    (input.type_() == "search").then_some((input, form))
}

/// Asks when nothing has been typed or chosen for a moment.
fn later(told: Told, form: HtmlFormElement, entry: Entry) {
    if let Some(waiting) = WAITING.take() {
        waiting.clear();
    }
    WAITING.set(set_timeout_with_handle(move || ask_form(told, &form, entry), PAUSE).ok());
}

fn ask_form(told: Told, form: &HtmlFormElement, entry: Entry) {
    let Ok(data) = FormData::new_with_form(form) else { return };
    let Ok(params) = UrlSearchParams::new_with_str_sequence_sequence(&data) else { return };
    let path = form.get_attribute("action").unwrap_or_default();
    ask(told, format!("{path}?{}", String::from(params.to_string())), entry);
}

fn ask(told: Told, address: String, entry: Entry) {
    if let Some(waiting) = WAITING.take() {
        waiting.clear();
    }
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    ASKED.set(address.clone());
    let controller = AbortController::new().unwrap_throw();
    let signal = controller.signal();
    if let Some(asking) = ASKING.replace(Some(controller)) {
        asking.abort();
    }
    mark("aria-busy", true);
    leptos::task::spawn_local(async move {
        let answer = answer(&address, &signal, false).await;
        if TURN.get() != turn {
            return;
        }
        mark("aria-busy", false);
        match answer {
            Ok(page) => {
                told.problem.set(String::new());
                swap(&page);
                follow(entry);
                told.count.set(attribute("count", "data-said"));
            }
            Err(failure) => {
                mark("data-old", true);
                told.failure(failure);
            }
        }
    });
}

/// `by_itself`: nobody asked for it, so that it does not count as use of a session.
pub(super) async fn answer(address: &str, signal: &AbortSignal, by_itself: bool) -> Result<Document, Failure> {
    let init = RequestInit::new();
    init.set_signal(Some(signal));
    if by_itself && let Ok(headers) = Headers::new() {
        let _ = headers.set("keyroll-refresh", "1");
        init.set_headers(&headers);
    }
    let response =
        JsFuture::from(window().fetch_with_str_and_init(address, &init)).await.map_err(|_| Failure::Offline)?;
    let response: Response = response.unchecked_into();
    if response.status() == 401 || (response.redirected() && response.url().contains("/sign-in")) {
        return Err(Failure::SignedOut);
    }
    if !response.ok() {
        return Err(Failure::Answered(response.headers().get("x-request-id").ok().flatten()));
    }
    let text = async { JsFuture::from(response.text()?).await };
    let text = text.await.map_err(|_: JsValue| Failure::Offline)?.as_string().unwrap_or_default();
    DomParser::new()
        .and_then(|parser| parser.parse_from_string(&text, SupportedType::TextHtml))
        .map_err(|_| Failure::Answered(None))
}

/// Puts the parts of the new page in the places of the old ones.
pub(super) fn swap(page: &Document) {
    let document = document();
    let active = document.active_element();
    for old in each(document.query_selector_all("[data-swap]")) {
        let Some(new) = page.get_element_by_id(&old.id()) else { continue };
        let focused =
            each(old.query_selector_all(FOCUSABLE)).iter().position(|element| Some(element) == active.as_ref());
        let open: Vec<(String, bool)> = details(&old).iter().map(|details| (details.id(), details.open())).collect();
        let scrolled = old.query_selector(".scroll").ok().flatten().map(|scroll| scroll.scroll_left());
        if old.replace_with_with_node_1(&new).is_err() {
            continue;
        }
        for (details, (id, is_open)) in details(&new).iter().zip(open) {
            // One with a name is of its row, which may have another place now.
            details.set_open(is_open && details.id() == id);
        }
        if let (Some(left), Ok(Some(scroll))) = (scrolled, new.query_selector(".scroll")) {
            scroll.set_scroll_left(left);
        }
        if let Some(element) = focused.and_then(|index| each(new.query_selector_all(FOCUSABLE)).into_iter().nth(index))
        {
            let _ = element.unchecked_into::<HtmlElement>().focus();
        }
    }
    document.set_title(&page.title());
}

fn details(element: &Element) -> Vec<HtmlDetailsElement> {
    each(element.query_selector_all("details")).into_iter().map(Element::unchecked_into).collect()
}

/// The address bar shows what the page calls itself.
fn follow(entry: Entry) {
    let address = attribute("list", "data-address");
    if address.is_empty() || address == here() {
        return;
    }
    if let Ok(history) = window().history() {
        let _ = match entry {
            Entry::Replaced => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
            Entry::Added => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
    }
    SHOWN.set(here());
}

/// Closes what a button inside has answered; focus goes to what opened it.
fn close_popovers(form: &HtmlFormElement) {
    for popover in each(document().query_selector_all("details.popover[open]")) {
        let popover: HtmlDetailsElement = popover.unchecked_into();
        if !form.contains(Some(&popover)) && !popover.contains(Some(form)) {
            continue;
        }
        let has_focus = document().active_element().is_some_and(|active| popover.contains(Some(&active)));
        popover.set_open(false);
        if has_focus && let Ok(Some(summary)) = popover.query_selector("summary") {
            let _ = summary.unchecked_into::<HtmlElement>().focus();
        }
    }
}

/// Marks the rows as waiting for others, or as older than what was asked.
fn mark(name: &str, is_so: bool) {
    let Some(list) = document().get_element_by_id("list") else { return };
    let _ = if is_so { list.set_attribute(name, "true") } else { list.remove_attribute(name) };
}

/// Counts what people ask: an answer that is older than the last question is not shown.
pub(super) fn turn() -> u32 {
    TURN.get()
}

/// Whether the answer to somebody's question is under way.
pub(super) fn is_asking() -> bool {
    !attribute("list", "aria-busy").is_empty()
}

fn attribute(id: &str, name: &str) -> String {
    document().get_element_by_id(id).and_then(|element| element.get_attribute(name)).unwrap_or_default()
}

fn each(list: Result<NodeList, JsValue>) -> Vec<Element> {
    let Ok(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.get(i)).map(wasm_bindgen::JsCast::unchecked_into).collect()
}
