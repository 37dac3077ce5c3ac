"""The headline questions, fixed before anything is run, and how an answer is told. One place, so that they can be translated.

Each is answered by one number: a regime's value, less the base's where it is compared with it. What stands for `yes` is a
number above nought.
"""

from __future__ import annotations

from typing import NamedTuple

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
    "shut out": Headline("Are people shut out of services more than in the base?", "access", sign=-1),
    "erroneous": Headline("Are more doors shut in error than in the base?", "erroneous, a year"),
    "refused": Headline("Are more requests refused because the door is shut than in the base?", "refused"),
    "mistaken": Headline("Are more doors shut by an untrue claim on a right file than in the base?", "mistaken, a year"),
    "protected": Headline("Are more doors shut for the exercise of a right than in the base?", "protected, a year"),
    "for another": Headline("Are more doors shut for what others did than in the base?", "for another, a year"),
    "cross-context": Headline(
        "Are more doors shut for an act of another part of life than in the base?", "cross-context, a year"
    ),
    "disproportionate": Headline(
        "Are more doors shut past the bound for the act's harm than in the base?", "disproportionate, a year"
    ),
    "missed": Headline("Are more doors left open that a clean file would shut than in the base?", "missed, a year"),
    "won": Headline("Are more wrong records put right on appeal than in the base?", "won if wrong"),
    "silence": Headline("Do people forgo more protected acts out of fear than in the base?", "silence"),
    "harm": Headline("Do people forgo more harmful acts because of the rules than in the base?", "deterrence"),
    "fear": Headline("Are people more afraid at the end than in the base?", "level", "fear (all)"),
    "need": Headline("Are people in more need at the end than in the base?", "level", "need (all)"),
    "unequal": Headline(
        "Does it shut out the lowest incomes more than the highest, beyond the base?", "access", LOWEST, HIGHEST, -1
    ),
}

YES, NO, UNDECIDED = "yes", "no", "undecided"
ANSWER = "{question} {name}: {answer} ({value:+.3g})."
TURNS = " The sign turns inside the range of the guesses."
RESTS = " It rests most on {inputs}."
INPUT = "{input} ({low:g} to {high:g}: {at_low:+.3g} to {at_high:+.3g})"
NOTHING = " No guess of the {count} tried moves it."
AND = " and "
SCOPE = (
    "What they rest on: each of the {guesses} guesses, one at a time at both ends of its range, {people:,} people, seed "
    "{first}; the {again} that seemed to matter most again with {seeds} seeds. No two were moved together."
)
BEFOREHAND = " This was found beforehand, for these very files."
WITHOUT = " {without} guesses have no range and were not moved."
PROGRESS = "{input} at {value:g}"
