"""Scored: what a record does to the file, on delivery, in the named person's own step.

All changes of a day are summed, then held to the bounds once, so their order cannot matter. Reads the rule and the
counters of repetition and caps; writes them and the day's sums.
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

LARGEST = 30_000


@inlined
def chosen(low, high, word):  # type: ignore[no-untyped-def]
    """The points of a rule: fixed, or chosen evenly inside the range."""
    return low + ((word * (high - low + 1)) >> 32)


@inlined
def repeated(points, count, start, times):  # type: ignore[no-untyped-def]
    """Points of the count-th record under a rule that multiplies from `start` on (0: never)."""
    changed = points * times if start > 0 and count >= start else points
    return max(-LARGEST, min(LARGEST, changed))


@inlined
def capped(points, used, cap):  # type: ignore[no-untyped-def]
    """Points cut to what this year's cap (0: none) leaves."""
    if cap == 0:
        return points
    left = max(0, cap - used)
    return max(-left, min(left, points))


@inlined
def held(points, low, high):  # type: ignore[no-untyped-def]
    """Points inside the bounds."""
    return max(low, min(high, points))
