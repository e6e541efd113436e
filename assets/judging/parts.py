"""Judging many rows a part at a time: what Great Expectations holds at once is bounded, whatever a dataset has.

What one row is told by, its helper columns included, is judged part by part; whether a key comes twice is asked of all
rows at once, of which no more than the number of the key is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa

from assets.judging.frames import frame_of
from assets.judging.packed import let_go
from expectations.rule import Rule
from expectations.suites import Outcome, judge, read_by

PART = 50_000
"""Rows of a part: each costs the overhead of a suite, some tenths of a second, and each row about a kilobyte."""


def judged(rows: pa.Table, helpers: pa.Table, rules: Sequence[Rule], name: str, part: int = PART) -> list[Outcome]:
    """Each rule's outcome over the rows, in the order of the rules, just as `judge` tells it of all rows at once.

    Raises:
        SuiteError: no rule, or a rule crashed.
    """
    if rows.num_rows <= part:
        return judge(_frame(rows, helpers, rules, slice(None)), rules, name)
    whole = [rule for rule in rules if rule.check == "unique"]
    single = [rule for rule in rules if rule.check != "unique"]
    found: dict[str, list[Outcome]] = {rule.id: [] for rule in rules}
    for asked, size in ((whole, rows.num_rows), (single, part)):
        for start in range(0, rows.num_rows if asked else 0, size):
            for outcome in judge(_frame(rows, helpers, asked, slice(start, start + size)), asked, name):
                found[outcome.rule.id].append(outcome)
            let_go()
    return [_together(rule, found[rule.id]) for rule in rules]


def _frame(rows: pa.Table, helpers: pa.Table, rules: Sequence[Rule], within: slice) -> pd.DataFrame:
    """The columns that the rules look at; GX is given no other."""
    if not rows.num_rows:
        return pd.DataFrame()
    return frame_of(rows, helpers, read_by(rules), within)


def _together(rule: Rule, outcomes: Iterable[Outcome]) -> Outcome:
    """What the parts say of one rule; places are those among all rows already."""
    told = list(outcomes)
    asked, places = sum(one.asked for one in told), tuple(place for one in told for place in one.places)
    return Outcome(rule, "found" if places else "passed" if asked else "not_run", asked, places)
