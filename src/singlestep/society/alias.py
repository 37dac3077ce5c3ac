"""Alias tables: one of many kinds in one draw, however many there are (Vose 1991, on integers)."""

from __future__ import annotations

import numpy as np

from singlestep.engine.compiling import compiled
from singlestep.society.tables import Ints

HALF = 16  # bits


def alias_tables(weights: Ints) -> Ints:
    """For each row of weights [C, K] a table of K columns: threshold (below 2^32) << 16 | the other kind."""
    small, large = np.empty(weights.shape[1], np.int64), np.empty(weights.shape[1], np.int64)
    tables = np.empty_like(weights)
    for row in range(len(weights)):
        fill(weights[row] * weights.shape[1], int(weights[row].sum()), small, large, tables[row])
    return tables


@compiled
def fill(left, whole, small, large, table):  # type: ignore[no-untyped-def]
    """One table. `left` (weight x K of each kind) is used up; `small` and `large` are scratch for stacks of kinds."""
    smalls, larges = 0, 0
    for kind in range(left.size):
        table[kind] = (0xFFFFFFFF << HALF) + kind  # what is left over keeps to itself
        if left[kind] < whole:
            small[smalls] = kind
            smalls += 1
        else:
            large[larges] = kind
            larges += 1
    while smalls > 0 and larges > 0:
        smalls -= 1
        kind, big = small[smalls], large[larges - 1]
        high, rest = (left[kind] << HALF) // whole, (left[kind] << HALF) % whole  # in halves, or 64 bits overflow
        table[kind] = (((high << HALF) + (rest << HALF) // whole) << HALF) + big
        left[big] += left[kind] - whole
        if left[big] < whole:
            larges -= 1
            small[smalls] = big
            smalls += 1
