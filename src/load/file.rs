//! The life of a new database: built beside its place, and there only when it is whole.
//!
//! In:  the path of a database that does not exist yet.
//! Out: a connection to a file beside it; on `publish` the file stands in its place, on every other way out nothing is left.
//!
//! Two first loads of one path wait for each other at a lock: a SQLite file `NAME.lock`, held by a transaction, so that the
//! operating system frees it when its holder is killed. Publishing never replaces a file, should somebody have taken the lock
//! away: a hard link fails where there is one.

use super::schema::{locked, told};
use crate::error::{Error, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a first load waits for another one of the same path.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of a page; larger ones load faster and every client reads them (design/LOADING.md).
const PAGE_SIZE: u32 = 8192;

/// KiB of pages in memory. SQLite sorts as much at once for an index or an ORDER BY, and so much stays in a processor's cache: half a
/// million figures took 14.5 s of processor time with this, 17.0 s with 65,536, 14.6 s with 2,048.
const CACHE_KIB: u32 = 4096;

/// Bytes of the file that are read where the operating system holds them and not copied into the cache, which is small and would be
/// filled anew for each index: a hundred thousand figures take 0.08 s less of 2.6. They count as memory of the program.
const MAPPED: u64 = 256 << 20;

/// A database in the making.
pub(super) struct NewFile {
    place: PathBuf,
    beside: PathBuf,
    lock: Option<(Connection, PathBuf)>,
}

impl NewFile {
    /// Takes the lock of a path; `None` where there is a database by then.
    pub(super) fn claim(place: &Path) -> Result<Option<NewFile>> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = folder_of(place);
        if !folder.is_dir() {
            return Err(Error::failed(format!("{}: there is no folder {}; make it first", place.display(), folder.display())));
        }
        let Some(name) = place.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            return Err(Error::failed(format!("{}: is no name of a file; give one with --db", place.display())));
        };
        let lock_path = folder.join(format!("{name}.lock"));
        let lock = take(&lock_path).map_err(|error| told(error, place))?;
        remove_abandoned(folder, &name);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let beside = folder.join(format!(".{name}.{}-{count}.new", std::process::id()));
        let file = NewFile { place: place.to_path_buf(), beside, lock: Some((lock, lock_path)) };
        // Whoever held the lock before may just have made the database.
        Ok((!place.exists()).then_some(file))
    }

    /// Opens the file beside, ready for rows: what fails is thrown away, so nothing needs a journal.
    pub(super) fn open(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let told = |error| told(error, &self.place);
        let connection = Connection::open_with_flags(&self.beside, flags).map_err(told)?;
        connection
            .execute_batch(&format!(
                "PRAGMA page_size = {PAGE_SIZE}; PRAGMA encoding = 'UTF-8'; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF;
                 PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -{CACHE_KIB}; PRAGMA mmap_size = {MAPPED};
                 BEGIN EXCLUSIVE;"
            ))
            .map_err(told)?;
        Ok(connection)
    }

    /// Puts the finished file in its place, safe against a loss of power.
    pub(super) fn publish(self) -> Result<()> {
        let failed = |error: std::io::Error| Error::failed(format!("{}: cannot be put in its place: {error}", self.place.display()));
        File::open(&self.beside).and_then(|file| file.sync_all()).map_err(failed)?;
        match std::fs::hard_link(&self.beside, &self.place) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists || self.place.exists() => {
                let message = format!("{}: another load made it in the meantime; run the same command again", self.place.display());
                return Err(locked(message));
            }
            // A file system without hard links (exFAT): the lock alone stands guard.
            Err(_) => std::fs::rename(&self.beside, &self.place).map_err(failed)?,
        }
        // The folder keeps the name; not every system lets a program open one.
        if let Ok(folder) = File::open(folder_of(&self.place)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // What cannot be removed here is removed by the next load.
        let _ = std::fs::remove_file(&self.beside);
        if let Some((lock, path)) = self.lock.take() {
            drop(lock);
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Waits for the lock. Its file is opened anew at each try, since whoever held it takes the file away.
fn take(path: &Path) -> rusqlite::Result<Connection> {
    let patient_until = Instant::now() + PATIENCE;
    loop {
        let lock = Connection::open(path)?;
        lock.busy_timeout(Duration::ZERO)?;
        match lock.execute_batch("BEGIN EXCLUSIVE") {
            Ok(()) => return Ok(lock),
            // A file that is taken away between the two steps is an I/O error.
            Err(error)
                if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::SystemIoFailure))
                    && Instant::now() < patient_until =>
            {
                drop(lock);
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(error),
        }
    }
}

fn folder_of(place: &Path) -> &Path {
    place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes what killed loads of the same path have left: files that nobody holds.
fn remove_abandoned(folder: &Path, name: &str) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let ours = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|found| found.starts_with(&format!(".{name}.")) && found.ends_with(".new"));
        if ours && !is_held(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Does some load write this file just now?
fn is_held(path: &Path) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let asked = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(Duration::ZERO)?;
        connection.execute_batch("BEGIN EXCLUSIVE; ROLLBACK;")
    });
    asked.is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
}
