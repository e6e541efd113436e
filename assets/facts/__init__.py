"""The facts of the star schema: the year's accepted rows counted at a declared grain, a select for each table.

Not here: figures and verdicts (`indicators/`, `plans/`), dimensions (`releases/dimensions.py`), and how the tables are
kept (`warehouse/schema`).
"""
