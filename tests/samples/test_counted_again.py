"""Aid, sports and examinations counted again from the files: another way to the same truths."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from samples.facts import county_codes, read_yaml, townships, unit_codes
from tests.samples.conftest import Figure, Written
from tests.samples.landed import BUREAU, Row, day, fen, rows_of, yes

Pair = tuple[Decimal | int, Decimal | int]
Counted = dict[str, Figure]
OWN_SCHOOLS = "433170"


def number(row: Row, column: str) -> Decimal:
    return Decimal(re.sub(r"\D+$", "", row[column]))


def in_2020(text: str) -> bool:
    return bool(text) and day(text).year == 2020


def yuan(row: Row, column: str) -> Decimal:
    return Decimal(fen(row, column)) / 100


def unit_of(row: Row) -> str:
    """The unit for which a row counts: the bureau's own athletes and venues are those of 州直."""
    return OWN_SCHOOLS if row["unit"] == BUREAU else row["unit"]


def added(rows: Iterator[Row], pair: Callable[[Row], Pair], unit: Callable[[Row], str] = unit_of) -> Counted:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows:
        for place, value in enumerate(pair(row)):
            sums[unit(row)][place] += value
    return {place: (numerator, denominator) for place, (numerator, denominator) in sums.items()}


def numerators(figures: Counted) -> dict[str, Decimal]:
    return {place: numerator for place, (numerator, _) in figures.items()}


PAIRS: list[tuple[str, str, Callable[[Row], Pair]]] = [
    ("loan_overdue_rate", "student_loans",
     lambda r: (fen(r, "overdue"), fen(r, "principal_due") + fen(r, "interest_due"))),
    ("trainee_graduation", "trainees",
     lambda r: (yes(r["graduated"]), 1) if number(r, "graduation_due") == 2020 and r["graduated"] else (0, 0)),
    ("trainee_employment", "trainees",
     lambda r: (yes(r["employed"]), 1) if number(r, "graduation_due") == 2020 and yes(r["graduated"]) else (0, 0)),
    ("nutrition_coverage", "nutrition_meals", lambda r: (number(r, "beneficiaries"), number(r, "pupils"))),
    ("nutrition_allocation_rate", "nutrition_meals",
     lambda r: (fen(r, "allocated"), number(r, "beneficiaries") * number(r, "meal_days") * fen(r, "daily_rate"))),
    ("nutrition_spending_rate", "nutrition_meals", lambda r: (fen(r, "spent"), fen(r, "allocated"))),
    ("venue_safety_checked", "venues",
     lambda r: (in_2020(r["inspected_on"]), 1) if is_trail(r) or yes(r["farmers_project"]) else (0, 0)),
]  # fmt: skip
COUNTS: list[tuple[str, str, Callable[[Row], Pair]]] = [
    ("new_loans", "student_loans", lambda r: (number(r, "loan_year") == 2020, 0)),
    ("new_loan_amount", "student_loans", lambda r: (yuan(r, "amount") * (number(r, "loan_year") == 2020), 0)),
    ("loan_balance", "student_loans", lambda r: (yuan(r, "balance"), 0)),
    ("loans_settled", "student_loans", lambda r: (in_2020(r["settled_on"]), 0)),
    ("instructors_granted", "sports_instructors", lambda r: (in_2020(r["granted_on"]), 0)),
    ("fitness_trails", "venues", lambda r: (is_trail(r), 0)),
]


def is_trail(row: Row) -> bool:
    return row["kind"] in {"82", "全民健身路径"}


@pytest.mark.parametrize(("indicator", "dataset", "pair"), PAIRS, ids=[one[0] for one in PAIRS])
def test_a_ratio_counted_again(written: Written, indicator: str, dataset: str, pair: Callable[[Row], Pair]) -> None:
    found = {place: figure for place, figure in added(rows_of(written.landing, dataset), pair).items() if figure[1]}
    assert len(found) >= len(county_codes())
    assert found == written.regions(indicator, "county")


@pytest.mark.parametrize(("indicator", "dataset", "pair"), COUNTS, ids=[one[0] for one in COUNTS])
def test_a_count_counted_again(written: Written, indicator: str, dataset: str, pair: Callable[[Row], Pair]) -> None:
    found = numerators(added(rows_of(written.landing, dataset), pair))
    assert sum(found.values()) > 0
    assert found == numerators(written.regions(indicator, "county"))


def test_area_per_head_counted_again(written: Written) -> None:
    areas = numerators(added(rows_of(written.landing, "venues"), lambda row: (Decimal(row["area"]), 0)))
    people = {
        row["county_code"]: int(row["residents"])
        for row in rows_of(written.landing, "population") if row["age"] == "合计"
    }  # fmt: skip
    whole = written.truth["sports_area_per_capita", "prefecture", BUREAU]
    assert [sum(areas.values()), sum(people.values())] == list(whole)
    counties = written.regions("sports_area_per_capita", "county")
    assert counties.keys() == set(county_codes())
    assert all(areas[county] == figure[0] for county, figure in counties.items())


def test_served_townships_counted_again(written: Written) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    last_days = 0
    for row in rows_of(written.landing, "loan_officers"):
        by = {spelling: t for t in townships()[row["unit"]] for spelling in (t.name, t.code, f"{t.code}000")}
        ended = row["ended_on"]
        last_days += bool(ended) and (day(ended).month, day(ended).day) == (12, 31)
        if day(row["appointed_on"]).year <= 2020 and not (ended and day(ended).year <= 2020):
            township = by[row["township_code"]]
            found[row["unit"]] |= {township.code} if township.kind in {"镇", "乡"} else set()
    assert last_days > 0
    figures = written.regions("township_loan_officer_coverage", "county")
    assert {county: len(served) for county, served in found.items()} == numerators(figures)
    assert written.truth["township_loan_officer_coverage", "prefecture", BUREAU][1] == 105


def test_coaches_counted_again_and_one_of_two_units_once(written: Written) -> None:
    listed: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(written.landing, "coaches"):
        listed[unit_of(row)].add(row["coach_no"])
    figures = numerators(written.regions("coaches", "county"))
    assert {unit: len(numbers) for unit, numbers in listed.items()} == figures
    whole = written.truth["coaches", "prefecture", BUREAU][0]
    assert whole == len(set().union(*listed.values())) == sum(figures.values()) - 1


def is_born_as_numbered(row: Row) -> bool:
    """Whether the day of birth is that of the identity number, or one beside it: else the row is no athlete."""
    return abs((day(row["birth_date"]) - day(row["student_id"][6:14])).days) <= 1


def test_athletes_counted_again(written: Written) -> None:
    valid: dict[str, set[str]] = defaultdict(set)
    sent: dict[str, set[str]] = {unit: set() for unit in unit_codes()}
    rows = list(rows_of(written.landing, "athletes"))
    for row in (row for row in rows if is_born_as_numbered(row)):
        valid[unit_of(row)] |= {row["registration_no"]} if row["status"] == "有效" else set()
        sent[unit_of(row)] |= {row["registration_no"]} if in_2020(row["sent_on"]) else set()
    assert any(row["sent_on"] and not in_2020(row["sent_on"]) for row in rows)
    for indicator, found in (("registered_athletes", valid), ("athletes_sent", sent)):
        assert {unit: len(ones) for unit, ones in found.items()} == numerators(written.regions(indicator, "county"))


def test_results_counted_again_and_those_of_two_senders_once(written: Written) -> None:
    names = ("event_name", "edition", "sport", "event", "age_group", "registration_no", "rank")
    rows = list(rows_of(written.landing, "competition_results"))
    once = {tuple(row[name] for name in names): row for row in rows}
    assert len(once) < len(rows)
    whole = {key[0]: figure[0] for key, figure in written.truth.items() if key[1:] == ("prefecture", BUREAU)}
    medals = [sum(row["medal"] == medal for row in once.values()) for medal in "金银铜"]
    assert medals == [whole[f"medals_{name}"] for name in ("gold", "silver", "bronze")]
    assert sum(Decimal(row["points"]) for row in once.values()) == whole["competition_points"]


def test_sales_are_those_of_twelve_months(written: Written) -> None:
    months = defaultdict(list)
    for row in rows_of(written.landing, "lottery_sales"):
        months[row["county_code"]].append((row["month"], yuan(row, "sales")))
    assert {len({month for month, _ in sold}) for sold in months.values()} == {12}
    whole = written.truth["lottery_sales", "prefecture", BUREAU][0]
    assert sum(sales for sold in months.values() for _, sales in sold) == whole


def test_sittings_counted_again(written: Written) -> None:
    rows = list(rows_of(written.landing, "exam_sittings"))
    for facts in read_yaml("sittings"):
        own = [row for row in rows if row["exam"] == facts["exam"]]
        for indicator, part, whole in (
            ("absence_rate", "absent", "registered"),
            ("violation_rate", "violations", "sat"),
        ):
            found = [sum(int(row[name]) for row in own) for name in (part, whole)]
            assert found == list(written.truth[f"{indicator}_{facts['id']}", "prefecture", BUREAU])


def test_the_places_of_rural_juniors_counted_again(written: Written) -> None:
    codes = {name: code for code, (name,) in read_yaml("spellings")["urban_rural"].items()}
    rural = {
        row["school_code"]: codes.get(row["urban_rural"], row["urban_rural"]).startswith(("12", "2"))
        for row in rows_of(written.landing, "school")
    }
    quota, graduates = [0, 0], {}
    for row in rows_of(written.landing, "admissions"):
        graduates[row["junior_school_code"]] = int(row["graduates"])
        if yes(row["key_senior"]):
            quota[0] += int(row["quota"]) * rural[row["junior_school_code"]]
            quota[1] += int(row["quota"])
    country = sum(many for code, many in graduates.items() if rural[code])
    expected = [quota[0] * sum(graduates.values()), quota[1] * country]
    assert list(written.truth["rural_quota_parity", "prefecture", BUREAU]) == expected


SUBJECTS = [("初中学业水平考试", "数学", "junior_exam_maths"), ("初中学业水平考试", "生物", "junior_exam_biology"),
            ("普通高考", "语文", "gaokao_chinese"), ("普通高考", "文综", "gaokao_arts")]  # fmt: skip


@pytest.mark.parametrize(("exam", "subject", "name"), SUBJECTS, ids=[name for *_, name in SUBJECTS])
def test_scores_counted_again_by_school(written: Written, exam: str, subject: str, name: str) -> None:
    words = read_yaml("spellings")
    exams, subjects = words["exam"][exam], {subject, *words["subject"].get(subject, [])}
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 5)
    on_the_line = 0
    for row in rows_of(written.landing, "exam_results"):
        if row["exam"] in exams and row["subject"] in subjects and row["status"] == "正常":
            score, full = Decimal(row["score"]), Decimal(row["full_mark"])
            reached = (score >= full * 60 / 100, score >= full * 85 / 100, score < full * 40 / 100, True)
            marks = [score, *map(Decimal, reached)]
            found[row["school_code"]] = [a + b for a, b in zip(found[row["school_code"]], marks, strict=True)]
            on_the_line += score in {full * 60 / 100, full * 85 / 100, full * 40 / 100}
    assert on_the_line > 0
    for place, figure in enumerate(("mean", "pass", "excellent", "low")):
        told = {school: (sums[place], sums[4]) for school, sums in found.items()}
        assert told == written.regions(f"{name}_{figure}", "school")
