"""Cases planted in the ledgers of aid of the last autumn: no roll or another's, two units, accounts, sums.

A recipient gets another identity in the list of the entitled and in the payments alike, so that figures of the unit
stay as they are; the prefecture counts who is in two units once, and that is told to the truths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from samples.aid import FEN
from samples.facts import PREFECTURE
from samples.persons import DAYS, PER_DAY, account_of
from samples.planted import facts, mark, planted
from samples.planted_rolls import GONE, Rolls, person
from samples.pupils import ages_of_grades
from samples.tables import Mark, Table
from samples.truths import Truths

POOR = "建档立卡"
SEASON = "autumn"
NUMBERS = ("student_id", "national_student_no")
BOTH = ("both_pay_one_project", "both_pay")
IN_BOTH = ("aid_coverage", "aid_coverage_poor", "aid_coverage_priority")
Cells = dict[int, dict[str, Any]]


@dataclass
class Ledgers:
    """The two ledgers of a unit while cases are planted in them; `used` are pupils of whom no more is planted."""

    unit: str
    entitled: Table
    payments: Table
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Finds the rows of each pupil."""
        self.rows: dict[str, list[int]] = defaultdict(list)
        for row, number in enumerate(self.payments.columns["student_id"]):
            self.rows[number].append(row)

    def cell(self, name: str, row: int) -> Any:
        """A cell of the payments."""
        return self.payments.columns[name][row]

    def is_repeated(self, number: str) -> bool:
        """Whether a project is paid twice to a pupil: then neither row is accepted."""
        projects = [self.cell("project", row) for row in self.rows[number]]
        return len(set(projects)) < len(projects)

    def pupils(self, stage: str, grade: str | None = None, category: str | None = None) -> Iterator[str]:
        """Pupils of a stage, whose every payment arrived, in the order of the ledger, but for those already used."""
        told = {"stage": stage, "grade": grade, "category": category, "pay_status": "成功"}
        wanted = {name: value for name, value in told.items() if value}
        for number, rows in self.rows.items():
            fits = all(self.cell(name, row) == value for row in rows for name, value in wanted.items())
            if fits and number not in self.used and not self.is_repeated(number):
                yield number

    def entitled_row(self, number: str) -> int:
        """The row of a pupil in the list of the entitled."""
        return self.entitled.columns["student_id"].index(number)

    def become(self, number: str, other: dict[str, Any], *marks: Mark) -> None:
        """A pupil gets another identity in both ledgers; `marks` are of the first payment and of the list."""
        told = {name: other[name] for name in NUMBERS}
        row, rows = self.entitled_row(number), self.rows.pop(number)
        of_list = [one for one in marks if one.list.startswith("entitled")]
        self.entitled = planted(self.entitled, {row: told}, of_list)
        of_payments = [one for one in marks if not one.list.startswith("entitled")]
        self.payments = planted(self.payments, dict.fromkeys(rows, told), of_payments)
        self.rows[other["student_id"]] = rows
        self.used |= {number, other["student_id"]}

    def on_both_lists(self, number: str, kind: str, case: str) -> list[Mark]:
        """Marks of a pupil's first payment and of the row in the list of the entitled, each for its list."""
        places = (("aid", self.rows[number][0]), ("entitled", self.entitled_row(number)))
        return [mark(f"{ledger}_{kind}", row, case) for ledger, row in places]


class AidPlants:
    """Plants unit by unit; who is aided by two units is remembered from the first to the second."""

    def __init__(self, rolls: Rolls, truths: Truths) -> None:
        """Nothing is planted yet."""
        self.rolls, self.truths = rolls, truths
        self.homes = {one.school.code: one.school.figures_of.code for one in rolls.grades}
        self.registers: dict[str, Table] = {}
        self.first: dict[str, tuple[Ledgers, str]] = {}

    def keep(self, unit: str, roll: Table) -> None:
        """Remembers a roll as it is delivered: whoever is on it without an identity number is not to be planted."""
        self.registers[unit] = roll

    def plant(self, unit: str, entitled: Table, payments: Table) -> tuple[Table, Table]:
        """Both ledgers of a unit with what is planted in them."""
        told = Ledgers(unit, entitled, payments)
        for case in (self._gone, self._nowhere, self._elsewhere, self._both_pay, self._accounts, self._above):
            case(told)
        return told.entitled, told.payments

    def _gone(self, told: Ledgers) -> None:
        """Whoever the roll calls gone and is aided all the same."""
        roll = self.registers[told.unit].columns
        gone = {number for number, status in zip(roll["student_id"], roll["status"], strict=True) if status == GONE}
        told.used |= gone
        for number in sorted(gone & set(told.entitled.columns["student_id"])):
            marks = [mark("entitled_elsewhere", told.entitled_row(number), "gone")]
            told.entitled = planted(told.entitled, {}, marks)
            if told.rows.get(number) and not told.is_repeated(number):
                marks = [mark("aid_elsewhere", told.rows[number][0], "gone")]
                told.payments = planted(told.payments, {}, marks)

    def _nowhere(self, told: Ledgers) -> None:
        """A stranger in the place of a pupil, in a grade where everyone on the roll has an identity number."""
        case = facts("nowhere")
        if told.unit != case["unit"]:
            return
        roll = self.registers[told.unit].columns
        listed = zip(roll["school_code"], roll["grade"], roll["student_id"], strict=True)
        bare = {(self.homes[school], grade) for school, grade, number in listed if number is None}
        number = next(one for one in told.pupils(case["stage"]) if self._grade(told, one) not in bare)
        age = ages_of_grades()[self._grade(told, number)[1]]
        stranger = person(self.rolls.year - age, DAYS * PER_DAY - 1)
        told.become(number, stranger, *told.on_both_lists(number, "nowhere", "nowhere"))

    def _elsewhere(self, told: Ledgers) -> None:
        """A pupil of another county's roll in the place of a recipient."""
        case = facts("elsewhere")
        if told.unit == case["unit"]:
            (other,) = self.rolls.last_pupils(case["of"], case["grade"])
            number = next(told.pupils("小学"))
            told.become(number, other, *told.on_both_lists(number, "elsewhere", "elsewhere"))

    def _both_pay(self, told: Ledgers) -> None:
        for case in BOTH:
            given = facts(case)
            if told.unit in given["units"]:
                at = given["units"].index(told.unit)
                found = told.pupils(given["stages"][at], given["grades"][at], POOR)
                if at == 0:
                    self._first_of_two(told, found, case)
                else:
                    self._second_of_two(told, next(found), case)

    def _first_of_two(self, told: Ledgers, found: Iterable[str], case: str) -> None:
        known = set(self.registers[told.unit].columns["student_id"])
        number = next(one for one in found if one in known)
        self.first[case] = (told, number)
        told.used.add(number)
        told.payments = planted(told.payments, {}, self._marks_of_two(told, number, case))

    def _second_of_two(self, told: Ledgers, number: str, case: str) -> None:
        """The same pupil in the place of one of this unit: in both counties, and once in the prefecture."""
        there, same = self.first[case]
        marks = [*self._marks_of_two(told, number, case), *told.on_both_lists(number, "elsewhere", case)]
        later = self._later(there, same, told, number)
        told.become(number, {"student_id": same, "national_student_no": f"G{same}"}, *marks)
        for figure in IN_BOTH:
            self.truths.at_unit(f"{figure}_{SEASON}", self.rolls.year, PREFECTURE, -1, -1)
        self.truths.at_unit(f"aid_amount_per_pupil_{SEASON}", self.rolls.year, PREFECTURE, 0, -1)
        if case == BOTH[0]:
            self.truths.at_unit(f"aid_repeated_rate_{SEASON}", self.rolls.year, later, 1, 0)

    @staticmethod
    def _marks_of_two(told: Ledgers, number: str, case: str) -> list[Mark]:
        row = told.rows[number][0]
        lists = ("aid_of_two_units", "aid_twice") if case == BOTH[0] else ("aid_of_two_units",)
        return [mark(name, row, case) for name in lists]

    @staticmethod
    def _later(first: Ledgers, one: str, second: Ledgers, other: str) -> str:
        """The unit that paid later: there the second payment counts."""
        paid = [(told.cell("paid_on", told.rows[number][0]), told.unit)
                for told, number in ((first, one), (second, other))]  # fmt: skip
        return max(paid)[1]

    def _accounts(self, told: Ledgers) -> None:
        """One account for pupils of one school, here and in another unit, or here alone."""
        for case in ("account_of_units", "account_of_one"):
            given = facts(case)
            if told.unit in (given["units"] if "units" in given else [given["unit"]]):
                pupils = _of_one_school(told, given["pupils"])
                account = account_of(self.rolls.year, DAYS * PER_DAY + len(case))
                rows = sorted(row for number in pupils for row in told.rows[number])
                told.used |= set(pupils)
                marks = [mark("one_account", rows[0], case)]
                told.payments = planted(told.payments, {row: {"account": account} for row in rows}, marks)

    def _above(self, told: Ledgers) -> None:
        """A fee waived of more than the standard."""
        case = facts("above")
        if told.unit != case["unit"]:
            return
        number = next(told.pupils(case["stage"]))
        row = next(row for row in told.rows[number] if told.cell("project", row) == case["project"])
        told.used.add(number)
        amounts = {name: told.cell(name, row) + case["more"] for name in ("amount_due", "amount_paid")}
        told.payments = planted(told.payments, {row: amounts}, [mark("aid_above", row, "above")])
        figure = f"aid_amount_per_pupil_{SEASON}"
        self.truths.at_unit(figure, self.rolls.year, told.unit, case["more"] * FEN, 0)

    def _grade(self, told: Ledgers, number: str) -> tuple[str, str]:
        row = told.rows[number][0]
        return self.homes[told.cell("school_code", row)], told.cell("grade", row)


def _of_one_school(told: Ledgers, many: int) -> Sequence[str]:
    """The first pupils of the first school that has so many."""
    found: dict[str, list[str]] = defaultdict(list)
    for number in told.pupils("小学"):
        school = found[told.cell("school_code", told.rows[number][0])]
        school.append(number)
        if len(school) == many:
            return school
    raise ValueError(f"{told.unit} has no school with {many} recipients")


def marks_of_repeated(payments: Table) -> list[Mark]:
    """A mark for each payment of a project that the ledger holds twice for a pupil."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(payments.columns["student_id"], payments.columns["project"], strict=True)):
        rows[key].append(row)
    return [mark("aid_twice", row, "twice") for each in rows.values() if len(each) > 1 for row in each]
