"""`xiangxi check` says what the night says, one for one, and leaves no trace."""

import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click import unstyle

from assets.checking.files import files_to_check
from expectations.regions import load_regions
from tests.intake import forms
from tests.pipelines.handmade import (
    OTHER,
    PRIMARY,
    SCHOOL_HEADER,
    UNIT,
    classes,
    ledger_of,
    payments,
    person,
    school,
    schools,
    write_csv,
    write_ledger,
    write_xlsx,
)
from tests.pipelines.handmade import PAYMENT_HEADER as PAID
from tests.pipelines.homes import Home, Row, xiangxi
from warehouse.schema import submission

pytestmark = pytest.mark.xdist_group("two")
SAID = ("finding_id", "submission_id", "dataset", "period", "rule_id", "severity", "sheet", "row", "column_name",
        "cell", "message", "how_to_fix", "state", "explanation_id")  # fmt: skip


def told(home: Path, *words: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and files of a check as JSON tells them."""
    result = xiangxi("check", *words, "--home", home, "--format", "json")
    return result.exit_code, json.loads(result.stdout)["files"]


def of_check(files: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found = [finding | {"submission_id": file["submission_id"]} for file in files for finding in file["findings"]]
    return sorted((tuple(finding[name] or None for name in SAID) for finding in found), key=str)


def of_night(rows: Iterable[Row], submissions: set[str]) -> list[tuple[Any, ...]]:
    mine = [row for row in rows if row["submission_id"] in submissions]
    return sorted((tuple(row[name] or None for name in SAID) for row in mine), key=str)


Place = tuple[str, str | None, str | None]


def place_of(row: Row) -> Place:
    return row["submission_id"], row["dataset"], row["period"]


def states_of(files: Iterable[dict[str, Any]]) -> dict[Place, str]:
    told_of = (one | {"submission_id": file["submission_id"]} for file in files for one in file["periods"])
    return {place_of(one): one["state"] for one in told_of}


def spoil(root: Path) -> list[Path]:
    """Files of two counties as bad as files get, written below `root` as they would lie in landing."""
    ours, spring = root / UNIT / "2020-2021", root / UNIT / "2020春"
    a_class = [PRIMARY, "2020-2021", "小学", "二年级", "1", "普通"]
    write_ledger(ours / "班级台账.xlsx", [*classes(), [*a_class, "四十"], ["2143900009", *a_class[1:], 30]])
    write_ledger(root / OTHER / "附件1.xlsx", [[*a_class[:4], str(no), "普通", "四十"] for no in range(6)])
    write_xlsx(ours / "学校名录.xlsx", "古丈县2020-2021学年学校名录", SCHOOL_HEADER, schools()[1:])
    damaged, elsewhere = payments()[0], payments(OTHER)[0]
    damaged[4] = person("20110402", 60)[:-1] + "?"
    write_csv(spring / "资助发放台账.csv", "资助发放台账", PAID, [*payments(), damaged, elsewhere])
    (ours / "毕业生去向.csv").write_bytes(b"%PDF-1.7\n")
    boxes, counts = (
        forms.placed({**forms.BOXES, "D15": "111"}),
        ["总  计", "1", "30", *["", "31", "", "", "67", "30", "*", "20", "22", "25", "21"]],
    )
    sheets = {**forms.school(), "基础基111": boxes, "基础基311": forms.children(counts)}
    forms.workbook(ours / "本校普查.xlsx", sheets)
    write_csv(root / UNIT / "名单.csv", "", ["甲", "乙"], [["1", "2"]])
    header, first = (
        ["学校标识码", "学年", "学段", "年级", "学生数"],
        [school("21", OTHER), "2020-2021", "小学", "一年级"],
    )
    write_csv(root / OTHER / "在校生统计.csv", "2020-2021学年在校生统计", header, [[*first, 100]])
    return [root / UNIT, root / OTHER / "附件1.xlsx", root / OTHER / "在校生统计.csv"]


def test_what_check_says_of_the_worst_files_is_what_the_night_says(two: Home, tmp_path: Path) -> None:
    named = spoil(tmp_path / "desk")
    known = {row["submission_id"] for row in two.rows(submission)}
    (two.home / "run.lock").touch()
    before = everything_in(two.root)
    with (two.home / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, files = told(two.home, *named)
    assert code == 1
    assert before == everything_in(two.root)
    assert len(files) == 8
    shutil.copytree(tmp_path / "desk", two.landing, dirs_exist_ok=True)
    assert two.run(2020).exit_code == 1
    new = {row["submission_id"] for row in two.rows(submission)} - known
    assert {file["submission_id"] for file in files} == new
    assert of_check(files) == of_night(two.findings(), new)
    assert states_of(files) == {place_of(row): row["state"] for row in two.rows(submission) if place_of(row)[0] in new}
    assert {"class_ledger.school_code.dropped", "intake.too_many_bad_rows", "pupils_by_class.pupils"} <= {
        one[4] for one in of_check(files)
    }
    assert {"census_cell", "enrolment", "school"} <= {one["dataset"] for file in files for one in file["periods"]}
    assert {file["state"] for file in files} == {"accepted", "accepted_with_findings", "returned", "unrecognised"}


def everything_in(root: Path) -> dict[Path, tuple[int, int] | None]:
    """Every file below a folder with its size and time of change."""
    facts = ((path, path.lstat()) for path in root.rglob("*"))
    return {path: (fact.st_size, fact.st_mtime_ns) for path, fact in facts if stat.S_ISREG(fact.st_mode)}


def test_without_a_home_what_needs_a_list_is_not_asked_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
    write_ledger(tmp_path / UNIT / "班级台账.xlsx", classes())
    result = xiangxi("check", tmp_path / UNIT / "班级台账.xlsx", "--home", tmp_path / "none")
    assert (result.exit_code, (tmp_path / "none").exists()) == (0, False)
    assert list((tmp_path / "passing").iterdir()) == []
    assert "还没有报送过的数据" in result.stderr
    assert "没有本单位的学校名录，学校标识码未与名录核对。" in result.stdout
    assert "班级台账　2020-2021　预计已采用　读取 7 行 = 采用 7 + 隔离 0 + 忽略 0" in result.stdout


def test_a_list_among_the_files_is_the_one_that_rows_are_held_against(tmp_path: Path) -> None:
    write_ledger(tmp_path / UNIT / "班级台账.xlsx", [*classes(), ["2143900009", *classes()[2][1:]]])
    write_xlsx(tmp_path / UNIT / "学校名录.xlsx", "2020-2021学年学校名录", SCHOOL_HEADER, schools())
    code, files = told(tmp_path / "none", tmp_path / UNIT)
    assert code == 1
    assert {(one[4], one[8 + 1]) for one in of_check(files)} == {("class_ledger.school_code.listed", "A10")}
    assert [file["remarks"] for file in files] == [[], []]


def test_of_many_findings_the_first_are_shown_and_all_on_demand(tmp_path: Path) -> None:
    write_ledger(
        tmp_path / "班级台账.xlsx",
        [[PRIMARY, "2020-2021", "小学", "二年级", str(n), "普通", "四十"] for n in range(25)],
    )
    words = ["check", tmp_path / "班级台账.xlsx", "--unit", "古丈县", "--home", tmp_path / "none"]
    few, all_ = xiangxi(*words), xiangxi(*words, "--all")
    assert (few.exit_code, all_.exit_code) == (1, 1)
    assert "列出 20 条，共 26 条" in few.stdout
    assert ("G27" in few.stdout, "G27" in all_.stdout) == (False, True)
    assert f"按 {UNIT}/" in few.stdout
    assert "预计已退回" in few.stdout


def test_the_marked_workbooks_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    write_ledger(tmp_path / UNIT / "更正" / "班级台账.xlsx", [*classes(), [PRIMARY, *classes()[2][1:6], "四十"]])
    write_ledger(tmp_path / UNIT / "好.xlsx", classes()[:2])
    code, files = told(tmp_path / "none", tmp_path / UNIT, "--out", tmp_path / "out")
    marked = tmp_path / "out" / UNIT / "更正" / "班级台账-核查.xlsx"
    assert (code, {file["workbook"] for file in files}) == (1, {None, str(marked)})
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [marked]
    book = openpyxl.load_workbook(marked)
    assert "核查结果" in book.sheetnames
    assert book.worksheets[0]["G10"].comment or book.worksheets[1]["G10"].comment


def test_content_that_is_known_is_told_and_a_file_twice_is_one(two_counties: Home, tmp_path: Path) -> None:
    again = tmp_path / "副本.xlsx"
    shutil.copy(ledger_of(two_counties.landing), again)
    code, files = told(two_counties.home, again, again, tmp_path / "." / "副本.xlsx", "--unit", UNIT)
    assert (code, len(files), files[0]["state"]) == (0, 1, "accepted")
    assert files[0]["remarks"][0].startswith("同样的内容已在 ")


@pytest.mark.parametrize(
    ("words", "told_of"),
    [
        (["台账.csv"], "是哪个单位的？请加上--unit代码：433101吉首市、"),
        (["台账.csv", "--unit", "433102"], "没有填报单位“433102”；最接近的是"),
        (["没有.csv", "--unit", UNIT], "没有这个文件或文件夹："),
        (["空", "--unit", UNIT], "文件夹里没有可以核查的文件"),
        (["台账.csv", "--unit", UNIT, "--format", "csv"], "不认识“csv”"),
    ],
    ids=["whose", "unit", "missing", "empty", "format"],
)  # fmt: skip
def test_wrong_words_are_a_question(
    words: list[str], told_of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "台账.csv").write_text("甲,乙\n", "utf-8")
    (tmp_path / "空").mkdir()
    monkeypatch.chdir(tmp_path)
    result = xiangxi("check", *words, "--home", tmp_path / "none")
    assert result.exit_code == 2
    assert told_of in "".join(unstyle(result.stderr).replace("│", "").split())


def test_what_no_night_reads_is_told_with_its_reason(tmp_path: Path) -> None:
    folder = tmp_path / UNIT
    write_ledger(folder / "班级台账.xlsx", classes())
    (folder / "~$班级台账.xlsx").write_bytes(b"x")
    (folder / "大表.xlsx.part").write_bytes(b"x")
    (folder / "链接.xlsx").symlink_to(folder / "班级台账.xlsx")
    os.mkfifo(folder / "管道.csv")
    for hidden in (folder / ".旧", folder / "附件.PART"):
        hidden.mkdir()
        (hidden / "旧表.xlsx").symlink_to(folder / "班级台账.xlsx")
        write_ledger(hidden / "班级台账.xlsx", classes()[1:])
    named = [folder, folder / "~$班级台账.xlsx", folder / ".旧" / "班级台账.xlsx"]
    result = xiangxi("check", *named, "--home", tmp_path / "none", "--format", "json")
    found = json.loads(result.stdout)
    assert (result.exit_code, len(found["files"])) == (1, 1)
    assert {Path(one["file"]).name: one["reason"][:4] for one in found["passed_over"]} == {
        "链接.xlsx": "这是链接", "管道.csv": "这不是普", "~$班级台账.xlsx": "这是隐藏", "班级台账.xlsx": "它在隐藏",
    }  # fmt: skip


def test_a_file_out_of_a_hidden_folder_is_checked_where_no_landing_is(tmp_path: Path) -> None:
    write_ledger(tmp_path / ".邮件" / "班级台账.xlsx", classes())
    for named in (tmp_path / ".邮件", tmp_path / ".邮件" / "班级台账.xlsx"):
        ((file,), _) = files_to_check([named], UNIT, load_regions(), tmp_path / "landing")
        assert file.below == Path("班级台账.xlsx")
