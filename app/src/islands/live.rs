//! An open page that follows new data: told that figures have changed, it asks for itself and swaps what is marked
//! `data-swap`, unless somebody is reading there; then it says so, and waits to be asked.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{AbortController, Element, Event, EventSource, MessageEvent, VisibilityState};

use super::live_list::{Failure, answer, here, is_asking, swap, turn};

/// Between two questions of a page by itself.
const REST: Duration = Duration::from_secs(1);
/// How often it is looked whether somebody who was reading has gone.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// When a stream that was closed, or a page that failed, is asked for again.
const COME_AGAIN: Duration = Duration::from_secs(30);
/// Where somebody reads or is about to choose something.
const READING: &str = "[data-swap] table:hover, [data-swap] details[open], details.popover[open]";

thread_local! {
    static ADDRESS: RefCell<String> = const { RefCell::new(String::new()) };
    static STREAM: RefCell<Option<EventSource>> = const { RefCell::new(None) };
    /// The number of the data on the screen, and the latest that was told.
    static SHOWN: Cell<i64> = const { Cell::new(0) };
    static TOLD: Cell<i64> = const { Cell::new(0) };
    /// A question is under way, or has just been answered.
    static IS_RESTING: Cell<bool> = const { Cell::new(false) };
}

/// Signals of the island.
#[derive(Clone, Copy)]
struct Shown {
    /// There is new data, and somebody reads the old.
    is_waiting: RwSignal<bool>,
    has_ended: RwSignal<bool>,
}

/// Stands beside `#updated`. `number` is that of the data the page was made of, `stream` the address that tells of others.
#[island]
pub fn Live(number: i64, stream: String, show: String, ended: String) -> impl IntoView {
    let shown = Shown { is_waiting: RwSignal::new(false), has_ended: RwSignal::new(false) };
    Effect::new(move |_| {
        ADDRESS.set(stream.clone());
        SHOWN.set(number);
        TOLD.set(number);
        begin(shown);
    });
    let show_now = move |_| {
        shown.is_waiting.set(false);
        ask(shown);
    };
    view! {
        <button type="button" class="pill live-new" hidden=move || !shown.is_waiting.get() on:click=show_now>
            {show}
        </button>
        <span role="status" hidden=move || !shown.has_ended.get()>
            {move || shown.has_ended.get().then(|| ended.clone())}
        </span>
    }
}

fn begin(shown: Shown) {
    let seen = Closure::<dyn FnMut()>::new(move || follow_sight(shown));
    let _ = document().add_event_listener_with_callback("visibilitychange", seen.as_ref().unchecked_ref());
    seen.forget();
    follow_sight(shown);
}

/// Only pages that can be seen listen: a browser has few connections for each site.
fn follow_sight(shown: Shown) {
    let is_seen = document().visibility_state() == VisibilityState::Visible;
    if !is_seen {
        close();
    } else if STREAM.with_borrow(Option::is_none) && !shown.has_ended.get_untracked() {
        open(shown);
    }
}

fn close() {
    if let Some(stream) = STREAM.take() {
        stream.close();
    }
}

fn end(shown: Shown) {
    close();
    shown.is_waiting.set(false);
    shown.has_ended.set(true);
}

fn open(shown: Shown) {
    let Ok(stream) = ADDRESS.with_borrow(|address| EventSource::new(address)) else { return };
    let number = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let number = event.data().as_string().and_then(|text| text.parse().ok());
        if let Some(number) = number {
            TOLD.set(number);
            follow(shown);
        }
    });
    let _ = stream.add_event_listener_with_callback("number", number.as_ref().unchecked_ref());
    number.forget();
    let ended = Closure::<dyn FnMut(Event)>::new(move |_: Event| end(shown));
    let _ = stream.add_event_listener_with_callback("ended", ended.as_ref().unchecked_ref());
    ended.forget();
    let failed = Closure::<dyn FnMut(Event)>::new(move |_: Event| {
        // While it may come back the browser tries by itself.
        let is_closed = STREAM
            .with_borrow(|stream| stream.as_ref().is_none_or(|stream| stream.ready_state() == EventSource::CLOSED));
        if is_closed {
            close();
            set_timeout(move || follow_sight(shown), COME_AGAIN);
        }
    });
    stream.set_onerror(Some(failed.as_ref().unchecked_ref()));
    failed.forget();
    STREAM.set(Some(stream));
}

/// Shows what is new, or says that there is something.
fn follow(shown: Shown) {
    if TOLD.get() <= SHOWN.get() || IS_RESTING.get() {
        return;
    }
    if is_asking() || is_read() {
        shown.is_waiting.set(!is_asking());
        IS_RESTING.set(true);
        set_timeout(move || rested(shown), LOOK_AGAIN);
    } else {
        ask(shown);
    }
}

fn rested(shown: Shown) {
    IS_RESTING.set(false);
    follow(shown);
}

/// Whether a swap would take something from under somebody's eyes or hands.
fn is_read() -> bool {
    let document = document();
    let has_focus = document.active_element().and_then(|active| active.closest("[data-swap]").ok()).flatten().is_some();
    let is_scrolled = window().scroll_y().is_ok_and(|y| y > 0.0) && document.get_element_by_id("list").is_some();
    let is_selected = window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed());
    let is_hovered = document.query_selector(READING).ok().flatten().is_some();
    has_focus || is_scrolled || is_selected || is_hovered
}

/// The page again, as it is addressed now.
fn ask(shown: Shown) {
    let Ok(controller) = AbortController::new() else { return };
    IS_RESTING.set(true);
    let (before, number) = (turn(), TOLD.get());
    leptos::task::spawn_local(async move {
        // What the person asks for meanwhile comes first, and is new by itself.
        let rest = match answer(&here(), &controller.signal(), true).await {
            Ok(page) if turn() == before => {
                let of_page = page.get_element_by_id("updated").and_then(number_of);
                swap(&page);
                SHOWN.set(of_page.unwrap_or(number));
                shown.is_waiting.set(false);
                REST
            }
            Ok(_) => REST,
            Err(Failure::SignedOut) => return end(shown),
            Err(Failure::Offline | Failure::Answered(_)) => COME_AGAIN,
        };
        set_timeout(move || rested(shown), rest);
    });
}

fn number_of(element: Element) -> Option<i64> {
    element.get_attribute("data-number")?.parse().ok()
}
