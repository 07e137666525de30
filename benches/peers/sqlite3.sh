#!/bin/sh
# The sqlite3 shell with a script as an expert writes it: a staging table, no journal, indexes after the rows.
set -eu
rm -f "$2"
sqlite3 -bail "$2" <<SQL
PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
CREATE TEMP TABLE sheet (metric, value, kind, basis, whole, period, province, place, initiative, theme, page INTEGER, line INTEGER);
.mode csv
.import --skip 1 "$1" sheet
CREATE TABLE metrics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE periods (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE provinces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE initiatives (id INTEGER PRIMARY KEY, name TEXT NOT NULL, theme TEXT NOT NULL, UNIQUE (name, theme));
CREATE TABLE figures (id INTEGER PRIMARY KEY, metric_id INTEGER NOT NULL REFERENCES metrics (id), value TEXT NOT NULL, kind TEXT, basis TEXT, whole TEXT,
    period_id INTEGER REFERENCES periods (id), province_id INTEGER REFERENCES provinces (id), place_id INTEGER REFERENCES places (id),
    initiative_id INTEGER REFERENCES initiatives (id), page INTEGER, line INTEGER);
BEGIN;
INSERT INTO metrics (name) SELECT DISTINCT metric FROM sheet;
INSERT INTO periods (name) SELECT DISTINCT period FROM sheet WHERE period <> '';
INSERT INTO provinces (name) SELECT DISTINCT province FROM sheet WHERE province <> '';
INSERT INTO places (name) SELECT DISTINCT place FROM sheet WHERE place <> '';
INSERT INTO initiatives (name, theme) SELECT DISTINCT initiative, theme FROM sheet;
INSERT INTO figures (metric_id, value, kind, basis, whole, period_id, province_id, place_id, initiative_id, page, line)
SELECT m.id, s.value, nullif(s.kind, ''), nullif(s.basis, ''), nullif(s.whole, ''), pe.id, pr.id, pl.id, i.id, s.page, s.line
  FROM sheet s JOIN metrics m ON m.name = s.metric LEFT JOIN periods pe ON pe.name = s.period LEFT JOIN provinces pr ON pr.name = s.province
  LEFT JOIN places pl ON pl.name = s.place LEFT JOIN initiatives i ON i.name = s.initiative AND i.theme = s.theme ORDER BY s.rowid;
CREATE INDEX figures_metric ON figures (metric_id, period_id);
CREATE INDEX figures_period ON figures (period_id);
CREATE INDEX figures_province ON figures (province_id);
CREATE INDEX figures_place ON figures (place_id);
CREATE INDEX figures_initiative ON figures (initiative_id);
PRAGMA foreign_key_check;
COMMIT;
SQL
