"""Indicators: what each figure means, and how all of a year are computed at school, unit and prefecture grain.

Definitions stand in the theme modules and, for single commitments, in the plan (`measures.py`); `registry.py` lists
them, `engine.figures` computes them. Verdicts are `assets/plans/scorecard.py`'s.
"""
