"""A recognised file becomes its raw table in the lake: text as delivered, dated, without persons, written aside.

Rows go through batch by batch, in bounded memory. What a file is, is `recognise.py`; what becomes of one that cannot be
read to its end, `receive.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.intake.clean import DIFFERS
from assets.intake.controls import questions
from assets.intake.counts import Counts, cells_above, cells_elsewhere
from assets.intake.errors import Refused
from assets.intake.headers import HeaderRow
from assets.intake.periods import Told, strongest, told_by
from assets.intake.personal import helpers, without_persons
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.recognise import Layout
from assets.intake.row_periods import PERIOD, dated, file_period, told_of
from assets.intake.rows import AGAIN, data_rows
from assets.intake.sheets import Sheet
from expectations.contract import Contract
from expectations.regions import Regions
from warehouse.lake import replacing

_GROUP_ROWS = 32_768


@dataclass(frozen=True)
class Reading:
    """The reading of one recognised file; `path_told` is what its name and folders say of time, strongest first.

    `others` are its sheets that are not read, whose cells are only counted; `further` are the other datasets that its
    sheets fill, whose cells are no unknown ones.
    """

    contract: Contract
    layouts: Sequence[Layout]
    path_told: Sequence[Told]
    regions: Regions
    pseudonymiser: Pseudonymiser
    others: Sequence[Sheet] = ()
    further: Sequence[tuple[Contract, Sequence[Layout]]] = ()

    @functools.cached_property
    def told(self) -> Sequence[Told]:
        """What each sheet's title lines and name, the file's name and its folders say of time."""
        return [strongest([*map(told_by, layout.titles), *self.path_told]) for layout in self.layouts]

    @property
    def file_period(self) -> str | None:
        """The period of the whole file, when all its sheets are told the same."""
        periods = {file_period(self.contract, told) for told in self.told}
        return periods.pop() if len(periods) == 1 else None

    @property
    def units(self) -> dict[str, str]:
        """The unit that headers name, by column.

        Raises:
            Refused: two sheets name different units for one column.
        """
        units: dict[str, str] = {}
        for layout in self.layouts:
            for name in layout.header.positions:
                unit = layout.header.units.get(name, "")
                if units.setdefault(name, unit) != unit:
                    raise _units_differ(self.contract.column(name).title)
        return {name: unit for name, unit in units.items() if unit}

    @property
    def schema(self) -> pa.Schema:
        """Columns of the raw table: place, period, and as text every column that a sheet has, helpers beside it."""
        present = {*self.contract.period, *(name for layout in self.layouts for name in layout.header.positions)}
        again = {name for layout in self.layouts for name in layout.header.repeats}
        names: list[str] = []
        for column in self.contract.kept:
            if column.name in present or any(told_of(column, told) for told in self.told):
                names += [column.name, *helpers(column, self.contract)]
                names += [f"{column.name}__doubt"] if column.name in again and not column.is_personal else []
        texts = [pa.field(name, pa.string()) for name in names]
        return pa.schema([("sheet", pa.string()), ("row", pa.int32()), (PERIOD, pa.string()), *texts])

    def write(self, target: Path) -> Counts:
        """Write the raw table aside and give it its name; the counts of its rows.

        The name is durable when whoever records the reading has synced it.

        Raises:
            Refused: the file breaks off in its midst, or no row of it has a period.
        """
        counts, schema = Counts(), self.schema
        with replacing(target, is_name_synced=False) as aside:
            with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
                for rows in _together(_fitted(batch, schema) for batch in self._batches(counts)):
                    writer.write_table(rows)
            self._settle(counts, aside)
            counts.questions = questions(counts.controls, aside, self.contract, self.units, self.regions)
        for sheet in self.others:
            counts.cells.update(cells_elsewhere(sheet))
        return counts

    def _batches(self, counts: Counts) -> Iterator[pa.Table]:
        for layout, told in zip(self.layouts, self.told, strict=True):
            counts.cells.update(cells_above(layout.sheet.head, layout.header))
            for batch in data_rows(layout.sheet, layout.header, self.contract, self._further(layout)):
                counts.read += batch.read
                counts.ignored.update(batch.ignored)
                counts.cells.update(batch.cells)
                counts.controls += batch.controls
                if batch.data.num_rows:
                    rows = dated(batch.data, self.contract, told, self.regions)
                    _count_periods(rows, counts)
                    rows = _compared(without_persons(rows, self.contract, self.pseudonymiser), batch.data)
                    yield rows.append_column("sheet", pa.repeat(layout.sheet.name, rows.num_rows))

    def _further(self, layout: Layout) -> list[tuple[HeaderRow, Contract]]:
        """The headers that other datasets have in a sheet."""
        return [(o.header, contract) for contract, layouts in self.further for o in layouts if o.sheet is layout.sheet]

    def _settle(self, counts: Counts, aside: Path) -> None:
        """Rows without a period go with the most frequent one; a file without rows has the period that it is told."""
        if not counts.periods:
            if counts.undated or self.file_period is None:
                raise _no_period(self.contract)
            counts.periods[self.file_period] = 0
        if counts.undated:
            period = max(sorted(counts.periods), key=lambda name: counts.periods[name])
            _fill_period(aside, period)
            counts.periods[period] += counts.undated


def _together(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in larger tables: each becomes a row group, which costs memory until the file is closed."""
    held: list[pa.Table] = []
    for batch in batches:
        held.append(batch)
        if sum(table.num_rows for table in held) >= _GROUP_ROWS:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def _count_periods(rows: pa.Table, counts: Counts) -> None:
    for found in pc.value_counts(rows[PERIOD]).to_pylist():
        if found["values"] is None:
            counts.undated += found["counts"]
        else:
            counts.periods[found["values"]] += found["counts"]


def _compared(rows: pa.Table, delivered: pa.Table) -> pa.Table:
    """Rows in which a further header of the same column holds another text get the doubt `differs`."""
    made = {name: rows[name] for name in rows.column_names if not name.endswith(AGAIN)}
    repeated = [name.removesuffix(AGAIN) for name in delivered.column_names if name.endswith(AGAIN)]
    for name in repeated:
        again = delivered[f"{name}{AGAIN}"]
        other = pc.fill_null(pc.not_equal(delivered[name], again), pc.is_valid(again))
        doubt = made.get(f"{name}__doubt", pa.nulls(rows.num_rows, pa.string()))
        made[f"{name}__doubt"] = pc.if_else(other, DIFFERS, doubt)
    return pa.table(made) if repeated else rows


def _fitted(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows in the file's schema; columns that only another sheet has are null."""
    missing, names = pa.nulls(rows.num_rows, pa.string()), frozenset(rows.column_names)
    return pa.table([rows[f.name] if f.name in names else missing for f in schema], schema=schema)


def _fill_period(path: Path, period: str) -> None:
    """Give the rows of a raw file that have no period this one; the file is rewritten row group by row group."""
    with (
        replacing(path, is_name_synced=False) as fresh,
        pq.ParquetFile(path) as file,
        pq.ParquetWriter(fresh, file.schema_arrow, compression="zstd") as writer,
    ):
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group)
            at = rows.schema.get_field_index(PERIOD)
            writer.write_table(rows.set_column(at, PERIOD, pc.fill_null(rows[PERIOD], period)))


def _no_period(contract: Contract) -> Refused:
    columns = "、".join(f"“{contract.column(name).title}”" for name in contract.period)
    return Refused(
        "no_period",
        f"看不出报告期：《{contract.name_zh}》的{columns}在各行、标题、文件名和文件夹中都没有写明。",
        f"请补上{columns}栏，或在标题、文件名中写明（如 2020-2021学年、2020年春季学期、2020年、2020年3月）后重新报送。",
    )


def _units_differ(title: str) -> Refused:
    return Refused(
        "units_differ",
        f"各工作表“{title}”栏的计量单位不同。",
        "请在所有工作表中使用同一计量单位，并写在栏目名称后的括号内。",
    )
