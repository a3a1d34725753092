use leptos::prelude::*;
use store::StoreError;

use crate::language::t;
use crate::pages::Asked;

/// A part of a page, or what to do where it could not be read: what failed, under which id the log has more, and
/// the way to try again. The rest of the page stays.
pub fn or_failed<T>(
    asked: &Asked,
    what: &str,
    part: Result<T, StoreError>,
    view: impl FnOnce(T) -> AnyView,
) -> AnyView {
    let error = match part {
        Ok(part) => return view(part),
        Err(error) => error,
    };
    let (ui, context) = (&asked.ui, &asked.context);
    leptos::logging::error!("`{what}` could not be read for request {}: {error}", context.request_id);
    let again = crate::figures::href(&context.path, &context.query);
    view! {
        <section class="card empty failed">
            <h2>{t!(ui, empty.failed_title, what = what.to_owned())}</h2>
            <p>{t!(ui, empty.failed)}</p>
            <p class="small quiet">
                {t!(ui, empty.failed_id)}
                " "
                <code>{context.request_id.clone()}</code>
            </p>
            <p>
                <a class="pill" href=again>
                    {t!(ui, empty.failed_retry)}
                </a>
            </p>
        </section>
    }
    .into_any()
}

/// A card with a heading, a line beneath it, and a table.
pub fn section(title: impl Into<String>, sub: String, content: AnyView) -> AnyView {
    let title = title.into();
    view! {
        <section class="card list">
            <div class="card-head">
                <h2>{title}</h2>
                <p class="small quiet">{sub}</p>
            </div>
            {content}
        </section>
    }
    .into_any()
}
