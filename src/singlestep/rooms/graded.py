"""Graded: points as others see them, shown = (1 - a) own + what ties add."""

from __future__ import annotations

from singlestep.engine.compiling import inlined

MOST_SHOWN = 32_000


@inlined
def shown(own, tie, share, low, high, hold):  # type: ignore[no-untyped-def]
    """Points as others see them; `share` (x 65536) is the part that ties make up."""
    inside = own if hold else max(low, min(high, own))
    points = inside - ((share * inside) >> 16) + tie
    return max(-MOST_SHOWN, min(MOST_SHOWN, points))
