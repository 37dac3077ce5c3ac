"""The reference workload in Mesa: an agent a person, steps by `AgentSet.do`, draws from the model's own generator."""

from __future__ import annotations

import math
from bisect import bisect

import mesa

from reference_workload import ASTRAY, CEILING, FRIENDS, FRIENDS_EVERY, PULL, START, THRESHOLDS, kinds, population

_SHARES, _POINTS = kinds()
POINTS = _POINTS.tolist()
BOUNDS = [*_SHARES.cumsum().tolist()[:-1], 1.0]


class Person(mesa.Agent):
    """Somebody with a score, in points."""

    def __init__(self, model: World, rate: float, friends: list[int]) -> None:
        super().__init__(model)
        self.quiet = math.exp(-rate)  # probability of a day without events
        self.friends = friends
        self.score = self.pulled = START
        self.grade = 0

    def live(self) -> None:
        """A day's events, by Knuth's way to a Poisson number."""
        draw, people = self.random.random, self.model.people
        left = draw()
        while left > self.quiet:
            points = POINTS[bisect(BOUNDS, draw())]
            named = people[int(draw() * len(people))] if draw() < ASTRAY else self
            named.score += points
            left *= draw()

    def hold(self) -> None:
        """The score within bounds, and the class."""
        self.score = min(max(self.score, 0), CEILING)
        self.grade = bisect(THRESHOLDS, self.score)

    def look(self) -> None:
        """What the friends' mean will make of the score."""
        people = self.model.people
        mean = sum([people[friend].score for friend in self.friends]) / FRIENDS
        self.pulled = round(self.score + PULL * (mean - self.score))

    def follow(self) -> None:
        """The score as pulled."""
        self.score = self.pulled
        self.grade = bisect(THRESHOLDS, self.score)


class World(mesa.Model):
    """People under the reference workload."""

    def __init__(self, people: int) -> None:
        super().__init__(rng=7)
        rate, friends = population(people)
        self.day = 0
        self.people = list(Person.create_agents(self, people, rate.tolist(), friends.tolist()))

    def step(self) -> None:
        """A day."""
        self.agents.do("live")
        self.agents.do("hold")
        self.day += 1
        if self.day % FRIENDS_EVERY == 0:
            self.agents.do("look")
            self.agents.do("follow")

    def run(self, days: int) -> None:
        """So many days."""
        for _ in range(days):
            self.step()

    def mean(self) -> float:
        """The mean score, in points."""
        return sum(person.score for person in self.people) / len(self.people)
