"""The dictionary that lies in the database itself: what each table, view and column means."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from warehouse.schema.base import metadata

data_dictionary = Table(
    "data_dictionary",
    metadata,
    Column("object_name", Text, primary_key=True, comment="表或视图 / table or view"),
    Column("column_name", Text, primary_key=True, comment="列；空为整个表或视图 / column; empty: the whole of it"),
    Column("kind", Text, nullable=False, comment="类别：table 表、view 视图 / table or view"),
    Column("data_type", Text, comment="类型 / type of the column"),
    Column("comment_zh", Text, nullable=False, comment="中文说明 / meaning in Chinese"),
    Column("comment_en", Text, nullable=False, comment="英文说明 / meaning in English"),
    comment="数据字典：各表、视图和列的含义 / what each table, view and column means",
)
