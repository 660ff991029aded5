//! Who may use the page. Every request is checked here before it is routed, whatever its method.
//!
//! - Against DNS rebinding, `Host` is one of an exact list of names.
//! - Against forms and scripts of other sites, those of other local ports included, a browser's
//!   `Sec-Fetch-Site` is `same-origin` or `none`, and its `Origin` is the page's own.
//! - Against other users of this machine, a cookie carries the key from the URL that pgwh printed.

use std::fs;
use std::net::IpAddr;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERRER_POLICY,
    REFRESH, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use subtle::ConstantTimeEq;

use crate::files;
use crate::files::{StateDir, StateDirError};

/// The file with the key in the state folder.
const KEY_FILE: &str = "page.key";
/// The length of a key, in hex digits.
const KEY_DIGITS: usize = 64;
/// Names that lead to this machine and nowhere else.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Nothing but what the page itself serves; no inline script, no inline style, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Decides which requests are answered.
#[derive(Debug)]
pub(super) struct AccessControl {
    key: String,
    hosts: Vec<String>,
}

impl AccessControl {
    /// Admits those who know `key`, under the loopback names, the address that is listened on, and
    /// `hosts`.
    pub(super) fn new(key: String, address: IpAddr, hosts: &[String]) -> Self {
        let own = match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let names = LOOPBACK.iter().map(|name| (*name).to_owned());
        let hosts = hosts.iter().map(|host| host.to_ascii_lowercase());
        Self { key, hosts: names.chain([own]).chain(hosts).collect() }
    }

    /// The response to a request that goes no further: one that is refused, or one that brings the
    /// key. `None` lets it through.
    pub(super) fn check(&self, request: &Parts) -> Option<Response<Body>> {
        let Some((host, port)) = self.host(request) else {
            return Some(text(
                StatusCode::MISDIRECTED_REQUEST,
                "This host name is not served. Open the URL that pgwh printed; --page-host adds a \
                 name.",
            ));
        };
        let cookie = cookie_name(&port);
        if let Some(given) = key_in_query(request) {
            return Some(match self.is_key(given) {
                true => self.welcome(&cookie),
                false => text(StatusCode::FORBIDDEN, WRONG_KEY),
            });
        }
        if !is_same_origin(&request.headers, &format!("{host}{port}")) {
            return Some(text(
                StatusCode::FORBIDDEN,
                "This request comes from another site. Open the URL that pgwh printed.",
            ));
        }
        if cookies(&request.headers, &cookie).any(|given| self.is_key(given)) {
            return None;
        }
        Some(text(StatusCode::FORBIDDEN, WRONG_KEY))
    }

    /// The name and `:PORT` that a request is for, if the name is one of ours.
    fn host(&self, request: &Parts) -> Option<(String, String)> {
        // A target with a host of its own would make two of them.
        if request.uri.authority().is_some() {
            return None;
        }
        let host = only(&request.headers, HOST)?.to_ascii_lowercase();
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.parse::<u16>().is_ok() => (name, format!(":{port}")),
            _ => (host.as_str(), String::new()),
        };
        self.hosts.iter().any(|known| known == name).then(|| (name.to_owned(), port))
    }

    fn is_key(&self, given: &str) -> bool {
        given.as_bytes().ct_eq(self.key.as_bytes()).into()
    }

    /// Turns the key of the URL into a cookie, and leads to the page without it. A redirect would not
    /// do: a browser that comes from elsewhere does not send the new cookie along with it.
    fn welcome(&self, cookie: &str) -> Response<Body> {
        let mut response = text(StatusCode::OK, "Opening the page …");
        let cookie = format!("{cookie}={}; Path=/; HttpOnly; SameSite=Strict", self.key);
        let headers = response.headers_mut();
        headers.insert(REFRESH, HeaderValue::from_static("0; url=/"));
        // A key is hex, and so fits into a header.
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.insert(SET_COOKIE, cookie);
        }
        response
    }
}

const WRONG_KEY: &str =
    "The key is missing or wrong. Open the URL that pgwh printed in its terminal.";

fn text(status: StatusCode, line: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{line}\n")));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

/// Sets the headers that every response has.
pub(super) fn protect(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The value of a header that is there exactly once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).into_iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a request was made by the page itself, by its user, or by no browser at all.
fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    let site = headers.get_all("sec-fetch-site").into_iter();
    let own_site = site.into_iter().all(|site| site == "same-origin" || site == "none");
    let own_origin = |origin: &HeaderValue| {
        origin.to_str().is_ok_and(|origin| {
            ["http://", "https://"].iter().any(|scheme| {
                origin.strip_prefix(scheme).is_some_and(|rest| rest.eq_ignore_ascii_case(host))
            })
        })
    };
    own_site && headers.get_all(ORIGIN).into_iter().all(own_origin)
}

/// The name of the cookie. Browsers send a cookie to every port of a host, so it has the port in its
/// name, the one that the browser sees: two pages of one host keep apart.
fn cookie_name(port: &str) -> String {
    format!("pgwh-page-{}", port.trim_start_matches(':'))
}

fn cookies<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(known, _)| *known == name).map(|(_, value)| value)
}

/// The key of `/?key=…`, which a person opens.
fn key_in_query(request: &Parts) -> Option<&str> {
    let is_opened = request.method == Method::GET && request.uri.path() == "/";
    is_opened.then(|| request.uri.query()?.strip_prefix("key=")).flatten()
}

/// The key that is kept in the state folder, so that an open page finds its way back after a
/// restart; `fresh` becomes the key where there is none yet.
///
/// # Errors
/// When the state folder cannot be used.
pub fn kept_key(dir: &StateDir, fresh: &str) -> Result<String, StateDirError> {
    dir.create()?;
    dir.check(&[KEY_FILE])?;
    let path = dir.file(KEY_FILE);
    if is_private(&path)
        && let Ok(key) = fs::read_to_string(&path)
        && is_key(key.trim_end())
    {
        return Ok(key.trim_end().to_owned());
    }
    // A key that others could read is no key: it is replaced.
    let _ = fs::remove_file(&path);
    match files::write_new(&path, &format!("{fresh}\n")) {
        // Another process was faster.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let key = fs::read_to_string(&path).map_err(|error| dir.failed(error))?;
            Ok(key.trim_end().to_owned())
        }
        written => written.map(|()| fresh.to_owned()).map_err(|error| dir.failed(error)),
    }
}

fn is_key(text: &str) -> bool {
    text.len() == KEY_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(unix)]
fn is_private(path: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    fs::metadata(path).is_ok_and(|file| file.mode() & 0o077 == 0 && file.uid() == user)
}

#[cfg(not(unix))]
fn is_private(_: &std::path::Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn status(lines: &[(&str, &str)]) -> Option<u16> {
        status_of("/", lines)
    }

    fn status_of(target: &str, lines: &[(&str, &str)]) -> Option<u16> {
        let access =
            AccessControl::new(KEY.to_owned(), "127.0.0.1".parse().unwrap(), &["Box.test".into()]);
        let mut request = Request::builder().uri(target);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        access.check(&parts).map(|response| response.status().as_u16())
    }

    #[test]
    fn only_exact_host_names_are_served() {
        let cookie = |port: &str| format!("a=b; pgwh-page-{port}={KEY}");
        for host in ["localhost:4180", "127.0.0.1:9", "[::1]:4180", "LOCALHOST:1", "box.test:80"] {
            let port = host.rsplit_once(':').unwrap().1;
            assert_eq!(status(&[("host", host), ("cookie", &cookie(port))]), None, "{host}");
        }
        for host in
            ["evil.test:4180", "localhost.evil.test", "127.0.0.1.nip.io:4180", "", "localhost:x"]
        {
            assert_eq!(status(&[("host", host), ("cookie", &cookie("4180"))]), Some(421), "{host}");
        }
        let twice = [("host", "localhost:1"), ("host", "localhost:1")];
        assert_eq!(status(&twice), Some(421));
        assert_eq!(status(&[]), Some(421));
        assert_eq!(status_of("http://localhost:1/", &[("host", "localhost:1")]), Some(421));
    }

    #[test]
    fn other_sites_and_other_ports_are_refused() {
        let cookie = format!("pgwh-page-1={KEY}");
        let with =
            |line: (&str, &str)| status(&[("host", "localhost:1"), ("cookie", &cookie), line]);
        for line in [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
            ("origin", "http://localhost:1"),
        ] {
            assert_eq!(with(line), None, "{line:?}");
        }
        for line in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "null"),
            ("origin", "http://localhost:2"),
            ("origin", "http://evil.test"),
        ] {
            assert_eq!(with(line), Some(403), "{line:?}");
        }
    }

    #[test]
    fn the_key_becomes_a_cookie_of_the_port() {
        let host = ("host", "localhost:7");
        assert_eq!(status_of(&format!("/?key={KEY}"), &[host]), Some(200));
        let elsewhere = ("sec-fetch-site", "cross-site");
        assert_eq!(status_of(&format!("/?key={KEY}"), &[host, elsewhere]), Some(200));
        assert_eq!(status_of("/?key=0", &[host]), Some(403));
        assert_eq!(status_of(&format!("/requests?key={KEY}"), &[host]), Some(403));
        assert_eq!(status(&[host]), Some(403));
        assert_eq!(status(&[host, ("cookie", &format!("pgwh-page-8={KEY}"))]), Some(403));
        assert_eq!(status(&[host, ("cookie", &format!("pgwh-page-7={KEY}"))]), None);
    }

    #[test]
    fn the_key_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let dir = StateDir::new(folder.path().join("state"));
        let other = KEY.replace('0', "f");
        assert_eq!(kept_key(&dir, KEY).unwrap(), KEY);
        assert_eq!(kept_key(&dir, &other).unwrap(), KEY);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = dir.file(KEY_FILE);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(kept_key(&dir, &other).unwrap(), other);
        }
    }
}
