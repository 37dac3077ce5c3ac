"""What traced people live, told from the flat lists after the passes of a day, so that the passes stay as they are.

Only called while tracing. The columns of a row, and what each kind of row means, stand in `rows`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import letters as m
from singlestep.engine import rows as r
from singlestep.engine.compiling import Place, a_pass, small
from singlestep.engine.observing import tie_by
from singlestep.engine.state import DOOR_BITS, PAGE
from singlestep.regime.tables import DELAY, FORCED, GRANT, HUMAN, MET_AS, MET_HOW, MET_SHARE, MET_SOURCE, STIRS
from singlestep.rooms import gated, linked, lives, observed, tallied

WINDOW = 64  # persons
MOST_OCCASIONS = 4  # of a person and day by the clock
MADE_UP, REPORTED = 4, 5  # how a record arose, besides the ways in `observed`

Points = tuple[NDArray[np.int16], ...]


@small
def first_from(ascending, begin, end, least):  # type: ignore[no-untyped-def]
    """The first place from `begin` to `end` - 1 of an ascending list with at least this number; `end` if there is none."""
    at, left, one = Place(begin), Place(end - begin), Place(1)
    while left > Place(0):  # without branches, which could not be predicted
        half = (left + one) >> one
        at += half * Place(ascending[at + half - one] < least)
        left -= half
    return np.int64(at)


@a_pass
def tell_occasions(F, day, acts, R, by_letter, n, requests, table, told_rows, traced, windows):  # type: ignore[no-untyped-def]
    """Rows of the occasions of acts that became something, and of requests; returns whether any of these acts may be met by a
    source. `acts`: how many acts the catalogue has. To be called before the words of requests are drawn over.

    Occasions of the clock lie in the order of persons, so only `windows` are looked at, where traced persons are (looking at
    everybody's took a fortieth of a step).
    """
    persons, felt_of, felt_sort, stirs = F.person, R.felt, R.felt_sort, False
    for at in range(by_letter):
        if traced[persons[at]] != 0:
            tell_act(F, day, at, told_rows)
            stirs = True
    for window in windows:
        at = first_from(persons, by_letter, n, window)
        while at < n and persons[at] < window + WINDOW:
            if traced[persons[at]] != 0:
                if F.act[at] >= acts:
                    row = first_from(F.asked_at, 0, requests, at)
                    if row < requests and F.asked_at[row] == at:
                        tell_request(F, day, acts, at, row, R.gate, table, told_rows)
                elif F.became[at] != lives.FORGONE:
                    tell_act(F, day, at, told_rows)
                    stirs = stirs or (F.became[at] == lives.TAKEN and felt_of[felt_sort[F.act[at]], STIRS] != 0)
            at += 1
    return stirs


@small
def tell_act(F, day, at, told_rows):  # type: ignore[no-untyped-def]
    """The row of an occasion of an act."""
    event = m.event_of(np.int64(F.author[at]), np.int64(F.step[at]), np.int64(F.purpose[at]) >> 8, 0, 0, 0)
    source = F.told_source[at]
    r.tell(
        told_rows, np.int64(F.person[at]), day, r.ACT, event, F.act[at], source, -1, 0, -1, np.int64(F.purpose[at]) & 255,
        F.became[at], F.told_act[at] if source >= 0 else -1, 0, 0,
    )  # fmt: skip


@small
def tell_request(F, day, acts, at, row, gates, table, told_rows):  # type: ignore[no-untyped-def]
    """The row of a request, which is this one of the block's requests."""
    person, door, became, word = np.int64(F.person[at]), F.act[at] - acts, F.became[at], np.int64(F.words[1, row])
    event = m.event_of(np.int64(F.author[at]), np.int64(F.step[at]), np.int64(F.purpose[at]) >> 8, 0, 0, 0)
    shut = c.get(table, c.slot_of(person, c.DOORS, 0)) >> (door + DOOR_BITS) & 1
    cleanly = became
    if cleanly != gated.UNAFFORDABLE:
        cleanly = gated.REFUSED if shut and word >= gates[door, GRANT] else gated.GRANTED
    by_human = became == gated.REFUSED and word < gates[door, HUMAN]
    r.tell(
        told_rows, person, day, r.ASKED, event, F.act[at], -1, door, 0, -1, np.int64(F.purpose[at]) & 255, became, by_human,
        cleanly, 0,
    )  # fmt: skip


@a_pass
def tell_made_up(out, day, begin, end, told_rows, traced):  # type: ignore[no-untyped-def]
    """Rows of records that nobody's act lies behind, from the letters begin..end-1 of the outbox: false reports, plants."""
    for n in range(begin, end):
        event, info = out[n, 2], out[n, 3]
        cause = m.cause_in(event)
        made_up = cause == linked.FALSE_REPORT or cause == linked.PLANTED
        if m.kind_of(event) == m.RECORD and made_up and traced[m.author_of(event)]:
            act = m.act_of(info)
            r.tell(
                told_rows, m.author_of(event), day, r.SEEN, event, act, m.source_of(info), -1, m.RECORDED, cause, -1,
                MADE_UP, out[n, 1], act, out[n, 0],
            )  # fmt: skip


@a_pass
def tell_mistakes(F, society, cut_bits, meetings, sources, known, day, met, told_rows, traced):  # type: ignore[no-untyped-def]
    """Rows of what goes straight into the mail: mistakes, faked deeds, and what witnesses among the ties are told. To be
    called before `see`, with the words of seeing drawn. `society`: seeds and constants of `observing.tie_by`."""
    k0, k1, slots, far_constant, pattern, near, pages, people = society
    persons, authors, steps, purposes, words = F.person, F.author, F.step, F.purpose, F.words
    met_at, met_act, met_by = F.met_at, F.met_act, F.met_by
    for n in range(Place(met)):
        at = met_at[n]
        if traced[persons[at]] == 0:
            continue
        act, row, how = met_act[n], met_by[n], meetings[met_by[n], MET_HOW]
        person = np.int64(persons[at])
        if how == FORCED or how == observed.NORMAL:
            continue
        minority = tallied.minority_of(np.int64(known[person]) >> 4)
        if not observed.is_seen(np.int64(words[0, n]), meetings[row, MET_SHARE + minority]):
            continue
        source = meetings[row, MET_SOURCE]
        event = m.event_of(np.int64(authors[at]), np.int64(steps[at]), np.int64(purposes[at]) >> 8, 0, 0, 0)
        if how == observed.WITNESS:
            word = np.int64(words[1, n])
            tie = tie_by(k0, k1, person, word, slots, cut_bits[person], far_constant, pattern, near, pages, people)
            if tie >= 0:
                r.tell(told_rows, person, day, r.WITNESSED, event, act, source, -1, 0, -1, -1, how, tie, act, day + 1)
            continue
        cause = linked.FAKED if how == observed.FAKED else linked.MISIDENTIFIED
        as_act = act if how == observed.FAKED else meetings[row, MET_AS]
        r.tell(
            told_rows, person, day, r.SEEN, event, act, source, -1, m.RECORDED, cause, -1, how, person, as_act,
            day + 1 + sources[source, DELAY],
        )  # fmt: skip


@a_pass
def tell_records(F, sources, day, seen, told_rows, traced):  # type: ignore[no-untyped-def]
    """Rows of records linked and typed; to be called after `file`. A record of what was reported is told in the step of
    whoever reported it."""
    persons, authors, steps, purposes, acts = F.person, F.author, F.step, F.purpose, F.act
    met_at, met_act, met_by, met_actor, met_named, met_cause, recorded_as = (
        F.met_at, F.met_act, F.met_by, F.met_actor, F.met_named, F.met_face, F.c0,
    )  # fmt: skip
    for n in range(Place(seen)):
        at, actor = met_at[n], met_actor[n]
        if (traced[persons[at]] | traced[actor]) == 0:
            continue
        person = np.int64(persons[at])
        cause = met_cause[n]
        event = m.event_of(np.int64(authors[at]), np.int64(steps[at]), np.int64(purposes[at]) >> 8, 0, 0, 0)
        sides = m.BOTH if cause == linked.TRUE else m.CLEAN if cause == linked.MISSED else m.RECORDED
        reported = person != actor or met_act[n] != acts[at]
        r.tell(
            told_rows, person, day, r.SEEN, event, met_act[n], met_by[n], -1, sides, cause, -1,
            REPORTED if reported else observed.NORMAL, met_named[n], np.int64(recorded_as[n]),
            day + 1 + sources[met_by[n], DELAY],
        )  # fmt: skip


class Trace:
    """Which persons are traced, and a block's rows about them; `first` and `end` are the block's.

    `room` makes sure that so many more rows fit in `told`; `kept` empties it.
    """

    def __init__(self, traced: NDArray[np.uint8], first: int, end: int) -> None:
        self.traced = traced
        self.on = traced.size > 0
        here = np.flatnonzero(traced[first:end])
        self.most = MOST_OCCASIONS * len(here)  # occasions of a day of theirs, by the clock
        self.windows = first + np.unique(here // WINDOW) * WINDOW  # the first persons of those in which any are traced
        self.told = r.new_told(1 << 10 if self.on else 0)
        self.past: list[r.Told] = []

    def kept(self) -> list[r.Told]:
        """All rows so far, in pieces."""
        count = self.told.item(0)
        if count > 0:
            self.past.append(self.told[1 : count + 1].copy())
            self.told[0, 0] = 0
        return self.past

    def room(self, rows: int) -> None:
        """Make sure that so many more rows fit."""
        if self.told.item(0) + rows >= self.told.shape[0]:
            self.kept()
            if rows >= self.told.shape[0]:
                self.told = r.new_told(2 * rows)

    def absorbed(self, first: int, before: Points, after: Points, day: int) -> None:
        """Rows of the points that settling moved, from recorded and clean points before and after."""
        moved = [np.asarray(now, np.int32) - then for then, now in zip(before, after, strict=True)]
        whom = np.flatnonzero(((moved[0] != 0) | (moved[1] != 0)) & (self.traced[first : first + len(moved[0])] != 0))
        if len(whom):
            rows = np.full((len(whom), len(r.COLUMNS)), -1, np.int32)
            rows[:, 0], rows[:, 1], rows[:, 2] = whom + first, day, r.ABSORBED
            rows[:, 9], rows[:, 12] = 3, 0
            rows[:, 13], rows[:, 14] = moved[0][whom], moved[1][whom]
            self.kept().append(rows)


def whom(trace: Iterable[int] | str | None, people: int) -> NDArray[np.uint8]:
    """1 for each traced person: the persons named, or "everyone"; for whole pages, empty if nobody is traced.

    Raises ValueError for a person who does not exist.
    """
    if trace is None:
        return np.zeros(0, np.uint8)
    traced = np.zeros(-(-people // PAGE) * PAGE, np.uint8)
    if isinstance(trace, str):
        if trace != "everyone":
            raise ValueError(f"trace is {trace!r}; it is a list of persons, or 'everyone'")
        traced[:people] = 1
        return traced
    persons = np.array(list(trace), np.int64)
    if persons.size and not (0 <= persons.min() and persons.max() < people):
        raise ValueError(f"persons are numbered from 0 to {people - 1}")
    traced[persons] = 1
    return traced


def in_order(parts: list[r.Told]) -> r.Told:
    """The rows of all blocks in the order of persons and, of each, of what happened. Everything that happens to one person
    is told by one block, in order; so layout and threads cannot show."""
    rows = np.concatenate(parts) if parts else np.zeros((0, len(r.COLUMNS)), np.int32)
    return np.ascontiguousarray(rows[np.lexsort((rows[:, 1], rows[:, 0]))])
