"""Observed: which source sees an act, and whom it names. There are no images: a camera is two rates a group.

Reads the act's event and the source's rates. Writes nothing; what is seen goes on to be linked, or, for witnesses, to a
neighbour's own step.
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

NORMAL, WITNESS, MISTAKE, FAKED = 0, 1, 2, 3


@inlined
def is_seen(word, share):  # type: ignore[no-untyped-def]
    """Coverage times hit rate, as a threshold."""
    return word < share
