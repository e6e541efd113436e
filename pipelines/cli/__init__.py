"""The command line `xiangxi`: one module per verb; data goes to stdout, talk to stderr.

Exit codes: 0 done; 1 done, and something needs a person; 2 the command's words are wrong; 3 it failed.
"""

from __future__ import annotations

import gc
import sys

from rich.markup import escape

from assets.guard import OURS, guarded
from pipelines.cli.app import app
from pipelines.cli.options import talk

OBJECTS_BEFORE_COLLECTING = (50_000, 20, 20)
"""What Dagster and Great Expectations load is much to look through, and stays: a seventh of a small night."""


def main() -> None:
    """Run the command line; an error ends it with one line and an exit code, never with a traceback or a value."""
    gc.set_threshold(*OBJECTS_BEFORE_COLLECTING)
    try:
        with guarded("命令没有完成"):
            app()
    except OURS as error:
        talk.print(f"[red]出错[/red] {escape(str(error))}", highlight=False)
        sys.exit(error.exit_code)
