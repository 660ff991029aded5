//! One request to one target, on a connection of its own.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use super::headers;
use crate::delivery::authorization;
use crate::pgm;
use crate::receiver::{Answer, Received};

/// How much of a target's answer is passed back; more is no answer.
const ANSWER: usize = 8 * 1024 * 1024;

/// What came of passing a request on.
#[derive(Debug, Clone)]
pub struct Passed {
    /// Where to.
    pub url: Url,
    /// The status of the answer, or why there is none.
    pub outcome: Result<u16, Unpassed>,
    /// How long the target took.
    pub elapsed: Duration,
}

impl Passed {
    /// Whether PGM would take the target's answer for a success.
    pub fn succeeded(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|status| pgm::is_success(*status))
    }
}

/// Why a target gave no answer. The words are the system's or a library's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unpassed {
    /// Nobody takes the connection.
    #[error("is down: {0}")]
    Down(String),
    /// The time is up.
    #[error("is too slow")]
    TooSlow,
    /// The connection broke, or what came was no answer.
    #[error("gave no answer: {0}")]
    Broken(String),
}

/// Somebody to pass requests on to.
#[derive(Debug, Clone)]
pub(super) struct Target {
    url: Url,
    tls: Arc<ClientConfig>,
}

impl Target {
    pub(super) fn new(url: Url, tls: Arc<ClientConfig>) -> Self {
        Self { url, tls }
    }

    /// The target's URL with a request's path after its own, and with the query of both.
    fn url_for(&self, path: &str) -> Url {
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let mut url = self.url.clone();
        if path != "/" {
            let own = url.path().trim_end_matches('/').to_owned();
            url.set_path(&(own + path));
        }
        let query = match (self.url.query(), query) {
            (Some(own), Some(query)) => Some(format!("{own}&{query}")),
            (own, query) => own.or(query).map(str::to_owned),
        };
        url.set_query(query.as_deref());
        url.set_fragment(None);
        url
    }
}

/// Passes a request on, within a time limit.
pub(super) async fn pass(
    target: &Target,
    received: &Received,
    limit: Duration,
) -> (Option<Answer>, Passed) {
    let started = Instant::now();
    let url = target.url_for(received.path());
    let exchange = tokio::time::timeout(limit, exchange(target, &url, received));
    let answer = exchange.await.unwrap_or(Err(Unpassed::TooSlow));
    let outcome = match &answer {
        Ok(answer) => Ok(answer.status.as_u16()),
        Err(why) => Err(why.clone()),
    };
    (answer.ok(), Passed { url, outcome, elapsed: started.elapsed() })
}

async fn exchange(target: &Target, url: &Url, received: &Received) -> Result<Answer, Unpassed> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or_default();
    let stream = TcpStream::connect((host, port)).await.map_err(|e| Unpassed::Down(words(&e)))?;
    let _ = stream.set_nodelay(true);
    if url.scheme() != "https" {
        return speak(stream, url, received).await;
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|e| Unpassed::Down(e.to_string()))?;
    let stream = TlsConnector::from(target.tls.clone()).connect(name, stream).await;
    speak(stream.map_err(|e| Unpassed::Broken(words(&e)))?, url, received).await
}

async fn speak<S>(stream: S, url: &Url, received: &Received) -> Result<Answer, Unpassed>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| Unpassed::Broken(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // Ends when the answer is read or the sender is dropped.
    let talking = tokio::spawn(connection);
    let answer = async {
        let response = sender.send_request(request(url, received)?).await.map_err(broken)?;
        read(response).await
    };
    let answer = answer.await;
    talking.abort();
    answer
}

fn request(url: &Url, received: &Received) -> Result<Request<Full<Bytes>>, Unpassed> {
    let broken = |_| Unpassed::Broken("the URL cannot be sent".to_owned());
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let host = HeaderValue::from_str(host).map_err(|e| Unpassed::Broken(e.to_string()))?;
    let mut request = Request::new(Full::new(received.body.clone()));
    *request.method_mut() = received.head.method.clone();
    *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery].parse().map_err(broken)?;
    *request.headers_mut() = headers::onward(received.header_map(), host);
    // Whom the target knows is its own matter, not that of who called here.
    let authorization = authorization(url).and_then(|value| HeaderValue::try_from(value).ok());
    authorization.map(|value| request.headers_mut().insert(AUTHORIZATION, value));
    Ok(request)
}

async fn read(response: Response<hyper::body::Incoming>) -> Result<Answer, Unpassed> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, ANSWER).collect().await;
    let body = body.map_err(|error| Unpassed::Broken(error.to_string()))?.to_bytes();
    Ok(Answer { status: head.status, headers: headers::back(&head.headers), body, drip: None })
}

fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error ").map_or(&*text, |(words, _)| words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_are_kept_behind_the_targets_own() {
        let network = crate::delivery::Network {
            timeout: Duration::from_secs(1),
            ca_cert: None,
            insecure: false,
            resolve: Vec::new(),
        };
        let tls = Arc::new(crate::delivery::client_config(&network, false).unwrap());
        for (own, path, whole) in [
            ("http://localhost:3000", "/pgm?a=1", "http://localhost:3000/pgm?a=1"),
            ("http://localhost:3000/api", "/pgm", "http://localhost:3000/api/pgm"),
            ("http://localhost:3000/api/", "/pgm/", "http://localhost:3000/api/pgm/"),
            ("http://localhost:3000/api?k=v", "/?a=1", "http://localhost:3000/api?k=v&a=1"),
            ("http://localhost:3000/x/", "/", "http://localhost:3000/x/"),
            ("http://localhost:3000", "/?", "http://localhost:3000/?"),
        ] {
            let target = Target::new(Url::parse(own).unwrap(), tls.clone());
            assert_eq!(target.url_for(path).as_str(), whole, "{own} {path}");
        }
    }
}
