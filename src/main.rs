//! The program: parse, run, print the error.
fn main() {}
