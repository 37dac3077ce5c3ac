"""Sparse counters: small numbers kept only for those who have them.

A key is person, kind of counter, index (rule, list, door or cause) and side. Nought and absent are the same.

While a block is worked on, what changes lies in a thread's `Bench`: an open-addressing table of (key, value) rows. Between
days a block's `Counters` keep what changed lately as plain rows, and all else packed into three bytes or so: most counters
stand for long, and as high on the clean side as on the recorded. Packed counters lie by groups of 16 persons, or of 4 or 1
where they are many, each row like this:

| bytes | what |
|---|---|
| 2 | place in the group (4 bits), kinds (4), index (6; 63: three bytes of index follow), side (2) |
| 1 to 9 | the value; two of them where both sides have one and they differ |

A side is recorded (1), clean (2), both alike (3) or both and different (0). A value's first byte says how it goes on. Below
128 it is the value. With 110 at its head, its five other bits are the upper 16 bits of a value whose lower ones are in the
byte that follows (a yearly cap: the year, and what is used of it). With 10 at its head, its six other bits say which of the
value's six lowest bytes are not nought; these follow. Otherwise eight bytes follow.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.compiling import Place, compiled, for_columns, small
from singlestep.engine.handing import hand_again
from singlestep.engine.state import NO_ACT

REPEAT, USED, ALIVE, LISTED, TIMES, HOUSE, CLASS, WIPED = 0, 2, 4, 6, 8, 10, 12, 14  # + 0 recorded, + 1 clean
CAUSE, FAVOUR, DOORS, SPELL, CLEAN_END, GRAVEST = 16, 17, 18, 19, 20, 21
KINDS = 22
INDEX_BITS, KIND_BITS = 18, 5  # of these the lowest is the side
HEAD = 3  # rows at a bench's end that say what it is:
IN_USE, FIRST = (-3, 0), (-3, 1)  # how many rows are in use; the first person
SCALE, BITS = (-2, 0), (-2, 1)  # rows a person, times 2^PART_BITS; bits of a place in a group of packed counters
PRESENT = (-1, 0)  # a bit for each kind that anybody may have
PART_BITS = 16  # of a row
ROWS = 1 << 12  # of a bench at least
GROUP_BITS, FEWER_BITS = 4, 2  # of a person's place in a group; by how many fewer when groups are too long to look through
LONG = 64  # bytes of a group on the average
SHORT_INDEX = 63  # this and higher indices take three bytes
RECORDED, CLEAN, ALIKE = 1, 2, 3  # sides of what is packed
LEAST_BYTES, MOST_BYTES = 3, 24  # of a packed row, which holds two counters at most
NOTHING = -1  # a kind that no counter has
LATELY, LATELY_SHARE = 2048, 64  # so many that changed lately, or one for so many people, are kept before they are packed

Rows = NDArray[np.int64]


class Table(NamedTuple):
    """Counters as kernels take them: a bench's rows, before which the packed ones count for nothing."""

    rows: Rows
    filled: NDArray[np.int32]  # which rows are in use
    begin: NDArray[np.uint32]  # of each group, in `packed`
    packed: NDArray[np.uint8]


@small
def slot_of(person, kind, index):  # type: ignore[no-untyped-def]
    """The key of a counter; never nought."""
    return (((((person << (KIND_BITS - 1)) + (kind >> 1)) << INDEX_BITS) + index) << 1) + (kind & 1) + 1


@small
def person_of(key):  # type: ignore[no-untyped-def]
    """The person whose counter it is."""
    return (key - 1) >> (INDEX_BITS + KIND_BITS)


@small
def kind_of(key):  # type: ignore[no-untyped-def]
    """The kind of counter a key belongs to."""
    return (((key - 1) >> INDEX_BITS) & ((1 << KIND_BITS) - 2)) + ((key - 1) & 1)


@small
def index_of(key):  # type: ignore[no-untyped-def]
    """Which rule, list, door or cause a key is about."""
    return ((key - 1) >> 1) & ((1 << INDEX_BITS) - 1)


@small
def spell_of(day, source, cause, act, erroneous):  # type: ignore[no-untyped-def]
    """What is kept of a spell: the day it began; source (-1 for none), cause and act of its trigger; whether erroneous."""
    return ((((((day + 1) << 10) + source + 1) << 4) + cause) << 20) + (act << 4) + erroneous


@small
def spell_in(packed):  # type: ignore[no-untyped-def]
    """What `spell_of` put together: day, source, cause, act, erroneous."""
    return (packed >> 34) - 1, ((packed >> 24) & 0x3FF) - 1, (packed >> 20) & 15, (packed >> 4) & NO_ACT, packed & 15


@small
def gravest_of(weight, source, cause, act):  # type: ignore[no-untyped-def]
    """What is kept of the gravest record since the last publication."""
    return (weight << 32) + (((source << 4) + cause) << 16) + act


@small
def gravest_in(packed):  # type: ignore[no-untyped-def]
    """What `gravest_of` put together: weight, source, cause, act."""
    return packed >> 32, (packed >> 20) & 0xFFF, (packed >> 16) & 15, packed & NO_ACT


# A bench's rows ------------------------------------------------------------------------------------------------------
@small
def rows_of(rows):  # type: ignore[no-untyped-def]
    """How many rows there are for counters."""
    return rows.shape[0] - HEAD


@small
def any_of(table, kind):  # type: ignore[no-untyped-def]
    """Whether somebody of the block may have a counter of this kind: without a look at anybody."""
    return (table.rows[PRESENT] >> kind) & 1


@small
def is_room(table, wanted):  # type: ignore[no-untyped-def]
    """Whether the bench is at most half full, and so many more counters fit."""
    used, rows = table.rows[IN_USE], rows_of(table.rows)
    return used * 2 <= rows and used + wanted < rows


@small
def row_of(rows, key):  # type: ignore[no-untyped-def]
    """The row that holds the key, or the free row where it belongs.

    A person's counters lie together, and neighbours' side by side, so that going through the people goes through memory in
    order (measured at settling: 10 ns a look instead of 95).
    """
    last = rows_of(rows)
    row = (person_of(key) - rows[FIRST]) * rows[SCALE] >> PART_BITS
    while rows[row, 0] != 0 and rows[row, 0] != key:
        row += 1
        if row == last:
            row = 0
    return row


@small
def packed_below(table, key):  # type: ignore[no-untyped-def]
    """The value that a counter has if no row of the bench says otherwise."""
    return packed_value(table.begin, table.packed, table.rows[FIRST], table.rows[BITS], key)


@small
def get(table, key):  # type: ignore[no-untyped-def]
    """The counter's value."""
    rows = table.rows
    row = row_of(rows, key)
    if rows[row, 0] == key:
        return rows[row, 1]
    return packed_below(table, key)


@small
def put(table, key, value):  # type: ignore[no-untyped-def]
    """Set a counter. The caller makes sure that rows are left."""
    rows = table.rows
    row = row_of(rows, key)
    if rows[row, 0] == 0:
        if value == 0 and packed_below(table, key) == 0:
            return
        rows[row, 0] = key
        table.filled[rows[IN_USE]] = row
        rows[IN_USE] += 1
        rows[PRESENT] |= 1 << kind_of(key)
    rows[row, 1] = value


@small
def add(table, key, change):  # type: ignore[no-untyped-def]
    """Add to a counter. The caller makes sure that rows are left."""
    put(table, key, get(table, key) + change)


@compiled
def spread(changed, rows, filled, first, people, bits, kinds):  # type: ignore[no-untyped-def]
    """Lay rows of key and value, of persons from `first` on, out on an empty bench that has room for them; `bits` are those
    of a place in a group of their packed counters, `kinds` (a bit each) those that anybody may have."""
    rows[IN_USE], rows[FIRST], rows[BITS], rows[PRESENT] = changed.shape[0], first, bits, kinds
    rows[SCALE] = (rows_of(rows) << PART_BITS) // people
    for n in range(changed.shape[0]):
        row = row_of(rows, changed[n, 0])
        rows[row, 0], rows[row, 1] = changed[n, 0], changed[n, 1]
        filled[n] = row


@compiled
def sweep(rows, filled, changed):  # type: ignore[no-untyped-def]
    """Take all rows off a bench."""
    for n in range(changed.shape[0]):
        row = filled[n]
        changed[n, 0], changed[n, 1] = rows[row, 0], rows[row, 1]
        rows[row, 0] = 0


# Packed counters -----------------------------------------------------------------------------------------------------
# Places of bytes are without sign, so that many are copied at once (measured: packing takes half as long).
@small
def pair_of(key):  # type: ignore[no-untyped-def]
    """The pair of counters, recorded and clean, that a key is of: person, kinds and index in one number."""
    return (key - 1) >> 1


@small
def first_pair(first, group, bits):  # type: ignore[no-untyped-def]
    """The least pair that a group can have, of a block whose people begin with `first`."""
    return (first + (group << bits)) << (INDEX_BITS + KIND_BITS - 1)


@small
def value_at(packed, at):  # type: ignore[no-untyped-def]
    """The value that begins at this byte, and the place after it."""
    head, value, one = np.int64(packed[at]), np.int64(0), Place(1)
    at += one
    if head < 0x80:
        value = head
    elif head < 0xC0:
        for place in range(6):
            if (head >> place) & 1:
                value += np.int64(packed[at]) << (8 * place)
                at += one
    elif head < 0xE0:
        value = ((head & 31) << 16) + np.int64(packed[at])
        at += one
    else:
        for place in range(8):
            value |= np.int64(packed[at]) << (8 * place)
            at += one
    return value, at


@small
def pack_value(packed, at, value):  # type: ignore[no-untyped-def]
    """Write a value from this byte on; returns the place after it."""
    head, one = at, Place(1)
    at += one
    if 0 <= value < 0x80:
        packed[head] = value
    elif 0 <= value < 1 << 21 and value & 0xFF00 == 0:
        packed[head], packed[at] = 0xC0 + (value >> 16), value & 0xFF
        at += one
    elif 0 <= value < 1 << 48:
        bits = 0x80
        for place in range(6):
            byte = (value >> (8 * place)) & 0xFF
            if byte != 0:
                bits += 1 << place
                packed[at] = byte
                at += one
        packed[head] = bits
    else:
        packed[head] = 0xE0
        for place in range(8):
            packed[at] = (value >> (8 * place)) & 0xFF
            at += one
    return at


@small
def pair_at(packed, at):  # type: ignore[no-untyped-def]
    """Of the row that begins at this byte: its pair of counters (place in the group, kinds and index), its side, and the
    place of its value."""
    one, two = Place(1), Place(2)
    head = np.int64(packed[at]) + (np.int64(packed[at + one]) << 8)
    at += two
    index = (head >> 2) & SHORT_INDEX
    if index == SHORT_INDEX:
        index = np.int64(packed[at]) + (np.int64(packed[at + one]) << 8) + (np.int64(packed[at + two]) << 16)
        at += one + two
    return ((head >> 8) << INDEX_BITS) + index, head & 3, at


@small
def pack_pair(packed, at, pair, recorded, clean):  # type: ignore[no-untyped-def]
    """Write a pair of counters, not both nought, from this byte on; returns the place after it."""
    index, one, two = pair & ((1 << INDEX_BITS) - 1), Place(1), Place(2)
    side = RECORDED * (recorded != 0) + CLEAN * (clean != 0)
    if side == ALIKE and recorded != clean:
        side = 0
    head = ((pair >> INDEX_BITS) << 8) + (min(index, SHORT_INDEX) << 2) + side
    packed[at], packed[at + one] = head & 0xFF, head >> 8
    at += two
    if index >= SHORT_INDEX:
        packed[at], packed[at + one], packed[at + two] = index & 0xFF, (index >> 8) & 0xFF, index >> 16
        at += one + two
    if side != CLEAN:
        at = pack_value(packed, at, recorded)
    if side == CLEAN or side == 0:
        at = pack_value(packed, at, clean)
    return at


@small
def values_at(packed, at, side):  # type: ignore[no-untyped-def]
    """Recorded and clean value of a row whose values begin at this byte, and the place after them."""
    recorded, clean = np.int64(0), np.int64(0)
    if side != CLEAN:
        recorded, at = value_at(packed, at)
        clean = recorded if side == ALIKE else clean
    if side == CLEAN or side == 0:
        clean, at = value_at(packed, at)
    return recorded, clean, at


@compiled
def packed_value(begin, packed, first, bits, key):  # type: ignore[no-untyped-def]
    """The value of a packed counter of a block whose people begin with `first`; nought where there is none."""
    group = (person_of(key) - first) >> bits
    wanted = pair_of(key) - first_pair(first, group, bits)
    at, end = Place(begin[group]), Place(begin[group + 1])
    while at < end:
        pair, side, at = pair_at(packed, at)
        recorded, clean, at = values_at(packed, at, side)
        if pair == wanted:
            return clean if (key - 1) & 1 else recorded
        if pair > wanted:
            break
    return np.int64(0)


@small
def copy_bytes(packed, begin, end, new_packed, to):  # type: ignore[no-untyped-def]
    """Copy packed bytes; returns the place after them."""
    for place in range(end - begin):
        new_packed[to + place] = packed[begin + place]
    return to + end - begin


@compiled
def merge(begin, packed, first, bits, changed, raised, forgotten, new_begin, new_packed):  # type: ignore[no-untyped-def]
    """Pack again, with counters that `changed` (rows of key and value in the order of keys; with `raised` 1 not a value, but
    by how much it rises) and without those of a kind that is `forgotten`, into arrays with room."""
    n, to, groups, group, none = 0, Place(0), begin.shape[0] - 1, 0, np.int64(1) << 62
    same = Place(0)  # bytes from here on are as they were, and not copied yet
    while True:
        changes = group
        if forgotten == NOTHING:  # the next group of which anything changes
            changes = (person_of(changed[n, 0]) - first) >> bits if n < changed.shape[0] else groups
        while group < changes:
            new_begin[group] = Place(begin[group]) + to - same
            group += 1
        if group == groups:
            break
        at, end = Place(begin[group]), Place(begin[group + 1])
        new_begin[group] = at + to - same
        base, beyond = first_pair(first, group, bits), first_pair(first, group + 1, bits)
        group += 1
        while True:
            begun, pair, side, values, change = at, none, np.int64(0), at, none
            if at < end:
                pair, side, values = pair_at(packed, at)
            if n < changed.shape[0] and pair_of(changed[n, 0]) < beyond:
                change = pair_of(changed[n, 0]) - base
            now = min(pair, change)
            if now == none:
                break
            recorded, clean = np.int64(0), np.int64(0)
            kind = ((now >> INDEX_BITS) << 1) & ((1 << KIND_BITS) - 1)
            if pair == now:
                recorded, clean, at = values_at(packed, values, side)
                if change != now and kind != forgotten and kind + 1 != forgotten:
                    continue
            to, same = copy_bytes(packed, same, begun, new_packed, to), at
            while n < changed.shape[0] and pair_of(changed[n, 0]) - base == now:
                if (changed[n, 0] - 1) & 1:
                    clean = clean * raised + changed[n, 1]
                else:
                    recorded = recorded * raised + changed[n, 1]
                n += 1
            if kind == forgotten:
                recorded = np.int64(0)
            if kind + 1 == forgotten:
                clean = np.int64(0)
            if recorded != 0 or clean != 0:
                to = pack_pair(new_packed, to, now, recorded, clean)
    new_begin[groups] = copy_bytes(packed, same, Place(begin[groups]), new_packed, to)


@compiled
def unpack(begin, packed, first, bits, kind, into):  # type: ignore[no-untyped-def]
    """Write the packed counters of a kind, or of all (NOTHING), as rows of key and value; returns how many they are, or less
    than nought where the bytes are no packed counters."""
    n = 0
    for group in range(begin.shape[0] - 1):
        at, end = Place(begin[group]), Place(begin[group + 1])
        base = first_pair(first, group, bits)
        while at < end:
            if n + 2 > into.shape[0]:
                return -1
            pair, side, at = pair_at(packed, at)
            recorded, clean, at = values_at(packed, at, side)
            key = ((base + pair) << 1) + 1
            if recorded != 0 and (kind == NOTHING or kind_of(key) == kind):
                into[n, 0], into[n, 1] = key, recorded
                n += 1
            if clean != 0 and (kind == NOTHING or kind_of(key + 1) == kind):
                into[n, 0], into[n, 1] = key + 1, clean
                n += 1
        if at != end:
            return -1
    return n


def loosened(tight: NDArray[np.uint8], first: int, groups: int, bits: int) -> Rows:
    """Rows of key and value of a block's counters, from what `Counters.tight` made of them. Raises ValueError for something
    else."""
    begin, packed = tight[: 4 * (groups + 1)].copy().view(np.uint32), tight[4 * (groups + 1) :]
    if len(begin) != groups + 1 or begin[0] != 0 or (np.diff(begin.astype(np.int64)) < 0).any() or begin[-1] != len(packed):
        raise ValueError("these are no counters")
    return _unpacked(begin, np.append(packed, np.zeros(MOST_BYTES, np.uint8)), first, bits, NOTHING)


def _unpacked(begin: NDArray[np.uint32], packed: NDArray[np.uint8], first: int, bits: int, kind: int) -> Rows:
    """Packed counters of a kind, or all, as rows of key and value in the order of keys."""
    rows = np.empty((2 * (len(packed) // LEAST_BYTES), 2), np.int64)
    found = unpack(begin, packed, first, bits, kind, rows)
    if found < 0:
        raise ValueError("these are no packed counters")
    return rows[:found].copy()


class Counters:
    """The counters of persons `first` to `first + people` - 1. What a thread has worked on last lies on its bench until
    somebody asks for it: small worlds are one block, and a day of theirs would take a third longer."""

    def __init__(self, first: int, people: int) -> None:
        self.first, self.people, self.bits = first, people, GROUP_BITS
        self.kinds = 0  # a bit for each that there may be
        self.bench: Bench | None = None
        self.lately: Rows = np.empty((0, 2), np.int64)  # in no order; noughts hide what is packed
        self.raised: list[NDArray[np.int64]] = []  # keys, each as often as its counter has risen by one since
        self._empty()

    def __deepcopy__(self, memo: dict[int, Any]) -> Counters:
        other = Counters(self.first, self.people)
        other.take_in(self.living())
        return other

    def fetch(self) -> None:
        """Nothing of them lies on a bench any more."""
        bench = self.bench
        if bench is not None:
            bench.put_away(self)

    def keep(self, changed: Rows) -> None:
        """Keep all that changed since these counters were packed, each key once."""
        self.lately = changed
        if len(changed) > self._many():
            self._pack(NOTHING)

    def _many(self) -> int:
        """So many changes are packed."""
        return max(LATELY, self.people // LATELY_SHARE)

    def raise_by_one(self, keys: NDArray[np.int64]) -> None:
        """Raise counters by one, each as often as its key is there. What counts them need not look them up (measured where
        all that records do is to add points: a twentieth of a day), and they show on a bench only after `pack_raised`."""
        self.raised.append(keys)
        if sum(map(len, self.raised)) > 4 * self._many():  # half as long as rows, and half the merges at twice as many
            self.pack()

    def take_in(self, rows: Rows) -> None:
        """Set counters: rows of key and value, each key once."""
        self.pack()
        self.lately = rows
        self._note_kinds(rows[:, 0])
        self.pack()

    def forget(self, kind: int) -> None:
        """Set all counters of a kind to nought."""
        self.fetch()
        if (self.kinds >> kind) & 1:  # else there are none, and reading all of them takes as long as two days of raising
            self.pack_raised()
            self._pack(kind)
            self.kinds &= ~(1 << kind)

    def pack(self) -> None:
        """Pack what changed lately with all else."""
        self.fetch()
        if len(self.lately):
            self._pack(NOTHING)
        if self.raised:
            self._merge_raised()

    def pack_raised(self) -> None:
        """See to it that counters which were raised by one show everywhere."""
        if self.raised:
            self.pack()

    def _empty(self) -> None:
        """Nothing is packed."""
        groups = -(-self.people >> self.bits)
        self.begin, self.packed = np.zeros(groups + 1, np.uint32), np.zeros(0, np.uint8)

    def _pack(self, forgotten: int) -> None:
        self._merge(np.take(self.lately, np.argsort(self.lately[:, 0]), axis=0), forgotten)
        self.lately = self.lately[:0].copy()

    def _merge_raised(self) -> None:
        keys, times = np.unique(np.concatenate(self.raised), return_counts=True)
        self.raised = []
        self._note_kinds(keys)
        self._merge(np.stack([keys, times], axis=1), NOTHING, raised=1)

    def _note_kinds(self, keys: NDArray[np.int64]) -> None:
        self.kinds |= int(np.bitwise_or.reduce(1 << for_columns(kind_of)(keys), initial=0))

    def _merge(self, changed: Rows, forgotten: int, raised: int = 0) -> None:
        begin = np.empty_like(self.begin)
        packed = np.empty(int(self.begin[-1]) + MOST_BYTES * len(changed), np.uint8)
        merge(self.begin, self.packed, self.first, self.bits, changed, raised, forgotten, begin, packed)
        self.begin, self.packed = begin, packed[: begin[-1]].copy()
        while self.bits and len(self.packed) > LONG * self.groups:
            rows = _unpacked(self.begin, self.packed, self.first, self.bits, NOTHING)
            self.bits -= FEWER_BITS
            self._empty()
            self._merge(rows, NOTHING)

    @property
    def groups(self) -> int:
        """Groups of people."""
        return len(self.begin) - 1

    def tight(self) -> NDArray[np.uint8]:
        """All of them in few bytes, for `loosened`."""
        self.pack()
        return np.concatenate([self.begin.view(np.uint8), self.packed])

    def living(self, kind: int = NOTHING) -> Rows:
        """The counters that are not nought, of a kind or all: rows of key and value, in the order of keys."""
        self.pack()
        if kind != NOTHING and not (self.kinds >> kind) & 1:
            return self.lately[:0].copy()
        return _unpacked(self.begin, self.packed, self.first, self.bits, kind)

    def get(self, key: int) -> int:
        """The counter's value."""
        self.pack()
        return int(packed_value(self.begin, self.packed, self.first, self.bits, key))


class Bench:
    """Where one thread works on the counters of one block at a time."""

    def __init__(self) -> None:
        self.rows, self.filled = np.zeros((ROWS + HEAD, 2), np.int64), np.zeros(ROWS, np.int32)
        self.table: Any = None  # as kernels take it
        self.held: Counters | None = None
        self.lock = Lock()  # others may fetch what this thread is about to put away

    def hold(self, counters: Counters) -> Any:
        """Lay out a block's counters, if they are not; returns what kernels take. Counters raised by one since they were
        packed show in it only after that."""
        if self.held is not counters:
            counters.fetch()
            with self.lock:
                self._put_away()
                self._lay_out(counters, ROWS)
        return self.table

    def room(self, wanted: int) -> None:
        """See to it that so many more counters fit."""
        counters = self.held
        assert counters is not None
        if not is_room(self.table, wanted):
            with self.lock:
                self._put_away()
                self._lay_out(counters, 3 * (len(counters.lately) + wanted))

    def put_away(self, counters: Counters) -> None:
        """Give these counters back if they are here; nobody may be working on them."""
        with self.lock:
            if self.held is counters:
                self._put_away()

    def _lay_out(self, counters: Counters, rows: int) -> None:
        rows = max(rows, 3 * len(counters.lately))
        if len(self.rows) < rows + HEAD:
            self.rows, self.filled = np.zeros((rows + HEAD, 2), np.int64), np.zeros(rows, np.int32)
        spread(counters.lately, self.rows, self.filled, counters.first, counters.people, counters.bits, counters.kinds)
        self.table = hand_again(self.table, Table(self.rows, self.filled, counters.begin, counters.packed))
        self.held, counters.bench = counters, self

    def _put_away(self) -> None:
        counters = self.held
        if counters is not None:
            changed = np.empty((self.rows[IN_USE], 2), np.int64)
            sweep(self.rows, self.filled, changed)
            counters.kinds |= int(self.rows[PRESENT])
            counters.keep(changed)
            self.held = counters.bench = None
