"""Grades: which follows which, and with which a stage may begin and end (`reference/grades.yaml`)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).parent / "reference" / "grades.yaml"


class Stage(BaseModel):
    """Grades of a stage: those that pupils pass through in order, and with which it may begin and end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grades: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    top: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _ends_with_its_order(cls, told: dict[str, list[str]]) -> dict[str, list[str]]:
        """Without another word a stage begins with the first of its order and ends with the last."""
        order = told.get("grades", [])
        return {"first": order[:1], "top": order[-1:], **told}

    @model_validator(mode="after")
    def _begins_somewhere(self) -> Self:
        if not self.first:
            raise ValueError("a stage begins with some grade")
        return self


@functools.cache
def load_stages() -> Mapping[str, Stage]:
    """The stages by name, in the order of the file."""
    told: dict[str, dict[str, list[str]]] = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: Stage.model_validate(stage) for name, stage in told.items()}


@functools.cache
def next_grades() -> Mapping[str, str]:
    """The grade in which pupils of a grade are a year later, of those that they pass through in order."""
    return {one: following for stage in load_stages().values() for one, following in pairwise(stage.grades)}


def first_grades() -> tuple[str, ...]:
    """The grades with which a stage may begin."""
    return tuple(grade for stage in load_stages().values() for grade in stage.first)


def top_grades(*stages: str) -> tuple[str, ...]:
    """The grades with which these stages, or any, may end."""
    return tuple(grade for name, stage in load_stages().items() if not stages or name in stages for grade in stage.top)


def passed_through() -> tuple[str, ...]:
    """The stages whose grades pupils pass through in order."""
    return tuple(name for name, stage in load_stages().items() if stage.grades)
