"""Lives told by tracing: some persons of one seed live again under several regimes, and every row about them is kept."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import rows as r
from singlestep.engine import tallies, telling
from singlestep.quantities import DAYS_A_YEAR
from singlestep.regime.schema import Regime
from singlestep.regime.tables import class_place
from singlestep.society.schema import Society

Row = namedtuple("Row", r.COLUMNS)  # type: ignore[misc]
Tick = Callable[[str, int], None]  # label of the world, its day

TAKEN, DETERRED, SILENCED, FORGONE, BARRED = (
    tallies.ACT.index(name) for name in ("taken", "deterred", "silenced", "forgone", "shut")
)  # fmt: skip
REFUSED = r.ANSWERS.index("refused")
ENTERED, LEFT, RENEWED = 0, 1, 2


@dataclass(frozen=True)
class Life:
    """One person's life in one world. `months`: (day, need, board) as they stood after each settling and at the end."""

    person: int
    society: Society
    regime: Regime
    days: int
    rows: list[Any]
    months: list[tuple[int, int, int]]
    reported: list[Any]  # rows of others who reported the person

    def of(self, what: int) -> list[Any]:
        """The rows of one kind, in order."""
        return [row for row in self.rows if row.what == what]

    def points(self) -> list[list[int]]:
        """Own points as [day, points]: at the start, and after each day on which they moved."""
        here = self.regime.points.start
        found = [[0, here]]
        signs = {r.APPLIED: 1, r.CLOSED: -1, r.WIPED: 1, r.ABSORBED: 1, r.CLIPPED: -1}
        for row in self.rows:
            change = signs.get(row.what, 0) * row.x
            if change == 0:
                continue
            here += change
            if found[-1][0] == row.day:
                found[-1][1] = here
            else:
                found.append([row.day, here])
        return found

    def spells(self, side: int = 1) -> list[tuple[int, int, int | None, Any]]:
        """Each time a door was shut: (door, first day, day it opened or None, row of the shutting)."""
        shut: dict[int, Any] = {}
        found: list[tuple[int, int, int | None, Any]] = []
        for row in self.of(r.DOOR):
            if row.sides != side:
                continue
            if row.reason == 1:
                shut[row.rule] = row
            elif row.rule in shut:
                begun = shut.pop(row.rule)
                found.append((row.rule, begun.day, row.day, begun))
        found += [(door, row.day, None, row) for door, row in shut.items()]
        return sorted(found, key=lambda spell: (spell[1], spell[0]))

    def listed_cleanly(self, listing: int, day: int) -> bool:
        """Whether the clean file had the person on a list at the end of a day."""
        on = False
        for row in self.of(r.LIST):
            if row.sides == 2 and row.rule == listing and row.day <= day:
                on = row.reason != LEFT
        return on

    def acts(self) -> dict[tuple[int, ...], Any]:
        """What was lived, by the address of the occasion and the act."""
        return {(row.author, row.act_day, row.occasion, row.arrival, row.act, row.source): row for row in self.of(r.ACT)}

    def changes(self) -> set[tuple[int, int, int]]:
        """(day, door, 1 shut or 0 open) for every change of a recorded door."""
        return {(row.day, row.rule, row.reason) for row in self.of(r.DOOR) if row.sides == 1}

    def classes(self) -> list[tuple[int, int]]:
        """(day, class) as published, whenever it changed."""
        found: list[tuple[int, int]] = []
        for day, _, board in self.months:
            place = class_place(self.regime, board)
            if not found or found[-1][1] != place:
                found.append((day, place))
        return found


@dataclass(frozen=True)
class Pair:
    """One person's lives in a world and in the world it is compared with, which may be missing."""

    life: Life
    twin: Life | None

    def parting(self) -> int | None:
        """The first day on which acts taken or doors shut differ; None for never."""
        if self.twin is None:
            return None
        here, there = self.life, self.twin
        mine, theirs = ({key: row.day for key, row in life.acts().items() if row.reason == TAKEN} for life in (here, there))
        days = [mine.get(key, theirs.get(key, 0)) for key in mine.keys() ^ theirs.keys()]
        days += [day for day, _, _ in here.changes() ^ there.changes()]
        return min(days, default=None)


def relive(
    society: Society,
    regimes: Mapping[str, Regime],
    people: int,
    days: int,
    seed: int,
    persons: Iterable[int],
    threads: int = 1,
    tick: Tick | None = None,
    executor: Executor | None = None,
) -> dict[str, dict[int, Life]]:
    """The lives of these persons in each world, by its label. The worlds are those of an untraced run, bit for bit.

    With several threads the worlds live side by side; `tick` is then called from their threads. With an executor each lives
    wherever that lets it live, and nothing is ticked.
    """
    whom = sorted(set(persons))
    if executor is not None:
        waiting = {
            label: executor.submit(_lived, society, regime, people, days, seed, whom, None, label)
            for label, regime in regimes.items()
        }
        return {label: future.result() for label, future in waiting.items()}

    def live(label: str) -> dict[int, Life]:
        return _lived(society, regimes[label], people, days, seed, whom, tick, label)

    if threads == 1 or len(regimes) == 1:
        return {label: live(label) for label in regimes}
    with ThreadPoolExecutor(min(threads, len(regimes))) as pool:
        return dict(zip(regimes, pool.map(live, regimes), strict=True))


def _lived(
    society: Society, regime: Regime, people: int, days: int, seed: int, persons: list[int], tick: Tick | None, label: str
) -> dict[int, Life]:
    from singlestep.engine.world import World

    world = World(society, regime, people, seed, trace=persons)
    looks = [look(world, persons)]
    for _ in range(days):
        live_a_day(world, persons, looks)
        if tick is not None:
            tick(label, int(world.day))
    looks.append(look(world, persons))
    return lives_of(persons, society, regime, days, world.traced_rows(), looks)


def look(world: Any, persons: Sequence[int]) -> NDArray[np.int64]:
    """Day, need and published points of some persons as they stand; shape (persons, 3)."""
    levels = world.need_and_board(persons)
    return np.column_stack([np.full(len(persons), world.day), levels])


def live_a_day(world: Any, persons: Sequence[int], looks: list[NDArray[np.int64]]) -> None:
    """Let a world live a day; if everyone settled on it, look at these persons."""
    if world.step() and persons:
        looks.append(look(world, persons))


def about(rows: NDArray[np.int32], persons: Sequence[int]) -> NDArray[np.bool_]:
    """Which traced rows are needed to tell of these persons: their own, and those of others who reported them."""
    person, what, author, reason = (rows[:, r.COLUMNS.index(name)] for name in ("person", "what", "author", "reason"))
    reported = (what == r.SEEN) & (reason == telling.REPORTED)
    return np.isin(person, persons) | (reported & np.isin(author, persons))


def lives_of(
    persons: Sequence[int], society: Society, regime: Regime, days: int, traced: NDArray[np.int32],
    looks: Iterable[NDArray[np.int64]],
) -> dict[int, Life]:  # fmt: skip
    """The lives of these persons, from the rows traced of them and looks at them in the order of `persons`."""
    rows: dict[int, list[Any]] = {person: [] for person in persons}
    reported: dict[int, list[Any]] = {person: [] for person in persons}
    for numbers in traced[about(traced, persons)].tolist():
        row: Any = Row(*numbers)
        if row.person in rows:
            rows[row.person].append(row)
        if row.what == r.SEEN and row.reason == telling.REPORTED and row.author in rows:
            reported[row.author].append(row)
    months: dict[int, list[tuple[int, int, int]]] = {person: [] for person in persons}
    for levels in looks:
        for person, (day, need, board) in zip(persons, levels.tolist(), strict=True):
            months[person].append((day, need, board))
    return {
        person: Life(person, society, regime, days, rows[person], months[person], reported[person]) for person in persons
    }


# What a kind of story needs ------------------------------------------------------------------------------------------


def shows(kind: str, pair: Pair) -> bool:
    """Whether this life shows what the kind of story is about."""
    return _SHOWS[kind](pair)


def wrong_listings(life: Life) -> list[Any]:
    """Rows of recorded listings that the clean file would not have brought."""
    found = [row for row in life.of(r.LIST) if row.sides == 1 and row.reason == ENTERED]
    return [row for row in found if not life.listed_cleanly(row.rule, row.day)]


def _wrongly_listed(pair: Pair) -> bool:
    days = {row.day for row in wrong_listings(pair.life)}
    return any(row.day in days and row.x & 1 for _, _, _, row in pair.life.spells())


def long_spells(life: Life) -> list[tuple[int, int, int]]:
    """(door, first day, day it opened or the end) of doors shut for a year or more."""
    ended = [(door, first, life.days if last is None else last) for door, first, last, _ in life.spells()]
    return [spell for spell in ended if spell[2] - spell[1] >= DAYS_A_YEAR]


def needier(pair: Pair) -> tuple[int, int, int] | None:
    """(day, need, need of the twin) where the gap is widest while a door is shut for long; None if never above the twin."""
    if pair.twin is None:
        return None
    spells = long_spells(pair.life)
    gaps = [
        (need - other, -day, need, other)
        for (day, need, _), (_, other, _) in zip(pair.life.months, pair.twin.months, strict=True)
        if need > other and any(first < day <= last for _, first, last in spells)
    ]
    return (-max(gaps)[1], max(gaps)[2], max(gaps)[3]) if gaps else None


def _locked_in(pair: Pair) -> bool:
    spells = long_spells(pair.life)
    refusals = [row.day for row in pair.life.of(r.ASKED) if row.reason == REFUSED]
    inside = [day for day in refusals if any(first <= day <= last for _, first, last in spells)]
    return len(inside) >= 2 and needier(pair) is not None


def silences(pair: Pair) -> list[tuple[Any, bool]]:
    """Protected acts left undone out of fear, each with whether the twin did the same."""
    acts = list(pair.life.society.acts.values())
    there = pair.twin.acts() if pair.twin is not None else {}
    found = []
    for key, row in pair.life.acts().items():
        if row.reason == SILENCED and acts[row.act].protected != "none":
            found.append((row, key in there and there[key].reason == TAKEN))
    return found


def _silenced(pair: Pair) -> bool:
    return any(twin_did for _, twin_did in silences(pair))


def _appealed_and_won(pair: Pair) -> bool:
    return any(row.reason == 1 and row.rule == 1 for row in pair.life.of(r.DECIDED))


def _informer(pair: Pair) -> bool:
    acts = list(pair.life.society.acts.values())
    return any(row.reason == TAKEN and acts[row.act].does == "report" for row in pair.life.of(r.ACT))


def gains(life: Life) -> list[tuple[int, int]]:
    """(day, class) whenever a class better than the first one was reached that brings money or a better price."""
    usual = class_place(life.regime, life.regime.points.start)
    return [(day, place) for day, place in life.classes() if place < usual and brings(life.regime, place)]


def brings(regime: Regime, place: int) -> bool:
    """Whether a class brings a perk or a better price."""
    rung = regime.ladder.classes[place] if regime.ladder else None
    return rung is not None and (rung.perk > 0 or any(gate.price.get(rung.name, 100) < 100 for gate in regime.gates.values()))


def _gained(pair: Pair) -> bool:
    return bool(gains(pair.life))


def _for_another(pair: Pair) -> bool:
    household = [tallies.TRIGGERS.index(name) for name in ("ties", "household")]
    return any(row.cause in household for _, _, _, row in pair.life.spells())


_SHOWS: dict[str, Callable[[Pair], bool]] = {
    "wrongly-listed": _wrongly_listed,
    "locked-in": _locked_in,
    "silenced": _silenced,
    "appealed-and-won": _appealed_and_won,
    "informer": _informer,
    "gained": _gained,
    "for-another": _for_another,
}


def candidates_table(found: Mapping[str, list[int]], seed: int, label: str) -> dict[str, Any]:
    """Candidates of one world as columns of a table: seed, world, kind, place in order, person."""
    flat = [(kind, place, person) for kind, persons in found.items() for place, person in enumerate(persons)]
    return {
        "seed": seed,
        "world": label,
        "kind": [kind for kind, _, _ in flat],
        "place": np.array([place for _, place, _ in flat], np.int64),
        "person": np.array([person for _, _, person in flat], np.int64),
    }
