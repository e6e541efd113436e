"""Where leavers go: the two readings of the vocational share, and employment, on rows worked out by hand."""

from tests.indicators.year import Row, Year

LEAVERS, CONTINUING = "vocational_share_of_leavers", "vocational_share_of_continuing"
EMPLOYED, MATCHED = "vocational_employment", "vocational_matched_employment"


def junior(code: str, graduates: int, high: int | None, *vocational: int | None) -> Row:
    names = ("to_vocational", "to_technical", "to_five_year")
    return {"school_code": code, "graduates": graduates, "to_general_high": high,
            **dict(zip(names, vocational, strict=True))}  # fmt: skip


def vocational(code: str, graduates: int, *employed: int | None, matched: int | None = 0) -> Row:
    names = ("to_higher", "employed_directly", "self_employed", "enlisted", "other_employed")
    return {"school_code": code, "graduates": graduates, **dict(zip(names, employed, strict=True)),
            "employed_matched": matched}  # fmt: skip


def draw(year: Year) -> None:
    kinds = {"j": "311", "n": "312", "v": "365", "w": "368", "t": "366"}
    year.put("school", *({"school_code": code, "kind": kind, "sponsor": "831"} for code, kind in kinds.items()))


def test_both_readings_of_the_vocational_share(year: Year) -> None:
    draw(year)
    year.put("graduate_destinations", junior("j", 80, 40, 30, 2, 2), junior("n", 20, 10, 5, 1, 2),
             vocational("v", 500, 300, 100, 50, 25, 10))  # fmt: skip
    found = year.figures(LEAVERS, CONTINUING)
    assert found.of(LEAVERS) == (42, 100)
    assert found.row(LEAVERS)["value"] == 0.42
    assert found.of(CONTINUING) == (42, 92)
    assert found.of(LEAVERS, "n") == (8, 20)
    assert found.regions(LEAVERS, "school") == {"j", "n"}
    year.choices = {"vocational_share_denominator": "continuing"}
    assert year.figures(LEAVERS).of(LEAVERS) == (42, 92)


def test_an_empty_number_is_unknown_and_not_0(year: Year) -> None:
    draw(year)
    year.put("graduate_destinations", junior("j", 80, 40, 30, None, 2), junior("n", 20, None, 5, 1, 2))
    found = year.figures(LEAVERS, CONTINUING)
    assert found.of(LEAVERS) == (8, 20)
    assert found.of(CONTINUING) == (None, 0)
    assert found.row(LEAVERS)["unknown_count"] == 1
    assert found.row(CONTINUING)["unknown_count"] == 2
    assert found.row(LEAVERS)["maturity"] == "provisional"


def test_employment_of_vocational_schools_of_every_kind(year: Year) -> None:
    draw(year)
    year.put("graduate_destinations", junior("j", 80, 40, 30, 2, 2),
             vocational("v", 60, 30, 20, 4, 2, 2, matched=15), vocational("w", 20, 10, 5, 1, 2, 1, matched=5),
             vocational("t", 20, 5, 15, 0, 0, 0, matched=14))  # fmt: skip
    found = year.figures(EMPLOYED, MATCHED)
    assert found.of(EMPLOYED) == (97, 100)
    assert found.of(MATCHED) == (34, 40)
    assert found.row(MATCHED)["value"] == 0.85
    assert found.of(MATCHED, "v") == (15, 20)
    assert found.regions(EMPLOYED, "school") == {"v", "w", "t"}


def test_a_school_without_graduates_has_no_figure(year: Year) -> None:
    draw(year)
    year.put("graduate_destinations", vocational("v", 0, 0, 0, 0, 0, 0))
    found = year.figures(EMPLOYED, MATCHED)
    assert found.of(EMPLOYED) == found.of(MATCHED) == (None, 0)
    assert not found.regions(EMPLOYED, "school")
    assert found.row(EMPLOYED)["maturity"] == "confirmed"


def test_a_school_of_no_known_kind_is_on_neither_side_and_counted(year: Year) -> None:
    draw(year)
    year.put("graduate_destinations", junior("?", 80, 40, 30, 2, 2), junior("n", 20, 10, 5, 1, 2))
    found = year.figures(LEAVERS, EMPLOYED)
    assert found.of(LEAVERS) == (8, 20)
    assert found.row(LEAVERS)["unknown_count"] == found.row(EMPLOYED)["unknown_count"] == 1
