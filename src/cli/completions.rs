//! `reportsql completions`: the name of a shell in; what makes it complete the command line, out.

use super::Arguments;
use super::streams::finish;
use crate::error::{Exit, Result};
use crate::serve;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// What `completions` takes.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell that completes
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<Option<Exit>> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "reportsql", &mut script);
        finish(|out| out.write_all(&script).map_err(|error| serve::unwritten(&error)))
    }
}
