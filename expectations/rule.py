"""Rules: one list of records per dataset, from which suites, messages, checks and documentation are made.

Those that follow from a column (filled, typed, not negative, key, school list, county) are derived here in one place;
the others are written in the contract beside their columns, with examples. Judging them is `suites.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from expectations.contract import Column, Contract, properties
from expectations.errors import ContractError
from expectations.forms import filled_columns

Severity = Literal["must_fix", "must_explain"]
Check = Literal["filled", "blank", "not_negative", "unique", "holds"]

WRITTEN = frozenset({"message", "howToFix", "because", "examples", "perFile"})
SEVERITIES: Mapping[str, Severity] = {"critical": "must_fix", "warning": "must_explain"}
KEY = "key__number"
HEADERS_DIFFER = "headers__differ"
FORM_CELLS = "form__cells"
"""Where the cells of a row made of census forms stand, `column=sheet!D7` in lines; empty in rows of a table."""
ID_FAULTS = {
    "length": "号码不是 18 位（或旧式 15 位）",
    "charset": "号码含有数字和末位 X 以外的字符",
    "date": "号码中的出生日期不存在或晚于本报告期",
    "checksum": "末位校验码与前 17 位不符",
    "scientific": "号码被 Excel 存成了科学计数法",
    "truncated": "号码被 Excel 截成 15 位有效数字，末三位变成了 000",
    "rounded": "号码曾被当作数字保存，末几位已失真",
}


@dataclass(frozen=True)
class Rule:
    """One expectation about rows of a dataset, with its severity, its words and its proof.

    `columns[0]` is where a finding stands. `check` says which expectation judges it: `filled` (not empty), `blank`
    (empty), `not_negative`, `unique`, or `holds` (an expression over `columns`; a row where one of them is empty is not
    asked). `where` narrows the rows that are asked. `per_file` rules are told once per submission.
    """

    id: str
    dataset: str
    severity: Severity
    check: Check
    columns: tuple[str, ...]
    message: str
    how_to_fix: str
    because: str
    holds: str | None = None
    where: str | None = None
    per_file: bool = False
    examples: Mapping[str, list[dict[str, Any]]] | None = None
    reads: str | None = None

    @property
    def asked(self) -> str:
        """The column of the judged frame that is looked at: a helper such as `pupils__unread`, or the rule's own."""
        return self.reads or self.columns[0]


def rules_of(contract: Contract) -> tuple[Rule, ...]:
    """All rules of a dataset: derived from its columns first, then the written ones, in the order of the contract.

    Raises:
        ContractError: a written rule lacks a cure or examples, names no column, or repeats an id.
    """
    rules = (*_derived(contract), *(_written(contract, item) for item in contract.quality))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise ContractError(f"{contract.dataset}: rule {rule.id} stands twice")
        seen.add(rule.id)
    return rules


def _written(contract: Contract, item: Mapping[str, Any]) -> Rule:
    place = f"{contract.dataset}: rule {item.get('name')}"
    facts = properties(item.get("customProperties"), WRITTEN, place)
    how = item["implementation"]
    if lost := {"message", "howToFix", "because", "examples"} - facts.keys():
        raise ContractError(f"{place}: {sorted(lost)} missing")
    if item.get("severity") not in SEVERITIES or item["name"] != f"{contract.dataset}.{item['id']}":
        raise ContractError(f"{place}: severity must be critical or warning, the name {contract.dataset}.{item['id']}")
    check: Check = "filled" if "required" in how else "blank" if "empty" in how else "holds"
    columns = tuple(how["columns"]) if check == "holds" else (how.get("required") or how["empty"],)
    if lost := {name for name in columns if not contract.has(name.split("__")[0])}:
        raise ContractError(f"{place}: no columns {sorted(lost)}")
    return Rule(
        id=item["name"], dataset=contract.dataset, severity=SEVERITIES[item["severity"]], check=check, columns=columns,
        message=facts["message"], how_to_fix=facts["howToFix"], because=facts["because"], holds=how.get("holds"),
        where=how.get("where"), per_file=bool(facts.get("perFile", False)), examples=facts["examples"],
    )  # fmt: skip


def _derived(contract: Contract) -> Iterable[Rule]:
    for column in contract.kept:
        yield from _of_column(contract, column)
    yield _headers(contract)
    if not contract.key:
        yield _identical(contract)
    else:
        yield _key(contract)
        if contract.same_key_elsewhere == "explain":
            yield _key_elsewhere(contract)
    if contract.has("school_code") and contract.dataset != "school":
        yield from _of_school(contract)
    yield from _of_sources(contract)
    if contract.has("township_code"):
        yield _township(contract)
    if contract.has("county_code"):
        yield Rule(
            f"{contract.dataset}.county_code.of_sender", contract.dataset, "must_fix", "holds",
            ("county_code", "sender"), "本行的县市是“{county_code}”，与报送单位不一致。",
            "本单位的文件只填本单位的数据；这一行属于别的县市的，请删去或交由该县市报送。",
            "datasets: units", holds="sender == '433100' or county_code == sender",
        )  # fmt: skip


def _of_column(contract: Contract, column: Column) -> Iterable[Rule]:
    name, title, made = column.name, column.title, f"{contract.dataset}.{column.name}"
    if column.required:
        yield Rule(
            f"{made}.filled", contract.dataset, "must_fix", "filled", (name,), f"“{title}”没有填写。",
            f"补填“{title}”。", "datasets: column marked !",
        )  # fmt: skip
    if column.type != "text":
        yield Rule(
            f"{made}.typed", contract.dataset, "must_fix", "blank", (name,), _unread_message(column),
            _unread_cure(column), f"datasets: type {column.type}", reads=f"{name}__unread",
        )  # fmt: skip
    if column.type in {"date", "id"}:
        yield _doubt(contract, column)
    if column.is_number:
        yield Rule(
            f"{made}.not_negative", contract.dataset, "must_fix", "not_negative", (name,),
            f"“{title}”是 {{{name}}}，小于 0。", "数量不会小于 0；请核对后更正。", "datasets: every number is >= 0",
        )  # fmt: skip


def _doubt(contract: Contract, column: Column) -> Rule:
    made = f"{contract.dataset}.{column.name}"
    if column.type == "id":
        return Rule(
            f"{made}.region_known", contract.dataset, "must_explain", "holds", (column.name,),
            "身份证号前六位不是现行或历史上的行政区划代码。", "核对证件原件；号码无误的，请在“说明”栏写明。",
            "GB 11643, GB/T 2260: codes are abolished and merged", holds=f"{column.name}__doubt != 'region'",
            per_file=True, reads=f"{column.name}__doubt",
        )  # fmt: skip
    return Rule(
        f"{made}.to_the_day", contract.dataset, "must_explain", "blank", (column.name,),
        f"“{column.title}”{_quoted(column, 'doubt')}没有写到日，或不能确定是哪一天。",
        "补写到日，如 2020-03-01；查不到的，请在“说明”栏写明（不能用来证明按期完成）。",
        "datasets: type date", reads=f"{column.name}__doubt",
    )  # fmt: skip


def _unread_message(column: Column) -> str:
    if column.type == "id":
        return f"“{column.title}”有误：{{fault}}。"
    if column.is_personal:
        return f"“{column.title}”无法识别。"
    form = column.form or _EXPECTED_FORM.get(column.type, "不在代码表中")
    return f"“{column.title}”{_quoted(column, 'unread')}{form}。"


def _quoted(column: Column, helper: str) -> str:
    """The part of a message that shows what a cell says, empty for columns that are not shown."""
    return f"写的是“{{{column.name}__{helper}}}”，" if column.is_quoted else ""


_EXPECTED_FORM = {
    "int": "应当是整数", "yuan": "应当是金额（最多两位小数）", "m2": "应当是面积（最多两位小数）",
    "decimal": "应当是数字",
    "date": "不是日期", "month": "应当是年月，如 2020-03", "year": "应当是四位年份", "bool": "应当填“是”或“否”",
    "school_year": "应当是学年，如 2020-2021", "unit": "不是本州的县市或单位", "township": "不在本县市的乡镇名单中",
}  # fmt: skip


def _unread_cure(column: Column) -> str:
    if column.type == "id":
        return "对照证件原件重新录入；录入前先把该列设为文本格式。"
    if column.values:
        labels = list(dict.fromkeys(value.label for value in column.values))
        shown = "、".join(labels[:12]) + ("……" if len(labels) > 12 else "")
        return f"改为下列之一：{shown}。{{nearest}}"
    return f"按要求改正“{column.title}”。"


def _headers(contract: Contract) -> Rule:
    return Rule(
        f"{contract.dataset}.headers.agree", contract.dataset, "must_explain", "blank", (contract.kept[0].name,),
        f"“{{{HEADERS_DIFFER}}}”在本文件中有两列，本行两处填得不同，按第一列计。", "删去多余的一列，或使两列一致。",
        "datasets: two headers of one column", reads=HEADERS_DIFFER,
    )  # fmt: skip


def _key(contract: Contract) -> Rule:
    titles = "、".join(contract.column(name).title for name in contract.key)
    return Rule(
        f"{contract.dataset}.key.unique", contract.dataset, "must_fix", "unique", contract.key[:1],
        f"与本文件另一行重复：{titles}相同。", "保留正确的一行，删去其余；不是重复的，请更正上述各项。",
        "datasets: key", reads=KEY,
    )  # fmt: skip


def _identical(contract: Contract) -> Rule:
    first = next(column.name for column in contract.kept if column.required)
    left = "、".join(column.title for column in contract.columns if column not in contract.kept)
    same = f"除不保存的{left}外，与本文件另一行相同" if left else "与本文件另一行完全相同"
    return Rule(
        f"{contract.dataset}.rows.identical", contract.dataset, "must_explain", "unique", (first,),
        f"{same}，两行都计算在内。", "重复的请删去；确有两项相同的，请在“说明”栏写明。",
        "datasets: no key, identical rows are asked about and count", reads=KEY,
    )  # fmt: skip


def _township(contract: Contract) -> Rule:
    return Rule(
        f"{contract.dataset}.township_code.inside", contract.dataset, "must_fix", "holds", ("township_code",),
        "乡镇代码 {township_code} 不在本单位所在的县市。", "更正乡镇，或交由该县市报送。", "datasets: township_code",
        holds="township_code__inside == 'yes'", reads="township_code__inside",
    )  # fmt: skip


def _key_elsewhere(contract: Contract) -> Rule:
    titles = "、".join(contract.column(name).title for name in contract.key)
    return Rule(
        f"{contract.dataset}.key.elsewhere", contract.dataset, "must_explain", "holds", contract.key[:1],
        f"另一份报送件中也有{titles}相同的一行。", "与对方核对应由谁报送；都应保留的，请在“说明”栏写明。",
        "datasets: a key repeated between submissions", holds="key__elsewhere == 'no'", reads="key__elsewhere",
    )  # fmt: skip


def _of_school(contract: Contract) -> Iterable[Rule]:
    made, cure = f"{contract.dataset}.school_code", "核对学校标识码；新设的学校请先报送学校名录。"
    yield Rule(
        f"{made}.listed", contract.dataset, "must_fix", "holds", ("school_code",),
        "学校标识码 {school_code} 不在本单位的学校名录中。", cure, "datasets: school_code",
        holds="school_code__listed != 'no'", reads="school_code__listed",
    )  # fmt: skip
    yield Rule(
        f"{made}.dropped", contract.dataset, "must_explain", "holds", ("school_code",),
        "学校标识码 {school_code} 已不在本单位的学校名录中，本行不再计入。",
        "学校撤并的，请在“说明”栏写明；漏列的，请补报学校名录。",
        "datasets: rows of a school that the list no longer has",
        holds="school_code__listed != 'dropped'", reads="school_code__listed",
    )  # fmt: skip
    yield Rule(
        f"{made}.listed_that_year", contract.dataset, "must_explain", "holds", ("school_code",),
        "没有该学年的学校名录，学校标识码是按相近学年的名录核对的。",
        "补报该学年的学校名录；不再补报的，请在“说明”栏写明。",
        "datasets: school_code", holds="school_code__listed != 'other_year'", per_file=True,
        reads="school_code__listed",
    )  # fmt: skip


def _of_sources(contract: Contract) -> Iterable[Rule]:
    """Rules of a dataset that census workbooks fill too: what a ledger tells of the same school beside it."""
    filled = filled_columns(contract.dataset)
    for name in filled:
        yield Rule(
            f"{contract.dataset}.{name}.sources_agree", contract.dataset, "must_explain", "holds", (name,),
            f"“{contract.column(name).title}”在基层报表中是 {{{name}}}，在台账中是 {{{name}__ledger}}。按基层报表计。",
            "核对两处，更正有误的一处后重新报送；都无误的，请在“说明”栏写明。",
            "datasets: one figure, several sources", holds=f"{name}__agrees == 'yes'", reads=f"{name}__agrees",
        )  # fmt: skip
    if filled and "stage" in contract.key:
        yield Rule(
            f"{contract.dataset}.school_code.in_workbook", contract.dataset, "must_explain", "holds", ("school_code",),
            "学校 {school_code} 的本行只在台账中有，基层报表中没有。按基层报表计，本行不计入。",
            "核对该校的基层报表，漏填的请补填后重新报送；台账有误的，请删去本行。",
            "datasets: one figure, several sources",
            holds="school_code__in_workbook == 'yes'", reads="school_code__in_workbook",
        )  # fmt: skip
