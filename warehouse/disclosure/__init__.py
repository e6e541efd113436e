"""Disclosure control: what of the counts of persons may be told to everybody, so that no small one can be worked out.

`system.py` holds what an attacker knows, `attack.py` what he can work out of it, `suppress.py` what is hidden for that
reason, `counts.py` what the public tables count, `public_tables.py` the rows that are published. What is public is
listed in `public.yaml`. Schools, townships, categories of aid, disabilities, drop-outs and marks are in none of them.
"""
