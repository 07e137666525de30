//! Refuses what is no reading.
//!
//! In:  what SQLite asks its authorizer while it prepares a statement.
//! Out: yes or no; of a no the reason, in the words of the refusal.

use crate::error::{Error, Result};
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use std::sync::{Arc, Mutex, PoisonError};

/// Lets a connection read and nothing else; the reason of a refusal is left in `reason`.
pub(super) fn guard(db: &mut Connection, reason: Arc<Mutex<Option<String>>>) -> Result<()> {
    let authorizer = move |context: AuthContext<'_>| match writing(&context.action) {
        None => Authorization::Allow,
        Some(why) => {
            reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
            Authorization::Deny
        }
    };
    Ok(db.authorizer(Some(authorizer))?)
}

/// The refusal of a statement that would do that.
pub(super) fn refused(why: &str) -> Error {
    Error::failed(format!("query only reads, and this statement would {why}; change a database in an SQLite client, or load into it"))
}

/// PRAGMAs that tell and change nothing; those marked take the name of what they tell about.
const PRAGMAS: &[(&str, bool)] = &[
    ("application_id", false),
    ("collation_list", false),
    ("compile_options", false),
    ("data_version", false),
    ("database_list", false),
    ("encoding", false),
    ("foreign_key_check", true),
    ("foreign_key_list", true),
    ("freelist_count", false),
    ("function_list", false),
    ("index_info", true),
    ("index_list", true),
    ("index_xinfo", true),
    ("integrity_check", true),
    ("journal_mode", false),
    ("module_list", false),
    ("page_count", false),
    ("page_size", false),
    ("pragma_list", false),
    ("quick_check", true),
    ("schema_version", false),
    ("table_info", true),
    ("table_list", true),
    ("table_xinfo", true),
    ("user_version", false),
];

/// What an action would do beside reading: `delete from 「figures」`.
fn writing(action: &AuthAction<'_>) -> Option<String> {
    let catalogue = |table: &str| table.starts_with("sqlite_");
    Some(match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => return None,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => return None,
        AuthAction::Function { .. } => "load an extension".to_string(),
        AuthAction::Pragma { pragma_name, pragma_value } => {
            let known = PRAGMAS.iter().find(|(name, _)| name.eq_ignore_ascii_case(pragma_name));
            if known.is_some_and(|(_, takes_name)| *takes_name || pragma_value.is_none()) {
                return None;
            }
            format!("set PRAGMA {pragma_name}")
        }
        AuthAction::Insert { table_name } | AuthAction::Delete { table_name } | AuthAction::Update { table_name, .. }
            if catalogue(table_name) =>
        {
            "change the schema".to_string()
        }
        AuthAction::Insert { table_name } => format!("insert into 「{table_name}」"),
        AuthAction::Delete { table_name } => format!("delete from 「{table_name}」"),
        AuthAction::Update { table_name, .. } => format!("update 「{table_name}」"),
        AuthAction::Attach { .. } => "open another file".to_string(),
        AuthAction::Detach { .. } => "close a database".to_string(),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => "open or close a transaction".to_string(),
        AuthAction::Analyze { .. } | AuthAction::Reindex { .. } => "write an index".to_string(),
        _ => "change the schema".to_string(),
    })
}
