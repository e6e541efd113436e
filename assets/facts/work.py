"""The fact of the work ledger: deliverables of each unit, school, commitment, office and state."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, null

from assets.facts.grain import Fact, exact, grouped, number
from assets.indicators.catalogue import Tables
from expectations.plan import Commitment


def work_facts(commitments: Iterable[Commitment]) -> tuple[Fact, ...]:
    """The fact of work items under a plan, whose commitments they name by id, Chinese name or alias."""
    return (Fact("fact_work_item", ("work_items",), functools.partial(work_item, tuple(commitments))),)


def work_item(commitments: tuple[Commitment, ...], c: Tables) -> Select[Any]:
    """Deliverables with their quantities; an empty quantity is 1, and one empty `due` leaves that sum empty.

    What is the prefecture's own stands at the code of the bureau. `in_time`: done on a day not after the planned one.
    """
    r = c.work_items.c
    key = {"unit_code": r.unit_code, "school_code": r.school_code, "commitment_id": _id_of(commitments, c),
           "office": r.office, "status": r.status}  # fmt: skip
    return grouped(
        c, c.work_items, key,
        {
            "article": cast(func.min(r.article), BigInteger), "items": number(),
            "quantity": exact(func.coalesce(r.quantity, 1)), "due": exact(r.due),
            "in_time": number(r.done_on <= r.planned_by), "first_done_on": func.min(r.done_on),
            "last_done_on": func.max(r.done_on),
        },
    )  # fmt: skip


def _id_of(commitments: tuple[Commitment, ...], c: Tables) -> ColumnElement[Any]:
    """The id of the commitment that the row names; empty where the year's plan has none of that name."""
    named = func.trim(c.work_items.c.commitment)
    told = [(named.in_(item.matches), item.id) for item in commitments]
    return case(*told) if told else null()
