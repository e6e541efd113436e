"""Errors of this room. Faults in delivered data are findings (rows of a table), never exceptions."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  (an answer to the unit, not a failure of ours)
    """A file cannot or must not be read; it is returned to its unit with the two sentences.

    The sentences are Chinese, for the clerk who sent the file, and hold no name and no cell value.
    """

    def __init__(self, reason_code: str, message_zh: str, how_to_fix_zh: str) -> None:
        super().__init__(reason_code, message_zh, how_to_fix_zh)
        self.reason_code = reason_code
        self.message_zh = message_zh
        self.how_to_fix_zh = how_to_fix_zh
