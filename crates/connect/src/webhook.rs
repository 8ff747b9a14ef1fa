//! Letters to receivers of webhooks over HTTPS. Owns the one connection of each: look the name up, judge what it leads to, connect to exactly
//! that, post, read the head of the answer.
//!
//! It is made of the parts of an HTTP client instead of a whole one, because between judging an address and connecting to it nothing may look
//! the name up again, and no proxy, redirect, pool or repeat may lead elsewhere (`domain/webhook/address`).

use aftercare_app::webhook::{Answer, Answering, Courier, Letter};
use aftercare_domain::webhook::address;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, Uri, header};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

/// How long a receiver may take, from looking its name up to the head of its answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where a name leads to now.
pub type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
/// How names are looked up.
pub type LookUp = Arc<dyn Fn(String, u16) -> Looking + Send + Sync>;

/// The way outside.
pub struct HttpCourier {
    tls: TlsConnector,
    loopback: bool,
    patience: Duration,
    look_up: LookUp,
}

impl HttpCourier {
    /// With `loopback`, this machine may be a receiver too, without TLS.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(loopback: bool) -> Result<Self, tokio_rustls::rustls::Error> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), loopback, patience: PATIENCE, look_up: Arc::new(by_system) })
    }

    /// The same, with names looked up in this way.
    #[must_use]
    pub fn looking_up(self, look_up: LookUp) -> Self {
        Self { look_up, ..self }
    }

    /// The same, waiting only so long.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    async fn send(&self, letter: &Letter) -> Result<Answer, &'static str> {
        // The rule may have become stricter since the address was written down.
        address::check(&letter.url, self.loopback).map_err(|_| "address")?;
        let target = Target::of(&letter.url).ok_or("address")?;
        let stream = connect(&self.reachable(&target).await?).await?;
        if !target.tls {
            return post(stream, &target, letter).await;
        }
        let name = ServerName::try_from(target.host.clone()).map_err(|_| "address")?;
        let stream = self.tls.connect(name, stream).await.map_err(|_| "tls")?;
        post(stream, &target, letter).await
    }

    /// Where the host leads to now. One inside is enough to refuse all: a name that leads both ways is no accident.
    async fn reachable(&self, target: &Target) -> Result<Vec<SocketAddr>, &'static str> {
        let found: Vec<SocketAddr> = match target.host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, target.port)],
            Err(_) => (self.look_up)(target.host.clone(), target.port).await.map_err(|_| "no_host")?,
        };
        if found.iter().any(|at| !address::may_reach(at.ip(), self.loopback)) {
            return Err("inside");
        }
        if found.is_empty() { Err("no_host") } else { Ok(found) }
    }
}

fn by_system(host: String, port: u16) -> Looking {
    Box::pin(async move { Ok(tokio::net::lookup_host((host.as_str(), port)).await?.collect()) })
}

impl Courier for HttpCourier {
    fn post<'a>(&'a self, letter: &'a Letter) -> Answering<'a> {
        Box::pin(async move {
            let outcome = tokio::time::timeout(self.patience, self.send(letter)).await.unwrap_or(Err("timeout"));
            match outcome {
                Ok(answer) => answer,
                Err(problem) => Answer { status: 0, problem: problem.to_owned(), retry_after: String::new() },
            }
        })
    }

    fn loopback(&self) -> bool {
        self.loopback
    }
}

/// An address taken apart, as the rule read it.
struct Target {
    tls: bool,
    /// Without the brackets of IPv6.
    host: String,
    port: u16,
    /// As the receiver sees it.
    named: String,
    path: Uri,
}

impl Target {
    fn of(text: &str) -> Option<Self> {
        let url = address::parts(text)?;
        Some(Self { tls: url.tls, host: url.host, port: url.port, named: url.named, path: url.path.parse().ok()? })
    }
}

async fn connect(at: &[SocketAddr]) -> Result<TcpStream, &'static str> {
    for one in at {
        if let Ok(stream) = TcpStream::connect(one).await {
            return Ok(stream);
        }
    }
    Err("no_connection")
}

async fn post(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    target: &Target,
    letter: &Letter,
) -> Result<Answer, &'static str> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| "reset")?;
    let carrying = tokio::spawn(connection);
    let request = Request::post(target.path.clone())
        .header(header::HOST, &target.named)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "aftercare-webhook/1")
        .header("webhook-id", &letter.id)
        .header("webhook-timestamp", letter.timestamp)
        .header("webhook-signature", &letter.signature)
        .body(Full::<Bytes>::from(letter.body.clone()))
        .map_err(|_| "address")?;
    let answer = sender.send_request(request).await.map_err(|_| "reset");
    // The body of the answer is nobody's: it is not read.
    carrying.abort();
    answer.map(|answer| {
        let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|it| it.to_str().ok()).unwrap_or_default();
        Answer { status: answer.status().as_u16(), problem: String::new(), retry_after: retry_after.to_owned() }
    })
}
