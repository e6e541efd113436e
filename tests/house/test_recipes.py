"""Recipes cannot rot: what each page of docs/recipes tells the reader to write and run is written and run on a copy."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assets import aid, census, exams, sports, work
from expectations.contract import load_contracts
from tests.house.code import ROOMS, ROOT
from tests.house.pages import Block, blocks

RECIPES = sorted((ROOT / "docs" / "recipes").glob("*.md"))
PYTEST = ".venv/bin/pytest "
FAMILIES = (aid, census, exams, sports, work)


def copy_of_the_project(folder: Path) -> Path:
    unneeded = shutil.ignore_patterns("golden", "house")  # with what Python compiled, which holds for the copies too
    for room in (*ROOMS, "tests"):
        shutil.copytree(ROOT / room, folder / room, ignore=unneeded)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def follow(project: Path, block: Block) -> None:
    """Do in the project what a block says."""
    if block.language == "diff":
        apply(project / block.file, block.text)
    elif block.language == "sh":
        commands = [line.removeprefix(PYTEST) for line in block.text.splitlines() if line.startswith(PYTEST)]
        for command in commands:
            run_tests(project, shlex.split(command))
    elif block.file:
        target = project / block.file
        assert not target.exists(), f"{block.file} is there already: a recipe adds files and never overwrites one"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, "utf-8")


def apply(path: Path, change: str) -> None:
    """Replace the lines that begin with - by those that begin with +; the former stand in the file exactly once."""
    sides = {sign: [line[1:] for line in change.splitlines() if line.startswith(sign)] for sign in "-+"}
    assert len(sides["-"]) + len(sides["+"]) == len(change.splitlines())
    old, new = ("\n" + "\n".join(sides[sign]) + "\n" for sign in "-+")
    text = "\n" + path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} no longer holds, or holds twice:{old}"
    path.write_text(text.replace(old, new).removeprefix("\n"), "utf-8")


def run_tests(project: Path, arguments: list[str]) -> None:
    run(project, "pytest", "-q", "-p", "no:cacheprovider", *arguments)


def run(project: Path, tool: str, *arguments: str) -> None:
    """Run a tool of the development set in the project, without settings of the world around."""
    environment = {"PATH": str(Path(sys.executable).parent), "HOME": str(project), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", tool, *arguments]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.stem)
def test_a_recipe_does_what_it_says(page: Path, tmp_path: Path) -> None:
    project = copy_of_the_project(tmp_path)
    steps = blocks(page)
    assert any(block.language in {"diff", "yaml"} for block in steps)
    assert any(line.startswith(PYTEST) for block in steps for line in block.text.splitlines())
    for block in steps:
        follow(project, block)
    written = {block.file for block in steps if block.file.endswith(".py")}
    if written:
        run(project, "ruff", "check", "--no-cache", *sorted(written))
        run(project, "ruff", "format", "--check", "--no-cache", *sorted(written))


def test_there_is_a_recipe_for_what_newcomers_add() -> None:
    assert {page.stem for page in RECIPES} >= {"add-a-dataset", "add-a-rule", "add-an-indicator", "next-years-plan"}


def test_every_dataset_belongs_to_one_family() -> None:
    named = [dataset for family in FAMILIES for dataset in family.DATASETS]
    assert len(named) >= 14
    assert sorted(named) == sorted(load_contracts()), "a contract without a family is read but never judged"
