"""What the schema promises: the agreed names, comments in both languages, and a database that agrees with it."""

from __future__ import annotations

import re

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from warehouse.column_types import arrow_schema
from warehouse.connect import reading
from warehouse.schema import FACTS, REPLACED, metadata, storage
from warehouse.views import drop_views

AGREED = {
    "release": "release_id published_at code_version",
    "dim_region": "region_code parent_code level name_zh name_en",
    "dim_school": "school_code name unit_code township_code kind sponsor valid_from valid_to",
    "dim_indicator": "indicator_id name_zh name_en unit theme definition_zh definition_en source",
    "dim_commitment": "commitment_id plan_year article name_zh name_en indicator_id comparison target scope deadline "
    "office",
    "dim_rule": "rule_id dataset severity message how_to_fix source owner since",
    "fact_indicator": "release_id indicator_id year level region_code numerator denominator value maturity",
    "fact_verdict": "release_id commitment_id year region_code value target verdict maturity gap gap_unit "
    "gap_verb gap_part value_before trend",
    "submission": "submission_id unit_code dataset period version state sha256 received_at rows_read rows_accepted "
    "rows_quarantined rows_ignored",
    "finding": "finding_id submission_id rule_id severity sheet row column_name cell message how_to_fix",
}


def test_the_agreed_names_are_there() -> None:
    for name, columns in AGREED.items():
        assert set(columns.split()) <= set(metadata.tables[name].columns.keys()), name


def test_every_table_and_column_is_told_in_chinese_and_english() -> None:
    told = {str(column): column.comment for table in metadata.tables.values() for column in table.columns}
    told |= {name: table.comment for name, table in metadata.tables.items()}
    untold = [name for name, comment in told.items() if not re.search(r"[\u4e00-\u9fff].* / .*[a-z]", comment or "")]
    assert len(told) > 100
    assert untold == []


def test_every_published_column_has_an_arrow_type() -> None:
    assert all(len(arrow_schema(table.columns)) == len(table.columns) for table in (*REPLACED, *FACTS))


def test_migrations_lead_to_the_schema(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, storage) == []


def test_a_difference_between_migrations_and_schema_would_be_found(engine: Engine) -> None:
    with engine.begin() as connection:
        drop_views(connection)
        connection.exec_driver_sql("ALTER TABLE stored_finding DROP COLUMN cell")
        assert [change[0] for change in compare_metadata(MigrationContext.configure(connection), storage)] == [
            "add_column"
        ]


def test_comments_are_in_the_database_too(engine: Engine) -> None:
    if engine.dialect.supports_comments:
        assert inspect(engine).get_table_comment("finding")["text"] == metadata.tables["finding"].comment
        columns = {column["name"]: column["comment"] for column in inspect(engine).get_columns("finding")}
        assert columns == {column.name: column.comment for column in metadata.tables["finding"].columns}
