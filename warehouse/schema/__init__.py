"""The tables of the warehouse: columns, keys, and what each means in Chinese and English.

Every table is told here and nowhere else; a migration (`migrations/`) brings a database to it and a test holds both
together. Here are no views (`views.py`) and no tables of the lake: those follow from the contracts.

Two kinds of tables. `FACTS` keep a full set of rows per release. `REPLACED` ones hold the newest release only and are
replaced with it: so a fact of an older release may name a school or indicator that is gone, and facts have no foreign
key to dimensions. No person is in any table.
"""

from __future__ import annotations

from warehouse.schema.base import metadata
from warehouse.schema.dimensions import dim_commitment, dim_indicator, dim_region, dim_rule, dim_school
from warehouse.schema.facts import fact_indicator, fact_verdict
from warehouse.schema.releases import publication_token, release
from warehouse.schema.reporting import explanation, finding, status_matrix, submission, submission_count, unit_record

FACTS = (fact_indicator, fact_verdict)
"""Tables that keep their rows per release."""

DIMENSIONS = (dim_region, dim_school, dim_indicator, dim_commitment, dim_rule)
"""What the facts speak of, parents before children."""

REPLACED = (*DIMENSIONS, submission, submission_count, finding, explanation, status_matrix, unit_record)
"""Tables that hold the newest release only, parents before children."""

__all__ = [
    "DIMENSIONS",
    "FACTS",
    "REPLACED",
    "dim_commitment",
    "dim_indicator",
    "dim_region",
    "dim_rule",
    "dim_school",
    "explanation",
    "fact_indicator",
    "fact_verdict",
    "finding",
    "metadata",
    "publication_token",
    "release",
    "status_matrix",
    "submission",
    "submission_count",
    "unit_record",
]
