"""The ledger of submissions: what was ever delivered, when, in which order, and what reading it gave.

One small file per submission below `lake/submissions/`, written aside and renamed: a killed run leaves it whole.
It is the truth about intake; the sensor's cursor and the warehouse's `submission` table are made of it. Only the owner
may enter the folder, because names of files can name persons.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assets.intake.reception import Delivery, Reception, submission_id
from warehouse.lake import make_private, whole_files, write_text, write_texts

SIGHTINGS, ANNOUNCED, PASSED_OVER = "landing.json", "announced.json", "passed_over.json"
CLOSED = "closed.json"


@dataclass(frozen=True)
class Sighting:
    """A file of the landing folder as last seen: size, time of change, content hash."""

    size: int
    changed_ns: int
    sha256: str


@dataclass(frozen=True)
class Closing:
    """When a plan year was closed, and the number of the last submission that came before."""

    closed_at: datetime
    last: int


@dataclass(frozen=True)
class Delivered:
    """Every reception, oldest delivery first, and the submissions whose file lies in landing now."""

    receptions: tuple[Reception, ...]
    lying: frozenset[str]


@functools.lru_cache(maxsize=1 << 14)
def _reception(file: Path, _inode: int, _changed_ns: int, _size: int) -> Reception:
    """One reception, read once as long as its file is the same: a night asks for all of them dozens of times."""
    return Reception.model_validate_json(file.read_bytes())


def _with_waiting(reception: Reception, closings: Mapping[int, Closing]) -> Reception:
    late = {year for year, closing in closings.items() if reception.sequence > closing.last}
    waiting = tuple(sorted(reception.years & late)) if late else ()
    return reception if waiting == reception.waiting else reception.model_copy(update={"waiting": waiting})


@dataclass(frozen=True)
class Ledger:
    """Receptions and sightings below one folder."""

    folder: Path

    def receptions(self) -> list[Reception]:
        """Every reception, oldest delivery first; what came after its year was closed says that it waits."""
        files = ((file, file.stat()) for file in whole_files(self.folder, "*-*.json"))
        read = (_reception(file, facts.st_ino, facts.st_mtime_ns, facts.st_size) for file, facts in files)
        closings = self.closings()
        return sorted((_with_waiting(r, closings) for r in read), key=lambda r: r.sequence)

    def closings(self) -> dict[int, Closing]:
        """The closed plan years."""
        path = self.folder / CLOSED
        facts = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return {int(year): Closing(datetime.fromisoformat(moment), last) for year, (moment, last) in facts.items()}

    def close(self, year: int, at: datetime) -> None:
        """Let wait whatever is delivered for the year from now on; a year that is closed already stays as it is."""
        last = max((r.sequence for r in self.receptions()), default=0)
        self._keep_closings({year: Closing(at, last)} | self.closings())

    def reopen(self, year: int) -> None:
        """Let nothing wait for the year any more."""
        self._keep_closings({each: closing for each, closing in self.closings().items() if each != year})

    def _keep_closings(self, closings: Mapping[int, Closing]) -> None:
        facts = {str(year): [c.closed_at.isoformat(), c.last] for year, c in sorted(closings.items())}
        write_text(self.folder / CLOSED, json.dumps(facts, indent=0))

    def record(self, receptions: Iterable[Reception]) -> None:
        """Keep what reading submissions gave; a later reading of the same submission replaces it."""
        write_texts({self.folder / f"{r.submission_id}.json": r.model_dump_json(indent=1) for r in receptions})

    def sightings(self) -> dict[str, Sighting]:
        """The landing folder as it was last taken in, by path."""
        path = self.folder / SIGHTINGS
        if not path.exists():
            return {}
        return {name: Sighting(*facts) for name, facts in json.loads(path.read_text("utf-8")).items()}

    def delivered(self) -> Delivered:
        """What was ever delivered, and what of it the units still leave in landing."""
        lying = (submission_id(path.partition("/")[0], seen.sha256) for path, seen in self.sightings().items())
        return Delivered(tuple(self.receptions()), frozenset(lying))

    def sent_again(self) -> dict[str, Reception]:
        """The files in landing that hold what their unit sent under another path, and its reception, by their path."""
        known = {r.submission_id: r for r in self.receptions()}
        names = {path: submission_id(path.partition("/")[0], s.sha256) for path, s in self.sightings().items()}
        return {path: known[name] for path, name in names.items() if name in known and known[name].path != path}

    def announce(self, deliveries: Iterable[Delivery]) -> None:
        """Keep order and moment of new deliveries before they are read: a killed run must not change who came first."""
        make_private(self.folder)
        facts = {d.submission_id: [d.sequence, d.received_at.isoformat()] for d in deliveries}
        write_text(self.folder / ANNOUNCED, json.dumps(facts, indent=0))

    def announced(self) -> dict[str, tuple[int, datetime]]:
        """Order and moment of deliveries that a run announced, by submission."""
        path = self.folder / ANNOUNCED
        facts = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return {name: (number, datetime.fromisoformat(moment)) for name, (number, moment) in facts.items()}

    def record_passed_over(self, reasons: Mapping[str, str]) -> None:
        """Keep what lies in landing and was not read, and why, by path."""
        write_text(self.folder / PASSED_OVER, json.dumps(dict(sorted(reasons.items())), ensure_ascii=False, indent=0))

    def passed_over(self) -> dict[str, str]:
        """What lay in landing and was not read when it was last taken in, and why, by path."""
        path = self.folder / PASSED_OVER
        return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}

    def record_sightings(self, seen: dict[str, Sighting]) -> None:
        """Keep the landing folder as it was taken in now."""
        facts = {name: [s.size, s.changed_ns, s.sha256] for name, s in sorted(seen.items())}
        write_text(self.folder / SIGHTINGS, json.dumps(facts, ensure_ascii=False, indent=0))
