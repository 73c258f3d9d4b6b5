//! One SMTP conversation of the sink, from the greeting to QUIT.
//!
//! Invariant: each message takes one fault of the script, at MAIL; a greeting takes one only where a greeting's is next.

use super::{Behaviour, Fault, PASSWORD, Received, Security, State, USER};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio_rustls::TlsAcceptor;

pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub struct Conversation {
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
    pub async fn hold(
        stream: Box<dyn Stream>,
        behaviour: Behaviour,
        tls: TlsAcceptor,
        state: Arc<Mutex<State>>,
    ) -> io::Result<()> {
        let encrypted = behaviour.security == Security::Implicit;
        let stream = if encrypted {
            Box::new(tls.accept(stream).await?)
        } else {
            stream
        };
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
        let received = Received {
            from,
            to,
            bytes,
            encrypted: self.encrypted,
            signed_in: self.signed_in,
        };
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
        self.say(if self.signed_in {
            "235 welcome"
        } else {
            "535 5.7.8 wrong user name or password"
        })
        .await
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
        self.stream
            .get_mut()
            .write_all(format!("{answer}\r\n").as_bytes())
            .await?;
        self.stream.get_mut().flush().await
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end().to_owned()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no conversation panics while it holds the state")
    }
}

fn between_brackets(line: &str) -> String {
    line.split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or_else(String::new, |(inner, _)| inner.to_owned())
}

fn decode(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap_or_default()).unwrap_or_default()
}
