"""Reading everything that a role is granted, and solving for what was withheld (`attacker.py`).

Of a public reader that is the public tables of every kept release; of an analyst all of `mart` and `pub`, read as that
role on PostgreSQL. Beside what is found stands what would be, were small counts withheld and nothing else.
The user of `XIANGXI_WAREHOUSE_URL` must be a member of `analyst`, or a superuser.
Usage: python -m benchmarks.attack --home DIR
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, text

from benchmarks.attacker import ALL, PREFECTURE, SIDES, Attacker, Cell, Cells, is_of_persons
from benchmarks.timing import timed
from pipelines.settings import Settings
from warehouse.analyst.profiles import STAGES
from warehouse.connect import reading
from warehouse.disclosure.listing import listed, outside
from warehouse.disclosure.suppress import Protection, Protections
from warehouse.words import DELIVERABLES

PROTECTIONS = Protections()
_TELLS = {"part": SIDES, "ratio": SIDES, "per": ("denominator",)}
"""What a value tells to all its places: of something over persons by how many it is a whole number."""
Rows = Callable[[str], Iterable[Row[Any]]]


def truth_of(connection: Connection, release_id: int, year: int) -> dict[Cell, float]:
    """The counts of a year in a release, read where all is exact."""
    of = f"release_id = {release_id} AND year = {year}"

    def rows(query: str) -> Iterable[Row[Any]]:
        return connection.execute(text(query.replace("[of]", of)))

    figures = dict(_figures(rows))
    return {**_counted(rows), **_employed(rows), **figures, **dict(_beyond(figures))}


def _counted(rows: Rows) -> dict[Cell, float]:
    """Pupils and payments, with their totals."""
    truth: dict[Cell, float] = defaultdict(float)

    def add(*cell: str, count: float) -> None:
        *head, item, unit = cell
        for each in (item, ALL):
            for region in (unit, PREFECTURE):
                truth[*head, each, region] += float(count)

    pupils = "SELECT unit_code, stage, sum(pupils), sum(girls) FROM fact_enrolment WHERE [of] GROUP BY 1, 2"
    for unit, stage, all_of_them, girls in rows(pupils):
        for measure, count in (("pupils", all_of_them), ("girls", girls), ("boys", all_of_them - girls)):
            add("pub_enrolment", measure, stage, unit, count=count)
    for unit, term, project, payments in rows(
        "SELECT unit_code, term, project, sum(payments) FROM fact_aid WHERE [of] GROUP BY 1, 2, 3"
    ):
        add("pub_aid", term, project, unit, count=payments)
        for region in (unit, PREFECTURE):
            truth["pub_aid", ALL, ALL, region] += float(payments)
    return truth


def _employed(rows: Rows) -> dict[Cell, float]:
    truth = {}
    for unit, staff, teachers in rows(
        "SELECT unit_code, sum(staff), sum(teachers) FROM fact_staff WHERE [of] AND teachers > 0 GROUP BY 1"
    ):
        for name, count in (("staff", staff), ("teachers", teachers), ("others", staff - teachers)):
            truth["staff", name, unit] = float(count)
    return truth


def _figures(rows: Rows) -> Iterator[tuple[Cell, float]]:
    """Both sides of each figure of persons, and of a part those who are not counted."""
    query = (
        "SELECT indicator_id, region_code, numerator, denominator FROM fact_indicator WHERE [of] AND value IS NOT NULL "
        "AND level <> 'school' AND indicator_id NOT IN "
        f"(SELECT indicator_id FROM dim_indicator WHERE theme = '{DELIVERABLES}')"
    )
    for indicator, region, numerator, denominator in rows(query):
        told = listed(indicator)
        sides = {"numerator": numerator and numerator / told.times, "denominator": denominator}
        if told.kind == "part" and None not in sides.values():
            sides["rest"] = max(denominator - numerator, 0)
        if told.kind != "things":
            yield from (
                (("indicator", indicator, side, region), float(n)) for side, n in sides.items() if n is not None
            )


def _beyond(figures: Mapping[Cell, float]) -> Iterator[tuple[Cell, float]]:
    """Those of a count who are not of another that lies within it."""
    for (_, indicator, side, region), count in figures.items():
        for outer in outside((indicator, side)):
            beyond = figures.get(("indicator", *outer, region), -1.0) - count
            if beyond >= 0:
                yield ("beyond", indicator, side, *outer, region), beyond


def read_public(connection: Connection, year: int, release_id: int | None = None) -> tuple[set[Cell], set[Cells]]:
    """What the public tables show, of the newest release or of any, and the counts of what they withhold."""
    prefix, where = ("", "") if release_id is None else ("published_as_of_", f" AND release_id = {release_id}")
    shown, hidden = set[Cell](), set[Cells]()
    for table, *names in (
        ("pub_enrolment", "measure", "stage"), ("pub_aid", "term", "project"), ("pub_indicator", "indicator_id"),
    ):  # fmt: skip
        query = f"SELECT {', '.join(names)}, region_code, status FROM {prefix}{table} WHERE year = {year}{where}"
        for *key, status in connection.execute(text(query)):
            row: Cells = ((table, *key),)
            if table == "pub_indicator":
                row = _told(*key, _TELLS.get(listed(key[0]).kind, ()))
            shown |= set(row) if status in ("ok", "p") else set()
            hidden |= {row} if status == "c" else set()
    return shown, hidden


def _told(indicator: str, region: str, sides: tuple[str, ...] = SIDES) -> Cells:
    return tuple(("indicator", indicator, side, region) for side in sides)


def read_as_analyst(connection: Connection, year: int, release_id: int) -> tuple[set[Cell], set[Cells]]:
    """What an analyst reads of a release that is the newest, and the counts of what is withheld from him."""
    shown, _ = read_public(connection, year)
    hidden = set[Cells]()
    for table in ("fact_indicator", "fact_verdict"):
        query = (
            f"SELECT indicator_id, region_code, numerator, denominator, status FROM mart.{table} WHERE year = {year}"
        )
        for indicator, region, *sides, status in connection.execute(text(f"{query} AND release_id = {release_id}")):
            told = _told(indicator or "", region)
            shown |= {cell for cell, side in zip(told, sides, strict=False) if side is not None}
            hidden |= {told} if status == "c" and table == "fact_indicator" else set()
    profile = {
        "pupils": ("pub_enrolment", "pupils", ALL), "staff": ("staff", "staff"), "teachers": ("staff", "teachers"),
        "payments": ("pub_aid", ALL, ALL),
        **{f"pupils_{name}": ("pub_enrolment", "pupils", stage) for name, stage in STAGES.items()},
    }  # fmt: skip
    query = f"SELECT unit_code, {', '.join(profile)} FROM mart.v_region_profile WHERE year = {year}"
    for unit, *counts in connection.execute(text(query)):
        cells = [(*head, unit) for head in profile.values()]
        shown |= {cell for cell, count in zip(cells, counts, strict=True) if count is not None}
        hidden |= {(cell,) for cell, count in zip(cells, counts, strict=True) if count is None}
    query = f"SELECT * FROM mart.release_change WHERE year = {year} AND release_id = {release_id}"
    for row in connection.execute(text(query)).mappings():
        told = _told(row["indicator_id"], row["region_code"])
        shown |= {cell for cell in told[:2] if row[f"{cell[2]}_after"] is not None}
    return shown, hidden


def small_alone(truth: Mapping[Cell, float], rows: Iterable[Cells], least: int) -> tuple[set[Cell], set[Cells]]:
    """What would be shown, and what withheld, were figures of small counts withheld and nothing else."""
    hidden = {row for row in rows if any(0 < truth[c] < least and is_of_persons(c) for c in row if c in truth)}
    return {cell for row in rows if row not in hidden for cell in row}, hidden


def attack_public(
    connection: Connection, year: int, protection: Protection = PROTECTIONS.public, *, is_naive: bool = False
) -> Attacker:
    """An attacker who has read the public tables of every kept release; naive: had small counts alone been withheld."""
    attacker = Attacker(protection.least)
    for release_id in connection.execute(text("SELECT release_id FROM release ORDER BY 1")).scalars().all():
        truth = truth_of(connection, release_id, year)
        others = [cell for cell in truth if cell[0] in {"indicator", "beyond"} and not _is_public(cell)]
        for cell in others:
            del truth[cell]
        shown, hidden = read_public(connection, year, release_id)
        if is_naive:
            rows = {*hidden, *((cell,) for cell in shown)}
            shown, hidden = small_alone(truth, rows, protection.least)
        attacker.read(truth, shown, hidden)
    return attacker


def _is_public(cell: Cell) -> bool:
    named = (cell[1], cell[3]) if cell[0] == "beyond" else cell[1:2]
    return all(listed(indicator).readers == "public" for indicator in named)


def measured(home: Path) -> Iterator[str]:
    """A line per year and reader: what is withheld, what is found of it, and of small counts withheld alone."""
    house = Settings(home=home).house()
    engine, public, analysts = house.engine(), house.protections.public, house.protections.analysts
    with reading(engine) as connection:
        years = connection.execute(text("SELECT DISTINCT year FROM fact_indicator ORDER BY 1")).scalars().all()
        for year in years:
            attacker, naive = (attack_public(connection, year, public, is_naive=each) for each in (False, True))
            yield _line(f"{year} public", attacker, naive, public.width)
            if engine.dialect.name == "postgresql":
                yield _line(f"{year} analyst", *attack_as_analyst(connection, year, analysts), analysts.width)
    engine.dispose()


def attack_as_analyst(
    connection: Connection, year: int, protection: Protection = PROTECTIONS.analysts
) -> tuple[Attacker, Attacker]:
    """An attacker who has read the newest release as an analyst, and the naive one."""
    release_id = connection.execute(text("SELECT max(release_id) FROM release")).scalar_one()
    truth = truth_of(connection, release_id, year)
    connection.exec_driver_sql("SET LOCAL ROLE analyst; SET LOCAL search_path = mart, pub")
    shown, hidden = read_as_analyst(connection, year, release_id)
    connection.exec_driver_sql("RESET ROLE; RESET search_path")
    attacker, naive = Attacker(protection.least), Attacker(protection.least)
    attacker.read(truth, shown, hidden)
    figures = {_told(cell[1], cell[3]) for cell in truth if cell[0] == "indicator"}
    others = {
        (cell,) for cell in truth if cell[0] != "indicator" and cell in shown | {c for row in hidden for c in row}
    }
    naive.read(truth, *small_alone(truth, figures | others, protection.least))
    return attacker, naive


def _line(who: str, attacker: Attacker, naive: Attacker, width: int) -> str:
    found: list[set[Cells]] = []
    seconds = timed(lambda: found.extend((attacker.pinned(width), attacker.pinned(width, attacker.small()))))
    undone = len(naive.pinned(width))
    return (
        f"{who}: {len(attacker.truth)} counts, {len(attacker.hidden)} figures withheld, {len(found[0])} found, "
        f"{len(found[1])} small counts found ({seconds:.1f} s); small alone: {len(naive.hidden)}, {undone} found"
    )


def main() -> None:
    """Attack what a home has published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"))
    for line in measured(parser.parse_args().home):
        print(line)


if __name__ == "__main__":
    main()
