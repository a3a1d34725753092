//! `keyroll serve`: the pages and the API.

mod doors;
mod log;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use app::pages::SiteSettings;
use axum::serve::ListenerExt as _;
use domain::viewer::TenantId;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::doors::{Doors, Listening};
use super::{Console, Place, WrongUsage};
use crate::auth::setup;
use crate::config::oidc::CLIENT_SECRET;
use crate::config::{LogFormat, OidcSettings};
use crate::jobs::access_stream::Stream;
use crate::jobs::watch::Watch;
use crate::router::{router, undeclared};
use crate::state::AppState;
use crate::{demo, generate, jobs, metrics};

/// How long answers under way may take when the program is told to stop. Supervisors kill what takes longer: Docker after
/// ten seconds.
const FINISH_WITHIN: Duration = Duration::from_secs(8);

#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// The address in people's browsers, such as https://keyroll.example.org
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Serve https with this certificate and those between it and its authority (PEM); SIGHUP has it read again
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Show figures to Prometheus at ADDR:PORT/metrics: https with --tls-cert, else http
    #[arg(long, value_name = "ADDR:PORT")]
    metrics_listen: Option<SocketAddr>,
    /// Let other computers read the metrics, without asking them who they are
    #[arg(long)]
    allow_remote_metrics: bool,
    /// How lines of the log are written, on stderr: text (default) or json
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    /// Show a made-up organisation, with one sign-in button per role; on loopback and beside no real data only
    #[arg(long)]
    demo: bool,
    /// Let passwords, sessions and metrics cross the network unencrypted
    #[arg(long)]
    allow_insecure_http: bool,
}

pub async fn run(args: ServeArgs, place: &Place) -> anyhow::Result<ExitCode> {
    let settings = Console::settings(place)?;
    log::begin(args.log_format.unwrap_or(settings.log.format));
    let doors = Doors::of(&args, &settings)?;
    let passwords = settings.passwords.open()?;
    let console = Console::open_with(place, settings).await?;

    // Until the program ends.
    let _key_in_use = console.services.sealed_secrets(TenantId::ONLY).in_use().await?;

    demo::check(&console.services, args.demo).await?;
    if args.demo {
        tracing::info!("making up an organisation, if the database is empty");
        demo::fill(&console.services, &console.clock, generate::demo_settings).await?;
    }

    let listener =
        TcpListener::bind(doors.listen).await.with_context(|| format!("cannot listen on {}", doors.listen))?;
    let public_url = doors.public_url(listener.local_addr()?)?;
    let measured = match doors.metrics {
        Some(at) => Some(TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))?),
        None => None,
    };
    // Before the address is printed: whoever reads it may send a signal.
    let (listener, measured) = doors.with_tls(listener, measured)?;
    if !args.demo
        && let Some(link) = setup::new_link(&console.services, &console.clock, &public_url).await?
    {
        println!("Nobody can sign in yet. Open this link within {} minutes, once:", setup::VALID_MINUTES);
        println!("{link}");
    }
    if let Some(listener) = &measured {
        println!("Metrics are at {}/metrics", listener.origin()?);
    }
    println!("Keyroll is at {public_url}");

    let connector = console.connector(place);
    // A demo lets everybody in already.
    let provider = console.settings.oidc.as_ref().filter(|_| !args.demo);
    let oidc = provider.map(|settings| settings.open(std::env::var(CLIENT_SECRET).ok())).transpose()?;
    let site = SiteSettings {
        organisation: if args.demo { demo::ORGANISATION.to_owned() } else { console.settings.site.organisation },
        time_zone: console.settings.site.time_zone,
        language: console.settings.site.language,
        is_demo: args.demo,
        stale_after: console.settings.stale_after,
        provider: provider.map(OidcSettings::button),
    };
    let interval = console.settings.sync.interval().filter(|_| !args.demo);
    let pulling = interval.map(|interval| {
        jobs::sync::start(console.operator.clone(), connector.clone(), console.clock.clone(), interval)
    });
    if let Some(folder) = console.settings.intake.watch.clone().filter(|_| !args.demo) {
        let name = folder.display().to_string();
        let watch = Watch::new(folder, console.operator.clone(), console.clock.clone())
            .with_context(|| format!("the watched folder {name} cannot be used"))?;
        tokio::spawn(watch.run());
    }
    let checking = tokio::spawn(jobs::self_check::run(
        console.services.checker(TenantId::ONLY),
        console.clock.clone(),
        StdRng::from_os_rng(),
    ));
    let operator = console.operator.clone();
    let mut state = AppState::new(console.services, console.clock, site, public_url, console.settings.sessions)
        .with_intake(&console.settings.intake);
    state.vault = connector.vault.clone();
    state.connector = connector;
    state.oidc = oidc;
    state.passwords = passwords;
    state.exports.settings = console.settings.exports;
    state.reads = console.settings.reads;
    state.trusted_proxies = Arc::new(console.settings.http.trusted_proxies);
    let streaming = match console.settings.access_log.sink() {
        Some(sink) => {
            let log = state.services.access_log(TenantId::ONLY);
            let stream = Stream::open(log, sink).await.context("the access log cannot be streamed")?;
            Some(tokio::spawn(stream.run(state.access.written())))
        }
        None => None,
    };
    let keeping = jobs::keeping::start(operator, state.clock.clone(), state.keeping.clone());
    let writer = jobs::exports::Writer::new(state.services.clone(), state.clock.clone(), state.exports.settings);
    let exporting = jobs::exports::start(writer, state.exports.asked.clone());
    // Until the end: whoever follows how the program stops can.
    let measuring = measured.map(|listener| {
        let metrics = metrics::router(&state);
        tokio::spawn(async move {
            match listener {
                Listening::Https(tls) => axum::serve(tls, metrics).await,
                Listening::Http(plain) => axum::serve(plain, metrics).await,
            }
        })
    });
    let live = state.live.clone();
    let router = router(state);
    let undeclared = undeclared(&router);
    if !undeclared.is_empty() {
        bail!("nobody has declared who may ask for {}: see server/src/access/routes.rs", undeclared.join(", "));
    }
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let told = CancellationToken::new();
    let telling = told.clone();
    let stop = async move {
        told_to_stop().await;
        live.close();
        telling.cancel();
    };
    let serving = async {
        match listener {
            // Tapped, as axum tells the peer's address of its own kinds of listeners only.
            Listening::Https(tls) => axum::serve(tls.tap_io(|_| ()), service).with_graceful_shutdown(stop).await,
            Listening::Http(plain) => axum::serve(plain, service).with_graceful_shutdown(stop).await,
        }
    };
    // Whoever does not read, send or hang up would be waited for as long as they like.
    let overdue = async {
        told.cancelled().await;
        tokio::time::sleep(FINISH_WITHIN).await;
    };
    tokio::select! {
        ended = serving => ended?,
        () = overdue => {
            tracing::warn!(seconds = FINISH_WITHIN.as_secs(), "answers that were not finished in this time are broken off");
        }
    }
    if let Some(pulling) = pulling {
        pulling.stop().await;
    }
    keeping.stop().await;
    exporting.stop().await;
    checking.abort();
    if let Some(streaming) = streaming {
        streaming.abort();
    }
    if let Some(measuring) = measuring {
        measuring.abort();
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends when the process is told to: requests under way are finished first.
async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
