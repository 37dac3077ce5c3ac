"""A block: some whole pages of people with their own outbox, counters and tallies. What it does depends on no other block."""

from __future__ import annotations

import threading
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters, letters, tallies
from singlestep.engine.settle import settle
from singlestep.engine.step import (
    Flat,
    act_out,
    ask_for_typing,
    choose,
    draw_all,
    draw_traits,
    feel,
    file,
    gather,
    meet,
    new_flat,
    pick,
    read,
    see,
    serve,
    take_stock,
    wake,
)

if TYPE_CHECKING:
    from singlestep.engine.world import World

Tallies = namedtuple("Tallies", list(tallies.NAMES))  # type: ignore[misc]
SCRATCH = threading.local()
NO_LETTERS = np.empty((0, 4), np.int64)


class Block:
    """Persons `first` to `end` - 1 of a world."""

    def __init__(self, world: World, first: int, end: int, sizes: dict[str, tuple[int, ...]], cities: int) -> None:
        self.world, self.first, self.end = world, first, end
        people = end - first
        self.out: NDArray[np.int64] = np.empty((max(1 << 12, people // 8), 5), np.int64)
        self.sent = np.zeros(1, np.int64)
        self.table = counters.new_table(1 << 10, people)
        self.tallies: Any = Tallies(**tallies.empty(sizes))
        self.filed_now = np.zeros(cities, np.int64)
        self.felt = np.zeros((people, 3), np.int8)
        self.who = np.empty(people + 1, np.int32)
        self.count = np.empty(people + 1, np.uint8)
        self.words = np.empty(4096, np.uint32)

    def _make_room(self, wanted: int) -> None:
        if self.sent[0] + wanted > self.out.shape[0]:
            larger = np.empty((max(2 * self.out.shape[0], int(self.sent[0]) + 2 * wanted), 5), np.int64)
            larger[: self.sent[0]] = self.out[: self.sent[0]]
            self.out = larger
        self.table = counters.room(self.table, 4 * wanted, self.end - self.first)

    def _read(self, rows: NDArray[np.int64], start: int, stop: int, everyone: bool) -> None:
        w = self.world
        wanted = 1 << 10
        while start < stop:
            done = read(
                w.society_tables, w.regime_tables, w.state, self.tallies, w.day, rows, start, stop, everyone,
                self.out, self.sent, self.table, self.felt, self.first, w.filed_last, self.filed_now, w.capacity,
            )  # fmt: skip
            if everyone and done >= min(stop, w.people):
                return
            if done < stop:
                self._make_room(wanted)
                wanted = wanted * 2 if done == start else 1 << 10
            start = done

    def live(self, rows: NDArray[np.int64], start: int, stop: int) -> None:
        """One day: letters start..stop-1 of `rows` are this block's."""
        w, S = self.world, self.world.society_tables
        self._read(rows, start, stop, False)
        kinds = (rows[start:stop, letters.EVENT - 1] >> 6) & 15
        occasions = np.flatnonzero(kinds >= letters.FOLLOW) + start
        awake = wake(
            S.seed0, S.seed1, w.day, self.first, self.end, w.people, w.state.kind, S.wake, S.occasions,
            self.who, self.count, self.words,
        )  # fmt: skip
        self._live(rows, occasions, awake)
        feel(w.state, rows, start, stop, self.who, awake, self.felt, self.first)

    def _live(self, rows: NDArray[np.int64], occasions: NDArray[np.int64], awake: int) -> None:
        w, T = self.world, self.tallies
        S, R, X = w.society_tables, w.regime_tables, w.state
        most = len(occasions) + int(np.minimum(self.count[:awake], 4).sum())
        F = self._flat(most * w.spread)
        by_letter, n = gather(
            F, T.flow, S.kind_key, R.source_key, S.report_act, w.day, rows, occasions, len(occasions),
            self.who, self.count, awake, X.known,
        )  # fmt: skip
        draw_all(S.seed0, S.seed1, n, F.author, F.step, F.purpose, F.sub, F.words)
        if w.thins > 0:
            draw_traits(S.seed0, S.seed1, n, F.person, 0, F.trait_words)
        if w.thins > 8:
            draw_traits(S.seed0, S.seed1, n, F.person, 1, F.later_words)
        lived, requests = pick(S, T, F, X.kind, X.known, X.cut, by_letter, n)
        taken = choose(S, R, X, T, F, self.table, lived)
        self._draw(F, requests, F.words)
        serve(S, R, X, T, F, self.table, self.felt, self.first, requests)
        self._make_room(4 * taken)
        showings = act_out(S, R, X, T, F, w.day, taken, self.out, self.sent)
        met = meet(F, R.meet_from, R.meet_source, R.meet_how, S.kind_key, R.source_key, showings)
        self._draw(F, met, F.words)
        self._make_room(met)
        seen = see(S, R, X, T, F, w.day, met, self.out, self.sent)
        self._draw(F, seen, F.words)
        ask_for_typing(F, seen)
        self._draw(F, seen, F.trait_words)
        self._make_room(2 * seen)
        file(S, R, T, F, w.day, seen, F.words, F.trait_words, self.out, self.sent)

    @staticmethod
    def _flat(wanted: int) -> Flat:
        """This thread's scratch, with room for so many entries."""
        flat: Flat | None = getattr(SCRATCH, "flat", None)
        if flat is None or flat.person.shape[0] < wanted:
            flat = SCRATCH.flat = new_flat(wanted + wanted // 4)
        return flat

    def _draw(self, F: Flat, n: int, words: NDArray[np.uint32]) -> None:
        S = self.world.society_tables
        draw_all(S.seed0, S.seed1, n, F.c0, F.c1, F.c2, F.c3, words)

    def settle(self) -> None:
        """Pass A of settling."""
        w = self.world
        settle(w.society_tables, w.regime_tables, w.state, self.tallies, w.day, self.first, self.end)

    def publish(self) -> None:
        """Pass B of settling."""
        self._read(NO_LETTERS, self.first, self.end, True)
        self.take_stock()

    def take_stock(self) -> None:
        """Count people, classes, lists, doors and levels anew, as they stand, without changing anything."""
        w = self.world
        for name in tallies.NAMES:
            if name.startswith("stock_"):
                getattr(self.tallies, name)[:] = 0
        R = w.regime_tables
        take_stock(w.state, self.tallies, R.floor, R.lists, w.people, self.table, self.first, self.end, w.day)
