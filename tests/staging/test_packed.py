"""Packed rows: they hold what the plain ones hold, whichever rows of whichever file are taken out of them."""

from decimal import Decimal

import pyarrow as pa
import pytest

from assets.intake.distinct import distinct_pairs
from assets.judging.keys import numbered
from assets.judging.packed import packed, taken, unpacked

SCHEMA = pa.schema([
    ("name", pa.string()), ("empty", pa.string()), ("area", pa.decimal128(18, 2)), ("pupils", pa.int64())
])  # fmt: skip


def files() -> list[pa.Table]:
    names = [["a", "b", "a", None], [None, "c"], ["b"]]
    return [
        pa.table({
            "name": one, "empty": [None] * len(one), "area": [Decimal(len(name or "")) / 4 for name in one],
            "pupils": range(len(one)),
        }, schema=SCHEMA)
        for one in names
    ]  # fmt: skip


def test_what_was_packed_file_by_file_is_unpacked_as_it_was() -> None:
    rows = pa.concat_tables([packed(one) for one in files()])
    assert pa.types.is_dictionary(rows.schema.field("name").type)
    assert unpacked(rows).equals(pa.concat_tables(files()))
    assert unpacked(unpacked(rows)).equals(unpacked(rows))


@pytest.mark.parametrize("places", [[], [0], [3, 4, 6], [0, 1, 2, 3, 4, 5, 6]])
def test_rows_are_taken_from_all_files(places: list[int]) -> None:
    rows = pa.concat_tables([packed(one) for one in files()])
    assert taken(rows, places).equals(pa.concat_tables(files()).take(pa.array(places, pa.int64())))


def test_the_same_text_has_the_same_number_in_all_files() -> None:
    numbers, names = numbered(pa.concat_tables([packed(one) for one in files()])["name"])
    assert (numbers.tolist(), names) == ([0, 1, 0, -1, -1, 2, 1], ["a", "b", "c"])


def test_pairs_are_told_once() -> None:
    pairs, places = distinct_pairs(pa.array(["x", None, "x", "x", "y"]), pa.array(["1", "1", None, "1", "1"]))
    assert pairs == [("x", "1"), ("x", None), ("y", "1")]
    assert places.to_pylist() == [0, None, 1, 0, 2]
