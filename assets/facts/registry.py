"""All facts of the star schema, beside figures and verdicts, in the order of their tables."""

from __future__ import annotations

from collections.abc import Iterable

from assets.facts import aid, exams, schools, sports, work
from assets.facts.grain import Fact
from expectations.plan import Commitment


def facts_of(commitments: Iterable[Commitment]) -> tuple[Fact, ...]:
    """Every fact of a year whose plan makes these commitments."""
    return (*schools.FACTS, *aid.FACTS, *exams.FACTS, *sports.FACTS, *work.work_facts(commitments))
