"""DuckDB: reads the sheet, normalises it, writes a SQLite file where its sqlite extension is there, else a file of its own."""

import os
import sys

import duckdb

sheet, out = sys.argv[1], sys.argv[2]
if os.path.exists(out):
    os.remove(out)
db = duckdb.connect()
try:
    db.execute("INSTALL sqlite; LOAD sqlite;")
    db.execute(f"ATTACH '{out}' AS o (TYPE sqlite)")
except duckdb.Error as error:
    print(f"duckdb: no sqlite extension, a file of its own is written ({str(error).splitlines()[0][:60]})", file=sys.stderr)
    db.execute(f"ATTACH '{out}' AS o")
db.execute(f"CREATE TEMP TABLE sheet AS SELECT row_number() OVER () AS id, * FROM read_csv('{sheet}', all_varchar = true, header = true)")
for table, column in [("metrics", "metric"), ("periods", "period"), ("provinces", "province"), ("places", "place")]:
    db.execute(f"CREATE TABLE o.{table} AS SELECT row_number() OVER (ORDER BY first) AS id, name FROM (SELECT {column} AS name, min(id) AS first FROM sheet WHERE {column} IS NOT NULL GROUP BY 1)")
db.execute("CREATE TABLE o.initiatives AS SELECT row_number() OVER (ORDER BY first) AS id, name, theme FROM (SELECT initiative AS name, theme, min(id) AS first FROM sheet GROUP BY 1, 2)")
db.execute(
    """CREATE TABLE o.figures AS SELECT s.id, m.id AS metric_id, s.value, s.kind, s.basis, s.whole, pe.id AS period_id, pr.id AS province_id, pl.id AS place_id,
         i.id AS initiative_id, CAST(s.page AS INTEGER) AS page, CAST(s.line AS INTEGER) AS line
       FROM sheet s JOIN o.metrics m ON m.name = s.metric LEFT JOIN o.periods pe ON pe.name = s.period LEFT JOIN o.provinces pr ON pr.name = s.province
       LEFT JOIN o.places pl ON pl.name = s.place LEFT JOIN o.initiatives i ON i.name = s.initiative AND i.theme = s.theme ORDER BY s.id"""
)
for name, columns in [("metric", "metric_id, period_id"), ("period", "period_id"), ("province", "province_id"), ("place", "place_id"), ("initiative", "initiative_id")]:
    db.execute(f"CREATE INDEX figures_{name} ON o.figures ({columns})")
