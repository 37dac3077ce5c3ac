"""What one regime does to the same people in different worlds: through errors, and directly or through others.

A spell is *induced by error* when no spell of the same door on the same person overlaps it in the world without errors.
The *total* effect on the few is what befalls them with the regime on for all, less what befalls them in the base; the
*direct* effect is the same with the regime on for them alone; the rest comes *through others*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.measures.counts import Ratio, Rows, by_people
from singlestep.measures.parting import NEVER, Spells
from singlestep.words import measures as words

Ints = NDArray[np.int64]
CELLS = 10


class Befell(NamedTuple):
    """What befell each person of a world by its end; arrays of shape (people,)."""

    shut_days: Ints  # days times doors shut
    need: Ints  # level, 0 to 15
    fear: Ints


def overlapping(spells: Spells, others: Spells, end: int) -> NDArray[np.bool_]:
    """Which of these spells share a day, door and person with any of the others; a spell still open lasts until day `end`."""
    key, start, stop = _sorted(others, end)
    found = np.zeros(len(spells.person), bool)
    mine, until = _key(spells), np.where(spells.ended == NEVER, end, spells.ended)
    first = np.searchsorted(key, mine, side="left")
    last = np.searchsorted(key, mine, side="right")
    for place in range(int((last - first).max(initial=0))):  # a person has few spells of one door
        at = np.minimum(first + place, len(key) - 1)
        found |= (first + place < last) & (start[at] < until) & (spells.begun < stop[at])
    return found


def induced(spells: Spells, without_errors: Spells, end: int, cells: Ints) -> Rows:
    """Spells that the world without errors does not have / spells; `cells` [person] are income fifth x 2 + minority."""
    of_each = cells[spells.person]
    only_here = ~overlapping(spells, without_errors, end)
    return by_people(np.bincount(of_each[only_here], minlength=CELLS), np.bincount(of_each, minlength=CELLS))


def shut_days(spells: Spells, people: int, end: int) -> Ints:
    """Days times doors shut on each person by day `end`; shape (people,)."""
    until = np.where(spells.ended == NEVER, end, spells.ended)
    return np.bincount(spells.person, weights=until - spells.begun, minlength=people).astype(np.int64)


def effects(on_for_all: Befell, alone: Befell, base: Befell, few: NDArray[np.bool_], years: int) -> dict[str, Rows]:
    """Total and direct effect on the few, and what comes through others, for each thing that can befall a person."""
    found: dict[str, Rows] = {}
    for name, times in (("shut_days", years), ("need", 1), ("fear", 1)):
        here, direct, without = (int(getattr(world, name)[few].sum()) for world in (on_for_all, alone, base))
        persons = int(few.sum()) * times
        found[words.EFFECTS[name]] = {
            words.TOTAL: Ratio(here - without, persons),
            words.DIRECT: Ratio(direct - without, persons),
            words.THROUGH_OTHERS: Ratio(here - direct, persons),
        }
    return found


def access(spells: Spells, doors: int, cells: Ints, end: int) -> Rows:
    """Days times doors open / days times doors, over everyone, by income and by group."""
    people = len(cells)
    shut = np.bincount(cells, weights=shut_days(spells, people, end), minlength=CELLS).astype(np.int64)
    whole = np.bincount(cells, minlength=CELLS) * doors * end
    return by_people(whole - shut, whole)


def knowledge(awareness: Ints, standing: Ints, classes: Sequence[str], cells: Ints, ever_shut: NDArray[np.bool_]) -> Rows:
    """Mean awareness over everyone, by income and group, by the class stood in, and by whether a door was ever shut.

    All arrays have one entry a person; `standing` is a place among the classes.
    """
    known = np.bincount(cells, weights=awareness, minlength=CELLS).astype(np.int64)
    rows = by_people(known, np.bincount(cells, minlength=CELLS))

    def among(which: NDArray[np.bool_]) -> Ratio:
        return Ratio(int(awareness[which].sum()), int(which.sum()))

    for place, name in enumerate(classes):
        rows[words.BY_CLASS.format(name=name)] = among(standing == place)
    return {**rows, words.DOOR_SHUT: among(ever_shut), words.NEVER_SHUT: among(~ever_shut)}


def reasons(
    gained: NDArray[np.bool_], lost: NDArray[np.bool_], standing: Ints, classes: Sequence[str], cells: Ints
) -> dict[str, Rows]:
    """Who has reason to approve, having gained and lost nothing, and who to object, having lost: over everyone, by income and
    group, and by the class stood in. Nobody's opinion is modelled. All arrays have one entry a person."""
    whole, found = np.bincount(cells, minlength=CELLS), {}
    for name, those in (("reason to approve", gained & ~lost), ("reason to object", lost)):
        found[name] = by_people(np.bincount(cells[those], minlength=CELLS), whole)
        for place, title in enumerate(classes):
            here = standing == place
            found[name][words.BY_CLASS.format(name=title)] = Ratio(int((those & here).sum()), int(here.sum()))
    return found


def not_covered(lost: int, gained: int, person_years: int) -> Rows:
    """Points that records of those left out would have brought, for each of them and year."""
    return {words.LOST: Ratio(lost, person_years), words.GAINED: Ratio(gained, person_years)}


def _key(spells: Spells) -> Ints:
    return (spells.person << 4) + spells.door


def _sorted(spells: Spells, end: int) -> tuple[Ints, Ints, Ints]:
    """Key, first and last day of spells by key; with one impossible spell, so that there always is one."""
    key = np.append(_key(spells), -1)
    start = np.append(spells.begun, end)
    stop = np.append(np.where(spells.ended == NEVER, end, spells.ended), 0)
    order = np.argsort(key, kind="stable")
    return key[order], start[order], stop[order]
