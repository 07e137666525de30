"""Large tables in the formats that hold them, at sizes that double: `large.py [--rows N] [FORMAT…]`.

Makes a table of stations, five cells a row, of a quarter, half and all of the rows (200,000 where nothing is said), and prints for `extract` and `load`
seconds of the processor, the peak of memory, and how much both grew from size to size: 2.0 is as the rows did. xlsx needs openpyxl."""

import argparse
import os
import random
import subprocess
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(HERE, "..", "target")), "release", "reportsql")
HEAD = ["指標", "單位", "2020年", "2021年", "同比變化"]


def rows(count):
    chance = random.Random(1)
    for at in range(count):
        before, now = chance.randrange(100, 100_000), chance.randrange(100, 100_000)
        yield [f"第{at + 1}站供電量", "萬千瓦時", before, now, f"{(now / before - 1) * 100:.1f}%"]


def as_csv(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(HEAD) + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows(count))


def as_html(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write("<!DOCTYPE html><html><head><meta charset=utf-8></head><body><table>\n")
        file.writelines("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in [HEAD, *rows(count)])
        file.write("</table></body></html>\n")


def as_xlsx(path, count):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("數據")
    sheet.append(HEAD)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def as_ods(path, count):
    def cell(value):
        kind = f'office:value-type="float" office:value="{value}"' if isinstance(value, int) else 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        with parts.open("content.xml", "w") as content:
            content.write('<office:document-content><table:table table:name="數據">'.encode())
            for row in [HEAD, *rows(count)]:
                content.write(("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>").encode())
            content.write(b"</table:table></office:document-content>")


FORMATS = {"csv": as_csv, "html": as_html, "xlsx": as_xlsx, "ods": as_ods}


def run(command):
    """Seconds of the processor, and the peak of memory in MB."""
    with tempfile.NamedTemporaryFile("r") as told:
        subprocess.run(["/usr/bin/time", "-f", "%U %S %M", "-o", told.name, *command], check=True, stdout=subprocess.DEVNULL)
        user, system, kilobytes = map(float, told.read().split())
    return user + system, kilobytes / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=" ".join(FORMATS))
    arguments = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}\n{'':6}{'rows':>9}{'MB':>7}  {'extract, s':>10}{'MB':>7}{'grew by':>14}  {'load, s':>8}{'MB':>7}{'grew by':>14}")
    for name in arguments.formats or FORMATS:
        before = {}
        for count in (arguments.rows // 4, arguments.rows // 2, arguments.rows):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, f"stations.{name}")
                FORMATS[name](path, count)
                line = f"{name:6}{count:9}{os.path.getsize(path) / 1e6:7.1f}"
                about = ["--company", "青嶼能源", "--year", "2021", "--kind", "annual", "--db", os.path.join(folder, "out.db")]
                for way, command in {"extract": ["extract", "-q", path], "load": ["load", "-q", path, *about]}.items():
                    taken, memory = run([OURS, *command])
                    grew = "{:.1f}, {:.1f}".format(*(now / then for now, then in zip((taken, memory), before[way]))) if way in before else ""
                    line += f"  {taken:10.2f}{memory:7.0f}{grew:>14}"
                    before[way] = (taken, memory)
                print(line, flush=True)


main()
