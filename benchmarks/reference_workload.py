"""What every writing of the reference workload shares: its numbers, its people and its hundred kinds of events.

NumPy alone is needed here, so that other people's frameworks can use it in environments of their own. The workload, over N
people:

- Each has an integer score, 1000 at the start, and an event rate between 0.05 and 0.5 a day (gamma distributed).
- Each day, each has a Poisson number of events. An event is one of 100 kinds and changes a score by -100 to +50 points.
  2 % are recorded against another person, drawn at random.
- The score is held within 0 to 2000, and a class from 0 to 5 is read off five thresholds.
- Every 30 days each score moves a tenth of the way to the mean of five fixed friends' scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ASTRAY", "CEILING", "FRIENDS", "FRIENDS_EVERY", "KINDS", "PULL", "START", "THRESHOLDS", "kinds", "kinds_table",
    "pace", "population",
]  # fmt: skip

KINDS = 100  # kinds of events
START = 1000  # score of everybody on day 0, points
CEILING = 2000  # highest score, points; the lowest is 0
FRIENDS = 5  # friends a person has
FRIENDS_EVERY = 30  # days between two pulls towards the friends' mean
PULL = 0.1  # share of the way towards it
ASTRAY = 0.02  # share of events recorded against another person
THRESHOLDS = (600, 850, 960, 1030, 1050)  # points, of classes 1 to 5
LEAST_RATE, MOST_RATE = 0.05, 0.5  # events a day
TABLE_BITS = 16  # the table of kinds has 2 ** TABLE_BITS entries
CONSTANTS_SEED = 12345  # fixes the kinds' weights and points


def kinds() -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Shares of the kinds of events, and their points; both of shape (100,)."""
    generator = np.random.default_rng(CONSTANTS_SEED)
    weights = generator.dirichlet(np.full(KINDS, 0.5))
    points = generator.integers(-100, 51, KINDS).astype(np.int32)
    points[points == 0] = 1
    # Move the weighted mean near zero, so that scores stay in the middle of their range.
    return weights, np.clip(points - round(float(weights @ points)), -100, 50).astype(np.int32)


def kinds_table() -> NDArray[np.int32]:
    """Points of each of 65,536 equally likely draws, in points; shape (65536,)."""
    weights, points = kinds()
    bounds = np.cumsum(weights)
    bounds[-1] = 1.0
    size = 1 << TABLE_BITS
    middles = (np.arange(size) + 0.5) / size
    return points[np.searchsorted(bounds, middles)].astype(np.int32)


def _rates(people: int, generator: np.random.Generator) -> NDArray[np.float64]:
    return np.clip(generator.gamma(2.0, 0.1, people), LEAST_RATE, MOST_RATE)


def population(people: int, seed: int = 1) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Event rates, in events a day, shape (people,); and friends as indices of people, shape (people, 5)."""
    generator = np.random.default_rng(seed)
    rate = _rates(people, generator).astype(np.float32)
    friends = generator.integers(0, people, (people, FRIENDS), dtype=np.int32)
    return rate, friends


def pace(levels: int) -> NDArray[np.float64]:
    """Means of the rates of so many equal parts of a large population, from the slowest to the fastest, in events a day."""
    rates = np.sort(_rates(1_000_000 // levels * levels, np.random.default_rng(CONSTANTS_SEED)))
    return rates.reshape(levels, -1).mean(axis=1)
