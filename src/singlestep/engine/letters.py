"""Mail: letters as rows of integers, in an order that does not depend on who wrote them first.

A row is (due, addressee, event, info, amount); on its due day it comes without that day, and until then most lie packed in
three words. `event` holds author, step, occasion, kind, sides and cause; `info` act, source, rule,
arrival and reason, so that comparing (event, info, amount) as integers is the order of docs/model.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.compiling import allocating, small

DUE, WHO, EVENT, INFO, AMOUNT = 0, 1, 2, 3, 4
RECORD, CLOSE, DECISION, LIST_END, HOUSEHOLD, FAVOUR, CLASS_END, FOLLOW, WITNESS = 0, 1, 2, 3, 4, 5, 6, 7, 8
RECORDED, CLEAN, BOTH = 1, 2, 3
BOUGHT = 1  # the reason of a record, or of what a witness saw: the act was done for the points
PAGE = 4096
WINDOW = 64  # persons
PERIOD = 32  # days
EVENT_BITS, INFO_BITS = 60, 62  # of a word of 64, in which three and two more find room
BATCH = 8  # days between two pilings, a part of a period
MANY = 1 << 20  # letters: so many are piled at once, and joined

Rows = NDArray[np.int64]


@small
def event_of(author, step, occasion, kind, sides, cause):  # type: ignore[no-untyped-def]
    """author 31 bits, step 17, occasion 2, kind 4, sides 2, cause 4."""
    return (((((((((author << 17) + step) << 2) + occasion) << 4) + kind) << 2) + sides) << 4) + cause


@small
def info_of(act, source, rule, arrival, reason):  # type: ignore[no-untyped-def]
    """act 16 bits, source 9, rule 18, arrival 17, reason 2."""
    return (((((((act << 9) + source) << 18) + rule) << 17) + arrival) << 2) + reason


@small
def author_of(event):  # type: ignore[no-untyped-def]
    """Who began the event."""
    return event >> 29


@small
def step_of(event):  # type: ignore[no-untyped-def]
    """The day of the event."""
    return (event >> 12) & 0x1FFFF


@small
def occasion_of(event):  # type: ignore[no-untyped-def]
    """The occasion of that day."""
    return (event >> 10) & 3


@small
def kind_of(event):  # type: ignore[no-untyped-def]
    """What kind of letter."""
    return (event >> 6) & 15


@small
def sides_of(event):  # type: ignore[no-untyped-def]
    """1 recorded, 2 clean, 3 both."""
    return (event >> 4) & 3


@small
def cause_in(event):  # type: ignore[no-untyped-def]
    """The cause of the record."""
    return event & 15


@small
def act_of(info):  # type: ignore[no-untyped-def]
    """The act recorded."""
    return info >> 46


@small
def source_of(info):  # type: ignore[no-untyped-def]
    """The source it came from."""
    return (info >> 37) & 0x1FF


@small
def rule_of(info):  # type: ignore[no-untyped-def]
    """The rule (or list) it is about."""
    return (info >> 19) & 0x3FFFF


@small
def arrival_of(info):  # type: ignore[no-untyped-def]
    """The day on which it began to count."""
    return (info >> 2) & 0x1FFFF


@small
def reason_of(info):  # type: ignore[no-untyped-def]
    """Why: meaning depends on the kind."""
    return info & 3


@small
def amount_of(recorded, clean):  # type: ignore[no-untyped-def]
    """Two amounts of 16 bits in one number."""
    return ((recorded & 0xFFFF) << 16) + (clean & 0xFFFF)


@small
def recorded_in(amount):  # type: ignore[no-untyped-def]
    """The recorded amount, signed."""
    return (((amount >> 16) & 0xFFFF) ^ 0x8000) - 0x8000


@small
def clean_in(amount):  # type: ignore[no-untyped-def]
    """The clean amount, signed."""
    return ((amount & 0xFFFF) ^ 0x8000) - 0x8000


@allocating
def packed(rows):  # type: ignore[no-untyped-def]
    """Rows as they lie in a pile: addressee and amount, event, info; the day in the period lies in bits that
    event and info leave free."""
    piled = np.empty((rows.shape[0], 3), np.int64)
    for n in range(rows.shape[0]):
        day = rows[n, 0] % PERIOD
        piled[n, 0] = (rows[n, 1] << 32) + rows[n, 4]
        piled[n, 1] = rows[n, 2] | ((day & 7) << EVENT_BITS)
        piled[n, 2] = rows[n, 3] | ((day >> 3) << INFO_BITS)
    return piled


@allocating
def unpacked(piled, period):  # type: ignore[no-untyped-def]
    """Rows with the due day again, from a pile of this period."""
    rows = np.empty((piled.shape[0], 5), np.int64)
    for n in range(piled.shape[0]):
        event, info = piled[n, 1], piled[n, 2]
        day = ((event >> EVENT_BITS) & 7) + (((info >> INFO_BITS) & 3) << 3)
        rows[n, 0], rows[n, 1], rows[n, 4] = period * PERIOD + day, piled[n, 0] >> 32, piled[n, 0] & 0xFFFFFFFF
        rows[n, 2], rows[n, 3] = event & ((1 << EVENT_BITS) - 1), info & ((1 << INFO_BITS) - 1)
    return rows


@allocating
def sort_by_pile(rows, period, latest):  # type: ignore[no-untyped-def]
    """Rows in order of their piles, and where each pile begins: one for each day of this period, then one for
    each period up to the latest."""
    begin = np.zeros(PERIOD + latest - period + 1, np.int64)
    for n in range(rows.shape[0]):
        begin[pile_of(rows[n, 0], period)] += 1
    total = 0
    for pile in range(begin.size):
        here = begin[pile]
        begin[pile] = total
        total += here
    sorted_rows = np.empty_like(rows)
    place = begin.copy()
    for n in range(rows.shape[0]):
        pile = pile_of(rows[n, 0], period)
        to = place[pile]
        place[pile] += 1
        for column in range(5):
            sorted_rows[to, column] = rows[n, column]
    return sorted_rows, begin


@allocating
def split(rows, day):  # type: ignore[no-untyped-def]
    """Rows that are due on this day, and the others."""
    due = 0
    for n in range(rows.shape[0]):
        due += rows[n, 0] == day
    today, later = np.empty((due, 5), np.int64), np.empty((rows.shape[0] - due, 5), np.int64)
    due = 0
    for n in range(rows.shape[0]):
        to, at = (today, due) if rows[n, 0] == day else (later, n - due)
        for column in range(5):
            to[at, column] = rows[n, column]
        due += rows[n, 0] == day
    return today, later


@small
def pile_of(due, period):  # type: ignore[no-untyped-def]
    """The pile of a due day, as seen from this period."""
    return due % PERIOD if due // PERIOD == period else PERIOD - 1 + due // PERIOD - period


@allocating
def sort_by_person(rows, pages):  # type: ignore[no-untyped-def]
    """A day's letters by addressee and, for each, in the order of events, without the due day; and where each page begins.

    A counting sort by windows of 64 persons, then by insertion among the few letters of a window: no order in which they
    were written can show.
    """
    count = rows.shape[0]
    windows = PAGE // WINDOW
    begin = np.zeros(pages * windows + 1, np.int64)
    for n in range(count):
        begin[rows[n, 1] // WINDOW + 1] += 1
    for window in range(pages * windows):
        begin[window + 1] += begin[window]
    out = np.empty((count, 4), np.int64)
    filled = begin.copy()
    for n in range(count):
        who, event, info, amount = rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4]
        window = who // WINDOW
        to = filled[window]
        filled[window] += 1
        while to > begin[window] and comes_before(
            who, event, info, amount, out[to - 1, 0], out[to - 1, 1], out[to - 1, 2], out[to - 1, 3]
        ):
            for column in range(4):
                out[to, column] = out[to - 1, column]
            to -= 1
        out[to, 0], out[to, 1], out[to, 2], out[to, 3] = who, event, info, amount
    return out, begin[::windows].copy()


@small
def comes_before(a0, a1, a2, a3, b0, b1, b2, b3):  # type: ignore[no-untyped-def]
    """Whether letter a comes before letter b."""
    if a0 != b0:
        return a0 < b0
    if a1 != b1:
        return a1 < b1
    return a2 < b2 if a2 != b2 else a3 < b3


class Post:
    """All letters under way: as posted today; waiting to be piled; piled, packed, by due day for the period of days under way
    and by period after that.

    Most letters are due months or years ahead. A pile for each of their days would cost some thousand pieces a day, and
    piling what is posted each day, instead of every few days, a tenth of a small world's day.
    """

    def __init__(self) -> None:
        self.posted: list[Rows] = []  # today
        self.waiting: Rows = np.empty((0, 5), np.int64)  # posted since piles were made last
        self.days: dict[int, list[Rows]] = {}  # packed
        self.periods: dict[int, list[Rows]] = {}  # packed
        self.lock = Lock()  # several blocks post at a time; no order shows

    @property
    def under_way(self) -> int:
        """Letters not yet due."""
        piles = (self.posted, [self.waiting], *self.days.values(), *self.periods.values())
        return sum(len(rows) for pile in piles for rows in pile)

    def pieces(self) -> Iterator[Rows]:
        """All letters under way in no order, in pieces."""
        yield from (*self.posted, self.waiting)
        for period, pile in self.periods.items():
            yield from (unpacked(rows, period) for rows in pile)
        for day, pile in self.days.items():
            yield from (unpacked(rows, day // PERIOD) for rows in pile)

    def everything(self) -> Rows:
        """All letters under way, in no order."""
        return np.concatenate([np.empty((0, 5), np.int64), *self.pieces()])

    def take_in(self, outbox: Rows, count: int) -> None:
        """Keep the first `count` rows of an outbox."""
        if count > 0:
            with self.lock:
                self.posted.append(outbox[:count].copy())

    def pile_up(self, today: int) -> None:
        """Pile what waits, and by day what is due in a period that begins; nothing of it is due before today."""
        period = today // PERIOD
        if today % PERIOD == 0:
            for rows in _joined(self.periods.pop(period, []), MANY):
                self.put_away(unpacked(rows, period), period)
        self.put_away(self.waiting, period)
        self.waiting = self.waiting[:0].copy()

    def put_away(self, rows: Rows, period: int) -> None:
        """Put rows, none of them due before this period, on the piles where they belong."""
        if not len(rows):
            return
        rows, begin = sort_by_pile(rows, period, int(rows[:, DUE].max()) // PERIOD)
        ends = np.append(begin[1:], len(rows))
        for pile in np.flatnonzero(ends > begin).tolist():
            piece = packed(rows[begin[pile] : ends[pile]])
            if pile < PERIOD:
                self.days.setdefault(period * PERIOD + pile, []).append(piece)
            else:
                self.periods.setdefault(period + 1 + pile - PERIOD, []).append(piece)

    def due(self, day: int, pages: int) -> tuple[Rows, NDArray[np.int64]]:
        """The day's letters (addressee, event, info, amount), sorted, and the place where each page's begin; they are under
        way no more."""
        if day % BATCH == 0 or len(self.waiting) > MANY:
            self.pile_up(day)
        rows, self.waiting = split(np.concatenate([self.waiting, *self.posted]), day)
        self.posted = []
        piled = (unpacked(piece, day // PERIOD) for piece in self.days.pop(day, []))
        return sort_by_person(np.concatenate([rows, *piled]), pages)


def _joined(pieces: list[Rows], most: int) -> Iterator[Rows]:
    """The pieces, joined until each but the last has at least so many rows. The list is used up."""
    while pieces:
        some, rows = [], 0
        while pieces and rows < most:
            some.append(pieces.pop())
            rows += len(some[-1])
        yield np.concatenate(some)
