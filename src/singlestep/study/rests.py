"""What a headline rests on: every guess that has a range, one at a time at both ends, and what that does to each answer.

The same people and luck each time, so that what moves is the guess. All guesses are moved with one seed; those that seem to
matter most for a headline, or to turn its sign, are moved again with more seeds, and the means over seeds count. A headline
whose answer's sign turns at any end of any guess is *undecided*. One at a time finds no interplay of guesses.

The factors by which a trait multiplies a rate (`times`) are one guess for each trait: their strength, the power to which all
are raised. It may be anything from 0, when the trait makes no difference, to 2, when it makes twice the difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel

from singlestep.quantities import Quantity
from singlestep.regime.loader import LIBRARY
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.words import headlines as words

if TYPE_CHECKING:
    from singlestep.measures.counts import Rows
    from singlestep.study.run import Plan, Progress

KNOWN = LIBRARY / "rests_on"
PEOPLE = 5_000
SEEDS = 3  # for the guesses that matter most
AGAIN = 3  # guesses moved again for each headline: those that move it most, and as many of those that turn its sign
STRENGTH = "times"
STRONGEST = 2.0
GUESSED = ("guess", "unverified", "imagined")
SOCIETY, REGIME = "society", "regime"
SHOWN = 2  # inputs named for each headline
DIGITS = 9

File = TypeVar("File", bound=BaseModel)
Path = tuple[str | int, ...]
Answers = dict[str, float | None]  # by headline


class Guess(NamedTuple):
    """A number that nobody has measured, or the strength of a trait's factors: where it stands, and its range."""

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
    strengths = dict[Path, None]()
    for path, part in _quantities(file, ()):
        if part.confidence in GUESSED and part.range is not None and part.range[0] < part.range[1]:
            yield Guess(kind, path, part.value, *part.range)
        elif _is_factor(path, part) and part.value != 1:
            strengths[path[:-1]] = None
    yield from (Guess(kind, path, 1.0, 0.0, STRONGEST) for path in strengths)


def without_range(file: BaseModel) -> int:
    """How many guesses of a file have no range, neither of their own nor as one of a trait's factors."""
    return sum(
        part.confidence in GUESSED and part.range is None and not _is_factor(path, part)
        for path, part in _quantities(file, ())
    )


def _is_factor(path: Path, part: Quantity) -> bool:
    """Whether this is a guess among a trait's factors, without a range of its own."""
    return STRENGTH in path[:-2] and path[-3] == STRENGTH and part.confidence in GUESSED and part.range is None


def with_value(file: File, path: Path, value: float) -> File:
    """The same file with another value, or with factors raised to this power, at this place."""
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
    """The plan with this guess at another value; regimes that do not hold it are the same objects."""
    if guess.file == SOCIETY:
        return replace(plan, society=with_value(plan.society, guess.path, value))
    regimes = {
        label: with_value(regime, guess.path, value) if guess in guesses(regime, REGIME) else regime
        for label, regime in plan.regimes.items()
    }
    return replace(plan, regimes=regimes)


def lived(plans: list[Plan], texts: list[str], seed: int, progress: Progress | None) -> list[dict[str, Answers]]:
    """The answers of each plan's worlds of one seed, side by side on the plan's threads. The first plan's worlds stand in for
    those of other plans that are the same: of regimes which do not hold what was moved."""
    from singlestep.measures.parting import parted
    from singlestep.study import run

    first = plans[0]
    tasks = [
        (plan, run.Job(seed, label, run.COUNTED, text))
        for plan, text in zip(plans, texts, strict=True)
        for label in plan.regimes
        if plan is first or not _same_world(plan, first, label)
    ]
    done = run.each(tasks, run.world_class(), first.threads, progress)
    left = {(id(plan), job.label): (world.rows, world.followed) for (plan, job), world in zip(tasks, done, strict=True)}
    base = first.base
    assert base is not None
    found = []
    for plan in plans:
        here = {label: left.get((id(plan), label), left[id(first), label]) for label in plan.regimes}
        beside = here[base][1]
        rows = {
            label: {**mine, **(parted(followed, beside).rows(plan.people) if followed and beside else {})}
            for label, (mine, followed) in here.items()
        }
        found.append(answers(rows, base))
    return found


def _same_world(plan: Plan, first: Plan, label: str) -> bool:
    return plan.society is first.society and plan.regimes[label] is first.regimes[label]


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

    The people are `people`, the seeds are the plan's first `SEEDS`, the years are the plan's; `only` leaves out all other
    guesses. `seeds` of a move says how many its answers are the mean of.
    """
    tried = all_guesses(plan) if only is None else only
    seeds = plan.seeds[:SEEDS]
    small = replace(plan, people=min(people, plan.people), seeds=seeds, asides=(), events=False)
    middle, moves = _moved(small, tried, seeds[0], progress)
    once = {move.guess: move for move in moves}
    chosen = list(dict.fromkeys(guess for label in middle for name in words.HEADLINES
                                for guess in weighty(name, label, middle[label][name], moves)))  # fmt: skip
    middles, again = [middle], [[once[guess] for guess in chosen]]
    for seed in seeds[1:]:
        another, more = _moved(small, chosen, seed, progress)
        middles.append(another)
        again.append(more)
    middle = _mean(middles)
    several = [
        Moved(guess, _mean([move.low for move in found]), _mean([move.high for move in found]))
        for guess, found in zip(chosen, zip(*again, strict=True), strict=True)
    ]
    files: list[Society | Regime] = [plan.society, *plan.regimes.values()]
    rest_of = [move for move in moves if move.guess not in chosen]
    return {
        "people": small.people,
        "seeds": seeds,
        "guesses": len(tried),
        "again": len(chosen),
        "without_range": sum(without_range(file) for file in files),
        "headlines": {
            label: {name: told(name, label, middle[label][name], several) for name in words.HEADLINES} for label in middle
        },
        "moves": [row for move in several for row in _rows(move, middle, len(seeds))]
        + [row for move in rest_of for row in _rows(move, middles[0], 1)],
    }


def beforehand(told: dict[str, Any]) -> dict[str, Any] | None:
    """What the headlines of a comparison rest on, if that came with singlestep: found before for the same files and years.

    `told` is the summary of the comparison.
    """
    path = KNOWN / f"{'-'.join(world['name'] for world in told['worlds'])}.json"
    if told["kind"] != "compare" or not path.is_file():
        return None
    known = json.loads(path.read_bytes())
    return {**known["rests_on"], "beforehand": True} if known["of"] == about(told) else None


def about(told: dict[str, Any]) -> dict[str, Any]:
    """What a comparison is of, by which another is known for the same: hashes of society and regimes, and the years."""
    files = [told["society"], *told["worlds"]]
    return {"files": {file["name"]: file["sha256"] for file in files}, "years": told["years"], "base": told["base"]}


def weighty(name: str, label: str, middle: float | None, moves: list[Moved]) -> list[Guess]:
    """The guesses that move a headline most, and of those that turn its sign the ones that move it most."""
    reach = _reach(name, label, middle, moves)
    turning = [guess for far, guess, at_low, at_high in reach if _turns(middle, at_low, at_high)]
    return [guess for far, guess, *_ in reach[:AGAIN] if far > 0] + turning[:AGAIN]


def _moved(
    plan: Plan, tried: list[Guess], seed: int, progress: Progress | None
) -> tuple[dict[str, Answers], list[Moved]]:
    """The answers of a plan with one seed, and with each of these guesses at both ends of its range."""
    ends = [(guess, end) for guess in tried for end in (guess.low, guess.high)]
    texts = ["", *(words.PROGRESS.format(input=guess.name, value=end) for guess, end in ends)]
    found = lived([plan, *(moved_plan(plan, guess, end) for guess, end in ends)], texts, seed, progress)
    return found[0], [Moved(guess, found[1 + 2 * place], found[2 + 2 * place]) for place, guess in enumerate(tried)]


def _mean(found: list[dict[str, Answers]]) -> dict[str, Answers]:
    """Of each answer the mean over seeds, or None where a seed has none."""
    return {
        label: {name: _mean_of([one[label][name] for one in found]) for name in first} for label, first in found[0].items()
    }


def _mean_of(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def told(name: str, label: str, middle: float | None, moves: list[Moved]) -> dict[str, Any]:
    """One headline under one regime: its answer, whether its sign turns, and the inputs that move it most."""
    reach = _reach(name, label, middle, moves)
    turns = any(_turns(middle, at_low, at_high) for _, _, at_low, at_high in reach)
    return {
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


def _reach(name: str, label: str, middle: float | None, moves: list[Moved]) -> list[tuple[float, Guess, float, float]]:
    """How far each guess moves a headline, with its answers at the low and the high end; the one that moves it most first."""
    reach: list[tuple[float, Guess, float, float]] = []
    for guess, low, high in moves:
        at_low, at_high = low[label][name], high[label][name]
        if middle is not None and at_low is not None and at_high is not None:
            ends = (at_low, middle, at_high)
            reach.append((max(ends) - min(ends), guess, at_low, at_high))
    return sorted(reach, key=lambda one: (-one[0], one[1].name))


def _turns(middle: float | None, at_low: float, at_high: float) -> bool:
    """Whether the sign of the answer turns at an end."""
    if not middle:
        return middle == 0 and (at_low != 0 or at_high != 0)
    return min(at_low * middle, at_high * middle) < 0


def sentences(rested: dict[str, Any], names: dict[str, str], base: str) -> list[str]:
    """What each headline rests on, in sentences; `names` are the regimes' by world, `base` that of the one compared with."""
    found = []
    for label, headlines in rested["headlines"].items():
        for key, headline in headlines.items():
            if headline["value"] is None:
                continue
            said = {"name": names[label], "answer": headline["answer"], "value": words.amount(key, headline["value"])}
            text = words.ANSWER.format(question=words.HEADLINES[key].question.format(base=base), **said)
            text += words.TURNS if headline["turns"] else ""
            inputs = words.AND.join(words.input_of(key, one) for one in headline["rests_on"])
            rests = words.RESTS.format(inputs=inputs) if inputs else words.NOTHING.format(count=rested["guesses"])
            found.append(text + rests)
    counted = {name: rested[name] for name in ("guesses", "again", "people")}
    text = words.SCOPE.format(first=rested["seeds"][0], seeds=len(rested["seeds"]), **counted)
    if rested.get("beforehand"):
        text += words.BEFOREHAND
    if rested["without_range"]:
        text += words.WITHOUT.format(without=rested["without_range"])
    return [*found, text]


def _answer(headline: words.Headline, here: dict[str, Rows], base: dict[str, Rows]) -> float | None:
    def beyond(of: str) -> float | None:
        mine, its = here[headline.measure][of].value, base[headline.measure][of].value
        return None if mine is None or its is None else mine - its

    value = beyond(headline.of)
    other = 0.0 if headline.beyond is None else beyond(headline.beyond)
    return None if value is None or other is None else headline.sign * (value - other)


def _rows(move: Moved, middle: dict[str, Answers], seeds: int) -> Iterator[dict[str, Any]]:
    """A row of the table for each world and headline."""
    guess = move.guess
    for label, here in middle.items():
        for name, value in here.items():
            at = {"value": value, "at_low": move.low[label][name], "at_high": move.high[label][name]}
            ends = {"low": guess.low, "high": guess.high}
            yield {"world": label, "headline": name, "input": guess.name, "seeds": seeds, **ends, **at}


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
    if not path:  # a trait's factors, by level
        return {level: factor.model_copy(update={"value": factor.value**value}) for level, factor in part.items()}
    first, rest_of = path[0], path[1:]
    if isinstance(part, BaseModel):
        return part.model_copy(update={str(first): _with(getattr(part, str(first)), rest_of, value)})
    if isinstance(part, dict):
        return {**part, first: _with(part[first], rest_of, value)}
    inner = [_with(one, rest_of, value) if place == first else one for place, one in enumerate(part)]
    return type(part)(inner)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
