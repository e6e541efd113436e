"""Progress of a run: one moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

Tell = Callable[[str, int, int], None]


class Progress:
    """Makers of progress callbacks `(what, done, of)`."""

    @staticmethod
    @contextmanager
    def on(console: Console) -> Iterator[Tell]:
        """A callback that moves a bar on the terminal."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                   TimeElapsedColumn())  # fmt: skip
        with RichProgress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("开始", total=None)
            yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of or None)

    @staticmethod
    def plain(console: Console) -> Tell:
        """A callback that prints a line whenever a piece of work is done."""
        told: set[str] = set()

        def tell(what: str, done: int, of: int) -> None:
            if done >= of and what not in told:
                told.add(what)
                console.print(f"{what} {of}" if of > 1 else what, highlight=False)

        return tell
