//! https without a proxy: connections that have shaken hands, with the certificate of the moment.

pub mod pair;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use self::pair::Pair;

/// A client that has not shaken hands by then is let go.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

type Connection = (TlsStream<TcpStream>, SocketAddr);

/// Listens for https. Handshakes go on beside each other: one that never ends holds up nobody.
pub struct TlsListener {
    tcp: TcpListener,
    config: watch::Receiver<Arc<ServerConfig>>,
    handshakes: JoinSet<io::Result<Connection>>,
}

impl TlsListener {
    /// Every new connection gets the configuration that `config` has then.
    #[must_use]
    pub fn new(tcp: TcpListener, config: watch::Receiver<Arc<ServerConfig>>) -> Self {
        Self { tcp, config, handshakes: JoinSet::new() }
    }

    fn begin(&mut self, stream: TcpStream, peer: SocketAddr) {
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config.borrow()));
        self.handshakes.spawn(async move {
            let stream = tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await??;
            Ok((stream, peer))
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Connection {
        loop {
            tokio::select! {
                // Axum's own: it waits where the computer has no room for another connection.
                (stream, peer) = Listener::accept(&mut self.tcp) => self.begin(stream, peer),
                Some(ended) = self.handshakes.join_next() => match ended {
                    Ok(Ok(connection)) => return connection,
                    Ok(Err(error)) => tracing::debug!(%error, "a client did not shake hands"),
                    Err(error) => tracing::error!(%error, "a handshake broke off"),
                },
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Reads the pair again whenever the process is sent SIGHUP. One that cannot be used is said in the log, and the one
/// before stays.
///
/// # Errors
/// The system does not let the process hear the signal.
#[cfg(unix)]
pub fn read_again_when_told(pair: Pair, config: watch::Sender<Arc<ServerConfig>>) -> io::Result<()> {
    // Heard from here on, and not from the task's first turn: otherwise a signal that comes early ends the program.
    let mut told = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
    tokio::spawn(async move {
        while told.recv().await.is_some() {
            let pair = pair.clone();
            match tokio::task::spawn_blocking(move || pair.read()).await {
                Ok(Ok(read)) => {
                    config.send_replace(read);
                    tracing::info!("new connections get the certificate that was read again");
                }
                Ok(Err(error)) => tracing::error!(%error, "the certificate stays as it was"),
                Err(error) => tracing::error!(%error, "the certificate stays as it was"),
            }
        }
    });
    Ok(())
}

/// There is no such signal here: a new certificate needs a start.
#[cfg(not(unix))]
pub fn read_again_when_told(_: Pair, _: watch::Sender<Arc<ServerConfig>>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_never_shakes_hands_is_let_go() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        let dir = tempfile::tempdir().expect("a directory");
        let pair = Pair { certificate: dir.path().join("certificate.pem"), key: dir.path().join("key.pem") };
        std::fs::write(&pair.certificate, made.cert.pem()).expect("written");
        std::fs::write(&pair.key, made.signing_key.serialize_pem()).expect("written");
        let (_sender, config) = watch::channel(pair.read().expect("a pair"));
        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = tcp.local_addr().expect("an address");
        let mut listener = TlsListener::new(tcp, config);
        let mut client = TcpStream::connect(address).await.expect("connects");
        let mut byte = [0];
        // The clock stands still until nothing else is to do, and then goes on to whoever waits.
        tokio::select! {
            _ = listener.accept() => unreachable!("nobody has shaken hands"),
            read = client.read(&mut byte) => assert_eq!(read.expect("closed in good order"), 0),
        }
    }
}
