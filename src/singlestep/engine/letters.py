"""Mail: letters as rows of integers, in an order that does not depend on who wrote them first.

A row is (due, addressee, event, info, amount); on its due day it comes without that day, and until then most lie packed in
three words. `event` holds author, step, occasion, kind, sides and cause; `info` act, source, rule,
arrival and reason, so that comparing (event, info, amount) as integers is the order of docs/model.md.
"""

from __future__ import annotations

import errno
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.compiling import Place, allocating, compiled, small
from singlestep.rooms import linked

DUE, WHO, EVENT, INFO, AMOUNT = 0, 1, 2, 3, 4
RECORD, CLOSE, DECISION, LIST_END, HOUSEHOLD, FAVOUR, CLASS_END, FOLLOW, WITNESS = 0, 1, 2, 3, 4, 5, 6, 7, 8
RECORDED, CLEAN, BOTH = 1, 2, 3
BOUGHT = 1  # the reason of a record, or of what a witness saw: the act was done for the points
PAGE = 4096
WINDOW = 64  # persons
PERIOD = 32  # days
EVENT_BITS, INFO_BITS = 60, 62  # of a word of 64, in which three and two more find room
BATCH = 8  # days between two pilings, a part of a period
MANY = 1 << 15  # letters a region: so many are piled at once; more would keep one thread long after all others are done
JOINED = 1 << 18  # letters of a period that are piled by day at once
LOOSE = 1 << 20  # letters: when more lie loose on piles,
PRESSED = 1 << 13  # those of piles with so many are pressed,
AT_ONCE = 1 << 16  # and no more than so many in one go
PLANES = 24  # bytes of a packed letter
FASTEST = 1  # of zlib's ways
AUTHOR_SHIFT = 29  # of the author in an event
EVERYBODY = 1 << 31  # more persons than there can be

Rows = NDArray[np.int64]
NONE_AT_HOME: NDArray[np.int64] = np.empty(0, np.int64)


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
    return event >> AUTHOR_SHIFT


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


@small
def brief_of(place, occasion, sides, cause, act, source, reason):  # type: ignore[no-untyped-def]
    """A record of what a person did on the day before, in one number, and in the order of letters: the person's place in the
    block 28 bits, occasion 2, sides 2, cause 4, act 16, source 9, reason 2."""
    return (((((((((((place << 2) + occasion) << 2) + sides) << 4) + cause) << 16) + act) << 9) + source) << 2) + reason


@small
def in_brief(brief):  # type: ignore[no-untyped-def]
    """What `brief_of` put together: place, occasion, sides, cause, act, source, reason."""
    of_event = brief >> 35, (brief >> 33) & 3, (brief >> 31) & 3, (brief >> 27) & 15
    return (*of_event, (brief >> 11) & 0xFFFF, (brief >> 2) & 0x1FF, brief & 3)


@small
def is_plain(brief):  # type: ignore[no-untyped-def]
    """Whether a record in brief is true, counts on both sides, and the act was not done for the points."""
    return (brief >> 27) & 63 == (BOTH << 4) + linked.TRUE and brief & 3 == 0


@compiled
def in_order(briefs):  # type: ignore[no-untyped-def]
    """Whether none is less than the one before."""
    ordered, one = True, Place(1)
    for n in range(one, Place(briefs.shape[0])):
        ordered &= briefs[n - one] <= briefs[n]
    return ordered


@allocating
def in_full(briefs, day, first):  # type: ignore[no-untyped-def]
    """Brief records that are due on this day in a block that begins with this person, as a day's letters."""
    rows = np.empty((briefs.shape[0], 4), np.int64)
    for n in range(briefs.shape[0]):
        place, occasion, sides, cause, act, source, reason = in_brief(briefs[n])
        rows[n, 0], rows[n, 1] = first + place, event_of(first + place, day - 1, occasion, RECORD, sides, cause)
        rows[n, 2], rows[n, 3] = info_of(act, source, 0, 0, reason), 0
    return rows


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
def sort_by_pile(rows, period, latest, first, span, regions):  # type: ignore[no-untyped-def]
    """Rows in order of their piles, and where each pile begins: for each region of `span` persons, beginning with person
    `first`, one for each day of this period, then one for each period up to the latest."""
    piles = PERIOD + latest - period
    begin = np.zeros(regions * piles + 1, np.int64)
    for n in range(rows.shape[0]):
        begin[(rows[n, 1] - first) // span * piles + pile_of(rows[n, 0], period)] += 1
    total = 0
    for pile in range(begin.size):
        here = begin[pile]
        begin[pile] = total
        total += here
    sorted_rows = np.empty_like(rows)
    place = begin.copy()
    for n in range(rows.shape[0]):
        pile = (rows[n, 1] - first) // span * piles + pile_of(rows[n, 0], period)
        to = place[pile]
        place[pile] += 1
        for column in range(5):
            sorted_rows[to, column] = rows[n, column]
    return sorted_rows, begin


@allocating
def split(rows, day):  # type: ignore[no-untyped-def]
    """Rows that are due before this day, and the others."""
    before = 0
    for n in range(rows.shape[0]):
        before += rows[n, 0] < day
    sooner, later = np.empty((before, 5), np.int64), np.empty((rows.shape[0] - before, 5), np.int64)
    before = 0
    for n in range(rows.shape[0]):
        is_before = rows[n, 0] < day
        to, at = (sooner, before) if is_before else (later, n - before)
        for column in range(5):
            to[at, column] = rows[n, column]
        before += is_before
    return sooner, later


@allocating
def merged(many, few):  # type: ignore[no-untyped-def]
    """Two lots of a day's sorted letters as one."""
    out = np.empty((many.shape[0] + few.shape[0], 4), np.int64)
    n = 0
    for at in range(few.shape[0] + 1):
        begin = n
        if at == few.shape[0]:
            n = many.shape[0]
        else:
            who, event, info, amount = few[at, 0], few[at, 1], few[at, 2], few[at, 3]
            while n < many.shape[0] and many[n, 0] < who:
                n += 1
            while n < many.shape[0] and comes_before(
                many[n, 0], many[n, 1], many[n, 2], many[n, 3], who, event, info, amount
            ):
                n += 1
            out[n + at, 0], out[n + at, 1], out[n + at, 2], out[n + at, 3] = who, event, info, amount
        for row in range(begin, n):
            for column in range(4):
                out[row + at, column] = many[row, column]
    return out


@small
def pile_of(due, period):  # type: ignore[no-untyped-def]
    """The pile of a due day, as seen from this period."""
    return due % PERIOD if due // PERIOD == period else PERIOD - 1 + due // PERIOD - period


@allocating
def sort_by_person(rows, first, pages):  # type: ignore[no-untyped-def]
    """A day's letters (without that day) to the people of some pages from person `first` on, by addressee and, for each, in
    the order of events; and where each page begins.

    A counting sort by windows of 64 persons, then by insertion among the few letters of a window: no order in which they
    were written can show.
    """
    count = rows.shape[0]
    windows = PAGE // WINDOW
    begin = np.zeros(pages * windows + 1, np.int64)
    for n in range(count):
        begin[(rows[n, 0] - first) // WINDOW + 1] += 1
    for window in range(pages * windows):
        begin[window + 1] += begin[window]
    out = np.empty((count, 4), np.int64)
    filled = begin.copy()
    for n in range(count):
        who, event, info, amount = rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3]
        window = (who - first) // WINDOW
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


def pressed(piled: Rows) -> bytes:
    """Packed letters in a quarter of their room, for long waiting: sorted by addressee, of which only the steps between them
    are kept (the author mostly being the addressee), and bytes of a kind laid side by side, which zlib then shortens."""
    planes = np.empty((PLANES, len(piled)), np.uint8)
    lay_in_planes(piled, np.argsort(piled[:, 0]), planes)
    press = zlib.compressobj(FASTEST, strategy=zlib.Z_RLE)  # runs only: a fifth faster, and a tenth less is left
    return press.compress(planes.data) + press.flush()


@compiled
def lay_in_planes(piled, order, planes):  # type: ignore[no-untyped-def]
    """Lay the bytes of packed letters, in this order, into planes: a byte of each after the other (measured: a twentieth of a
    large world's day, where it was done column by column)."""
    before, byte = np.int64(0), 0xFF
    for n in range(Place(order.shape[0])):
        row = order[n]
        head, event, info = piled[row, 0], piled[row, 1], piled[row, 2]
        who = head >> 32
        steps_and_amount, event = ((head & 0xFFFFFFFF) << 32) + who - before, event - (who << AUTHOR_SHIFT)
        before = who
        for place in range(Place(8)):
            shift = 8 * np.int64(place)
            planes[place, n] = (steps_and_amount >> shift) & byte
            planes[Place(8) + place, n] = (event >> shift) & byte
            planes[Place(16) + place, n] = (info >> shift) & byte


@compiled
def out_of_planes(planes, piled):  # type: ignore[no-untyped-def]
    """The packed letters that lie in planes."""
    who = np.int64(0)
    for n in range(Place(piled.shape[0])):
        steps_and_amount, event, info = np.int64(0), np.int64(0), np.int64(0)
        for place in range(Place(8)):
            shift = 8 * np.int64(place)
            steps_and_amount |= np.int64(planes[place, n]) << shift
            event |= np.int64(planes[Place(8) + place, n]) << shift
            info |= np.int64(planes[Place(16) + place, n]) << shift
        who += steps_and_amount & 0xFFFFFFFF
        piled[n, 0] = (who << 32) + ((steps_and_amount >> 32) & 0xFFFFFFFF)
        piled[n, 1], piled[n, 2] = event + (who << AUTHOR_SHIFT), info


def loosened(tight: bytes, count: int) -> Rows:
    """As many packed letters from what `pressed` made of them. Raises ValueError for something else."""
    try:
        planes = np.frombuffer(zlib.decompressobj().decompress(tight, PLANES * count), np.uint8).reshape(PLANES, count)
    except zlib.error as error:
        raise ValueError("these are no letters") from error
    piled = np.empty((count, 3), np.int64)
    out_of_planes(planes, piled)
    return piled


class Pile:
    """Letters, packed, that wait for the same day or period: loose, or pressed in memory or in a file."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.loose: list[Rows] = []
        self.tight: list[tuple[int, int, int, bytes]] = []  # letters, bytes, checksum; and the bytes if they are in memory
        self.count = 0  # of those that are loose

    @property
    def under_way(self) -> int:
        """Letters in the pile."""
        return self.count + sum(count for count, *_ in self.tight)

    def add(self, piece: Rows) -> None:
        """Add packed letters."""
        self.loose.append(piece)
        self.count += len(piece)

    def take_loose(self) -> Rows:
        """The loose letters, which are not in the pile any more."""
        loose, self.loose, self.count = np.concatenate(self.loose), [], 0
        return loose

    def keep(self, count: int, tight: bytes) -> None:
        """Add pressed letters. Raises OSError when they cannot be written."""
        kept = tight
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(tight)
            kept = b""
        self.tight.append((count, len(tight), zlib.crc32(tight), kept))

    def _tight(self) -> Iterator[tuple[int, bytes]]:
        """The pressed letters: how many and their bytes. Raises OSError when they cannot be read as they were written."""
        if self.path is not None and self.tight:
            with self.path.open("rb") as file:
                for count, length, checksum, _ in self.tight:
                    tight = file.read(length)
                    if zlib.crc32(tight) != checksum:
                        raise OSError(errno.EIO, "letters on the disk are not as they were written", str(self.path))
                    yield count, tight
        else:
            yield from ((count, kept) for count, _, _, kept in self.tight)

    def pressed_pieces(self) -> Iterator[tuple[int, bytes]]:
        """All letters, pressed: how many and their bytes. Raises OSError when they cannot be read as they were written."""
        yield from self._tight()
        if self.loose:
            yield self.count, pressed(np.concatenate(self.loose))

    def pieces(self) -> Iterator[Rows]:
        """All letters, packed. Raises OSError when they cannot be read as they were written."""
        yield from (loosened(tight, count) for count, tight in self._tight())
        yield from self.loose

    def clear(self) -> None:
        """Nothing of it is on the disk any more."""
        if self.path is not None and self.tight:
            self.path.unlink(missing_ok=True)


class Post:
    """All letters under way: as posted today; waiting to be piled; piled, packed, by due day for the period of days under way
    and by period after that, for each region of `span` persons, the first of which begins with person `first`.

    Most letters are due months or years ahead. A pile for each of their days would cost some thousand pieces a day, and
    piling what is posted each day, instead of every few days, a tenth of a small world's day. Once more letters lie loose
    than `LOOSE`, large piles are pressed, and written to files in `folder` if there is one: pressing costs some 0.15
    microseconds a letter, a twelfth of a large world's day.
    """

    def __init__(
        self, first: int = 0, end: int = EVERYBODY, span: int = EVERYBODY, folder: Path | None = None, early: bool = True
    ) -> None:
        self.first, self.span, self.folder, self.early = first, span, folder, early
        self.regions = max(1, -(-(end - first) // span))
        self.day = 0
        self.posted: list[Rows] = []  # today; where they do not go elsewhere first, only those due before the next piling
        self.soon: Rows = np.empty((0, 5), np.int64)  # posted since piles were made last
        self.mail: Rows = np.empty((0, 5), np.int64)  # due today, of these
        self.waiting: list[Rows] = []  # posted since, and due only after piles will be made next
        self.fresh = 0  # letters posted or waiting, at most: the lists of many blocks would be long to sum
        self.at_home: dict[tuple[int, int], NDArray[np.int64]] = {}  # by day and first person of the block, in brief
        self.days: dict[tuple[int, int], Pile] = {}  # by region and day
        self.periods: dict[tuple[int, int], Pile] = {}  # by region and period
        self.loose = 0  # letters on piles that are not pressed
        self.lock = Lock()  # several blocks post at a time; no order shows

    def _piles(self) -> Iterator[tuple[int, Pile]]:
        """Each pile and the period of its letters."""
        yield from ((period, pile) for (_, period), pile in self.periods.items())
        yield from ((day // PERIOD, pile) for (_, day), pile in self.days.items())

    @property
    def under_way(self) -> int:
        """Letters not yet due."""
        loose = (self.soon, self.mail, *self.waiting, *self.posted, *self.at_home.values())
        return sum(map(len, loose)) + sum(pile.under_way for _, pile in self._piles())

    def _unpiled(self) -> list[Rows]:
        """Letters that lie on no pile."""
        at_home = (np.insert(in_full(kept, due, first), DUE, due, axis=1) for (due, first), kept in self.at_home.items())
        return [*self.posted, *self.waiting, self.soon, self.mail, *at_home]

    def heaps(self) -> list[Iterator[Rows]]:
        """All letters under way in no order, in heaps of pieces."""

        def unpiled(period: int, pile: Pile) -> Iterator[Rows]:
            yield from (unpacked(rows, period) for rows in pile.pieces())

        return [iter(self._unpiled()), *(unpiled(*pile) for pile in self._piles())]

    def pieces(self) -> Iterator[Rows]:
        """All letters under way in no order, in pieces."""
        return chain.from_iterable(self.heaps())

    def pressed_pieces(self) -> Iterator[tuple[int, int, bytes]]:
        """All letters under way in no order, pressed: the period of a piece, how many letters, and their bytes."""
        unpiled = np.concatenate(self._unpiled())
        for period in np.unique(unpiled[:, DUE] // PERIOD).tolist():
            rows = packed(unpiled[unpiled[:, DUE] // PERIOD == period])
            yield period, len(rows), pressed(rows)
        for period, pile in self._piles():
            yield from ((period, count, tight) for count, tight in pile.pressed_pieces())

    def everything(self) -> Rows:
        """All letters under way, in no order."""
        return np.concatenate([np.empty((0, 5), np.int64), *self.pieces()])

    def take_in(self, outbox: Rows, count: int) -> None:
        """Keep the first `count` rows of an outbox."""
        if count == 0:
            return
        if not self.early:  # first they go to where their addressees live
            self.posted.append(outbox[:count].copy())
            return
        soon, later = split(outbox[:count], (self.day // BATCH + 1) * BATCH)
        with self.lock:
            self.posted.append(soon)
            self.waiting.append(later)
            self.fresh += count
            if self.fresh < MANY * self.regions:
                return
            many, self.posted, self.waiting, self.fresh = [*self.posted, *self.waiting], [], [], 0
        self.put_away(np.concatenate(many), self.day // PERIOD)  # while other threads live on

    def begin_day(self, day: int) -> None:
        """See to it that what is due on this day can be asked for, region by region; before it nothing may be due."""
        self.day = day
        rows, self.posted = np.concatenate([self.soon, self.mail, *self.posted]), []
        if day % BATCH == 0 or len(rows) > MANY * self.regions:
            self.put_away(np.concatenate([rows, *self.waiting]), day // PERIOD)
            rows, self.waiting = rows[:0], []
        self.mail, self.soon = split(rows, day + 1)
        if self.regions > 1:
            self.put_away(self.mail, day // PERIOD)
            self.mail = self.mail[:0]
        self.fresh = sum(map(len, self.waiting))

    def put_away(self, rows: Rows, period: int) -> None:
        """Put rows, none of them due before this period, on the piles where they belong."""
        if not len(rows):
            return
        latest = int(rows[:, DUE].max()) // PERIOD
        rows, begin = sort_by_pile(rows, period, latest, self.first, self.span, self.regions)
        for place in np.flatnonzero(np.diff(begin)).tolist():
            region, pile = divmod(place, PERIOD + latest - period)
            piece = packed(rows[begin[place] : begin[place + 1]])
            if pile < PERIOD:
                self._add(self.days, (region, period * PERIOD + pile), piece)
            else:
                self._add(self.periods, (region, period + 1 + pile - PERIOD), piece)

    def _add(self, piles: dict[tuple[int, int], Pile], key: tuple[int, int], piece: Rows) -> None:
        with self.lock:
            pile = piles.get(key)
            if pile is None:
                name = f"{'day' if piles is self.days else 'period'}-{key[1]:06d}-{key[0]:04d}.letters"
                pile = piles[key] = Pile(self.folder / name if self.folder is not None else None)
            pile.add(piece)
            self.loose += len(piece)
            if self.loose < LOOSE or pile.count < PRESSED:
                return
            loose = pile.take_loose()
            self.loose -= len(loose)
        for first in range(0, len(loose), AT_ONCE):
            some = loose[first : first + AT_ONCE]
            tight = pressed(some)  # while others go on
            with self.lock:
                pile.keep(len(some), tight)

    def _take(self, piles: dict[tuple[int, int], Pile], key: tuple[int, int]) -> Iterator[Rows]:
        """The packed letters of a pile, which is no more."""
        with self.lock:
            pile = piles.pop(key, None)
            self.loose -= pile.count if pile is not None else 0
        if pile is not None:
            yield from pile.pieces()
            pile.clear()

    def due(self, region: int, pages: int) -> tuple[Rows, NDArray[np.int64]]:
        """A region's letters that are due today (addressee, event, info, amount), sorted, and the place where those of each
        of its pages begin; they are under way no more."""
        period = self.day // PERIOD
        if self.day % PERIOD == 0:
            for rows in _joined(self._take(self.periods, (region, period)), JOINED):
                self.put_away(unpacked(rows, period), period)
        mail, self.mail = self.mail, self.mail[:0]  # with several regions there is none
        piled = (unpacked(piece, period) for piece in self._take(self.days, (region, self.day)))
        rows = np.concatenate([mail[:, WHO:], *(piece[:, WHO:] for piece in piled)])
        return sort_by_person(rows, self.first + region * self.span, pages)

    def keep_at_home(self, first: int, briefs: NDArray[np.int64]) -> None:
        """Keep the records, in brief, that the people of the block that begins with this person will have tomorrow of what
        they did today: these need not be sorted with everybody's letters (measured where every occasion is recorded: a fifth
        of a day), nor written out (another tenth). They are not copied."""
        if not in_order(briefs):
            briefs.sort()
        self.at_home[self.day + 1, first] = briefs

    def from_home(self, first: int) -> NDArray[np.int64]:
        """The records that stayed until today with the block that begins with this person, in brief and in order."""
        return self.at_home.pop((self.day, first), NONE_AT_HOME)

    def with_those_from_home(self, rows: Rows, briefs: NDArray[np.int64], first: int) -> Rows:
        """Today's letters to the people of the block that begins with this person: `rows`, which the post brings, and those
        that stayed at home, in order."""
        return merged(in_full(briefs, self.day, first), rows) if len(briefs) else rows


def _joined(pieces: Iterator[Rows], most: int) -> Iterator[Rows]:
    """The pieces, joined until each but the last has at least so many rows."""
    some: list[Rows] = []
    for piece in pieces:
        some.append(piece)
        if sum(map(len, some)) >= most:
            yield np.concatenate(some)
            some = []
    if some:
        yield np.concatenate(some)
