"""Errors of the indicators: a catalogue, parameter or measure that cannot be computed as it is written."""


class IndicatorError(Exception):
    """A definition of ours is wrong; running again without mending it makes no sense."""

    exit_code = 2
    retry = False


class ParameterError(IndicatorError):
    """A parameter is unknown, or its value is not one of those that it may take."""
