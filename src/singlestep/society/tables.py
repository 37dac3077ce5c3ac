"""A society as integer tables: what the engine reads instead of the file. Made once, before the first step.

Floats appear only here, with + and x in the order docs/model.md states; exponentials come from `decimal`, so that the
tables are alike on every machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.quantities import DAYS_A_YEAR, WORD, days, threshold
from singlestep.society.schema import AGES, BUILT_IN, FIFTHS, GRADES, ROLES, Act, Service, Society

MOST_OCCASIONS = 4
KINDS_AT_A_TIME = 4096
MANY_KINDS = 4096  # of more, those that are met equally often by everybody are picked together
ROLE_LETTERS = tuple(ROLES)
PATTERNS = ("none", "town", "ring")
DOES = ("nothing", "report", "false-report", "plant", "erase", "fake")

# Columns of tables with a row for each sort of kind (act or service) and for each follow-up act.
(
    KIND_DOMAIN, NEED, ENCOURAGED, GAMED, GRUDGE, HEADROOM, DETERRED, SILENCED, DOES_WHAT, FAKES, SHUT_OFF_BY,
    BEHIND, EXERCISES_RIGHT, HARM,
) = range(14)  # fmt: skip
FOLLOW_ACT, FOLLOW_AFTER, FOLLOW_SHARE = range(3)
BY_TRAIT, BY_HOME, BY_SEVERAL = 1, 2, 3  # ways in which a kind is thinned

Ints = NDArray[np.int64]


def key(name: str) -> int:
    """The 32-bit key by which draws know a name."""
    return zlib.crc32(name.encode())


def poisson_thresholds(rate: Decimal, count: int) -> list[int]:
    """round(2^32 x P(n <= k)) for k = 0 .. count-1."""
    with localcontext() as context:
        context.prec = 40
        term = (-rate).exp()
        total, thresholds = term, []
        for k in range(count):
            thresholds.append(int((total * WORD).to_integral_value()))
            term = term * rate / (k + 1)
            total += term
    return thresholds


def fading(half_life: str) -> int:
    """The share of a level's distance from rest that is lost a month, as a 32-bit threshold."""
    with localcontext() as context:
        context.prec = 40
        months = Decimal(DAYS_A_YEAR) / 12 / max(1, days(half_life))
        return int(((1 - (-months * Decimal(2).ln()).exp()) * WORD).to_integral_value())


def greatest_factor(society: Society, kind: Act | Service, trait: str) -> float:
    """The greatest factor of any level of this trait."""
    factors = kind.times[trait]
    return max(factors[level].value if level in factors else 1.0 for level in society.levels_of(trait))


def _factors(society: Society, kind: Act | Service, places: dict[str, Ints]) -> Iterator[NDArray[np.float64] | float]:
    """By what the rate of this kind is multiplied, one after the other: for each archetype, or for all of them alike.

    `places` are the archetypes' levels by trait, as places among the trait's levels; shape [archetypes] each.
    """
    for trait, allowed in kind.who.items():
        if trait in places:
            yield np.array([float(level in allowed) for level in society.levels_of(trait)])[places[trait]]
    for trait, factors in kind.times.items():
        if trait in places:
            values = [factors[level].value if level in factors else 1.0 for level in society.levels_of(trait)]
            yield np.array(values)[places[trait]]
        else:
            yield greatest_factor(society, kind, trait)


def ceilings(society: Society) -> Ints:
    """Occasions a day of each kind (acts, then services) for each archetype, in units of 2^-32: the ceilings over all
    worlds; shape [archetypes, kinds]. Acts that are like one another share `who` and `times`, which are looked at once."""
    kinds: list[Act | Service] = [*society.acts.values(), *society.services.values()]
    archetypes = _archetypes(society)
    places = {
        trait: ints([society.levels_of(trait).index(levels[trait]) for levels in archetypes]) for trait in society.archetype
    }
    alike: dict[tuple[int, int], list[int]] = {}
    for number, kind in enumerate(kinds):
        alike.setdefault((id(kind.who), id(kind.times)), []).append(number)
    daily = np.array([k.rate.a_year / DAYS_A_YEAR * (k.headroom if isinstance(k, Act) else 1) for k in kinds])
    rates = np.tile(daily, (len(archetypes), 1))
    for numbers in alike.values():
        factors = list(_factors(society, kinds[numbers[0]], places))
        for first in range(0, len(numbers), KINDS_AT_A_TIME):  # for the sake of memory, where there are very many
            some = numbers[first : first + KINDS_AT_A_TIME]
            for factor in factors:
                rates[:, some] *= factor[:, np.newaxis] if isinstance(factor, np.ndarray) else factor
    return np.rint(rates * WORD).astype(np.int64)


class SocietyTables(NamedTuple):
    """Integers for the kernels. Shapes: A acts, D services, K = A + D kinds, T declared traits, C archetypes, W ways in
    which kinds are thinned, F families of kinds (`families`), G sorts of kinds: kinds of a sort differ in name and rate, and
    how they are thinned, alone.

    A trait is known by its code: the place of a declared trait, or -1 age, -2 parent, -3 income.
    """

    people: int
    seed0: int
    seed1: int
    city: int  # people
    acts: int
    kinds: int
    pattern: int
    near: int
    far: int
    pages: int
    far_page: Ints  # [far] the constant that pairs pages
    template_role: Ints  # [templates, 16] place in ROLE_LETTERS
    template_house: Ints  # [templates, 16]
    trait_cut: NDArray[np.int32]  # [T, 4 ages, 8 levels] of half-words, 65536 where no level is left
    archetype_trait: Ints  # [n] codes, slowest first
    archetype_levels: Ints  # [n] how many levels each has
    archetype_level: NDArray[np.int8]  # [C, T + 3] level by code, -1 when not in the archetype
    wake: NDArray[np.uint32]  # [C] no occasion below this word
    occasions: Ints  # [C, 5] thresholds
    alias: Ints  # [C, F] of families of kinds: threshold << 16 | alias
    family_from: NDArray[np.int32]  # [F + 1]
    family_kind: NDArray[np.uint16]  # [K]
    group: int  # place of the group trait, -1 for none
    critic: int
    namesakes: Ints  # [most] thresholds
    kind_key: NDArray[np.uint32]  # [K] by which draws know the kind
    sort: NDArray[np.uint16]  # [K] of the kind: all that is said of very many kinds would not fit into a cache
    kind: Ints  # [G, columns above]: raised acceptance x 256, deterred and silenced x 65536, doors -1 for none
    thin_way: NDArray[np.uint16]  # [K] how a kind is thinned; kinds that are like another share a way
    thin_how: NDArray[np.uint8]  # [W] BY_TRAIT, BY_HOME, BY_SEVERAL or not at all
    thin_rows: Ints  # [W]
    thin_trait: Ints  # [W, most rows of any way] codes
    thin_factor: Ints  # [W, most rows, 8] x 65536
    follow_from: Ints  # [A + 1]
    follow: Ints  # [follow-ups, columns above]: act, days, threshold
    report_act: int
    unaffordable: Ints  # [D, 5]
    hurt: Ints  # [D]
    need_rest: Ints  # [5]
    need_fade: int
    fear_fade: int
    awareness_fade: int
    fear_sanction: int
    fear_ties: int
    awareness_record: int
    awareness_ties: int
    cut: int
    mend: int
    knows_untold: int
    appeals_wrong: int
    appeals_right: int
    reports: int
    gaming_reach: int
    gaming_income: int


def ints(values: object) -> Ints:
    """An int64 array."""
    return np.asarray(values, np.int64)


def trait_code(society: Society, trait: str) -> int:
    """Place of a declared trait, or -1 age, -2 parent, -3 income."""
    return -1 - list(BUILT_IN).index(trait) if trait in BUILT_IN else list(society.traits).index(trait)


def _trait_cuts(society: Society) -> NDArray[np.int32]:
    cuts = np.full((max(1, len(society.traits)), len(AGES), 8), 1 << 16, np.int32)
    for t, trait in enumerate(society.traits.values()):
        for a, age in enumerate(AGES):
            total = 0.0
            for level, share in enumerate(trait.shares_at(age)[:-1]):
                total += share
                cuts[t, a, level] = round(total * 65536)
    return cuts


def _archetypes(society: Society) -> list[dict[str, str]]:
    """All combinations of the levels of the archetype's traits, the first trait varying slowest."""
    levels = [society.levels_of(trait) for trait in society.archetype]
    return [dict(zip(society.archetype, combination, strict=True)) for combination in product(*levels)]


def _archetype_levels(society: Society, archetypes: list[dict[str, str]]) -> NDArray[np.int8]:
    declared = len(society.traits)
    table = np.full((len(archetypes), declared + len(BUILT_IN)), -1, np.int8)
    for row, levels in enumerate(archetypes):
        for trait, level in levels.items():
            table[row, trait_code(society, trait)] = society.levels_of(trait).index(level)
    return table


def _thinning(society: Society, kind: Act | Service) -> list[tuple[int, list[int]]]:
    rows = []
    for trait, allowed in kind.who.items():
        if trait not in society.archetype:
            rows.append((trait_code(society, trait), [65536 * (x in allowed) for x in society.levels_of(trait)]))
    for trait, factors in kind.times.items():
        if trait not in society.archetype:
            most = greatest_factor(society, kind, trait)
            values = [factors[x].value if x in factors else 1.0 for x in society.levels_of(trait)]
            rows.append((trait_code(society, trait), [round(v / most * 65536) if most else 0 for v in values]))
    return rows


def _thinning_tables(society: Society, kinds: list[Act | Service]) -> dict[str, Any]:
    """The tables of thinning. Ways are numbered as they are met; kinds that share `who` and `times` are looked at once."""
    ways: dict[tuple[tuple[int, tuple[int, ...]], ...], int] = {}
    alike: dict[tuple[int, int], int] = {}
    for kind in kinds:
        same = id(kind.who), id(kind.times)
        if same not in alike:
            way = tuple((code, tuple(levels)) for code, levels in _thinning(society, kind))
            alike[same] = ways.setdefault(way, len(ways))
    rows = max(len(way) for way in ways)
    codes, factors = np.zeros((len(ways), rows), np.int64), np.full((len(ways), rows, 8), 65536, np.int64)
    for way, number in ways.items():
        for row, (code, levels) in enumerate(way):
            codes[number, row] = code
            factors[number, row, : len(levels)] = levels
    return {
        "thin_way": np.array([alike[id(kind.who), id(kind.times)] for kind in kinds], np.uint16),
        "thin_how": np.array([thinned_how(society, [code for code, _ in way]) for way in ways], np.uint8),
        "thin_rows": ints([len(way) for way in ways]),
        "thin_trait": codes,
        "thin_factor": factors,
    }


def thinned_how(society: Society, codes: list[int]) -> int:
    """How to thin a kind by these traits: by one declared trait of few levels whose word is drawn in bulk, by income or
    parenthood alone, or one trait after the other."""
    if len(codes) == 0:
        return 0
    if len(codes) > 1 or "age" not in society.archetype:
        return BY_SEVERAL
    trait = list(BUILT_IN)[-1 - codes[0]] if codes[0] < 0 else list(society.traits)[codes[0]]
    if trait in BUILT_IN:
        return BY_HOME if trait != "age" else BY_SEVERAL
    return BY_TRAIT if codes[0] < 8 and len(society.levels_of(trait)) <= 3 else BY_SEVERAL


def saturates(act: Act) -> bool:
    """Whether what raises acceptance of an act can exceed its headroom."""
    raises = [act.need, act.encouraged, act.gamed, act.grudge]
    return 256 + sum(round(256 * r.value) for r in raises if r is not None) > round(256 * act.headroom)


def sorts_of(table: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The rows of a table that differ, and which of them each row is."""
    rows, sort = np.unique(table, axis=0, return_inverse=True)
    return rows, sort.reshape(-1).astype(np.int32)


def _sorts(society: Society) -> dict[str, Any]:
    """What is said of each sort of acts and services, and of which sort each is; a service has noughts where only acts have
    something."""
    kinds: list[Act | Service] = [*society.acts.values(), *society.services.values()]
    acts, doors = list(society.acts), list(society.services)
    domains = sorted({kind.domain for kind in kinds})

    def times(most: int, quantity: Any) -> int:
        return 0 if quantity is None else round(most * quantity.value)

    table = np.zeros((len(kinds), HARM + 1), np.int64)
    for k, kind in enumerate(kinds):
        row = table[k]
        row[KIND_DOMAIN] = domains.index(kind.domain)
        if isinstance(kind, Act):
            row[NEED], row[ENCOURAGED] = times(256, kind.need), times(256, kind.encouraged)
            row[GAMED], row[GRUDGE] = times(256, kind.gamed), times(256, kind.grudge)
            row[HEADROOM] = round(256 * kind.headroom)
            row[DETERRED], row[SILENCED] = times(65536, kind.deterred), times(65536, kind.silenced)
            row[DOES_WHAT], row[FAKES] = DOES.index(kind.does), acts.index(kind.fakes) if kind.fakes else -1
            row[SHUT_OFF_BY] = doors.index(kind.door) if kind.door else -1
            row[BEHIND] = doors.index(kind.behind) if kind.behind else -1
            row[EXERCISES_RIGHT], row[HARM] = kind.protected != "none", GRADES.index(kind.harm)
    rows, sort = sorts_of(table)
    names = [*society.acts, *society.services]
    return {"kind_key": np.array(list(map(key, names)), np.uint32), "sort": sort.astype(np.uint16), "kind": rows}


def families(weights: Ints) -> list[list[int]]:
    """Kinds in families, by weights [C, K]: each alone; but where there are very many, those of equal weights together, since
    an alias table of all would not fit into a cache (measured with 40,000 acts: a seventh of a day)."""
    if weights.shape[1] <= MANY_KINDS:
        return [[kind] for kind in range(weights.shape[1])]
    found: dict[bytes, list[int]] = {}
    for kind, column in enumerate(np.ascontiguousarray(weights.T)):
        found.setdefault(column.tobytes(), []).append(kind)
    return list(found.values())


def compile_society(society: Society, people: int, seed: int) -> SocietyTables:
    """The society's integer tables for a population of `people` and a seed (64 bits)."""
    from singlestep.engine.draws import FAR_PAGE, draw
    from singlestep.society.alias import alias_tables

    acts, services = list(society.acts.values()), list(society.services.values())
    kinds: list[Act | Service] = [*acts, *services]
    act_place = {name: place for place, name in enumerate(society.acts)}
    archetypes = _archetypes(society)
    weights = ceilings(society)
    alike = families(weights)
    thresholds = [poisson_thresholds(Decimal(int(w)) / WORD, MOST_OCCASIONS + 1) for w in weights.sum(axis=1)]
    declared = list(society.traits)
    follows = [f for act in acts for f in act.leads_to]
    seed0, seed1 = seed & (WORD - 1), seed >> 32
    pages = -(-people // 4096)
    far = [int(draw(seed0, seed1, 0, 0, FAR_PAGE, f, 0)[0]) * pages >> 32 for f in range(society.ties.far)]
    pattern = PATTERNS.index(society.ties.pattern)
    near, far_slots = {0: (0, 0), 1: (society.ties.near, society.ties.far), 2: (2, 0)}[pattern]
    reply = society.responses
    return SocietyTables(
        people=people,
        seed0=seed0,
        seed1=seed1,
        city=society.city_pages * 4096,
        acts=len(acts),
        kinds=len(kinds),
        pattern=pattern,
        near=near,
        far=far_slots,
        pages=pages,
        far_page=ints(far or [0]),
        template_role=ints([[ROLE_LETTERS.index(x) for x in t.replace(" ", "")] for t in society.households.templates]),
        template_house=ints(
            [[h for h, word in enumerate(t.split()) for _ in word] for t in society.households.templates]
        ),
        trait_cut=_trait_cuts(society),
        archetype_trait=ints([trait_code(society, trait) for trait in society.archetype]),
        archetype_levels=ints([len(society.levels_of(trait)) for trait in society.archetype]),
        archetype_level=_archetype_levels(society, archetypes),
        wake=np.array([min(row[0], WORD - 1) for row in thresholds], np.uint32),
        occasions=ints(thresholds),
        alias=alias_tables(weights[:, [family[0] for family in alike]] * ints([len(family) for family in alike])),
        family_from=np.cumsum([0, *map(len, alike)]).astype(np.int32),
        family_kind=np.array([kind for family in alike for kind in family], np.uint16),
        group=-1 if society.group is None else declared.index(society.group),
        critic=-1 if society.critic is None else declared.index(society.critic),
        namesakes=ints(poisson_thresholds(Decimal(society.namesakes.value), society.namesakes_most)),
        **_sorts(society),
        **_thinning_tables(society, kinds),
        follow_from=ints(np.cumsum([0, *(len(a.leads_to) for a in acts)])),
        follow=ints(
            [[act_place[f.act], max(1, days(f.after)), threshold(f.share.value)] for f in follows] or [[0, 0, 0]]
        ),
        report_act=next((place for place, a in enumerate(acts) if a.does == "report"), -1),
        unaffordable=ints([[threshold(x) for x in s.unaffordable] for s in services] or [[0] * 5]),
        hurt=ints([s.hurt for s in services] or [0]),
        need_rest=ints(reply.need_by_income),
        need_fade=fading(reply.need_half_life),
        fear_fade=fading(reply.fear_half_life),
        awareness_fade=fading(reply.awareness_half_life),
        fear_sanction=reply.fear_of_sanction,
        fear_ties=reply.fear_of_ties,
        awareness_record=reply.awareness_of_record,
        awareness_ties=reply.awareness_of_ties,
        cut=threshold(reply.cut.value),
        mend=threshold(reply.mend.value),
        knows_untold=threshold(reply.knows_untold.value),
        appeals_wrong=threshold(reply.appeals_if_wrong.value),
        appeals_right=threshold(reply.appeals_if_right.value),
        reports=threshold(reply.reports.value),
        gaming_reach=reply.gaming_reach,
        gaming_income=FIFTHS.index(reply.gaming_income),
    )
