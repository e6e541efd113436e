"""Taking in the landing folder: new files are hashed, archived unchanged, read in worker processes, and recorded.

A file whose content a unit already delivered is never read again, unless its contract changed or reading it failed by
our fault. Judging rows against rules comes later (`judging/staging.py`), by dataset and period.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from assets.intake.archive import Archive
from assets.intake.errors import Refused
from assets.intake.landing import Landed, look
from assets.intake.ledger import Ledger, Sighting
from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Problem, Reception, submission_id
from assets.intake.together import Received, forget_together, write_together
from assets.intake.workers import WorkerDied, run_limited
from assets.version import code_digest
from expectations.contract import Contract
from expectations.forms import CELLS, TABLES, load_forms
from expectations.regions import PREFECTURE, Regions
from warehouse.lake import Lake, sync_names

_TOGETHER_SECONDS = 3.0

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _all: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Intake:
    """Everything that taking in needs: where files come from and go to, and what they are held against."""

    landing: Path
    archive: Archive
    lake: Lake
    ledger: Ledger
    contracts: Mapping[str, Contract]
    regions: Regions
    pseudonymiser: Pseudonymiser
    limits: Limits = field(default_factory=Limits)
    processes: int = 2


@dataclass(frozen=True)
class TakenIn:
    """What one look at the landing folder gave: all files, the receptions made now, what was passed over and why."""

    files: int
    read: tuple[Reception, ...]
    passed_over: Mapping[str, str]


def take_in(intake: Intake, now: datetime, progress: Progress = silent) -> TakenIn:
    """Read every file of the landing folder that was not read before, and record it; returns what was done."""
    units = frozenset({PREFECTURE, *intake.regions.unit_codes})
    there = look(intake.landing, units)
    files = sorted(there.files, key=lambda f: (f.changed_ns, f.path))
    seen, unread = _hashed(intake, files)
    known = {reception.submission_id: reception for reception in intake.ledger.receptions()}
    deliveries = _deliveries(intake, files, seen, known, now)
    intake.ledger.announce(deliveries)
    read = _read(intake, deliveries, known, progress)
    if any(reception.parts for reception in read):
        known |= {reception.submission_id: reception for reception in read}
        forget_together(intake.lake.path("raw"), (CELLS, *TABLES), known.values())
    over = {**there.passed_over, **unread}
    intake.ledger.record_passed_over(over)
    intake.ledger.record_sightings(seen)
    return TakenIn(len(files), tuple(read), over)


def fingerprints(contracts: Mapping[str, Contract], pseudonymiser: Pseudonymiser) -> dict[str | None, str]:
    """What a reading depends on beside the file: a dataset's contract; for unrecognised files (None) all of them."""
    texts: dict[str | None, str] = {name: contract.fingerprint_text for name, contract in contracts.items()}
    texts[None] = "".join(contract.fingerprint_text for contract in contracts.values())
    texts |= {CELLS: "".join(texts[name] for name in (CELLS, *TABLES) if name in texts)}
    code = code_digest("assets/intake", "expectations/reference", "expectations/forms.py", "expectations/census_forms")
    key_id = pseudonymiser.key_id
    return {name: hashlib.sha256(f"{code}{key_id}{text}".encode()).hexdigest()[:16] for name, text in texts.items()}


def _hashed(intake: Intake, files: Sequence[Landed]) -> tuple[dict[str, Sighting], dict[str, str]]:
    """The content hash of each file, by path; one that did not change is not opened.

    And why, by path, a file has none (it cannot be opened, or it is still being written), with what is to be done.
    """
    before = intake.ledger.sightings()
    seen: dict[str, Sighting] = {}
    unread: dict[str, str] = {}
    stored: list[str] = []
    for file in files:
        last = before.get(file.path)
        unchanged = last and (last.size, last.changed_ns) == (file.size, file.changed_ns)
        if last and unchanged and intake.archive.path(last.sha256).exists():
            seen[file.path] = last
            continue
        try:
            stored.append(intake.archive.store(file.source, (file.size, file.changed_ns)))
            seen[file.path] = Sighting(file.size, file.changed_ns, stored[-1])
        except Refused as refused:
            unread[file.path] = f"{refused.message_zh}{refused.how_to_fix_zh}".rstrip("。")
    intake.archive.keep(stored)
    return seen, unread


def _deliveries(
    intake: Intake, files: Sequence[Landed], seen: Mapping[str, Sighting], known: Mapping[str, Reception], now: datetime
) -> list[Delivery]:
    """What is to be read: new content of a unit, content that moved, and earlier content whose reading is outdated.

    New content takes the next numbers in the order of `files`, or those that a run which was killed announced for it.
    """
    announced = intake.ledger.announced()
    current = fingerprints(intake.contracts, intake.pseudonymiser)
    last = max([r.sequence for r in known.values()] + [number for number, _ in announced.values()], default=0)
    made: dict[str, Delivery] = {}
    for file in (f for f in files if f.path in seen):
        sha256 = seen[file.path].sha256
        name = submission_id(file.unit_code, sha256)
        earlier = known.get(name)
        if name in made or (earlier and _still_good(earlier, current) and _lies_there(earlier, seen)):
            continue
        number, moment = (earlier.sequence, earlier.received_at) if earlier else announced.get(name, (last + 1, now))
        last = max(last, number)
        made[name] = _delivery(intake, file, sha256, (number, moment))
    for name, r in known.items():
        if name not in made and not _still_good(r, current) and intake.archive.path(r.sha256).exists():
            made[name] = _delivery(intake, r, r.sha256, (r.sequence, r.received_at))
    return list(made.values())


def _delivery(intake: Intake, of: Landed | Reception, sha256: str, arrived: tuple[int, datetime]) -> Delivery:
    return Delivery(
        archived=intake.archive.path(sha256), unit_code=of.unit_code, sha256=sha256, path=of.path, raw_path=of.raw_path,
        sequence=arrived[0], received_at=arrived[1],
    )  # fmt: skip


def _lies_there(reception: Reception, seen: Mapping[str, Sighting]) -> bool:
    """Whether a file still lies where it was read; one that moved is read anew: its place may say its period."""
    return reception.path in seen and seen[reception.path].sha256 == reception.sha256


def _still_good(reception: Reception, current: Mapping[str | None, str]) -> bool:
    return reception.state != "failed" and reception.read_with == _depends_on(reception, current)


def _depends_on(reception: Reception, current: Mapping[str | None, str]) -> str:
    """What the reading rests on: the contracts of a file that was read; any of them might fit one that was not."""
    read = reception.datasets if reception.state == "received" else (None,)
    return " ".join(current.get(name, current[None]) for name in read)


def _read(
    intake: Intake, deliveries: Sequence[Delivery], known: Mapping[str, Reception], progress: Progress
) -> list[Reception]:
    """The receptions of these deliveries as they were recorded."""
    current = fingerprints(intake.contracts, intake.pseudonymiser)
    reader = partial(
        receive, contracts=intake.contracts, regions=intake.regions, pseudonymiser=intake.pseudonymiser,
        lake_raw=intake.lake.path("raw"), limits=intake.limits, generations=load_forms(),
    )  # fmt: skip
    good = {name: reception for name, reception in known.items() if reception.state == "received"}
    before = {reception.path: reception for reception in good.values()}
    outcomes = run_limited(reader, deliveries, intake.limits, intake.processes, partial(_weight, limits=intake.limits))
    recorded: list[Reception] = []
    with _recording(intake, recorded) as record:
        for done, (delivery, outcome) in enumerate(outcomes, start=1):
            tables = outcome.tables if isinstance(outcome, Received) else {}
            reception = _failed(delivery, outcome) if isinstance(outcome, WorkerDied) else _reception_of(outcome)
            reception = _in_place_of(before.get(reception.path), reception)
            reception = _last_good(good.get(reception.submission_id), reception)
            reception = reception.model_copy(update={"read_with": _depends_on(reception, current)})
            record(Received(reception, tables))
            progress("读取报送文件", done, len(deliveries))
    return recorded


def _reception_of(outcome: Reception | Received) -> Reception:
    return outcome.reception if isinstance(outcome, Received) else outcome


def _weight(delivery: Delivery, limits: Limits) -> int:
    return limits.parts(delivery.archived.stat().st_size)


@contextmanager
def _recording(intake: Intake, recorded: list[Reception]) -> Iterator[Callable[[Received], None]]:
    """Hand out what keeps a reception: those of a moment together, and the rest at the end, whatever ends the reading.

    Workers do not wait until a moment's are durable: that goes on beside the reading. What is kept is added to
    `recorded`. What a night had not recorded when it was killed, or when its disk failed, the next one reads again.
    """
    made: list[Received] = []
    last = time.monotonic()
    with ThreadPoolExecutor(1) as beside:
        under_way = beside.submit(_kept, intake, ())

        def record(received: Received) -> None:
            nonlocal last, under_way
            made.append(received)
            if time.monotonic() - last >= _TOGETHER_SECONDS:
                recorded.extend(under_way.result())
                under_way = beside.submit(_kept, intake, tuple(made))
                made.clear()
                last = time.monotonic()

        try:
            yield record
        finally:
            recorded.extend(under_way.result())
            recorded.extend(_kept(intake, made))


def _kept(intake: Intake, made: Sequence[Received]) -> list[Reception]:
    """The receptions as they were recorded: first the raw files are made durable, then what speaks of them."""
    together = write_together(intake.lake.path("raw"), [one for one in made if one.tables])
    receptions = [*together, *(one.reception for one in made if not one.tables)]
    names = {name for r in receptions if r.state == "received" for name in r.datasets if r.periods_in(name)}
    raw = [intake.lake.path("raw", name) for name in names]
    sync_names([*raw, *(folder.parent for folder in raw)])
    intake.ledger.record(receptions)
    return receptions


def _last_good(earlier: Reception | None, reception: Reception) -> Reception:
    """A submission once read stays as it was read when a later reading (of a changed contract) fails.

    Its rows then meet the new rules, and the gate returns it where they do not hold; the unit is never left with none.
    """
    if earlier is None or reception.state == "received":
        return reception
    return earlier.model_copy(update={"problems": reception.problems, "path": reception.path})


def _in_place_of(earlier: Reception | None, reception: Reception) -> Reception:
    """A file that could not be read stands for what lay at its path before, unless it names another dataset."""
    if reception.state == "received" or earlier is None or reception.dataset not in {None, earlier.dataset}:
        return reception
    period = reception.file_period or earlier.file_period or max(earlier.periods)
    return reception.model_copy(update={"dataset": earlier.dataset, "file_period": period})


def _failed(delivery: Delivery, reason: WorkerDied) -> Reception:
    """The reception of a file that killed its reader twice (returned) or that our own code failed on (tried again)."""
    problem = Problem(
        rule_id="intake.reader_died", severity="must_fix",
        message=f"读取文件时出错（{reason.kind}），没有得到任何数据。",
        how_to_fix="请用 Excel 或 WPS 打开该文件，另存为新的 .xlsx 或 CSV 文件后重新报送。",
    )  # fmt: skip
    return Reception(
        submission_id=delivery.submission_id, unit_code=delivery.unit_code, sha256=delivery.sha256, path=delivery.path,
        raw_path=delivery.raw_path, received_at=delivery.received_at, sequence=delivery.sequence, dataset=None,
        state="failed" if reason.ours else "returned", read_with="", problems=(problem,),
    )  # fmt: skip
