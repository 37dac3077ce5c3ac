"""Remedied: told, knows, appeals, waits, wins; and when a record's effect ends. Knowing, appealing and winning are kept
apart because success given an appeal is high where few appeal.
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

NEVER = -1
EXPIRED, WON, FOUND = 0, 1, 2


@inlined
def waiting(wait, filed, capacity):  # type: ignore[no-untyped-def]
    """Days until a decision: longer when last month's appeals in the city exceeded what can be decided (0: no limit)."""
    if capacity > 0:
        wait = wait * max(capacity * 1000, filed * 1000) // (capacity * 1000)
    return max(1, wait)


@inlined
def expiry(day, act_day, expires, from_act):  # type: ignore[no-untyped-def]
    """The day on which a rule's effect expires, tomorrow at the earliest, or NEVER."""
    if expires == NEVER:
        return NEVER
    return max(day + 1, (act_day if from_act else day) + expires)


@inlined
def earlier(end, reason, other, other_reason):  # type: ignore[no-untyped-def]
    """The earlier of two ends (NEVER is none); the lower reason wins ties."""
    if other == NEVER or (end != NEVER and (end < other or (end == other and reason < other_reason))):
        return end, reason
    return other, other_reason
