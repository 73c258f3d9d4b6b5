//! Connections that dawdle, and one address that takes too many.

use std::time::Duration;

use countersign::web::server::{Limits, serve};
use poem::{Route, get, handler};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[handler]
fn here() -> &'static str {
    "here"
}

struct Served {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    running: tokio::task::JoinHandle<()>,
}

async fn served(limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let app = poem::EndpointExt::map_to_response(Route::new().at("/", get(here)));
    let running = tokio::spawn(serve(listener, app, limits, async { drop(stopped.await) }));
    Served { address, stop, running }
}

async fn connect(served: &Served, first: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(first).await.unwrap();
    stream
}

/// What comes until the other end closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn who_says_nothing_or_half_of_it_is_let_go() {
    let limits = Limits {
        header_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let served = served(limits).await;
    // These would wait for ever if the server did.
    assert_eq!(rest(connect(&served, b"").await).await, "");
    let half = rest(connect(&served, b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await).await;
    assert!(half.is_empty() || half.starts_with("HTTP/1.1 408"), "{half}");
    let whole = rest(connect(&served, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await).await;
    assert!(whole.ends_with("here"), "{whole}");
}

#[tokio::test]
async fn one_address_holds_so_many_places_and_gives_them_back() {
    let served = served(Limits {
        connections_of_one: 2,
        ..Limits::default()
    })
    .await;
    let ask = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let (mut one, mut two) = (connect(&served, ask).await, connect(&served, ask).await);
    // Both are held: each has been answered and stays open.
    for stream in [&mut one, &mut two] {
        assert!(stream.read(&mut [0; 256]).await.unwrap() > 0);
    }
    let close = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert_eq!(
        rest(TcpStream::connect(served.address).await.unwrap()).await,
        "",
        "the third is turned away"
    );
    one.shutdown().await.unwrap();
    let _ = rest(one).await;
    // The place is given back when the server has seen the end; until then it may turn away.
    let answered = async {
        loop {
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            if stream.write_all(close).await.is_ok() {
                let text = rest(stream).await;
                if text.ends_with("here") {
                    return;
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), answered)
        .await
        .expect("the place is given back");
    drop(two);
}

#[tokio::test]
async fn a_stop_lets_a_running_request_end() {
    let served = served(Limits::default()).await;
    let mut stream = connect(&served, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(stream.read(&mut [0; 256]).await.unwrap() > 0);
    served.stop.send(()).unwrap();
    served.running.await.unwrap();
    assert!(
        TcpStream::connect(served.address).await.is_err(),
        "nobody new is let in"
    );
}
