"""Opens an export with one of the programs that people open it with, and prints what it sees as JSON.

    python exports.py frictionless datapackage.json
    python exports.py csvw csv-metadata.json
    python exports.py pyarrow|duckdb FILE.parquet
    python exports.py datasette DATABASE metadata.json

The first two print errors, none of a good package. The Parquet readers print `types` of the columns and `rows` of texts and nulls:
each number with all its digits. Datasette prints its metadata as it took it, and the page of flat_facts.
"""

import asyncio
import datetime
import json
import pathlib
import sys


def cell(value):
    """A value as text: booleans as 1 and 0, days as ISO 8601, whole doubles without a fraction."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return repr(value).removesuffix(".0") if isinstance(value, float) else format(value, "f" if not isinstance(value, int) else "d")


def frictionless(path):
    from frictionless import validate

    report = validate(path)
    errors = [str(error.to_dict()) for error in report.errors]
    errors += [str(error) for error in report.flatten(["name", "rowNumber", "fieldName", "type", "note"])]
    return {"valid": report.valid, "tables": len(report.tasks), "errors": errors}


def csvw(path):
    from csvw import TableGroup

    group = TableGroup.from_file(path)
    # A key that is absent leads nowhere, and may.
    return {"valid": group.check_referential_integrity(strict=False), "rows": {str(table.url): sum(1 for _ in table) for table in group.tables}}


def pyarrow(path):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    columns = [[cell(value) for value in column.to_pylist()] for column in table.columns]
    return {"types": {field.name: str(field.type) for field in table.schema}, "rows": [list(row) for row in zip(*columns)]}


def duckdb(path):
    import duckdb

    found = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
    types = dict(zip(found.columns, map(str, found.types)))
    return {"types": types, "rows": [[cell(value) for value in row] for row in found.fetchall()]}


def datasette(database, metadata):
    from datasette.app import Datasette

    async def seen():
        served = Datasette([database], metadata=json.loads(pathlib.Path(metadata).read_text(encoding="utf-8")))
        await served.invoke_startup()
        page = await served.client.get(f"/{pathlib.Path(database).stem}/flat_facts?_size=1")
        known = await served.client.get("/-/metadata.json")
        return {"status": page.status_code, "page": page.text, "metadata": known.json()}

    return asyncio.run(seen())


json.dump(globals()[sys.argv[1]](*sys.argv[2:]), sys.stdout)
