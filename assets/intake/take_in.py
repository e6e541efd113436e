"""Taking in the landing folder: new files are hashed, archived unchanged, read in worker processes, and recorded.

A file whose content a unit already delivered is never read again, unless its contract changed or reading it failed by
our fault. Judging rows against rules comes later (`assets/staging.py`), dataset by dataset and period by period.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from assets.intake.archive import Archive
from assets.intake.landing import Landed, landed_files, strangers
from assets.intake.ledger import Ledger, Sighting
from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Problem, Reception
from assets.intake.workers import WorkerDied, run_limited
from expectations.contract import Contract
from expectations.regions import PREFECTURE, Regions
from warehouse.lake import Lake

READER_VERSION = "1"
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
    """What one look at the landing folder gave: all files, the receptions made now, names that are no unit's folder."""

    files: int
    read: tuple[Reception, ...]
    strangers: tuple[str, ...]


def take_in(intake: Intake, now: datetime, progress: Progress = silent) -> TakenIn:
    """Read every file of the landing folder that was not read before, and record it; returns what was done."""
    units = frozenset({PREFECTURE, *intake.regions.unit_codes})
    files = sorted(landed_files(intake.landing, units), key=lambda f: (f.changed_ns, f.path))
    seen = _hashed(intake, files)
    deliveries = _new_deliveries(intake, files, seen, now)
    read = list(_read(intake, deliveries, progress))
    intake.ledger.record_sightings(seen)
    return TakenIn(len(files), tuple(read), tuple(strangers(intake.landing, units)))


def fingerprints(contracts: Mapping[str, Contract], pseudonymiser: Pseudonymiser) -> dict[str | None, str]:
    """What a reading depends on beside the file: a dataset's contract; for unrecognised files (None) all of them."""
    texts: dict[str | None, str] = {name: contract.fingerprint_text for name, contract in contracts.items()}
    texts[None] = "".join(contract.fingerprint_text for contract in contracts.values())
    key_id = pseudonymiser.key_id
    return {
        name: hashlib.sha256(f"{READER_VERSION}{key_id}{text}".encode()).hexdigest()[:16]
        for name, text in texts.items()
    }


def _hashed(intake: Intake, files: Sequence[Landed]) -> dict[str, Sighting]:
    """The content hash of each file; one that did not change since it was last seen is not opened."""
    before = intake.ledger.sightings()
    seen: dict[str, Sighting] = {}
    for file in files:
        last = before.get(file.path)
        if (
            last
            and (last.size, last.changed_ns) == (file.size, file.changed_ns)
            and intake.archive.path(last.sha256).exists()
        ):
            seen[file.path] = last
            continue
        seen[file.path] = Sighting(file.size, file.changed_ns, intake.archive.store(intake.landing / file.path))
    return seen


def _new_deliveries(
    intake: Intake, files: Sequence[Landed], seen: Mapping[str, Sighting], now: datetime
) -> list[Delivery]:
    """The deliveries to be read: new content of a unit, or known content that must be read again."""
    known = {reception.submission_id: reception for reception in intake.ledger.receptions()}
    current = fingerprints(intake.contracts, intake.pseudonymiser)
    sequence = max((reception.sequence for reception in known.values()), default=0)
    deliveries: dict[str, Delivery] = {}
    for file in files:
        sha256 = seen[file.path].sha256
        delivery = Delivery(
            archived=intake.archive.path(sha256), unit_code=file.unit_code, sha256=sha256, path=file.path,
            received_at=now, sequence=sequence + 1,
        )  # fmt: skip
        earlier = known.get(delivery.submission_id)
        if delivery.submission_id in deliveries or (earlier and _still_good(earlier, current)):
            continue
        if earlier:
            delivery = delivery.model_copy(update={"received_at": earlier.received_at, "sequence": earlier.sequence})
        else:
            sequence += 1
        deliveries[delivery.submission_id] = delivery
    return list(deliveries.values())


def _still_good(reception: Reception, current: Mapping[str | None, str]) -> bool:
    return reception.state != "failed" and reception.read_with == _depends_on(reception, current)


def _depends_on(reception: Reception, current: Mapping[str | None, str]) -> str:
    """What the reading rests on: the contract of a file that was read; any of them might fit one that was not."""
    read = reception.dataset if reception.state == "received" else None
    return current.get(read, current[None])


def _read(intake: Intake, deliveries: Sequence[Delivery], progress: Progress) -> Iterator[Reception]:
    current = fingerprints(intake.contracts, intake.pseudonymiser)
    reader = partial(
        receive, contracts=intake.contracts, regions=intake.regions, pseudonymiser=intake.pseudonymiser,
        lake_raw=intake.lake.path("raw"), limits=intake.limits,
    )  # fmt: skip
    before = {reception.path: reception for reception in intake.ledger.receptions() if reception.state == "received"}
    outcomes = run_limited(reader, deliveries, intake.limits, intake.processes)
    for done, (delivery, outcome) in enumerate(outcomes, start=1):
        reception = _failed(delivery, outcome) if not isinstance(outcome, Reception) else outcome
        reception = reception.model_copy(update={"read_with": _depends_on(reception, current)})
        reception = _in_place_of(before.get(reception.path), reception)
        intake.ledger.record(reception)
        progress("读取报送文件", done, len(deliveries))
        yield reception


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
        received_at=delivery.received_at, sequence=delivery.sequence, dataset=None,
        state="failed" if reason.ours else "returned", read_with="", problems=(problem,),
    )  # fmt: skip
