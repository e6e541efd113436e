"""Verdicts as lines for readers, whatever shows them: terminal, JSON, CSV or the scorecard page.

Judging is done in `assets/plans/scorecard.py`; nothing is computed anew here.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from assets.plans.gap import work_text
from assets.plans.targets import PERCENT, Figure, figure_text, number_text, ratio_text
from expectations.plan import Commitment, Plan
from expectations.regions import PREFECTURE
from warehouse.words import TRENDS

VERDICTS_ZH: Mapping[str, str] = {"missed": "未达标", "no_data": "无数据", "on_track": "推进中", "met": "达标"}
"""Chinese words of the verdicts, in the order in which readers want to see them."""
MATURITIES_ZH: Mapping[str, str] = {"provisional": "初报", "confirmed": "核定", "final": "终定"}
SIGNS: Mapping[str, str] = {"ge": "≥", "le": "≤", "eq": "="}
DIRECTIONS_ZH: Mapping[str, str] = {"rise": "比上年上升", "fall": "比上年下降"}
ARROWS: Mapping[str, str] = {"better": "↑", "worse": "↓", "same": "→"}


@dataclass(frozen=True)
class ScorecardLine:
    """One commitment in one region, every field as text to be shown (`""`: nothing to say).

    `gap` and `gap_part` tell work to be done: for the region to reach the target, and for the prefecture to do so; the
    prefecture's own part is what no unit can carry. `before` is the figure of the year before.
    """

    article: int
    commitment_id: str
    name_zh: str
    name_en: str
    target: str
    figure: str
    verdict: str
    verdict_zh: str
    maturity: str
    maturity_zh: str
    before: str
    trend: str
    trend_zh: str
    gap: str
    gap_part: str
    worst: str
    note_zh: str

    @property
    def arrow(self) -> str:
        """↑ for better than the year before, ↓ for worse, → for the same; empty where that is not known."""
        return ARROWS.get(self.trend, "")


@dataclass(frozen=True)
class Scorecard:
    """The lines of a region, what needs attention first, and how many there are of each verdict."""

    lines: tuple[ScorecardLine, ...]
    counts: Mapping[str, int]

    @property
    def summary(self) -> str:
        """One Chinese line that counts the verdicts."""
        told = "，".join(f"{VERDICTS_ZH[verdict]} {count}" for verdict, count in self.counts.items())
        return f"共 {len(self.lines)} 项：{told}"


def scorecard_lines(
    plan: Plan, verdicts: pa.Table, names: Mapping[str, str], region_code: str = PREFECTURE
) -> Scorecard:
    """The scorecard of a region: missed first, then without data, on track, met; by article within.

    `names` tells regions in Chinese. Verdicts on commitments that the plan does not hold are left out.
    """
    rows = {row["commitment_id"]: row for row in verdicts.to_pylist() if row["region_code"] == region_code}
    lines = [_line(each, rows[each.id], names) for each in plan.commitments if each.id in rows]
    order = list(VERDICTS_ZH)
    lines.sort(key=lambda line: (order.index(line.verdict), line.article, line.commitment_id))
    counted = Counter(line.verdict for line in lines)
    return Scorecard(tuple(lines), {verdict: counted[verdict] for verdict in ("met", "missed", "no_data", "on_track")})


def scorecard_json(card: Scorecard) -> str:
    """The scorecard as JSON: `lines` and `counts`."""
    return json.dumps({"lines": [asdict(line) for line in card.lines], "counts": card.counts}, ensure_ascii=False)


def scorecard_csv(card: Scorecard) -> str:
    """The lines as CSV with a header row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(ScorecardLine)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(line) for line in card.lines)
    return text.getvalue()


def target_text(commitment: Commitment) -> str:
    """What is promised, e.g. ≥50%, ≤15%, ≥9所, =0班, 比上年上升."""
    if commitment.value is None:
        return DIRECTIONS_ZH[commitment.comparison]
    return f"{SIGNS[commitment.comparison]}{number_text(commitment.value)}{commitment.unit}"


def verdict_figure(commitment: Commitment, row: Mapping[str, Any]) -> str:
    """The figure of a verdict row: a ratio with two decimals in its unit, a count as it is, — for no data."""
    return figure_text(Figure(row["indicator_id"], row["numerator"], row["denominator"]), commitment.unit)


def to_do(row: Mapping[str, Any], units: int | None) -> str:
    """So many units of a verdict row's work: 需拆分 3 个大班; empty where there is nothing to do or to tell."""
    return work_text(row["gap_verb"], units, row["gap_unit"]) if units and row["gap_verb"] else ""


def _line(commitment: Commitment, row: Mapping[str, Any], names: Mapping[str, str]) -> ScorecardLine:
    is_count = row["numerator"] is not None and row["denominator"] is None
    trend = row["trend"] or ""
    return ScorecardLine(
        article=commitment.article, commitment_id=commitment.id,
        name_zh=commitment.name_zh, name_en=commitment.name_en,
        target=target_text(commitment), figure=verdict_figure(commitment, row),
        verdict=row["verdict"], verdict_zh=VERDICTS_ZH[row["verdict"]],
        maturity=row["maturity"], maturity_zh=MATURITIES_ZH[row["maturity"]],
        before=_value_text(row["value_before"], commitment.unit, is_count), trend=trend,
        trend_zh=TRENDS.get(trend, ""), gap=to_do(row, row["gap"]), gap_part=to_do(row, row["gap_part"]),
        worst=_worst_text(commitment, row, names), note_zh=row["note_zh"],
    )  # fmt: skip


def _value_text(value: float | None, unit: str, is_number: bool) -> str:
    """A value of which the parts are not told, as figures are shown."""
    if value is None:
        return ""
    if is_number or (unit != PERCENT and value == int(value)):
        return number_text(Decimal(str(value)))
    return ratio_text(Fraction(str(value)), unit)


def _worst_text(commitment: Commitment, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The worst beside the verdict and where it is: a number for a named extreme or a count, else a ratio."""
    place = row["worst_region_code"]
    is_number = commitment.worst is not None or row["denominator"] is None
    shown = _value_text(row["worst_value"], commitment.unit, is_number)
    return f"{names.get(place, place)} {shown}" if place and shown else shown
