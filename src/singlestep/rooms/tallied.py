"""Tallied: in which cell a person counts: income fifth x 2, plus one for the minority."""

from __future__ import annotations

from singlestep.engine.compiling import inlined


@inlined
def income_of(cell):  # type: ignore[no-untyped-def]
    """Income fifth, 0 the lowest."""
    return cell >> 1


@inlined
def minority_of(cell):  # type: ignore[no-untyped-def]
    """1 for the minority."""
    return cell & 1
