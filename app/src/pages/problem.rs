use domain::query::QueryProblem;
use domain::role::Role;
use http::StatusCode;
use leptos::prelude::*;
use store::StoreError;

use super::serve::{Content, page_for_viewers};
use crate::language::{Ui, t};
use crate::ui::query_problem::message;

/// Why a page cannot be shown.
#[derive(Debug)]
pub enum Problem {
    /// No such page.
    NotFound,
    /// The page is there, but what it is about is not.
    Missing { title: String, sentence: String, link: (&'static str, &'static str) },
    /// The viewer's role is not enough.
    Forbidden { needs: Vec<Role>, has: Role },
    /// Signed in, without any role.
    NoRole,
    /// The viewer has read as much as one may within a minute.
    TooManyReads,
    /// A wrong parameter on a page without filters.
    Query(QueryProblem),
    /// The store failed. Never shown as an empty page.
    Store(StoreError),
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<QueryProblem> for Problem {
    fn from(problem: QueryProblem) -> Self {
        Self::Query(problem)
    }
}

impl Problem {
    /// What the store refused, told to the one who asked.
    #[must_use]
    pub fn told_to(self, role: Role) -> Self {
        match self {
            Self::Store(StoreError::Forbidden { forbidden, .. }) => Self::Forbidden { needs: forbidden.needs, has: role },
            other => other,
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Missing { .. } => StatusCode::NOT_FOUND,
            Self::Forbidden { .. } | Self::NoRole => StatusCode::FORBIDDEN,
            Self::TooManyReads => StatusCode::TOO_MANY_REQUESTS,
            Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::Store(StoreError::Database(_) | StoreError::DiskFull) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The page that says what is wrong, and what to do about it.
pub fn problem_view(ui: &Ui, problem: &Problem) -> Content {
    let status = problem.status();
    let overview = ("/overview", t!(ui, problem.to_overview));
    let (title, sentence, link) = match problem {
        Problem::NotFound => {
            (t!(ui, problem.missing_title).to_owned(), text(t!(ui, problem.missing)), overview)
        }
        Problem::Missing { title, sentence, link } => (title.clone(), text(sentence), *link),
        Problem::Forbidden { needs, has } => {
            let roles = needs.iter().map(|role| ui.role(*role)).collect::<Vec<_>>().join(t!(ui, problem.or));
            let sentence = t!(ui, problem.forbidden, roles = roles, role = ui.role(*has));
            (t!(ui, problem.forbidden_title).to_owned(), text(&sentence), overview)
        }
        Problem::NoRole => (t!(ui, problem.no_role_title).to_owned(), text(t!(ui, problem.no_role)), overview),
        Problem::TooManyReads => {
            (t!(ui, problem.too_many_reads_title).to_owned(), text(t!(ui, problem.too_many_reads)), overview)
        }
        Problem::Query(problem) => (t!(ui, problem.bad_title).to_owned(), message(ui, problem), overview),
        Problem::Store(error) => {
            leptos::logging::error!("a page could not be read from the store: {error}");
            (t!(ui, problem.failed_title).to_owned(), text(t!(ui, problem.failed)), overview)
        }
    };
    let body = view! {
        <section class="card empty">
            <h1>{title.clone()}</h1>
            {sentence}
            <p>
                <a class="pill" href=link.0>
                    {link.1}
                </a>
            </p>
        </section>
    };
    Content { status, ..Content::new(title, body) }
}

fn text(sentence: &str) -> AnyView {
    let sentence = sentence.to_owned();
    view! { <p>{sentence}</p> }.into_any()
}

/// For addresses that no route knows.
pub fn not_found() -> AnyView {
    page_for_viewers(async |_| Err(Problem::NotFound))
}

/// `/too-many-reads`: in the place of what somebody asked for.
pub fn too_many_reads() -> AnyView {
    page_for_viewers(async |_| Err(Problem::TooManyReads))
}

/// `/no-role`: for people who have signed in, but hold none of the five roles; with `?needs=ROLE` (repeatable), for
/// people whose role does not suffice for what they asked.
pub fn no_role() -> AnyView {
    page_for_viewers(async |asked| {
        let needs: Vec<Role> = form_urlencoded::parse(asked.context.query.as_bytes())
            .filter(|(name, _)| name == "needs")
            .filter_map(|(_, role)| role.parse().ok())
            .collect();
        Err(if needs.is_empty() { Problem::NoRole } else { Problem::Forbidden { needs, has: asked.viewer.role } })
    })
}
