"""Taking in one large workbook and one large text file: seconds, and the most memory that all processes held together.

Usage: python -m benchmarks.large_files [--rows 200000] [--megabytes 2048]
"""

from __future__ import annotations

import argparse
import itertools
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from assets.clock import now_in_shanghai
from assets.intake.take_in import take_in
from pipelines.settings import Settings

HEADER = ["学校标识码", "学年", "学期", "学段", "年级", "班级", "姓名", "身份证号", "全国学籍号", "困难类型",
          "资助项目", "应发金额", "实发金额", "发放状态", "银行账号", "发放日期", "备注", "经办人意见", "批次",
          "凭证号"]  # fmt: skip
MOST_OF_A_WORKBOOK, MOST_OF_A_TEXT = 1024, 500
_UNIT = "433126"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def payments() -> Iterator[list[str]]:
    """Payments of aid without end, each to another pupil of nobody's region."""
    for n in itertools.count():
        number = _number(n)
        yield ["2143900001", "2019-2020", "春季", "小学", "三年级", f"{n % 9 + 1}班", f"学生{n}", number, f"G{number}",
               "低保", "生活补助", "500", "500", "成功", f"62170000{n:011d}", "2020-04-15", "", "同意",
               f"第{n % 40 + 1}批", f"PZ{n:09d}"]  # fmt: skip


def _number(n: int) -> str:
    day = f"{2008 + n // 336_000 % 6}{n // 28_000 % 12 + 1:02d}{n // 1000 % 28 + 1:02d}"
    seventeen = f"433199{day}{n % 1000:03d}"
    return seventeen + "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, seventeen, strict=True)) % 11]


def write_workbook(path: Path, rows: int) -> None:
    """A workbook of so many payments."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("发放")
        for number, row in enumerate(itertools.chain([HEADER], itertools.islice(payments(), rows))):
            sheet.write_row(number, 0, row)


def write_text(path: Path, megabytes: int) -> None:
    """A text file of so many megabytes of payments."""
    rows = "".join(",".join(row) + "\n" for row in itertools.islice(payments(), 50_000)).encode()
    with path.open("wb") as file:
        file.write((",".join(HEADER) + "\n").encode())
        while file.tell() < megabytes << 20:
            file.write(rows)


def measure(folder: Path) -> None:
    """Take in what lies in the folder's landing; print seconds, state, rows and memory. Runs in its own process."""
    intake = Settings(home=folder / "home", landing=folder / "landing", processes=1).house().intake()
    start = time.perf_counter()
    (read,) = take_in(intake, now_in_shanghai()).read
    seconds = time.perf_counter() - start
    most = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) >> 10
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    why = read.problems[0].rule_id if read.problems else ""
    print(f"{read.state} {why} {read.rows_read:,} rows  {seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of CPU")
    print(most)


def measured(folder: Path) -> tuple[str, int]:
    """What `measure` prints, from a fresh process, so that no other work counts as memory."""
    command = [sys.executable, "-m", "benchmarks.large_files", "--measure", str(folder)]
    *told, most = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return " ".join(told), int(most)


def main() -> None:
    """Write both files, take each in, and hold the memory against its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--megabytes", type=int, default=2048)
    parser.add_argument("--measure", type=Path)
    said = parser.parse_args()
    if said.measure:
        measure(said.measure)
        return
    for name, limit in (("发放台账.xlsx", MOST_OF_A_WORKBOOK), ("发放台账.csv", MOST_OF_A_TEXT)):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "landing" / _UNIT / name
            path.parent.mkdir(parents=True)
            write_workbook(path, said.rows) if name.endswith("x") else write_text(path, said.megabytes)
            told, most = measured(Path(folder))
            size = f"{name} {path.stat().st_size >> 20:,} MB"
            print(f"{size}: {told}, {most} MB of memory, of {limit} = {most / limit:.2f}", flush=True)


if __name__ == "__main__":
    main()
