"""Raw text becomes typed columns, by the contract: each column with what could not be read and what says too little.

A row is never dropped here, nothing is overwritten: the text that could not be read stands in `<column>__unread`, text
that says too little in `<column>__doubt`. Only distinct values are parsed. Whether a row is acceptable is judged later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake import cells
from assets.intake.cells import Cell, Reader
from assets.intake.credit_code import credit_code
from assets.intake.distinct import distinct_pairs
from assets.intake.reception import Reception
from expectations.contract import Column, Contract
from expectations.regions import PREFECTURE, Regions
from expectations.rule import FORM_CELLS, HEADERS_DIFFER

DIFFERS = "differs"
"""What intake writes in a column's `__doubt` where two headers of the column hold different texts."""
FACTORS = {"万元": Decimal(10000), "亩": cells.MU_IN_M2, "万册": Decimal(10000), "万人": Decimal(10000)}
CHECKED: dict[str, Reader] = {"gb32100": credit_code}
SPECIAL = "特教"  # whatever such a row says of its grade, it is SE
FIRST_GRADES = {"幼儿园": ("K", 1), "小学": ("P", 1), "初中": ("J", 1), "普通高中": ("S", 1), "中职": ("V", 1)}
_TOWNSHIP = re.compile(r"[0-9]{9}(?:[0-9]{3})?")
_INTAKE_YEAR = re.compile(r"^(\d{4})级$")


def clean(raw: pa.Table, contract: Contract, reception: Reception, regions: Regions) -> pa.Table:
    """The typed rows of one raw file: provenance, `sender`, `unit_code`, the contract's columns with their helpers.

    Rows keep their order. Columns that the file lacks are empty, or filled from its period and folder where the
    contract says so; what stands where a column does not apply is not read. `headers__differ` names the columns of
    which two headers hold different texts.
    """
    made: dict[str, pa.Array] = {}
    for column in sorted(contract.kept, key=lambda c: _reads_others(c, contract)):
        made |= _column(raw, column, reception, regions, made)
    applies = {column.name: _applies(column, contract, made) for column in contract.kept if column.applies_to}
    for name, asked in applies.items():
        made |= {part: pc.if_else(asked, made[part], None) for part in (name, f"{name}__unread", f"{name}__doubt")}
    sender = pa.array([reception.unit_code], pa.string()).take(pa.array([0] * raw.num_rows, pa.int64()))
    head = {
        "submission_id": _submissions(raw, reception), FORM_CELLS: _raw_or_null(raw, FORM_CELLS, raw["row"]),
        "sheet": _plain(raw["sheet"]), "row": _plain(raw["row"]), "sender": sender,
        "unit_code": pc.coalesce(made["county_code"], sender) if "county_code" in made else sender,
    }  # fmt: skip
    told = head | made | {HEADERS_DIFFER: _headers_differ(raw, contract, applies)}
    nothing = pa.nulls(raw.num_rows, pa.string())  # most helpers are empty: they are one and the same array
    return pa.table({name: nothing if _is_blank(array) else array for name, array in told.items()})


def _is_blank(array: pa.Array) -> bool:
    """Whether a column of text holds none."""
    return bool(array.type == pa.string() and array.null_count == len(array))


def _column(
    raw: pa.Table, column: Column, reception: Reception, regions: Regions, made: dict[str, pa.Array]
) -> dict[str, pa.Array]:
    name = column.name
    text = _plain(raw[name]) if name in raw.column_names else pa.nulls(raw.num_rows, pa.string())
    if column.is_personal:
        parts = {f"{name}{part}": _raw_or_null(raw, f"{name}{part}", text) for part in _personal_parts(column)}
        return parts | {f"{name}__doubt": _without_differs(parts[f"{name}__doubt"])}
    if column.type == "township":
        units = made["unit_code"] if "unit_code" in made else _units(raw, reception, made)
        cells_read, places = _by_pair(text, units, _township(regions))
    elif column.read_with:
        cells_read, places = _by_pair(text, _beside(raw, column.read_with, made), _listed_beside(column))
    else:
        cells_read, places = _by_value(text, reader_of(_of_file(column, text), reception.units.get(name), regions))
    values, unread, doubt = (part.take(places) for part in _split(cells_read, column.arrow_type))
    values = _filled(values, unread, column, reception)
    return {name: values, f"{name}__unread": unread, f"{name}__doubt": doubt}


def _of_file(column: Column, text: pa.Array) -> Column:
    """The column without the spellings that do not hold beside what else stands in the file's cells."""
    if all(value.unless is None for value in column.values):
        return column
    there = {cells.code(one).value for one in text.unique().to_pylist() if one is not None}
    return replace(
        column, values=tuple(value for value in column.values if value.unless is None or value.unless not in there)
    )


def _applies(column: Column, contract: Contract, made: dict[str, pa.Array]) -> pa.Array:
    """Where a column is read: in rows of its kinds of school, and of a kind that is not known."""
    kinds = [kind for group in column.applies_to for kind in contract.kind_groups[group]]
    return pc.or_(pc.is_null(made["kind"]), pc.is_in(made["kind"], pa.array(kinds, pa.string())))


def _without_differs(doubt: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(doubt, DIFFERS), pa.scalar(None, pa.string()), doubt)


def _headers_differ(raw: pa.Table, contract: Contract, applies: dict[str, pa.Array]) -> pa.Array:
    """Titles of the columns of which two headers hold different texts in a row, joined; null where there are none."""
    told = list(_differing_titles(raw, contract, applies))
    if not told:
        return pa.nulls(raw.num_rows, pa.string())
    joined = pc.utf8_trim(pc.replace_substring_regex(pc.binary_join_element_wise(*told, "、"), "、+", "、"), "、")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def _differing_titles(raw: pa.Table, contract: Contract, applies: dict[str, pa.Array]) -> Iterable[pa.Array]:
    for column in contract.kept:
        if f"{column.name}__doubt" in raw.column_names:
            differs = pc.equal(_plain(raw[f"{column.name}__doubt"]), DIFFERS)
            asked = applies.get(column.name, pa.scalar(True))
            yield pc.if_else(pc.fill_null(pc.and_(differs, asked), False), column.title, "")


def _reads_others(column: Column, contract: Contract) -> bool:
    """Whether a column's cells are read together with other columns, which then come first."""
    return bool(column.read_with) or column.type == "township" or any(map(contract.has, column.filled_from))


def _personal_parts(column: Column) -> tuple[str, ...]:
    return ("", "__unread", "__doubt", "__sex", "__born") if column.type == "id" else ("", "__unread", "__doubt")


def _raw_or_null(raw: pa.Table, name: str, like: pa.Array) -> pa.Array:
    return _plain(raw[name]) if name in raw.column_names else pa.nulls(len(like), pa.string())


def reader_of(column: Column, header_unit: str | None, regions: Regions) -> Reader:
    """The reader for a column's cells; `header_unit` is the unit that the file's header names, such as 万元.

    For all but text a sign such as / or — stands for an empty cell.
    """
    if column.type == "text" and not column.values:
        return cells.as_delivered
    return cells.marks_empty(_reader_of(column, header_unit, regions))


def _reader_of(column: Column, header_unit: str | None, regions: Regions) -> Reader:
    factor = FACTORS.get(header_unit or "", Decimal(1))
    quantities = {"int": (0, 0), "yuan": (2, 2), "m2": (2, 0), "decimal": (column.scale, 0)}
    if column.name == "edition":
        return cells.ordinal
    if column.type in quantities:
        scale, shift = quantities[column.type]
        return cells.quantity(scale, factor, shift)
    if column.values:
        return cells.listed(by_spelling(column))
    if column.type == "unit":
        return cells.listed(dict.fromkeys(regions.prefecture_aliases, PREFECTURE) | dict(regions.unit_by_spelling))
    readers: dict[str, Reader] = {
        "date": cells.day, "bool": cells.yes_no, "year": cells.year, "month": cells.month,
        "school_year": cells.school_year, "code": _code_reader(column),
    }  # fmt: skip
    return readers.get(column.type, cells.as_delivered)


def by_spelling(column: Column) -> dict[str, str]:
    """The code of each spelling of a column's code list, whatever stands beside it."""
    return {text: v.value for v in column.values for text in (*v.spellings, v.label, v.value)}


def _code_reader(column: Column) -> Reader:
    if column.check:
        return CHECKED[column.check]
    return cells.coded(re.compile(column.pattern, re.ASCII).fullmatch) if column.pattern else cells.code


def _by_value(text: pa.Array, read: Reader) -> tuple[list[Cell], pa.Array]:
    """What each distinct text says, and for each row its place among these; none where it is empty."""
    encoded = text.dictionary_encode()
    return [read(value) for value in encoded.dictionary.to_pylist()], encoded.indices


def _by_pair(text: pa.Array, beside: pa.Array, read: Callable[[str, str], Cell]) -> tuple[list[Cell], pa.Array]:
    """The same of each distinct pair of a text and what stands beside it."""
    pairs, places = distinct_pairs(text, beside)
    found = [(one, read(one, other or "")) for one, other in pairs]
    return [Cell() if cell.unread is not None and cells.is_mark(one) else cell for one, cell in found], places


def _split(parsed: Sequence[Cell], arrow_type: pa.DataType) -> tuple[pa.Array, pa.Array, pa.Array]:
    return (
        pa.array([cell.value for cell in parsed], arrow_type),
        pa.array([cell.unread for cell in parsed], pa.string()),
        pa.array([cell.doubt for cell in parsed], pa.string()),
    )


def _filled(values: pa.Array, unread: pa.Array, column: Column, reception: Reception) -> pa.Array:
    """Empty cells filled with the contract's default or the folder's unit; what could not be read stays empty."""
    told = told_by_file(column, reception)
    if told is None:
        return values
    return pc.if_else(pc.is_valid(unread), values, pc.coalesce(values, pa.scalar(told, column.arrow_type)))


def told_by_file(column: Column, reception: Reception) -> str | None:
    """What empty cells take: the contract's default, or the folder's unit. Periods are filled when reading."""
    if column.default is not None:
        return column.default
    return reception.unit_code if column.type == "unit" and "folder" in column.filled_from else None


def _submissions(raw: pa.Table, reception: Reception) -> pa.Array:
    """The submission of each row: the file's own, or as the raw rows of several workbooks tell it."""
    if "submission_id" in raw.column_names:
        return _plain(raw["submission_id"])
    return pa.array([reception.submission_id] * raw.num_rows, pa.string())


def _units(raw: pa.Table, reception: Reception, made: dict[str, pa.Array]) -> pa.Array:
    """The unit of each row: its county cell where it has one, else the folder's."""
    folder = pa.array([reception.unit_code] * raw.num_rows, pa.string())
    return pc.coalesce(made["county_code"], folder) if "county_code" in made else folder


def _township(regions: Regions) -> Callable[[str, str], Cell]:
    codes = {t.code: t.code for t in regions.townships}
    names = {(t.county_code, t.name): t.code for t in regions.townships}

    def read(text: str, unit_code: str) -> Cell:
        bare = cells.code(text).value or ""
        found = codes.get(bare[:9]) if _TOWNSHIP.fullmatch(bare) else names.get((regions.county_of(unit_code), bare))
        if unit_code == PREFECTURE and found is None:
            found = next((code for (_, name), code in names.items() if name == bare), None)
        return Cell(found) if found else Cell(unread=text)

    return read


def _beside(raw: pa.Table, name: str, made: dict[str, pa.Array]) -> pa.Array:
    """What a cell is read together with, in one text: the named column, and the school year of an entry year."""
    blank = pa.nulls(raw.num_rows, pa.string())
    parts = [pc.fill_null(made.get(each, blank), "") for each in (name, "school_year")]
    return pc.binary_join_element_wise(*parts, "|")


def _listed_beside(column: Column) -> Callable[[str, str], Cell]:
    """A reader of a code list some of whose spellings hold only beside a value of another column.

    Beside nothing, spellings hold in the order in which the contract names the values that may be meant.
    """
    known: dict[tuple[str, str], str] = {}
    for value in column.values:
        for text in (*value.spellings, value.label, value.value):
            known.setdefault((value.beside or "", text), value.value)

    def read(text: str, beside: str) -> Cell:
        other, school_year = beside.split("|")
        bare = cells.plain(text).replace(" ", "")
        if other == SPECIAL:
            return Cell("SE")
        meant = (other, "") if other else ("", *column.read_without)
        found = next((known[one, bare] for one in meant if (one, bare) in known), None)
        found = found or _by_entry_year(bare, other, school_year)
        return Cell(found) if found else Cell(unread=text)

    return read


def _by_entry_year(text: str, stage: str, school_year: str) -> str | None:
    """The grade that `2019级` is in: the school year's first year less 2019, counted from the stage's first grade."""
    entered = _INTAKE_YEAR.match(text)
    if not entered or stage not in FIRST_GRADES or not school_year:
        return None
    letter, first = FIRST_GRADES[stage]
    grade = int(school_year[:4]) - int(entered[1]) + first
    last = {"K": 3, "P": 6, "J": 4, "S": 3, "V": 3}[letter]
    return f"{letter}{grade}" if first <= grade <= last else None


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
