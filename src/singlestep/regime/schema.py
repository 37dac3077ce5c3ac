"""What a regime file may say: who watches, what is scored, what the score closes, and how one gets out again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from singlestep.quantities import (
    Basis,
    Duration,
    Factor,
    Identifier,
    Number,
    Share,
    Strict,
    Words,
    given,
    zero,
)
from singlestep.regime.complaints import Objection

MOST_LISTS = 7
MOST_CLASSES = 8
LARGEST = 30_000
ClassName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+-]*$", max_length=20)]
Points = Annotated[int, Field(ge=-10_000, le=10_000)]


class Link(Strict):
    """How a record finds its file. `by_name` is the share joined on a name alone, where namesakes stand in the way."""

    missed: Share = zero()
    by_name: Share = zero()


class Late(Strict):
    """Records delayed beyond the declared delay, and by how long at most (one day at least)."""

    share: Share
    up_to: Duration


class Mistake(Strict):
    """A false alert: the act is harmless, the record says another act."""

    recorded_as: Identifier
    share: Share


class Source(Strict):
    """One source of records: what it sees, at what rate, and how it errs."""

    words: Words
    body: Literal[
        "police", "court", "bank", "city-office", "school", "hospital", "platform", "company", "employer", "neighbours",
    ]  # fmt: skip
    kind: Literal["register", "camera", "platform", "witness", "payment"] = "register"
    sees: dict[Identifier, Share]  # chance that the act leaves a record here: coverage times hit rate
    hit_by_group: Factor = given(1.0)  # times the chance, for the minority
    misidentified: Share = zero()
    misidentified_by_group: Factor = given(1.0)
    mistakes: dict[Identifier, Mistake] = {}
    link: Link = Link()
    mistyped: Share = zero()
    delay: Duration = "0 days"
    late: Late | None = None
    human: bool = False
    basis: Basis = Basis()


class Cap(Strict):
    """The most that one rule may add or take within a calendar year, in points."""

    points: Annotated[int, Field(ge=1, le=10_000)]


class Repeat(Strict):
    """From the n-th record under this rule onwards (ever), its points are multiplied."""

    from_: Annotated[int, Field(ge=2, le=100, alias="from")]
    times: Annotated[int, Field(ge=2, le=20)]


class Term(Strict):
    """A class set for a term, whatever the points say."""

    to: ClassName
    term: Duration


class Rule(Strict):
    """A record of this act from this source changes the file. `points` fixed, or a range an official chooses from."""

    words: Words | None = None
    seen_by: list[Identifier] | Literal["any"] = "any"
    act: Identifier
    points: Points | tuple[Points, Points] = 0
    set_class: Term | None = None
    enters: Identifier | None = None  # a list
    fine: Annotated[int, Field(ge=0, le=15)] = 0  # levels of need
    cap: Cap | None = None
    repeat: Repeat | None = None
    window: Duration | None = None  # older acts no longer count on arrival
    expires: Duration | None = None
    counts_from: Literal["act", "record"] = "record"
    known: bool = True
    basis: Basis = Basis()

    @model_validator(mode="after")
    def _ordered(self) -> Rule:
        if isinstance(self.points, tuple) and self.points[0] > self.points[1]:
            write = f"`points: [{self.points[1]}, {self.points[0]}]`"
            raise Objection("the range runs backwards: the lower number comes first", write=write, at=["points"])
        if self.points == 0 and self.set_class is None and self.enters is None and self.fine == 0:
            found = f"a rule about `{self.act}` that changes nothing"
            write = "`points:`, `set_class:`, `enters:` or `fine:`"
            raise Objection("a rule gives points, a class, a list or a fine", found=found, write=write)
        return self


class PointsTable(Strict):
    """Start and bounds of the points. `hold`: points are kept inside; `read`: only what is shown is clamped."""

    start: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] = 0
    low: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] = -LARGEST
    high: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] = LARGEST
    bounds: Literal["hold", "read"] = "hold"
    basis: Basis = Basis()

    @model_validator(mode="after")
    def _ordered(self) -> PointsTable:
        if not self.low <= self.start <= self.high:
            why = f"the start lies outside the bounds {self.low} to {self.high}"
            raise Objection(why, write=f"a start from {self.low} to {self.high}, or wider bounds", at=["start"])
        return self


class Claim(Strict):
    """What a decision says of the person, and the trait at which that is true."""

    says: Words
    true_of: dict[str, list[str]] | Literal["nobody"]


class Rung(Strict):
    """One class: everyone from this many shown points up who fits no better class. The last has no floor."""

    name: ClassName
    floor: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] | None = None
    claims: Claim | None = None
    perk: Annotated[int, Field(ge=0, le=100_000)] = 0  # money a month
    basis: Basis = Basis()


class Ladder(Strict):
    """Classes from best to worst. `publish` says which class gates read: today's, or the one last published."""

    classes: Annotated[list[Rung], Field(min_length=1, max_length=MOST_CLASSES)]
    publish: Literal["daily", "monthly"] = "daily"


class Entry(Strict):
    """Ways onto a list besides a rule that names it: standing in a class or below, or records alive."""

    at_or_below: ClassName | None = None
    records: Annotated[int, Field(ge=1, le=1000)] | None = None  # records alive under rules that name this list
    basis: Basis = Basis()


class Fulfil(Strict):
    """The share of the listed who do what is asked, after so long at most (drawn evenly), and are then let off."""

    share: Share
    within: Duration


class Household(Strict):
    """Whom in the household a listing reaches, by putting them on another list for as long."""

    who: Literal["children", "adults", "all"]
    onto: Identifier


class Listing(Strict):
    """A list: entry, term, exit, publication, and what it means for the household."""

    words: Words
    entry: Entry = Entry()
    term: Duration | None = None
    later_terms: Annotated[list[Duration], Field(max_length=5)] = []  # of the second listing, the third and so on
    fulfil: Fulfil | None = None
    wipes: bool = False
    published: bool = False
    household: Household | None = None
    claims: Claim | None = None
    basis: Basis = Basis()


class Gate(Strict):
    """Who finds a door closed; the share decided by a human, and how often that human follows the score."""

    classes: list[ClassName] = []
    lists: list[Identifier] = []
    human: Share = zero()
    reliance: Share = given(1.0)
    price: dict[ClassName, Annotated[int, Field(ge=0, le=1000)]] = {}  # per cent of the usual price
    basis: Basis = Basis()


class SpillOver(Strict):
    """What the household, near and far ties add. `weight` is their part; the rest stays one's own."""

    mode: Literal["shown", "absorbed"] = "shown"
    weight: Share
    household: Annotated[int, Field(ge=0, le=100)] = 0
    near: Annotated[int, Field(ge=0, le=100)] = 1
    far: Annotated[int, Field(ge=0, le=100)] = 0
    basis: Basis = Basis()


class Disclosure(Strict):
    """What people can know. `announced` sets awareness at the start, `lasting` what it fades to; `told` is notice."""

    announced: Share = zero()
    lasting: Share = zero()
    told: Share = zero()


class Remedy(Strict):
    """What an appeal meets."""

    appeals: bool = False
    wait: Duration = "26 weeks"
    wins_if_wrong: Share = zero()
    wins_if_right: Share = zero()
    a_month: Number | None = None  # appeals decided a month for each 1,000 people; beyond it the wait grows
    basis: Basis = Basis()


class Plant(Strict):
    """Officials may put this act, as from this source, into the file of the most outspoken person in reach."""

    source: Identifier
    acts: Annotated[list[Identifier], Field(min_length=1, max_length=16)]


class Bent(Strict):
    """Discretion bent by favour or dislike, to the nearer end of the range; the share of it that goes against."""

    share: Share
    against: Share = given(0.5)


class Powers(Strict):
    """What officials can do, and how much of what they plant is found out and undone, after how long."""

    plant: Plant | None = None
    erase: bool = False
    bent: Bent | None = None
    oversight: Share = zero()
    oversight_after: Duration = "1 year"
    basis: Basis = Basis()


class Happened(Strict):
    """One line of an example: an act recorded on a day."""

    act: Identifier
    by: Identifier
    day: Annotated[int, Field(ge=0, le=100_000)] = 0


class Example(Strict):
    """Acts recorded against someone at the start score, and what the file must then say. Never a person's traits."""

    words: Words
    records: list[Happened]
    on_day: Annotated[int, Field(ge=0, le=100_000)] | None = None
    points: int | tuple[int, int] | None = None
    in_class: ClassName | None = None
    lists: list[Identifier] | None = None
    doors_shut: list[Identifier] | None = None


class Regime(Strict):
    """A rulebook, whole (after `extends` has been followed)."""

    format: Literal["singlestep-regime 1"]
    name: Identifier
    words: Words
    cite: list[Words] = []  # sources of the whole
    remarks: list[Words] = []  # on the whole, and no sources
    applies_to: dict[str, list[str]] = {}  # traits and levels; records about others are refused
    sources: Annotated[dict[Identifier, Source], Field(max_length=500)] = {}
    points: PointsTable = PointsTable()
    stacking: Literal["all", "gravest"] = "all"
    rules: Annotated[dict[Identifier, Rule], Field(max_length=200_000)] = {}
    indicators: str | None = None  # bare name of a CSV beside the file: id,source,act,points[,expires]
    ladder: Ladder | None = None
    lists: Annotated[dict[Identifier, Listing], Field(max_length=MOST_LISTS)] = {}
    gates: dict[Identifier, Gate] = {}
    spill_over: SpillOver | None = None
    disclosure: Disclosure = Disclosure()
    remedy: Remedy = Remedy()
    powers: Powers = Powers()
    bounds_of_harm: dict[Literal["none", "minor", "moderate", "serious", "grave"], Duration] = {}
    examples: list[Example] = []
