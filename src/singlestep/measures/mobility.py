"""How people move between classes from month to month, and how long things take: transitions, waiting times."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.following import DAY, LISTS_SHIFT, PERSON, STATUS
from singlestep.engine.state import LIST_BITS
from singlestep.measures.counts import Ratio, Rows
from singlestep.measures.parting import NEVER, Followed, Spells
from singlestep.words import measures as words

MILLIONTHS = 1_000_000

Ints = NDArray[np.int64]


class Transitions:
    """Counts of people by class at the end of one month and of the next; shape (classes, classes)."""

    def __init__(self, classes: int) -> None:
        self.counts = np.zeros((classes, classes), np.int64)
        self.before: Ints | None = None
        self.below: NDArray[np.bool_] | None = None  # ever below the first class
        self.out: NDArray[np.bool_] | None = None  # and back in a better class since

    def add(self, standing: Ints) -> None:
        """Add the classes (0 the best) that everybody stands in at the end of a month; shape (people,)."""
        if self.before is None or self.below is None or self.out is None:
            self.below, self.out = np.zeros(len(standing), bool), np.zeros(len(standing), bool)
        else:
            size = len(self.counts)
            moves = np.bincount(self.before * size + standing, minlength=size * size)
            self.counts += moves.reshape(size, size)
            fell = standing > self.before
            self.out = (self.out & ~fell) | (self.below & (standing < self.before))
            self.below |= fell
        self.before = standing.copy()

    def rows(self) -> dict[str, Rows]:
        """Moves, the Shorrocks index, and who fell and never rose again."""
        stayed, months = int(np.trace(self.counts)), int(self.counts.sum())
        fell = int(self.below.sum()) if self.below is not None else 0
        never = int((self.below & ~self.out).sum()) if self.below is not None and self.out is not None else 0
        return {
            "moved": {words.ALL: Ratio(months - stayed, months)},
            "mobility": {words.ALL: shorrocks(self.counts)},
            "never out": {words.ALL: Ratio(never, fell)},
        }


def shorrocks(counts: Ints) -> Ratio:
    """(n - trace of P) / (n - 1), in millionths; P the transition matrix by rows, n the classes that held anybody.

    Nought when nobody moves, 1 when where one stood says nothing (Shorrocks 1978, "The measurement of mobility").
    """
    held = counts.sum(axis=1)
    living = held > 0
    number = int(living.sum())
    stays = float((np.diag(counts)[living] / held[living]).sum())
    if number < 2:
        return Ratio(0, 0)
    return Ratio(round((number - stays) * MILLIONTHS), (number - 1) * MILLIONTHS)


def until_listed(followed: Followed, people: int, end: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Of each person the day of the first listing, or day `end`, and whether that is censored; shape (people,)."""
    listed = (followed.changes[:, STATUS] >> LISTS_SHIFT) & LIST_BITS > 0
    days = np.full(people, end, np.int64)
    np.minimum.at(days, followed.changes[listed, PERSON], followed.changes[listed, DAY])
    censored = np.ones(people, bool)
    censored[followed.changes[listed, PERSON]] = False
    return days, censored


def until_open(spells: Spells, end: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Of each spell how many days it lasted, or had lasted on day `end`, and whether that is censored."""
    censored = spells.ended == NEVER
    return np.where(censored, end, spells.ended) - spells.begun, censored


def kaplan_meier(days: Ints, censored: NDArray[np.bool_]) -> dict[str, Any]:
    """The Kaplan-Meier estimate from `scipy.stats.ecdf`: at each day with an event, who was at risk, events, censored since
    the row before, the share still waiting after it, and its 95 % interval (log-log). Arrays of one length.

    Kaplan and Meier 1958, "Nonparametric estimation from incomplete observations". For the main thread only: it quietens
    warnings.
    """
    from scipy import stats

    if not (~censored).any():
        nothing: Ints = np.zeros(0, np.int64)
        shares = np.zeros(0)
        return {"day": nothing, "at_risk": nothing, "events": nothing, "censored": nothing,
                "waiting": shares, "low": shares, "high": shares}  # fmt: skip
    sample = stats.CensoredData.right_censored(days.astype(float), censored)
    curve = stats.ecdf(sample).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # once nobody waits, there is no interval
        bounds = curve.confidence_interval(method="log-log")
    times = curve.quantiles
    at = np.isin(times, days[~censored])
    day = times[at].astype(np.int64)
    ordered, lost = np.sort(days), np.sort(days[censored])
    at_risk = len(days) - np.searchsorted(ordered, day, side="left")
    events = np.bincount(np.searchsorted(day, days[~censored]), minlength=len(day))
    gone = np.diff(np.searchsorted(lost, day, side="left"), prepend=0)
    return {
        "day": day,
        "at_risk": at_risk.astype(np.int64),
        "events": events.astype(np.int64),
        "censored": gone.astype(np.int64),
        "waiting": curve.probabilities[at],
        "low": bounds.low.probabilities[at],
        "high": bounds.high.probabilities[at],
    }
