"""A check of files before they are sent: the night's own reading and judging in a house that is thrown away."""
