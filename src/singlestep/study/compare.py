"""Several regimes beside each other: the same made-up people and luck under each."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from singlestep.regime.complaints import Refused, complain
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study.run import (
    ALONE,
    CHECKPOINT_MINUTES,
    WITHOUT_ERRORS,
    Plan,
    Progress,
    Run,
    as_given,
    carry_out,
    checked,
    find_regime,
    find_society,
)
from singlestep.words import commands as words

FEWEST, MOST = 2, 12
SOCIETY = "society"  # a label taken in the manifest


def compare(
    *regimes: str | Path | Regime,
    society: str | Path | Society = "coast",
    people: int = 20_000,
    years: int = 3,
    seed: int = 1,
    seeds: int = 5,
    threads: int = 1,
    same_seeing: bool = False,
    rests_on: bool = False,
    events: bool = False,
    stories: bool = False,
    checkpoint_every: float = CHECKPOINT_MINUTES,
    executor: Executor | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Let the same made-up people live under each of these regimes, and write a run folder.

    The first regime is the one that all others are differenced against, seed by seed. With `same_seeing` all have the first
    one's sources, and their rules match by act alone (see `seeing_as`). With `rests_on` every guess that has a range is
    moved to both its ends, which takes hundreds of small worlds, and it is said which two move each headline most.
    With an `executor` worlds live wherever it lets them (see `sweep`). The rest is as for `singlestep.run`; worlds are
    labelled by their regime's name. Raises `singlestep.regime.complaints.Refused` for fewer than two regimes, for two of
    one name, and as `singlestep.run` does.
    """
    settings = checked(people, years, seed, seeds, threads, checkpoint_every)
    if not FEWEST <= len(regimes) <= MOST:
        raise Refused([complain(words.TOO_FEW_REGIMES, "compare", 0, count=len(regimes), least=FEWEST, most=MOST)])
    several = found_together(regimes, society)
    found = several["regimes"]
    if same_seeing:
        first = next(iter(found.values()))
        several["regimes"] = {name: rules if rules is first else seeing_as(first, rules) for name, rules in found.items()}
    command = ["compare", *(as_given(regime) for regime in regimes), *(["--same-seeing"] if same_seeing else [])]
    command += ["--rests-on"] if rests_on else []
    plan = Plan(
        kind="compare", base=next(iter(found)), command=command, asides=(WITHOUT_ERRORS, ALONE), rests=rests_on,
        same_seeing=same_seeing, events=events, stories=stories, **several, **settings,
    )  # fmt: skip
    return carry_out(plan, out, progress, executor)


def found_together(regimes: Iterable[str | Path | Regime], society: str | Path | Society) -> dict[str, Any]:
    """Society and regimes as fields of a `Plan`, worlds labelled by their regimes' names. Raises `Refused` for two alike."""
    town, written = find_society(society)
    given, files, found = {SOCIETY: as_given(society)}, {SOCIETY: written}, dict[str, Regime]()
    for regime in regimes:
        rules, read_from = find_regime(regime, "regime", town)
        if rules.name in found or rules.name == SOCIETY:
            raise Refused([complain(words.SAME_NAME, as_given(regime), 0, name=rules.name)])
        found[rules.name] = rules
        given[rules.name], files[rules.name] = as_given(regime), read_from
    return {"society": town, "regimes": found, "given": given, "files": files}


def seeing_as(first: Regime, regime: Regime) -> Regime:
    """The regime with the sources of another, so that rules can be told apart from sensors.

    Rules match by act, whichever source saw it. Where the regime has several rules for one act that differ in who sees it,
    those for the sources of the first such rule stand, so that no act counts twice. Planting by a source that is not there
    is left out.
    """
    kept_for: dict[str, Any] = {}
    for rule in regime.rules.values():
        kept_for.setdefault(rule.act, rule.seen_by)
    rules = {
        name: rule.model_copy(update={"seen_by": "any"})
        for name, rule in regime.rules.items()
        if rule.seen_by == kept_for[rule.act]
    }
    plant = regime.powers.plant
    powers = regime.powers
    if plant is not None and plant.source not in first.sources:
        powers = powers.model_copy(update={"plant": None})
    return regime.model_copy(update={"sources": first.sources, "rules": rules, "powers": powers, "examples": []})
