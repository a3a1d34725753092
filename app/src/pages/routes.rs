use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::{
    access_log, api_docs, data, erase, events, exports, import, keyboard, mfa, overview, people, preferences, printed,
    problem, reasons, retention, second_step, setup, sign_in, sign_in_details, sign_ins, sms_and_voice, sources, tokens, undo,
    usage, user, users, views,
};

/// The router: every page once. All are sent complete, in one go.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=problem::not_found>
                <Route path=path!("/") view=overview::page ssr=SsrMode::Async />
                <Route path=path!("/overview") view=overview::page ssr=SsrMode::Async />
                <Route path=path!("/sms-and-voice") view=sms_and_voice::page ssr=SsrMode::Async />
                <Route path=path!("/users") view=users::page ssr=SsrMode::Async />
                <Route path=path!("/users/:id") view=user::page ssr=SsrMode::Async />
                <Route path=path!("/users/:id/erase") view=erase::page ssr=SsrMode::Async />
                <Route path=path!("/events") view=events::page ssr=SsrMode::Async />
                <Route path=path!("/usage") view=usage::page ssr=SsrMode::Async />
                <Route path=path!("/usage/users") view=usage::users::page ssr=SsrMode::Async />
                <Route path=path!("/usage/applications") view=usage::applications::page ssr=SsrMode::Async />
                <Route path=path!("/sign-ins") view=sign_ins::page ssr=SsrMode::Async />
                <Route path=path!("/sign-ins/:id") view=sign_in_details::page ssr=SsrMode::Async />
                <Route path=path!("/mfa/activity") view=mfa::activity::page ssr=SsrMode::Async />
                <Route path=path!("/mfa/blocked-users") view=mfa::blocked_users::page ssr=SsrMode::Async />
                <Route path=path!("/mfa/bypassed-users") view=mfa::bypassed_users::page ssr=SsrMode::Async />
                <Route path=path!("/mfa/fraud-alerts") view=mfa::fraud_alerts::page ssr=SsrMode::Async />
                <Route path=path!("/mfa/servers") view=mfa::servers::page ssr=SsrMode::Async />
                <Route path=path!("/lists/mfa-registered") view=printed::registered ssr=SsrMode::Async />
                <Route path=path!("/lists/mfa-not-registered") view=printed::not_registered ssr=SsrMode::Async />
                <Route path=path!("/lists/mfa-methods") view=printed::methods ssr=SsrMode::Async />
                <Route path=path!("/reasons") view=reasons::page ssr=SsrMode::Async />
                <Route path=path!("/views") view=views::page ssr=SsrMode::Async />
                <Route path=path!("/exports") view=exports::page ssr=SsrMode::Async />
                <Route path=path!("/data") view=data::page ssr=SsrMode::Async />
                <Route path=path!("/data/:import") view=import::page ssr=SsrMode::Async />
                <Route path=path!("/settings/people") view=people::page ssr=SsrMode::Async />
                <Route path=path!("/settings/tokens") view=tokens::page ssr=SsrMode::Async />
                <Route path=path!("/settings/access-log") view=access_log::page ssr=SsrMode::Async />
                <Route path=path!("/settings/retention") view=retention::page ssr=SsrMode::Async />
                <Route path=path!("/settings/sources") view=sources::page ssr=SsrMode::Async />
                <Route path=path!("/data/:import/undo") view=undo::page ssr=SsrMode::Async />
                <Route path=path!("/preferences") view=preferences::page ssr=SsrMode::Async />
                <Route path=path!("/help/keyboard") view=keyboard::page ssr=SsrMode::Async />
                <Route path=path!("/api/docs") view=api_docs::page ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=sign_in::page ssr=SsrMode::Async />
                <Route path=path!("/sign-in/second-step") view=second_step::page ssr=SsrMode::Async />
                <Route path=path!("/sign-in/set-up-second-step") view=second_step::page ssr=SsrMode::Async />
                <Route path=path!("/setup") view=setup::page ssr=SsrMode::Async />
                <Route path=path!("/too-many-reads") view=problem::too_many_reads ssr=SsrMode::Async />
                <Route path=path!("/no-role") view=problem::no_role ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
