"""Every indicator of the house, and those that a year's plan defines beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assets.indicators import (
    aid,
    balance,
    compulsory,
    enrolment,
    exams,
    loans,
    nutrition,
    preschool,
    resources,
    schools,
    senior,
    sports,
    staff,
    vocational,
)
from assets.indicators.catalogue import Indicator
from assets.indicators.errors import IndicatorError
from assets.indicators.measures import measured_indicators
from expectations.plan import Commitment

THEMES = {
    "preschool": "学前教育",
    "compulsory": "义务教育",
    "senior": "普通高中",
    "vocational": "职业教育",
    "schools": "学校管理",
    "enrolment": "学龄与升学",
    "staff": "教职工",
    "resources": "办学条件",
    "aid": "学生资助",
    "sports": "体育",
    "exams": "考试",
    "measures": "重点工作",
}

CATALOGUE: tuple[Indicator, ...] = (
    *preschool.INDICATORS,
    *compulsory.INDICATORS,
    *senior.INDICATORS,
    *vocational.INDICATORS,
    *schools.INDICATORS,
    *enrolment.INDICATORS,
    *staff.INDICATORS,
    *resources.INDICATORS,
    *balance.INDICATORS,
    *aid.INDICATORS,
    *loans.INDICATORS,
    *nutrition.INDICATORS,
    *sports.INDICATORS,
    *exams.INDICATORS,
)


def indicators_of(commitments: Iterable[Commitment] = ()) -> tuple[Indicator, ...]:
    """The catalogue and what the commitments of a plan measure, each id once.

    Raises:
        IndicatorError: two definitions have the same id.
    """
    together = (*CATALOGUE, *measured_indicators(commitments))
    twice = [name for name, times in Counter(item.id for item in together).items() if times > 1]
    if twice:
        raise IndicatorError(f"指标 {'、'.join(twice)} 有两个定义。")
    return together
