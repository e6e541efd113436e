"""Views over the newest release for people who write SQL, each in Chinese and in English.

What a unit may see, suppression and the public's views are not here; when views are made is told in `views.py`.
"""

from __future__ import annotations

from warehouse.analyst import facts, profiles, public, reporting, scorecard
from warehouse.analyst.shape import View

VIEWS: tuple[View, ...] = (*scorecard.VIEWS, *profiles.VIEWS, *reporting.VIEWS, *facts.VIEWS, *public.VIEWS)
"""Every view for analysts."""

__all__ = ["VIEWS", "View"]
