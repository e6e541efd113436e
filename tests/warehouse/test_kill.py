"""SIGKILL at random moments of a publication: the old release or the new one, never a mix, and the next one works."""

from __future__ import annotations

import random
import time

import pytest
from sqlalchemy import Engine, func, select

from warehouse.connect import reading
from warehouse.publish import publish
from warehouse.schema import STORED, dim_school, finding, release

from .editions import PUBLISHED_AT, edition, marks
from .publisher import FINDINGS, SCHOOLS, start

KILLS = {"sqlite": 15, "postgresql": 5}


def _state(engine: Engine) -> tuple[int, set[str], int, int]:
    with reading(engine) as connection:
        newest = connection.execute(select(func.max(release.c.release_id))).scalar_one()
        schools, findings = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (dim_school, finding)
        )
    return newest, marks(engine), schools, findings


def _seconds_of_one(url: str) -> float:
    """How long a publisher takes that is let be; it shares no part with the release before: all of it is written."""
    publisher = start(url, 98)
    publisher.go()
    began = time.monotonic()
    assert publisher.line.recv() == "done"
    return time.monotonic() - began


def test_a_killed_publication_leaves_the_old_or_the_new_release(engine: Engine, url: str) -> None:
    seed = random.SystemRandom().randrange(10**6)
    moments = random.Random(seed)
    publish(engine, edition(0, schools=SCHOOLS, findings=FINDINGS), "whole", PUBLISHED_AT)
    seconds = _seconds_of_one(url)
    before, survived = _state(engine), 0
    for mark in range(1, 1 + KILLS[engine.dialect.name]):
        publisher = start(url, mark)
        publisher.go()
        time.sleep(moments.uniform(0, 1.8 * seconds))
        is_acknowledged = publisher.end()
        after = _state(engine)
        new = (before[0] + 1, {str(mark)}, SCHOOLS, FINDINGS)
        assert after in ([new] if is_acknowledged else [before, new]), f"seed {seed}, mark {mark}"
        survived += after == new
        before = after
    print(f"seed {seed}: {survived} of {KILLS[engine.dialect.name]} publications outlived their kill")  # noqa: T201
    assert publish(engine, edition(99), "next", PUBLISHED_AT) == before[0] + 1
    assert marks(engine) == {"99"}


def test_the_harness_would_see_a_mix(engine: Engine) -> None:
    publish(engine, edition(1), "whole", PUBLISHED_AT)
    with pytest.raises(KeyError), engine.begin() as connection:
        connection.execute(STORED[finding].delete())
        raise KeyError
    assert marks(engine) == {"1"}
    with engine.begin() as connection:
        connection.execute(STORED[dim_school].update().values(name="第2版学校"))
    assert marks(engine) == {"1", "2"}
