"""The scorecard (记分卡) as one HTML file that needs nothing beside it: no network, fit for paper.

Its layout is `scorecard.html`, what its filters do `scorecard.js`, both put into the one file; without the script every
line is shown. The lines come from `scorecard_lines.py`. Nothing is judged here.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import pyarrow as pa

from assets.plans.scorecard import Book
from assets.plans.targets import PERCENT, figure_text
from assets.reports.scorecard_lines import VERDICTS_ZH, ScorecardLine, scorecard_lines, to_do, verdict_figure
from expectations.plan import Commitment, Plan
from expectations.regions import PREFECTURE

MARKS: Mapping[str, str] = {"missed": "✗", "no_data": "－", "on_track": "…", "met": "✓"}
"""What stands for a verdict beside its colour, so that neither colour vision nor a colour printer is needed."""
LOCAL_TIME = ZoneInfo("Asia/Shanghai")
FOLDER = Path(__file__).parent

Rows = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class ReleaseInfo:
    """The release that the page shows: its id, moment and code version, and the day as of which it judges.

    `moved` says in brief which of the year's figures differ from the release before, and why; empty: none.
    """

    release_id: str
    published_at: datetime
    code_version: str
    as_of: date
    moved: str = ""


@dataclass(frozen=True)
class Cell:
    """One commitment in one unit; `verdict` is empty where the unit has no such figure.

    `to_do` is its part of the prefecture's gap, or what it lacks itself where the prefecture lacks nothing.
    """

    unit_code: str
    unit: str
    verdict: str = ""
    figure: str = ""
    label: str = ""
    to_do: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class PageRow:
    """One commitment: its line, who answers for it, its figures by term, its bar in percent, and its units."""

    line: ScorecardLine
    office: str
    parts: tuple[str, ...]
    bar: tuple[float, float] | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """The commitments of one article, what needs attention first, and how many there are of each verdict."""

    article: int
    rows: tuple[PageRow, ...]
    counts: Mapping[str, int]

    @property
    def offices(self) -> str:
        """Who answers for them, each once."""
        return "、".join(dict.fromkeys(row.office for row in self.rows if row.office))


@dataclass(frozen=True)
class UnitRow:
    """One unit: how many of the commitments that are judged there have each verdict."""

    code: str
    name: str
    counts: Mapping[str, int]

    @property
    def met_of_judged(self) -> str:
        """Commitments met of those with data, 12/15."""
        return f"{self.counts['met']}/{sum(self.counts.values()) - self.counts['no_data']}"


def scorecard_page(
    plan: Plan, verdicts: pa.Table, figures: pa.Table, names: Mapping[str, str], release: ReleaseInfo
) -> str:
    """The page of a plan year as HTML text; `names` tells regions and indicators in Chinese.

    Every text is escaped. Figures are those that the verdicts judged; `figures` adds each term of those with two.
    """
    card = scorecard_lines(plan, verdicts, names)
    rows: Rows = {(row["commitment_id"], row["region_code"]): row for row in verdicts.to_pylist()}
    units = sorted({region for _, region in rows} - {PREFECTURE})
    book = Book.of(figures, plan.year)
    by_id = {commitment.id: commitment for commitment in plan.commitments}
    shown = [_page_row(line, by_id[line.commitment_id], rows, units, book, names) for line in card.lines]
    script = (FOLDER / "scorecard.js").read_text("utf-8")
    return _template().render(
        plan=plan, card=card, release=release, published=release.published_at.astimezone(LOCAL_TIME),
        groups=_groups(shown), units=_units(shown, units, names), missing=_missing(plan, card.lines, book, names),
        verdicts_zh=VERDICTS_ZH, marks=MARKS, script=script, script_hash=_digest(script),
    )  # fmt: skip


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("scorecard.html")


def _digest(script: str) -> str:
    """What the page's policy names its only script by: nothing else may run in it, nor be fetched."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _page_row(
    line: ScorecardLine, commitment: Commitment, rows: Rows, units: Sequence[str], book: Book, names: Mapping[str, str]
) -> PageRow:
    terms = [book.figure(indicator, PREFECTURE) for indicator in commitment.indicator]
    parts = [f"{names.get(t.indicator_id, t.indicator_id)} {figure_text(t, commitment.unit)}" for t in terms]
    cells = [_cell(commitment, rows.get((commitment.id, unit)), unit, names.get(unit, unit)) for unit in units]
    bar = _bar(rows[commitment.id, PREFECTURE], commitment)
    judged = tuple(cells) if any(cell.verdict for cell in cells) else ()
    return PageRow(line, commitment.office, tuple(parts) if len(parts) > 1 else (), bar, judged)


def _bar(row: Mapping[str, Any], commitment: Commitment) -> tuple[float, float] | None:
    """Figure and target of a percentage on a scale of 0 to 100; None for the rest and for what has no data."""
    if row["value"] is None or commitment.unit != PERCENT or row["target"] is None:
        return None
    return min(100.0, 100 * row["value"]), 100 * float(row["target"])


def _cell(commitment: Commitment, row: Mapping[str, Any] | None, code: str, unit: str) -> Cell:
    if row is None:
        return Cell(code, unit, hint=f"{unit}：不适用")
    verdict, part, own = row["verdict"], to_do(row, row["gap_part"]), to_do(row, row["gap"])
    told = [
        VERDICTS_ZH[verdict],
        own and f"本单位达标{own}",
        part and f"全州达标分担{part}",
        row["note_zh"].rstrip("。"),
    ]
    return Cell(
        code, unit, verdict, verdict_figure(commitment, row), "分担" if part else "差" if own else "",
        row["gap_part"] or row["gap"] or None, f"{unit}：{'；'.join(filter(None, told))}。",
    )  # fmt: skip


def _groups(rows: Sequence[PageRow]) -> tuple[Group, ...]:
    """The rows by article, in its order; within an article they stay as they are."""
    ordered = sorted(rows, key=lambda row: row.line.article)
    return tuple(
        Group(article, each, _counts(row.line.verdict for row in each))
        for article, each in ((article, tuple(found)) for article, found in groupby(ordered, lambda r: r.line.article))
    )


def _counts(verdicts: Iterator[str]) -> dict[str, int]:
    """How many there are of each verdict, in the order of attention."""
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in VERDICTS_ZH}


def _units(rows: Sequence[PageRow], units: Sequence[str], names: Mapping[str, str]) -> tuple[UnitRow, ...]:
    judged = [cell for row in rows for cell in row.cells if cell.verdict]
    return tuple(
        UnitRow(unit, names.get(unit, unit), _counts(cell.verdict for cell in judged if cell.unit_code == unit))
        for unit in units
    )


def _missing(
    plan: Plan, lines: Sequence[ScorecardLine], book: Book, names: Mapping[str, str]
) -> dict[str, tuple[ScorecardLine, ...]]:
    """The commitments whose figures lack a unit, by the unit's name."""
    by_id = {line.commitment_id: line for line in lines}
    found: dict[str, dict[str, ScorecardLine]] = {}
    for each in plan.commitments:
        for indicator in each.indicator:
            for unit in book.figure(indicator, PREFECTURE).missing_units:
                found.setdefault(unit, {})[each.id] = by_id[each.id]
    return {names.get(unit, unit): tuple(found[unit].values()) for unit in sorted(found)}
