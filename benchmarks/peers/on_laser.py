"""The reference workload in laser-core: columns of a `LaserFrame`, kernels in Numba with its own generator."""

from __future__ import annotations

import os

os.environ.setdefault("NUMBA_THREADING_LAYER", "workqueue")

import numba
import numpy as np
from laser.core import LaserFrame
from laser.core.random import seed
from numba import njit, prange

from reference_workload import (
    ASTRAY,
    CEILING,
    FRIENDS,
    FRIENDS_EVERY,
    PULL,
    START,
    TABLE_BITS,
    THRESHOLDS,
    kinds_table,
    population,
)

TABLE = kinds_table()
ENTRIES = 1 << TABLE_BITS


@njit(parallel=True, cache=True)
def live(score, rate, table, astray, count):  # type: ignore[no-untyped-def]
    """A day's events; those recorded against others wait in `astray` [threads, any, 2] and are added last."""
    threads = numba.get_num_threads()
    share = (count + threads - 1) // threads
    for thread in prange(threads):
        waiting = 0
        for i in range(thread * share, min(count, (thread + 1) * share)):
            for _ in range(np.random.poisson(rate[i])):
                points = table[np.random.randint(0, ENTRIES)]
                if np.random.random() < ASTRAY:
                    waiting += 1
                    astray[thread, waiting, 0] = np.random.randint(0, count)
                    astray[thread, waiting, 1] = points
                else:
                    score[i] += points
        astray[thread, 0, 0] = waiting
    for thread in range(threads):
        for k in range(1, astray[thread, 0, 0] + 1):
            score[astray[thread, k, 0]] += astray[thread, k, 1]


@njit(parallel=True, cache=True)
def hold(score, grade, count):  # type: ignore[no-untyped-def]
    """Scores within bounds, and classes."""
    c, b, a, aa, aaa = THRESHOLDS
    for i in prange(count):
        held = min(max(score[i], 0), CEILING)
        score[i] = held
        grade[i] = (held >= c) + (held >= b) + (held >= a) + (held >= aa) + (held >= aaa)


@njit(parallel=True, cache=True)
def pull(score, pulled, friends, count):  # type: ignore[no-untyped-def]
    """Scores moved towards the means of friends."""
    for i in prange(count):
        total = 0
        for slot in range(FRIENDS):
            total += score[friends[slot, i]]
        pulled[i] = np.int32(np.rint(score[i] + PULL * (total / FRIENDS - score[i])))


class World:
    """People under the reference workload."""

    def __init__(self, people: int) -> None:
        seed(7)
        rate, friends = population(people)
        self.count, self.day = people, 0
        self.frame = LaserFrame(people)
        self.frame.add_scalar_property("score", np.int32, START)
        self.frame.add_scalar_property("pulled", np.int32)
        self.frame.add_scalar_property("rate", np.float32)
        self.frame.add_scalar_property("grade", np.int8)
        self.frame.add_vector_property("friends", FRIENDS, np.int32)
        self.frame.rate[:], self.frame.friends[:] = rate, friends.T
        self.astray = np.zeros((numba.get_num_threads(), people // 100 + 1024, 2), np.int32)

    def run(self, days: int) -> None:
        """So many days."""
        frame, count = self.frame, self.count
        for _ in range(days):
            live(frame.score, frame.rate, TABLE, self.astray, count)
            hold(frame.score, frame.grade, count)
            self.day += 1
            if self.day % FRIENDS_EVERY == 0:
                pull(frame.score, frame.pulled, frame.friends, count)
                frame.score[:] = frame.pulled
                hold(frame.score, frame.grade, count)

    def mean(self) -> float:
        """The mean score, in points."""
        return float(self.frame.score.mean())
