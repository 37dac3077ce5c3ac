"""Linked: in whose file a record ends, as which act, and when (Hagger-Johnson 2015 for missed and false matches; Garza
et al. for typing). A record that goes astray sends two letters: the recorded one to the named person, the clean one to
the actor.
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

TRUE, MISIDENTIFIED, MISLINKED, MISSED, MISTYPED, LATE = 0, 1, 2, 3, 4, 5
FALSE_REPORT, PLANTED, ERASED, BENT, FAKED, NO_CAUSE, TIES, HOUSEHOLD = 6, 7, 8, 9, 10, 11, 12, 13


@inlined
def cause_of(lost, astray, misidentified, typed, late):  # type: ignore[no-untyped-def]
    """The first thing that went wrong, by the fixed order of causes."""
    if lost:
        return MISSED
    if astray:
        return MISIDENTIFIED if misidentified else MISLINKED
    if typed:
        return MISTYPED
    return LATE if late else TRUE


@inlined
def one_of(word, count):  # type: ignore[no-untyped-def]
    """A place from 0 to count - 1."""
    return (word * count) >> 32


@inlined
def another_of(word, count, place):  # type: ignore[no-untyped-def]
    """A place from 0 to count - 1 other than this one; count is at least 2."""
    other = (word * (count - 1)) >> 32
    return other + 1 if other >= place else other
