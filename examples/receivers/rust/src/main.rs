//! A receiver of PGM webhooks on axum.

use std::collections::HashSet;
use std::env::var;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json, Router, routing::post};
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

struct Receiver {
    secret: String,
    vice: String,
    seen: Mutex<HashSet<String>>, // a table with a unique key, in real life
}

impl Receiver {
    fn is_genuine(&self, id: &str, signature: &str) -> bool {
        let expected = Md5::digest(format!("{id}:{}", self.secret));
        let given = hex::decode(signature).unwrap_or_default();
        !id.is_empty() && expected.ct_eq(&given).into()
    }
}

async fn webhook(State(here): State<Arc<Receiver>>, head: HeaderMap, body: String) -> Response {
    let header = |name| head.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let signature = header("x-perfectgym-signature").to_lowercase();
    let genuine = here.is_genuine(header("x-perfectgym-request"), &signature);
    let Ok(Json(envelope)) = Json::<serde_json::Value>::from_bytes(body.as_bytes()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let event = envelope["event"].as_str().unwrap_or_default().to_owned();
    match here.vice.as_str() {
        vice if !genuine && vice != "unsigned" => return StatusCode::UNAUTHORIZED.into_response(),
        "redirect" => return Redirect::temporary("/login").into_response(),
        "some-events" if event != "Test" => return StatusCode::NOT_FOUND.into_response(),
        "slow" => tokio::time::sleep(Duration::from_secs(6)).await,
        _ => {}
    }
    let new = here.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(signature);
    if !new && here.vice == "duplicates" {
        return StatusCode::CONFLICT.into_response();
    }
    tokio::spawn(async move { println!("{event}, new: {new}") }); // answer first, then work
    "Ok".into_response()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (secret, vice) = (var("SECRET")?, var("VICE").unwrap_or_default());
    let here = Arc::new(Receiver { secret, vice, seen: Mutex::default() });
    let address = format!("127.0.0.1:{}", var("PORT").unwrap_or_else(|_| "3000".to_owned()));
    let app = Router::new().route("/pgm", post(webhook)).with_state(here);
    Ok(axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?)
}
