"""Lives: what a person does. An occasion is picked from traits alone; what the state changes is whether it is taken.

One mark is cut in a fixed order: at or above what is possible, the act is forgone; below that deterred, then silenced,
then taken. So an act forgone has exactly one reason, and a deterrent can only remove acts (docs/model.md, Acceptance).
Reads traits, need, fear, awareness, closeness to the next class, being wronged. Writes nothing.
"""

from __future__ import annotations

from singlestep.engine.compiling import inlined

TAKEN, DETERRED, SILENCED, FORGONE, SHUT = 0, 1, 2, 3, 4
TOP = 15


@inlined
def raised(need256, need, encouraged256, awareness, gain, gamed256, tempted, grudge256, wronged):  # type: ignore[no-untyped-def]
    """The acceptance factor x 256: 256 with nothing to raise it."""
    return (
        256
        + need256 * need // TOP
        + encouraged256 * awareness * gain // (TOP * 65536)
        + gamed256 * tempted
        + grudge256 * wronged
    )


@inlined
def possible(base, factor, headroom):  # type: ignore[no-untyped-def]
    """Marks below this would be taken but for deterrence and silence; `factor` is already held to the headroom."""
    return base * factor // headroom


@inlined
def undeterred(marks, elasticity, awareness, risk):  # type: ignore[no-untyped-def]
    """What deterrence leaves: elasticity x awareness of the rule x felt risk is forgone."""
    return marks - (marks * ((elasticity * awareness // TOP * risk) >> 16) >> 16)


@inlined
def unsilenced(marks, sensitivity, fear):  # type: ignore[no-untyped-def]
    """What fear leaves, whether or not a rule exists against the act."""
    return marks - (marks * (sensitivity * fear // TOP) >> 16)


@inlined
def outcome(mark, most, not_deterred, spoken, shut):  # type: ignore[no-untyped-def]
    """What became of the occasion."""
    if mark >= most:
        return FORGONE
    if shut:
        return SHUT
    if mark < spoken:
        return TAKEN
    return SILENCED if mark < not_deterred else DETERRED
