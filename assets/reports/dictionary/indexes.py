"""The pages that lead to others: the index by theme and article, and every header by its sound."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from itertools import groupby

from assets.indicators.registry import THEMES
from assets.reports.dictionary.datasets import expected_text, period_text
from assets.reports.dictionary.facts import Facts, Promise
from assets.reports.dictionary.markdown import (
    HEADERS,
    PARAMETERS,
    README,
    SEARCH,
    WAREHOUSE,
    bullets,
    code,
    commitment_place,
    dataset_place,
    indicator_place,
    lead,
    link,
    page,
    prose,
    section,
    table,
)
from assets.reports.scorecard_lines import target_text
from expectations.contract import Contract
from expectations.plan import Plan
from warehouse.words import DELIVERABLES

# GB 2312 orders its common characters by pinyin: the first of each initial, and the last of them all.
_FIRSTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_INITIALS = "ABCDEFGHJKLMNOPQRSTWXYZ"
_BOUNDS = [character.encode("gb2312") for character in _FIRSTS]
_LAST = "座".encode("gb2312")
_OTHER = "其他 Others"


def index_page(told: Facts) -> str:
    """The text of the index."""
    measured = sum(each.indicator.theme == DELIVERABLES for each in told.definitions.values())
    return page(
        "数据词典 Data dictionary",
        "由数据合同、指标目录、要点和库表定义生成，每张报表、每个指标、每项任务一页。改动来源后运行 `make dictionary`；"
        "有过期的页，`make check` 不通过。",
        "Generated from contracts, catalogue, plans and schema, a page per dataset, indicator and commitment. "
        "`make dictionary` writes it anew, `make check` fails where it is stale.",
        bullets((
            f"{link('检索', SEARCH, README)}：按名称、编号或表头的任一写法查；一个网页文件，用浏览器打开，不需联网",
            f"{link('表头', HEADERS, README)}：表头的全部写法，按拼音",
            f"{link('参数', PARAMETERS, README)}：指标定义中的政策选择",
            f"{link('数据库', WAREHOUSE, README)}：发布的表和视图",
        )),
        section(f"报表 Datasets（{len(told.contracts)}）", _datasets(told.contracts.values())),
        section(f"指标 Indicators（{len(told.definitions)}）",
                f"其中 {measured} 个由任务直接定义，列在各条任务之下。", *_themes(told)),
        *(_plan(told, plan) for _, plan in sorted(told.plans.items(), reverse=True)),
    )  # fmt: skip


def _datasets(contracts: Iterable[Contract]) -> str:
    heads = ("报表", "Dataset", "代码", "报告期", "由谁报送")
    return table(heads, (
        (link(c.name_zh, dataset_place(c.dataset), README), prose(c.name_en), code(c.dataset),
         period_text(c).partition("，")[0], "；".join(dict.fromkeys(map(expected_text, c.expected))))
        for c in sorted(contracts, key=lambda c: sound(c.name_zh))
    ))  # fmt: skip


def _themes(told: Facts) -> Iterator[str]:
    for theme, title in THEMES.items():
        items = [each.indicator for each in told.definitions.values() if each.indicator.theme == theme]
        if items and theme != DELIVERABLES:
            lines = (f"{link(i.name_zh, indicator_place(i.id), README)} {code(i.id)} {prose(i.name_en)}" for i in items)
            yield f"### {title}（{len(items)}）\n\n{bullets(lines)}"


def _plan(told: Facts, plan: Plan) -> str:
    articles = sorted({item.article for item in plan.items} | {left.article for left in plan.left_out})
    heading = f"任务 Commitments：{prose(plan.meta.title)}（{len(plan.commitments)}）"
    return section(heading, *(_article(told, plan, number) for number in articles))


def _article(told: Facts, plan: Plan, number: int) -> str:
    rows = (_promise(told, p) for p in told.promises if p.year == plan.year and p.commitment.article == number)
    reasons = [f"没有任务：{prose(item.reason)}" for item in plan.unmeasured if item.article == number]
    reasons += [f"未计量：{prose(left.promise)}。{prose(left.reason)}" for left in plan.left_out
                if left.article == number]  # fmt: skip
    parts = (f"### 第 {number} 条", table(("编号", "任务", "目标", "指标"), rows), bullets(reasons))
    return "\n\n".join(part for part in parts if part)


def _promise(told: Facts, promise: Promise) -> tuple[str, ...]:
    c = promise.commitment
    figures = (link(told.definitions[name].indicator.name_zh, indicator_place(name), README) for name in c.indicator)
    return (code(c.id), link(c.name_zh, commitment_place(promise.year, c.id), README), prose(target_text(c)),
            "、".join(figures))  # fmt: skip


def headers_page(told: Facts) -> str:
    """The text of the page of headers: every spelling with its column and the datasets that have it."""
    rows = sorted(told.header_rows(), key=lambda row: (sound(row[0]), row[1].name, row[2].dataset))
    grouped = [(header, name, [contract for _, _, contract in found])
               for (header, name), found in groupby(rows, key=lambda row: (row[0], row[1].name))]  # fmt: skip
    return page(
        f"表头 Headers（{len({header for header, _, _ in grouped})}）",
        lead("Every header that a file may use", HEADERS),
        "各报表认得的全部表头，按拼音。空格、全半角、引号和表头后括号里的单位不影响识别；英文列名也可作表头。",
        *(
            f"## {letter}\n\n" + table(("表头", "列名", "报表"), (_header(told, *row) for row in found))
            for letter, found in groupby(grouped, key=lambda row: initial(row[0]))
        ),
    )  # fmt: skip


def _header(told: Facts, header: str, column: str, contracts: list[Contract]) -> tuple[str, ...]:
    links = "、".join(link(each.name_zh, dataset_place(each.dataset), HEADERS) for each in contracts)
    shown = f"全部 {len(contracts)} 张报表" if len(contracts) == len(told.contracts) > 1 else links
    return prose(header), code(column), shown


def sound(text: str) -> tuple[bool, str, bytes]:
    """A key that orders Chinese by pinyin as far as GB 2312 does; what has no initial comes last."""
    letter = initial(text)
    return letter == _OTHER, letter, text.encode("gb18030")


def initial(text: str) -> str:
    """The first letter of a text's pinyin or Latin; characters that are not common have none."""
    first = text[:1].encode("gb18030")
    if text[:1].isascii() and text[:1].isalpha():
        return text[0].upper()
    is_common = len(first) == 2 and _BOUNDS[0] <= first <= _LAST  # a common character is two bytes
    return _INITIALS[bisect.bisect_right(_BOUNDS, first) - 1] if is_common else _OTHER
