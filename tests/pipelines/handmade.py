"""A prefecture of three schools, written by hand as units write: small enough to work every truth out on paper."""

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl

NAMES = {"433126": "古丈县", "433101": "吉首市"}
UNIT, OTHER = NAMES
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def school(prefix: str, unit: str = UNIT) -> str:
    """The code of a unit's school of that kind, in the range that belongs to no county."""
    return f"{prefix}439{unit[3:]}01"


KINDERGARTEN, PRIMARY, VOCATIONAL = school("11"), school("21"), school("36")


def person(born: str, order: int) -> str:
    """A valid identity number of nobody: region 433199 is not assigned."""
    seventeen = f"433199{born}{order:03d}"
    return seventeen + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, seventeen, strict=True)) % 11]


def write_csv(
    path: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "utf-8"
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([title])
        writer.writerow(header)
        writer.writerows(rows)


def write_xlsx(path: Path, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([title], header, *rows):
        sheet.append(list(row))
    book.save(path)


SCHOOL_HEADER = ["学校标识码", "学校名称", "学年", "办学类型", "举办者", "是否计校数", "学位数"]
CLASS_HEADER = ["学校标识码", "学年", "学段", "年级", "班号", "班级类型", "学生数"]
LEAVER_HEADER = [
    "学校标识码", "学年", "毕业生数", "升入普通高中", "升入中等职业学校", "升入技工学校", "五年制高职",
    "升学", "直接就业", "自主创业", "参军", "其他就业", "待就业", "对口就业",
]  # fmt: skip
PAYMENT_HEADER = [
    "学校标识码", "学年", "学期", "学段", "身份证号", "是否寄宿", "困难类型", "资助项目", "应发金额（元）",
    "实发金额（元）", "发放日期", "发放状态", "银行账号",
]  # fmt: skip
TERM = ["2019-2020", "春季", "小学"]


def schools(unit: str = UNIT) -> list[list[object]]:
    """Three schools, public all of them."""
    return [
        [school("11", unit), "样例幼儿园", "2020-2021", "幼儿园", "县级教育部门", "", 90],
        [school("21", unit), "样例九年一贯制学校", "2020-2021", "九年一贯制学校", "县级教育部门", "", ""],
        [school("36", unit), "样例职业高中", "2020-2021", "职业高中学校", "县级教育部门", "", ""],
    ]


def classes(unit: str = UNIT) -> list[list[object]]:
    """Seven classes."""
    kindergarten, primary = school("11", unit), school("21", unit)
    return [
        [kindergarten, "2020-2021", "幼儿园", "小班", "1", "", 25],
        [kindergarten, "2020-2021", "幼儿园", "大班", "1", "", 35],
        [primary, "2020-2021", "小学", "一年级", "1", "普通", 45],
        [primary, "2020-2021", "小学", "一年级", "2", "", 46],
        [primary, "2020-2021", "小学", "一年级", "3", "复式", 50],
        [primary, "2020-2021", "初中", "七年级", "1", "普通", 50],
        [primary, "2020-2021", "初中", "八年级", "1", "普通", 56],
    ]


def payments(unit: str = UNIT) -> list[list[object]]:
    """Three payments of a term that began on 20 April: 20 June is in time, 21 June is not, one was never made."""
    pupils = [person(f"2011010{n}", int(unit[4:]) * 10 + n) for n in (1, 2, 3)]
    primary = school("21", unit)
    return [
        [primary, *TERM, pupils[0], "是", "建档立卡", "生活补助", 625, 625, "2020-06-20", "成功", f"621{unit}1"],
        [primary, *TERM, pupils[1], "是", "低保", "生活补助", 625, 625, "2020-06-21", "成功", f"621{unit}2"],
        [primary, *TERM, pupils[2], "否", "建档立卡", "生活补助", 312.5, 0, "", "未发", f"621{unit}3"],
    ]


def ledger_of(landing: Path, unit: str = UNIT) -> Path:
    """Where a unit's class ledger lies."""
    return landing / unit / "2020-2021" / "班级台账.xlsx"


def write_ledger(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """A class ledger as a workbook."""
    write_xlsx(path, "2020-2021学年班级台账", CLASS_HEADER, rows)


def write_prefecture_of_three(landing: Path, *units: str) -> None:
    """Counties with three schools each (one, unless told otherwise), and the bureau's file about them."""
    for unit in units or (UNIT,):
        _write_census(landing / unit / "2020-2021", unit)
        _write_spring(landing / unit / "2020春", unit)
    people = [[NAMES[unit], 2020, age, 24] for unit in units or (UNIT,) for age in (3, 4, 5)]
    bureau = landing / "433100" / "2020"
    write_csv(bureau / "学龄人口.csv", "2020年学龄人口", ["县市", "年度", "年龄", "常住人口"], people)


def _write_census(folder: Path, unit: str) -> None:
    name = NAMES[unit]
    write_xlsx(folder / "学校名录.xlsx", f"{name}2020-2021学年学校名录", SCHOOL_HEADER, schools(unit))
    write_ledger(folder / "班级台账.xlsx", classes(unit))
    write_csv(folder / "毕业生去向.csv", f"{name}2020届毕业生去向", LEAVER_HEADER, [
        [school("21", unit), "2020-2021", 100, 55, 30, 10, 2, "", "", "", "", "", "", ""],
        [school("36", unit), "2020-2021", 200, "", "", "", "", 90, 100, 2, 1, 1, 6, 85],
    ], encoding="gb18030")  # fmt: skip
    write_csv(folder / "适龄残疾儿童少年.csv", f"{name}2020-2021学年适龄残疾儿童少年", [
        "县市", "学年", "残疾类别", "适龄人数", "特教学校就读", "随班就读", "附设特教班", "送教上门"], [
        [name, "2020-2021", "视力残疾", 10, 4, 4, 0, 1], [name[:2], "2020-2021", "听力", 5, 5, 0, 0, 0],
        [unit, "2020-2021", "智力", 5, 0, 5, 0, 0], [name, "2020-2021", "其他", 50, 0, 0, 0, 0]])  # fmt: skip


def _write_spring(folder: Path, unit: str) -> None:
    name = NAMES[unit]
    write_csv(folder / "校历.csv", f"{name}2020年春季学期校历", ["县市", "学年", "学期", "学段", "开学日期"],
              [[name, "2019-2020", "春季学期", "小学", "2020年4月20日"]])  # fmt: skip
    write_csv(folder / "资助发放台账.csv", f"{name}2020年春季学期资助发放花名册", PAYMENT_HEADER, payments(unit))
