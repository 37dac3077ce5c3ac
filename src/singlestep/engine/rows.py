"""Rows of what befell traced people: one row of integers for each thing that happened, written only while tracing.

| column | meaning |
|---|---|
| person, day | in whose life, and when |
| what | which kind of row, below |
| author, act_day, occasion | the event: who did it (or made it up), when, at which of the day's occasions; -1 for none |
| act, source | places in the catalogue and among the sources; -1 for none |
| rule | place of the rule, list or door it is about; -1 for none |
| sides | 1 recorded, 2 clean, 3 both |
| cause | place among the causes or triggers; -1 for none |
| arrival | day on which what ends began to count; of an act the purpose of its draw (clock, follow, report) |
| reason, x, y, z | meaning depends on `what` |

What happens in a file, from `step.read`:

- *applied*: a rule took effect; x, y recorded and clean points after repetition and caps, z the day on which the recorded
  effect will end (-1 never) and `reason` why (expiry, appeal, oversight). The cause is *bent* for a bent rule.
- *closed*: an effect ended; x, y the amounts taken off.
- *turned away*: a letter that did nothing; `reason` a place in `tallies.REFUSALS`, x the kind of letter.
- *erased*: an official's favour took the recorded side of a record away; `reason` the sides left.
- *remedy*: a penal record; x holds bits: 1 told, 2 knew, 4 appealed, 8 will win, 16 wrong; y, z the days of the decision
  and of being found out (-1 none).
- *decided*: an appeal; `reason` 1 won, rule 1 if the record was wrong.
- *list end*, *household*, *favour*, *class end*: letters of these names.
- *clipped*, *wiped*, *absorbed*: x, y recorded and clean points; clipped is wanted less got, the others what was added.
- *list*: `rule` a list, of the file `sides`; `reason` 0 entered, 1 left, 2 renewed; act and cause the day's trigger; z the
  day of its end (-1 open).
- *door*: `rule` a door, `sides` 1 or 2; `reason` 1 shut, 0 open. Recorded and shut: act and cause the trigger, x bits:
  1 erroneous, 2 mistaken. Recorded and open: act its trigger, x the first of these bits, y the days it was shut.

What happens in a day lived, from `telling`:

- *act*: `reason` what became of an occasion (a place in `tallies.ACT`), source and x what a witness was told of.
  Occasions of the clock that are plainly forgone have no row.
- *asked*: `rule` a door; `reason` the answer (a place in `ANSWERS`), x 1 if a human decided, y the answer of the clean file.
- *seen*: a source made a record; `reason` how, x who was named, y the act recorded, z the day it was due.
- *witnessed*: a source of witnesses told a tie (x) of the act y, due on day z.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import letters as m
from singlestep.engine.compiling import for_integers, small

COLUMNS = (
    "person", "day", "what", "author", "act_day", "occasion", "act", "source", "rule", "sides", "cause", "arrival", "reason",
    "x", "y", "z",
)  # fmt: skip
WHAT = (
    "applied", "closed", "decided", "list end", "household", "favour", "class end", "turned away", "erased", "remedy",
    "clipped", "wiped", "absorbed", "list", "door", "act", "asked", "seen", "witnessed",
)  # fmt: skip
(APPLIED, CLOSED, DECIDED, LIST_END, HOUSEHOLD, FAVOUR, CLASS_END, TURNED_AWAY, ERASED, REMEDY, CLIPPED, WIPED, ABSORBED,
 LIST, DOOR, ACT, ASKED, SEEN, WITNESSED) = range(len(WHAT))  # fmt: skip
TOLD_BIT, KNEW_BIT, FILED_BIT, WON_BIT, WRONG_BIT = 1, 2, 4, 8, 16
ANSWERS = ("unaffordable", "refused", "granted")
NOBODY = -1  # for an event: none

Told = NDArray[np.int32]


def new_told(rows: int) -> Told:
    """Room for so many rows. The first place of row 0 holds how many are there; with room for none nothing is told."""
    return np.zeros((rows + 1, len(COLUMNS)), np.int32)


@for_integers("void(int32[:, ::1]" + 14 * ", int64" + ")")
def tell(told, person, day, what, event, act, source, rule, sides, cause, arrival, reason, x, y, z):  # type: ignore[no-untyped-def]
    """Add a row. The caller has made sure of room."""
    n = told[0, 0] + 1
    told[0, 0] = n
    told[n, 0], told[n, 1], told[n, 2] = person, day, what
    told[n, 3], told[n, 4], told[n, 5] = NOBODY, NOBODY, NOBODY
    if event != NOBODY:
        told[n, 3], told[n, 4], told[n, 5] = m.author_of(event), m.step_of(event), m.occasion_of(event)
    told[n, 6], told[n, 7], told[n, 8], told[n, 9], told[n, 10] = act, source, rule, sides, cause
    told[n, 11], told[n, 12], told[n, 13], told[n, 14], told[n, 15] = arrival, reason, x, y, z


@small
def tell_letter(told, person, day, what, event, info, reason, x, y):  # type: ignore[no-untyped-def]
    """Add a row about a letter, with what it says of itself."""
    tell(
        told, person, day, what, event, m.act_of(info), m.source_of(info), m.rule_of(info), m.sides_of(event),
        m.cause_in(event), m.arrival_of(info), reason, x, y, NOBODY,
    )  # fmt: skip
