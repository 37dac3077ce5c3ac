"""Who is answerable: wrong records and erroneous spells by the stage at which they went wrong, and by the body.

Stages are those of a record's way: *seen* (of somebody else), *linked* (to a wrong file or none), *typed*, *delivered*
(late), *ruled* (bent discretion), *reported* (falsely), *decided* (planted or erased by officials), *by oneself* (faked).
A spell's trigger is known by its cause, not by its source; so spells are told by stage only, records by body too.
"""

from __future__ import annotations

from singlestep.engine import tallies
from singlestep.measures.counts import CAUSE, UNMADE, Counted, Ratio, Rows
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
WRONG = tuple(cause for causes in STAGES.values() for cause in causes)
TRIGGER = tallies.column(tallies.TRIGGERS)


def answerable(world: Counted) -> dict[str, Rows]:
    """Everything here, by measure."""
    return {
        "wrong by stage": wrong_by_stage(world),
        "wrong by body": wrong_by_body(world),
        "erroneous by stage": erroneous_by_stage(world),
        "resting on wrong records": resting(world),
        "gaming": gaming(world),
        "records kept": kept(world),
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


def erroneous_by_stage(world: Counted) -> Rows:
    """Erroneous spells set off by a record that went wrong at each stage / erroneous spells (the rest: set off otherwise)."""
    erroneous = world.tallies["trigger"][:, 1]
    whole = int(erroneous.sum())
    return {
        words.BY_STAGE.format(stage=stage): Ratio(sum(int(erroneous[TRIGGER[cause]]) for cause in causes), whole)
        for stage, causes in STAGES.items()
    }


def resting(world: Counted) -> Rows:
    """Spells set off by a wrong record / spells."""
    spells = world.tallies["trigger"][:, 0]
    return {words.ALL: Ratio(sum(int(spells[TRIGGER[cause]]) for cause in WRONG), int(spells.sum()))}


def gaming(world: Counted) -> Rows:
    """Points gained by records that the person faked / points gained."""
    gained = world.tallies["cause"][:, 1]
    return {words.ALL: Ratio(int(gained[CAUSE["faked"]]), int(gained.sum()))}


def kept(world: Counted) -> Rows:
    """Rules applied to records on somebody's file / person-years: a record that no rule wants leaves nothing."""
    applied = int(world.tallies["rule"][:, tallies.RULE.index("applied recorded")].sum())
    return {words.ALL: Ratio(applied, world.person_years)}


assert set(WRONG) == set(tallies.CAUSES) - {"true"} and set(UNMADE) <= set(WRONG)
