//! Uploads: checked by name and content, kept by digest in a folder that no address reaches.
//!
//! Invariant: a file is kept under the SHA-256 of its bytes and never changed; what is read back is checked against it.

mod check;

use std::path::Path;
use std::sync::Arc;

use countersign_domain::answers::types::FileRef;
use countersign_domain::ledger::Digest;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

pub use check::{Checked, LARGEST, check, kinds};

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// There is none with this digest.
    #[error("no file with this digest")]
    NotFound,
    /// The bytes are not the ones that were kept.
    #[error("the file kept as {0} was altered")]
    Altered(String),
    /// The folder cannot be written or read: a full disk, a wrong permission.
    #[error("the files’ folder: {0}")]
    Folder(String),
}

/// The folder of uploads. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    kept: Arc<dyn ObjectStore>,
}

impl Files {
    /// Opens the folder, making it if it is not there.
    pub fn open(folder: &Path) -> Result<Files, FilesError> {
        let folder_error = |error: &dyn std::fmt::Display| FilesError::Folder(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(|error| folder_error(&error))?;
        let kept = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| folder_error(&error))?
            .with_fsync(true);
        Ok(Files { kept: Arc::new(kept) })
    }

    /// Keeps checked bytes; once they are kept, keeping them again does nothing.
    pub async fn keep(&self, checked: Checked) -> Result<FileRef, FilesError> {
        let place = place(&checked.file.digest);
        let options = PutOptions::from(PutMode::Create);
        match self
            .kept
            .put_opts(&place, PutPayload::from(checked.bytes), options)
            .await
        {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(checked.file),
            Err(error) => Err(FilesError::Folder(error.to_string())),
        }
    }

    /// The bytes of a kept file.
    pub async fn read(&self, digest: &str) -> Result<Vec<u8>, FilesError> {
        let wanted: Digest = digest.parse().map_err(|_| FilesError::NotFound)?;
        let found = match self.kept.get(&place(digest)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Err(FilesError::NotFound),
            Err(error) => return Err(FilesError::Folder(error.to_string())),
        };
        let bytes = found
            .bytes()
            .await
            .map_err(|error| FilesError::Folder(error.to_string()))?
            .to_vec();
        if Digest::of(&bytes) != wanted {
            return Err(FilesError::Altered(digest.to_owned()));
        }
        Ok(bytes)
    }
}

/// Two letters a folder, so that none grows too large to list.
fn place(digest: &str) -> object_store::path::Path {
    let folder = digest.get(..2).unwrap_or("00");
    object_store::path::Path::from(format!("{folder}/{digest}"))
}
