"""Taking in the census workbooks of a whole prefecture, beside bare calamine reading the same sheets.

Both use two processes, and the clock and processor time are told: beside other work the latter says more. The workbooks
are copies of a few that the sample writes, each with a school code of its own.

How large they are: 17 to 22 forms with all their lines and columns, as far as these are known, with cover and list of
sheets; a figure in every third cell of whose meaning the sample knows nothing; and a hidden grid of 26 columns and 60
rows whose every cell carries its frame, filled or not, as exports of a grid do. Its rows were chosen by the clock. Of
real workbooks it is known that two bare readers needed 6.8 s for 1,420 of 19 sheets, 9.6 ms each, on a machine where
one needed 15 s for a million rows of 20 cells, or 2.5 s for a hundred thousand. Where the second takes 0.8 to 1.4 s of
processor time, by what stands in it, a real workbook then takes from 4 to 9 ms; these take 6. Whether real
ones take theirs for frames is not known: intake leaves these out, so the ratio is another where there are none
(`--framed-rows 0`).

ext4 takes no inode again that was deleted minutes ago, and passes each of them over for every new file: to run this
again soon costs up to 2 s of processor time more, and so does a test run before it.
Usage: python -m benchmarks.census_workbooks [--schools 1420] [--framed-rows 60]
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from python_calamine import CalamineWorkbook

from assets.clock import now_in_shanghai
from assets.intake.take_in import take_in
from benchmarks.timing import processor_seconds, timed
from pipelines.settings import Settings
from samples.census_layout import forms, forms_of, generation
from samples.census_twin import Reported
from samples.census_twin_staff import old_figures
from samples.census_workbook import write_workbook
from samples.prefecture import Prefecture

SCHOOLS = 1420
PROCESSES = 2
YEAR = 2020
FRAMED_ROWS = 60
STRINGS = "xl/sharedStrings.xml"
Template = tuple[str, list[tuple[str, bytes]]]


def templates(folder: Path, framed_rows: int) -> list[Template]:
    """Workbooks of schools of several kinds, each as its school's code and the parts of its file."""
    found = []
    for told in Prefecture(0.02, 1, (YEAR,)).decided[YEAR].workbooks():
        with zipfile.ZipFile(write_workbook(folder, told, _filled(told), framed_rows=framed_rows).path) as book:
            found.append((told.school.code, [(name, book.read(name)) for name in book.namelist()]))
    return found


def _filled(told: Reported) -> dict[tuple[str, str, int], int]:
    """A figure in every third cell of whose meaning the sample knows nothing."""
    of = generation(told.year)
    names = [name for name in forms_of(told.school.kind, of) if name in forms(of)]
    known = old_figures(told)
    return {
        (form.name, line, column): 7 * number + column
        for form in map(forms(of).__getitem__, names)
        for number, line in enumerate(form.lines)
        for column in range(1, form.width + 1)
        if (number + column) % 3 == 0 and (column not in form.columns or not form.lines[line])
        and (form.name, line, column) not in known
    }  # fmt: skip


def write_copies(folder: Path, schools: int, framed_rows: int) -> list[Path]:
    """So many workbooks, with codes that no two share."""
    originals = templates(folder / "originals", framed_rows)
    target = folder / "landing" / "433123" / f"{YEAR}-{YEAR + 1}"
    target.mkdir(parents=True)
    paths = []
    for number, (code, parts) in zip(range(schools), itertools.cycle(originals), strict=False):
        path = target / f"{number:04d}.xlsx"
        own = f"{code[:4]}{number:06d}".encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
            for name, content in parts:
                book.writestr(name, content.replace(code.encode(), own) if name == STRINGS else content)
        paths.append(path)
    return paths


def bare(paths: Sequence[Path]) -> None:
    """Read every sheet of all workbooks with calamine, in as many processes as intake, which load nothing else."""
    code = "import sys; from benchmarks.timing import read_all_sheets; read_all_sheets(sys.argv[1:])"
    ends = [len(paths) * number // PROCESSES for number in range(PROCESSES + 1)]  # each has copies of all originals
    shares = [paths[begin:end] for begin, end in itertools.pairwise(ends)]
    readers = [subprocess.Popen([sys.executable, "-c", code, *map(str, share)]) for share in shares]
    for reader in readers:
        reader.wait()


def _sizes(paths: Sequence[Path]) -> str:
    """How large the workbooks are, each of which stands for many."""
    sheets = bytes_unpacked = cells = filled = 0
    for path in paths:
        with zipfile.ZipFile(path) as book:
            bytes_unpacked += sum(member.file_size for member in book.infolist())
        opened = CalamineWorkbook.from_path(path)
        for name in opened.sheet_names:
            rows = opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheets += 1
            cells += sum(map(len, rows))
            filled += sum(len(row) - row.count("") for row in rows)
    each = [round(total / len(paths)) for total in (sheets, cells, filled, bytes_unpacked / 1000)]
    return "a workbook has {} sheets, {:,} cells, {:,} of them filled, and {} kB unpacked".format(*each)


def measured(schools: int, framed_rows: int = FRAMED_ROWS) -> Iterator[str]:
    """What is told of it, line by line."""
    import pandas  # noqa: F401 - Arrow loads it with its first array; in a night it is there in any case

    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_copies(folder, schools, framed_rows)
        yield _sizes(paths[: len(list((folder / "originals").iterdir()))])
        intake = Settings(home=folder / "home", landing=folder / "landing", processes=PROCESSES).house().intake()
        start = processor_seconds()
        other = timed(lambda: bare(paths)), processor_seconds()
        one = timed(lambda: take_in(intake, now_in_shanghai())), processor_seconds()
        states = Counter(reception.state for reception in intake.ledger.receptions())
    what = f"taking in {schools} census workbooks : bare calamine"
    yield f"{what} = {one[0] / other[0]:.2f}   ({one[0]:.1f} s : {other[0]:.1f} s; {dict(states)})"
    used = one[1] - other[1], other[1] - start
    yield f"the same in processor time = {used[0] / used[1]:.2f}   ({used[0]:.1f} s : {used[1]:.1f} s)"


def main() -> None:
    """Measure and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=SCHOOLS)
    parser.add_argument("--framed-rows", type=int, default=FRAMED_ROWS)
    given = parser.parse_args()
    for line in measured(given.schools, given.framed_rows):
        print(line)


if __name__ == "__main__":
    main()
