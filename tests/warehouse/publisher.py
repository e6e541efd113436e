"""A process that publishes one large edition when it is told to, so that a test can kill it at any moment."""

from __future__ import annotations

import sys

from warehouse.connect import open_engine
from warehouse.publish import publish

from .editions import PUBLISHED_AT, edition

SCHOOLS, FINDINGS = 2_000, 8_000


def main(url: str, mark: int) -> None:
    """Get ready, say so, wait for a line, publish."""
    given, engine = edition(mark, schools=SCHOOLS, findings=FINDINGS), open_engine(url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    publish(engine, given, "killed", PUBLISHED_AT)
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
