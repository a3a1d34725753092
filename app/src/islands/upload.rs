//! The form that takes files, with files that are dropped on it and with progress. Without this it is a form.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::JsValue;
use web_sys::js_sys::Reflect;
use web_sys::{
    DragEvent, Element, Event, FileList, FormData, HtmlFormElement, HtmlInputElement, ProgressEvent, XmlHttpRequest,
    XmlHttpRequestResponseType,
};

/// What the page calls the form, and marks it with while files are over it.
const FORM: &str = "form[data-upload]";
const OVER: &str = "data-over";

/// What has happened, told to people.
#[derive(Clone, Copy)]
struct Told {
    /// Hundredths of what is to be sent, while it is.
    sent: RwSignal<Option<f64>>,
    said: RwSignal<String>,
    problem: RwSignal<String>,
    sentences: StoredValue<[String; 3]>,
}

/// Stands after the form; sentences are given, so that none of them are in the WebAssembly.
#[island]
pub fn Upload(uploading: String, received: String, failed: String) -> impl IntoView {
    let told = Told {
        sent: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        problem: RwSignal::new(String::new()),
        sentences: StoredValue::new([uploading, received, failed]),
    };
    Effect::new(move |_| listen(told));
    view! {
        <p class="upload-progress" hidden=move || told.sent.get().is_none()>
            <progress max="100" value=move || told.sent.get().unwrap_or_default().to_string()></progress>
            <span role="status">{move || told.said.get()}</span>
        </p>
        <p class="field-problem" role="alert" hidden=move || told.problem.with(String::is_empty)>
            {move || told.problem.get()}
        </p>
    }
}

fn listen(told: Told) {
    let _ = window_event_listener(ev::submit, move |event| {
        if let Some(form) = form_of(&event) {
            event.prevent_default();
            send(told, &form);
        }
    });
    let _ = window_event_listener(ev::dragover, move |event| {
        if let Some(form) = form_of(&event) {
            // Without this the browser opens what is dropped.
            event.prevent_default();
            let _ = form.set_attribute(OVER, "");
        }
    });
    let _ = window_event_listener(ev::dragleave, move |event| {
        if let Some(form) = form_of(&event) {
            let _ = form.remove_attribute(OVER);
        }
    });
    let _ = window_event_listener(ev::drop, move |event| {
        let Some(form) = form_of(&event) else { return };
        event.prevent_default();
        let _ = form.remove_attribute(OVER);
        if let (Some(files), Some(input)) = (dropped(&event), input_of(&form)) {
            input.set_files(Some(&files));
            send(told, &form);
        }
    });
}

fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(FORM).ok()??.dyn_into().ok()
}

fn input_of(form: &HtmlFormElement) -> Option<HtmlInputElement> {
    form.query_selector("input[type=file]").ok()??.dyn_into().ok()
}

fn dropped(event: &DragEvent) -> Option<FileList> {
    event.data_transfer()?.files().filter(|files| files.length() > 0)
}

fn send(told: Told, form: &HtmlFormElement) {
    // What is on its way is not sent twice.
    if told.sent.get_untracked().is_some() {
        return;
    }
    told.problem.set(String::new());
    if begin(told, form).is_err() {
        fail(told);
    }
}

fn fail(told: Told) {
    let [_, _, failed] = told.sentences.get_value();
    told.sent.set(None);
    told.problem.set(failed);
}

fn begin(told: Told, form: &HtmlFormElement) -> Result<(), JsValue> {
    let data = FormData::new_with_form(form)?;
    let request = XmlHttpRequest::new()?;
    request.open("POST", &form.get_attribute("action").unwrap_or_default())?;
    request.set_request_header("accept", "application/json")?;
    request.set_response_type(XmlHttpRequestResponseType::Json);
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            on_the_way(told, (event.loaded() * 100.0 / event.total()).floor());
        }
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    progress.forget();
    let answered = request.clone();
    let done = Closure::<dyn FnMut()>::new(move || match location_of(&answered) {
        Some(location) => {
            let [_, received, _] = told.sentences.get_value();
            told.said.set(received);
            let _ = window().location().assign(&location);
        }
        None => fail(told),
    });
    request.set_onload(Some(done.as_ref().unchecked_ref()));
    done.forget();
    let failed = Closure::<dyn FnMut()>::new(move || fail(told));
    request.set_onerror(Some(failed.as_ref().unchecked_ref()));
    request.set_onabort(Some(failed.as_ref().unchecked_ref()));
    failed.forget();
    on_the_way(told, 0.0);
    request.send_with_opt_form_data(Some(&data))
}

fn on_the_way(told: Told, hundredths: f64) {
    let [uploading, ..] = told.sentences.get_value();
    told.sent.set(Some(hundredths));
    told.said.set(format!("{uploading} {hundredths} %"));
}

/// Where the answer leads to, if it is one.
fn location_of(request: &XmlHttpRequest) -> Option<String> {
    if request.status().ok()? != 200 {
        return None;
    }
    let answer = request.response().ok()?;
    Reflect::get(&answer, &"location".into()).ok()?.as_string()
}
