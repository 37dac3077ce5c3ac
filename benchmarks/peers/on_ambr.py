"""The reference workload in AMBER: columns borrowed and committed, points added by `scatter_add`."""

from __future__ import annotations

import ambr
import numpy as np
import polars as pl

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

TABLE = kinds_table()


class Model(ambr.Model):
    """People with scores, in points."""

    def setup(self) -> None:
        """Everybody at the start."""
        people = self.p["people"]
        rate, self.friends = population(people)
        self.day = 0
        columns = {"score": np.full(people, START, np.int64), "grade": np.zeros(people, np.int64)}
        self.population.batch_add_agents(people, rate=rate.astype(float), **columns)
        self.dice = np.random.default_rng(7)
        self.ids = self.agents_df["id"].to_numpy()

    def step(self) -> None:
        """A day."""
        dice = self.dice
        rate, _ = self.agents.borrow("rate")
        named = np.repeat(self.ids, dice.poisson(rate))
        astray = dice.random(named.size) < ASTRAY
        named[astray] = self.ids[dice.integers(0, self.ids.size, astray.sum())]
        points = TABLE[dice.integers(0, 1 << TABLE_BITS, named.size, dtype=np.uint16)]
        self.agents.at[pl.Series("id", named)].scatter_add(score=points)
        score, _ = self.agents.borrow("score")
        score = np.clip(score, 0, CEILING)
        self.day += 1
        if self.day % FRIENDS_EVERY == 0:
            score = np.rint(score + PULL * (score[self.friends].mean(axis=1) - score)).astype(np.int64)
        self.agents.commit(score=score, grade=np.searchsorted(THRESHOLDS, score, side="right"))


class World:
    """People under the reference workload."""

    def __init__(self, people: int) -> None:
        self.model = Model({"people": people, "steps": 1_000_000, "show_progress": False})
        self.model.setup()

    def run(self, days: int) -> None:
        """So many days."""
        for _ in range(days):
            self.model.step()

    def mean(self) -> float:
        """The mean score, in points."""
        return float(self.model.agents_df["score"].mean())
