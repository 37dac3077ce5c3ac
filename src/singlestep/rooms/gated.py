"""Gated: a service asked for is out of reach, refused or granted. A human who decides follows the score with
probability `reliance` (C-634/21, SCHUFA: "draws strongly").
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

UNAFFORDABLE, REFUSED, GRANTED = 0, 1, 2


@inlined
def answer(purse, unaffordable, shut, decider, grant):  # type: ignore[no-untyped-def]
    """What the person is told; `grant` is the chance that a human decides and does not follow the score."""
    if purse < unaffordable:
        return UNAFFORDABLE
    return REFUSED if shut and decider >= grant else GRANTED
