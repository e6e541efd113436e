"""`xiangxi roles`: who may read what of a warehouse on PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer
from rich import box
from rich.table import Table

from pipelines.cli.options import Home, data, settings_with, talk
from warehouse.access import access_of, create_roles, open_schemas, role_names, role_statements
from warehouse.connect import writing
from warehouse.migrate import migrate

Sql = Annotated[bool, typer.Option("--sql", help="只列出由管理员执行的建角色语句，不改动数据库")]


def roles(home: Home = None, sql: Sql = False) -> None:
    """角色：建立缺少的角色并重新授权（仅 PostgreSQL）；无权建立的，列出名称，由管理员执行 --sql 的语句。

    例：xiangxi roles --sql | psql xiangxi
    """
    house = settings_with(home).house()
    units = house.regions.unit_codes
    if sql:
        data().print(*(f"{statement};" for statement in role_statements(units)), sep="\n", markup=False, soft_wrap=True)
        return
    engine = house.engine()
    try:
        if engine.dialect.name != "postgresql":
            talk.print("SQLite 没有角色：仓库文件只有本人可读，公开的表另存为仓库旁的 pub.db。")
            return
        migrate(engine)
        with writing(engine) as connection:
            lacking = create_roles(connection, units)
            open_schemas(connection)
    finally:
        engine.dispose()
    _show(role_names(units), lacking)


def _show(names: list[str], lacking: list[str]) -> None:
    table = Table("角色", "状态", "可读", "可写", box=box.SIMPLE_HEAD)
    for name in names:
        access = access_of(name)
        own = f"（仅本单位 {'、'.join(access.only)}）" if access.only else ""
        told = "缺少" if name in lacking else "已有"
        table.add_row(name, told, f"{'、'.join(access.schemas)}{own}", "是" if access.is_writing else "")
    data().print(table)
    if lacking:
        talk.print("没有建立角色的权限；请管理员执行：xiangxi roles --sql | psql <库名>，再运行一次 xiangxi roles。")
        raise typer.Exit(1)
