"""Writes one table of key figures, and one page of prose, in every format that is read: kpi.* and prose.*.

Needs openpyxl, python-docx, xlwt; LibreOffice (soffice) for kpi.ods, Chromium for kpi.pdf. The company and its figures are made up.
Run in this folder: python3 make.py
"""

import subprocess
from html import escape
from pathlib import Path

import docx
import openpyxl
import xlwt
from docx.shared import Pt
from openpyxl.styles import Alignment

TITLE = "青嶼能源2021年可持續發展報告"
SECTION = "關鍵績效"
# A cell is a text, or a number with its format; None goes on with the cell to the left or, in the second row, above.
HEAD = [["指標", "單位", "全年", None, "同比變化", "附註"], [None, None, "2021年", "2020年", None, None]]
N = "#,##0.##"
P = "0.0%"
ROWS = [
    ["能源"],
    ["綜合能耗", "萬噸標準煤", (12.6, N), (13.1, N), (-0.038, P), "1"],
    ["　　其中：外購電力", "億千瓦時", (2.35, N), (2.1, N), (0.119, P), ""],
    ["燃氣用量（萬立方米）", "", (1_284, N), (1_305.6, N), (-0.0165, P), ""],
    ["可再生能源發電量", "萬千瓦時", (18_640, N), (15_200.5, N), (0.226, P), "2"],
    ["員工"],
    ["員工人數", "人", (3_520, N), (3_408, N), (0.033, P), ""],
    ["　　其中：女性員工", "人", (1_204, N), (1_150, N), (0.047, P), ""],
    ["人均培訓時數", "小時", (36.5, N), "不適用", "不適用", ""],
    ["經營現金流量", "萬元", (-1_250, "#,##0;(#,##0)"), (860, N), "—", "3"],
    ["光纖覆蓋率", "%", (93.4, N), (90, N), "—", ""],
]
WIDTH = 6

PROSE = [
    ("h1", TITLE),
    ("h2", "一、綠色運營"),
    ("p", "2021年，公司在青海新建充電樁約1.2萬個，同比增長35%；光伏電站發電量逾350萬千瓦時，佔全省用電量的18.5%。"),
    ("li", "在甘肅開通5G基站3,200個，較2020年增加800個；"),
    ("li", "單位產值能耗下降4.6%，節約標準煤1.5萬噸。"),
    ("h2", "二、社區"),
    ("p", "全年投入公益資金1,860萬元，員工參與志願服務2.4萬小時，覆蓋12個省份。"),
    ("p", "2025年前，公司將建成零碳園區20座以上。"),
]


def shown(cell):
    """A cell as a person sees it."""
    if not isinstance(cell, tuple):
        return cell or ""
    value, form = cell
    if form == P:
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"
    text = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
    return f"({text})" if value < 0 else text


def grid():
    """All rows as texts, spanned places as None."""
    rows = [[cell for cell in row] for row in HEAD]
    return rows + [[shown(cell) for cell in row] + [""] * (WIDTH - len(row)) for row in ROWS]


def spans(row, column):
    """How many columns and rows a cell of the head spans."""
    cell = HEAD[row][column]
    wide = 1
    while column + wide < WIDTH and HEAD[row][column + wide] is None and row == 0 and HEAD[1][column + wide] is not None:
        wide += 1
    high = 2 if row == 0 and HEAD[1][column] is None else 1
    return cell, wide, high


def html():
    head = []
    for row in range(2):
        cells = []
        for column in range(WIDTH):
            if HEAD[row][column] is None:
                continue
            cell, wide, high = spans(row, column)
            cells.append(f"<th colspan={wide} rowspan={high}>{escape(cell)}</th>")
        head.append("<tr>" + "".join(cells) + "</tr>")
    body = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in grid()[2:]]
    style = "table{border-collapse:collapse}th,td{border:1px solid #000;padding:3px 6px}body{font-family:'Noto Sans CJK TC',sans-serif}"
    return (
        f"<!DOCTYPE html>\n<html lang=zh-Hant><head><meta charset=utf-8><title>{TITLE}</title><style>{style}</style></head>\n"
        f"<body><h1>{TITLE}</h1>\n<h2>{SECTION}</h2>\n<table>\n" + "\n".join(head + body) + "\n</table></body></html>\n"
    )


def plain_rows():
    """What a format without spans has: every spanned place says the same again."""
    rows = grid()
    for row in range(2):
        for column in range(WIDTH):
            if rows[row][column] is None:
                rows[row][column] = rows[row][column - 1] if row == 0 else rows[0][column]
    return rows


def csv_text(delimiter):
    def quoted(cell):
        return '"' + cell + '"' if delimiter in cell or '"' in cell else cell

    lines = [TITLE, SECTION, ""] + [delimiter.join(quoted(cell) for cell in row) for row in plain_rows()]
    return "\r\n".join(lines) + "\r\n"


def markdown():
    rows = plain_rows()
    # A head has one row there.
    head = [below if below == above else f"{above} {below}" for above, below in zip(rows[0], rows[1])]
    lines = [f"# {TITLE}", "", f"## {SECTION}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * WIDTH]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows[2:]]) + "\n"


def xlsx():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SECTION
    sheet["A1"] = TITLE
    sheet.merge_cells("A1:F1")
    for row in range(2):
        for column in range(WIDTH):
            if HEAD[row][column] is None:
                continue
            cell, wide, high = spans(row, column)
            sheet.cell(row + 3, column + 1, cell)
            if wide > 1 or high > 1:
                sheet.merge_cells(start_row=row + 3, start_column=column + 1, end_row=row + 2 + high, end_column=column + wide)
    for at, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            value, form = cell if isinstance(cell, tuple) else (cell, None)
            if value == "":
                continue
            place = sheet.cell(at + 5, column + 1, value.strip("　") if isinstance(value, str) else value)
            if form:
                place.number_format = form
            if isinstance(value, str) and value.startswith("　"):
                place.alignment = Alignment(indent=2)
    draft = book.create_sheet("底稿")
    draft["A1"], draft["B1"] = "指標", "2021年"
    draft["A2"], draft["B2"] = "綜合能耗", 99
    draft.sheet_state = "hidden"
    book.save("kpi.xlsx")


def xls():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(SECTION)
    sheet.write_merge(0, 0, 0, WIDTH - 1, TITLE)
    for row in range(2):
        for column in range(WIDTH):
            if HEAD[row][column] is not None:
                cell, wide, high = spans(row, column)
                sheet.write_merge(row + 2, row + 1 + high, column, column + wide - 1, cell)
    for at, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            if isinstance(cell, tuple):
                sheet.write(at + 4, column, cell[0], xlwt.easyxf(num_format_str=cell[1]))
            elif cell:
                sheet.write(at + 4, column, cell)
    book.save("kpi.xls")


def word():
    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_heading(SECTION, 1)
    table = document.add_table(rows=0, cols=WIDTH)
    for row in grid():
        cells = table.add_row().cells
        for column, text in enumerate(row):
            if text:
                cells[column].paragraphs[0].add_run(text.strip("　"))
                if text.startswith("　"):
                    cells[column].paragraphs[0].paragraph_format.left_indent = Pt(21)
    for row in range(2):
        for column in range(WIDTH):
            if HEAD[row][column] is not None:
                _, wide, high = spans(row, column)
                table.cell(row, column).merge(table.cell(row + high - 1, column + wide - 1))
    document.save("kpi.docx")


def prose():
    tags = {"li": ("<ul><li>", "</li></ul>")}
    body = "\n".join("{}{}{}".format(*(tags.get(kind, (f"<{kind}>", f"</{kind}>"))[:1]), text, tags.get(kind, ("", f"</{kind}>"))[1]) for kind, text in PROSE)
    Path("prose.html").write_text(f"<!DOCTYPE html>\n<html><head><meta charset=utf-8></head><body>\n{body}\n</body></html>\n")
    marks = {"h1": "# ", "h2": "## ", "li": "* ", "p": ""}
    Path("prose.md").write_text("\n\n".join(marks[kind] + text for kind, text in PROSE) + "\n")
    Path("prose.txt").write_text("\n\n".join({"li": "• "}.get(kind, "") + text for kind, text in PROSE) + "\n")
    document = docx.Document()
    for kind, text in PROSE:
        if kind.startswith("h"):
            document.add_heading(text, int(kind[1]) - 1)
        else:
            document.add_paragraph(text, style="List Bullet" if kind == "li" else None)
    document.save("prose.docx")


Path("kpi.html").write_text(html())
Path("kpi.csv").write_text(csv_text(","), encoding="utf-8-sig")
Path("kpi.big5.tsv").write_bytes(csv_text("\t").encode("big5"))
Path("kpi.md").write_text(markdown())
# What many a site calls a workbook.
Path("kpi-page.xls").write_text(html().replace("<!DOCTYPE html>\n", ""))
xlsx()
xls()
word()
prose()
subprocess.run(["soffice", "--headless", "--convert-to", "ods", "kpi.xlsx"], check=True)
subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=kpi.pdf", "kpi.html"], check=True)
