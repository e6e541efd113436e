"""Disclosure control: what of the counts of persons may be told to whom, so that no small one can be worked out.

`system.py` holds what an attacker knows, `attack.py` what he can work out of it, `suppress.py` what is hidden for that
reason. `counts.py` draws what everybody and what analysts see of the facts in `year_facts.py`; `protected.py` decides
both when a release is published, `public_rows.py` and `analyst_rows.py` say it in rows. Who may be told an indicator
stands in `indicators.yaml`. Schools, townships, categories of aid, sexes of the disabled and marks of persons are in
none of it.
"""
