"""Forms of the national census as data: which codes a form has, what its cells mean, which of our tables they fill.

Layouts stand in `census_forms/<generation>.yaml`, one file per generation of forms; unknown keys are refused with file
and place. Reading a workbook by them is `assets/intake/census_workbook.py`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from expectations.contract import Contract, load_contracts
from expectations.errors import ContractError
from expectations.identities import Identity, identity

FOLDER = Path(__file__).parent / "census_forms"
CELLS = "census_cell"
"""The dataset of the cells themselves."""
TABLES = ("school", "enrolment", "staff", "facilities")
"""The datasets that a workbook fills beside its cells."""
OF_KIND, FIRST, TOP = "of_kind", "first", "top"

_CODES = re.compile(r"(?P<row>\d{2})/(?P<column>\d{1,2}|[^\d/]\S*)")
_PLACE = re.compile(r"[A-Z]{1,2}[1-9]\d{0,2}")
_RANGE = re.compile(r"(\d{2})-(\d{2})/(\d{1,2})-(\d{1,2})")
SchoolYear = Annotated[str, Field(pattern=r"^\d{4}-\d{4}$")]
RowCode = Annotated[str, Field(pattern=r"^\d{2}$")]
ColumnCode = Annotated[str, Field(pattern=r"^[1-9]\d?$")]


@dataclass(frozen=True)
class Named:
    """How a layout names cells: by codes (`column` may be the words above it), or by place; `how` several are taken.

    `sum`: they are added up; `either`: the one whose text has the form of its column.
    """

    row: str = ""
    column: str = ""
    places: tuple[str, ...] = ()
    how: Literal["one", "sum", "either"] = "one"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fill(_Record):
    """Cells that fill columns of one row of a table.

    `stage` may be `of_kind`, the only one of the school's kind; `grade` `first` or `top`, the lowest or highest of the
    school's grades in the stage.
    """

    table: Literal["school", "enrolment", "staff", "facilities"]
    verified: bool
    cells: Mapping[str, str]
    stage: str = ""
    grade: str = ""

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        contract = load_contracts()[self.table]
        for column, text in self.cells.items():
            if not contract.has(column):
                raise ValueError(f"{self.table} has no column {column}")
            named(text)
        for name, value in (("stage", self.stage), ("grade", self.grade)):
            if contract.has(name) != bool(value) and not (name == "stage" and self.table == "staff" and not value):
                raise ValueError(f"{self.table} {'needs a' if contract.has(name) else 'has no'} {name}")
            if value and value not in {OF_KIND, FIRST, TOP, *_listed(contract, name)}:
                raise ValueError(f"{name} {value} is not in the contract")
        return self


class Form(_Record):
    """One form: its codes with their labels, and what is done with its cells.

    `rows` and `columns` are empty where the form's own codes are taken as they stand. `starred`: blocks that cannot be
    filled. `numbers`: the only rows that hold figures. `fillers`: texts that fill a cell and say nothing. `boxes`: the
    places of a form that has no codes; nothing else of it is read.
    `across`: what its columns make up in every row, `down`: what its rows make up in every column, as identities.
    `is_text`: free text. `is_withheld`: never read. `units`: of a filled column, where the sheet names none.
    """

    title: str
    verified: bool
    unit: str = ""
    rows: Mapping[RowCode, str] = {}
    columns: Mapping[ColumnCode, str] = {}
    starred: tuple[Annotated[str, Field(pattern=rf"^{_RANGE.pattern}$")], ...] = ()
    numbers: frozenset[RowCode] = frozenset()
    fillers: frozenset[str] = frozenset()
    boxes: Mapping[str, str] = {}
    units: Mapping[str, str] = {}
    fills: tuple[Fill, ...] = ()
    across: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    is_text: bool = False
    is_withheld: bool = False

    @model_validator(mode="after")
    def _boxes_exist(self) -> Self:
        contract = load_contracts()["school"]
        if lost := [name for name in self.boxes if not contract.has(name)]:
            raise ValueError(f"school has no column {lost[0]}")
        for text in self.boxes.values():
            named(text)
        for one in self.identities:
            listed: Mapping[str, str] = self.columns if one.axis == "columns" else self.rows
            if listed and (lost := sorted(one.codes - listed.keys())):
                raise ValueError(f"{one.words}: no code {lost[0]}")
        for name in {column for fill in self.fills for column in fill.cells}:
            self._codes_exist(name)
        return self

    def _codes_exist(self, column: str) -> None:
        for cell in (named(fill.cells[column]) for fill in self.fills if column in fill.cells):
            if self.rows and cell.row and cell.row not in self.rows:
                raise ValueError(f"{column}: no row {cell.row}")
            if self.columns and cell.column.isdigit() and cell.column not in self.columns:
                raise ValueError(f"{column}: no column {cell.column}")

    @functools.cached_property
    def identities(self) -> tuple[Identity, ...]:
        """What must add up among its cells."""
        return (
            *(identity("columns", text) for text in self.across),
            *(identity("rows", text) for text in self.down),
        )

    @functools.cached_property
    def blocked(self) -> frozenset[tuple[str, str]]:
        """Row and column codes of the cells that cannot be filled."""
        return frozenset(pair for text in self.starred for pair in _block(text))


class Generation(_Record):
    """The forms of a span of school years; `until` is empty for those in use.

    `sheets`: how their sheets are named. `code`: the word that heads the row codes. `has_grid`: whether sheets carry a
    hidden first row of letters and a hidden first column of numbers, which places such as D7 count. `between`: what
    cells of different forms make up, as identities.
    """

    generation: str
    sheets: str
    code: str
    has_grid: bool
    since: SchoolYear
    until: SchoolYear | None = None
    forms: Mapping[str, Form]
    between: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _agreements_exist(self) -> Self:
        named_forms = {code.split()[0] for one in self.agreements for code in one.codes}
        if lost := sorted(named_forms - self.forms.keys()):
            raise ValueError(f"between: no form {lost[0]}")
        return self

    @functools.cached_property
    def agreements(self) -> tuple[Identity, ...]:
        """What must agree between its forms."""
        return tuple(identity("forms", text) for text in self.between)

    def holds(self, school_year: str) -> bool:
        """Whether the forms were in use in that school year."""
        return self.since <= school_year and (self.until is None or school_year <= self.until)


@functools.cache
def load_forms(folder: Path = FOLDER) -> tuple[Generation, ...]:
    """Every generation of forms, the oldest first.

    Raises:
        ContractError: a file has an unknown key, names a column that its table lacks, or a code that its form lacks.
    """
    read = (_read(path) for path in sorted(folder.glob("*.yaml")))
    return tuple(sorted(read, key=lambda generation: generation.since))


def filled_columns(table: str) -> list[str]:
    """The columns of a table that cells or boxes of any form fill, in the order of its contract; none but the key's."""
    contract = load_contracts()[table]
    filled = {name for each in load_forms() for form in each.forms.values() for name in _filled(form, table)}
    return [column.name for column in contract.kept if column.name in filled and column.name not in contract.key]


def _filled(form: Form, table: str) -> set[str]:
    boxes = set(form.boxes) if table == "school" else set()
    return boxes | {column for fill in form.fills if fill.table == table for column in fill.cells}


@functools.cache
def named(text: str) -> Named:
    """The cells that a layout names: `01/9`, `01/一年级`, `D7`, `L9+N9` (their sum) or `C3|C4` (the one that fits).

    Raises:
        ValueError: it is none of these.
    """
    if codes := _CODES.fullmatch(text):
        return Named(codes["row"], codes["column"])
    for sign, how in (("+", "sum"), ("|", "either")):
        places = tuple(text.split(sign))
        if len(places) > 1 and all(map(_PLACE.fullmatch, places)):
            return Named(places=places, how=how)  # type: ignore[arg-type]  # one of the two words above
    if _PLACE.fullmatch(text):
        return Named(places=(text,))
    raise ValueError(f"{text!r} names no cell")


def is_form(sheet: str) -> bool:
    """Whether a sheet is named as one of a census workbook."""
    return any(re.fullmatch(generation.sheets, sheet) for generation in load_forms())


@functools.cache
def stage_of(kind: str) -> str:
    """The only stage of a kind of school, '' for kinds of several stages and others."""
    path = Path(__file__).parent / "reference" / "stages_of_kinds.yaml"
    stages: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
    return next((stage for stage, kinds in stages.items() if kind in kinds), "")


def _read(path: Path) -> Generation:
    document: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - a safe loader
    try:
        return Generation.model_validate(document)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ContractError(f"census_forms/{path.name}: {place}: {first['msg']}") from None


def _listed(contract: Contract, name: str) -> frozenset[str]:
    return frozenset(value.value for value in contract.column(name).values) if contract.has(name) else frozenset()


def _block(text: str) -> Iterator[tuple[str, str]]:
    top, bottom, left, right = map(int, _RANGE.fullmatch(text).groups())  # type: ignore[union-attr]  # the model checks it
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield f"{row:02d}", str(column)
