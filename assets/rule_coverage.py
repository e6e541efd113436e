"""What carries each rule of the authority's catalogue: our rules, the verdict of a commitment, or nothing and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from expectations.catalogue import Carried, Compared, Entry, NotRun, Target, load_authority, load_catalogue


@dataclass(frozen=True)
class Coverage:
    """One rule of the authority; `rules` may end with `*`, `not_run` holds each part that no dataset carries."""

    authority_id: str
    kind: str
    asks: str
    rules: tuple[str, ...]
    targets: tuple[str, ...]
    not_run: tuple[str, ...]

    @property
    def is_covered(self) -> bool:
        """Whether something carries it, or its reason is told."""
        return bool(self.rules or self.targets or self.not_run)


def coverage(overrides: Path | None = None) -> list[Coverage]:
    """A line for each rule of the authority, in its order."""
    entries = load_catalogue(overrides)
    lines = []
    for name, asked in load_authority().items():
        mine = [entry for entry in entries if name in entry.covers]
        lines.append(Coverage(name, asked.kind, asked.asks, _rules(mine), _targets(mine), _not_run(mine)))
    return lines


def _rules(entries: list[Entry]) -> tuple[str, ...]:
    compared = [entry.id for entry in entries if isinstance(entry, Compared)]
    return (*compared, *(rule for entry in entries if isinstance(entry, Carried) for rule in entry.carried_by))


def _targets(entries: list[Entry]) -> tuple[str, ...]:
    return tuple(target for entry in entries if isinstance(entry, Target) for target in entry.target)


def _not_run(entries: list[Entry]) -> tuple[str, ...]:
    return tuple(f"{entry.part}：{entry.not_run}" for entry in entries if isinstance(entry, NotRun))
