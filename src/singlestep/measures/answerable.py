"""Who is answerable: wrong records, and every harm, by the stage at which something went wrong and by the kind of body.

Stages are those of a record's way: *seen* (of somebody else), *linked* (to a wrong file or none), *typed*, *delivered*
(late), *ruled* (bent discretion), *reported* (falsely), *decided* (planted or erased by officials), *by oneself* (faked).
A spell is put down to the record that triggered it; where nothing went wrong with that, the rule itself brought it, *as
meant*. Spells that no record triggered (through ties, the household, or an expiry) have the stage *no record* and no body.
"""

from __future__ import annotations

from singlestep.engine import tallies
from singlestep.measures.counts import CAUSE, FLOW, UNMADE, Counted, Ratio, Rows, by_people
from singlestep.words import measures as words

STAGES: dict[str, tuple[str, ...]] = {
    "seen": ("misidentified",),
    "linked": ("mislinked", "missed"),
    "typed": ("mistyped",),
    "delivered": ("late",),
    "ruled": ("bent discretion",),
    "reported": ("false report",),
    "decided": ("planted", "erased"),
    "by oneself": ("faked",),
}
AS_MEANT, NO_RECORD = "as meant", "no record"
TRIGGER_STAGES: dict[str, tuple[str, ...]] = {AS_MEANT: ("true",), **STAGES, NO_RECORD: ("none", "ties", "household")}
NOBODY = "none"
WRONG = tuple(cause for causes in STAGES.values() for cause in causes)
TRIGGER = tallies.column(tallies.TRIGGERS)


def answerable(world: Counted) -> dict[str, Rows]:
    """Everything here, by measure."""
    return {
        "wrong by stage": wrong_by_stage(world),
        "wrong by body": wrong_by_body(world),
        "harm by stage": harm_by_stage(world),
        "harm by body": harm_by_body(world),
        "resting on wrong records": resting(world),
        "gaming": gaming(world),
    }


def wrong_by_stage(world: Counted) -> Rows:
    """Records that went wrong at each stage / all that went wrong. Bent rules are not counted by source and left out."""
    of_cause = world.tallies["source"].sum(axis=0)
    found = {stage: sum(int(of_cause[CAUSE[cause]]) for cause in causes) for stage, causes in STAGES.items()}
    whole = sum(found.values())
    return {words.BY_STAGE.format(stage=stage): Ratio(number, whole) for stage, number in found.items()}


def wrong_by_body(world: Counted) -> Rows:
    """Records that went wrong, of those that each kind of body made or that were erased there."""
    source = world.tallies["source"]
    places = [CAUSE[cause] for cause in WRONG]
    found: dict[str, list[int]] = {}
    for row, body in zip(source, world.names.bodies, strict=True):
        counts = found.setdefault(body, [0, 0])
        counts[0] += int(row[places].sum())
        counts[1] += int(row.sum())
    return {words.BY_BODY.format(body=body): Ratio(*counts) for body, counts in found.items()}


def harm_by_stage(world: Counted) -> Rows:
    """Of the spells under each harm term (and of all, and of overlong days of doors that opened): the share set off by
    records that went wrong at each stage, as meant, or by none."""
    found: Rows = {}
    for harm, column in zip(tallies.BROUGHT, world.tallies["trigger"].T, strict=True):
        whole = int(column.sum())
        for stage, causes in TRIGGER_STAGES.items():
            number = sum(int(column[TRIGGER[cause]]) for cause in causes)
            found[words.HARM_BY.format(harm=harm, by=words.BY_STAGE.format(stage=stage))] = Ratio(number, whole)
    return found


def harm_by_body(world: Counted) -> Rows:
    """The same by the kind of body whose record set them off."""
    found: Rows = {}
    bodies = (*world.names.bodies, NOBODY)
    for harm, column in zip(tallies.BROUGHT, world.tallies["brought"].T, strict=True):
        whole = int(column.sum())
        for body in dict.fromkeys(bodies):
            number = sum(int(count) for count, its in zip(column, bodies, strict=True) if its == body)
            found[words.HARM_BY.format(harm=harm, by=words.BY_BODY.format(body=body))] = Ratio(number, whole)
    return found


def resting(world: Counted) -> Rows:
    """Spells set off by a wrong record / spells."""
    spells = world.tallies["trigger"][:, 0]
    return {words.ALL: Ratio(sum(int(spells[TRIGGER[cause]]) for cause in WRONG), int(spells.sum()))}


def gaming(world: Counted) -> Rows:
    """Points gained by acts done for the points alone, or faked / points gained; by income and group, and each way apart."""
    gained, bought, faked = (world.tallies["flow"][FLOW[row]] for row in ("gained", "gained bought", "gained faked"))
    apart = {words.BOUGHT: bought, words.FAKED: faked}
    rows = {of: Ratio(int(counted.sum()), int(gained.sum())) for of, counted in apart.items()}
    return {**by_people(bought + faked, gained), **rows}


assert set(WRONG) == set(tallies.CAUSES) - {"true"} and set(UNMADE) <= set(WRONG)
