//! A mail server for tests: it speaks SMTP on a port of its own, keeps what it is sent, and misbehaves on request.
//!
//! Invariant: a message is kept exactly when a real server would have taken charge of it, so a test can count what
//! would have reached people.

#[path = "conversation.rs"]
mod conversation;

use conversation::Conversation;
use std::collections::{HashMap, VecDeque};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The one user that a sink with [`Behaviour::sign_in`] knows.
pub const USER: &str = "countersign";
/// Their password.
pub const PASSWORD: &str = "correct horse";

/// Whether and when the line is encrypted.
#[derive(Clone, Copy, PartialEq)]
pub enum Security {
    Plain,
    StartTls,
    Implicit,
}

/// What the sink is like.
#[derive(Clone)]
pub struct Behaviour {
    pub security: Security,
    /// Takes mail only from [`USER`], by this mechanism.
    pub sign_in: Option<&'static str>,
}

/// What goes wrong with one message, or, for [`Fault::Greeting`], with one connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Nothing: holds a place in the script.
    None,
    /// Says this in place of a greeting, and hangs up.
    Greeting(&'static str),
    /// Answers MAIL so.
    Mail(&'static str),
    /// Answers RCPT so.
    Rcpt(&'static str),
    /// Reads the message to its end and then answers so.
    Data(&'static str),
    /// Hangs up in the middle of the message.
    DropInside,
    /// Keeps the message and hangs up before saying so.
    DropAfterKeeping,
    /// Never answers the end of the message.
    Stall,
}

/// One message as it was handed over.
#[derive(Debug, Clone)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
    pub encrypted: bool,
    pub signed_in: bool,
}

#[derive(Default)]
struct State {
    messages: Vec<Received>,
    script: VecDeque<Fault>,
    refused: HashMap<String, &'static str>,
    connections: usize,
}

/// A running sink.
pub struct Sink {
    pub port: u16,
    behaviour: Behaviour,
    tls: TlsAcceptor,
    authority: String,
    state: Arc<Mutex<State>>,
    listening: Option<JoinHandle<()>>,
}

impl Sink {
    /// A sink that takes everything, unencrypted.
    pub async fn plain() -> Self {
        Self::start(Behaviour {
            security: Security::Plain,
            sign_in: None,
        })
        .await
    }

    /// Listens on a free port.
    pub async fn start(behaviour: Behaviour) -> Self {
        let (tls, authority) = certificate();
        let mut sink = Self {
            port: 0,
            behaviour,
            tls,
            authority,
            state: Arc::default(),
            listening: None,
        };
        sink.up().await;
        sink
    }

    /// Listens again, on the same port as before.
    pub async fn up(&mut self) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))
            .await
            .expect("the port is free");
        self.port = listener.local_addr().expect("a bound listener has an address").port();
        let (behaviour, tls, state) = (self.behaviour.clone(), self.tls.clone(), self.state.clone());
        self.listening = Some(tokio::spawn(async move {
            let mut conversations = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let (behaviour, tls, state) = (behaviour.clone(), tls.clone(), state.clone());
                conversations.spawn(async move {
                    // A client that goes away is none of the sink's business.
                    let _ = Conversation::hold(Box::new(stream), behaviour, tls, state).await;
                });
            }
        }));
    }

    /// Stops listening and hangs up on everyone: connections are refused from now on.
    pub async fn down(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            let _ = listening.await;
        }
    }

    /// What goes wrong with the next messages, in order.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().script.extend(faults);
    }

    /// Answers RCPT so for this address, always.
    pub fn refuse(&self, address: &str, answer: &'static str) {
        self.state().refused.insert(address.to_owned(), answer);
    }

    /// Everything kept so far.
    pub fn messages(&self) -> Vec<Received> {
        self.state().messages.clone()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// Writes the certificate of the authority that vouches for the sink.
    pub fn write_authority(&self, path: &Path) {
        std::fs::write(path, &self.authority).expect("the folder can be written to");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no conversation panics while it holds the state")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

/// An authority of its own, and a certificate by it for this machine.
fn certificate() -> (TlsAcceptor, String) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = rcgen::CertifiedIssuer::self_signed(params, key).expect("an authority");
    let key = rcgen::KeyPair::generate().expect("a key");
    let leaf = rcgen::CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()])
        .and_then(|params| params.signed_by(&key, &authority))
        .expect("a certificate");
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(vec![leaf.der().clone()], private)
        })
        .expect("a server that can encrypt");
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
