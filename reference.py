"""The whole model once more: slow, plain, and in the order of `docs/model.md`, to be read from top to bottom.

The engine and this file are two readings of the same page and must agree bit for bit. Everything here is about made-up
people. Nothing is fast on purpose; what is a pure function of the seed and a person's number is kept once worked out.

Where the page leaves a choice, the reading taken is said in a comment that begins with "Reading:".
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from singlestep.engine import tallies as counted
from singlestep.quantities import days, threshold
from singlestep.regime.schema import Claim, Gate, Listing, Regime, Rule, Source
from singlestep.society.schema import AGES, FIFTHS, GRADES, PLOT, ROLES, Act, Service, Society

# Entities, state variables and scales -------------------------------------------------------------------------------

PAGE = 4096
NEAR_WINDOW = 64
YEAR = 365
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH_STARTS = tuple(sum(MONTH_LENGTHS[:month]) for month in range(12))

RECORDED, CLEAN = 1, 2
SIDES = (RECORDED, CLEAN)
BOTH = RECORDED | CLEAN

WIDEST = 30_000  # points are kept inside this on either side when `bounds: read`
WIDEST_SHOWN = 32_000
MOST_OCCASIONS = 4
MANY_KINDS = 4096
MOST_LEVEL = 15

# Arithmetic ---------------------------------------------------------------------------------------------------------

WORD = 1 << 32
MASK = WORD - 1


def one_of(n: int, word: int) -> int:
    """One of n things, counted from 0, by a drawn word."""
    return (word * n) >> 32


def held(value: int, low: int, high: int) -> int:
    """The value, or the bound that it lies beyond."""
    if value < low:
        return low
    if value > high:
        return high
    return value


@cache
def key(name: str) -> int:
    """A name as a word: its CRC-32 in UTF-8."""
    return zlib.crc32(name.encode("utf-8"))


@cache
def likely(share: float) -> int:
    """Threshold of a share that factors may have carried beyond 1."""
    return threshold(min(1.0, share))


# Random numbers -----------------------------------------------------------------------------------------------------

WAKE = 1
HOUSEHOLD = 2
TRAIT = 3
NAMESAKE = 4
NEAR_TIE = 5
FAR_PAGE = 6
FAR_MASK = 7
OCCASION = 8
SEEN = 9
LINKED = 10
TYPED = 11
RULED = 12
REMEDY = 13
REPORT = 14
TARGET = 15
FOLLOW = 16
FULFIL = 17
FADE = 18
CUT = 19
OVERSIGHT = 20

Words = tuple[int, int, int, int]


def philox(counter: Words, seed_words: tuple[int, int]) -> Words:
    """Four random words for a counter and a key: Philox4x32 with ten rounds."""
    c0, c1, c2, c3 = counter
    k0, k1 = seed_words
    for _ in range(10):
        left = 0xD2511F53 * c0
        right = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (right >> 32) ^ c1 ^ k0, right & MASK, (left >> 32) ^ c3 ^ k1, left & MASK
        k0 = (k0 + 0x9E3779B9) & MASK
        k1 = (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def draw(seed: int, person: int, step: int, purpose: int, ordinal: int, sub: int) -> Words:
    """The four words at an address."""
    return philox((person, step, purpose + 256 * ordinal, sub), (seed & MASK, (seed >> 32) & MASK))


def poisson_thresholds(rate: Decimal, how_many: int) -> list[int]:
    """Thresholds of a Poisson count: as many of them as lie at or below a drawn word, so many things happen."""
    with localcontext() as context:
        context.prec = 40
        term = (-rate).exp()
        total = term
        thresholds = []
        for k in range(how_many):
            if k > 0:
                term = term * rate / k
                total = total + term
            thresholds.append(int((total * WORD).to_integral_value(ROUND_HALF_EVEN)))
    return thresholds


def at_or_below(thresholds: list[int], word: int) -> int:
    """How many thresholds are at or below a word."""
    n = 0
    for each in thresholds:
        if each <= word:
            n += 1
    return n


def fading(half_life: int) -> int:
    """Share of a level's distance from its rest that fades in a month, as a word of 2^32."""
    if half_life == 0:  # Reading: what has no half-life is gone at the first settling
        return WORD
    with localcontext() as context:
        context.prec = 40
        exponent = -(Decimal(YEAR) / 12) / half_life
        left = Decimal(2) ** exponent
        return int(((1 - left) * WORD).to_integral_value(ROUND_HALF_EVEN))


# Traits -------------------------------------------------------------------------------------------------------------


def other(i: int, word: int, city_pages: int, people: int) -> int:
    """Another existing person of i's city, by a drawn word; i itself when there is none."""
    low, high = city_of(i, city_pages, people)
    m = high - low - 1
    if m < 1:
        return i
    found = low + one_of(m, word)
    if found >= i:
        found += 1
    return found


def city_of(i: int, city_pages: int, people: int) -> tuple[int, int]:
    """First person of i's city, and the first that is no longer in it."""
    size = PAGE * city_pages
    low = i // size * size
    return low, min(low + size, people)


class Place(NamedTuple):
    """Where a person stands in the plot: letter of the template, number of the household's word."""

    letter: str
    household: int


def plot_of(seed: int, plot: int, templates: list[str]) -> list[Place]:
    """The sixteen places of a plot, by the template drawn for it."""
    word = draw(seed, plot, 0, HOUSEHOLD, 0, 0)[0]
    template = templates[one_of(len(templates), word)]
    places = []
    for number, household_word in enumerate(template.split()):
        for letter in household_word:
            places.append(Place(letter, number))
    return places


def household(seed: int, i: int, templates: list[str], people: int) -> list[int]:
    """The other existing people of i's household, in rising order."""
    plot = i // PLOT
    places = plot_of(seed, plot, templates)
    own = places[i % PLOT].household
    members = []
    for place in range(PLOT):
        j = plot * PLOT + place
        if j < people and j != i and places[place].household == own:
            members.append(j)
    return members


def income_of(seed: int, plot: int, number: int) -> int:
    """Income fifth of a household, 0 to 4."""
    return one_of(5, draw(seed, plot, 0, HOUSEHOLD, 1 + number // 4, 0)[number % 4])


def trait_cuts(shares: list[float]) -> list[int]:
    """Cuts of a trait's levels on a half-word: the level is the first whose cut exceeds it."""
    cuts = []
    total = 0.0
    for share in shares:
        total = total + share
        cuts.append(round(total * 65536))
    cuts[-1] = 65536
    return cuts


def half_word(words: Words, number: int) -> int:
    """Half-word 0 to 7 of a draw, low halves first."""
    word = words[number // 2]
    if number % 2 == 0:
        return word & 0xFFFF
    return word >> 16


def trait_level(seed: int, i: int, number: int, cuts: list[int]) -> int:
    """Level of a person at the declared trait of this number."""
    half = half_word(draw(seed, i, 0, TRAIT, number // 8, 0), number % 8)
    for level, cut in enumerate(cuts):
        if cut > half:
            return level
    return len(cuts) - 1


# Ties ---------------------------------------------------------------------------------------------------------------


def near_masks(seed: int, window: int) -> list[int]:
    """The five masks by which the people of a window of 64 are paired."""
    w0, w1, w2, w3 = draw(seed, window, 0, NEAR_TIE, 0, 0)
    pool = list(range(1, NEAR_WINDOW))
    m0 = pool.pop(one_of(63, w0))
    m1 = pool.pop(one_of(62, w1))
    m2 = m0 ^ m1
    pool.remove(m2)
    m3 = pool.pop(one_of(60, w2))
    m4 = pool.pop(one_of(59, w3))
    return [m0, m1, m2, m3, m4]


def near_tie(masks: list[int], i: int, slot: int) -> int:
    """The person in a near slot, who may not exist."""
    start = i // NEAR_WINDOW * NEAR_WINDOW
    return start + ((i % NEAR_WINDOW) ^ masks[slot])


def far_tie(seed: int, i: int, slot: int, people: int) -> int:
    """The person in a far slot (counted from 0), who may not exist."""
    pages = (people + PAGE - 1) // PAGE
    c = one_of(pages, draw(seed, 0, 0, FAR_PAGE, slot, 0)[0])
    p = i // PAGE
    q = (c - p) % pages
    m = draw(seed, min(p, q), 0, FAR_MASK, slot, 0)[0] & (PAGE - 1)
    if m == 0:
        m = 1
    return PAGE * q + ((i % PAGE) ^ m)


def ring_tie(i: int, slot: int, people: int) -> int:
    """The neighbour in one of the two slots of a ring, who may not exist."""
    last = people - 1
    if slot == 0:
        return i ^ 1
    if i % 2 == 1:
        if i == last:
            return 0
        return i + 1
    if i == 0:
        if people % 2 == 1:  # Reading: an odd ring is open, so 0 has no neighbour here (the last looks to i - 1)
            return people
        return last
    return i - 1


def slots_of(society: Society) -> int:
    """Number of slots, near and far."""
    if society.ties.pattern == "town":
        return society.ties.near + society.ties.far
    if society.ties.pattern == "ring":
        return 2
    return 0


def tie_in(seed: int, society: Society, i: int, slot: int, people: int) -> int | None:
    """The person in a slot, or nobody."""
    if society.ties.pattern == "ring":
        j = ring_tie(i, slot, people)
    elif slot < society.ties.near:
        j = near_tie(near_masks(seed, i // NEAR_WINDOW), i, slot)
    else:
        j = far_tie(seed, i, slot - society.ties.near, people)
    if j >= people or j == i:
        return None
    return j


# Occasions ----------------------------------------------------------------------------------------------------------


class Alias(NamedTuple):
    """Vose's table: a column by one word, then its own kind or the alias by another."""

    thresholds: list[int]
    aliases: list[int]


def alias_table(weights: list[int]) -> Alias:
    """The alias table of whole-number weights; their sum must not be 0."""
    kinds = len(weights)
    whole = sum(weights)
    left = [weight * kinds for weight in weights]
    keep = [whole] * kinds
    alias = list(range(kinds))
    small = []
    large = []
    for k in range(kinds):
        if left[k] < whole:
            small.append(k)
        else:
            large.append(k)
    while small and large:
        s = small.pop()
        m = large.pop()
        keep[s] = left[s]
        alias[s] = m
        left[m] = left[m] + left[s] - whole
        if left[m] < whole:
            small.append(m)
        else:
            large.append(m)
    return Alias([each * WORD // whole for each in keep], alias)


def pick(table: Alias, w0: int, w1: int) -> int:
    """The kind picked by two words."""
    column = one_of(len(table.thresholds), w0)
    if w1 < table.thresholds[column]:
        return column
    return table.aliases[column]


# Letters ------------------------------------------------------------------------------------------------------------

RECORD, CLOSE, DECISION, LIST_END, HOUSE, FAVOUR, CLASS_END, FOLLOWING, WITNESS = range(9)

TRUE, MISIDENTIFIED, MISLINKED, MISSED, MISTYPED, LATE, FALSE_REPORT, PLANTED, ERASED, BENT, FAKED = range(11)
NO_TRIGGER, BY_TIES, BY_HOUSEHOLD = 11, 12, 13

EXPIRED, WON, FOUND = 0, 1, 2  # why a record closes; a decision is lost (0) or won (1)
BOUGHT = 1  # the reason of a record, or of what a witness saw: the act was done for the points
LEFT, ENTERED = 0, 1  # what a household letter says


class Letter(NamedTuple):
    """Something that reaches a person on a later day. Acts, sources, rules and lists go by their number in the file."""

    to: int
    author: int
    step: int
    occasion: int
    kind: int
    sides: int = 0
    cause: int = 0
    act: int = 0
    source: int = 0
    rule: int = 0
    arrival: int = 0
    reason: int = 0
    recorded: int = 0
    clean: int = 0


def place_in_day(letter: Letter) -> tuple[int, ...]:
    """What the letters of a day are sorted by."""
    return (
        letter.author,
        letter.step,
        letter.occasion,
        letter.kind,
        letter.sides,
        letter.cause,
        letter.act,
        letter.source,
        letter.rule,
        letter.arrival,
        letter.reason,
        letter.recorded % 65536,
        letter.clean % 65536,
    )


class Event(NamedTuple):
    """An act that happened, by the address of its draws. The act is told apart by its key."""

    author: int
    step: int
    occasion: int


def of_letter(letter: Letter) -> Event:
    """The event a letter goes back to."""
    return Event(letter.author, letter.step, letter.occasion)


class Trigger(NamedTuple):
    """What brought a change of standing: an act, a cause and a source; or one of the triggers beyond causes, without them."""

    act: int | None
    why: int
    source: int | None = None


NOTHING = Trigger(None, NO_TRIGGER)


@dataclass
class Today:
    """What adds up over a person's day, and what the letters ask of the grading."""

    sums: dict[int, int] = field(default_factory=lambda: {RECORDED: 0, CLEAN: 0})
    need: int = 0
    fear: int = 0
    awareness: int = 0
    entries: set[tuple[int, int]] = field(default_factory=set)  # (list, side) asked to enter
    exits: set[tuple[int, int]] = field(default_factory=set)  # (list, side) asked to leave: won or found out
    ends: set[tuple[int, int]] = field(default_factory=set)  # (list, side) whose term is over
    lowest: int = 0
    trigger: Trigger = NOTHING
    household: bool = False
    occasions: list[Letter] = field(default_factory=list)  # follow and witness letters, for the living


class Applied(NamedTuple):
    """One rule applied to one record: its number, the rule, what was added a side, and whether an official bent it."""

    number: int
    rule: Rule
    added: dict[int, int]
    bent: bool


class Levels(NamedTuple):
    """Need, fear and awareness as they stood when the day's living began, and what is known of one's standing."""

    need: int
    fear: int
    awareness: int
    standing: int
    shown: int
    shut: int


# The column of each name in the tallies -----------------------------------------------------------------------------

ACT_COLUMN = counted.column(counted.ACT)
RULE_COLUMN = counted.column(counted.RULE)
DOOR_COLUMN = counted.column(counted.DOOR)
LISTING_COLUMN = counted.column(counted.LISTING)
FLOW_ROW = counted.column(counted.FLOW)
SENT, DELIVERED, REFUSED = range(3)
REFUSAL_ROW = counted.column(counted.REFUSALS)


def low_end(rule: Rule) -> int:
    """The points of a rule, or the low end of its range."""
    if isinstance(rule.points, tuple):
        return rule.points[0]
    return rule.points


def mean_points(rule: Rule) -> float:
    """The points of a rule, or the middle of its range."""
    if isinstance(rule.points, tuple):
        return (rule.points[0] + rule.points[1]) / 2
    return float(rule.points)


def is_penal(rule: Rule) -> bool:
    """Whether a rule takes something away."""
    return low_end(rule) < 0 or rule.enters is not None or rule.set_class is not None or rule.fine > 0


class World:
    """A society under a regime: so many made-up people, one seed, and one day after the other."""

    def __init__(self, society: Society, regime: Regime, people: int, seed: int) -> None:
        self.society = society
        self.regime = regime
        self.people = people
        self.seed = seed
        self.day = 0
        self._read_society()
        self._read_regime()
        self._start()

    # What is read from the two files --------------------------------------------------------------------------------

    def _read_society(self) -> None:
        society = self.society
        self.act_names = list(society.acts)
        self.acts: list[Act] = list(society.acts.values())
        self.door_names = list(society.services)
        self.doors: list[Service] = list(society.services.values())
        self.act_number = counted.column(self.act_names)
        self.door_number = counted.column(self.door_names)
        self.slots = slots_of(society)
        self.trait_names = list(society.traits)
        self.cuts = {}
        for name, trait in society.traits.items():
            for age in AGES:
                self.cuts[name, age] = trait_cuts(trait.shares_at(age))
        self.namesake_thresholds = poisson_thresholds(Decimal(society.namesakes.value), society.namesakes_most)
        self.report_act: int | None = None
        for number, act in enumerate(self.acts):
            if act.does == "report" and self.report_act is None:
                self.report_act = number
        responses = society.responses
        self.need_fades = fading(days(responses.need_half_life))
        self.fear_fades = fading(days(responses.fear_half_life))
        self.awareness_fades = fading(days(responses.awareness_half_life))
        self._levels: dict[int, dict[str, int]] = {}
        self._households: dict[int, list[int]] = {}
        self._ties: dict[int, list[int | None]] = {}
        self._namesakes: dict[int, list[int]] = {}
        self._families: list[list[int]] = []
        self._clocks: dict[tuple[int, ...], tuple[list[int], Alias | None]] = {}
        self._clock_of: dict[int, tuple[list[int], Alias | None]] = {}
        self._thinned: dict[tuple[int, int], int] = {}
        self._cells: dict[int, int] = {}

    def _read_regime(self) -> None:
        regime = self.regime
        self.source_names = list(regime.sources)
        self.sources: list[Source] = list(regime.sources.values())
        self.source_number = counted.column(self.source_names)
        self.rule_names = list(regime.rules)
        self.rules: list[Rule] = list(regime.rules.values())
        self.list_names = list(regime.lists)
        self.listings: list[Listing] = list(regime.lists.values())
        self.list_number = counted.column(self.list_names)
        self.class_names: list[str] = []
        self.floors: list[int | None] = [None]
        self.class_claims: list[Claim | None] = [None]
        self.perks = [0]
        if regime.ladder is not None:
            self.class_names = [rung.name for rung in regime.ladder.classes]
            self.floors = [rung.floor for rung in regime.ladder.classes]
            self.class_claims = [rung.claims for rung in regime.ladder.classes]
            self.perks = [rung.perk for rung in regime.ladder.classes]
        self.class_number = counted.column(self.class_names)
        self.monthly = regime.ladder is not None and regime.ladder.publish == "monthly"
        self.gates: list[Gate | None] = [regime.gates.get(name) for name in self.door_names]
        self.shown_weight = 0  # a of mode shown
        self.absorbed_weight = 0  # a of mode absorbed
        if regime.spill_over is not None:
            weight = round(65536 * regime.spill_over.weight.value)
            if regime.spill_over.mode == "shown":
                self.shown_weight = weight
            else:
                self.absorbed_weight = weight
        self.published = 0
        for number, listing in enumerate(self.listings):
            if listing.published:
                self.published |= 1 << number
        self._rules_by_act: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            self._rules_by_act.setdefault(rule.act, []).append(number)
        self._rules_of: dict[tuple[int, int], list[int]] = {}
        self._felt: dict[int, tuple[int, int]] = {}
        self._standing_doors: dict[tuple[int, int], int] = {}

    def _fear_at_rest(self) -> int:
        """The fear that being watched keeps up: by how much of the exercise of rights some source sees."""
        protected = [name for name, act in self.society.acts.items() if act.protected != "none"]
        if not protected:
            return 0
        watched = 0.0
        for name in protected:
            greatest = 0.0
            for source in self.sources:
                if name in source.sees and source.sees[name].value > greatest:
                    greatest = source.sees[name].value
            watched += greatest
        return round(self.society.responses.fear_of_watching * (watched / len(protected)))

    def _start(self) -> None:
        society, regime, people = self.society, self.regime, self.people
        start = regime.points.start
        self.points = [start] * people
        self.clean = [start] * people
        self.tie = [(self.shown_weight * start) >> 16] * people
        self.lists = [0] * people
        self.clean_lists = [0] * people
        self.need = [society.responses.need_by_income[self.level(i, "income")] for i in range(people)]
        self.fear_rest = self._fear_at_rest()
        self.fear = [self.fear_rest] * people
        self.awareness = [round(15 * regime.disclosure.announced.value)] * people
        self.cut = [0] * people
        self.board = [self.shown(i, RECORDED) for i in range(people)]
        self.counters: dict[int, dict[tuple[str | int, ...], int]] = {}
        self.mail: dict[int, dict[int, list[Letter]]] = {}
        self.under_way = 0
        self.gravest: dict[int, tuple[int, Trigger]] = {}  # by person, since the last publication: weight and trigger
        self.spell_triggers: dict[tuple[int, int], Trigger] = {}  # by person and door, of spells under way
        self.lag = 0  # clean minus recorded shown points of the person being graded
        self.filed: dict[int, int] = {}  # appeals by first person of the city, since the last settling
        self.filed_before: dict[int, int] = {}  # the same in the last settled month
        sizes = counted.shapes(
            len(self.acts), len(self.sources), len(self.rules), len(self.doors), len(self.listings), len(self.floors)
        )
        self.tallies: dict[str, np.ndarray] = counted.empty(sizes)

    # Sparse counters: nought unless set -----------------------------------------------------------------------------

    def count(self, i: int, *name: str | int) -> int:
        """Value of a sparse counter of a person."""
        mine = self.counters.get(i)
        if mine is None:
            return 0
        return mine.get(name, 0)

    def put(self, i: int, value: int, *name: str | int) -> None:
        """Set a sparse counter of a person; nought removes it."""
        mine = self.counters.setdefault(i, {})
        if value == 0:
            mine.pop(name, None)
        else:
            mine[name] = value

    def add(self, i: int, value: int, *name: str | int) -> None:
        """Raise or lower a sparse counter of a person."""
        self.put(i, self.count(i, *name) + value, *name)

    def file(self, person: int) -> dict[tuple[str | int, ...], int]:
        """The person's sparse counters that are not nought.

        Numbers of rules, lists, causes, sides and doors are those of the files; the keys are
        (favour), (repeat, rule, side), (used, rule, side) and (used year, rule, side), (class, side) and (until, side),
        (alive, list, side), (cause, cause), (listed, list, side), (times, list, side), (wiped, side),
        (house, list, side), (doors, side) as bits, (clean end, door), and of an open spell (spell, door): its first
        day + 1, (spell act, door): act + 1 or 0 for none, (spell trigger, door), (spell erroneous, door).
        """
        return dict(self.counters.get(person, {}))

    # Traits and ties of a person ------------------------------------------------------------------------------------

    def place(self, i: int) -> Place:
        """Letter and household of a person."""
        return plot_of(self.seed, i // PLOT, self.society.households.templates)[i % PLOT]

    def levels(self, i: int) -> dict[str, int]:
        """Level of a person at every trait, built in or declared."""
        known = self._levels.get(i)
        if known is not None:
            return known
        place = self.place(i)
        age, parent = ROLES[place.letter]
        levels = {
            "age": AGES.index(age),
            "parent": 1 if parent == "yes" else 0,
            "income": income_of(self.seed, i // PLOT, place.household),
        }
        for number, name in enumerate(self.trait_names):
            levels[name] = trait_level(self.seed, i, number, self.cuts[name, age])
        self._levels[i] = levels
        return levels

    def level(self, i: int, trait: str) -> int:
        """Level of a person at one trait."""
        return self.levels(i)[trait]

    def is_at(self, i: int, trait: str, named: list[str]) -> bool:
        """Whether a person stands at one of the named levels of a trait."""
        return self.society.levels_of(trait)[self.level(i, trait)] in named

    def is_minority(self, i: int) -> bool:
        """Whether a person stands at the second level of the trait that parts the groups."""
        if self.society.group is None:
            return False
        return self.level(i, self.society.group) == 1

    def cell(self, i: int) -> int:
        """The cell in which a person is counted."""
        known = self._cells.get(i)
        if known is None:
            known = 2 * self.level(i, "income")
            if self.is_minority(i):
                known += 1
            self._cells[i] = known
        return known

    def somebody_else(self, i: int, word: int) -> int:
        """Another person of i's city."""
        return other(i, word, self.society.city_pages, self.people)

    def namesakes(self, i: int) -> list[int]:
        """The namesakes of a person."""
        known = self._namesakes.get(i)
        if known is None:
            n = at_or_below(self.namesake_thresholds, draw(self.seed, i, 0, NAMESAKE, 0, 0)[0])
            known = [self.somebody_else(i, draw(self.seed, i, 0, NAMESAKE, 1 + j, 0)[0]) for j in range(n)]
            self._namesakes[i] = known
        return known

    def relatives(self, i: int) -> list[int]:
        """The others of the household."""
        known = self._households.get(i)
        if known is None:
            known = household(self.seed, i, self.society.households.templates, self.people)
            self._households[i] = known
        return known

    def ties(self, i: int) -> list[int | None]:
        """The person in each slot, or nobody; cut ties are still in it."""
        known = self._ties.get(i)
        if known is None:
            known = [tie_in(self.seed, self.society, i, slot, self.people) for slot in range(self.slots)]
            self._ties[i] = known
        return known

    def is_cut(self, i: int, slot: int) -> bool:
        """Whether the tie in a slot is cut."""
        return self.cut[i] >> slot & 1 == 1

    def tie_by(self, i: int, word: int) -> int | None:
        """The tie in one of the slots, empty ones counting; nobody if it is empty or cut."""
        if self.slots == 0:
            return None
        slot = one_of(self.slots, word)
        if self.is_cut(i, slot):
            return None
        return self.ties(i)[slot]

    # Occasions of a person ------------------------------------------------------------------------------------------

    def kind(self, number: int) -> Act | Service:
        """An act, or after the acts a service."""
        if number < len(self.acts):
            return self.acts[number]
        return self.doors[number - len(self.acts)]

    def greatest_factor(self, kind: Act | Service, trait: str) -> float:
        """The greatest of the factors of all levels of a trait, those not named being 1."""
        factors = kind.times[trait]
        greatest = 0.0
        for level in self.society.levels_of(trait):
            greatest = max(greatest, factors[level].value if level in factors else 1.0)
        return greatest

    def ceiling(self, kind: Act | Service, archetype: dict[str, str]) -> float:
        """The most often a day that somebody of an archetype may meet an occasion of a kind."""
        ceiling = kind.rate.a_year / YEAR
        ceiling = ceiling * (kind.headroom if isinstance(kind, Act) else 1.0)
        for trait, factors in kind.times.items():
            if trait not in archetype:
                ceiling = ceiling * self.greatest_factor(kind, trait)
            elif archetype[trait] in factors:
                ceiling = ceiling * factors[archetype[trait]].value
        for trait, named in kind.who.items():
            if trait in archetype and archetype[trait] not in named:
                return 0.0
        return ceiling

    def weight(self, number: int, archetype: dict[str, str]) -> int:
        """The ceiling of a kind for an archetype as a whole number."""
        return round(self.ceiling(self.kind(number), archetype) * WORD)

    def families(self) -> list[list[int]]:
        """Kinds that are picked together: very many of which each archetype meets one as often as the other; else each is
        alone."""
        if self._families:
            return self._families
        kinds = len(self.acts) + len(self.doors)
        archetypes = list(product(*(self.society.levels_of(trait) for trait in self.society.archetype)))
        alike: dict[tuple[int, ...], list[int]] = {}
        for number in range(kinds):
            ceilings: tuple[int, ...] = (-number,)
            if kinds > MANY_KINDS:
                each = (dict(zip(self.society.archetype, levels, strict=True)) for levels in archetypes)
                ceilings = tuple(self.weight(number, archetype) for archetype in each)
            alike.setdefault(ceilings, []).append(number)
        self._families = list(alike.values())
        return self._families

    def clock(self, i: int) -> tuple[list[int], Alias | None]:
        """Thresholds of the number of occasions a day, and the table from which each is picked."""
        known = self._clock_of.get(i)
        if known is None:
            known = self.clock_of_archetype(tuple(self.level(i, trait) for trait in self.society.archetype))
            self._clock_of[i] = known
        return known

    def clock_of_archetype(self, places: tuple[int, ...]) -> tuple[list[int], Alias | None]:
        """The clock of everybody who stands at these levels of the archetype's traits."""
        known = self._clocks.get(places)
        if known is not None:
            return known
        archetype = {}
        for trait, level in zip(self.society.archetype, places, strict=True):
            archetype[trait] = self.society.levels_of(trait)[level]
        weights = [sum(self.weight(number, archetype) for number in family) for family in self.families()]
        with localcontext() as context:
            context.prec = 40
            rate = Decimal(sum(weights)) / WORD
        table = alias_table(weights) if sum(weights) > 0 else None
        self._clocks[places] = (poisson_thresholds(rate, MOST_OCCASIONS + 1), table)
        return self._clocks[places]

    def thinning(self, i: int, number: int) -> int:
        """What traits outside the archetype leave of a kind's occasions, as a word of 2^32."""
        known = self._thinned.get((i, number))
        if known is not None:
            return known
        kind = self.kind(number)
        b = WORD
        for trait, named in kind.who.items():
            if trait not in self.society.archetype and not self.is_at(i, trait, named):
                b = 0
        for trait, factors in kind.times.items():
            if trait not in self.society.archetype:
                level = self.society.levels_of(trait)[self.level(i, trait)]
                factor = factors[level].value if level in factors else 1.0
                greatest = self.greatest_factor(kind, trait)
                if greatest == 0:  # nobody meets this kind at all
                    b = 0
                else:
                    b = b * round(factor / greatest * 65536) >> 16
        self._thinned[i, number] = b
        return b

    # Counting -------------------------------------------------------------------------------------------------------

    def flow(self, i: int, name: str, amount: int = 1) -> None:
        """Count something that happened to a person."""
        self.tallies["flow"][FLOW_ROW[name], self.cell(i)] += amount

    def at_door(self, i: int, door: int, name: str, amount: int = 1) -> None:
        """Count something that happened to a person at a door."""
        self.tallies["door"][door, DOOR_COLUMN[name], self.cell(i)] += amount

    def at_list(self, i: int, number: int, side: int, name: str) -> None:
        """Count something that happened to a person at a list."""
        self.tallies["listing"][number, side - 1, LISTING_COLUMN[name], self.cell(i)] += 1

    def of_source(self, source: int, cause: int) -> None:
        """Count a record that arises at a source."""
        self.tallies["source"][source, cause] += 1

    # The mail -------------------------------------------------------------------------------------------------------

    def post(self, letter: Letter, due: int) -> None:
        """Put a letter into the mail, to be taken on the day `due`."""
        self.mail.setdefault(due, {}).setdefault(letter.to, []).append(letter)
        self.tallies["letter"][letter.kind, SENT] += 1
        self.under_way += 1

    def send(self, letter: Letter, due: int) -> None:
        """Post a letter that arises today: it is due tomorrow at the earliest."""
        self.post(letter, max(due, self.day + 1))

    def deliver(self, letter: Letter) -> None:
        """Count a letter as delivered."""
        self.tallies["letter"][letter.kind, DELIVERED] += 1

    def refuse(self, letter: Letter, reason: str) -> None:
        """Count a letter as refused."""
        self.tallies["letter"][letter.kind, REFUSED] += 1
        self.tallies["refusal"][REFUSAL_ROW[reason]] += 1

    # Order of a day -------------------------------------------------------------------------------------------------

    def run(self, days: int) -> None:
        """Live so many days."""
        for _ in range(days):
            self.step()

    def step(self) -> None:
        """One day: settle first when the day asks for it, then everyone who has a letter or an occasion lives."""
        if self.is_settling_day():
            self.settle()
        due = self.mail.pop(self.day, {})
        clocks: Words = (0, 0, 0, 0)
        for i in range(self.people):
            if i % 4 == 0:
                clocks = draw(self.seed, i // 4, self.day, WAKE, 0, 0)
            occasions = at_or_below(self.clock(i)[0], clocks[i % 4])
            letters = sorted(due.get(i, []), key=place_in_day)
            if letters or occasions > 0:
                self.live_through(i, letters, occasions)
        self.day += 1

    def is_settling_day(self) -> bool:
        """Whether everyone settles before this day."""
        if self.day == 0:
            return False
        if self.society.settle_every is not None:
            return self.day % self.society.settle_every == 0
        return self.day % YEAR in MONTH_STARTS

    def live_through(self, i: int, letters: list[Letter], occasions: int) -> None:
        """The day of a person who wakes: letters, clamp, grading, living, levels."""
        today = Today()
        # Reading: nobody is graded on a day without letters; standing and doors are then read off the state as it is.
        if letters:
            self.under_way -= len(letters)
            for letter in letters:
                self.open(i, letter, today)
            if today.trigger.why == NO_TRIGGER and today.household:
                today.trigger = Trigger(None, BY_HOUSEHOLD)
            self.clamp(i, today)
            self.grade(i, today)
        if occasions > MOST_OCCASIONS:
            occasions = MOST_OCCASIONS
            self.flow(i, "cut off")
        self.live(i, today, occasions)
        self.need[i] = held(self.need[i] + today.need, 0, MOST_LEVEL)
        self.fear[i] = held(self.fear[i] + today.fear, 0, MOST_LEVEL)
        self.awareness[i] = held(self.awareness[i] + today.awareness, 0, MOST_LEVEL)

    # Letters --------------------------------------------------------------------------------------------------------

    def open(self, i: int, letter: Letter, today: Today) -> None:
        """Take one letter."""
        if letter.kind == RECORD:
            self.take_record(i, letter, today)
        elif letter.kind == CLOSE:
            self.take_close(i, letter, today)
        elif letter.kind == DECISION:
            self.take_decision(i, letter)
        elif letter.kind == LIST_END:
            if self.count(i, "listed", letter.rule, letter.sides) == letter.arrival + 1:
                today.ends.add((letter.rule, letter.sides))
                self.deliver(letter)
            else:
                self.refuse(letter, "stale")
        elif letter.kind == HOUSE:
            self.deliver(letter)
            if letter.reason == ENTERED:
                self.add(i, 1, "house", letter.rule, letter.sides)
                if letter.sides == RECORDED:
                    today.household = True
            else:
                self.add(i, -1, "house", letter.rule, letter.sides)
        elif letter.kind == FAVOUR:
            self.deliver(letter)
            self.add(i, 1, "favour")
        elif letter.kind == CLASS_END:
            if self.day >= self.count(i, "until", letter.sides):
                self.put(i, 0, "class", letter.sides)
                self.put(i, 0, "until", letter.sides)
                self.deliver(letter)
            else:
                self.refuse(letter, "stale")
        else:
            self.deliver(letter)
            today.occasions.append(letter)

    def rules_of(self, source: int, act: int) -> list[int]:
        """Numbers of the rules that take this act from this source."""
        known = self._rules_of.get((source, act))
        if known is None:
            known = []
            for number in self._rules_by_act.get(self.act_names[act], []):
                if self.is_meant(self.rules[number], source):
                    known.append(number)
            self._rules_of[source, act] = known
        return known

    def is_meant(self, rule: Rule, source: int) -> bool:
        """Whether a rule takes records from this source."""
        return rule.seen_by == "any" or self.source_names[source] in rule.seen_by

    def event(self, event: Event, purpose: int, *names: str) -> Words:
        """A draw about an event."""
        sub = 0
        for name in names:
            sub ^= key(name)
        return draw(self.seed, event.author, event.step, purpose, event.occasion, sub)

    def take_record(self, i: int, letter: Letter, today: Today) -> None:
        """A record reaches the file of the person it names."""
        for trait, named in self.regime.applies_to.items():
            if not self.is_at(i, trait, named):
                self.miss_out(i, letter)
                self.refuse(letter, "not covered")
                return
        # 1. Rules whose window is not over; 2. the gravest only
        left = self.rules_left(letter)
        if not left:
            self.refuse(letter, "old")
            return
        # 3. Favours
        penal = any(is_penal(self.rules[number]) for number in left)
        sides = [side for side in SIDES if letter.sides & side]
        if RECORDED in sides and penal and self.count(i, "favour") > 0:
            self.add(i, -1, "favour")
            sides.remove(RECORDED)
            self.of_source(letter.source, ERASED)
            if not sides:
                self.refuse(letter, "erased")
                return
        self.deliver(letter)
        for side in sides:
            self.tallies["kept"][letter.source, side - 1] += 1
        # 4. Every rule left
        applied: list[Applied] = []
        weight = 0
        for number in left:
            weight += self.apply_rule(i, letter, number, sides, today, applied)
        bent = any(each.bent for each in applied)
        if RECORDED in sides and weight < today.lowest:
            today.lowest = weight
            today.trigger = Trigger(letter.act, BENT if bent and letter.cause == TRUE else letter.cause, letter.source)
            if weight < self.gravest.get(i, (0, NOTHING))[0]:
                self.gravest[i] = (weight, today.trigger)
        # 5. Remedy
        appeal_won: int | None = None
        found_out: int | None = None
        if RECORDED in sides and penal:
            wrong = letter.cause != TRUE or bent
            appeal_won = self.seek_remedy(i, letter, wrong, today)
            found_out = self.oversee(i, letter)
        # 6. Closing
        for each in applied:
            self.close_later(i, letter, each, sides, appeal_won, found_out)

    def miss_out(self, i: int, letter: Letter) -> None:
        """Count the points that a record would have brought to somebody who is not covered."""
        if not letter.sides & RECORDED:
            return
        total = sum(self.chosen(letter, number)[0] for number in self.rules_left(letter))
        if total < 0:
            self.flow(i, "not covered lost", -total)
        else:
            self.flow(i, "not covered gained", total)

    def rules_left(self, letter: Letter) -> list[int]:
        """The rules that take a record and whose window is not over; of these the gravest where only that counts."""
        left = []
        for number in self.rules_of(letter.source, letter.act):
            window = self.rules[number].window
            if window is None or self.day - letter.step <= days(window):
                left.append(number)
        if self.regime.stacking == "gravest" and left:
            left = [min(left, key=lambda number: low_end(self.rules[number]))]
        return left

    def chosen(self, letter: Letter, number: int) -> tuple[int, Words]:
        """The points of a rule, as an official chooses them if there is a choice, and the words of that draw."""
        rule = self.rules[number]
        if not isinstance(rule.points, tuple):
            return low_end(rule), (0, 0, 0, 0)
        names = self.rule_names[number], self.source_names[letter.source], self.act_names[letter.act]
        g = self.event(of_letter(letter), RULED, *names)
        low, high = rule.points
        return low + one_of(high - low + 1, g[0]), g

    def apply_rule(
        self, i: int, letter: Letter, number: int, sides: list[int], today: Today, applied: list[Applied]
    ) -> int:
        """Apply one rule to the sides of a record; returns its part of the record's weight as a trigger."""
        rule = self.rules[number]
        powers = self.regime.powers
        chosen, g = self.chosen(letter, number)
        points = {RECORDED: chosen, CLEAN: chosen}
        bent = False
        if isinstance(rule.points, tuple):
            low, high = rule.points
            if RECORDED in sides and powers.bent is not None and g[1] < threshold(powers.bent.share.value):
                if g[2] < threshold(powers.bent.against.value):
                    points[RECORDED] = low
                else:
                    points[RECORDED] = high
                bent = points[RECORDED] != chosen
        weight = points[RECORDED]  # Reading: before repetition and cap
        added = {}
        for side in sides:
            x = self.capped(i, number, side, self.repeated(i, number, side, points[side]))
            added[side] = x
            today.sums[side] += x
            side_name = counted.SIDES[side - 1]
            self.tallies["rule"][number, RULE_COLUMN["applied " + side_name]] += 1
            self.tallies["rule"][number, RULE_COLUMN["points " + side_name]] += x
        if RECORDED in sides:
            cause = BENT if bent and letter.cause == TRUE else letter.cause
            if added[RECORDED] < 0:
                self.tallies["cause"][cause, 0] -= added[RECORDED]
            else:
                self.tallies["cause"][cause, 1] += added[RECORDED]
                self.flow(i, "gained", added[RECORDED])
                if letter.reason == BOUGHT:
                    self.flow(i, "gained bought", added[RECORDED])
                if letter.cause == FAKED:
                    self.flow(i, "gained faked", added[RECORDED])
        if rule.set_class is not None:
            weight -= 20_000
        if rule.enters is not None:
            weight -= 20_000
            if rule.enters in self.list_number:
                for side in sides:
                    self.add(i, 1, "alive", self.list_number[rule.enters], side)
                    if self.listings[self.list_number[rule.enters]].entry.records is None:
                        today.entries.add((self.list_number[rule.enters], side))
        if RECORDED in sides:
            today.need += rule.fine
        applied.append(Applied(number, rule, added, bent))
        return weight

    def repeated(self, i: int, number: int, side: int, x: int) -> int:
        """Points of a rule after repetition. Only rules with `repeat` keep the counter."""
        repeat = self.rules[number].repeat
        if repeat is None:
            return x
        self.add(i, 1, "repeat", number, side)
        if self.count(i, "repeat", number, side) >= repeat.from_:
            return held(x * repeat.times, -WIDEST, WIDEST)
        return x

    def capped(self, i: int, number: int, side: int, x: int) -> int:
        """Points of a rule after its yearly cap. Only rules with `cap` keep the counter."""
        cap = self.rules[number].cap
        if cap is None:
            return x
        used = 0
        if self.count(i, "used year", number, side) == self.day // YEAR:
            used = self.count(i, "used", number, side)
        room = cap.points - used
        x = held(x, -room, room)
        self.put(i, used + abs(x), "used", number, side)
        self.put(i, self.day // YEAR, "used year", number, side)
        return x

    def set_class(self, i: int, letter: Letter, side: int, new: int, until: int) -> None:
        """Set a class until a day: the worst of what is in force and the new."""
        if self.day < self.count(i, "until", side):
            new = max(new, self.count(i, "class", side))
            self.put(i, max(until, self.count(i, "until", side)), "until", side)
        else:
            self.put(i, until, "until", side)
        self.put(i, new, "class", side)
        self.send(Letter(i, letter.author, letter.step, letter.occasion, CLASS_END, side), until)

    def seek_remedy(self, i: int, letter: Letter, wrong: bool, today: Today) -> int | None:
        """Whether one is told, knows, appeals and wins; returns the day on which a won appeal is decided."""
        remedy = self.regime.remedy
        responses = self.society.responses
        h0, h1, h2, h3 = self.event(
            of_letter(letter), REMEDY, self.source_names[letter.source], self.act_names[letter.act]
        )
        if wrong:
            which = "wrong"
            appeals, wins = responses.appeals_if_wrong.value, remedy.wins_if_wrong.value
        else:
            which = "right"
            appeals, wins = responses.appeals_if_right.value, remedy.wins_if_right.value
        self.flow(i, "penal " + which)
        told = h0 < threshold(self.regime.disclosure.told.value)
        if told:
            self.flow(i, "told " + which)
            today.awareness += responses.awareness_of_record
        knows = told or h1 < threshold(responses.knows_untold.value)
        if not knows:
            return None
        self.flow(i, "knew " + which)
        if not remedy.appeals:
            return None
        if not h2 < threshold(appeals):
            return None
        self.flow(i, "filed " + which)
        city = city_of(i, self.society.city_pages, self.people)[0]
        self.filed[city] = self.filed.get(city, 0) + 1
        due = self.day + self.wait(i)
        won = h3 < threshold(wins)
        self.send(
            Letter(
                i,
                letter.author,
                letter.step,
                letter.occasion,
                DECISION,
                rule=1 if wrong else 0,
                reason=WON if won else 0,
            ),
            due,
        )
        if won:
            return due
        return None

    def wait(self, i: int) -> int:
        """Days until an appeal filed today is decided."""
        remedy = self.regime.remedy
        wait = days(remedy.wait)
        if remedy.a_month is not None:
            low, high = city_of(i, self.society.city_pages, self.people)
            d = max(1, round(remedy.a_month.value * (high - low) / 1000))
            f = self.filed_before.get(low, 0)
            wait = wait * max(1000 * d, 1000 * f) // (1000 * d)
        return max(1, wait)

    def oversee(self, i: int, letter: Letter) -> int | None:
        """The day on which a planted record is found out, if it is."""
        if letter.cause != PLANTED:
            return None
        powers = self.regime.powers
        o = self.event(of_letter(letter), OVERSIGHT, self.source_names[letter.source], self.act_names[letter.act])
        if not o[0] < threshold(powers.oversight.value):
            return None
        self.flow(i, "found by oversight")
        return self.day + max(1, days(powers.oversight_after))

    def close_later(
        self, i: int, letter: Letter, each: Applied, sides: list[int], appeal_won: int | None, found_out: int | None
    ) -> None:
        """Post the closing letters of one rule, set its class for a term, and remember its cause while the record lives."""
        rule = each.rule
        expiry: int | None = None
        if rule.expires is not None:
            since = letter.step if rule.counts_from == "act" else self.day
            expiry = max(since + days(rule.expires), self.day + 1)
        if rule.set_class is not None and rule.set_class.to in self.class_number:
            for side in sides:
                until = self.day + days(rule.set_class.term)
                if side == RECORDED:
                    until = min(day for day in (until, appeal_won, found_out) if day is not None)
                self.set_class(i, letter, side, self.class_number[rule.set_class.to], until)
        cause = BENT if each.bent and letter.cause == TRUE else letter.cause
        if RECORDED in sides and cause != TRUE:
            self.add(i, 1, "cause", cause)
        end: int | None = None
        reason = EXPIRED
        if RECORDED in sides:
            for day, why in ((expiry, EXPIRED), (appeal_won, WON), (found_out, FOUND)):
                if day is not None and (end is None or day < end):
                    end, reason = day, why
        blank = Letter(
            i, letter.author, letter.step, letter.occasion, CLOSE, cause=cause, rule=each.number, arrival=self.day
        )
        together = RECORDED in sides and CLEAN in sides and expiry is not None and end == expiry and reason == EXPIRED
        if together and expiry is not None:
            self.send(blank._replace(sides=BOTH, recorded=each.added[RECORDED], clean=each.added[CLEAN]), expiry)
            return
        if RECORDED in sides and end is not None:
            self.send(blank._replace(sides=RECORDED, reason=reason, recorded=each.added[RECORDED]), end)
        if CLEAN in sides and expiry is not None:
            self.send(blank._replace(sides=CLEAN, clean=each.added[CLEAN]), expiry)

    def take_close(self, i: int, letter: Letter, today: Today) -> None:
        """A record ends: what it added is taken off, unless the file was wiped since."""
        rule = self.rules[letter.rule]
        any_left = False
        for side in SIDES:
            if not letter.sides & side:
                continue
            if self.count(i, "wiped", side) > letter.arrival:
                continue
            any_left = True
            amount = letter.recorded if side == RECORDED else letter.clean
            today.sums[side] -= amount
            self.flow(i, "closed " + counted.SIDES[side - 1], amount)
            if rule.enters in self.list_number:
                self.add(i, -1, "alive", self.list_number[rule.enters], side)
                if side == RECORDED and letter.reason in (WON, FOUND):
                    today.exits.add((self.list_number[rule.enters], side))
            if side == RECORDED and letter.cause != TRUE:
                self.add(i, -1, "cause", letter.cause)
        if any_left:
            self.deliver(letter)
        else:
            self.refuse(letter, "void")

    def take_decision(self, i: int, letter: Letter) -> None:
        """An appeal is decided."""
        self.deliver(letter)
        which = "wrong" if letter.rule == 1 else "right"
        self.flow(i, "decided " + which)
        if letter.reason == WON:
            self.flow(i, "won " + which)

    # Clamp ----------------------------------------------------------------------------------------------------------

    def bounds(self) -> tuple[int, int]:
        """Between what points are kept."""
        table = self.regime.points
        if table.bounds == "hold":
            return table.low, table.high
        return -WIDEST, WIDEST

    def own(self, i: int, side: int) -> int:
        """Points of a side."""
        if side == RECORDED:
            return self.points[i]
        return self.clean[i]

    def set_own(self, i: int, side: int, value: int) -> None:
        """Set the points of a side."""
        if side == RECORDED:
            self.points[i] = value
        else:
            self.clean[i] = value

    def clamp(self, i: int, today: Today) -> None:
        """Add the day's sums, once, and hold the points inside their bounds."""
        low, high = self.bounds()
        for side in SIDES:
            wanted = self.own(i, side) + today.sums[side]
            got = held(wanted, low, high)
            self.set_own(i, side, got)
            self.flow(i, "clipped " + counted.SIDES[side - 1], wanted - got)

    # Grading --------------------------------------------------------------------------------------------------------

    def shown(self, i: int, side: int) -> int:
        """Shown points of a side: the own part and what ties add."""
        own = self.own(i, side)
        table = self.regime.points
        if table.bounds == "read":
            own = held(own, table.low, table.high)
        return held(own - (self.shown_weight * own >> 16) + self.tie[i], -WIDEST_SHOWN, WIDEST_SHOWN)

    def ladder(self, x: int) -> int:
        """The first class whose floor is at most x."""
        for number, floor in enumerate(self.floors):
            if floor is None or floor <= x:
                return number
        return len(self.floors) - 1

    def standing(self, i: int, side: int) -> int:
        """The class of a side today: by points, and at least the class set for a term."""
        if self.monthly:
            standing = self.ladder(self.board[i] + (self.lag if side == CLEAN else 0))
        else:
            standing = self.ladder(self.shown(i, side))
        return self.at_least_set(i, side, standing)

    def at_least_set(self, i: int, side: int, standing: int) -> int:
        """The class, or the one set for a term if that is worse and still in force."""
        if self.day < self.count(i, "until", side):
            return max(standing, self.count(i, "class", side))
        return standing

    def bits(self, i: int, side: int) -> int:
        """The lists one is on, one bit each."""
        if side == RECORDED:
            return self.lists[i]
        return self.clean_lists[i]

    def is_on(self, i: int, number: int, side: int) -> bool:
        """Whether one is on a list."""
        return self.bits(i, side) >> number & 1 == 1

    def set_bit(self, i: int, number: int, side: int, on: bool) -> None:
        """Put one on a list or take one off."""
        bits = self.bits(i, side)
        if on:
            bits |= 1 << number
        else:
            bits &= ~(1 << number)
        if side == RECORDED:
            self.lists[i] = bits
        else:
            self.clean_lists[i] = bits

    def condition(self, i: int, number: int, side: int, standing: int) -> bool:
        """Whether a list holds one by itself: by class, by records alive, or through the household."""
        entry = self.listings[number].entry
        if entry.at_or_below is not None and entry.at_or_below in self.class_number:
            if standing >= self.class_number[entry.at_or_below]:
                return True
        if entry.records is not None:
            if self.count(i, "alive", number, side) >= entry.records:
                return True
        return self.count(i, "house", number, side) > 0

    def grade(self, i: int, today: Today) -> None:
        """Find class, lists and doors of both sides, and the spells that begin and end."""
        frightened = False
        self.lag = self.shown(i, CLEAN) - self.shown(i, RECORDED)
        for side in SIDES:
            standing = self.standing(i, side)
            for number in range(len(self.listings)):
                if self.is_on(i, number, side):
                    standing = self.leave_or_stay(i, number, side, standing, today)
            for number in range(len(self.listings)):
                if not self.is_on(i, number, side):
                    asked = (number, side) in today.entries
                    if asked or self.condition(i, number, side, standing):
                        self.enter(i, number, side)
                        if side == RECORDED:
                            frightened = True
        if self.see_doors(i, today.trigger):
            frightened = True
        if frightened:
            today.fear += self.society.responses.fear_of_sanction

    def leave_or_stay(self, i: int, number: int, side: int, standing: int, today: Today) -> int:
        """Whether one listed leaves; returns the class, which wiping changes."""
        listing = self.listings[number]
        holds = self.condition(i, number, side, standing)
        alive = self.count(i, "alive", number, side)
        leaves = False
        if (number, side) in today.ends:
            if listing.wipes or not holds:
                leaves = True
            else:
                self.put(i, self.day + 1, "listed", number, side)
                self.at_list(i, number, side, "renewed")
                self.post_list_end(i, number, side)
        elif (number, side) in today.exits:
            leaves = not holds and alive == 0
        elif listing.term is None:
            leaves = not holds and alive == 0
        if not leaves:
            return standing
        self.set_bit(i, number, side, False)
        self.put(i, 0, "listed", number, side)
        self.at_list(i, number, side, "left")
        self.tell_household(i, number, side, LEFT)
        if not listing.wipes:
            return standing
        self.wipe(i, side)
        return self.standing(i, side)

    def wipe(self, i: int, side: int) -> None:
        """Return a side to the start and forget what lives in it."""
        start = self.regime.points.start
        self.flow(i, "wiped " + counted.SIDES[side - 1], start - self.own(i, side))
        self.set_own(i, side, start)
        self.put(i, self.day + 1, "wiped", side)
        for number in range(len(self.listings)):
            self.put(i, 0, "alive", number, side)
        if side == RECORDED:
            for cause in range(len(counted.CAUSES)):
                self.put(i, 0, "cause", cause)

    def enter(self, i: int, number: int, side: int) -> None:
        """Put one on a list."""
        self.set_bit(i, number, side, True)
        self.put(i, self.day + 1, "listed", number, side)
        self.add(i, 1, "times", number, side)
        self.at_list(i, number, side, "entered")
        self.post_list_end(i, number, side)
        self.tell_household(i, number, side, ENTERED)

    def post_list_end(self, i: int, number: int, side: int) -> None:
        """Post the letter that ends a listing, by its term or because what was asked has been done."""
        listing = self.listings[number]
        length: int | None = None
        if listing.term is not None:
            terms = [listing.term, *listing.later_terms]
            earlier = self.count(i, "times", number, side) - 1  # at a renewal too, those before this one
            length = days(terms[min(earlier, len(terms) - 1)])
        if listing.fulfil is not None:
            v = draw(self.seed, i, self.day, FULFIL, 0, key(self.list_names[number]))
            if v[0] < threshold(listing.fulfil.share.value):
                done = 1 + one_of(days(listing.fulfil.within), v[1])
                if length is None or done < length:
                    length = done
        if length is None:
            return
        self.send(
            Letter(i, i, self.day, 0, LIST_END, side, rule=number, arrival=self.day),
            self.day + length,
        )

    def tell_household(self, i: int, number: int, side: int, reason: int) -> None:
        """Post what a listing means for the others of the household."""
        reach = self.listings[number].household
        if reach is None or reach.onto not in self.list_number:
            return
        onto = self.list_number[reach.onto]
        for j in self.relatives(i):
            child = self.is_at(j, "age", ["child"])
            if reach.who == "children" and not child:
                continue
            if reach.who == "adults" and child:
                continue
            self.send(Letter(j, i, self.day, 0, HOUSE, side, rule=onto, reason=reason), self.day + 1)

    def shut_by(self, standing: int, bits: int) -> int:
        """The doors shut to a class and a set of lists, one bit each."""
        known = self._standing_doors.get((standing, bits))
        if known is not None:
            return known
        shut = 0
        for door, gate in enumerate(self.gates):
            if gate is None:
                continue
            if self.class_names and self.class_names[standing] in gate.classes:
                shut |= 1 << door
            for number, name in enumerate(self.list_names):
                if bits >> number & 1 == 1 and name in gate.lists:
                    shut |= 1 << door
        self._standing_doors[standing, bits] = shut
        return shut

    def see_doors(self, i: int, trigger: Trigger) -> bool:
        """Compare the doors shut now with those before; returns whether a spell of one's own began."""
        standing = self.standing(i, RECORDED)
        before = {side: self.count(i, "doors", side) for side in SIDES}
        now = {
            RECORDED: self.shut_by(standing, self.lists[i]),
            CLEAN: self.shut_by(self.standing(i, CLEAN), self.clean_lists[i]),
        }
        for side in SIDES:
            self.put(i, now[side], "doors", side)
        began = False
        for door in range(len(self.doors)):
            was = {side: before[side] >> door & 1 == 1 for side in SIDES}
            shut = {side: now[side] >> door & 1 == 1 for side in SIDES}
            if shut[CLEAN] and not was[CLEAN]:
                self.at_door(i, door, "clean begun")
                if not shut[RECORDED]:
                    self.at_door(i, door, "missed")
            if was[CLEAN] and not shut[CLEAN]:
                self.at_door(i, door, "clean ended")
                self.put(i, self.day, "clean end", door)
            if shut[RECORDED] and not was[RECORDED]:
                self.begin_spell(i, door, trigger, not shut[CLEAN], standing)
                began = True
            if was[RECORDED] and not shut[RECORDED]:
                self.end_spell(i, door, not shut[CLEAN])
        return began

    # Spells ---------------------------------------------------------------------------------------------------------

    def begin_spell(self, i: int, door: int, trigger: Trigger, erroneous: bool, standing: int) -> None:
        """A door shuts: count the spell under every term of harm that fits."""
        self.at_door(i, door, "begun")
        self.brought(trigger, "spells")
        harms = []
        if erroneous:
            harms.append("erroneous")
            for cause in range(len(counted.CAUSES)):
                if self.count(i, "cause", cause) > 0:
                    self.tallies["alive"][cause] += 1
        elif self.is_untrue(i, self.claim(i, door, standing)):
            harms.append("mistaken")
        if trigger.why in (BY_TIES, BY_HOUSEHOLD):
            harms.append("for another")
        if trigger.act is not None:
            act = self.acts[trigger.act]
            if act.protected != "none":
                harms.append("protected")
            if act.domain != self.doors[door].domain:
                harms.append("cross-context")
        for harm in harms:
            self.at_door(i, door, harm)
            self.brought(trigger, harm)
        self.spell_triggers[i, door] = trigger
        self.put(i, self.day + 1, "spell", door)
        self.put(i, 0 if trigger.act is None else trigger.act + 1, "spell act", door)
        self.put(i, 1 if erroneous else 0, "spell erroneous", door)

    def brought(self, trigger: Trigger, name: str, number: int = 1) -> None:
        """Count what a spell brought, by the cause and by the source of its trigger."""
        column = counted.BROUGHT.index(name)
        self.tallies["trigger"][trigger.why, column] += number
        self.tallies["brought"][len(self.sources) if trigger.source is None else trigger.source, column] += number

    def claim(self, i: int, door: int, standing: int) -> Claim | None:
        """What the decision behind a shut door says of the person."""
        gate = self.gates[door]
        for number, name in enumerate(self.list_names):
            if gate is not None and name in gate.lists and self.is_on(i, number, RECORDED):
                return self.listings[number].claims  # Reading: a list that claims nothing still stands before the class
        return self.class_claims[standing]

    def is_untrue(self, i: int, claim: Claim | None) -> bool:
        """Whether a claim is untrue: some trait is at none of its named levels."""
        if claim is None:
            return False
        if claim.true_of == "nobody":
            return True
        return not all(self.is_at(i, trait, named) for trait, named in claim.true_of.items())

    def end_spell(self, i: int, door: int, clean_open: bool) -> None:
        """A door opens again: count how long it was shut."""
        start = self.count(i, "spell", door) - 1
        act = self.count(i, "spell act", door)
        trigger = self.spell_triggers.pop((i, door))
        closed = self.day - start
        self.at_door(i, door, "ended")
        self.at_door(i, door, "closed days", closed)
        if act > 0:
            bounds = {GRADES.index(grade): days(bound) for grade, bound in self.regime.bounds_of_harm.items()}
            bound = bounds.get(GRADES.index(self.acts[act - 1].harm))
            if bound is not None and closed > bound:
                self.at_door(i, door, "disproportionate")
                self.brought(trigger, "disproportionate")
        if self.count(i, "spell erroneous", door) == 0 and clean_open:
            overlong = self.day - max(start, self.count(i, "clean end", door))
            self.at_door(i, door, "overlong days", overlong)
            self.brought(trigger, "overlong days", overlong)
        for name in ("spell", "spell act", "spell erroneous"):
            self.put(i, 0, name, door)

    # Living ---------------------------------------------------------------------------------------------------------

    def live(self, i: int, today: Today, occasions: int) -> None:
        """Live the day: acts that come by letter, then the occasions of the clock."""
        standing = self.standing(i, RECORDED)
        levels = Levels(
            self.need[i],
            self.fear[i],
            self.awareness[i],
            standing,
            self.shown(i, RECORDED),
            self.shut_by(standing, self.lists[i]),
        )
        for letter in today.occasions:
            if letter.kind == FOLLOWING:
                y = self.event(of_letter(letter), FOLLOW, self.act_names[letter.act])
                self.meet(i, letter.act, of_letter(letter), y[1], WORD, levels)
            elif self.report_act is not None:
                self.bear_witness(i, letter, self.report_act, levels)
        for o in range(occasions):
            self.flow(i, "occasions")
            w = draw(self.seed, i, self.day, OCCASION, o, 0)
            table = self.clock(i)[1]
            assert table is not None
            family = self.families()[pick(table, w[0], w[1])]
            number = family[one_of(len(family), w[3])]
            b = self.thinning(i, number)
            if number < len(self.acts):
                self.meet(i, number, Event(i, self.day, o), w[2], b, levels)
            else:
                self.ask(i, number - len(self.acts), o, w[2], b, levels, today)

    def bear_witness(self, i: int, letter: Letter, report: int, levels: Levels) -> None:
        """A witness decides whether to report what was seen."""
        event = of_letter(letter)
        z = self.event(
            event,
            REPORT,
            self.source_names[letter.source],
            self.act_names[letter.act],
        )
        if not self.meet(i, report, event, z[0], threshold(self.society.responses.reports.value), levels):
            return
        source = self.sources[letter.source]
        author = letter.author
        named = author
        drawn = z[1] < likely(
            source.misidentified.value * self.group_factor(author, source.misidentified_by_group.value)
        )
        if drawn:
            tie = self.tie_by(i, z[2])
            if tie is not None:
                named = tie
        if self.link(author, named, drawn, event, letter.source, letter.act, letter.reason):
            self.tallies["left"][letter.act, counted.LEFT.index("reported")] += 1

    def meet(self, i: int, number: int, event: Event, mark: int, b: int, levels: Levels) -> bool:
        """An occasion of an act: whether it is taken, and what follows if it is."""
        tempted = self.is_tempted(i, levels)
        outcome = self.outcome(i, number, mark, b, levels, tempted)
        if outcome == "taken" and tempted:  # and would it have been without that?
            saturated = self.tallies["act"][number, ACT_COLUMN["saturated"]]
            bought = self.outcome(i, number, mark, b, levels, False) != "taken"
            self.tallies["act"][number, ACT_COLUMN["saturated"]] = saturated
        else:
            bought = False
        self.tallies["act"][number, ACT_COLUMN[outcome]] += 1
        if outcome != "taken":
            return False
        self.be_seen(i, number, event, BOUGHT if bought else 0)
        self.do(i, number, event)
        return True

    # Acceptance

    def outcome(self, i: int, number: int, mark: int, b: int, levels: Levels, tempted: bool) -> str:
        """What becomes of an occasion of an act."""
        act = self.acts[number]
        risk16, gain16 = self.felt(number)
        wanted = 256
        if act.need is not None:
            wanted += round(256 * act.need.value) * levels.need // 15
        if act.encouraged is not None:
            wanted += round(256 * act.encouraged.value) * levels.awareness * gain16 // (15 * 65536)
        if act.gamed is not None and tempted:
            wanted += round(256 * act.gamed.value)
        if act.grudge is not None and self.is_wronged(i):
            wanted += round(256 * act.grudge.value)
        most = round(256 * act.headroom)
        if wanted > most:
            wanted = most
            self.tallies["act"][number, ACT_COLUMN["saturated"]] += 1
        accepted = b * wanted // most
        d16 = 0
        if act.deterred is not None:
            d16 = (round(65536 * act.deterred.value) * levels.awareness // 15) * risk16 >> 16
        s16 = 0
        if act.silenced is not None:
            s16 = round(65536 * act.silenced.value) * levels.fear // 15
        undeterred = accepted - (accepted * d16 >> 16)
        unsilenced = undeterred - (undeterred * s16 >> 16)
        if mark >= accepted:
            return "forgone"
        if act.door is not None and act.door in self.door_number:
            if levels.shut >> self.door_number[act.door] & 1 == 1:
                return "shut"
        if act.behind is not None and act.behind in self.door_number:
            if levels.shut >> self.door_number[act.behind] & 1 == 0:
                return "shut"
        if mark < unsilenced:
            return "taken"
        if mark < undeterred:
            return "silenced"
        return "deterred"

    def is_tempted(self, i: int, levels: Levels) -> bool:
        """Whether money is there and the next class is near."""
        responses = self.society.responses
        if self.level(i, "income") < FIFTHS.index(responses.gaming_income):
            return False
        if levels.standing == 0:
            return False
        floor = self.floors[levels.standing - 1]
        if floor is None:
            return False
        return 0 < floor - levels.shown <= responses.gaming_reach

    def is_wronged(self, i: int) -> bool:
        """Whether one stands worse than the clean file would have it."""
        return self.points[i] < self.clean[i] or self.lists[i] & ~self.clean_lists[i] != 0

    def felt(self, number: int) -> tuple[int, int]:
        """Felt risk and felt gain of an act, in parts of 65,536."""
        known = self._felt.get(number)
        if known is not None:
            return known
        name = self.act_names[number]
        start = self.regime.points.start
        here = self.ladder(start)
        own_floor = self.floors[here]
        down = 100
        if own_floor is not None and here + 1 < len(self.floors):
            down = start - own_floor + 1
        up = 100
        if here > 0:
            better = self.floors[here - 1]
            if better is not None:
                up = better - start
        risk = 0.0
        gain = 0.0
        for rule_number in self._rules_by_act.get(name, []):
            rule = self.rules[rule_number]
            if not rule.known:
                continue
            e = mean_points(rule)
            severity = rule.fine / 15
            if e < 0:
                severity = max(min(1.0, -e / down), severity)
            if rule.enters is not None:  # of several records that are needed, each weighs its part
                listing = self.regime.lists.get(rule.enters)
                needed = listing.entry.records if listing is not None else None
                severity = max(1.0 / (needed or 1), severity)
            if rule.set_class is not None:
                severity = 1.0
            benefit = min(1.0, e / up) if e > 0 else 0.0
            for source_number, source in enumerate(self.sources):
                if name in source.sees and self.is_meant(rule, source_number):
                    p = source.sees[name].value
                    risk = max(risk, p * severity)
                    gain = max(gain, p * benefit)
        self._felt[number] = (round(65536 * risk), round(65536 * gain))
        return self._felt[number]

    # A taken act

    def do(self, i: int, number: int, event: Event) -> None:
        """What an act does beyond being seen."""
        act = self.acts[number]
        if act.does == "false-report":
            self.report_falsely(i, number, event)
        elif act.does == "plant":
            self.plant(i, number, event)
        elif act.does == "erase":
            self.erase(i, number, event)
        elif act.does == "fake":
            if act.fakes is not None and act.fakes in self.act_number:
                self.be_seen_faking(i, self.act_number[act.fakes], event)
        for follow in act.leads_to:
            if follow.act in self.act_number:
                y = self.event(event, FOLLOW, follow.act)
                if y[0] < threshold(follow.share.value):
                    self.send(
                        Letter(i, event.author, event.step, event.occasion, FOLLOWING, act=self.act_number[follow.act]),
                        self.day + max(1, days(follow.after)),
                    )

    def report_falsely(self, i: int, number: int, event: Event) -> None:
        """Accuse a tie of something that did not happen."""
        source_number: int | None = None
        for each, source in enumerate(self.sources):
            if source.kind == "witness" and source_number is None:
                source_number = each
        if source_number is None:
            return
        source = self.sources[source_number]
        charges = []
        for name in source.sees:
            if name in self.act_number:
                rules = self.rules_of(source_number, self.act_number[name])
                if any(is_penal(self.rules[rule]) for rule in rules):
                    charges.append(self.act_number[name])
        if not charges:
            return
        y = self.event(event, TARGET, self.act_names[number])
        target = self.tie_by(i, y[0])
        if target is None:  # without anybody to accuse nothing is reported, so nothing is seen either
            return
        charge = charges[one_of(len(charges), y[1])]
        self.of_source(source_number, FALSE_REPORT)
        self.send_record(
            target, event, RECORDED, FALSE_REPORT, source_number, charge, self.day + 1 + days(source.delay)
        )
        if self.report_act is not None:
            self.be_seen_faking(i, self.report_act, event)

    def plant(self, i: int, number: int, event: Event) -> None:
        """Put a record into the file of the most outspoken person in reach."""
        plant = self.regime.powers.plant
        if plant is None or plant.source not in self.source_number:
            return
        sub = key(self.act_names[number])
        first = draw(self.seed, event.author, event.step, TARGET, event.occasion, sub)
        second = draw(self.seed, event.author, event.step, TARGET, event.occasion, (sub + 1) & MASK)
        third = draw(self.seed, event.author, event.step, TARGET, event.occasion, (sub + 2) & MASK)
        target: int | None = None
        loudest = -1
        for word in second + third:
            candidate = self.somebody_else(i, word)
            level = 0
            if self.society.critic is not None:
                level = self.level(candidate, self.society.critic)
            if level > loudest:
                target, loudest = candidate, level
        charge = plant.acts[one_of(len(plant.acts), first[0])]
        if target is None or target == i or charge not in self.act_number:
            return
        source_number = self.source_number[plant.source]
        self.of_source(source_number, PLANTED)
        self.send_record(target, event, RECORDED, PLANTED, source_number, self.act_number[charge], self.day + 1)

    def erase(self, i: int, number: int, event: Event) -> None:
        """Do a tie the favour of losing the next record. Reading: only where the regime's `powers` have `erase`."""
        if not self.regime.powers.erase:
            return
        y = self.event(event, TARGET, self.act_names[number])
        friend = self.tie_by(i, y[0])
        if friend is None:
            return
        self.send(Letter(friend, event.author, event.step, event.occasion, FAVOUR), self.day + 1)

    # Seen

    def group_factor(self, i: int, factor: float) -> float:
        """The factor for the minority, 1 for everyone else."""
        if self.is_minority(i):
            return factor
        return 1.0

    def be_seen(self, i: int, number: int, event: Event, bought: int) -> None:
        """What each source makes of an act; counted is whether any made a record under its author's name."""
        name = self.act_names[number]
        left = False
        for source_number, source in enumerate(self.sources):
            if name not in source.sees and name not in source.mistakes:
                continue
            v = self.event(event, SEEN, self.source_names[source_number], name)
            if name in source.sees:
                if v[0] < likely(source.sees[name].value * self.group_factor(i, source.hit_by_group.value)):
                    left = self.leave_trace(i, number, event, source_number, v, bought) or left
            if name in source.mistakes:
                mistake = source.mistakes[name]
                share = mistake.share.value * self.group_factor(i, source.misidentified_by_group.value)
                if v[0] < likely(share) and mistake.recorded_as in self.act_number:
                    self.of_source(source_number, MISIDENTIFIED)
                    self.send_record(
                        i,
                        event,
                        RECORDED,
                        MISIDENTIFIED,
                        source_number,
                        self.act_number[mistake.recorded_as],
                        self.day + 1 + days(source.delay),
                    )
        if left:
            self.tallies["left"][number, counted.LEFT.index("recorded")] += 1

    def leave_trace(self, i: int, number: int, event: Event, source_number: int, v: Words, bought: int) -> bool:
        """A source has seen an act: a witness gets a letter, any other source makes a record. Whether it names the author."""
        source = self.sources[source_number]
        if source.kind == "witness":
            witness = self.tie_by(i, v[1])
            if witness is not None:
                self.send(
                    Letter(
                        witness,
                        event.author,
                        event.step,
                        event.occasion,
                        WITNESS,
                        act=number,
                        source=source_number,
                        reason=bought,
                    ),
                    self.day + 1,
                )
            return False
        named = i
        drawn = v[1] < likely(source.misidentified.value * self.group_factor(i, source.misidentified_by_group.value))
        if drawn:
            named = self.somebody_else(i, v[2])
        return self.link(i, named, drawn, event, source_number, number, bought)

    def be_seen_faking(self, i: int, number: int, event: Event) -> None:
        """Sources that see an act take it as done, though it was not."""
        name = self.act_names[number]
        for source_number, source in enumerate(self.sources):
            if name not in source.sees or source.kind == "witness":
                continue
            v = self.event(event, SEEN, self.source_names[source_number], name)
            if v[0] < likely(source.sees[name].value * self.group_factor(i, source.hit_by_group.value)):
                self.of_source(source_number, FAKED)
                self.send_record(i, event, RECORDED, FAKED, source_number, number, self.day + 1 + days(source.delay))

    # Linked and typed

    def link(
        self, actor: int, named: int, misidentified: bool, event: Event, source_number: int, number: int, bought: int
    ) -> bool:
        """A record finds its file, or another, or none; of its act or another; in time or late. Whether it names the actor.

        `misidentified`: somebody else was to be named, even if nobody was found.
        """
        source = self.sources[source_number]
        name = self.act_names[number]
        l0, l1, l2, l3 = self.event(event, LINKED, self.source_names[source_number], name)
        t = self.event(event, TYPED, self.source_names[source_number], name)
        lost = l0 < threshold(source.link.missed.value)
        if not lost and l1 < threshold(source.link.by_name.value):
            namesakes = self.namesakes(named)
            j = one_of(len(namesakes) + 1, l2)
            if j > 0:
                named = namesakes[j - 1]
        typed = number
        seen = list(source.sees)
        if l3 < threshold(source.mistyped.value) and len(seen) > 1:
            others = [each for each in seen if each != name]
            other_act = others[one_of(len(others), t[0])]
            if other_act in self.act_number:
                typed = self.act_number[other_act]
        late = 0
        if source.late is not None and t[1] < threshold(source.late.share.value):
            late = 1 + one_of(days(source.late.up_to), t[2])
        if lost:
            cause = MISSED
        elif named != actor:
            if misidentified:
                cause = MISIDENTIFIED
            else:
                cause = MISLINKED
        elif typed != number:
            cause = MISTYPED
        elif late > 0:
            cause = LATE
        else:
            cause = TRUE
        self.of_source(source_number, cause)
        due = self.day + 1 + days(source.delay)
        if cause == TRUE:
            return self.send_record(actor, event, BOTH, TRUE, source_number, number, due, bought)
        self.send_record(actor, event, CLEAN, cause, source_number, number, due, bought)
        if lost:
            return False
        return self.send_record(named, event, RECORDED, cause, source_number, typed, due + late, bought) and named == actor

    def send_record(
        self, to: int, event: Event, sides: int, cause: int, source: int, number: int, due: int, bought: int = 0
    ) -> bool:
        """Send a record, if any rule wants it; returns whether it does."""
        if not self.rules_of(source, number):
            return False
        about = Letter(
            to, event.author, event.step, event.occasion, RECORD, sides, cause, act=number, source=source, reason=bought
        )
        self.send(about, due)
        return True

    # Requests

    def ask(self, i: int, door: int, o: int, mark: int, b: int, levels: Levels, today: Today) -> None:
        """Ask for a service: unaffordable, refused or granted."""
        if mark >= b:
            return
        service = self.doors[door]
        y = draw(self.seed, i, self.day, OCCASION, o, key(self.door_names[door]))
        self.at_door(i, door, "asked")
        if y[0] < threshold(service.unaffordable[self.level(i, "income")]):
            self.at_door(i, door, "unaffordable")
            return
        gate = self.gates[door]
        price = 100
        if gate is not None:
            if levels.shut >> door & 1 == 1:
                if not y[1] < threshold(gate.human.value * (1 - gate.reliance.value)):
                    self.at_door(i, door, "refused")
                    if y[1] < threshold(gate.human.value):
                        self.at_door(i, door, "refused by a human")
                    today.need += service.hurt
                    return
            if self.class_names:
                price = gate.price.get(self.class_names[levels.standing], 100)
        self.at_door(i, door, "price", price)

    # Settling -------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The first of a month: slow changes, ties, publication and stocks."""
        for i in range(self.people):
            self.settle_levels(i)
            self.settle_ties(i)
        self.clear_stocks()
        for i in range(self.people):
            self.publish(i)
        self.filed_before = self.filed
        self.filed = {}

    def faded(self, level: int, rest: int, fades: int, word: int) -> int:
        """A level after a month's fading towards its rest."""
        x = abs(level - rest)
        back = x * fades >> 32
        if word < x * fades % WORD:
            back += 1
        if level > rest:
            return level - back
        return level + back

    def settle_levels(self, i: int) -> None:
        """Pass A, levels: need, fear and awareness fade; a tie on a published list frightens, and tells of the rules."""
        responses = self.society.responses
        v = draw(self.seed, i, self.day, FADE, 0, 0)
        need_rest = responses.need_by_income[self.level(i, "income")]
        awareness_rest = round(15 * self.regime.disclosure.lasting.value)
        self.need[i] = self.faded(self.need[i], need_rest, self.need_fades, v[0])
        self.fear[i] = self.faded(self.fear[i], self.fear_rest, self.fear_fades, v[1])
        self.awareness[i] = self.faded(self.awareness[i], awareness_rest, self.awareness_fades, v[2])
        on_list = False
        for j in self.relatives(i):
            if self.lists[j] & self.published:
                on_list = True
        for slot, tie in enumerate(self.ties(i)):
            if tie is not None and not self.is_cut(i, slot) and self.lists[tie] & self.published:
                on_list = True
        if on_list:
            self.fear[i] = min(MOST_LEVEL, self.fear[i] + responses.fear_of_ties)
            self.awareness[i] = min(MOST_LEVEL, self.awareness[i] + responses.awareness_of_ties)

    def settle_ties(self, i: int) -> None:
        """Pass A, ties: what the board adds to a person, then which ties are cut or mended."""
        if self.regime.spill_over is not None:
            mean = self.mean_of_ties(i)
            if self.regime.spill_over.mode == "shown":
                self.tie[i] = self.shown_weight * mean >> 16
            else:
                low, high = self.bounds()
                for side in SIDES:
                    own = self.own(i, side)
                    moved = held(own + (self.absorbed_weight * (mean - own) >> 16), low, high)
                    self.set_own(i, side, moved)
                    self.flow(i, "absorbed " + counted.SIDES[side - 1], moved - own)
        responses = self.society.responses
        for slot, j in enumerate(self.ties(i)):
            if j is None:
                continue
            c = draw(self.seed, min(i, j), self.day, CUT, slot, max(i, j))
            bad = self.is_bad_company(i) or self.is_bad_company(j)
            if not self.is_cut(i, slot):
                if bad and c[0] < threshold(responses.cut.value):
                    self.cut[i] |= 1 << slot
                    self.flow(i, "ties cut")
            elif not bad and c[1] < threshold(responses.mend.value):
                self.cut[i] &= ~(1 << slot)
                self.flow(i, "ties mended")

    def mean_of_ties(self, i: int) -> int:
        """Weighted mean of the boards of one's ties; one's own board if there is none."""
        spill_over = self.regime.spill_over
        assert spill_over is not None
        total = 0
        weights = 0
        for j in self.relatives(i):
            total += spill_over.household * self.board[j]
            weights += spill_over.household
        for slot, tie in enumerate(self.ties(i)):
            if tie is None or self.is_cut(i, slot):
                continue
            weight = spill_over.near
            if self.society.ties.pattern == "town" and slot >= self.society.ties.near:
                weight = spill_over.far
            total += weight * self.board[tie]
            weights += weight
        if weights == 0:
            return self.board[i]
        return total // weights

    def is_bad_company(self, i: int) -> bool:
        """Whether somebody's published class is the last, or they stand on a published list."""
        if len(self.floors) >= 2 and self.ladder(self.board[i]) == len(self.floors) - 1:
            return True
        return self.lists[i] & self.published != 0

    def publish(self, i: int) -> None:
        """Pass B: grade, publish, pay, count."""
        if self.monthly:
            self.board[i] = self.shown(i, RECORDED)
        why = BY_TIES if self.regime.spill_over is not None else NO_TRIGGER
        today = Today(trigger=Trigger(None, why))
        if self.monthly and i in self.gravest:
            today.trigger = self.gravest[i][1]
        self.gravest.pop(i, None)
        self.grade(i, today)
        self.fear[i] = held(self.fear[i] + today.fear, 0, MOST_LEVEL)
        perk = self.perks[self.standing(i, RECORDED)]
        self.flow(i, "perks", perk)
        self.board[i] = self.shown(i, RECORDED)
        self.take_stock(i)

    def finish(self) -> None:
        """Count the stocks once more, as they stand."""
        self.clear_stocks()
        for i in range(self.people):
            self.take_stock(i)

    def clear_stocks(self) -> None:
        """Set the stocks to nought."""
        for name, table in self.tallies.items():
            if name.startswith("stock_"):
                table[...] = 0

    def take_stock(self, i: int) -> None:
        """Count one person in the stocks."""
        cell = self.cell(i)
        self.tallies["stock_people"][0, cell] += 1
        # Reading: the published class is that of the board, or the class set for a term if that is worse.
        self.tallies["stock_class"][self.at_least_set(i, RECORDED, self.ladder(self.board[i])), cell] += 1
        for side in SIDES:
            for number in range(len(self.listings)):
                if self.is_on(i, number, side):
                    self.tallies["stock_list"][number, side - 1, cell] += 1
            for door in range(len(self.doors)):
                if self.count(i, "doors", side) >> door & 1 == 1:
                    self.tallies["stock_door"][door, side - 1, cell] += 1
        for door in range(len(self.doors)):
            if self.count(i, "doors", RECORDED) >> door & 1 == 1:
                start = self.count(i, "spell", door) - 1
                self.tallies["stock_spell"][door, 0, cell] += self.day - start
                clean_open = self.count(i, "doors", CLEAN) >> door & 1 == 0
                if clean_open and self.count(i, "spell erroneous", door) == 0:
                    overlong = self.day - max(start, self.count(i, "clean end", door))
                    self.tallies["stock_spell"][door, 1, cell] += overlong
        for row, level in enumerate((self.need[i], self.fear[i], self.awareness[i])):
            self.tallies["stock_level"][row, cell] += level

    # The hash of the state ------------------------------------------------------------------------------------------

    def state_hash(self) -> str:
        """Everything that stands, under way or counted, in one sum of keyed words that no order can show."""
        total = (0, 0, 0, 0)
        for thing in self.things():
            total = added(total, thing)
        return "".join(f"{word:08x}" for word in total)

    def things(self) -> Iterator[list[int]]:
        """The words of each thing: the world, its people, their counters, the letters under way, counts, cities."""
        yield [1, self.people, self.day, self.seed & MASK, self.seed >> 32]
        for i in range(self.people):
            file = self.packed(i)
            terms = {side: SET_FOR_A_TERM if (CLASS + side - 1, 0) in file else 0 for side in SIDES}
            bits = self.lists[i] + terms[RECORDED] + ((self.clean_lists[i] + terms[CLEAN]) << 8)
            levels = (self.fear[i] << 4) + self.need[i] + (((self.cell(i) << 4) + self.awareness[i]) << 8)
            yield [
                2, i, half(self.points[i]) + (half(self.clean[i]) << 16), half(self.board[i]) + (half(self.tie[i]) << 16),
                bits + (levels << 16), self.cut[i] + (self.level(i, "parent") << 7) + (self.archetype(i) << 8),
            ]  # fmt: skip
            for (kind, index), value in file.items():
                yield [3, i, kind, index, value & MASK, value >> 32 & MASK]
        for due, letters in self.mail.items():
            for letter in (each for mine in letters.values() for each in mine):
                yield [4, due, letter.to, (half(letter.recorded) << 16) + half(letter.clean), *packed_letter(letter)]
        for name, table in self.tallies.items():
            for place, value in enumerate(table.ravel().tolist()):
                if value != 0:
                    yield [5, key(name), place, 0, value & MASK, value >> 32 & MASK]
        for low in range(0, self.people, PAGE * self.society.city_pages):
            city = low // (PAGE * self.society.city_pages)
            yield [6, city, self.filed_before.get(low, 0), self.filed.get(low, 0)]

    def archetype(self, i: int) -> int:
        """Number of a person's archetype: the levels of its traits as digits, the first the highest."""
        number = 0
        for trait in self.society.archetype:
            number = number * len(self.society.levels_of(trait)) + self.level(i, trait)
        return number

    def packed(self, i: int) -> dict[tuple[int, int], int]:
        """A person's counters as the engine packs them, by kind and index."""
        found = {}
        for name, value in self.file(i).items():
            what, numbers = name[0], [int(number) for number in name[1:]]
            if what in COUNTERS_BY_SIDE:
                found[COUNTERS_BY_SIDE[what] + numbers[-1] - 1, sum(numbers[:-1])] = value
            elif what in COUNTERS:
                found[COUNTERS[what], sum(numbers)] = value
        for number in range(len(self.rules)):
            for side in SIDES:
                if (USED + side - 1, number) in found:  # Reading: a cap of which nothing is used is as good as none
                    found[USED + side - 1, number] += (self.count(i, "used year", number, side) + 1) << 16
        for side in SIDES:
            term = (self.count(i, "until", side) << 4) + self.count(i, "class", side)
            if term > 0:
                found[CLASS + side - 1, 0] = term
        shut = self.count(i, "doors", RECORDED) + (self.count(i, "doors", CLEAN) << 12)
        if shut > 0:
            found[DOORS, 0] = shut
        for door in range(len(self.doors)):
            if (SPELL, door) in found:
                act = (self.count(i, "spell act", door) - 1) & 0xFFFF
                trigger = self.spell_triggers[i, door]
                by = ((0 if trigger.source is None else trigger.source + 1) << 4) + trigger.why
                packed = (found[SPELL, door] << 14) + by
                found[SPELL, door] = (packed << 20) + (act << 4) + self.count(i, "spell erroneous", door)
        if self.monthly and i in self.gravest:
            weight, trigger = self.gravest[i]
            assert trigger.source is not None and trigger.act is not None
            found[GRAVEST, 0] = (-weight << 32) + (((trigger.source << 4) + trigger.why) << 16) + trigger.act
        return found


USED, CLASS, DOORS, SPELL, GRAVEST = 2, 12, 18, 19, 21
COUNTERS_BY_SIDE = {"repeat": 0, "used": USED, "alive": 4, "listed": 6, "times": 8, "house": 10, "wiped": 14}
COUNTERS = {"cause": 16, "favour": 17, "spell": SPELL, "clean end": 20}
SET_FOR_A_TERM = 128  # beside the bits of lists


def half(value: int) -> int:
    """A number of 16 bits without its sign."""
    return value & 0xFFFF


def packed_letter(letter: Letter) -> list[int]:
    """Event and contents of a letter as words, low ones first."""
    event = letter.author
    for value, bits in (
        (letter.step, 17), (letter.occasion, 2), (letter.kind, 4), (letter.sides, 2), (letter.cause, 4)
    ):  # fmt: skip
        event = (event << bits) + value
    contents = letter.act
    for value, bits in ((letter.source, 9), (letter.rule, 18), (letter.arrival, 17), (letter.reason, 2)):
        contents = (contents << bits) + value
    return [event & MASK, event >> 32, contents & MASK, contents >> 32]


def added(total: Words, thing: list[int]) -> Words:
    """A sum of words with one thing more: its words mixed in two rounds, each word added modulo 2^32."""
    words = thing + [0] * (8 - len(thing))
    mixed = (0, 0, 0, 0)
    for w0, w1, w2, w3 in (words[:4], words[4:]):
        mixed = philox((mixed[0] ^ w0, mixed[1] ^ w1, mixed[2] ^ w2, mixed[3] ^ w3), STATE_KEY)
    a, b, c, d = mixed
    return (total[0] + a) & MASK, (total[1] + b) & MASK, (total[2] + c) & MASK, (total[3] + d) & MASK


STATE_KEY = (int.from_bytes(b"stat", "little"), int.from_bytes(b"hash", "little"))
