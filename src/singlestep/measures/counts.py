"""Tallies turned into measures: numerator, denominator and value of each, overall and by who it happened to.

What each measure means, its formula and its source stand in `singlestep.words.measures` under the same name. Harm terms
are counted apart and never added: one spell (one door shut on one person, from shutting to opening) can be several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import tallies
from singlestep.words import measures as words

if TYPE_CHECKING:
    from singlestep.regime.schema import Regime, Rule
    from singlestep.society.schema import Society

Counts = NDArray[np.int64]
FIFTHS = ("lowest", "lower", "middle", "upper", "highest")
NO_CLASS = "no-class"
ACT = tallies.column(tallies.ACT)
CAUSE = tallies.column(tallies.CAUSES)
DOOR = tallies.column(tallies.DOOR)
FLOW = tallies.column(tallies.FLOW)
LISTING = tallies.column(tallies.LISTING)
RULE = tallies.column(tallies.RULE)
# Causes in the tally of sources that put no record under anybody's name; the second is counted once more on delivery.
UNMADE = ("missed", "erased")
HARMS = {  # measure: the column that counts it, the column of all it could have been
    "erroneous": ("erroneous", "begun"),
    "mistaken": ("mistaken", "begun"),
    "protected": ("protected", "begun"),
    "for another": ("for another", "begun"),
    "cross-context": ("cross-context", "begun"),
    "disproportionate": ("disproportionate", "ended"),
    "overlong": ("overlong days", "closed days"),
    "missed": ("missed", "clean begun"),
}
FUNNEL = ("told", "knew", "filed", "decided", "won")


class Ratio(NamedTuple):
    """One measure: what was counted, of how many, and the value `times` their ratio (None when of nothing)."""

    numerator: int
    denominator: int
    times: int = 1

    @property
    def value(self) -> float | None:
        """times x numerator / denominator, or None when the denominator is nought."""
        return self.times * self.numerator / self.denominator if self.denominator else None


Rows = dict[str, Ratio]


@dataclass(frozen=True)
class Names:
    """Names of what the tallies' rows stand for, in the order of the files."""

    acts: tuple[str, ...]
    harms: tuple[str, ...]  # of each act: none to grave
    rights: tuple[str, ...]  # of each act: the right it exercises, or none
    topics: tuple[str | None, ...]  # of each act
    sources: tuple[str, ...]
    bodies: tuple[str, ...]  # of each source
    rules: tuple[str, ...]
    rule_acts: tuple[str, ...]  # of each rule
    penal: tuple[bool, ...]  # of each rule: whether it is to somebody's disadvantage
    doors: tuple[str, ...]
    lists: tuple[str, ...]
    classes: tuple[str, ...]

    @classmethod
    def of(cls, society: Society, regime: Regime) -> Names:
        """The names in these two files."""
        acts, rungs = society.acts.values(), regime.ladder.classes if regime.ladder else []
        return cls(
            acts=tuple(society.acts),
            harms=tuple(act.harm for act in acts),
            rights=tuple(act.protected for act in acts),
            topics=tuple(act.topic for act in acts),
            sources=tuple(regime.sources),
            bodies=tuple(source.body for source in regime.sources.values()),
            rules=tuple(regime.rules),
            rule_acts=tuple(rule.act for rule in regime.rules.values()),
            penal=tuple(_is_penal(rule) for rule in regime.rules.values()),
            doors=tuple(society.services),
            lists=tuple(regime.lists),
            classes=tuple(rung.name for rung in rungs) or (NO_CLASS,),
        )


@dataclass(frozen=True)
class Counted:
    """One world at its end: its tallies (shapes in `engine/tallies.py`), their names, its years and sum of points."""

    names: Names
    tallies: dict[str, Counts]
    people: int
    years: int
    points: int = 0  # sum of own points at the end

    @property
    def person_years(self) -> int:
        """People times years; nobody comes or goes."""
        return self.people * self.years

    def door(self, column: str) -> Counts:
        """A column of the doors' tally over all doors, by cell; shape (10,). Days are those of doors still shut, too."""
        counted = self.tallies["door"][:, DOOR[column], :].sum(axis=0)
        if column in tallies.SHUT:
            counted = counted + self.tallies["stock_spell"][:, tallies.SHUT.index(column), :].sum(axis=0)
        return counted

    def flow(self, row: str) -> int:
        """A row of the flow, over all cells."""
        return int(self.tallies["flow"][FLOW[row]].sum())


def measured(world: Counted) -> dict[str, Rows]:
    """Every measure of one world by itself: measure -> what it is about ("all", "income lowest", ...) -> ratio."""
    return {
        **_harms(world),
        **_remedies(world),
        **_acts(world),
        **_doors(world),
        **_lists(world),
        **_records(world),
        **_levels(world),
    }


def compared(world: Counted, twin: Counted) -> dict[str, Rows]:
    """Measures that need both worlds: acts fewer here than the same people did in the twin (negative: more)."""
    here, there = world.tallies["act"][:, ACT["taken"]], twin.tallies["act"][:, ACT["taken"]]

    def rows(kinds: dict[str, Counts]) -> Rows:
        return {of: Ratio(int((there - here)[acts].sum()), int(there[acts].sum())) for of, acts in kinds.items()}

    return {
        "fewer protected acts": rows(_protected(world.names)),
        "fewer harmless acts": rows(_harmless(world.names)),
        "fewer harmful acts": rows(_harmful(world.names)),
    }


# By whom -------------------------------------------------------------------------------------------------------------
def by_people(numerator: Counts, denominator: Counts, times: int = 1) -> Rows:
    """Rows over everyone, by income fifth and by group, of two counts by cell (shape (10,) each)."""
    upper, lower = numerator.reshape(5, 2), denominator.reshape(5, 2)
    rows = {words.ALL: Ratio(int(upper.sum()), int(lower.sum()), times)}
    for fifth, level in enumerate(FIFTHS):
        rows[words.BY_INCOME.format(level=level)] = Ratio(int(upper[fifth].sum()), int(lower[fifth].sum()), times)
    for group, name in enumerate(words.BY_GROUP):
        rows[name] = Ratio(int(upper[:, group].sum()), int(lower[:, group].sum()), times)
    return rows


def _harms(world: Counted) -> dict[str, Rows]:
    """Each harm term as a share of what it could have been, and for 1,000 people a year."""
    lived = world.tallies["stock_people"][0] * world.years
    found: dict[str, Rows] = {}
    for name, (column, whole) in HARMS.items():
        found[name] = by_people(world.door(column), world.door(whole))
        if name != "overlong":
            found[words.ALSO_PER_YEAR.format(name=name)] = by_people(world.door(column), lived, 1000)
    return found


def _remedies(world: Counted) -> dict[str, Rows]:
    """False points, and the funnel from a record to a won appeal, apart for wrong and for right records."""
    lost = world.tallies["cause"][:, 0]
    wrong, right = world.flow("penal wrong"), world.flow("penal right")
    found: dict[str, Rows] = {
        "false points": {words.ALL: Ratio(int(lost.sum() - lost[CAUSE["true"]]), int(lost.sum()))},
        "true penal": {words.ALL: Ratio(right, wrong + right)},
    }
    for side, whole in (("wrong", wrong), ("right", right)):
        for stage in FUNNEL:
            found[f"{stage} if {side}"] = {words.ALL: Ratio(world.flow(f"{stage} {side}"), whole)}
    return found


# Acts ----------------------------------------------------------------------------------------------------------------
def _kinds(of_each: Sequence[Any], label: str = "") -> dict[str, Counts]:
    """Places of the acts of each kind, kinds in order of first appearance; no kind: left out."""
    kinds: dict[str, list[int]] = {}
    for place, kind in enumerate(of_each):
        if kind is not None and kind != "none":
            kinds.setdefault(label + kind, []).append(place)
    return {kind: np.array(places, np.int64) for kind, places in kinds.items()}


def _all(kinds: dict[str, Counts]) -> Counts:
    return np.array(sorted({int(place) for places in kinds.values() for place in places}), np.int64)


def _protected(names: Names) -> dict[str, Counts]:
    """Places of all protected acts, of those of each right and of each topic."""
    rights = _kinds(names.rights)
    topics = [topic if right != "none" else None for topic, right in zip(names.topics, names.rights, strict=True)]
    return {words.ALL: _all(rights), **rights, **_kinds(topics, "topic ")}


def _harmless(names: Names) -> dict[str, Counts]:
    """Places of all acts that neither harm others nor are protected."""
    pairs = zip(names.harms, names.rights, strict=True)
    return {words.ALL: np.array([place for place, pair in enumerate(pairs) if pair == ("none", "none")], np.int64)}


def _harmful(names: Names) -> dict[str, Counts]:
    """Places of all acts that harm others, and of those of each grade."""
    grades = _kinds(names.harms)
    return {words.ALL: _all(grades), **grades}


def _acts(world: Counted) -> dict[str, Rows]:
    """Acts forgone out of fear and because of the rules; the ceilings met."""
    acts = world.tallies["act"]
    wanted = acts[:, [ACT["taken"], ACT["deterred"], ACT["silenced"]]].sum(axis=1)

    def rows(column: str, kinds: dict[str, Counts]) -> Rows:
        counted = acts[:, ACT[column]]
        return {of: Ratio(int(counted[places].sum()), int(wanted[places].sum())) for of, places in kinds.items()}

    outcomes = int(acts.sum() - acts[:, ACT["saturated"]].sum())
    occasions, cut_off = world.flow("occasions"), world.flow("cut off")
    return {
        "missed acts": _missed(world),
        "silence": rows("silenced", _protected(world.names)),
        "deterrence": rows("deterred", _harmful(world.names)),
        "saturated": {words.ALL: Ratio(int(acts[:, ACT["saturated"]].sum()), outcomes)},
        "cut off": {words.ALL: Ratio(cut_off, occasions + cut_off)},
    }


def _missed(world: Counted) -> Rows:
    """Acts that some rule penalises and that left no record under their author's name, over all and by act."""
    names, taken = world.names, world.tallies["act"][:, ACT["taken"]]
    left = world.tallies["left"].sum(axis=1)
    penalised = {act for act, penal in zip(names.rule_acts, names.penal, strict=True) if penal}
    kinds = {f"act {act}": place for place, act in enumerate(names.acts) if act in penalised}
    rows = {of: Ratio(int(taken[place] - left[place]), int(taken[place])) for of, place in kinds.items()}
    numerator, denominator = (sum(row[part] for row in rows.values()) for part in (0, 1))
    return {words.ALL: Ratio(numerator, denominator), **rows}


def _is_penal(rule: Rule) -> bool:
    lowest = rule.points[0] if isinstance(rule.points, tuple) else rule.points
    return lowest < 0 or rule.enters is not None or rule.set_class is not None or rule.fine > 0


# Doors, lists, classes -----------------------------------------------------------------------------------------------
def _doors(world: Counted) -> dict[str, Rows]:
    """Refusals as events, shut doors as persons."""
    door, stock = world.tallies["door"].sum(axis=2), world.tallies["stock_door"].sum(axis=2)

    def rows(column: str, whole: str) -> Rows:
        by_door = {
            f"door {name}": Ratio(int(door[place, DOOR[column]]), int(door[place, DOOR[whole]]))
            for place, name in enumerate(world.names.doors)
        }
        return {**by_people(world.door(column), world.door(whole)), **by_door}

    def shut(side: int) -> Rows:
        return {
            f"door {name}": Ratio(int(stock[place, side]), world.people) for place, name in enumerate(world.names.doors)
        }

    return {
        "unaffordable": rows("unaffordable", "asked"),
        "refused": rows("refused", "asked"),
        "refused by a human": rows("refused by a human", "refused"),
        "shut at the end": shut(0),
        "shut by a clean file": shut(1),
    }


def _lists(world: Counted) -> dict[str, Rows]:
    """Entries on lists, people on them and in each class at the end."""
    entered = world.tallies["listing"][:, 0, LISTING["entered"], :].sum(axis=1)
    listed = world.tallies["stock_list"][:, 0, :].sum(axis=1)
    classes = world.tallies["stock_class"].sum(axis=1)
    names = world.names
    return {
        "listed": {
            f"list {name}": Ratio(int(entered[place]), world.person_years, 1000)
            for place, name in enumerate(names.lists)
        },
        "listed at the end": {
            f"list {name}": Ratio(int(listed[place]), world.people) for place, name in enumerate(names.lists)
        },
        "class at the end": {
            f"class {name}": Ratio(int(classes[place]), int(classes.sum())) for place, name in enumerate(names.classes)
        },
    }


# Records and levels --------------------------------------------------------------------------------------------------
def _records(world: Counted) -> dict[str, Rows]:
    """Records made, by source; what became of them, by cause."""
    source = world.tallies["source"]
    made = source.sum(axis=1) - source[:, [CAUSE[cause] for cause in UNMADE]].sum(axis=1)
    arose = int(source.sum() - source[:, CAUSE["erased"]].sum())
    by_source = {
        f"source {name}": Ratio(int(made[place]), world.person_years) for place, name in enumerate(world.names.sources)
    }
    kept = world.tallies["kept"][:, 0]
    kept_by_source = {
        f"source {name}": Ratio(int(kept[place]), world.person_years) for place, name in enumerate(world.names.sources)
    }
    return {
        "records made": {words.ALL: Ratio(int(made.sum()), world.person_years), **by_source},
        "records kept": {words.ALL: Ratio(int(kept.sum()), world.person_years), **kept_by_source},
        "cause of records": {
            f"cause {name}": Ratio(int(source[:, place].sum()), arose) for place, name in enumerate(tallies.CAUSES)
        },
    }


def _levels(world: Counted) -> dict[str, Rows]:
    """How people stand at the end, ties cut, points clipped."""
    people, lived = world.tallies["stock_people"][0], world.tallies["stock_people"][0] * world.years
    levels = {
        f"{level} ({of})": ratio
        for place, level in enumerate(tallies.LEVELS)
        for of, ratio in by_people(world.tallies["stock_level"][place], people).items()
    }
    return {
        "level": levels,
        "own points": {words.ALL: Ratio(world.points, world.people)},
        "ties cut": by_people(world.tallies["flow"][FLOW["ties cut"]], lived, 1000),
        "clipped": {words.ALL: Ratio(world.flow("clipped recorded"), world.person_years)},
    }
