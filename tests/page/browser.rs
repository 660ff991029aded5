//! A headless Chromium, driven over the DevTools protocol.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

use crate::support::skipped;

/// How long anything in a browser may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks at a page.
const PAUSE: Duration = Duration::from_millis(20);

/// A browser with one tab, until it is dropped.
pub struct Browser {
    _process: Killed,
    socket: WebSocket<TcpStream>,
    last_id: u64,
    /// What the page has complained about: exceptions and errors in the log.
    pub complaints: Vec<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser; `None` where there is none, which is said.
    pub fn start() -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        let Some(program) = names.into_iter().find(|name| {
            Command::new(name).arg("--version").stdout(Stdio::null()).status().is_ok()
        }) else {
            let all = std::env::var("PGWH_TEST_RECEIVERS").is_ok_and(|value| value == "all");
            assert!(!all, "there is no Chromium");
            skipped("the page in a browser", "Chromium");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let process = Killed(
            Command::new(program)
                .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
                .args(["--no-first-run", "--disable-background-networking", "--disable-sync"])
                .args([
                    "--disable-component-update",
                    "--disable-dev-shm-usage",
                    "--hide-scrollbars",
                ])
                .args(["--force-color-profile=srgb", "--remote-debugging-port=0"])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg("about:blank")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        let port = wait_for("port of the browser", || {
            let text = fs::read_to_string(profile.path().join("DevToolsActivePort")).ok()?;
            text.lines().next()?.parse::<u16>().ok()
        });
        let target = wait_for("tab", || {
            let targets: Value = serde_json::from_str(&get(port, "/json/list")?).ok()?;
            let tabs = targets.as_array()?.iter();
            let mut tabs = tabs.filter(|target| target["type"] == "page");
            Some(tabs.next()?["webSocketDebuggerUrl"].as_str()?.to_owned())
        });
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(&target, stream).unwrap();
        let mut browser = Self {
            _process: process,
            socket,
            last_id: 0,
            complaints: Vec::new(),
            _profile: profile,
        };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.resize(1400, 900);
        Some(browser)
    }

    /// A command of the protocol, and its result.
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn try_call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.last_id += 1;
        let message = json!({"id": self.last_id, "method": method, "params": params});
        self.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let text = self.socket.read().unwrap();
            let Message::Text(text) = text else { continue };
            let mut message: Value = serde_json::from_str(&text).unwrap();
            if message["id"] == self.last_id {
                let error = message["error"].take();
                return if error.is_null() { Ok(message["result"].take()) } else { Err(error) };
            }
            self.note(&message);
        }
    }

    fn note(&mut self, event: &Value) {
        let params = &event["params"];
        let complaint = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => &params["exceptionDetails"],
            Some("Log.entryAdded") if params["entry"]["level"] == "error" => &params["entry"],
            _ => return,
        };
        self.complaints.push(complaint.to_string());
    }

    /// Opens a URL, and waits until it is loaded.
    #[track_caller]
    pub fn open(&mut self, url: &str) {
        // What is there now must not be taken for what is to come.
        self.eval("window.isOld = true");
        self.call("Page.navigate", json!({"url": url}));
        // The key's own page leads on.
        self.until(
            "!window.isOld && document.readyState === 'complete' && \
             !location.search.startsWith('?key=')",
        );
    }

    /// The value of an expression, a promise's when it is settled.
    #[track_caller]
    pub fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let mut result = self.call("Runtime.evaluate", params);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].take()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn until(&mut self, expression: &str) {
        let start = Instant::now();
        loop {
            let params = json!({"expression": expression, "returnByValue": true});
            // An error is no result yet: the page may just be leading on to another.
            let result = self.try_call("Runtime.evaluate", params);
            if result.is_ok_and(|result| result["result"]["value"] == true) {
                return;
            }
            if start.elapsed() > PATIENCE {
                let page = self.eval("location.href + '\\n' + document.body.innerText");
                panic!("never: {expression}\n{}", page.as_str().unwrap());
            }
            thread::sleep(PAUSE);
        }
    }

    /// The text that a person sees in what a selector finds first.
    #[track_caller]
    pub fn text(&mut self, selector: &str) -> String {
        let text = self.eval(&format!("document.querySelector({selector:?})?.innerText ?? null"));
        text.as_str().unwrap_or_else(|| panic!("no {selector}")).to_owned()
    }

    /// How many elements a selector finds.
    #[track_caller]
    pub fn count(&mut self, selector: &str) -> u64 {
        self.eval(&format!("document.querySelectorAll({selector:?}).length")).as_u64().unwrap()
    }

    /// Waits until a selector finds something with this text.
    #[track_caller]
    pub fn shows(&mut self, selector: &str, text: &str) {
        self.until(&format!(
            "[...document.querySelectorAll({selector:?})].some(e => e.innerText.includes({text:?}))"
        ));
    }

    /// Clicks on the middle of what a selector finds first.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let place = self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); \
             e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// Presses a key: a character, or a name such as `Enter`.
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            _ => u32::from(key.to_ascii_uppercase().bytes().next().unwrap()),
        };
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        let down =
            json!({"type": "keyDown", "key": key, "text": text, "windowsVirtualKeyCode": code});
        self.call("Input.dispatchKeyEvent", down);
        let up = json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code});
        self.call("Input.dispatchKeyEvent", up);
    }

    /// Types text into the element that has the focus.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    pub fn resize(&mut self, width: u32, height: u32) {
        let params =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// Shows pages as on a light or dark system.
    pub fn set_scheme(&mut self, scheme: &str) {
        self.set_media("prefers-color-scheme", scheme);
    }

    /// Shows pages as on a system with this setting.
    pub fn set_media(&mut self, name: &str, value: &str) {
        let features = json!([{"name": name, "value": value}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    pub fn set_javascript(&mut self, is_on: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({"value": !is_on}));
    }

    /// Writes a picture of what is seen, as PNG.
    pub fn picture(&mut self, file: &Path) {
        let shot = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let png = BASE64_STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        fs::write(file, png).unwrap();
    }

    /// Asserts that no script has failed, and that nothing was blocked.
    #[track_caller]
    pub fn assert_content(&mut self) {
        self.eval("0");
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
    }
}

/// A browser's process. It ends with the test, also where the test fails before the browser is ready.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for something that comes by itself.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "no {what}");
        thread::sleep(PAUSE);
    }
}

/// The body of a small response. The browser keeps the connection, so its length says where it ends.
fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").ok()?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}
