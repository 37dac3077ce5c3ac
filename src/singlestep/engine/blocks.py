"""A block: some whole pages of people with their own outbox, counters and tallies. What it does depends on no other block."""

from __future__ import annotations

import threading
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters, letters, tallies
from singlestep.engine.following import Following
from singlestep.engine.settle import settle
from singlestep.engine.step import (
    AGAIN,
    BY_LETTER,
    FIRST,
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
    sort_out,
    take_stock,
    thin,
    wake,
)
from singlestep.engine.telling import Trace, tell_made_up, tell_mistakes, tell_occasions, tell_records

if TYPE_CHECKING:
    from singlestep.engine.world import World

Tallies = namedtuple("Tallies", list(tallies.NAMES))  # type: ignore[misc]
NO_LETTERS = np.empty((0, 4), np.int64)
ROOM = 1 << 10  # letters, and counters, for which room is made at a time


class Scratch:
    """What one thread needs while it works on a block, so that blocks keep nothing per person between days."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.out: NDArray[np.int64] = np.empty((max(1 << 12, people // 8), 5), np.int64)
        self.sent = np.zeros(1, np.int64)
        self.felt = np.zeros((people, 3), np.int8)
        self.who = np.empty(people + 1, np.int32)
        self.count = np.empty(people + 1, np.uint8)
        self.words = np.empty(4096, np.uint32)
        self.flat = new_flat(0)

    def room_for_letters(self, wanted: int) -> None:
        """Make sure that so many more letters fit into the outbox."""
        sent = int(self.sent[0])
        if sent + wanted > self.out.shape[0]:
            larger = np.empty((max(2 * self.out.shape[0], sent + 2 * wanted), 5), np.int64)
            larger[:sent] = self.out[:sent]
            self.out = larger

    def flat_for(self, entries: int) -> Flat:
        """Flat lists with room for so many entries."""
        if self.flat.person.shape[0] < entries:
            self.flat = new_flat(entries + entries // 4)
        return self.flat


THREAD = threading.local()


def scratch_for(people: int) -> Scratch:
    """This thread's scratch."""
    scratch: Scratch | None = getattr(THREAD, "scratch", None)
    if scratch is None or scratch.people < people:
        scratch = THREAD.scratch = Scratch(people)
    return scratch


class Block:
    """Persons `first` to `end` - 1 of a world."""

    def __init__(self, world: World, first: int, end: int, sizes: dict[str, tuple[int, ...]], cities: int) -> None:
        self.world, self.first, self.end = world, first, end
        self.table = counters.new_table(ROOM, end - first)
        self.tallies: Any = Tallies(**tallies.empty(sizes))
        self.filed_now = np.zeros(cities, np.int64)
        self.published = False
        self.trace = Trace(world.traced, world.traced.size > 0)
        self.following = Following(first, end) if world.follow else None

    def _read(self, scratch: Scratch, rows: NDArray[np.int64], start: int, stop: int, everyone: int) -> None:
        w = self.world
        wanted = ROOM
        while start < stop:
            done = read(
                w.society_tables, w.regime_tables, w.state, self.tallies, w.day, rows, start, stop, everyone, scratch.out,
                scratch.sent, self.table, scratch.felt, self.first, w.filed_last, self.filed_now, w.capacity,
                self.trace.told, self.trace.traced,
            )  # fmt: skip
            if done < stop:
                scratch.room_for_letters(wanted)
                self.table = counters.room(self.table, 4 * wanted, self.end - self.first)
                if self.trace.on:
                    self.trace.room(wanted, w.day)
                wanted = wanted * 2 if done == start else ROOM
            start = done
        self.trace.take(w.day)

    def _note_doors(self, rows: NDArray[np.int64], start: int, stop: int, everyone: bool) -> None:
        w = self.world
        if self.following is not None:
            self.following.note_doors(w.state, self.table, rows, start, stop, everyone, w.day)

    def _send(self, scratch: Scratch) -> None:
        self.world.post.take_in(scratch.out, int(scratch.sent[0]))
        scratch.sent[0] = 0

    def live(self, rows: NDArray[np.int64], start: int, stop: int) -> None:
        """One day: letters start..stop-1 of `rows` are this block's."""
        w, S = self.world, self.world.society_tables
        scratch = scratch_for(self.end - self.first)
        self._read(scratch, rows, start, stop, BY_LETTER)
        self._note_doors(rows, start, stop, False)
        kinds = (rows[start:stop, letters.EVENT - 1] >> 6) & 15
        occasions = np.flatnonzero(kinds >= letters.FOLLOW) + start
        awake = wake(
            S.seed0, S.seed1, w.day, self.first, self.end, w.people, w.state.kind, S.wake, S.occasions,
            scratch.who, scratch.count, scratch.words,
        )  # fmt: skip
        refused = self._live(scratch, rows, occasions, awake)
        feel(w.state, rows, start, stop, scratch.flat, refused, scratch.felt, self.first)
        self._send(scratch)

    def _live(self, scratch: Scratch, rows: NDArray[np.int64], occasions: NDArray[np.int64], awake: int) -> int:
        """Live the occasions; returns how many requests were refused."""
        w, T = self.world, self.tallies
        S, R, X = w.society_tables, w.regime_tables, w.state
        k0, k1, sent = S.seed0, S.seed1, scratch.sent
        most = len(occasions) + int(np.minimum(scratch.count[:awake], 4).sum())
        F = scratch.flat_for(most * w.spread)
        by_letter, n = gather(
            F, T.flow, S.kind, R.source, S.report_act, w.day, rows, occasions, len(occasions),
            scratch.who, scratch.count, awake, X.known,
        )  # fmt: skip
        draw_all(k0, k1, n, F.author, F.step, F.purpose, F.sub, F.words)
        by_trait, by_home, by_several = pick(S.alias, S.kind, F, X.kind, by_letter, n)
        draw_traits(k0, k1, by_trait, F.c0, 0, F.trait_words, 0)
        draw_traits(k0, k1, by_several, F.c1, 0, F.trait_words, by_trait)
        draw_traits(k0, k1, by_several, F.c1, 1, F.trait_words, by_trait + by_several)
        thin(S, F, X.kind, X.known, X.cut, by_trait, by_home, by_several)
        doubted, taken, requests = sort_out(S, R, T, F, by_letter, n)
        taken = choose(S, R, X, T, F, self.table, doubted, taken)
        if self.following is not None:
            self.following.note_acts(F, n)
        draw_all(k0, k1, requests, F.c0, F.c1, F.c2, F.c3, F.words)
        refused = serve(S, R, X, T, F, self.table, scratch.felt, self.first, requests)
        trace = self.trace
        if trace.on:
            trace.room(n + requests, w.day)
            tell_occasions(
                F, S.acts, by_letter, n, requests, R.gate, self.table, trace.told, trace.traced,
            )  # fmt: skip
        scratch.room_for_letters(4 * taken)
        begin = int(sent[0])
        showings = act_out(S, R, X, T, F, w.day, taken, scratch.out, sent)
        if trace.on:
            trace.room(int(sent[0]) - begin, w.day)
            tell_made_up(scratch.out, begin, int(sent[0]), trace.told, trace.traced)
        met = meet(F, R.meet_from, R.meet, S.kind, R.source, showings)
        draw_all(k0, k1, met, F.c0, F.c1, F.c2, F.c3, F.words)
        scratch.room_for_letters(met)
        if trace.on:
            trace.room(met, w.day)
            ties = (k0, k1, S.near + S.far, S.far_page, S.pattern, S.near, S.pages, S.people)
            tell_mistakes(
                F, ties, X.cut, R.meet, R.source, X.known, w.day, met, trace.told,
                trace.traced,
            )  # fmt: skip
        seen = see(S, R, X, T, F, w.day, met, scratch.out, sent)
        draw_all(k0, k1, seen, F.c0, F.c1, F.c2, F.c3, F.words)
        ask_for_typing(F, seen)
        draw_all(k0, k1, seen, F.c0, F.c1, F.c2, F.c3, F.trait_words)
        scratch.room_for_letters(2 * seen)
        file(S, R, T, F, w.day, seen, F.words, F.trait_words, scratch.out, sent)
        if trace.on:
            trace.room(seen, w.day)
            tell_records(F, R.source, w.day, seen, trace.told, trace.traced)
            trace.take(w.day)
        return refused

    def settle(self) -> None:
        """Pass A of settling."""
        w = self.world
        mine = slice(self.first, min(self.end, w.people))
        absorbs = self.trace.on and w.regime_tables.absorb_share > 0
        before = (w.state.points[mine].copy(), w.state.clean[mine].copy()) if absorbs else ()
        settle(w.society_tables, w.regime_tables, w.state, self.tallies, w.day, self.first, self.end)
        if absorbs:
            self.trace.absorbed(self.first, before, (w.state.points[mine], w.state.clean[mine]), w.day)

    def publish(self) -> None:
        """Pass B of settling."""
        scratch = scratch_for(self.end - self.first)
        last = min(self.end, self.world.people)
        self._read(scratch, NO_LETTERS, self.first, last, AGAIN if self.published else FIRST)
        self._note_doors(NO_LETTERS, self.first, last, True)
        self.published = True
        self._send(scratch)
        self.take_stock()

    def take_stock(self) -> None:
        """Count people, classes, lists, doors and levels anew, as they stand, without changing anything."""
        w = self.world
        for name in tallies.NAMES:
            if name.startswith("stock_"):
                getattr(self.tallies, name)[:] = 0
        R = w.regime_tables
        take_stock(w.state, self.tallies, R.floor, R.lists, w.people, self.table, self.first, self.end, w.day)
