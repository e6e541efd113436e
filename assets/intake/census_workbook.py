"""A workbook of the national census: recognised by the names of its sheets, read by the layouts of its forms.

The cover tells the school year, the first form the school. Every other form gives its cells; of them the rows of four
datasets are made (`census_rows.py`). Personal boxes are never read. What does not fit is told with sheet and cell.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assets.intake.answer_sheet import ADDED
from assets.intake.cells import WIDE, plain
from assets.intake.census_notes import Answered, answers_in
from assets.intake.census_rows import Found, boxes_of, code_of, rows_of
from assets.intake.census_sheet import CodedCell, FormSheet, NoCodes, form_sheet
from assets.intake.errors import Refused
from assets.intake.periods import Told, strongest, told_by
from assets.intake.reception import Problem, Said
from assets.intake.strays import texts_without_strays
from assets.intake.together import Columns
from assets.intake.workbook import OpenWorkbook
from expectations.contract import Contract
from expectations.forms import CELLS, TABLES, Form, Generation
from expectations.regions import PREFECTURE
from expectations.rule import FORM_CELLS
from expectations.visible import visible

COVERS = ("封面", "目录")
_SCHOOL_CODE = re.compile(r"\d{10}", re.ASCII)
_YEAR = re.compile(r"20\d\d", re.ASCII)
_TITLE_ROWS = 3
_SHOWN = 5


@dataclass(frozen=True)
class Named:
    """A sheet of a form: its own name, the form that it names, and the kind of school behind it, '' where none is."""

    sheet: str
    form: str
    kind: str


@dataclass
class CensusReading:
    """What reading one census workbook gave: raw rows by dataset, and what is told of the file."""

    school_year: str
    tables: dict[str, Columns] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    explanations: list[Said] = field(default_factory=list)
    placed: int = 0
    ignored: Counter[str] = field(default_factory=Counter)

    def count(self, dataset: str) -> int:
        """Rows of a dataset."""
        return len(self.tables[dataset]["sheet"])


@dataclass(frozen=True)
class Census:
    """A workbook with sheets of the census, the generation of forms to which most of them belong, and others in it."""

    workbook: OpenWorkbook
    generation: Generation
    others: Sequence[Generation]

    @property
    def names_school(self) -> bool:
        """Whether it has the form that names a school, or a cover; tables with sheets named like forms have neither."""
        forms = {one.form for one in _named(self.workbook, self.generation).values()}
        boxes = {name for name, form in self.generation.forms.items() if form.boxes}
        return not forms.isdisjoint(boxes) or not set(self.workbook.visible).isdisjoint(COVERS)

    @property
    def added(self) -> list[str]:
        """The names of the sheets that a returned workbook adds."""
        return [name for name in self.workbook.visible if ADDED.fullmatch(name)]

    def read(self, told: Sequence[Told], unit_code: str, contracts: Mapping[str, Contract]) -> CensusReading:
        """Everything that the workbook says; `told` is what is known of its time beside its forms, strongest first.

        Raises: Refused `no_period`, `census_no_school`, and what `OpenWorkbook.rows` refuses.
        """
        return _Reader(self, contracts).read(told, unit_code)


def census_of(workbook: OpenWorkbook, generations: Sequence[Generation]) -> Census | None:
    """The workbook with its generation of forms; None where no sheet is named as a form of the census."""
    found = [(len(_named(workbook, one)), one) for one in generations]
    count, generation = max(found, key=lambda pair: pair[0])
    others = [one for number, one in found if number and one is not generation]
    return Census(workbook, generation, others) if count else None


class _Reader:
    """One workbook while it is read."""

    def __init__(self, census: Census, contracts: Mapping[str, Contract]) -> None:
        self.workbook, self.generation, self.others = census.workbook, census.generation, census.others
        self.contracts = contracts
        self.named = _named(self.workbook, self.generation)
        self.reading = CensusReading("")
        self._answers: list[Answered] = []

    def read(self, told: Sequence[Told], unit_code: str) -> CensusReading:
        cover = self._covers()
        sheets = list(self._sheets())
        self.reading.school_year = self._school_year(cover, sheets, told)
        school = self._school(sheets)
        if unit_code != PREFECTURE:
            school.pop("county_code", None)
        self._make_tables(sheets, school)
        code, year = school["school_code"].text, self.reading.school_year
        self.reading.explanations = [
            Said(text=one.text, dataset=CELLS, period=year, place=f"{code} {one.key}", message=one.asked)
            for one in self._answers if one.text
        ]  # fmt: skip
        for one in sheets:
            self.reading.ignored.update(one.ignored)
        self._tell(sheets)
        return self.reading

    def _covers(self) -> list[str]:
        """The lines of cover and list of sheets; sheets of no form are counted too, and told."""
        lines: list[str] = []
        for name, is_visible in self.workbook.visible.items():
            if name in self.named:
                continue
            texts = [text for row in self.workbook.rows(name) for text in row if text]
            if name.strip() in COVERS:
                lines += texts
                self.reading.ignored["cover"] += len(texts)
            elif ADDED.fullmatch(name):
                self.reading.ignored["answer"] += len(texts)
            else:
                self.reading.ignored["no_layout" if is_visible else "hidden_sheet"] += len(texts)
                self.reading.notes.append(f"工作表“{visible(name)}”不是本套报表中的表，没有读取。")
        return lines

    def _sheets(self) -> Iterator[FormSheet]:
        """Every sheet of a form with its cells; hidden, unknown and withheld ones, and those without codes, counted."""
        twice = {form for form, count in Counter(one.form for one in self.named.values()).items() if count > 1}
        for name, one in self.named.items():
            form = self.generation.forms.get(one.form) if self.workbook.visible[name] else None
            shown = visible(f"{one.form}_{one.kind}") if one.form in twice and one.kind else one.form
            sheet = form_sheet(visible(name), form or _UNKNOWN, self.generation, self.workbook.rows(name))
            if not self.workbook.visible[name]:
                sheet.read_nothing("hidden_sheet")
                self.reading.notes.append(f"隐藏的工作表“{sheet.name}”没有读取。")
            elif form is None:
                sheet.read_nothing("no_layout")
                self.reading.notes.append(f"工作表“{sheet.name}”不在已知的表式中，没有读取。")
            elif form.is_withheld:
                sheet.read_nothing("withheld")
            elif form.is_text:
                self._read_text(sheet)
            elif not form.boxes:
                self._read_codes(sheet)
            sheet.shown = shown
            yield sheet

    def _read_text(self, sheet: FormSheet) -> None:
        sheet.read_nothing("explanation")
        text = "\n".join(text for row in sheet.texts for text in row if text)
        self._answers += answers_in(text)

    def _read_codes(self, sheet: FormSheet) -> None:
        try:
            sheet.read_cells(self.generation.code)
        except NoCodes:
            sheet.read_nothing("no_codes")
            self.reading.problems.append(_no_codes(sheet.name))

    def _school_year(self, cover: Iterable[str], sheets: Sequence[FormSheet], beside: Sequence[Told]) -> str:
        """The school year that the cover tells, else title lines, else what stands beside the forms."""
        told: Told = strongest(told_by(line) for line in cover if _YEAR.search(line))
        if not told.school_year:
            titles = (text for sheet in sheets for row in sheet.texts[:_TITLE_ROWS] for text in row)
            told = strongest([*(told_by(line) for line in titles if _YEAR.search(line)), *beside])
        if not told.school_year:
            raise _no_period()
        if not self.generation.holds(told.school_year):
            self.reading.problems.append(_other_generation(told.school_year, self.generation))
        return told.school_year

    def _school(self, sheets: Sequence[FormSheet]) -> dict[str, Found]:
        """What the workbook says of its school."""
        boxed = [sheet for sheet in sheets if sheet.form.boxes]
        if not boxed:
            form = next(name for name, form in self.generation.forms.items() if form.boxes)
            raise _no_school("", f"没有工作表“{form}”", f"请补上“{form}”")
        first, *others = boxed
        found = boxes_of(first, self.contracts["school"])
        code = found.get("school_code")
        if code is None or not _SCHOOL_CODE.fullmatch(code.text.translate(WIDE)):
            place = first.form.boxes["school_code"].replace("|", "、")
            raise _no_school(first.name, f"“{first.name}”的 {place} 格不是 10 位学校标识码", "请填写学校标识码")
        first.read_nothing("personal")
        first.ignored["personal"] -= len(found)
        self.reading.placed += len(found)
        for other in others:
            self._other_school(other, code.text)
        kinds = [one.kind for one in self.named.values() if one.kind]
        if "kind" not in found and kinds:
            found["kind"] = Found(kinds[0], first.name, "")
        return found

    def _other_school(self, sheet: FormSheet, code: str) -> None:
        """Count a further form that names a school, as one form of each kind may; it must not name another school."""
        sheet.read_nothing("personal")
        named = boxes_of(sheet, self.contracts["school"]).get("school_code")
        if named is not None and plain(named.text) != plain(code):
            self.reading.problems.append(_two_schools(sheet.name))

    def _make_tables(self, sheets: Sequence[FormSheet], school: dict[str, Found]) -> None:
        code, year = school["school_code"].text.translate(WIDE), self.reading.school_year
        unit = school.get("county_code")
        told = {"school_code": code, "school_year": year, **({"county_code": unit.text[:6]} if unit else {})}
        kind = code_of(self.contracts["school"].column("kind"), school["kind"].text) if "kind" in school else ""
        self.reading.tables[CELLS] = _cells(sheets, told)
        self.reading.placed += self.reading.count(CELLS)
        made = rows_of(sheets, school, kind, self.contracts)
        lacking = "、".join(f"《{self.contracts[name].name_zh}》" for name in TABLES if name not in made)
        if lacking:
            self.reading.notes.append(f"各表没有{lacking}必备的全部栏目，没有形成这些报表的行；请仍报台账。")
        for table, rows in made.items():
            texts = [{**row.values, **told} for row in rows]
            names = dict.fromkeys(name for one in texts for name in one)
            columns: dict[str, list[Any]] = {name: [one.get(name) for one in texts] for name in names}
            sheets_of = [next(iter(row.cells.values())).sheet for row in rows]
            places = ["\n".join(f"{name}={place}" for name, place in row.places.items()) for row in rows]
            self.reading.tables[table] = _placed(sheets_of, year) | columns | {FORM_CELLS: places}
        for table, made_columns in self.reading.tables.items():
            self.reading.tables[table] = _without_strays(made_columns, self.contracts[table])

    def _tell(self, sheets: Iterable[FormSheet]) -> None:
        for sheet in sheets:
            if sheet.unknown:
                first = "、".join(sorted(sheet.unknown)[:_SHOWN])
                self.reading.notes.append(f"工作表“{sheet.name}”中有表式以外的编号：{first}。")
        for other in self.others:
            names = "、".join(map(visible, list(_named(self.workbook, other))[:_SHOWN]))
            self.reading.problems.append(_mixed(names))


_UNKNOWN = Form.model_construct(title="", verified=False)
"""Not validated: that would load all contracts, at import."""


def _named(workbook: OpenWorkbook, generation: Generation) -> dict[str, Named]:
    """The sheets of a generation's forms by name, in their order."""
    found = {name: _named_sheet(name, generation.sheets) for name in workbook.visible}
    return {name: one for name, one in found.items() if one}


@functools.lru_cache(maxsize=1 << 12)
def _named_sheet(name: str, pattern: str) -> Named | None:
    match = re.fullmatch(pattern, "".join(name.translate(WIDE).split()))
    return Named(name, match["form"], match.groupdict().get("kind") or "") if match else None


def _cells(sheets: Iterable[FormSheet], told: Mapping[str, str]) -> dict[str, list[Any]]:
    """The cells of all forms as raw columns."""
    names: list[str] = []
    shown: list[str] = []
    cells: list[CodedCell] = []
    for sheet in sheets:
        names += [sheet.name] * len(sheet.cells)
        shown += [sheet.shown] * len(sheet.cells)
        cells += sheet.cells
    columns = _placed(names, told["school_year"]) | {name: [text] * len(cells) for name, text in told.items()}
    codes = dict(zip(("row_code", "column_code", "value", "cell"), map(list, zip(*cells, strict=True)), strict=False))
    return columns | {"form": shown, **dict.fromkeys(("row_code", "column_code", "value", "cell"), []), **codes}


def _without_strays(columns: Columns, contract: Contract) -> Columns:
    """The columns without numbers of persons that were typed into cells and boxes."""
    told = [name for name in columns if contract.has(name)]
    return {**columns, **{name: texts_without_strays(columns[name], contract.column(name)) for name in told}}


def _placed(sheets: list[str], period: str) -> dict[str, list[Any]]:
    """Sheet, running number and period, as every raw table has them; the number tells rows apart, nothing more."""
    return {"sheet": sheets, "row": list(range(1, len(sheets) + 1)), "period": [period] * len(sheets)}


def _no_codes(sheet: str) -> Problem:
    return Problem(
        rule_id="intake.census_no_codes", severity="must_fix", sheet=sheet,
        message=f"工作表“{sheet}”中没有找到“甲、乙、1、2”或“代码”一行，表中各格无法对应。",
        how_to_fix="请不要删改表头下方的编号行；从统计系统重新导出本表后报送整个工作簿。",
    )  # fmt: skip


def _other_generation(school_year: str, generation: Generation) -> Problem:
    until = f"至 {generation.until}" if generation.until else "起"
    return Problem(
        rule_id="intake.census_other_generation", severity="must_explain",
        message=f"本工作簿是 {school_year} 学年的，用的却是 {generation.since} 学年{until}使用的表式。",
        how_to_fix="请核对封面的学年和所用的表式；确实如此的，请在“说明”栏写明原因。",
    )  # fmt: skip


def _mixed(names: str) -> Problem:
    return Problem(
        rule_id="intake.census_mixed_forms", severity="must_fix",
        message=f"工作簿里混有另一套表式的表，没有读取：{names}。",
        how_to_fix="请从统计系统重新导出整个工作簿，一份工作簿只用一套表式。",
    )  # fmt: skip


def _two_schools(sheet: str) -> Problem:
    return Problem(
        rule_id="intake.census_two_schools", severity="must_fix", sheet=sheet,
        message=f"工作表“{sheet}”写的是另一所学校的标识码；整个工作簿按第一所学校读取。",
        how_to_fix="一份工作簿只报一所学校：请按学校分别导出后重新报送。",
    )  # fmt: skip


def _no_period() -> Refused:
    return Refused(
        "no_period",
        "看不出基层统计报表的学年：封面、标题、文件名和文件夹中都没有写明。",
        "请保留统计系统导出的封面，或在文件名中写明学年（如 2020-2021学年）后重新报送。",
    )


def _no_school(sheet: str, found: str, cure: str) -> Refused:
    return Refused("census_no_school", f"看不出是哪一所学校的报表：{found}。", f"{cure}后重新报送整个工作簿。")
