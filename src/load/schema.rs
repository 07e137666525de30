//! The schema: its steps, and which databases this program opens.
//!
//! In:  a connection, or the path of a database.
//! Out: one at the newest version; or an error that says why not and the way out.
//!
//! `user_version` counts the steps a database has been through, `application_id` says that it is ours. Steps are only ever
//! added: a database made by an older program goes through those it lacks, in one transaction, before a load changes it.

use super::verify;
use crate::error::{Error, Exit, Result, What};
use crate::message::message;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Marks a database of this program: the letters FIGS.
pub const APPLICATION_ID: i64 = 0x4649_4753;

/// How long to wait for another program that holds the database.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A step of the schema.
struct Step {
    sql: &'static str,
    when: When,
}

/// When a new database goes through a step.
#[derive(Clone, Copy, PartialEq)]
enum When {
    BeforeRows,
    /// After them, which is faster by half: indexes, triggers.
    AfterRows,
    /// After them, its triggers alone: what stands before those mends rows that are older than the step.
    Mends,
}

/// All steps, oldest first; append only.
const STEPS: &[Step] = &[
    Step { sql: include_str!("../../migrations/0001_first.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0002_indexes.sql"), when: When::AfterRows },
    Step { sql: include_str!("../../migrations/0003_dictionary.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0004_correction_origin.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0005_correction_triggers.sql"), when: When::AfterRows },
    Step { sql: include_str!("../../migrations/0006_views.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0007_view_indexes.sql"), when: When::AfterRows },
    Step { sql: include_str!("../../migrations/0008_titles_hant.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0009_views.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0010_value_base.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0011_value_base_triggers.sql"), when: When::Mends },
    Step { sql: include_str!("../../migrations/0012_findings_hant.sql"), when: When::BeforeRows },
    Step { sql: include_str!("../../migrations/0013_definitions.sql"), when: When::BeforeRows },
];

/// The version of the newest schema.
pub const VERSION: i64 = STEPS.len() as i64;

/// Opens a database to read from. Creates nothing, changes nothing.
///
/// Fails where there is no such file, where it is not ours, and where it is of another version than this program's.
pub fn open_for_reading(db: &Path) -> Result<Connection> {
    open_for_reading_within(db, PATIENCE)
}

/// The same, waiting no longer than that for another program that holds it.
pub fn open_for_reading_within(db: &Path, patience: Duration) -> Result<Connection> {
    let shown = db.display();
    if !db.exists() {
        return Err(Error::failed(message!("error-database-missing", db = shown)));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(db, flags).map_err(|error| told(error, db))?;
    connection.busy_timeout(patience).map_err(|error| told(error, db))?;
    match version(&connection, db)? {
        Some(VERSION) => Ok(connection),
        Some(older) => Err(Error::failed(message!("error-database-older", db = shown, version = older, known = VERSION))),
        None => Err(Error::failed(message!("error-database-empty", db = shown))),
    }
}

/// Opens an existing database to write to. Nothing is changed before the caller's transaction.
pub(super) fn open_for_writing(db: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(db, flags).map_err(|error| told(error, db))?;
    connection.busy_timeout(PATIENCE).map_err(|error| told(error, db))?;
    version(&connection, db)?;
    Ok(connection)
}

/// The version of a database; `None` of an empty one, which is anybody's.
fn version(connection: &Connection, db: &Path) -> Result<Option<i64>> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|error| told(error, db));
    let (application, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    if application == 0 && version == 0 && number("SELECT count(*) FROM sqlite_master")? == 0 {
        return Ok(None);
    }
    if application != APPLICATION_ID {
        return Err(Error::failed(message!("error-database-foreign", db = db.display())));
    }
    if version > VERSION {
        return Err(Error::failed(message!("error-database-newer", db = db.display(), version = version, known = VERSION)));
    }
    Ok(Some(version))
}

/// Takes a database through the steps it lacks, in one transaction; says whether there were any.
///
/// A copy of the database as it was is kept beside it until that has succeeded. An empty file, which is anybody's, needs none.
pub(super) fn bring_up_to_date(connection: &mut Connection, db: &Path) -> Result<bool> {
    let told = |error| told(error, db);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
    let version: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(told)?;
    let lacking = STEPS.get(version as usize..).unwrap_or_default();
    if lacking.is_empty() {
        return Ok(false);
    }
    if version == 0 {
        lacking.iter().try_for_each(|step| tx.execute_batch(step.sql)).and_then(|()| mark(&tx)).map_err(told)?;
        tx.commit().map_err(told)?;
        return Ok(true);
    }
    // Nobody else writes now, and nothing is written yet: the file is whole.
    let copy = copy_of(db, version);
    std::fs::copy(db, &copy).map_err(|error| {
        Error::failed(format!("{}: no copy could be made before the upgrade: {error}; nothing was changed", copy.display()))
    })?;
    let failed = |error: Error| error.at(format!("upgrade from version {version}, as it was it stands in {}", copy.display()));
    let done = lacking.iter().try_for_each(|step| tx.execute_batch(step.sql)).and_then(|()| mark(&tx)).map_err(told);
    done.and_then(|()| verify::verify(&tx).map_err(|error| error.at(db.display()))).map_err(failed)?;
    tx.commit().map_err(|error| failed(told(error)))?;
    // What cannot be removed does no harm.
    let _ = std::fs::remove_file(&copy);
    Ok(true)
}

/// Where the copy of an older database stands while it is upgraded: `figures.db.version-3`.
fn copy_of(db: &Path, version: i64) -> PathBuf {
    let mut name = db.as_os_str().to_os_string();
    name.push(format!(".version-{version}"));
    PathBuf::from(name)
}

/// The first half of the schema of a new database: all that its rows need.
pub(super) fn before_rows(tx: &Connection) -> rusqlite::Result<()> {
    run(tx, &[When::BeforeRows], |sql| sql)
}

/// The second part, when the rows are in: indexes.
pub(super) fn indexes(tx: &Connection) -> rusqlite::Result<()> {
    run(tx, &[When::AfterRows], |sql| parts(sql).0)
}

/// Mends rows that come from another database.
pub(super) fn mend(tx: &Connection) -> rusqlite::Result<()> {
    run(tx, &[When::Mends], |sql| parts(sql).0)
}

/// The last part, when facts are decided over: triggers, which would look at every row that this changes.
pub(super) fn triggers(tx: &Connection) -> rusqlite::Result<()> {
    run(tx, &[When::AfterRows, When::Mends], |sql| parts(sql).1)?;
    mark(tx)
}

fn run(tx: &Connection, when: &[When], part: impl Fn(&'static str) -> &'static str) -> rusqlite::Result<()> {
    STEPS.iter().filter(|step| when.contains(&step.when)).try_for_each(|step| tx.execute_batch(part(step.sql)))
}

/// What stands before the first trigger of a step, and the rest.
fn parts(sql: &'static str) -> (&'static str, &'static str) {
    sql.split_at(sql.find("CREATE TRIGGER").unwrap_or(sql.len()))
}

fn mark(tx: &Connection) -> rusqlite::Result<()> {
    tx.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"))
}

/// What SQLite says, as a person at the command line needs it.
pub(super) fn told(error: rusqlite::Error, db: &Path) -> Error {
    let shown = db.display();
    Error::failed(match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return locked(message!("error-database-locked", db = shown)),
        Some(ErrorCode::NotADatabase) => message!("error-database-no-sqlite", db = shown),
        Some(ErrorCode::ReadOnly) => message!("error-database-read-only", db = shown),
        Some(ErrorCode::DiskFull) => message!("error-database-full", db = shown),
        Some(ErrorCode::CannotOpen) => message!("error-database-cannot-open", db = shown, found = error),
        Some(ErrorCode::DatabaseCorrupt) => message!("error-database-damaged", db = shown, found = error),
        Some(ErrorCode::SystemIoFailure) => message!("error-database-io", db = shown, found = error),
        _ => return Error::failed(format!("{shown}: SQLite: {error}")),
    })
}

/// An error that passes when another program is done.
pub(super) fn locked(what: impl Into<What>) -> Error {
    let mut error = Error::failed(what);
    error.exit = Exit::Locked;
    error
}
