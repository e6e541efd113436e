"""General senior schools: large and oversized classes (article 9). Vocational schools stand in `vocational.py`."""

from __future__ import annotations

from assets.indicators.catalogue import Tables, indicator
from assets.indicators.formulas import Count, Ratio, share
from assets.plans.gap import Work


@indicator(
    "普通高中超大班额班数", "Oversized classes in general senior schools",
    "普通高中达到超大班额人数的班数。",
    unit="班", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",), work=Work("拆分", "个超大班", -1),
)  # fmt: skip
def senior_oversized_classes(c: Tables) -> Count:
    """Classes of general senior stage, of any kind, with as many pupils as an oversized class or more."""
    r = c.class_ledger.c
    return Count(c.class_ledger, that=r.pupils >= c.number("oversized_class_size"), among=r.stage == "普通高中")


@indicator(
    "普通高中大班额比例", "Share of large classes in general senior schools",
    "普通高中达到大班额人数的班（包括超大班额）占全部班级的比例。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",), work=Work("拆分", "个大班", -1, 1),
)  # fmt: skip
def senior_large_class_share(c: Tables) -> Ratio:
    """Classes of general senior stage with as many pupils as a large class or more, oversized included, among all."""
    r = c.class_ledger.c
    return share(c.class_ledger, that=r.pupils >= c.number("large_class_size"), among=r.stage == "普通高中")


INDICATORS = (senior_oversized_classes, senior_large_class_share)
