"""How much of a file is documented and how much is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from singlestep.quantities import Basis, Confidence, Quantity

CONFIDENCES: tuple[str, ...] = get_args(Confidence)


def confidence_counts(model: BaseModel) -> dict[str, int]:
    """Entries of a society, a regime or a part of one, by confidence, in a fixed order.

    A number counts once, a basis twice: behaviour and size. Defaults that the language itself sets do not count;
    a basis that was left out where something was written does, as the guess that it stands for.
    """
    counts = dict.fromkeys(CONFIDENCES, 0)
    for part in written_parts(model):
        if isinstance(part, Quantity):
            counts[part.confidence] += 1
        elif isinstance(part, Basis):
            counts[part.behaviour] += 1
            counts[part.size] += 1
    return counts


def written_parts(value: object) -> Iterator[BaseModel]:
    """All parts that a file writes, itself included, in order."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            if name == "basis" or name in value.model_fields_set:
                yield from written_parts(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from written_parts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from written_parts(item)
