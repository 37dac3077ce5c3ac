"""What a regime must make sense of as a whole, over a society: names that exist, rules that can ever apply, classes and
lists that can be reached, gates that close something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from singlestep.regime.complaints import nearest, show
from singlestep.regime.schema import Claim, Example, Gate, Listing, Regime, Rule, Source
from singlestep.regime.society_sense import A_HAIR, check_levels
from singlestep.regime.tables import ends, meant
from singlestep.regime.whole import KeyPath, Notes, Whole, joined
from singlestep.society.schema import Society
from singlestep.words import errors as words

MOST_APPEALS_A_MONTH = 1_000_000


def check(regime: Regime, society: Society, whole: Whole) -> None:
    """Raises `Refused`, with file and line, if the regime does not fit together, or not with this society."""
    _Check(regime, society, Notes(whole)).everything()


@dataclass
class _Check:
    """The complaints about one regime over one society, part by part."""

    regime: Regime
    society: Society
    notes: Notes
    records: dict[str, set[str]] = field(default_factory=dict)  # acts each source can put on record
    classes: dict[str, int] = field(default_factory=dict)

    def everything(self) -> None:
        """All checks in the order of the file. Raises `Refused`."""
        regime = self.regime
        self.records = {name: _on_record(regime, name, source) for name, source in regime.sources.items()}
        self.classes = {rung.name: place for place, rung in enumerate(regime.ladder.classes if regime.ladder else [])}
        check_levels(self.society, regime.applies_to, ("applies_to",), self.town, self.notes)
        for name, source in regime.sources.items():
            self.source(source, ("sources", name))
        self.rules()
        self.ladder()
        for name, listing in regime.lists.items():
            self.listing(name, listing, ("lists", name))
        for name, gate in regime.gates.items():
            self.gate(name, gate, ("gates", name))
        self.rest()
        for number, example in enumerate(regime.examples):
            self.example(example, ("examples", number))
        self.notes.settle()

    @property
    def town(self) -> str:
        """The society in words."""
        return words.THE_SOCIETY.format(name=self.society.name)

    # Names -----------------------------------------------------------------------------------------------------------
    def act(self, path: KeyPath, name: str) -> bool:
        """Whether the society has this act; a complaint if not."""
        return self.notes.known(path, "act", name, self.society.acts, self.town)

    def named(self, path: KeyPath, kind: str, name: str, names: Mapping[str, object]) -> bool:
        """Whether the regime has something of this name; a complaint if not."""
        return self.notes.known(path, kind, name, names, words.THE_REGIME)

    def class_(self, path: KeyPath, name: str) -> bool:
        """Whether the ladder has this class; a complaint if not."""
        if self.regime.ladder is None:
            self.notes.add(path, words.NO_LADDER, name=show(name))
            return False
        return self.named(path, "class", name, self.classes)

    def claim(self, claim: Claim | None, path: KeyPath) -> None:
        """Complaints about what a decision says of people."""
        if claim is not None and isinstance(claim.true_of, dict):
            check_levels(self.society, claim.true_of, (*path, "claims", "true_of"), self.town, self.notes)

    # Sources ---------------------------------------------------------------------------------------------------------
    def source(self, source: Source, path: KeyPath) -> None:
        """Complaints about one source."""
        if source.kind == "witness" and not any(act.does == "report" for act in self.society.acts.values()):
            self.notes.add((*path, "kind"), words.NOBODY_REPORTS, owner=self.town)
        for act, share in source.sees.items():
            here = (*path, "sees", act)
            if self.act(here, act):
                self.trace(source, act, here)
            self.below_one(here, "sees", share.value, source.hit_by_group.value, "hit_by_group")
        for act, mistake in source.mistakes.items():
            here = (*path, "mistakes", act)
            if self.act(here, act):
                self.trace(source, act, here)
            self.act((*here, "recorded_as"), mistake.recorded_as)
            if act in source.sees:
                self.notes.add(here, words.SEEN_AND_MISTAKEN, act=act)
            if act == mistake.recorded_as:
                self.notes.add((*here, "recorded_as"), words.MISTAKEN_FOR_ITSELF, act=act)
            factor = source.misidentified_by_group.value
            self.below_one((*here, "share"), "share", mistake.share.value, factor, "misidentified_by_group")
        factor = source.misidentified_by_group.value
        path = (*path, "misidentified")
        self.below_one(path, "misidentified", source.misidentified.value, factor, "misidentified_by_group")

    def trace(self, source: Source, act: str, path: KeyPath) -> None:
        """A complaint if the act leaves nothing that a source of this kind could see."""
        traces = self.society.acts[act].traces
        if traces and source.kind not in traces:
            details: dict[str, Any] = {
                "act": act,
                "kind": source.kind,
                "owner": self.town,
                "traces": joined(list(traces)),
            }
            self.notes.add(path, words.NO_TRACE, **details)

    def below_one(self, path: KeyPath, what: str, share: float, factor: float, key: str) -> None:
        """A complaint if a share is above one for the minority."""
        if share * factor > 1 + A_HAIR:
            shown = words.FOR_KEY.format(what="", key=str(path[-1]) if what == "sees" else what).strip()
            details: dict[str, Any] = {"share": f"{share:g}", "factor": f"{factor:g}", "total": f"{share * factor:g}"}
            details |= {"most": f"{1 / factor:.3g}", "key": key, "what": shown.removeprefix("for ")}
            self.notes.add(path, words.ABOVE_ONE, **details)

    # Rules -----------------------------------------------------------------------------------------------------------
    def rules(self) -> None:
        """Complaints about the rules; rules that are alike in what is checked are looked at once."""
        alike: set[tuple[object, ...]] = set()
        for name, rule in self.regime.rules.items():
            if self.notes.full:
                return
            seen_by = rule.seen_by if isinstance(rule.seen_by, str) else tuple(rule.seen_by)
            look = (rule.act, seen_by, rule.enters, rule.set_class.to if rule.set_class else None, rule.points)
            if look not in alike:
                before = len(self.notes.complaints)
                self.rule(rule, ("rules", name))
                if len(self.notes.complaints) == before:
                    alike.add(look)

    def rule(self, rule: Rule, path: KeyPath) -> None:
        """Complaints about one rule."""
        known = self.act((*path, "act"), rule.act)
        if rule.seen_by == "any":
            if known and not any(rule.act in acts for acts in self.records.values()):
                self.notes.add((*path, "act"), words.NEVER_RECORDED, act=rule.act)
        else:
            self.seen_by(rule, list(rule.seen_by), (*path, "seen_by"), known)
        if rule.enters is not None:
            self.named((*path, "enters"), "list", rule.enters, self.regime.lists)
        if rule.set_class is not None:
            self.class_((*path, "set_class", "to"), rule.set_class.to)
        low, high = self.regime.points.low, self.regime.points.high
        if max(map(abs, ends(rule))) > high - low:
            points = " to ".join(map(str, dict.fromkeys(ends(rule))))
            self.notes.add((*path, "points"), words.WIDER_THAN_POINTS, points=points, low=low, high=high)

    def seen_by(self, rule: Rule, sources: list[str], path: KeyPath, act_known: bool) -> None:
        """Complaints about the sources a rule takes records from."""
        if not sources:
            self.notes.add(path, words.NAMES_NOBODY, key="seen_by")
        self.notes.once(path, sources)
        for number, name in enumerate(sources):
            here = (*path, number)
            if not self.named(here, "source", name, self.regime.sources) or not act_known:
                continue
            if rule.act not in self.records[name]:
                others = [other for other, acts in self.records.items() if rule.act in acts and other not in sources]
                near = (nearest(name, others) or others[0]) if others else None
                write = words.WRITE_SEEN if near is None else words.WRITE_SEEN_BY
                write = write.format(source=near or name, source_given=name)
                self.notes.add(here, words.NOT_SEEN_BY, near=near, source=name, act=rule.act, write=write)

    # Ladder, lists, gates --------------------------------------------------------------------------------------------
    def ladder(self) -> None:
        """Complaints about the classes."""
        rungs = self.regime.ladder.classes if self.regime.ladder else []
        names: set[str] = set()
        before = None
        for number, rung in enumerate(rungs):
            path: KeyPath = ("ladder", "classes", number)
            if rung.name in names:
                self.notes.add((*path, "name"), words.CLASS_TWICE, name=rung.name)
            names.add(rung.name)
            last = number == len(rungs) - 1
            if last and rung.floor is not None:
                self.notes.add((*path, "floor"), words.LAST_CLASS_FLOOR, name=rung.name)
            if not last and rung.floor is None:
                self.notes.add(path, words.CLASS_WITHOUT_FLOOR, name=rung.name)
            if before is not None and rung.floor is not None and rung.floor >= before:
                details: dict[str, Any] = {"floor": rung.floor, "name": rung.name, "before": before}
                self.notes.add((*path, "floor"), words.FLOORS_NOT_FALLING, **details)
            else:
                self.reachable(number, path)
            before = rung.floor if rung.floor is not None else before
            self.claim(rung.claims, path)

    def reachable(self, number: int, path: KeyPath) -> None:
        """A complaint about a class to which no points lead, and which no rule sets."""
        assert self.regime.ladder is not None
        rungs, points = self.regime.ladder.classes, self.regime.points
        rung, better = rungs[number], rungs[number - 1] if number else None
        details: dict[str, Any] = {"name": rung.name, "low": points.low, "high": points.high}
        if any(rule.set_class and rule.set_class.to == rung.name for rule in self.regime.rules.values()):
            return
        if rung.floor is not None and rung.floor > points.high:
            write = words.WRITE_FLOOR_BELOW.format(high=points.high)
            self.notes.add((*path, "floor"), words.CLASS_UNREACHABLE, write=write, **details)
        elif better is not None and better.floor is not None and better.floor <= points.low:
            write = words.WRITE_FLOOR_ABOVE.format(low=points.low, name=better.name)
            self.notes.add(path, words.CLASS_UNREACHABLE, write=write, **details)

    def listing(self, name: str, listing: Listing, path: KeyPath) -> None:
        """Complaints about one list."""
        lists = self.regime.lists
        if listing.entry.at_or_below is not None:
            self.class_((*path, "entry", "at_or_below"), listing.entry.at_or_below)
        reached = [n for n, other in lists.items() if other.household and other.household.onto == name]
        entered = any(rule.enters == name for rule in self.regime.rules.values())
        if not reached and not entered and listing.entry.at_or_below is None:
            self.notes.add(path, words.LIST_UNREACHABLE, name=name)
        if listing.later_terms and listing.term is None:
            self.notes.add((*path, "later_terms"), words.LATER_WITHOUT_TERM)
        if listing.household is not None:
            onto = listing.household.onto
            here = (*path, "household", "onto")
            if onto == name:
                self.notes.add(here, words.ONTO_ITSELF, name=name)
            else:
                self.named(here, "list", onto, lists)
        if reached and reached != [name]:
            self.reached_by_household(name, listing, path, reached[0])
        self.claim(listing.claims, path)

    def reached_by_household(self, name: str, listing: Listing, path: KeyPath, by: str) -> None:
        """Complaints about what the list of those reached through somebody else may not have."""
        conditions = (listing.entry.at_or_below, listing.entry.records)
        has = {
            "term": listing.term is not None,
            "entry": any(condition is not None for condition in conditions),
            "household": listing.household is not None,
        }
        for key, there in has.items():
            if there:
                self.notes.add((*path, key), words.ONTO_WITH, key=key, name=name, by=by)

    def gate(self, door: str, gate: Gate, path: KeyPath) -> None:
        """Complaints about one gate."""
        self.notes.known(path, "door", door, self.society.services, self.town)
        for number, name in enumerate(gate.classes):
            self.class_((*path, "classes", number), name)
        for number, name in enumerate(gate.lists):
            self.named((*path, "lists", number), "list", name, self.regime.lists)
        self.notes.once((*path, "classes"), gate.classes)
        self.notes.once((*path, "lists"), gate.lists)
        for name in gate.price:
            self.class_((*path, "price", name), name)
        if not gate.classes and not gate.lists and not gate.price:
            self.notes.add(path, words.GATE_WITHOUT_EFFECT, name=door)

    # The rest --------------------------------------------------------------------------------------------------------
    def rest(self) -> None:
        """Complaints about ties, appeals and what officials may plant."""
        spill, plant, most = self.regime.spill_over, self.regime.powers.plant, self.regime.remedy.a_month
        if spill is not None and not (spill.household or spill.near or spill.far):
            self.notes.add(("spill_over",), words.NO_TIE_COUNTS)
        if most is not None and not 0 < most.value <= MOST_APPEALS_A_MONTH:
            bounds: dict[str, Any] = {"low": "more than 0", "high": MOST_APPEALS_A_MONTH}
            path = ("remedy", "a_month")
            self.notes.add(path, words.OUT_OF_BOUNDS, value=f"{most.value:g}", key="a_month", **bounds)
        if plant is None:
            return
        path = ("powers", "plant")
        known = self.named((*path, "source"), "source", plant.source, self.regime.sources)
        self.notes.once((*path, "acts"), plant.acts)
        for number, act in enumerate(plant.acts):
            here = (*path, "acts", number)
            if self.act(here, act) and known and not self.ruled(act, plant.source):
                self.notes.add(here, words.PLANTED_IN_VAIN, act=act, source=plant.source)

    def ruled(self, act: str, source: str) -> bool:
        """Whether some rule takes a record of this act from this source."""
        return any(rule.act == act and meant(rule, source) for rule in self.regime.rules.values())

    # Examples --------------------------------------------------------------------------------------------------------
    def example(self, example: Example, path: KeyPath) -> None:
        """Complaints about one example: whether it could be run at all."""
        for number, record in enumerate(example.records):
            here = (*path, "records", number)
            act = self.act((*here, "act"), record.act)
            if self.named((*here, "by"), "source", record.by, self.regime.sources) and act:
                self.on_record(record.act, record.by, here)
        last = max((record.day for record in example.records), default=0)
        if example.on_day is not None and example.on_day < last:
            self.notes.add((*path, "on_day"), words.EXAMPLE_ENDS_EARLY, day=example.on_day, last=last)
        if example.in_class is not None:
            self.class_((*path, "in_class"), example.in_class)
        for number, name in enumerate(example.lists or []):
            self.named((*path, "lists", number), "list", name, self.regime.lists)
        for number, name in enumerate(example.doors_shut or []):
            self.notes.known((*path, "doors_shut", number), "door", name, self.society.services, self.town)
        if isinstance(example.points, tuple) and example.points[0] > example.points[1]:
            low, high = example.points
            self.notes.add((*path, "points"), words.BACKWARDS, low=low, high=high)
        expected = (example.points, example.in_class, example.lists, example.doors_shut)
        if all(part is None for part in expected):
            self.notes.add(path, words.EXAMPLE_EXPECTS_NOTHING)

    def on_record(self, act: str, source: str, path: KeyPath) -> None:
        """A complaint about a record in an example that its source could not make."""
        if act not in self.records[source]:
            sources = [name for name, acts in self.records.items() if act in acts]
            which = words.WHICH.format(choices=joined(sources)) if sources else ""
            self.notes.add((*path, "by"), words.EXAMPLE_UNSEEN, act=act, source=source, which=which)


def _on_record(regime: Regime, name: str, source: Source) -> set[str]:
    """Acts that this source can put on record: seen, mistaken, told by witnesses (whose acts it sees) or planted."""
    acts = set(source.sees) | {mistake.recorded_as for mistake in source.mistakes.values()}
    plant = regime.powers.plant
    return acts | set(plant.acts) if plant is not None and plant.source == name else acts
