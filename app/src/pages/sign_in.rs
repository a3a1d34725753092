use domain::role::Role;
use leptos::prelude::*;

use super::RequestContext;
use super::context::Notice;
use super::serve::{Content, page_for_everybody};
use crate::address::Address;
use crate::language::{Ui, t};
use crate::ui::{icon, passkey};

/// `/sign-in`: user name and password, or one button per role in the demo.
pub fn page() -> AnyView {
    page_for_everybody(|context, ui| {
        let return_to = return_to(&context.query);
        let body = if context.settings.is_demo { demo(ui, return_to) } else { form(ui, context, return_to) };
        let notice = context.notice.map(|notice| notice_view(ui, notice));
        Content::new(t!(ui, sign_in.title), view! { {notice} {body} })
    })
}

/// Where to go after signing in: a path of this site, or nothing.
///
/// The server checks it again before it redirects.
pub fn return_to(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "return_to")
        .map(|(_, path)| path.into_owned())
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']))
}

fn kept(return_to: Option<String>) -> impl IntoView {
    return_to.map(|path| view! { <input type="hidden" name="return_to" value=path /> })
}

fn demo(ui: &Ui, return_to: Option<String>) -> AnyView {
    let buttons = Role::ALL
        .iter()
        .map(|role| {
            view! {
                <button class="pill wide" type="submit" name="role" value=role.as_str()>
                    {t!(ui, sign_in.as_role, role = ui.role(*role))}
                </button>
            }
        })
        .collect_view();
    view! {
        <h1>{t!(ui, sign_in.demo_title)}</h1>
        <p class="quiet">{t!(ui, sign_in.demo_sub)}</p>
        <form class="stack" method="post" action="/sign-in/demo">
            {kept(return_to)}
            {buttons}
        </form>
    }
    .into_any()
}

fn form(ui: &Ui, context: &RequestContext, return_to: Option<String>) -> AnyView {
    let organisation = Some(context.settings.organisation.clone()).filter(|name| !name.is_empty());
    let body = match &context.settings.provider {
        Some(provider) => with_provider(ui, context, provider, return_to),
        None => local(ui, context, return_to, "pill primary wide"),
    };
    view! {
        <h1>{t!(ui, sign_in.to, organisation = organisation.unwrap_or_else(|| "Keyroll".to_owned()))}</h1>
        {body}
    }
    .into_any()
}

/// The organisation's own way first; accounts of this installation are for when it does not work.
fn with_provider(ui: &Ui, context: &RequestContext, provider: &str, return_to: Option<String>) -> AnyView {
    let to = Address::new("/sign-in/oidc", "");
    let to = return_to.iter().fold(to, |to, path| to.with("return_to", path)).to_string();
    view! {
        <a class="pill primary wide" href=to>
            {t!(ui, sign_in.with_provider, provider = provider)}
        </a>
        <details class="local-account">
            <summary class="quiet-button">{t!(ui, sign_in.local)} {icon::chevron()}</summary>
            <p class="small quiet">{t!(ui, sign_in.local_hint)}</p>
            {local(ui, context, return_to, "pill wide")}
        </details>
    }
    .into_any()
}

/// An account of this installation: a passkey where the address has a name, else a password and what comes after it.
fn local(ui: &Ui, context: &RequestContext, return_to: Option<String>, button: &'static str) -> AnyView {
    let passkey =
        context.has_passkeys.then(|| passkey::sign_in(ui, t!(ui, passkey.sign_in), "pill wide", return_to.clone()));
    view! {
        {passkey}
        {local_form(ui, return_to, button)}
    }
    .into_any()
}

/// There is one primary button on a page.
fn local_form(ui: &Ui, return_to: Option<String>, button: &'static str) -> AnyView {
    view! {
        <form class="stack" method="post" action="/sign-in">
            {kept(return_to)}
            <label class="field">
                <span>{t!(ui, sign_in.user_name)}</span>
                <input name="user_name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required />
            </label>
            <label class="field">
                <span>{t!(ui, sign_in.password)}</span>
                <input name="password" type="password" autocomplete="current-password" required />
            </label>
            <button class=button type="submit">
                {t!(ui, sign_in.submit)}
            </button>
        </form>
    }
    .into_any()
}

/// What the form before came to.
pub fn notice_view(ui: &Ui, notice: Notice) -> AnyView {
    let sentence = match notice {
        Notice::SignedOut => t!(ui, notice.signed_out),
        Notice::SessionEnded => t!(ui, notice.session_ended),
        Notice::WrongPassword => t!(ui, notice.wrong_password),
        Notice::TooManyAttempts => t!(ui, notice.too_many_attempts),
        Notice::SetupLinkInvalid => t!(ui, notice.setup_link_invalid),
        Notice::SetupDone => t!(ui, notice.setup_done),
        Notice::DisplayNameMissing => t!(ui, notice.display_name_missing),
        Notice::UserNameMissing => t!(ui, notice.user_name_missing),
        Notice::PasswordLength => t!(ui, notice.password_length),
        Notice::PasswordGuessable => t!(ui, notice.password_guessable),
        Notice::TimeZoneUnknown => t!(ui, notice.time_zone_unknown),
        Notice::ViewNameWrong => t!(ui, notice.view_name_wrong),
        Notice::TooManyViews => t!(ui, notice.too_many_views),
        Notice::ViewNotYours => t!(ui, notice.view_not_yours),
        Notice::ViewMissing => t!(ui, notice.view_missing),
        Notice::ViewRenamed => t!(ui, notice.view_renamed),
        Notice::ViewDeleted => t!(ui, notice.view_deleted),
        Notice::NoFileChosen => t!(ui, notice.no_file_chosen),
        Notice::UploadTooLarge => t!(ui, notice.upload_too_large),
        Notice::TooManyUploads => t!(ui, notice.too_many_uploads),
        Notice::DemoTakesNothing => t!(ui, notice.demo_takes_nothing),
        Notice::TooManyExportsWaiting => t!(ui, notice.too_many_exports_waiting),
        Notice::TooManyExports => t!(ui, notice.too_many_exports),
        Notice::ExportDeleted => t!(ui, notice.export_deleted),
        Notice::SourceAdded => t!(ui, notice.source_added),
        Notice::SourceChanged => t!(ui, notice.source_changed),
        Notice::SourceRemoved => t!(ui, notice.source_removed),
        Notice::SourceMissing => t!(ui, notice.source_missing),
        Notice::AccountDisabled => t!(ui, notice.account_disabled),
        Notice::ProviderSilent => t!(ui, notice.provider_silent),
        Notice::ProviderRefused => t!(ui, notice.provider_refused),
        Notice::ProviderNotBelieved => t!(ui, notice.provider_not_believed),
        Notice::SignInNotBegun => t!(ui, notice.sign_in_not_begun),
        Notice::NoRoleOfOurs => t!(ui, notice.no_role_of_ours),
        Notice::NoRolesSent => t!(ui, notice.no_roles_sent),
        Notice::TooManyGroups => t!(ui, notice.too_many_groups),
        Notice::TokenNameWrong => t!(ui, notice.token_name_wrong),
        Notice::TokenNameTaken => t!(ui, notice.token_name_taken),
        Notice::TokenDaysWrong => t!(ui, notice.token_days_wrong),
        Notice::StepGone => t!(ui, notice.step_gone),
        Notice::WrongCode => t!(ui, notice.wrong_code),
        Notice::TooManyCodes => t!(ui, notice.too_many_codes),
        Notice::CodesLocked => t!(ui, notice.codes_locked),
        Notice::FactorKeyMissing => t!(ui, notice.factor_key_missing),
        Notice::LastFactor => t!(ui, notice.last_factor),
        Notice::SignInTooOld => t!(ui, notice.sign_in_too_old),
        Notice::CurrentPasswordWrong => t!(ui, notice.current_password_wrong),
        Notice::PasswordChanged => t!(ui, notice.password_changed),
    };
    let (class, role) = if notice.is_problem() { ("field-problem", "alert") } else { ("notice", "status") };
    view! {
        <p class=class role=role>
            {sentence}
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::return_to;

    #[test]
    fn the_way_back_stays_on_this_site() {
        assert_eq!(return_to("return_to=%2Fusers%3Fq%3Da").as_deref(), Some("/users?q=a"));
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
            assert_eq!(return_to(&format!("return_to={bad}")), None, "{bad}");
        }
    }
}
