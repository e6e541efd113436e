"""Where leavers go: the vocational share of junior leavers, employment of vocational graduates (article 20)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, not_

from assets.indicators.catalogue import Tables, indicator
from assets.indicators.formulas import Condition, Ratio
from assets.plans.gap import Work


def is_vocational(c: Tables) -> Condition:
    """Whether the row is one of a vocational school; empty where the school's kind is not known."""
    return c.graduate_destinations.c.school_kind.startswith("36")


def _to_vocational(c: Tables) -> ColumnElement[Any]:
    r = c.graduate_destinations.c
    return r.to_vocational + r.to_technical + r.to_five_year


def _continuing(c: Tables) -> ColumnElement[Any]:
    return _to_vocational(c) + c.graduate_destinations.c.to_general_high


@indicator(
    "应届初中毕业生就读职业学校比例", "Share of junior leavers who go on to vocational schools",
    "应届初中毕业生中升入中职、技工学校和五年制高职的人数，占全部应届初中毕业生的比例（分母口径见参数）。",
    unit="%", counted="名毕业生", source="要点第20条；毕业生去向、学校名录", needs=("graduate_destinations", "school"),
    work=Work("引导", "名毕业生就读职业学校"),
)  # fmt: skip
def vocational_share_of_leavers(c: Tables) -> Ratio:
    """Leavers to vocational, technical and five-year schools, among all graduates of schools that are not vocational.

    The plan's words name all graduates; a row of which one needed number is missing is unknown.
    """
    among_all = c.choice("vocational_share_denominator") == "all_graduates"
    denominator = c.graduate_destinations.c.graduates if among_all else _continuing(c)
    return Ratio(c.graduate_destinations, _to_vocational(c), denominator, not_(is_vocational(c)))


@indicator(
    "升学初中毕业生就读职业学校比例", "Vocational share of the junior leavers who continue",
    "升入中职、技工学校和五年制高职的人数，占升学的初中毕业生（加上升入普通高中的人数）的比例，全国公布的比例用此口径。",
    unit="%", counted="名毕业生", source="要点第20条；毕业生去向、学校名录", needs=("graduate_destinations", "school"),
    work=Work("引导", "名毕业生就读职业学校"),
)  # fmt: skip
def vocational_share_of_continuing(c: Tables) -> Ratio:
    """The same leavers, among those who went on to any school: how national figures are printed."""
    return Ratio(c.graduate_destinations, _to_vocational(c), _continuing(c), not_(is_vocational(c)))


@indicator(
    "中职毕业生就业率", "Employment of vocational graduates",
    "中职毕业生中升学、直接就业、自主创业、参军和其他就业的人数之和，占毕业生的比例。",
    unit="%", counted="名毕业生", source="要点第20条；毕业生去向、学校名录", needs=("graduate_destinations", "school"),
    work=Work("帮助", "名毕业生就业"),
)  # fmt: skip
def vocational_employment(c: Tables) -> Ratio:
    """Graduates who study on, work, run a business or serve, among all graduates of vocational schools."""
    r = c.graduate_destinations.c
    employed = r.to_higher + r.employed_directly + r.self_employed + r.enlisted + r.other_employed
    return Ratio(c.graduate_destinations, employed, r.graduates, is_vocational(c))


@indicator(
    "中职毕业生对口就业率", "Vocational graduates who work in their field",
    "直接就业的中职毕业生中，对口就业的比例；升学的不在分母内。",
    unit="%", counted="名毕业生", source="要点第20条；毕业生去向、学校名录", needs=("graduate_destinations", "school"),
    work=Work("帮助", "名毕业生对口就业"),
)  # fmt: skip
def vocational_matched_employment(c: Tables) -> Ratio:
    """Graduates employed in their field, among those employed directly: who studies on is not in the denominator."""
    r = c.graduate_destinations.c
    return Ratio(c.graduate_destinations, r.employed_matched, r.employed_directly, is_vocational(c))


INDICATORS = (
    vocational_share_of_leavers,
    vocational_share_of_continuing,
    vocational_employment,
    vocational_matched_employment,
)
