"""The tables of the warehouse: columns, keys, and what each means in Chinese and English.

Every table is told here and nowhere else, as readers see it; a migration (`migrations/`) brings a database to how it is
stored (`storage.py`) and a test holds both together. Here are no views for people (`views.py`) and no tables of the
lake: those follow from the contracts.

Two kinds of tables are published. Of `FACTS` readers see the rows of every kept release, of `REPLACED` ones those of
the newest; `published_as_of_<table>` shows both of any. An edition brings a REPLACED table whole, a fact by the years
that were computed. No person is in any table.
"""

from __future__ import annotations

from warehouse.schema.analysts import analyst_status
from warehouse.schema.base import metadata
from warehouse.schema.dictionary import data_dictionary
from warehouse.schema.dimensions import (
    dim_code,
    dim_commitment,
    dim_indicator,
    dim_region,
    dim_rule,
    dim_school,
    dim_size_band,
    dim_unit,
    dim_year,
)
from warehouse.schema.facts import fact_indicator, fact_verdict
from warehouse.schema.public import PUBLIC, pub_aid, pub_enrolment, pub_indicator
from warehouse.schema.releases import part, publication_token, release, release_change, release_part
from warehouse.schema.reporting import explanation, finding, status_matrix, submission, submission_count, unit_record
from warehouse.schema.storage import storage, store
from warehouse.schema.themes import THEMES

FACTS = (fact_indicator, fact_verdict, *THEMES)
"""Tables that readers see for every kept release."""

DIMENSIONS = (
    dim_region,
    dim_unit,
    dim_year,
    dim_school,
    dim_indicator,
    dim_commitment,
    dim_rule,
    dim_code,
    dim_size_band,
)
"""What the facts speak of, parents before children."""

REPLACED = (*DIMENSIONS, submission, submission_count, finding, explanation, status_matrix, unit_record)
"""Tables that readers see as of the newest release, parents before children."""

BROUGHT = (*REPLACED, *FACTS)
"""All that an edition may bring."""

MADE = (*PUBLIC, analyst_status)
"""What publication makes itself, cut by year like facts; readers see the newest release."""

PUBLISHED = (*BROUGHT, *MADE)
"""All that a release holds."""

STORED = store(PUBLISHED)
"""Where the rows of each published table lie."""

__all__ = [
    "BROUGHT",
    "DIMENSIONS",
    "FACTS",
    "MADE",
    "PUBLIC",
    "PUBLISHED",
    "REPLACED",
    "STORED",
    "THEMES",
    "analyst_status",
    "data_dictionary",
    "dim_code",
    "dim_commitment",
    "dim_indicator",
    "dim_region",
    "dim_rule",
    "dim_school",
    "dim_size_band",
    "dim_unit",
    "dim_year",
    "explanation",
    "fact_indicator",
    "fact_verdict",
    "finding",
    "metadata",
    "part",
    "pub_aid",
    "pub_enrolment",
    "pub_indicator",
    "publication_token",
    "release",
    "release_change",
    "release_part",
    "status_matrix",
    "storage",
    "submission",
    "submission_count",
    "unit_record",
]
