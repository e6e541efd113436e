"""`xiangxi rollback`: publish anew what an earlier release held."""

from __future__ import annotations

from typing import Annotated

import typer

from assets.clock import now_in_shanghai
from assets.releases.decided import publish_rollback
from pipelines.cli.options import Home, settings_with, talk
from pipelines.lock import holding

Source = Annotated[int | None, typer.Argument(metavar="RELEASE", help="要恢复的发布编号；不写则为上一次")]


def rollback(release_id: Source = None, home: Home = None) -> None:
    """回退：把较早的一次发布原样再发布一次，历史不改；下一次运行会按现有数据重新发布。

    例：xiangxi rollback 12
    """
    house = settings_with(home).house()
    with holding(house.home / "run.lock"):
        made, source = publish_rollback(house, release_id, now_in_shanghai())
    talk.print(f"已发布第 {made} 次发布，内容同第 {source} 次；xiangxi releases {made} 列出变动。", highlight=False)
