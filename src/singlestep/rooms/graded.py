"""Graded: points as others see them, shown = (1 - a) own + what ties add; and the class they give."""

from __future__ import annotations

from singlestep.engine.compiling import inlined
from singlestep.quantities import MOST_SHOWN


@inlined
def shown(own, tie, share, low, high, hold):  # type: ignore[no-untyped-def]
    """Points as others see them; `share` (x 65536) is the part that ties make up."""
    inside = own if hold else max(low, min(high, own))
    points = inside - ((share * inside) >> 16) + tie
    return max(-MOST_SHOWN, min(MOST_SHOWN, points))


@inlined
def class_of(points, class_at):  # type: ignore[no-untyped-def]
    """The class of these points, by the table of all that can be shown (counting floors took twice as long)."""
    return class_at[max(-MOST_SHOWN, min(MOST_SHOWN, points)) + MOST_SHOWN]
