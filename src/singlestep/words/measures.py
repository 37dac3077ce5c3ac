"""Names, formulas and sources of the measures, in words. One place, so that they can be translated.

A *spell* is one door shut on one person, from shutting to opening.
"""

from __future__ import annotations

from typing import NamedTuple

SHARE = "share"
PER_THOUSAND = "a year for 1,000 people"
PER_PERSON = "a year for each person"
POINTS = "points"
LEVEL = "level, 0 to 15"

MODEL = "docs/model.md"


class About(NamedTuple):
    """What a measure means: in words, as a formula, its unit, and where its definition stands."""

    words: str
    formula: str
    unit: str = SHARE
    source: str = MODEL


MEASURES: dict[str, About] = {
    "erroneous": About("doors shut that a clean file would have left open", "erroneous spells / spells"),
    "mistaken": About(
        "doors shut on a right file, while what the decision claims is untrue of the person",
        "mistaken spells / spells",
    ),
    "protected": About("doors shut for the exercise of a right", "spells for a protected act / spells"),
    "for another": About("doors shut for the acts of ties or household", "spells for another's act / spells"),
    "cross-context": About(
        "doors shut in a part of life that the act did not come from", "cross-context spells / spells"
    ),
    "disproportionate": About(
        "doors that had been shut longer than the bound for the act's grade of harm, found when they opened",
        "disproportionate spells / spells ended",
    ),
    "overlong": About(
        "days a door stayed shut after a clean file would have opened it, of doors shut rightly at first",
        "overlong days / days shut, both up to the end for doors still shut",
    ),
    "missed": About("doors that a clean file would have shut and the record left open", "missed spells / clean spells"),
    "missed acts": About(
        "acts that a rule penalises and that left no record under their author's name, neither at once nor by a report",
        "(taken - recorded - reported) / taken, acts with a penal rule",
    ),
    "false points": About(
        "points lost through records that were not true", "points lost by causes other than true / points lost"
    ),
    "true penal": About("records to someone's disadvantage that were right", "right penal records / penal records"),
    "told if wrong": About("wrong records whose person was told", "told / wrong penal records"),
    "knew if wrong": About("wrong records whose person knew", "knew / wrong penal records"),
    "filed if wrong": About("wrong records that were appealed", "filed / wrong penal records"),
    "decided if wrong": About("wrong records whose appeal was decided", "decided / wrong penal records"),
    "won if wrong": About("wrong records put right on appeal", "won / wrong penal records"),
    "told if right": About("right records whose person was told", "told / right penal records"),
    "knew if right": About("right records whose person knew", "knew / right penal records"),
    "filed if right": About("right records that were appealed", "filed / right penal records"),
    "decided if right": About("right records whose appeal was decided", "decided / right penal records"),
    "won if right": About("right records struck out on appeal", "won / right penal records"),
    "silence": About("protected acts forgone out of fear", "silenced / (taken + deterred + silenced) protected acts"),
    "deterrence": About(
        "harmful acts forgone because of the rules", "deterred / (taken + deterred + silenced) harmful acts"
    ),
    "fewer protected acts": About(
        "protected acts fewer than the same people did in the twin world",
        "(taken in the twin - taken) / taken in the twin, protected acts",
    ),
    "fewer harmful acts": About(
        "harmful acts fewer than the same people did in the twin world",
        "(taken in the twin - taken) / taken in the twin, harmful acts",
    ),
    "fewer harmless acts": About(
        "other harmless acts fewer than the same people did in the world compared with",
        "(taken there - taken) / taken there, acts neither harmful nor protected",
    ),
    "induced by error": About(
        "doors shut that stay open when every record is right, nobody lies or bends rules, and the same people live again",
        "spells without an overlapping spell of the same door and person in the world without errors / spells",
    ),
    "effect on doors": About(
        "doors shut on the same few people beyond the world compared with: with the regime on for all, and for them alone",
        "(days shut - days shut there) / person-years of the few",
        "days times doors a year for each person",
    ),
    "effect on need": About(
        "need of the same few people at the end beyond the world compared with", "(need - need there) / the few", LEVEL
    ),
    "effect on fear": About(
        "fear of the same few people at the end beyond the world compared with", "(fear - fear there) / the few", LEVEL
    ),
    "access": About("days on which doors were open", "days times doors open / days times doors"),
    "moved": About("people in another class than a month before", "moves / person-months"),
    "mobility": About(
        "how little this month's class says about the next (Shorrocks 1978), counted in millionths; 0: nobody moves",
        "(n - trace of P) / (n - 1), P the monthly transition matrix, n classes that held anybody",
        "index, 0 to n / (n - 1)",
    ),
    "never out": About(
        "people who fell a class and had not risen again by the end", "fell and did not rise since / ever fell"
    ),
    "still waiting": About(
        "people or doors for whom it had not happened by the end (censored in the table of waiting times)",
        "censored / all",
    ),
    "wrong by stage": About("records that went wrong, by the stage at which they did", "went wrong there / went wrong"),
    "wrong by body": About("records that went wrong, by the kind of body that made them", "went wrong / records"),
    "harm by stage": About(
        "doors shut, under each harm term, by the stage at which the record that set them off went wrong",
        "spells under the term set off by such a record / spells under the term (overlong: days of doors that opened)",
    ),
    "harm by body": About(
        "doors shut, under each harm term, by the kind of body whose record set them off",
        "spells under the term set off by such a record / spells under the term (overlong: days of doors that opened)",
    ),
    "resting on wrong records": About(
        "doors shut by a wrong record, in error or not", "spells set off by a wrong record / spells"
    ),
    "gaming": About(
        "points gained by acts done for the points alone or by faking",
        "points gained by records of such acts / points gained",
    ),
    "records kept": About(
        "records that changed somebody's file", "records to which a rule was applied / person-years", PER_PERSON
    ),
    "not covered": About(
        "points that people whom the regime leaves out would have lost and gained",
        "points of records refused as not covered / person-years of people left out",
        "points a person-year",
    ),
    "knowledge": About(
        "awareness of the rules at the end, by class and by what happened to the person",
        "sum of levels / people",
        LEVEL,
    ),
    "reason to approve": About(
        "people in a class that brings money or a better price at the end, on whom no door was ever shut and who do not "
        "stand below the class they began in (nobody's opinion is modelled)",
        "gained and lost nothing / people",
    ),
    "reason to object": About(
        "people on whom a door was ever shut, or who stand below the class they began in at the end (nobody's opinion is "
        "modelled)",
        "lost / people",
    ),
    "differ": About(
        "people who took other acts or found other doors shut than in the world compared with",
        "persons who differ / all people",
    ),
    "unaffordable": About("requests nobody refused but money did", "unaffordable / requests"),
    "refused": About("requests refused because the door was shut", "refused / requests"),
    "refused by a human": About("refusals where a human decided", "refused by a human / refused"),
    "shut at the end": About("people on whom the door is shut at the end", "people / all people"),
    "shut by a clean file": About(
        "people on whom a clean file would have the door shut at the end", "people / all people"
    ),
    "listed": About("entries on lists", "entered / person-years x 1,000", PER_THOUSAND),
    "listed at the end": About("people on the list at the end", "people / all people"),
    "records made": About(
        "records that name somebody, made by watching or by others", "records / person-years", PER_PERSON
    ),
    "cause of records": About(
        "what became of what was seen, by the first thing that went wrong", "records of this cause / all that arose"
    ),
    "class at the end": About("people whose class was last published as this one, at the end", "people / all people"),
    "clipped": About(
        "points cut off at the bounds of the table, wanted minus got", "points / person-years", "points a person-year"
    ),
    "own points": About("people's own points at the end, without what ties add", "sum of points / people", POINTS),
    "ties cut": About("ties cut, counted by each of the two", "ties cut / person-years x 1,000", PER_THOUSAND),
    "level": About("how people stand at the end", "sum of levels / people", LEVEL),
    "cut off": About("occasions beyond four a day, which were left out", "cut off / occasions and cut off"),
    "saturated": About(
        "occasions whose acceptance stood at its ceiling", "saturated / occasions of acts that meet the person"
    ),
}
CHECKS = ("clipped", "saturated", "cut off")  # of the model: how often it had to stop short
ALSO_PER_YEAR = "{name}, a year"
PER_YEAR_WORDS = "{words}, for 1,000 people a year"
PER_YEAR_FORMULA = "spells / person-years x 1,000"

# What a row is about -------------------------------------------------------------------------------------------------
ALL = "all"
IN_ACTS = "acts taken"
IN_DOORS = "doors shut"
TOTAL = "total: on for all"
DIRECT = "direct: on for them alone"
THROUGH_OTHERS = "through others"
EFFECTS = {"shut_days": "effect on doors", "need": "effect on need", "fear": "effect on fear"}
BY_STAGE = "stage {stage}"
BY_BODY = "body {body}"
HARM_BY = "{harm}: {by}"
BOUGHT, FAKED = "bought", "faked"
LOST, GAINED = "lost", "gained"
BY_CLASS = "class {name}"
DOOR_SHUT, NEVER_SHUT = "a door shut at some time", "no door ever shut"
FIRST_LISTING = "first listing"
REMEDY = "opening of a door shut in error"
OPENING = "opening of any shut door"
BY_INCOME = "income {level}"
BY_GROUP = ("group majority", "group minority")
