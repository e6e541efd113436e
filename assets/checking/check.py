"""Checking files before they are sent: what the night would say of them, by the very same functions.

The files are taken into a house for a while as the newest deliveries, and what they reach is judged and compared.
Nothing of it is kept. Which files are meant is `files.py`, the house `borrowed.py`, what they reach `reach.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.checking.borrowed import borrow_compared, borrow_datasets, house_for_a_while, lay_out
from assets.checking.files import Asked
from assets.checking.reach import Reach
from assets.clock import SHANGHAI, now_in_shanghai
from assets.house import House
from assets.intake.landing import landed_files
from assets.intake.ledger import Ledger
from assets.intake.reception import Reception
from assets.intake.take_in import take_in
from assets.judging.cases import SCHOOL_LIST
from assets.judging.references import SchoolLists
from assets.reports.outbox import write_answers
from assets.submitted.answers import Answer, answers_of
from expectations.regions import PREFECTURE


@dataclass(frozen=True)
class Checked:
    """One file with the path that landing would have it by, the answer that the night would give it, and remarks.

    The answer is None where the file could not be opened; remarks are what the check itself has to say. `workbook` is
    the one that was written with the answer.
    """

    file: Asked
    path: str
    answer: Answer | None
    remarks: tuple[str, ...]
    workbook: Path | None = None

    @property
    def needs_a_person(self) -> bool:
        """Whether something must be mended before it is worth sending."""
        return self.answer is None or self.answer.is_returned or self.answer.count("must_fix") > 0


def check(house: House, files: Sequence[Asked], out: Path | None = None) -> list[Checked]:
    """The answer to each file, as if it were delivered now; below `out` the workbooks that would go back, by unit.

    Raises:
        ExpectationsError, StepFailedError: the fault is ours.
    """
    with house_for_a_while(house) as made:
        before = frozenset(r.submission_id for r in made.ledger.receptions())
        paths = _laid_out(made, files)
        taken = take_in(made.intake(), now_in_shanghai(), made.progress)
        made.explanations.record(made.ledger.receptions())
        found = _found(made.ledger, paths.values())
        reach = Reach.of(found.values())
        borrow_datasets(house, made, reach.datasets.union(*(r.datasets for r in found.values())))
        borrow_compared(house, made)
        reach.judge(made)
        answers = {a.reception.submission_id: a for a in answers_of(made, {r.submission_id for r in found.values()})}
        written = write_answers(made, answers.values(), out) if out else {}
        remarks = _Remarks(before, SchoolLists.held(made.lake), made)
        checked = []
        for file, path in paths.items():
            if reception := found.get(path):
                name = reception.submission_id
                lost = ("标出问题的工作簿没有写成。",) if out and answers[name].findings and name not in written else ()
                said = (*remarks.of(reception, path), *lost)
                checked.append(Checked(file, path, answers[name], said, written.get(name)))
            else:
                reason = taken.passed_over.get(path, "文件已被移走")
                checked.append(Checked(file, path, None, (f"没有读取，{reason}。",)))
        return checked


def _laid_out(house: House, files: Sequence[Asked]) -> dict[Asked, str]:
    """Let the files lie in the landing folder of a house; the path by which it tells each."""
    places = {house.landing / file.unit_code / file.below: file for file in files}
    for place, file in places.items():
        lay_out(file.source, place)
    there = {one.source: one.path for one in landed_files(house.landing, frozenset(file.unit_code for file in files))}
    return {file: there[place] for place, file in places.items()}


def _found(ledger: Ledger, paths: Iterable[str]) -> dict[str, Reception]:
    """The reception of each file that was read, by its path."""
    seen = ledger.sightings()
    by_content = {(r.unit_code, r.sha256): r for r in ledger.receptions()}
    return {path: by_content[(path.partition("/")[0], seen[path].sha256)] for path in paths if path in seen}


@dataclass(frozen=True)
class _Remarks:
    """What is remarked beside the findings: content that is known already, and school lists that are lacking."""

    before: frozenset[str]
    lists: SchoolLists
    house: House

    def of(self, reception: Reception, path: str) -> tuple[str, ...]:
        said = []
        if reception.submission_id in self.before:
            day = reception.received_at.astimezone(SHANGHAI).date()
            said.append(f"同样的内容已在 {day} 收到，再报送不算新的一版。")
        elif reception.path != path:
            said.append(f"内容与 {reception.path} 完全相同，只算一份。")
        if self._lacks_list(reception):
            said.append("没有本单位的学校名录，学校标识码未与名录核对。")
        return tuple(said)

    def _lacks_list(self, reception: Reception) -> bool:
        if reception.state != "received" or not any(map(self._names_schools, reception.datasets)):
            return False
        units = [reception.unit_code] if reception.unit_code != PREFECTURE else self.house.regions.unit_codes
        held = {unit for by_unit in self.lists.codes.values() for unit in by_unit}
        return not held.intersection(units)

    def _names_schools(self, dataset: str) -> bool:
        names = (column.name for column in self.house.contracts[dataset].kept)
        return dataset != SCHOOL_LIST and any(name.endswith("school_code") for name in names)
