"""The page of the parameters: choices of policy, what they may be, what each plan chooses, and who asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from assets.indicators.parameters import Choices, Parameter
from assets.reports.dictionary.facts import Facts
from assets.reports.dictionary.markdown import (
    PARAMETERS,
    bullets,
    code,
    facts,
    indicator_place,
    lead,
    link,
    page,
    prose,
)
from assets.reports.dictionary.words import word


def parameters_page(told: Facts) -> str:
    """The text of the page, one heading per parameter."""
    return page(
        "参数 Parameters",
        lead("Choices of policy that definitions depend on; a plan may set them", PARAMETERS),
        "指标定义中由政策选择的部分；要点可以另定，每个数值都写明所用的值。",
        *(_parameter(told, parameter) for parameter in told.parameters.values()),
    )  # fmt: skip


def _parameter(told: Facts, parameter: Parameter) -> str:
    using = (link(each.indicator.name_zh, indicator_place(each.indicator.id), PARAMETERS)
             for each in told.using_parameter(parameter.name))  # fmt: skip
    parts = (
        f"## {parameter.name}", f"**{prose(parameter.name_zh)}**　{prose(parameter.text_zh)}",
        facts(_facts(told, parameter)), bullets(using),
    )  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def _facts(told: Facts, parameter: Parameter) -> Iterator[tuple[str, str]]:
    allowed = parameter.allowed
    listed = "、".join(map(str, allowed)) if isinstance(allowed, list) else str(allowed or "")
    shown = code(listed) if parameter.type == "codes" else prose(listed)
    yield "可取 Allowed", f"{word('parameter_types', parameter.type)} {shown}".strip()
    yield "简称 Names", prose("；".join(f"{name}：{'、'.join(of) or '空'}" for name, of in parameter.names.items()))
    yield "取值 Value", values_text(told, parameter)
    yield "出处 Source", prose(parameter.source)
    yield "指标 Indicators", "" if told.using_parameter(parameter.name) else "没有指标用到"


def values_text(told: Facts, parameter: Parameter) -> str:
    """The default of a parameter, and what plans have chosen where they say anything."""
    chosen = [f"{year} 年要点定为 {value_text(told.choices[year], parameter)}"
              for year, plan in sorted(told.plans.items()) if parameter.name in plan.parameters]  # fmt: skip
    return prose("；".join((f"默认 {value_text(Choices.of(), parameter)}", *chosen)))


def value_text(choices: Choices, parameter: Parameter) -> str:
    """The value of a parameter as it stands beside figures."""
    return choices.text({parameter.name}).partition("=")[2]
