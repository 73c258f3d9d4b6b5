//! All that the typesetting can reach: its template, the paper's data, the charts and the typefaces.
//!
//! Invariant: no file is read and nothing is fetched. A name that is not one of ours is refused.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use crate::TypesetError;
use crate::fonts::FONTS;

/// How a paper is laid out.
const TEMPLATE: &str = include_str!("paper.typ");

/// The paper's world.
pub(crate) struct Paper {
    library: LazyHash<Library>,
    template: Source,
    files: Vec<(FileId, Bytes)>,
}

impl Paper {
    /// The world of these data, with charts as `/chart-0.svg`, `/chart-1.svg`, ….
    pub(crate) fn new(data: String, charts: Vec<String>) -> Result<Self, TypesetError> {
        let mut files = vec![(named("/data.json")?, Bytes::from_string(data))];
        for (nth, chart) in charts.into_iter().enumerate() {
            files.push((named(&format!("/chart-{nth}.svg"))?, Bytes::from_string(chart)));
        }
        // The first column of a table names its rows, for readers that speak.
        let features = [Feature::A11yExtras].into_iter().collect();
        Ok(Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            template: Source::new(named("/paper.typ")?, TEMPLATE.to_owned()),
            files,
        })
    }
}

fn named(name: &str) -> Result<FileId, TypesetError> {
    let path = VirtualPath::new(name).map_err(|problem| TypesetError::Layout(format!("{name}: {problem}")))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for Paper {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(known, _)| *known == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
