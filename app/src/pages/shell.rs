use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::{App, RequestContext};

/// The document around every page. Scripts carry the nonce of the answer's security policy.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let context = expect_context::<RequestContext>();
    let language = context.ui().language().as_str();
    view! {
        <!DOCTYPE html>
        <html lang=language>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <link rel="stylesheet" href="/assets/main.css" />
                <link rel="icon" href="/assets/favicon.svg" r#type="image/svg+xml" />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
