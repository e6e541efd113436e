"""Staging: all submissions of one dataset and period are cleaned, judged by one suite, and split.

Tables made below `lake/staged/<dataset>/<period>/<fingerprint>/`: `rows` (accepted and current: what figures read),
`quarantine` (rows with a must_fix finding) and `findings`. The result depends on the submissions, the contract, the
rules and the school lists alone, whatever the order of arrival of other files; when none of these changed, nothing is
done. A submission is returned as a whole when its bad rows pass the contract's limit; its unit's last accepted version
then stands, stale. Reading files is `intake`; helper columns are `frames.py`.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.clean import clean
from assets.intake.reception import Reception
from assets.judging.frames import References, helpers_of
from assets.judging.judgement import Judgement, RuleOutcome, Version, VersionState
from assets.judging.keys import numbered, scope_of
from assets.judging.packed import let_go, packed, plain, taken, unpacked
from assets.judging.parts import judged
from assets.judging.two_sources import Pairs, pairs_among, settled
from assets.version import code_digest
from expectations.contract import Contract
from expectations.findings import SCHEMA as FINDINGS
from expectations.findings import finding_id, findings_of, findings_table
from expectations.rule import FORM_CELLS, Rule, rules_of
from expectations.suites import Outcome
from warehouse.lake import Lake, write_text

CODE = (
    "assets/judging/staging.py", "assets/judging/frames.py", "assets/judging/keys.py", "assets/judging/packed.py",
    "assets/judging/parts.py", "assets/judging/census_sums.py", "assets/judging/two_sources.py",
    "assets/intake/distinct.py", "assets/intake/cells.py", "assets/intake/clean.py", "expectations/rule.py",
    "expectations/suites.py", "expectations/rows_hold.py", "expectations/findings.py", "expectations/visible.py",
    "expectations/reference", "expectations/grades.py",
    "expectations/forms.py", "expectations/identities.py", "expectations/census_forms",
)  # fmt: skip
LAYER = "staged"
FIRST_PLACES = 5
WRITTEN = 100_000
"""Rows that are made ready for the lake at once."""
PLACE_ORDER = tuple((name, "ascending") for name in ("submission_id", "sheet", "row", "rule_id"))


def judgement_of(lake: Lake, dataset: str, period: str) -> Judgement | None:
    """The standing judgement of a dataset and period, or None when it was never judged."""
    path = lake.path(LAYER, dataset, period, "judgement.json")
    return Judgement.model_validate_json(path.read_bytes()) if path.exists() else None


def staged_path(lake: Lake, judgement: Judgement, table: str) -> tuple[str, ...]:
    """Parts of the lake path of one table (`rows`, `quarantine`, `findings`) of a judgement."""
    return (LAYER, judgement.dataset, judgement.period, judgement.folder, f"{table}.parquet")


def findings_in(lake: Lake, judgement: Judgement) -> pa.Table:
    """The findings of a judgement in today's columns: one that was made before a column was there has it empty."""
    return _findings_in(lake, staged_path(lake, judgement, "findings"))


@functools.lru_cache(maxsize=256)
def _findings_in(lake: Lake, path: tuple[str, ...]) -> pa.Table:
    """The same, read once: the folder is named by all that its content depends on, and a night asks for it often."""
    found = lake.read(*path)
    empty = (pa.nulls(found.num_rows, field.type) for field in FINDINGS)
    told = zip(FINDINGS.names, empty, strict=True)
    return pa.table([found[n] if n in found.column_names else nulls for n, nulls in told], schema=FINDINGS)


def stage(
    lake: Lake, contract: Contract, period: str, receptions: Sequence[Reception], references: References
) -> Judgement | None:
    """The judgement of all submissions of a dataset and period; None when there is none of them.

    Raises:
        SuiteError: a rule crashed; nothing of this dataset and period changes then.
    """
    mine = _submissions_of(contract, period, receptions)
    if not mine:
        shutil.rmtree(lake.path(LAYER, contract.dataset, period), ignore_errors=True)  # what spoke of it was read anew
        return None
    fingerprint = _fingerprint(contract, mine, references)
    standing = judgement_of(lake, contract.dataset, period)
    if standing and standing.fingerprint == fingerprint:
        return standing
    batch = _Batch(contract, period, mine, _typed_rows(lake, contract, period, mine, references))
    returned: set[str] = set()
    helpers, outcomes = _judged(batch, references, returned)
    if returned := _returned(batch, outcomes):
        # Repetitions are asked among what stands: without the returned ones an earlier version may stand.
        helpers, outcomes = _judged(batch, references, returned)
    found = pa.concat_tables([_found(batch, helpers, outcomes), findings_table(_questions(batch))])
    judged_batch = _Judged(batch, helpers, outcomes, found.sort_by(list(PLACE_ORDER)), returned)
    judgement = _write(lake, judged_batch, fingerprint)
    let_go()
    return judgement


def is_news(
    lake: Lake, contract: Contract, period: str, receptions: Sequence[Reception], references: References
) -> bool:
    """Whether there is something to judge: submissions of a dataset and period, and no judgement that is of just these.

    What `stage` then does takes time; otherwise it only tells what stands.
    """
    mine = _submissions_of(contract, period, receptions)
    standing = judgement_of(lake, contract.dataset, period) if mine else None
    return bool(mine) and (standing is None or standing.fingerprint != _fingerprint(contract, mine, references))


def _submissions_of(contract: Contract, period: str, receptions: Sequence[Reception]) -> list[Reception]:
    told = (r for r in receptions if r.state == "received" and not r.waits(period))
    return [r for r in told if period in r.periods_in(contract.dataset)]


def _judged(batch: _Batch, references: References, returned: set[str]) -> tuple[pa.Table, list[Outcome]]:
    contract = batch.contract
    helpers = helpers_of(batch.rows, contract, references, returned)
    let_go()
    return helpers, judged(batch.rows, helpers, rules_of(contract), f"{contract.dataset}_{batch.period}")


@dataclass(frozen=True)
class _Batch:
    """All submissions of a dataset and period with their typed rows, helpers of intake included."""

    contract: Contract
    period: str
    receptions: Sequence[Reception]
    rows: pa.Table

    def cell(self, submission_id: str, sheet: str, row: int, column: str) -> str:
        """Address of a cell in the delivered file, such as D7; '' where the file has no such column."""
        reception = next(r for r in self.receptions if r.submission_id == submission_id)
        letter = reception.cells.get(sheet, {}).get(column.split("__", maxsplit=1)[0])
        return f"{letter}{row}" if letter else ""


def _questions(batch: _Batch) -> Iterable[dict[str, object]]:
    """Findings about totals and counts that files state; they stand in the period that a file's ignored rows go to."""
    for r in batch.receptions:
        is_its_own = r.dataset == batch.contract.dataset and main_period(r) == batch.period
        for one in r.questions if is_its_own else ():
            yield one.model_dump() | {
                "finding_id": finding_id(r.submission_id, batch.period, one.rule_id, one.sheet, one.row, one.cell),
                "submission_id": r.submission_id, "dataset": batch.contract.dataset, "period": batch.period,
                "unit_code": r.unit_code,
            }  # fmt: skip


def _fingerprint(contract: Contract, receptions: Sequence[Reception], references: References) -> str:
    parts = [code_digest(*CODE), contract.fingerprint_text, references.fingerprint]
    parts += [f"{r.submission_id}/{r.read_with}/{r.sequence}" for r in receptions]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _typed_rows(
    lake: Lake, contract: Contract, period: str, receptions: Sequence[Reception], references: References
) -> pa.Table:
    """The typed rows of one period of all submissions, one below the other."""
    by_file: dict[str, list[Reception]] = {}
    for reception in receptions:
        by_file.setdefault(reception.raw_name, []).append(reception)
    tables = []
    for name, mine in by_file.items():
        raw = lake.read("raw", contract.dataset, name)
        raw = raw.filter(pc.equal(raw["period"], period))
        if "submission_id" in raw.column_names:
            raw = raw.filter(pc.is_in(raw["submission_id"], pa.array([r.submission_id for r in mine])))
        tables.append(packed(clean(raw, contract, mine[0], references.regions)))
    rows = pa.concat_tables(tables)
    let_go()
    return rows if len(by_file) == len(receptions) else _as_they_arrived(unpacked(rows), receptions)


def _as_they_arrived(rows: pa.Table, receptions: Sequence[Reception]) -> pa.Table:
    """The rows in the order of their submissions, each submission's as they stand in its file."""
    order = {reception.submission_id: number for number, reception in enumerate(receptions)}
    owner, names = numbered(rows["submission_id"])
    numbers = np.array([order[name] for name in names], dtype=np.int64)[owner]
    return rows.take(pa.array(np.argsort(numbers, kind="stable")))


def _found(batch: _Batch, helpers: pa.Table, outcomes: Sequence[Outcome]) -> pa.Table:
    """The findings of the outcomes.

    Messages may quote helper columns; of two columns of one name they quote the one as it was read.
    """
    rows = batch.rows
    for name in helpers.column_names:
        if name not in rows.column_names:
            rows = rows.append_column(name, helpers[name])
    places = np.unique(np.array([place for outcome in outcomes for place in outcome.places], dtype=np.int64))
    among = [replace(one, places=tuple(np.searchsorted(places, one.places).tolist())) for one in outcomes]
    return findings_of(batch.contract, batch.period, among, taken(rows, places), batch.cell)


@dataclass(frozen=True)
class _Judged:
    """A batch with what judging it gave, and the submissions that are returned whole."""

    batch: _Batch
    helpers: pa.Table
    outcomes: Sequence[Outcome]
    findings: pa.Table
    returned: set[str]

    @functools.cached_property
    def owners(self) -> tuple[np.ndarray, list[str]]:
        """The submission of each row by its number, and the names of these."""
        return numbered(self.batch.rows["submission_id"])

    @functools.cached_property
    def sequences(self) -> np.ndarray:
        """When the submission of each row was read."""
        owner, names = self.owners
        order = {r.submission_id: r.sequence for r in self.batch.receptions}
        return np.asarray(np.array([order[name] for name in names], dtype=np.int64)[owner])

    @functools.cached_property
    def is_out(self) -> np.ndarray:
        """Which rows are out because their file is returned."""
        owner, names = self.owners
        return np.asarray(np.isin(owner, [at for at, name in enumerate(names) if name in self.returned]), dtype=bool)

    @functools.cached_property
    def good(self) -> np.ndarray:
        """Which rows are accepted."""
        bad = _bad_rows(self.outcomes, self.batch.rows.num_rows)
        return np.asarray(~bad & ~self.is_out, dtype=bool)

    @functools.cached_property
    def sources(self) -> Pairs:
        """The accepted and newest rows that a workbook and a ledger both tell."""
        return pairs_among(self.batch.rows, self.batch.contract, self.good & _newest(self, self.good))

    @functools.cached_property
    def current(self) -> np.ndarray:
        """Which accepted rows count: no later file and no workbook replaces them, and the list has their school."""
        current = self.good & _newest(self, self.good)
        current[self.sources.outdone] = False
        if "school_code__listed" in self.helpers.column_names:
            dropped = pc.equal(self.helpers["school_code__listed"], "dropped")
            current &= ~np.asarray(pc.fill_null(dropped, False))
        return np.asarray(current, dtype=bool)

    def counted(self, among: np.ndarray | slice) -> Counter[str]:
        """How many of the rows `among` each submission has."""
        owner, names = self.owners
        counts = np.bincount(owner[among], minlength=len(names)).tolist()
        return Counter(dict(zip(names, counts, strict=True)))


def _write(lake: Lake, judged: _Judged, fingerprint: str) -> Judgement:
    batch = judged.batch
    judgement = Judgement(
        dataset=batch.contract.dataset, period=batch.period, fingerprint=fingerprint, folder=fingerprint,
        versions=tuple(_versions(judged)), rules=tuple(_told(outcome, batch) for outcome in judged.outcomes),
        stale_units=tuple(_stale(judged)), rows_current=int(judged.current.sum()),
    )  # fmt: skip
    lake.write_parts(*_current(judged), *staged_path(lake, judgement, "rows"))
    lake.write(
        taken(batch.rows, np.flatnonzero(~judged.good & ~judged.is_out)), *staged_path(lake, judgement, "quarantine")
    )
    lake.write(judged.findings, *staged_path(lake, judgement, "findings"))
    folder = lake.path(LAYER, batch.contract.dataset, batch.period)
    write_text(folder / "judgement.json", judgement.model_dump_json(indent=1))
    for other in folder.iterdir():
        if other.is_dir() and other.name != fingerprint:
            shutil.rmtree(other)
    return judgement


def _current(judged: _Judged) -> tuple[pa.Schema, Iterator[pa.Table]]:
    """The rows that count, some at a time: their text takes more room while it is written than it takes in the lake."""
    schema = judged.batch.contract.staged_schema()
    told = settled(judged.batch.rows, judged.batch.contract, judged.sources).select(schema.names)
    starts = range(0, told.num_rows, WRITTEN)
    of = [(told.slice(start, WRITTEN), judged.current[start : start + WRITTEN]) for start in starts]
    return schema, (rows.filter(pa.array(current)).cast(schema) for rows, current in of)


def _bad_rows(outcomes: Iterable[Outcome], rows: int) -> np.ndarray:
    """Which rows have a must_fix finding."""
    bad = np.zeros(rows, dtype=bool)
    for outcome in outcomes:
        if outcome.rule.severity == "must_fix":
            bad[list(outcome.places)] = True
    return bad


def _returned(batch: _Batch, outcomes: Iterable[Outcome]) -> set[str]:
    """Submissions whose bad rows pass the contract's limit: more than its share of data rows, and at least so many."""
    share, least = batch.contract.returned_above
    owner, names = numbered(batch.rows["submission_id"])
    of_each = np.bincount(owner, minlength=len(names)).tolist()
    bad_of_each = np.bincount(owner[_bad_rows(outcomes, len(owner))], minlength=len(names)).tolist()
    told = zip(names, bad_of_each, of_each, strict=True)
    return {name for name, bad, rows in told if bad >= least and bad > share * rows}


def _newest(judged: _Judged, among: np.ndarray) -> np.ndarray:
    """Which rows are of the newest submission of their place, as the contract's delivery says.

    The place is the unit, or by_school the school, of which the rows `among` tell the newest submission. A whole file
    that was accepted replaces the one before even if it holds no row. Rows made of census forms are by school in any
    dataset; they and rows of tables do not replace each other.
    """
    batch, sequence = judged.batch, judged.sequences
    scope = scope_of(batch.rows, batch.contract)
    newest = np.full(scope.max(initial=-1) + 1, -1)
    np.maximum.at(newest, scope[among], sequence[among])
    if batch.contract.delivery == "by_school":
        return np.asarray(newest[scope] == sequence)
    accepted = [r for r in batch.receptions if r.submission_id not in judged.returned and not r.parts]
    newest_of = {r.unit_code: r.sequence for r in sorted(accepted, key=lambda r: r.sequence)}
    sender, units = numbered(batch.rows["sender"])
    of_tables = np.array([newest_of.get(unit, -1) for unit in units], dtype=np.int64)[sender]
    is_form = np.asarray(pc.is_valid(batch.rows[FORM_CELLS]))
    return np.asarray(np.where(is_form, newest[scope], of_tables) == sequence)


def _stale(judged: _Judged) -> list[str]:
    """Units with schools of which an older file stands, because no row of the newer one could be accepted."""
    outdone = judged.current & ~_newest(judged, ~judged.is_out)
    return sorted(set(plain(judged.batch.rows["unit_code"]).filter(pa.array(outdone)).to_pylist()))


def _versions(judged: _Judged) -> Iterable[Version]:
    batch, returned, findings = judged.batch, judged.returned, judged.findings
    data, accepted, counted = (judged.counted(among) for among in (slice(None), judged.good, judged.current))
    asked = findings.filter(pc.equal(findings["severity"], "must_explain"))
    questions = Counter(asked["submission_id"].to_pylist())
    problems = Counter(findings["submission_id"].to_pylist())
    newest = _newest_accepted(batch, returned)
    numbers: Counter[str] = Counter()
    for reception in batch.receptions:
        name = reception.submission_id
        numbers[reception.unit_code] += 1
        is_booked = batch.period == main_period(reception) and batch.contract.dataset == reception.dataset
        ignored = sum(reception.rows_ignored.values()) if is_booked else 0
        state = _state(reception, returned, bool(problems[name]), is_replaced=not counted[name] and name not in newest)
        yield Version(
            submission_id=name, unit_code=reception.unit_code, version=numbers[reception.unit_code], state=state,
            rows_read=data[name] + ignored, rows_accepted=accepted[name],
            rows_quarantined=data[name] - accepted[name], rows_ignored=ignored, rows_current=counted[name],
            questions=questions[name],
        )  # fmt: skip


def _state(reception: Reception, returned: set[str], has_findings: bool, *, is_replaced: bool) -> VersionState:
    if reception.submission_id in returned:
        return "returned"
    if is_replaced:
        return "superseded"
    return "accepted_with_findings" if has_findings or reception.problems else "accepted"


def _newest_accepted(batch: _Batch, returned: set[str]) -> set[str]:
    """The newest accepted submission of each unit: it stands even if it holds no row (nothing to report)."""
    newest = {r.unit_code: r.submission_id for r in batch.receptions if r.submission_id not in returned}
    return set(newest.values())


def main_period(reception: Reception) -> str | None:
    """The period to which a file's ignored rows (titles, totals, blanks) are counted: its own, else its first."""
    if reception.file_period in reception.periods:
        return reception.file_period
    return min(reception.periods, default=None)


def _told(outcome: Outcome, batch: _Batch) -> RuleOutcome:
    rule: Rule = outcome.rule
    first = taken(batch.rows.select(["submission_id", "sheet", "row"]), outcome.places[:FIRST_PLACES])
    places = tuple(
        f"{p['submission_id'][:13]} {p['sheet']}!{batch.cell(**p, column=rule.columns[0]) or p['row']}"
        for p in first.to_pylist()
    )
    return RuleOutcome(
        rule_id=rule.id, severity=rule.severity, status=outcome.status, asked=outcome.asked,
        found=len(outcome.places), first_places=places,
    )  # fmt: skip
