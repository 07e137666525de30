//! How long a statement may run and how many rows it may give.
//!
//! In:  limits; a connection, whose progress handler is asked now and then whether to go on.
//! Out: the end of a statement that takes too long, or that somebody stops, with the reason.

use crate::error::{Error, Result};
use crate::message::message;
use crate::serve::printer::Format;
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// Steps of SQLite's machine between two looks at the clock: about a millisecond.
const STEPS: i32 = 20_000;

/// Rows of a table that are held at most, where nobody says otherwise.
const HELD_ROWS: u64 = 100_000;

/// What a statement may cost; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Time in SQLite. Printing does not count: a pager may stop it for as long as its reader likes.
    pub time: Option<Duration>,
    /// Rows.
    pub rows: Option<u64>,
}

impl Limits {
    /// The limits that were asked for, `rows` of them perhaps not: then a format that holds its rows has a limit of its own.
    pub fn asked(time: Option<Duration>, rows: Option<u64>, format: Format) -> Limits {
        Limits { time, rows: rows.or(format.holds_rows().then_some(HELD_ROWS)) }
    }
}

/// Watches over the statement that runs.
#[derive(Debug)]
pub(super) struct Watch {
    /// Nanoseconds of `now` when it must end.
    deadline: AtomicU64,
    /// The limit that was set, to be told; in nanoseconds.
    limit: AtomicU64,
    is_stopped: AtomicBool,
    is_running: AtomicBool,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            deadline: AtomicU64::new(u64::MAX),
            limit: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
            is_running: AtomicBool::new(false),
        }
    }
}

/// Nanoseconds since the program first asked.
fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    nanoseconds(START.elapsed())
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Lets a watch end the statements of a connection.
pub(super) fn guard(db: &mut Connection, watch: Arc<Watch>) -> Result<()> {
    let ends = move || watch.is_stopped.load(Ordering::Relaxed) || now() >= watch.deadline.load(Ordering::Relaxed);
    Ok(db.progress_handler(STEPS, Some(ends))?)
}

/// A statement under watch.
pub(super) struct Running<'w> {
    watch: &'w Watch,
    started: u64,
    paused: std::cell::Cell<u64>,
}

impl Watch {
    pub(super) fn start(&self, limit: Option<Duration>) -> Running<'_> {
        let started = now();
        self.is_stopped.store(false, Ordering::Relaxed);
        self.limit.store(limit.map_or(0, nanoseconds), Ordering::Relaxed);
        self.deadline.store(limit.map_or(u64::MAX, |limit| started.saturating_add(nanoseconds(limit))), Ordering::Relaxed);
        self.is_running.store(true, Ordering::Relaxed);
        Running { watch: self, started, paused: 0.into() }
    }

    /// Ends the statement that runs; whether there was one.
    pub(super) fn stop(&self) -> bool {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.is_running.load(Ordering::Relaxed)
    }

    /// Why the statement was ended.
    pub(super) fn ended(&self) -> Error {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Error::failed("interrupted");
        }
        let limit = Duration::from_nanos(self.limit.load(Ordering::Relaxed)).as_secs_f64();
        Error::failed(message!("error-time-limit", limit = limit))
    }
}

impl Running<'_> {
    /// Does something that is not the statement's: its time does not count.
    pub(super) fn pause<T>(&self, work: impl FnOnce() -> T) -> T {
        let from = now();
        let done = work();
        let took = now() - from;
        self.paused.set(self.paused.get() + took);
        // Added to no deadline at all it stays the greatest number.
        let later = self.watch.deadline.load(Ordering::Relaxed).saturating_add(took);
        self.watch.deadline.store(later, Ordering::Relaxed);
        done
    }

    /// Takes the watch away; the time that was spent.
    pub(super) fn end(self) -> Duration {
        Duration::from_nanos(now() - self.started - self.paused.get())
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.watch.is_running.store(false, Ordering::Relaxed);
        self.watch.deadline.store(u64::MAX, Ordering::Relaxed);
    }
}
