"""The reference workload in Starsim: a module with states of its own, numbers of events from `ss.poisson`, whose draws belong
to persons as ours do."""

from __future__ import annotations

import numpy as np
import starsim as ss

from reference_workload import (
    ASTRAY,
    CEILING,
    FRIENDS_EVERY,
    PULL,
    START,
    TABLE_BITS,
    THRESHOLDS,
    kinds_table,
    population,
)

TABLE = kinds_table().astype(float)
LONGEST = 5_000  # days
ss.options(verbose=0)


class Score(ss.Module):
    """Everybody's score, in points."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.rates, self.friends = population(people)
        self.define_states(
            ss.FloatArr("rate"), ss.FloatArr("score", default=START), ss.FloatArr("grade", default=0)
        )
        self.events = ss.poisson(lam=lambda self, sim, uids: self.rate[uids])
        self.dice = ss.rand_raw()

    def init_post(self) -> None:
        """The rates, once there are people."""
        super().init_post()
        self.rate[self.sim.people.auids] = self.rates

    def how_many(self, uids: ss.uids) -> np.ndarray:
        """Events of the day, of each person."""
        return self.events.rvs(uids)

    def step(self) -> None:
        """A day."""
        uids, dice = self.sim.people.auids, self.dice.rng
        named = np.repeat(uids, self.how_many(uids).astype(np.int64))
        points = TABLE[dice.integers(0, 1 << TABLE_BITS, named.size)]
        astray = dice.random(named.size) < ASTRAY
        named[astray] = dice.integers(0, len(uids), astray.sum())
        change = np.bincount(named, weights=points, minlength=len(uids))
        self.score[:] = np.clip(self.score[:] + change[uids], 0, CEILING)
        if (self.ti + 1) % FRIENDS_EVERY == 0:
            score = self.score[:]
            self.score[:] = np.rint(score + PULL * (score[self.friends].mean(axis=1) - score))
        self.grade[:] = np.searchsorted(THRESHOLDS, self.score[:], side="right")


class World:
    """People under the reference workload."""

    module = Score

    def __init__(self, people: int) -> None:
        self.sim = ss.Sim(
            n_agents=people, start=ss.date("2000-01-01"), dt=ss.days(1), dur=ss.days(LONGEST),
            modules=self.module(people), rand_seed=7, verbose=0, copy_inputs=False,
        )  # fmt: skip
        self.sim.init()

    def run(self, days: int) -> None:
        """So many days."""
        for _ in range(days):
            self.sim.run_one_step()

    def mean(self) -> float:
        """The mean score, in points."""
        module = next(module for module in self.sim.modules if isinstance(module, Score))
        return float(module.score[:].mean())
