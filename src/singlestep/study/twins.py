"""Other lives of the same people that part one effect from another: without errors, and with the regime on for few alone.

*Without errors*: every record names who did it, says what was done, is joined to the right file and comes in time; nobody
reports falsely, plants, erases, fakes or bends discretion, and no appeal against a right record is won. What is seen stays.
*Alone*: records reach only the few, one in each window of neighbours; so what befalls these comes from their own records
and not from what the regime does to people around them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singlestep.quantities import Quantity
from singlestep.regime.schema import Link, Powers, Regime
from singlestep.society.schema import Society

NEVER = Quantity(value=0.0, confidence="derived")
ERRANT = ("false-report", "plant", "erase", "fake")
WINDOW, FIRST = 64, 17  # near ties stay within windows of 64 people; households within plots of 16


def without_errors(regime: Regime) -> Regime:
    """The same regime, in which every record is right and no appeal against a right record is won."""
    shut = {"misidentified": NEVER, "mistakes": {}, "link": Link(), "mistyped": NEVER, "late": None}
    sources = {name: source.model_copy(update=shut) for name, source in regime.sources.items()}
    remedy = regime.remedy.model_copy(update={"wins_if_right": NEVER})
    return regime.model_copy(update={"sources": sources, "powers": Powers(), "remedy": remedy})


def of_honest_people(society: Society) -> Society:
    """The same society, in which nobody reports falsely, plants, erases or fakes (the acts happen and do nothing)."""
    harmless = {"does": "nothing", "fakes": None}
    acts = {name: act.model_copy(update=harmless) if act.does in ERRANT else act for name, act in society.acts.items()}
    return society.model_copy(update={"acts": acts})


def the_few(people: int) -> NDArray[np.bool_]:
    """Who the regime is on for when it is on for a few alone: one person of each window of neighbours; shape (people,)."""
    return np.arange(people) % WINDOW == FIRST
