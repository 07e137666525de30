"""Reads a database with one of the programs that people read it with, and prints what it sees as JSON.

    python read.py CLIENT DATABASE QUESTIONS
    python read.py CLIENT DATABASE edit

QUESTIONS is a file of lines: `describe RELATION`, `count RELATION`, `ask SQL`. What is printed: `types` [relation, column, type
as the client tells it], `keys` [relation, columns, what they refer to], `counts`, `answers` (rows of texts and nulls; a number
stands as its language prints it) and `total`, the exact sum of all exact values; Datasette with the generated metadata also prints `labels` [figure, column, label] of what the keys
of `figures` lead to, and `described` [column, description] of flat_facts. `edit` changes a figure and tries what is
refused; printed are its value, the corrections and the refusal. Read.java and read.js do the same.
"""

import datetime
import decimal
import json
import pathlib
import subprocess
import sys

TOTAL = "SELECT value_exact FROM flat_facts WHERE value_exact IS NOT NULL"
EDIT = "UPDATE figures SET value_text = '12400.50', comparator = '=' WHERE id = 1"
REFUSED = "UPDATE figures SET reported = '12400' WHERE id = 1"
CORRECTIONS = "SELECT field, new_value FROM corrections ORDER BY id"


def cell(value):
    """A value as text: whole doubles without a fraction, dates as ISO 8601."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def rows(found):
    return [[cell(value) for value in row] for row in found]


def exact_sum(texts):
    with decimal.localcontext() as context:
        context.prec = 80
        return format(sum(map(decimal.Decimal, texts), decimal.Decimal(0)), "f")


def seen(asked, answer, types, keys, total=None):
    """All that a client shows, given a function that answers SQL with rows."""
    if total is None:
        total = exact_sum(row[0] for row in answer(TOTAL))
    counts = [[name, int(answer(f"SELECT count(*) FROM {name}")[0][0])] for name in asked["count"]]
    answers = [rows(answer(question)) for question in asked["ask"]]
    return {"types": types, "keys": sorted(keys), "counts": counts, "answers": answers, "total": total}


def edited(run, answer):
    """What becomes of an edit and of a forbidden one, given functions that run and that answer SQL."""
    run(EDIT)
    try:
        run(REFUSED)
        refusal = None
    except Exception as error:  # Each client has its own.
        refusal = str(error)
    value = answer("SELECT value_text, value FROM figures WHERE id = 1")
    return {"corrections": rows(answer(CORRECTIONS)), "value": rows(value)[0], "refusal": refusal}


# ------------------------------------------------------------------ the shell


def sqlite3(db, asked):
    def shell(statement, *flags):
        done = subprocess.run(["sqlite3", "-batch", "-bail", *flags, db, statement], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def answer(statement):
        return [list(row.values()) for row in json.loads(shell(statement, "-readonly", "-json") or "[]")]

    if asked is None:
        return edited(shell, answer)
    types = [[name, row[1], row[2]] for name in asked["describe"] for row in answer(f"PRAGMA table_info({name})")]
    keys = []
    for (name,) in answer("SELECT name FROM sqlite_master WHERE type = 'table'"):
        primary = [row[1] for row in sorted(answer(f"PRAGMA table_info({name})"), key=lambda row: row[5]) if row[5]]
        keys.append([name, ", ".join(primary), "primary key"])
        keys += [[name, row[3], f"{row[2]}.{row[4]}"] for row in answer(f"PRAGMA foreign_key_list({name})")]
    # The shell alone adds decimals up by itself.
    total = answer(TOTAL.replace("value_exact FROM", "decimal_sum(value_exact) FROM"))[0][0]
    return seen(asked, answer, types, keys, total)


# ------------------------------------------------------------------ ODBC


def source(db):
    return f"DRIVER=SQLite3;Database={db}"


def odbc(db, asked):
    import pyodbc

    connection = pyodbc.connect(source(db), autocommit=True)
    cursor = connection.cursor()

    def answer(statement):
        return cursor.execute(statement).fetchall()

    if asked is None:
        return edited(cursor.execute, answer)
    codes = {
        pyodbc.SQL_INTEGER: "INTEGER",
        pyodbc.SQL_BIGINT: "BIGINT",
        pyodbc.SQL_DOUBLE: "DOUBLE",
        pyodbc.SQL_VARCHAR: "VARCHAR",
        pyodbc.SQL_LONGVARCHAR: "LONGVARCHAR",
        pyodbc.SQL_TYPE_DATE: "DATE",
    }
    types = [
        [name, row.column_name, codes.get(row.data_type, str(row.data_type))]
        for name in asked["describe"]
        for row in cursor.columns(table=name).fetchall()
    ]
    keys = []
    for table in [row.table_name for row in cursor.tables(tableType="TABLE").fetchall()]:
        keys.append([table, ", ".join(row.column_name for row in cursor.primaryKeys(table).fetchall()), "primary key"])
        for row in cursor.foreignKeys(foreignTable=table).fetchall():
            keys.append([table, row.fkcolumn_name, f"{row.pktable_name}.{row.pkcolumn_name}"])
    return seen(asked, answer, types, keys)


def isql(db, asked):
    def answer(statement):
        command = ["isql", "-k", source(db), "-b", "-x0x1f", "-v"]
        done = subprocess.run(command, input=statement + "\n", capture_output=True, text=True)
        if done.returncode or "ISQL]ERROR" in done.stdout:
            raise RuntimeError(done.stdout + done.stderr)
        # It prints NULL as nothing.
        return [[text or None for text in line.split("\x1f")] for line in done.stdout.splitlines()]

    return seen(asked, answer, [], [])


# ------------------------------------------------------------------ libraries of Python


def sqlalchemy(db, asked):
    from sqlalchemy import create_engine, inspect

    engine = create_engine(f"sqlite:///{db}")
    with engine.connect() as connection:

        def answer(statement):
            return connection.exec_driver_sql(statement).fetchall()

        def run(statement):
            connection.exec_driver_sql(statement)
            connection.commit()

        if asked is None:
            return edited(run, answer)
        inspector = inspect(engine)
        types = [[name, column["name"], str(column["type"])] for name in asked["describe"] for column in inspector.get_columns(name)]
        keys = []
        for table in inspector.get_table_names():
            keys.append([table, ", ".join(inspector.get_pk_constraint(table)["constrained_columns"]), "primary key"])
            for key in inspector.get_foreign_keys(table):
                keys.append([table, ", ".join(key["constrained_columns"]), f"{key['referred_table']}.{', '.join(key['referred_columns'])}"])
        return seen(asked, answer, types, keys)


def pandas(db, asked):
    import pandas
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{db}")

    def answer(statement):
        frame = pandas.read_sql_query(statement, engine, dtype_backend="numpy_nullable")
        return [[None if value is pandas.NA else value for value in row] for row in frame.astype(object).itertuples(index=False)]

    types = []
    for name in asked["describe"]:
        frame = pandas.read_sql_table(name, engine, dtype_backend="numpy_nullable")
        types += [[name, column, str(kind)] for column, kind in frame.dtypes.items()]
    return seen(asked, answer, types, [])


def duckdb(db, asked):
    import duckdb
    import duckdb_extension_sqlite_scanner as scanner

    # DuckDB would fetch its extension from its own site; PyPI has the same file.
    (extension,) = pathlib.Path(scanner.__file__).parent.glob("extensions/*/*.duckdb_extension")
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    connection.execute(f"ATTACH '{db}' AS reports (TYPE sqlite, READ_ONLY); USE reports")

    def answer(statement):
        return connection.execute(statement).fetchall()

    types = [[name, row[0], row[1]] for name in asked["describe"] for row in answer(f"DESCRIBE {name}")]
    total = answer(TOTAL.replace("value_exact FROM", "sum(value_exact::DECIMAL(38, 9))::VARCHAR FROM"))[0][0]
    return seen(asked, answer, types, [], total)


def datasette(db, asked):
    import html
    import re
    from urllib.parse import quote

    from click.testing import CliRunner
    from datasette.cli import cli

    # As `reportsql export metadata.json --format datasette` wrote it.
    metadata = db.rsplit("/", 1)[0] + "/metadata.json"

    def page(path):
        done = CliRunner().invoke(cli, ["serve", "-i", db, "-m", metadata, "--setting", "sql_time_limit_ms", "60000", "--get", path])
        if done.exit_code:
            raise RuntimeError(f"{path}: {done.output}")
        return done.output

    def get(path):
        return json.loads(page(path))

    name = db.rsplit("/", 1)[1].removesuffix(".db")

    def answer(statement):
        return get(f"/{name}.json?_shape=arrays&sql={quote(statement)}")["rows"]

    keys = []
    for table in get(f"/{name}.json")["tables"]:
        keys.append([table["name"], ", ".join(table["primary_keys"]), "primary key"])
        for key in table["foreign_keys"]["outgoing"]:
            keys.append([table["name"], key["column"], f"{key['other_table']}.{key['other_column']}"])
    labels = [
        [row["id"], column, value["label"]]
        for row in get(f"/{name}/figures.json?_shape=array&_labels=on&_size=max")
        for column, value in row.items()
        if isinstance(value, dict)
    ]
    facts = page(f"/{name}/flat_facts?_size=1")
    described = [[html.unescape(text) for text in pair] for pair in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", facts)]
    return {**seen(asked, answer, [], keys), "labels": labels, "described": described}


def questions(path):
    asked = {"describe": [], "count": [], "ask": []}
    with open(path, encoding="utf-8") as file:
        for line in file:
            kind, what = line.rstrip("\n").split(" ", 1)
            asked[kind].append(what)
    return asked


def main():
    client, db, asked = sys.argv[1:]
    read = {f.__name__: f for f in (sqlite3, odbc, isql, sqlalchemy, pandas, duckdb, datasette)}[client]
    json.dump(read(db, None if asked == "edit" else questions(asked)), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
