"""How a unit spells the values of a table: dates, yes and no, codes or names, grades, money.

Cells are text, numbers (for a workbook) or dates; None is an empty cell. Not here: headers, titles and file formats
(`files.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any

from samples.facts import Township, Writer, kinds, read_yaml, writers

Cell = str | int | float | dt.date | None
DATE_FORMS = {
    "iso": "{0}-{1:02d}-{2:02d}",
    "slash": "{0}/{1}/{2}",
    "dot": "{0}.{1}.{2}",
    "zh": "{0}年{1}月{2}日",
    "compact": "{0}{1:02d}{2:02d}",
    "cell": "{0}-{1:02d}-{2:02d}",
}
MU = Decimal("666.67")
MONTH_FORMS = {
    "iso": "{0}-{1:02d}",
    "slash": "{0}/{1}",
    "dot": "{0}.{1:02d}",
    "zh": "{0}年{1}月",
    "compact": "{0}{1:02d}",
    "cell": "{0}-{1:02d}",
}
CODED = {"sponsor", "urban_rural", "venue_kind"}


def spell(writer: Writer, form: str, values: list[Any], *, school_year: int, workbook: bool) -> list[Cell]:
    """A column as the unit writes it; each distinct value is spelled once."""
    one = _Speller(writer, school_year, workbook=workbook).by_form(form)
    seen: dict[Hashable, Cell] = {None: None}
    for value in set(values) - {None}:
        seen[value] = one(value)
    return [seen[value] for value in values]


class _Speller:
    """One unit's way with values, for one file."""

    def __init__(self, writer: Writer, school_year: int, *, workbook: bool) -> None:
        self.writer, self.school_year, self.workbook = writer, school_year, workbook
        self.number_cells = workbook and not writer.numbers_as_text

    def by_form(self, form: str) -> Callable[[Any], Cell]:
        """How values of a form are spelled: by a list of spellings, by a method of that name, or as text."""
        if form in read_yaml("spellings"):
            return lambda value: self._listed(form, value)
        found: Callable[[Any], Cell] = getattr(self, f"_{form}", str)
        return found

    def _int(self, value: int) -> Cell:
        return value if self.number_cells else str(value)

    def _decimal(self, value: float | Decimal) -> Cell:
        plain = int(value) if value == int(value) else value
        return float(plain) if self.number_cells else str(plain)

    def _yuan(self, value: int) -> Cell:
        amount = Decimal(value) / (1_000_000 if self.writer.money == "万元" else 100)
        if self.number_cells:
            return float(amount)
        return f"{amount:.2f}" if self.writer.header % 2 else f"{amount.normalize():f}"

    def _land(self, value: Decimal) -> Cell:
        return self._decimal(value if self.writer.land == "㎡" else round(float(value / MU), 1))

    def _books(self, value: int) -> Cell:
        return self._int(value) if self.writer.books == "册" else self._decimal(Decimal(value) / 10_000)

    def _date(self, value: dt.date) -> Cell:
        if self.writer.date == "cell" and self.workbook:
            return value
        return DATE_FORMS[self.writer.date].format(value.year, value.month, value.day)

    def _bool(self, value: object) -> Cell:
        return self.writer.yes_no[0 if value else 1]

    def _year(self, value: int) -> Cell:
        return f"{value}年" if self.writer.date == "zh" else self._int(value)

    def _month(self, value: str) -> Cell:
        year, month = map(int, value.split("-"))
        if self.writer.date == "cell" and self.workbook:
            return dt.date(year, month, 1)
        return MONTH_FORMS[self.writer.date].format(year, month)

    def _school_year(self, value: int) -> Cell:
        return self.writer.school_year.format(value, value + 1)

    def _unit(self, value: str) -> Cell:
        return self.writer.county if value == self.writer.code else writers()[value].name

    def _township(self, value: Township) -> Cell:
        return {"name": value.name, "code": value.code, "code12": f"{value.code}000"}[self.writer.township]

    def _kind(self, value: str) -> Cell:
        return value if self.writer.codes == "code" else kinds()[value].name

    def _class_no(self, value: int) -> Cell:
        return (f"{value}班", f"（{value}）班", f"{value:02d}", f"第{value}班")[self.writer.header % 4]

    def _edition(self, value: int) -> Cell:
        return f"第{value}届"

    def _listed(self, form: str, value: str) -> Cell:
        words = read_yaml("spellings")[form].get(value, [value])
        if form in CODED:
            return value if self.writer.codes == "code" else str(words[0])
        if form == "grade" and self.writer.grade == "级":
            return self._by_entry(value) or str(words[0])
        by_grade = form in {"stage", "grade"} and self.writer.grade != "级"
        return str(words[int(self.writer.grade if by_grade else self.writer.header) % len(words)])

    def _by_entry(self, grade: str) -> str | None:
        """2019级, the year in which the pupils entered the stage; nothing for a grade that is no year of it."""
        if grade[1] not in "123456":
            return None
        return f"{self.school_year + 1 - int(grade[1])}级"
