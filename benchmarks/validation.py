"""Judging one large dataset, beside plain Great Expectations on pandas and one DuckDB query written by hand.

The rows of the sample's exam_results come as often as asked, each time as submissions of their own, in one Parquet
file that holds what the rules look at. From it all three count the failing rows of every rule of that dataset; only
the first two can name the rows. Each is measured in a process of its own, without the import of what it uses, but with
reading the file: seconds, and the most memory that the process held.
Usage: python -m benchmarks.validation [--home var] [--scale 0.02] [--times 1 10]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from assets.judging.cases import cases_of
from assets.judging.frames import frame_of, helpers_of
from assets.judging.packed import give_back_what_is_freed, packed, unpacked
from assets.judging.parts import judged
from assets.judging.staging import _submissions_of, _typed_rows
from benchmarks.timing import timed
from expectations.contract import load_contracts
from expectations.rule import KEY, rules_of
from expectations.suites import PLACES, _whole_frames, prepared, read_by, suite_of
from pipelines.cli.recover import put_in_order
from pipelines.cli.run import run_years
from pipelines.settings import Settings
from samples.prefecture import write_prefecture

DATASET, YEAR = "exam_results", 2020
KINDS = ("duckdb", "judge", "plain")
NOTHING = pa.table({})
QUERY = """SELECT count(*) FILTER (county_code IS NULL), count(*) FILTER (school_code IS NULL),
count(*) FILTER (exam IS NULL), count(*) FILTER (exam_year IS NULL), count(*) FILTER (candidate_no IS NULL),
count(*) FILTER (subject IS NULL), count(*) FILTER (full_mark IS NULL), count(*) FILTER (status IS NULL),
count(county_code__unread), count(school_code__unread), count(student_id__unread), count(national_student_no__unread),
count(exam__unread), count(exam_year__unread), count(candidate_no__unread), count(subject__unread),
count(full_mark__unread), count(score__unread), count(grade_letter__unread), count(status__unread),
count(headers__differ), count(*) FILTER (student_id__doubt = 'region'), count(*) FILTER (full_mark < 0),
count(*) FILTER (score < 0), count({key}) - count(DISTINCT {key}), count(*) FILTER (key__elsewhere <> 'no'),
count(*) FILTER (school_code__listed = 'no'), count(*) FILTER (school_code__listed = 'dropped'),
count(*) FILTER (school_code__listed = 'other_year'),
count(*) FILTER (sender <> '433100' AND county_code <> sender), count(*) FILTER (score > full_mark),
count(*) FILTER (status = '正常' AND grade_letter IS NULL AND score IS NULL AND score__unread IS NULL),
count(*) FILTER (status IN ('缺考', '缓考') AND score IS NOT NULL)
FROM read_parquet('{path}')"""


def measured(home: Path | None, scale: float, times: list[int]) -> Iterator[str]:
    """A line for each way of judging and number of times, and their ratios."""
    with TemporaryDirectory() as folder:
        settings = Settings(home=home) if home else _sampled(Path(folder), scale)
        rows = _rows(settings)
        for many in times:
            path = Path(folder) / f"{many}.parquet"
            _write_repeated(rows, many, path)
            took = {kind: _alone(kind, path) for kind in KINDS}
            for kind, (seconds, megabytes) in took.items():
                ratio = seconds / took["duckdb"][0]
                yield f"{kind}, {rows.num_rows * many} rows = {ratio:.1f}   ({seconds:.2f} s, {megabytes:.0f} MB)"


def _sampled(folder: Path, scale: float) -> Settings:
    write_prefecture(folder / "sample", scale=scale)
    settings = Settings(home=folder / "home", landing=folder / "sample" / "landing")
    put_in_order(settings)
    run_years(settings, [YEAR])
    return settings


def _rows(settings: Settings) -> pa.Table:
    """What the rules look at in the rows that staging judges, helper columns included."""
    house = settings.house()
    (case,) = cases_of(house, [house.contracts[DATASET]], YEAR)
    mine = _submissions_of(case.contract, case.period, case.receptions)
    rows = _typed_rows(case.lake, case.contract, case.period, mine, case.references)
    helpers = helpers_of(rows, case.contract, case.references)
    columns = dict(zip(rows.column_names, rows.columns, strict=True))
    columns |= dict(zip(helpers.column_names, helpers.columns, strict=True))
    needed = read_by(rules_of(case.contract))
    return unpacked(pa.table({name: column for name, column in columns.items() if name in needed}))


def _write_repeated(rows: pa.Table, times: int, path: Path) -> None:
    """The rows so many times, the keys of each time apart."""
    at = rows.column_names.index(KEY)
    with pq.ParquetWriter(path, rows.schema) as file:
        for copy in range(times):
            keys = np.asarray(rows[KEY].fill_null(0)) + copy * rows.num_rows
            file.write_table(rows.set_column(at, KEY, pa.array(keys, mask=np.asarray(rows[KEY].is_null()))))


def _alone(kind: str, path: Path) -> tuple[float, float]:
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.validation", "--only", kind, str(path)], capture_output=True,
        text=True, check=True,
    ).stdout.split()  # fmt: skip
    return float(told[-2]), float(told[-1])


def _one(kind: str, path: Path) -> None:
    """Measure one way, in this process; prints seconds and megabytes."""
    rules = rules_of(load_contracts()[DATASET])
    if kind == "duckdb":
        import duckdb

        connection = duckdb.connect()
        seconds = timed(lambda: connection.execute(QUERY.format(path=path, key=KEY)).fetchall())
    else:
        give_back_what_is_freed()
        judged(pq.ParquetFile(path).read_row_group(0).slice(0, 2), NOTHING, rules, "warm")
        seconds = timed(lambda: _judged(path, rules) if kind == "judge" else _plain(path, rules))
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # noqa: T201


def _judged(path: Path, rules: Any) -> Any:
    """As staging does: packed, file by file, and judged part by part."""
    file = pq.ParquetFile(path)
    rows = pa.concat_tables([packed(file.read_row_group(at)) for at in range(file.num_row_groups)])
    return judged(rows, NOTHING, rules, "all")


def _plain(path: Path, rules: Any) -> Any:
    """The same suite by `Batch.validate`, every failing row named at once."""
    frame: pd.DataFrame = frame_of(pq.read_table(path), NOTHING)
    batch = _whole_frames().get_batch({"dataframe": prepared(frame, rules)})
    return batch.validate(suite_of("plain", rules), result_format=PLACES)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--only", nargs=2)
    given = parser.parse_args()
    if given.only:
        _one(given.only[0], Path(given.only[1]))
        return
    for line in measured(given.home, given.scale, given.times):
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
