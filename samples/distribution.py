"""The score distribution of a summer that the bureau hands on.

No indicator of the sample rests on it. Not here: results of the sample's own candidates (`exams.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from samples.facts import rng
from samples.tables import Table, calendar_year, from_rows


def score_distribution(year: int, seed: int) -> Table:
    """The distribution of a summer's scores in 湖南, 理科 and 文科, from the highest score down."""
    rows: list[dict[str, Any]] = []
    for group, top, peak in (("理科", 690, 470), ("文科", 670, 500)):
        chance = rng(seed, "distribution", year, group)
        cumulative = 0
        for score in range(top, 199, -1):
            count = int(chance.poisson(900 * np.exp(-(((score - peak) / 90) ** 2)))) + (40 if score == top else 0)
            cumulative += count
            rows.append(
                {
                    "province": "湖南",
                    "year": year,
                    "subject_group": group,
                    "batch": "本科",
                    "score": f"{score}分及以上" if score == top else str(score),
                    "segment_count": count,
                    "cumulative_count": cumulative,
                }
            )
    return from_rows("score_distribution", calendar_year(year, 7, 25), rows)
