"""The public file holds the public tables alone, is readable by everybody and replaced as a whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Engine

from warehouse.public_file import write_public_file
from warehouse.publish import publish

from .editions import PUBLISHED_AT, edition


def test_beside_a_sqlite_warehouse_the_public_tables_lie_in_a_file_of_their_own(engine: Engine) -> None:
    publish(engine, edition(1, schools=3), "test", PUBLISHED_AT)
    written = write_public_file(engine)
    if engine.dialect.name == "postgresql":
        assert written is None
        return
    assert written == Path(str(engine.url.database)).with_name("pub.db")
    assert written.stat().st_mode & 0o777 == 0o644
    assert Path(str(engine.url.database)).stat().st_mode & 0o077 == 0
    reader = sqlite3.connect(f"file:{written}?mode=ro", uri=True)
    names = {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    assert {name for name in names if not name.startswith(("pub_", "v_"))} == {
        "dim_region",
        "dim_indicator",
        "dim_code",
    }
    assert [row[0] for row in reader.execute('SELECT count(*) FROM "v_公开_在校生"')] == [
        row[0] for row in reader.execute("SELECT count(*) FROM pub_enrolment")
    ]
    reader.close()
    publish(engine, edition(2, schools=3), "test", PUBLISHED_AT)
    assert write_public_file(engine) == written
    assert not [path for path in written.parent.iterdir() if "pub.db" in path.name and path != written]
