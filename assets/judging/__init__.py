"""Rows become judged rows: cleaning, helper columns, suites and the judgement of a dataset and period."""
