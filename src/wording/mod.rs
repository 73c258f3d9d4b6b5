//! Pages and mails as people read them, and the only room that names minijinja.
//!
//! Invariant: what a template names must be there. A missing name is an error, never an empty place on a page; HTML is
//! escaped everywhere but where a template says `safe`, and plain text nowhere.

mod attributes;
mod components;
mod embedded;
mod filters;
mod html;
mod in_address;
pub mod report;

pub use components::component_names;
pub use embedded::{STATIC_ROOT, static_address, static_file, static_names};
pub use in_address::in_address;

use components::Components;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "templates/pages"]
struct PageFiles;

/// What leaves the server as a file: not under the rules that pages keep to, since it has to bring its own look.
#[derive(RustEmbed)]
#[folder = "templates/printed"]
struct PrintedFiles;

#[derive(RustEmbed)]
#[folder = "templates/mails"]
struct MailFiles;

/// Words that could not be put together: always a fault of a template or of what was given to it.
#[derive(Debug, thiserror::Error)]
#[error("the words of {name} could not be put together: {problem}")]
pub struct WordingError {
    /// The page, mail or component.
    pub name: String,
    /// What minijinja said, with the line, and what led to it.
    pub problem: String,
}

impl WordingError {
    fn new(name: &str, error: &Error) -> Self {
        let mut problem = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            problem.push_str("; ");
            problem.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self {
            name: name.to_owned(),
            problem,
        }
    }
}

/// A mail's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailWords {
    /// One line, without space around it.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Every template, read once. A clone shares them.
#[derive(Clone)]
pub struct Wording(Arc<Rooms>);

struct Rooms {
    pages: Environment<'static>,
    mails: Environment<'static>,
    components: Components,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wording")
    }
}

impl Wording {
    /// Reads every embedded template.
    ///
    /// # Errors
    /// When one of them does not parse.
    pub fn new() -> Result<Self, WordingError> {
        let mut pages = embedded_files::<PageFiles>();
        let printed = embedded_files::<PrintedFiles>();
        pages.extend(
            printed
                .into_iter()
                .map(|(name, source)| (format!("printed/{name}"), source)),
        );
        let mails = embedded_files::<MailFiles>();
        Self::of(pages, mails)
    }

    /// Reads the given templates, each a name and its source.
    fn of(pages: Vec<(String, String)>, mails: Vec<(String, String)>) -> Result<Self, WordingError> {
        let components = Components::new().map_err(|e| WordingError::new("components", &e))?;
        let mut page_room = room(pages)?;
        components.add_to(&mut page_room);
        page_room.add_function("asset", asset);
        page_room.add_filter("asset", asset);
        Ok(Self(Arc::new(Rooms {
            pages: page_room,
            mails: room(mails)?,
            components,
        })))
    }

    /// A page by its path under `templates/pages`, such as `provider/tasks.html`, or a file by its path under `templates`,
    /// such as `printed/file.html`.
    ///
    /// # Errors
    /// When there is no such page, or it names something that `context` does not hold.
    pub fn page(&self, name: &str, context: impl Serialize) -> Result<String, WordingError> {
        render(&self.0.pages, name, context)
    }

    /// A mail by the name of its folder under `templates/mails`.
    ///
    /// # Errors
    /// When one of its three files is missing, names something that `context` does not hold, or the subject is not one
    /// line.
    pub fn mail(&self, name: &str, context: impl Serialize) -> Result<MailWords, WordingError> {
        let context = Value::from(Serde(context));
        let part = |file: &str| render(&self.0.mails, &format!("{name}/{file}"), &context);
        let subject = part("subject.txt")?.trim().to_owned();
        if subject.is_empty() || subject.contains(char::is_control) {
            let problem = "the subject must be one line of text".to_owned();
            return Err(WordingError {
                name: name.to_owned(),
                problem,
            });
        }
        Ok(MailWords {
            subject,
            text: part("body.txt")?,
            html: part("body.html")?,
        })
    }

    /// One GOV.UK Frontend component by the name of its folder upstream, such as `error-summary`.
    ///
    /// # Errors
    /// When there is no such component among those that the pages use.
    pub fn component(&self, name: &str, params: impl Serialize) -> Result<String, WordingError> {
        let html = self.0.components.render(name, Value::from(Serde(params)));
        html.map(|html| html.to_string())
            .map_err(|e| WordingError::new(name, &e))
    }
}

/// An environment for templates of our own: names must exist, HTML is escaped, text is not.
fn room(templates: Vec<(String, String)>) -> Result<Environment<'static>, WordingError> {
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(|e| WordingError::new("syntax", &e))?;
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|name| {
        if name.ends_with(".txt") {
            AutoEscape::None
        } else {
            AutoEscape::Html
        }
    });
    env.set_syntax(syntax);
    env.set_formatter(|out, state, value| {
        if value.is_none() {
            return Err(Error::new(
                ErrorKind::UndefinedError,
                "an absent value cannot be printed",
            ));
        }
        html::print(out, state, value)
    });
    filters::add_to(&mut env);
    for (name, source) in templates {
        env.add_template_owned(name.clone(), source)
            .map_err(|e| WordingError::new(&name, &e))?;
    }
    Ok(env)
}

fn render(env: &Environment<'_>, name: &str, context: impl Serialize) -> Result<String, WordingError> {
    env.get_template(name)
        .and_then(|template| template.render(Value::from(Serde(context))))
        .map_err(|e| WordingError::new(name, &e))
}

fn asset(name: &str) -> Result<String, Error> {
    static_address(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no file {name}")))
}

fn embedded_files<F: RustEmbed>() -> Vec<(String, String)> {
    F::iter()
        .filter_map(|name| Some((name.to_string(), F::get(&name)?)))
        .map(|(name, file)| (name, String::from_utf8_lossy(&file.data).into_owned()))
        .filter(|(name, _)| has_extension(name, "html") || has_extension(name, "txt"))
        .collect()
}

fn has_extension(name: &str, extension: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|found| found == extension)
}

#[cfg(test)]
mod tests;
