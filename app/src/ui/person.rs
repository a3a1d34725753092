use domain::query::Report;
use leptos::prelude::*;

use crate::figures::{href, user_href};
use crate::language::{Ui, t};

/// Whom a row names.
pub struct Person<'a> {
    pub id: Option<&'a str>,
    pub display_name: Option<&'a str>,
    pub user_name: Option<&'a str>,
}

impl Person<'_> {
    /// The name, which leads to the person's page, and the user name beneath. `report` is where the link takes its
    /// instant from.
    pub fn view(&self, ui: &Ui, report: Option<&Report>, with_user_name: bool) -> AnyView {
        let name = self.display_name.or(self.user_name);
        let Some(id) = self.id else {
            let name = name.unwrap_or(t!(ui, events.nobody)).to_owned();
            return view! { <span class="quiet">{name}</span> }.into_any();
        };
        let query = report.map(|report| Report { population: None, ..report.clone() }.to_url()).unwrap_or_default();
        let link = href(&user_href(id), &query);
        let name = name.unwrap_or(id).to_owned();
        let user_name = self.user_name.filter(|_| with_user_name && self.display_name.is_some()).map(str::to_owned);
        view! {
            <a href=link class="person">
                <b>{name}</b>
                <span>{user_name}</span>
            </a>
        }
        .into_any()
    }
}
