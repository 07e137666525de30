//! What must hold before a load is committed.
//!
//! In:  a database in the middle of a transaction.
//! Out: nothing, or an error that names the first figure or row that is wrong; the caller then rolls back.

use crate::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};

/// Keys lead somewhere, pages are sound, doubles follow their texts, spans cut out what was reported.
pub(super) fn verify(tx: &Connection) -> Result<()> {
    let dangling = tx
        .query_row("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 1", [], |row| {
            Ok(format!(
                "row {} of {} leads to no row of {}",
                row.get::<_, Option<i64>>(1)?.unwrap_or_default(),
                row.get::<_, String>(0)?,
                row.get::<_, String>(2)?
            ))
        })
        .optional()?;
    if let Some(dangling) = dangling {
        return Err(Error::failed(format!("foreign_key_check: {dangling}; nothing was loaded; was it edited with foreign keys off?")));
    }
    // The constraints of the tables were looked at when their rows came; to do it again would double the time.
    tx.execute_batch("PRAGMA ignore_check_constraints = ON")?;
    let sound: rusqlite::Result<String> = tx.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    tx.execute_batch("PRAGMA ignore_check_constraints = OFF")?;
    let sound = sound?;
    if sound != "ok" {
        return Err(Error::failed(format!("quick_check: {sound}; nothing was loaded; restore a copy of the database")));
    }
    for (view, meaning) in [
        ("integrity_check", "its doubles and its year do not follow its exact values and its period"),
        ("provenance_check", "its span of the sentence is not what was reported"),
    ] {
        let sql = format!(
            "SELECT f.figure_key, f.reported, d.uri, f.page_no, f.line_no FROM {view} c JOIN figures f ON f.id = c.figure_id JOIN documents d ON d.id = f.document_id LIMIT 1"
        );
        let wrong = tx
            .query_row(&sql, [], |row| {
                let number = |at, word| {
                    Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(|number| format!(", {word} {number}")).unwrap_or_default())
                };
                Ok(format!(
                    "{}{}{}: figure {} 「{}」",
                    row.get::<_, String>(2)?,
                    number(3, "page")?,
                    number(4, "line")?,
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?
                ))
            })
            .optional()?;
        if let Some(wrong) = wrong {
            return Err(Error::failed(format!("{wrong}: {meaning} ({view}); nothing was loaded; please report this slip of the program")));
        }
    }
    Ok(())
}
