//! A load run as a script for k6, for more load than one machine makes.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::workload::Piece;
use super::{BodyTemplate, LoadConfig, Rate, StopAfter};
use crate::http1::{Network, Resolve};
use crate::pgm::{self, RequestId, SignedRequest};
use crate::text::count;

/// A load run as k6 would make it. The secret is no part of it: the script takes it from the
/// environment.
#[derive(Debug)]
pub struct K6Script<'a> {
    /// The target.
    pub url: &'a Url,
    /// How the run goes; its threads mean nothing to k6.
    pub config: &'a LoadConfig,
    /// The body of each event with its weight.
    pub events: &'a [(u32, BodyTemplate)],
    /// The user's headers, added to PGM's or in place of them.
    pub headers: &'a [(String, String)],
    /// How the target is reached. Certificate authorities mean nothing to k6.
    pub network: &'a Network,
    /// The share of requests that may fail.
    pub allowed_failures: f64,
    /// Whether the user confirmed that they may load-test a public host, or the rate harms none.
    pub allows_public_hosts: bool,
}

/// Why a run cannot be a k6 script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum K6Error {
    /// The URL has a password.
    #[error("the URL has a password, which does not belong in a file")]
    Password,
    /// JavaScript has no whole numbers beyond 2^53.
    #[error("--vary: k6 has exact numbers up to 9007199254740992, not {0}")]
    Number(i64),
    /// The name of a header that is set twice.
    #[error("--header: k6 sends a header once, and {0} is set several times")]
    Header(String),
}

/// What JavaScript's numbers count exactly up to.
const MAX_NUMBER: u64 = 1 << 53;

/// The longest run: k6 has no run without an end.
const MAX_DURATION: &str = "24h";

/// The blocks of IPv4 addresses that are neither private nor of this machine, and the one of IPv6
/// that is in use.
const PUBLIC: &str = "1.0.0.0/8 2.0.0.0/7 4.0.0.0/6 8.0.0.0/7 11.0.0.0/8 12.0.0.0/6 16.0.0.0/4 \
    32.0.0.0/3 64.0.0.0/3 96.0.0.0/6 100.0.0.0/10 100.128.0.0/9 101.0.0.0/8 102.0.0.0/7 104.0.0.0/5 \
    112.0.0.0/5 120.0.0.0/6 124.0.0.0/7 126.0.0.0/8 128.0.0.0/3 160.0.0.0/5 168.0.0.0/8 169.0.0.0/9 \
    169.128.0.0/10 169.192.0.0/11 169.224.0.0/12 169.240.0.0/13 169.248.0.0/14 169.252.0.0/15 \
    169.255.0.0/16 170.0.0.0/7 172.0.0.0/12 172.32.0.0/11 172.64.0.0/10 172.128.0.0/9 173.0.0.0/8 \
    174.0.0.0/7 176.0.0.0/4 192.0.0.0/9 192.128.0.0/11 192.160.0.0/13 192.169.0.0/16 192.170.0.0/15 \
    192.172.0.0/14 192.176.0.0/12 192.192.0.0/10 193.0.0.0/8 194.0.0.0/7 196.0.0.0/6 200.0.0.0/5 \
    208.0.0.0/4 224.0.0.0/3 2000::/3";

/// Stand for the request id and the signature while the headers are put together.
const ID: &str = "pgwh-id";
const SIGNATURE: &str = "pgwh-signature";

impl K6Script<'_> {
    /// The script.
    ///
    /// # Errors
    /// When k6 could not send the same load.
    pub fn render(&self) -> Result<String, K6Error> {
        if self.url.password().is_some() {
            return Err(K6Error::Password);
        }
        let mut script = self.head();
        let _ = write!(script, "\nexport const options = {};\n", pretty(&self.options()));
        script += CONFIRMATION;
        let _ =
            write!(script, "\n// How often each event is sent, and its body.\nconst EVENTS = [\n");
        for (weight, template) in self.events {
            let body = javascript(template)?;
            let name = text(template.event());
            let _ =
                writeln!(script, "  {{ name: {name}, weight: {weight}, body: (date) => {body} }},");
        }
        script += "];\n";
        let total = self.config.schedule().map(|schedule| schedule.total().to_string());
        let _ = write!(
            script,
            "{FUNCTIONS}\nexport default function () {{\n{CHECKS}{}{}",
            match total {
                // The executors of k6 end by time; a request more or less is a matter of chance.
                Some(total) => format!("  if (exec.scenario.iterationInTest >= {total}) return;\n"),
                None => String::new(),
            },
            self.request()?,
        );
        Ok(script)
    }

    fn head(&self) -> String {
        let confirmed = if self.allows_public_hosts { "!__ENV.PGWH_URL || " } else { "" };
        format!(
            "// PGM webhooks under load, a script for k6 made by pgwh: {}.\n\
             //\n\
             //   PGWH_SECRET=… k6 run FILE\n\
             //\n\
             // From the environment: PGWH_SECRET is the webhook's secret, PGWH_URL another URL, and\n\
             // PGWH_YES_LOAD_TEST=1 confirms that you may load-test a public host.\n\n\
             import {{ md5, randomBytes }} from 'k6/crypto';\n\
             import exec from 'k6/execution';\n\
             import http from 'k6/http';\n\n\
             const SECRET = __ENV.PGWH_SECRET;\n\
             const TARGET = __ENV.PGWH_URL || {};\n\
             const CONFIRMED = {confirmed}__ENV.PGWH_YES_LOAD_TEST === '1';\n\
             // The addresses that are on the internet.\n\
             const PUBLIC = {};\n",
            self.summary(),
            text(self.url.as_str()),
            text(PUBLIC)
        )
    }

    /// What is sent, how much of it, and how fast.
    fn summary(&self) -> String {
        let event = |(weight, template): &(u32, BodyTemplate)| match self.events {
            [_] => template.event().to_owned(),
            _ => format!("{}={weight}", template.event()),
        };
        let events: Vec<_> = self.events.iter().map(event).collect();
        let length = match self.config.stop_after {
            StopAfter::Count(total) => count(total, "request"),
            StopAfter::Duration(duration) => humantime::format_duration(duration).to_string(),
        };
        let rate = self.config.rate.map(|rate| format!(" at {rate}")).unwrap_or_default();
        format!("{}, {length}{rate}", events.join(" ")).replace(char::is_control, " ")
    }

    fn options(&self) -> Value {
        let failures = self.allowed_failures;
        let in_time = format!("{}<{}", percentile(1.0 - failures), pgm::TIMEOUT.as_millis());
        let mut options = json!({
            "scenarios": { "pgm": self.scenario() },
            "thresholds": {
                "http_req_failed": [format!("rate<={failures}")],
                "http_req_duration": [in_time],
            },
            "discardResponseBodies": true,
            "maxRedirects": 0,
        });
        if self.config.rate.is_some() {
            // Load that was not made says nothing about the target.
            options["thresholds"]["dropped_iterations"] = json!(["count<1"]);
        }
        if self.network.insecure {
            options["insecureSkipTLSVerify"] = true.into();
        }
        if !self.network.resolve.is_empty() {
            let pair = |Resolve { host, port, address }: &Resolve| {
                (format!("{host}:{port}"), SocketAddr::new(*address, *port).to_string().into())
            };
            options["hosts"] = Value::Object(self.network.resolve.iter().map(pair).collect());
        }
        options
    }

    /// The executor that makes the same load: at a rate, whatever the responses, or over as many
    /// connections as are asked for, each with one request after the other.
    fn scenario(&self) -> Value {
        let LoadConfig { stop_after, rate, connections, .. } = *self.config;
        let (Some(rate), Some(schedule)) = (rate, self.config.schedule()) else {
            return match stop_after {
                StopAfter::Count(total) => json!({
                    "executor": "shared-iterations",
                    "vus": total.min(connections as u64),
                    "iterations": total,
                    "maxDuration": MAX_DURATION,
                }),
                StopAfter::Duration(duration) => json!({
                    "executor": "constant-vus",
                    "vus": connections,
                    "duration": millis(duration),
                }),
            };
        };
        let (unit, seconds) = time_unit(rate);
        // No more are needed than are under way until they time out.
        let most = (rate.peak() * self.network.timeout.as_secs_f64()).ceil() + 1.0;
        let most = whole(most).clamp(1, connections as u64);
        let vus = (whole(rate.peak().ceil()).clamp(1, most), most);
        // One interval more than is needed, as the number of requests is what ends the run.
        let rest = Duration::from_secs_f64(1.0 / rate.to);
        if rate.is_constant() {
            return json!({
                "executor": "constant-arrival-rate",
                "rate": whole(rate.from * seconds),
                "timeUnit": unit,
                "duration": millis(schedule.length() + rest),
                "preAllocatedVUs": vus.0,
                "maxVUs": vus.1,
            });
        }
        let target = whole(rate.to * seconds);
        json!({
            "executor": "ramping-arrival-rate",
            "startRate": whole(rate.from * seconds),
            "timeUnit": unit,
            "stages": [
                { "target": target, "duration": millis(schedule.length()) },
                { "target": target, "duration": millis(rest) },
            ],
            "preAllocatedVUs": vus.0,
            "maxVUs": vus.1,
        })
    }

    /// What sends a request, once or twice.
    fn request(&self) -> Result<String, K6Error> {
        let id = RequestId::new(ID).map_err(|_| K6Error::Header(ID.to_owned()))?;
        let signed = SignedRequest::with_signature(id, SIGNATURE.to_owned(), Vec::new());
        let signed = signed.with(self.headers);
        let mut headers = String::new();
        for (n, (name, value)) in signed.headers().iter().enumerate() {
            if signed.headers()[..n].iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                return Err(K6Error::Header(name.to_string()));
            }
            let value = match &**value {
                ID => "id".to_owned(),
                SIGNATURE => "md5(`${id}:${SECRET}`, 'hex')".to_owned(),
                value => text(value),
            };
            let _ = writeln!(headers, "      {}: {value},", text(name));
        }
        let again = match self.config.repeat_share {
            share if share > 0.0 => format!(
                "  // The same request twice, as PGM was seen to send it.\n  \
                 const responses = Math.random() < {share} ? http.batch([request, request]) : \
                 [http.request(...request)];\n"
            ),
            _ => "  const responses = [http.request(...request)];\n".to_owned(),
        };
        Ok(format!(
            "  const event = pick();\n  \
               const id = uuid();\n  \
               const params = {{\n    \
                 headers: {{\n{headers}    }},\n    \
                 timeout: {},\n    \
                 tags: {{ name: event.name }},\n  \
               }};\n  \
               const date = `${{new Date().toISOString().slice(0, 19)}}Z`;\n  \
               const request = ['POST', TARGET, event.body(date), params];\n\
             {again}  \
               if (responses.some((response) => response.error_code === BLOCKED)) {{\n    \
                 exec.test.abort(`${{TARGET}} is a public host: confirm that you may load-test it with \
             PGWH_YES_LOAD_TEST=1`);\n  \
               }}\n\
             }}\n",
            text(&millis(self.network.timeout)),
        ))
    }
}

/// What is the same in every script: public hosts are blocked unless the user confirmed.
const CONFIRMATION: &str = "\
// k6's error for an address that is blocked.
const BLOCKED = 1110;
if (!CONFIRMED) options.blacklistIPs = PUBLIC.split(' ');
";

const FUNCTIONS: &str = "
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }));

const TOTAL_WEIGHT = EVENTS.reduce((sum, event) => sum + event.weight, 0);

function pick() {
  let drawn = Math.random() * TOTAL_WEIGHT;
  return EVENTS.find((event) => (drawn -= event.weight) < 0) || EVENTS[0];
}

// A whole number of a range, ends included.
function whole(from, to) {
  return from + Math.floor(Math.random() * (to - from + 1));
}

// A random UUID, version 4.
function uuid() {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
";

const CHECKS: &str = "  if (!SECRET) exec.test.abort('PGWH_SECRET is not set: PGM signs every request \
                      with the webhook\\'s secret');\n";

/// A body as an expression, in which `date` is the date in PGM's format, and `whole` draws a number.
fn javascript(template: &BodyTemplate) -> Result<String, K6Error> {
    let number = |number: i64| match number.unsigned_abs() > MAX_NUMBER {
        true => Err(K6Error::Number(number)),
        false => Ok(number),
    };
    let piece = |piece: &Piece| match piece {
        Piece::Text(bytes) => Ok(text(&String::from_utf8_lossy(bytes))),
        Piece::Date => Ok("date".to_owned()),
        Piece::Number { from, to } => Ok(format!("whole({}, {})", number(*from)?, number(*to)?)),
    };
    Ok(template.pieces().iter().map(piece).collect::<Result<Vec<_>, _>>()?.join(" + "))
}

/// A text as JavaScript has it.
fn text(text: &str) -> String {
    let mut quoted = "'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            // Line separators end a line of JavaScript, too.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "'"
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn millis(duration: Duration) -> String {
    format!("{}ms", duration.as_nanos().div_ceil(1_000_000))
}

/// `max`, or `p(99)` where one in a hundred may be slower.
fn percentile(share: f64) -> String {
    if share >= 1.0 { "max".to_owned() } else { format!("p({})", share * 100.0) }
}

/// The unit in which both ends of a rate are whole numbers, as k6 wants them, and its seconds.
fn time_unit(rate: Rate) -> (&'static str, f64) {
    const UNITS: [(&str, f64); 4] =
        [("1s", 1.0), ("1m", 60.0), ("1h", 3600.0), ("1000h", 3_600_000.0)];
    let is_whole = |number: f64| (number - number.round()).abs() < 1e-9 * number.max(1.0);
    let fits =
        |(_, seconds): &(&str, f64)| is_whole(rate.from * seconds) && is_whole(rate.to * seconds);
    UNITS.into_iter().find(fits).unwrap_or(UNITS[UNITS.len() - 1])
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are positive")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}
