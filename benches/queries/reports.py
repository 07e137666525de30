"""Makes a folder of reports as text: `reports.py FIGURES FOLDER`. The same sentences every time, all made up.

Every company of data/source/companies.csv reports for ten years on the catalogue's metrics, for the whole company and by province: levels,
changes, shares, targets. One sentence in ten is about the year before, so that some facts are restated."""

import csv
import os
import random
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data")
WORDS = {"%": "%", "个": "個", "户": "戶", "CNY": "元", "kWh": "千瓦時", "t": "噸", "人": "人", "人次": "人次", "次": "次", "件": "件", "h": "小時", "km": "公里"}


def rows(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def main():
    wanted, folder = int(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    companies = [row["name_hant"] for row in rows("source/companies.csv")]
    provinces = [row["short_hant"] for row in rows("provinces.csv") if row["kind"] != "sar"]
    metrics = []
    for industry in ["common", "energy", "finance", "manufacturing", "telecom"]:
        for row in rows(f"industry/{industry}/metrics.csv"):
            if row["unit"] in WORDS:
                metrics.append((row["name_hant"], WORDS[row["unit"]]))
    years = range(2012, 2022)
    a_report = wanted // (len(companies) * len(years)) + 1
    random_ = random.Random(11)
    number, pick = random_.randint, random_.choice
    for company in companies:
        for year in years:
            lines = [f"{company}{year}年社會責任報告", ""]
            made = 0
            while made < a_report:
                lines += ["", f"{'一二三四五六七八'[made // 40 % 8]}、主題{made // 40 % 30}項目{number(1, 9)}", ""]
                for _ in range(20):
                    name, unit = pick(metrics)
                    place = pick(provinces) if number(0, 2) else ""
                    when = year - 1 if number(1, 10) == 1 else year
                    value = f"{number(1, 9)}{number(0, 999):03d}.{number(1, 9)}萬" if number(0, 1) else f"{number(1, 999)},{number(0, 999):03d}"
                    if unit == "%":
                        lines.append(f"{when}年，{place}{name}達{number(1, 99)}.{number(1, 9)}%，同比提高{number(1, 9)}.{number(1, 9)}個百分點。")
                        made += 2
                    elif number(0, 9) == 0:
                        lines.append(f"到{year + number(1, 5)}年，{place}{name}力爭達到{value}{unit}。")
                        made += 1
                    else:
                        lines.append(f"{when}年，{place}{name}{pick(['達', '約', '超過', '為'])}{value}{unit}，同比增長{number(1, 99)}.{number(1, 9)}%。")
                        made += 2
            with open(os.path.join(folder, f"{company}{year}年社會責任報告.txt"), "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")


main()
