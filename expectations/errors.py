"""Errors of this room: a contract, rule or plan that cannot be used as it is written.

Faults in delivered data are findings (rows of a table), never exceptions.
"""


class ExpectationsError(Exception):
    """A file of ours is wrong; running again without mending it makes no sense."""

    exit_code = 2
    retry = False


class ContractError(ExpectationsError):
    """A contract breaks the ODCS schema or our own reading of it; names file and place."""


class SuiteError(ExpectationsError):
    """A suite could not be judged: a rule crashed or none ran. Our failure, never the unit's."""

    exit_code = 3


class PlanError(ExpectationsError):
    """A plan file cannot be used as it is written; `faults` holds every fault as `file:line: sentence`."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
