"""A house for a while: what files are taken into when they are only to be checked; the home itself is never written.

It has the home's ledger and what the home's lake holds of some datasets, as hard links (copies where the file system
has none). That is safe, because writers replace names and never what a file holds, and works while a run writes:
receptions are taken before the rows of which they speak.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from assets.comparisons.kept import FINDINGS, compared_path, kept_of
from assets.comparisons.kept import LAYER as COMPARED
from assets.house import House
from assets.intake.pseudonym import load_or_make_key
from assets.judging.cases import SCHOOL_LIST
from assets.judging.staging import LAYER, judgement_of, staged_path
from warehouse.lake import ASIDE

_TRIES = 5


@contextmanager
def house_for_a_while(house: House) -> Iterator[House]:
    """Hand out a house in a folder of its own that knows the home's submissions; it is gone at the end.

    A home that has no key of pseudonyms is given none: the house then has one of its own, for as long as it stands.

    Raises:
        KeyRefused: the home's key is not safe to use.
    """
    with tempfile.TemporaryDirectory(prefix="xiangxi-check-") as folder:
        home = Path(folder)
        made = replace(house, home=home, landing=home / "landing", pseudonym_key=_key(house))
        for told, ours in ((house.ledger, made.ledger), (house.explanations, made.explanations)):
            _borrow(told.folder, ours.folder)
        yield made


def borrow_datasets(house: House, made: House, datasets: Iterable[str]) -> None:
    """Give the made house what the home holds of these datasets, and the school lists that rows are held against."""
    for dataset in {SCHOOL_LIST, *datasets}:
        _borrow(house.lake.path("raw", dataset), made.lake.path("raw", dataset))
        folder = house.lake.path(LAYER, dataset)
        for period in sorted(path.name for path in folder.iterdir()) if folder.exists() else ():
            _borrow_judged(house, made, dataset, period)


def borrow_compared(house: House, made: House) -> None:
    """Give the made house what the home compared, so that only what the checked files change is compared again."""
    for path in sorted(house.lake.path(COMPARED).glob("*/*")):
        year, family = path.parts[-2:]
        _borrow_whole(path, made.lake.path(COMPARED, year, family), partial(_is_compared, made, int(year), family))


def lay_out(source: Path, target: Path) -> None:
    """Let a file lie at another place too, with the time of its change; nothing happens where one lies there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or a file of somebody else
        shutil.copy2(source, target)


def _key(house: House) -> str | None:
    """The home's key in hexadecimal digits, so that persons have the pseudonyms that they have there."""
    path = house.home / "pseudonym.key"
    if house.pseudonym_key is not None or not (path.exists() or path.is_symlink()):
        return house.pseudonym_key
    return load_or_make_key(path, None).hex()


def _borrow_judged(house: House, made: House, dataset: str, period: str) -> None:
    """Borrow one judgement with its tables; without it the period is judged anew."""
    parts = (LAYER, dataset, period)
    _borrow_whole(house.lake.path(*parts), made.lake.path(*parts), partial(_is_judged, made, dataset, period))


def _is_judged(made: House, dataset: str, period: str) -> bool:
    judgement = judgement_of(made.lake, dataset, period)
    return judgement is not None and made.lake.exists(*staged_path(made.lake, judgement, "findings"))


def _is_compared(made: House, year: int, family: str) -> bool:
    kept = kept_of(made.lake, year, family)
    return kept is not None and made.lake.exists(*compared_path(kept, FINDINGS))


def _borrow_whole(source: Path, target: Path, is_whole: Callable[[], bool]) -> None:
    """Borrow a folder of tables, again if a run replaces them meanwhile; in the end rather none than a part."""
    for _ in range(_TRIES):
        _borrow(source, target)
        if is_whole():
            return
        shutil.rmtree(target, ignore_errors=True)


def _borrow(source: Path, target: Path) -> None:
    """Let all files below one folder lie below another too, except what a writer has not finished."""
    for folder, _, names in os.walk(source):
        for name in names:
            if not name.startswith(ASIDE):
                with suppress(FileNotFoundError):  # a run has replaced it
                    lay_out(Path(folder) / name, target / Path(folder).relative_to(source) / name)
