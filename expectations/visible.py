"""Delivered text as lines may show it: nothing in it moves the cursor, turns the line round or cannot be seen."""

from __future__ import annotations

import re

_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def visible(text: str) -> str:
    """The text with control, bidirectional and zero-width characters written as escapes, U+202E for one as `u202e`."""
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
