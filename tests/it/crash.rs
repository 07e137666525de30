//! Loads that are killed, run out of disk, meet each other or meet readers: the database is the old one or the new one.
//!
//! CRASH_ROUNDS says how many loads are killed (20 in CI, 3 otherwise), CRASH_FIGURES how many figures each has;
//! `benches/crash.sh` runs 300 with 200,000.

#![cfg(unix)]

use crate::scene::Scene;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

fn rounds() -> usize {
    number("CRASH_ROUNDS", if std::env::var_os("CI").is_some() { 20 } else { 3 })
}

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

/// Four sheets of figures; the second state has one changed, one unchanged, one less and one more.
fn sheets(folder: &Path, figures: usize, is_second: bool) -> PathBuf {
    let folder = folder.join(if is_second { "second" } else { "first" });
    fs::create_dir_all(&folder).unwrap();
    let each = figures / 4;
    let names = if is_second { ["a", "b", "c", "e"] } else { ["a", "b", "c", "d"] };
    for (nth, name) in names.into_iter().enumerate() {
        let mut sheet = String::from("metric,value,period,province,theme,line\n");
        for at in 0..each {
            let value = if is_second && name == "b" && at % 3 == 0 { at + 1 } else { at };
            let place = ["青海", "", "CN-GD"][at % 3];
            sheet += &format!("指標{},{value}個,{},{place},主題{},{}\n", at % 97, 2012 + nth, at % 7, at + 1);
        }
        fs::write(folder.join(format!("{name}.csv")), sheet).unwrap();
    }
    folder
}

fn load(db: &Path, folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("reportsql"));
    command.args(["load", "-q", "--company", "china-unicom", "--kind", "csr", "--db"]).arg(db).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn finished(mut child: Child) -> (ExitStatus, Duration) {
    let started = Instant::now();
    (child.wait().unwrap(), started.elapsed())
}

/// All that a database says, as one number; none where there is no database. Whatever it says must be sound.
fn state(db: &Path) -> Option<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    if !db.exists() {
        return None;
    }
    let connection = rusqlite::Connection::open(db).unwrap();
    for sql in [
        "PRAGMA foreign_key_check",
        "SELECT * FROM provenance_check",
        "SELECT * FROM integrity_check",
        "SELECT 1 FROM meta WHERE key = 'loading' AND value <> '0'",
    ] {
        assert!(!connection.prepare(sql).unwrap().exists([]).unwrap(), "{sql}");
    }
    let sound: String = connection.query_row("PRAGMA quick_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let mut hasher = DefaultHasher::new();
    let mut select = connection
        .prepare(
            "SELECT f.figure_key, f.value_text, f.agreement, f.is_preferred, m.code, s.text FROM figures f JOIN metrics m ON m.id = f.metric_id
               LEFT JOIN sentences s ON s.id = f.sentence_id ORDER BY f.figure_key, f.document_id",
        )
        .unwrap();
    let mut rows = select.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        for at in 0..6 {
            format!("{:?}", row.get_ref(at).unwrap()).hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_file(to);
    fs::copy(from, to).unwrap();
}

/// A database of the first sheets, and what it says before and after the second ones are loaded; how long each load takes.
struct Loads {
    scene: Scene,
    sheets: [PathBuf; 2],
    states: [Option<u64>; 2],
    times: [Duration; 2],
}

impl Loads {
    fn new(figures: usize) -> Loads {
        let scene = Scene::new();
        let sheets = [false, true].map(|is_second| sheets(scene.folder(), figures, is_second));
        let (first, second) = (scene.path("first.db"), scene.path("second.db"));
        let timed = |db: &Path, sheets: &Path| {
            let (status, time) = finished(load(db, sheets).spawn().unwrap());
            assert!(status.success());
            time
        };
        let time = timed(&first, &sheets[0]);
        copy(&first, &second);
        let times = [time, timed(&second, &sheets[1])];
        let states = [state(&first), state(&second)];
        assert_ne!(states[0], states[1]);
        Loads { scene, sheets, states, times }
    }

    /// Puts the database in the state before a load: none, or the first.
    fn ready(&self, is_second: bool) -> PathBuf {
        let db = self.scene.path("x.db");
        let _ = fs::remove_file(&db);
        if is_second {
            copy(&self.scene.path("first.db"), &db);
        }
        db
    }

    /// After a load that failed somewhere the state is the old or the new one, and the next load makes it the new one. Was it new?
    fn goes_on(&self, db: &Path, is_second: bool, what: &str) -> bool {
        let before = if is_second { self.states[0] } else { None };
        let after = self.states[usize::from(is_second)];
        // What a killed load left of its journal is rolled back by whoever opens the database.
        let found = state(db);
        assert!(found == before || found == after, "{what}: neither the old state nor the new");
        let output = load(db, &self.sheets[usize::from(is_second)]).output().unwrap();
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(state(db), after, "{what}");
        let left: Vec<String> = self.scene.files().into_iter().filter(|name| name.contains("x.db") && name != "x.db").collect();
        assert_eq!(left, Vec::<String>::new(), "{what}");
        found == after
    }
}

/// Says now and then how far it is; shown with `--nocapture`.
fn tell(round: usize, what: &str) {
    let done = round + 1;
    if done.is_multiple_of(20) || done == rounds() {
        println!("{done} rounds: {what}");
    }
}

#[test]
fn a_load_killed_at_any_moment_leaves_the_old_state_or_the_new() {
    let loads = Loads::new(number("CRASH_FIGURES", 400));
    let mut ends = [0, 0];
    let mut chance = Chance(7);
    for round in 0..rounds() {
        let is_second = round % 2 == 1;
        let db = loads.ready(is_second);
        let mut child = load(&db, &loads.sheets[usize::from(is_second)]).spawn().unwrap();
        let moment = Duration::from_micros(chance.below(loads.times[usize::from(is_second)].as_micros() as u64));
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        let is_new = loads.goes_on(&db, is_second, &format!("round {round}, killed after {moment:?}"));
        ends[usize::from(is_new)] += 1;
        tell(round, &format!("{} left the old state, {} the new", ends[0], ends[1]));
    }
}

#[test]
fn a_disk_that_fills_up_anywhere_leaves_the_old_state() {
    let loads = Loads::new(number("CRASH_FIGURES", 400));
    let mut chance = Chance(11);
    let mut failed = 0;
    for round in 0..rounds() {
        let is_second = round % 2 == 1;
        let db = loads.ready(is_second);
        let size = fs::metadata(loads.scene.path(if is_second { "second.db" } else { "first.db" })).unwrap().len();
        // Blocks of 512 bytes that a file may have; the signal is ignored, so that the write fails as on a full disk.
        let blocks = chance.below(size / 512);
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let inner = load(&db, &loads.sheets[usize::from(is_second)]);
        let mut command = Command::new("sh");
        command.args(["-c", &line, "sh"]).arg(inner.get_program()).args(inner.get_args()).stdout(Stdio::null());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() || said.contains("disk"), "{said}");
        if !output.status.success() {
            failed += 1;
            assert_eq!(state(&db), if is_second { loads.states[0] } else { None }, "round {round}: a load that failed left something");
        }
        loads.goes_on(&db, is_second, &format!("round {round}, {blocks} blocks"));
        tell(round, &format!("{failed} loads found the disk full"));
    }
    assert!(failed > 0, "no disk was full");
}

#[test]
fn two_loads_at_once_lose_nothing() {
    let loads = Loads::new(number("CRASH_FIGURES", 400));
    for is_second in [false, true] {
        let db = loads.ready(is_second);
        let children = [0, 1].map(|at| load(&db, &loads.sheets[at]).spawn().unwrap());
        for child in children {
            let (status, _) = finished(child);
            assert!(status.success() || status.code() == Some(75), "{status}");
        }
        for at in 0..2 {
            assert!(load(&db, &loads.sheets[at]).status().unwrap().success());
        }
        assert_eq!(state(&db), loads.states[1]);
    }
}

#[test]
fn a_load_waits_for_readers_and_readers_see_one_state() {
    let loads = Loads::new(number("CRASH_FIGURES", 400));
    let db = loads.ready(true);
    let reader = rusqlite::Connection::open(&db).unwrap();
    let count = || reader.query_row("SELECT count(*), total(value) FROM figures", [], |row| Ok((row.get(0)?, row.get(1)?)));
    reader.execute_batch("BEGIN").unwrap();
    let before: (i64, f64) = count().unwrap();
    let child = load(&db, &loads.sheets[1]).spawn().unwrap();
    std::thread::sleep(loads.times[1] + Duration::from_millis(300));
    assert_eq!(count().unwrap(), before, "a reader sees what it began with");
    reader.execute_batch("COMMIT").unwrap();
    assert!(finished(child).0.success());
    assert_ne!(count().unwrap(), before);
    drop(reader);
    assert_eq!(state(&db), loads.states[1]);
}
