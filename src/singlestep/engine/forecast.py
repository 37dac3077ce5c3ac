"""What a run is expected to need, found by a short pilot: the same society and regime with few people for a few weeks."""

from __future__ import annotations

import numpy as np

from singlestep.engine.letters import DUE
from singlestep.engine.state import PAGE, bytes_a_person
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

PILOT_PEOPLE = 2 * PAGE
PILOT_DAYS = 45
LETTER_BYTES = 40
COUNTER_BYTES = 16 * 4  # a row of key and value, in tables at most half full that double when they grow
SCRATCH_BYTES = 15 << 20  # of one thread: lists of a block of 65,536 people
PROGRAM_BYTES = 350 << 20  # interpreter, libraries, compiled code
MONTHS_OF_NEW_COUNTERS = 12  # after which nearly everyone who will ever have counters has them


def forecast(society: Society, regime: Regime, people: int, days: int) -> dict[str, int]:
    """Bytes expected at the peak of a run of `people` for `days`: `memory` in all, and its parts.

    Letters: those that the pilot left under way, each class going on to arise at the pilot's pace and to wait as long.
    """
    from singlestep.engine.world import World

    pilot = World(society, regime, PILOT_PEOPLE, 1)
    pilot.run(PILOT_DAYS)
    waits = pilot.post.everything()[:, DUE] - PILOT_DAYS // 2
    letters = float(np.minimum(waits, max(days, PILOT_DAYS)).sum()) / PILOT_DAYS
    counters = sum(int(block.table[-1, 0]) for block in pilot.blocks)
    growth = min(max(1.0, days / PILOT_DAYS), MONTHS_OF_NEW_COUNTERS * 30 / PILOT_DAYS)
    share = people / PILOT_PEOPLE
    parts = {
        "state": bytes_a_person(pilot.spills) * people,
        "letters": round(letters * share * LETTER_BYTES),
        "counters": round(counters * growth * share * COUNTER_BYTES),
        "scratch": SCRATCH_BYTES,
        "program": PROGRAM_BYTES,
    }
    return {"memory": sum(parts.values())} | parts
