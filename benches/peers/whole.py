"""Makes what the sqlite3 shell needs to load the same rows into the whole schema: `whole.py DATABASE FOLDER`.

DATABASE is one that reportsql made of the sheet. In FOLDER come `parsed.csv`, its figures as a program hands them over that has read
the values already (codes for ids, the sentence beside each, "" for nothing), and `load.sql`, the best script for them: a staging
table, no journal, the rows by joins on the codes, indexes and triggers late, keys checked. Catalogues and headings are taken as they
stand in DATABASE; findings, and what facts come to, are left out.
"""

import csv
import os
import sqlite3
import sys

# A column that is an id, and the code that the sheet has for it.
CODES = {
    "metric_id": "metrics.code",
    "unit_id": "units.code",
    "period_id": "periods.code",
    "base_period_id": "periods.code",
    "place_id": "places.code",
    "province_id": "provinces.iso_code",
    "whole_metric_id": "metrics.code",
    "initiative_id": "initiatives.path",
}

database, folder = sys.argv[1], sys.argv[2]
db = sqlite3.connect(database)
tables = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").fetchall()
later = db.execute(
    "SELECT sql FROM sqlite_master WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL ORDER BY type = 'trigger', rowid"
).fetchall()
columns = [row[1] for row in db.execute("PRAGMA table_info(figures)") if row[1] not in ("id", "sentence_id", "agreement", "is_preferred")]

selected, joined, values = [], [], []
for at, column in enumerate(columns):
    if column in CODES:
        table, code = CODES[column].split(".")
        selected.append(f"t{at}.{code}")
        joined.append(f"LEFT JOIN {table} t{at} ON t{at}.{code} = {{from}}.{column}")
        values.append(f"t{at}.id")
    else:
        selected.append(f"f.{column}")
        values.append(f"nullif(p.{column}, '')")
rows = db.execute(
    f"SELECT {', '.join(selected)}, s.text FROM figures f JOIN sentences s ON s.id = f.sentence_id "
    + " ".join(f"LEFT JOIN {CODES[column].split('.')[0]} t{at} ON t{at}.id = f.{column}" for at, column in enumerate(columns) if column in CODES)
    + " ORDER BY f.id"
)
with open(os.path.join(folder, "parsed.csv"), "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows(rows)

others = [name for name, _ in tables if name not in ("figures", "sentences", "findings", "figure_places", "figure_links")]
script = [
    "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;",
    f"ATTACH '{database}' AS kept;",
    f"CREATE TEMP TABLE parsed ({', '.join(columns)}, sentence);",
    ".mode csv",
    f".import {os.path.join(folder, 'parsed.csv')} parsed",
    "BEGIN;",
    *(f"{sql};" for _, sql in tables),
    *(f"INSERT INTO {name} SELECT * FROM kept.{name};" for name in others),
    "INSERT INTO sentences (id, document_id, seq, page_no, text) SELECT rowid, document_id, rowid - 1, nullif(page_no, ''), sentence FROM parsed ORDER BY rowid;",
    f"INSERT INTO figures (id, {', '.join(columns)}, sentence_id) SELECT p.rowid, {', '.join(values)}, p.rowid FROM parsed p "
    + " ".join(join.format(**{"from": "p"}) for join in joined)
    + " ORDER BY p.rowid;",
    *(f"{sql};" for (sql,) in later),
    "PRAGMA main.foreign_key_check;",
    "COMMIT;",
]
with open(os.path.join(folder, "load.sql"), "w", encoding="utf-8") as file:
    file.write("\n".join(script) + "\n")
