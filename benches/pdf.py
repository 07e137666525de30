"""reportsql extract beside pdftotext -layout and pdfplumber on the same PDFs, in turns: `pdf.py [--rounds N] PDF…`.

Prints for each PDF the pages a second, how many times as long as ours each needs, and the peak of memory: medians of the rounds, each
round's ratio taken between runs that followed one another. What pdfplumber is asked for is the text and the tables of each page.
Needs pdftotext, pdfinfo and GNU time; pdfplumber in the Python that runs this."""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "..", "target")), "release", "reportsql")
# Each page is closed when it is done, as its documentation advises: else all of them stay in memory.
PLUMBER = """
import pdfplumber, sys
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_text()
        page.extract_tables()
        page.close()
"""


def page_count(path):
    told = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pages:"))


def run(command):
    """Seconds by the clock, seconds of the processor, peak of memory in MB."""
    with tempfile.NamedTemporaryFile("r") as told:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", told.name, *command], check=True, stdout=subprocess.DEVNULL)
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, int(told.read()) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", action="append", default=[], metavar="PEER", help="leave one out")
    parser.add_argument("pdfs", nargs="+")
    arguments = parser.parse_args()
    for path in arguments.pdfs:
        ways = {
            "reportsql": [OURS, "extract", "-q", path],
            "pdftotext": ["pdftotext", "-layout", path, os.devnull],
            "pdfplumber": [sys.executable, "-c", PLUMBER, path],
        }
        ways = {name: command for name, command in ways.items() if name not in arguments.without}
        runs = {name: [] for name in ways}
        for _ in range(arguments.rounds):
            for name, command in ways.items():
                runs[name].append(run(command))
        pages = page_count(path)
        print(f"\n{os.path.basename(path)}, {pages} pages, {arguments.rounds} rounds, load average {os.getloadavg()[0]:.1f}")
        print(f"{'':12}{'pages/s':>9}{'to ours':>9}{'pages/s of processor':>22}{'to ours':>9}{'MB':>7}")
        for name, taken in runs.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*taken))
            against = list(zip(taken, runs["reportsql"]))
            walls, cpus = (statistics.median(theirs[at] / ours[at] for theirs, ours in against) for at in (0, 1))
            print(f"{name:12}{pages / wall:9.1f}{walls:9.2f}{pages / cpu:22.1f}{cpus:9.2f}{memory:7.0f}", flush=True)


main()
