"""The MetaData that all tables share, with its naming convention and the check of a closed word list."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import CheckConstraint, MetaData, Table

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def one_of(column: str, words: Mapping[str, str]) -> CheckConstraint:
    """The constraint that the column holds one of the words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column, info={"column": column, "words": tuple(words)})


def listed_words(table: Table) -> dict[str, list[str]]:
    """The columns of the table that hold one of a closed list of words, each with its words."""
    checks = (each.info for each in table.constraints if isinstance(each, CheckConstraint))
    return {check["column"]: list(check["words"]) for check in checks}
