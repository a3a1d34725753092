//! `/lists/…`: what three PowerShell commands of 2020 printed (`seeds/002`), column for column.

use domain::page::Page;
use domain::query::{
    ListQuery, MfaMethodsColumn, MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, Report, UserNameColumn,
};
use domain::report::{MfaMethodsItem, SourceItem, UserNameItem};
use domain::view::ViewPage;
use leptos::prelude::*;
use store::{FilterChoices, Reader, StoreError};

use super::list::nothing::without_state;
use super::list::{self, ListPage, Words, is_whole};
use super::serve::Asked;
use crate::figures::{href, list_href, user_href};
use crate::language::{Ui, t};
use crate::ui::filter_bar::{Filter, Popover};
use crate::ui::freshness::freshness;
use crate::ui::icon;
use crate::ui::tabs::{Tab, tabs};

const REGISTERED: &str = "Get-MsolUser -All | Where-Object {$_.StrongAuthenticationMethods -ne $null -and \
    $_.BlockCredential -eq $False} | Select-Object -Property UserPrincipalName";
const NOT_REGISTERED: &str = "Get-MsolUser -All | Where-Object {$_.StrongAuthenticationMethods.Count -eq 0 -and \
    $_.BlockCredential -eq $False} | Select-Object -Property UserPrincipalName";
const METHODS: &str = "Get-MsolUser -All | Select-Object @{N='UserPrincipalName';E={$_.UserPrincipalName}}, \
    @{N='MFA Status';E={if ($_.StrongAuthenticationRequirements.State){$_.StrongAuthenticationRequirements.State} \
    else {\"Disabled\"}}}, @{N='MFA Methods';E={$_.StrongAuthenticationMethods.methodtype}} | \
    Export-Csv -Path c:\\MFA_Report.csv -NoTypeInformation";

pub fn registered() -> AnyView {
    list::page::<MfaRegisteredQuery>()
}

pub fn not_registered() -> AnyView {
    list::page::<MfaNotRegisteredQuery>()
}

pub fn methods() -> AnyView {
    list::page::<MfaMethodsQuery>()
}

/// What the three lists differ in; the rest is the same for each.
macro_rules! printed_list {
    ($query:ty, $item:ty, $column:ty, $view:ident, $command:ident, $title:ident, $lead:ident, $cell:ident) => {
        impl ListPage for $query {
            const SHOWN: &'static [$column] = <$column>::ALL;
            const VIEW: ViewPage = ViewPage::$view;
            const HAS_WINDOW: bool = false;
            const HAS_POPULATION: bool = false;

            fn words(ui: &Ui) -> Words {
                let title = t!(ui, printed.$title);
                Words { title, table: title, search: t!(ui, printed.search) }
            }

            fn count(ui: &Ui, page: &Page<$item>) -> String {
                let n = ui.number(page.total);
                if page.total_is_exact {
                    t!(ui, users.count, count = page.total, n = n)
                } else {
                    t!(ui, users.count_more, n = n)
                }
            }

            fn about(&self, ui: &Ui) -> String {
                t!(ui, print.as_of, at = ui.time(self.report.as_of))
            }

            /// The command's own names, in every language: they are those of the file.
            fn column(_: &Ui, column: $column) -> &'static str {
                column.as_str()
            }

            fn is_number(_: $column) -> bool {
                false
            }

            fn cell(&self, ui: &Ui, item: &$item, column: $column) -> AnyView {
                $cell(ui, &self.report, item, column)
            }

            async fn above(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
                let sources = asked.reader().sources().await?;
                Ok(Some(above(ui, self, t!(ui, printed.$lead), $command, &sources)))
            }

            fn filters(&self, ui: &Ui, _: &FilterChoices) -> Vec<Popover> {
                vec![Filter::population(ui, self.report.population, None).into()]
            }

            async fn choices(_: &Reader) -> Result<FilterChoices, StoreError> {
                Ok(FilterChoices::default())
            }

            async fn nothing(&self, asked: &Asked, ui: &Ui) -> Result<Option<AnyView>, StoreError> {
                without_state(asked, ui, t!(ui, printed.no_records)).await
            }

            fn no_match(&self, ui: &Ui) -> String {
                let sentence = if is_whole(self) { t!(ui, printed.none) } else { t!(ui, printed.no_match) };
                sentence.to_owned()
            }
        }
    };
}

printed_list!(
    MfaRegisteredQuery, UserNameItem, UserNameColumn, MfaRegistered, REGISTERED, registered, registered_lead, name_cell
);
printed_list!(
    MfaNotRegisteredQuery, UserNameItem, UserNameColumn, MfaNotRegistered, NOT_REGISTERED, not_registered,
    not_registered_lead, name_cell
);
printed_list!(
    MfaMethodsQuery, MfaMethodsItem, MfaMethodsColumn, MfaMethods, METHODS, methods, methods_lead, methods_cell
);

fn name_cell(_: &Ui, report: &Report, item: &UserNameItem, column: UserNameColumn) -> AnyView {
    match column {
        UserNameColumn::UserPrincipalName => user_name(report, &item.user_principal_name),
    }
}

fn methods_cell(ui: &Ui, report: &Report, item: &MfaMethodsItem, column: MfaMethodsColumn) -> AnyView {
    match column {
        MfaMethodsColumn::UserPrincipalName => user_name(report, &item.user_principal_name),
        MfaMethodsColumn::MfaStatus => known(ui, item.mfa_status.as_deref()),
        MfaMethodsColumn::MfaMethods => known(ui, item.mfa_methods.as_deref()),
    }
}

/// The name leads to the person's page at the same instant.
fn user_name(report: &Report, name: &str) -> AnyView {
    let link = href(&user_href(name), &Report { population: None, ..report.clone() }.to_url());
    view! {
        <th scope="row">
            <a href=link>{name.to_owned()}</a>
        </th>
    }
    .into_any()
}

/// As the command printed it; what it left blank because nothing was known is unknown here.
fn known(ui: &Ui, text: Option<&str>) -> AnyView {
    match text {
        Some("") => view! { <td class="quiet">{t!(ui, list.none)}</td> }.into_any(),
        Some(text) => view! { <td>{text.to_owned()}</td> }.into_any(),
        None => view! { <td><span class="state unknown">{t!(ui, answer.unknown)}</span></td> }.into_any(),
    }
}

/// The ways between the three lists, what is in this one, and what it is made of.
fn above<Q: ListPage>(ui: &Ui, query: &Q, lead: &'static str, command: &'static str, sources: &[SourceItem]) -> AnyView {
    let sources: Vec<SourceItem> = sources.iter().filter(|source| source.source.is_about_state()).cloned().collect();
    let lists = vec![
        tab::<_, MfaRegisteredQuery>(query, t!(ui, printed.registered)),
        tab::<_, MfaNotRegisteredQuery>(query, t!(ui, printed.not_registered)),
        tab::<_, MfaMethodsQuery>(query, t!(ui, printed.methods)),
    ];
    view! {
        {tabs(t!(ui, printed.lists), lists)}
        <div class="list-lead">
            <p>{lead}</p>
            <p class="quiet">{t!(ui, printed.download)}</p>
            <details class="command">
                <summary class="quiet-button">{t!(ui, printed.command)} " " {icon::chevron()}</summary>
                <code>{command}</code>
            </details>
        </div>
        {(!sources.is_empty()).then(|| freshness(ui, &sources))}
    }
    .into_any()
}

/// The same search of the same instant on another list.
fn tab<From: ListPage, To: ListQuery>(from: &From, label: &'static str) -> Tab {
    let mut to = To::of(from.report().clone());
    to.list_mut().q.clone_from(&from.list().q);
    Tab { label, href: list_href(&to), is_current: From::NAME == To::NAME }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file's columns are the command's, letter by letter.
    #[test]
    fn columns_are_called_what_the_command_called_them() {
        for column in MfaMethodsColumn::ALL {
            assert!(METHODS.contains(&format!("N='{column}'")), "{column}");
        }
        for command in [REGISTERED, NOT_REGISTERED] {
            assert!(command.ends_with(&format!("-Property {}", UserNameColumn::UserPrincipalName)), "{command}");
        }
    }
}
