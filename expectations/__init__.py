"""What must hold: contracts of the datasets, rules, the plan, and the suites that Great Expectations builds of them.

Nothing here knows the warehouse, the lake or Dagster; reading files and cleaning cells is done in `assets`.
"""
