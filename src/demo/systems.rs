//! The systems that the demo runs: their forms, registers and stories, as they lie under `forms/`.
//!
//! Invariant: everything is embedded in the program; a file is known by what it says, not by its name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_embed::RustEmbed;

use super::story::{self, Step};
use crate::service::register::import::{self, Upload};
use crate::service::{Deps, forms, register};

#[derive(RustEmbed)]
#[folder = "forms/"]
struct Files;

/// One system: its files, sorted by what they are.
#[derive(Debug, Default)]
pub struct System {
    /// Its folder's name, such as `s5-partnership`.
    pub name: String,
    /// Form files.
    forms: Vec<String>,
    /// Register files, in the order of their names.
    registers: Vec<String>,
    /// Tables of the register as CSV: file name and content.
    tables: Vec<(String, Vec<u8>)>,
    /// What has happened.
    pub story: Vec<Step>,
}

/// Every system, in the order of their names.
///
/// # Errors
/// In words, when a file of the program's own is not what it should be.
pub fn all() -> Result<Vec<System>, String> {
    let mut systems: BTreeMap<String, System> = BTreeMap::new();
    let mut names: Vec<String> = Files::iter().map(|name| name.to_string()).collect();
    names.sort();
    for name in names {
        let Some((folder, file)) = name.split_once('/') else {
            continue;
        };
        let bytes = Files::get(&name).map(|found| found.data.to_vec()).unwrap_or_default();
        let system = systems.entry(folder.to_owned()).or_insert_with(|| System {
            name: folder.to_owned(),
            ..System::default()
        });
        system.take(file, bytes).map_err(|fault| format!("{name}: {fault}"))?;
    }
    // A folder with forms alone is an example to read, and has nobody who owes anything.
    Ok(systems
        .into_values()
        .filter(|system| !system.registers.is_empty())
        .collect())
}

impl System {
    fn take(&mut self, file: &str, bytes: Vec<u8>) -> Result<(), String> {
        if file.ends_with(".csv") {
            let name = file.rsplit('/').next().unwrap_or(file);
            self.tables.push((name.to_owned(), bytes));
            return Ok(());
        }
        if !file.ends_with(".toml") {
            return Ok(());
        }
        let text = String::from_utf8(bytes).map_err(|fault| fault.to_string())?;
        let table: toml::Table = toml::from_str(&text).map_err(|fault| fault.to_string())?;
        if table.contains_key("form") {
            self.forms.push(text);
        } else if table.contains_key("step") {
            self.story.extend(story::read(&text)?);
        } else {
            self.registers.push(text);
        }
        Ok(())
    }

    /// Publishes the forms and loads the register. `whole` is with every register file and table; without, the first
    /// alone: `register.toml`, by which the system can be tried from its beginning.
    ///
    /// # Errors
    /// In words: a form that cannot be published, a register that does not hold together.
    pub async fn load(&self, deps: &Deps, whole: bool, now: DateTime<Utc>) -> Result<(), String> {
        for source in &self.forms {
            forms::publish(deps, source, now)
                .await
                .map_err(|fault| format!("{}: {fault}", self.name))?;
        }
        let registers = if whole { self.registers.len() } else { 1 };
        for text in self.registers.iter().take(registers) {
            let file = register::read(text).map_err(|fault| format!("{}: {fault}", self.name))?;
            register::load(deps, &file, now)
                .await
                .map_err(|fault| format!("{}: {fault}", self.name))?;
        }
        if !whole || self.tables.is_empty() {
            return Ok(());
        }
        let uploads = self.tables.iter().map(|(name, bytes)| Upload {
            name: name.clone(),
            bytes: bytes.clone(),
            table: None,
        });
        import::apply(deps, None, uploads.collect(), now)
            .await
            .map(drop)
            .map_err(|fault| format!("{}: {fault}", self.name))
    }
}
