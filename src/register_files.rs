//! `import` and `export`: the register from workbooks and CSV files and into them, for the terminal.
//!
//! Invariant: plain text, one problem a line; nothing is imported while one of them is an error.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::service::register::import::{self, ImportError, ImportProblem, Upload};
use crate::service::register::{Changed, Changes, pages, table};
use crate::service::{Deps, ServiceError, one_line, register};
use crate::sheets::{MAX_BYTES, WriteError};
use crate::store::register as stored;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// What was said cannot be written out.
    #[error(transparent)]
    Out(#[from] io::Error),
    /// Nothing was made of the register.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// No such table.
    #[error("there is no table “{0}” in a register")]
    NoTable(String),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Imports the files, or with `dry_run` says what that would do. True when nothing is wrong.
pub async fn import_files(
    deps: &Deps,
    paths: &[PathBuf],
    table: Option<&str>,
    dry_run: bool,
    now: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<bool, FilesError> {
    let uploads: Vec<Upload> = paths.iter().map(|path| upload(path, table)).collect::<Result<_, _>>()?;
    if dry_run {
        let looked = import::look(deps, None, uploads, now).await?;
        say_problems(&looked.problems, out)?;
        if looked.is_right() {
            say_changes(&looked.changes, ["would add", "would change"], out)?;
        }
        return Ok(looked.is_right());
    }
    match import::apply(deps, None, uploads, now).await {
        Ok(imported) => {
            say_problems(&imported.warnings, out)?;
            say_changes(&imported.changes, ["added", "changed"], out)?;
            Ok(true)
        }
        Err(ImportError::Problems(problems)) => {
            say_problems(&problems, out)?;
            writeln!(out, "Nothing was imported.")?;
            Ok(false)
        }
        Err(ImportError::Service(error)) => Err(error.into()),
    }
}

/// Reads no more than one byte beyond what an import may have.
fn upload(path: &Path, table: Option<&str>) -> Result<Upload, FilesError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| at(path, error))?;
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(Upload {
        name: name.to_string_lossy().into_owned(),
        bytes,
        table: table.map(str::to_owned),
    })
}

fn at(path: &Path, error: io::Error) -> FilesError {
    FilesError::File {
        path: one_line(&path.display().to_string()),
        error,
    }
}

fn say_problems(problems: &[ImportProblem], out: &mut impl Write) -> io::Result<()> {
    problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))
}

fn say_changes(changes: &Changes, [add, change]: [&str; 2], out: &mut impl Write) -> io::Result<()> {
    let name = |changed: &Changed| one_line(&format!("{} {}", changed.table, changed.key));
    for added in &changes.added {
        writeln!(out, "{add} {}", name(added))?;
    }
    for changed in &changes.changed {
        let values: Vec<String> = changed.values.iter().map(ToString::to_string).collect();
        writeln!(out, "{change} {}: {}", name(changed), one_line(&values.join("; ")))?;
    }
    writeln!(out, "{changes}")
}

/// The register as a workbook, or one table of it as CSV. Without funds, of all of them.
pub async fn exported(deps: &Deps, funds: &[String], name: Option<&str>) -> Result<Vec<u8>, FilesError> {
    let known = |name: &str| table(name).ok_or_else(|| FilesError::NoTable(name.to_owned()));
    let table = name.map(known).transpose()?;
    let read = deps.store.read();
    let all = if funds.is_empty() {
        stored::all_funds(&read).await.map_err(ServiceError::from)?
    } else {
        vec![]
    };
    let all: Vec<String> = all.into_iter().map(|fund| fund.key).collect();
    let file = register::export(&read, if funds.is_empty() { &all } else { funds }).await?;
    Ok(match table {
        None => pages::workbook(&file)?,
        Some(table) => pages::csv(&file, table)?,
    })
}

/// Writes a file, or to `out` when none is named.
pub fn write_to(path: Option<&Path>, bytes: &[u8], out: &mut impl Write) -> Result<(), FilesError> {
    match path {
        Some(path) => std::fs::write(path, bytes).map_err(|error| at(path, error)),
        None => Ok(out.write_all(bytes)?),
    }
}
