"""Messes in cells: each function spoils one file of the sample, writes it, and says what must be found.

The numbers are those of docs/intake.md. Messes of whole rows and headers are in `messy_rows.py`.
"""

from __future__ import annotations

import re
from decimal import Decimal

from samples.messy_sheet import Blame, Spoilt
from samples.spelling import Cell

DATES = ("{0}.{1}.{2}", "{0}{1:02d}{2:02d}", "{0}/{1}/{2}", "{0}年{1}月{2}号", "{0}-{1:02d}-{2:02d} 00:00:00")
NAMES = ("阿依·样", "张　样", "𬱖•样", "样‧样", "样．样")


def mixed_types(one: Spoilt) -> list[Blame]:
    """M8: codes and numbers are numbers in one row and text in the next."""
    for number in range(one.count):
        for name in filter(None, one.names):
            cell = one.get(number, name)
            if number % 2 and isinstance(cell, int | float):
                one.put(number, name, str(cell))
            elif not number % 2 and name == "school_code":
                one.put(number, name, int(str(cell)))
    one.write()
    return one.fine("M8")


def numbers_as_text(one: Spoilt) -> list[Blame]:
    """M9: units in cells and full width are read, an about is not."""
    about, with_unit, wide, *_ = one.filled("area")
    one.put(about, "area", "约200")
    one.put(with_unit, "area", f"{one.get(with_unit, 'area')}㎡")
    one.put(wide, "area", str(one.get(wide, "area")).translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)}))
    one.write()
    return one.blame("M9", "venues.area.typed", "area", about)


def damaged_numbers(one: Spoilt) -> list[Blame]:
    """M10: identity numbers as a spreadsheet leaves them, with nothing to repair them from."""
    numbers = one.filled("student_id")[:3]
    shown, cut, short = (str(one.get(number, "student_id")) for number in numbers)
    damaged = (f"{Decimal(shown[:6]) / 100_000}E+17", f"{cut[:15]}000", short[:17])
    for number, text in zip(numbers, damaged, strict=True):
        one.put(number, "student_id", text)
    one.write()
    return one.blame("M10", "trainees.student_id.typed", "student_id", *numbers)


def repaired_numbers(one: Spoilt) -> list[Blame]:
    """M10: a number that is cut off, beside the pupil number of the same row."""
    pairs = [at for at in one.filled("student_id") if str(one.get(at, "national_student_no")).startswith("G")]
    one.put(pairs[0], "student_id", f"{str(one.get(pairs[0], 'student_id'))[:15]}000")
    one.write()
    return one.fine("M10")


def dates(one: Spoilt) -> list[Blame]:
    """M11: a day in every form; the last one only to the month."""
    told = one.filled("inspected_on")
    for place, number in enumerate(told):
        year, month, day = map(int, re.findall(r"\d+", str(one.get(number, "inspected_on"))))
        form = DATES[place % len(DATES)] if number != told[-1] else "{0}年{1}月"
        one.put(number, "inspected_on", form.format(year, month, day))
    one.write()
    return one.blame("M11", "venues.inspected_on.to_the_day", "inspected_on", told[-1])


def names(one: Spoilt) -> list[Blame]:
    """M13: names with any separator, with blanks, and outside GBK."""
    for number in range(one.count):
        one.put(number, "name", NAMES[number % len(NAMES)])
    one.write()
    return one.fine("M13")


def counties(one: Spoilt) -> list[Blame]:
    """M14: counties by short names and offices; one that is none."""
    told = one.filled("county_code")
    for number in told:
        name = str(one.get(number, "county_code"))
        one.put(number, "county_code", name[:-1] if number % 2 else f"{name}教体局")
    one.put(told[-1], "county_code", "大庸市")
    one.write()
    return one.blame("M14", "population.county_code.typed", "county_code", told[-1])


def blank_county(one: Spoilt) -> list[Blame]:
    """M15: a county that did not report stands with empty cells."""
    one.put(0, "pupils", None)
    one.write()
    return one.blame("M15", "technical_pupils.pupils.filled", "pupils", 0)


def line_breaks(one: Spoilt) -> list[Blame]:
    """M18: line breaks written out in a header and in cells."""
    header = str(one.rows[one.header][one.at("registered")])
    one.rows[one.header][one.at("registered")] = f"{header[:2]}_x000D_\n{header[2:]}"
    for number in range(one.count):
        one.put(number, "category", f"{one.get(number, 'category')}_x000D_")
    one.write()
    return one.fine("M18")


def yes_and_no(one: Spoilt) -> list[Blame]:
    """M19: yes and no in other spellings, and a word that is neither."""
    told = one.filled("registered_poor")
    spelled: dict[Cell, str] = {"是": "√", "否": "无"}
    for number in told[1:]:
        one.put(number, "registered_poor", spelled[one.get(number, "registered_poor")])
    one.put(told[0], "registered_poor", "不详")
    one.write()
    return one.blame("M19", "dropouts.registered_poor.typed", "registered_poor", told[0])


def sex_0_and_1(one: Spoilt) -> list[Blame]:
    """M20: sex as one system codes it."""
    for number in one.filled("sex"):
        one.put(number, "sex", 0 if one.get(number, "sex") in {"女", "2", 2} else 1)
    one.write()
    return one.fine("M20")


def ten_thousands(one: Spoilt) -> list[Blame]:
    """M21: money in 万元, as its header says."""
    at = one.at("equipment_value")
    one.rows[one.header][at] = f"{str(one.rows[one.header][at]).partition('（')[0]}（万元）"
    for number in one.filled("equipment_value"):
        value = Decimal(str(one.get(number, "equipment_value")).replace(",", "")) / 10_000
        one.put(number, "equipment_value", f"{value.normalize():f}")
    one.write()
    return one.fine("M21")


def grades(one: Spoilt) -> list[Blame]:
    """M22: a grade that no stage has."""
    one.put(0, "grade", "十三年级")
    one.write()
    return one.blame("M22", "dropouts.grade.typed", "grade", 0)
