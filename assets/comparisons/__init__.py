"""Comparisons: figures of several forms, sources and years side by side, a module per family; no Dagster here."""
