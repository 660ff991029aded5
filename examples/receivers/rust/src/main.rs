//! Receives Perfect Gym webhooks with axum.
use std::collections::VecDeque;
use std::env::var;
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router, extract::State, routing::post};
use md5::{Digest, Md5};
use serde_json::Value;
use subtle::ConstantTimeEq;

struct Receiver {
    secrets: Vec<String>,
    /// Signatures of the latest requests: PGM sends a request again with the same one. A table
    /// with a unique key would survive a restart and serve several processes.
    seen: Mutex<VecDeque<[u8; 16]>>,
}

impl Receiver {
    /// Returns the signature if PGM sent the request.
    fn verified(&self, headers: &HeaderMap) -> Option<[u8; 16]> {
        let single = |name| {
            let mut values = headers.get_all(name).iter();
            // A comma means that a proxy joined repeated headers.
            let value = values.next()?.to_str().ok().filter(|value| !value.contains([',', '\t']))?;
            values.next().is_none().then_some(value)
        };
        let id = single("x-perfectgym-request").filter(|id| !id.is_empty())?;
        let mut received = [0; 16];
        hex::decode_to_slice(single("x-perfectgym-signature")?, &mut received).ok()?;
        let matches = |secret| Md5::digest(format!("{id}:{secret}")).ct_eq(&received).into();
        self.secrets.iter().any(matches).then_some(received)
    }
}

type App = State<Arc<Receiver>>;
async fn webhook(State(receiver): App, headers: HeaderMap, body: Json<Value>) -> (StatusCode, &'static str) {
    let Some(signature) = receiver.verified(&headers) else { return (StatusCode::UNAUTHORIZED, "") };
    let mut seen = receiver.seen.lock().unwrap();
    if !seen.contains(&signature) {
        seen.push_front(signature);
        seen.truncate(10_000);
        // Ignore Test and events you do not know; any field may be null.
        tokio::spawn(async move { println!("{} {}", body["event"], body["data"]["userId"]) });
    }
    (StatusCode::OK, "Ok") // respond first, work later: PGM allows 5 seconds
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = |name| var(name).ok().filter(|secret| !secret.is_empty());
    let new = secret("PGM_WEBHOOK_SECRET").ok_or("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM")?;
    // The old secret is accepted too while the secret is being changed.
    let secrets = [new].into_iter().chain(secret("PGM_WEBHOOK_SECRET_OLD")).collect();
    let app = Router::new().route("/pgm", post(webhook));
    let app = app.with_state(Arc::new(Receiver { secrets, seen: Mutex::default() }));
    let address = format!("127.0.0.1:{}", var("PORT").unwrap_or_else(|_| "3000".to_owned()));
    Ok(axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?)
}
