"""Analyst's queries over a database of reportsql, beside DuckDB over a file of its own: `run.py DATABASE [--analyze]`.

Each runs five times in one process; the best of the last four counts, in ms, printing left out. Views are the same SQL in both."""

import argparse
import csv
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

import duckdb

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "..", "..", "target")), "release", "reportsql")
ROUNDS = 5
SELECTIVE = {
    "a metric of a company by year": "SELECT year, value, unit FROM metric_by_year WHERE metric_code = 'users_4g' AND organization = '中國聯通' ORDER BY year",
    "a metric of all companies by year": "SELECT year, unit_base, count(*), sum(value_base) FROM flat_facts WHERE metric_code = 'users_4g' AND kind = 'level' GROUP BY year, unit_base",
    "a metric by province": "SELECT province_code, unit_base, sum(value_base) FROM metric_by_province WHERE metric_code = 'users_4g' AND year = 2019 GROUP BY province_code, unit_base",
    "a province in a year": "SELECT metric_category, count(*) FROM flat_facts WHERE province_code = 'CN-QH' AND year = 2019 GROUP BY metric_category",
    "a report": "SELECT * FROM flat_facts WHERE report = 'china-unicom/csr/2019'",
    "a company in a year": "SELECT metric_hans, value, unit FROM flat_facts WHERE organization = '中國聯通' AND year = 2019 ORDER BY metric_code",
    "changes of a metric with their levels": "SELECT organization, value, base_exact, level_exact, implied_base FROM changes WHERE metric_code = 'users_4g' AND year = 2019",
    "a metric's targets, achieved": "SELECT organization, period, value, actual_value, is_met FROM targets WHERE metric_code = 'users_4g'",
    "growth from the levels": "SELECT b.organization, b.value_base / a.value_base FROM metric_by_year b JOIN metric_by_year a ON a.organization = b.organization AND a.metric_code = b.metric_code AND a.unit_base = b.unit_base AND a.year = b.year - 1 WHERE b.metric_code = 'users_4g' AND b.year = 2019",
    "what to review first": "SELECT figure_id, reported, sentence FROM review_queue LIMIT 50",
}
# Over the whole view, the same over bare `figures`, and how many times that is allowed.
TOTALS = {
    "sum by year": (
        "SELECT year, sum(value) FROM flat_facts GROUP BY year",
        "SELECT year_id, sum(value) FROM figures WHERE is_preferred = 1 AND tier = 'core' AND review_status <> 'rejected' GROUP BY year_id",
        1.5,
    ),
    "sum of value_base by year": (
        "SELECT year, sum(value_base) FROM flat_facts GROUP BY year",
        "SELECT f.year_id, sum(f.value * u.factor) FROM figures f JOIN units u ON u.id = f.unit_id WHERE f.is_preferred = 1 AND f.tier = 'core' AND f.review_status <> 'rejected' GROUP BY f.year_id",
        1.7,
    ),
    "sum of value_base by unit_base": (
        "SELECT unit_base, sum(value_base) FROM flat_facts GROUP BY unit_base",
        "SELECT u.base_code, sum(f.value * u.factor) FROM figures f JOIN units u ON u.id = f.unit_id WHERE f.is_preferred = 1 AND f.tier = 'core' AND f.review_status <> 'rejected' GROUP BY u.base_code",
        1.7,
    ),
    "count": (
        "SELECT count(*) FROM flat_facts",
        "SELECT count(*) FROM figures WHERE is_preferred = 1 AND tier = 'core' AND review_status <> 'rejected'",
        2.2,
    ),
}


def ours(path, sql):
    """Milliseconds in SQLite."""
    command = [OURS, "query", "--db", path, "--timing", "--timeout", "0", "-f", "jsonl", ";\n".join([sql] * ROUNDS)]
    told = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    times = [line.split(" in ")[1].split() for line in told.splitlines()]
    return min([float(number) * (1 if unit == "ms" else 1000) for number, unit in times][1:])


def theirs(db, sql):
    """Milliseconds in DuckDB, rows fetched."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        db.execute(sql).fetchall()
        taken.append(time.perf_counter() - started)
    return 1000 * min(taken[1:])


def converted(path, out):
    """The tables and views in a file of DuckDB, with primary keys and the indexes that DuckDB can make."""
    source = sqlite3.connect(path)
    db = duckdb.connect(out)
    kinds = {"INTEGER": "BIGINT", "BIGINT": "BIGINT", "DOUBLE": "DOUBLE", "DATE": "DATE"}
    for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = source.execute(f"SELECT name, type FROM pragma_table_info('{name}')").fetchall()
        types = {column: kinds.get(kind, "VARCHAR") for column, kind in columns}
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([column for column, _ in columns])
            writer.writerows(source.execute(f"SELECT * FROM {name}"))
            file.flush()
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{file.name}', header = true, columns = {types}, quote = '\"', escape = '\"')")
    # A view that another one reads may have been made anew after it.
    views = source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid").fetchall()
    while views:
        waiting = []
        for name, sql in views:
            try:
                db.execute(re.sub(r"--[^\n]*", "", sql))
            except duckdb.CatalogException:
                if len(waiting) + 1 == len(views):
                    raise
                waiting.append((name, sql))
        views = waiting
    for name, sql in source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE '%WHERE%'").fetchall():
        db.execute(sql)
    return db


def plan(path, sql):
    """What is gone through from end to end."""
    rows = sqlite3.connect(path).execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    return "; ".join(sorted({row[3] for row in rows if row[3].startswith("SCAN ")})) or "no scan"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("--analyze", action="store_true", help="the same after ANALYZE, on a copy")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp()
    db = converted(arguments.database, os.path.join(folder, "peer.duckdb"))
    analyzed = os.path.join(folder, "analyzed.db")
    if arguments.analyze:
        shutil.copy(arguments.database, analyzed)
        sqlite3.connect(analyzed).execute("ANALYZE")
    figures = sqlite3.connect(arguments.database).execute("SELECT count(*) FROM figures").fetchone()[0]
    print(f"{figures} figures, DuckDB {duckdb.__version__}, load average {os.getloadavg()[0]:.1f}")
    print(f"{'':40}{'reportsql':>10}{'analyzed':>10}{'DuckDB':>10}  scans")
    for name, sql in SELECTIVE.items():
        after = f"{ours(analyzed, sql):10.1f}" if arguments.analyze else f"{'':10}"
        print(f"{name:40}{ours(arguments.database, sql):10.1f}{after}{theirs(db, sql):10.1f}  {plan(arguments.database, sql)}", flush=True)
    for name, (view, bare, allowed) in TOTALS.items():
        after = f"{ours(analyzed, view):10.1f}" if arguments.analyze else f"{'':10}"
        flat, plain = ours(arguments.database, view), ours(arguments.database, bare)
        print(f"{name:40}{flat:10.1f}{after}{theirs(db, view):10.1f}  bare {plain:.1f}, {flat / plain:.2f} times; at most {allowed}", flush=True)
    shutil.rmtree(folder)


main()
