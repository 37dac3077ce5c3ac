"""The reference workload: the least that a scoring world has to compute, written by hand and by no framework.

It is the yardstick for the engine, not a part of it. The engine does far more for each person, so what is asked is how
many times longer than this it takes; see README.md in this folder.

The workload, over N people:

- Each has an integer score, 1000 at the start, and an event rate between 0.05 and 0.5 a day (gamma distributed).
- Each day, each has a Poisson number of events, by inverting the distribution on one draw (at most 12). An event
  is one of 100 kinds and changes a score by -100 to +50 points. About 2 % of events (1311 of 65,536) are recorded
  against another person, drawn at random, and reach that person's score at the end of the day.
- The score is then held within 0 to 2000, and a class from 0 to 5 is read off five thresholds.
- Every 30 days each score moves a tenth of the way to the mean of five fixed friends' scores.

Random numbers are splitmix64's finaliser over (seed, day, person, event). Kinds come from a table of 65,536 equally
likely entries. All functions are serial and hold no GIL.

    python benchmarks/baseline.py 1_000_000 60
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Baseline", "kinds_table", "population"]

KINDS = 100  # kinds of events
START = 1000  # score of everybody on day 0, points
CEILING = 2000  # highest score, points; the lowest is 0
FRIENDS = 5  # friends a person has
FRIENDS_EVERY = 30  # days between two pulls towards the friends' mean
MOST_EVENTS = 12  # events a person can have in a day
TABLE_BITS = 16  # the table of kinds has 2 ** TABLE_BITS entries
ASTRAY = 1311  # of 65,536 events, those recorded against another person (2 %)
CONSTANTS_SEED = 12345  # fixes the kinds' weights and points

_UNIT_24 = np.float32(2.0**-24)  # spacing of a 24-bit fraction
_PULL = np.float32(0.1)  # share of the way towards the friends' mean
_SHARE = np.float32(0.2)  # one friend's share of that mean


def kinds_table() -> NDArray[np.int32]:
    """Points of each of 65,536 equally likely draws, in points; shape (65536,)."""
    generator = np.random.default_rng(CONSTANTS_SEED)
    weights = generator.dirichlet(np.full(KINDS, 0.5))
    points = generator.integers(-100, 51, KINDS).astype(np.int32)
    points[points == 0] = 1
    # Move the weighted mean near zero, so that scores stay in the middle of their range.
    points = np.clip(points - round(float(weights @ points)), -100, 50).astype(np.int32)
    bounds = np.cumsum(weights)
    bounds[-1] = 1.0
    size = 1 << TABLE_BITS
    middles = (np.arange(size) + 0.5) / size
    return points[np.searchsorted(bounds, middles)].astype(np.int32)


def population(people: int, seed: int = 1) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Event rates, in events a day, shape (people,); and friends as indices of people, shape (people, 5)."""
    generator = np.random.default_rng(seed)
    rate = np.clip(generator.gamma(2.0, 0.1, people), 0.05, 0.5).astype(np.float32)
    friends = generator.integers(0, people, (people, FRIENDS), dtype=np.int32)
    return rate, friends


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
            if (bits >> np.uint64(48)) < np.uint64(ASTRAY):
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
        np.int8(points >= np.int32(600))
        + np.int8(points >= np.int32(850))
        + np.int8(points >= np.int32(960))
        + np.int8(points >= np.int32(1030))
        + np.int8(points >= np.int32(1050))
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
