"""Exports flat_facts with another program: `peers.py WAY DATABASE OUT FIGURES`. Only figures up to that id, the same rows for all.

The database is the one that reportsql exports, so that reading it is part of the work. The `sqlite3` shell needs no Python: run.py calls it."""

import sqlite3
import sys

WAY, DATABASE, OUT, FIGURES = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
SQL = f"SELECT * FROM flat_facts WHERE figure_id <= {FIGURES}"


def duckdb(options):
    import pathlib

    import duckdb
    import duckdb_extension_sqlite_scanner as scanner

    (extension,) = pathlib.Path(scanner.__file__).parent.glob("extensions/*/*.duckdb_extension")
    db = duckdb.connect()
    db.execute(f"LOAD '{extension}'")
    db.execute(f"ATTACH '{DATABASE}' AS reports (TYPE sqlite, READ_ONLY); USE reports")
    db.execute(f"COPY ({SQL}) TO '{OUT}' ({options})")


def frame():
    import pandas

    return pandas.read_sql_query(SQL, sqlite3.connect(DATABASE), parse_dates=["period_end"], dtype_backend="numpy_nullable")


def rows():
    cursor = sqlite3.connect(DATABASE).execute(SQL)
    yield [column[0] for column in cursor.description]
    yield from cursor


def openpyxl():
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("flat_facts")
    for row in rows():
        sheet.append(row)
    book.save(OUT)


def xlsxwriter():
    import xlsxwriter

    with xlsxwriter.Workbook(OUT, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("flat_facts")
        for at, row in enumerate(rows()):
            sheet.write_row(at, 0, row)


{
    "duckdb-csv": lambda: duckdb("HEADER, FORMAT csv"),
    "duckdb-parquet": lambda: duckdb("FORMAT parquet"),
    "pandas-csv": lambda: frame().to_csv(OUT, index=False),
    "pandas-parquet": lambda: frame().to_parquet(OUT, engine="pyarrow"),
    "pandas-openpyxl": lambda: frame().to_excel(OUT, sheet_name="flat_facts", index=False, engine="openpyxl"),
    "openpyxl": openpyxl,
    "xlsxwriter": xlsxwriter,
}[WAY]()
