"""Meals of the nutrition plan: who gets them, and whether the money came and was spent (article 34)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import literal

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.formulas import Condition, Ratio
from assets.plans.gap import Work

ALL: Condition = literal(True)


@indicator(
    "营养改善计划受益率", "Pupils who get meals of the nutrition plan",
    "本年度各月受益人数之和占各月学生数之和的比例。",
    unit="%", counted="人次", source="要点第34条；营养改善计划月报",
    needs=("nutrition_meals",), grains=REGIONS,
    work=Work("增加", "人次受益"),
)  # fmt: skip
def nutrition_coverage(c: Tables) -> Ratio:
    """Beneficiaries over pupils of the schools that report, both added up over the months of the year."""
    r = c.nutrition_meals.c
    return Ratio(c.nutrition_meals, r.beneficiaries, r.pupils, among=ALL)


@indicator(
    "营养改善计划资金拨付率", "Money allocated to the nutrition plan",
    "本年度各月拨付金额之和，占受益人数、供餐天数与日标准之积的总和的比例。",
    unit="%", counted="分", source="要点第34条；营养改善计划月报",
    needs=("nutrition_meals",), grains=REGIONS,
    work=Work("拨付", "元", 100),
)  # fmt: skip
def nutrition_allocation_rate(c: Tables) -> Ratio:
    """Money allocated over what the meals of the year cost by the daily rate, in 分."""
    r = c.nutrition_meals.c
    return Ratio(c.nutrition_meals, r.allocated, r.beneficiaries * r.meal_days * r.daily_rate, among=ALL)


@indicator(
    "营养改善计划资金支出率", "Money of the nutrition plan that was spent",
    "本年度各月支出金额之和占拨付金额之和的比例；支出未填的月份两边都不计。",
    unit="%", counted="分", source="要点第34条；营养改善计划月报",
    needs=("nutrition_meals",), grains=REGIONS,
    work=Work("支出", "元", 100),
)  # fmt: skip
def nutrition_spending_rate(c: Tables) -> Ratio:
    """Money spent over money allocated in the year, in 分; a month without the first is unknown."""
    r = c.nutrition_meals.c
    return Ratio(c.nutrition_meals, r.spent, r.allocated, among=ALL)


INDICATORS = tuple(
    replace(item, theme="aid")
    for item in (
        nutrition_coverage,
        nutrition_allocation_rate,
        nutrition_spending_rate,
    )
)
