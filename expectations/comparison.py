"""Comparisons: tables in which figures of several forms, sources or years stand side by side, and the words for them.

`rules/comparisons.yaml` says what each is made of and who has to answer for its rows; the rules that are asked of them
stand beside it (`catalogue.py`). Making the tables is `assets/comparisons`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from expectations.errors import ContractError
from expectations.findings import finding_id, findings_table, untold
from expectations.suites import Outcome
from expectations.visible import visible

FOLDER = Path(__file__).parent / "rules"
FILE = "comparisons.yaml"
PLACE = {
    "unit_code": pa.string(), "school_code": pa.string(), "submission_id": pa.string(), "sheet": pa.string(),
    "row": pa.int32(), "cell_column": pa.string(), "period": pa.string(),
}  # fmt: skip
"""The columns that every comparison has: whose row it is, and the cell that has to answer for it."""
TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(), "code": pa.string(), "int": pa.int64(), "number": pa.float64(), "date": pa.date32(),
    "yuan": pa.int64(), "flag": pa.int64(), "term": pa.string(), "personal": pa.string(),
    "personal_number": pa.float64(),
}  # fmt: skip
_SAID: Mapping[str, Mapping[Any, str]] = {"term": {"spring": "春季", "autumn": "秋季"}, "flag": {0: "否", 1: "是"}}
CellOf = Callable[[str, str, int, str], str]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(_Record):
    """A group of comparisons that is made and judged together."""

    title: str
    title_en: str


class Compared(_Record):
    """One column of a comparison: a key or a figure.

    `yuan` is money in 分, which messages tell in 元; `flag` is 0 or 1, told as 否 or 是; `term` is spring or autumn.
    No message may show `personal` ones, which are numbers of a person and pseudonyms, or `personal_number` ones, from
    which the day of birth can be reckoned.
    """

    type: Literal["text", "code", "int", "number", "date", "yuan", "flag", "term", "personal", "personal_number"]
    title: str


class Needs(_Record):
    """The datasets a comparison is made of: of this year, of the year before, and of all years before this one."""

    this: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


class Comparison(_Record):
    """A table of things compared, one row each, with both figures and the cell that has to answer.

    `key` tells its rows apart for as long as what they speak of is the same, whichever file says it; findings are told
    apart by what their message does not tell, too. `answers_for` is the dataset whose submission is asked; a column
    `dataset` tells it row by row, a column `cell` the cell's address. `adds_up`: datasets of which the rows of a school
    are added up, so that nothing is asked where one of them is in quarantine.
    """

    family: str
    title: str
    title_en: str
    purpose: str
    grain: str
    answers_for: str
    key: tuple[str, ...]
    needs: Needs
    adds_up: tuple[str, ...] = ()
    columns: Mapping[str, Compared] = Field(min_length=1)
    name: str = ""

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of its rows: the place first, then the columns in their order."""
        own = [(name, TYPES[column.type]) for name, column in self.columns.items()]
        return pa.schema([*PLACE.items(), *own])

    @property
    def shown(self) -> list[str]:
        """The columns that a message may show."""
        return [name for name in (*PLACE, *self.columns) if not self._is_personal(name)]

    def words(self, row: Mapping[str, Any]) -> dict[str, str]:
        """What messages and lists say of each cell of a row: money in 元, codes in words, an empty cell as 空."""
        kinds = {name: column.type for name, column in self.columns.items()}
        return {name: _said(kinds.get(name, "text"), value) for name, value in row.items()}

    def _is_personal(self, name: str) -> bool:
        return name in self.columns and self.columns[name].type.startswith("personal")


class _File(_Record):
    families: Mapping[str, Family]
    comparisons: Mapping[str, Comparison]
    lists: Mapping[str, str]


@functools.cache
def load_comparisons(path: Path = FOLDER / FILE) -> Mapping[str, Comparison]:
    """Every comparison by its name, in the order of the file.

    Raises:
        ContractError: an unknown key, a key column, a family or a dataset that is not there; names file and comparison.
    """
    read = _read(path)
    made = {name: one.model_copy(update={"name": name}) for name, one in read.comparisons.items()}
    for name, one in made.items():
        if lost := set(one.key) - {*PLACE, *one.columns}:
            raise ContractError(f"{path.name}: {name}: key {sorted(lost)} are no columns")
        if one.family not in read.families:
            raise ContractError(f"{path.name}: {name}: no family {one.family}")
        if lost := set(one.adds_up) - set(one.needs.this):
            raise ContractError(f"{path.name}: {name}: adds up {sorted(lost)}, which it does not need")
        if taken := PLACE.keys() & one.columns.keys():
            raise ContractError(f"{path.name}: {name}: {sorted(taken)} are columns of every comparison")
    return made


@functools.cache
def load_families(path: Path = FOLDER / FILE) -> Mapping[str, Family]:
    """The families of comparisons by name."""
    return _read(path).families


@functools.cache
def load_lists(path: Path = FOLDER / FILE) -> Mapping[str, str]:
    """The Chinese titles of named lists by name."""
    return _read(path).lists


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))  # noqa: S506 - safe
    except ValidationError as fault:
        first = fault.errors()[0]
        raise ContractError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def findings_of_comparison(
    comparison: Comparison, outcomes: Sequence[Outcome], rows: pa.Table, cell_of: CellOf
) -> pa.Table:
    """All findings of the outcomes over the rows of a comparison, by submission, sheet and row.

    `cell_of(submission_id, sheet, row, column)` gives the address of a cell in the file that has to answer, or ''.
    """
    found = [
        finding for outcome in outcomes if outcome.status == "found"
        for finding in _of_outcome(comparison, outcome, rows, cell_of)
    ]  # fmt: skip
    found.sort(key=lambda f: (f["submission_id"], f["sheet"] or "", f["row"] or 0, f["rule_id"], f["place"]))
    return findings_table(found)


def _of_outcome(comparison: Comparison, outcome: Outcome, rows: pa.Table, cell_of: CellOf) -> Iterator[dict[str, Any]]:
    rule, failing = outcome.rule, rows.take(pa.array(outcome.places, pa.int64()))
    told_apart_by = dict.fromkeys(["unit_code", *comparison.key, *untold(rule.message, rule.columns)])
    keys = failing.select(list(told_apart_by)).to_pylist()
    for key, row in zip(keys, failing.select(comparison.shown).to_pylist(), strict=True):
        words = comparison.words(row)
        place = finding_id(*map(shown, key.values()))
        at = (row["submission_id"], row["sheet"] or "", row["row"], row["cell_column"] or "")
        yield {
            "finding_id": finding_id(row["submission_id"], row["period"], rule.id, place),
            "submission_id": row["submission_id"], "period": row["period"],
            "dataset": row.get("dataset", comparison.answers_for),
            "unit_code": row["unit_code"], "rule_id": rule.id, "severity": rule.severity, "sheet": row["sheet"],
            "row": row["row"], "column_name": row["cell_column"],
            "cell": row["cell"] if row.get("cell") else cell_of(*at) if row["row"] else "",
            "message": visible(rule.message.format_map(words)), "how_to_fix": rule.how_to_fix.format_map(words),
            "place": place,
        }  # fmt: skip


def _said(kind: str, value: Any) -> str:
    if kind == "yuan" and value is not None:
        return f"{Decimal(value) / 100:f}"
    return _SAID.get(kind, {}).get(value) or shown(value)


def shown(value: Any) -> str:
    """A compared value as a message says it: at most two decimals, an empty one as 空."""
    if value is None:
        return "空"
    if isinstance(value, float):
        return f"{round(value, 2):.15g}"
    return value.isoformat() if isinstance(value, date) else str(value)
