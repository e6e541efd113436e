"""The sample's work ledger answers every commitment that the plan reads off it; what it knows of the plan is so."""

from collections import Counter

import pytest

from expectations.plan import DIRECTIONS, Commitment, CompetitionsMeasure, WorkItemsMeasure, load_plans
from samples.facts import county_codes, read_csv
from samples.work import FINISHED, Item, commitments, work_rows
from tests.samples.conftest import Written
from tests.samples.landed import rows_of

MEASURED = [one for one in load_plans()[2020].commitments if one.measure]
WORK = [one for one in MEASURED if isinstance(one.measure, WorkItemsMeasure)]


def read_as(reading: str) -> list[Commitment]:
    return [one for one in WORK if one.measure and one.measure.reading == reading]


def rows_for(commitment: Commitment, year: int) -> list[Item]:
    return [row for row in work_rows(year) if row.id == commitment.id]


@pytest.mark.parametrize("commitment", WORK, ids=lambda one: one.id)
def test_every_commitment_of_the_work_ledger_has_rows(commitment: Commitment) -> None:
    assert rows_for(commitment, 2020)
    if commitment.comparison in DIRECTIONS:
        assert any(row.status == FINISHED for row in rows_for(commitment, 2019))


@pytest.mark.parametrize("commitment", read_as("share"), ids=lambda one: one.id)
def test_a_share_says_what_is_due(commitment: Commitment) -> None:
    assert all(row.due is not None for row in rows_for(commitment, 2020))


def test_counties_are_told_one_by_one() -> None:
    for commitment in read_as("counties_reaching"):
        assert {row.county for row in rows_for(commitment, 2020)} == set(county_codes())


def test_the_ledger_holds_nothing_else() -> None:
    known = {one.id for one in WORK}
    assert {row["id"] for row in read_csv("work_items")} == known
    assert {row.id for row in work_rows(2019)} <= known


def facts(one: Commitment) -> tuple[object, ...]:
    measure = one.measure
    assert measure is not None
    reading = "by_county" if isinstance(measure, CompetitionsMeasure) and measure.by_county else measure.reading
    least, since = getattr(measure, "at_least", None) or 1, getattr(measure, "since", None) or 0
    numbers = (least, getattr(measure, "edition", None), getattr(measure, "years", None) or 1, since)
    return (one.indicator[0], reading, one.article, one.office, *numbers, tuple(getattr(measure, "exams", ())))


def test_what_the_sample_knows_of_the_plan_is_the_plan() -> None:
    known = [one for source in ("work_items", "competitions", "exam_sittings") for one in commitments(source)]
    found = {
        one.id: (one.indicator, one.reading, one.article, one.office)
        + (one.at_least, one.edition, one.years, one.since, one.exams)
        for one in known
    }
    assert found == {one.id: facts(one) for one in MEASURED}
    by_id = {one.id: one for one in MEASURED}
    assert all(set(one.names) <= set(by_id[one.id].matches) for one in known)


def test_some_work_is_done_late_some_cancelled_and_some_not_begun() -> None:
    states = Counter(row.status for row in work_rows(2020))
    assert states.keys() == {"已完成", "推进中", "未启动", "已取消"}
    years = {row.done_on.year for row in work_rows(2020) if row.done_on}
    assert years == {2019, 2020, 2021}


def test_most_counts_are_reached_and_some_are_not(written: Written) -> None:
    counts = read_as("count")
    reached = [written.truth[one.indicator[0], "prefecture", "433100"][0] >= (one.value or 0) for one in counts]
    assert 0.8 < sum(reached) / len(reached) < 1


def test_a_commitment_is_called_by_its_name_its_id_and_other_names(written: Written) -> None:
    by_name = {name: one for one in WORK for name in one.matches}
    kinds: Counter[int] = Counter()
    for row in rows_of(written.landing, "work_items"):
        one = by_name[row["commitment"]]
        kinds[one.matches.index(row["commitment"]) if row["commitment"] in {one.id, one.name_zh} else 2] += 1
        assert row["article"] == str(one.article)
    assert min(kinds[kind] for kind in range(3)) > 10
