//! The program: parse, run, print the error.

use clap::Parser;
use mimalloc::MiMalloc;
use reportsql::cli;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(exit)) => ExitCode::from(exit as u8),
        Err(error) => {
            cli::print_error(&error);
            ExitCode::from(error.exit as u8)
        }
    }
}
