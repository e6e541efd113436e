"""Commitments held against indicators: one verdict per commitment and region, for the prefecture and its units.

Exact comparison is in `targets.py`, what is lacking in `gap.py`, wording for readers in `reports/scorecard_lines.py`;
the figures come from `indicators/`. School figures are not judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.plans.gap import Work, divided
from assets.plans.targets import MATURITIES, PERCENT, Figure, Judgement, hides_the_verdict, hold, trend
from expectations.plan import DIRECTIONS, Commitment, Plan
from expectations.regions import PREFECTURE

VERDICTS = pa.schema([
    ("commitment_id", pa.string()), ("year", pa.int32()), ("region_code", pa.string()), ("level", pa.string()),
    ("indicator_id", pa.string()), ("numerator", pa.decimal128(28, 4)), ("denominator", pa.decimal128(28, 4)),
    ("value", pa.float64()), ("target", pa.decimal128(28, 4)), ("comparison", pa.string()), ("verdict", pa.string()),
    ("maturity", pa.string()), ("gap", pa.int64()), ("gap_verb", pa.string()), ("gap_unit", pa.string()),
    ("gap_part", pa.int64()), ("value_before", pa.float64()), ("trend", pa.string()), ("worst_value", pa.float64()),
    ("worst_region_code", pa.string()), ("note_zh", pa.string()),
])  # fmt: skip
_NO_WAY = "差距不能折算成工作量。"
_AT_THE_END = {"rise": "上年已达100%，不能再升。", "fall": "上年已为0，不能再降。"}


@dataclass(frozen=True)
class Words:
    """What gaps and notes are worded with: by indicator the work that moves it and the noun of what it counts.

    And Chinese names by region or indicator.
    """

    nouns: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    works: Mapping[str, Work] = field(default_factory=dict)

    def name(self, code: str) -> str:
        """The Chinese name; the code itself where none is known."""
        return self.names.get(code, code)

    def work(self, judgement: Judgement, unit: str) -> Work:
        """The work declared for the judged indicator; else one more of what it counts, or one less if it is to fall.

        `unit` is that of the target, for an indicator whose noun is not known.
        """
        indicator = judgement.figure.indicator_id
        noun = self.nouns.get(indicator) or unit.strip(PERCENT)
        default = Work("减少", noun, -1) if judgement.is_to_fall else Work("增加", noun)
        return self.works.get(indicator, default)


@dataclass(frozen=True)
class Book:
    """The figures of a year that are judged, by indicator and region (prefecture and units)."""

    figures: Mapping[tuple[str, str], Figure]

    @classmethod
    def of(cls, table: pa.Table | None, year: int) -> Book:
        """The book of a year in an indicator table; empty where there is no table."""
        if table is None:
            return cls({})
        judged = pc.and_(pc.not_equal(table["level"], "school"), pc.equal(table["year"], year))
        rows = table.filter(judged).to_pylist()
        return cls({(row["indicator_id"], row["region_code"]): _figure(row) for row in rows})

    def figure(self, indicator_id: str, region_code: str) -> Figure:
        """The figure; one without data where the book has none."""
        return self.figures.get((indicator_id, region_code), Figure(indicator_id))

    def units(self, indicators: tuple[str, ...]) -> list[str]:
        """The units that have a row of one of the indicators, ascending."""
        return sorted({region for indicator, region in self.figures if indicator in indicators} - {PREFECTURE})


@dataclass(frozen=True)
class Bench:
    """What the commitments of a year are judged with."""

    year: int
    as_of: date
    current: Book
    before: Book
    words: Words


def as_of_default(year: int, last_received: date | None) -> date:
    """The day as of which a year is judged unless told otherwise: its last, or that of a later last submission."""
    return max(date(year, 12, 31), last_received or date.min)


def judge_commitments(
    plan: Plan,
    figures: pa.Table,
    year: int,
    as_of: date,
    previous_figures: pa.Table | None = None,
    words: Words | None = None,
) -> pa.Table:
    """Verdicts (schema VERDICTS), one row per commitment and region, in the order of the plan.

    Always for the prefecture; where the scope names `county`, also for each unit of which the figures have a row.
    `gap` counts units of work: 0 where the commitment is met, empty where there is no data or no work that closes it.
    `gap_part` is what a unit contributes to the prefecture's gap; in the prefecture's row, what no unit can carry.
    """
    bench = Bench(year, as_of, Book.of(figures, year), Book.of(previous_figures, year - 1), words or Words())
    rows = [row for commitment in plan.commitments for row in _rows(bench, commitment)]
    return pa.Table.from_pylist(rows, schema=VERDICTS)


def verdict_of(judgement: Judgement | None, deadline: date, as_of: date) -> str:
    """The verdict: not reached is `on_track` before the day of the deadline, from that day on `missed`."""
    if judgement is None:
        return "no_data"
    if judgement.is_kept:
        return "met"
    return "on_track" if as_of < deadline else "missed"


def _rows(bench: Bench, commitment: Commitment) -> Iterator[dict[str, Any]]:
    units = bench.current.units(commitment.indicator) if "county" in commitment.scope else []
    judged = {region: _judge(bench, commitment, region) for region in (PREFECTURE, *units)}
    parts = _parts(bench, commitment, judged)
    for region, judgement in judged.items():
        row = _row(bench, commitment, region, judgement) | _worst(bench, commitment, region, judged)
        yield row | {"gap_part": parts.get(region)}


def _judge(bench: Bench, commitment: Commitment, region: str) -> Judgement | None:
    """The worst of the commitment's figures in the region; None when none can be held against a goal."""
    held = [_held(bench, commitment, indicator, region) for indicator in commitment.indicator]
    return min((each for each in held if each), key=lambda each: each.margin, default=None)


def _maturity(bench: Bench, commitment: Commitment, region: str) -> str:
    """The lowest of the commitment's figures; provisional when one term had to be judged without the other."""
    held = [_held(bench, commitment, indicator, region) for indicator in commitment.indicator]
    found = [each.maturity for each in held if each]
    if found and len(found) < len(held):
        return MATURITIES[0]
    blank = (bench.current.figure(indicator, region).maturity for indicator in commitment.indicator)
    return min(found or blank, key=MATURITIES.index)


def _held(bench: Bench, commitment: Commitment, indicator: str, region: str) -> Judgement | None:
    """The figure against the target, or against the same region's figure of the year before.

    Figures of two years that lack different units are not compared: seven counties never rise above eight.
    """
    figure = bench.current.figure(indicator, region)
    if commitment.target is not None:
        return hold(figure, commitment.comparison, _exact(commitment.target))
    earlier = bench.before.figure(indicator, region)
    if not _same_units(figure, earlier):
        return None
    return hold(figure, commitment.comparison, earlier.ratio, earlier.maturity)


def _same_units(figure: Figure, earlier: Figure) -> bool:
    return set(figure.missing_units) == set(earlier.missing_units)


def _row(bench: Bench, commitment: Commitment, region: str, judgement: Judgement | None) -> dict[str, Any]:
    figure = judgement.figure if judgement else bench.current.figure(commitment.indicator[0], region)
    earlier = bench.before.figure(figure.indicator_id, region)
    row = {
        "commitment_id": commitment.id, "year": bench.year, "region_code": region,
        "level": "prefecture" if region == PREFECTURE else "county", "indicator_id": figure.indicator_id,
        "numerator": figure.numerator, "denominator": figure.denominator, "value": _float(figure.ratio),
        "target": commitment.target, "comparison": commitment.comparison,
        "verdict": verdict_of(judgement, commitment.deadline, bench.as_of),
        "maturity": _maturity(bench, commitment, region), "value_before": _float(earlier.ratio),
        "trend": trend(figure, earlier, commitment.comparison, _exact(commitment.target))
        if _same_units(figure, earlier) else None,
        "note_zh": "".join(_notes(bench, commitment, region, judgement)),
    }  # fmt: skip
    gap = _gap(bench, commitment, judgement)
    if gap is not None and judgement:
        work = bench.words.work(judgement, commitment.unit)
        row |= {"gap": gap, "gap_verb": work.verb_zh, "gap_unit": work.noun_zh}
    return row


def _float(ratio: Fraction | None) -> float | None:
    return None if ratio is None else float(ratio)


def _exact(target: Decimal | None) -> Fraction | None:
    return None if target is None else Fraction(target)


def _gap(bench: Bench, commitment: Commitment, judgement: Judgement | None, work: Work | None = None) -> int | None:
    """What is lacking in units of the work (default: the indicator's own); None where no work closes it."""
    if judgement is None or _is_at_its_end(commitment, judgement):
        return None
    return judgement.gap(work or bench.words.work(judgement, commitment.unit))


def _is_at_its_end(commitment: Commitment, judgement: Judgement) -> bool:
    """Whether a share that is to rise was whole, or a figure that is to fall was 0, the year before."""
    end = {"rise": 1 if commitment.unit == PERCENT else None, "fall": 0}
    is_end = commitment.comparison in end and judgement.goal == end[commitment.comparison]
    return is_end and not judgement.is_kept


def _parts(bench: Bench, commitment: Commitment, judged: Mapping[str, Judgement | None]) -> dict[str, int | None]:
    """The prefecture's gap by unit, and under its own code what no unit can carry; empty where there is none to divide.

    A unit lacks what it lacks itself of the same indicator, in the same work.
    """
    whole = judged[PREFECTURE]
    gap = _gap(bench, commitment, whole)
    if whole is None or gap is None or len(judged) == 1:
        return {}
    work = bench.words.work(whole, commitment.unit)
    own = {unit: _held(bench, commitment, whole.figure.indicator_id, unit) for unit in judged if unit != PREFECTURE}
    parts = divided(gap, {unit: _gap(bench, commitment, judgement, work) for unit, judgement in own.items()})
    return {PREFECTURE: gap - sum(part or 0 for part in parts.values()), **parts}


def _worst(bench: Bench, commitment: Commitment, region: str, judged: Mapping[str, Judgement | None]) -> dict[str, Any]:
    """What stands beside the verdict: the extreme that the plan names and where it is, else the unit furthest off."""
    if commitment.worst:
        extreme = bench.current.figure(commitment.worst, region).ratio
        places = bench.current.units((commitment.worst,)) if region == PREFECTURE else [region]
        at = next((unit for unit in places if bench.current.figure(commitment.worst, unit).ratio == extreme), None)
    else:
        at = _furthest_off(judged) if region == PREFECTURE else None
        worst = judged[at] if at else None
        extreme = worst.figure.ratio if worst else None
    return {} if extreme is None else {"worst_value": float(extreme), "worst_region_code": at}


def _furthest_off(judged: Mapping[str, Judgement | None]) -> str | None:
    """The unit whose figure is worst (the lowest code of several); None when all are alike."""
    margins = {unit: judgement.margin for unit, judgement in judged.items() if judgement and unit != PREFECTURE}
    return min(margins, key=lambda unit: (margins[unit], unit)) if len(set(margins.values())) > 1 else None


def _notes(bench: Bench, commitment: Commitment, region: str, judgement: Judgement | None) -> Iterator[str]:
    """Chinese sentences that a reader of this verdict needs, each once."""
    terms = [bench.current.figure(indicator, region) for indicator in commitment.indicator]
    blank = [bench.words.name(term.indicator_id) for term in terms if term.ratio is None]
    if blank and judgement:
        yield f"{'、'.join(blank)}无数据，按其余的判定。"
    if commitment.comparison in DIRECTIONS and not blank and judgement is None:
        earlier = bench.before.figure(commitment.indicator[0], region)
        yield "没有上年数据，无法比较。" if earlier.ratio is None else "与上年缺的单位不同，无法比较。"
    if judgement and _gap(bench, commitment, judgement) is None:
        yield _AT_THE_END[commitment.comparison] if _is_at_its_end(commitment, judgement) else _NO_WAY
    if missing := dict.fromkeys(unit for term in terms for unit in term.missing_units):
        yield f"缺{'、'.join(map(bench.words.name, missing))}的数据。"
    if region == PREFECTURE and (units := _provisional(bench, commitment, missing)):
        yield f"{'、'.join(map(bench.words.name, units))}的数是初报。"
    if unknown := sum(term.unknown_count for term in terms):
        yield f"有{unknown}项未填，不计在内。"
    if judgement and hides_the_verdict(judgement, commitment.unit):
        yield "显示值经四舍五入，判定按未舍入的数。"


def _provisional(bench: Bench, commitment: Commitment, missing: Collection[str]) -> list[str]:
    """The units whose own figure is provisional, but for those that are missing: why the prefecture's is."""
    told = {
        unit for indicator in commitment.indicator for unit in bench.current.units((indicator,))
        if bench.current.figure(indicator, unit).maturity == MATURITIES[0]
    }  # fmt: skip
    return sorted(told - set(missing))


def _figure(row: Mapping[str, Any]) -> Figure:
    missing = (row["missing_units"] or "").split(",")
    return Figure(
        row["indicator_id"], row["numerator"], row["denominator"], row["maturity"], row["unknown_count"] or 0,
        tuple(filter(None, missing)),
    )  # fmt: skip
