//! What every request handler can reach.

use std::sync::Arc;

use app::pages::SiteSettings;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use store::Services;

use crate::auth::limiter::Limiter;
use crate::auth::password::Passwords;
use crate::clock::Clock;
use crate::config::Sessions;
use crate::config::public_url::PublicUrl;

/// The wasm file's name; `[[workspace.metadata.leptos]]` says the same.
const OUTPUT_NAME: &str = "keyroll";

/// Cheap to clone: handlers get their own.
#[derive(Clone)]
pub struct AppState {
    pub services: Services,
    pub clock: Clock,
    pub site: SiteSettings,
    pub public_url: Arc<PublicUrl>,
    pub sessions: Sessions,
    pub passwords: Passwords,
    pub limiter: Arc<Limiter>,
    pub leptos: LeptosOptions,
}

impl AppState {
    #[must_use]
    pub fn new(
        services: Services,
        clock: Clock,
        site: SiteSettings,
        public_url: PublicUrl,
        sessions: Sessions,
    ) -> Self {
        Self {
            services,
            clock,
            site,
            public_url: Arc::new(public_url),
            sessions,
            passwords: Passwords::default(),
            limiter: Arc::default(),
            leptos: LeptosOptions::builder().output_name(OUTPUT_NAME).build(),
        }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
