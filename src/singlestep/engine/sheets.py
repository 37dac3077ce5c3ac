"""What is noted while the mail of a day is read: of each addressee a *sheet*, of each record a *slip*."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import tallies as t

GROUP = 32  # addressees at a time: they lie far apart, so what is read of them is fetched together (a third of reading)

SHEET = (
    "person", "begin", "end",  # and which letters are theirs
    "kind", "cell", "shut before",
    "own", "own clean", "bits", "bits clean",  # points and lists: as the day finds them, and as it leaves them
    "sum", "sum clean", "enters", "enters clean", "moved", "moved clean", "ends", "ends clean",
    "exits",  # points summed; then bits of lists
    "weight", "act", "cause", "source", "household",  # the day's trigger: of the gravest record, or the household's
    "need", "fear", "awareness",  # changes to be felt
    "standing", "shut",
)  # fmt: skip
_SHEET = t.column(SHEET)  # where there are two columns, the place of the recorded one
(PERSON, BEGIN, END, KIND, CELL, SHUT_BEFORE, OWN, BITS, SUM, ENTERS_LISTS, MOVED, ENDS_LISTS, EXITS, WEIGHT, BY_ACT,
 BY_CAUSE, BY_SOURCE, HOUSEHOLD_CAME, FELT_NEED, FELT_FEAR, FELT_AWARENESS, STANDING, SHUT) = (
    _SHEET[name] for name in (
        "person", "begin", "end", "kind", "cell", "shut before", "own", "bits", "sum", "enters", "moved", "ends", "exits",
        "weight", "act", "cause", "source", "household", "need", "fear", "awareness", "standing", "shut",
    )
)  # fmt: skip
SLIP = ("pair", "verdict", "only", "penal", "bent", "sides", "decision", "won", "found")
(PAIR, VERDICT, ONLY, MEANT_TO_PUNISH, IS_BENT, SIDES, DECISION, WON, FOUND) = range(len(SLIP))


def new_sheets() -> NDArray[np.int64]:
    """Sheets for one group of addressees."""
    return np.zeros((GROUP, len(SHEET)), np.int64)


def new_slips(letters: int) -> NDArray[np.int64]:
    """Slips for so many letters."""
    return np.zeros((letters, len(SLIP)), np.int64)
