//! What commands print in; standard output for data and standard error for all else, out.

use crate::error::{Error, Exit, Result};
use crate::message::{Language, message};
use crate::serve::{self, Paint};
use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write};

/// Runs what prints to standard output, and writes out what is held back.
pub(super) fn finish(print: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Option<Exit>> {
    let mut out = Stdout::new();
    print(&mut out)?;
    out.flush().map_err(|error| serve::unwritten(&error))?;
    Ok(None)
}

/// `1 figure`, `412 figures`
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Prints what ends the program.
pub fn print_error(error: &Error, language: Language) {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    tell(&format!("{red}{}{red:#} {}", message!("error").said(language), error.said(language)));
}

/// Prints a line on standard error. Where that is closed there is nobody to tell.
pub(super) fn tell(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Standard output, buffered. Whoever reads it may stop when they have seen enough, as `head` does: that ends the program
/// without a word.
pub(super) struct Stdout(BufWriter<StdoutLock<'static>>);

impl Stdout {
    pub(super) fn new() -> Stdout {
        Stdout(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

pub(super) fn or_end<T>(result: io::Result<T>) -> io::Result<T> {
    if let Err(error) = &result
        && error.kind() == ErrorKind::BrokenPipe
    {
        std::process::exit(0);
    }
    result
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        or_end(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        or_end(self.0.flush())
    }
}

impl Drop for Stdout {
    fn drop(&mut self) {
        // An error elsewhere ended the printing; what was printed before it is still worth having.
        let _ = self.flush();
    }
}

/// How what is printed to standard output is painted.
pub(super) fn paint() -> Paint {
    Paint::new(anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never)
}
