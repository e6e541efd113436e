"""The census workbook of a school: what is written stands where the form has it, and its figures agree."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from samples.census_layout import OLD, forms_of, generation
from samples.census_workbook import Workbook, write_workbook
from tests.samples.twins import KINDS, reported

GENERATIONS = (2020, 2021)
Cells = dict[tuple[str, str, int], Decimal]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workbooks")


@pytest.fixture(scope="module")
def workbooks(folder: Path) -> dict[tuple[str, int], Workbook]:
    return {(kind, year): write_workbook(folder / str(year), reported(kind, year)) for kind in KINDS
            for year in GENERATIONS}  # fmt: skip


def rows_of(book: CalamineWorkbook, name: str) -> list[list[object]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def figures(workbook: Workbook) -> Cells:
    return {(c.form, c.row_code, int(c.column_code)): Decimal(c.value) for c in workbook.cells if c.value not in "是否"}


@pytest.mark.parametrize("year", GENERATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_lies_where_its_codes_meet(workbooks: dict[tuple[str, int], Workbook], kind: str, year: int) -> None:
    workbook = workbooks[kind, year]
    book = CalamineWorkbook.from_path(workbook.path)
    sheets = {name.split("_")[0]: rows_of(book, name) for name in book.sheet_names}
    seen = 0
    for form, rows in sheets.items():
        code_rows = [row for row in rows if "乙" in row]
        if not code_rows:
            continue
        codes = code_rows[0]
        start = rows.index(codes) + 1
        line = codes.index("乙")
        written = {
            (str(row[line]), str(codes[column])): str(row[column])
            for row in rows[start:]
            for column in range(line + 1, len(row))
            if row[column] not in {"", "*"}
        }
        assert written == {(c.row_code, c.column_code): c.value for c in workbook.cells if c.form == form}
        seen += len(written)
    assert seen == len(workbook.cells) > 3


def test_a_kindergarten_has_the_nineteen_sheets_of_the_real_one(workbooks: dict[tuple[str, int], Workbook]) -> None:
    book = CalamineWorkbook.from_path(workbooks["111", 2020].path)
    forms = forms_of("111", OLD)
    assert forms[:4] == ["基础基111", "基础基112", "基础基112续表1", "基础基211"] and len(forms) == 17
    assert book.sheet_names == ["封面", "目录", *forms]


def test_the_grid_is_hidden_and_holds_the_only_numbers(workbooks: dict[tuple[str, int], Workbook]) -> None:
    import openpyxl

    book = openpyxl.load_workbook(workbooks["111", 2020].path)
    for sheet in book.worksheets[2:]:
        assert sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden
        numbers = [cell.column for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
        assert set(numbers) == {1}


@pytest.mark.parametrize(
    ("kind", "form", "cell"),
    [("211", "教基3112", "I6"), ("311", "教基3115", "E6"), ("311", "基础基313", "G7"), ("341", "基础基213", "E7"),
     ("211", "基础基412", "E7"), ("211", "基础基512", "E10"), ("211", "基础基522", "O9"), ("211", "基础基112", "D30"),
     ("365", "中职基311", "N8"), ("365", "中职基421", "G8"), ("514", "基础基413", "E7"), ("514", "教基3120", "E7"),
     ("111", "教基4148", "E6"), ("365", "教基4261", "F7"), ("365", "教基5377", "D30"), ("211", "教基5176", "D19"),
     ("211", "教基5170", "F10"), ("211", "教基1102续", "D12")],
)  # fmt: skip
def test_known_addresses_hold_what_they_are_known_for(
    workbooks: dict[tuple[str, int], Workbook], kind: str, form: str, cell: str
) -> None:
    workbook = workbooks[kind, 2021 if form.startswith("教基") else 2020]
    assert cell in {c.cell for c in workbook.cells if c.form == form}


@pytest.mark.parametrize("kind", KINDS)
def test_forms_agree(workbooks: dict[tuple[str, int], Workbook], kind: str) -> None:
    cells = figures(workbooks[kind, 2020])
    get: Cells = defaultdict(Decimal, cells)
    looked = 0
    for form, total, parts in [
        ("基础基331", 2, range(3, 7)), ("基础基331", 7, range(8, 15)), ("基础基311", 1, range(2, 6)),
        ("基础基311", 6, range(8, 12)), ("基础基411", 1, range(2, 7)), ("基础基4211", 1, range(2, 7)),
        ("基础基4211", 1, range(7, 13)), ("基础基4212", 1, range(2, 11)), ("基础基213", 2, range(3, 7)),
        ("基础基213", 7, range(8, 11)), ("基础基213", 1, (2, 7)), ("基础基212", 1, range(2, 8)),
        ("基础基511", 1, range(2, 6)), ("基础基431", 10, (11, 12, 13, 15, 16)), ("基础基431", 2, (3, 5, 7, 9)),
    ]:  # fmt: skip
        for line in {line for f, line, _ in cells if f == form}:
            if (form, line, parts[0]) in cells or form != "基础基212":
                starred = form in {"基础基212", "基础基213"} and line != "01" and parts != (2, 7)
                assert starred or get[form, line, total] == sum(get[form, line, part] for part in parts)
                looked += 1
    for form, total, more, less, line_count in [("基础基331", 15, 2, 7, 15), ("基础基431", 17, 2, 10, 5)]:
        lines = {line for f, line, _ in cells if f == form}
        assert len(lines) <= line_count
        for line in lines:
            assert get[form, line, total] == get[form, line, 1] + get[form, line, more] - get[form, line, less]
    assert looked > 0 or kind == "365"


def test_lines_make_up_their_total(workbooks: dict[tuple[str, int], Workbook]) -> None:
    get: Cells = defaultdict(Decimal, figures(workbooks["111", 2020]))
    for column in range(1, 12):
        assert get["基础基311", "1", column] == sum(get["基础基311", str(line), column] for line in range(5, 10))
    assert get["基础基311", "1", 6] == get["基础基331", "01", 15] == reported("111").pupils > 0
    assert get["基础基311", "1", 1] == get["基础基331", "01", 3] > 0
    assert (
        get["基础基411", "1", 3] == get["基础基4211", "2", 1] == get["基础基4212", "2", 1] == get["基础基431", "1", 17]
    )
    get = defaultdict(Decimal, figures(workbooks["341", 2020]))
    for column in (1, 2, 7):
        bands = sum(get["基础基213", f"{line:02d}", column] for line in range(3, 13))
        assert get["基础基213", "01", column] == bands > 0
    for column in range(1, 6):
        uses = sum(get["基础基512", str(line), column] for line in (4, 11, 12, 13))
        assert get["基础基512", "1", column] == uses >= get["基础基512", "2", column]
    assert get["基础基112", "21", 1] == sum(get["基础基112", str(line), 1] for line in range(22, 26)) > 0


def test_a_younger_name_says_the_kind(workbooks: dict[tuple[str, int], Workbook]) -> None:
    assert generation(2020) != generation(2021)
    assert workbooks["312", 2021].path.name.endswith("(九年一贯制学校).xlsx")
    assert "教基3112_九年一贯制学校" in CalamineWorkbook.from_path(workbooks["312", 2021].path).sheet_names


def test_a_workbook_is_the_same_again(folder: Path, workbooks: dict[tuple[str, int], Workbook]) -> None:
    again = write_workbook(folder / "again", reported("111"))
    assert again.path.read_bytes() == workbooks["111", 2020].path.read_bytes()


def test_a_changed_cell_alone_differs(folder: Path, workbooks: dict[tuple[str, int], Workbook]) -> None:
    changed = write_workbook(folder / "changed", reported("111"), {("基础基411", "1", 1): 99})
    assert set(changed.cells) ^ set(workbooks["111", 2020].cells) == {
        next(c for c in each.cells if (c.form, c.row_code, c.column_code) == ("基础基411", "1", "1"))
        for each in (changed, workbooks["111", 2020])
    }
