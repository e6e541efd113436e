"""Messes of headers, rows, names and forms of files: each function spoils one file, writes it, and says what is found.

The numbers are those of docs/intake.md. Messes inside cells are in `messy_cells.py`.
"""

from __future__ import annotations

import os
from dataclasses import replace

from samples.messy_sheet import Blame, Spoilt
from samples.spelling import Cell

PARENTS = {"升学情况": ("to_general_high", "to_five_year"), "就业情况": ("to_higher", "employed_matched")}
EARLIER = 1_600_000_000


def named_xls(one: Spoilt) -> list[Blame]:
    """M1: a workbook whose ending is that of another form."""
    one.path = one.path.with_suffix(".xls")
    one.write()
    return one.fine("M1")


def named_et(one: Spoilt) -> list[Blame]:
    """M3: a workbook named as WPS names its own."""
    one.path = one.path.with_suffix(".et")
    one.write()
    return one.fine("M3")


def text_named_xls(one: Spoilt) -> list[Blame]:
    """M1: a text file that is named a workbook."""
    one.path = one.path.with_suffix(".xls")
    one.write("gb18030")
    return one.fine("M1")


def page(one: Spoilt) -> list[Blame]:
    """M1: a web page that is named a workbook."""
    one.path = one.path.with_suffix(".xls")
    one.write_page()
    return one.fine("M1")


def hidden(one: Spoilt) -> list[Blame]:
    """M4: a hidden row of data, which counts, and a hidden sheet, which does not."""
    one.hidden, one.draft_sheet = [one.first], True
    one.write()
    return one.fine("M4")


def two_header_rows(one: Spoilt) -> list[Blame]:
    """M5: merged parents over the headers, and a line of column codes below them."""
    top = list(one.rows[one.header])
    leaves: list[Cell] = [None] * len(one.names)
    for parent, (first, last) in PARENTS.items():
        left, right = one.at(first), one.at(last)
        leaves[left : right + 1] = top[left : right + 1]
        top[left : right + 1] = [parent, *[None] * (right - left)]
        one.merges.append((one.header, left, one.header, right))
    one.merges += [(one.header, at, one.header + 1, at) for at, leaf in enumerate(leaves) if leaf is None]
    words: list[Cell] = ["甲", "乙", "丙"]
    codes: list[Cell] = [*words, *range(1, len(one.names) - 2)]
    one.rows[one.header : one.header + 1] = [top, leaves, codes]
    one.write()
    return one.fine("M5")


def groups(one: Spoilt) -> list[Blame]:
    """M6: two group lines; the second counts one school more than stand below it."""
    half = one.count // 2
    one.rows.insert(one.first + half, [f"样例二片（{one.count - half + 1}所）"])
    one.rows.insert(one.first, [f"样例一片（{half}所）"])
    one.write()
    return [one.blame_at("M6", "intake.count_differs", one.first + half + 1, 0)]


def wrong_total(one: Spoilt) -> list[Blame]:
    """M7: a total that is one too high."""
    row, at = one.total(), one.at("pupils")
    one.rows[row][at] = str(int(str(one.rows[row][at])) + 1)
    one.write()
    return [one.blame_at("M7", "intake.total_differs", row, at)]


def total_above(one: Spoilt) -> list[Blame]:
    """M7: the right total above the data, with blanks inside its word."""
    total = one.rows.pop(one.total())
    total[0] = "合  计"
    one.rows.insert(one.first, total)
    one.write()
    return one.fine("M7")


def unicode_text(one: Spoilt) -> list[Blame]:
    """M12: what Excel calls Unicode text: UTF-16 with tabs."""
    one.path = one.path.with_suffix(".txt")
    one.write("utf-16", "\t")
    return one.fine("M12")


def titles_and_notes(one: Spoilt) -> list[Blame]:
    """M16: an attachment line above, notes and signatures below."""
    one.rows = [["附件1："], *one.rows, ["注：本表由样例统计。"], ["填表人：样某", None, "联系电话：10043300001"]]
    one.write()
    return one.fine("M16")


def sent_again(one: Spoilt) -> list[Blame]:
    """M17: the file once more with a small change and (1) in its name, and the lock file of whoever has it open."""
    one.write()
    os.utime(one.path, (EARLIER, EARLIER))
    again = replace(one, path=one.path.with_stem(f"{one.path.stem}(1)"))
    again.put(0, "employed_by", "样例体校")
    again.write()
    lock = one.path.with_name(f"~${one.path.name}")
    lock.write_bytes(b"\x06sample")
    return [
        *one.fine("M17", "superseded"),
        *again.fine("M17"),
        Blame(lock.relative_to(one.landing).as_posix(), "M17", ""),
    ]


def same_person_twice(one: Spoilt) -> list[Blame]:
    """M17: a row a second time, below the others."""
    one.rows.insert(one.first + one.count, list(one.rows[one.first]))
    one.write()
    return one.blame("M17", "trainees.key.unique", "student_id", 0, one.count)


def missing_column(one: Spoilt) -> list[Blame]:
    """A `!` column is missing: the file is returned."""
    at = one.at("township_code")
    one.rows = [[cell for place, cell in enumerate(row) if place != at] for row in one.rows]
    one.write()
    return [Blame(one.told, "columns", "returned", "intake.missing_columns", one.sheet)]
