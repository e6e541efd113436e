"""The data dictionary: all that the project defines is in it, its links lead somewhere, stale pages are told."""

import base64
import hashlib
import json
import posixpath
import re
import shutil
import typing
from datetime import date
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import open_data_contract_standard
import pytest
import yaml
from typer.testing import CliRunner

from assets.indicators.formulas import Formula
from assets.indicators.parameters import load_parameters
from assets.indicators.registry import CATALOGUE, THEMES
from assets.reports.dictionary import pages_of, stale_pages, write_dictionary
from assets.reports.dictionary.facts import Facts
from assets.reports.dictionary.indexes import initial, sound
from assets.reports.dictionary.markdown import MARK, NOTICE, prose
from assets.reports.dictionary.words import load_words
from assets.reports.scorecard_lines import target_text
from expectations.contract import DELIVERIES, FOLDER, MISSING, TYPES, load_contracts
from expectations.plan import JudgedOn, Plan, Scope
from expectations.rule import rules_of
from pipelines.cli.app import app
from warehouse.analyst import VIEWS
from warehouse.schema import PUBLISHED, metadata
from warehouse.views import view_queries
from warehouse.words import VERDICTS

LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)

OTHER = "其他 Others"

Pages = dict[str, str]


@pytest.fixture(scope="module")
def told() -> Facts:
    return Facts.of_project()


@pytest.fixture(scope="module")
def pages(told: Facts) -> Pages:
    return pages_of(told)


@pytest.fixture(scope="module")
def index(pages: Pages) -> list[list[Any]]:
    listed: list[list[Any]] = json.loads(parsed(pages["search.html"]).texts["application/json"])
    return listed


class Parsed(HTMLParser):
    """The scripts of a page by type, its policy, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.policy = ""
        self.fetched: list[str] = []
        self.script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.script = (told.get("type") or "script") if tag == "script" else None
        if tag == "link" or told.keys() & {"src", "srcset", "action"}:
            self.fetched.append(tag)
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"] or ""

    def handle_data(self, data: str) -> None:
        if self.script:
            self.texts[self.script] = self.texts.get(self.script, "") + data

    def handle_endtag(self, tag: str) -> None:
        self.script = None


def parsed(html: str) -> Parsed:
    page = Parsed()
    page.feed(html)
    return page


def rows_of(page: str) -> list[list[str]]:
    """Cells of every row of every table."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_dataset_has_a_page_with_its_columns_headers_values_and_rules(told: Facts, pages: Pages) -> None:
    assert len(told.contracts) >= 33
    for name, contract in told.contracts.items():
        page = pages[f"datasets/{name}.md"]
        rows = {row[1]: row for row in rows_of(page) if len(row) == 9}
        for column in contract.columns:
            row = rows[f"`{column.name}`"]
            assert [row[0], *filter(None, row[2].split("；"))] == [prose(header) for header in column.headers]
            assert row[3:5] == [prose(column.description_zh), prose(column.description)]
            assert ("必填" in row[7]) == column.required
            for value in column.values:
                assert prose(value.label) in page
                assert [s for s in value.spellings if prose(s) not in page] == []
        ruled = {row[0]: row for row in rows_of(page) if len(row) == 5}
        for rule in rules_of(contract):
            severity, message, cure = ruled[f"`{rule.id}`"][1:4]
            assert severity.startswith("必须修改" if rule.severity == "must_fix" else "需说明")
            assert message and cure and not re.search(r"\{\w+\}", message + cure)
        assert f"# {contract.name_zh} `{name}`" in page
        assert contract.name_en in page
        assert f"> {prose(contract.purpose_zh)}\n>\n> {prose(contract.purpose)}\n" in page
        assert f"| **一行是 One row** | {prose(contract.grain_zh)} · {prose(contract.grain)} |" in page
        assert [title for title in contract.titles if title not in page] == []
        assert f"(datasets/{name}.md)" in pages["README.md"]


def test_a_dataset_tells_who_sends_it_when_and_what_is_made_of_it(pages: Pages) -> None:
    for name, words in {
        "class_ledger": "十个填报单位，9月20日前",
        "aid_payments": "十个填报单位，7月10日前（春季学期）；十个填报单位，次年1月10日前（秋季学期）",
        "nutrition_meals": "十个填报单位，次月20日前",
    }.items():
        assert f"| **由谁报送 Sender** | {words} |" in pages[f"datasets/{name}.md"]
    assert "](../indicators/public_kindergarten_share.md)" in pages["datasets/class_ledger.md"]
    assert "](../indicators/public_kindergarten_share.md)" not in pages["datasets/work_items.md"]


def test_every_indicator_has_a_page_in_both_languages_with_what_it_rests_on(told: Facts, pages: Pages) -> None:
    measured = {c.indicator[0] for plan in told.plans.values() for c in plan.commitments if c.measure}
    assert len(measured) > 100
    assert told.definitions.keys() == {item.id for item in CATALOGUE} | measured
    for name, definition in told.definitions.items():
        item, page = definition.indicator, pages[f"indicators/{name}.md"]
        assert f"# {prose(item.name_zh)} `{name}`" in page
        said = (item.name_en, item.definition_zh, item.unit, item.source, THEMES[item.theme])
        assert [words for words in said if prose(words) not in page] == []
        assert [part for part in item.definition_en.split("\n\n") if f"> {prose(part)}" not in page] == []
        assert [need for need in item.needs if f"](../datasets/{need.dataset}.md)" not in page] == []
        assert f"(indicators/{name}.md)" in pages["README.md"]


def test_an_indicator_names_the_parameters_that_it_asks_for(told: Facts, pages: Pages) -> None:
    page = pages["indicators/primary_entry_classes_within_limit.md"]
    assert "../parameters.md#primary_entry_class_limit)" in page
    assert "默认 45" in page
    assert "../parameters.md" not in pages["indicators/medals_gold.md"]
    asked = {name for each in told.definitions.values() for name in each.parameters}
    assert asked == set(load_parameters()), "a parameter that no definition asks for chooses nothing"


def test_every_commitment_has_a_page_with_its_promise_target_reading_and_spellings(told: Facts, pages: Pages) -> None:
    assert len(told.promises) > 100
    for promise in told.promises:
        c, page = promise.commitment, pages[f"commitments/{promise.year}-{promise.commitment.id}.md"]
        said = (c.name_zh, c.name_en, c.choice, c.office, target_text(c), f"第 {c.article} 条", c.deadline.isoformat())
        assert [words for words in said if prose(words) not in page] == [], c.id
        assert [name for name in c.indicator if f"](../indicators/{name}.md)" not in page] == []
        assert [spelling for spelling in c.matches if f"\n- {prose(spelling)}\n" not in page] == []
        needed = {name for each in c.indicator for name in told.definitions[each].datasets}
        assert {name for name in needed if f"](../datasets/{name}.md)" not in page} == set()
        for name in c.indicator:
            assert f"](../commitments/{promise.year}-{c.id}.md)" in pages[f"indicators/{name}.md"]
        assert f"(commitments/{promise.year}-{c.id}.md)" in pages["README.md"]


def test_the_index_tells_every_article_and_what_no_figure_answers(told: Facts, pages: Pages) -> None:
    for plan in told.plans.values():
        articles = {item.article for item in plan.items}
        assert [a for a in articles if f"\n### 第 {a} 条\n" not in pages["README.md"]] == []
        reasons = [*(left.promise for left in plan.left_out), *(item.reason for item in plan.unmeasured)]
        assert [words for words in reasons if prose(words) not in pages["README.md"]] == []


def test_every_parameter_table_and_view_has_its_place(told: Facts, pages: Pages) -> None:
    parameters = pages["parameters.md"]
    for name, parameter in load_parameters().items():
        assert f"\n## {name}\n" in parameters
        assert prose(parameter.text_zh) in parameters
    tables = pages["warehouse.md"].split("\n## ")
    by_name = {part.partition("\n")[0]: part for part in tables[1:]}
    assert by_name.keys() == {*metadata.tables, *(view.name_en for view in VIEWS)}
    for name, table in metadata.tables.items():
        chinese = (table.comment or "").partition(" / ")[0]
        assert chinese and prose(chinese) in by_name[name]
        told_columns = {row[0]: row for row in rows_of(by_name[name])}
        for column in table.columns:
            sides = [prose(side) for side in (column.comment or "").split(" / ")]
            assert told_columns[f"`{column.name}`"][3:] == sides, f"{name}.{column.name}"
    for view in VIEWS:
        listed = rows_of(by_name[view.name_en])[2:]
        for side, is_chinese in enumerate((True, False)):
            columns = view_queries()[view.name_zh if is_chinese else view.name_en].selected_columns
            assert [row[side] for row in listed] == [f"`{column.key}`" for column in columns]
        assert all(row[4] and row[5] for row in listed)


def test_every_header_stands_in_the_page_of_headers_in_order(told: Facts, pages: Pages) -> None:
    rows = [row for row in rows_of(pages["headers.md"]) if row[1].startswith("`")]
    listed = {(row[0], row[1].strip("`")): row[2] for row in rows}
    assert len(listed) == len(rows) > 400
    for header, column, contract in told.header_rows():
        links = listed[prose(header), column.name]
        assert f"(datasets/{contract.dataset}.md)" in links or links == f"全部 {len(told.contracts)} 张报表"
    keys = [sound(row[0]) for row in rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("text", "letter"),
    [("班级", "B"), ("学年", "X"), ("座位", "Z"), ("啊", "A"), ("county_code", "C"), ("㎡", OTHER), ("鑫", OTHER)],
)  # fmt: skip
def test_the_initial_of_a_word_is_that_of_its_pinyin(text: str, letter: str) -> None:
    assert initial(text) == letter


def test_every_link_leads_to_a_page_and_a_heading(pages: Pages) -> None:
    looked, broken = 0, []
    headings = {place: set(HEADING.findall(text)) for place, text in pages.items()}
    for place, text in pages.items():
        for link in LINK.findall(text) if place.endswith(".md") else ():
            looked += 1
            name, _, heading = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(place), name)) if name else place
            if target not in pages or (heading and heading not in headings[target]):
                broken.append(f"{place}: {link}")
    assert looked > 3000
    assert broken == []


def test_rows_of_a_table_have_as_many_cells_as_its_head(pages: Pages) -> None:
    looked = 0
    for place, text in pages.items():
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE) if place.endswith(".md") else ():
            looked += 1
            assert len({len(row) for row in rows_of(block)}) == 1, f"{place}\n{block[:300]}"
    assert looked > 800


def test_the_same_sources_give_the_same_pages(told: Facts, pages: Pages) -> None:
    again = pages_of(Facts(load_contracts(), dict(reversed(told.plans.items()))))
    assert again == pages
    assert all(NOTICE in text for text in pages.values())


def test_a_whole_contract_is_legal_and_tells_shared_columns_in_full(pages: Pages, tmp_path: Path) -> None:
    for place in (place for place in pages if place.startswith("contracts/")):
        (tmp_path / Path(place).name).write_text(pages[place], "utf-8")
    shared = (FOLDER / "common.odcs.yaml").read_text("utf-8")
    (tmp_path / "common.odcs.yaml").write_text(shared, "utf-8")
    whole = load_contracts(tmp_path)
    assert whole.keys() == load_contracts().keys()
    for dataset, contract in load_contracts().items():
        assert whole[dataset].columns == contract.columns
        properties = contract.document["schema"][0]["properties"]
        assert all(item["businessName"] and item["description"] for item in properties)


def test_the_contract_of_the_warehouse_is_legal_and_tells_every_published_column(pages: Pages) -> None:
    document = yaml.safe_load(pages["warehouse.odcs.yaml"])
    schema = resources.files(open_data_contract_standard).joinpath("schema.json").read_text("utf-8")
    jsonschema.Draft201909Validator(json.loads(schema)).validate(document)
    told = {each["name"]: [item["name"] for item in each["properties"]] for each in document["schema"]}
    assert told == {table.name: [column.name for column in table.columns] for table in PUBLISHED}
    items = {f"{each['name']}.{item['name']}": item for each in document["schema"] for item in each["properties"]}
    assert all(item["businessName"] and item["description"] for item in items.values())
    assert items["dim_school.unit_code"]["relationships"] == [{"to": "dim_region.region_code"}]
    assert items["fact_verdict.verdict"]["enum"] == [{"value": word} for word in VERDICTS]
    assert {to["to"] for item in items.values() for to in item.get("relationships", ())} <= items.keys()


def test_written_pages_are_not_stale_and_are_written_once(told: Facts, pages: Pages, tmp_path: Path) -> None:
    assert write_dictionary(tmp_path, told) == sorted(pages)
    assert stale_pages(tmp_path, told) == []
    assert write_dictionary(tmp_path, told) == []
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == pages.keys()


def test_a_changed_contract_makes_its_page_stale(told: Facts, pages: Pages, tmp_path: Path) -> None:
    write_dictionary(tmp_path / "pages", told)
    contracts = shutil.copytree(FOLDER, tmp_path / "contracts")
    changed = contracts / "class_ledger.odcs.yaml"
    changed.write_text(changed.read_text("utf-8").replace("synonym: 班级编号", "synonym: 班级序号"), "utf-8")
    now = Facts(load_contracts(contracts), told.plans)
    assert stale_pages(tmp_path / "pages", now) == [
        "contracts/class_ledger.odcs.yaml", "datasets/class_ledger.md", "headers.md", "search.html",
    ]  # fmt: skip
    write_dictionary(tmp_path / "pages", now)
    assert stale_pages(tmp_path / "pages", now) == []
    assert "班级序号" in (tmp_path / "pages" / "headers.md").read_text("utf-8")


def test_a_page_without_a_source_is_stale_and_goes_while_other_files_stay(told: Facts, tmp_path: Path) -> None:
    write_dictionary(tmp_path, told)
    year, plan = max(told.plans.items())
    last = plan.commitments[-1]
    fewer = Plan(meta=plan.meta, parameters=plan.parameters, commitments=plan.items[: plan.items.index(last)])
    note = tmp_path / "datasets" / "note.md"
    note.write_text("# 手记\n", "utf-8")
    orphan, now = f"commitments/{year}-{last.id}.md", Facts(told.contracts, {year: fewer})
    assert orphan in stale_pages(tmp_path, now)
    assert orphan in write_dictionary(tmp_path, now)
    assert not (tmp_path / orphan).exists()
    assert note.read_text("utf-8") == "# 手记\n"


def test_an_earlier_plan_that_measured_something_else_is_told(told: Facts) -> None:
    year, plan = max(told.plans.items())
    first = next(c for c in plan.commitments if c.measure)
    renamed = first.model_copy(update={"name_zh": "另一件事", "deadline": date(year + 1, 12, 31)})
    newer = Plan(meta=plan.meta.model_copy(update={"year": year + 1, "title": "下一年要点"}), commitments=(renamed,))
    pages = pages_of(Facts(told.contracts, {year: plan, year + 1: newer}))
    page = pages[f"indicators/{first.indicator[0]}.md"]
    assert "# 另一件事 " in page
    assert f"{year} 年：{prose(first.name_zh)}" in page.partition("## 以前的要点")[2]
    assert f"“{first.name_zh}”" in pages[f"commitments/{year}-{first.id}.md"]
    assert "“另一件事”" in pages[f"commitments/{year + 1}-{first.id}.md"]
    assert "下一年要点" in pages["README.md"]


def test_a_header_spelling_finds_its_column(told: Facts, index: list[list[Any]]) -> None:
    found = {(word, name, place) for kind, title, name, _, _, words, links in index if kind == "栏目"
             for word in (title, *words) for _, place in links}  # fmt: skip
    wanted = {(header, column.name, f"datasets/{contract.dataset}.md")
              for header, column, contract in told.header_rows()}  # fmt: skip
    assert len(wanted) > 1000
    assert found == wanted


def test_a_dataset_and_a_column_are_found_by_their_chinese_meaning(told: Facts, index: list[list[Any]]) -> None:
    texts: dict[tuple[str, str], str] = {}
    for kind, _, name, _, text, _, links in index:
        for _, place in links:
            texts[name if kind == "栏目" else kind, place] = text
    for dataset, contract in told.contracts.items():
        place = f"datasets/{dataset}.md"
        assert texts["报表", place].startswith(contract.purpose_zh)
        assert [c.name for c in contract.columns if not texts[c.name, place].startswith(f"{c.description_zh}。")] == []


def test_everything_is_found_by_its_id_and_its_links_exist(told: Facts, pages: Pages, index: list[list[Any]]) -> None:
    ids: dict[str, set[str]] = {}
    for kind, _, name, _, _, _, links in index:
        ids.setdefault(kind, set()).add(name)
        assert [place for _, place in links if place.partition("#")[0] not in pages] == []
    assert ids.pop("栏目") == {column.name for c in told.contracts.values() for column in c.columns}
    assert ids.pop("规则") == {item["name"] for c in told.contracts.values() for item in c.quality}
    assert ids == {
        "报表": set(told.contracts), "指标": set(told.definitions), "参数": set(load_parameters()),
        "任务": {p.commitment.id for p in told.promises}, "库表": set(metadata.tables), "视图": set(view_queries()),
    }  # fmt: skip


def test_the_search_stands_alone_and_runs_no_other_script(pages: Pages) -> None:
    page = parsed(pages["search.html"])
    digest = base64.b64encode(hashlib.sha256(page.texts["script"].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert page.fetched == []
    assert not re.search(r"https?://|innerHTML|eval\(|fetch\(|XMLHttpRequest", pages["search.html"])
    assert '<html lang="zh-CN">' in pages["search.html"]
    assert '<label for="query">' in pages["search.html"]


def test_every_word_that_sources_may_use_has_words() -> None:
    words = load_words()
    assert words["types"].keys() == TYPES
    assert words["delivery"].keys() == DELIVERIES
    assert words["missing"].keys() == MISSING
    assert words["scopes"].keys() == set(typing.get_args(Scope))
    assert words["judged_on"].keys() == set(typing.get_args(JudgedOn))
    assert words["formulas"].keys() == {kind.__name__ for kind in typing.get_args(Formula)}
    assert words["parameter_types"].keys() >= {parameter.type for parameter in load_parameters().values()}


def test_the_command_writes_checks_and_names_what_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> Any:
        return CliRunner().invoke(app, ["dictionary", "--out", "pages", *words])

    assert command().exit_code == 0
    assert command("--check").exit_code == 0
    page = tmp_path / "pages" / "datasets" / "class_ledger.md"
    page.write_text(page.read_text("utf-8").replace("班级台账", "班额台账", 1), "utf-8")
    (tmp_path / "pages" / "datasets" / "gone.md").write_text(f"{MARK}\n", "utf-8")
    checked = command("--check")
    assert checked.exit_code == 1
    assert checked.stdout.split() == ["pages/datasets/class_ledger.md", "pages/datasets/gone.md"]
    assert "xiangxi dictionary --out pages" in checked.stderr
