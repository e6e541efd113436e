"""Sports in the counties beyond venues: the sport for which a county stands, and the sales of the sports lottery."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from samples.facts import county_codes, read_yaml, rng
from samples.tables import Table, calendar_year, from_rows, month
from samples.truths import Truths

FEN = Decimal("0.01")
COLUMNS = ("county_code", "item", "since", "year")


def signature_sports(county: str, year: int) -> Table:
    """The file of one county: what it had begun by then; headers alone where that is nothing."""
    rows = [{"county_code": county, "year": year, **one} for one in _items(county, year)]
    if rows:
        return from_rows("signature_sports", calendar_year(year), rows)
    return Table("signature_sports", calendar_year(year), {name: [] for name in COLUMNS})


def _items(county: str, year: int) -> list[dict[str, object]]:
    return [one for one in read_yaml("sports")["signature"][county] if one["since"] <= year]


def tell_signature(truths: Truths, year: int) -> None:
    """Adds the counties with a sport of their own to the eight."""
    for county in county_codes():
        truths.at_unit("signature_sports_coverage", year, county, int(bool(_items(county, year))), 1)


def decide_sales(year: int, seed: int) -> dict[str, list[int]]:
    """Sales by county and month, in 分; in the spring of 2020 there were few."""
    facts = read_yaml("sports")["lottery"]
    growth = facts["growth"].get(year, {})
    found = {}
    for county in county_codes():
        usual = facts["monthly"] * rng(seed, "lottery", county).uniform(0.6, 1.4) * growth.get(county, 1.0)
        chance = rng(seed, "lottery", county, year)
        closed = facts["closed"].get(year, [])
        months = [usual * chance.uniform(0.9, 1.1) * (0.1 if number in closed else 1.0) for number in range(1, 13)]
        found[county] = [2 * round(sales / 2) * 100 for sales in months]
    return found


def lottery_sales(sales: dict[str, list[int]], year: int) -> Iterator[Table]:
    """The files of the bureau, month by month."""
    for number in range(1, 13):
        rows = (
            {"county_code": county, "month": f"{year}-{number:02d}", "sales": months[number - 1]}
            for county, months in sales.items()
        )
        yield from_rows("lottery_sales", month(year, number), rows)


def tell_sales(truths: Truths, sales: dict[str, list[int]], year: int) -> None:
    """Adds the twelve months of every county."""
    for county, months in sales.items():
        truths.at_unit("lottery_sales", year, county, sum(months) * FEN)
