"""Identities of census forms: a true workbook keeps them all, and each that one cell breaks is told at its total."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from assets.judging.census_sums import KINDS, census_sums
from expectations.forms import load_forms
from expectations.identities import Identity, identity
from samples.census_workbook import write_workbook
from tests.samples.twins import reported

KINDS_OF_SCHOOL = ("111", "211", "341")


@cache
def cells(year: int = 2020) -> pd.DataFrame:
    """The cells of workbooks of schools of several kinds, one below the other."""
    rows = []
    with TemporaryDirectory() as folder:
        for kind in KINDS_OF_SCHOOL:
            for c in write_workbook(Path(folder), reported(kind, year)).cells:
                if c.value not in {"是", "否"}:
                    rows.append((f"433101-{kind}", kind, c.form, c.row_code.zfill(2), c.column_code, Decimal(c.value)))
    names = ["submission_id", "school_code", "form", "row_code", "column_code", "value"]
    frame = pd.DataFrame(rows, columns=names).assign(school_year=f"{year}-{year + 1}")
    return frame.assign(at=np.arange(len(frame)))


def off(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    """How far cells are off, by kind and place of the cell."""
    found = census_sums(frame)
    return {
        (kind, f"{row.form} {row.row_code}/{row.column_code}"): gap
        for kind in KINDS
        for row, gap in zip(frame.itertuples(), found[f"value__{kind}_off"], strict=True)
        if gap and not np.isnan(gap)
    }


def asked(frame: pd.DataFrame) -> dict[str, int]:
    found = census_sums(frame)
    return {kind: int(found[f"value__{kind}_off"].notna().sum()) for kind in KINDS}


def changed(frame: pd.DataFrame, at: int, by: str) -> pd.DataFrame:
    values = frame["value"].tolist()
    values[at] += Decimal(by)
    return frame.assign(value=values)


@pytest.mark.parametrize("year", [2020, 2021])
def test_true_workbooks_keep_every_identity(year: int) -> None:
    assert off(cells(year)) == {}
    assert {kind for kind, many in asked(cells(year)).items() if many} >= {"across", "within"}


def test_every_kind_is_asked() -> None:
    assert min(asked(cells()).values()) >= 3


def totals(frame: pd.DataFrame, name: str, one: Identity) -> list[int]:
    """Places of the cells that are totals of an identity and have a part to be held against."""
    place = frame["form"] + " " + frame["row_code"] + "/" + frame["column_code"]
    code = {"columns": frame["column_code"], "rows": frame["row_code"], "forms": place}[one.axis]
    mine = frame[(code == one.total) & ((frame["form"] == name) | (one.axis == "forms"))]
    told = sums(cells_year(name))[f"value__{kind_of(one)}_off"]
    return [at for at in mine["at"] if not np.isnan(told[at])]


def kind_of(one: Identity) -> str:
    return "within" if one.is_limit else {"columns": "across", "rows": "down", "forms": "between"}[one.axis]


def cells_year(name: str) -> int:
    return 2021 if name.startswith("教基") else 2020


@cache
def sums(year: int) -> Mapping[str, pd.Series]:
    return census_sums(cells(year))


IDENTITIES = [
    (name, one)
    for generation in load_forms()
    for name, each in [*((name, form.identities) for name, form in generation.forms.items()),
                       ("", generation.agreements)]
    for one in each
]  # fmt: skip
BROKEN = [(name, one) for name, one in IDENTITIES if totals(cells(cells_year(name)), name, one)]


def test_most_identities_are_broken_here() -> None:
    assert len(BROKEN) > 35


def alone(frame: pd.DataFrame, name: str, at: int) -> tuple[pd.DataFrame, int]:
    """The cells of one form, and where the cell at a place of the frame stands among them."""
    mine = frame[frame["form"] == name]
    place = mine["at"].tolist().index(at)
    return mine.reset_index(drop=True).assign(at=lambda f: np.arange(len(f))), place


@pytest.mark.parametrize(("name", "one"), BROKEN, ids=[f"{name}{one.words}" for name, one in BROKEN])
def test_an_identity_that_one_cell_breaks_is_told_at_its_total(name: str, one: Identity) -> None:
    frame = cells(cells_year(name))
    kind, at = kind_of(one), totals(frame, name, one)[0]
    if name:  # the others say nothing of it
        frame, at = alone(frame, name, at)
    found = census_sums(changed(frame, at, "1000000"))
    assert found[f"value__{kind}_off"][at] > 0
    assert found[f"value__{kind}_words"][at].startswith(("第", "基础基"))


def test_a_part_that_is_wrong_is_told_at_the_total_of_its_row_and_column() -> None:
    frame = cells()
    part = frame[(frame["form"] == "基础基311") & (frame["row_code"] == "06") & (frame["column_code"] == "9")]
    assert off(changed(frame, int(part["at"].iloc[0]), "1")) == {
        ("across", "基础基311 06/6"): -1,
        ("down", "基础基311 01/9"): -1,
    }


def test_a_form_that_stands_twice_is_held_to_its_identities_for_each_kind_of_school() -> None:
    frame = cells(2021)
    frame = frame.assign(form=frame["form"] + "_小学")
    total = frame[(frame["form"] == "教基3112_小学") & (frame["row_code"] == "01") & (frame["column_code"] == "7")]
    assert ("across", "教基3112_小学 01/7") in off(changed(frame, int(total["at"].iloc[0]), "1"))


def test_what_is_empty_everywhere_is_not_asked() -> None:
    frame = cells()
    is_part = (frame["form"] == "基础基411") & frame["column_code"].isin(list("23456"))
    frame = changed(frame[~is_part].reset_index(drop=True), 0, "0").assign(at=lambda f: np.arange(len(f)))
    assert ("across", "基础基411 01/1") not in off(frame)


def test_starred_cells_and_fractions_of_counts_are_told() -> None:
    frame = cells()
    more = frame.iloc[[0]].assign(form="基础基213", row_code="03", column_code="3", value=Decimal("1.5"))
    frame = pd.concat([frame, more], ignore_index=True).assign(at=lambda f: np.arange(len(f)))
    found: Mapping[str, pd.Series] = census_sums(frame)
    assert list(np.flatnonzero(found["value__starred"] == "yes")) == [len(frame) - 1]
    assert found["value__fraction"].tolist()[-1] == 0.5


@pytest.mark.parametrize("text", ["1 = ", "1 = 2...3", "one = 2", "1 < 2", "1 = 2 * 3", "1 = 2..3 / 0"])
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no identity"):
        identity("columns", text)
