"""The sources that a file cites."""

from __future__ import annotations

from typing import TypeGuard

from pydantic import BaseModel

from singlestep.quantities import Basis, Quantity
from singlestep.regime.provenance import written_parts

MADE_UP = ("guess", "imagined")


def citations(file: BaseModel) -> list[str]:
    """The sources a file names, each once, in the order of the file; remarks, and notes beside mere guesses, are left out."""
    own = list(getattr(file, "cite", []))
    inner = [part.cite for part in written_parts(file) if _rests_on_a_source(part)]
    return list(dict.fromkeys([*own, *inner]))


def _rests_on_a_source(part: BaseModel) -> TypeGuard[Quantity | Basis]:
    if isinstance(part, Quantity):
        return bool(part.cite) and part.confidence not in MADE_UP
    return isinstance(part, Basis) and bool(part.cite) and not {part.behaviour, part.size} <= set(MADE_UP)
