"""pandas: factorize each dimension, to_sql each table, indexes after."""

import os
import sqlite3
import sys

import pandas as pd

sheet, out = sys.argv[1], sys.argv[2]
if os.path.exists(out):
    os.remove(out)
db = sqlite3.connect(out)
db.execute("PRAGMA synchronous = OFF")
rows = pd.read_csv(sheet, dtype=str)
rows["initiative"] = rows["theme"] + "/" + rows["initiative"]
figures = rows[["value", "kind", "basis", "whole", "page", "line"]].copy()
for table, column in [("metrics", "metric"), ("periods", "period"), ("provinces", "province"), ("places", "place"), ("initiatives", "initiative")]:
    codes, names = pd.factorize(rows[column])
    pd.DataFrame({"id": range(1, len(names) + 1), "name": names}).to_sql(table, db, index=False, dtype={"id": "INTEGER PRIMARY KEY", "name": "TEXT UNIQUE"})
    figures[f"{column}_id"] = pd.array(codes + 1, dtype="Int64")
    figures.loc[codes < 0, f"{column}_id"] = pd.NA
figures.index += 1
references = {f"{column}_id": f"INTEGER REFERENCES {table} (id)" for table, column in [("metrics", "metric"), ("periods", "period"), ("provinces", "province"), ("places", "place"), ("initiatives", "initiative")]}
figures.to_sql("figures", db, index_label="id", dtype={"id": "INTEGER PRIMARY KEY", **references})
for name, columns in [("metric", "metric_id, period_id"), ("period", "period_id"), ("province", "province_id"), ("place", "place_id"), ("initiative", "initiative_id")]:
    db.execute(f"CREATE INDEX figures_{name} ON figures ({columns})")
assert not db.execute("PRAGMA foreign_key_check").fetchall()
db.commit()
