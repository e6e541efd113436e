"""The record of a unit: how it kept its due days in a plan year, what it got right at once, what it got wrong again.

Counted off the matrix, a row per unit and year. It is no figure of the plan and judges nobody: shares are shown beside
the counts that they are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assets.submitted.matrix import Place


@dataclass(frozen=True)
class UnitRecord:
    """One unit in one plan year; counts are of datasets and periods.

    Due is what is expected and on time, late or overdue; a first version counts once it was judged or returned.
    """

    unit_code: str
    year: int
    expected_count: int
    received_count: int
    on_time_count: int
    late_count: int
    overdue_count: int
    first_version_count: int
    first_pass_count: int
    repeated_error_count: int

    @property
    def on_time_share(self) -> float | None:
        """On time, among what is due; None where nothing is."""
        return _share(self.on_time_count, self.on_time_count + self.late_count + self.overdue_count)

    @property
    def first_pass_share(self) -> float | None:
        """First versions that were accepted without an error, among first versions; None where there is none."""
        return _share(self.first_pass_count, self.first_version_count)


def unit_records(places: Iterable[Place]) -> list[UnitRecord]:
    """A record for each unit and year of these places, by year and unit."""
    groups: dict[tuple[int, str], list[Place]] = {}
    for place in places:
        groups.setdefault((place.year, place.unit_code), []).append(place)
    return [_record(unit, year, groups[(year, unit)]) for year, unit in sorted(groups)]


def _record(unit: str, year: int, places: Sequence[Place]) -> UnitRecord:
    asked = [place for place in places if place.is_expected]
    kept = [place.timeliness.word for place in asked if place.timeliness]
    first = [place.is_first_pass for place in places if place.is_first_pass is not None]
    return UnitRecord(
        unit_code=unit, year=year, expected_count=len(asked),
        received_count=sum(place.first_received_at is not None for place in asked),
        on_time_count=kept.count("on_time"), late_count=kept.count("late"), overdue_count=kept.count("overdue"),
        first_version_count=len(first), first_pass_count=sum(first),
        repeated_error_count=sum(len(place.repeated_rules) for place in places),
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
