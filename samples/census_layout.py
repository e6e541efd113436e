"""The forms of the census workbook as the sample draws them: where the lines of a form lie and what codes they have.

Read from `reference/census_workbook.yaml`, which is the sample's own: whoever reads workbooks does not look here, so
that reading one back proves something. Not here: what stands in the cells (`census_twin.py`), and writing
(`census_workbook.py`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samples.facts import kinds, read_yaml

OLD, NEW = "2018", "2021"
NOTES = "基础基112续表1"
CHANGED = 2021
IDENTITY = {OLD: "111", NEW: "1001"}


@dataclass(frozen=True)
class Form:
    """One form: headers of its columns and labels of its lines by code; `first` is the row of its first line, from 1.

    `labels`: how many columns of the sheet the label of a line takes. `left`: columns of the sheet before it. `width`:
    its highest column code.
    """

    name: str
    title: str
    unit: str
    first: int
    labels: int
    left: int
    columns: Mapping[int, str]
    lines: Mapping[str, str]
    width: int
    starred: frozenset[tuple[str, int]]


def generation(year: int) -> str:
    """The set of forms that a census uses: the one of 2018, or from autumn 2021 on the one of 2021."""
    return OLD if year < CHANGED else NEW


@functools.cache
def forms(of: str) -> dict[str, Form]:
    """All forms of a generation, by name."""
    return {name: _form(of, name, facts) for name, facts in read_yaml("census_workbook")[of]["forms"].items()}


def _form(of: str, name: str, facts: Mapping[str, Any]) -> Form:
    starred = {
        (str(line), column) for lines, columns in facts.get("starred", []) for line in lines for column in columns
    }
    height, width = facts.get("size", (0, 0))
    lines = {str(code): label for code, label in facts["lines"].items()}
    digits = len(next(iter(lines)))
    lines |= {f"{code:0{digits}d}": "" for code in range(len(lines) + 1, height + 1)}
    return Form(
        name=name,
        title=facts["title"],
        unit=facts.get("unit", ""),
        first=facts["first"],
        labels=facts.get("labels", 1),
        left=1 if of == OLD else 0,
        columns=facts["columns"],
        lines=lines,
        width=max(width, *facts["columns"]),
        starred=frozenset(starred),
    )


def forms_of(kind: str, of: str) -> list[str]:
    """The names of the forms that a kind of school fills, the one that says who it is first."""
    filled = next(facts[of] for facts in read_yaml("census_workbook")["kinds"].values() if kind in facts["kinds"])
    prefix = "教基" if of == NEW else "中职基" if kinds()[kind].prefix == "36" else "基础基"
    return [f"{prefix}{number}" for number in (IDENTITY[of], *filled)]


def sheet_name(form: str, kind: str, of: str) -> str:
    """The name of a form's sheet; the younger generation says the kind of school in it."""
    return form if of == OLD else f"{form}_{kinds()[kind].name}"
