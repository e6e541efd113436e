"""The work plan as data: one model per item, and the loader of `plans/<year>.yaml`.

Here is what a plan file may say and what it means: commitments with their exact targets, the thresholds that the
indicators take from the plan, and the spellings by which a work item names its commitment. Whether an indicator of
that name exists is known in `assets/indicators`; verdicts are given in `assets/plans/scorecard.py`; finding
the line of a fault and telling it in words is done in `plan_faults.py`.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, field_validator, model_validator

from expectations.errors import PlanError
from expectations.plan_faults import Source, explain, read_source

FOLDER = Path(__file__).parent / "plans"

Comparison = Literal["ge", "le", "eq", "rise", "fall"]
Scope = Literal["prefecture", "county", "township", "school", "class"]
JudgedOn = Literal["census", "terms", "calendar", "months", "exams"]
Article = Annotated[int, Field(ge=1)]
Text = Annotated[str, Field(min_length=1)]
Parameter = bool | int | Decimal | str | tuple[str, ...]

TARGET_DECIMALS = 4  # as lake and warehouse keep exact numbers
DIRECTIONS = frozenset({"rise", "fall"})


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WorkItemsMeasure(_Record):
    """How a commitment's figure is read off the ledger of work items.

    `count`: what is done, 0 where nothing is told; `amount`: the same, no data where nothing is told (for directions
    and zero targets); `share`: done of what is due; `counties_reaching`: counties with `at_least` things done.
    `years` and `since` make a share one of a round of several years: in the k-th year k of n parts are due.
    """

    source: Literal["work_items"] = Field(alias="from")
    reading: Literal["count", "amount", "share", "counties_reaching"] = Field(alias="as")
    at_least: Annotated[int, Field(ge=1)] | None = None
    years: Annotated[int, Field(ge=2)] | None = None
    since: Annotated[int, Field(ge=2000, le=2100)] | None = None

    @model_validator(mode="after")
    def _threshold_where_needed(self) -> Self:
        if (self.reading == "counties_reaching") != (self.at_least is not None):
            raise ValueError("at_least 只用于 counties_reaching，且不能缺")
        if (self.years is None) != (self.since is None) or (self.years and self.reading != "share"):
            raise ValueError("years 和 since 只用于 share，且须同时写")
        return self


class CompetitionsMeasure(_Record):
    """What is read off the competitions of the year; each word that it names narrows them.

    `distinct_sports`: how many of the named sports occur; `held`: how many events were held, or with `by_county` the
    counties that held one, among all.
    """

    source: Literal["competitions"] = Field(alias="from")
    reading: Literal["distinct_sports", "held"] = Field(alias="as")
    level: Text | None = None
    role: Text | None = None
    edition: Annotated[int, Field(ge=1)] | None = None
    sport: Text | None = None
    name_contains: tuple[Text, ...] = ()
    sports: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    by_county: bool = False

    @model_validator(mode="after")
    def _sports_where_needed(self) -> Self:
        if (self.reading == "distinct_sports") != bool(self.sports):
            raise ValueError("sports 只用于 distinct_sports，且不能缺")
        if self.reading == "held" and not self.name_contains and not self.sport:
            raise ValueError("held 须用 name_contains 或 sport 写明是什么赛事")
        if self.by_county and self.reading != "held":
            raise ValueError("by_county 只用于 held")
        return self

    @property
    def sport_by_spelling(self) -> dict[str, str]:
        """The plan's sport by each spelling of it, itself included."""
        return {spelling: sport for sport, aliases in self.sports.items() for spelling in (sport, *aliases)}


class ExamSittingsMeasure(_Record):
    """How many of the named examinations were held in the year."""

    source: Literal["exam_sittings"] = Field(alias="from")
    reading: Literal["distinct_exams"] = Field(alias="as")
    exams: tuple[Text, ...] = Field(min_length=1)


Measure = Annotated[WorkItemsMeasure | CompetitionsMeasure | ExamSittingsMeasure, Field(discriminator="source")]


class Commitment(_Record):
    """One measurable promise of the plan and how it is judged.

    `value` is as written (50 with unit %); `target` is what figures are held against. `rise` and `fall` compare with
    the year before, strictly, and have no value. Several indicators: each has to keep it.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
    article: Article
    name_zh: Text
    name_en: str = ""
    aliases: tuple[Text, ...] = ()
    indicator: tuple[Text, ...] = Field(min_length=1)
    measure: Measure | None = None
    comparison: Comparison
    value: Annotated[Decimal, Field(ge=0)] | None = None
    unit: Text
    scope: tuple[Scope, ...] = ("prefecture",)
    judged_on: JudgedOn = "calendar"
    deadline: date
    office: str = ""
    choice: str = ""
    worst: str | None = None

    @field_validator("indicator", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("value", mode="before")
    @classmethod
    def _a_number(cls, value: Any) -> Any:
        if isinstance(value, bool | float):
            raise ValueError(f"{value} 不是数")  # noqa: TRY004 - pydantic tells ValueErrors by place, TypeErrors not
        return value

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if (self.comparison in DIRECTIONS) != (self.value is None):
            raise ValueError("rise、fall 与上年比较，不写 value；其余须写 value")
        if self.unit == "%" and self.value is not None and self.value > 100:
            raise ValueError(f"value 为 {self.value}%，比例不能超过 100%")
        if self.target is not None and self.target != round(self.target, TARGET_DECIMALS):
            raise ValueError(f"value {self.value} 的小数位过多：百分数最多 2 位，其余最多 {TARGET_DECIMALS} 位")
        if self.measure and len(self.indicator) > 1:
            raise ValueError("measure 定义的是一个指标，indicator 只能写一个")
        return self

    @property
    def target(self) -> Decimal | None:
        """The exact target: a `%` value as a share (42 % is 0.42), a count as it is; None for rise and fall."""
        if self.value is None or self.unit != "%":
            return self.value
        return self.value.scaleb(-2)

    @property
    def matches(self) -> tuple[str, ...]:
        """Every spelling by which a work item may name this commitment."""
        return (self.id, self.name_zh, *self.aliases)


class Unmeasured(_Record):
    """An article of the plan without a measurable promise, and why."""

    article: Article
    reason: Text


class LeftOut(_Record):
    """Something that a measured article also says and that no figure can answer, in our own words, and why."""

    article: Article
    promise: Text
    reason: Text


class Meta(_Record):
    """The document that the plan file stands for.

    `articles` is how many it has, `offices` says where the responsible offices come from.
    """

    title: Text
    title_en: str = ""
    issuer: Text
    issued: date
    year: Annotated[int, Field(ge=2000, le=2100)]
    articles: Article | None = None
    offices: str = ""


def _kind(item: Any) -> str:
    return "unmeasured" if isinstance(item, dict) and "reason" in item and "id" not in item else "commitment"


Item = Annotated[
    Annotated[Commitment, Tag("commitment")] | Annotated[Unmeasured, Tag("unmeasured")], Discriminator(_kind)
]


class Plan(_Record):
    """The plan of one year: its document, its parameters, its items in the order of the file, and what is left out."""

    meta: Meta
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    items: tuple[Item, ...] = Field(alias="commitments", min_length=1)
    left_out: tuple[LeftOut, ...] = ()

    @property
    def year(self) -> int:
        """The plan year."""
        return self.meta.year

    @functools.cached_property
    def commitments(self) -> tuple[Commitment, ...]:
        """The measurable promises."""
        return tuple(item for item in self.items if isinstance(item, Commitment))

    @functools.cached_property
    def unmeasured(self) -> tuple[Unmeasured, ...]:
        """The articles that promise nothing measurable."""
        return tuple(item for item in self.items if isinstance(item, Unmeasured))

    @functools.cached_property
    def _by_spelling(self) -> dict[str, Commitment]:
        return {spelling: item for item in self.commitments for spelling in item.matches}

    def commitment_named(self, text: str) -> Commitment | None:
        """The commitment whose id, Chinese name or alias the text is, outer blanks aside; None when there is none."""
        return self._by_spelling.get(text.strip())

    def nearest(self, text: str, count: int = 3) -> tuple[str, ...]:
        """Chinese names of the commitments whose spellings come nearest to the text, best first."""
        spellings = difflib.get_close_matches(text.strip(), self._by_spelling, n=len(self._by_spelling), cutoff=0.0)
        names = dict.fromkeys(self._by_spelling[spelling].name_zh for spelling in spellings)
        return tuple(names)[:count]


MODELS: Mapping[str, type[BaseModel]] = {
    "": Plan, "meta": Meta, "commitment": Commitment, "unmeasured": Unmeasured,
    "work_items": WorkItemsMeasure, "competitions": CompetitionsMeasure, "exam_sittings": ExamSittingsMeasure,
    "left_out": LeftOut,
}  # fmt: skip


def load_plan(path: Path) -> Plan:
    """The plan that the file tells.

    Raises:
        PlanError: all faults of the file, each with its line: syntax, unknown or repeated keys, words and values that
            cannot be; and, once these are mended, ids and names that two commitments share.
    """
    source = read_source(path)
    try:
        plan = Plan.model_validate(_with_deadlines(source.data))
    except ValidationError as error:
        raise PlanError(explain(source, error, MODELS)) from None
    if faults := tuple(_faults_between(plan, source)):
        raise PlanError(faults)
    return plan


def load_plans(folder: Path | None = None) -> dict[int, Plan]:
    """The plans of a folder (default: the project's own) by year, ascending.

    Raises:
        PlanError: a file is faulty, or is not named after its year.
    """
    plans = {}
    for path in sorted((folder or FOLDER).glob("*.yaml")):
        plan = load_plan(path)
        if path.stem != str(plan.year):
            raise PlanError((f"{path.name}: 文件名应为 {plan.year}.yaml（meta.year）",))
        plans[plan.year] = plan
    return plans


def _with_deadlines(data: Any) -> Any:
    """The document with the last day of the year written where a commitment names no deadline."""
    match data:
        case {"meta": {"year": year}, "commitments": list(items)}:
            is_year = isinstance(year, int) and date.min.year <= year <= date.max.year
            last = {"deadline": date(year, 12, 31) if is_year else date.max}
            filled = [last | item if isinstance(item, dict) and _kind(item) == "commitment" else item for item in items]
            return {**data, "commitments": filled}
    return data


def _faults_between(plan: Plan, source: Source) -> Iterator[str]:
    """What only several items together show, in the order of the file."""
    yield from _article_faults(plan, source)
    yield from _claimed_twice(plan, source)
    for position, item in enumerate(plan.items):
        if isinstance(item, Commitment) and item.deadline < plan.meta.issued:
            place = ("commitments", position, "deadline")
            yield source.fault(place, f"期限 {item.deadline} 早于要点印发日 {plan.meta.issued}")


def _article_faults(plan: Plan, source: Source) -> Iterator[str]:
    """Articles that the document does not have, or that are both measured and set aside."""
    measured = {item.article for item in plan.commitments}
    for position, item in enumerate(plan.items):
        place = ("commitments", position)
        if plan.meta.articles and item.article > plan.meta.articles:
            yield source.fault((*place, "article"), f"没有第 {item.article} 条，要点共 {plan.meta.articles} 条")
        if isinstance(item, Unmeasured) and item.article in measured:
            yield source.fault(place, f"第 {item.article} 条已有指标任务，不能再写 reason")
    for position, left in enumerate(plan.left_out):
        if left.article not in measured:
            yield source.fault(("left_out", position), f"第 {left.article} 条没有指标任务，请改写为 article 和 reason")


def _claimed_twice(plan: Plan, source: Source) -> Iterator[str]:
    """A spelling that names two commitments; an indicator that two of them define by a measure."""
    owners: dict[str, int] = {}
    defined: dict[str, int] = {}
    for position, item in enumerate(plan.items):
        if isinstance(item, Unmeasured):
            continue
        for spelling in item.matches:
            if (owner := owners.setdefault(spelling, position)) != position:
                line = source.line(("commitments", owner))
                yield source.fault(("commitments", position), f"“{spelling}”已用于第 {line} 行的任务")
        if item.measure and (first := defined.setdefault(item.indicator[0], position)) != position:
            line = source.line(("commitments", first))
            place = ("commitments", position, "indicator")
            yield source.fault(place, f"指标 {item.indicator[0]} 已由第 {line} 行的 measure 定义")
