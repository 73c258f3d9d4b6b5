//! The reports that papers can be made by: those that the program comes with, and those of a folder.
//!
//! Invariant: every report in it was checked whole. One of the folder stands in the place of the shipped one that has its id.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_domain::report::{ENDING, MAX_BYTES, Report, parse};
use rust_embed::RustEmbed;

use super::{check, with_help};

/// The most files of a folder.
const MAX_FILES: usize = 1_000;

#[derive(RustEmbed)]
#[folder = "templates/reports"]
struct ReportFiles;

/// Every report, read once. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct Library(Arc<BTreeMap<String, Listed>>);

/// A report and where it is from.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The report.
    pub report: Arc<Report>,
    /// Its file; none where the program came with it.
    pub file: Option<PathBuf>,
}

/// Something wrong with one of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The file.
    pub file: String,
    /// The line, from 1; none where the file cannot be read.
    pub line: Option<usize>,
    /// The column, in characters, from 1.
    pub column: Option<usize>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl FileProblem {
    fn of(file: &str, message: String) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            message,
        }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        [self.line, self.column]
            .into_iter()
            .flatten()
            .try_for_each(|number| write!(f, ":{number}"))?;
        write!(f, ": {}", self.message)
    }
}

impl Library {
    /// Reads the reports that the program comes with, and then those of the folder: its files that end with `.md.j2`.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn new(folder: Option<&Path>) -> Result<Self, Vec<FileProblem>> {
        let mut found = BTreeMap::new();
        let mut problems = Vec::new();
        let shipped = ReportFiles::iter().filter(|name| name.ends_with(ENDING));
        let shipped = shipped.filter_map(|name| Some((name.to_string(), ReportFiles::get(&name)?)));
        for (name, file) in shipped {
            let source = String::from_utf8_lossy(&file.data).into_owned();
            add(&name, &source, None, &mut found, &mut problems);
        }
        for (path, read) in folder.map(files_of).unwrap_or_default() {
            let name = path.display().to_string();
            match read {
                Ok(source) => add(&name, &source, Some(path), &mut found, &mut problems),
                Err(reason) => problems.push(FileProblem::of(&name, reason)),
            }
        }
        if problems.is_empty() {
            Ok(Self(Arc::new(found)))
        } else {
            Err(problems)
        }
    }

    /// The report with this id.
    pub fn get(&self, id: &str) -> Option<Arc<Report>> {
        self.0.get(id).map(|listed| Arc::clone(&listed.report))
    }

    /// Every report, by id.
    pub fn list(&self) -> impl Iterator<Item = &Listed> {
        self.0.values()
    }
}

fn add(
    name: &str,
    source: &str,
    file: Option<PathBuf>,
    found: &mut BTreeMap<String, Listed>,
    problems: &mut Vec<FileProblem>,
) {
    let said = |line, column, message| FileProblem {
        file: name.to_owned(),
        line: Some(line),
        column: Some(column),
        message,
    };
    let report = match parse(source, name) {
        Ok(report) => report,
        Err(wrong) => {
            problems.extend(wrong.into_iter().map(|wrong| {
                let message = with_help(&wrong.message, wrong.help.as_deref().unwrap_or_default());
                said(wrong.line, wrong.column, message)
            }));
            return;
        }
    };
    let wrong = check(&report, None);
    problems.extend(
        wrong
            .into_iter()
            .map(|wrong| said(wrong.line, wrong.column, wrong.message)),
    );
    let report = Arc::new(report);
    found.insert(report.id.clone(), Listed { report, file });
}

/// A file and its text, or why there is none.
type FileRead = (PathBuf, Result<String, String>);

/// The report files of a folder, in the order of their names.
fn files_of(folder: &Path) -> Vec<FileRead> {
    let unreadable =
        |error: std::io::Error| vec![(folder.to_owned(), Err(format!("The folder cannot be read: {error}.")))];
    let entries = match std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => return unreadable(error),
    };
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().ends_with(ENDING))
    });
    paths.sort();
    if paths.len() > MAX_FILES {
        return vec![(
            folder.to_owned(),
            Err(format!("There are more than {MAX_FILES} reports in it.")),
        )];
    }
    let read = |path: PathBuf| {
        let text = text_of(&path);
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// The text of a file; never reads more than a report may have.
fn text_of(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| format!("The file cannot be read: {error}."))?;
    String::from_utf8(bytes).map_err(|_| "The file is not UTF-8 text. Save it as UTF-8.".to_owned())
}
