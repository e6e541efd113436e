"""The views of schema `mart` in which small counts are blank: SQL of PostgreSQL over the exact tables and views.

What is told stands in `analyst_status`; where it says nothing, nothing is told. A verdict is withheld with its figure,
because a target is a bound of it; so is the trend where the year before is withheld, and how a gap is divided and which
unit is worst where any unit's figure of the commitment is. Schools are in none of these views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from warehouse.analyst import VIEWS
from warehouse.analyst.profiles import STAGES, VERDICT_COLUMNS
from warehouse.schema import analyst_status, fact_indicator, fact_verdict, release_change
from warehouse.table_views import AS_OF
from warehouse.words import PUBLIC_STATES, TOLD_IN, TOLD_STATES

SHOWN = str(TOLD_STATES)
"""As SQL lists them."""
STATUS, STATUS_ZH = "status", "状态"
PROFILE = ("pupils", *(f"pupils_{name}" for name in STAGES), "staff", "teachers", "payments", "amount_paid")
_SIDES = ("numerator", "denominator", "value")
_OF_TREND = ("value_before", "trend")
_OF_UNITS = ("gap_part", "worst_value", "worst_region_code")
_OF_VERDICT = (*_SIDES, "verdict", "gap", "gap_verb", "gap_unit", "explanation_zh")

_WITH_STATUS = ("v_indicator", "v_scorecard", "v_region_profile")

Query = Callable[[str], str]


def withheld_queries() -> Mapping[str, Query]:
    """For each view of `mart` that blanks what is not told its select, given the schema of the exact tables."""
    queries: dict[str, Query] = {
        fact_indicator.name: _fact_indicator, fact_verdict.name: _fact_verdict, release_change.name: _release_change,
    }  # fmt: skip
    for english, make in {
        "v_indicator": _indicators, "v_scorecard": _scorecard, "v_region_profile": _profile, "v_reporting": _reporting,
    }.items():  # fmt: skip
        view = next(each for each in VIEWS if each.name_en == english)
        pairs = zip(view.query(False).selected_columns, view.query(True).selected_columns, strict=True)
        names = [(str(one.key), str(other.key)) for one, other in pairs]
        queries[view.name_en] = _bound(make, view.name_en, {one: one for one, _ in names}, is_chinese=False)
        queries[view.name_zh] = _bound(make, view.name_zh, dict(names), is_chinese=True)
    return queries


def status_columns() -> Iterator[tuple[str, str]]:
    """The column that `mart` alone has, by the name of each view that has it."""
    yield from ((table.name, STATUS) for table in (fact_indicator, fact_verdict))
    for view in VIEWS:
        if view.name_en in _WITH_STATUS:
            yield from ((view.name_en, STATUS), (view.name_zh, STATUS_ZH))


def status_comments() -> Iterator[str]:
    """The statements that tell what that column means."""
    for name, column in status_columns():
        yield f'COMMENT ON COLUMN mart."{name}"."{column}" IS \'{analyst_status.c.status.comment}\''


def _bound(make: Callable[..., str], view: str, names: Mapping[str, str], *, is_chinese: bool) -> Query:
    return lambda home: make(home, f'{home}."{view}"', names, is_chinese)


def _told(home: str, told_in: str, name: str, figure: str, region: str, year: str, release: str | None) -> str:
    """The join to the status of a figure, under a name; without a release to that of the newest."""
    if told_in not in TOLD_IN:
        raise ValueError(told_in)
    table = f"{AS_OF}{analyst_status.name}" if release else analyst_status.name
    of_release = f"{name}.release_id = {release} AND " if release else ""
    return (
        f"LEFT JOIN {home}.{table} {name} ON {of_release}{name}.told_in = '{told_in}' AND {name}.year = {year} "
        f"AND {name}.figure = {figure} AND {name}.region_code = {region}"
    )


def _columns(names: Iterable[str], blank: Mapping[str, str]) -> str:
    """The columns of `v`, some of them only where a condition holds."""
    told = (f'CASE WHEN {blank[name]} THEN v."{name}" END AS "{name}"' if name in blank else f'v."{name}"'
            for name in names)  # fmt: skip
    return ", ".join(told)


def _fact_indicator(home: str) -> str:
    blank = dict.fromkeys((*_SIDES, "unknown_count"), f"own.status IN {SHOWN}")
    join = _told(home, "indicator", "own", "v.indicator_id", "v.region_code", "v.year", "v.release_id")
    return (
        f"SELECT {_columns(fact_indicator.columns.keys(), blank)}, coalesce(own.status, 'c') AS {STATUS} "
        f"FROM {home}.fact_indicator v {join} WHERE v.level <> 'school'"
    )


def _indicators(home: str, view: str, names: Mapping[str, str], is_chinese: bool) -> str:
    blank = {names[name]: f"own.status IN {SHOWN}" for name in ("value", "unknown_count")}
    join = _told(home, "indicator", "own", f'v."{names["indicator_id"]}"', f'v."{names["region_code"]}"',
                 f'v."{names["year"]}"', None)  # fmt: skip
    school = "学校" if is_chinese else "school"
    status = _status("coalesce(own.status, 'c')", is_chinese=is_chinese)
    return (
        f"SELECT {_columns(names.values(), blank)}, {status} "
        f"FROM {view} v {join} WHERE v.\"{names['level']}\" <> '{school}'"
    )


def _status(status: str, *, is_chinese: bool) -> str:
    words = " ".join(f"WHEN '{word}' THEN '{told}'" for word, told in PUBLIC_STATES.items())
    return f'CASE {status} {words} END AS "{STATUS_ZH}"' if is_chinese else f"{status} AS {STATUS}"


def _fact_verdict(home: str) -> str:
    """Verdicts; of the year before only what the same release tells of it."""
    of = ("v.region_code", "v.year", "v.release_id")
    joins = " ".join((
        _told(home, "verdict", "own", "v.commitment_id", *of),
        _told(home, "indicator", "past", "v.indicator_id", "v.region_code", "v.year - 1", "v.release_id"),
        f"LEFT JOIN {home}.fact_indicator earlier ON earlier.release_id = v.release_id AND earlier.year = v.year - 1 "
        "AND earlier.indicator_id = v.indicator_id AND earlier.region_code = v.region_code",
        f"LEFT JOIN (SELECT release_id, year, figure FROM {home}.{AS_OF}{analyst_status.name} "
        "WHERE told_in = 'verdict' AND status = 'c' GROUP BY 1, 2, 3) hidden "
        "ON (hidden.release_id, hidden.year, hidden.figure) = (v.release_id, v.year, v.commitment_id)",
    ))  # fmt: skip
    knows_past = f"(v.value_before IS NULL OR past.status IN {SHOWN} AND earlier.value = v.value_before)"
    is_told = f"(own.status <> 'c' AND (coalesce(v.comparison, '') NOT IN ('rise', 'fall') OR {knows_past}))"
    blank = {
        **dict.fromkeys(_OF_VERDICT, is_told), **dict.fromkeys(_OF_TREND, f"{is_told} AND {knows_past}"),
        **dict.fromkeys(_OF_UNITS, f"{is_told} AND hidden.figure IS NULL"),
    }  # fmt: skip
    return (
        f"SELECT {_columns(fact_verdict.columns.keys(), blank)}, CASE WHEN {is_told} THEN own.status ELSE 'c' END "
        f"AS {STATUS} FROM {home}.fact_verdict v {joins}"
    )


def _scorecard(home: str, view: str, names: Mapping[str, str], is_chinese: bool) -> str:
    """The scorecard: blank where the verdict in `mart` is."""
    own = {
        "value": "value", "verdict": "verdict", "value_before": "value_before", "trend": "trend", "gap": "gap",
        "gap_unit": "gap_unit", "gap_text": "gap", "gap_part": "gap_part", "gap_part_text": "gap_part",
        "explanation": "explanation_zh",
    }  # fmt: skip
    blank = {names[name]: f"own.{column} IS NOT NULL" for name, column in own.items()}
    same = " AND ".join(f'own.{name} = v."{names[name]}"' for name in ("year", "commitment_id", "region_code"))
    newest = f"own.release_id = (SELECT max(release_id) FROM {home}.release)"
    return (
        f"SELECT {_columns(names.values(), blank)}, {_status('own.status', is_chinese=is_chinese)} "
        f"FROM {view} v JOIN mart.fact_verdict own ON {same} AND {newest}"
    )


def _profile(home: str, view: str, names: Mapping[str, str], is_chinese: bool) -> str:
    """Profiles of units; verdicts are counted as far as they are told."""
    year, unit = (f'v."{names[name]}"' for name in ("year", "unit_code"))
    told = ", ".join(f"max(status) FILTER (WHERE figure = '{name}') AS {name}" for name in PROFILE)
    counted = ", ".join(f"count(*) FILTER (WHERE verdict = '{name}') AS {name}" for name in VERDICT_COLUMNS)
    blank = {names[name]: f"own.{name} IN {SHOWN}" for name in PROFILE}
    columns = ", ".join(
        f'verdicts.{english} AS "{name}"' if english in VERDICT_COLUMNS else _columns([name], blank)
        for english, name in names.items()
    )
    status = "CASE WHEN own.has_hidden THEN 'c' ELSE 'ok' END"
    return (
        f"SELECT {columns}, {_status(status, is_chinese=is_chinese)} FROM {view} v "
        f"LEFT JOIN (SELECT year, region_code, bool_or(status = 'c') AS has_hidden, {told} "
        f"FROM {home}.{analyst_status.name} WHERE told_in = 'profile' GROUP BY 1, 2) own "
        f"ON own.year = {year} AND own.region_code = {unit} "
        f"LEFT JOIN (SELECT year, region_code, {counted} FROM mart.fact_verdict "
        f"WHERE release_id = (SELECT max(release_id) FROM {home}.release) GROUP BY 1, 2) verdicts "
        f"ON verdicts.year = {year} AND verdicts.region_code = {unit}"
    )


def _release_change(home: str) -> str:
    """Changes between two kept releases, but for figures that either of them withholds."""
    joins, sides = [], {"before": "v.release_id - 1", "after": "v.release_id"}
    for side, release in sides.items():
        joins.append(_told(home, "indicator", side, "v.indicator_id", "v.region_code", "v.year", release))
    blank = {f"{name}_{side}": f"{side}.status IN {SHOWN}" for side in sides for name in _SIDES}
    told = " AND ".join(
        f"(v.maturity_{side} IS NULL OR {side}.status <> 'c') AND EXISTS "
        f"(SELECT FROM {home}.release WHERE release_id = {release})" for side, release in sides.items()
    )  # fmt: skip
    return (
        f"SELECT {_columns(release_change.columns.keys(), blank)} FROM {home}.release_change v {' '.join(joins)} "
        f"WHERE v.level <> 'school' AND {told}"
    )


def _reporting(_home: str, view: str, names: Mapping[str, str], _is_chinese: bool) -> str:
    """How units reported, without numbers of rows: of some ledgers a row is a person."""
    blank = {names[name]: "false" for name in ("rows_accepted", "rows_quarantined")}
    return f"SELECT {_columns(names.values(), blank)} FROM {view} v"
