//! The pages after a right password: a code, or setting up what codes come from.

use leptos::prelude::*;

use super::context::RequestContext;
use super::serve::{Content, page_for_everybody};
use super::sign_in::notice_view;
use crate::language::{Ui, t};
use crate::ui::passkey;

/// A sign-in that is under way. Nothing of it is for a log.
#[derive(Clone)]
pub enum SecondStep {
    /// A proof beside the password.
    Code { has_app: bool, has_passkeys: bool, return_to: String },
    /// A factor that is set up; `app` is missing where the server cannot keep its secret.
    SetUp { app: Option<AppSetUp>, is_first: bool },
}

/// What somebody sets an authenticator app up with.
#[derive(Clone)]
pub struct AppSetUp {
    /// In groups, to be typed.
    pub secret: String,
    /// For an app on the same device.
    pub uri: String,
    pub qr: Option<QrCode>,
}

/// Dark squares, one unit each.
#[derive(Clone)]
pub struct QrCode {
    pub side: usize,
    pub path: String,
}

/// White around a QR code, without which some cameras do not see it.
const QUIET: usize = 4;

/// `/sign-in/second-step` and `/sign-in/set-up-second-step`.
pub fn page() -> AnyView {
    page_for_everybody(|context, ui| {
        let notice = context.notice.map(|notice| notice_view(ui, notice));
        match context.step.as_deref() {
            Some(SecondStep::Code { has_app, has_passkeys, return_to }) => {
                let title = t!(ui, second_step.title);
                let form = has_app.then(|| code_form(ui, "/sign-in/second-step", t!(ui, sign_in.submit)));
                let body = view! {
                    <h1>{title}</h1>
                    {notice}
                    {form}
                    {(*has_passkeys).then(|| with_passkey(ui, context, *has_app, return_to))}
                    {lost(ui)}
                };
                Content::new(title, body)
            }
            Some(SecondStep::SetUp { app, is_first }) => {
                let title = t!(ui, second_step.set_up_title);
                let why = is_first.then(|| view! { <p class="quiet">{t!(ui, second_step.set_up_sub)}</p> });
                let body = view! {
                    <h1>{title}</h1>
                    {why}
                    {notice}
                    {app.as_ref().map(|app| set_up(ui, app))}
                    {new_passkey(ui, context)}
                };
                Content::new(title, body)
            }
            // The server shows these pages with a step, or not at all.
            None => Content::moved("/sign-in".to_owned()),
        }
    })
}

/// Where there is an app too, a passkey is the other way.
fn with_passkey(ui: &Ui, context: &RequestContext, has_app: bool, return_to: &str) -> AnyView {
    if !context.has_passkeys {
        return no_name(ui);
    }
    let (label, class) =
        if has_app { (t!(ui, passkey.instead), "pill wide") } else { (t!(ui, passkey.use_one), "pill primary wide") };
    let script = (!has_app).then(|| view! { <noscript><p>{t!(ui, passkey.no_script)}</p></noscript> });
    view! {
        {passkey::sign_in(ui, label, class, Some(return_to.to_owned()))}
        {script}
    }
    .into_any()
}

fn new_passkey(ui: &Ui, context: &RequestContext) -> AnyView {
    if context.has_passkeys { passkey::make(ui) } else { no_name(ui) }
}

fn no_name(ui: &Ui) -> AnyView {
    view! { <p class="small quiet">{t!(ui, passkey.no_name)}</p> }.into_any()
}

fn set_up(ui: &Ui, app: &AppSetUp) -> AnyView {
    let qr = app.qr.as_ref().map(|qr| drawn(ui, qr));
    view! {
        <ol class="numbered">
            <li>{t!(ui, second_step.get_app)}</li>
            <li>
                {t!(ui, second_step.scan)} {qr}
                <p>
                    {t!(ui, second_step.or_type)} <br /> <b class="secret code">{app.secret.clone()}</b>
                </p>
                <p>
                    <a href=app.uri.clone()>{t!(ui, second_step.open_app)}</a>
                </p>
            </li>
            <li>{t!(ui, second_step.confirm)}</li>
        </ol>
        {code_form(ui, "/sign-in/set-up-second-step", t!(ui, second_step.store))}
    }
    .into_any()
}

fn drawn(ui: &Ui, qr: &QrCode) -> AnyView {
    let side = qr.side + 2 * QUIET;
    let view_box = format!("-{QUIET} -{QUIET} {side} {side}");
    view! {
        <svg class="qr" viewBox=view_box role="img" aria-label=t!(ui, second_step.qr)>
            <path d=qr.path.clone()></path>
        </svg>
    }
    .into_any()
}

fn code_form(ui: &Ui, action: &'static str, submit: &'static str) -> AnyView {
    view! {
        <form class="stack" method="post" action=action>
            <label class="field">
                <span>{t!(ui, second_step.code)}</span>
                <input
                    name="code"
                    type="text"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    maxlength="16"
                    spellcheck="false"
                    aria-describedby="code-hint"
                    required
                />
            </label>
            <p class="small quiet" id="code-hint">
                {t!(ui, second_step.code_hint)}
            </p>
            <button class="pill primary wide" type="submit">
                {submit}
            </button>
        </form>
    }
    .into_any()
}

fn lost(ui: &Ui) -> AnyView {
    view! { <p class="small quiet">{t!(ui, second_step.lost)}</p> }.into_any()
}
