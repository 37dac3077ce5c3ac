"""A regime as integer tables over one society: what the engine reads instead of the file."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from singlestep.quantities import days, threshold
from singlestep.regime.schema import MOST_LISTS, Claim, Household, Listing, Regime, Rule
from singlestep.society.schema import GRADES, Act, Society
from singlestep.society.tables import Ints, ints, key, saturates, trait_code

NEVER = -1
UNBOUNDED = -(1 << 40)
NORMAL, WITNESS, MISTAKE = 0, 1, 2  # ways in which a source meets an act
MOST_TERMS = 6
HOUSEHOLD_WHO = (None, "children", "adults", "all")


class RegimeTables(NamedTuple):
    """Integers for the kernels. Shapes: A acts, S sources, U rules, D doors, C classes, L lists, V meetings of an act and a
    source, P pairs of an act and a source that have rules."""

    start: int
    low: int
    high: int
    hold: int
    gravest: int
    tie_share: int  # x 65536, mode shown
    absorb_share: int  # x 65536, mode absorbed
    tie_household: int
    tie_near: int
    tie_far: int
    spills: int
    monthly: int
    announced: int  # awareness at the start
    fear_rest: int
    covered_trait: Ints
    covered_levels: Ints
    lasting: int
    told: int
    appeals: int
    wait: int
    wins_wrong: int
    wins_right: int
    plant_source: int
    plant_acts: Ints
    erase: int
    bent: int
    bent_against: int
    oversight: int
    oversight_after: int
    meet_from: Ints  # [A + 1]
    meet_source: Ints  # [V]
    meet_how: Ints
    meet_share: Ints  # [V, 2] majority, minority
    meet_as: Ints  # recorded act of a mistake
    source_key: Ints  # [S]
    source_delay: Ints
    misidentified: Ints  # [S, 2]
    missed: Ints
    by_name: Ints
    mistyped: Ints
    late_share: Ints
    late_up_to: Ints
    sees_from: Ints  # [S + 1]
    sees_act: Ints
    witness_source: int  # the first, -1 for none
    alleged: Ints  # acts that a false report may name
    pair_from: Ints  # [A + 1]
    pair_source: Ints  # [P]
    pair_rule_from: Ints  # [P + 1]
    pair_rule: Ints
    rule_key: Ints  # [U]
    rule_low: Ints
    rule_high: Ints
    rule_repeat_from: Ints  # 0 for none
    rule_repeat_times: Ints
    rule_cap: Ints  # 0 for none
    rule_window: Ints  # NEVER for none
    rule_expires: Ints
    rule_from_act: Ints
    rule_enters: Ints  # -1 for none
    rule_class: Ints
    rule_term: Ints
    rule_fine: Ints
    rule_penal: Ints
    most_rules: int  # of one pair
    risk: Ints  # [A] x 65536
    gain: Ints
    sure: Ints  # [A + D] x 65536: marks below this share of their base are taken in any state; 0 for services
    stirs: Ints  # [A + D] whether an act is met by a source, does something or leads to another
    classes: int
    floor: Ints  # [C]
    perk: Ints
    class_shut: Ints  # [C] bits of doors
    lists: int
    lists_shut: Ints  # [2^MOST_LISTS] bits of doors
    list_key: Ints  # [L]
    list_below: Ints  # class, or 99
    list_records: Ints  # 0 for none
    list_term: Ints  # 0 for none
    list_terms: Ints  # [L, 6] days of the first, second, ... listing
    list_fulfil: Ints
    list_within: Ints
    list_wipes: Ints
    list_onto: Ints  # -1 for none
    list_who: Ints
    list_house: Ints  # 1 if some listing reaches the household through it
    published: int  # bits of lists
    grant: Ints  # [D]
    human: Ints
    price: Ints  # [D, C]
    door_lists: Ints  # [D] bits of lists that shut it
    claim_of_list: Ints  # [L] -1 for none
    claim_of_class: Ints  # [C]
    claim_from: Ints
    claim_trait: Ints
    claim_levels: Ints  # bits of levels at which it is true
    harm_bound: Ints  # [grades] days, NEVER for none


def ends(rule: Rule) -> tuple[int, int]:
    """Lowest and highest points of a rule."""
    return rule.points if isinstance(rule.points, tuple) else (rule.points, rule.points)


def meant(rule: Rule, source: str) -> bool:
    """Whether the rule takes records of this source."""
    return rule.seen_by == "any" or source in rule.seen_by


def _class_of(regime: Regime, points: int) -> int:
    floors = [rung.floor for rung in regime.ladder.classes] if regime.ladder else [None]
    return next(place for place, floor in enumerate(floors) if floor is None or points >= floor)


def steps_to_next_class(regime: Regime) -> tuple[int, int]:
    """Points to lose from the start until the class gets worse, and to gain until it gets better; 100 where there is none."""
    start = regime.points.start
    here = _class_of(regime, start)
    rungs = regime.ladder.classes if regime.ladder else []
    floor = rungs[here].floor if rungs else None
    better = rungs[here - 1].floor if here > 0 else None
    return (start - floor + 1 if floor is not None else 100), (better - start if better is not None else 100)


def felt(regime: Regime, act: str) -> tuple[float, float]:
    """Felt risk and felt gain of an act: the greatest chance x severity over the known rules for it, 0 to 1."""
    down, up = steps_to_next_class(regime)
    risk = gain = 0.0
    for rule in regime.rules.values():
        if rule.act != act or not rule.known:
            continue
        mean = sum(ends(rule)) / 2
        severity = max(min(1.0, -mean / down) if mean < 0 else 0.0, rule.fine / 15)
        if rule.enters is not None or rule.set_class is not None:
            severity = 1.0
        for name, source in regime.sources.items():
            if act in source.sees and meant(rule, name):
                chance = source.sees[act].value
                risk = max(risk, chance * severity)
                gain = max(gain, chance * min(1.0, mean / up) if mean > 0 else 0.0)
    return risk, gain


def _felt_of_all(regime: Regime, society: Society) -> tuple[Ints, Ints]:
    judged = {rule.act for rule in regime.rules.values()}
    pairs = [felt(regime, act) if act in judged else (0.0, 0.0) for act in society.acts]
    return ints([round(65536 * r) for r, _ in pairs]), ints([round(65536 * g) for _, g in pairs])


def surely_taken(society: Society, risk: Ints) -> Ints:
    """Share (x 65536) of an act's base below which a mark is taken whatever the state: nothing raises acceptance, and
    awareness and fear are at their greatest. 0 where the state can shut the act off, and for services. The exact cuts
    (`rooms.lives`) round down at most thrice, so a mark must lie some units lower still."""
    shares = []
    for act, felt_risk in zip(society.acts.values(), risk, strict=True):
        deterred = (act.deterred.value if act.deterred else 0.0) * float(felt_risk) / 65536
        silenced = act.silenced.value if act.silenced else 0.0
        share = (1 - deterred) * (1 - silenced) * 256 / round(256 * act.headroom)
        held = act.door is not None or act.behind is not None or saturates(act)
        shares.append(0 if held else max(0, int(65536 * share) - 8))
    return ints(shares + [0] * len(society.services))


def _stirs(act: Act, meetings: list[tuple[int, int, int, int, int]]) -> bool:
    return bool(meetings) or act.does != "nothing" or bool(act.leads_to)


def _meetings(regime: Regime, society: Society) -> dict[str, list[tuple[int, int, int, int, int]]]:
    """For each act: (source, how, share of the majority, of the minority, recorded as), sources in order."""
    place = {name: number for number, name in enumerate(society.acts)}
    met: dict[str, list[tuple[int, int, int, int, int]]] = {act: [] for act in society.acts}
    for s, source in enumerate(regime.sources.values()):
        for act, share in source.sees.items():
            how = WITNESS if source.kind == "witness" else NORMAL
            shares = [threshold(share.value), threshold(min(1.0, share.value * source.hit_by_group.value))]
            met[act].append((s, how, shares[0], shares[1], -1))
        for act, mistake in source.mistakes.items():
            p = mistake.share.value
            shares = [threshold(p), threshold(min(1.0, p * source.misidentified_by_group.value))]
            met[act].append((s, MISTAKE, shares[0], shares[1], place[mistake.recorded_as]))
    return met


def _pairs(regime: Regime, society: Society) -> dict[str, list[tuple[int, list[int]]]]:
    """For each act: (source, rules in order) for the sources from which some rule takes it."""
    by_act: dict[str, list[tuple[int, Rule]]] = {act: [] for act in society.acts}
    for number, rule in enumerate(regime.rules.values()):
        by_act[rule.act].append((number, rule))
    pairs: dict[str, list[tuple[int, list[int]]]] = {}
    for act, rules in by_act.items():
        pairs[act] = []
        if rules:
            for s, name in enumerate(regime.sources):
                fitting = [number for number, rule in rules if meant(rule, name)]
                if fitting:
                    pairs[act].append((s, fitting))
    return pairs


def _claims(regime: Regime, society: Society) -> tuple[list[int], list[int], Ints, Ints, Ints]:
    claims: list[Claim] = []

    def number(claim: Claim | None) -> int:
        if claim is None:
            return -1
        claims.append(claim)
        return len(claims) - 1

    of_list = [number(listing.claims) for listing in regime.lists.values()]
    of_class = [number(rung.claims) for rung in regime.ladder.classes] if regime.ladder else [-1]
    start, traits, levels = [0], [], []
    for claim in claims:
        true_of = {"age": []} if claim.true_of == "nobody" else claim.true_of
        for trait, named in true_of.items():
            traits.append(trait_code(society, trait))
            levels.append(level_bits(society, trait, named))
        start.append(len(traits))
    return of_list, of_class, ints(start), ints(traits or [0]), ints(levels or [0])


def _terms(listing: Listing) -> list[int]:
    """Days of the first, second, ... listing; noughts without a term."""
    terms = [days(listing.term), *(days(term) for term in listing.later_terms)] if listing.term else [0]
    return terms + terms[-1:] * (MOST_TERMS - len(terms))


def _covered(regime: Regime, society: Society) -> tuple[Ints, Ints]:
    """Trait codes and bits of the levels to which the regime applies."""
    traits = [trait_code(society, trait) for trait in regime.applies_to]
    return ints(traits), ints([level_bits(society, trait, named) for trait, named in regime.applies_to.items()])


def level_bits(society: Society, trait: str, named: list[str]) -> int:
    """A bit for each named level."""
    return sum(1 << place for place, level in enumerate(society.levels_of(trait)) if level in named)


def fear_at_rest(regime: Regime, society: Society) -> int:
    """The level of fear that watching keeps up: by how much of the exercise of rights is watched at all."""
    protected = [name for name, act in society.acts.items() if act.protected != "none"]
    if not protected:
        return 0
    watched = 0.0
    for name in protected:
        watched += max((s.sees[name].value for s in regime.sources.values() if name in s.sees), default=0.0)
    return round(society.responses.fear_of_watching * (watched / len(protected)))


def _household(household: Household | None, places: dict[str, int]) -> tuple[int, int]:
    return (-1, 0) if household is None else (places[household.onto], HOUSEHOLD_WHO.index(household.who))


def compile_regime(regime: Regime, society: Society) -> RegimeTables:
    """The regime's integer tables. The regime must have passed the loader's checks against this society."""
    act_place = {name: place for place, name in enumerate(society.acts)}
    list_place = {name: place for place, name in enumerate(regime.lists)}
    source_place = {name: place for place, name in enumerate(regime.sources)}
    rungs = regime.ladder.classes if regime.ladder else []
    class_place = {rung.name: place for place, rung in enumerate(rungs)}
    rules, sources, lists = list(regime.rules.values()), list(regime.sources.values()), list(regime.lists.values())
    doors = list(society.services)
    gates = [regime.gates.get(door) for door in doors]
    met, pairs = _meetings(regime, society), _pairs(regime, society)
    meetings = [m for act in society.acts for m in met[act]]
    all_pairs = [p for act in society.acts for p in pairs[act]]
    shut_by_class = [
        sum(1 << d for d, gate in enumerate(gates) if gate and rung.name in gate.classes) for rung in rungs
    ] or [0]
    shut_by_list = [sum(1 << d for d, gate in enumerate(gates) if gate and name in gate.lists) for name in regime.lists]
    shut_by_lists = [0] * (1 << MOST_LISTS)
    for bits in range(1 << len(lists)):
        for number, shut in enumerate(shut_by_list):
            if bits >> number & 1:
                shut_by_lists[bits] |= shut
    claim_of_list, claim_of_class, claim_from, claim_trait, claim_levels = _claims(regime, society)
    risk, gain = _felt_of_all(regime, society)
    spill, remedy, powers = regime.spill_over, regime.remedy, regime.powers
    share = round(65536 * spill.weight.value) if spill else 0
    witness = next((s for s, x in enumerate(sources) if x.kind == "witness"), -1)
    alleged: list[int] = []
    if witness >= 0:
        for act in sources[witness].sees:
            fitting = next((r for s, r in pairs[act] if s == witness), [])
            if any(_penal(rules[r]) for r in fitting):
                alleged.append(act_place[act])
    plant = powers.plant
    bent = powers.bent
    return RegimeTables(
        start=regime.points.start,
        low=regime.points.low,
        high=regime.points.high,
        hold=int(regime.points.bounds == "hold"),
        gravest=int(regime.stacking == "gravest"),
        tie_share=share if spill and spill.mode == "shown" else 0,
        absorb_share=share if spill and spill.mode == "absorbed" else 0,
        tie_household=spill.household if spill else 0,
        tie_near=spill.near if spill else 0,
        tie_far=spill.far if spill else 0,
        spills=int(spill is not None),
        monthly=int(regime.ladder is not None and regime.ladder.publish == "monthly"),
        announced=round(15 * regime.disclosure.announced.value),
        fear_rest=fear_at_rest(regime, society),
        covered_trait=_covered(regime, society)[0],
        covered_levels=_covered(regime, society)[1],
        lasting=round(15 * regime.disclosure.lasting.value),
        told=threshold(regime.disclosure.told.value),
        appeals=int(remedy.appeals),
        wait=days(remedy.wait),
        wins_wrong=threshold(remedy.wins_if_wrong.value),
        wins_right=threshold(remedy.wins_if_right.value),
        plant_source=source_place[plant.source] if plant else -1,
        plant_acts=ints([act_place[a] for a in plant.acts] if plant else [0]),
        erase=int(powers.erase),
        bent=threshold(bent.share.value) if bent else 0,
        bent_against=threshold(bent.against.value) if bent else 0,
        oversight=threshold(powers.oversight.value),
        oversight_after=max(1, days(powers.oversight_after)),
        meet_from=ints(np.cumsum([0, *(len(met[a]) for a in society.acts)])),
        meet_source=ints([m[0] for m in meetings] or [0]),
        meet_how=ints([m[1] for m in meetings] or [0]),
        meet_share=ints([[m[2], m[3]] for m in meetings] or [[0, 0]]),
        meet_as=ints([m[4] for m in meetings] or [0]),
        source_key=ints([key(name) for name in regime.sources] or [0]),
        source_delay=ints([days(s.delay) for s in sources] or [0]),
        misidentified=ints(
            [
                [
                    threshold(s.misidentified.value),
                    threshold(min(1.0, s.misidentified.value * s.misidentified_by_group.value)),
                ]
                for s in sources
            ]
            or [[0, 0]]
        ),
        missed=ints([threshold(s.link.missed.value) for s in sources] or [0]),
        by_name=ints([threshold(s.link.by_name.value) for s in sources] or [0]),
        mistyped=ints([threshold(s.mistyped.value) for s in sources] or [0]),
        late_share=ints([threshold(s.late.share.value) if s.late else 0 for s in sources] or [0]),
        late_up_to=ints([max(1, days(s.late.up_to)) if s.late else 1 for s in sources] or [0]),
        sees_from=ints(np.cumsum([0, *(len(s.sees) for s in sources)])),
        sees_act=ints([act_place[a] for s in sources for a in s.sees] or [0]),
        witness_source=witness,
        alleged=ints(alleged),
        pair_from=ints(np.cumsum([0, *(len(pairs[a]) for a in society.acts)])),
        pair_source=ints([p[0] for p in all_pairs] or [0]),
        pair_rule_from=ints(np.cumsum([0, *(len(p[1]) for p in all_pairs)])),
        pair_rule=ints([r for p in all_pairs for r in p[1]] or [0]),
        rule_key=ints([key(name) for name in regime.rules] or [0]),
        rule_low=ints([ends(r)[0] for r in rules] or [0]),
        rule_high=ints([ends(r)[1] for r in rules] or [0]),
        rule_repeat_from=ints([r.repeat.from_ if r.repeat else 0 for r in rules] or [0]),
        rule_repeat_times=ints([r.repeat.times if r.repeat else 1 for r in rules] or [0]),
        rule_cap=ints([r.cap.points if r.cap else 0 for r in rules] or [0]),
        rule_window=ints([days(r.window) if r.window else NEVER for r in rules] or [0]),
        rule_expires=ints([days(r.expires) if r.expires else NEVER for r in rules] or [0]),
        rule_from_act=ints([r.counts_from == "act" for r in rules] or [0]),
        rule_enters=ints([list_place[r.enters] if r.enters else -1 for r in rules] or [0]),
        rule_class=ints([class_place[r.set_class.to] if r.set_class else -1 for r in rules] or [0]),
        rule_term=ints([max(1, days(r.set_class.term)) if r.set_class else 0 for r in rules] or [0]),
        rule_fine=ints([r.fine for r in rules] or [0]),
        rule_penal=ints([_penal(r) for r in rules] or [0]),
        most_rules=max((len(p[1]) for p in all_pairs), default=0),
        risk=risk,
        gain=gain,
        sure=surely_taken(society, risk),
        stirs=ints([*(_stirs(act, met[name]) for name, act in society.acts.items()), *[0] * len(doors)]),
        classes=max(1, len(rungs)),
        floor=ints([UNBOUNDED if r.floor is None else r.floor for r in rungs] or [UNBOUNDED]),
        perk=ints([r.perk for r in rungs] or [0]),
        class_shut=ints(shut_by_class),
        lists=len(lists),
        lists_shut=ints(shut_by_lists),
        list_key=ints([key(name) for name in regime.lists] or [0]),
        list_below=ints([class_place[x.entry.at_or_below] if x.entry.at_or_below else 99 for x in lists] or [0]),
        list_records=ints([x.entry.records or 0 for x in lists] or [0]),
        list_term=ints([days(x.term) if x.term else 0 for x in lists] or [0]),
        list_terms=ints([_terms(x) for x in lists] or [[0] * MOST_TERMS]),
        list_fulfil=ints([threshold(x.fulfil.share.value) if x.fulfil else 0 for x in lists] or [0]),
        list_within=ints([max(1, days(x.fulfil.within)) if x.fulfil else 1 for x in lists] or [0]),
        list_wipes=ints([x.wipes for x in lists] or [0]),
        list_onto=ints([_household(x.household, list_place)[0] for x in lists] or [0]),
        list_who=ints([_household(x.household, list_place)[1] for x in lists] or [0]),
        list_house=ints(
            [any(x.household is not None and x.household.onto == name for x in lists) for name in regime.lists] or [0]
        ),
        published=sum(1 << number for number, x in enumerate(lists) if x.published),
        grant=ints([threshold(g.human.value * (1 - g.reliance.value)) if g else 0 for g in gates] or [0]),
        human=ints([threshold(g.human.value) if g else 0 for g in gates] or [0]),
        price=ints([[g.price.get(r.name, 100) if g else 100 for r in rungs] or [100] for g in gates] or [[100]]),
        door_lists=ints(
            [sum(1 << n for n, name in enumerate(regime.lists) if g and name in g.lists) for g in gates] or [0]
        ),
        claim_of_list=ints(claim_of_list or [-1]),
        claim_of_class=ints(claim_of_class),
        claim_from=claim_from,
        claim_trait=claim_trait,
        claim_levels=claim_levels,
        harm_bound=ints([days(regime.bounds_of_harm[g]) if g in regime.bounds_of_harm else NEVER for g in GRADES]),
    )


def _penal(rule: Rule) -> bool:
    """Whether a record under this rule is against the person."""
    return ends(rule)[0] < 0 or rule.enters is not None or rule.set_class is not None or rule.fine > 0
