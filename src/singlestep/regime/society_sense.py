"""What a society file must make sense of as a whole: names that exist, rates under their ceilings, no circles."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from singlestep.quantities import Quantity
from singlestep.regime.complaints import show
from singlestep.regime.whole import KeyPath, Notes, Whole
from singlestep.society.schema import BUILT_IN, MOST_ARCHETYPES, Act, Service, Society
from singlestep.society.tables import MOST_OCCASIONS, ceilings
from singlestep.words import errors as words

RAISES = ("need", "encouraged", "gamed", "grudge")
MOST_NAMESAKES = 1000
A_HAIR = 1e-9


def check(society: Society, whole: Whole) -> None:
    """Raises `Refused`, with file and line, if the parts of the society do not fit together."""
    notes = Notes(whole)
    _check_traits(society, notes)
    _check_archetype(society, notes)
    _check_named_traits(society, notes)
    for name, act in society.acts.items():
        path = ("acts", name)
        _check_who(society, act, path, notes)
        _check_headroom(act, path, notes)
        _check_links(society, name, act, path, notes)
    for name, service in society.services.items():
        if name in society.acts:
            notes.add(("services", name), words.KIND_TWICE, name=name)
        _check_who(society, service, ("services", name), notes)
    _check_circles(society, notes)
    namesakes = society.namesakes.value
    if not 0 <= namesakes <= MOST_NAMESAKES:
        bounds: dict[str, Any] = {"low": 0, "high": MOST_NAMESAKES}
        notes.add(("namesakes",), words.OUT_OF_BOUNDS, value=f"{namesakes:g}", key="namesakes", **bounds)
    notes.settle()
    _check_ceilings(society, notes)
    notes.settle()


def _check_traits(society: Society, notes: Notes) -> None:
    for name, trait in society.traits.items():
        if name in BUILT_IN:
            notes.add(("traits", name), words.TRAIT_BUILT_IN, name=name)
        notes.once(("traits", name, "levels"), trait.levels)


def _check_archetype(society: Society, notes: Notes) -> None:
    known = {**BUILT_IN, **society.traits}
    path: KeyPath = ("archetype",)
    notes.once(path, society.archetype)
    for number, trait in enumerate(society.archetype):
        notes.known((*path, number), "trait", trait, known, words.THIS_SOCIETY)
    count = prod(len(society.levels_of(trait)) for trait in dict.fromkeys(society.archetype) if trait in known)
    if count > MOST_ARCHETYPES:
        notes.add(path, words.TOO_MANY_KINDS, count=count, most=MOST_ARCHETYPES)


def _check_named_traits(society: Society, notes: Notes) -> None:
    for key, trait in (("group", society.group), ("critic", society.critic)):
        if trait is None:
            continue
        if trait in BUILT_IN:
            write = words.WRITE_ONE_OF.format(choices=", ".join(f"`{name}`" for name in society.traits))
            notes.add((key,), words.DECLARED_ONLY, name=trait, key=key, write=write)
        elif notes.known((key,), "trait", trait, society.traits, words.THIS_SOCIETY):
            count = len(society.traits[trait].levels)
            if key == "group" and count != 2:
                notes.add((key,), words.GROUP_LEVELS, name=trait, count=count)


def check_levels(society: Society, named: Mapping[str, list[str]], path: KeyPath, owner: str, notes: Notes) -> None:
    """Complaints about traits and levels that the society does not have, repeated levels and empty lists."""
    known = {**BUILT_IN, **society.traits}
    for trait, levels in named.items():
        here = (*path, trait)
        if not notes.known(here, "trait", trait, known, owner):
            continue
        if not levels:
            notes.add(here, words.NAMES_NOBODY, key=trait)
        notes.once(here, levels)
        for number, level in enumerate(levels):
            notes.known((*here, number), "level", level, society.levels_of(trait), words.THE_TRAIT.format(name=trait))


def _check_who(society: Society, kind: Act | Service, path: KeyPath, notes: Notes) -> None:
    check_levels(society, kind.who, (*path, "who"), words.THIS_SOCIETY, notes)
    known = {**BUILT_IN, **society.traits}
    for trait, factors in kind.times.items():
        here = (*path, "times", trait)
        if notes.known(here, "trait", trait, known, words.THIS_SOCIETY):
            for level in factors:
                owner = words.THE_TRAIT.format(name=trait)
                notes.known((*here, level), "level", level, society.levels_of(trait), owner)


def _check_headroom(act: Act, path: KeyPath, notes: Notes) -> None:
    """Each thing that makes an act more frequent must fit under the ceiling alone; together they may saturate it."""
    for key in RAISES:
        raised: Quantity | None = getattr(act, key)
        if raised is not None and 1 + raised.value > act.headroom + A_HAIR:
            details: dict[str, Any] = {"total": f"{1 + raised.value:g}", "headroom": f"{act.headroom:g}"}
            notes.add((*path, key), words.ABOVE_HEADROOM, value=f"{raised.value:g}", key=key, **details)


def _check_links(society: Society, name: str, act: Act, path: KeyPath, notes: Notes) -> None:
    if act.door is not None:
        notes.known((*path, "door"), "door", act.door, society.services, words.THIS_SOCIETY)
    if act.behind is not None:
        notes.known((*path, "behind"), "door", act.behind, society.services, words.THIS_SOCIETY)
        if act.behind == act.door:
            notes.add((*path, "behind"), words.DOOR_AND_BEHIND, name=act.door)
    if act.does == "fake" and act.fakes is None:
        notes.add((*path, "does"), words.FAKES_MISSING)
    if act.fakes is not None:
        if act.does != "fake":
            notes.add((*path, "fakes"), words.FAKES_NEEDLESS)
        elif act.fakes == name:
            notes.add((*path, "fakes"), words.FAKES_ITSELF, name=name)
        notes.known((*path, "fakes"), "act", act.fakes, society.acts, words.THIS_SOCIETY)
    notes.once((*path, "leads_to"), [follow.act for follow in act.leads_to])
    for number, follow in enumerate(act.leads_to):
        notes.known((*path, "leads_to", number, "act"), "act", follow.act, society.acts, words.THIS_SOCIETY)


def _check_circles(society: Society, notes: Notes) -> None:
    """A complaint for each `leads_to` that closes a circle, found by walking the acts once."""
    done: set[str] = set()
    for start in society.acts:
        way: list[str] = []
        todo = [(start, 0)] if start not in done else []
        while todo:
            name, number = todo.pop()
            follows = society.acts[name].leads_to if name in society.acts else []
            if number == 0:
                way.append(name)
            if number >= len(follows):
                done.add(way.pop())
                continue
            todo.append((name, number + 1))
            following = follows[number].act
            if following in way:
                circle = " -> ".join(map(show, [*way[way.index(following) :], following]))
                place = ("acts", name, "leads_to", number, "act")
                notes.add(place, words.FOLLOWS_IN_CIRCLE, name=following, way=circle)
            elif following not in done:
                todo.append((following, 0))


def _check_ceilings(society: Society, notes: Notes) -> None:
    """A complaint if some kind of people would have more occasions a day than a day holds."""
    levels = [society.levels_of(trait) for trait in society.archetype]
    for combination, whole in zip(product(*levels), ceilings(society).sum(axis=1), strict=True):
        rate = int(whole) / (1 << 32)
        if rate > MOST_OCCASIONS:
            who = ", ".join(combination) or "any"
            notes.add(("acts",), words.TOO_BUSY, rate=f"{rate:.3g}", kind=who, most=MOST_OCCASIONS)
            return
