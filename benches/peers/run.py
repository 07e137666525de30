"""Runs reportsql, the minimal loop and its peers in turns: `run.py [--rounds N] SHEET…`. Prints medians and ratios."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "..", "..", "target"))
OURS = os.path.join(TARGET, "release", "reportsql")
MINIMAL = os.path.join(TARGET, "release", "examples", "minimal")
LIMIT = 600
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]


def script(name):
    path = os.path.join(HERE, name)
    return [sys.executable if name.endswith(".py") else "sh", path]


def run(command):
    """Wall seconds, processor seconds, memory in MB; nothing where it failed or took too long."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, f"over {LIMIT} s"
    wall = time.monotonic() - started
    if process.returncode:
        return None, (output.strip().splitlines() or ["failed"])[-1][:100]
    return wall, output.strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], metavar="PEER", help="leave one out")
    parser.add_argument("sheets", nargs="+")
    arguments = parser.parse_args()
    print("load average", os.getloadavg(), flush=True)
    for sheet in arguments.sheets:
        figures = sum(1 for _ in open(sheet, "rb")) - 1
        folder = tempfile.mkdtemp()
        out = os.path.join(folder, "out.db")
        kept = os.path.join(folder, "kept.db")
        ours = [OURS, "load", "-q", "--company", "c", "--kind", "csr", "--year", "2019", sheet, "--db"]
        subprocess.run([*ours, kept], check=True)
        whole = os.path.join(folder, "whole")
        os.mkdir(whole)
        if "sqlite3, whole" not in arguments.without:
            subprocess.run([*script("whole.py"), kept, whole], check=True)
        ways = {
            "reportsql": [*ours, out],
            "minimal loop": [MINIMAL, kept, out],
            "sqlite3, whole": ["sh", "-c", f'sqlite3 -bail "{out}" < "{whole}/load.sql"'],
            "sqlite3 shell": [*script("sqlite3.sh"), sheet, out],
            "duckdb": [*script("duckdb_.py"), sheet, out],
            "pandas": [*script("pandas_.py"), sheet, out],
            "csvs-to-sqlite": [*script("csvs_to_sqlite.sh"), sheet, out],
            "sqlite-utils": [*script("sqlite_utils_.sh"), sheet, out],
        }
        ways = {name: command for name, command in ways.items() if name not in arguments.without}
        times = {name: [] for name in ways}
        notes = {}
        for _ in range(arguments.rounds):
            for name, command in ways.items():
                if name in notes and not times[name]:
                    continue
                if os.path.exists(out):
                    os.remove(out)
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                wall, note = run(command)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if wall is None:
                    notes[name] = note
                    continue
                if name == "minimal loop":
                    # It says itself how long the writing took.
                    wall, cpu, _ = map(float, note.split())
                    times[name].append((wall, cpu))
                else:
                    times[name].append((wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
        base = statistics.median(wall for wall, _ in times["reportsql"])
        print(f"\n{figures} figures, {arguments.rounds} rounds, load average {os.getloadavg()[0]:.1f}")
        print(f"{'':16}{'seconds':>9}{'processor':>11}{'figures/s':>11}{'to ours':>9}")
        for name, walls in times.items():
            if not walls:
                print(f"{name:16}  {notes[name]}")
                continue
            wall, cpu = (statistics.median(column) for column in zip(*walls))
            print(f"{name:16}{wall:9.2f}{cpu:11.2f}{figures / wall:11.0f}{wall / base:9.2f}", flush=True)
        shutil.rmtree(folder)


main()
