"""Forms of the census: every form that is to be read has its layout, and a layout that cannot be right is refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.errors import ContractError
from expectations.forms import FOLDER, Form, load_forms, named

OLD, NEW = load_forms()
TO_READ = {
    "基础基": "111 112 112续表1 211 212 213 311 312 313 314 315 331 411 412 4211 4212 431 442 511 512 521 522 531",
    "中职基": "111 311 411 421 521",
    "教基": "1001 1102 1102续 2105 2106 2107 3112 3113 3115 3116 3118 3119 4148 4149 4156 4159 5170 5176 "
    "3221 4251 4261 5377",
}
OF_GRADE = {"table": "enrolment", "verified": True, "stage": "幼儿园"}


def test_every_form_that_is_to_be_read_has_a_layout() -> None:
    wanted = {f"{set_}{number}" for set_, numbers in TO_READ.items() for number in numbers.split()}
    assert len(wanted) == 50
    assert wanted - {*OLD.forms, *NEW.forms} == set()


def test_generations_follow_each_other_without_a_gap() -> None:
    assert OLD.holds("2018-2019") and OLD.holds("2020-2021") and not OLD.holds("2021-2022")
    assert NEW.holds("2021-2022") and NEW.holds("2025-2026") and not NEW.holds("2020-2021")


def test_bands_of_class_sizes_are_not_crossed_with_grades() -> None:
    form = OLD.forms["基础基213"]
    assert {("03", "3"), ("12", "10")} <= form.blocked
    assert form.blocked.isdisjoint({("01", "3"), ("03", "2"), ("12", "7")})


def test_cells_are_named_by_codes_or_by_place() -> None:
    assert (named("01/9").row, named("01/9").column) == ("01", "9")
    assert named("01/一年级").column == "一年级"
    assert (named("L9+N9").places, named("L9+N9").how) == (("L9", "N9"), "sum")
    assert (named("C3|C4").places, named("C3|C4").how) == (("C3", "C4"), "either")
    for wrong in ("", "1/9", "9", "D0", "D7+", "01/"):
        with pytest.raises(ValueError, match="names no cell"):
            named(wrong)


def changed(tmp_path: Path, form: str, **change: Any) -> Path:
    document = yaml.safe_load((FOLDER / "2018.yaml").read_text("utf-8"))
    document["forms"] = {form: {**document["forms"][form], **change}}
    (tmp_path / "2018.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"colour": "red"}, r"forms.基础基311.colour: Extra inputs"),
        ({"rows": {"1": "总计"}}, r"forms.基础基311.rows.1.\[key\]"),
        ({"starred": ["03/3"]}, r"forms.基础基311.starred.0"),
        ({"fills": [{**OF_GRADE, "grade": "K1", "cells": {"age": "01/8"}}]},
         r"forms.基础基311.fills.0: Value error, enrolment has no column age"),
        ({"fills": [{**OF_GRADE, "grade": "K9", "cells": {}}]},
         r"fills.0: Value error, grade K9 is not in the contract"),
        ({"fills": [{**OF_GRADE, "cells": {}}]}, r"fills.0: Value error, enrolment needs a grade"),
        ({"fills": [{"table": "facilities", "verified": True, "cells": {"books": "01/99"}}]},
         r"forms.基础基311: Value error, books: no column 99"),
        ({"boxes": {"colour": "D7"}}, r"forms.基础基311: Value error, school has no column colour"),
    ],
)  # fmt: skip
def test_a_layout_that_cannot_be_right_is_refused_with_file_and_place(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(ContractError, match=f"census_forms/2018.yaml: .*{told}"):
        load_forms(changed(tmp_path, "基础基311", **change))


def test_a_layout_drawn_from_single_cells_says_so() -> None:
    forms: list[Form] = [form for generation in (OLD, NEW) for form in generation.forms.values()]
    by_place = [fill for form in forms for fill in form.fills for text in fill.cells.values() if named(text).places]
    assert len(by_place) >= 8
    assert not any(fill.verified for fill in by_place)
