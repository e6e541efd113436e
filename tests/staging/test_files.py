"""Files of the aid, sports and examination datasets: found by their own headers, read by type, without a finding."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.staging.desk import TOWN, Desk, listing

ADULT = "433199199001010018"
SENIOR, JUNIOR = "3443912601", "3143912601"
FILES: dict[str, tuple[str, list[Sequence[object]], str, dict[str, object]]] = {
    "student_loans": (
        "433126/2020/贷款.csv",
        [["县市", "乡镇", "身份证件号码", "合同号", "贷款年份", "贷款金额（元）", "贷款余额（元）", "应还本金",
          "应还利息", "逾期金额", "首贷", "结清日期"],
         ["古丈县", TOWN.name, ADULT, "H-1", "2018", "8,000", "6000.5", "2000", "120.25", "0", "否", ""]],
        "2020", {"amount": 800000, "balance": 600050, "first_loan": False, "township_code": TOWN.code},
    ),
    "loan_officers": (
        "433126/乡镇助贷员名册2020年.csv",
        [["所属县市", "所在乡镇", "助贷员姓名", "任职日期", "解聘日期"], ["古丈", TOWN.name, "甲", "2019年9月1日", ""]],
        "2020", {"appointed_on": date(2019, 9, 1), "ended_on": None, "county_code": "433126"},
    ),
    "trainees": (
        "433126/a.csv",
        [["2020年建档立卡学历教育学员"],
         ["县市", "身份证号", "就读学校", "学历层次", "入学时间", "毕业年份", "毕业", "就业"],
         ["古丈县", ADULT, "某职业学院", "大专", "2017.9", "2020", "是", "是"]],
        "2020", {"enrolled_on": "2017-09", "graduation_due": 2020, "graduated": True, "employed": True},
    ),
    "nutrition_meals": (
        "433126/2020-09/月报.csv",
        [["学校标识码", "学生数", "受益学生数", "供餐天数（天）", "供餐标准（元/人·天）", "拨付资金（万元）",
          "支出（元）"],
         [JUNIOR, 320, 300, 20, 4, "2.4", "23999.99"]],
        "2020-09", {"daily_rate": 400, "allocated": 2400000, "spent": 2399999, "month": "2020-09"},
    ),
    "coaches": (
        "433100/a.csv",
        [["教练证号", "教练员姓名", "县市", "运动项目", "年度", "教练员职称", "单位", "执教年份"],
         ["J1", "甲", "古丈县", "田径", "2020", "高级教练", "业余体校", "2009"]],
        "2020", {"title": "高级", "since": 2009, "unit_code": "433126"},
    ),
    "sports_instructors": (
        "433126/a.csv",
        [["证书号", "身份证号", "县市", "乡镇", "年度", "指导员等级", "授予单位", "授予日期", "年度服务次数（次）"],
         ["Z1", ADULT, "古丈县", TOWN.name, "2020", "三级", "古丈县文化旅游广电局", "2020-06-01", 32]],
        "2020", {"instructor_grade": "三级", "services": 32},
    ),
    "competition_results": (
        "433126/2020/a.csv",
        [["比赛名称", "届", "项目", "小项名称", "组别", "注册号", "名次", "县市区", "奖牌", "得分"],
         ["省青少年田径锦标赛", "第十七届", "田径", "100米", "", "R1", 1, "古丈县", "金牌", "9.5"]],
        "2020", {"edition": 17, "age_group": None, "medal": "金", "points": Decimal("9.5")},
    ),
    "signature_sports": (
        "433126/2020/一县一品.csv", [["县市", "一县一品项目", "起始年份"], ["古丈县", "武术", "2016"]],
        "2020", {"item": "武术", "since": 2016},
    ),
    "lottery_sales": (
        "433100/体育彩票.csv", [["县市", "年月", "销量（万元）"], ["古丈县", "202012", "35.126"]],
        "2020-12", {"sales": 35126000, "unit_code": "433126"},
    ),
    "exam_sittings": (
        "433100/2020/a.csv",
        [["县市", "考试类型", "考次", "考点", "标准化考点", "考场", "报考人数", "参考人数", "缺考人数", "违纪作弊人数"],
         ["古丈县", "学考", "", 2, 2, 40, 1000, 970, 30, 1]],
        "2020", {"exam": "学业水平考试", "session": None, "sat": 970},
    ),
    "admissions": (
        "433126/2020/a.csv",
        [["招生学校标识码", "生源学校标识码", "优质普通高中", "毕业生数", "指标生计划数", "指标生录取数"],
         [SENIOR, JUNIOR, "是", 120, 12, 11]],
        "2020", {"key_senior": True, "graduates": 120, "unit_code": "433126"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("dataset", FILES)
def test_a_file_is_found_by_its_headers_and_read_without_a_finding(dataset: str, tmp_path: Path) -> None:
    landed, lines, period, wanted = FILES[dataset]
    desk = Desk(tmp_path, {"433126": listing(SENIOR, JUNIOR)})
    reception = desk.arrives(landed, *lines)
    assert (reception.dataset, reception.notes) == (dataset, ())
    judged = desk.judged(dataset, period)
    assert judged.findings == []
    (row,) = judged.rows
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("written", "stored"),
    [("高考", "普通高考"), ("成考", "成人高考"), ("自考", "自学考试"), ("研考", "研究生招生考试"),
     ("教师资格面试", "教师资格面试"), ("中职公共课普测", "中职公共课普测")],
)  # fmt: skip
def test_examinations_are_known_by_their_short_names(written: str, stored: str, tmp_path: Path) -> None:
    landed, (header, row), period, _ = FILES["exam_sittings"]
    desk = Desk(tmp_path)
    desk.arrives(landed, header, [row[0], written, *row[2:]])
    assert [r["exam"] for r in desk.judged("exam_sittings", period).rows] == [stored]
