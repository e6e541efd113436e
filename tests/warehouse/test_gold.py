"""The copies hold the newest release, whole and typed, and the package beside them tells what they hold."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from warehouse.gold import write_gold
from warehouse.publish import publish
from warehouse.schema import DIMENSIONS, FACTS, THEMES

from .editions import PUBLISHED_AT, content, edition
from .made_up import ROWS


def test_the_copies_are_the_newest_release(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    publish(engine, edition(2), "v1", PUBLISHED_AT)
    counts = write_gold(engine, tmp_path / "gold")
    assert counts == {
        "dim_region": 2, "dim_unit": 4, "dim_year": 1, "dim_school": 30, "dim_indicator": 1, "dim_commitment": 1,
        "dim_rule": 1, "dim_code": 4, "dim_size_band": 4, "fact_indicator": 60, "fact_verdict": 2,
        **{table.name: 2 * ROWS for table in THEMES},
    }  # fmt: skip
    copies = {f"{name}{end}" for name in counts for end in (".parquet", ".csv")}
    assert {path.name for path in (tmp_path / "gold").iterdir()} == {*copies, "datapackage.json"}
    for table in (*DIMENSIONS, *FACTS):
        copy = pq.read_table(tmp_path / "gold" / f"{table.name}.parquet")
        assert copy.column_names == [column.name for column in table.columns if column.name != "release_id"]
        assert copy.num_rows == counts[table.name]
    figures = pq.read_table(tmp_path / "gold" / "fact_indicator.parquet")
    assert marks_of(figures) == {(2019, "第1版"), (2020, "第2版")}
    assert figures.schema.field("numerator").type == pa.decimal128(28, 4)
    assert figures.schema.field("year").metadata[b"comment"] == "年度 / plan year".encode()


def test_a_dimension_comes_back_as_it_was(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    write_gold(engine, tmp_path)
    for table in DIMENSIONS:
        copy = pq.read_table(tmp_path / f"{table.name}.parquet")
        assert copy.sort_by([(name, "ascending") for name in copy.column_names]).equals(content(engine, table))


def test_without_a_release_nothing_is_written(engine: Engine, tmp_path: Path) -> None:
    assert write_gold(engine, tmp_path / "gold") == {}
    assert not (tmp_path / "gold").exists()


def test_copies_that_cannot_be_written_leave_the_older_ones(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1, schools=3), "v1", PUBLISHED_AT)
    write_gold(engine, tmp_path / "gold")
    publish(engine, edition(2, schools=5), "v1", PUBLISHED_AT)
    with engine.begin() as connection:
        others = "CASCADE" if engine.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TABLE stored_fact_verdict {others}")
    with pytest.raises(DBAPIError):
        write_gold(engine, tmp_path / "gold")
    assert pq.read_table(tmp_path / "gold" / "dim_school.parquet").num_rows == 3
    assert len(list((tmp_path / "gold").iterdir())) == 2 * (len(DIMENSIONS) + len(FACTS)) + 1


def test_copies_are_written_anew_where_their_parts_are_others(engine: Engine, tmp_path: Path) -> None:
    first, folder = edition(1, years=(2019, 2020)), tmp_path / "gold"
    publish(engine, first, "v1", PUBLISHED_AT)
    counts, before = write_gold(engine, folder), files_of(folder)
    publish(engine, first, "v1", PUBLISHED_AT)  # without news
    assert write_gold(engine, folder) == counts
    assert moved(before, files_of(folder)) == {"datapackage.json"}
    assert json.loads((folder / "datapackage.json").read_text("utf-8"))["version"] == "2.0.0"
    figures = edition(2).tables["fact_indicator"]
    publish(engine, replace(edition(1), tables={**edition(1).tables, "fact_indicator": figures}), "v1", PUBLISHED_AT)
    with engine.begin() as connection:  # what did not move is not asked for
        connection.exec_driver_sql("DELETE FROM stored_fact_indicator WHERE year = 2019")
    before = files_of(folder)
    assert write_gold(engine, folder) == counts
    assert {name for name in moved(before, files_of(folder)) if name.startswith("fact_")} == {
        "fact_indicator.csv", "fact_indicator.parquet",
    }  # fmt: skip
    assert marks_of(pq.read_table(folder / "fact_indicator.parquet")) == {(2019, "第1版"), (2020, "第2版")}


def test_copies_that_others_changed_are_written_anew(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    folder = tmp_path / "gold"
    write_gold(engine, folder)
    whole = files_of(folder)
    for name, spoilt in (("dim_school.csv", b"mine"), ("dim_school.parquet", b""), ("datapackage.json", b"{")):
        (folder / name).write_bytes(spoilt)
        (folder / "dim_unit.csv").unlink()
        write_gold(engine, folder)
        assert {name: told for name, (told, _) in files_of(folder).items()} == {
            n: told for n, (told, _) in whole.items()
        }


def test_a_copy_that_a_hand_or_a_disk_changed_is_neither_kept_nor_read(engine: Engine, tmp_path: Path) -> None:
    first, file = edition(1, years=(2019, 2020)), tmp_path / "fact_indicator.parquet"
    publish(engine, first, "v1", PUBLISHED_AT)
    write_gold(engine, tmp_path)
    whole, rows = file.read_bytes(), pq.read_table(file)
    pq.write_table(rows.slice(1), file)  # which keeps what the file says of itself
    write_gold(engine, tmp_path)
    assert file.read_bytes() == whole
    file.write_bytes(whole[:50] + bytes(200) + whole[250:])
    publish(engine, edition(2), "v1", PUBLISHED_AT)  # one year anew, the other as it was
    write_gold(engine, tmp_path)
    assert marks_of(pq.read_table(file)) == {(2019, "第1版"), (2020, "第2版")}


def files_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and place of each file: one that is written anew has another place, be its content the same."""
    return {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}


def moved(before: dict[str, tuple[bytes, int]], after: dict[str, tuple[bytes, int]]) -> set[str]:
    return {name for name in after if after[name] != before.get(name)}


def marks_of(figures: pa.Table) -> set[tuple[int, str]]:
    """Year and mark of the figures, by which editions are known."""
    return set(zip(figures["year"].to_pylist(), figures["parameters"].to_pylist(), strict=True))


READ = {
    "string": str, "integer": int, "number": float, "date": date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}  # fmt: skip
"""How a reader of Table Schema turns a cell into a value of each type."""


def rows_as_told(resource: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """The rows of a resource's file, read by what the package says of it and nothing else."""
    content = (folder / resource["path"]).read_bytes()
    assert len(content) == resource["bytes"]
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]
    lines = csv.reader(content.decode("utf-8-sig").splitlines(keepends=True))
    fields = resource["schema"]["fields"]
    assert next(lines) == [field["name"] for field in fields]
    empty = resource["schema"]["missingValues"]
    rows = [
        {f["name"]: None if cell in empty else READ[f["type"]](cell) for f, cell in zip(fields, line, strict=True)}
        for line in lines
    ]
    for field in fields:
        rules, values = field.get("constraints", {}), [row[field["name"]] for row in rows]
        assert not (rules.get("required") and None in values), (resource["name"], field["name"])
        assert not rules.get("enum") or set(values) <= {None, *rules["enum"]}
    return rows


def as_read(value: Any) -> Any:
    """A value of the Parquet copy as that reader sees it: without empty texts, numbers as floats."""
    return None if value == "" else float(value) if isinstance(value, Decimal) else value


def test_the_csv_copies_are_what_the_package_tells_of_them(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    counts = write_gold(engine, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert (package["version"], package["created"]) == ("1.0.0", "2021-01-25T18:00:00Z")
    read = {resource["name"]: rows_as_told(resource, tmp_path) for resource in package["resources"]}
    assert {name: len(rows) for name, rows in read.items()} == counts
    for resource in package["resources"]:
        name, schema = resource["name"], resource["schema"]
        key = [tuple(row[column] for column in schema["primaryKey"]) for row in read[name]]
        assert len(set(key)) == len(key), name
        for foreign in schema.get("foreignKeys", []):
            ((column,), parent) = foreign["fields"], foreign["reference"]
            known = {row[parent["fields"][0]] for row in read[parent["resource"] or name]}
            assert {row[column] for row in read[name]} <= {None, *known}, (name, column)
        whole = pq.read_table(tmp_path / f"{name}.parquet").to_pylist()
        assert read[name] == [{column: as_read(value) for column, value in row.items()} for row in whole]
    assert {f["resource"] for r in package["resources"] for k in r["schema"].get("foreignKeys", [])
            for f in [k["reference"]]} == {"", "dim_region"}  # fmt: skip


def test_a_text_like_a_formula_is_no_formula_in_the_csv(engine: Engine, tmp_path: Path) -> None:
    told = edition(1, schools=7)
    names = ["=1+1", "+86", "-3", "@sum", "\t=2", "＝3", "无=事"]
    schools = told.tables["dim_school"]
    schools = schools.set_column(schools.column_names.index("name"), "name", pa.array(names))
    publish(engine, replace(told, tables={**told.tables, "dim_school": schools}), "v1", PUBLISHED_AT)
    write_gold(engine, tmp_path)
    content = (tmp_path / "dim_school.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet would not know that this is UTF-8"
    shown = [row["name"] for row in csv.DictReader(content.decode("utf-8-sig").splitlines())]
    assert shown == ["'=1+1", "'+86", "'-3", "'@sum", "'\t=2", "'＝3", "无=事"]
    assert pq.read_table(tmp_path / "dim_school.parquet")["name"].to_pylist() == names
