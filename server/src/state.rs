//! What every request handler can reach.

use std::sync::Arc;

use app::pages::SiteSettings;
use axum::extract::FromRef;
use domain::viewer::TenantId;
use leptos::config::LeptosOptions;
use store::Services;
use tokio::sync::Notify;

use crate::access::writer::Writer;
use crate::auth::limiter::Limiter;
use crate::auth::oidc::Oidc;
use crate::auth::password::Passwords;
use crate::clock::Clock;
use crate::config::public_url::PublicUrl;
use crate::config::{Exports, Intake, Reads, Sessions, TrustedProxies};
use crate::export::places::Places;
use crate::import::background::Background;
use crate::live::Live;
use crate::metrics::requests::Requests;
use crate::push::Pushes;
use crate::sync::Connector;
use crate::vault::Vault;

/// The wasm file's name; `[[workspace.metadata.leptos]]` says the same.
const OUTPUT_NAME: &str = "keyroll";

/// Cheap to clone: handlers get their own.
#[derive(Clone)]
pub struct AppState {
    pub services: Services,
    pub clock: Clock,
    pub site: SiteSettings,
    pub public_url: Arc<PublicUrl>,
    /// Whose word is taken for where a request comes from.
    pub trusted_proxies: Arc<TrustedProxies>,
    pub sessions: Sessions,
    pub passwords: Passwords,
    pub limiter: Arc<Limiter>,
    /// How much each may read.
    pub reads: Reads,
    /// The organisation's identity provider, where the settings name one.
    pub oidc: Option<Oidc>,
    /// Seals the secrets of authenticator apps.
    pub vault: Vault,
    /// The way to connected tenants.
    pub connector: Connector,
    pub pushes: Pushes,
    /// The way into the access log.
    pub access: Writer,
    pub live: Live,
    pub background: Background,
    /// Of one upload, with all its files.
    pub max_body_bytes: u64,
    /// Told when something is to go (`jobs::keeping`).
    pub keeping: Arc<Notify>,
    pub exports: BackgroundExports,
    /// Files that are being fetched while they are written.
    pub downloads: Places,
    /// Those that were answered.
    pub requests: Requests,
    pub leptos: LeptosOptions,
}

impl AppState {
    /// To be called inside the runtime: some of it runs in the background.
    #[must_use]
    pub fn new(
        services: Services,
        clock: Clock,
        site: SiteSettings,
        public_url: PublicUrl,
        sessions: Sessions,
    ) -> Self {
        let intake = Intake::default();
        let live = Live::new(services.clone());
        Self {
            pushes: Pushes::new(clock.clone(), &intake, live.clone()),
            access: Writer::start(services.access_log(TenantId::ONLY)),
            background: Background::new(clock.clone()),
            live,
            max_body_bytes: intake.max_body_mib << 20,
            services,
            clock,
            site,
            public_url: Arc::new(public_url),
            trusted_proxies: Arc::default(),
            sessions,
            passwords: Passwords::default(),
            limiter: Arc::default(),
            reads: Reads::default(),
            oidc: None,
            vault: Vault::default(),
            connector: Connector::default(),
            keeping: Arc::default(),
            exports: BackgroundExports::default(),
            downloads: Places::default(),
            requests: Requests::default(),
            leptos: LeptosOptions::builder().output_name(OUTPUT_NAME).build(),
        }
    }

    /// The same with other limits for what comes in. To be called before the first request.
    #[must_use]
    pub fn with_intake(self, intake: &Intake) -> Self {
        let pushes = Pushes::new(self.clock.clone(), intake, self.live.clone());
        Self { pushes, max_body_bytes: intake.max_body_mib << 20, ..self }
    }
}

/// Files that are written in the background.
#[derive(Debug, Clone, Default)]
pub struct BackgroundExports {
    pub settings: Exports,
    /// Told when one is asked for (`jobs::exports`).
    pub asked: Arc<Notify>,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
