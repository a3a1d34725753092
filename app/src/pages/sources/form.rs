//! The form that connects a tenant, and the same that changes a connection. A secret goes in and never comes out.

use domain::connection::{Cloud, ConnectionFault, ConnectionItem, CredentialKind, SecretPlace};
use leptos::prelude::*;

use crate::language::{Ui, t};

/// The fields as they were sent, but for the secret.
#[derive(Debug, Clone)]
pub struct SourceForm {
    pub name: String,
    pub directory: String,
    pub client_id: String,
    pub cloud: Cloud,
    /// Of [`Cloud::Other`].
    pub authority: String,
    pub graph_root: String,
    pub credential: CredentialKind,
    pub place: SecretPlace,
    /// The file or the variable.
    pub secret_name: String,
}

impl Default for SourceForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            directory: String::new(),
            client_id: String::new(),
            cloud: Cloud::Global,
            authority: String::new(),
            graph_root: String::new(),
            credential: CredentialKind::Secret,
            place: SecretPlace::Stored,
            secret_name: String::new(),
        }
    }
}

impl SourceForm {
    #[must_use]
    pub fn of(item: &ConnectionItem) -> Self {
        let cloud = Cloud::of(&item.authority, &item.graph_root);
        let own = |address: &String| if cloud == Cloud::Other { address.clone() } else { String::new() };
        Self {
            name: item.name.clone(),
            directory: item.directory.clone(),
            client_id: item.client_id.clone(),
            cloud,
            authority: own(&item.authority),
            graph_root: own(&item.graph_root),
            credential: item.credential,
            place: item.secret_place,
            secret_name: item.secret_name.clone().unwrap_or_default(),
        }
    }
}

pub fn view(ui: &Ui, id: Option<i64>, form: &SourceForm, fault: Option<ConnectionFault>) -> AnyView {
    let action = id.map_or_else(|| "/settings/sources".to_owned(), |id| format!("/settings/sources/{id}"));
    let problem = fault.map(|fault| {
        view! {
            <p class="field-problem" role="alert">
                {ui.connection_fault(fault)}
            </p>
        }
    });
    let text = |label: &'static str, name: &'static str, value: &str, is_needed: bool| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input name=name type="text" value=value.to_owned() required=is_needed autocomplete="off" spellcheck="false" />
            </label>
        }
    };
    let radios = |legend: &'static str, name: &'static str, choices: Vec<(&'static str, &'static str, bool)>| {
        let choices = choices.into_iter().map(|(value, label, is_chosen)| {
            view! {
                <label class="choice">
                    <input type="radio" name=name value=value checked=is_chosen />
                    {label}
                </label>
            }
        });
        view! {
            <fieldset>
                <legend>
                    <b>{legend}</b>
                </legend>
                {choices.collect_view()}
            </fieldset>
        }
    };
    let clouds = Cloud::ALL.iter().map(|cloud| (cloud.as_str(), ui.cloud(*cloud), form.cloud == *cloud));
    let kinds =
        CredentialKind::ALL.iter().map(|kind| (kind.as_str(), ui.credential_kind(*kind), form.credential == *kind));
    let places = SecretPlace::ALL.iter().map(|place| (place.as_str(), ui.secret_place(*place), form.place == *place));
    let hint = if id.is_some() { t!(ui, connection.secret_kept) } else { t!(ui, connection.secret_hint) };
    let hint_id = id.map_or_else(|| "secret-hint".to_owned(), |id| format!("secret-hint-{id}"));
    view! {
        <form class="stack preferences" method="post" action=action>
            {problem}
            {text(t!(ui, connection.name), "name", &form.name, true)}
            {text(t!(ui, connection.directory), "directory", &form.directory, true)}
            {text(t!(ui, connection.client_id), "client_id", &form.client_id, true)}
            {radios(t!(ui, connection.cloud), "cloud", clouds.collect())}
            {text(t!(ui, connection.authority), "authority", &form.authority, false)}
            {text(t!(ui, connection.graph_root), "graph_root", &form.graph_root, false)}
            {radios(t!(ui, connection.credential), "credential", kinds.collect())}
            {radios(t!(ui, connection.place), "place", places.collect())}
            {text(t!(ui, connection.secret_name), "secret_name", &form.secret_name, false)}
            <label class="field">
                <span>{t!(ui, connection.secret)}</span>
                <textarea name="secret" autocomplete="off" spellcheck="false" aria-describedby=hint_id.clone()></textarea>
            </label>
            <p class="small quiet" id=hint_id>
                {hint}
            </p>
            <button class="pill primary wide" type="submit">
                {if id.is_some() { t!(ui, connection.save) } else { t!(ui, connection.add) }}
            </button>
        </form>
    }
    .into_any()
}
