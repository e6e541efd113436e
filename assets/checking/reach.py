"""How far checked files reach: what is judged and compared so that they are told what the night would tell.

That is the datasets that they speak of, and those that stand beside them in comparisons, from the first year on that
they speak of. It is done by the functions of the night, which do nothing where nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assets.comparisons.compare import compare_family, family_of
from assets.comparisons.tables import needs_of
from assets.guard import guarded
from assets.house import House
from assets.intake.reception import Reception
from assets.judging.cases import SCHOOL_LIST, judge_datasets
from assets.judging.judges import Judges
from assets.periods import years_of
from expectations.comparison import load_families


@dataclass(frozen=True)
class Reach:
    """The datasets that files speak of, by plan year, and the families of comparisons in which these have a part."""

    spoken: Mapping[int, frozenset[str]]
    families: tuple[str, ...]

    @classmethod
    def of(cls, receptions: Iterable[Reception]) -> Reach:
        """How far these submissions reach; what could not be read reaches nowhere."""
        spoken: dict[int, frozenset[str]] = {}
        for r in receptions:
            for dataset in r.datasets if r.state == "received" else ():
                for year in years_of(r.periods_in(dataset)):
                    spoken[year] = spoken.get(year, frozenset()) | {dataset}
        mine = frozenset[str]().union(*spoken.values())
        return cls(spoken, tuple(name for name in load_families() if mine & _needed([name])))

    @property
    def compared(self) -> frozenset[str]:
        """The datasets of which the comparisons are made."""
        return _needed(self.families)

    @property
    def datasets(self) -> frozenset[str]:
        """All datasets that are judged."""
        return self.compared.union({SCHOOL_LIST}, *self.spoken.values())

    def judge(self, house: House) -> None:
        """Judge and compare, year by year, as a night does.

        Raises:
            ExpectationsError, StepFailedError: the fault is ours.
        """
        judges = Judges(house.processes)
        for year in sorted({*house.years(), *self.spoken}):
            if self.spoken and year >= min(self.spoken):
                self._judge_year(house, year, judges)
                for family in self.families:
                    with guarded("对照"):
                        compare_family(house, year, family)

    def _judge_year(self, house: House, year: int, judges: Judges) -> None:
        asked = self.compared.union({SCHOOL_LIST}, self.spoken.get(year, ()))
        judged = judge_datasets(house, [house.contracts[name] for name in sorted(asked)], year, judges)
        for outcome in judged.values():
            if isinstance(outcome, Exception):
                raise outcome


def _needed(families: Iterable[str]) -> frozenset[str]:
    """The datasets of which the comparisons of these families are made, this year's and those before."""
    needs = needs_of([one for name in families for one in family_of(name)])
    return frozenset({SCHOOL_LIST, *needs.this, *needs.before, *needs.earlier}) if families else frozenset()
