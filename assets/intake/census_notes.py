"""What a school answered to the checking software of the national tool: the free text of 基础基112续表1.

The machine writes a line for each question: its rule, a key, pairs of words and numbers. What follows 说明 is the
school's answer to the lines above it. Keeping answers as explanations is `assets/submitted/explanations.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assets.intake.answer_sheet import without_numbers

_ASKED = re.compile(r"^(?P<rule>.+?)\s+\[(?P<key>[^\]]*)\](?P<pairs>(?:\s*\[[^\]]+\]\s*-?\d+)+)\s*$")
_PAIR = re.compile(r"\[([^\]]+)\]\s*(-?\d+)")
_ANSWER = re.compile(r"^\s*说\s*明\s*[：:]\s*")
_LONGEST = 1000


class Answered(NamedTuple):
    """One question of the checking software with the school's answer; `asked` is its rule with words and numbers."""

    key: str
    asked: str
    text: str


def answers_in(text: str) -> list[Answered]:
    """Every question of the text with the answer that follows it, '' where none does; long numbers are struck out."""
    return list(_answers(text.replace("_x000D_", "").splitlines()))


def _answers(lines: list[str]) -> Iterator[Answered]:
    asked: list[tuple[str, str]] = []
    answer: list[str] = []
    for line in (*lines, ""):
        question = _ASKED.match(line.strip("\u3000 ")) if len(line) <= _LONGEST else None
        if question and answer:
            yield from _told(asked, answer)
            asked, answer = [], []
        if question:
            pairs = "，".join(f"{word.strip()} {value}" for word, value in _PAIR.findall(question["pairs"]))
            asked.append((question["key"].strip("\u3000 "), f"{question['rule'].strip()}：{pairs}"))
        elif answer or _ANSWER.match(line):
            answer.append(line.strip())
    yield from _told(asked, answer)


def _told(asked: list[tuple[str, str]], answer: list[str]) -> Iterator[Answered]:
    text = without_numbers(_ANSWER.sub("", "".join(answer)))
    for key, question in asked:
        yield Answered(without_numbers(key), without_numbers(question), text)
