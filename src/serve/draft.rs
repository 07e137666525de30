//! Writes a file that appears whole or not at all.
//!
//! In:  the place of a file.
//! Out: a file beside it to write to, which is moved there in the end, or vanishes.

use super::unwritable;
use crate::error::Result;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A file written beside its place; it vanishes unless it is published.
pub(super) struct Draft {
    draft: PathBuf,
    target: PathBuf,
    published: bool,
}

impl Draft {
    /// An empty file beside its place.
    pub(super) fn new(target: PathBuf) -> Result<(Draft, File)> {
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let draft = folder(&target).join(format!(".{name}.{}.part", std::process::id()));
        let file = File::create(&draft).map_err(|error| unwritable(&target, &error))?;
        Ok((Draft { draft, target, published: false }, file))
    }

    /// Where it will be.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Where other files may be put while it is made.
    pub(super) fn folder(&self) -> &Path {
        folder(&self.target)
    }

    /// Moves it to its place.
    pub(super) fn publish(mut self) -> Result<PathBuf> {
        let synced = File::open(&self.draft).and_then(|file| file.sync_all());
        synced.and_then(|()| fs::rename(&self.draft, &self.target)).map_err(|error| unwritable(&self.target, &error))?;
        self.published = true;
        Ok(self.target.clone())
    }
}

/// The folder of a file.
fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // Nothing is to be done where even this fails.
            let _ = fs::remove_file(&self.draft);
        }
    }
}
