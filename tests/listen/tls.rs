//! https, with a certificate of its own or the user's.

use std::fs;

use crate::listener::Listener;
use crate::support::run;

#[test]
fn send_trusts_the_authority_that_listen_writes() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let ca = ca.to_str().unwrap();
    let listener = Listener::start(&["--tls", "--tls-ca", ca]);
    let address = listener.address;
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{}/pgm", address.port());
        run(["send", "Test", "--url", &url, "--ca-cert", ca]).exits(0);
        assert_eq!(listener.next()["verdict"], "valid");
    }
    // Nobody else trusts it, and plain HTTP is refused.
    let url = format!("https://localhost:{}/", address.port());
    run(["send", "Test", "--url", &url]).exits(3);
    assert_eq!(listener.next()["type"], "refused");
    run(["send", "Test", "--url", &format!("http://{address}/")]).exits(1);
    assert_eq!(listener.next()["reason"], "the TLS handshake failed");
}

#[test]
fn the_users_own_certificate_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(&cert, pair.cert.pem()).unwrap();
    fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());
    let listener = Listener::start(&["--cert", cert, "--key", key]);
    let url = format!("https://localhost:{}/", listener.address.port());
    run(["send", "Test", "--url", &url, "--ca-cert", cert]).exits(0);
    assert_eq!(listener.next()["event"], "Test");

    let refused = run(["listen", "--cert", key, "--key", key]).refused();
    assert!(refused.stderr.contains("no PEM certificate"), "{}", refused.stderr);
    run(["listen", "--cert", cert]).refused();
}
