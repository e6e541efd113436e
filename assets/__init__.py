"""What is made, in the order data flows: intake, the five source families, indicators, scorecard, reports.

Only the modules that define assets import Dagster; the rest is plain Python that a notebook can call.
"""
