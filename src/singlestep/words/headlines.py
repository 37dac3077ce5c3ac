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
    "What they rest on: each of the {count} guesses that have a range, one at a time at both ends, {people:,} people, seed "
    "{seed}; {without} guesses have no range and were not moved, and no two were moved together."
)
PROGRESS = "{input} at {value:g}"
