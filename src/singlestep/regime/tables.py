"""A regime as integer tables over one society: what the engine reads instead of the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.quantities import MOST_SHOWN, days, threshold
from singlestep.regime.schema import MOST_LISTS, Claim, Gate, Household, Listing, Regime, Rule, Source
from singlestep.society.schema import GRADES, Society
from singlestep.society.tables import Ints, ints, key, saturates, sorts_of, trait_code

NEVER = -1
UNBOUNDED = -(1 << 40)
NORMAL, WITNESS, MISTAKE, FAKED, FORCED = range(5)  # ways in which a source meets an act; forced: a witness reports it
MOST_TERMS = 6
HOUSEHOLD_WHO = (None, "children", "adults", "all")


# Columns of the tables with a row for each ...
(
    LOW, HIGH, REPEAT_FROM, REPEAT_TIMES, CAP, WINDOW, EXPIRES, FROM_ACT, ENTERS, SETS_CLASS, CLASS_TERM, FINE, IS_PENAL,
) = range(13)  # fmt: skip  # ... sort of rule
(
    LIST_KEY, BELOW, RECORDS, TERM, FULFIL, WITHIN, WIPES, ONTO, WHO, HOUSE, LIST_CLAIM,
) = range(11)  # fmt: skip  # ... list
(
    SOURCE_KEY, DELAY, LINK_MISSED, BY_NAME, MISTYPED, LATE_SHARE, LATE_UP_TO, MISIDENTIFIED, MISIDENTIFIED_MINORITY,
) = range(9)  # fmt: skip  # ... source
(
    MET_SOURCE, MET_HOW, MET_SHARE, MET_SHARE_MINORITY, MET_AS, MET_RULED, MET_TOMORROW,
) = range(7)  # fmt: skip  # ... meeting of an act and a source
PAIR_SOURCE, PAIR_RULES = range(2)  # ... pair of an act and a source that has rules; the second is the place of its first
RULE, SORT = range(2)  # ... rule of a pair
RISK, GAIN, SURE, STIRS, GOES_ON, SATURATES = range(6)  # ... sort of act or service
GRANT, HUMAN, DOOR_LISTS = range(3)  # ... door
PERK, SHUTS, CLASS_CLAIM = range(3)  # ... class


Meeting = tuple[int, int, int, int, int, int]  # with these columns, but for the last
Pairs = dict[str, list[tuple[int, list[int]]]]  # of each act: sources and the rules that take its records from them


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
    meet_from: NDArray[np.int32]  # [A + 1]
    meet_by: NDArray[np.int32]  # [V] row of `meet`, which many meetings share
    ways: int  # rows of `meet`; after them those of the same meetings with faked acts, and one for each source that is told
    meet: Ints  # [rows, columns]: shares are thresholds, MET_AS the recorded act of a mistake; MET_RULED 1 where rules take
    # the record that comes of it (not said of sources that are told); MET_TOMORROW 1 where that is one of the act itself,
    # by a source that tells it the next day
    meet_most: Ints  # [rows] the greater of the two shares
    meet_key: NDArray[np.uint32]  # [rows] that of the source
    source: Ints  # [S, columns]: days and thresholds
    astray: int  # whether records of any source can be lost, taken for a namesake's, mistyped or late
    sees_from: Ints  # [S + 1]
    sees_act: Ints
    witness_source: int  # the first, -1 for none
    alleged: Ints  # acts that a false report may name
    pair_from: NDArray[np.int32]  # [A + 1]
    pair: NDArray[np.int32]  # [P + 1, columns]
    pair_rule: NDArray[np.int32]  # [rules of all pairs, columns]: the rule and its sort, which are wanted together
    rule: Ints  # [sorts, columns]: 0 for no repetition and cap, NEVER for no window and expiry, -1 for no list and class
    rule_sort: NDArray[np.int32]  # [U]: what is said of very many rules would not fit into a cache
    rule_key: NDArray[np.uint32]  # [U] by which draws know the rule
    most_rules: int  # of one pair
    only_adds: int  # whether all that a record can do is to add points
    felt: NDArray[np.int32]  # [sorts, columns]: risk and gain x 65536; SURE: marks below this share (x 65536) of their base
    # are taken in any state; STIRS: whether it is met by a source or GOES_ON: does something or leads to another; SATURATES:
    # whether what raises acceptance can exceed its headroom; noughts for services
    felt_sort: NDArray[np.uint16]  # [A + D]
    classes: int
    floor: Ints  # [C]
    class_at: NDArray[np.uint8]  # [64,001] the class of each points shown, from the fewest on
    rung: Ints  # [C, columns]: bits of doors shut, claim -1 for none
    lists: int
    lists_shut: Ints  # [2^MOST_LISTS] bits of doors
    listing: Ints  # [L, columns]: class 99 and 0 for none, ONTO and claim -1 for none; HOUSE: whether a household reaches it
    wipes: int  # whether any list does
    list_terms: Ints  # [L, 6] days of the first, second, ... listing
    published: int  # bits of lists
    gate: Ints  # [D, columns]: thresholds, and bits of the lists that shut the door
    price: Ints  # [D, C]
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


def class_place(regime: Regime, points: int) -> int:
    """The first class of the ladder whose floor is at most these points; 0 without a ladder."""
    floors = [rung.floor for rung in regime.ladder.classes] if regime.ladder else [None]
    return next(place for place, floor in enumerate(floors) if floor is None or points >= floor)


def _class_at(regime: Regime) -> NDArray[np.uint8]:
    shown = np.arange(-MOST_SHOWN, MOST_SHOWN + 1)
    floors = [rung.floor for rung in regime.ladder.classes if rung.floor is not None] if regime.ladder else []
    classes = np.zeros(len(shown), np.uint8)
    for floor in floors:
        classes += shown < floor
    return classes


def steps_to_next_class(regime: Regime) -> tuple[int, int]:
    """Points to lose from the start until the class gets worse, and to gain until it gets better; 100 where there is none."""
    start = regime.points.start
    here = class_place(regime, start)
    rungs = regime.ladder.classes if regime.ladder else []
    floor = rungs[here].floor if rungs else None
    better = rungs[here - 1].floor if here > 0 else None
    return (start - floor + 1 if floor is not None else 100), (better - start if better is not None else 100)


def takes_from(rule: Rule, regime: Regime) -> Iterable[str]:
    """The sources whose records of its act the rule takes."""
    return regime.sources if rule.seen_by == "any" else rule.seen_by


def felt(regime: Regime, act: str, rules: Iterable[Rule], steps: tuple[int, int]) -> tuple[float, float]:
    """Felt risk and felt gain of an act: the greatest chance x severity over the known ones of the rules for it, 0 to 1.
    `steps` are those to the next class."""
    down, up = steps
    risk = gain = 0.0
    for rule in rules:
        if not rule.known:
            continue
        mean = sum(ends(rule)) / 2
        severity = max(min(1.0, -mean / down) if mean < 0 else 0.0, rule.fine / 15)
        if rule.enters is not None:  # a record of several that are needed weighs as its part of them, as points do
            severity = max(severity, 1.0 / (regime.lists[rule.enters].entry.records or 1))
        if rule.set_class is not None:
            severity = 1.0
        for name in takes_from(rule, regime):
            seen = regime.sources[name].sees.get(act)
            if seen is not None:
                chance = seen.value
                risk = max(risk, chance * severity)
                gain = max(gain, chance * min(1.0, mean / up) if mean > 0 else 0.0)
    return risk, gain


def _felt_of_all(regime: Regime, society: Society) -> tuple[Ints, Ints]:
    about, steps = _by_act(regime, society), steps_to_next_class(regime)
    pairs = [felt(regime, act, (rule for _, rule in rules), steps) for act, rules in about.items()]
    return ints([round(65536 * r) for r, _ in pairs]), ints([round(65536 * g) for _, g in pairs])


def surely_taken(society: Society, risk: Ints) -> Ints:
    """Share (x 65536) of an act's base below which a mark is taken whatever the state: nothing raises acceptance, and
    awareness and fear are at their greatest. 0 where the state can shut the act off. The exact cuts
    (`rooms.lives`) round down at most thrice, so a mark must lie some units lower still."""
    shares = []
    for act, felt_risk in zip(society.acts.values(), risk, strict=True):
        deterred = (act.deterred.value if act.deterred else 0.0) * float(felt_risk) / 65536
        silenced = act.silenced.value if act.silenced else 0.0
        share = (1 - deterred) * (1 - silenced) * 256 / round(256 * act.headroom)
        held = act.door is not None or act.behind is not None or saturates(act)
        shares.append(0 if held else max(0, int(65536 * share) - 8))
    return ints(shares)


def _meetings(regime: Regime, society: Society, pairs: Pairs) -> dict[str, list[Meeting]]:
    """For each act, the sources in order: (source, how, share of the majority, of the minority, recorded as, has rules)."""
    place = {name: number for number, name in enumerate(society.acts)}
    ruled = {(act, s) for act, fitting in pairs.items() for s, _ in fitting}
    met: dict[str, list[Meeting]] = {act: [] for act in society.acts}
    for s, source in enumerate(regime.sources.values()):
        for act, share in source.sees.items():
            how = WITNESS if source.kind == "witness" else NORMAL
            shares = [threshold(share.value), threshold(min(1.0, share.value * source.hit_by_group.value))]
            met[act].append((s, how, shares[0], shares[1], -1, int((act, s) in ruled)))
        for act, mistake in source.mistakes.items():
            p = mistake.share.value
            shares = [threshold(p), threshold(min(1.0, p * source.misidentified_by_group.value))]
            rules = int((mistake.recorded_as, s) in ruled)
            met[act].append((s, MISTAKE, shares[0], shares[1], place[mistake.recorded_as], rules))
    return met


def _meet_table(ways: Iterable[Meeting], sources: int, delays: Ints) -> Ints:
    """Rows of meetings; of the same with faked acts, which nobody takes for another; and of sources that are told. `delays`:
    of each source."""
    usual, always = list(ways), threshold(1.0)
    faked = [(s, FAKED, of_majority, of_minority, -1, rules) for s, _, of_majority, of_minority, _, rules in usual]
    met = _table([*usual, *faked, *((s, FORCED, always, always, -1, 0) for s in range(sources))], MET_RULED + 1)
    tomorrow = (met[:, MET_HOW] == NORMAL) & (met[:, MET_RULED] == 1) & (delays[met[:, MET_SOURCE]] == 0)
    return np.column_stack((met, tomorrow.astype(np.int64)))


def _pairs(regime: Regime, society: Society) -> Pairs:
    """For each act: (source, rules in order) for the sources from which some rule takes it."""
    place = {name: number for number, name in enumerate(regime.sources)}
    pairs: Pairs = {}
    for act, rules in _by_act(regime, society).items():
        fitting: dict[int, list[int]] = {}
        for number, rule in rules:
            for name in takes_from(rule, regime):
                fitting.setdefault(place[name], []).append(number)
        pairs[act] = sorted(fitting.items())
    return pairs


def _by_act(regime: Regime, society: Society) -> dict[str, list[tuple[int, Rule]]]:
    """The rules about each act with their numbers, in order."""
    about: dict[str, list[tuple[int, Rule]]] = {act: [] for act in society.acts}
    for number, rule in enumerate(regime.rules.values()):
        about[rule.act].append((number, rule))
    return about


def _pair_table(pairs: list[tuple[int, list[int]]]) -> NDArray[np.int32]:
    """The source of each pair and where its rules begin, and a last row, of no pair, where they end."""
    begins = np.cumsum([0, *(len(rules) for _, rules in pairs)])
    return np.stack(([*(source for source, _ in pairs), NEVER], begins), axis=1).astype(np.int32)


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
    place_of_class = {rung.name: place for place, rung in enumerate(rungs)}
    rules, sources, lists = list(regime.rules.values()), list(regime.sources.values()), list(regime.lists.values())
    doors = list(society.services)
    gates = [regime.gates.get(door) for door in doors]
    pairs = _pairs(regime, society)
    met = _meetings(regime, society, pairs)
    ways: dict[Meeting, int] = {}  # rows that differ, so that a very large regime's stay in the cache
    meetings = [ways.setdefault(m, len(ways)) for act in society.acts for m in met[act]]
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
    felt_rows, felt_sort = sorts_of(_felt_table(society, risk, gain, met))
    rule_rows, rule_sort = sorts_of(
        _table((_rule_row(rule, list_place, place_of_class) for rule in regime.rules.values()), IS_PENAL + 1)
    )
    taking = np.array([rule for _, fitting in all_pairs for rule in fitting], np.int32)
    source_rows = _table((_source_row(*source) for source in regime.sources.items()), MISIDENTIFIED_MINORITY + 1)
    meet = _meet_table(ways, len(sources), source_rows[:, DELAY])
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
        meet_from=np.cumsum([0, *(len(met[a]) for a in society.acts)]).astype(np.int32),
        meet_by=np.array(meetings or [0], np.int32),
        ways=len(ways),
        meet=meet,
        meet_most=meet[:, MET_SHARE : MET_SHARE_MINORITY + 1].max(axis=1),
        meet_key=np.array([key(name) for name in regime.sources] or [0], np.uint32)[meet[:, MET_SOURCE]],
        source=source_rows,
        sees_from=ints(np.cumsum([0, *(len(s.sees) for s in sources)])),
        sees_act=ints([act_place[a] for s in sources for a in s.sees] or [0]),
        astray=int(any(map(_goes_astray, regime.sources.values()))),
        witness_source=witness,
        alleged=ints(alleged),
        pair_from=np.cumsum([0, *(len(pairs[a]) for a in society.acts)]).astype(np.int32),
        pair=_pair_table(all_pairs),
        pair_rule=np.stack((taking, rule_sort[taking]), axis=1),
        rule=rule_rows,
        rule_sort=rule_sort,
        rule_key=np.array([key(name) for name in regime.rules] or [0], np.uint32),
        most_rules=max((len(p[1]) for p in all_pairs), default=0),
        only_adds=int(_only_adds(regime, society)),
        felt=felt_rows,
        felt_sort=felt_sort.astype(np.uint16),
        classes=max(1, len(rungs)),
        floor=ints([UNBOUNDED if r.floor is None else r.floor for r in rungs] or [UNBOUNDED]),
        class_at=_class_at(regime),
        rung=np.stack((ints([r.perk for r in rungs] or [0]), ints(shut_by_class), ints(claim_of_class)), axis=1),
        lists=len(lists),
        lists_shut=ints(shut_by_lists),
        listing=_table(
            (
                [*_list_row(name, regime, list_place, place_of_class), claim]
                for name, claim in zip(regime.lists, claim_of_list, strict=True)
            ),
            LIST_CLAIM + 1,
        ),
        wipes=int(any(x.wipes for x in lists)),
        list_terms=ints([_terms(x) for x in lists] or [[0] * MOST_TERMS]),
        published=sum(1 << number for number, x in enumerate(lists) if x.published),
        gate=_table((_gate_row(gate, list_place) for gate in gates), DOOR_LISTS + 1),
        price=ints([[g.price.get(r.name, 100) if g else 100 for r in rungs] or [100] for g in gates] or [[100]]),
        claim_from=claim_from,
        claim_trait=claim_trait,
        claim_levels=claim_levels,
        harm_bound=ints([days(regime.bounds_of_harm[g]) if g in regime.bounds_of_harm else NEVER for g in GRADES]),
    )


def _only_adds(regime: Regime, society: Society) -> bool:
    """Whether there are no doors, lists or remedy, everyone is covered, and rules have fixed points and no memory."""
    remembered = regime.lists or regime.stacking == "gravest" or (regime.ladder and regime.ladder.publish == "monthly")
    known = threshold(regime.disclosure.told.value) or threshold(society.responses.knows_untold.value)
    watched = regime.powers.bent or threshold(regime.powers.oversight.value)
    plain = all(
        ends(rule)[0] == ends(rule)[1] and not (rule.repeat or rule.cap or rule.window or rule.expires or rule.set_class)
        for rule in regime.rules.values()
    )
    return not (society.services or regime.applies_to or remembered or known or watched) and plain


def _penal(rule: Rule) -> bool:
    """Whether a record under this rule is against the person."""
    return ends(rule)[0] < 0 or rule.enters is not None or rule.set_class is not None or rule.fine > 0


def _table(rows: Iterable[Sequence[int]], columns: int) -> Ints:
    """A table of these rows; of one row of noughts where there are none, since a table without rows would have no columns."""
    return ints(list(rows) or [[0] * columns])


def _rule_row(rule: Rule, list_place: dict[str, int], place_of_class: dict[str, int]) -> list[int]:
    low, high = ends(rule)
    return [
        low, high,
        rule.repeat.from_ if rule.repeat else 0,
        rule.repeat.times if rule.repeat else 1,
        rule.cap.points if rule.cap else 0,
        days(rule.window) if rule.window else NEVER,
        days(rule.expires) if rule.expires else NEVER,
        int(rule.counts_from == "act"),
        list_place[rule.enters] if rule.enters else -1,
        place_of_class[rule.set_class.to] if rule.set_class else -1,
        max(1, days(rule.set_class.term)) if rule.set_class else 0,
        rule.fine,
        int(_penal(rule)),
    ]  # fmt: skip


def _list_row(name: str, regime: Regime, list_place: dict[str, int], place_of_class: dict[str, int]) -> list[int]:
    listing = regime.lists[name]
    entry, fulfil = listing.entry, listing.fulfil
    onto, who = _household(listing.household, list_place)
    reached = any(x.household is not None and x.household.onto == name for x in regime.lists.values())
    return [
        key(name),
        place_of_class[entry.at_or_below] if entry.at_or_below else 99,
        entry.records or 0,
        days(listing.term) if listing.term else 0,
        threshold(fulfil.share.value) if fulfil else 0,
        max(1, days(fulfil.within)) if fulfil else 1,
        int(listing.wipes),
        onto,
        who,
        int(reached),
    ]


def _source_row(name: str, source: Source) -> list[int]:
    mistaken = source.misidentified.value
    return [
        key(name),
        days(source.delay),
        threshold(source.link.missed.value),
        threshold(source.link.by_name.value),
        threshold(source.mistyped.value),
        threshold(source.late.share.value) if source.late else 0,
        max(1, days(source.late.up_to)) if source.late else 1,
        threshold(mistaken),
        threshold(min(1.0, mistaken * source.misidentified_by_group.value)),
    ]


def _goes_astray(source: Source) -> bool:
    """Whether its records can be lost, taken for a namesake's, mistyped or late."""
    late = source.late.share.value if source.late else 0
    return max(source.link.missed.value, source.link.by_name.value, source.mistyped.value, late) > 0


def _gate_row(gate: Gate | None, list_place: dict[str, int]) -> list[int]:
    if gate is None:
        return [0] * (DOOR_LISTS + 1)
    grant = threshold(gate.human.value * (1 - gate.reliance.value))
    return [grant, threshold(gate.human.value), sum(1 << place for name, place in list_place.items() if name in gate.lists)]


def _felt_table(society: Society, risk: Ints, gain: Ints, met: dict[str, list[Meeting]]) -> NDArray[np.int32]:
    table = np.zeros((len(society.acts) + len(society.services), SATURATES + 1), np.int32)
    acts = len(society.acts)
    table[:acts, RISK], table[:acts, GAIN] = risk, gain
    table[:acts, SURE] = surely_taken(society, risk)
    table[:acts, GOES_ON] = [act.does != "nothing" or bool(act.leads_to) for act in society.acts.values()]
    table[:acts, STIRS] = [bool(met[act]) for act in society.acts] | table[:acts, GOES_ON]
    table[:acts, SATURATES] = [saturates(act) for act in society.acts.values()]
    return table
