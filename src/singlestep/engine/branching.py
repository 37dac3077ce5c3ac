"""The same people, from one day on, under other rules.

What belongs to people is carried over as it is: levels, ties, letters, doors, favours, and points where both regimes keep
them (held within the new bounds). What belongs to rules is carried over by name: sources, rules, lists and classes that
the other regime has too. What it has not is dropped: lists and classes are left, counters forgotten, and letters about
them refused as *not covered*, so that every letter is accounted for; points that such a letter would have taken off stay.
Points begin at the new start where only the new regime keeps them; the ledger goes on from what everybody has on that day.
Other rules are announced: awareness rises to what their start announces. Doors are looked at anew with everybody's next
letter, and at the next settling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import checkpoint, counters, letters, tallies
from singlestep.engine.checkpoint import WIDEST, Part
from singlestep.engine.compiling import for_columns
from singlestep.engine.state import CELL_BITS, CLASS_BIT
from singlestep.regime.schema import Regime
from singlestep.regime.tables import PAIR_SOURCE

if TYPE_CHECKING:
    from singlestep.engine.world import World

GONE = -1
AWARENESS = 255 ^ CELL_BITS

Ints = NDArray[np.int64]


def branch(old: World, regime: Regime, threads: int = 1) -> World:
    """A new world of the same people on the same day, under this regime from now on. The old one is left as it is.

    Raises ValueError for a world that is traced, since rows told name rules by their places.
    """
    from singlestep.engine.world import World

    if old.traced.size > 0:
        raise ValueError("a traced world cannot be branched")
    new = World(
        old.society, regime, old.people, old.seed, threads=threads, follow=old.follow, shielded=old.shielded,
        examples=old.examples is not None, exchange=old.share.exchange,
    )  # fmt: skip
    old.share.hand_over(old.post)  # each process takes over the letters to its own people
    checkpoint.put(new, _Carrying(old, new).parts())
    if regime != old.regime:
        mine = new.share.living
        awareness = new.state.known[mine] & AWARENESS
        new.state.known[mine] += np.maximum(awareness, np.uint8(new.regime_tables.announced)) - awareness
        for block in new.blocks:
            block.published = False  # so that the next settling looks at everyone
    new.begin_ledger()
    checkpoint.check(new)
    return new


def keeps_points(regime: Regime) -> bool:
    """Whether points mean anything under a regime: a rule gives some, or a ladder reads them."""
    return regime.ladder is not None or any(rule.points != 0 for rule in regime.rules.values())


class Places:
    """Where the things of one regime stand in another, by name; GONE for what the other has not."""

    def __init__(self, old: Regime, new: Regime) -> None:
        self.source = _places(list(old.sources), list(new.sources))
        self.listing = _places(list(old.lists), list(new.lists))
        self.standing = _places(classes(old), classes(new))
        same = {name: rule.enters == new.rules[name].enters for name, rule in old.rules.items() if name in new.rules}
        self.rule = _places([name if same.get(name) else None for name in old.rules], list(new.rules))
        self.rows = {"source": self.source, "kept": self.source, "brought": np.append(self.source, len(new.sources)),
                     "rule": self.rule, "listing": self.listing, "stock_list": self.listing,
                     "stock_class": self.standing}  # fmt: skip

    def carried(self, table: str, counts: Ints, rows: int) -> Ints:
        """A table of counts with its rows where the other regime has them; shape (rows, ...)."""
        places = self.rows.get(table)
        if places is None:
            return counts
        found = np.zeros((rows, *counts.shape[1:]), np.int64)
        found[places[places != GONE]] = counts[places != GONE]
        return found


def classes(regime: Regime) -> list[str | None]:
    """Names of the classes of a regime; one without a name where it has no ladder."""
    return [rung.name for rung in regime.ladder.classes] if regime.ladder else [""]


def _places(old: list[Any], new: list[Any]) -> Ints:
    return np.array([new.index(name) if name in new else GONE for name in old], np.int64)


class _Carrying:
    def __init__(self, old: World, new: World) -> None:
        self.old, self.new = old, new
        self.places = Places(old.regime, new.regime)
        self.points = keeps_points(old.regime) and keeps_points(new.regime)
        self.refused = np.zeros(len(tallies.LETTERS), np.int64)
        R = new.regime_tables
        pairs = np.repeat(np.arange(len(R.pair_from) - 1), np.diff(R.pair_from))
        self.pairs = np.unique(pairs * (1 << 9) + R.pair[:-1, PAIR_SOURCE])  # acts and sources that any rule takes
        self.in_class = [self._in_class(side) for side in (0, 1)]

    def _in_class(self, side: int) -> NDArray[np.bool_]:
        """Who is in a class set for a term which the new regime has too."""
        found = np.zeros(self.old.people, bool)
        for block in self.old.blocks:
            keys, values = block.counters.living(counters.CLASS + side).T
            persons = for_columns(counters.person_of)(keys)
            found[persons[self._standing(values & 15) != GONE]] = True
        return found

    def _standing(self, numbers: Ints) -> Ints:
        places = self.places.standing
        return places[np.minimum(numbers, len(places) - 1)]

    def parts(self) -> Iterator[Part]:
        """The parts of the old world as those of the new; tallies, which count what was refused, come after letters."""
        for info, rows in checkpoint.loosened(checkpoint.parts(self.old)):
            what = info["part"]
            if what == "column":
                yield from self._column(info, rows)
            elif what == "counters":
                yield info, self._counters(rows)
            elif what == "letters":
                yield info, self._letters(rows)
            elif what == "tally":
                yield info, self._tally(info["of"], rows)
            else:
                yield info, rows

    def _column(self, info: dict[str, Any], rows: NDArray[Any]) -> Iterator[Part]:
        name, R = info["of"], self.new.regime_tables
        here = slice(info["first"], info["first"] + len(rows))
        if name in ("points", "clean"):
            low, high = (R.low, R.high) if R.hold else (-WIDEST, WIDEST)
            if self.points:
                yield info, np.clip(rows, low, high)
        elif (name == "board" and not self.points) or (name == "tie" and not (self.points and self.new.spills)):
            return
        elif name in ("lists", "clean_lists"):
            bits = np.zeros(len(rows), np.uint8)
            for number, place in enumerate(self.places.listing):
                if place != GONE:
                    bits |= (rows >> number & 1).astype(np.uint8) << np.uint8(place)
            bits |= np.where(self.in_class[name == "clean_lists"][here], CLASS_BIT, 0).astype(np.uint8)
            yield info, bits
        else:
            yield info, rows

    def _counters(self, rows: Ints) -> Ints:
        keys, values = rows[:, 0], rows[:, 1].copy()
        kinds, index = for_columns(counters.kind_of)(keys), for_columns(counters.index_of)(keys)
        place = index.copy()
        by_rule = (kinds >= counters.REPEAT) & (kinds < counters.ALIVE)
        by_list = (kinds >= counters.ALIVE) & (kinds < counters.CLASS)
        for which, places in ((by_rule, self.places.rule), (by_list, self.places.listing)):
            place[which] = places[index[which]]
        in_class = (kinds >= counters.CLASS) & (kinds < counters.WIPED)
        standing = self._standing(values[in_class] & 15)
        place[in_class] = np.where(standing == GONE, GONE, 0)
        values[in_class] = (values[in_class] >> 4 << 4) + np.maximum(standing, 0)
        spells, gravest = kinds == counters.SPELL, kinds == counters.GRAVEST
        sources = np.append(self.places.source, GONE)  # by the place of none too, -1
        day, source, *rest = for_columns(counters.spell_in)(values[spells])
        values[spells] = for_columns(counters.spell_of)(day, sources[source], *rest)
        weight, source, *rest = for_columns(counters.gravest_in)(values[gravest])
        values[gravest] = for_columns(counters.gravest_of)(weight, np.maximum(sources[source], 0), *rest)
        place[gravest] = np.where(sources[source] == GONE, GONE, 0)
        kept = (place != GONE) & (values != 0)
        keys = for_columns(counters.slot_of)(for_columns(counters.person_of)(keys), kinds, place)
        return np.stack([keys[kept], values[kept]], axis=1)

    def _letters(self, rows: Ints) -> Ints:
        rows = rows.copy()
        info, kinds = rows[:, letters.INFO], for_columns(letters.kind_of)(rows[:, letters.EVENT])
        fields = (letters.act_of, letters.source_of, letters.rule_of, letters.arrival_of, letters.reason_of)
        act, source, rule, arrival, reason = (for_columns(field)(info) for field in fields)
        new_source, new_rule = source.copy(), rule.copy()
        for kind, places in ((letters.CLOSE, self.places.rule), (letters.LIST_END, self.places.listing),
                             (letters.HOUSEHOLD, self.places.listing)):  # fmt: skip
            new_rule[kinds == kind] = places[rule[kinds == kind]]
        told = (kinds == letters.RECORD) | (kinds == letters.WITNESS)
        new_source[told] = self.places.source[source[told]]
        kept = (new_rule != GONE) & (new_source != GONE)
        wanted = np.isin(act * (1 << 9) + new_source, self.pairs)
        kept &= wanted | (kinds != letters.RECORD)
        self.refused += np.bincount(kinds[~kept], minlength=len(self.refused))
        rows[:, letters.INFO] = for_columns(letters.info_of)(act, new_source, new_rule, arrival, reason)
        return rows[kept]

    def _tally(self, name: str, counts: Ints) -> Ints:
        carried = self.places.carried(name, counts, self.new.sizes[name][0]).copy()
        if name == "letter":
            carried[:, tallies.LETTER.index("refused")] += self.refused
        if name == "refusal":
            carried[tallies.REFUSALS.index("not covered")] += self.refused.sum()
        return carried
