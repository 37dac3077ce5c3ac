"""Shield one person, and name the way by which anybody else's life changes: mail and the board, and no other.

The same world lives twice, once with no record reaching the shielded person. Somebody's life has changed from the first
day on which their mail or their state differs. Each change must have come from someone whose life had changed before: by
*mail*, that person being the author of the event or a witness of it, or by the *board*, a tie read at settling. Totals
(backlogs of appeals) would be a third way; regimes with a backlog are refused.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import letters
from singlestep.engine.compiling import for_columns
from singlestep.engine.world import World
from singlestep.regime.schema import Regime
from singlestep.society import traits
from singlestep.society.schema import Society
from singlestep.society.ties import tie_in_slot

Rows = NDArray[np.int64]
MAIL, BOARD, SHIELDED = "mail", "board", "shielded"
WHO, EVENT = letters.WHO - 1, letters.EVENT - 1
EVENT_SHIFT = 10  # kind, sides and cause of a letter lie below author, step and occasion
ARRAYS = ("points", "clean", "board", "tie", "lists", "clean_lists", "need", "fear", "awareness", "cut", "acts_digest")


class Change(NamedTuple):
    """Since when a person's life is another one, how that came, and from whom (None: no way was found)."""

    day: int
    how: str
    by: int | None


class Day(NamedTuple):
    """One day of a world: the letters due, everybody's state at its end, and whether it began with settling."""

    mail: Rows
    state: Rows
    settled: bool


class Town:
    """A society under a regime on its first day, of which as many worlds can be had as are wanted."""

    def __init__(self, society: Society, regime: Regime, people: int, seed: int) -> None:
        if regime.remedy.a_month is not None:
            raise ValueError("appeals wait in a backlog: one person's appeal is another's delay, along no mail and no board")
        self.world = World(society, regime, people, seed, follow=True)
        self.world.post = None  # type: ignore[assignment]

    def live(self, days: int, shielded: int | None = None) -> Iterator[Day]:
        """Day after day of a world, with one person shielded from records if one is given."""
        w = self.world
        shared = {id(part): part for part in (w.society, w.regime, w.society_tables, w.regime_tables)}
        world = copy.deepcopy(w, shared)
        world.post = post = _Listening(letters.Post())  # type: ignore[assignment]
        world.shielded = None if shielded is None else np.arange(world.people) == shielded
        for _ in range(days):
            settles = world.settles_today()
            world.step()
            state = np.stack([np.asarray(getattr(world, name), np.int64) for name in ARRAYS])
            yield Day(post.due_today, state, settles)

    def ties(self, person: int) -> set[int]:
        """Whose board a person reads: existing near and far ties, and the household."""
        S = self.world.society_tables
        ties = {
            int(
                tie_in_slot(
                    S.seed0, S.seed1, person, slot, S.pattern, S.near,
                    int(S.far_page[slot - S.near]) if slot >= S.near else 0, S.pages, S.people,
                )
            )
            for slot in range(S.near + S.far if S.pattern else 0)
        }  # fmt: skip
        plot, place = divmod(person, traits.PLOT)
        houses = S.template_house[traits.template_of(S.seed0, S.seed1, plot, S.template_house.shape[0])]
        home = {plot * traits.PLOT + int(other) for other in np.flatnonzero(houses == houses[place])}
        return {tie for tie in ties | home if 0 <= tie < S.people} - {person}


def changes(town: Town, plain: list[Day], person: int) -> dict[int, Change]:
    """Whose life is changed by shielding this person, and how; the person themself first. `plain` are the days without."""
    found = {person: Change(-1, SHIELDED, None)}
    witnesses: dict[int, set[int]] = {}
    for day, (here, there) in enumerate(zip(plain, town.live(len(plain), person), strict=True)):
        for rows in (here.mail, there.mail):
            told = for_columns(letters.kind_of)(rows[:, EVENT]) == letters.WITNESS
            for who, event in rows[told][:, [WHO, EVENT]].tolist():
                witnesses.setdefault(event >> EVENT_SHIFT, set()).add(who)
        before = {one for one, change in found.items() if change.day < day}
        for who, event in _differing(here.mail, there.mail).tolist():
            touched = {int(letters.author_of(event)), *witnesses.get(event >> EVENT_SHIFT, ())}
            known = found.get(who)
            if known is None or known == Change(day, MAIL, None):
                found[who] = Change(day, MAIL, min(touched & before, default=None))
        for one in np.flatnonzero((here.state != there.state).any(axis=0)).tolist():
            if one not in found:
                by = min((town.ties(one) if here.settled else set()) & before, default=None)
                found[one] = Change(day, BOARD, by)
    return found


def path(found: dict[int, Change], person: int) -> list[tuple[int, Change]]:
    """The way from the shielded person to this one: persons with how their lives came to change, the shielded one first.

    Raises ValueError where a change came along no known way.
    """
    way = [(person, found[person])]
    while way[-1][1].how != SHIELDED:
        by = way[-1][1].by
        if by is None:
            raise ValueError(f"person {way[-1][0]} changed on day {way[-1][1].day} along no known way")
        way.append((by, found[by]))
    return way[::-1]


class _Listening:
    """The post of a world, remembering the letters due today."""

    def __init__(self, post: letters.Post) -> None:
        self.post = post
        self.due_today: Rows = np.empty((0, 4), np.int64)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.post, name)

    def due(self, day: int, pages: int) -> tuple[Rows, NDArray[np.int64]]:
        rows, begin = self.post.due(day, pages)
        self.due_today = rows.copy()
        return rows, begin


def _differing(here: Rows, there: Rows) -> Rows:
    """Addressee and event of the letters that only one of the two worlds has; shape (letters, 2)."""
    both, count = np.unique(np.concatenate((here, there)), axis=0, return_counts=True)
    return both[count % 2 == 1][:, [WHO, EVENT]]
