"""`xiangxi status`: the matrix unit x dataset x period, how each unit reported, and what was not recognised."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from assets.house import House
from assets.submitted.matrix import OpenProblem, Place, matrix_of_year, open_problems, waiting_for
from assets.submitted.matrix_tables import record_row
from assets.submitted.unit_record import unit_records
from pipelines.cli.explanations import show_explanations
from pipelines.cli.options import Home, TableFormat, Unit, Year, data, format_or_stop, settings_with, unit_or_stop
from pipelines.cli.rows import show_rows
from pipelines.cli.status_tables import print_status

Notes = Annotated[bool, typer.Option("--notes", help="列出没有读取的栏目和工作表")]
Rows = Annotated[bool, typer.Option("--rows", help="列出各文件每一行、每一个非空单元格的去向")]
Explanations = Annotated[bool, typer.Option("--explanations", help="列出各单位的说明和有效期")]


def status(
    home: Home = None, year: Year = None, unit: Unit = None, format_: TableFormat = "table", notes: Notes = False,
    rows: Rows = False, explanations: Explanations = False,
) -> None:  # fmt: skip
    """各单位、各报表、各报告期的报送状态，各单位的及时率和首版通过率。

    改列没有读取的栏目（--notes）、行与单元格的去向（--rows）、各单位的说明（--explanations）。

    例：xiangxi status --year 2020
    """
    house = settings_with(home).house()
    if notes:
        for reception in house.ledger.receptions():
            for note in reception.notes:
                typer.echo(f"{reception.path}：{note}")
        for path, first in house.ledger.sent_again().items():
            typer.echo(f"{path}：内容与 {first.submission_id}（{first.path}）相同，没有再次读取。")
        return
    known = format_or_stop(format_, ("table", "json", "csv"))
    if rows or explanations:
        (show_rows if rows else show_explanations)(house, known)
        return
    only = unit and unit_or_stop(unit, house.regions)
    places = [
        p for y in ([year] if year else house.years()) for p in matrix_of_year(house, y) if only in (None, p.unit_code)
    ]
    unknown = [one for one in unrecognised(house) if only in (None, one.reception.unit_code)]
    if known == "table":
        print_status(data(), places, unknown, house)
    elif known == "csv":
        typer.echo(_csv([record_of(place) for place in places]), nl=False)
    else:
        typer.echo(_json(house, places, unknown))


def unrecognised(house: House) -> list[OpenProblem]:
    """Files that lie in landing and fit no contract, by unit."""
    found = [one for one in open_problems(house) if one.reception.state == "unrecognised"]
    return sorted(found, key=lambda one: (one.reception.unit_code, one.reception.sequence))


def record_of(place: Place) -> dict[str, Any]:
    """One cell of the matrix, by names that stay."""
    kept = place.timeliness
    return {"unit": place.unit_code, "dataset": place.dataset, "period": place.period, "year": place.year,
            "state": place.state, "version": place.version and place.version.version,
            "due": place.due and place.due.isoformat(), "expected": place.is_expected,
            "received_at": place.received_at and place.received_at.isoformat(),
            "first_received_at": place.first_received_at and place.first_received_at.isoformat(),
            "timeliness": kept and kept.word, "is_late": kept and kept.word == "late",
            "days_late": kept and (kept.days_late or None), "is_first_pass": place.is_first_pass,
            "must_fix": place.must_fix, "must_explain": place.must_explain,
            "repeated_rules": " ".join(place.repeated_rules)}  # fmt: skip


def _json(house: House, places: Sequence[Place], unknown: Sequence[OpenProblem]) -> str:
    files = [{"unit": one.reception.unit_code, "path": one.reception.path, "message": problem.message,
              "how_to_fix": problem.how_to_fix} for one in unknown for problem in one.problems]  # fmt: skip
    late = [{"unit": r.unit_code, "path": r.path, "submission_id": r.submission_id, "years": list(r.waiting)}
            for r in waiting_for(house)]  # fmt: skip
    told = {"waiting": late, "places": [record_of(place) for place in places], "unrecognised": files,
            "units": [record_row(record) for record in unit_records(places)]}  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _csv(records: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]) if records else ["unit"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()
