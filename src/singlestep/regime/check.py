"""Checking a file: it is read, it makes sense, and the examples inside a regime hold.

Examples run in the engine, among sixteen people who do nothing at all: the records of the example are put into the mail
of the first, and what the file then says is compared with what was expected. They hold or they do not; no score is
ever told. Left out are the things that depend on luck: appeals, favour, early fulfilment. Where officials choose from a
range, an example must hold for the lowest and for the highest choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singlestep.quantities import Rate
from singlestep.regime.complaints import Complaint, Refused, complain, show
from singlestep.regime.loader import USUAL_SOCIETY, is_society, load_society, load_whole_regime
from singlestep.regime.schema import Example, Regime, Remedy, Rule
from singlestep.regime.tables import meant
from singlestep.regime.whole import KeyPath, joined
from singlestep.society.schema import Society
from singlestep.words import errors as words
from singlestep.words import rulebook

if TYPE_CHECKING:
    from singlestep.engine.world import World

PEOPLE = 16
SEED = 1
LOWEST, HIGHEST = 0, 1
WHEN = {LOWEST: words.WHEN_LOW, HIGHEST: words.WHEN_HIGH, None: ""}


def check(path: str | Path, society: Society | None = None) -> list[str]:
    """What passed, a line each. Raises `Refused` if the file cannot stand or an example does not hold.

    `society`: the one a regime's acts and services belong to (`coast` if none is given); a society file takes none.
    """
    if is_society(path):
        if society is not None:
            raise Refused([complain(words.SOCIETY_FOR_A_SOCIETY, str(path), 0, society=society.name)])
        return [rulebook.SOCIETY_READ.format(name=load_society(path).name)]
    town = society if society is not None else load_society(USUAL_SOCIETY)
    regime, whole = load_whole_regime(path, town)
    passed = [rulebook.REGIME_READ.format(name=regime.name, society=town.name)]
    failures: list[Complaint] = []
    idle = idle_society(town)
    for number, example in enumerate(regime.examples):
        failed = list(_failures(example, regime, idle))
        for key, why, when in failed:
            file, line = whole.place(_place(number, key, whole.document.lines))
            details: dict[str, Any] = {
                "words": show(example.words),
                "day": last_day(example),
                "actual": why,
                "when": when,
                "key": key,
            }
            failures.append(complain(words.EXAMPLE_FAILED, file, line, **details))
        if not failed:
            passed.append(rulebook.EXAMPLE_HOLDS.format(words=example.words))
    if failures:
        raise Refused(failures)
    return passed


def _place(number: int, key: str, lines: Any) -> KeyPath:
    path: KeyPath = ("examples", number)
    return (*path, key) if (*path, key) in lines else path


def last_day(example: Example) -> int:
    """The day on which the example looks at the file: `on_day`, or the day after the last record."""
    if example.on_day is not None:
        return example.on_day
    return max((record.day + 1 for record in example.records), default=0)


def _failures(example: Example, regime: Regime, society: Society) -> Iterator[tuple[str, str, str]]:
    """Key, reason and circumstances of each part that does not hold."""
    ranges = any(isinstance(rule.points, tuple) for rule in regime.rules.values())
    seen: set[str] = set()
    for end in (LOWEST, HIGHEST) if ranges else (None,):
        world = _world(example, certain_regime(regime, end), society)
        for key, why in _differences(example, world, regime):
            if key not in seen:
                yield key, why, WHEN[end]
            seen.add(key)


# The world of an example ---------------------------------------------------------------------------------------------
def idle_society(society: Society) -> Society:
    """The same society, in which nobody ever does, asks or appeals anything."""
    never = {"rate": Rate(value=0, confidence="derived")}
    acts = {name: act.model_copy(update=never) for name, act in society.acts.items()}
    services = {name: service.model_copy(update=never) for name, service in society.services.items()}
    return society.model_copy(update={"acts": acts, "services": services})


def certain_regime(regime: Regime, end: int | None) -> Regime:
    """The same rules without luck: no appeals, favour or early fulfilment, for everyone, at one end of all ranges."""
    changes: dict[str, Any] = {"remedy": Remedy(), "applies_to": {}}
    changes["powers"] = regime.powers.model_copy(update={"bent": None})
    changes["lists"] = {name: x.model_copy(update={"fulfil": None}) for name, x in regime.lists.items()}
    if end is not None:
        changes["rules"] = {name: _at_end(rule, end) for name, rule in regime.rules.items()}
    return regime.model_copy(update=changes)


def _at_end(rule: Rule, end: int) -> Rule:
    return rule.model_copy(update={"points": rule.points[end]}) if isinstance(rule.points, tuple) else rule


def _world(example: Example, regime: Regime, society: Society) -> World:
    """The world of the example at the end of its last day. Records of day d are scored on the world's day d + 1."""
    from singlestep.engine.warming import warm
    from singlestep.engine.world import World

    warm()
    world = World(society, regime, PEOPLE, SEED)
    for record in example.records:
        if any(rule.act == record.act and meant(rule, record.by) for rule in regime.rules.values()):
            world.record(0, record.by, record.act, record.day + 1, record.day)
    while world.day <= last_day(example) + 1:
        world.step()
    return world


# What it shows -------------------------------------------------------------------------------------------------------
def _differences(example: Example, world: World, regime: Regime) -> Iterator[tuple[str, str]]:
    """Each part of the file that is not as expected: its key, and what came instead (never how many points)."""
    if example.points is not None:
        low, high = example.points if isinstance(example.points, tuple) else (example.points, example.points)
        points = int(world.points[0])
        if not low <= points <= high:
            came = words.CAME_LOWER if points < low else words.CAME_HIGHER
            yield "points", came.format(expected=low if low == high else words.RANGE.format(low=low, high=high))
    if example.in_class is not None and regime.ladder is not None:
        name = regime.ladder.classes[world.class_of(0)].name
        if name != example.in_class:
            yield "in_class", words.CAME_CLASS.format(actual=name, expected=example.in_class)
    if example.lists is not None:
        bits = int(world.lists[0])
        lists = [name for number, name in enumerate(regime.lists) if bits >> number & 1]
        yield from _unlike("lists", words.CAME_LISTS, lists, example.lists)
    if example.doors_shut is not None:
        yield from _unlike("doors_shut", words.CAME_DOORS, world.doors_shut(0), example.doors_shut)


def _unlike(key: str, sentence: str, actual: list[str], expected: list[str]) -> Iterator[tuple[str, str]]:
    if set(actual) != set(expected):
        shown = {"actual": joined(actual) or words.NO_NAMES, "expected": joined(expected) or words.NO_NAMES}
        yield key, sentence.format(**shown)
