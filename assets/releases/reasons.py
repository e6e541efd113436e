"""Why a figure differs from the release before: what was sent, returned, withdrawn or explained, or what rules changed.

Reads the release that stands before a publication and holds the tables of the new one against it. A figure is moved by
the datasets that its indicator needs, of its own unit or of the bureau, in its own year; where none of them moved, what
else changed is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, Table, select

from assets.house import House
from assets.periods import name_zh, year_of
from assets.version import code_version
from assets.year import indicators_for
from expectations.regions import PREFECTURE
from warehouse.connect import reading
from warehouse.parts import parts_of
from warehouse.releases import changes_of, newest
from warehouse.schema import dim_commitment, dim_indicator, dim_rule, explanation, fact_indicator, release, submission

SHOWN = 4
"""So many causes are told of one figure; how many there are is told beside them."""
STANDS = frozenset({"accepted", "accepted_with_findings"})
ALWAYS = frozenset({"school"})
"""Datasets that every figure rests on: the school list says whose a row is."""
_DEFINED_BY: Mapping[Table, str] = {
    dim_rule: "校验规则有变动", dim_indicator: "指标定义有变动", dim_commitment: "要点或任务有变动"
}  # fmt: skip

_KINDS = {"close": "年度终定", "reopen": "年度重新打开，按现有数据重新计算"}
_WORDS = ("", "新采用", "重新核查", "退回", "撤回", "不再采用")

Cause = tuple[str, str, int]
"""Unit, dataset and plan year of what moved."""


@dataclass(frozen=True)
class Reasons:
    """What moved between two releases: causes by unit, dataset and year, and what concerns every figure."""

    first_years: frozenset[int]
    moved: Mapping[Cause, Sequence[str]]
    general: Sequence[str]
    needs: Mapping[str, frozenset[str]]
    unit_of: Mapping[str, str]
    kind: str = "run"

    def of(self, year: int, indicator_id: str, region_code: str) -> str:
        """Why a figure of a region or school moved, in one sentence."""
        if self.kind != "run":
            return _KINDS[self.kind]
        if year in self.first_years:
            return "该年度首次发布"
        unit = self.unit_of.get(region_code, region_code)
        near = self._told(year, unit, self.needs.get(indicator_id, frozenset()) | ALWAYS)
        causes = [*near, *self.general] or self._told(year, unit, None) or self._told(None, PREFECTURE, None)
        more = f"等 {len(causes)} 项" if len(causes) > SHOWN else ""
        return "；".join(causes[:SHOWN]) + more if causes else "程序或其他年度数据有变动"

    def _told(self, year: int | None, unit: str, datasets: frozenset[str] | None) -> list[str]:
        return [
            text
            for (mover, dataset, moved_year), texts in self.moved.items()
            if (unit == PREFECTURE or mover in {unit, PREFECTURE})
            and (datasets is None or dataset in datasets)
            and year in (None, moved_year)
            for text in texts
        ]


def reasons_of(house: House, engine: Engine, tables: Mapping[str, pa.Table], years: Iterable[int]) -> Reasons:
    """What moved since the newest release, to be told of the figures in `tables`, which are published next."""
    with reading(engine) as connection:
        before = newest(connection) or 0
        known = {int(year) for year in parts_of(connection, before, fact_indicator)}
        moved = _submissions(_keyed(connection, submission), tables["submission"].to_pylist())
        for cause, texts in _explanations(_keyed(connection, explanation), tables["explanation"].to_pylist()).items():
            moved[cause] += texts
        general = [text for table, text in _DEFINED_BY.items() if _differs(connection, table, tables[table.name])]
        version = connection.execute(select(release.c.code_version).where(release.c.release_id == before)).scalar()
    if version not in (None, code_version()):
        general.insert(0, f"程序由 {version} 版升级为 {code_version()} 版")
    schools = tables["dim_school"].select(["school_code", "unit_code"]).to_pylist()
    needs = {
        i.id: frozenset(need.dataset for need in i.needs) for year in years for i in indicators_for(house.plans, year)
    }
    return Reasons(frozenset(years) - known, moved, general, needs, {s["school_code"]: s["unit_code"] for s in schools})


def _keyed(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _submissions(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[Cause, list[str]]:
    """What was accepted, replaced, returned or taken away, by unit, dataset and year."""
    earlier, later = ({_key(row): row for row in rows if row["period"]} for rows in (before, after))
    moved: dict[Cause, list[str]] = defaultdict(list)
    became = {key: _what_became(earlier.get(key), later.get(key)) for key in {*earlier, *later}}
    for key in sorted(became, key=lambda key: (_WORDS.index(became[key]), key)):
        row = later.get(key) or earlier[key]
        if became[key] and row["dataset"]:
            told = f"{became[key]} {row['submission_id']}（{row['dataset']} {name_zh(row['period'])}）"
            moved[row["unit_code"], row["dataset"], year_of(row["period"])].append(told)
    return moved


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["submission_id"], row["dataset"] or "", row["period"]


def _what_became(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    stood, stands = bool(old and old["state"] in STANDS), bool(new and new["state"] in STANDS)
    if new is None:
        return "撤回" if stood else ""
    if stands and not stood:
        return "新采用"
    if new["state"] == "returned" and (old is None or old["state"] != "returned"):
        return "退回"
    counts = ("rows_accepted", "rows_quarantined")
    if stood and not stands:
        return "不再采用"
    return "重新核查" if old and stands and any(old[name] != new[name] for name in counts) else ""


def _explanations(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[Cause, list[str]]:
    """How many explanations came or went, by unit, dataset and year."""
    earlier, later = ({row["explanation_id"]: row for row in rows if row["period"]} for rows in (before, after))
    moved: dict[Cause, list[str]] = {}
    for word, rows, others in (("新作说明", later, earlier), ("说明不再有效", earlier, later)):
        counted: dict[Cause, int] = defaultdict(int)
        for name in rows.keys() - others.keys():
            row = rows[name]
            counted[row["unit_code"], row["dataset"] or "", year_of(row["period"])] += 1
        for cause, n in counted.items():
            moved.setdefault(cause, []).append(f"{word} {n} 条（{cause[1]}）")
    return moved


def _differs(connection: Connection, table: Table, rows: pa.Table) -> bool:
    """Whether the rows of a table differ from those of the release before, in the columns that both tell."""
    names = [name for name in rows.column_names if name in table.c]
    before = {tuple(row) for row in connection.execute(select(*(table.c[name] for name in names)))}
    return bool(before) and before != {tuple(row.values()) for row in rows.select(names).to_pylist()}


def told_of(reasons: Reasons) -> Callable[[int, str, str], str]:
    """The same as the function that an edition carries, which remembers what it said."""
    said: dict[tuple[int, str, str], str] = {}

    def reason(year: int, indicator_id: str, region_code: str) -> str:
        key = (year, indicator_id, reasons.unit_of.get(region_code, region_code))
        if key not in said:
            said[key] = reasons.of(*key)
        return said[key]

    return reason


def moved_text(house: House, year: int, release_id: int) -> str:
    """In brief what a release moved of the year's figures of prefecture and units, and the commonest reasons."""
    engine = house.engine()
    try:
        with reading(engine) as connection:
            rows = [row for row in changes_of(connection, release_id) if row["year"] == year]
    finally:
        engine.dispose()
    common = Counter(row["reason"] for row in rows).most_common(2)
    told = "；".join(f"{reason}（{n} 个）" for reason, n in common)
    return f"州和填报单位的 {len(rows)} 个数值：{told}" if rows else ""
