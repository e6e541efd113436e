"""Cases planted in examinations: more who registered than have results, candidates on no roll, two score tables.

The second table is a part of the bureau's; it adds up as well, and differs in two lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from samples.facts import PREFECTURE
from samples.persons import DAYS, PER_DAY
from samples.planted import facts, mark, planted
from samples.planted_rolls import person
from samples.sittings import Sitting
from samples.tables import Table

COUNTS = ("segment_count", "cumulative_count")


def plant_sittings(held: Sequence[Sitting]) -> list[Sitting]:
    """All sessions; in one unit and examination more are registered, who did not come."""
    return [_with_more(one) if _is_planted(one) else one for one in held]


def mark_sittings(table: Table) -> Table:
    """The file of the bureau, the planted row marked."""
    case = facts("candidates")
    places = zip(table.columns["county_code"], table.columns["exam"], strict=True)
    row = list(places).index((case["unit"], case["exam"]))
    return planted(table, {}, [mark("candidates", row, "candidates")])


def _is_planted(one: Sitting) -> bool:
    case = facts("candidates")
    return (one.unit, one.exam) == (case["unit"], case["exam"])


def _with_more(one: Sitting) -> Sitting:
    more = 2 + one.registered // 50
    return replace(one, registered=one.registered + more, absent=one.absent + more)


def plant_distribution(table: Table) -> list[tuple[str, Table]]:
    """The bureau's score table, marked where a unit's differs, and that unit's: some lines, two of them otherwise."""
    case = facts("score_tables")
    told = table.columns
    first = list(zip(told["subject_group"], told["score"], strict=True)).index(
        (case["subject_group"], str(case["highest"]))
    )
    part = {name: cells[first : first + case["lines"]] for name, cells in told.items()}
    at, by = case["changed"], case["by"]
    changes = {
        at: {name: part[name][at] + by for name in COUNTS},
        at + 1: {"segment_count": part["segment_count"][at + 1] - by},
    }
    ours, theirs = ([mark("score_tables", start + row, "score_tables") for row in changes] for start in (first, 0))
    second = planted(replace(table, columns=part), changes, theirs)
    return [(PREFECTURE, planted(table, {}, ours)), (case["unit"], second)]


def plant_results(unit: str, table: Table, year: int) -> Table:
    """The results of a unit; of its largest junior school more candidates than usual are on no roll.

    They are so many that those may be among them of whom the roll tells no identity number.
    """
    case, told = facts("off_roll"), table.columns
    if unit != case["unit"]:
        return table
    known = [row for row, one in enumerate(zip(told["exam"], told["subject"], strict=True))
             if one == (case["exam"], case["subject"])]  # fmt: skip
    pupils = Counter(told["school_code"][row] for row in known)
    school, many = max(pupils.items(), key=lambda item: (item[1], item[0]))
    there = [row for row in known if told["school_code"][row] == school]
    chosen = [told["candidate_no"][row] for row in there[: max(3, many // 20) + 2 + many // 400]]
    strangers = {
        number: {name: cell for name, cell in person(year - case["age"], DAYS * PER_DAY - 2 - at).items()
                 if name in told}
        for at, number in enumerate(chosen)
    }  # fmt: skip
    changes = {row: strangers[number] for row, number in enumerate(told["candidate_no"]) if number in strangers}
    return planted(table, changes, [mark("ledgers_against_rolls", there[0], "off_roll")])
