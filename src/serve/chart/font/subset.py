"""Makes subset.otf: the glyphs that charts need of their own, for machines without a Chinese font.

    pip install fonttools
    python3 src/serve/chart/font/subset.py NotoSansCJK-Regular.ttc

In:  the collection of Debian's fonts-noto-cjk; the tables of data/.
Out: the characters of the catalogues of metrics, units, provinces and companies and of the words of data/zh, each in both scripts, with
     ASCII and the signs of charts; 256 units to the em, which is a quarter of a pixel at the size of a title.
"""

import csv
import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

ROOT = pathlib.Path(__file__).parents[4]
SIGNS = "\u00a0·–—…、。，：；（）「」『』《》〈〉【】～≈≥≤＞＜−×%‰‱°℃²³₂→¥￥€£／＋－＝０１２３４５６７８９○●◎　"
NAME = "Noto Sans CJK SC, subset for reportsql"


def rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.reader(line for line in lines if not line.startswith("#")))


def big5():
    """The characters that traditional script writes daily: level 1 of Big5."""
    for lead in range(0xA4, 0xC7):
        for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            try:
                yield bytes([lead, trail]).decode("big5")
            except UnicodeDecodeError:
                pass


def characters():
    data = ROOT / "data"
    tables = [*sorted(data.glob("industry/*/*.csv")), *sorted(data.glob("zh/*_words.csv"))]
    tables += [data / "provinces.csv", data / "units.csv", data / "source" / "companies.csv"]
    here = {c for table in tables for row in rows(table) for c in "".join(row)}
    fold, daily = dict(rows(data / "zh" / "fold.csv")), set(big5())
    here |= {fold.get(c, c) for c in here}
    here |= {traditional for traditional, simplified in fold.items() if simplified in here and traditional in daily}
    return {c for c in here if c.isprintable()} | {chr(code) for code in range(32, 127)} | set(SIGNS)


def main():
    faces = {}
    for number in range(10):
        font = TTFont(sys.argv[1], fontNumber=number)
        faces[font["name"].getDebugName(1)] = font
    font = faces["Noto Sans CJK SC"]
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    scale_upem(font, 256)
    for identifier, name in [(1, NAME), (3, NAME), (4, NAME), (6, "reportsql-subset")]:
        font["name"].setName(name, identifier, 3, 1, 0x409)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    target = pathlib.Path(__file__).with_name("subset.otf")
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")


main()
