//! How a page is started: its port, and the browser that `--open` opens.

use std::net::TcpListener;

use crate::served::{Served, status};
use crate::support::list::List;

#[test]
fn the_next_port_is_taken_where_4180_is_in_use() {
    // Taken here, unless another program has it already.
    let taken = TcpListener::bind("127.0.0.1:4180");
    let served = Served::start(List::new(), &["page"]);
    let port: u16 = served.address().rsplit_once(':').unwrap().1.parse().unwrap();
    assert!((4181..=4200).contains(&port), "{port}");
    assert_eq!(status(&served.get("/requests")), 200);
    drop(taken);
}

#[test]
fn a_chosen_port_that_is_in_use_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let args = ["page", "--page-addr", &address, "--captures", "not-yet.ndjson"];
    let ran = List::new().run(args).refused();
    assert!(ran.stderr.contains("there is no not-yet.ndjson yet"), "{ran:?}");
    assert!(ran.stderr.contains(&format!("cannot serve the page on {address}")), "{ran:?}");
    assert!(ran.stderr.contains("--page-addr 127.0.0.1:0"), "{ran:?}");
}

#[test]
fn what_is_not_a_host_name_is_refused() {
    for name in ["", "*", "a b", "devbox:4180", "http://devbox", "devbox/", "me@devbox", "[::1"] {
        // The chosen address cannot be used: a name that is taken ends it, too.
        let args = ["page", "--page-addr", "192.0.2.1:1", "--page-host", name];
        let ran = List::new().run(args).refused();
        assert!(ran.stderr.contains("as in devbox"), "{name}: {ran:?}");
    }
    let served = Served::page_with(
        List::new(),
        &["--page-host", "dev-box.local", "--page-host", "[fd00::1]"],
    );
    for host in ["DEV-BOX.local", "[fd00::1]"] {
        assert!(served.cookie_at(&format!("{host}:4180")).contains("pgwh-page-4180="), "{host}");
    }
}

/// A folder with a program named `xdg-open`, in front of all others.
#[cfg(target_os = "linux")]
fn with_opener(list: &List, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let folder = list.folder.path().join("bin");
    let program = folder.join("xdg-open");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

#[test]
#[cfg(target_os = "linux")]
fn open_shows_the_page_in_the_browser_and_no_other_user_sees_the_key() {
    use crate::browser::wait_for;
    use std::os::unix::fs::PermissionsExt;
    for args in [
        &["page", "--page-addr", "127.0.0.1:0", "--open"][..],
        &["listen", "--page", "--addr", "127.0.0.1:0", "--page-addr", "127.0.0.1:0", "--open"],
    ] {
        let list = List::new();
        let path =
            with_opener(&list, "#!/bin/sh\necho \"$# $1\" > opened.new\nmv opened.new opened\n");
        let opened = list.folder.path().join("opened");
        let served = Served::start_with(list, args, &[("PATH", &path)]);
        let line = wait_for("browser", || std::fs::read_to_string(&opened).ok());
        // Everybody sees the arguments of a process: a file has the URL, for its owner alone.
        let file = line.trim_end().strip_prefix("1 ").unwrap();
        assert!(!line.contains(served.key()), "{line}");
        let html = std::fs::read_to_string(file).unwrap();
        assert!(html.contains(&format!("url={}", served.url)), "{html}");
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_page_is_served_where_no_browser_can_be_opened() {
    let list = List::new();
    let served = Served::start_with(
        list,
        &["page", "--page-addr", "127.0.0.1:0", "--open"],
        &[("PATH", "/nowhere")],
    );
    assert_eq!(status(&served.get("/requests")), 200);
}
