"""The dimensions of a release, made of reference files, contracts, plans and rules; schools are in `schools.py`.

They are conformed: every fact names its unit, school, year, commitment and codes as they stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from assets.house import House
from assets.year import indicators_for
from expectations.catalogue import compared_rules
from expectations.contract import Contract
from expectations.plan import Commitment, Plan
from expectations.regions import PREFECTURE, Regions, Unit
from expectations.rule import rules_of
from expectations.size_bands import load_size_bands
from warehouse.column_types import arrow_schema
from warehouse.schema import (
    dim_code,
    dim_commitment,
    dim_indicator,
    dim_region,
    dim_rule,
    dim_size_band,
    dim_unit,
    dim_year,
    metadata,
)

BUREAU = ("州教育和体育局", "Education and sports bureau of the prefecture")
Row = dict[str, Any]


def dimensions(house: House) -> dict[str, pa.Table]:
    """Every dimension but the schools, by its name in the warehouse."""
    rows = {
        dim_region.name: _regions(house.regions),
        dim_unit.name: _units(house.regions),
        dim_year.name: [_year(year, has_plan=year in house.plans) for year in house.years()],
        dim_indicator.name: _indicators(house.plans),
        dim_commitment.name: [_commitment(year, c) for year, plan in house.plans.items() for c in plan.commitments],
        dim_rule.name: [*_rules_of_contracts(house.contracts), *_rules_of_comparisons(house)],
        dim_code.name: _codes(house.contracts),
        dim_size_band.name: [
            {"size_band": b.band, "position": nth, "least": b.least, "most": b.most}
            for nth, b in enumerate(load_size_bands(), 1)
        ],
    }
    return {name: pa.Table.from_pylist(list(told), arrow_schema(metadata.tables[name].columns))
            for name, told in rows.items()}  # fmt: skip


def _regions(regions: Regions) -> Iterator[Row]:
    """The prefecture, its units, and the townships, each with the levels above it."""
    top = {"prefecture_code": PREFECTURE}
    yield {"region_code": PREFECTURE, "level": "prefecture", "name_zh": regions.name_zh, "name_en": regions.name_en,
           "kind": "自治州", "is_county": False, **top}  # fmt: skip
    for u in regions.units:
        yield {"region_code": u.code, "parent_code": PREFECTURE, "level": "county", "name_zh": u.name_zh,
               "name_en": u.name_en, "kind": _kind(u), "is_county": u.is_county, "county_code": u.code,
               **top}  # fmt: skip
    for t in regions.townships:
        yield {"region_code": t.code, "parent_code": t.county_code, "level": "township", "name_zh": t.name,
               "kind": t.kind, "is_county": False, "county_code": t.county_code, "valid_from": t.valid_from,
               "valid_to": t.valid_to, "successor_code": t.successor_code, **top}  # fmt: skip


def _kind(unit: Unit) -> str:
    return unit.name_zh[-1] if unit.is_county else unit.name_zh


def _units(regions: Regions) -> Iterator[Row]:
    for u in regions.units:
        yield {"unit_code": u.code, "name_zh": u.name_zh, "name_en": u.name_en, "is_county": u.is_county,
               "is_bureau": False, "county_code": regions.county_of(u.code)}  # fmt: skip
    name_zh, name_en = BUREAU
    yield {"unit_code": PREFECTURE, "name_zh": name_zh, "name_en": name_en, "is_county": False, "is_bureau": True}


def _year(year: int, *, has_plan: bool) -> Row:
    """Calendar year, its two terms, and the school year that begins in it."""
    return {
        "year": year, "school_year": f"{year}-{year + 1}", "spring_term": f"{year - 1}-{year}-spring",
        "autumn_term": f"{year}-{year + 1}-autumn", "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31),
        "school_year_starts_on": date(year, 9, 1), "school_year_ends_on": date(year + 1, 8, 31), "has_plan": has_plan,
    }  # fmt: skip


def _indicators(plans: Mapping[int, Plan]) -> list[Row]:
    every = {i.id: i for year in plans for i in indicators_for(plans, year)}
    return [
        {"indicator_id": i.id, "name_zh": i.name_zh, "name_en": i.name_en, "unit": i.unit, "theme": i.theme,
         "levels": ",".join(i.grains), "definition_zh": i.definition_zh, "definition_en": i.definition_en,
         "source": i.source, "datasets": ",".join(dict.fromkeys(need.dataset for need in i.needs))}
        for i in every.values()
    ]  # fmt: skip


def _commitment(year: int, c: Commitment) -> Row:
    return {"commitment_id": c.id, "plan_year": year, "article": c.article, "name_zh": c.name_zh, "name_en": c.name_en,
            "indicator_id": ",".join(c.indicator), "comparison": c.comparison, "target": c.target, "unit": c.unit,
            "scope": ",".join(c.scope), "deadline": c.deadline, "office": c.office,
            "choice_zh": c.choice or None}  # fmt: skip


def _rules_of_contracts(contracts: Mapping[str, Contract]) -> Iterator[Row]:
    """Rules that are asked since a contract's first year, by its own office."""
    for contract in contracts.values():
        for r in rules_of(contract):
            yield {"rule_id": r.id, "dataset": r.dataset, "severity": r.severity, "message": r.message,
                   "how_to_fix": r.how_to_fix, "source": r.because}  # fmt: skip


def _rules_of_comparisons(house: House) -> Iterator[Row]:
    """Rules of comparisons stand with the dataset that answers."""
    for one in compared_rules(house.rules_folder):
        yield {"rule_id": one.id, "dataset": one.rule.dataset, "severity": one.severity, "message": one.rule.message,
               "how_to_fix": one.how_to_fix, "source": one.because, "owner": one.owner,
               "since": one.since}  # fmt: skip


def _codes(contracts: Mapping[str, Contract]) -> Iterator[Row]:
    """Every code list of a contract's column, and the names of the datasets themselves."""
    yield from _listed("dataset", ((contract.dataset, contract.name_zh) for contract in contracts.values()))
    for contract in contracts.values():
        for column in contract.kept:
            told = {value.value: value.label for value in reversed(column.values)}
            yield from _listed(f"{contract.dataset}.{column.name}", reversed(told.items()))


def _listed(name: str, codes: Iterable[tuple[str, str]]) -> Iterator[Row]:
    for nth, (code, name_zh) in enumerate(codes, 1):
        yield {"list_name": name, "code": code, "position": nth, "name_zh": name_zh}
