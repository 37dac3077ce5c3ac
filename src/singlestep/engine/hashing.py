"""One number for the whole state of a world, which no order can show: a sum of keyed words, one for each thing in it.

A *thing* is eight words of 32 bits, the first of which says what kind it is: a person with all fields, a counter, a letter
under way, a count, a city's appeals, the world itself. Two rounds of Philox under a key of their own mix these into four
words, and the words of all things are added, each modulo 2^32. So the sum does not depend on blocks, threads, the place of a
counter in its table or of a letter in its pile, and sums of parts add up to the sum of the whole.

It finds damage and differences. It is no signature: whoever alters a state on purpose can compute it anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine.compiling import compiled, small

if TYPE_CHECKING:
    from singlestep.engine.blocks import Block
    from singlestep.engine.world import World

WORLD, PERSON, COUNTER, LETTER, COUNT, CITY = range(1, 7)
KEY0, KEY1 = (int.from_bytes(part, "little") for part in (b"stat", b"hash"))  # no run's seed, and nothing hangs on it
WORD = 0xFFFFFFFF
WORDS = 4  # of a hash

Sum = NDArray[np.int64]


@small
def add(kind, a, b, c0, d0, e, f, g, into):  # type: ignore[no-untyped-def]
    """Add one thing of these words, 0 to 2^32-1 each, to a sum of four words."""
    p, q, r, s = d.draw(KEY0, KEY1, kind, a, b, 0, c0)
    p, q, r, s = d.draw(KEY0, KEY1, p ^ d0, q ^ e, r ^ f, 0, s ^ g)
    into[0] = (into[0] + p) & WORD
    into[1] = (into[1] + q) & WORD
    into[2] = (into[2] + r) & WORD
    into[3] = (into[3] + s) & WORD


@compiled
def add_people(points, clean, board, tie, lists, clean_lists, moods, known, cut, kinds, first, last, into):  # type: ignore[no-untyped-def]
    """Add persons first..last-1; `tie` may be empty, which is as good as noughts."""
    spills = tie.shape[0] > 0
    for person in range(first, last):
        from_ties = np.int64(0)
        if spills:
            from_ties = np.int64(tie[person])
        own = (np.int64(points[person]) & 0xFFFF) + ((np.int64(clean[person]) & 0xFFFF) << 16)
        shown = (np.int64(board[person]) & 0xFFFF) + ((from_ties & 0xFFFF) << 16)
        bits = np.int64(lists[person]) + (np.int64(clean_lists[person]) << 8)
        levels = (np.int64(moods[person]) << 16) + (np.int64(known[person]) << 24)
        rest = np.int64(cut[person]) + (np.int64(kinds[person]) << 8)
        add(PERSON, person, own, shown, bits + levels, rest, 0, 0, into)


@compiled
def add_counters(rows, into):  # type: ignore[no-untyped-def]
    """Add counters, rows of key and value. A yearly cap of which nothing is used yet is as good as none."""
    for row in range(rows.shape[0]):
        key, value = rows[row, 0], rows[row, 1]
        kind = c.kind_of(key)
        if value == 0 or ((kind == c.USED or kind == c.USED + 1) and value & 0xFFFF == 0):
            continue
        add(COUNTER, c.person_of(key), kind, c.index_of(key), value & WORD, (value >> 32) & WORD, 0, 0, into)


@compiled
def add_letters(rows, into):  # type: ignore[no-untyped-def]
    """Add letters under way."""
    for n in range(rows.shape[0]):
        due, who, event, info, amount = rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4]
        add(LETTER, due, who, amount, event & WORD, (event >> 32) & WORD, info & WORD, (info >> 32) & WORD, into)


@compiled
def add_counts(name, counts, into):  # type: ignore[no-untyped-def]
    """Add the counts of a table that are not nought, by its name as a word and their places; `counts` [count]."""
    for place in range(counts.shape[0]):
        value = counts[place]
        if value != 0:
            add(COUNT, name, place, 0, value & WORD, (value >> 32) & WORD, 0, 0, into)


@compiled
def add_cities(last, now, into):  # type: ignore[no-untyped-def]
    """Add each city's appeals filed in the last settled month, and since."""
    for city in range(last.shape[0]):
        add(CITY, city, last[city] & WORD, now[city] & WORD, 0, 0, 0, 0, into)


def state_hash(world: World) -> str:
    """The hash of all that a world goes on from, and of all its tallies: 32 hexadecimal digits."""
    X = world.state

    def of_block(block: Block) -> Sum:
        sums = np.zeros(WORDS, np.int64)
        last = min(block.end, world.people)
        add_people(
            X.points, X.clean, X.board, X.tie, X.lists, X.clean_lists, X.moods, X.known, X.cut, X.kind, block.first, last,
            sums,
        )  # fmt: skip
        add_counters(block.counters.living(), sums)
        return sums

    def of_heap(pieces: Iterator[NDArray[np.int64]]) -> Sum:
        sums = np.zeros(WORDS, np.int64)
        for rows in pieces:
            add_letters(rows, sums)
        return sums

    sums = np.zeros(WORDS, np.int64)
    for part in chain(world.by_threads(of_block, world.blocks), world.by_threads(of_heap, world.post.heaps())):
        sums += part
    counted, filed = world.tallies, world.filed_now
    if world.share.exchange.rank == 0:
        for name, counts in counted.items():
            add_counts(zlib.crc32(name.encode()), counts.ravel(), sums)
        add_cities(world.filed_last, filed, sums)
        add(WORLD, world.people, world.day, world.seed & WORD, world.seed >> 32, 0, 0, 0, sums)
    return as_text(world.share.exchange.all_reduce(sums))


def as_text(sums: Sum) -> str:
    """A sum as 32 hexadecimal digits."""
    return "".join(f"{int(word) & WORD:08x}" for word in sums)


def together(hashes: list[str]) -> str:
    """The hash of several worlds taken together: their sum. That of one world is its own."""
    sums = np.zeros(WORDS, np.int64)
    for text in hashes:
        sums += [int(text[8 * word : 8 * word + 8], 16) for word in range(WORDS)]
    return as_text(sums)
