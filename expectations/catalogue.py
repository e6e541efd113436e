"""The rule catalogue: which rules hold between forms, sources and years, and what carries every rule of the authority.

`rules/<family>.yaml` holds records of four kinds: a rule that is asked of a comparison; one that a contract's rule
carries; one that is the verdict of a commitment; and a part that no dataset carries, with its reason. Every id of
`rules/authority.yaml` is covered by one of them. Severities and tolerances can be set in a folder beside
(`XIANGXI_RULES`); ids are for ever. Judging is `suites.py`, comparisons are `comparison.py`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from expectations.comparison import FILE, FOLDER, PLACE, load_comparisons, load_lists
from expectations.errors import ContractError
from expectations.rule import Rule, Severity

AUTHORITY = "authority.yaml"
Covers = Annotated[tuple[Annotated[str, Field(pattern=r"^[IBHRAX]-\d{2}$")], ...], Field(min_length=1)]
Told = Annotated[str, Field(min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    covers: Covers


class Compared(_Record):
    """A rule asked of the rows of one comparison; `columns[0]` is what it is about.

    `holds` may name columns and tolerances; `where` narrows the rows that are asked. `first_report` is the severity on
    the first report of a school (of a unit where rows are no school's), `severity` that of what is sent again. `list`
    names the list that its failing rows make up. `since`: the plan year from which it is asked. `told_by`: rules of the
    contract that tell such a fault at its rows already; this one then makes its list and no finding of its own.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
    severity: Severity
    first_report: Severity | None = None
    asked_of: str
    columns: Annotated[tuple[str, ...], Field(min_length=1)]
    holds: str
    where: str | None = None
    tolerance: Mapping[str, float] = {}
    message: Told
    how_to_fix: Told
    because: Told
    owner: Told
    since: Annotated[int, Field(ge=2000, le=2100)]
    list: str | None = None
    told_by: tuple[str, ...] = ()
    examples: Mapping[Literal["pass", "fail", "limit"], tuple[Mapping[str, Any], ...]]

    @model_validator(mode="after")
    def _stands_on_a_comparison(self) -> Self:
        comparison = load_comparisons().get(self.asked_of)
        if comparison is None:
            raise ValueError(f"no comparison {self.asked_of}")
        if self.id.split(".")[0] != self.asked_of:
            raise ValueError(f"the id of a rule on {self.asked_of} begins with {self.asked_of}.")
        if lost := set(self.columns) - {*comparison.columns, *PLACE}:
            raise ValueError(f"{self.asked_of} has no columns {sorted(lost)}")
        if self.list is not None and self.list not in load_lists():
            raise ValueError(f"no list {self.list}")
        if self.told_by and self.list is None:
            raise ValueError("a rule that others tell needs a list")
        if not self.examples.get("pass") or not self.examples.get("fail"):
            raise ValueError("examples that pass and that fail are needed")
        return self

    @property
    def rule(self) -> Rule:
        """The same as a suite judges it, with its tolerances written in, of the dataset that answers."""
        return Rule(
            id=self.id, dataset=load_comparisons()[self.asked_of].answers_for, severity=self.severity, check="holds",
            columns=self.columns,
            message=self._worded, how_to_fix=self.how_to_fix, because=self.because,
            holds=self._with_tolerances(self.holds), where=self._with_tolerances(self.where or "") or None,
            examples={name: [dict(row) for row in rows] for name, rows in self.examples.items()},
        )  # fmt: skip

    def _with_tolerances(self, text: str) -> str:
        for name, value in self.tolerance.items():
            text = re.sub(rf"\b{name}\b", f"{value:.12g}", text)
        return text

    @property
    def _worded(self) -> str:
        """The message with its tolerances, `{name}` as a number and `{name:%}` in per cent."""
        text = self.message
        for name, value in self.tolerance.items():
            text = text.replace(f"{{{name}}}", f"{value:.12g}").replace(f"{{{name}:%}}", f"{value * 100:.12g}%")
        return text


class Carried(_Record):
    """Rules of contracts that are these rules of the authority; a name may end with `*`."""

    carried_by: Annotated[tuple[str, ...], Field(min_length=1)]


class Target(_Record):
    """Commitments of a plan whose verdicts are these rules: a missed target is no finding."""

    target: Annotated[tuple[str, ...], Field(min_length=1)]


class NotRun(_Record):
    """A part of a rule that no dataset carries, and the reason."""

    part: Told
    not_run: Told


class AuthorityRule(BaseModel):
    """One rule as the authority numbers it: what it asks, and its class (F must_fix, E must_explain, T target)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: Told
    kind: Literal["F", "E", "F/E", "T"]


Entry = Compared | Carried | Target | NotRun
_KINDS: Mapping[str, type[Entry]] = {"asked_of": Compared, "carried_by": Carried, "target": Target, "not_run": NotRun}


@functools.cache
def load_authority(folder: Path = FOLDER) -> Mapping[str, AuthorityRule]:
    """The ids of the authority's catalogue with what each asks."""
    text = (folder / AUTHORITY).read_text("utf-8")
    return TypeAdapter(dict[str, AuthorityRule]).validate_python(yaml.safe_load(text))


@functools.cache
def load_catalogue(overrides: Path | None = None, folder: Path = FOLDER) -> tuple[Entry, ...]:
    """Every record of the catalogue, by family; `overrides` is a folder of files that set what stands in them.

    Raises:
        ContractError: an unknown key, a rule without cure or examples, an id that stands twice or, in an override,
            nowhere, a folder that is not there; names file and rule.
    """
    changes = _overrides(overrides) if overrides else {}
    entries: list[Entry] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in {FILE, AUTHORITY}:
            entries += _entries(path, changes)
    ids = [entry.id for entry in entries if isinstance(entry, Compared)]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise ContractError(f"rules {sorted(twice)} stand twice")
    if lost := changes.keys() - set(ids):
        raise ContractError(f"{overrides}: no rules {sorted(lost)}")
    return tuple(entries)


def rules_on(comparison: str, overrides: Path | None = None) -> tuple[Compared, ...]:
    """The rules that are asked of a comparison, in the order of the files."""
    return tuple(rule for rule in compared_rules(overrides) if rule.asked_of == comparison)


def compared_rules(overrides: Path | None = None) -> tuple[Compared, ...]:
    """The rules that are asked of comparisons, in the order of the files."""
    return tuple(entry for entry in load_catalogue(overrides) if isinstance(entry, Compared))


class _Override(BaseModel):
    """What a folder of overrides may set of a rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity | None = None
    first_report: Severity | None = None
    tolerance: Mapping[str, float] = {}


def _overrides(folder: Path) -> dict[str, _Override]:
    if not folder.is_dir():
        raise ContractError(f"{folder}: no such folder of rules")
    found: dict[str, _Override] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            read = TypeAdapter(dict[str, _Override]).validate_python(yaml.safe_load(path.read_text("utf-8")) or {})
        except ValidationError as fault:
            raise ContractError(f"{path.name}: {_first(fault)}") from None
        if twice := found.keys() & read.keys():
            raise ContractError(f"{path.name}: rules {sorted(twice)} stand in another file, too")
        found |= read
    return found


def _entries(path: Path, changes: Mapping[str, _Override]) -> Iterator[Entry]:
    for item in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader):  # noqa: S506 - a safe loader
        named = item.get("id") or ", ".join(item.get("covers", ())) or item
        kinds = [kind for key, kind in _KINDS.items() if key in item]
        if len(kinds) != 1:
            raise ContractError(f"{path.name}: {named}: exactly one of {', '.join(_KINDS)} is needed")
        try:
            yield kinds[0].model_validate(_changed(item, changes.get(item.get("id", ""))))
        except ValidationError as fault:
            raise ContractError(f"{path.name}: {named}: {_first(fault)}") from None


def _changed(item: Mapping[str, Any], change: _Override | None) -> dict[str, Any]:
    if change is None:
        return dict(item)
    known = item.get("tolerance", {})
    if lost := change.tolerance.keys() - known.keys():
        raise ContractError(f"{item['id']}: no tolerances {sorted(lost)}")
    told = {name: value for name, value in change.model_dump().items() if value and name != "tolerance"}
    return {**item, **told, "tolerance": {**known, **change.tolerance}}


def _first(fault: ValidationError) -> str:
    first = fault.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
