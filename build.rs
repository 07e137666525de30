//! Lists the tables of `data/` so that the program carries them: a new table or industry folder needs no line of code.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut tables = Vec::new();
    collect(&root.join("data"), &mut tables);
    tables.sort();
    let mut code = String::from("&[\n");
    for path in &tables {
        let name = path.strip_prefix(root.join("data")).expect("found below data").to_string_lossy().replace('\\', "/");
        code += &format!("    ({name:?}, include_str!({:?})),\n", path.to_string_lossy());
    }
    code += "]\n";
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("tables.rs"), code).expect("OUT_DIR can be written");
}

/// What the program says.
const WORDS: [&str; 2] = ["data/messages.csv", "data/values.csv"];

/// All CSV files below a folder but the transcribed reports, which are inputs, and what the program says: neither is knowledge.
fn collect(folder: &Path, tables: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("data/ can be read") {
        let path = entry.expect("data/ can be read").path();
        if path.is_dir() {
            if !path.ends_with("reports") {
                collect(&path, tables);
            }
        } else if path.extension().is_some_and(|extension| extension == "csv") && !WORDS.iter().any(|words| path.ends_with(words)) {
            println!("cargo::rerun-if-changed={}", path.display());
            tables.push(path);
        }
    }
}
