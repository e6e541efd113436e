"""`make bench`: a night with news, one without, judging, publishing, reading files and workbooks beside bare calamine.

Each line is a ratio of two measurements of this run.
Usage: python -m benchmarks [--scale 0.05] [--schools 1420]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from assets.clock import now_in_shanghai
from assets.intake.take_in import take_in
from benchmarks import census_workbooks, validation, warehouse
from benchmarks.timing import read_all_sheets, timed
from pipelines.cli.recover import put_in_order
from pipelines.cli.run import run_years
from pipelines.settings import Settings
from samples.prefecture import write_prefecture


def main() -> None:
    """Measure and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.05)
    parser.add_argument("--schools", type=int, default=census_workbooks.SCHOOLS)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        out = Path(folder)
        write_prefecture(out / "sample", scale=given.scale)
        landing = out / "sample" / "landing"
        intake = Settings(home=out / "reading", landing=landing).house().intake()
        reading = timed(lambda: take_in(intake, now_in_shanghai()))
        bare = timed(lambda: read_all_sheets(landing.rglob("*.xlsx")))
        settings = Settings(home=out / "home", landing=landing)
        put_in_order(settings)
        news, none = (timed(lambda: run_years(settings, [2019, 2020])) for _ in range(2))
        for line in validation.measured(settings.home, given.scale, [1, 10]):
            print(line)
        for line in warehouse.measured(settings.home):
            print(line)
    measured = (("taking in all files : bare calamine", reading, bare), ("night with news : without", news, none))
    for what, one, other in measured:
        print(f"{what} = {one / other:.2f}   ({one:.1f} s : {other:.1f} s)")
    for line in census_workbooks.measured(given.schools):
        print(line)


if __name__ == "__main__":
    main()
