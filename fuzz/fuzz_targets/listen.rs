//! Bytes that a client sends to `listen`: whatever they are, the receiver responds with HTTP or
//! closes, counts what it accepted, and serves the next client.
#![no_main]

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use pgwh::pgm::Secret;
use pgwh::receiver::{
    EventDetail, EventSink, Limits, ListenConfig, ListenHandler, Receiver, Response, ResponsePolicy,
    Settings, StopCondition,
};
use pgwh::verify::NamedSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

const STATUSES: [&str; 9] = ["200", "400", "401", "403", "405", "408", "413", "417", "431"];

struct Fixture {
    runtime: Runtime,
    handler: Arc<ListenHandler>,
    address: SocketAddr,
    _receiver: Receiver,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let secret = Secret::new("correct-horse-battery-staple").unwrap();
        let (events, _) = mpsc::channel(1);
        let handler = Arc::new(ListenHandler::new(ListenConfig {
            secrets: vec![NamedSecret { name: String::new(), secret }],
            policy: ResponsePolicy::always(Response::ok().into()),
            reject_invalid: true,
            saver: None,
            keep_fixtures: false,
            forwarder: None,
            stop: StopCondition::default(),
            events: EventSink::new(events, EventDetail::Full, false),
        }));
        let limits = Limits {
            head: 16 * 1024,
            body: 64 * 1024,
            head_time: Duration::from_millis(200),
            body_time: Duration::from_millis(200),
            ..Limits::default()
        };
        let now = || "2026-03-01T17:42:09Z".parse().unwrap();
        let settings = Settings { limits, ..Settings::plain(now) };
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let receiver = runtime.block_on(Receiver::start(anywhere, settings, handler.clone()));
        let receiver = receiver.unwrap();
        Fixture { runtime, handler, address: receiver.address(), _receiver: receiver }
    })
}

async fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut response = Vec::new();
    let (mut reading, mut writing) = stream.split();
    let write = async {
        // It may close before all is written.
        let _ = writing.write_all(bytes).await;
        let _ = writing.shutdown().await;
    };
    let _ = tokio::join!(write, reading.read_to_end(&mut response));
    response
}

fuzz_target!(|bytes: &[u8]| {
    let Fixture { runtime, handler, address, .. } = fixture();
    let before = handler.stats().requests;
    let response = runtime.block_on(async {
        let exchange = exchange(*address, bytes);
        tokio::time::timeout(Duration::from_secs(20), exchange).await.expect("it ends")
    });
    // HTTP/2 is binary.
    if bytes.starts_with(b"PRI * HTTP/2") {
        return;
    }
    let text = String::from_utf8_lossy(&response);
    if !text.is_empty() {
        assert!(text.starts_with("HTTP/1."), "{text}");
        let status = &text[9..12];
        assert!(STATUSES.contains(&status), "{text}");
    }
    // A page, or as many requests as there are responses to them.
    let accepted = handler.stats().requests - before;
    let responses = text.matches("HTTP/1.").count() as u64;
    assert!(accepted <= responses + 1, "{accepted} requests, {responses} responses");
});
