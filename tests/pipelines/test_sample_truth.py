"""The sample prefecture through the whole job: figures equal the truth, no row is lost, a second run reads nothing."""

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

import dagster as dg
import openpyxl
import pytest
import sqlalchemy as sa

from assets.staged_assets import SUBMISSIONS
from expectations.plan import load_plans
from expectations.regions import PREFECTURE
from tests.pipelines.homes import Figure, Home, Row
from tests.samples.landed import as_text, decoded, header_of
from warehouse.connect import reading
from warehouse.schema import fact_indicator, finding, submission

pytestmark = pytest.mark.xdist_group("sample")
Key = tuple[str, int, str, str]
FILES = 749
WORKBOOKS = 12
SENDER = "433123"  # the county whose schools send their census workbooks
TOP = 12  # the header stands in the first lines of any file of the sample
LAST_ROW = re.compile(r'<row r="(\d+)"')
COUNTED = ("rows_read", "rows_accepted", "rows_quarantined", "rows_ignored")


def exact(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def truth_of(sample: Home) -> dict[Key, Figure]:
    with (sample.root / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["indicator_id"], int(row["year"]), row["level"], row["region_code"]):
            (exact(row["numerator"]), exact(row["denominator"])) for row in csv.DictReader(file)
        }  # fmt: skip


def with_data(facts: Iterable[Row]) -> dict[Key, Figure]:
    return {
        (row["indicator_id"], row["year"], row["level"], row["region_code"]): (row["numerator"], row["denominator"])
        for row in facts if row["numerator"] is not None
    }  # fmt: skip


def test_every_figure_is_the_truth_and_no_figure_lacks_one(sample: Home) -> None:
    truth, found = truth_of(sample), with_data(sample.facts())
    assert Counter(key[2] for key in truth).keys() == {"school", "county", "prefecture"}
    assert len(truth) > 3000
    assert found == truth


def test_no_data_is_told_as_such(sample: Home) -> None:
    blank = [row for row in sample.facts() if row["numerator"] is None]
    assert blank
    assert {row["value"] for row in blank} == {None}


def test_every_commitment_of_the_plan_has_a_verdict_of_the_prefecture(sample: Home) -> None:
    judged = [row for row in sample.verdicts() if row["region_code"] == PREFECTURE]
    assert sorted(row["commitment_id"] for row in judged) == sorted(c.id for c in load_plans()[2020].commitments)
    assert {row["year"] for row in judged} == {2020}
    assert {row["verdict"] for row in judged} == {"met", "missed"}


def test_rows_read_are_accepted_quarantined_or_ignored(sample: Home) -> None:
    rows = sample.rows(submission)
    assert len({row["submission_id"] for row in rows}) == FILES
    assert len(rows) == len({(row["submission_id"], row["dataset"], row["period"]) for row in rows}) > FILES
    workbooks = {row["submission_id"] for row in rows if row["dataset"] == "census_cell"}
    for row in rows:
        assert row["rows_read"] == row["rows_accepted"] + row["rows_quarantined"] + row["rows_ignored"], row
        assert row["state"] in {"accepted", "accepted_with_findings"}
        assert row["version"] == 1 or workbooks and row["unit_code"] == SENDER


def test_no_row_of_any_file_is_lost(sample: Home) -> None:
    read: Counter[tuple[str, str]] = Counter()
    receptions = sample.settings.house().ledger.receptions()
    for row in sample.rows(submission):  # a file of several months has a row for each
        read[row["submission_id"], row["dataset"]] += row["rows_read"]
    counted = {
        (r.submission_id, r.dataset): figures_in(path) if r.parts else rows_below_header(path, r.dataset or "")
        for r in receptions
        for path in [sample.landing / r.path]
    }
    assert len(counted) == FILES
    assert {key: read[key] for key in counted} == counted


def test_the_planted_difference_of_two_sources_is_found_and_no_other(sample: Home) -> None:
    found = [
        row for row in sample.rows(finding) if ".sources_agree" in row["rule_id"] or "in_workbook" in row["rule_id"]
    ]
    assert {(row["rule_id"], row["sheet"], row["cell"]) for row in found} == {
        ("facilities.books.sources_agree", "基础基521", "G8")
    }
    assert sorted(row["submission_id"][:6] for row in found) == [SENDER] * 2


def figures_in(path: Path) -> int:
    """Figures with codes in a census workbook, counted without the product's readers."""
    book = openpyxl.load_workbook(path, read_only=True)
    many = 0
    for sheet in book.worksheets[2:]:
        lines = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
        start = next((row for row, line in enumerate(lines) if "乙" in line), None)
        if start is not None and sheet.title != "基础基332":  # causes of death are never read
            behind = lines[start].index("乙") + 1
            many += sum(bool(re.fullmatch(r"[0-9.]+", cell)) for line in lines[start + 1 :] for cell in line[behind:])
    book.close()
    return many


def rows_below_header(path: Path, dataset: str) -> int:
    """Lines or rows below the header, counted without the product's readers: blank ones and totals too."""
    if path.suffix == ".csv":
        lines = list(csv.reader(decoded(path).splitlines()))
        return len(lines) - header_of(lines, dataset)[0] - 1
    book = openpyxl.load_workbook(path, read_only=True)
    top = [[as_text(cell) for cell in line] for line in islice(book.worksheets[0].iter_rows(values_only=True), TOP)]
    book.close()
    with zipfile.ZipFile(path) as parts:
        numbers = LAST_ROW.findall(parts.read("xl/worksheets/sheet1.xml").decode())
    return int(numbers[-1]) - header_of(top, dataset)[0] - 1


@dataclass(frozen=True)
class State:
    """What must not change in a run without news."""

    facts: list[Row]
    verdicts: list[Row]
    raw: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, home: Home) -> "State":
        """The newest release, and the raw files with inode and time of change."""
        raw = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in home.home.rglob("raw/*/*.parquet")}
        return cls(home.facts(), home.verdicts(), raw)


@pytest.fixture(scope="module")
def rerun(sample: Home) -> tuple[State, State]:
    """Before and after a second run, of every open year."""
    before = State.of(sample)
    assert sample.run().exit_code == 0
    return before, State.of(sample)


def test_a_second_run_reads_nothing_again(sample: Home, rerun: tuple[State, State]) -> None:
    before, after = rerun
    assert FILES - WORKBOOKS < len(before.raw) < FILES  # workbooks that are read at one time lie in one file
    assert after.raw == before.raw
    with dg.DagsterInstance.from_config(str(sample.settings.dagster_home)) as instance:
        event = instance.get_latest_materialization_event(SUBMISSIONS)
    assert event is not None and event.asset_materialization is not None
    told = event.asset_materialization.metadata
    assert (told["files"].value, told["read_now"].value, told["submissions"].value) == (FILES, 0, FILES)


def test_a_second_run_publishes_the_same(rerun: tuple[State, State]) -> None:
    before, after = rerun
    assert after.facts == before.facts
    assert after.verdicts == before.verdicts


def test_a_year_that_a_run_does_not_compute_is_carried_over_unchanged(sample: Home) -> None:
    columns = [column for column in fact_indicator.c if column.name != "release_id"]
    query = sa.select(*columns).where(fact_indicator.c.year == 2019).order_by(*columns[:3])
    engine = sample.settings.house().engine()
    with reading(engine) as connection:
        # The first release is that of 2019 alone; the second computed 2020 and took 2019 over.
        first, second = (connection.execute(query.where(fact_indicator.c.release_id == n)).all() for n in (1, 2))
    engine.dispose()
    assert len(first) > 1000
    assert second == first


def plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}".removesuffix(".0000")


def test_figures_of_the_sample_stand_as_committed(sample: Home, golden: Callable[[str, str], None]) -> None:
    rows = sorted(
        (r for r in sample.facts() if r["region_code"] == PREFECTURE), key=lambda r: (r["indicator_id"], r["year"])
    )
    lines = [f"{r['indicator_id']},{r['year']},{plain(r['numerator'])},{plain(r['denominator'])}" for r in rows]
    golden("sample_figures.csv", "\n".join(["indicator,year,numerator,denominator", *lines, ""]))


def test_rows_of_the_sample_stand_as_committed(sample: Home, golden: Callable[[str, str], None]) -> None:
    sums: dict[str, Counter[str]] = {}
    for row in sample.rows(submission):
        counts = {name: row[name] for name in COUNTED} | {"submissions": 1}
        sums.setdefault(row["dataset"], Counter()).update(counts)
    head = ("submissions", *COUNTED)
    lines = [",".join([dataset, *(str(sums[dataset][name]) for name in head)]) for dataset in sorted(sums)]
    golden("sample_rows.csv", "\n".join([",".join(("dataset", *head)), *lines, ""]))
