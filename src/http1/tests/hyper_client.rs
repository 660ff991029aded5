//! The same exchange with hyper's client.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, Version};
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;

use super::Outcome;
use super::target::{SECOND_STATUS, Scene, or_stalled, start};

pub(super) async fn ask(scene: &Scene) -> Outcome {
    let (stream, told) = start(scene);
    let mut written = told.clone();
    let (mut sender, driver) = handshake(stream).await;
    let driver = tokio::spawn(driver);
    let work = async {
        let Ok(mut came) = exchange(&mut sender).await else { return Outcome::Broken };
        let _ = written.wait_for(|written| *written).await;
        // Ours checks whether the connection stands just before it sends again: let hyper see as
        // much.
        tokio::task::yield_now().await;
        let second = exchange(&mut sender).await;
        if let Outcome::Responded { carried_on, .. } = &mut came {
            *carried_on = second.is_ok();
        }
        if let Ok(Outcome::Responded { status, .. }) = second {
            assert_eq!(status, SECOND_STATUS);
        }
        came
    };
    let came = or_stalled(told, work).await;
    driver.abort();
    came
}

async fn handshake(
    stream: DuplexStream,
) -> (SendRequest<Full<Bytes>>, impl Future<Output = hyper::Result<()>>) {
    http1::handshake(TokioIo::new(stream)).await.unwrap()
}

async fn exchange(sender: &mut SendRequest<Full<Bytes>>) -> hyper::Result<Outcome> {
    let mut request = Request::new(Full::from("{}"));
    *request.method_mut() = Method::POST;
    sender.ready().await?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    Ok(Outcome::Responded {
        status: head.status.as_u16(),
        is_1_1: head.version == Version::HTTP_11,
        body: body.collect().await?.to_bytes().to_vec(),
        carried_on: false,
    })
}
