"""Imports run one way: pipelines -> assets -> expectations, warehouse; few modules know Dagster."""

import ast
import subprocess
import sys

import pytest

from tests.house.code import ROOMS, modules, name_of, tree
from tests.house.code import imported as names

MAY_IMPORT = {
    "pipelines": {"pipelines", "assets", "expectations", "warehouse", "samples"},
    "assets": {"assets", "expectations", "warehouse"},
    "expectations": {"expectations"},
    "warehouse": {"warehouse"},
    "samples": {"samples"},
}
KNOW_DAGSTER = {
    "assets/aid.py", "assets/census.py", "assets/compared_assets.py", "assets/exams.py", "assets/sports.py",
    "assets/work.py", "assets/figures.py", "assets/proved.py", "assets/publication.py", "assets/specs.py",
    "assets/staged_assets.py", "assets/submissions.py",
    "assets/verdicts.py",
}  # fmt: skip


def test_rooms_import_only_what_lies_behind_them() -> None:
    looked, wrong = 0, []
    for path in modules():
        room = name_of(path).split("/")[0]
        for node in ast.walk(tree(path)):
            for name in names(node):
                top = name.split(".")[0]
                looked += top in ROOMS
                if top in ROOMS and top not in MAY_IMPORT[room]:
                    wrong.append(f"{name_of(path)}:{node.lineno} imports {name}")  # type: ignore[attr-defined]
    assert looked > 150
    assert wrong == [], "move what both need to the room behind, or pass it in as an argument"


def test_dagster_is_known_only_where_assets_and_jobs_are_defined() -> None:
    wrong = [
        name_of(path)
        for path in modules()
        if not name_of(path).startswith("pipelines/") and name_of(path) not in KNOW_DAGSTER
        and any(name.split(".")[0] == "dagster" for node in ast.walk(tree(path)) for name in names(node))
    ]  # fmt: skip
    assert wrong == [], "put the plain function here and the asset into a module that defines assets"


@pytest.mark.parametrize(
    ("started", "heavy"),
    [
        ("pipelines.cli, pipelines.definitions", ["great_expectations", "duckdb", "xlsxwriter"]),
        ("assets.intake.receive", ["pandas", "jsonschema"]),  # what a worker is; contracts are read with jsonschema
    ],
)
def test_starting_loads_no_heavy_engine(started: str, heavy: list[str]) -> None:
    code = f"import sys, {started};print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
