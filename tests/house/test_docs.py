"""Pages tell the truth about the code: links, paths, commands, settings, tables, columns and words exist."""

import re
from pathlib import Path

import pytest
import typer

from assets.house import House
from assets.indicators.parameters import load_parameters
from assets.intake.ledger import SIGHTINGS
from assets.intake.limits import Limits
from assets.judging.judgement import Judgement
from assets.judging.staging import LAYER, staged_path
from assets.year import FIGURES_LAYER, VERDICTS_LAYER
from pipelines.cli.app import app
from pipelines.settings import Settings
from tests.house.code import ROOMS, ROOT
from tests.house.pages import links, pages, prose, text_of
from warehouse import words
from warehouse.lake import Lake
from warehouse.schema import metadata
from warehouse.views import view_queries

ARCHITECTURE, README, CONTRIBUTING = "docs/architecture.md", "README.md", "CONTRIBUTING.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ("**Question.**", "**Choice.**", "**Measured.**", "**Costs.**")
WIDEST = 160
CODE = re.compile(r"`([^`\n]+)`")


def named(path: Path | str) -> set[str]:
    """What a page names in code letters, outside its fenced blocks."""
    return set(CODE.findall(prose(path)))


def rows_of(path: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its own head."""
    lines = text_of(path).partition(f"\n{heading}\n")[2].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    cells = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    return cells


def targets() -> set[str]:
    """The targets that the Makefile explains."""
    return set(re.findall(r"^([a-z]+):.*## ", text_of("Makefile"), re.MULTILINE))


def test_every_relative_link_leads_somewhere() -> None:
    looked, broken = 0, []
    for page in pages():
        for link in links(page):
            if "://" not in link:
                looked += 1
                if not (page.parent / link.partition("#")[0]).exists():
                    broken.append(f"{page.name}: {link}")
    assert looked >= 20
    assert broken == []


def test_lines_fit_an_editor() -> None:
    lines = [(page.name, number, line) for page in pages() for number, line in enumerate(text_of(page).splitlines(), 1)]
    assert len(lines) > 500
    assert [(name, number) for name, number, line in lines if len(line) > WIDEST] == []


def test_files_that_pages_name_exist() -> None:
    rooms = (*ROOMS, "tests", "docs")
    found = {name for page in pages() for name in named(page) if re.fullmatch(rf"(?:{'|'.join(rooms)})/[\w./-]+", name)}
    assert len(found) >= 25
    assert {name for name in found if not (ROOT / name).exists()} == set()


def test_modules_that_the_architecture_names_exist() -> None:
    found = {name for name in named(ARCHITECTURE) if re.fullmatch(r"\w+\.(?:py|yaml)", name)}
    known = {path.name for room in ROOMS for path in (ROOT / room).rglob("*")} | {path.name for path in ROOT.iterdir()}
    assert len(found) >= 8
    assert found - known == set()


def test_every_verb_of_the_command_line_is_in_the_readme_and_no_other() -> None:
    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert len(verbs) >= 5
    told = {page.name: set(re.findall(r"\bxiangxi ([a-z]+)\b", text_of(page))) for page in pages()}
    assert told[README] == verbs
    assert {name: unknown for name, words in told.items() if (unknown := words - verbs)} == {}


def test_every_setting_is_in_the_readme_and_no_page_names_another() -> None:
    fields = {f"XIANGXI_{name.upper()}" for name in Settings.model_fields}
    assert len(fields) >= 7
    told = {page: set(re.findall(r"XIANGXI_[A-Z_]*[A-Z]", text_of(page))) for page in pages()}
    assert fields <= {name.partition("__")[0] for name in told[ROOT / README]}
    limits = {f"XIANGXI_LIMITS__{name.upper()}" for name in Limits.__dataclass_fields__}
    assert set().union(*told.values()) - fields - limits == set()


def test_defaults_of_settings_are_as_the_readme_says() -> None:
    told = {re.findall(CODE, name)[0]: default for name, _, default in rows_of(README, "## Settings")}
    fields = Settings.model_fields
    assert told["XIANGXI_HOME"] == f"`{fields['home'].default}`"
    assert told["XIANGXI_PROCESSES"] == str(fields["processes"].default)
    assert told["XIANGXI_KEEP_RELEASES"] == str(fields["keep_releases"].default)
    assert told["XIANGXI_LIMITS__…"] == f"{Limits().cells:,} cells"


def test_every_target_of_make_is_explained_and_no_page_names_another() -> None:
    told = {
        name.removeprefix("make ") for row in rows_of(CONTRIBUTING, "## Setting up") for name in CODE.findall(row[0])
    }
    assert told == targets() - {"help"}
    used = {
        target for page in pages() for line in re.findall(r"`make ([a-z ]+)`", text_of(page)) for target in line.split()
    }
    assert len(used) >= 8
    assert used <= targets()


def test_paths_of_the_lake_are_those_of_the_code(tmp_path: Path) -> None:
    told = named(ARCHITECTURE)
    judgement = Judgement(
        dataset="<dataset>", period="<period>", fingerprint="", folder="<fingerprint>", versions=(), rules=(),
        stale_units=(), rows_current=0,
    )  # fmt: skip
    house = House(tmp_path, tmp_path, "sqlite://")
    ledger = house.ledger.folder.relative_to(house.lake.root).as_posix()
    paths = {
        "/".join(staged_path(Lake(tmp_path), judgement, "rows")), f"{LAYER}/<dataset>/<period>/judgement.json",
        f"{ledger}/<submission>.json", f"{ledger}/{SIGHTINGS}", f"{FIGURES_LAYER}/<year>.parquet",
        f"{VERDICTS_LAYER}/<year>.parquet", "raw/<dataset>/<submission>.parquet", "gold/<table>.parquet",
        house.lake.root.relative_to(tmp_path).joinpath("x").as_posix().replace("lake/x", "<home>/lake"),
    }  # fmt: skip
    assert paths - told == set()


@pytest.mark.parametrize("folder", ["raw", "gold", "facts"])
def test_layers_without_a_constant_are_written_by_the_code_that_the_architecture_names(folder: str) -> None:
    (row,) = [row for row in rows_of(ARCHITECTURE, "## The way of the data") if f"`{folder}/" in row[1]]
    writers = [ROOT / name for name in CODE.findall(row[2])] + [
        ROOT / "assets/intake/take_in.py",
        ROOT / "assets/publication.py",
    ]
    assert any(f'"{folder}"' in path.read_text("utf-8") for path in writers)


def test_every_table_and_view_is_in_the_architecture_with_columns_that_exist() -> None:
    tables: dict[str, set[str]] = {}
    latest = ""
    for name, _, columns in rows_of(ARCHITECTURE, "These names are an interface; rename none of them."):
        latest = CODE.findall(name)[0] if "`" in name else latest
        tables.setdefault(latest, set()).update(CODE.findall(columns))
    assert tables.keys() == metadata.tables.keys()
    assert sum(map(len, tables.values())) > 60
    assert {
        name: lost for name, columns in tables.items() if (lost := columns - {*metadata.tables[name].c.keys()})
    } == {}
    assert set(view_queries()) <= named(ARCHITECTURE)


@pytest.mark.parametrize(
    "listed", [words.VERDICTS, words.MATURITIES, words.SEVERITIES, words.STATUS_STATES, words.TIMELINESS],
    ids=["verdicts", "maturities", "severities", "states", "timeliness"],
)  # fmt: skip
def test_words_stand_in_the_architecture_with_their_chinese(listed: dict[str, str]) -> None:
    text = re.sub(r"\s+", " ", text_of(ARCHITECTURE))
    assert [word for word, chinese in listed.items() if f"`{word}` {chinese}" not in text] == []


def test_parameters_that_the_recipe_of_a_plan_names_exist() -> None:
    text = text_of("docs/recipes/next-years-plan.md").partition("\nparameters:\n")[2].partition("\n\n")[0]
    found = re.findall(r"^  (\w+):", text, re.MULTILINE)
    assert found
    assert set(found) <= set(load_parameters())


def test_decisions_are_numbered_and_tell_all_four_parts() -> None:
    assert len(DECISIONS) >= 11
    assert [path.name[:4] for path in DECISIONS] == [f"{number:03d}-" for number in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = text_of(path)
        assert text.startswith(f"# {path.name[:3]} "), path.name
        assert [part for part in PARTS if part not in text] == [], path.name
        assert len(text.splitlines()) <= 15, path.name
