"""Judged rows laid down in a lake as staging leaves them: accepted and current ones, and some in quarantine."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from assets.house import House
from assets.judging.judgement import Judgement, Version, VersionState
from assets.judging.staging import judgement_of, staged_path
from expectations.contract import load_contracts
from expectations.findings import SCHEMA
from warehouse.lake import write_text


def keep(
    house: House, dataset: str, period: str, good: Sequence[Mapping[str, Any]], bad: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Lay down rows that tell their submission, sheet, row and unit."""
    files = sorted({row["submission_id"] for row in (*good, *bad)})
    judgement = Judgement(
        dataset=dataset, period=period, fingerprint="f", folder="f", rules=(), stale_units=(), rows_current=len(good),
        versions=tuple(_version(name, 1, "accepted") for name in files),
    )  # fmt: skip
    schema = load_contracts()[dataset].staged_schema()
    for table, rows in (("rows", good), ("quarantine", bad)):
        house.lake.write(pa.Table.from_pylist(list(rows), schema), *staged_path(house.lake, judgement, table))
    house.lake.write(SCHEMA.empty_table(), *staged_path(house.lake, judgement, "findings"))
    _write(house, judgement)


def returned(house: House, dataset: str, period: str, unit: str) -> None:
    """Lay down that a newer file of the unit was returned."""
    judgement = judgement_of(house.lake, dataset, period)
    assert judgement is not None
    newer = _version(f"{unit}-{0:016x}", 2, "returned")
    _write(house, judgement.model_copy(update={"versions": (*judgement.versions, newer)}))


def _version(name: str, number: int, state: VersionState) -> Version:
    none = dict.fromkeys(
        ("rows_read", "rows_accepted", "rows_quarantined", "rows_ignored", "rows_current", "questions"), 0
    )
    return Version(submission_id=name, unit_code=name[:6], version=number, state=state, **none)


def _write(house: House, judgement: Judgement) -> None:
    path = house.lake.path("staged", judgement.dataset, judgement.period, "judgement.json")
    write_text(path, judgement.model_dump_json())
