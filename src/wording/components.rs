//! The GOV.UK Frontend components, each a function of one map that gives upstream's exact markup.
//!
//! They live in an environment of their own: upstream's templates lean on what is missing being empty, while a missing
//! name in a page of ours is an error. Invariant: what comes back is safe to print, since all text given was escaped,
//! save what was given under a key that says `html`.

use super::attributes::{attributes, i18n_attributes};
use super::embedded::COMPONENTS;
use super::html::{as_in_html, print};
use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, context};
use std::sync::Arc;

/// The components, ready to render.
#[derive(Clone)]
pub(super) struct Components(Arc<Environment<'static>>);

impl Components {
    /// Reads the templates that the build script wrote.
    pub(super) fn new() -> Result<Self, Error> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Chainable);
        env.set_auto_escape_callback(|_| AutoEscape::Html);
        env.set_formatter(|out, state, value| {
            if value.is_none() {
                Ok(())
            } else {
                print(out, state, value)
            }
        });
        env.set_unknown_method_callback(|_, value, method, args| match (method, args) {
            ("includes", [wanted]) => Ok(Value::from(value.try_iter()?.any(|item| item == *wanted))),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        });
        env.add_filter("trim", trim);
        env.add_filter("indent", leave_alone);
        env.add_filter("length", length);
        env.add_filter("items", pairs);
        env.add_filter("replace", replace);
        env.add_filter("string", |value: &Value| as_in_html(value).to_string());
        env.add_test("truthy", |value: &Value| value.is_true());
        env.add_function("govukAttributes", |given: Option<Value>| {
            attributes(&given.unwrap_or_default())
        });
        env.add_function("govukI18nAttributes", |given: Value| i18n_attributes(&given));
        for (name, template) in COMPONENTS {
            env.add_template(name, template)?;
            env.add_function(function_name(name), |state: &State, params: Option<Value>| {
                render(state.env(), name, params.unwrap_or_default())
            });
        }
        Ok(Self(Arc::new(env)))
    }

    /// Renders one component by the name of its folder upstream, such as `error-summary`.
    pub(super) fn render(&self, name: &str, params: Value) -> Result<Value, Error> {
        render(&self.0, name, params)
    }

    /// Makes each component a function of `env`: `govukErrorSummary({…})`.
    pub(super) fn add_to(&self, env: &mut Environment<'static>) {
        for (name, _) in COMPONENTS {
            let components = self.clone();
            env.add_function(function_name(name), move |params: Value| {
                components.render(name, params)
            });
        }
        env.add_function("govukAttributes", |given: Value| attributes(&given));
    }
}

/// The components that pages may use, by the name of their folder upstream.
pub fn component_names() -> impl Iterator<Item = &'static str> {
    COMPONENTS.iter().map(|(name, _)| *name)
}

fn render(env: &Environment<'_>, name: &str, params: Value) -> Result<Value, Error> {
    let html = env.get_template(name)?.render(context! { params })?;
    Ok(Value::from_safe_string(html.trim().to_owned()))
}

/// `error-summary` is `govukErrorSummary`.
fn function_name(component: &str) -> String {
    component.split('-').fold("govuk".to_owned(), |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

/// Marks text safe when what it was made from was.
fn as_safe_as(value: &Value, text: String) -> Value {
    if value.is_safe() {
        Value::from_safe_string(text)
    } else {
        Value::from(text)
    }
}

fn trim(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => as_safe_as(value, text.trim().to_owned()),
        None => value.clone(),
    }
}

/// Upstream indents what it nests, for looks only. Not done here, because it would change what stands in a text area.
fn leave_alone(value: &Value, _how: Rest<Value>) -> Value {
    value.clone()
}

/// As in JavaScript, what has no length has an empty one.
fn length(value: &Value) -> usize {
    value.len().unwrap_or(0)
}

/// The pairs of a map; none for what is not a map.
fn pairs(value: &Value) -> Result<Vec<Value>, Error> {
    if value.kind() != ValueKind::Map {
        return Ok(Vec::new());
    }
    value
        .try_iter()?
        .map(|key| Ok(Value::from(vec![key.clone(), value.get_item(&key)?])))
        .collect()
}

fn replace(value: &Value, from: &Value, to: &Value) -> Value {
    as_safe_as(value, value.to_string().replace(&from.to_string(), &to.to_string()))
}
