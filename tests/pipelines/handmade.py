"""A prefecture of three schools, written by hand as units write: small enough to work every truth out on paper."""

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl

KINDERGARTEN, PRIMARY, VOCATIONAL = "1143900001", "2143900001", "3643900001"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


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


SCHOOLS = [
    [KINDERGARTEN, "样例幼儿园", "2020-2021", "幼儿园", "县级教育部门", "", 90],
    [PRIMARY, "样例九年一贯制学校", "2020-2021", "九年一贯制学校", "县级教育部门", "", ""],
    [VOCATIONAL, "样例职业高中", "2020-2021", "职业高中学校", "县级教育部门", "", ""],
]
CLASSES = [
    [KINDERGARTEN, "2020-2021", "幼儿园", "小班", "1", "", 25],
    [KINDERGARTEN, "2020-2021", "幼儿园", "大班", "1", "", 35],
    [PRIMARY, "2020-2021", "小学", "一年级", "1", "普通", 45],
    [PRIMARY, "2020-2021", "小学", "一年级", "2", "", 46],
    [PRIMARY, "2020-2021", "小学", "一年级", "3", "复式", 50],
    [PRIMARY, "2020-2021", "初中", "七年级", "1", "普通", 50],
    [PRIMARY, "2020-2021", "初中", "八年级", "1", "普通", 56],
]
PUPILS = [person("20110105", 11), person("20110206", 12), person("20110307", 13)]
TERM = ["2019-2020", "春季", "小学"]
PAYMENTS = [
    # the term began on 20 April: 20 June is in time, 21 June is not
    [PRIMARY, *TERM, PUPILS[0], "是", "建档立卡", "生活补助", 625, 625, "2020-06-20", "成功", "6210001"],
    [PRIMARY, *TERM, PUPILS[1], "是", "低保", "生活补助", 625, 625, "2020-06-21", "成功", "6210002"],
    [PRIMARY, *TERM, PUPILS[2], "否", "建档立卡", "生活补助", 312.5, 0, "", "未发", "6210003"],
]  # fmt: skip
CLASS_HEADER = ["学校标识码", "学年", "学段", "年级", "班号", "班级类型", "学生数"]
LEAVER_HEADER = [
    "学校标识码", "学年", "毕业生数", "升入普通高中", "升入中等职业学校", "升入技工学校", "五年制高职",
    "升学", "直接就业", "自主创业", "参军", "其他就业", "待就业", "对口就业",
]  # fmt: skip


def write_prefecture_of_three(landing: Path, unit: str = "433126") -> None:
    """One county with three schools, and the bureau's files about it."""
    census = landing / unit / "2020-2021"
    write_xlsx(census / "学校名录.xlsx", "古丈县2020-2021学年学校名录",
               ["学校标识码", "学校名称", "学年", "办学类型", "举办者", "是否计校数", "学位数"], SCHOOLS)  # fmt: skip
    write_xlsx(census / "班级台账.xlsx", "古丈县2020-2021学年班级台账", CLASS_HEADER, CLASSES)
    write_csv(census / "毕业生去向.csv", "古丈县2020届毕业生去向", LEAVER_HEADER, [
        [PRIMARY, "2020-2021", 100, 55, 30, 10, 2, "", "", "", "", "", "", ""],
        [VOCATIONAL, "2020-2021", 200, "", "", "", "", 90, 100, 2, 1, 1, 6, 85],
    ], encoding="gb18030")  # fmt: skip
    write_csv(census / "适龄残疾儿童少年.csv", "古丈县2020-2021学年适龄残疾儿童少年", [
        "县市", "学年", "残疾类别", "适龄人数", "特教学校就读", "随班就读", "附设特教班", "送教上门"], [
        ["古丈县", "2020-2021", "视力残疾", 10, 4, 4, 0, 1], ["古丈", "2020-2021", "听力", 5, 5, 0, 0, 0],
        ["433126", "2020-2021", "智力", 5, 0, 5, 0, 0],
        ["古丈县", "2020-2021", "其他", 50, 0, 0, 0, 0]])  # fmt: skip
    spring = landing / unit / "2020春"
    write_csv(spring / "校历.csv", "古丈县2020年春季学期校历", ["县市", "学年", "学期", "学段", "开学日期"],
              [["古丈县", "2019-2020", "春季学期", "小学", "2020年4月20日"]])  # fmt: skip
    write_csv(spring / "资助发放台账.csv", "古丈县2020年春季学期资助发放花名册", [
        "学校标识码", "学年", "学期", "学段", "身份证号", "是否寄宿", "困难类型", "资助项目", "应发金额（元）",
        "实发金额（元）", "发放日期", "发放状态", "银行账号"], PAYMENTS)  # fmt: skip
    bureau = landing / "433100" / "2020"
    people = [["古丈县", 2020, age, 24] for age in (3, 4, 5)]
    write_csv(bureau / "学龄人口.csv", "2020年学龄人口", ["县市", "年度", "年龄", "常住人口"], people)
