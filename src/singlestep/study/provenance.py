"""How much of a file is documented and how much is guessed, and the sources that it cites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard, get_args

from pydantic import BaseModel

from singlestep.quantities import Basis, Confidence, Quantity

MADE_UP = ("guess", "imagined")
CONFIDENCES: tuple[str, ...] = get_args(Confidence)


def confidences(file: BaseModel) -> dict[str, int]:
    """Entries of a regime or society by confidence: each number written in it, and each part's behaviour and size."""
    counts = dict.fromkeys(CONFIDENCES, 0)
    for part in _parts(file):
        if isinstance(part, Quantity):
            counts[part.confidence] += 1
        elif isinstance(part, Basis):
            counts[part.behaviour] += 1
            counts[part.size] += 1
    return counts


def citations(file: BaseModel) -> list[str]:
    """The sources a file names, each once, in the order of the file."""
    own = list(getattr(file, "cite", []))
    inner = [part.cite for part in _parts(file) if _rests_on_a_source(part)]
    return list(dict.fromkeys([*own, *inner]))


def _rests_on_a_source(part: BaseModel) -> TypeGuard[Quantity | Basis]:
    if isinstance(part, Quantity):
        return bool(part.cite) and part.confidence not in MADE_UP
    return isinstance(part, Basis) and bool(part.cite) and not {part.behaviour, part.size} <= set(MADE_UP)


def _parts(value: object) -> Iterator[BaseModel]:
    """All parts that a file writes, itself included. The basis of a written part counts even when it is left out."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            if name == "basis" or name in value.model_fields_set:
                yield from _parts(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)
