"""Choices of policy: defaults, what a plan may say, and how they are told."""

import pytest

from assets.indicators.errors import IndicatorError, ParameterError
from assets.indicators.parameters import Choices, load_parameters
from expectations.plan import load_plans


def test_every_default_is_one_that_may_be_chosen() -> None:
    values = Choices.of().values
    assert len(values) == len(load_parameters()) >= 13
    assert values["township_scope"] == ("镇", "乡")
    assert values["local_enterprise_public"] == ()


def test_the_plan_of_2020_chooses_the_defaults() -> None:
    assert Choices.of(load_plans()[2020].parameters) == Choices.of()


@pytest.mark.parametrize(("name", "value", "read"), [
    ("township_scope", "town_and_township", ("镇", "乡")), ("local_enterprise_public", False, ()),
    ("local_enterprise_public", ["1143000001"], ("1143000001",)), ("large_class_size", 61, 61),
    ("include_tuoban", False, False), ("population_series", "registered", "registered"),
])  # fmt: skip
def test_what_may_be_chosen(name: str, value: object, read: object) -> None:
    assert Choices.of({name: value}).values[name] == read


@pytest.mark.parametrize(("name", "value", "told"), [
    ("population_series", "guess", "residents、registered"), ("include_tuoban", "yes", "true、false"),
    ("large_class_size", 0, "1 至 200"), ("large_class_size", "56", "1 至 200"), ("large_class_size", True, "1 至 200"),
    ("entry_class_kinds", [], "普通"), ("entry_class_kinds", ["快班"], "普通"), ("entry_class_kinds", "普通", "普通"),
    ("local_enterprise_public", ["12"], "no"), ("nothing", 1, "population_series"),
])  # fmt: skip
def test_what_may_not_be_chosen_is_told_with_what_may(name: str, value: object, told: str) -> None:
    with pytest.raises(ParameterError, match=told) as caught:
        Choices.of({name: value})
    assert name in str(caught.value)
    assert isinstance(caught.value, IndicatorError)


def test_choices_are_told_in_one_line() -> None:
    choices = Choices.of({"include_tuoban": False})
    names = {"on_time_projects", "include_tuoban", "local_enterprise_public", "large_class_size"}
    told = "include_tuoban=false; large_class_size=56; local_enterprise_public=no; on_time_projects="
    assert choices.text(names) == f"{told}入园补助、生活补助、国家助学金"
    assert choices.text(set()) == ""
