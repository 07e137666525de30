"""Exports of one view by reportsql and by others, in turns: `run.py DATABASE [--figures N] [--rounds N] [--only FORMAT] [--without PEER]`.

Seconds of the processor (all threads) and by the clock, memory at its highest; medians of the rounds, and how many times reportsql's."""

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.environ.get("REPORTSQL", os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "..", "..", "target")), "release", "reportsql"))
PEERS = {
    "csv": ["sqlite3 -csv", "duckdb-csv", "pandas-csv"],
    "parquet": ["duckdb-parquet", "pandas-parquet"],
    "xlsx": ["xlsxwriter", "openpyxl", "pandas-openpyxl"],
}


def command(way, database, out, figures):
    if way == "reportsql":
        return [OURS, "export", out, "--db", database, "--view", "flat_facts", "--where", f"figure_id <= {figures}", "--force", "-q"]
    if way == "sqlite3 -csv":
        return ["sh", "-c", f"sqlite3 -readonly -header -csv '{database}' 'SELECT * FROM flat_facts WHERE figure_id <= {figures}' > '{out}'"]
    return [sys.executable, os.path.join(HERE, "peers.py"), way, database, out, str(figures)]


def measured(arguments):
    """Seconds of the processor, seconds by the clock, MB."""
    started = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {arguments}")
    return used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("--figures", type=int, default=10**9)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=PEERS)
    parser.add_argument("--without", action="append", default=[], metavar="PEER")
    arguments = parser.parse_args()
    count = sqlite3.connect(arguments.database).execute(
        f"SELECT count(*) FROM flat_facts WHERE figure_id <= {arguments.figures}"
    ).fetchone()[0]
    print(f"{count} rows, load average {os.getloadavg()[0]:.1f}", flush=True)
    folder = tempfile.mkdtemp()
    for kind in [arguments.only] if arguments.only else PEERS:
        ways = ["reportsql", *(peer for peer in PEERS[kind] if peer not in arguments.without)]
        seen = {way: [] for way in ways}
        for _ in range(arguments.rounds):
            for way in ways:
                out = os.path.join(folder, f"{way.replace(' ', '')}.{kind}")
                seen[way].append((*measured(command(way, arguments.database, out, arguments.figures)), os.path.getsize(out) / 1e6))
                os.remove(out)
        ours = statistics.median(one[0] for one in seen["reportsql"])
        for way in ways:
            processor, clock, memory, size = (statistics.median(column) for column in zip(*seen[way]))
            print(
                f"{kind:8} {way:16} {processor:8.2f} s {processor / ours:6.2f} times {clock:8.2f} s clock {memory:7.0f} MB"
                f" {count / processor:9.0f} rows/s {size:7.1f} MB file",
                flush=True,
            )
    shutil.rmtree(folder)


main()
