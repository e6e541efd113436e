"""The scorecard (记分卡) as one HTML file that needs nothing beside it: no network, no script, fit for paper.

Its layout is `scorecard.html`; the lines come from `scorecard_lines.py`. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import pyarrow as pa

from assets.reports.scorecard_lines import VERDICTS_ZH, Scorecard, ScorecardLine, scorecard_lines, verdict_figure
from assets.scorecard import Book
from assets.targets import figure_text
from expectations.plan import Commitment, Plan
from expectations.regions import PREFECTURE

MARKS: Mapping[str, str] = {"missed": "✗", "no_data": "－", "on_track": "…", "met": "✓"}
"""What stands for a verdict beside its colour, so that neither colour vision nor a colour printer is needed."""
LOCAL_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class ReleaseInfo:
    """The release that the page shows: its id, moment and code version, and the day as of which it judges."""

    release_id: str
    published_at: datetime
    code_version: str
    as_of: date


@dataclass(frozen=True)
class PageRow:
    """One commitment of the first table: its line, who answers for it, its figures by term, its bar in percent."""

    line: ScorecardLine
    office: str
    parts: tuple[str, ...]
    bar: tuple[float, float] | None


@dataclass(frozen=True)
class Cell:
    """One commitment in one unit; `verdict` is empty where the unit has no such figure."""

    verdict: str
    mark: str
    figure: str
    hint: str


@dataclass(frozen=True)
class Matrix:
    """Commitments by units: the units' names, a row of cells per commitment, and the units' counts of met."""

    units: tuple[str, ...]
    rows: tuple[tuple[ScorecardLine, tuple[Cell, ...]], ...]
    met: tuple[str, ...]


def scorecard_page(
    plan: Plan, verdicts: pa.Table, figures: pa.Table, names: Mapping[str, str], release: ReleaseInfo
) -> str:
    """The page of a plan year as HTML text; `names` tells regions and indicators in Chinese.

    Every text is escaped. Figures are those that the verdicts judged; `figures` adds each term of those with two.
    """
    card = scorecard_lines(plan, verdicts, names)
    rows = {row["commitment_id"]: row for row in verdicts.to_pylist() if row["region_code"] == PREFECTURE}
    book = Book.of(figures, plan.year)
    by_id = {commitment.id: commitment for commitment in plan.commitments}
    return _template().render(
        plan=plan, card=card, release=release, published=release.published_at.astimezone(LOCAL_TIME),
        rows=[_page_row(line, by_id[line.commitment_id], rows, book, names) for line in card.lines],
        matrix=_matrix(plan, verdicts, card, names), missing=_missing(plan, card, book, names),
        verdicts_zh=VERDICTS_ZH, marks=MARKS,
    )  # fmt: skip


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("scorecard.html")


def _page_row(
    line: ScorecardLine, commitment: Commitment, rows: Mapping[str, Any], book: Book, names: Mapping[str, str]
) -> PageRow:
    terms = [book.figure(indicator, PREFECTURE) for indicator in commitment.indicator]
    parts = [f"{names.get(term.indicator_id, term.indicator_id)} {figure_text(term)}" for term in terms]
    return PageRow(line, commitment.office, tuple(parts) if len(parts) > 1 else (), _bar(rows[line.commitment_id]))


def _bar(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Figure and target of a share on a scale of 0 to 100; None for counts, directions and what has no data."""
    if row["value"] is None or row["denominator"] is None or row["target"] is None:
        return None
    return min(100.0, 100 * row["value"]), 100 * float(row["target"])


def _matrix(plan: Plan, verdicts: pa.Table, card: Scorecard, names: Mapping[str, str]) -> Matrix:
    rows = {(row["commitment_id"], row["region_code"]): row for row in verdicts.to_pylist()}
    units = sorted({region for _, region in rows} - {PREFECTURE})
    judged = {commitment for commitment, region in rows if region != PREFECTURE}
    lines = {line.commitment_id: line for line in card.lines}
    table = tuple(
        (lines[each.id], tuple(_cell(rows.get((each.id, unit)), names.get(unit, unit)) for unit in units))
        for each in plan.commitments
        if each.id in judged & lines.keys()
    )
    return Matrix(tuple(names.get(unit, unit) for unit in units), table, tuple(_met(table)))


def _met(table: tuple[tuple[ScorecardLine, tuple[Cell, ...]], ...]) -> Iterator[str]:
    """Per unit how many commitments it meets of those that are judged there."""
    for cells in zip(*(cells for _, cells in table), strict=True):
        judged = [cell.verdict for cell in cells if cell.verdict not in {"", "no_data"}]
        yield f"{judged.count('met')}/{len(judged)}"


def _missing(plan: Plan, card: Scorecard, book: Book, names: Mapping[str, str]) -> dict[str, tuple[ScorecardLine, ...]]:
    """The commitments whose figures lack a unit, by the unit's name."""
    lines = {line.commitment_id: line for line in card.lines}
    found: dict[str, dict[str, ScorecardLine]] = {}
    for each in plan.commitments:
        for indicator in each.indicator:
            for unit in book.figure(indicator, PREFECTURE).missing_units:
                found.setdefault(unit, {})[each.id] = lines[each.id]
    return {names.get(unit, unit): tuple(found[unit].values()) for unit in sorted(found)}


def _cell(row: Mapping[str, Any] | None, unit: str) -> Cell:
    if row is None:
        return Cell("", "", "", f"{unit}：不适用")
    verdict, gap = row["verdict"], f"，差 {row['gap']}{row['gap_unit']}" if row["gap"] else ""
    return Cell(verdict, MARKS[verdict], verdict_figure(row), f"{unit}：{VERDICTS_ZH[verdict]}{gap}。{row['note_zh']}")
