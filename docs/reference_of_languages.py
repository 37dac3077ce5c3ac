"""Writes the parts of reference.md that follow from the program: the file languages, the commands and the measures.

`python docs/reference_of_languages.py` puts them between the marks in the page. Keys, kinds and defaults come from the
schemas; what a key means stands in MEANINGS, and a key without a meaning, or a meaning without a key, is an error.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer.main
from annotated_types import Ge, Le
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from singlestep import cli
from singlestep.quantities import Basis, Duration, Factor, Frequency, Number, Quantity, Rate, Share
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.words import measures as about

PAGE = Path(__file__).parent / "reference.md"
LARGEST_LISTED = 12  # choices
KINDS = {Share: "a share, 0 to 1", Factor: "a factor, 0 to 1000", Frequency: "a rate", Number: "a number"}
BASIS = "where it comes from"
WORDS = "what it is, in words"

MEANINGS: dict[str, dict[str, str]] = {
    "Regime": {
        "format": "the language and its version",
        "name": "as in a list of regimes",
        "words": WORDS,
        "cite": "sources of the whole",
        "remarks": "what is to be said of the whole and is no source",
        "applies_to": "traits and levels of those it is for; records about others are refused",
        "sources": "who watches",
        "points": "start and bounds",
        "stacking": "when several rules fit one record: all count, or the one with the lowest points",
        "rules": "what a record changes",
        "indicators": "a CSV with more rules, and with what sources see",
        "ladder": "classes by points",
        "lists": "lists that people are put on",
        "gates": "by service: whom a door is closed to",
        "spill_over": "what ties add to points",
        "disclosure": "what people are told",
        "remedy": "what an appeal meets",
        "powers": "what officials can do beyond the rules",
        "bounds_of_harm": "by grade of harm: how long a door may be shut for it; longer is disproportionate",
        "examples": "records, and what they must come to",
    },
    "Source": {
        "words": WORDS,
        "body": "whose source it is; a label",
        "kind": "a `witness` source writes to ties of the actor, who may report; the others record at once",
        "sees": "by act: the chance that it leaves a record here, coverage times hit rate",
        "hit_by_group": "times that chance, for the minority",
        "misidentified": "share of records that name somebody else of the city",
        "misidentified_by_group": "times that share, for the minority",
        "mistakes": "by harmless act: false alerts, recorded as another act",
        "link": "how a record finds its file",
        "mistyped": "share of records that are written down as another act it sees",
        "delay": "from the day after the act",
        "late": "records delayed beyond that",
        "human": "whether a human writes it down; a label",
        "basis": BASIS,
    },
    "Mistake": {"recorded_as": "the act that the record says", "share": "of the harmless acts"},
    "Link": {"missed": "share of records lost", "by_name": "share joined on a name alone, where namesakes stand in the way"},
    "Late": {"share": "of records", "up_to": "at most this much later, drawn evenly"},
    "PointsTable": {
        "start": "everyone's points at the start",
        "low": "lowest points",
        "high": "highest points",
        "bounds": "`hold`: points stay inside; `read`: only what is shown does",
        "basis": BASIS,
    },
    "Rule": {
        "words": WORDS,
        "seen_by": "sources whose records count",
        "act": "the act recorded",
        "points": "fixed, or a range from which an official chooses",
        "set_class": "a class for a term, whatever the points say",
        "enters": "a list",
        "fine": "levels added to need",
        "cap": "the most this rule may add or take in a calendar year",
        "repeat": "more for those who have such records already",
        "window": "an act older than this on arrival does not count",
        "expires": "after this the points come back; never if left out",
        "counts_from": "what `expires` runs from",
        "known": "whether people know the rule, and so can be deterred or encouraged by it",
        "basis": BASIS,
    },
    "Cap": {"points": "in points"},
    "Repeat": {"from": "from this record under the rule on, counted ever", "times": "its points are multiplied by this"},
    "Term": {"to": "the class", "term": "for how long"},
    "Ladder": {
        "classes": "from best to worst",
        "publish": "whether gates read today's class or the one published last",
    },
    "Rung": {
        "name": "the class",
        "floor": "least shown points; the last class has none",
        "claims": "what this class says of a person",
        "perk": "money a month",
        "basis": BASIS,
    },
    "Claim": {"says": "in words", "true_of": "traits and levels of those of whom it is true, or `nobody`"},
    "Listing": {
        "words": WORDS,
        "entry": "ways onto it besides rules that name it in `enters`",
        "term": "how long a listing lasts; until its condition ends if left out",
        "later_terms": "of the second listing, the third and so on",
        "fulfil": "people who do what is asked, and are let off",
        "wipes": "whether the points return to the start on leaving",
        "published": "whether others can see who is on it",
        "household": "whom in the household it reaches",
        "claims": "what being on it says of a person",
        "basis": BASIS,
    },
    "Entry": {
        "at_or_below": "everyone in this class or a worse one",
        "records": "everyone with so many living records under rules that name the list",
        "basis": BASIS,
    },
    "Fulfil": {"share": "of those listed", "within": "after so long at most, drawn evenly"},
    "Household": {"who": "which members", "onto": "the list they are put on for as long"},
    "Gate": {
        "classes": "closed to these",
        "lists": "closed to those on these",
        "human": "share of requests that a human decides",
        "reliance": "share of these in which the human follows the score",
        "price": "by class: per cent of the usual price",
        "basis": BASIS,
    },
    "SpillOver": {
        "mode": "`shown`: ties change what is shown; `absorbed`: one's own points move",
        "weight": "the ties' part; the rest stays one's own",
        "household": "weight of each member of the household",
        "near": "weight of each near tie",
        "far": "weight of each far tie",
        "basis": BASIS,
    },
    "Disclosure": {
        "announced": "awareness at the start, of the full",
        "lasting": "what awareness fades to",
        "told": "share of records against somebody of which they are told",
    },
    "Remedy": {
        "appeals": "whether one can appeal",
        "wait": "until the decision",
        "wins_if_wrong": "share of appeals won where the record was wrong",
        "wins_if_right": "share won where it was right",
        "a_month": "appeals decided a month for each 1,000 people; beyond it the wait grows",
        "basis": BASIS,
    },
    "Powers": {
        "plant": "false records in the files of those who speak out",
        "erase": "whether records of friends can be made to disappear",
        "bent": "discretion bent by favour or dislike",
        "oversight": "share of planted records that is found out and undone",
        "oversight_after": "after how long",
        "basis": BASIS,
    },
    "Plant": {"source": "the source it seems to come from", "acts": "the acts that are recorded"},
    "Bent": {"share": "of decisions with a range", "against": "of these, to the person's harm"},
    "Example": {
        "words": WORDS,
        "records": "what is recorded of somebody at the start score",
        "on_day": "the day to look; the day after the last record if left out",
        "points": "expected, or the range they must lie in",
        "in_class": "expected class",
        "lists": "expected lists, all of them",
        "doors_shut": "expected doors, all of them",
    },
    "Happened": {"act": "the act", "by": "the source", "day": "counted from 0"},
    "Society": {
        "format": "the language and its version",
        "name": "as in a list of societies",
        "words": WORDS,
        "cite": "sources of the whole",
        "remarks": "what is to be said of the whole and is no source",
        "city_pages": "pages of 4,096 people in a city",
        "households": "how people live together",
        "traits": "what people differ in, besides age, parenthood and income",
        "archetype": "traits by which rates are kept apart, 256 combinations at most",
        "group": "the trait of two levels of which the second is the minority",
        "critic": "the trait by whose level officials pick whom to plant a record on",
        "namesakes": "mean number of others in the city with one's name",
        "settle_every": "days between settlings; the first of each month if left out",
        "namesakes_most": "at most so many",
        "ties": "who knows whom",
        "acts": "what people can do",
        "more_acts": "a CSV with more acts",
        "services": "what people ask for: the doors",
        "responses": "how people respond",
    },
    "Households": {
        "templates": "each cuts 16 people into households, a word each: C child, Y young, M middle, E old, Q and P parents",
        "basis": BASIS,
    },
    "Trait": {"words": WORDS, "levels": "in order", "shares": "of people at each level, overall or by age", "basis": BASIS},
    "Ties": {
        "pattern": "near ties lie within 64 people, far ones anywhere",
        "near": "near ties each",
        "far": "far ties each",
        "basis": BASIS,
    },
    "Act": {
        "words": WORDS,
        "domain": "the part of life it belongs to",
        "rate": "how often, for those in `who`, without a regime",
        "who": "traits and levels of those who can do it; everybody if left out",
        "times": "by trait and level: the rate is multiplied by this",
        "where": "a label",
        "traces": "what it leaves behind; a source of another kind cannot see it",
        "harm": "to others",
        "protected": "the right of which it is the exercise",
        "topic": "a label",
        "headroom": "how far above the rate need, rewards, gaming and grudges together can take it",
        "need": "added to the rate's factor at need 15",
        "encouraged": "added at full awareness and full felt gain",
        "gamed": "added when there is money and the next class is near",
        "grudge": "added when wronged",
        "deterred": "share forgone at full awareness and full felt risk",
        "silenced": "share forgone at fear 15",
        "door": "cannot be done while this door is closed",
        "behind": "can only be done while this door is closed",
        "does": "what it does to records",
        "fakes": "for `fake`: the act that is recorded though it was not done",
        "leads_to": "acts that may follow",
        "basis": BASIS,
    },
    "Follow": {"act": "the act that follows", "after": "how much later", "share": "at most; need and the rest thin it"},
    "Service": {
        "words": WORDS,
        "domain": "the part of life it belongs to",
        "rate": "how often it is asked for, by those in `who`",
        "who": "traits and levels of those who ask; everybody if left out",
        "times": "by trait and level: the rate is multiplied by this",
        "unaffordable": "share of requests that money refuses, from the lowest income fifth to the highest",
        "hurt": "levels added to need by a refusal",
        "basis": BASIS,
    },
    "Responses": {
        "need_by_income": "levels that need returns to, from the lowest income fifth to the highest",
        "need_half_life": "how fast it does",
        "fear_of_sanction": "levels, when a door of one's own is shut or one is listed",
        "fear_of_ties": "levels a month in which a tie stands on a published list",
        "awareness_of_ties": "levels a month in which a tie stands on a published list",
        "fear_of_watching": "levels that fear returns to, if every protected act were watched",
        "fear_half_life": "how fast it does",
        "awareness_of_record": "levels, for a record against oneself that one was told of",
        "awareness_half_life": "how fast awareness returns to `disclosure: lasting`",
        "cut": "share a month of ties cut with someone in the worst class or on a published list",
        "mend": "share a month of these mended when that is over",
        "knows_untold": "share of those with a record against them who know of it untold",
        "appeals_if_wrong": "share of those who know who appeal, where the record is wrong",
        "appeals_if_right": "the same where it is right",
        "reports": "share of witnesses who report",
        "gaming_reach": "points short of the next class that still tempt",
        "gaming_income": "from this income fifth up there is money for it",
        "basis": BASIS,
    },
}


# The languages -------------------------------------------------------------------------------------------------------
def languages() -> str:
    """Every part of both languages, as tables."""
    models = {model.__name__: model for top in (Regime, Society) for model in _models(top)}
    assert models.keys() == MEANINGS.keys(), f"without meaning, or gone: {models.keys() ^ MEANINGS.keys()}"
    return "\n".join(_part(name, model) for name, model in models.items())


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """This part and those it is made of, in order; numbers and their bases are told of elsewhere."""
    if issubclass(model, Quantity | Basis):
        return
    yield model
    for field in model.model_fields.values():
        for inner in _inner(field.annotation):
            yield from _models(inner)


def _inner(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _inner(part)


def _part(name: str, model: type[BaseModel]) -> str:
    keys = {field.alias or key: field for key, field in model.model_fields.items()}
    meanings = MEANINGS[name]
    assert keys.keys() == meanings.keys(), f"{name}: without meaning, or gone: {keys.keys() ^ meanings.keys()}"
    top = model in (Regime, Society)
    title = f"### A {name.lower()} file" if top else f"#### {name}"
    lines = [
        title,
        "",
        " ".join((model.__doc__ or "").split()),
        "",
        "| key | what to write | left out | meaning |",
        "|---|---|---|---|",
    ]
    for key, field in keys.items():
        lines.append(f"| `{key}` | {_kind(_whole(field))} | {_default(field)} | {meanings[key]} |")
    return "\n".join(lines) + "\n"


def _whole(field: FieldInfo) -> Any:
    """The annotation with what pydantic took off it."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _kind(kind: Any) -> str:
    """What to write for a value of this type, in words."""
    if get_origin(kind) is Annotated and _validators(kind) == _validators(Duration):
        return "a duration"
    for named, words in KINDS.items():
        if _alike(kind, named):
            return words
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _bounded(_kind(parts[0]), parts[1:])
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(part) for part in parts if part is not type(None))
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in parts[:LARGEST_LISTED])
    if origin is list:
        return f"a list of: {_kind(parts[0])}"
    if origin is tuple:
        return "`[low, high]`"
    if origin is dict:
        return f"by {_kind(parts[0])}: {_kind(parts[1])}"
    if isinstance(kind, type) and issubclass(kind, Basis):
        return "a basis"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return {int: "a whole number", float: "a number", bool: "`true`, `false`", str: "text"}[kind]


def _alike(kind: Any, named: Any) -> bool:
    """Whether this is the named kind of number: the same model, within the same bounds."""
    if get_origin(kind) is not Annotated or get_args(kind)[0] is not get_args(named)[0]:
        return False
    return _validators(kind) == _validators(named)


def _validators(kind: Any) -> list[Any]:
    return [extra.func for extra in get_args(kind)[1:] if isinstance(extra, AfterValidator)]


def _bounded(words: str, extras: tuple[Any, ...]) -> str:
    extras = tuple(part for extra in extras for part in (extra.metadata if isinstance(extra, FieldInfo) else [extra]))
    if any(getattr(extra, "pattern", None) for extra in extras):
        return "a name"
    low = next((extra.ge for extra in extras if isinstance(extra, Ge)), None)
    high = next((extra.le for extra in extras if isinstance(extra, Le)), None)
    return words if low is None or high is None else f"{words}, {low} to {high}"


def _default(field: FieldInfo) -> str:
    """What holds when the key is left out."""
    if field.is_required():
        return "*must*"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Quantity):
        return f"`{value.value:g}`" + (f" a {value.per}" if isinstance(value, Rate) else "")
    if value is None or value == [] or value == {} or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


# Commands and measures -----------------------------------------------------------------------------------------------
def commands() -> str:
    """Every command with its arguments and options."""
    lines = []
    for name, command in typer.main.get_command(cli.app).commands.items():  # type: ignore[attr-defined]
        named = " ".join(parameter.metavar for parameter in command.params if parameter.param_type_name == "argument")
        lines += [f"**`singlestep {' '.join([name, named]).strip()}`**: {command.help}", ""]
        options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
        if options:
            lines += ["| option | meaning | default |", "|---|---|---|", *map(_option, options), ""]
    return "\n".join(lines)


def _option(option: Any) -> str:
    flag = option.opts[0] if option.is_flag else f"{option.opts[0]} {option.metavar}"
    shown = "" if option.is_flag or option.default is None else f"`{option.default}`"
    return f"| `{flag}` | {option.help} | {shown} |"


def measures() -> str:
    """Every measure with its formula and unit."""
    rows = [f"| {name} | {entry.words} | {entry.formula} | {entry.unit} |" for name, entry in about.MEASURES.items()]
    return "\n".join(["| measure | what it is | formula | unit |", "|---|---|---|---|", *rows]) + "\n"


# The page ------------------------------------------------------------------------------------------------------------
def renewed(page: str) -> str:
    """The page with all three parts made anew."""
    for name, part in {"commands": commands(), "measures": measures(), "languages": languages()}.items():
        begin, end = f"<!-- {name} begin -->\n", f"<!-- {name} end -->"
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n{part}\n{end}{rest.partition(end)[2]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
