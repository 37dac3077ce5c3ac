"""The reference workload (`reference_workload.py`) written by hand and by no framework: the least that it has to compute.

It is the yardstick for the engine, not a part of it. The engine does far more for each person, so what is asked is how
many times longer than this it takes; see README.md in this folder.

Numbers of events are found by inverting the distribution on one draw (at most 12). Events recorded against others reach
them at the end of the day. Random numbers are splitmix64's finaliser over (seed, day, person, event). Kinds come from a
table of 65,536 equally likely entries. All functions are serial and hold no GIL.

    python benchmarks/baseline.py 1_000_000 60
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reference_workload import ASTRAY, CEILING, FRIENDS_EVERY, PULL, START, THRESHOLDS, kinds_table, population

__all__ = ["Baseline"]

MOST_EVENTS = 12  # events a person can have in a day

_UNIT_24 = np.float32(2.0**-24)  # spacing of a 24-bit fraction
_PULL = np.float32(PULL)
_SHARE = np.float32(0.2)  # one friend's share of the friends' mean
_ASTRAY = round(ASTRAY * 65536)  # of 65,536 events
_C, _B, _A, _AA, _AAA = (np.int32(points) for points in THRESHOLDS)


@njit(inline="always")
def _scramble(x):
    """Splitmix64: 64 bits in, 64 well-mixed bits out."""
    z = np.uint64(x) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True)
def _live_a_day(score, quiet, rate, table, seed, day, addressee, letter):
    """One day's events of everybody.

    `score` int32 (people,), points, changed in place; `quiet` float32 (people,), probability of a day without events;
    `rate` float32 (people,), events a day; `table` int32 (65536,), points; `addressee` and `letter` int32 (any length),
    room for events recorded against others: whose, and points. They are delivered at the end of the day, or when the
    room is full; points are only added here, so the moment does not matter.
    """
    people = np.uint64(score.size)
    room = addressee.size
    waiting = 0
    day_key = _scramble(np.uint64(seed) ^ (np.uint64(day) << np.uint64(40)))
    for i in range(score.size):
        draw = _scramble(day_key + np.uint64(i))
        level = np.float32(np.uint32(draw >> np.uint64(40))) * _UNIT_24
        reached = quiet[i]
        if level < reached:
            continue
        term = reached
        factor = rate[i]  # from the probability of k events to that of k + 1; found a turn ahead, as division is slow
        own = 0
        event = 0
        bits = draw
        while level >= reached and event < MOST_EVENTS:
            event += 1
            bits = _scramble(bits + np.uint64(event))
            points = table[bits & np.uint64(0xFFFF)]
            term *= factor
            reached += term
            factor = rate[i] / np.float32(event + 1)
            if (bits >> np.uint64(48)) < np.uint64(_ASTRAY):
                if waiting == room:
                    for j in range(waiting):
                        score[addressee[j]] += letter[j]
                    waiting = 0
                middle = (bits >> np.uint64(16)) & np.uint64(0xFFFFFFFF)
                addressee[waiting] = np.int32((middle * people) >> np.uint64(32))
                letter[waiting] = points
                waiting += 1
            else:
                own += points
        score[i] += own
    for j in range(waiting):
        score[addressee[j]] += letter[j]


@njit(inline="always")
def _class_of(points):
    """Class 0 to 5 of a score (int32, points): the number of floors it reaches."""
    return (
        np.int8(points >= _C)
        + np.int8(points >= _B)
        + np.int8(points >= _A)
        + np.int8(points >= _AA)
        + np.int8(points >= _AAA)
    )


@njit(cache=True, nogil=True)
def _clamp_and_class(score, grade):
    """Hold `score` (int32 (people,), points) within bounds; write `grade` (int8 (people,), class 0 to 5)."""
    for i in range(score.size):
        held = min(max(score[i], np.int32(0)), np.int32(CEILING))
        score[i] = held
        grade[i] = _class_of(held)


@njit(cache=True, nogil=True)
def _towards_friends(before, after, friends, grade):
    """Pull every score towards the mean of five friends' and read the class anew.

    `before` int32 (people,), points, within bounds; `after`, of the same kind, is written, and so is `grade`, int8
    (people,), class 0 to 5; `friends` int32 (people, 5), indices of people. A mean of numbers within bounds stays
    within them, so nothing needs clamping here.
    """
    # First the random reads alone, then sums that run straight through memory: faster than both at once.
    for i in range(before.size):
        after[i] = (
            before[np.uint32(friends[i, 0])]
            + before[np.uint32(friends[i, 1])]
            + before[np.uint32(friends[i, 2])]
            + before[np.uint32(friends[i, 3])]
            + before[np.uint32(friends[i, 4])]
        )
    for i in range(before.size):
        own = np.float64(before[i])
        pulled = np.int32(np.rint(own + _PULL * (np.float64(after[i]) * _SHARE - own)))
        after[i] = pulled
        grade[i] = _class_of(pulled)


class Baseline:
    """A people living under the reference workload.

    `score` is int32 (people,), points; `grade` is int8 (people,), class 0 (lowest) to 5. `seed` moves the events;
    `population_seed` the people's rates and friends.
    """

    def __init__(self, people: int, seed: int = 7, *, population_seed: int = 1) -> None:
        if people < 1:
            raise ValueError(f"people is {people}; at least 1 is needed, for instance Baseline(1_000_000)")
        self.people = people
        self.seed = seed
        self.day = 0
        self.rate, self.friends = population(people, population_seed)
        self.quiet: NDArray[np.float32] = np.exp(-self.rate)
        self.table = kinds_table()
        self.score: NDArray[np.int32] = np.full(people, START, np.int32)
        self.grade: NDArray[np.int8] = np.zeros(people, np.int8)
        self._other: NDArray[np.int32] = np.empty_like(self.score)
        room = people // 50 + 64
        self._addressee: NDArray[np.int32] = np.zeros(room, np.int32)
        self._letter: NDArray[np.int32] = np.zeros(room, np.int32)

    def run(self, days: int) -> None:
        """Live `days` more days."""
        for _ in range(days):
            _live_a_day(
                self.score, self.quiet, self.rate, self.table, self.seed, self.day, self._addressee, self._letter
            )
            _clamp_and_class(self.score, self.grade)
            self.day += 1
            if self.day % FRIENDS_EVERY == 0:
                _towards_friends(self.score, self._other, self.friends, self.grade)
                self.score, self._other = self._other, self.score


def main(people: int = 1_000_000, days: int = 60) -> None:
    """Print the speed of one run, in million person-days a second of wall time, and the mean score in points."""
    Baseline(200).run(FRIENDS_EVERY)  # compile
    world = Baseline(people)
    world.run(1)
    start = time.perf_counter()
    world.run(days)
    seconds = time.perf_counter() - start
    print(f"{people:,} people, {days} days: {seconds:.3f} s, {people * days / seconds / 1e6:.1f} M person-days/s")
    print(f"mean score {world.score.mean():.2f}, classes 0 to 5: {np.bincount(world.grade, minlength=6).tolist()}")


if __name__ == "__main__":
    main(*(int(float(word.replace("_", ""))) for word in sys.argv[1:3]))
