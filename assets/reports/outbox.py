"""The outbox: what goes back to each unit, one workbook per submission that still needs an answer, and a page a night.

`<home>/outbox/<unit>/<path below the unit's folder>-核查.xlsx`, written only when the answer changed and taken away
when nothing is left to say. The files hold what the unit itself wrote, persons included: they are readable by their
owner alone. What a workbook says is `outbox_lines.py`, how it is written `outbox_book.py`, the page `outbox_page.py`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath

from assets.house import House
from assets.intake.reception import Reception
from assets.intake.workers import WorkerDied, run_limited
from assets.reports.outbox_book import write_book
from assets.reports.outbox_lines import Order
from assets.reports.outbox_orders import order_of
from assets.reports.outbox_page import NOT_WRITTEN, WAITS, UnitPage, unit_pages
from assets.submitted.answers import Answer, all_judgements, answers_of
from assets.submitted.matrix import open_problems
from assets.submitted.standing import STANDS, newest_senders
from assets.version import code_digest
from warehouse.lake import make_private, sync_names, write_text

BOOKS, PAGES = ".books.json", ".pages.json"
SUFFIX = "-核查"
CODE = ("assets/reports", "assets/intake/answer_sheet.py")
_NAME_BYTES = 200
_LIKE_OURS = (".xlsx", ".html")
_FAILED = "failed"
AT_ONCE = 500
"""So many workbooks are written in one run, what must be fixed before what must be explained; the rest wait for the
next one. Two processes take a minute for them."""
LINES_AT_ONCE = 200_000
"""So many lines of 核查结果 a worker writes in a third of its time for one file; for more it has as much again."""
_PAGES_KEPT = 10


@dataclass(frozen=True)
class Outbox:
    """What filling the outbox gave: the answers in it by path, and how many were written how, or removed.

    `failed`: what became of those that could not be written, with the places in the code, by path.
    """

    answers: Mapping[str, Answer]
    written: Mapping[str, int] = field(default_factory=dict)
    removed: int = 0
    waiting: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)
    pages: int = 0


def fill_outbox(house: House, today: date) -> Outbox:
    """Write what changed, remove what is no longer to be said, and write a page for each unit whose page changed.

    What could not be written, or is more than one run writes, is tried the next time; it keeps nothing else back.
    """
    folder = house.home / "outbox"
    answers = answers_of(house)
    placed = _placed(needed(house, answers))
    said = house.explanations
    orders = {path: order_of(house, answer, said, folder / path) for path, answer in placed.items()}
    digests = {path: _digest(order) for path, order in orders.items()}
    before = _told(folder / BOOKS)
    due = [path for path in orders if before.get(path) != digests[path] or not (folder / path).exists()]
    due.sort(key=lambda path: not placed[path].count("must_fix"))
    changed, waiting = due[:AT_ONCE], due[AT_ONCE:]
    gone = sorted(before.keys() - orders.keys())
    written: dict[Path, str] = {}
    failed: dict[str, str] = {}
    if changed or gone:
        _tell(folder / BOOKS, before | dict.fromkeys(changed, ""))  # so the next run knows what a killed one wrote
        written, lost = _write(house, [orders[path] for path in changed])
        failed = {path: lost[folder / path] for path in changed if folder / path in lost}
        _remove(folder, gone)
        _tell(folder / BOOKS, digests | dict.fromkeys(waiting, "") | dict.fromkeys(failed, _FAILED))
    unwritten = dict.fromkeys(waiting, WAITS) | dict.fromkeys(failed, NOT_WRITTEN)
    pages = _write_pages(folder, unit_pages(house, said, answers, placed, unwritten), today)
    return Outbox(placed, Counter(written.values()), len(gone), len(waiting), failed, pages)


def not_written(house: House) -> list[str]:
    """The workbooks that the last run could not write, by their path below the outbox."""
    return [path for path, told in _told(house.home / "outbox" / BOOKS).items() if told == _FAILED]


def write_answers(house: House, answers: Iterable[Answer], folder: Path) -> dict[str, Path]:
    """Write the workbooks of answers below `folder`, whatever lies there; where each is, by submission.

    Without those in which there is nothing to say, and those that could not be written.
    """
    said, newest_first = house.explanations, sorted(answers, key=lambda answer: -answer.reception.sequence)
    placed = _placed(answer for answer in newest_first if answer.findings)
    written, _ = _write(house, [order_of(house, answer, said, folder / path) for path, answer in placed.items()])
    return {a.reception.submission_id: folder / path for path, a in placed.items() if folder / path in written}


def needed(house: House, answers: Iterable[Answer]) -> list[Answer]:
    """The answers that units still need, newest first: with something open, and of a file that still counts.

    A file counts that is the newest of its unit, dataset and period, or of which rows stand beside newer ones (delivery
    by school); one that was returned, while it lies in landing and nothing newer of its kind was accepted.
    """
    delivered, newest = house.ledger.delivered(), set()
    for judgement in all_judgements(house):
        senders = newest_senders(delivered, judgement.dataset, judgement.period, judgement)
        newest |= {reception.submission_id for reception in senders.values()}
        if house.contracts[judgement.dataset].delivery == "by_school":
            newest |= {v.submission_id for v in judgement.versions if v.state in STANDS}
    newest |= {item.reception.submission_id for item in open_problems(house)}
    read = {_kind(r): r.sequence for r in delivered.receptions if r.state == "received"}
    wanted = (
        a for a in answers
        if a.is_open and a.reception.submission_id in newest
        and not (a.is_returned and read.get(_kind(a.reception), 0) > a.reception.sequence)
    )  # fmt: skip
    return sorted(wanted, key=lambda a: -a.reception.sequence)


def _kind(reception: Reception) -> tuple[str | None, str]:
    """A mended workbook lies where the one lay that it mends, and is of its dataset."""
    return reception.dataset, _place(reception)


def _place(reception: Reception) -> str:
    """Where the answer to a file lies: the file's path, without what an earlier answer added to its name."""
    path = PurePosixPath(reception.path)
    folders = [reception.unit_code, *(_folder(part) for part in path.parts[1:-1])]
    return "/".join([*folders, _short(path.stem.removesuffix(SUFFIX))])


def _placed(answers: Iterable[Answer]) -> dict[str, Answer]:
    """The answers by their path below the outbox; of several that would have the same, the newest has the plain one."""
    placed: dict[str, Answer] = {}
    for answer in answers:
        place = _place(answer.reception)
        while f"{place}{SUFFIX}.xlsx" in placed:
            place = f"{place}-{answer.reception.sha256[:8]}"
        placed[f"{place}{SUFFIX}.xlsx"] = answer
    return placed


def _folder(name: str) -> str:
    """The name of a unit's folder in the outbox: never one that a workbook or a page may have there."""
    return f"{_short(name)}_" if name.lower().endswith(_LIKE_OURS) else _short(name)


def _short(name: str) -> str:
    """A name that fits a file system beside what is added to it."""
    return name.encode()[:_NAME_BYTES].decode("utf-8", "ignore")


def _digest(order: Order) -> str:
    """A digest of all that a workbook depends on."""
    facts = [code_digest(*CODE), order.source.name, order.head, order.lines, sorted(order.numbers)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _told(path: Path) -> dict[str, str]:
    """What lies in the outbox with the digest of what it was made of."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def _tell(path: Path, digests: Mapping[str, str]) -> None:
    _make_private(path.parent, path.parent)
    write_text(path, json.dumps(digests, ensure_ascii=False, indent=0, sort_keys=True))
    path.chmod(0o600)


def _write_pages(folder: Path, pages: Mapping[str, UnitPage], today: date) -> int:
    """Write the pages that say something else than the last ones; older pages but for the newest few go."""
    before, said = _told(folder / PAGES), {unit: _said(page) for unit, page in pages.items()}
    changed = [unit for unit in pages if before.get(unit) != said[unit]]
    for unit in changed:
        _make_private(folder / unit, folder)
        page = folder / unit / f"README-{today}.html"
        write_text(page, pages[unit].html(today))
        page.chmod(0o600)
        for old in sorted((folder / unit).glob("README-*.html"))[:-_PAGES_KEPT]:
            old.unlink()
    if changed:
        _tell(folder / PAGES, said)
    return len(changed)


def _said(page: UnitPage) -> str:
    """A digest of what a page says; that another day went by is nothing new."""
    missing = [(line.dataset, line.periods, line.due, line.overdue) for line in page.missing]
    return hashlib.sha256(repr((code_digest(*CODE), replace(page, missing=()), missing)).encode()).hexdigest()[:16]


def _make_private(folder: Path, root: Path) -> None:
    """Make a folder that only its owner may enter, below the outbox with all above it; one elsewhere may be there."""
    for each in reversed([one for one in (folder, *folder.parents) if one.is_relative_to(root)]):
        make_private(each)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write(house: House, orders: Sequence[Order]) -> tuple[dict[Path, str], dict[Path, str]]:
    """The way in which each workbook was written, and what became of those that could not be.

    Where the original is too much for a worker, its findings are written alone.
    """
    if not orders:
        return {}, {}
    folder = house.home / "outbox"
    for private in {orders[0].scratch, *(order.target.parent for order in orders)}:
        _make_private(private, folder)
    try:
        written, lost = _written(house, orders)
        bare, lost = _written(house, [replace(order, is_bare=True) for order in orders if order.target in lost])
    finally:
        shutil.rmtree(orders[0].scratch, ignore_errors=True)
    sync_names({target.parent for target in {**written, **bare}})
    return written | bare, lost


def _written(house: House, orders: Sequence[Order]) -> tuple[dict[Path, str], dict[Path, str]]:
    written: dict[Path, str] = {}
    lost: dict[Path, str] = {}
    done_by = run_limited(write_book, orders, house.limits, house.processes, _weight)
    for done, (order, way) in enumerate(done_by, start=1):
        house.progress("写核查结果", done, len(orders))
        if isinstance(way, WorkerDied):
            lost[order.target] = " < ".join((way.kind, *reversed(way.where)))
        else:
            written[order.target] = way
    return written, lost


def _weight(order: Order) -> int:
    """How often a workbook may take the seconds of a worker."""
    return -(-len(order.lines) // LINES_AT_ONCE) or 1


def _remove(folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        (folder / path).unlink(missing_ok=True)
        with suppress(OSError):  # others lie there still
            (folder / path).parent.rmdir()
