"""Verdicts as lines for readers, whatever shows them: terminal, JSON, CSV or the scorecard page.

Judging is done in `assets/scorecard.py`; nothing is computed anew here.
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

from assets.targets import Figure, figure_text, number_text, share_text
from expectations.plan import Commitment, Plan
from expectations.regions import PREFECTURE

VERDICTS_ZH: Mapping[str, str] = {"missed": "未达标", "no_data": "无数据", "on_track": "推进中", "met": "达标"}
"""Chinese words of the verdicts, in the order in which readers want to see them."""
MATURITIES_ZH: Mapping[str, str] = {"provisional": "初报", "confirmed": "核定", "final": "终定"}
SIGNS: Mapping[str, str] = {"ge": "≥", "le": "≤", "eq": "="}
DIRECTIONS_ZH: Mapping[str, str] = {"rise": "比上年上升", "fall": "比上年下降"}


@dataclass(frozen=True)
class ScorecardLine:
    """One commitment in one region, every field as text to be shown (`""`: nothing to say)."""

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
    gap: str
    worst: str
    note_zh: str


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


def verdict_figure(row: Mapping[str, Any]) -> str:
    """The figure of a verdict row: a share with two decimals, a count as it is, — for no data."""
    return figure_text(Figure(row["indicator_id"], row["numerator"], row["denominator"]))


def _line(commitment: Commitment, row: Mapping[str, Any], names: Mapping[str, str]) -> ScorecardLine:
    return ScorecardLine(
        article=commitment.article, commitment_id=commitment.id,
        name_zh=commitment.name_zh, name_en=commitment.name_en,
        target=target_text(commitment), figure=verdict_figure(row),
        verdict=row["verdict"], verdict_zh=VERDICTS_ZH[row["verdict"]],
        maturity=row["maturity"], maturity_zh=MATURITIES_ZH[row["maturity"]],
        gap=f"{row['gap']}{row['gap_unit']}" if row["gap"] else "",
        worst=_worst_text(commitment, row, names), note_zh=row["note_zh"],
    )  # fmt: skip


def _worst_text(commitment: Commitment, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The worst beside the verdict and where it is: a number for a named extreme or a count, else a share."""
    value, place = row["worst_value"], row["worst_region_code"]
    if value is None:
        return ""
    is_number = commitment.worst is not None or row["denominator"] is None
    shown = number_text(Decimal(str(value))) if is_number else share_text(Fraction(str(value)))
    return f"{names.get(place, place)} {shown}" if place else shown
