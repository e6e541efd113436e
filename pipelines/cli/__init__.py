"""The command line `xiangxi`: one module per verb; data goes to stdout, talk to stderr.

Exit codes: 0 done; 1 done, and something needs a person; 2 the command's words are wrong; 3 it failed.
"""

from __future__ import annotations

import sys

from pipelines.cli.app import app

FAILED = 3
WRONG_WORDS = 2


def main() -> None:
    """Run the command line; an error of ours is told in one line and its exit code, never as a traceback."""
    from rich.console import Console

    try:
        app()
    except Exception as error:
        code = getattr(error, "exit_code", FAILED)
        Console(stderr=True, soft_wrap=True).print(f"[red]出错[/red] {type(error).__name__}: {error}", markup=True)
        sys.exit(code)
