"""Responds: need, fear and awareness move, each 0 to 15, and fade by addressed draws (never by rounding, which sticks
or empties too early).
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

TOP = 15
WORD_MASK = 0xFFFFFFFF


@inlined
def level(value, change):  # type: ignore[no-untyped-def]
    """A level after a change."""
    return max(0, min(TOP, value + change))


@inlined
def faded(value, rest, share, word):  # type: ignore[no-untyped-def]
    """A level after a month: it loses `share` (a threshold) of its distance from rest, the fraction by a draw."""
    distance = value - rest
    size = distance if distance >= 0 else -distance
    lost = size * share
    drop = (lost >> 32) + (1 if word < (lost & WORD_MASK) else 0)
    return value - drop if distance >= 0 else value + drop
