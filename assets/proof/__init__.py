"""Proof that rules bite: faults are seeded into clean rows and judged by the same suites, night by night."""
