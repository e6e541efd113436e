"""What is written for readers without a database after each release: gold copies, a workbook, the public file."""

from __future__ import annotations

from sqlalchemy import Engine

from assets.house import House
from assets.reports.release_book import write_release_book
from warehouse.gold import write_gold
from warehouse.public_file import write_public_file


def write_copies(house: House, engine: Engine) -> None:
    """Write the newest release to `<home>/lake/gold` and as a workbook, and what is public into a file of its own."""
    write_public_file(engine)
    write_gold(engine, house.home / "lake" / "gold")
    write_release_book(engine, house.reports)
