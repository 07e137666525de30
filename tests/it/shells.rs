//! Completions as shells take them, manual pages as their readers do. Behind the feature `clients`, as `clients`.

use std::process::{Command, Output};
use tempfile::TempDir;

fn reportsql(arguments: &[&str]) -> String {
    let output = Command::new(assert_cmd::cargo::cargo_bin("reportsql")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a program that `.ci/clients` installs.
fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output();
    output.unwrap_or_else(|error| panic!("{program} is not there, .ci/clients installs it: {error}"))
}

/// A shell's script in a folder, and what the shell prints when it has taken it and runs `then`; `SCRIPT` stands for its path.
#[track_caller]
fn taken(shell: &str, arguments: &[&str], then: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("_reportsql");
    std::fs::write(&script, reportsql(&["completions", shell])).unwrap();
    let then = then.replace("SCRIPT", script.to_str().unwrap());
    let output = run(shell, &[arguments, &[&then]].concat());
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && wrong.is_empty(), "{shell}: {said}{wrong}");
    said.into_owned()
}

#[test]
fn bash_completes() {
    let ask = |words: &str, word: &str, before: &str| {
        let at = words.split(' ').count() - 1;
        let then = format!(
            "source SCRIPT; COMP_WORDS=({words}); COMP_CWORD={at}; _reportsql reportsql '{word}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        taken("bash", &["--norc", "-c"], &then)
    };
    assert_eq!(ask("reportsql exp", "exp", "reportsql"), "explain\nexport\n");
    assert_eq!(ask("reportsql query --format js", "js", "--format"), "json\njsonl\n");
    assert_eq!(ask("reportsql correct rej", "rej", "correct"), "reject\n");
}

#[test]
fn zsh_takes_its_script() {
    let said = taken(
        "zsh",
        &["-f", "-c"],
        "autoload -U compinit && compinit -u -D && source SCRIPT && print ${_comps[reportsql]} && whence -w _reportsql",
    );
    assert_eq!(said, "_reportsql\n_reportsql: function\n");
}

#[test]
fn fish_completes() {
    let said =
        taken("fish", &["--no-config", "-c"], "source SCRIPT; complete -C 'reportsql exp'; complete -C 'reportsql query --format js'");
    let words: Vec<&str> = said.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(words, ["explain", "export", "json", "jsonl"]);
}

#[test]
fn elvish_completes() {
    // Its module `edit` is there on a terminal alone; this holds what the script uses of it.
    let then = "
        var completion: = (ns [&arg-completer=[&]])
        var edit: = (ns [&completion:=$completion: &complex-candidate~={|stem &display=''| put $stem}])
        eval &ns=(ns [&edit:=$edit:]) (slurp < SCRIPT)
        each $echo~ [($edit:completion:arg-completer[reportsql] reportsql correct rej)]";
    let said = taken("elvish", &["-norc", "-c"], then);
    assert!(["set", "accept", "reject"].iter().all(|word| said.lines().any(|line| line == *word)), "{said}");
}

#[test]
fn manual_pages_have_no_faults() {
    let folder = TempDir::new().unwrap();
    reportsql(&["man", "-q", folder.path().to_str().unwrap()]);
    let mut pages = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let page = path.to_str().unwrap();
        let lint = run("mandoc", &["-T", "lint", "-W", "warning", page]);
        // A page of one version has no other date than that of the release.
        let faults: Vec<String> =
            String::from_utf8_lossy(&lint.stdout).lines().filter(|line| !line.contains("missing date")).map(String::from).collect();
        assert!(faults.is_empty(), "{faults:?}");
        let man = run("man", &["--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l", page]);
        assert!(man.status.success() && man.stderr.is_empty(), "{page}: {}", String::from_utf8_lossy(&man.stderr));
        pages += 1;
    }
    assert!(pages > 15, "{pages} pages");
}
