"""A rulebook in plain sentences: who is watched by whom, how records err, what counts, what it closes, and the way out.

Behind each item stand its confidence, apart for its kind and its size, its source, and the line of the file where the
lines are given. Every sentence is in `singlestep.words.rulebook`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from singlestep.quantities import Basis, Quantity
from singlestep.regime.provenance import confidence_counts
from singlestep.regime.schema import Claim, Gate, Listing, Regime, Rule, Rung, Source
from singlestep.regime.tables import ends
from singlestep.regime.whole import KeyPath, Whole
from singlestep.society.schema import Act, Society
from singlestep.words import rulebook as words

BASES = (100, 1_000, 10_000, 1_000_000)
NOT_A_BOUND = 30_000


def read_aloud(regime: Regime, society: Society | None = None, whole: Whole | None = None) -> str:
    """The rulebook in sentences. `whole`, from `load_whole_regime`, adds the lines; the society names the acts.

    Without a society it is read over the usual one. Raises `Refused` only if that cannot be loaded.
    """
    if society is None:
        from singlestep.regime.loader import USUAL_SOCIETY, load_society

        society = load_society(USUAL_SOCIETY)
    return _Reader(regime, society, whole).everything()


@dataclass
class _Reader:
    """The text of one rulebook while it grows."""

    regime: Regime
    society: Society
    whole: Whole | None
    lines: list[str] = field(default_factory=list)

    def everything(self) -> str:
        """All parts in their order."""
        self.title()
        self.sources()
        self.rules()
        self.ladder()
        self.lists()
        self.gates()
        self.ties()
        self.disclosure()
        self.remedy()
        self.powers()
        self.bounds()
        self.counts()
        return "\n".join(self.lines).strip() + "\n"

    # Putting lines down ----------------------------------------------------------------------------------------------
    def heading(self, text: str, line: str = "-") -> None:
        """A heading, underlined."""
        self.lines += ["", text, line * len(text), ""]

    def say(self, sentences: Iterable[str]) -> None:
        """One paragraph."""
        self.lines += [" ".join(sentence for sentence in sentences if sentence)]

    def item(self, path: KeyPath, sentences: Iterable[str], basis: Basis | None = None) -> None:
        """One item of a list, with its basis and its line."""
        marks = [basis_in_words(basis)] if basis is not None else []
        self.lines += ["- " + " ".join(s for s in [*sentences, *marks] if s) + self.line(path)]

    def line(self, path: KeyPath) -> str:
        """The file and line of a path, if lines were given."""
        if self.whole is None:
            return ""
        file, line = self.whole.place(path)
        return words.LINE.format(file=file, line=line)

    def act(self, name: str) -> str:
        """An act in words."""
        act: Act | None = self.society.acts.get(name)
        return f"{act.words} ({name})" if act is not None else name

    # Parts -----------------------------------------------------------------------------------------------------------
    def title(self) -> None:
        """What this is."""
        title = words.TITLE.format(name=self.regime.name)
        self.lines += [title, "=" * len(title), ""]
        self.say([_sentence(self.regime.words)])
        self.say([words.OVER.format(name=self.society.name, words=self.society.words)])
        if self.regime.cite:
            self.say([words.CITED.format(cites="; ".join(self.regime.cite))])
        if self.regime.remarks:
            self.say([words.REMARKS.format(remarks="; ".join(self.regime.remarks))])

    def sources(self) -> None:
        """Who is watched by whom, and how records err."""
        self.heading(words.WATCHED)
        covered = self.regime.applies_to
        self.say([words.COVERS_SOME.format(traits=_traits(covered)) if covered else words.COVERS_ALL])
        if not self.regime.sources:
            self.say([words.NO_SOURCES])
        for name, source in self.regime.sources.items():
            self.source(name, source)

    def source(self, name: str, source: Source) -> None:
        """One source."""
        human = words.BY_HAND if source.human else ""
        details = {"body": words.BODIES[source.body], "kind": words.KINDS[source.kind], "human": human}
        self.item(("sources", name), [words.SOURCE_IS.format(name=name, words=source.words, **details)], source.basis)
        sees = words.SEES_WITNESS if source.kind == "witness" else words.SEES
        for act, share in source.sees.items():
            self.under(stated(sees, share, act=self.act(act)))
        if not source.sees:
            self.under(words.SEES_NOTHING)
        for act, mistake in source.mistakes.items():
            details = {"act": self.act(act), "recorded": self.act(mistake.recorded_as)}
            self.under(stated(words.MISTAKES, mistake.share, **details))
        for sentence in _errors(source):
            self.under(sentence)

    def under(self, sentence: str) -> None:
        """A sentence below an item."""
        self.lines += ["  " + sentence]

    def rules(self) -> None:
        """Start and bounds, then the rules by the domain of their act."""
        points = self.regime.points
        self.heading(words.START)
        bounded = points.low > -NOT_A_BOUND or points.high < NOT_A_BOUND
        bounds = words.HELD if points.bounds == "hold" else words.READ_WITHIN
        low, high = points_in_words(points.low), points_in_words(points.high)
        within = bounds.format(low=low, high=high) if bounded else words.UNBOUNDED
        basis = basis_in_words(points.basis) if "points" in self.regime.model_fields_set else ""
        self.say([words.STARTS.format(start=points_in_words(points.start)), within, basis])
        self.lines[-1] += self.line(("points",))
        self.heading(words.RULES)
        if not self.regime.rules:
            self.say([words.NO_RULES])
            return
        self.say([words.STACK_ALL if self.regime.stacking == "all" else words.STACK_GRAVEST])
        by_domain: dict[str, list[str]] = {}
        for name, rule in self.regime.rules.items():
            act = self.society.acts.get(rule.act)
            by_domain.setdefault(act.domain if act is not None else "", []).append(name)
        for domain, names in by_domain.items():
            self.lines += ["", words.RULES_DOMAIN.format(domain=domain.replace("-", " "))]
            for name in names:
                self.rule(name, self.regime.rules[name])

    def rule(self, name: str, rule: Rule) -> None:
        """One rule."""
        seen_by = words.SEEN_BY_ANY
        if rule.seen_by != "any":
            seen_by = words.SEEN_BY.format(sources=listed(rule.seen_by, words.OR))
        said = words.RULE_IS.format(name=name)
        if rule.words is not None:
            said = words.RULE_WORDS.format(name=name, words=rule.words.rstrip("."))
        act = words.RULE_FOR.format(act=self.act(rule.act), seen_by=seen_by)
        brings = words.BRINGS.format(effects=listed(_effects(rule), words.AND))
        self.item(("rules", name), [said, act, brings, *_limits(rule)], rule.basis)

    def ladder(self) -> None:
        """The classes."""
        self.heading(words.LADDER)
        ladder = self.regime.ladder
        if ladder is None:
            self.say([words.NO_LADDER])
            return
        for number, rung in enumerate(ladder.classes):
            place = _class(rung, number)
            perk = words.PERK.format(perk=rung.perk) if rung.perk else ""
            self.item(("ladder", "classes", number), [place, perk, *_claim(rung.claims)], rung.basis)
        self.say([words.PUBLISHED_MONTHLY if ladder.publish == "monthly" else words.PUBLISHED_DAILY])

    def lists(self) -> None:
        """The lists."""
        self.heading(words.LISTS)
        if not self.regime.lists:
            self.say([words.NO_LISTS])
        for name, listing in self.regime.lists.items():
            sentences = [words.LIST_IS.format(name=name, words=listing.words.rstrip("."))]
            sentences += [*self.entries(name, listing), *_staying(listing), *_claim(listing.claims)]
            self.item(("lists", name), sentences, listing.basis)

    def entries(self, name: str, listing: Listing) -> list[str]:
        """Ways onto a list."""
        rules = sum(rule.enters == name for rule in self.regime.rules.values())
        through = [other for other, x in self.regime.lists.items() if x.household and x.household.onto == name]
        entry, result = listing.entry, []
        if rules:
            result.append(words.ENTRY_RULES.format(count=rules))
        if entry.at_or_below is not None:
            result.append(words.ENTRY_CLASS.format(name=entry.at_or_below))
        if entry.records is not None:
            result.append(words.ENTRY_RECORDS.format(count=entry.records))
        if through:
            result.append(words.ENTRY_HOUSEHOLD.format(lists=listed(through, words.OR)))
        if "entry" in listing.model_fields_set:
            result.append(basis_in_words(entry.basis))
        return result

    def gates(self) -> None:
        """Which doors are closed to whom."""
        self.heading(words.DOORS)
        if not self.regime.gates:
            self.say([words.NO_GATES])
        for name, gate in self.regime.gates.items():
            service = self.society.services.get(name)
            about = service.words if service is not None else name
            sentences = [words.GATE_IS.format(name=name, words=about, what=_closed(gate))]
            if gate.human.value > 0:
                sentences.append(stated(words.HUMAN, gate.human, reliance=gate.reliance))
            self.item(("gates", name), sentences, gate.basis)
        free = [name for name in self.society.services if name not in self.regime.gates]
        if free and self.regime.gates:
            self.say([words.OPEN_DOORS.format(doors=listed(free, words.OR))])

    def ties(self) -> None:
        """What others add."""
        self.heading(words.TIES)
        spill = self.regime.spill_over
        if spill is None:
            self.say([words.NO_TIES])
            return
        mode = words.TIES_SHOWN if spill.mode == "shown" else words.TIES_ABSORBED
        weights = words.TIE_WEIGHTS.format(household=spill.household, near=spill.near, far=spill.far)
        self.item(("spill_over",), [stated(mode, spill.weight), weights], spill.basis)

    def disclosure(self) -> None:
        """What people are told."""
        self.heading(words.KNOWN)
        told = self.regime.disclosure
        for sentence, none, share in (
            (words.ANNOUNCED, words.NOT_ANNOUNCED, told.announced),
            (words.LASTING, words.NOT_LASTING, told.lasting),
            (words.TOLD, words.TOLD, told.told),
        ):
            self.item(("disclosure",), [stated(sentence if share.value else none, share)])

    def remedy(self) -> None:
        """How to object."""
        self.heading(words.REMEDY)
        remedy = self.regime.remedy
        if not remedy.appeals:
            self.say([words.NO_APPEALS])
            return
        sentences = [words.APPEALS.format(wait=remedy.wait)]
        if remedy.a_month is not None:
            sentences.append(words.CAPACITY.format(count=remedy.a_month.value) + mark(remedy.a_month, "{:g}".format))
        sentences.append(stated(words.WINS_WRONG, remedy.wins_if_wrong))
        sentences.append(stated(words.WINS_RIGHT, remedy.wins_if_right))
        self.item(("remedy",), sentences, remedy.basis)

    def powers(self) -> None:
        """What officials can do."""
        self.heading(words.POWERS)
        powers, sentences = self.regime.powers, []
        if powers.plant is not None:
            acts = "; ".join(map(self.act, powers.plant.acts))
            sentences.append(words.PLANT.format(source=powers.plant.source, acts=acts))
            sentences.append(stated(words.OVERSIGHT, powers.oversight, after=powers.oversight_after))
        if powers.erase:
            sentences.append(words.ERASE)
        if powers.bent is not None:
            sentences.append(stated(words.BENT, powers.bent.share, against=powers.bent.against))
        if sentences:
            self.item(("powers",), sentences, powers.basis)
        else:
            self.say([words.NO_POWERS])

    def bounds(self) -> None:
        """Bounds of proportion."""
        if self.regime.bounds_of_harm:
            self.heading(words.HARM)
            for grade, bound in self.regime.bounds_of_harm.items():
                self.item(("bounds_of_harm", grade), [words.HARM_BOUND.format(grade=grade, bound=bound)])

    def counts(self) -> None:
        """How much is known."""
        self.heading(words.COUNTS)
        counts = confidence_counts(self.regime)
        total = sum(counts.values())
        parts = [words.COUNT.format(count=count, confidence=name) for name, count in counts.items()]
        counted = words.COUNTED.format(total=total, parts=listed(parts, words.AND))
        self.say([counted if total else words.NOTHING_COUNTED])


# Pieces of sentences -------------------------------------------------------------------------------------------------
def _errors(source: Source) -> list[str]:
    """How records of this source err, and when they arrive."""
    result = []
    if source.hit_by_group.value != 1:
        result.append(_by_group(words.HIT_BY_GROUP, source.hit_by_group))
    shares = (
        (source.misidentified, words.MISNAMES),
        (source.link.missed, words.LOST),
        (source.link.by_name, words.BY_NAME),
        (source.mistyped, words.MISTYPED),
    )
    for share, sentence in shares:
        if share.value > 0:
            result.append(stated(sentence, share))
        if share is source.misidentified and source.misidentified_by_group.value != 1:
            result.append(_by_group(words.MISNAMES_BY_GROUP, source.misidentified_by_group))
    result.append(words.AT_ONCE if source.delay.startswith("0 ") else words.DELAYED.format(delay=source.delay))
    if source.late is not None:
        result.append(stated(words.LATE, source.late.share, up_to=source.late.up_to))
    return result


def _by_group(sentence: str, factor: Quantity) -> str:
    return sentence.format(factor=words.TIMES.format(factor=factor.value)) + mark(factor, "{:g}".format)


def _effects(rule: Rule) -> list[str]:
    """What a record under this rule does."""
    low, high = ends(rule)
    result = []
    if low != high:
        result.append(words.CHOSEN.format(low=change_in_words(low), high=change_in_words(high)))
    elif low:
        result.append(words.FIXED.format(points=change_in_words(low)))
    if rule.set_class is not None:
        result.append(words.CLASS_SET.format(name=rule.set_class.to, term=rule.set_class.term))
    if rule.enters is not None:
        result.append(words.ENTERS.format(name=rule.enters))
    if rule.fine:
        result.append(words.FINE.format(fine=rule.fine))
    return result


def _limits(rule: Rule) -> list[str]:
    """When a rule counts more, less or no longer."""
    result = []
    if rule.cap is not None:
        result.append(words.CAPPED.format(points=points_in_words(rule.cap.points)))
    if rule.repeat is not None:
        result.append(words.REPEATED.format(times=rule.repeat.times, nth=ordinal(rule.repeat.from_)))
    if rule.window is not None:
        result.append(words.WINDOW.format(window=rule.window))
    expires = words.EXPIRES.format(expires=rule.expires, what=words.OF_THE[rule.counts_from])
    result.append(words.FOREVER if rule.expires is None else expires)
    if not rule.known:
        result.append(words.UNKNOWN)
    return result


def _class(rung: Rung, number: int) -> str:
    if rung.floor is not None:
        return words.CLASS_FROM.format(name=rung.name, floor=points_in_words(rung.floor))
    return (words.CLASS_BELOW if number else words.CLASS_ALL).format(name=rung.name)


def _claim(claim: Claim | None) -> list[str]:
    """What a decision says of people, and of whom that is true."""
    if claim is None:
        return []
    says = words.CLAIM.format(says=claim.says.rstrip("."))
    if claim.true_of == "nobody":
        return [says, words.CLAIM_NOBODY]
    return [says, words.CLAIM_TRUE.format(traits=_traits(claim.true_of))]


def _traits(traits: dict[str, list[str]]) -> str:
    parts = [words.TRAIT_IS.format(trait=name, levels=listed(levels, words.OR)) for name, levels in traits.items()]
    return listed(parts, words.AND)


def _staying(listing: Listing) -> list[str]:
    """How long a listing lasts and what it brings."""
    result = [words.NO_TERM if listing.term is None else words.TERM.format(term=listing.term)]
    if listing.later_terms:
        result.append(words.LATER_TERMS.format(terms=", then ".join(listing.later_terms)))
    if listing.fulfil is not None:
        result.append(stated(words.FULFIL, listing.fulfil.share, within=listing.fulfil.within))
    if listing.wipes:
        result.append(words.WIPES)
    result.append(words.PUBLISHED if listing.published else words.NOT_PUBLISHED)
    if listing.household is not None:
        details = {"who": words.WHO[listing.household.who], "onto": listing.household.onto}
        result.append(words.HOUSEHOLD.format(**details))
    return result


def _closed(gate: Gate) -> str:
    who = [words.THE_CLASS.format(name=name) for name in gate.classes]
    who += [words.THE_LIST.format(name=name) for name in gate.lists]
    parts = [words.CLOSED_TO.format(who=listed(who, words.AND)) if who else words.OPEN_TO_ALL]
    parts += [words.PRICE.format(name=name, percent=percent) for name, percent in gate.price.items()]
    return "; ".join(parts)


# Numbers and marks ---------------------------------------------------------------------------------------------------
def stated(sentence: str, share: Quantity, **details: object) -> str:
    """A sentence about a share, with its range, confidence and source behind it, and those of other shares in it."""
    shares = [share, *(detail for detail in details.values() if isinstance(detail, Quantity))]
    shown = {key: fraction(x.value) if isinstance(x, Quantity) else x for key, x in details.items()}
    which = words.WHICH_NUMBER if len(shares) > 1 else ("{what}",)
    marks = (mark(each, fraction, one) for each, one in zip(shares, which, strict=True))
    return sentence.format(share=fraction(share.value), **shown) + "".join(marks)


def fraction(value: float) -> str:
    """A share in words: all, none, or so many in so many."""
    if value in (0, 1):
        return words.ALL if value else words.NONE
    base = next((base for base in BASES if value * base >= 1), BASES[-1])
    return words.OUT_OF.format(count=f"{value * base:.4g}", base=base)


def mark(number: Quantity, shown: Callable[[float], str], which: str = "{what}") -> str:
    """Confidence, range and source of a number between brackets; nothing for a default of the language. `which` says of
    which number of a sentence this is."""
    if number.confidence == "derived" and number.range is None and not number.cite:
        return ""
    parts = [_capital(which.format(what=words.CONFIDENCE[number.confidence]))]
    if number.range is not None:
        parts.append(words.RANGE_MARK.format(low=shown(number.range[0]), high=shown(number.range[1])))
    if number.cite:
        parts.append(words.SOURCE.format(cite=number.cite.rstrip(".")))
    return words.NUMBER_MARK.format(parts="; ".join(parts))


def basis_in_words(basis: Basis) -> str:
    """Kind and size apart, and the source."""
    behaviour, size = words.CONFIDENCE[basis.behaviour], words.CONFIDENCE[basis.size]
    text = words.BASIS_SAME if behaviour == size else words.BASIS_APART
    source = words.BASIS_SOURCE.format(cite=basis.cite.rstrip(".")) if basis.cite else ""
    return text.format(behaviour=behaviour, size=size) + source


def points_in_words(points: int) -> str:
    """Points as they stand, such as "1,000 points" or "minus 12 points"."""
    number = f"{abs(points):,}" if points >= 0 else words.MINUS.format(n=f"{-points:,}")
    return (words.POINT if abs(points) == 1 else words.POINTS).format(n=number)


def change_in_words(points: int) -> str:
    """Points as they are added or taken, such as "plus 5 points" or "minus 20 points"."""
    return points_in_words(points) if points <= 0 else words.PLUS.format(n=points_in_words(points))


def listed(names: Sequence[str], last: str) -> str:
    """Names with commas, and a word before the last."""
    if len(names) < 2:
        return "".join(names)
    return last.format(first=", ".join(names[:-1]), last=names[-1])


def ordinal(number: int) -> str:
    """Such as 2nd, 11th, 21st."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."
