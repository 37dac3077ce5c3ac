"""The headline questions, fixed before anything is run, and how an answer is told. One place, so that they can be translated.

Each is answered by one number: a regime's value, less the base's where it is compared with it. What stands for `yes` is a
number above nought. `{base}` is the name of the regime compared with.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from singlestep.words import measures as about

ALL = "all"
LOWEST, HIGHEST = "income lowest", "income highest"


class Headline(NamedTuple):
    """A question, the measure and rows that answer it, and how: sign x (value here - value in the base)."""

    question: str
    measure: str
    of: str = ALL
    beyond: str | None = None  # a row whose own difference is taken off
    sign: int = 1


HEADLINES: dict[str, Headline] = {
    "differ": Headline("Do people do other things or find other doors shut than under {base}?", "differ"),
    "shut out": Headline("Are people shut out of services more than under {base}?", "access", sign=-1),
    "erroneous": Headline("Are more doors shut in error than under {base}?", "erroneous, a year"),
    "refused": Headline("Are more requests refused because the door is shut than under {base}?", "refused"),
    "mistaken": Headline("Are more doors shut by an untrue claim on a right file than under {base}?", "mistaken, a year"),
    "protected": Headline("Are more doors shut for the exercise of a right than under {base}?", "protected, a year"),
    "for another": Headline("Are more doors shut for what others did than under {base}?", "for another, a year"),
    "cross-context": Headline(
        "Are more doors shut for an act of another part of life than under {base}?", "cross-context, a year"
    ),
    "disproportionate": Headline(
        "Are more doors shut past the bound for the act's harm than under {base}?", "disproportionate, a year"
    ),
    "missed": Headline("Are more doors left open that a clean file would shut than under {base}?", "missed, a year"),
    "won": Headline("Are more wrong records put right on appeal than under {base}?", "won if wrong"),
    "silence": Headline("Do people forgo more protected acts out of fear than under {base}?", "silence"),
    "harm": Headline("Do people forgo more harmful acts because of the rules than under {base}?", "deterrence"),
    "fear": Headline("Are people more afraid at the end than under {base}?", "level", "fear (all)"),
    "need": Headline("Are people in more need at the end than under {base}?", "level", "need (all)"),
    "unequal": Headline(
        "Does it shut out the lowest incomes more than the highest, beyond what {base} does?", "access", LOWEST, HIGHEST, -1
    ),
}

YES, NO, UNDECIDED = "yes", "no", "undecided"
ANSWER = "{question} {name}: {answer} ({value})."
TURNS = " The sign turns inside the range of the guesses."
RESTS = " It rests most on {inputs}."
INPUT = "{input} ({low:g} to {high:g}{unit}: {at_low} to {at_high})"
NOTHING = " No guess of the {count} tried moves it."
AND = " and "
SCOPE = (
    "What they rest on: each of the {guesses} guesses, one at a time at both ends of its range, {people:,} people, seed "
    "{first}; the {again} that seemed to matter most again with {seeds} seeds. No two were moved together. In brackets stand "
    "the range and the answers at its two ends. A trait's strength is the power of its factors: 0 makes no difference, 2 "
    "twice the difference."
)
BEFOREHAND = " This was found beforehand, for these very files."
WITHOUT = " {without} guesses have no range and were not moved."
PROGRESS = "{input} at {value:g}"

# An answer's number, by the unit of its measure ----------------------------------------------------------------------
UNITS = {
    about.SHARE: "percentage points", about.PER_THOUSAND: about.PER_THOUSAND, about.LEVEL: "on a scale from 0 to 15",
}  # fmt: skip

# What a guess is about: the place in its file, what it says in words, and in what it is counted ----------------------
RATE, STRENGTH = " times a year", " as strength"
INPUTS = tuple(
    (re.compile(place), said, unit)
    for place, said, unit in (
        (r"society\.acts\.([^.]+)\.rate", "how often “{0}” happens", RATE),
        (r"society\.acts\.([^.]+)\.deterred", "how far rules deter “{0}”", ""),
        (r"society\.acts\.([^.]+)\.silenced", "how far fear silences “{0}”", ""),
        (r"society\.acts\.([^.]+)\.encouraged", "how far points encourage “{0}”", ""),
        (r"society\.acts\.([^.]+)\.gamed", "how far “{0}” is done for the points alone", ""),
        (r"society\.acts\.([^.]+)\.grudge", "how far a grudge brings about “{0}”", ""),
        (r"society\.acts\.([^.]+)\.need", "how far need brings about “{0}”", ""),
        (r"society\.acts\.([^.]+)\.leads_to\.\d+\.share", "the share of “{0}” that has a consequence", ""),
        (r"society\.acts\.([^.]+)\.times\.([^.]+)", "how much {1} matters for “{0}”", STRENGTH),
        (r"society\.services\.([^.]+)\.rate", "how often people ask for “{0}”", RATE),
        (r"society\.services\.([^.]+)\.times\.([^.]+)", "how much {1} matters for asking for “{0}”", STRENGTH),
        (r"society\.namesakes", "how many namesakes people have", " for each person"),
        (r"regime\.sources\.([^.]+)\.sees\.([^.]+)", "the share of “{1}” that “{0}” sees", ""),
        (r"regime\.sources\.([^.]+)\.misidentified", "the share of its records in which “{0}” names the wrong person", ""),
        (r"regime\.sources\.([^.]+)\.link\.missed", "the share of its records that “{0}” loses", ""),
        (r"regime\.sources\.([^.]+)\.late\.share", "the share of its records that “{0}” sends late", ""),
        (r"regime\.gates\.([^.]+)\.human", "the share of requests for “{0}” that a human decides", ""),
        (r"regime\.gates\.([^.]+)\.reliance", "how far humans who decide about “{0}” follow the score", ""),
    )
)


def named(place: str) -> tuple[str, str]:
    """A guess in words and its unit, from where it stands in its file; keys one after another where there are no words."""
    for known, said, unit in INPUTS:
        found = known.fullmatch(place)
        if found is not None:
            return said.format(*map(spoken, found.groups())), unit
    return spoken(place.replace(".", ": ")), ""


def spoken(name: str) -> str:
    """A name out of a file as it is said: spaces for hyphens."""
    return name.replace("-", " ").replace("_", " ")


def input_of(headline: str, one: dict[str, Any]) -> str:
    """An input that moves a headline: what it is about, its range, and the answers at both ends."""
    said, unit = named(one["input"])
    ends = {end: _number(headline, one[end])[0] for end in ("at_low", "at_high")}
    return INPUT.format(input=said, unit=unit, low=one["low"], high=one["high"], **ends)


def amount(headline: str, value: float) -> str:
    """The number that answers a headline, with its sign and unit."""
    number, unit = _number(headline, value)
    return f"{number} {unit}"


def _number(headline: str, value: float) -> tuple[str, str]:
    measure = HEADLINES[headline].measure
    by_year = measure.endswith(about.ALSO_PER_YEAR.format(name=""))
    unit = about.PER_THOUSAND if by_year else about.MEASURES[measure].unit
    return f"{value * (100 if unit == about.SHARE else 1):+.3g}", UNITS[unit]
