"""Makes a sheet of figures: `sheet.py ROWS FILE`. The same rows every time."""

import random
import sys

METRICS = "4G基站 5G基站 寬帶用戶 光纖端口 移動用戶 員工人數 培訓人次 志願者人數 公益支出 節電量 用水量 投訴量".split()
METRICS += [f"指標{at}項目" for at in range(180)]
UNITS = "萬個 個 萬戶 億元 人 萬人次 千瓦時 噸 件 % TB 次".split()
PLACES = {"CN-QH": ["", "門源縣", "西寧市"], "CN-GD": ["", "廣州市", "深圳市"]}
PROVINCES = ["", "", "CN-QH", "CN-GD", "CN-XJ", "CN-SC", "CN-HN", "CN-GZ", "CN-BJ"]
PERIODS = ["2017", "2018", "2019", "2019-12-31", "2019-06"]
WHOLE = {"個", "人", "件", "次"}

rows, path = int(sys.argv[1]), sys.argv[2]
pick = random.Random(7).choice
number = random.Random(8).randint
with open(path, "w", encoding="utf-8") as file:
    file.write("metric,value,kind,basis,whole,period,province,place,initiative,theme,page,line\n")
    for at in range(rows):
        unit, kind, basis, whole = pick(UNITS), "", "", ""
        if unit == "%":
            kind = pick(["share", "change"])
            basis, whole = ("yoy", "") if kind == "change" else ("", "全部")
            value = f"{number(1, 99)}.{number(0, 9)}%"
        elif unit in WHOLE:
            value = f"{number(1, 9999999)}{unit}"
        else:
            value = f"{pick(['', '', '約', '超過'])}{number(1, 99999)}.{number(1, 9)}{unit}"
        province = pick(PROVINCES)
        place = pick(PLACES.get(province, [""]))
        heading = number(1, 60)
        file.write(f"{pick(METRICS)},{value},{kind},{basis},{whole},{pick(PERIODS)},{province},{place},項目{heading},主題{heading % 8},{at // 40 + 1},{at + 1}\n")
