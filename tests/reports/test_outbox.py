"""Where answers go in the outbox, and what the page of a unit says."""

import shutil
import stat
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assets.house import House
from assets.intake.reception import Reception
from assets.intake.take_in import take_in
from assets.reports.outbox import _placed, _said, fill_outbox
from assets.reports.outbox_page import FileLine, MissingLine, UnitPage
from assets.submitted.answers import Account, Answer
from pipelines.cli.run import tell_problems
from pipelines.settings import Settings


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
        ("433126/台账-核查.xlsx/表.csv", "433126/台账-核查.xlsx_/表-核查.xlsx"),
        ("433126/README-2020-09-01.HTML/表.csv", "433126/README-2020-09-01.HTML_/表-核查.xlsx"),
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
    named_alike = answer("433126/台账-10000000.csv", 3)
    assert len(_placed([named_alike, newest, older])) == 3


def page(days_over: int = 3, name: str = "台账") -> UnitPage:
    file = FileLine(f"433126/{name}-核查.xlsx", f"433126/{name}.csv", "班级台账", "已退回", 2, 1, 1, "“人数”<3。")
    missing = MissingLine("学校名录", ("2020-2021学年",), date(2020, 9, 20), days_over, int(days_over > 0))
    return UnitPage("古丈县", {"已退回": 1}, (file,), (missing,), (("433126/x.part", "还没有传完"),))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A home with two files that fit no contract, its outbox filled; its folders were open before."""
    root = tmp_path_factory.mktemp("outbox")
    made = Settings(home=root / "home", landing=root / "landing", processes=1).house()
    for name in ("甲", "名单-2020"):
        path = made.landing / "433126" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"甲,乙\n1,{name}\n", "utf-8")
    for folder in private(made):
        folder.mkdir(parents=True, mode=0o755)
    take_in(made.intake(), datetime(2020, 9, 10, tzinfo=UTC))
    made.explanations.record(made.ledger.receptions())
    assert fill_outbox(made, date(2020, 9, 22)).written == {"plain": 2}
    return made


def private(house: House) -> list[Path]:
    """Where names of persons may stand."""
    return [house.home / "outbox" / "433126", *(house.home / "lake" / n for n in ("explanations", "submissions"))]


def html(house: House, day: int) -> str:
    return (house.home / "outbox" / "433126" / f"README-2020-09-{day}.html").read_text("utf-8")


def test_only_the_owner_enters_where_persons_may_be_named(house: House) -> None:
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in private(house)} == {0o700}


def test_a_returned_workbook_is_no_list_whatever_its_name(house: House) -> None:
    assert (house.home / "outbox" / "433126" / "名单-2020-核查.xlsx").exists()
    assert "对照名单" not in html(house, 22)


def test_a_workbook_that_cannot_be_written_is_told_and_keeps_nothing_back(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, books = Settings(home=house.home, landing=house.landing), house.home / "outbox" / "433126"
    for path in books.glob("*-核查.xlsx"):
        path.unlink()
    (books / "甲-核查.xlsx" / "在这里").mkdir(parents=True)
    (house.home / "outbox" / ".books.json").unlink()
    filled = fill_outbox(house, date(2020, 9, 23))
    ((path, why),) = filled.failed.items()
    assert (path, filled.written) == ("433126/甲-核查.xlsx", {"plain": 1})
    assert why.startswith("IsADirectoryError < ") and "甲" not in why
    assert "没有写成" in html(house, 23)
    assert tell_problems(settings) and "outbox/433126/甲-核查.xlsx：核查文件没有写成" in capsys.readouterr().err
    shutil.rmtree(books / "甲-核查.xlsx")
    assert fill_outbox(house, date(2020, 9, 24)).written == {"plain": 1}
    tell_problems(settings)
    assert "没有写成" not in html(house, 24) + capsys.readouterr().err


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
