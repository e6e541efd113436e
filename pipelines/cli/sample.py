"""`xiangxi sample`: write a synthetic prefecture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import talk


def sample(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹")],
    scale: Annotated[float, typer.Option("--scale", min=0.01, max=2.0, help="规模，1.0 约为全州")] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="随机种子；同一种子写出同样的文件")] = 1,
    messy: Annotated[bool, typer.Option("--messy", help="掺入实际会遇到的各种问题，并写明应当查出什么")] = False,
) -> None:
    """写一份虚构的州（报送文件和真值表），用于试用和测试。

    例：xiangxi sample --out var/sample --scale 0.1
    """
    from samples.prefecture import write_prefecture

    with talk.status(f"正在写规模 {scale:g} 的样本……"):
        summary = write_prefecture(out, scale=scale, seed=seed, messy=messy)
    talk.print(f"已写好 {summary.files} 个文件，在 {out / 'landing'}；真值表 {out / 'truth.csv'}")
    talk.print(f"各名单应当查出的 {summary.planted} 行在 {out / 'planted.csv'}")
    if messy:
        talk.print(f"应当查出的问题在 {out / 'manifest.csv'}")
