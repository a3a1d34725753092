//! From a request to a whole page: awaits the page's content, sets the status, puts the frame around it.

use std::future::Future;

use domain::view::SavedView;
use domain::viewer::Viewer;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::{Forbidden, Operator, Reader, SettingsReader, StoreError};

use super::RequestContext;
use super::problem::{Problem, problem_view};
use crate::language::Ui;
use crate::ui::checked::checked;
use crate::ui::frame::{bare_frame, frame};
use crate::ui::live;
use crate::ui::page_title::PageTitle;

/// What a page shows inside the frame.
pub struct Content {
    pub title: String,
    /// 200 unless the page says otherwise.
    pub status: StatusCode,
    pub body: AnyView,
    /// Where to go instead.
    pub location: Option<String>,
}

impl Content {
    #[must_use]
    pub fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self { title: title.into(), status: StatusCode::OK, body: body.into_any(), location: None }
    }

    /// Another page of ours has what was asked for.
    #[must_use]
    pub fn moved(to: String) -> Self {
        Self { status: StatusCode::SEE_OTHER, location: Some(to), ..Self::new("", ()) }
    }
}

/// One request for a page that only a viewer may see.
pub struct Asked {
    pub context: RequestContext,
    pub viewer: Viewer,
    pub ui: Ui,
}

impl Asked {
    /// The views that the viewer may open.
    pub async fn views(&self) -> Result<Vec<SavedView>, StoreError> {
        self.context.services.views(&self.viewer).list(self.context.now).await
    }

    /// People, tokens, sources and retention, for those who may see them.
    pub fn settings(&self) -> Result<SettingsReader, Problem> {
        self.context.services.settings(&self.viewer).map_err(|forbidden| self.refused(forbidden))
    }

    /// Imports, for those who may.
    pub fn operator(&self) -> Result<Operator, Problem> {
        self.context.services.operate(&self.viewer).map_err(|forbidden| self.refused(forbidden))
    }

    fn refused(&self, forbidden: Forbidden) -> Problem {
        Problem::Forbidden { needs: forbidden.needs, has: self.viewer.role }
    }

    /// Reports and lists, with the viewer's rights.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.context.services.read(&self.viewer)
    }
}

/// A page for viewers, in the frame with the navigation.
pub fn page_for_viewers<Answer>(content: impl FnOnce(Asked) -> Answer + Send + 'static) -> AnyView
where
    Answer: Future<Output = Result<Content, Problem>> + Send + 'static,
{
    let context = expect_context::<RequestContext>();
    let response = expect_context::<ResponseOptions>();
    let answer = Suspend::new(async move {
        let ui = context.ui();
        let Some(viewer) = context.viewer.clone() else {
            // The server sends everybody else to sign in; a page without a viewer shows nothing.
            return finished(&response, &ui, problem_view(&ui, &Problem::NoRole), |body| bare_frame(&ui, body));
        };
        let asked = Asked { context: context.clone(), viewer: viewer.clone(), ui: ui.clone() };
        // Where the store does not answer the page itself says so.
        let above = live::above(&asked).await.ok().flatten();
        let content = content(asked).await.unwrap_or_else(|problem| problem_view(&ui, &problem.told_to(viewer.role)));
        let foot = checked(&ui, context.services.read(&viewer).self_check().await);
        let is_shown = content.status == StatusCode::OK;
        finished(&response, &ui, content, |body| {
            let above = above.filter(|_| is_shown);
            frame(&ui, &context, &viewer, view! { {above} {body} }.into_any(), foot)
        })
    });
    view! { <Suspense>{answer}</Suspense> }.into_any()
}

/// A page for everybody: signing in, setting up.
pub fn page_for_everybody(content: impl FnOnce(&RequestContext, &Ui) -> Content) -> AnyView {
    let context = expect_context::<RequestContext>();
    let response = expect_context::<ResponseOptions>();
    let ui = context.ui();
    let content = content(&context, &ui);
    finished(&response, &ui, content, |body| bare_frame(&ui, body))
}

fn finished(response: &ResponseOptions, ui: &Ui, content: Content, framed: impl FnOnce(AnyView) -> AnyView) -> AnyView {
    if content.status != StatusCode::OK {
        response.set_status(content.status);
    }
    if let Some(to) = content.location.as_deref().and_then(|to| HeaderValue::from_str(to).ok()) {
        response.insert_header(header::LOCATION, to);
    }
    let body = framed(content.body);
    view! {
        <PageTitle page=content.title ui=ui.clone() />
        {body}
    }
    .into_any()
}
