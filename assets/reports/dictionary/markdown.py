"""Small pieces of Markdown that read well in a code host and in an editor, and the places of the pages.

What a page says is settled in the modules of its kind; here is only how it is put.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

NOTICE = "由 xiangxi dictionary 生成，请勿手改。 Generated: change the source and run make dictionary."
MARK = f"<!-- {NOTICE} -->"
"""The first line of every page; by it a page that is no longer made is told from what somebody put there."""

README, HEADERS, PARAMETERS, WAREHOUSE, SEARCH = (
    "README.md", "headers.md", "parameters.md", "warehouse.md", "search.html",
)  # fmt: skip

_SPECIAL = re.compile(r"[|<*\[\]]")
_ESCAPED = {"|": r"\|", "<": "&lt;", "*": r"\*", "[": r"\[", "]": r"\]"}


def dataset_place(dataset: str) -> str:
    """Where the page of a dataset lies."""
    return f"datasets/{dataset}.md"


def contract_place(dataset: str) -> str:
    """Where the whole contract of a dataset stands."""
    return f"contracts/{dataset}.odcs.yaml"


def indicator_place(indicator_id: str) -> str:
    """Where the page of an indicator lies."""
    return f"indicators/{indicator_id}.md"


def commitment_place(year: int, commitment_id: str) -> str:
    """Where the page of a commitment lies."""
    return f"commitments/{year}-{commitment_id}.md"


def prose(text: str) -> str:
    """Text of ours as one line, its special characters escaped."""
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], " ".join(text.split()))


def code(text: str) -> str:
    """A name or pattern in code letters, also within a table."""
    return f"`{text}`".replace("|", r"\|")


def link(label: str, place: str, here: str) -> str:
    """A link from the page at `here` to the page at `place`, which may name a heading of it."""
    return f"[{prose(label)}]({posixpath.relpath(place, posixpath.dirname(here) or '.')})"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where it has no row. Cells are Markdown of one line."""
    lines = [_row(cells) for cells in rows]
    return "\n".join([_row(heads), f"|{'---|' * len(heads)}", *lines]) if lines else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A table of what is told of one thing; what is empty is left out."""
    return table(("", ""), [(f"**{name}**", told) for name, told in rows if told])


def bullets(items: Iterable[str]) -> str:
    """A list, one line each."""
    return "\n".join(f"- {item}" for item in items)


def section(heading: str, *blocks: str) -> str:
    """A heading with what stands below it; nothing where there is nothing to say."""
    told = [block for block in blocks if block]
    return "\n\n".join([f"## {heading}", *told]) if told else ""


def page(title: str, *blocks: str) -> str:
    """The text of a page; empty blocks are left out."""
    return "\n\n".join([MARK, f"# {title}", *(block for block in blocks if block), ""]).rstrip("\n") + "\n"


def lead(english: str, here: str) -> str:
    """The first line of a page: its English name, where it has one, and the way back to the index and the search."""
    ways = link("词典首页 Index", README, here), link("检索 Search", SEARCH, here)
    return " · ".join(filter(None, (prose(english), *ways)))
