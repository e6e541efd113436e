"""Where answers go in the outbox, and what the page of a unit says."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from assets.intake.reception import Reception
from assets.reports.outbox import _placed, _said
from assets.reports.outbox_page import FileLine, MissingLine, UnitPage
from assets.submitted.answers import Account, Answer


def answer(path: str, sequence: int = 1) -> Answer:
    sha = f"{sequence:064x}"[::-1]
    reception = Reception(
        submission_id=f"433126-{sha[:16]}", unit_code="433126", sha256=sha, path=path, sequence=sequence,
        received_at=datetime(2020, 9, 1, tzinfo=UTC), dataset=None, state="unrecognised", read_with="",
    )  # fmt: skip
    account = Account(reception.submission_id, None, None, "unrecognised", None, 0, 0, 0, 0)
    return Answer(reception, (account,), ())


@pytest.mark.parametrize(
    ("path", "placed"),
    [
        ("433126/台账.xlsx", "433126/台账-核查.xlsx"),
        ("433126/2020春/台账.csv", "433126/2020春/台账-核查.xlsx"),
        ("433126/台账-核查.xlsx", "433126/台账-核查.xlsx"),
        ("433126/台账", "433126/台账-核查.xlsx"),
        ("433126/" + "长" * 80 + "/" + "名" * 80 + ".xlsx", "433126/" + "长" * 66 + "/" + "名" * 66 + "-核查.xlsx"),
    ],
)  # fmt: skip
def test_an_answer_lies_where_its_file_lay(path: str, placed: str) -> None:
    assert list(_placed([answer(path)])) == [placed]


def test_two_answers_never_take_the_same_place() -> None:
    newest, older = answer("433126/台账.xlsx", 2), answer("433126/台账.csv", 1)
    assert _placed([newest, older]) == {
        "433126/台账-核查.xlsx": newest, "433126/台账-10000000-核查.xlsx": older,
    }  # fmt: skip


def page(days_over: int = 3, name: str = "台账") -> UnitPage:
    file = FileLine(f"433126/{name}-核查.xlsx", f"433126/{name}.csv", "班级台账", "已退回", 2, 1, 1, "“人数”<3。")
    missing = MissingLine("学校名录", ("2020-2021学年",), date(2020, 9, 20), days_over, int(days_over > 0))
    return UnitPage("古丈县", {"已退回": 1}, (file,), (missing,), (("433126/x.part", "还没有传完"),))


class Tags(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_tells_what_to_mend_and_what_is_missing() -> None:
    read = Tags(page(name="<script>alert(1)</script>").html(date(2020, 9, 23)))
    assert "script" not in read.tags
    wanted = [
        "古丈县", "已退回 1", "433126/<script>alert(1)</script>-核查.xlsx", "“人数”<3。", "说明不起作用", "学校名录",
        "2020-2021学年", "最早逾期 3 天", "缺报 1 项，其中已逾期 1 项", "433126/x.part：还没有传完",
    ]  # fmt: skip
    for told in wanted:
        assert told in read.text


def test_a_page_needs_no_network() -> None:
    html = page().html(date(2020, 9, 23))
    assert "default-src 'none'" in html
    assert {"link", "img", "script", "iframe"}.isdisjoint(Tags(html).tags)


def test_another_day_is_no_news_but_the_day_after_the_due_one_is() -> None:
    assert _said(page(3)) == _said(page(4)) != _said(page(0))
