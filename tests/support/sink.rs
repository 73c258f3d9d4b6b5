//! A mail server for tests: it speaks SMTP on a port of its own, keeps what it is sent, and misbehaves on request.
//!
//! Invariant: a message is kept exactly when a real server would have taken charge of it, so a test can count what
//! would have reached people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
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
        Self::start(Behaviour { security: Security::Plain, sign_in: None }).await
    }

    /// Listens on a free port.
    pub async fn start(behaviour: Behaviour) -> Self {
        let (tls, authority) = certificate();
        let mut sink = Self { port: 0, behaviour, tls, authority, state: Arc::default(), listening: None };
        sink.up().await;
        sink
    }

    /// Listens again, on the same port as before.
    pub async fn up(&mut self) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await.expect("the port is free");
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
        self.state.lock().expect("no conversation panics while it holds the state")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

struct Conversation {
    stream: BufReader<Box<dyn Stream>>,
    behaviour: Behaviour,
    state: Arc<Mutex<State>>,
    encrypted: bool,
    signed_in: bool,
    fault: Fault,
    from: String,
    to: Vec<String>,
}

impl Conversation {
    async fn hold(
        stream: Box<dyn Stream>,
        behaviour: Behaviour,
        tls: TlsAcceptor,
        state: Arc<Mutex<State>>,
    ) -> io::Result<()> {
        let encrypted = behaviour.security == Security::Implicit;
        let stream = if encrypted { Box::new(tls.accept(stream).await?) } else { stream };
        let mut conversation = Self {
            stream: BufReader::new(stream),
            behaviour,
            state,
            encrypted,
            signed_in: false,
            fault: Fault::None,
            from: String::new(),
            to: Vec::new(),
        };
        if let Some(Fault::Greeting(answer)) = conversation.next_fault(true) {
            return conversation.say(answer).await;
        }
        conversation.say("220 sink.example.org ready").await?;
        while let Some(line) = conversation.line().await? {
            let command = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
            match command.as_str() {
                "STARTTLS" if conversation.behaviour.security == Security::StartTls => {
                    conversation.say("220 go ahead").await?;
                    let stream = tls.accept(conversation.stream.into_inner()).await?;
                    conversation.stream = BufReader::new(Box::new(stream));
                    conversation.encrypted = true;
                }
                "QUIT" => return conversation.say("221 bye").await,
                "DATA" => {
                    if !conversation.data().await? {
                        return Ok(());
                    }
                }
                _ => conversation.answer(&command, &line).await?,
            }
        }
        Ok(())
    }

    async fn answer(&mut self, command: &str, line: &str) -> io::Result<()> {
        match command {
            "EHLO" => {
                let mut answer = "250-sink.example.org\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n".to_owned();
                if self.behaviour.security == Security::StartTls && !self.encrypted {
                    answer.push_str("250-STARTTLS\r\n");
                }
                if let Some(mechanism) = self.behaviour.sign_in {
                    answer.push_str(&format!("250-AUTH {mechanism}\r\n"));
                }
                self.say(&(answer + "250 SIZE 1000000")).await
            }
            "HELO" | "NOOP" => self.say("250 yes").await,
            "RSET" => {
                self.to.clear();
                self.say("250 forgotten").await
            }
            "AUTH" => self.sign_in(line).await,
            "MAIL" if self.behaviour.sign_in.is_some() && !self.signed_in => self.say("530 5.7.0 sign in first").await,
            "MAIL" => {
                self.fault = self.next_fault(false).unwrap_or(Fault::None);
                (self.from, self.to) = (between_brackets(line), Vec::new());
                match self.fault {
                    Fault::Mail(answer) => self.say(answer).await,
                    _ => self.say("250 sender ok").await,
                }
            }
            "RCPT" => {
                let to = between_brackets(line);
                let refused = self.state().refused.get(&to).copied();
                match (self.fault, refused) {
                    (Fault::Rcpt(answer), _) | (_, Some(answer)) => self.say(answer).await,
                    _ => {
                        self.to.push(to);
                        self.say("250 recipient ok").await
                    }
                }
            }
            _ => self.say("500 what?").await,
        }
    }

    /// Reads the message. False: hang up.
    async fn data(&mut self) -> io::Result<bool> {
        if self.to.is_empty() {
            return self.say("503 to whom?").await.map(|()| true);
        }
        self.say("354 go on").await?;
        let (mut bytes, mut line) = (Vec::new(), Vec::new());
        loop {
            line.clear();
            // Bytes up to each line feed, so that a stray one would be seen as the end of a line, as real servers do.
            if self.stream.read_until(b'\n', &mut line).await? == 0 || self.fault == Fault::DropInside {
                return Ok(false);
            }
            if line == b".\r\n" || line == b".\n" {
                break;
            }
            bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        match self.fault {
            Fault::Data(answer) => return self.say(answer).await.map(|()| true),
            Fault::Stall => return std::future::pending().await,
            _ => {}
        }
        let (from, to) = (self.from.clone(), std::mem::take(&mut self.to));
        let received = Received { from, to, bytes, encrypted: self.encrypted, signed_in: self.signed_in };
        self.state().messages.push(received);
        if self.fault == Fault::DropAfterKeeping {
            return Ok(false);
        }
        self.say("250 kept").await.map(|()| true)
    }

    async fn sign_in(&mut self, line: &str) -> io::Result<()> {
        let mut words = line.split_whitespace().skip(1);
        let (mechanism, first) = (words.next().unwrap_or_default(), words.next());
        let (user, password) = if mechanism.eq_ignore_ascii_case("PLAIN") {
            let given = decode(first.unwrap_or_default());
            let mut parts = given.split('\0').skip(1).map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        } else {
            self.say("334 VXNlcm5hbWU6").await?;
            let user = self.line().await?.unwrap_or_default();
            self.say("334 UGFzc3dvcmQ6").await?;
            let password = self.line().await?.unwrap_or_default();
            (decode(&user), decode(&password))
        };
        self.signed_in = user == USER && password == PASSWORD;
        self.say(if self.signed_in { "235 welcome" } else { "535 5.7.8 wrong user name or password" }).await
    }

    /// The fault whose turn it is: a greeting's for a connection, another for a message.
    fn next_fault(&self, greeting: bool) -> Option<Fault> {
        let mut state = self.state();
        if greeting {
            state.connections += 1;
        }
        let matches = matches!(state.script.front(), Some(Fault::Greeting(_))) == greeting;
        if matches { state.script.pop_front() } else { None }
    }

    async fn say(&mut self, answer: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end().to_owned()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no conversation panics while it holds the state")
    }
}

fn between_brackets(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or_else(String::new, |(inner, _)| inner.to_owned())
}

fn decode(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap_or_default()).unwrap_or_default()
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
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], private))
        .expect("a server that can encrypt");
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
