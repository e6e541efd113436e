"""The schools of every unit: kindergartens, schools, teaching points and attached classes, with what stays the same.

Not here: their classes and pupils (`classes.py`), and the school list as a file (`school_list.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from samples.facts import JISHOU, OWN_SCHOOLS, Township, county_of, kinds, read_csv, rng, townships, unit_codes

PUBLIC = "public"
INCLUSIVE = "inclusive"
ORDINARY = "ordinary"
KINDERGARTEN = "111"
ATTACHED = "119"
TEACHING_POINT = "218"
PRIVATE = "999"
INDEPENDENT = 30
RECOGNISED = (
    dt.date(2018, 6, 15),
    None,
    dt.date(2020, 9, 1),
    dt.date(2017, 9, 1),
    dt.date(2019, 5, 20),
    dt.date(2016, 11, 8),
)
URBAN_RURAL = {"街道": ["111", "112"], "镇": ["121", "122", "220"], "乡": ["210", "220"]}


@dataclass
class School:
    """One row of a school list; `care` says how a kindergarten is meant: public, inclusive or ordinary."""

    code: str
    name: str
    unit: str
    township: Township
    kind: str
    sponsor: str
    urban_rural: str
    weight: float
    care: str = PUBLIC
    parent: School | None = None
    opened: int = 0
    flags: dict[int, bool | None] = field(default_factory=dict)
    since: dt.date | None = None

    @property
    def counted(self) -> bool:
        """Whether it counts as a school of its own."""
        return self.parent is None

    @property
    def figures_of(self) -> School:
        """The school under which its figures stand: itself, or the parent into which it is merged."""
        return self.parent or self

    @property
    def public(self) -> bool:
        """Whether its sponsor is public; local enterprises are not."""
        return self.sponsor not in {PRIVATE, "891"}

    def flag(self, year: int) -> bool | None:
        """What the list of a census says of its recognition as inclusive; None is an empty cell."""
        return self.flags[max(first for first in self.flags if first <= year)] if self.flags else None

    def inclusive(self, year: int) -> bool:
        """Whether a census counts it as an inclusive private kindergarten: recognised by 1 September."""
        return bool(self.flag(year)) and (self.since is None or self.since <= dt.date(year, 9, 1))

    def factor(self, scale: float) -> float:
        """How much smaller it is than usual because its unit has more of its kind than the scale asks for."""
        return min(1.0, scale * full_number(self.unit, self.kind) / number(self.unit, self.kind, scale))


def full_number(unit: str, column: str) -> int:
    """Schools of a kind in a unit at scale 1."""
    row = next(row for row in read_csv("schools") if row["unit_code"] == unit)
    return int(row[column])


def number(unit: str, kind: str, scale: float, column: str = "") -> int:
    """Schools of a kind in a unit at this scale: never less than the kind's minimum, if the unit has any."""
    full = full_number(unit, column or kind)
    return max(min(full, kinds()[kind].minimum), round(full * scale))


def make_schools(scale: float, seed: int) -> list[School]:
    """All schools of the ten units, parents before those that merge into them."""
    return [school for place, unit in enumerate(unit_codes()) for school in _unit_schools(unit, place, scale, seed)]


class _Founder:
    """Founds the schools of one unit: gives codes, names and places."""

    def __init__(self, unit: str, place: int, seed: int) -> None:
        self.unit, self.place, self.founded = unit, place, 0
        self.chance = rng(seed, "schools", unit)
        self.names: dict[tuple[str, str], int] = defaultdict(int)
        local = townships()[county_of(unit)]
        streets = tuple(t for t in local if t.kind == "街道")
        self.townships = streets if county_of(unit) != unit else tuple(t for t in local if t.kind != "林场")

    def found(self, kind: str, sponsor: str, care: str = PUBLIC, parent: School | None = None) -> School:
        """One more school of the unit, in the township of its parent if it has one."""
        self.founded += 1
        places = self.townships
        township = parent.township if parent else places[self.chance.integers(len(places))]
        word = kinds()[kind].word
        self.names[township.code, kind] += 1
        return School(
            code=f"{kinds()[kind].prefix}439{self.place}{self.founded:04d}",
            name=f"{township.name}样例第{self.names[township.code, kind]}{word}{self._mark()}",
            unit=self.unit,
            township=township,
            kind=kind,
            sponsor=sponsor,
            urban_rural=str(self.chance.choice(URBAN_RURAL[township.kind])),
            weight=float(np.exp(self.chance.normal(0, 0.35))),
            care=care,
            parent=parent,
        )

    def _mark(self) -> str:
        return {OWN_SCHOOLS: "（州直）", JISHOU: ""}.get(
            self.unit, "（经开区）" if self.unit != county_of(self.unit) else ""
        )


def _unit_schools(unit: str, place: int, scale: float, seed: int) -> list[School]:
    founder = _Founder(unit, place, seed)
    found = _kindergartens(founder, scale) + _schools(founder, scale)
    for kind in (TEACHING_POINT, ATTACHED):
        parents = [school for school in found if school.kind == "211" and school.public]
        found += [
            founder.found(kind, parents[i % len(parents)].sponsor, parent=parents[i % len(parents)])
            for i in range(number(unit, kind, scale) if parents else 0)
        ]
    for school in [school for school in found if school.kind == TEACHING_POINT][1::INDEPENDENT]:
        school.parent = None
    return found


def _schools(founder: _Founder, scale: float) -> list[School]:
    own = "821" if founder.unit == OWN_SCHOOLS else "831"
    found = []
    for kind in ("211", "311", "312", "341", "342", "345", "365", "514"):
        for i in range(number(founder.unit, kind, scale)):
            private = kind == "345" or (kind == "312" and i == 0 and founder.unit in {JISHOU, "433130"})
            found.append(founder.found(kind, PRIVATE if private else own))
    return found


def _kindergartens(founder: _Founder, scale: float) -> list[School]:
    found = []
    for care in (PUBLIC, INCLUSIVE, ORDINARY):
        for i in range(number(founder.unit, KINDERGARTEN, scale, f"{care}_kindergarten")):
            found.append(founder.found(KINDERGARTEN, _sponsor(founder, care, i), care))
    for care in (INCLUSIVE, ORDINARY):
        for i, school in enumerate(s for s in found if s.care == care):
            _recognise(school, i)
    publics = [school for school in found if school.care == PUBLIC]
    if len(publics) > 2 and founder.unit != "433126":
        publics[-1].opened = 2020
    return found


def _sponsor(founder: _Founder, care: str, i: int) -> str:
    if care == PUBLIC:
        return ("821" if founder.unit == OWN_SCHOOLS else "831") if i % 5 < 3 else ("892", "894")[i % 2]
    enterprise = founder.unit == OWN_SCHOOLS or (founder.unit == "433124" and care == INCLUSIVE and i == 0)
    return "891" if enterprise else PRIVATE


def _recognise(school: School, i: int) -> None:
    """Gives a private kindergarten its flag per census and the day of its recognition.

    Of the inclusive ones some have no day, some were recognised on the last day that counts. The first ordinary one of
    most units is recognised too late for the census of 2020; one of 433125 left the cell of 2019 empty.
    """
    if school.care == INCLUSIVE:
        school.since = RECOGNISED[(i + int(school.code[5])) % len(RECOGNISED)]
        year = school.since.year if school.since else 0
        school.flags = {0: False, year: True}
    elif i == 0 and school.unit not in {OWN_SCHOOLS, "433126"}:
        school.since = dt.date(2020, 10, 15)
        school.flags = {0: False, 2020: True}
    else:
        school.flags = {0: False} if (school.unit, i) != ("433125", 1) else {0: False, 2019: None, 2020: False}
