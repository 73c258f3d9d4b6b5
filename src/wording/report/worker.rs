//! A template while it runs, on a thread of its own: how it prints, and how it asks.
//!
//! Invariant: a value is never written, only the mark of the place that it was put aside under. A template stops by itself,
//! after so many steps, calls and letters.

use std::fmt;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_domain::document::{Block, Raw};
use countersign_domain::form::rule::did_you_mean;
use countersign_domain::report::At;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Object, ObjectRepr, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, Output, UndefinedBehavior};

use super::{Argument, Call, with_help};

/// Begins and ends a mark; between them is the number of what it stands for.
pub(super) const MARK: [char; 2] = ['\u{100000}', '\u{100001}'];
/// The most steps of a template.
const FUEL: u64 = 1_000_000;
/// The most calls, and the most values printed.
pub(super) const MOST: usize = 20_000;
/// The most bytes that a template may come to, before its values are filled in.
const MAX_TEXT: usize = 4_000_000;
/// The most items of a list that a function is given.
const MAX_ITEMS: usize = 1_000;
/// Brackets in brackets go through functions of the parser.
pub(super) const STACK: usize = 8 << 20;

pub(super) const TOO_LONG: &str = "This report becomes too long. Go through less, or make two reports of it.";

/// What a mark stands for.
pub(super) enum Slot {
    Blocks(Vec<Block<Raw>>, At),
    Figure(Box<Raw>, At),
    Text(String),
}

/// What is put aside while a template runs.
#[derive(Default)]
pub(super) struct Aside {
    pub slots: Vec<Slot>,
    /// Why the template was stopped, in whole sentences.
    pub stopped: Option<String>,
}

pub(super) type Shared = Arc<Mutex<Aside>>;

pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, Aside> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call on its way to whoever answers it.
pub(super) struct Asked {
    pub call: Call,
    pub reply: Sender<Given>,
}

/// What the template goes on with.
pub(super) enum Given {
    Slot(usize),
    Text(String),
    Flag(bool),
    Items(Vec<String>),
    Nothing,
}

/// Why a template stopped: where in the body, where that is known, and what is said.
pub(super) struct Stop {
    pub line: usize,
    pub byte: Option<usize>,
    pub message: String,
}

/// Whoever runs the template.
pub(super) struct Worker {
    pub body: String,
    pub names: Vec<String>,
    pub unknown: Vec<String>,
    pub aside: Shared,
    pub ask: Sender<Asked>,
}

impl Worker {
    pub fn render(self) -> Result<String, Stop> {
        self.rendered().map_err(|error| self.said(&error))
    }

    fn rendered(&self) -> Result<String, Error> {
        let mut env = Environment::empty();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_debug(true);
        env.set_fuel(Some(FUEL));
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
        env.set_syntax(syntax.build()?);
        let aside = Arc::clone(&self.aside);
        env.set_formatter(move |out, _, value| print(&aside, out, value));
        env.add_filter("length", |value: &Value| value.len());
        env.add_filter("first", |value: &Value| value.try_iter().map(|mut items| items.next()));
        env.add_filter("last", |value: &Value| value.try_iter().map(Iterator::last));
        let aside = Arc::clone(&self.aside);
        env.add_filter("join", move |value: &Value, between: Option<&str>| {
            join(&aside, value, between.unwrap_or_default())
        });
        for name in self.names.iter().map(String::as_str).chain(["prose"]) {
            let (name, ask, aside) = (name.to_owned(), self.ask.clone(), Arc::clone(&self.aside));
            env.add_function(name.clone(), move |given: Rest<ValueOrKwargs>| {
                asked(&name, &given.into_values(), &ask, &aside)
            });
        }
        for name in &self.unknown {
            env.add_function(name.clone(), |_: Rest<ValueOrKwargs>| Value::from_object(Shows(None)));
        }
        let template = env.template_from_str(&self.body)?;
        let mut text = Bounded(Vec::new());
        template.render_captured_to((), &mut text)?;
        Ok(String::from_utf8_lossy(&text.0).into_owned())
    }

    /// What went wrong, in the words of whoever writes reports.
    fn said(&self, error: &Error) -> Stop {
        let range = error.range().filter(|range| self.body.get(range.clone()).is_some());
        let words = range.clone().and_then(|range| self.body.get(range)).unwrap_or_default();
        let words: String = words.chars().take(60).collect();
        let detail = error.detail().unwrap_or_default();
        let stopped = lock(&self.aside).stopped.take();
        let message = stopped.unwrap_or_else(|| match error.kind() {
            ErrorKind::SyntaxError => format!("This tag cannot be read: {detail}."),
            ErrorKind::UndefinedError => {
                let help = did_you_mean(&words, self.names.iter().map(String::as_str));
                with_help(&format!("There is nothing called `{words}` here."), &help)
            }
            ErrorKind::OutOfFuel => "This report goes round for too long. Go through fewer things at once.".to_owned(),
            ErrorKind::WriteFailure => TOO_LONG.to_owned(),
            kind if detail.is_empty() => format!("This cannot be worked out: {kind}."),
            _ => format!("This cannot be worked out: {detail}."),
        });
        Stop {
            line: error.line().unwrap_or(1),
            byte: range.map(|range| range.start),
            message,
        }
    }
}

/// A value that shows what is put aside under a number; nothing, after a function that failed.
#[derive(Debug)]
struct Shows(Option<usize>);

impl Object for Shows {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        // A function that failed may have been one that is gone through.
        match self.0 {
            Some(_) => ObjectRepr::Plain,
            None => ObjectRepr::Seq,
        }
    }
}

impl fmt::Display for Shows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(f, "{}{number}{}", MARK[0], MARK[1]),
            None => Ok(()),
        }
    }
}

/// Stops the template, with a reason in whole sentences.
fn stop(aside: &Shared, reason: &str) -> Error {
    lock(aside).stopped.get_or_insert_with(|| reason.to_owned());
    Error::from(ErrorKind::InvalidOperation)
}

/// Puts a value aside and prints its mark.
fn print(aside: &Shared, out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
    let shows = match value.downcast_object_ref::<Shows>() {
        Some(shows) => Shows(shows.0),
        None => {
            let text = match value.kind() {
                ValueKind::String | ValueKind::Number => value.to_string(),
                ValueKind::Bool => return Err(stop(aside, "Yes and no cannot be shown. Ask with {% if … %}.")),
                ValueKind::None => return Err(stop(aside, "There is nothing here that could be shown.")),
                ValueKind::Plain => return Err(stop(aside, "A function is written with brackets, like period().")),
                _ => return Err(stop(aside, "A list cannot be shown. Go through it with {% for … %}.")),
            };
            let mut aside = lock(aside);
            if aside.slots.len() >= MOST {
                aside.stopped = Some(TOO_LONG.to_owned());
                return Err(Error::from(ErrorKind::InvalidOperation));
            }
            aside.slots.push(Slot::Text(text));
            Shows(Some(aside.slots.len() - 1))
        }
    };
    out.write_str(&shows.to_string()).map_err(Error::from)
}

fn join(aside: &Shared, value: &Value, between: &str) -> Result<String, Error> {
    let items: Vec<Value> = value.try_iter()?.take(MAX_ITEMS).collect();
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    let texts = texts.ok_or_else(|| stop(aside, "Only texts can be joined."))?;
    Ok(texts.join(between))
}

/// Has a call answered.
fn asked(name: &str, given: &[Value], ask: &Sender<Asked>, aside: &Shared) -> Result<Value, Error> {
    let refused = |reason: String| stop(aside, &reason);
    let mut call = Call {
        name: name.to_owned(),
        ..Call::default()
    };
    let mut items = 0;
    for value in given {
        if value.is_kwargs() {
            let named = Kwargs::try_from(value.clone())?;
            for key in named.args() {
                let value = argument(name, &named.peek::<Value>(key)?, &mut items).map_err(refused)?;
                call.named.insert(key.to_owned(), value);
            }
        } else {
            call.positional
                .push(argument(name, value, &mut items).map_err(refused)?);
        }
    }
    let (reply, answer) = channel();
    let sent = ask.send(Asked { call, reply });
    let given = sent.ok().and_then(|()| answer.recv().ok()).unwrap_or(Given::Nothing);
    if lock(aside).stopped.is_some() {
        return Err(Error::from(ErrorKind::InvalidOperation));
    }
    Ok(match given {
        Given::Slot(number) => Value::from_object(Shows(Some(number))),
        Given::Text(text) => Value::from(text),
        Given::Flag(flag) => Value::from(flag),
        Given::Items(items) => Value::from(items),
        Given::Nothing => Value::from_object(Shows(None)),
    })
}

fn argument(name: &str, value: &Value, items: &mut usize) -> Result<Argument, String> {
    *items += 1;
    if *items > MAX_ITEMS {
        return Err(format!("`{name}` is given more than {MAX_ITEMS} things at once."));
    }
    let other =
        || format!("`{name}` can be given texts, whole numbers, true, false and lists of them, and nothing else.");
    match value.kind() {
        ValueKind::String => Ok(Argument::Text(value.to_string())),
        ValueKind::Bool => Ok(Argument::Flag(value.is_true())),
        ValueKind::Number => value.as_i64().map(Argument::Number).ok_or_else(other),
        ValueKind::Seq if value.downcast_object_ref::<Shows>().is_none() => {
            let inner = value.try_iter().map_err(|_| other())?;
            let inner = inner.map(|item| argument(name, &item, items));
            inner.collect::<Result<_, _>>().map(Argument::List)
        }
        _ => Err(other()),
    }
}

/// Text up to a length.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_TEXT {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
