use domain::preferences::Theme;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::{App, RequestContext};

/// The document around every page. Scripts carry the nonce of the answer's security policy.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let context = expect_context::<RequestContext>();
    let language = context.ui().language().as_str();
    // Without the attribute the style follows the device.
    let theme = Some(context.preferences.theme).filter(|theme| *theme != Theme::System).map(Theme::as_str);
    let scheme = theme.unwrap_or("light dark");
    let files = format!("/v/{}", context.version);
    let file = |name: &str| format!("{files}/assets/{name}");
    view! {
        <!DOCTYPE html>
        <html lang=language data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=scheme />
                <meta name="referrer" content="same-origin" />
                <link rel="stylesheet" href=file("main.css") />
                <link rel="icon" href=file("favicon.svg") r#type="image/svg+xml" />
                <HydrationScripts options islands=true root=files.clone() />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
