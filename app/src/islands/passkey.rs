//! A button that asks the browser for a passkey, or for a new one. Without it, and in browsers that have none, there is
//! no button.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{JSON, Object, Reflect};
use web_sys::{Headers, RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn request_options(json: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON, catch)]
    fn creation_options(json: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["window", "navigator", "credentials"], js_name = get, catch)]
    async fn get(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["window", "navigator", "credentials"], js_name = create, catch)]
    async fn create(options: &JsValue) -> Result<JsValue, JsValue>;

    type Credential;
    #[wasm_bindgen(method, js_name = toJSON, catch)]
    fn to_json(this: &Credential) -> Result<JsValue, JsValue>;
}

/// Why there is no passkey, as a sentence's place among those that are given.
#[derive(Clone, Copy)]
enum Failure {
    /// The person has closed the browser's question, or no device has one.
    Cancelled = 0,
    /// The device has one of this person already.
    Known = 1,
    /// The server does not take it, or does not answer.
    Refused = 2,
    TooMany = 3,
}

const TOO_MANY: u16 = 429;

/// Sentences are given, so that none of them are in the WebAssembly: cancelled, known, refused, too many.
#[island]
pub fn Passkey(
    label: String,
    /// Of the button.
    class: String,
    /// Whether one is made.
    makes: bool,
    /// Where the options come from, and where the answer goes to.
    options: String,
    answer: String,
    /// Where to go after signing in.
    return_to: String,
    sentences: Vec<String>,
) -> impl IntoView {
    let is_able = RwSignal::new(false);
    let is_asking = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let sentences = StoredValue::new(sentences);
    let places = StoredValue::new((options, answer, return_to));
    Effect::new(move |_| is_able.set(is_supported(makes)));
    let ask = move |_| {
        // One question at a time: browsers refuse the second.
        if is_asking.get_untracked() {
            return;
        }
        is_asking.set(true);
        problem.set(String::new());
        leptos::task::spawn_local(async move {
            let (options, answer, return_to) = places.get_value();
            match through(makes, &options, &answer, &return_to).await {
                Ok(location) => {
                    let _ = window().location().assign(&location);
                }
                Err(failure) => {
                    problem.set(sentences.with_value(|all| all.get(failure as usize).cloned().unwrap_or_default()));
                }
            }
            is_asking.set(false);
        });
    };
    view! {
        <div class="passkey stack" hidden=move || !is_able.get()>
            <button type="button" class=class on:click=ask>
                {label}
            </button>
            <p class="field-problem" role="alert" hidden=move || problem.with(String::is_empty)>
                {move || problem.get()}
            </p>
        </div>
    }
}

fn is_supported(makes: bool) -> bool {
    let name = if makes { "parseCreationOptionsFromJSON" } else { "parseRequestOptionsFromJSON" };
    let all: JsValue = window().into();
    Reflect::get(&all, &"PublicKeyCredential".into())
        .and_then(|passkeys| Reflect::get(&passkeys, &name.into()))
        .is_ok_and(|parse| parse.is_function())
}

/// From the options to the answer; where to go.
async fn through(makes: bool, options: &str, answer: &str, return_to: &str) -> Result<String, Failure> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let refused = |_| Failure::Refused;
    let form = web_sys::UrlSearchParams::new().map_err(refused)?;
    form.append("return_to", return_to);
    let json = post(options, FORM, &String::from(form.to_string())).await?;
    let parsed = if makes { creation_options(&json) } else { request_options(&json) }.map_err(refused)?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"publicKey".into(), &parsed).map_err(refused)?;
    let credential = if makes { create(&wanted).await } else { get(&wanted).await };
    let credential = credential.map_err(|error| {
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("InvalidStateError") { Failure::Known } else { Failure::Cancelled }
    })?;
    let json = credential.unchecked_into::<Credential>().to_json().map_err(refused)?;
    let text = JSON::stringify(&json).map_err(refused)?;
    let done = post(answer, "application/json", &String::from(text)).await?;
    Reflect::get(&done, &"location".into()).ok().and_then(|to| to.as_string()).ok_or(Failure::Refused)
}

/// What the server answers, if it does.
async fn post(address: &str, kind: &str, body: &str) -> Result<JsValue, Failure> {
    let refused = |_| Failure::Refused;
    let headers = Headers::new().map_err(refused)?;
    headers.set("content-type", kind).map_err(refused)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers.into());
    init.set_body(&body.into());
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, &init)).await.map_err(refused)?;
    let answer: Response = answer.dyn_into().map_err(refused)?;
    match answer.status() {
        200 => JsFuture::from(answer.json().map_err(refused)?).await.map_err(refused),
        TOO_MANY => Err(Failure::TooMany),
        _ => Err(Failure::Refused),
    }
}
