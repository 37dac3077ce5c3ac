"""Two groups beside each other: both rates, their difference and ratio, and nothing where there is too little to tell."""

from __future__ import annotations

from typing import Any

from singlestep.measures.counts import Ratio

FEWEST_EVENTS = 20  # in each of the two groups


def disparity(one: Ratio, other: Ratio) -> dict[str, Any] | None:
    """Rates of one group and another, one minus other and one over other; None under 20 events in either group."""
    if min(one.numerator, other.numerator) < FEWEST_EVENTS or one.value is None or other.value is None:
        return None
    return {"rates": [one.value, other.value], "difference": one.value - other.value, "ratio": one.value / other.value}
