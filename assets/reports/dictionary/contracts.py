"""The contracts in full, as other tools of the Open Data Contract Standard read them: shared columns written out.

What a column means is written in `expectations/contracts`; nothing is added here.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from assets.reports.dictionary.facts import Facts
from assets.reports.dictionary.markdown import NOTICE, contract_place

_WIDTH = 120


def contract_pages(told: Facts) -> Iterator[tuple[str, str]]:
    """The place and the text of each dataset's whole contract."""
    for dataset, contract in told.contracts.items():
        text = yaml.safe_dump(contract.document, allow_unicode=True, sort_keys=False, width=_WIDTH)
        yield contract_place(dataset), f"# {NOTICE}\n{text}"
