"""Distinct pairs of two columns: what is looked up of a pair is looked up once, however many rows there are."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def distinct_pairs(first: pa.Array, second: pa.Array) -> tuple[list[tuple[str, str | None]], pa.Array]:
    """Each pair of texts once, and for each row its place among them; no place where the first text is empty."""
    one, other = first.dictionary_encode(), second.dictionary_encode()
    texts, others = one.dictionary.to_pylist(), [*other.dictionary.to_pylist(), None]
    width = pa.scalar(len(others), pa.int64())
    beside = pc.fill_null(other.indices.cast(pa.int64()), len(others) - 1)
    joint = pc.add(pc.multiply(one.indices.cast(pa.int64()), width), beside).dictionary_encode()
    pairs = (divmod(number, len(others)) for number in joint.dictionary.to_pylist())
    return [(texts[at], others[behind]) for at, behind in pairs], joint.indices
