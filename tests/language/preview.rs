//! The preview of a form: its pages over an invented grant, which are gone when it ends.

use std::path::PathBuf;

use countersign::app::App;
use countersign::demo::preview::Room;
use countersign::web::server::{self, Limits};
use countersign::web::{Web, routes};
use countersign_domain::form::parse::parse;
use tokio::net::TcpListener;

use crate::outside::browser::TestBrowser;
use crate::place::at_the_return;

/// Forms that are owed for a grant, for an allocation, for a provider, once, and for periods of their own.
fn forms() -> Vec<String> {
    let language = include_str!("form.toml");
    let mut forms = vec![language.to_owned()];
    let one = |owed_by: &str, every: &str| {
        format!(
            "form = \"small\"\nversion = 1\ntitle = \"Small\"\nowed_by = \"{owed_by}\"\naudience = \"panel\"\n\
             [schedule]\n{every}\nopens = \"end + 1d\"\ndue = \"end + 20wd\"\ncloses = \"due + 60d\"\n\
             [[stage]]\nid = \"sign\"\nkind = \"sign-off\"\nby = \"partnership.chair\"\nstatement = \"It is right.\"\n\
             [[section]]\nid = \"s\"\ntitle = \"{{grant.title}}\"\n\
             [[section.question]]\nid = \"n\"\ntype = \"count\"\nlabel = \"How many\"\nrequired = true\n"
        )
    };
    forms.extend(["grant", "allocation", "provider"].map(|owed_by| one(owed_by, "every = \"quarter\"")));
    forms.push(one("grant", "every = \"once\""));
    forms.push(one("grant", "dates = [{ from = 2020-02-01, to = 2020-05-31 }]"));
    forms
}

/// The folder that a configuration names.
fn folder(files: &std::path::Path) -> PathBuf {
    files.parent().expect("a folder").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_in_is_at_the_return_and_nothing_is_kept() {
    for source in forms() {
        let form = parse(&source).expect("a form");
        let room = Room::new(&form).expect("a room");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let listen = listener.local_addr().expect("an address");
        let base = format!("http://{listen}");
        let config = room.config(&base, listen).expect("a configuration");
        let app = App::open(&config).await.expect("the rooms are put together");
        let contact = room.furnish(&app, &form, &source).await.expect("an open return");
        let web = Web::new(app.deps.clone(), app.files.clone(), room.clock()).with_preview(contact);
        let forever = std::future::pending();
        let serving = tokio::spawn(server::serve(listener, routes::app(web), Limits::default(), forever));
        let mut browser = TestBrowser::new(&base);
        browser.visit("/preview").await;
        assert_eq!((browser.status, browser.path()), (200, "/return"), "{}", browser.says());
        browser.must_see(&["Preview: nothing is kept", "Sam Fernsby", "INV-0001"]);
        serving.abort();
        let folder = folder(&config.files);
        assert!(folder.exists());
        app.deps.store.close().await;
        drop(room);
        assert!(!folder.exists(), "{}", folder.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_has_no_such_address() {
    let (server, mut contact) = at_the_return().await;
    contact.must_not_see(&["Preview"]);
    let mut stranger = server.browser();
    stranger.visit("/preview").await;
    assert_eq!(stranger.status, 404);
    contact.visit("/return").await;
    server.finish().await;
}
