"""Which contract a file fits, on which of its sheets, and what its headers lack.

The file's own columns decide; its name and title lines only where they leave it open. Whether its rows hold, and
whether it may speak for a county, is judged later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from assets.intake.headers import HeaderRow
from assets.intake.reception import Problem
from assets.intake.sheets import Sheet
from assets.intake.stacked import stacked_header
from assets.intake.vocabulary import Fit, Vocabulary, must_be_there, vocabulary_of
from expectations.contract import Column, Contract

_TITLE_ROWS = 5
_SHOWN = 20
SCHOOL_LIST, COUNTED = "school", "counted"


@dataclass(frozen=True)
class Layout:
    """A sheet to be read, and where its columns stand."""

    sheet: Sheet
    header: HeaderRow

    @property
    def titles(self) -> list[str]:
        """The lines above the header and the sheet's name, strongest first."""
        return [*_lines(self.sheet.head[: self.header.top]), self.sheet.name]


@dataclass(frozen=True)
class Recognition:
    """What a file was recognised as: `received` can be read by its layouts; otherwise the problems say why not.

    `further` are datasets that an aggregated export fills beside the first.
    """

    state: Literal["received", "returned", "unrecognised"]
    contract: Contract | None = None
    layouts: tuple[Layout, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    further: tuple[tuple[Contract, tuple[Layout, ...]], ...] = ()

    @property
    def tables(self) -> tuple[tuple[Contract, tuple[Layout, ...]], ...]:
        """Every dataset that is read from the file with its layouts, its own first."""
        return ((self.contract, self.layouts), *self.further) if self.contract else ()


@dataclass(frozen=True)
class _Look:
    """A visible sheet that holds something, and its fit to each contract of which it names a column."""

    sheet: Sheet
    fits: Mapping[str, Fit]
    titles: str


def recognise(sheets: Sequence[Sheet], contracts: Mapping[str, Contract], path: str) -> Recognition:
    """What the file is, by the columns of its visible sheets, its title lines and its name (`path` below landing)."""
    vocabulary = vocabulary_of(contracts)
    looks = [_look(sheet, vocabulary) for sheet in sheets if sheet.visible and any(map(any, sheet.head))]
    notes = [f"隐藏的工作表“{sheet.name}”没有读取。" for sheet in sheets if not sheet.visible]
    named = vocabulary.named_by([PurePosixPath(path).stem, *(look.titles for look in looks)])
    if not looks:
        return Recognition("unrecognised", named, problems=(_no_table(),), notes=tuple(notes))
    if found := _aggregated(looks, named, notes):
        return found
    choices = [_choice(look, named) for look in looks]
    chosen = _choose(looks, choices, named)
    if chosen is None:
        nearest = max(_every(looks), key=lambda fit: fit.nearness, default=None)
        return Recognition("unrecognised", None, problems=(_unrecognised(nearest),), notes=tuple(notes))
    return _with_sheets(chosen, looks, choices, notes)


def _aggregated(looks: Sequence[_Look], named: Contract | None, notes: list[str]) -> Recognition | None:
    """An aggregated export of the census, a row per school: every dataset that it can fill; None where it is none.

    Told by a header of several rows with 是否计校数 among its columns, where title and name call the file nothing else.
    """
    for look in looks if named is None or named.is_aggregated else ():
        fits = [fit for fit in look.fits.values() if fit.contract.is_aggregated and fit.stack and fit.is_half]
        fits = [fit for fit in fits if not fit.missing]
        listed = look.fits.get(SCHOOL_LIST)
        if fits and listed and COUNTED in listed.named:
            tables = [(fit.contract, (Layout(look.sheet, header),)) for fit, header in _alike(fits)]
            unknown = set.intersection(*({*layout.header.unknown} for _, (layout,) in tables))
            (contract, layouts), *further = tables
            told = [text for text in layouts[0].header.unknown if text in unknown]
            others = [
                f"工作表“{other.sheet.name}”没有读取；请单独成一个文件报送。" for other in looks if other is not look
            ]
            every = (*notes, *_unknown(look.sheet, told), *others)
            return Recognition("received", contract, layouts, notes=every, further=tuple(further))
    return None


def _alike(fits: Sequence[Fit]) -> Iterator[tuple[Fit, HeaderRow]]:
    """The fits with the deepest of their headers: what one dataset finds in its last row names nothing in others."""
    deepest = max(fits, key=lambda fit: fit.row)
    for fit in fits:
        if stack := deepest.stack:
            columns = fit.spelled.columns
            yield fit, stacked_header(stack.first, deepest.row, stack.paths, columns, stack.is_known)


def _look(sheet: Sheet, vocabulary: Vocabulary) -> _Look:
    fits = vocabulary.fits(sheet.head)
    best = max(fits.values(), key=lambda fit: fit.rank, default=None)
    above = sheet.head[: best.top if best else _TITLE_ROWS]
    return _Look(sheet, fits, "\n".join([*_lines(above), sheet.name]))


def _lines(rows: Iterable[Iterable[str]]) -> list[str]:
    return [line for row in rows if (line := " ".join(filter(None, row)))]


def _every(looks: Iterable[_Look]) -> list[Fit]:
    return [fit for look in looks for fit in look.fits.values()]


def _choice(look: _Look, named: Contract | None) -> Fit | None:
    """Of the contracts whose `!` columns are all in the sheet, the one with most of them; None where there is none.

    A sheet of a file that name or title call another, and that has more of that one's columns, is that one with columns
    missing: a payment ledger without its status must not pass for a list of entitled pupils.
    """
    whole = [fit for fit in look.fits.values() if not fit.missing and (fit.is_half or fit.contract is named)]
    best = max(whole, key=lambda fit: (fit.required, fit.contract is named, len(fit.named)), default=None)
    called = look.fits.get(named.dataset) if named else None
    return called if best and called and called.rank > best.rank else best


def _choose(looks: Sequence[_Look], choices: Sequence[Fit | None], named: Contract | None) -> Contract | None:
    """The contract that a sheet fits; else the one named; else the one with most `!` columns, if half are there."""
    found = [fit for fit in choices if fit]
    if named and (not found or any(fit.contract is named for fit in found)):
        return named
    half = found or [fit for fit in _every(looks) if fit.is_half]
    return max(half, key=lambda fit: fit.rank).contract if half else None


def _with_sheets(
    contract: Contract, looks: Sequence[_Look], choices: Sequence[Fit | None], notes: list[str]
) -> Recognition:
    """The sheets of the chosen contract with their layouts; sheets of others, or with columns missing, are told."""
    layouts, problems, others = [], [], []
    for look, choice in zip(looks, choices, strict=True):
        fit = choice or look.fits.get(contract.dataset)
        if fit and fit.contract is contract and not fit.missing:
            layouts.append(Layout(look.sheet, fit.header))
            notes += _unknown(look.sheet, fit.header.unknown)
        elif fit and fit.contract is contract and fit.is_half:
            problems.append(_missing(contract, fit.missing, look.sheet.name))
        else:
            seems = f"像是《{choice.contract.name_zh}》" if choice else "不是可识别的报表"
            others.append(f"工作表“{look.sheet.name}”{seems}，没有读取；请单独成一个文件报送。")
    if not layouts and not problems:
        problems, others = [_missing(contract, _missing_anywhere(contract, looks), "")], []
    state: Literal["received", "returned"] = "returned" if problems else "received"
    return Recognition(state, contract, tuple(layouts), tuple(problems), (*notes, *others))


def _missing_anywhere(contract: Contract, looks: Iterable[_Look]) -> Sequence[Column]:
    """What the sheet that comes nearest to the contract lacks."""
    fits = [look.fits[contract.dataset] for look in looks if contract.dataset in look.fits]
    return max(fits, key=lambda fit: fit.rank).missing if fits else must_be_there(contract)


def _unknown(sheet: Sheet, unknown: Sequence[str]) -> list[str]:
    if not unknown:
        return []
    place = f"工作表“{sheet.name}”的" if sheet.name else ""
    more = f" 等共 {len(unknown)} 栏" if len(unknown) > _SHOWN else ""
    return [f"{place}以下栏目不在本报表中，没有读取：{'、'.join(unknown[:_SHOWN])}{more}。"]


def _missing(contract: Contract, columns: Sequence[Column], sheet: str) -> Problem:
    titles = "、".join(f"“{column.title}”" for column in columns)
    ways = "；".join("/".join(column.headers) for column in columns)
    return Problem(
        rule_id="intake.missing_columns", severity="must_fix", sheet=sheet,
        column_name=columns[0].name if len(columns) == 1 else "",
        message=f"《{contract.name_zh}》缺少必备的栏目：{titles}。",
        how_to_fix=f"请补上这些栏目后重新报送整个文件；已有的，请把栏目名称改为下列写法之一：{ways}。",
    )  # fmt: skip


def _unrecognised(nearest: Fit | None) -> Problem:
    message = "看不出这是哪一种报表：没有找到任何报表的表头。"
    if nearest:
        lacks = "、".join(f"“{column.title}”" for column in nearest.missing)
        wanting = f"缺少{lacks}" if lacks else "只有单位、学校、时间一类的栏目，没有它自己的栏目"
        message = f"看不出这是哪一种报表；最接近《{nearest.contract.name_zh}》，但{wanting}。"
    return Problem(
        rule_id="intake.unrecognised", severity="must_fix", message=message,
        how_to_fix="请按报表的规定栏目填写表头（一行，不合并单元格），并在标题或文件名中写明报表名称后重新报送。",
    )  # fmt: skip


def _no_table() -> Problem:
    return Problem(
        rule_id="intake.no_table", severity="must_fix", message="文件中没有可读取的表格。",
        how_to_fix="请核对是否选错了文件，或数据是否只在隐藏的工作表、图片或文本框中；改正后重新报送。",
    )  # fmt: skip
