"""The classes of kindergartens: how many are public, inclusive or ordinary, so that the shares come to what is wanted.

Not here: how large a class is (`classes.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from samples.facts import rates, rng
from samples.schools import (
    ATTACHED,
    INCLUSIVE,
    KINDERGARTEN,
    ORDINARY,
    PRIVATE,
    PUBLIC,
    TEACHING_POINT,
    School,
    full_number,
)

CLASSES_EACH = 3.4
GRADES = ("K1", "K2", "K3", "K2", "K3", "K1")
Row = tuple[School, str, str, int, str]


def kindergarten_classes(there: list[School], year: int, scale: float, seed: int) -> Iterator[Row]:
    """School, stage, grade, number and kind of every kindergarten class of one unit in a census."""
    unit, wanted = there[0].unit, rates(there[0].unit, year)
    holders = _holders(there, year)
    full = sum(full_number(unit, f"{care}_kindergarten") for care in (PUBLIC, INCLUSIVE, ORDINARY))
    every = max(2 * sum(map(len, holders.values())), round(full * CLASSES_EACH * scale))
    shares = {
        PUBLIC: wanted["public_share"],
        INCLUSIVE: wanted["inclusive_coverage"] - wanted["public_share"],
        ORDINARY: 1 - wanted["inclusive_coverage"],
    }
    chance = rng(seed, "toddlers", unit)
    for care, schools in holders.items():
        for school, many in zip(schools, _spread(schools, round(every * shares[care])), strict=True):
            yield from _rows(school, many, toddlers=bool(chance.random() < 0.2))


def _holders(there: list[School], year: int) -> dict[str, list[School]]:
    """Who holds kindergarten classes, by what their children count as."""
    own = [school for school in there if school.kind == KINDERGARTEN]
    attached = [school for school in there if school.kind == ATTACHED or _holds_some(school)]
    return {
        PUBLIC: [school for school in own + attached if school.public],
        INCLUSIVE: [school for school in own if not school.public and school.inclusive(year)],
        ORDINARY: [school for school in own if not school.public and not school.inclusive(year)]
        + [school for school in attached if not school.public],
    }


def _holds_some(school: School) -> bool:
    """Whether it holds attached classes under its own code: each eighth teaching point, private nine-year schools."""
    if school.kind == TEACHING_POINT:
        return int(school.code[-4:]) % 8 == 0
    return school.kind == "312" and school.sponsor == PRIVATE


def _spread(schools: list[School], many: int) -> list[int]:
    """Spreads classes over schools by weight, at least one each; attached classes stay few."""
    if not schools:
        return []
    weights = [school.weight * (1 if school.kind == KINDERGARTEN else 0.3) for school in schools]
    rest, total = max(0, many - len(schools)), sum(weights)
    exact = [rest * weight / total for weight in weights]
    found = [int(part) for part in exact]
    for i in sorted(range(len(schools)), key=lambda i: found[i] - exact[i])[: rest - sum(found)]:
        found[i] += 1
    return [1 + part for part in found]


def _rows(school: School, many: int, *, toddlers: bool) -> Iterator[Row]:
    kind = "普通" if school.kind == KINDERGARTEN else "附设"
    if many == 1:
        yield school, "幼儿园", "KM", 1, kind
        return
    first = 1 if toddlers and kind == "普通" and many > 3 else 0
    if first:
        yield school, "幼儿园", "K0", 1, kind
    for i in range(many - first):
        yield school, "幼儿园", GRADES[i % len(GRADES)], i // 3 + 1, kind
