"""Student loans of origin: the contracts of every county as they stand at the end of a year, and what they come to.

A contract is the same in the ledger of every year until it is settled. Not here: who looks after loans in the townships
(`officers.py`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from samples.facts import Township, rates, rng, townships, writers
from samples.persons import Registry, identity_numbers, names, phones
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

LISTED_YEARS = 7
STUDY_YEARS = 4
REPAID_OVER = 5
AMOUNTS = (800_000, 600_000, 750_000, 800_000, 1_200_000)
INTEREST = (465, 10_000)
FIRST_COHORT, COHORTS = 1996, 5
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Loan:
    """One contract of a county at the end of a year; money in 分, `number` counts the contracts of its loan year."""

    county: str
    loan_year: int
    number: int
    township: Township
    is_poor: bool
    amount: int
    balance: int
    principal_due: int
    interest_due: int
    overdue: int
    settled_on: dt.date | None


def decide_loans(county: str, year: int, scale: float, seed: int) -> list[Loan]:
    """The contracts that a county lists at the end of a year: those not settled before it."""
    found = []
    for loan_year in range(year - LISTED_YEARS + 1, year + 1):
        many = max(3, round(rates(county, loan_year, "aims")["new_loans"] * scale))
        dice = rng(seed, "loans", county, loan_year).random((many, 4))
        late = rng(seed, "overdue", county, loan_year, year).random(many).tolist()
        own = townships()[county]
        for number, (where, poor, early, day) in enumerate(dice.tolist()):
            settled_on = _settled_on(loan_year, early, day)
            if settled_on is None or settled_on.year >= year:
                is_late = late[number] < rates(county, year, "aims")["overdue"]
                fate = (own[int(where * len(own))], poor < 0.55, settled_on, is_late)
                found.append(_loan(county, loan_year, number, year, fate))
    return found


def _settled_on(loan_year: int, early: float, day: float) -> dt.date | None:
    """When a contract is paid back before its time: some in each year of study, one of them on a last of December."""
    if early > 0.25:
        return None
    last = dt.date(loan_year + 2 + int(early * 16), 12, 31)
    return last if early < 0.04 else last - dt.timedelta(days=int(day * 364))


def _loan(
    county: str, loan_year: int, number: int, year: int, fate: tuple[Township, bool, dt.date | None, bool]
) -> Loan:
    """A contract's state: nothing is due while its student studies, then a fifth of it each year with interest.

    Whoever is late has paid nothing of what was due in the year.
    """
    township, is_poor, settled_on, is_late = fate
    amount = AMOUNTS[number % len(AMOUNTS)]
    part, times = amount // REPAID_OVER, max(0, min(REPAID_OVER, year - loan_year - STUDY_YEARS + 1))
    left = amount - part * max(0, times - 1)
    due = (part, left * INTEREST[0] // INTEREST[1]) if times and not settled_on else (0, 0)
    is_settled = settled_on is not None and settled_on.year == year
    return Loan(
        county=county,
        loan_year=loan_year,
        number=number,
        township=township,
        is_poor=is_poor,
        amount=amount,
        balance=0 if is_settled else left if is_late else left - due[0],
        principal_due=due[0],
        interest_due=due[1],
        overdue=sum(due) if is_late else 0,
        settled_on=settled_on if is_settled else None,
    )


def student_loans(county: str, loans: list[Loan], registry: Registry, year: int) -> Table:
    """The file of one county."""
    places = np.array([_place(loan, registry) for loan in loans], dtype=np.int64)
    cohorts = np.array([FIRST_COHORT + loan.number % COHORTS for loan in loans], dtype=np.int64)
    people = zip(identity_numbers(cohorts, places), names(places), phones(places), strict=True)
    rows = (
        _row(loan, year) | {"student_id": number, "name": name, "phone": phone}
        for loan, (number, name, phone) in zip(loans, people, strict=True)
    )
    return from_rows("student_loans", calendar_year(year), rows)


def _place(loan: Loan, registry: Registry) -> int:
    """A place behind the pupils; whoever borrows again in the next year is taken for somebody else."""
    order = loan.number // COHORTS * LISTED_YEARS + loan.loan_year % LISTED_YEARS
    return registry.behind + list(writers()).index(loan.county) + order * len(writers())


def _row(loan: Loan, year: int) -> dict[str, Any]:
    return {
        "contract_no": f"DK{loan.county}{loan.loan_year}{loan.number:05d}",
        "county_code": loan.county,
        "township_code": loan.township,
        "year": year,
        "registered_poor": loan.is_poor,
        "loan_year": loan.loan_year,
        "amount": loan.amount,
        "balance": loan.balance,
        "principal_due": loan.principal_due,
        "interest_due": loan.interest_due,
        "overdue": loan.overdue,
        "first_loan": loan.number % 3 > 0,
        "settled_on": loan.settled_on,
    }


def tell_loans(truths: Truths, county: str, loans: list[Loan], year: int) -> None:
    """Adds a county's contracts to the truths: new ones by number and money, balance, settled ones, what is overdue."""
    new = [loan for loan in loans if loan.loan_year == year]
    truths.at_unit("new_loans", year, county, len(new))
    truths.at_unit("new_loan_amount", year, county, sum(loan.amount for loan in new) * FEN)
    truths.at_unit("loan_balance", year, county, sum(loan.balance for loan in loans) * FEN)
    truths.at_unit("loans_settled", year, county, sum(loan.settled_on is not None for loan in loans))
    due = sum(loan.principal_due + loan.interest_due for loan in loans)
    truths.at_unit("loan_overdue_rate", year, county, sum(loan.overdue for loan in loans), due)
