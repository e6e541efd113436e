"""The gate: a bad file costs its unit its news, never its last version, and never another unit anything."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.pipelines.handmade import (
    CLASS_HEADER,
    KINDERGARTEN,
    OTHER,
    PAYMENT_HEADER,
    PRIMARY,
    UNIT,
    classes,
    ledger_of,
    payments,
    person,
    school,
    write_csv,
    write_ledger,
    write_prefecture_of_three,
)
from tests.pipelines.homes import Home, Row
from tests.pipelines.persons import LOOKS, kept_files, persons_in

pytestmark = pytest.mark.xdist_group("two")
LARGE, CHILDREN, DISABLED = "compulsory_large_classes", "public_kindergarten_share", "three_disabilities_enrolment"
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage\0".encode("utf-16-le")
UNREADABLE = {
    "class_ledger": ("班级台账.xlsx", bytes(range(128, 256)) * 40, "文件的文字编码无法识别"),
    "disabled_children": ("适龄残疾儿童少年.csv", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n", "文件是 PDF 文件"),
    "graduate_destinations": ("毕业生去向.csv", ENCRYPTED.ljust(2048, b"\0"), "文件设有打开密码"),
    "school": ("学校名录.xlsx", b"", "文件是空的"),
}


def nameless(home: Home) -> Path:
    """Where the other county's class ledger lies, under a name that says nothing."""
    return home.landing / OTHER / "附件1.xlsx"


def a_class(no: int, pupils: object = 40, code: str = PRIMARY) -> list[object]:
    return [code, "2020-2021", "小学", "二年级", str(no), "普通", pupils]


def without_maturity(rows: Sequence[Row]) -> list[Row]:
    """The rows without what tells how sure they are: an explanation names the units whose figures are provisional."""
    told = {"maturity", "explanation_zh"}
    return [{name: value for name, value in row.items() if name not in told} for row in rows]


def state_of(home: Home, unit: str, dataset: str = "class_ledger") -> str:
    """How a unit's dataset stands; command and warehouse say the same."""
    told = json.loads(home.command("status", "--year", "2020", "--format", "json").stdout)["places"]
    (place,) = [row for row in told if (row["unit"], row["dataset"]) == (unit, dataset)]
    assert place["state"] == home.place(unit, dataset)["state"]
    return str(place["state"])


def states(home: Home, unit: str, dataset: str = "class_ledger") -> list[tuple[int | None, str]]:
    """Version and state of each file that a unit sent; one that was never read has no version."""
    return [(row["version"], row["state"]) for row in home.submissions(unit, dataset)]


def figure(home: Home, indicator: str, region: str) -> tuple[object, str]:
    row = home.figure(indicator, region)
    return row["numerator"], row["maturity"]


def test_what_cannot_be_read_leaves_the_last_version_standing_until_mended(two: Home, two_counties: Home) -> None:
    census, facts = two.landing / UNIT / "2020-2021", two.facts()
    for name, content, _ in UNREADABLE.values():
        (census / name).write_bytes(content)
    result = two.run(2020)
    assert result.exit_code == 1
    for dataset, (name, _, reason) in UNREADABLE.items():
        assert f"需处理 {UNIT}/2020-2021/{name}：{reason}" in result.stderr
        assert (state_of(two, UNIT, dataset), state_of(two, OTHER, dataset)) == ("stale", "accepted")
        assert two.place(UNIT, dataset)["version"] == 1
    assert result.stderr.count("需处理") == len(UNREADABLE)
    assert states(two, UNIT) == [(None, "returned"), (1, "accepted")]
    after = two.facts()
    assert without_maturity(after) == without_maturity(facts)
    assert without_maturity(two.verdicts()) == without_maturity(two_counties.verdicts())
    changed = [row for row in after if row not in facts]
    assert {row["maturity"] for row in changed} == {"provisional"}
    assert {row["region_code"] for row in changed} == {UNIT, KINDERGARTEN, PRIMARY, school("36")}
    assert {LARGE, CHILDREN, DISABLED} <= {row["indicator_id"] for row in changed}
    shutil.copytree(two_counties.landing / UNIT, two.landing / UNIT, dirs_exist_ok=True)
    write_ledger(ledger_of(two.landing), [*classes(), a_class(1, 56)])
    result = two.run(2020)
    assert (result.exit_code, "需处理" in result.stderr) == (0, False)
    assert [state_of(two, UNIT, dataset) for dataset in UNREADABLE] == ["accepted"] * 4
    assert states(two, UNIT) == [(None, "returned"), (1, "superseded"), (2, "accepted")]
    assert (figure(two, LARGE, UNIT), figure(two, DISABLED, UNIT)) == ((2, "confirmed"), (19, "confirmed"))
    assert two.figure(LARGE)["numerator"] == 3


def test_a_nameless_file_stands_for_what_lay_in_its_place_and_keeps_no_one_from_their_news(
    two: Home, two_counties: Home
) -> None:
    content = nameless(two).read_bytes()
    nameless(two).write_bytes(b"%PDF-1.7 ")
    write_ledger(ledger_of(two.landing), [*classes(), a_class(1, 56)])
    assert two.run(2020).exit_code == 1
    assert (state_of(two, OTHER), state_of(two, UNIT)) == ("stale", "accepted")
    assert figure(two, LARGE, OTHER) == (1, "provisional")
    assert figure(two, LARGE, UNIT) == (2, "confirmed")
    nameless(two).write_bytes(content)
    assert two.run(2020).exit_code == 0
    assert (states(two, OTHER), state_of(two, OTHER)) == ([(None, "returned"), (1, "accepted")], "accepted")
    assert figure(two, LARGE, OTHER) == (1, "confirmed")


def test_more_than_a_fifth_of_bad_rows_and_five_at_least_return_a_file(two: Home, two_counties: Home) -> None:
    theirs = school("21", OTHER)
    write_ledger(ledger_of(two.landing), [a_class(no, "四十" if no < 5 else 60) for no in range(24)])
    write_ledger(nameless(two), [a_class(no, "四十" if no < 5 else 60, theirs) for no in range(25)])
    result = two.run(2020)
    assert result.exit_code == 1
    assert f"需处理 {UNIT}/2020-2021/班级台账.xlsx：24 行中有问题的行超过 20%，整份退回。" in result.stderr
    assert (states(two, UNIT), state_of(two, UNIT)) == ([(1, "accepted"), (2, "returned")], "stale")
    assert counts(two, UNIT) == (24, 0, 24)
    bad = {f["cell"] for f in two.findings("class_ledger.pupils.typed") if f["unit_code"] == UNIT}
    assert sorted(bad) == [f"G{row}" for row in range(3, 8)]
    assert figure(two, LARGE, UNIT) == (1, "provisional")
    assert figure(two, CHILDREN, UNIT) == (60, "provisional")
    assert (counts(two, OTHER), state_of(two, OTHER)) == ((25, 20, 5), "accepted_with_findings")
    assert figure(two, LARGE, OTHER) == (20, "confirmed")
    write_ledger(ledger_of(two.landing), [a_class(no, 60) for no in range(24)])
    write_ledger(nameless(two), [a_class(no, 0 if no < 4 else 60, theirs) for no in range(5)])
    assert two.run(2020).exit_code == 0
    assert states(two, UNIT) == [(1, "accepted"), (2, "returned"), (3, "accepted")]
    assert (state_of(two, UNIT), figure(two, LARGE, UNIT)) == ("accepted", (24, "confirmed"))
    assert (counts(two, OTHER), figure(two, LARGE, OTHER)) == ((5, 1, 4), (1, "confirmed"))


def counts(home: Home, unit: str) -> tuple[int, int, int]:
    """Rows of a unit's newest class ledger that were read, accepted and put into quarantine (titles not counted)."""
    newest = home.submissions(unit, "class_ledger")[-1]
    return newest["rows_read"] - newest["rows_ignored"], newest["rows_accepted"], newest["rows_quarantined"]


def test_a_correction_by_school_replaces_that_school_and_known_bytes_nothing(two: Home) -> None:
    mending, first = two.landing / UNIT / "更正", ledger_of(two.landing).read_bytes()
    mending.mkdir()
    write_ledger(mending / "幼儿园班级台账.xlsx", [[KINDERGARTEN, "2020-2021", "幼儿园", "小班", "1", "", 31]])
    shutil.copy(nameless(two), two.landing / OTHER / "副本.xlsx")
    assert two.run(2020).exit_code == 0
    assert (states(two, UNIT), states(two, OTHER)) == ([(1, "accepted"), (2, "accepted")], [(1, "accepted")])
    assert (figure(two, CHILDREN, UNIT), figure(two, LARGE, UNIT)) == ((31, "confirmed"), (1, "confirmed"))
    assert (figure(two, CHILDREN, OTHER), two.figure(CHILDREN)["numerator"]) == ((60, "confirmed"), 91)
    write_ledger(mending / "小学班级台账.xlsx", [a_class(1, 60), a_class(2, 61)])
    assert two.run(2020).exit_code == 0
    assert states(two, UNIT) == [(1, "superseded"), (2, "accepted"), (3, "accepted")]
    assert (figure(two, CHILDREN, UNIT), figure(two, LARGE, UNIT)) == ((31, "confirmed"), (2, "confirmed"))
    facts = two.facts()
    (mending / "再报班级台账.xlsx").write_bytes(first)
    assert two.run(2020).exit_code == 0
    assert states(two, UNIT) == [(1, "superseded"), (2, "accepted"), (3, "accepted")]
    assert (state_of(two, UNIT), two.facts()) == ("accepted", facts)


def test_a_first_file_that_is_returned_leaves_a_gap_that_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_prefecture_of_three(home.landing, UNIT, OTHER)
    ledger_of(home.landing).write_bytes(ENCRYPTED)
    assert home.run(2020).exit_code == 1
    assert (state_of(home, UNIT), state_of(home, OTHER)) == ("returned", "accepted")
    ours, whole = home.figure(LARGE, UNIT), home.figure(LARGE)
    assert (ours["numerator"], ours["missing_units"], ours["maturity"]) == (None, UNIT, "provisional")
    assert (whole["numerator"], whole["maturity"], figure(home, LARGE, OTHER)) == (1, "provisional", (1, "confirmed"))
    assert UNIT in whole["missing_units"].split(",")
    assert OTHER not in whole["missing_units"].split(",")
    assert figure(home, DISABLED, UNIT) == (19, "confirmed")
    told = {(row["commitment_id"], row["region_code"]): row for row in home.verdicts()}
    assert (told["T09a", UNIT]["verdict"], told["T09a", "433100"]["verdict"]) == ("no_data", "met")
    assert "古丈县" in told["T09a", "433100"]["explanation_zh"]


def test_strange_counties_and_strange_files_are_told(two: Home) -> None:
    here, there, header = school("21"), school("21", OTHER), ["县市", *CLASS_HEADER]
    strange = [["吉首市", *a_class(1, 60, there)], ["古丈县", *a_class(2, 60, here)]]
    write_csv(two.landing / UNIT / "2020-2021" / "补报班级台账.csv", "补报班级台账", header, strange)
    theirs = [["吉首市", *a_class(7, 60, there)]]
    write_csv(two.landing / "433100" / "2020-2021" / "班级台账.csv", "班级台账", header, theirs)
    path = two.landing / UNIT / "2020" / "附件3.csv"
    write_csv(path, "汇总表", ["学校标识码", "经费（万元）"], [[PRIMARY, 12]])
    result = two.run(2020)
    assert result.exit_code == 1
    assert f"需处理 {UNIT}/2020/附件3.csv：看不出这是哪一种报表；最接近《" in result.stderr
    assert "没有它自己的栏目" in result.stderr
    (told,) = two.findings("intake.unrecognised")
    assert (told["severity"], told["unit_code"], told["dataset"]) == ("must_fix", UNIT, None)
    (told,) = two.findings("class_ledger.county_code.of_sender")
    assert (told["severity"], told["unit_code"], told["cell"]) == ("must_fix", UNIT, "A3")
    assert states(two, UNIT) == [(1, "accepted"), (2, "accepted_with_findings")]
    # The correction by school replaced the class of 56; of Jishou, its own class and the one that the bureau told.
    assert (two.figure(LARGE, UNIT)["numerator"], two.figure(LARGE, OTHER)["numerator"]) == (1, 2)
    path.unlink()
    result = two.run(2020)
    assert (result.exit_code, "附件3" in result.stderr) == (0, False)


def test_a_number_of_a_person_in_a_wrong_cell_goes_no_further(two: Home) -> None:
    number, account = person("20110401", 41), "9433199201100000417"
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    spoilt = {
        "student_id": (4, wrong),
        "category": (6, account),
        "project": (7, f"G{number}"),
        "amount_due": (8, number),
    }
    rows = payments()
    for at, (column, cell) in enumerate(spoilt.values()):
        row = payments()[0]
        row[4] = person("20110402", 60 + at)
        row[column] = cell
        rows.append(row)
    write_csv(two.landing / UNIT / "2020春" / "资助发放台账.csv", "资助发放台账", PAYMENT_HEADER, rows)
    assert two.run(2020).exit_code == 0
    told = {f["rule_id"]: f["cell"] for f in two.findings() if f["severity"] == "must_fix"}
    assert told == {
        f"aid_payments.{name}.typed": f"{'ABCDEFGHI'[column]}{at}"
        for at, (name, (column, _)) in enumerate(spoilt.items(), start=6)
    }
    hidden = dict.fromkeys(LOOKS, frozenset({number, wrong, account}))
    assert [path for path in kept_files(two.home) if persons_in(path, hidden)] == []
