//! How the program is reached: what flags and settings say together, looked at before anything is opened.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use axum::serve::Listener as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::rustls::ServerConfig;

use super::{ServeArgs, WrongUsage};
use crate::config::Settings;
use crate::config::public_url::PublicUrl;
use crate::tls::pair::Pair;
use crate::tls::{TlsListener, read_again_when_told};

/// Where to listen, whether with TLS, and what the program is called from outside.
pub struct Doors {
    pub listen: SocketAddr,
    /// Absent: the address listened on.
    asked_url: Option<PublicUrl>,
    tls: Option<(Pair, Arc<ServerConfig>)>,
    /// Where a supervisor reads figures; absent: nowhere.
    pub metrics: Option<SocketAddr>,
}

/// A listener of either kind.
pub enum Listening {
    Http(TcpListener),
    Https(TlsListener),
}

impl Listening {
    /// Scheme, host and port.
    ///
    /// # Errors
    /// The system does not know.
    pub fn origin(&self) -> io::Result<String> {
        Ok(match self {
            Self::Http(tcp) => format!("http://{}", tcp.local_addr()?),
            Self::Https(tls) => format!("https://{}", tls.local_addr()?),
        })
    }
}

impl Doors {
    /// Flags beat settings.
    ///
    /// # Errors
    /// Certificate and key do not go together or cannot be used, or passwords would cross the network for all to read.
    pub fn of(args: &ServeArgs, settings: &Settings) -> anyhow::Result<Self> {
        let http = &settings.http;
        let pair =
            pair(args.tls_cert.as_ref().or(http.tls_cert.as_ref()), args.tls_key.as_ref().or(http.tls_key.as_ref()))?;
        let metrics = metrics(args, settings, pair.is_some())?;
        let asked_url = args.public_url.as_ref().or(http.public_url.as_ref());
        let doors = Self {
            listen: args.listen.unwrap_or(http.listen),
            asked_url: asked_url.map(|url| url.parse()).transpose()?,
            tls: pair.map(|pair| pair.read().map(|config| (pair, config))).transpose()?,
            metrics,
        };
        doors.refuse_insecure(args)?;
        if doors.tls.is_none() && http.trusted_proxies.is_empty() && doors.public_url(doors.listen)?.is_https() {
            tracing::warn!("no trusted_proxies: to the sign-in's limits, everybody behind the proxy is one address");
        }
        Ok(doors)
    }

    /// What the program is called; where nothing was asked for, by the address that it now listens on. Port 0 asks for any.
    ///
    /// # Errors
    /// Never for an address that is listened on.
    pub fn public_url(&self, listening: SocketAddr) -> anyhow::Result<PublicUrl> {
        match &self.asked_url {
            Some(url) => Ok(url.clone()),
            None => Ok(PublicUrl::of_listener(listening, self.tls.is_some())?),
        }
    }

    /// Listeners for https, where there is a certificate, of pages and of metrics; from here on SIGHUP has it read again.
    ///
    /// # Errors
    /// The system does not let the process hear the signal.
    pub fn with_tls(
        self,
        pages: TcpListener,
        metrics: Option<TcpListener>,
    ) -> io::Result<(Listening, Option<Listening>)> {
        let Some((pair, config)) = self.tls else {
            return Ok((Listening::Http(pages), metrics.map(Listening::Http)));
        };
        let (sender, config) = watch::channel(config);
        read_again_when_told(pair, sender)?;
        let https = |tcp| Listening::Https(TlsListener::new(tcp, config.clone()));
        Ok((https(pages), metrics.map(https)))
    }

    /// Plain http is for this computer only, and so is the demo, whose sign-in page lets everybody in.
    fn refuse_insecure(&self, args: &ServeArgs) -> anyhow::Result<()> {
        let public_url = self.public_url(self.listen)?;
        let is_loopback = self.listen.ip().is_loopback() && public_url.is_loopback();
        if args.demo && !is_loopback {
            let sentence = "the demo lets everybody in, so it listens on this computer only: --listen 127.0.0.1:3000";
            return Err(WrongUsage(sentence.to_owned()).into());
        }
        if self.tls.is_some() && !public_url.is_https() {
            let sentence = format!("with --tls-cert people come by https, but the public address is {public_url}");
            return Err(WrongUsage(sentence).into());
        }
        if !is_loopback && !public_url.is_https() && !args.allow_insecure_http {
            bail!(
                "{public_url} is plain http, and other computers can reach it: passwords would cross the network for \
                 all to read. Give --tls-cert and --tls-key, or put a proxy with TLS in front and give --public-url \
                 https://…, or say --allow-insecure-http"
            );
        }
        Ok(())
    }
}

/// Whoever reaches it may read it: how many users, and how fresh what is known of them is. Whoever is on the way may not.
fn metrics(args: &ServeArgs, settings: &Settings, is_tls: bool) -> anyhow::Result<Option<SocketAddr>> {
    let Some(listen) = args.metrics_listen.or(settings.metrics.listen) else { return Ok(None) };
    let is_loopback = listen.ip().is_loopback();
    if !is_loopback && !args.allow_remote_metrics && !settings.metrics.allow_remote {
        bail!(
            "other computers can reach {listen}, and metrics are shown to whoever asks: give an address of this \
             computer, such as 127.0.0.1:9464, or say --allow-remote-metrics"
        );
    }
    if !is_loopback && !is_tls && !args.allow_insecure_http {
        bail!(
            "other computers can reach {listen} by plain http: metrics would cross the network for all to read. Give \
             --tls-cert and --tls-key, or an address of this computer, or say --allow-insecure-http"
        );
    }
    Ok(Some(listen))
}

fn pair(certificate: Option<&PathBuf>, key: Option<&PathBuf>) -> Result<Option<Pair>, WrongUsage> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(Pair { certificate: certificate.clone(), key: key.clone() })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(WrongUsage("a certificate needs its key: give --tls-key as well".to_owned())),
        (None, Some(_)) => Err(WrongUsage("a key needs its certificate: give --tls-cert as well".to_owned())),
    }
}
