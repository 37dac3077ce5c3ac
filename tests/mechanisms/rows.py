"""Every mechanism of the model: where it is switched on in the public files, and what then moves, and which way.

A row changes keys of `town.yaml` and `rules.yaml` (paths that begin with `society` or `regime`). `given` holds in both
worlds, `on` and `off` in one of them; `None` removes a key. Both files are written and read by the public loader.
"""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from scipy import stats

from singlestep.engine import tallies
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

HERE = Path(__file__).parent
SEEDS = (1, 2, 3, 4, 5)
PEOPLE, DAYS = 1000, 150
CONFIDENCE = 0.95
UP, DOWN = 1, -1
Changes = dict[str, Any]
Measured = Callable[[World], float]


@dataclass(frozen=True)
class Measure:
    """What is counted, in words, and how."""

    words: str
    count: Measured


@dataclass(frozen=True)
class Row:
    """One mechanism, its switch, its measure, and the way the measure moves when it is on."""

    step: str
    name: str
    on: Changes
    measure: Measure
    way: int
    off: Changes = field(default_factory=dict)
    given: Changes = field(default_factory=dict)
    people: int = PEOPLE


@dataclass(frozen=True)
class Found:
    """Mean of the paired differences (on minus off) over the seeds, and half the width of their t-interval."""

    mean: float
    half: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half


# Measures -------------------------------------------------------------------------------------------------------------


def flow(name: str) -> Measure:
    """A count of the flows."""
    return Measure(name, lambda world: float(world.tallies["flow"][tallies.FLOW.index(name)].sum()))


def door(name: str, words: str) -> Measure:
    """Something that happened at doors, over all of them."""
    return Measure(words, lambda world: float(world.tallies["door"][:, tallies.DOOR.index(name)].sum()))


def act(name: str, outcome: str = "taken") -> Measure:
    """Occasions of an act with this outcome."""
    column = tallies.ACT.index(outcome)
    return Measure(
        f"`{name}` {outcome}", lambda world: float(world.tallies["act"][list(world.society.acts).index(name), column])
    )


def records(cause: str) -> Measure:
    """Records that arise with a cause."""
    column = tallies.CAUSES.index(cause)
    return Measure(f"records: {cause}", lambda world: float(world.tallies["source"][:, column].sum()))


def moved(cause: str, way: str) -> Measure:
    """Points lost or gained by records of a cause."""
    place = tallies.CAUSES.index(cause), ("lost", "gained").index(way)
    return Measure(f"points {way}: {cause}", lambda world: float(world.tallies["cause"][place]))


def listed(name: str, what: str) -> Measure:
    """People who entered, left or were renewed on a list."""
    column = tallies.LISTING.index(what)
    return Measure(
        f"`{name}`: {what}",
        lambda world: float(world.tallies["listing"][list(world.regime.lists).index(name), 0, column].sum()),
    )


def refusal(name: str) -> Measure:
    """Letters refused for a reason."""
    return Measure(
        f"letters refused: {name}", lambda world: float(world.tallies["refusal"][tallies.REFUSALS.index(name)])
    )


def level(name: str) -> Measure:
    """The mean level at the end."""
    row = tallies.LEVELS.index(name)
    return Measure(f"mean {name} at the end", lambda world: world.tallies["stock_level"][row].sum() / world.people)


def of_group(name: str, minority: int) -> Measure:
    """A flow among the minority or the others."""
    whom = ("majority", "minority")[minority]
    return Measure(
        f"{name}, {whom}", lambda world: float(world.tallies["flow"][tallies.FLOW.index(name), minority::2].sum())
    )


def loud_points(world: World) -> float:
    """Mean points of the outspoken."""
    return float(world.points[world.trait("loud") == 1].mean())


LOST = Measure("points lost by records", lambda world: float(world.tallies["cause"][:, 0].sum()))
POINTS = Measure("mean points at the end", lambda world: float(world.points.mean()))
SPREAD = Measure("spread of points (standard deviation)", lambda world: float(world.points.std()))
SHOWN_SPREAD = Measure("spread of shown points (standard deviation)", lambda world: float(world.board.std()))
LOUD = Measure("mean points of the outspoken", loud_points)
STANDING = Measure("doors shut at the end", lambda world: float(world.tallies["stock_door"][:, 0].sum()))
ON_DEBTORS = Measure("on `debtors` at the end", lambda world: float((world.lists & 1).sum()))
SUM_CLIPPED = Measure(
    "points cut off at the bounds",
    lambda world: float(abs(world.tallies["flow"][tallies.FLOW.index("clipped recorded")].sum())),
)
RECORDS = Measure("records made", lambda world: float(world.tallies["source"].sum()))
ERRONEOUS, BEGUN = door("erroneous", "erroneous spells"), door("begun", "spells begun")
MISSED, REFUSED = door("missed", "spells missed"), door("refused", "requests refused")

# Settings that several rows share -------------------------------------------------------------------------------------

KNOWN = {"regime.disclosure": {"announced": 1, "lasting": 1}}
ROOM = {"society.acts.steals.headroom": 3}
WRONGED = {"regime.sources.camera.misidentified": 0.5}
DISCRETION = {"regime.rules.theft.points": [-18, -2]}
PLANTING = {"society.acts.plants.rate": 6}
PLANT = {"regime.powers.plant": {"source": "camera", "acts": ["steals"]}}
PENALTY = {"regime.rules.theft.enters": "debtors"}
REPORTING = {
    "regime.sources.neighbours.sees.steals": 0.8,
    "society.responses.reports": 0.6,
    "society.acts.tells.headroom": 3,
}
TOLD = {"regime.disclosure.told": 1}
APPEALING = {
    **TOLD,
    **WRONGED,
    "society.responses.appeals_if_wrong": 0.9,
    "society.responses.appeals_if_right": 0.9,
}
REMEDY = {"appeals": True, "wait": "20 days", "wins_if_wrong": 0.9, "wins_if_right": 0.5}
PUBLISHED = {"regime.lists.debtors.published": True}
KIN = {
    "regime.lists.kin": {"words": "of the household of a debtor", "entry": {}},
    "regime.gates.school": {"lists": ["kin"]},
}
MONTHLY_FEAR = {"society.responses.fear_of_sanction": 8}
CLASS_LIST = {"regime.lists.debtors.entry": {"at_or_below": "C"}}

ROWS: list[Row] = [
    # mail, order and clamp
    Row("mail", "delay of a source", {"regime.sources.camera.delay": "90 days"}, flow("penal right"), DOWN),
    Row("mail", "points held in bounds", {"regime.points.low": 70}, SUM_CLIPPED, UP),
    Row(
        "mail",
        "bounds only read",
        {"regime.points.bounds": "read"},
        SUM_CLIPPED,
        DOWN,
        given={"regime.points.low": 70},
    ),
    # lives
    Row("lives", "an act of some people only", {"society.acts.steals.who": {"loud": ["loud"]}}, act("steals"), DOWN),
    Row(
        "lives",
        "an act more frequent at a trait",
        {"society.acts.steals.times": {"loud": {"loud": 4}}},
        act("steals"),
        UP,
    ),
    Row("lives", "need", {"society.acts.steals.need": 2}, act("steals"), UP, given=ROOM),
    Row(
        "lives",
        "encouragement",
        {"society.acts.gives.encouraged": 2},
        act("gives"),
        UP,
        given={**KNOWN, "society.acts.gives.headroom": 3},
    ),
    Row("lives", "gaming", {"society.acts.gives.gamed": 2}, act("gives"), UP, given={"society.acts.gives.headroom": 3}),
    Row(
        "lives",
        "reach of gaming",
        {"society.responses.gaming_reach": 9},
        act("gives"),
        DOWN,
        given={"society.acts.gives.headroom": 3, "society.acts.gives.gamed": 2},
    ),
    Row(
        "lives",
        "money for gaming",
        {"society.responses.gaming_income": "highest"},
        act("gives"),
        DOWN,
        given={"society.acts.gives.headroom": 3, "society.acts.gives.gamed": 2},
    ),
    Row("lives", "grudge", {"society.acts.steals.grudge": 2}, act("steals"), UP, given={**ROOM, **WRONGED}),
    Row(
        "lives",
        "ceiling",
        {"society.acts.steals.headroom": 2},
        act("steals", "saturated"),
        UP,
        off={"society.acts.steals.headroom": 4},
        given={
            **WRONGED,
            "society.acts.steals.need": 1,
            "society.acts.steals.grudge": 1,
            "society.responses.need_by_income": [15, 15, 15, 15, 15],
        },
    ),
    Row("lives", "deterrence", {"society.acts.steals.deterred": 1}, act("steals"), DOWN, given=KNOWN),
    Row(
        "lives",
        "a rule nobody knows",
        {"regime.rules.theft.known": False},
        act("steals"),
        UP,
        given={**KNOWN, "society.acts.steals.deterred": 1},
    ),
    Row(
        "lives",
        "a list that asks for several records",
        {"regime.lists.debtors.entry": {"records": 4}},
        act("steals"),
        UP,
        given={**KNOWN, "society.acts.steals.deterred": 1, "regime.rules.theft": {"act": "steals", "enters": "debtors"}},
    ),
    Row(
        "lives",
        "silence",
        {"society.acts.speaks.silenced": 0.9},
        act("speaks"),
        DOWN,
        given={"society.responses.fear_of_watching": 15},
    ),
    Row(
        "lives",
        "an act that leads to another",
        {"society.acts.steals.leads_to": [{"act": "defaults", "after": "5 days", "share": 0.5}]},
        act("defaults"),
        UP,
    ),
    Row("lives", "an act behind an open door", {"society.acts.strolls.door": "loan"}, act("strolls"), DOWN),
    Row("lives", "an act behind a closed door", {"society.acts.strolls.behind": "loan"}, act("strolls"), DOWN),
    # observed
    Row("observed", "coverage", {"regime.sources.camera.sees.steals": 0.9}, RECORDS, UP),
    Row("observed", "misidentification", {"regime.sources.camera.misidentified": 0.3}, ERRONEOUS, UP),
    Row(
        "observed",
        "sharper eyes for the minority",
        {"regime.sources.camera.hit_by_group": 2},
        of_group("penal right", 1),
        UP,
    ),
    Row(
        "observed",
        "misidentification by group",
        {"regime.sources.camera.misidentified_by_group": 4},
        records("misidentified"),
        UP,
        given={"regime.sources.camera.misidentified": 0.2},
    ),
    Row(
        "observed",
        "witnesses",
        {"regime.sources.neighbours.sees.steals": 0.8},
        act("tells"),
        UP,
        given={"society.responses.reports": 0.8},
    ),
    Row(
        "observed",
        "witnesses who report",
        {"society.responses.reports": 0.8},
        flow("penal right"),
        UP,
        given={"regime.sources.neighbours.sees.steals": 0.8},
    ),
    Row(
        "observed",
        "a reward for reporting",
        {"regime.rules.informing": {"act": "tells", "points": 5}},
        act("tells"),
        UP,
        given={**KNOWN, **REPORTING, "society.acts.tells.encouraged": 2},
    ),
    Row(
        "observed",
        "reports from a grudge",
        {"society.acts.tells.grudge": 2},
        act("tells"),
        UP,
        given={**WRONGED, **REPORTING},
    ),
    Row(
        "observed",
        "false reports from a grudge",
        {"society.acts.slanders.grudge": 2},
        act("slanders"),
        UP,
        given={**WRONGED, "society.acts.slanders.rate": 5, "society.acts.slanders.headroom": 3},
    ),
    Row("observed", "false reports", {"society.acts.slanders.rate": 5}, ERRONEOUS, UP),
    Row("observed", "planted records", PLANT, ERRONEOUS, UP, given=PLANTING),
    Row("observed", "planted on the outspoken", {"society.critic": "loud"}, LOUD, DOWN, given={**PLANTING, **PLANT}),
    Row("observed", "erased records", {"regime.powers.erase": True}, POINTS, UP, given={"society.acts.erases.rate": 8}),
    Row(
        "observed",
        "false alerts",
        {"regime.sources.camera.mistakes": {"strolls": {"recorded_as": "steals", "share": 0.2}}},
        ERRONEOUS,
        UP,
    ),
    Row("observed", "faked merits", {"society.acts.pretends.rate": 5}, moved("faked", "gained"), UP),
    # linked
    Row("linked", "missed links", {"regime.sources.camera.link.missed": 0.5}, MISSED, UP),
    Row(
        "linked",
        "joined by name",
        {"regime.sources.camera.link.by_name": 0.8},
        ERRONEOUS,
        UP,
        given={"society.namesakes": 2},
    ),
    Row(
        "linked",
        "namesakes",
        {"society.namesakes": 3},
        records("mislinked"),
        UP,
        given={"regime.sources.camera.link.by_name": 0.8},
    ),
    Row(
        "linked",
        "most namesakes",
        {"society.namesakes_most": 1},
        records("mislinked"),
        DOWN,
        given={"regime.sources.camera.link.by_name": 0.8, "society.namesakes": 3},
    ),
    Row("linked", "mistyped records", {"regime.sources.office.mistyped": 0.5}, ERRONEOUS, UP),
    Row("linked", "late records", {"regime.sources.camera.late": {"share": 0.9, "up_to": "120 days"}}, MISSED, UP),
    # scored
    Row("scored", "rules that cover some people", {"regime.applies_to": {"loud": ["loud"]}}, LOST, DOWN),
    Row("scored", "discretion", DISCRETION, SPREAD, UP),
    Row("scored", "bent discretion", {"regime.powers.bent": {"share": 0.5}}, ERRONEOUS, UP, given=DISCRETION),
    Row(
        "scored",
        "discretion bent against people",
        {"regime.powers.bent": {"share": 0.5, "against": 1}},
        LOST,
        UP,
        off={"regime.powers.bent": {"share": 0.5, "against": 0}},
        given=DISCRETION,
    ),
    Row(
        "scored", "a class set for a term", {"regime.rules.theft.set_class": {"to": "D", "term": "60 days"}}, BEGUN, UP
    ),
    Row(
        "scored",
        "length of the term",
        {"regime.rules.theft.set_class": {"to": "D", "term": "150 days"}},
        STANDING,
        UP,
        off={"regime.rules.theft.set_class": {"to": "D", "term": "10 days"}},
    ),
    Row("scored", "caps", {"regime.rules.theft.cap": {"points": 12}}, LOST, DOWN),
    Row("scored", "repetition", {"regime.rules.theft.repeat": {"from": 2, "times": 3}}, LOST, UP),
    Row(
        "scored",
        "the gravest rule only",
        {"regime.stacking": "gravest"},
        LOST,
        DOWN,
        given={"regime.rules.theft-again": {"act": "steals", "points": -4}},
    ),
    Row(
        "scored",
        "windows",
        {"regime.rules.theft.window": "9 days"},
        refusal("old"),
        UP,
        given={"regime.sources.camera.delay": "10 days"},
    ),
    Row("scored", "expiry", {"regime.rules.theft.expires": "30 days"}, POINTS, UP),
    Row(
        "scored",
        "expiry counted from the act",
        {"regime.rules.theft.counts_from": "act"},
        POINTS,
        UP,
        given={"regime.rules.theft.expires": "60 days", "regime.sources.camera.delay": "30 days"},
    ),
    Row("scored", "fines", {"regime.rules.theft.fine": 5}, level("need"), UP),
    # graded
    Row("graded", "a higher floor", {"regime.ladder.classes.2.floor": 85}, BEGUN, UP),
    Row("graded", "a list by act", PENALTY, listed("debtors", "entered"), UP),
    Row("graded", "a list by class", CLASS_LIST, listed("debtors", "entered"), UP),
    Row(
        "graded",
        "a list by count",
        {"regime.lists.debtors.entry": {"records": 2}},
        listed("debtors", "entered"),
        DOWN,
        given=PENALTY,
    ),
    Row(
        "graded",
        "a term",
        {"regime.lists.debtors.term": "20 days"},
        ON_DEBTORS,
        DOWN,
        off={"regime.lists.debtors.term": None},
    ),
    Row(
        "graded",
        "longer terms for those listed before",
        {"regime.lists.debtors.later_terms": ["1 year"]},
        ON_DEBTORS,
        UP,
        given={**PENALTY, "regime.lists.debtors.term": "20 days"},
    ),
    Row(
        "graded",
        "doing what is asked",
        {"regime.lists.debtors.fulfil": {"share": 0.8, "within": "20 days"}},
        ON_DEBTORS,
        DOWN,
    ),
    Row("graded", "renewal while the condition holds", CLASS_LIST, listed("debtors", "renewed"), UP),
    Row(
        "graded",
        "exit when records expire",
        {"regime.rules.default.expires": "20 days"},
        ON_DEBTORS,
        DOWN,
        given={"regime.lists.debtors.term": None},
    ),
    Row("graded", "wiping", {"regime.lists.debtors.wipes": True}, POINTS, UP),
    Row(
        "graded",
        "what a list claims",
        {"regime.lists.debtors.claims": {"says": "can pay", "true_of": {"income": ["highest"]}}},
        door("mistaken", "mistaken spells"),
        UP,
    ),
    Row(
        "graded",
        "what a class claims",
        {"regime.ladder.classes.3.claims": {"says": "is loud", "true_of": {"loud": ["loud"]}}},
        door("mistaken", "mistaken spells"),
        UP,
    ),
    Row(
        "graded",
        "bounds of harm",
        {"regime.bounds_of_harm": {"moderate": "30 days"}},
        door("disproportionate", "disproportionate spells"),
        UP,
    ),
    Row(
        "graded",
        "sanctions for a protected act",
        {"society.acts.speaks.protected": "speech"},
        door("protected", "spells for a protected act"),
        UP,
        off={"society.acts.speaks.protected": "none"},
    ),
    Row(
        "graded",
        "sanctions from another domain",
        {"society.acts.steals.domain": "travel"},
        door("cross-context", "cross-context spells"),
        DOWN,
    ),
    # gated
    Row("gated", "closed to a class", {"regime.gates.school": {"classes": ["C", "D"]}}, REFUSED, UP),
    Row("gated", "closed to the listed", {"regime.gates.school": {"lists": ["debtors"]}}, REFUSED, UP),
    Row(
        "gated",
        "human deciders",
        {"regime.gates.flight.human": 1},
        REFUSED,
        DOWN,
        given={"regime.gates.flight.reliance": 0.2},
    ),
    Row(
        "gated",
        "humans who follow the score",
        {"regime.gates.flight.reliance": 1},
        REFUSED,
        UP,
        off={"regime.gates.flight.reliance": 0.2},
        given={"regime.gates.flight.human": 1},
    ),
    Row("gated", "price by class", {"regime.gates.loan.price": {"C": 200}}, door("price", "sum of prices"), UP),
    Row(
        "gated",
        "out of reach of the poor",
        {"society.services.loan.unaffordable": [0.9, 0.5, 0.2, 0, 0]},
        REFUSED,
        DOWN,
        given=PENALTY,
    ),
    # responds
    Row("responds", "fear of one's own sanctions", {"society.responses.fear_of_sanction": 4}, level("fear"), UP),
    Row(
        "responds",
        "fear by ties on a published list",
        {"society.responses.fear_of_ties": 3},
        level("fear"),
        UP,
        given=PUBLISHED,
    ),
    Row(
        "responds",
        "awareness by ties on a published list",
        {"society.responses.awareness_of_ties": 3},
        level("awareness"),
        UP,
        given=PUBLISHED,
    ),
    Row("responds", "publication of a list", PUBLISHED, level("fear"), UP, given={"society.responses.fear_of_ties": 3}),
    Row("responds", "fear of being watched", {"society.responses.fear_of_watching": 12}, level("fear"), UP),
    Row(
        "responds",
        "awareness by a record",
        {"society.responses.awareness_of_record": 4},
        level("awareness"),
        UP,
        given=TOLD,
    ),
    Row("responds", "announcement", {"regime.disclosure.announced": 1}, level("awareness"), UP),
    Row("responds", "lasting knowledge", {"regime.disclosure.lasting": 0.8}, level("awareness"), UP),
    Row("responds", "refusals that hurt", {"society.services.flight.hurt": 6}, level("need"), UP),
    # remedied
    Row("remedied", "being told", TOLD, flow("knew right"), UP),
    Row("remedied", "knowing without being told", {"society.responses.knows_untold": 0.5}, flow("knew right"), UP),
    Row(
        "remedied",
        "appeals",
        {"regime.remedy": REMEDY},
        POINTS,
        UP,
        off={"regime.remedy": {**REMEDY, "appeals": False}},
        given=APPEALING,
    ),
    Row(
        "remedied",
        "the wronged appeal",
        {"society.responses.appeals_if_wrong": 0.9},
        flow("filed wrong"),
        UP,
        off={"society.responses.appeals_if_wrong": 0},
        given={**APPEALING, "regime.remedy": REMEDY},
    ),
    Row(
        "remedied",
        "others appeal",
        {"society.responses.appeals_if_right": 0.9},
        flow("filed right"),
        UP,
        off={"society.responses.appeals_if_right": 0},
        given={**APPEALING, "regime.remedy": REMEDY},
    ),
    Row(
        "remedied",
        "waiting",
        {"regime.remedy.wait": "100 days"},
        flow("decided wrong"),
        DOWN,
        given={**APPEALING, "regime.remedy": REMEDY},
    ),
    Row(
        "remedied",
        "capacity",
        {"regime.remedy.a_month": 5},
        flow("decided wrong"),
        DOWN,
        given={**APPEALING, "regime.remedy": REMEDY},
    ),
    Row(
        "remedied",
        "winning when wronged",
        {"regime.remedy.wins_if_wrong": 0.9},
        POINTS,
        UP,
        off={"regime.remedy.wins_if_wrong": 0},
        given={**APPEALING, "regime.remedy": REMEDY},
    ),
    Row(
        "remedied",
        "winning otherwise",
        {"regime.remedy.wins_if_right": 0.9},
        POINTS,
        UP,
        off={"regime.remedy.wins_if_right": 0},
        given={**APPEALING, "regime.remedy": REMEDY},
    ),
    Row(
        "remedied",
        "a won appeal against a listing",
        {"regime.remedy": REMEDY},
        ON_DEBTORS,
        DOWN,
        given={**APPEALING, **PENALTY, "regime.lists.debtors.term": "10 years"},
    ),
    Row(
        "remedied",
        "a won appeal against a class set for a term",
        {"regime.remedy": REMEDY},
        STANDING,
        DOWN,
        given={**APPEALING, "regime.rules.theft": {"act": "steals", "set_class": {"to": "D", "term": "150 days"}}},
    ),
    Row(
        "remedied",
        "oversight",
        {"regime.powers.oversight": 0.9},
        POINTS,
        UP,
        given={**PLANTING, **PLANT, "regime.powers.oversight_after": "5 days"},
    ),
    Row(
        "remedied",
        "oversight that comes late",
        {"regime.powers.oversight_after": "120 days"},
        POINTS,
        DOWN,
        off={"regime.powers.oversight_after": "5 days"},
        given={**PLANTING, **PLANT, "regime.powers.oversight": 0.9},
    ),
    # settling
    Row(
        "settling",
        "need fades",
        {"society.responses.need_half_life": "1 month"},
        level("need"),
        DOWN,
        off={"society.responses.need_half_life": "10 years"},
        given={"regime.rules.theft.fine": 5},
    ),
    Row(
        "settling",
        "fear fades",
        {"society.responses.fear_half_life": "1 month"},
        level("fear"),
        DOWN,
        off={"society.responses.fear_half_life": "10 years"},
        given=MONTHLY_FEAR,
    ),
    Row(
        "settling",
        "awareness fades",
        {"society.responses.awareness_half_life": "1 month"},
        level("awareness"),
        DOWN,
        off={"society.responses.awareness_half_life": "10 years"},
        given={"regime.disclosure.announced": 1},
    ),
    Row(
        "settling", "rest of need by income", {"society.responses.need_by_income": [10, 8, 6, 4, 2]}, level("need"), UP
    ),
    Row("settling", "spill-over, shown", {"regime.spill_over": {"weight": 0.6}}, SHOWN_SPREAD, DOWN),
    Row(
        "settling",
        "sanctions for another's act",
        {"regime.spill_over": {"weight": 0.6}},
        door("for another", "spells for another's act"),
        UP,
    ),
    Row("settling", "spill-over, absorbed", {"regime.spill_over": {"mode": "absorbed", "weight": 0.6}}, SPREAD, DOWN),
    Row(
        "settling",
        "weight of the household",
        {"regime.spill_over.household": 100},
        SHOWN_SPREAD,
        UP,
        given={"regime.spill_over": {"weight": 0.6, "near": 1}},
    ),
    Row(
        "settling",
        "weight of near ties",
        {"regime.spill_over.near": 100},
        SHOWN_SPREAD,
        DOWN,
        off={"regime.spill_over.near": 0},
        given={"regime.spill_over": {"weight": 0.6, "far": 1}},
    ),
    Row(
        "settling",
        "weight of far ties",
        {"regime.spill_over.far": 1},
        SHOWN_SPREAD,
        DOWN,
        given={"regime.spill_over": {"weight": 0.6, "household": 1, "near": 0}},
        people=4096,
    ),  # far ties reach across a whole page; of a page that is not full most find nobody
    Row("settling", "ties cut", {"society.responses.cut": 0.5}, flow("ties cut"), UP),
    Row(
        "settling",
        "ties mended",
        {"society.responses.mend": 0.9},
        flow("ties mended"),
        UP,
        given={**PUBLISHED, "society.responses.cut": 0.5},
    ),
    Row(
        "settling",
        "household reach",
        {"regime.lists.debtors.household": {"who": "all", "onto": "kin"}},
        door("for another", "spells for another's act"),
        UP,
        given={**KIN, "regime.rules.speech.enters": "kin"},
    ),
    Row(
        "settling",
        "household reach, children only",
        {"regime.lists.debtors.household": {"who": "children", "onto": "kin"}},
        door("for another", "spells for another's act"),
        DOWN,
        off={"regime.lists.debtors.household": {"who": "all", "onto": "kin"}},
        given=KIN,
    ),
    Row("settling", "monthly publication", {"regime.ladder.publish": "monthly"}, BEGUN, DOWN),
    Row("settling", "perks", {"regime.ladder.classes.0.perk": 10}, flow("perks"), UP),
    Row(
        "settling",
        "settling more often",
        {"society.settle_every": 10},
        flow("perks"),
        UP,
        given={"regime.ladder.classes.0.perk": 10},
    ),
]


# Running --------------------------------------------------------------------------------------------------------------


@cache
def written(name: str) -> dict[str, Any]:
    """The plain data of one of the two files."""
    return dict(YAML(typ="safe", pure=True).load((HERE / f"{name}.yaml").read_text(encoding="utf-8")))


def changed(data: dict[str, Any], path: list[str], value: Any) -> None:
    """Set a key deep in the data, making room for it; `None` removes it. Numbers count into lists."""
    here: Any = data
    for part in path[:-1]:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    if value is None:
        here.pop(path[-1], None)
    else:
        here[path[-1]] = copy.deepcopy(value)


def files(*changes: Changes) -> tuple[Society, Regime]:
    """Society and regime with these changes, written out and read again as anybody's files are."""
    data = {"society": copy.deepcopy(written("town")), "regime": copy.deepcopy(written("rules"))}
    for each in changes:
        for path, value in each.items():
            which, *rest = path.split(".")
            changed(data[which], rest, value)
    with tempfile.TemporaryDirectory() as folder:
        for which, content in data.items():
            with (Path(folder) / f"{which}.yaml").open("w", encoding="utf-8") as file:
                YAML().dump(content, file)
        society = load_society(Path(folder) / "society.yaml")
        return society, load_regime(Path(folder) / "regime.yaml", society)


@lru_cache(maxsize=16)  # each is wanted once for every seed
def files_of(changes: str) -> tuple[Society, Regime]:
    """Society and regime by the changes as JSON."""
    return files(*json.loads(changes))


@lru_cache(maxsize=128)  # half of the rows are compared with the plain town
def lived(changes: str, people: int, seed: int) -> World:
    """A world after its days, by the changes as JSON."""
    world = World(*files_of(changes), people, seed)
    world.run(DAYS)
    world.finish()
    return world


def measured(row: Row, how: Changes, seed: int) -> float:
    """The row's measure in one world."""
    return row.measure.count(lived(json.dumps([row.given, how]), row.people, seed))


@cache
def _found(place: int) -> Found:
    row = ROWS[place]
    apart = np.array([measured(row, row.on, seed) - measured(row, row.off, seed) for seed in SEEDS])
    half = stats.t.ppf((1 + CONFIDENCE) / 2, len(SEEDS) - 1) * apart.std(ddof=1) / np.sqrt(len(SEEDS))
    return Found(float(apart.mean()), float(half))


def found(row: Row) -> Found:
    """What switching the mechanism on does to its measure, over the seeds; worked out once."""
    return _found(ROWS.index(row))
