"""One life in plain sentences, event by event, beside the same person's twin life (sentences: `words.stories`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from singlestep.engine import letters, tallies
from singlestep.engine import rows as r
from singlestep.engine.state import NO_ACT
from singlestep.quantities import DAYS_A_YEAR
from singlestep.rooms import linked, observed
from singlestep.study import lives
from singlestep.study.lives import Pair
from singlestep.words import stories as words
from singlestep.words.rulebook import BODIES
from singlestep.words.stories import date

Where = Callable[[str], tuple[str, int] | None]  # file and line of a rule, if they are known
MOST_TOLD = 3  # acts of silence, refusals behind one door: the others are counted
NOBODYS = ("false report", "planted", "faked")
FROM_OTHERS = ("misidentified", "mislinked")


@dataclass(frozen=True)
class Story:
    """A told life, and the same person's in the world compared with: `twin`, none if there is none. `points` and `doors` by
    world: [day, points] whenever they moved; [door, first day, last day or None]."""

    kind: str
    person: int
    seed: int
    title: str
    sentences: list[str]
    twin_title: str
    twin: list[str]
    points: dict[str, list[list[int]]]
    doors: dict[str, list[list[Any]]]

    def __str__(self) -> str:
        parts = ((self.title, self.sentences), (self.twin_title, self.twin))
        return "\n".join(line for title, said in parts if said for line in (title, *(f"- {sentence}" for sentence in said)))

    def _repr_html_(self) -> str:
        import html

        found = ""
        for title, sentences in ((self.title, self.sentences), (self.twin_title, self.twin)):
            items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
            found += f"<h4>{html.escape(title)}</h4><ul>{items}</ul>" if items else ""
        return found

    def plain(self) -> dict[str, Any]:
        """The story as it stands in `stories.json`."""
        return {
            "kind": self.kind, "person": self.person, "seed": self.seed, "title": self.title,
            "sentences": self.sentences, "twin_title": self.twin_title, "twin": self.twin, "points": self.points,
            "doors": self.doors,
        }  # fmt: skip


def from_plain(content: Any) -> list[Story]:
    """The stories of a `stories.json`; whatever has not the form of one is left out."""
    found = []
    for one in content if isinstance(content, list) else []:
        try:
            story = Story(**one)
            texts = [story.kind, story.title, story.twin_title, *story.sentences, *story.twin]
            if story.kind in words.KINDS and all(isinstance(text, str) for text in texts):
                found.append(
                    replace(
                        story,
                        title=_printable(story.title),
                        sentences=[*map(_printable, story.sentences)],
                        twin_title=_printable(story.twin_title),
                        twin=[*map(_printable, story.twin)],
                    )
                )
        except TypeError:
            continue
    return found


def tell(pair: Pair, labels: tuple[str, str | None], kind: str, people: int, seed: int, where: Sequence[Where]) -> Story:
    """The story of one person. `labels`: of the world and of the one it is compared with; `where` finds a rule's line in
    each of them."""
    teller = _Teller(pair, people, seed, kind, where[0])
    other = _Teller(Pair(pair.twin, None), people, seed, "", where[-1]) if pair.twin is not None else None
    here, there = pair.life, pair.twin
    told = {labels[0]: here} | ({labels[1]: there} if labels[1] is not None and there is not None else {})
    doors = list(here.society.services)
    return Story(
        kind=kind,
        person=here.person,
        seed=seed,
        title=words.TITLE.format(kind=words.KINDS[kind], person=here.person),
        sentences=[_printable(sentence) for sentence in teller.sentences()],
        twin_title="" if other is None else _printable(words.TWIN_TITLE.format(twin=teller.twin_name)),
        twin=[] if other is None else [_printable(sentence) for sentence in other.events()],
        points={label: life.points() for label, life in told.items()},
        doors={label: [[doors[d], first, last] for d, first, last, _ in life.spells()] for label, life in told.items()},
    )


@dataclass
class _Teller:
    pair: Pair
    people: int
    seed: int
    kind: str
    where: Where
    told: list[tuple[int, int, str]] = field(default_factory=list)  # day, order, sentence

    def __post_init__(self) -> None:
        self.life = self.pair.life
        self.society, self.regime = self.life.society, self.life.regime
        self.acts, self.rules = list(self.society.acts.values()), list(self.regime.rules)
        self.sources, self.lists = list(self.regime.sources.items()), list(self.regime.lists.values())
        self.services = list(self.society.services.values())
        self.service_names = list(self.society.services)
        self.twin_name = self.pair.twin.regime.name if self.pair.twin is not None else ""

    def sentences(self) -> list[str]:
        """The story from its beginning to where the two lives part."""
        first = words.WHO.format(
            person=self.life.person, people=self.people, society=self.society.name, seed=self.seed,
            years=words.counted(self.life.days // DAYS_A_YEAR, words.YEARS), regime=self.regime.name,
        )  # fmt: skip
        return [first, *self.events(), *self.twin()]

    def events(self) -> list[str]:
        """What happened, event by event, and what is to be said of it all."""
        for tell in (self.files, self.doors, self.refusals, self.silences, self.dealings, self.gains):
            tell()
        inner = [sentence for _, _, sentence in sorted(self.told, key=lambda item: item[:2])]
        after = [*self.left_undone(), *self.need()]
        if not inner and not after:
            inner = [words.NOTHING]
        return [*inner, *self.stayed(), *after]

    def say(self, day: int, sentence: str, order: int = 0) -> None:
        """Add a sentence about a day."""
        self.told.append((day, order, sentence))

    # --- the file ---
    def files(self) -> None:
        """Records, appeals, endings, lists."""
        for day, of_day in groupby(self.life.rows, key=lambda row: row.day):
            rows = list(of_day)
            for _, records in groupby((row for row in rows if row.what in (r.REMEDY, r.APPLIED)), key=_event):
                self.record(day, list(records))
            ended = sorted((row for row in rows if row.what == r.CLOSED and row.sides & letters.RECORDED), key=_reason)
            for reason, closed in groupby(ended, key=_reason):
                self.closed(day, reason, list(closed))
            for row in rows:
                if row.what == r.DECIDED:
                    won = words.APPEAL_WON_WRONG if row.rule == 1 else words.APPEAL_WON_RIGHT
                    lost = words.APPEAL_LOST_WRONG if row.rule == 1 else words.APPEAL_LOST_RIGHT
                    self.say(day, (won if row.reason == 1 else lost).format(date=date(day)), 1)
                elif row.what == r.ERASED:
                    self.say(day, words.ERASED.format(date=date(day), act=self.acts[row.act].words))
                elif row.what == r.HOUSEHOLD and row.reason == 1 and row.sides == letters.RECORDED:
                    self.say(day, words.HOUSEHOLD.format(date=date(day)), 1)
                elif row.what == r.LIST and row.sides == letters.RECORDED:
                    self.say(day, self.listing(row), 3)

    def record(self, day: int, rows: list[Any]) -> None:
        """One record that came: its rules, its cause, and what the person could do."""
        applied = [row for row in rows if row.what == r.APPLIED]
        remedy = next((row for row in rows if row.what == r.REMEDY), None)
        if not applied:
            return
        first = applied[0]
        if not first.sides & letters.RECORDED:
            if any(row.y < 0 or self._rule(row).fine > 0 for row in applied):
                cause = words.ASTRAY_CAUSES.get(tallies.CAUSES[first.cause])
                if cause is not None:
                    done = date(first.act_day)
                    self.say(day, words.ASTRAY.format(date=date(day), act=self.acts[first.act].words, done=done, cause=cause))
            return
        name, source = self.sources[first.source]
        rules = words.joined([self.by_rule(row) for row in applied])
        text = words.RECORD.format(date=date(day), act=self.acts[first.act].words, source=_sender(name, source), rules=rules)
        text += self.cause_of(first, remedy, applied)
        if remedy is not None:
            knew = words.FOUND_OUT if remedy.x & r.KNEW_BIT else words.UNAWARE
            text += words.TOLD if remedy.x & r.TOLD_BIT else knew
            if remedy.x & r.FILED_BIT:
                text += words.APPEALED.format(date=date(remedy.y))
        self.say(day, text)

    def by_rule(self, row: Any) -> str:
        """What a rule did, with the place where it stands."""
        rule = self._rule(row)
        effects = []
        if row.x != 0:
            points = words.counted(abs(row.x), words.POINTS)
            effects.append((words.LOST if row.x < 0 else words.WON).format(points=points))
        if rule.fine:
            effects.append(words.FINE)
        if rule.set_class is not None:
            effects.append(words.CLASS_SET.format(name=rule.set_class.to))
        if rule.enters is not None:
            effects.append(words.COUNTS_FOR.format(list=self.regime.lists[rule.enters].words))
        effect = words.joined(effects or [words.NO_POINTS])
        return words.BY_RULE.format(effect=effect, words=rule.words or self.acts[row.act].words, where=self.place(row.rule))

    def place(self, rule: int) -> str:
        """File and line of a rule."""
        found = self.where(self.rules[rule])
        if found is None:
            return words.PLACE_NO_LINE.format(rule=self.rules[rule])
        return words.PLACE.format(rule=self.rules[rule], file=found[0], line=found[1])

    def cause_of(self, row: Any, remedy: Any, applied: list[Any]) -> str:
        """How the record came to be, and who really did it."""
        cause = tallies.CAUSES[remedy.cause if remedy is not None else row.cause]
        other = words.PERSON.format(person=row.author)
        bent = [part for part in applied if part.cause == linked.BENT and part.x != part.y and part.sides == letters.BOTH]
        if cause == "bent discretion":
            cause = "true"
        if cause == "misidentified" and row.author == self.life.person:
            cause = "misidentified self"
        text = words.CAUSES[cause].format(author=other)
        if cause == "mistyped":
            really = self.really(row)
            if really is not None:
                text = words.CAUSES["mistyped as"].format(act=self.acts[really].words)
        if bent:
            unbent = (words.LOST if bent[0].y < 0 else words.WON).format(points=words.counted(abs(bent[0].y), words.POINTS))
            text += words.CAUSES["bent discretion"].format(points=unbent)
        seen = self.as_seen(row)
        if seen is not None and seen.person != self.life.person:
            text += words.REPORTED_BY.format(other=words.PERSON.format(person=seen.person))
        if cause not in NOBODYS and cause not in FROM_OTHERS and row.act_day != row.day:
            text = words.DONE_ON.format(date=date(row.act_day)) + text
        return text

    def really(self, row: Any) -> int | None:
        """The act behind a record that was typed as another."""
        seen = self.as_seen(row)
        return None if seen is None else int(seen.act)

    def as_seen(self, row: Any) -> Any:
        """The row of the seeing behind a record, if the person did the act or it was about them."""
        for seen in (*self.life.of(r.SEEN), *self.life.reported):
            if (seen.author, seen.act_day, seen.occasion, seen.source, seen.y) == (
                row.author, row.act_day, row.occasion, row.source, row.act,
            ):  # fmt: skip
                return seen
        return None

    def closed(self, day: int, reason: int, rows: list[Any]) -> None:
        """Effects of records that ended."""
        parts = [words.CLOSED_RULE.format(words=self._rule(row).words or self.rules[row.rule]) for row in rows]
        back = -sum(row.x for row in rows)
        form = words.CLOSED_POINTS if back > 0 else words.CLOSED_POINTS_LOST
        points = form.format(points=words.counted(abs(back), words.POINTS)) if back else ""
        self.say(day, words.CLOSED[reason].format(date=date(day), rules=words.joined(parts), points=points), 2)

    def listing(self, row: Any) -> str:
        """Onto a list, anew, or off it."""
        name = self.lists[row.rule].words
        until = words.UNTIL.format(date=date(row.z)) if row.z > row.day else ""
        if row.reason == lives.LEFT:
            return words.UNLISTED.format(date=date(row.day), list=name)
        if row.reason == lives.RENEWED:
            return words.RENEWED.format(date=date(row.day), list=name, until=until)
        wrong = "" if self.life.listed_cleanly(row.rule, row.day) else words.NOT_IN_CLEAN
        return words.LISTED.format(date=date(row.day), list=name, until=until, wrong=wrong)

    # --- doors ---
    def doors(self) -> None:
        """Doors shut and opened, those of a day together."""
        rows = [row for row in self.life.of(r.DOOR) if row.sides == letters.RECORDED]

        def alike(row: Any) -> tuple[int, ...]:
            return row.day, -row.reason, row.x & 1, row.act, row.cause, row.y

        for key, group in groupby(sorted(rows, key=alike), key=alike):
            shut_now = [row.rule for row in group]
            count, doors = len(shut_now), self.named(shut_now)
            day, shut, wrong, act, cause, days = key
            if shut:
                tail = words.chosen(count, words.ERRONEOUS) if wrong else ""
                form, why = words.chosen(count, words.SHUT), self.because(act, cause)
                self.say(day, form.format(date=date(day), doors=doors, why=why, wrong=tail), 4)
            else:
                form = words.chosen(count, words.OPENED)
                self.say(day, form.format(date=date(day), doors=doors, days=words.counted(days, words.DAYS)), 4)

    def named(self, doors: list[int]) -> str:
        """One or several doors as a phrase."""
        services = [_short(self.services[door].words) for door in doors]
        if len(services) == 1:
            return words.DOOR.format(service=services[0])
        return words.DOORS_OF.format(services=words.joined(services))

    def because(self, act: int, cause: int) -> str:
        """What shut a door."""
        trigger = tallies.TRIGGERS[cause]
        if trigger == "household":
            return words.SHUT_FOR_HOUSEHOLD
        if trigger == "ties":
            return words.SHUT_FOR_TIES
        return "" if act == NO_ACT else words.SHUT_FOR.format(act=self.acts[act].words)

    def refusals(self) -> None:
        """Requests refused, the first ones at each door told and the others counted."""
        by_door: dict[int, list[Any]] = {}
        for row in self.life.of(r.ASKED):
            if row.reason == lives.REFUSED:
                by_door.setdefault(row.rule, []).append(row)
        for door, rows in by_door.items():
            service = _short(self.services[door].words)
            for row in rows[:MOST_TOLD]:
                human = words.BY_HUMAN if row.x else ""
                self.say(row.day, words.REFUSED.format(date=date(row.day), service=service, human=human), 5)
            if len(rows) > MOST_TOLD:
                times = words.counted(len(rows) - MOST_TOLD, words.TIMES)
                self.say(rows[MOST_TOLD - 1].day, words.REFUSED_MORE.format(service=service, times=times), 6)

    def stayed(self) -> list[str]:
        """What is shut at the end."""
        doors = [door for door, _, last, _ in self.life.spells() if last is None]
        return [words.STAYED.format(date=date(self.life.days - 1), doors=self.named(doors))] if doors else []

    # --- what was left undone, and done to others ---
    def silences(self) -> None:
        """The first protected acts left undone out of fear, those that the twin did before others."""
        found = sorted(lives.silences(self.pair), key=lambda item: not item[1])
        most = MOST_TOLD if self.kind == "silenced" else 1
        for row, twin_did in found[:most]:
            twin = words.TWIN_DID.format(twin=self.twin_name) if twin_did else ""
            self.say(row.day, words.SILENCED.format(date=date(row.day), act=self.acts[row.act].words, twin=twin), 7)

    def left_undone(self) -> list[str]:
        """How often fear or rules kept the person from something."""
        found = [row for row, _ in lives.silences(self.pair)]
        sentences = []
        if len(found) > 1:
            counts: dict[int, int] = {}
            for row in found:
                counts[row.act] = counts.get(row.act, 0) + 1
            acts = words.joined(
                [
                    words.ACT_TIMES.format(act=self.acts[act].words, times=words.counted(count, words.TIMES))
                    for act, count in counts.items()
                ]
            )
            sentences.append(words.SILENCED_MORE.format(times=words.counted(len(found), words.TIMES), acts=acts))
        deterred = sum(row.reason == lives.DETERRED for row in self.life.of(r.ACT))
        return sentences + ([words.DETERRED.format(times=words.counted(deterred, words.TIMES))] if deterred else [])

    def dealings(self) -> None:
        """Reports and false reports about others."""
        for row in self.life.of(r.ACT):
            if row.reason == lives.TAKEN and self.acts[row.act].does == "report" and row.source >= 0:
                name, source = self.sources[row.source]
                text = words.INFORMED.format(
                    date=date(row.day), other=words.PERSON.format(person=row.author), act=self.acts[row.x].words,
                    source=_sender(name, source),
                )  # fmt: skip
                self.say(row.day, text, 7)
        for row in self.life.of(r.SEEN):
            if row.cause == linked.FALSE_REPORT and row.reason > observed.FAKED:
                other = words.PERSON.format(person=row.x)
                self.say(row.day, words.DENOUNCED.format(date=date(row.day), other=other, act=self.acts[row.y].words), 7)

    def gains(self) -> None:
        """Classes that bring something."""
        for day, place in lives.gains(self.life):
            rung = self.regime.ladder.classes[place] if self.regime.ladder else None
            if rung is None:
                continue
            prices = [
                words.PRICE.format(service=_short(self.society.services[door].words), percent=gate.price[rung.name])
                for door, gate in self.regime.gates.items()
                if gate.price.get(rung.name, 100) < 100
            ]
            text = words.GAINED.format(
                date=date(day), name=rung.name, perk=words.PERK.format(perk=rung.perk) if rung.perk else "",
                prices=words.PRICES.format(services=words.joined(prices)) if prices else "",
            )  # fmt: skip
            self.say(day, text, 8)

    def need(self) -> list[str]:
        """Need beside the twin's, while a door is shut for long."""
        gap = lives.needier(self.pair)
        if gap is None:
            return []
        day, here, there = gap
        return [words.NEED.format(here=here, there=there, date=date(day), twin=self.twin_name)]

    # --- the twin ---
    def twin(self) -> list[str]:
        """The twin's life in one sentence, and where the two part."""
        twin = self.pair.twin
        if twin is None:
            return []
        events = {_event(row) for row in twin.of(r.APPLIED) if row.sides & letters.RECORDED}
        counts = (
            (len(events), words.RECORDS),
            (sum(row.sides == letters.RECORDED and row.reason == lives.ENTERED for row in twin.of(r.LIST)), words.LISTINGS),
            (len(twin.spells()), words.SPELLS),
            (sum(row.reason == lives.REFUSED for row in twin.of(r.ASKED)), words.REFUSALS),
        )
        parts = [words.counted(number, forms) for number, forms in counts if number]
        told = words.TWIN.format(twin=self.twin_name, parts=words.joined(parts)) if parts else ""
        return [told or words.TWIN_NOTHING.format(twin=self.twin_name), self.parting()]

    def parting(self) -> str:
        """The first day on which the two lives differ, and in what."""
        day = self.pair.parting()
        if day is None or self.pair.twin is None:
            return words.NEVER_PARTED
        here, there = self.life, self.pair.twin
        names = {"regime": self.regime.name, "twin": self.twin_name}
        mine, theirs = here.acts(), there.acts()
        for key in sorted(mine.keys() | theirs.keys()):
            both = mine.get(key), theirs.get(key)
            became = [self.became(row) for row in both]
            if day in {row.day for row in both if row is not None} and became[0] != became[1] and lives.TAKEN in became:
                done = [words.BECAME[tallies.ACT[outcome]] for outcome in became]
                what = words.PARTED_ACT.format(act=self.acts[key[4]].words, here=done[0], there=done[1], **names)
                return words.PARTED.format(date=date(day), what=what)
        door, shut = next((door, state) for at, door, state in sorted(here.changes() ^ there.changes()) if at == day)
        shut_here = bool(shut) == ((day, door, shut) in here.changes())
        states = (words.SHUT_WORD, words.OPEN) if shut_here else (words.OPEN, words.SHUT_WORD)
        what = words.PARTED_DOOR.format(door=self.named([door]), here=states[0], there=states[1], **names)
        return words.PARTED.format(date=date(day), what=what)

    @staticmethod
    def became(row: Any) -> int:
        """What became of an occasion; no row means plainly forgone."""
        return lives.FORGONE if row is None else int(row.reason)

    def _rule(self, row: Any) -> Any:
        return self.regime.rules[self.rules[row.rule]]


def _sender(name: str, source: Any) -> str:
    """A source with the kind of body it is, unless its name says that."""
    body = BODIES.get(source.body, source.body)
    return name if body.removeprefix("the ") == name else words.SENDER.format(source=name, body=body)


def _event(row: Any) -> tuple[int, ...]:
    return row.author, row.act_day, row.occasion, row.act, row.source, row.sides


def _reason(row: Any) -> int:
    return int(row.reason)


def _short(service: str) -> str:
    """A service in its first words: what comes after a comma explains how it is counted."""
    return service.split(",")[0]


def _printable(sentence: str) -> str:
    """A sentence without signs that could move a terminal's cursor; files may be anybody's."""
    return "".join(sign if sign.isprintable() else " " for sign in sentence)
