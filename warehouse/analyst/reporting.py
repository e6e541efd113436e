"""What was reported: findings with their rule and place, and how each unit stands for each dataset and period."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from warehouse.analyst.shape import Code, Columns, View, labelled, unit_name, word
from warehouse.schema import dim_rule, dim_unit, finding, status_matrix
from warehouse.words import FINDING_STATES, SEVERITIES, STATUS_STATES, TIMELINESS


def _finding(is_chinese: bool) -> Select[Any]:
    """A row per finding."""
    f = finding.c
    columns: Columns = {
        "finding_id": ("问题编号", f.finding_id),
        "unit_code": ("单位代码", f.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "dataset": ("报表", Code("dataset", f.dataset)),
        "period": ("报告期", f.period),
        "severity": ("级别", word(f.severity, SEVERITIES, is_chinese=is_chinese)),
        "state": ("说明状态", word(f.state, FINDING_STATES, is_chinese=is_chinese)),
        "rule_id": ("规则编号", f.rule_id),
        "sheet": ("工作表", f.sheet),
        "row": ("行号", f.row),
        "column_name": ("列名", f.column_name),
        "cell": ("单元格", f.cell),
        "message": ("问题", f.message),
        "how_to_fix": ("修改办法", f.how_to_fix),
        "source": ("依据", dim_rule.c.source),
        "owner": ("责任科室", dim_rule.c.owner),
        "submission_id": ("报送件编号", f.submission_id),
        "explanation_id": ("说明编号", f.explanation_id),
    }
    joined = finding.outerjoin(dim_unit, dim_unit.c.unit_code == f.unit_code)
    joined = joined.outerjoin(dim_rule, dim_rule.c.rule_id == f.rule_id)
    return labelled(columns, joined, is_chinese=is_chinese)


def _reporting(is_chinese: bool) -> Select[Any]:
    """A row per unit, dataset and period."""
    m = status_matrix.c
    columns: Columns = {
        "year": ("年度", m.year),
        "unit_code": ("单位代码", m.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "dataset": ("报表", Code("dataset", m.dataset)),
        "period": ("报告期", m.period),
        "state": ("状态", word(m.state, STATUS_STATES, is_chinese=is_chinese)),
        "version": ("现行版本", m.version),
        "is_expected": ("是否应报", m.is_expected),
        "due_date": ("应报日期", m.due_date),
        "first_received_at": ("首版收到时间", m.first_received_at),
        "received_at": ("现行版收到时间", m.received_at),
        "timeliness": ("及时性", word(m.timeliness, TIMELINESS, is_chinese=is_chinese)),
        "days_late": ("迟报天数", m.days_late),
        "is_first_pass": ("首版通过", m.is_first_pass),
        "rows_accepted": ("采用行数", m.rows_accepted),
        "rows_quarantined": ("隔离行数", m.rows_quarantined),
        "must_fix_count": ("必须修改的问题数", m.must_fix_count),
        "must_explain_count": ("待说明的问题数", m.must_explain_count),
        "repeated_rules": ("重复出现的差错规则", m.repeated_rules),
        "submission_id": ("现行报送件编号", m.submission_id),
    }
    joined = status_matrix.outerjoin(dim_unit, dim_unit.c.unit_code == m.unit_code)
    return labelled(columns, joined, is_chinese=is_chinese)


VIEWS = (
    View("v_finding", "v_核查问题", "核查问题，规则×位置 / findings, a row per rule and place", _finding),
    View("v_reporting", "v_报送情况", "报送情况，单位×报表×报告期 / reporting by unit, dataset and period", _reporting),
)
