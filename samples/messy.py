"""The messy sample: which file of the last year is spoilt how, and `manifest.csv`, which says what must be found.

Every file is spoilt by one mess, so that each can be looked for alone; no mess touches what others are held against
(the school list), so that it is found in its own file only.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

from samples import messy_cells, messy_rows
from samples.files import Draft
from samples.messy_files import stray_files
from samples.messy_sheet import Blame, Spoilt
from samples.tables import Table

Mess = Callable[[Spoilt], list[Blame]]

CENSUS: dict[tuple[str, str], Mess] = {
    ("433101", "facilities"): messy_rows.named_xls,
    ("433101", "dropouts"): messy_cells.yes_and_no,
    ("433122", "entrants_base"): messy_rows.page,
    ("433122", "disabled_children"): messy_rows.titles_and_notes,
    ("433122", "facilities"): messy_cells.ten_thousands,
    ("433123", "dropouts"): messy_cells.repaired_numbers,
    ("433124", "pupils_by_age"): messy_rows.named_et,
    ("433124", "entrants_base"): messy_rows.hidden,
    ("433125", "graduate_destinations"): messy_rows.two_header_rows,
    ("433125", "enrolment"): messy_rows.total_above,
    ("433126", "facilities"): messy_rows.groups,
    ("433127", "enrolment"): messy_rows.wrong_total,
    ("433127", "dropouts"): messy_cells.grades,
    ("433130", "facilities"): messy_cells.mixed_types,
    ("433130", "disabled_children"): messy_cells.line_breaks,
    ("433130", "pupils_by_age"): messy_rows.text_named_xls,
    ("433100", "technical_pupils"): messy_cells.blank_county,
}
CALENDAR: dict[tuple[str, str], Mess] = {
    ("433101", "venues"): messy_cells.numbers_as_text,
    ("433122", "trainees"): messy_cells.damaged_numbers,
    ("433123", "trainees"): messy_cells.names,
    ("433124", "venues"): messy_cells.dates,
    ("433125", "athletes"): messy_cells.sex_0_and_1,
    ("433126", "coaches"): messy_rows.sent_again,
    ("433127", "trainees"): messy_rows.same_person_twice,
    ("433130", "loan_officers"): messy_rows.missing_column,
    ("433171", "venues"): messy_rows.unicode_text,
    ("433100", "population"): messy_cells.counties,
}


class Messes:
    """Spoils the files of one year as they are written, and remembers what must be found."""

    def __init__(self, landing: Path, year: int) -> None:
        """Nothing is spoilt yet."""
        self.landing, self.folder = landing, f"{year}-{year + 1}"
        self.blames: list[Blame] = []
        self._left = {(*place, self.folder): mess for place, mess in CENSUS.items()}
        self._left |= {(*place, str(year)): mess for place, mess in CALENDAR.items()}

    def spoil(self, unit: str, table: Table, one: Draft) -> bool:
        """Whether the file is one to be spoilt, and was then written spoilt."""
        mess = self._left.pop((unit, table.dataset, table.period.folder), None)
        if mess is None:
            return False
        self.blames += mess(Spoilt.of(self.landing, one, table))
        return True

    def finish(self, manifest: Path) -> None:
        """Writes the files that hold no table, and the manifest.

        Raises:
            ValueError: a file that was to be spoilt was not among those of the sample.
        """
        if self._left:
            raise ValueError(f"no file for the messes of {sorted(self._left)}")
        self.blames += stray_files(self.landing, self.folder)
        with manifest.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [field.name for field in fields(Blame)])
            writer.writeheader()
            writer.writerows(asdict(blame) for blame in sorted(self.blames, key=lambda one: (one.file, one.row or 0)))
