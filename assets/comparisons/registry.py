"""Which function makes which comparison; every one of `expectations/rules/comparisons.yaml` stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assets.comparisons import (
    between_forms,
    changes,
    exams,
    identifiers,
    ledger_counts,
    over_years,
    paid_twice,
    payments,
    recipients,
    registrations,
    rolls,
    standards,
    sums,
)
from assets.comparisons.tables import Years

_FUNCTIONS: tuple[Callable[[Years], Any], ...] = (
    between_forms.pupils_by_class, between_forms.class_sizes, between_forms.staffing, between_forms.graduates,
    between_forms.stages_of_kind, between_forms.class_bands, between_forms.census_stocks, between_forms.trained,
    over_years.cohorts, over_years.unit_cohorts, over_years.stocks, over_years.stock_cells, over_years.leavers,
    over_years.transitions, changes.changes,
    sums.stages_by_age, sums.preschool_rates, sums.retention,
    identifiers.school_names, identifiers.school_codes,
    recipients.recipients, recipients.entitled, rolls.on_two_rolls, rolls.roll_counts, ledger_counts.ledger_counts,
    payments.accounts,
    paid_twice.repeated_payments, paid_twice.paid_by_two_units, standards.payments_above,
    registrations.athletes_on_rolls, registrations.bone_ages, registrations.registered_twice,
    exams.candidates, exams.score_tables,
)  # fmt: skip
MADE_BY: Mapping[str, Callable[[Years], Any]] = {function.__name__: function for function in _FUNCTIONS}
"""Each gives a select on the tables of the years, or a table of rows."""
