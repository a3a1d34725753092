use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Of an element that may be typed into, or opened.
    type Part;

    #[wasm_bindgen(method, getter, js_name = isContentEditable)]
    fn is_content_editable(this: &Part) -> bool;

    #[wasm_bindgen(method, js_name = showModal)]
    fn show_modal(this: &Part);

    #[wasm_bindgen(method)]
    fn focus(this: &Part);

    #[wasm_bindgen(thread_local_v2, js_namespace = ["window"], js_name = location)]
    static LOCATION: Location;

    type Location;

    #[wasm_bindgen(method)]
    fn assign(this: &Location, address: &str);
}

/// Two keys belong together within this time.
const TOGETHER_MS: f64 = 1500.0;

/// Single keys as shortcuts: `?` opens the dialog with the id `shortcuts`, `/` goes to the search, and `g` with one
/// more key to the page whose link in the navigation says so. Not on the page at all for people who switched it off.
#[island]
pub fn Shortcuts() -> impl IntoView {
    let began_at = StoredValue::new(f64::NEG_INFINITY);
    let pressed = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || event.repeat() {
            return;
        }
        if event.default_prevented() || is_typing() || is_dialog_open() {
            return;
        }
        let key = event.key();
        let is_second = event.time_stamp() - began_at.get_value() < TOGETHER_MS;
        began_at.set_value(f64::NEG_INFINITY);
        let is_done = match key.as_str() {
            "?" => open_help(),
            "/" => focus_search(),
            "g" => {
                began_at.set_value(event.time_stamp());
                false
            }
            key if is_second && key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_lowercase()) => go(key),
            _ => false,
        };
        if is_done {
            event.prevent_default();
        }
    };
    // Effects run in the browser only.
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, pressed);
        on_cleanup(move || handle.remove());
    });
}

fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.unchecked_into::<Part>().is_content_editable()
    })
}

fn find(selector: &str) -> Option<leptos::web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}

fn is_dialog_open() -> bool {
    find("dialog[open]").is_some()
}

/// Esc and the dialog's own button close it; the browser then gives the focus back.
fn open_help() -> bool {
    let Some(dialog) = find("dialog#shortcuts") else { return false };
    dialog.unchecked_into::<Part>().show_modal();
    true
}

fn focus_search() -> bool {
    let Some(field) = find("main input[type=search]") else { return false };
    field.unchecked_into::<Part>().focus();
    true
}

fn go(key: &str) -> bool {
    let link = find(&format!("nav a[data-key={key}]"));
    let Some(address) = link.and_then(|link| link.get_attribute("href")) else { return false };
    LOCATION.with(|location| location.assign(&address));
    true
}
