"""How an indicator is declared: one function per figure, which becomes one frozen record.

The functions stand in the theme modules (`preschool.py`, `aid.py` …); all records together are in `registry.py`.
Indicators that are only data, read off a ledger for one commitment of the plan, are made in `measures.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Subquery, Table, select

from assets.indicators.errors import IndicatorError
from assets.indicators.formulas import Formula
from assets.indicators.parameters import Choices, Value
from assets.plans.gap import Work

Level = Literal["school", "county", "prefecture"]
Term = Literal["spring", "autumn"]

SCHOOLS_AND_REGIONS: tuple[Level, ...] = ("school", "county", "prefecture")
REGIONS: tuple[Level, ...] = ("county", "prefecture")
PREFECTURE_ONLY: tuple[Level, ...] = ("prefecture",)
TERMS: Mapping[Term, str] = {"spring": "春季学期", "autumn": "秋季学期"}


@dataclass(frozen=True)
class Need:
    """A dataset that a figure cannot do without; with `term`, only that term's part of it.

    A unit that lacks an `optional` one keeps its figure: it is provisional, and `without=<dataset>` stands beside it.
    """

    dataset: str
    term: Term | None = None
    optional: bool = False


@dataclass(frozen=True)
class Shared:
    """The tables that indicators of a year share, each made once: `keep` computes one and keeps its rows by a name."""

    keep: Callable[[str, Any], Table] | None = None
    made: dict[Hashable, tuple[Subquery, frozenset[str]]] = field(default_factory=dict)

    def hold(self, rows: Subquery) -> Subquery:
        """The same rows, read from where they are kept."""
        if self.keep is None:
            return rows
        return select(self.keep(f"shared_{len(self.made)}", rows.element)).subquery(rows.name)


class Tables:
    """What an indicator function is given: the year's tables as attributes, the year, and the choices of policy.

    The tables are those of the datasets, and `township`, `county` (the eight), `unit` (the ten), `held` (how each
    dataset stands: dataset, period, unit_code, standing) and `aid_payments__quarantine` (rows that could not be
    accepted). One is made per indicator, so that `used` tells which choices its figures depend on.
    """

    def __init__(self, tables: Mapping[str, Table], year: int, choices: Choices, shared: Shared | None = None) -> None:
        self._tables = tables
        self._choices = choices
        self._shared = shared or Shared()
        self.year = year
        self.used: set[str] = set()

    def __getattr__(self, name: str) -> Table:
        try:
            return self._tables[name]
        except KeyError:
            raise AttributeError(f"no table {name}; there are {', '.join(self._tables)}") from None

    def shared(self, make: Callable[..., Subquery], *of: Hashable) -> Subquery:
        """What `make(tables, *of)` gives, made once a year: indicators that share it are computed in one pass over it.

        The choices that it asked for are noted as used by each.
        """
        made = self._shared.made
        if (make, of) not in made:
            asked = Tables(self._tables, self.year, self._choices, self._shared)
            rows = make(asked, *of)
            made[make, of] = self._shared.hold(rows), frozenset(asked.used)
        rows, used = made[make, of]
        self.used |= used
        return rows

    def choice(self, name: str) -> Value:
        """The value of a parameter, noted as one that this indicator depends on."""
        if name not in self._choices.values:
            raise IndicatorError(f"parameters.yaml has no parameter {name}")
        self.used.add(name)
        return self._choices.values[name]

    def number(self, name: str) -> int:
        """The value of a parameter that is a whole number."""
        return int(self.choice(name))  # type: ignore[arg-type]

    def words(self, name: str) -> list[str]:
        """The value of a parameter that is a list."""
        return list(self.choice(name))  # type: ignore[arg-type]

    @property
    def parameters(self) -> str:
        """The choices asked for so far, as they are printed beside the figure."""
        return self._choices.text(self.used)


@dataclass(frozen=True)
class Indicator:
    """A figure: names, unit, what its numerator counts, definition, source, grains, datasets, and its formula."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    counted: str
    theme: str
    definition_zh: str
    definition_en: str
    source: str
    grains: tuple[Level, ...]
    needs: tuple[Need, ...]
    define: Callable[[Tables], Formula]
    work: Work | None = None


@dataclass(frozen=True)
class indicator:  # noqa: N801 - reads as the decorator that it is
    """Make the function below an indicator of its name; its docstring is the English definition.

    `counted` is the noun of what the numerator counts ("名幼儿"), `needs` names the datasets. `work` is what moves the
    figure; without it one unit adds 1 to the numerator, or takes 1 where that is too high. `@indicator(…).by_term`
    makes two of it, `<name>_spring` and `<name>_autumn`, and gives the function the term as well.
    """

    name_zh: str
    name_en: str
    definition_zh: str
    unit: str
    counted: str
    source: str
    needs: tuple[str | Need, ...]
    grains: tuple[Level, ...] = SCHOOLS_AND_REGIONS
    work: Work | None = None

    def __call__(self, define: Callable[[Tables], Formula]) -> Indicator:
        """The record."""
        return self._record(define.__name__, define, define)

    def by_term(self, define: Callable[[Tables, Term], Formula]) -> tuple[Indicator, ...]:
        """One record per term, spring first, each needing only its own term of the datasets."""
        return tuple(self._of_term(define, term) for term in TERMS)

    def _of_term(self, define: Callable[[Tables, Term], Formula], term: Term) -> Indicator:
        named = replace(
            self, name_zh=f"{self.name_zh}（{TERMS[term]}）", name_en=f"{self.name_en} ({term} term)",
            needs=tuple(Need(need, term) if isinstance(need, str) else need for need in self.needs),
        )  # fmt: skip
        return named._record(f"{define.__name__}_{term}", lambda c: define(c, term), define)

    def _record(self, id_: str, define: Callable[[Tables], Formula], told_by: Callable[..., Formula]) -> Indicator:
        return Indicator(
            id_, self.name_zh, self.name_en, self.unit, self.counted, told_by.__module__.rpartition(".")[2],
            self.definition_zh, inspect.getdoc(told_by) or "", self.source, self.grains,
            tuple(Need(need) if isinstance(need, str) else need for need in self.needs), define, self.work,
        )  # fmt: skip
