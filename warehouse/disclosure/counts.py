"""The counts of a year, drawn as a picture of figures and sums: as everybody sees it, and as analysts do.

Everybody sees pupils and girls by stage, payments by term and project, and the values of public indicators, by
reporting unit and prefecture. Analysts see these, profiles of units, and both sides of every indicator. Boys, staff
who do not teach, and those of a denominator who are not counted follow and are protected as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from warehouse.analyst.profiles import STAGES
from warehouse.disclosure.listing import listed, money_of, outside
from warehouse.disclosure.system import Key, Number, Picture, Sum
from warehouse.schema.public import ALL

Counts = dict[Key, Number]
Keys = tuple[Key, ...]


@dataclass(frozen=True)
class Tallies:
    """The counts of a year as the facts tell them, by unit, and the figures of units and prefecture."""

    prefecture: str
    enrolment: Mapping[tuple[str, str], tuple[int | None, int | None]] = field(default_factory=dict)
    """Pupils and girls by unit and stage."""
    aid: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """Payments by unit, term and project."""
    paid: Mapping[str, int] = field(default_factory=dict)
    """Money paid by unit, in 分."""
    staff: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    """Staff and teachers by unit."""
    figures: Mapping[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    """Numerator and denominator by indicator and region, of those that count persons or money of persons."""


_DERIVED = {"boys", "others"}


@dataclass(frozen=True)
class _Told:
    """What a figure tells, and the counts of persons that it rests on."""

    tells: Keys
    persons: Keys


def is_guarded(indicator_id: str) -> bool:
    """Whether figures of the indicator can be withheld: it counts persons, or money of persons who are counted."""
    return listed(indicator_id).kind != "things" or money_of(indicator_id) is not None


def picture_of(tallies: Tallies) -> Picture:
    """What everybody sees of a year; which figures are shown is not decided in it."""
    public = {name: sides for name, sides in tallies.figures.items() if listed(name[0]).readers == "public"}
    tallies = replace(tallies, figures=public, paid={}, staff={})
    counts = _counts(tallies)
    figures = _public_figures(tallies, counts)
    return _picture(counts, figures, _sums(counts, tallies.prefecture))


def analysts_picture_of(tallies: Tallies, told_to_all: frozenset[Key]) -> Picture:
    """What analysts see of a year, beside the figures that are told to everybody; what these withhold is protected."""
    counts = _counts(tallies)
    public = _public_figures(tallies, counts)
    given = {name: told for name, told in public.items() if name in told_to_all}
    own = {**dict(_profiles(counts)), **dict(_indicators(tallies, counts))}
    never = frozenset(name for name in own if _is_of_prefecture(name) and name[-1] != tallies.prefecture)
    picture = _picture(counts, {**own, **given}, (*_sums(counts, tallies.prefecture), *_sums_of_staff(counts)))
    withheld = {key: None for name, told in public.items() if name not in given for key in told.tells}
    return replace(picture, given=frozenset(given), sensitive=never, derived=(*picture.derived, *withheld))


def _is_of_prefecture(name: Key) -> bool:
    return name[0] == "indicator" and listed(name[1]).readers == "prefecture"


def _picture(counts: Counts, figures: Mapping[Key, _Told], sums: Iterable[Sum]) -> Picture:
    inner = dict(_inner(counts))
    counts |= {parts[1]: counts[total] - counts[parts[0]] for total, parts in inner.values()}
    return Picture(
        counts, {name: told.tells for name, told in figures.items()}, (*sums, *inner.values()),
        resting={name: told.persons for name, told in figures.items() if told.persons != told.tells},
        derived=tuple(key for key in counts if key[0] == "beyond" or key[1] in _DERIVED),
    )  # fmt: skip


def _counts(tallies: Tallies) -> Counts:
    counts: Counts = {}
    for place, count in (*_pupils(tallies), *_payments(tallies)):
        for key in _with_totals(place, tallies.prefecture):
            counts[key] = counts.get(key, 0) + count
    for term, project, region in [key[1:] for key in counts if key[0] == "pub_aid"]:
        if project == ALL:
            counts["pub_aid", ALL, ALL, region] = (
                counts.get(("pub_aid", ALL, ALL, region), 0) + counts["pub_aid", term, ALL, region]
            )
    counts |= {("paid", unit): amount for unit, amount in tallies.paid.items()}
    return counts | dict(_employed(tallies)) | dict(_sides(tallies))


def _pupils(tallies: Tallies) -> Iterator[tuple[Key, int]]:
    for (unit, stage), (pupils, girls) in tallies.enrolment.items():
        if pupils is not None:
            yield ("pub_enrolment", "pupils", stage, unit), pupils
        if girls is not None:
            yield ("pub_enrolment", "girls", stage, unit), girls
        if pupils is not None and girls is not None and pupils >= girls:
            yield ("pub_enrolment", "boys", stage, unit), pupils - girls


def _payments(tallies: Tallies) -> Iterator[tuple[Key, int]]:
    return ((("pub_aid", term, project, unit), n) for (unit, term, project), n in tallies.aid.items())


def _with_totals(key: Key, prefecture: str) -> Iterable[Key]:
    *head, item, unit = key
    return ((*head, each, region) for each in (item, ALL) for region in (unit, prefecture))


def _employed(tallies: Tallies) -> Iterator[tuple[Key, int]]:
    for unit, (staff, teachers) in tallies.staff.items():
        told = {"staff": staff, "teachers": teachers}
        if staff is not None and teachers is not None and staff >= teachers:
            told["others"] = staff - teachers
        yield from ((("staff", name, unit), count) for name, count in told.items() if count is not None)


def _sides(tallies: Tallies) -> Iterator[tuple[Key, Number]]:
    """Both sides of each indicator, and the rest of a part; persons as such, whatever the indicator multiplies by."""
    for (indicator, region), (numerator, denominator) in tallies.figures.items():
        told, sides = listed(indicator), {"numerator": numerator, "denominator": denominator}
        if numerator is not None:
            sides["numerator"] = Decimal(numerator) / told.times
        if told.kind == "part" and None not in (numerator, denominator):
            sides["rest"] = max(denominator - numerator, Decimal(0))
        yield from (
            (("indicator", indicator, side, region), _whole(count))
            for side, count in sides.items()
            if count is not None
        )


def _whole(count: Any) -> Number:
    return int(count) if count == int(count) else Decimal(count)


def _public_figures(tallies: Tallies, counts: Counts) -> dict[Key, _Told]:
    """What each public figure tells: of something over persons the number of these, by which it is a whole one."""
    figures = {key: _Told((key,), (key,)) for key in counts if _is_public_count(key)}
    for indicator, region in tallies.figures:
        if listed(indicator).readers == "public":
            told = _told(indicator, region, counts)
            is_per = listed(indicator).kind == "per"
            figures["pub_indicator", indicator, region] = _Told(told.persons, told.persons) if is_per else told
    return figures


def _is_public_count(key: Key) -> bool:
    return key[0] in {"pub_enrolment", "pub_aid"} and key[1] not in {"boys", ALL}


def _indicators(tallies: Tallies, counts: Counts) -> Iterator[tuple[Key, _Told]]:
    for indicator, region in tallies.figures:
        yield ("indicator", indicator, region), _told(indicator, region, counts)


def _told(indicator: str, region: str, counts: Counts) -> _Told:
    """What both sides of an indicator tell, and whose counts they rest on."""
    tells = _keys(indicator, region, counts)
    persons = money_of(indicator)
    if persons is not None:
        return _Told(tells, _keys(persons, region, counts))
    is_per = listed(indicator).kind == "per"
    return _Told(tells, tuple(key for key in tells if key[2] == "denominator") if is_per else tells)


def _keys(indicator: str, region: str, counts: Counts) -> Keys:
    sides = (("indicator", indicator, side, region) for side in ("numerator", "denominator", "rest"))
    return tuple(key for key in sides if key in counts)


def _profiles(counts: Counts) -> Iterator[tuple[Key, _Told]]:
    """What the profiles of units tell, by column."""
    units = dict.fromkeys(key[-1] for key in counts if key[0] in {"pub_enrolment", "pub_aid", "staff"})
    for unit in units:
        told: dict[str, Key] = {"pupils": ("pub_enrolment", "pupils", ALL, unit)}
        told |= {f"pupils_{name}": ("pub_enrolment", "pupils", stage, unit) for name, stage in STAGES.items()}
        told |= {name: ("staff", name, unit) for name in ("staff", "teachers")}
        told |= {"payments": ("pub_aid", ALL, ALL, unit)}
        yield from ((("profile", name, unit), _Told((key,), (key,))) for name, key in told.items() if key in counts)
        if ("paid", unit) in counts:
            persons = tuple(key for key in [told["payments"]] if key in counts)
            yield ("profile", "amount_paid", unit), _Told((("paid", unit),), persons)


def _sums(counts: Counts, prefecture: str) -> Iterator[Sum]:
    """The sums over units, over stages, projects and terms, of both sexes, and of a denominator's two sides."""
    by_thing, by_place = defaultdict[Key, list[Key]](list), defaultdict[Key, list[Key]](list)
    for key in counts:
        by_thing[key[:-1]].append(key)
        by_place[*key[:-2], key[-1]].append(key)
    for key in counts:
        *head, item, region = key
        if region == prefecture:
            yield key, tuple(each for each in by_thing[key[:-1]] if each != key)
        if item == ALL:
            yield key, tuple(each for each in by_place[*head, region] if each != key)
        if key[:3] == ("pub_aid", ALL, ALL):
            yield key, tuple(each for each in counts if each[0] == key[0] and each[2:] == key[2:] and each != key)
        if key[:2] == ("pub_enrolment", "pupils"):
            yield key, tuple((key[0], measure, *key[2:]) for measure in ("girls", "boys"))
        if key[0] == "indicator" and key[2] == "denominator":
            yield key, tuple((*key[:2], side, key[3]) for side in ("numerator", "rest"))


def _sums_of_staff(counts: Counts) -> Iterator[Sum]:
    """Staff are teachers and others, and teachers those of all stages, as far as an indicator tells these."""
    by_stage = defaultdict[str, list[Key]](list)
    for key in counts:
        if key[0] == "indicator" and key[1].startswith("pupil_teacher_ratio_") and key[2] == "denominator":
            by_stage[key[-1]].append(key)
    for key in counts:
        if key[:2] == ("staff", "staff"):
            yield key, tuple(("staff", name, key[-1]) for name in ("teachers", "others"))
        if key[:2] == ("staff", "teachers"):
            yield key, tuple(by_stage[key[-1]])


def _inner(counts: Counts) -> Iterator[tuple[Key, Sum]]:
    """The counts that lie within others: these are the sum of them and of what is beyond."""
    for key in counts:
        for indicator, side in outside((key[1], key[2])) if key[0] == "indicator" else ():
            total = ("indicator", indicator, side, key[-1])
            if total in counts and counts[total] >= counts[key]:
                beyond = ("beyond", *key[1:3], indicator, side, key[-1])
                yield beyond, (total, (key, beyond))
