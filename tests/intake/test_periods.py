from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.intake.periods import Told, end_of, month_of, school_year_of, strongest, told_by, told_by_path


@pytest.mark.parametrize(
    "text",
    ["2019-2020", "2019—2020学年", "2019/2020", "2019学年", "２０１９－２０２０学年度", "2019 - 2020 学年",
     "2019-20学年", "2019至2020学年", "2019年-2020年", "2019学年度"],
)  # fmt: skip
def test_school_year_of_a_cell(text: str) -> None:
    assert school_year_of(text) == "2019-2020"


@pytest.mark.parametrize("text", ["2019", "2019年", "2019-2021", "2020-2019", "学年", "2019-20", "3月", "19-20学年"])
def test_no_school_year_in_a_cell(text: str) -> None:
    assert school_year_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["2020-03", "2020年3月", "2020年03月", "2020.03", "2020.3", "202003", "2020/3", "2020-03-01", "2020-03-01 00:00:00",
     "二〇二〇年三月", "２０２０年３月", "2020年3月份", "2020 年 3 月", "2020/3/1 0:00", "2020年3月1号"],
)  # fmt: skip
def test_month_of_a_cell(text: str) -> None:
    assert month_of(text) == "2020-03"


@pytest.mark.parametrize("text", ["3月", "2020-13", "2020-00", "2020", "202013", "2020春"])
def test_no_month_in_a_cell(text: str) -> None:
    assert month_of(text) is None


@pytest.mark.parametrize(("text", "month"), [("二〇二〇年十月", "2020-10"), ("二〇一九年十二月", "2019-12")])
def test_months_in_chinese_figures(text: str, month: str) -> None:
    assert month_of(text) == month


@pytest.mark.parametrize(
    ("text", "school_year", "term"),
    [
        ("湘西州2020-2021学年班级台账", "2020-2021", ""),
        ("2020春", "2019-2020", "spring"),
        ("2020秋", "2020-2021", "autumn"),
        ("2020年春季学期资助发放台账", "2019-2020", "spring"),
        ("2019-2020学年第二学期", "2019-2020", "spring"),
        ("2019-2020学年度下学期资助", "2019-2020", "spring"),
        ("2020—2021学年上学期", "2020-2021", "autumn"),
        ("2019-2020春", "2019-2020", "spring"),
        ("2020届毕业生去向", "2020-2021", ""),
        ("2020年毕业生去向统计表", "2020-2021", ""),
        ("2020年初中毕业生去向", "2020-2021", ""),
    ],
)
def test_terms_and_school_years_in_titles(text: str, school_year: str, term: str) -> None:
    told = told_by(text)
    assert (told.school_year, told.term) == (school_year, term)


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2020年体育场地台账", "2020", ""),
        ("场地_2020", "2020", ""),
        ("体育场地（2020）", "2020", ""),
        ("营养改善计划月报 2020年9月", "2020", "2020-09"),
        ("2020-09", "2020", "2020-09"),
        ("202009", "2020", "2020-09"),
    ],
)
def test_years_and_months_in_titles(text: str, year: str, month: str) -> None:
    told = told_by(text)
    assert (told.school_year, told.term, told.year, told.month) == ("", "", year, month)


@pytest.mark.parametrize(
    "text",
    ["附件1：湘教发〔2019〕12号", "填报单位：吉首市   填报日期：2020年9月12日", "制表时间2020-09-12",
     "春雨小学名单", "2019级学生", "433101", "2018-2020年汇总", "身份证 433199201203150019"],
)  # fmt: skip
def test_titles_that_say_nothing_of_time(text: str) -> None:
    assert told_by(text) == Told()


def test_a_school_year_names_no_calendar_year() -> None:
    assert told_by("2019-2020学年学校名录").year == ""


def test_an_ordinal_term_of_a_calendar_year_says_no_term() -> None:
    assert told_by("2020年上学期资助名册").term == ""
    assert told_by("上学期资助名册").term == "autumn"


def test_a_festival_is_no_term() -> None:
    assert told_by("2020年春节慰问活动").term == ""


def test_the_day_of_a_title_counts_and_that_of_a_file_name_does_not() -> None:
    assert told_by("截至2020年9月1日").day == "2020-09-01"
    assert told_by("报送2021-01-18", days=False) == Told()
    assert told_by("截至2019年2月29日").day == ""
    assert told_by("截至2020年2月29日").day == "2020-02-29"


def test_file_name_comes_before_folders_and_the_units_folder_says_nothing() -> None:
    told = strongest(told_by_path("433101/2019-2020/2020春/资助（2020-2021学年秋季学期）.xlsx"))
    assert (told.school_year, told.term) == ("2020-2021", "autumn")
    assert strongest(told_by_path("433101/2020-2021/a.xlsx")).school_year == "2020-2021"
    assert strongest(told_by_path("433101/a.xlsx")) == Told()


def test_a_weaker_source_completes_only_what_it_does_not_contradict() -> None:
    title = Told(school_year="2019-2020")
    assert strongest([title, told_by("2020春")]).term == "spring"
    assert strongest([title, told_by("2020秋")]).term == ""
    assert strongest([Told(term="spring"), told_by("2020秋")]) == Told(term="spring", year="2020")


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2019-2020", date(2020, 8, 31)),
        ("2019-2020-spring", date(2020, 8, 31)),
        ("2019-2020-autumn", date(2020, 2, 29)),
        ("2020-2021-autumn", date(2021, 2, 28)),
        ("2020", date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 29)),
        ("2019-02", date(2019, 2, 28)),
        ("0000", date(1, 12, 31)),
        ("9999-10000", date(9999, 8, 31)),
    ],
)
def test_last_day_of_a_period(period: str, last: date) -> None:
    assert end_of(period) == last


@given(st.integers(1990, 2050), st.sampled_from("-—/~－"), st.sampled_from(["", "学年", "学年度"]))
def test_every_spelling_of_a_school_year_is_one(first: int, dash: str, end: str) -> None:
    text = f"{first}{dash}{first + 1}{end}"
    assert school_year_of(text) == told_by(f"表{text}台账").school_year == f"{first}-{first + 1}"


@given(st.text(max_size=40))
def test_any_text_can_be_asked(text: str) -> None:
    told = told_by(text)
    assert not told.school_year or int(told.school_year[5:]) == int(told.school_year[:4]) + 1
    school_year_of(text)
    month_of(text)


def test_blanks_without_end_take_no_time() -> None:
    start = process_time()
    assert month_of(f"2020年{' ' * 32_000}3月 8:00") == "2020-03"
    assert process_time() - start < 1
