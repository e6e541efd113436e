"""Headers of two to six rows: each column is named by its path, the merged parents from the top down to its own header.

A merged cell holds its text in its first cell only, so blanks of a parent row take the text to their left. How a path
is compared is said here; which rows of a sheet are such a header, `vocabulary.py` asks `blocks`.
Source: domain M5 and the aggregated exports of the school census.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assets.intake.headers import HeaderRow, Label, is_personal, label, plain_name, worth_telling

JOINT = ">"
MOST_ROWS = 6
TOTALS = frozenset({"合计", "小计", "总计", "共计", "计", "总数", "人数", "数量", "数", "面积", "金额"})
"""Last parts of a path that add nothing to the part above: 在校生数 > 合计 is 在校生数."""

_NO_LABEL = re.compile(r"[\d.,%/年月日-]+|.*\d{6}.*", re.ASCII | re.DOTALL)
Path = tuple[Label, ...]


def blocks(head: Sequence[Sequence[str]], names: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """First and last rows that may be one header: the first names a column, each further one continues the one above.

    It continues it when some filled cell stands below a blank one, as the parts of a merged parent do, and no cell is a
    number, a date or holds a long number.
    """
    for first, row in enumerate(head):
        if not any(names(text) for text in row if text):
            continue
        for last in range(first + 1, min(first + MOST_ROWS, len(head))):
            if not _continues(head[last - 1], head[last]):
                break
            yield first, last


def _continues(above: Sequence[str], row: Sequence[str]) -> bool:
    filled = [at for at, text in enumerate(row) if plain_name(text)]
    blank_above = any(at >= len(above) or not plain_name(above[at]) for at in filled)
    return blank_above and not any(_NO_LABEL.fullmatch(row[at]) for at in filled)


def paths_of(rows: Sequence[Sequence[str]]) -> list[Path]:
    """The path of each position in these header rows, a part that repeats the one above left out."""
    width = max(map(len, rows))
    grid = [[*(text if plain_name(text) else "" for text in row), *[""] * (width - len(row))] for row in rows]
    for depth, row in enumerate(grid[:-1]):
        for at in range(1, width):
            if not row[at] and _is_same_above(grid[:depth], at) and any(low[at] for low in grid[depth + 1 :]):
                row[at] = row[at - 1]
    return [_path([row[at] for row in grid]) for at in range(width)]


def _is_same_above(above: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a position and the one to its left have the same parents."""
    return all(row[at] == row[at - 1] for row in above)


def _path(texts: Sequence[str]) -> Path:
    labels = [label(text) for text in texts if text]
    return tuple(one for at, one in enumerate(labels) if not at or one.bare != labels[at - 1].bare)


def column_of(path: Path, columns: Mapping[str, str], is_known: Callable[[Label], bool]) -> str | None:
    """The column that a path names, None where it names none.

    A part or the whole of the path may be spelled in the contract (`在校生数>女`). A last part that only totals is left
    out. The last part alone names its column unless it stands under persons that the row is not about, under a column
    of another dataset, or is a single character, which says nothing without its parent.
    """
    if not path:
        return None
    if len(path) == 1:
        return _named(path[0], columns)
    leaf, above = path[-1], path[:-1]
    for at in range(len(above)):
        for spelled in (path[at:], (path[at], leaf)):
            if found := columns.get(JOINT.join(one.bare for one in spelled)):
                return found
    if leaf.bare in TOTALS:
        return column_of(above, columns, is_known)
    told = any(is_personal(one) or (is_known(one) and not _named(one, columns)) for one in above)
    return None if told or len(leaf.bare) == 1 else _named(leaf, columns)


def _named(one: Label, columns: Mapping[str, str]) -> str | None:
    return columns.get(one.name) or columns.get(one.bare)


def stacked_header(
    first: int, last: int, paths: Sequence[Path], columns: Mapping[str, str], is_known: Callable[[Label], bool]
) -> HeaderRow:
    """Where the columns stand below these paths; a unit is that of the lowest part that names one."""
    positions: dict[str, int] = {}
    repeats: dict[str, tuple[int, ...]] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    for at, path in enumerate(paths):
        column = column_of(path, columns, is_known)
        if column is None:
            unknown += [] if any(map(is_personal, path)) else _told(path)
        elif column in positions:
            repeats[column] = (*repeats.get(column, ()), at)
        else:
            positions[column] = at
            if unit := next((one.unit for one in reversed(path) if one.unit), ""):
                units[column] = unit
    texts = {at: path[-1].text for at, path in enumerate(paths) if path}
    parts = {at: frozenset(one.text for one in path) for at, path in enumerate(paths) if path}
    return HeaderRow(last, positions, repeats, units, tuple(dict.fromkeys(unknown)), texts, first, parts)


def _told(path: Path) -> list[str]:
    """An unknown path as it may be told, its parts joined; nothing where its last part is always dropped."""
    parts = [told for one in path for told in worth_telling(one)]
    return [" > ".join(parts)] if path and worth_telling(path[-1]) else []
