"""Contracts: what a dataset's file looks like and what its columns mean, loaded from `contracts/*.odcs.yaml`.

Each file is an Open Data Contract Standard document. It is held against the JSON schema that the package ships (its
pydantic model drops unknown keys in silence), then against our own reading of it. Columns that many datasets share
stand once in `common.odcs.yaml`; a property of the same name takes from there what it does not say itself. Purpose,
grain and the meaning of every column are told in Chinese too, which the standard has no place for (`purposeZh` …).
The rules that hold in a row are made of this in `rule.py`; cleaning cells by type is done in `assets/intake`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from expectations.errors import ContractError

FOLDER = Path(__file__).parent / "contracts"

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "code": pa.string(), "enum": pa.string(), "text": pa.string(), "id": pa.string(), "hash": pa.string(),
    "unit": pa.string(), "township": pa.string(), "school_year": pa.string(), "month": pa.string(),
    "int": pa.int64(), "yuan": pa.int64(), "year": pa.int32(), "m2": pa.decimal128(18, 2),
    "date": pa.date32(), "bool": pa.bool_(),
}  # fmt: skip
CHECKS = frozenset({"", "gb32100"})
TYPES = frozenset({*ARROW_TYPES, "decimal", "drop"})
PERSONAL_TYPES = frozenset({"id", "hash"})
DELIVERIES = frozenset({"whole", "by_school"})
MISSING = frozenset({"gap", "stale", "nothing"})
READ_BY = frozenset({"headers", "codes"})
COLUMN_PROPERTIES = frozenset(
    {"type", "unit", "scale", "filledFrom", "appliesTo", "default", "readWith", "readWithout", "keyElse",
     "columnRequired", "form", "check", "quoted", "descriptionZh"}
)  # fmt: skip
VALUE_PROPERTIES = frozenset({"spellings", "beside", "spellingsBeside", "spellingsUnless"})
CONTRACT_PROPERTIES = frozenset(
    {"nameEn", "purposeZh", "grainZh", "titles", "period", "delivery", "missing", "expected", "sameKeyElsewhere",
     "returnedAbove", "totalsAreData", "kindGroups", "readBy", "aggregated"}
)  # fmt: skip


@dataclass(frozen=True)
class CodeValue:
    """One value of a code list: what is stored, its label, and how units write it.

    `beside` narrows it: the spellings hold only where the column that is read with it has that value (the stage of a
    grade, the exam of a subject). So does `unless`: they hold only in a file whose column has no such cell.
    """

    value: str
    label: str
    spellings: tuple[str, ...] = ()
    beside: str | None = None
    unless: str | None = None


@dataclass(frozen=True)
class Column:
    """One column of a dataset: its name in tables, its headers in files, its type and code list.

    `required`: cells must not be empty. `is_column_required`: the column must be in the file; required ones always.
    `pattern`: the form of a code, `check`: the standard by which it is checked, `form`: how a message puts either.
    `is_quoted`: whether messages may show what a cell says. `read_without`: whose spellings hold, in this order, where
    the column that it is read with is empty. `key_else`: the column that stands for it in the key where it is empty.
    """

    name: str
    type: str
    title: str
    headers: tuple[str, ...]
    description_zh: str
    description: str = ""
    required: bool = False
    scale: int = 0
    unit: str = ""
    values: tuple[CodeValue, ...] = ()
    filled_from: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    default: str | None = None
    read_with: str | None = None
    read_without: tuple[str, ...] = ()
    key_else: str | None = None
    is_column_required: bool = False
    pattern: str = ""
    form: str = ""
    check: str = ""
    is_quoted: bool = True

    @property
    def arrow_type(self) -> pa.DataType:
        """Type in the lake: codes text, money whole 分, areas and decimals exact."""
        return pa.decimal128(18, self.scale) if self.type == "decimal" else ARROW_TYPES[self.type]

    @property
    def is_personal(self) -> bool:
        """Whether the delivered text must go no further than intake."""
        return self.type in PERSONAL_TYPES

    @property
    def is_number(self) -> bool:
        """Whether cells are quantities, which are never below zero."""
        return self.type in {"int", "yuan", "m2", "decimal"}


@dataclass(frozen=True)
class Expected:
    """Who is expected to send the dataset (`units`, `counties`, `bureau`) and by which day, `MM-DD` of the plan year.

    `next_year`: of the year after. `next_month`: `due` is a day alone, of the month after the one that is reported.
    """

    sender: str
    due: str
    next_year: bool = False
    period: str | None = None
    next_month: bool = False


@dataclass(frozen=True)
class Contract:
    """One dataset: columns, key, period, delivery, and the rules written beside them (as ODCS quality items).

    `is_aggregated`: whether its rows may be read from an aggregated export of the census, a row per school.
    `read_by`: what tells its columns in a file, the headers of a table or the codes of a form (`forms.py`).
    """

    dataset: str
    name_zh: str
    name_en: str
    purpose_zh: str
    purpose: str
    grain_zh: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    period: tuple[str, ...]
    delivery: str
    missing: str
    titles: tuple[str, ...]
    expected: tuple[Expected, ...]
    quality: tuple[Mapping[str, Any], ...] = ()
    same_key_elsewhere: str = "explain"
    returned_above: tuple[float, int] = (0.2, 5)
    totals_are_data: tuple[str, ...] = ()
    kind_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read_by: str = "headers"
    is_aggregated: bool = False
    fingerprint_text: str = field(default="", repr=False)

    @property
    def document(self) -> dict[str, Any]:
        """The whole ODCS document: every column in full, also what it shares with other datasets."""
        document, written = json.loads(self.fingerprint_text)
        table = document["schema"][0]
        return {**document, "schema": [{**table, "properties": written}]}

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the dataset has none."""
        return self._by_name[name]

    def has(self, name: str) -> bool:
        """Whether the dataset has a column of that name."""
        return name in self._by_name

    @functools.cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def kept(self) -> tuple[Column, ...]:
        """The columns that go on into the lake: all but those that are read and thrown away."""
        return tuple(column for column in self.columns if column.type != "drop")

    def staged_schema(self) -> pa.Schema:
        """Arrow schema of the staged rows: provenance, the unit, then the typed columns (dates with their doubt)."""
        fields = [pa.field("submission_id", pa.string()), pa.field("sheet", pa.string()), pa.field("row", pa.int32()),
                  pa.field("unit_code", pa.string())]  # fmt: skip
        for column in self.kept:
            fields.append(pa.field(column.name, column.arrow_type))
            if column.type == "date":
                fields.append(pa.field(f"{column.name}__doubt", pa.string()))
        return pa.schema(fields)


@functools.cache
def load_contracts(folder: Path = FOLDER) -> dict[str, Contract]:
    """Every contract of the folder by dataset, in the order of their file names.

    Raises:
        ContractError: a file breaks the ODCS JSON schema, an unknown property, type or delivery is used, a header
            spelling belongs to two columns, or a contract or column has no Chinese meaning.
    """
    documents = {path.name: _read(path) for path in sorted(folder.glob("*.odcs.yaml"))}
    common = {item["name"]: item for item in documents.pop("common.odcs.yaml")["schema"][0]["properties"]}
    contracts = (_contract(name, document, common) for name, document in documents.items())
    return {contract.dataset: contract for contract in contracts}


@functools.cache
def _schema_validator() -> Any:
    import jsonschema
    import open_data_contract_standard

    return jsonschema.Draft201909Validator(
        json.loads(resources.files(open_data_contract_standard).joinpath("schema.json").read_text("utf-8"))
    )


def _read(path: Path) -> dict[str, Any]:
    from open_data_contract_standard.model import OpenDataContractStandard

    document: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - a safe loader
    for error in _schema_validator().iter_errors(document):
        raise ContractError(f"{path.name}: {error.json_path}: {error.message}")
    OpenDataContractStandard(**document)
    return document


def properties(items: Iterable[Mapping[str, Any]] | None, allowed: frozenset[str], place: str) -> dict[str, Any]:
    """ODCS `customProperties` as a dict.

    Raises:
        ContractError: a property that we do not know.
    """
    found = {item["property"]: item["value"] for item in items or ()}
    if unknown := found.keys() - allowed:
        raise ContractError(f"{place}: unknown property {sorted(unknown)}; known are {sorted(allowed)}")
    return found


def _told(facts: Mapping[str, Any], name: str, place: str) -> str:
    """The text of a property that no contract may leave out."""
    text = str(facts.get(name) or "").strip()
    if not text:
        raise ContractError(f"{place}: {name} is not told")
    return text


def _whole(item: dict[str, Any], common: dict[str, Any], file: str) -> dict[str, Any]:
    """A column with what it takes from the common one, never one language of its meaning without the other."""
    shared = common.get(item["name"], {})
    if shared and "description" in item and "customProperties" not in item:
        raise ContractError(f"{file}: {item['name']}: description of its own, but descriptionZh of the common column")
    return {**shared, **item}


def _contract(file: str, document: dict[str, Any], common: dict[str, Any]) -> Contract:
    table = document["schema"][0]
    facts = properties(document.get("customProperties"), CONTRACT_PROPERTIES, file)
    written = [_whole(item, common, file) for item in table["properties"]]
    columns = tuple(_column(item, f"{file}: {item['name']}") for item in written)
    keyed = sorted((item for item in written if item.get("primaryKey")), key=lambda i: i["primaryKeyPosition"])
    limit = facts.get("returnedAbove", {"share": 0.2, "rows": 5})
    contract = Contract(
        dataset=document["id"], name_zh=document["name"], name_en=facts["nameEn"],
        purpose_zh=_told(facts, "purposeZh", file), purpose=document["description"]["purpose"],
        grain_zh=_told(facts, "grainZh", file), grain=table["dataGranularityDescription"],
        columns=columns, key=tuple(item["name"] for item in keyed), period=tuple(facts["period"]),
        delivery=facts["delivery"], missing=facts["missing"], titles=tuple(facts["titles"]),
        expected=tuple(_expected(item) for item in facts["expected"]), quality=tuple(table.get("quality", ())),
        same_key_elsewhere=facts.get("sameKeyElsewhere", "explain"),
        returned_above=(limit["share"], limit["rows"]), totals_are_data=tuple(facts.get("totalsAreData", ())),
        kind_groups={name: tuple(codes) for name, codes in facts.get("kindGroups", {}).items()},
        read_by=facts.get("readBy", "headers"), is_aggregated=bool(facts.get("aggregated", False)),
        fingerprint_text=json.dumps([document, written], ensure_ascii=False, default=str),
    )  # fmt: skip
    _check(contract, file)
    return contract


def _column(item: dict[str, Any], place: str) -> Column:
    facts = properties(item.get("customProperties"), COLUMN_PROPERTIES, place)
    if facts.get("type") not in TYPES:
        raise ContractError(f"{place}: type {facts.get('type')!r}; known are {sorted(TYPES)}")
    if facts.get("check", "") not in CHECKS:
        raise ContractError(f"{place}: check {facts['check']!r}; known are {sorted(CHECKS)}")
    spellings = (entry["synonym"] for entry in item.get("synonyms", ()))
    return Column(
        name=item["name"], type=facts["type"], title=item["businessName"],
        headers=tuple(dict.fromkeys((item["businessName"], *spellings))),
        description_zh=_told(facts, "descriptionZh", place), description=item.get("description", ""),
        required=bool(item.get("required")), scale=int(facts.get("scale", 0)), unit=facts.get("unit", ""),
        values=tuple(value for entry in item.get("enum", ()) for value in _values(entry, place)),
        filled_from=tuple(facts.get("filledFrom", ())), applies_to=tuple(facts.get("appliesTo", ())),
        default=facts.get("default"), read_with=facts.get("readWith"),
        read_without=tuple(facts.get("readWithout", ())), key_else=facts.get("keyElse"),
        is_column_required=bool(item.get("required")) or bool(facts.get("columnRequired", False)),
        pattern=item.get("logicalTypeOptions", {}).get("pattern", ""), form=facts.get("form", ""),
        check=facts.get("check", ""), is_quoted=bool(facts.get("quoted", True)),
    )  # fmt: skip


def _values(entry: dict[str, Any], place: str) -> Iterator[CodeValue]:
    """The value of a code list, and once more for each value beside, or without, which it has spellings of its own."""
    facts = properties(entry.get("customProperties"), VALUE_PROPERTIES, place)
    value, label = str(entry["value"]), str(entry.get("label", entry["value"]))
    yield CodeValue(value, label, tuple(map(str, facts.get("spellings", ()))), facts.get("beside"))
    for beside, spellings in facts.get("spellingsBeside", {}).items():
        yield CodeValue(value, label, tuple(map(str, spellings)), str(beside))
    for unless, spellings in facts.get("spellingsUnless", {}).items():
        yield CodeValue(value, label, tuple(map(str, spellings)), unless=str(unless))


def _expected(item: dict[str, Any]) -> Expected:
    return Expected(
        item["from"], item["due"], bool(item.get("nextYear", False)), item.get("period"),
        bool(item.get("nextMonth", False)),
    )  # fmt: skip


def _check(contract: Contract, file: str) -> None:
    """Raise what the JSON schema cannot say."""
    names = {column.name for column in contract.columns}
    if contract.delivery not in DELIVERIES or contract.missing not in MISSING:
        raise ContractError(f"{file}: delivery {contract.delivery!r} or missing {contract.missing!r} is unknown")
    if contract.read_by not in READ_BY:
        raise ContractError(f"{file}: readBy {contract.read_by!r}; known are {sorted(READ_BY)}")
    if lost := {*contract.period, *contract.totals_are_data} - names:
        raise ContractError(f"{file}: {sorted(lost)} are no columns")
    if lost := {column.key_else for column in contract.columns if column.key_else} - names:
        raise ContractError(f"{file}: {sorted(lost)} stand for no column in the key")
    if lost := {group for column in contract.columns for group in column.applies_to} - contract.kind_groups.keys():
        raise ContractError(f"{file}: {sorted(lost)} are no groups of kinds")
    if any(one.next_month for one in contract.expected) and contract.period != ("month",):
        raise ContractError(f"{file}: due in the month after, but no dataset of months")
    if contract.delivery == "by_school" and "school_code" not in names:
        raise ContractError(f"{file}: delivered by school, but has no school_code")
