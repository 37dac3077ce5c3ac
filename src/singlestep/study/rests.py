"""What a headline rests on: every guess that has a range, one at a time at both ends, and what that does to each answer.

The same people and luck each time, so that what moves is the guess. A headline whose answer's sign turns at any end of any
guess is *undecided*. One at a time finds no interplay of guesses, and guesses without a range cannot be moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel

from singlestep.quantities import Quantity
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.words import headlines as words

if TYPE_CHECKING:
    from singlestep.measures.counts import Rows
    from singlestep.study.run import Plan, Progress

PEOPLE = 5_000
GUESSED = ("guess", "unverified", "imagined")
SOCIETY, REGIME = "society", "regime"
SHOWN = 2  # inputs named for each headline
DIGITS = 9

File = TypeVar("File", bound=BaseModel)
Path = tuple[str | int, ...]
Answers = dict[str, float | None]  # by headline


class Guess(NamedTuple):
    """A number with a range that nobody has measured: where it stands, and that range."""

    file: str  # "society" or "regime": in every regime that says the same there
    path: Path
    value: float
    low: float
    high: float

    @property
    def name(self) -> str:
        """As it is shown: file and keys, joined by dots."""
        return ".".join(str(part) for part in (self.file, *self.path))


class Moved(NamedTuple):
    """What one guess does to one world's answers: at the low and at the high end of its range."""

    guess: Guess
    low: dict[str, Answers]  # by world
    high: dict[str, Answers]


def guesses(file: BaseModel, kind: str) -> Iterator[Guess]:
    """Every guess of a file that has a range which is more than one number."""
    for path, part in _quantities(file, ()):
        if part.confidence in GUESSED and part.range is not None and part.range[0] < part.range[1]:
            yield Guess(kind, path, part.value, *part.range)


def without_range(file: BaseModel) -> int:
    """How many guesses of a file have no range."""
    return sum(part.confidence in GUESSED and part.range is None for _, part in _quantities(file, ()))


def with_value(file: File, path: Path, value: float) -> File:
    """The same file with another value at this place."""
    moved = _with(file, path, value)
    assert isinstance(moved, type(file))
    return moved


def all_guesses(plan: Plan) -> list[Guess]:
    """The guesses of the society and of all regimes; what several regimes say alike counts once."""
    found = list(guesses(plan.society, SOCIETY))
    for regime in plan.regimes.values():
        found += guesses(regime, REGIME)
    return list(dict.fromkeys(found))


def moved_plan(plan: Plan, guess: Guess, value: float) -> Plan:
    """The plan with this guess at another value."""
    if guess.file == SOCIETY:
        return replace(plan, society=with_value(plan.society, guess.path, value))
    regimes = {
        label: with_value(regime, guess.path, value) if guess in guesses(regime, REGIME) else regime
        for label, regime in plan.regimes.items()
    }
    return replace(plan, regimes=regimes)


def answers(rows: dict[str, dict[str, Rows]], base: str) -> dict[str, Answers]:
    """The answer to each headline, by world but the base, from each world's measures."""
    return {
        label: {name: _answer(headline, here, rows[base]) for name, headline in words.HEADLINES.items()}
        for label, here in rows.items()
        if label != base
    }


def rest(
    plan: Plan, progress: Progress | None = None, people: int = PEOPLE, only: list[Guess] | None = None
) -> dict[str, Any]:
    """What each headline rests on, for a plan with a base: as it goes into the summary, and every single move under `moves`.

    The people are `people`, the seed is the plan's first, the years are the plan's; `only` leaves out all other guesses.
    """
    from singlestep.study import run

    tried = all_guesses(plan) if only is None else only
    small = replace(plan, people=min(people, plan.people), seeds=plan.seeds[:1], asides=(), events=False)
    plans = [small, *(moved_plan(small, guess, end) for guess in tried for end in (guess.low, guess.high))]
    texts = ["", *(words.PROGRESS.format(input=guess.name, value=end) for guess in tried for end in (guess.low, guess.high))]
    labels = list(plan.regimes)
    tasks = [
        (moved, run.Job(small.seeds[0], label, run.COUNTED, text))
        for moved, text in zip(plans, texts, strict=True)
        for label in labels
    ]
    lived = run.each(tasks, run.world_class(), plan.threads, progress)
    assert plan.base is not None
    found = [answers({label: next(lived).rows for label in labels}, plan.base) for _ in plans]
    moves = [Moved(guess, found[1 + 2 * place], found[2 + 2 * place]) for place, guess in enumerate(tried)]
    files: list[Society | Regime] = [plan.society, *plan.regimes.values()]
    return {
        "people": small.people,
        "seed": small.seeds[0],
        "guesses": len(tried),
        "without_range": sum(without_range(file) for file in files),
        "headlines": {
            label: {name: told(name, label, found[0][label][name], moves) for name in words.HEADLINES} for label in found[0]
        },
        "moves": [row for move in moves for row in _rows(move, found[0])],
    }


def told(name: str, label: str, middle: float | None, moves: list[Moved]) -> dict[str, Any]:
    """One headline under one regime: its answer, whether its sign turns, and the inputs that move it most."""
    reach: list[tuple[float, Guess, float, float]] = []
    turns = False
    for guess, low, high in moves:
        at_low, at_high = low[label][name], high[label][name]
        if middle is None or at_low is None or at_high is None:
            continue
        turns = turns or min(at_low * middle, at_high * middle) < 0 or (middle == 0 and (at_low != 0 or at_high != 0))
        ends = (at_low, middle, at_high)
        reach.append((max(ends) - min(ends), guess, at_low, at_high))
    reach.sort(key=lambda one: (-one[0], one[1].name))
    return {
        "question": words.HEADLINES[name].question,
        "value": None if middle is None else _rounded(middle),
        "answer": words.UNDECIDED if turns or not middle else words.YES if middle > 0 else words.NO,
        "turns": turns,
        "rests_on": [
            {"input": guess.name, "low": guess.low, "high": guess.high,
             "at_low": _rounded(at_low), "at_high": _rounded(at_high)}
            for far, guess, at_low, at_high in reach[:SHOWN]
            if far > 0
        ],
    }  # fmt: skip


def sentences(rested: dict[str, Any], names: dict[str, str]) -> list[str]:
    """What each headline rests on, in sentences; `names` are the regimes' by world."""
    found = []
    for label, headlines in rested["headlines"].items():
        for headline in headlines.values():
            if headline["value"] is None:
                continue
            text = words.ANSWER.format(name=names[label], **headline) + (words.TURNS if headline["turns"] else "")
            inputs = words.AND.join(words.INPUT.format(**one) for one in headline["rests_on"])
            rests = words.RESTS.format(inputs=inputs) if inputs else words.NOTHING.format(count=rested["guesses"])
            found.append(text + rests)
    counted = {"count": rested["guesses"], "without": rested["without_range"]}
    return [*found, words.SCOPE.format(people=rested["people"], seed=rested["seed"], **counted)]


def _answer(headline: words.Headline, here: dict[str, Rows], base: dict[str, Rows]) -> float | None:
    def beyond(of: str) -> float | None:
        mine, its = here[headline.measure][of].value, base[headline.measure][of].value
        return None if mine is None or its is None else mine - its

    value = beyond(headline.of)
    other = 0.0 if headline.beyond is None else beyond(headline.beyond)
    return None if value is None or other is None else headline.sign * (value - other)


def _rows(move: Moved, middle: dict[str, Answers]) -> Iterator[dict[str, Any]]:
    """A row of the table for each world and headline."""
    guess = move.guess
    for label, here in middle.items():
        for name, value in here.items():
            at = {"value": value, "at_low": move.low[label][name], "at_high": move.high[label][name]}
            yield {"world": label, "headline": name, "input": guess.name, "low": guess.low, "high": guess.high, **at}


def _quantities(part: Any, path: Path) -> Iterator[tuple[Path, Quantity]]:
    """Every number of a file with the place where it is written, defaults of the language left out."""
    if isinstance(part, Quantity):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name in part.model_fields_set:
                yield from _quantities(getattr(part, name), (*path, name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _quantities(value, (*path, key))
    elif isinstance(part, list | tuple):
        for place, value in enumerate(part):
            yield from _quantities(value, (*path, place))


def _with(part: Any, path: Path, value: float) -> Any:
    if isinstance(part, Quantity):
        return part.model_copy(update={"value": value})
    first, rest_of = path[0], path[1:]
    if isinstance(part, BaseModel):
        return part.model_copy(update={str(first): _with(getattr(part, str(first)), rest_of, value)})
    if isinstance(part, dict):
        return {**part, first: _with(part[first], rest_of, value)}
    inner = [_with(one, rest_of, value) if place == first else one for place, one in enumerate(part)]
    return type(part)(inner)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
