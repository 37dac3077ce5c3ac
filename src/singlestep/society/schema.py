"""What a society file may say: who the people are, what they do, what they ask for, how they respond.

Nothing in a society knows of any regime. Rates are ceilings over all worlds once multiplied by `headroom`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from singlestep.quantities import (
    Basis,
    Duration,
    Factor,
    Frequency,
    Identifier,
    Level,
    Number,
    Share,
    Strict,
    Words,
    given,
    zero,
)
from singlestep.regime.complaints import Objection

AGES = ("child", "young", "middle", "old")
ROLES = {  # a letter of a household template: age, parent
    "C": ("child", "no"),
    "Y": ("young", "no"),
    "M": ("middle", "no"),
    "E": ("old", "no"),
    "Q": ("young", "yes"),
    "P": ("middle", "yes"),
}
PLOT = 16
FIFTHS = ("lowest", "lower", "middle", "upper", "highest")
BUILT_IN = {"age": AGES, "parent": ("no", "yes"), "income": FIFTHS}
GRADES = ("none", "minor", "moderate", "serious", "grave")
MOST_TRAITS = 16
MOST_ARCHETYPES = 256
MOST_ACTS = 60_000
MOST_SLOTS = 7  # of ties, near and far

TraitName = Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
LevelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]


class Trait(Strict):
    """A trait drawn once for each person: levels in order and the share of people at each, overall or by age."""

    words: Words
    levels: Annotated[list[LevelName], Field(min_length=2, max_length=8)]
    shares: list[Annotated[float, Field(ge=0, le=1)]] | dict[
        Literal["child", "young", "middle", "old"], list[Annotated[float, Field(ge=0, le=1)]]
    ]
    basis: Basis = Basis()

    def shares_at(self, age: str) -> list[float]:
        """Shares of the levels among people of this age."""
        return self.shares[age] if isinstance(self.shares, dict) else self.shares  # type: ignore[index]

    @model_validator(mode="after")
    def _whole(self) -> Trait:
        if isinstance(self.shares, dict) and set(self.shares) != set(AGES):
            missing = ", ".join(f"`{age}`" for age in AGES if age not in self.shares)
            raise Objection("shares by age name every age", write=f"shares for {missing} too", at=["shares"])
        for age in AGES:
            shares = self.shares_at(age)
            at = ["shares", age] if isinstance(self.shares, dict) else ["shares"]
            if len(shares) != len(self.levels):
                why = f"there are {len(shares)} shares for {len(self.levels)} levels"
                raise Objection(why, write="one share for each level", at=at)
            if abs(sum(shares) - 1) > 1e-9:
                why = f"the shares add up to {sum(shares):g}"
                raise Objection(why, write="shares that add up to 1", at=at)
        return self


class Households(Strict):
    """Plots of 16 consecutive people, each cut by one template: words of letters, one word a household."""

    templates: Annotated[list[str], Field(min_length=1, max_length=64)]
    basis: Basis = Basis()

    @model_validator(mode="after")
    def _sixteen(self) -> Households:
        for number, template in enumerate(self.templates):
            letters = template.replace(" ", "")
            if len(letters) != PLOT or set(letters) - set(ROLES):
                why = f"a template cuts a plot of {PLOT} people into households; this one has {len(letters)} letters"
                write = f"words of the letters {' '.join(ROLES)} that hold {PLOT} people together"
                raise Objection(why, write=write, at=["templates", number])
        return self


class Ties(Strict):
    """Who knows whom. `town`: near ties in windows of 64 and far ties between pages. Household ties always exist."""

    pattern: Literal["town", "ring", "none"] = "town"
    near: Annotated[int, Field(ge=0, le=5)] = 5
    far: Annotated[int, Field(ge=0, le=MOST_SLOTS)] = 1
    basis: Basis = Basis()

    @model_validator(mode="after")
    def _few(self) -> Ties:
        if self.near + self.far > MOST_SLOTS:
            why = f"{self.near} near ties and {self.far} far ones are {self.near + self.far}"
            raise Objection(why, write=f"at most {MOST_SLOTS} ties in all", at=["far"])
        return self


class Follow(Strict):
    """An act that may follow another, on a later day; the share is the ceiling, need and the rest thin it."""

    act: Identifier
    after: Duration
    share: Share


class Act(Strict):
    """One kind of act. `rate` is for a person to whom `who` applies, at multiplier 1, in a world without a regime."""

    words: Words
    domain: Identifier
    rate: Frequency
    who: dict[TraitName, list[LevelName]] = {}
    times: dict[TraitName, dict[LevelName, Factor]] = {}
    where: Literal["street", "shop", "home", "online", "office", "court", "abroad"] = "street"
    traces: list[Literal["register", "camera", "platform", "witness", "payment"]] = []
    harm: Literal["none", "minor", "moderate", "serious", "grave"] = "none"
    protected: Literal[
        "none",
        "speech",
        "assembly",
        "association",
        "religion",
        "private-life",
        "family-life",
        "health",
        "access-to-justice",
    ] = "none"
    topic: Identifier | None = None
    headroom: Annotated[float, Field(ge=1, le=16)] = 1.0
    need: Factor | None = None  # added to the acceptance factor at need 15
    encouraged: Factor | None = None  # added at full awareness and full felt gain
    gamed: Factor | None = None  # added when money is there and the next class is near
    grudge: Factor | None = None  # added when wronged
    deterred: Share | None = None  # elasticity: share forgone at full awareness and full felt risk
    silenced: Share | None = None  # share forgone at fear 15
    door: Identifier | None = None  # cannot be done while this door is closed
    behind: Identifier | None = None  # can only be done while this door is closed
    does: Literal["nothing", "report", "false-report", "plant", "erase", "fake"] = "nothing"
    fakes: Identifier | None = None
    leads_to: Annotated[list[Follow], Field(max_length=2)] = []
    basis: Basis = Basis()


class Service(Strict):
    """A door: something people ask for, with a domain, and how much a refusal hurts (added to need)."""

    words: Words
    domain: Identifier
    rate: Frequency
    who: dict[TraitName, list[LevelName]] = {}
    times: dict[TraitName, dict[LevelName, Factor]] = {}
    unaffordable: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=5, max_length=5)] = [
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ]
    hurt: Level = 0
    basis: Basis = Basis()


class Responses(Strict):
    """How people respond, in levels of 0 to 15 unless said otherwise."""

    need_by_income: Annotated[list[Level], Field(min_length=5, max_length=5)] = [6, 4, 3, 2, 1]
    need_half_life: Duration = "3 months"
    fear_of_sanction: Level = 4  # a door of one's own shut, or a listing of one's own
    fear_of_ties: Level = 1  # a month in which a tie stands on a published list
    fear_of_watching: Level = 0  # if every protected act were watched
    fear_half_life: Duration = "6 months"
    awareness_of_record: Level = 2  # a penal record of one's own that one was told of
    awareness_of_ties: Level = 0  # a month in which a tie stands on a published list
    awareness_half_life: Duration = "5 months"
    cut: Share = zero()  # a month, of ties with someone in the lowest class or on a published list
    mend: Share = zero()  # a month, of cut ties when that is over
    knows_untold: Share = zero()  # of people with a penal record who were not told of it
    appeals_if_wrong: Share = zero()  # of those who know
    appeals_if_right: Share = zero()
    reports: Share = zero()  # of witnesses who saw an act that someone takes reports of
    gaming_reach: Annotated[int, Field(ge=0, le=10_000)] = 30  # points short of the next class that still tempt
    gaming_income: Literal["lowest", "lower", "middle", "upper", "highest"] = "middle"  # from here up there is money
    basis: Basis = Basis()


class Society(Strict):
    """A made-up people. `extends` is not allowed here: a society is read whole."""

    format: Literal["singlestep-society 1"]
    name: Identifier
    words: Words
    cite: list[Words] = []  # sources of the whole
    remarks: list[Words] = []  # on the whole, and no sources
    city_pages: Annotated[int, Field(ge=1, le=4096)] = 8
    households: Households
    traits: Annotated[dict[TraitName, Trait], Field(max_length=MOST_TRAITS)] = {}
    archetype: list[TraitName] = ["age", "income"]
    group: TraitName | None = None  # a trait of two levels, the second being the minority
    critic: TraitName | None = None  # the trait by whose level officials pick whom to plant a record on
    namesakes: Number = given(1.0)
    settle_every: Annotated[int, Field(ge=1, le=365)] | None = None  # days; the first of each month when absent
    namesakes_most: Annotated[int, Field(ge=0, le=15)] = 15
    ties: Ties = Ties()
    acts: Annotated[dict[Identifier, Act], Field(min_length=1, max_length=MOST_ACTS)]
    more_acts: str | None = None  # bare name of a CSV beside the file: id,like,rate[,words]
    services: Annotated[dict[Identifier, Service], Field(max_length=12)] = {}
    responses: Responses = Responses()

    def levels_of(self, trait: str) -> list[str]:
        """Levels of a trait, built in or declared, in order. Raises KeyError for an unknown trait."""
        return list(BUILT_IN[trait]) if trait in BUILT_IN else self.traits[trait].levels
