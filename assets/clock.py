"""The only clock of the product: when something was received or published, and which explanations still stand.

Figures and verdicts never ask it; only how mature a figure is follows from what still stands.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now_in_shanghai() -> datetime:
    """This moment, in the prefecture's time zone."""
    return datetime.now(SHANGHAI)
