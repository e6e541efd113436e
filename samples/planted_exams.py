"""Cases planted in examinations: more who registered than have results, and a score table that two units send.

The second table is a part of the bureau's; it adds up as well, and differs in two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from samples.facts import PREFECTURE
from samples.planted import facts, mark, planted
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
