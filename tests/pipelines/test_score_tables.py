"""A published score table of a year without a plan: its own faults are told one by one, and every row counts."""

import csv
from pathlib import Path

import pytest

from tests.pipelines.homes import Home

pytestmark = pytest.mark.xdist_group("scores")
HEADER = ["province", "year", "subject_group", "batch", "score", "segment_count", "cumulative_count"]
WITHIN, ADDS_UP = "score_distribution.segment_within", "score_distribution.adds_up"

# province, subject group, batch: score, segment, cumulative, and the rule that a row breaks
GROUPS: dict[tuple[str, str, str], list[tuple[float, int, int, str]]] = {
    # lowest score first, and clean
    ("江西", "历史类", "本科批"): [(598, 5, 20, ""), (599, 6, 15, ""), (600, 4, 9, ""), (601, 5, 5, "")],
    # the first row says that score and above: any cumulative count will do
    ("湖南", "物理类", "本科批"): [(690, 8, 57, ""), (689, 3, 60, ""), (688, 10, 70, "")],
    # but not fewer than in the segment; then breaks, from which the sum goes on, one of them at an empty segment
    ("河北", "物理类", "本科批"): [
        (689, 85, 31, WITHIN), (688, 9, 40, ""), (687, 5, 46, ADDS_UP), (686, 4, 50, ""), (685, 0, 52, ADDS_UP),
        (684, 1, 53, ""),
    ],
    # an empty segment under the same cumulative count is none
    ("河北", "艺术类", "本科批"): [(300, 2, 2, ""), (299.5, 0, 2, ""), (299, 0, 2, ""), (298, 1, 3, "")],
    # a batch below the lowest score of another goes on from its sum: here its first row repeats the sum instead
    ("甘肃", "历史类", "本科"): [(422, 7, 23_000, ""), (421, 773, 23_773, "")],
    ("甘肃", "历史类", "专科"): [(420, 24_002, 24_002, ADDS_UP), (419, 8, 24_010, "")],
    # here it does
    ("甘肃", "物理类", "本科"): [(371, 4, 90_000, ""), (370, 622, 90_622, "")],
    ("甘肃", "物理类", "专科"): [(369, 351, 90_973, ""), (368, 27, 91_000, "")],
    # over the same scores it begins anew
    ("广东", "物理类", "本科批"): [(502, 30, 30, ""), (501, 10, 40, ""), (500, 5, 45, "")],
    ("广东", "物理类", "专科批"): [(502, 1, 1, ""), (501, 0, 1, ""), (499, 9, 10, "")],
}  # fmt: skip
ROWS = [(*group, *row) for group, rows in GROUPS.items() for row in rows]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The table in the bureau's folder, in UTF-8 with its mark, taken in by a run that names no year."""
    home = Home(tmp_path_factory.mktemp("scores"))
    path = home.landing / "433100" / "score_distribution.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADER, *([p, 2024, s, b, f"{score:g}", n, c] for p, s, b, score, n, c, _ in ROWS)])
    result = home.run()
    assert result.exit_code == 0
    assert "2024 年没有要点：指标已计算并发布，不作判定。" in result.stderr
    return home


def test_exactly_the_faults_of_the_table_are_told(published: Home) -> None:
    column = {WITHIN: "F", ADDS_UP: "G"}
    planted = {(rule, f"{column[rule]}{at}") for at, (*_, rule) in enumerate(ROWS, start=2) if rule}
    found = published.findings()
    assert len(planted) == len(found) == 4
    assert {(f["rule_id"], f["cell"]) for f in found} == planted
    assert {f["severity"] for f in found} == {"must_explain"}


def test_a_fault_is_told_in_the_numbers_of_the_table(published: Home) -> None:
    told = {f["message"] for f in published.findings()}
    assert "本段 85 人，多于累计 31 人。" in told
    assert "累计 24002 人，按上一分数的累计加本段 24002 人应为 47775 人。" in told


def test_every_row_counts(published: Home) -> None:
    (row,) = published.submissions("433100", "score_distribution")
    assert (row["period"], row["state"]) == ("2024", "accepted_with_findings")
    assert (row["rows_read"], row["rows_accepted"], row["rows_quarantined"], row["rows_ignored"]) == (
        len(ROWS), len(ROWS), 0, 0,
    )  # fmt: skip


def test_a_year_without_a_plan_has_figures_and_no_verdicts(published: Home) -> None:
    assert {row["year"] for row in published.facts()} == {2020, 2024}
    assert {row["year"] for row in published.verdicts()} == {2020}
    asked = published.command("scorecard", "--year", "2024")
    assert (asked.exit_code, asked.stdout, asked.stderr) == (2, "", "没有 2024 年的要点。\n")


def test_the_matrix_of_a_year_without_a_plan_shows_what_was_sent(published: Home) -> None:
    assert published.place("433100", "score_distribution", 2024)["state"] == "accepted_with_findings"
    told = published.command("status", "--year", "2024", "--format", "json")
    assert told.stdout.count('"dataset"') == 1


def test_pages_are_written_for_years_with_a_plan(published: Home) -> None:
    assert [path.name for path in sorted(Path(published.home / "reports").glob("*.html"))] == ["scorecard-2020.html"]
