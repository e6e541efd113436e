"""The command line: exit codes, help, formats, and that no error quotes what stands in a cell."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click import unstyle
from typer.testing import CliRunner

from assets.guard import StepFailedError, guarded
from expectations.catalogue import compared_rules, load_authority
from expectations.contract import load_contracts
from expectations.plan import load_plans
from expectations.regions import PREFECTURE
from expectations.rule import rules_of
from pipelines.cli import main
from pipelines.cli.app import app
from tests.pipelines.handmade import UNIT, write_csv
from tests.pipelines.homes import Home, xiangxi

pytestmark = pytest.mark.xdist_group("two")
NAME = "彭样甲子"
ORDER = ["missed", "no_data", "on_track", "met"]


def ends(words: list[str | Path], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of the program itself with these words."""
    monkeypatch.setattr(sys, "argv", ["xiangxi", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def told(home: Home, *words: str) -> list[str | Path]:
    return [*words, "--home", home.home, "--landing", home.landing]


@pytest.mark.parametrize(
    "words",
    [
        ["runn"], ["run", "--years", "2020"], ["run", "--year", "20200"], ["run", "--year", "twenty"],
        ["run", "--as-of", "30.6.2020"], ["scorecard", "--format", "xlsx"], ["status", "--format", "pdf"],
        ["sample"], ["sample", "--out", "x", "--scale", "0"], ["recover", "now"], [],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    result = xiangxi(*words)
    assert result.exit_code == 2
    assert "Usage: xiangxi" in unstyle(result.output)


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGXI_PROCESSES", NAME)
    result = xiangxi("status")
    assert result.exit_code == 2
    assert "XIANGXI_PROCESSES" in result.stderr
    assert NAME not in result.stderr


def test_a_landing_folder_that_is_not_there_ends_with_2_and_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    result = home.run(2020)
    assert result.exit_code == 2
    assert "没有这个文件夹" in "".join(unstyle(result.stderr).split())
    assert not home.home.exists()


def test_a_scorecard_before_the_first_run_ends_with_2(tmp_path: Path) -> None:
    result = Home(tmp_path).command("scorecard")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "还没有判定过：请先运行 xiangxi run。\n"


def test_the_installed_command_is_this_one() -> None:
    program = Path(sys.executable).with_name("xiangxi")
    done = subprocess.run([program, "runn"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'run'?" in done.stderr


def test_a_warehouse_that_cannot_be_opened_ends_with_3(
    two: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (two.root / "taken").mkdir()
    monkeypatch.setenv("XIANGXI_WAREHOUSE_URL", f"sqlite:///{two.root / 'taken'}")
    before = two.home / "warehouse.db"
    stood = before.read_bytes()
    assert ends(told(two, "run", "--year", "2020"), monkeypatch) == 3
    err = capsys.readouterr().err
    assert "出错 仓库无法打开" in err
    assert "Traceback" not in err
    assert before.read_bytes() == stood


def test_an_error_quotes_no_cell(
    two: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (judgement,) = two.home.glob("lake/staged/class_ledger/2020-2021/judgement.json")
    judgement.write_text(json.dumps({"dataset": {"name": NAME}}, ensure_ascii=False), "utf-8")
    assert ends(told(two, "run", "--year", "2020"), monkeypatch) == 3
    assert ends(["status", "--home", two.home], monkeypatch) == 3
    err = capsys.readouterr().err
    assert err.count("出错 ") == 2
    assert "ValidationError，位于" in err
    assert NAME not in err
    written = (NAME.encode(), json.dumps(NAME).strip('"').encode())
    logs = [path.read_bytes() for path in two.home.glob("dagster/history/runs/*.db")]
    assert any(b"STEP_FAILURE" in log for log in logs)
    assert [log for log in logs for form in written if form in log] == []


@pytest.mark.parametrize("error", [ValueError(NAME), KeyError(NAME), UnicodeDecodeError("utf-8", b"\xff", 0, 1, NAME)])
def test_an_unexpected_error_is_reduced_to_kind_and_place(error: Exception) -> None:
    with pytest.raises(StepFailedError, match=type(error).__name__) as failed, guarded("核查"):
        raise error
    assert NAME not in str(failed.value)
    assert failed.value.__suppress_context__


def test_what_the_system_says_is_passed_on(tmp_path: Path) -> None:
    with (
        pytest.raises(StepFailedError, match="FileNotFoundError（No such file or directory）") as failed,
        guarded("发布"),
    ):
        (tmp_path / NAME).read_bytes()
    assert NAME not in str(failed.value)


def test_a_file_is_told_by_its_whole_name(two: Home) -> None:
    write_csv(two.landing / UNIT / "附件[final].csv", "", ["甲", "乙"], [["1", "2"]])
    result = two.run(2020)
    assert result.exit_code == 1
    assert f"需处理 {UNIT}/附件[final].csv：看不出这是哪一种报表" in result.stderr


def lines_of(home: Home) -> list[dict[str, str]]:
    """The scorecard as JSON tells it."""
    card = json.loads(home.command("scorecard", "--year", "2020", "--format", "json").stdout)
    counted = {verdict: sum(line["verdict"] == verdict for line in card["lines"]) for verdict in card["counts"]}
    assert counted == card["counts"]
    return list(card["lines"])


def test_the_scorecard_tells_the_same_in_every_format(two_counties: Home) -> None:
    lines = lines_of(two_counties)
    assert sorted(line["commitment_id"] for line in lines) == sorted(c.id for c in load_plans()[2020].commitments)
    text = two_counties.command("scorecard", "--format", "csv").stdout
    assert list(csv.DictReader(io.StringIO(text))) == [{k: str(v) for k, v in line.items()} for line in lines]
    table = two_counties.command("scorecard").stdout
    assert [line["commitment_id"] for line in lines if f"{line['commitment_id']} " not in table] == []
    judged = {row["commitment_id"]: row for row in two_counties.verdicts() if row["region_code"] == PREFECTURE}
    assert {line["commitment_id"]: line["verdict"] for line in lines} == {k: v["verdict"] for k, v in judged.items()}


def test_missed_comes_first_and_the_last_line_counts(two_counties: Home) -> None:
    verdicts = [line["verdict"] for line in lines_of(two_counties)]
    assert verdicts == sorted(verdicts, key=ORDER.index)
    assert verdicts[0] == "missed"
    last = two_counties.command("scorecard").stdout.rstrip().splitlines()[-1]
    met, missed, blank = (verdicts.count(verdict) for verdict in ("met", "missed", "no_data"))
    assert last == f"共 {len(verdicts)} 项：达标 {met}，未达标 {missed}，无数据 {blank}，推进中 0"


def test_before_a_deadline_what_is_not_reached_is_on_track(two: Home) -> None:
    before = {line["commitment_id"]: line["verdict"] for line in lines_of(two)}
    result = xiangxi(*told(two, "run", "--year", "2020", "--as-of", "2020-06-30"))
    assert result.exit_code == 0
    after = {line["commitment_id"]: line["verdict"] for line in lines_of(two)}
    assert "missed" in before.values()
    assert after == {k: "on_track" if verdict == "missed" else verdict for k, verdict in before.items()}
    counted = (
        f"未达标 0，无数据 {list(after.values()).count('no_data')}，推进中 {list(before.values()).count('missed')}"
    )
    assert result.stdout.rstrip().endswith(counted)
    assert {str(row["as_of"]) for row in two.verdicts()} == {"2020-06-30"}


def test_the_status_tells_the_same_in_every_format(two_counties: Home) -> None:
    records = json.loads(two_counties.command("status", "--year", "2020", "--format", "json").stdout)["places"]
    text = two_counties.command("status", "--year", "2020", "--format", "csv").stdout
    assert list(csv.DictReader(io.StringIO(text))) == [
        {k: "" if v is None else str(v) for k, v in record.items()} for record in records
    ]
    assert {record["state"] for record in records} == {"accepted", "accepted_with_findings", "missing"}
    table = two_counties.command("status", "--year", "2020").stdout
    assert "class_ledger" in table
    assert "错 系统处理失败" in table
    assert "首版通过率" in table


def test_rules_tell_the_same_in_every_format(two_counties: Home) -> None:
    told_json = json.loads(two_counties.command("rules", "--format", "json").stdout)
    told_csv = list(csv.DictReader(io.StringIO(two_counties.command("rules", "--format", "csv").stdout)))
    table = two_counties.command("rules").stdout
    assert [row["rule_id"] for row in told_csv] == [row["rule_id"] for row in told_json]
    rules = {row["rule_id"]: row for row in told_json}
    of_contracts = sum(len(rules_of(contract)) for contract in load_contracts().values())
    assert len(rules) == of_contracts + len(compared_rules()) > 950
    assert (rules["class_ledger.pupils.filled"]["hits"], rules["class_ledger.pupils.filled"]["score"]) == (0, 1.0)
    assert f"共 {len(rules)} 条规则" in table and "误报的规则 0 条" in table
    assert "没有报表" in xiangxi("rules", "--dataset", "nothing").output


def test_the_catalogue_is_told_rule_by_rule_with_what_carries_it(two_counties: Home) -> None:
    lines = json.loads(two_counties.command("rules", "--coverage", "--format", "json").stdout)
    assert [line["authority_id"] for line in lines] == list(load_authority())
    by_id = {line["authority_id"]: line for line in lines}
    assert by_id["X-04"]["targets"] == ["T11a"]
    assert {"aid_payments.key.unique", "repeated_payments.once_in_a_ledger"} <= set(by_id["X-03"]["rules"])
    assert any("没有" in part for part in by_id["H-05"]["not_run"])
    assert f"共 {len(lines)} 条" in two_counties.command("rules", "--coverage").stdout


def help_of(*words: str) -> str:
    result = CliRunner(env={"COLUMNS": "100"}).invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    return "\n".join(line.rstrip() for line in unstyle(result.stdout).strip().splitlines())


def test_every_help_text_stands_as_committed_and_ends_with_an_example(golden: Callable[[str, str], None]) -> None:
    commands = [command for command in app.registered_commands if command.callback]
    verbs = [str(command.name or command.callback.__name__) for command in commands if command.callback]
    assert len(verbs) >= 5
    texts = {verb: help_of(verb) for verb in verbs}
    assert [verb for verb, text in texts.items() if f"例：xiangxi {verb}" not in text] == []
    golden("help.txt", "\n\n".join([help_of(), *texts.values(), ""]))
