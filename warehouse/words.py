"""Closed word lists of the warehouse with their Chinese, as the tables store and the views show them.

What the words mean stands in the glossary of `docs/architecture.md`.
"""

from __future__ import annotations

from collections.abc import Mapping

REGION_LEVELS: Mapping[str, str] = {"prefecture": "州", "county": "填报单位", "township": "乡镇街道"}
FACT_LEVELS: Mapping[str, str] = {"prefecture": "州", "county": "填报单位", "school": "学校"}
SCHOOL_CHANGES: Mapping[str, str] = {
    "merged": "并入",
    "transferred": "划转",
    "renamed": "更名",
    "moved": "迁移",
    "closed": "不再列入名录",
    "changed": "其他变更",
}
"""Why a span of a school ended; of several that hold, the first."""
VERDICTS: Mapping[str, str] = {"met": "达标", "missed": "未达标", "no_data": "无数据", "on_track": "推进中"}
MATURITIES: Mapping[str, str] = {"provisional": "初报", "confirmed": "核定", "final": "终定"}
PUBLIC_MEASURES: Mapping[str, str] = {"pupils": "在校生", "girls": "女生"}
PUBLIC_STATES: Mapping[str, str] = {
    "ok": "如数公布",
    "p": "初步数",
    "c": "为保护个人不公布",
    "x": "缺报",
    "z": "不适用",
}
TOLD_STATES = ("ok", "p")
"""The states in which a number is told."""
TOLD_IN: Mapping[str, str] = {"indicator": "指标数值", "verdict": "达标情况", "profile": "县域画像"}
DELIVERABLES = "measures"
"""The theme of indicators that are counted off the ledgers of a plan, and so count no persons."""
TRENDS: Mapping[str, str] = {"better": "向好", "worse": "变差", "same": "持平"}
SEVERITIES: Mapping[str, str] = {"must_fix": "必须修改", "must_explain": "需说明"}
FINDING_STATES: Mapping[str, str] = {"open": "待处理", "explained": "已说明"}
COUNT_KINDS: Mapping[str, str] = {"rows": "行", "cells": "单元格"}
COUNT_OUTCOMES: Mapping[str, str] = {
    "accepted": "采用",
    "quarantined": "隔离",
    "unjudged": "尚未核查",
    "placed": "取用",
    "ignored": "忽略",
}
COUNT_REASONS: Mapping[str, str] = {
    "blank": "空行",
    "title": "标题",
    "header": "表头",
    "total": "合计",
    "note": "注释",
    "group": "分组",
    "codes": "栏目代码",
    "unknown_column": "未用栏目",
    "repeated_column": "重复栏目",
    "personal": "个人信息",
    "other_sheet": "其他工作表",
    "hidden_sheet": "隐藏工作表",
    "cover": "封面目录",
    "grid": "行列代码",
    "label": "栏目文字",
    "starred": "不适用",
    "no_layout": "未登记的表",
    "text": "文字",
    "filler": "占位",
    "explanation": "说明",
    "withheld": "不读取的表",
    "no_codes": "没有编号",
    "answer": "核查结果页",
}
SUBMISSION_STATES: Mapping[str, str] = {
    "received": "已收到",
    "accepted": "已采用",
    "accepted_with_findings": "已采用（有问题）",
    "returned": "已退回",
    "superseded": "已被新件取代",
    "unrecognised": "无法识别",
    "waiting": "年度已关闭，待处理",
    "failed": "系统处理失败",
}
STATUS_STATES: Mapping[str, str] = {**SUBMISSION_STATES, "stale": "沿用旧件", "missing": "缺报"}
RELEASE_KINDS: Mapping[str, str] = {"run": "运行", "rollback": "回退", "close": "年度终定", "reopen": "重新打开"}
TIMELINESS: Mapping[str, str] = {"on_time": "按时", "late": "迟报", "overdue": "逾期未报", "not_due": "未到期"}
UNTOLD = "未填"
"""What a part of a fact's key says where the form left it empty."""
