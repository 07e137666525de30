#!/bin/sh
# Kills 300 loads of 200,000 figures at random moments, fills the disk under as many, and looks at what is left.
set -eu
cd "$(dirname "$0")/.."
CRASH_ROUNDS="${CRASH_ROUNDS:-300}" CRASH_FIGURES="${CRASH_FIGURES:-200000}" cargo test --release --test it crash:: -- --nocapture --test-threads 1
