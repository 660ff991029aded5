//! A page that is served for a test, and bare requests to it.

use std::cell::OnceCell;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::list::List;
use crate::support::{SECRET, assert_matches_schema};

/// `pgwh page` or `pgwh listen --page` in a folder of its own, until it is dropped.
pub struct Served {
    pub list: List,
    /// The URL with the key.
    pub url: String,
    /// Where `listen` receives; empty for `page`.
    pub receiver: String,
    process: Child,
    cookie: OnceCell<String>,
}

impl Served {
    /// A page without anything in it.
    pub fn page() -> Self {
        Self::page_with(List::new(), &[])
    }

    /// A page that shows a list, with these arguments.
    pub fn page_with(list: List, args: &[&str]) -> Self {
        Self::start(list, &[&["page", "--page-addr", "127.0.0.1:0"], args].concat())
    }

    /// A receiver with a page.
    pub fn listen(list: List, args: &[&str]) -> Self {
        let listen = ["listen", "--page", "--addr", "127.0.0.1:0", "--page-addr", "127.0.0.1:0"];
        Self::start(list, &[&listen, args].concat())
    }

    /// Runs these arguments.
    pub fn start(list: List, args: &[&str]) -> Self {
        Self::start_with(list, args, &[])
    }

    /// The same, with these environment variables.
    pub fn start_with(list: List, args: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = list.command([args, &["--format", "json"]].concat());
        command.envs(variables.iter().copied());
        command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        // Whoever does not read its output would stop a receiver.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        let text = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        let is_listen = ready.get("page").is_some();
        let schema = if is_listen { "listen.schema.json" } else { "page.schema.json" };
        assert_matches_schema(schema, &ready);
        let (url, receiver) =
            if is_listen { (text("page"), text("url")) } else { (text("url"), String::new()) };
        Self { list, url, receiver, process, cookie: OnceCell::new() }
    }

    /// Ends the process and serves again at the same address, with the same list.
    pub fn restart(mut self, meanwhile: impl FnOnce(&List)) -> Self {
        let address = self.address().to_owned();
        self.stop();
        let list = std::mem::replace(&mut self.list, List::new());
        meanwhile(&list);
        Self::start(list, &["page", "--page-addr", &address])
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        self.url.split('/').nth(2).unwrap()
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    pub fn key(&self) -> &str {
        self.url.split_once("?key=").unwrap().1
    }

    /// The cookie that opens the page.
    pub fn cookie(&self) -> String {
        self.cookie.get_or_init(|| self.cookie_at(self.address())).clone()
    }

    /// The cookie that a browser gets which knows the page under another host name or port.
    pub fn cookie_at(&self, host: &str) -> String {
        let line = format!("GET /?key={} HTTP/1.1", self.key());
        let welcome = self.raw(&line, &[&format!("Host: {host}")]);
        let cookie = welcome.split_once("set-cookie: ").unwrap().1;
        format!("Cookie: {}", cookie.split(';').next().unwrap())
    }

    /// A whole response to a request with these lines, whatever they are.
    pub fn raw(&self, request_line: &str, lines: &[&str]) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = [&[request_line], lines, &["Connection: close", "", ""]].concat().join("\r\n");
        // A refusal may come before all is sent.
        let _ = stream.write_all(head.as_bytes());
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    /// A page as its user gets it.
    pub fn get(&self, path: &str) -> String {
        let host = format!("Host: {}", self.address());
        self.raw(&format!("GET {path} HTTP/1.1"), &[&host, &self.cookie()])
    }

    /// The first event of a stream, up to its empty line.
    pub fn first_event(&self, path: &str, lines: &[&str]) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let host = format!("Host: {}", self.address());
        let cookie = self.cookie();
        let first = format!("GET {path} HTTP/1.1");
        let head = [&[&*first, &host, &cookie], lines, &["", ""]].concat().join("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut reader = BufReader::new(stream);
        let (mut text, mut in_body) = (String::new(), false);
        loop {
            let mut line = String::new();
            assert!(reader.read_line(&mut line).unwrap() > 0, "{text}");
            let is_empty = line.trim().is_empty();
            if is_empty && in_body && text.contains("retry:") {
                return text.split_once("\r\n\r\n").unwrap().1.to_owned();
            }
            in_body |= is_empty;
            text += &line;
        }
    }

    /// A form as its user sends it.
    pub fn post(&self, path: &str, body: &str) -> String {
        let mut response = String::new();
        self.start_post(path, body).read_to_string(&mut response).unwrap();
        response
    }

    /// The same, up to where the response begins.
    pub fn start_post(&self, path: &str, body: &str) -> TcpStream {
        let length = format!("Content-Length: {}", body.len());
        let host = format!("Host: {}", self.address());
        let lines = [
            format!("POST {path} HTTP/1.1"),
            host,
            self.cookie(),
            "Content-Type: application/x-www-form-urlencoded".to_owned(),
            length,
            "Connection: close".to_owned(),
        ];
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(format!("{}\r\n\r\n{body}", lines.join("\r\n")).as_bytes()).unwrap();
        stream
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The status of a response.
pub fn status(response: &str) -> u16 {
    response.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// A list whose folder has a `pgwh.toml` with the webhooks `booking` and `members`.
pub fn with_webhooks(booking: &str, members: &str) -> List {
    let list = List::new();
    let text = format!(
        "[[webhook]]\nname = \"booking\"\nurl = \"{booking}\"\n\
         events = [\"ClassesBooked\"]\nsecret = {{ file = \"pgm.secret\" }}\n\n\
         [[webhook]]\nname = \"members\"\nurl = \"{members}\"\nevents = \"all\"\n\
         secret = {{ file = \"pgm.secret\" }}\n"
    );
    fs::write(list.folder.path().join("pgm.secret"), SECRET).unwrap();
    fs::write(list.folder.path().join("pgwh.toml"), text).unwrap();
    list
}

/// Text as it stands in a form or a query.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
