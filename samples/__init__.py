"""A synthetic prefecture: the files of ten reporting units as units write them, and the truth that they must yield.

`prefecture.py` writes it. Every count is decided first, added up for `truth.csv`, and only then spelled out as rows;
nothing here reads back what it wrote, and nothing here knows how the product reads, judges or computes.
All persons are invented: identity numbers lie in the unassigned region 433199. What a broken file looks like is not
here: defects are drawn by the tests of intake.
"""
