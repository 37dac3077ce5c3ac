"""What a life story says: one place, so that it can be translated. Nobody has a name: a person is "person 1234".

Words in braces are filled in by the program. Where a number decides between one and several, there are two forms
(`ONE`, `MANY`); a translation into a language with more forms adds them in `counted`.
"""

from __future__ import annotations

from singlestep.words.errors import Sentence

# Numbers, days and persons -------------------------------------------------------------------------------------------
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DATE = "{day} {month} of year {year} (day {number})"
PERSON = "person {person}"
AND = "{first} and {last}"
Forms = tuple[str, str]  # for one, for any other number
TIMES: Forms = ("once", "{n:,} times")
POINTS: Forms = ("{n} point", "{n:,} points")
DAYS: Forms = ("{n} day", "{n:,} days")
RECORDS: Forms = ("{n} record", "{n:,} records")
SPELLS: Forms = ("{n} door shut", "{n:,} doors shut")
REFUSALS: Forms = ("{n} refusal", "{n:,} refusals")
LISTINGS: Forms = ("{n} listing", "{n:,} listings")


def counted(number: int, forms: Forms) -> str:
    """A number with its noun, in the form that fits the number."""
    return forms[0 if number == 1 else 1].format(n=number)


def chosen(number: int, forms: Forms) -> str:
    """The form that fits a number, not yet filled in."""
    return forms[0 if number == 1 else 1]


def joined(parts: list[str]) -> str:
    """Several things as one phrase."""
    return parts[0] if len(parts) == 1 else AND.format(first=", ".join(parts[:-1]), last=parts[-1])


def date(day: int) -> str:
    """A day as day and month of its year."""
    from singlestep.engine.calendar import FIRSTS  # the command line shows its help without loading this
    from singlestep.quantities import DAYS_A_YEAR

    year, rest = divmod(day, DAYS_A_YEAR)
    month = sum(rest >= first for first in FIRSTS) - 1
    return DATE.format(day=rest - FIRSTS[month] + 1, month=MONTHS[month], year=year + 1, number=day)


# Titles --------------------------------------------------------------------------------------------------------------
KINDS: dict[str, str] = {
    "wrongly-listed": "On a list where a right file would not have put them",
    "locked-in": "Behind a shut door for a year and more",
    "silenced": "Silent out of fear",
    "appealed-and-won": "Wrongly recorded, appealed, and won",
    "informer": "Somebody who informed",
    "gained": "Somebody who gained",
    "for-another": "Shut out for what somebody else did",
    "": "One life",
}
TITLE = "{kind}: person {person}"

# The beginning -------------------------------------------------------------------------------------------------------
WHO = (
    "Person {person} is one of {people:,} synthetic people of the made-up town {society} (seed {seed}); this is what {years} "
    "under {regime} did to them."
)
YEARS: Forms = ("{n} year", "{n} years")
NOTHING = "Nothing happened: no record against or for them, no door shut, nothing left undone out of fear."

# Records -------------------------------------------------------------------------------------------------------------
LOST = "minus {points}"
WON = "plus {points}"
NO_POINTS = "no points"
FINE = "a fine"
CLASS_SET = "class {name} at once"
COUNTS_FOR = "a count towards the list “{list}”"
BY_RULE = "{effect} by the rule “{words}” ({where})"
PLACE = "{rule}, {file}, line {line}"
PLACE_NO_LINE = "{rule}"
RECORD = "{date}: a record of “{act}” from {source}: {rules}."
SENDER = "{source} ({body})"
DONE_ON = " It goes back to {date}."
REPORTED_BY = " It was {other} who reported it."
CAUSES: dict[str, str] = {
    "true": "",
    "misidentified": " It was somebody else who did it, {author}: the source named the wrong one.",
    "misidentified self": " They did no such thing: a harmless act of theirs was taken for it.",
    "mislinked": " It was somebody else who did it, {author}: the record was put into the wrong file.",
    "missed": " It was lost.",
    "mistyped": " It was written down as something it was not.",
    "mistyped as": " It was written down as something it was not; what had happened was “{act}”.",
    "late": " It came later than it should have.",
    "false report": " It never happened: {author} reported it falsely.",
    "planted": " It never happened: an official, {author}, put it into the file.",
    "erased": "",
    "bent discretion": " The official bent the choice: unbent it would have been {points}.",
    "faked": " It never took place: they had it written down themselves.",
}
ASTRAY = "{date}: “{act}”, of {done}, did not reach their own file ({cause})."
ASTRAY_CAUSES: dict[str, str] = {
    "misidentified": "the source named somebody else", "mislinked": "it went into somebody else's file",
    "missed": "it was lost", "mistyped": "it was written down as something else", "late": "it came late",
}  # fmt: skip
ERASED = "{date}: an official made a record of “{act}” disappear as a favour."

# Remedy --------------------------------------------------------------------------------------------------------------
TOLD, FOUND_OUT, UNAWARE = " They were told of it.", " They were not told, but found out.", " They never learnt of it."
APPEALED = " They appealed; a decision was due {date}."
APPEAL_WON_WRONG = "{date}: the appeal was won; the record had been wrong."
APPEAL_WON_RIGHT = "{date}: the appeal was won, though the record had been right."
APPEAL_LOST_WRONG = "{date}: the appeal was lost, though the record was wrong."
APPEAL_LOST_RIGHT = "{date}: the appeal was lost; the record was right."
CLOSED = (
    "{date}: {rules} expired{points}.", "{date}: {rules} fell by the appeal{points}.",
    "{date}: {rules} was found to be made up, and fell{points}.",
)  # fmt: skip
CLOSED_RULE = "what counted under “{words}”"
CLOSED_POINTS = " ({points} given back)"
CLOSED_POINTS_LOST = " ({points} taken back)"

# Lists and doors -----------------------------------------------------------------------------------------------------
HOUSEHOLD = "{date}: a listing of somebody in their household reached them."
LISTED = "{date}: put on the list “{list}”{until}{wrong}."
UNTIL = ", until {date} at the latest"
NOT_IN_CLEAN = "; a right file would not have put them there"
RENEWED = "{date}: the listing “{list}” began anew{until}."
UNLISTED = "{date}: off the list “{list}”."
SHUT: Forms = ("{date}: {doors} was shut{why}{wrong}.", "{date}: {doors} were shut{why}{wrong}.")
DOOR = "the door to {service}"
DOORS_OF = "the doors to {services}"
SHUT_FOR = ", because of “{act}”"
SHUT_FOR_HOUSEHOLD = ", because of somebody in their household"
SHUT_FOR_TIES = ", because of whom they know"
ERRONEOUS: Forms = ("; with a right file it would have stayed open", "; with a right file they would have stayed open")
OPENED: Forms = ("{date}: {doors} opened again, after {days}.", "{date}: {doors} opened again, after {days}.")
REFUSED = "{date}: asked for {service}, and was refused{human}."
BY_HUMAN = " by a human who followed the score"
REFUSED_MORE = "After that they were refused {service} {times} more."
STAYED = "At the end, on {date}, still shut: {doors}."

# What was not done, and what was done to others ----------------------------------------------------------------------
SILENCED = "{date}: would have done this and held back out of fear: “{act}”.{twin}"
TWIN_DID = " Under {twin} the same person did it that day."
SILENCED_MORE = "In all they held back {times} out of fear: {acts}."
ACT_TIMES = "“{act}” {times}"
DETERRED = "They left an act undone {times} because of the rules."
INFORMED = "{date}: somebody they know, {other}, did this: “{act}”. They reported it to {source}."
DENOUNCED = "{date}: reported {other} for “{act}”, which had not happened."
GAINED = "From {date}: class {name}{perk}{prices}."
PERK = ", with {perk} of money a month"
PRICES = ", and a better price for {services}"
PRICE = "{service} ({percent} per cent of the usual one)"
NEED = "Their need, on a scale from 0 to 15, stood at {here} on {date}; under {twin} it stood at {there}."

# The twin ------------------------------------------------------------------------------------------------------------
TWIN_NOTHING = "Under {twin} the same person met no record, no shut door and no refusal."
TWIN_TITLE = "The same person under {twin}"
TWIN = "Under {twin} the same person met {parts}."
PARTED = "The two lives part on {date}: {what}."
PARTED_ACT = "“{act}” was {here} under {regime} and {there} under {twin}"
PARTED_DOOR = "{door} was {here} under {regime} and {there} under {twin}"
NEVER_PARTED = "The two lives never part: the same acts, the same doors."
OPEN, SHUT_WORD = "open", "shut"
BECAME: dict[str, str] = {
    "taken": "done", "deterred": "left for fear of the rules", "silenced": "left out of fear", "forgone": "not done",
    "shut": "barred by a door",
}  # fmt: skip

# The command ---------------------------------------------------------------------------------------------------------
HELP = "Tell one made-up life event by event, beside the same person's twin life."
HELP_RUN = "A run folder."
HELP_PERSON = "Whose life: a number from 0 up."
HELP_PICK = f"Find somebody of this kind: {', '.join(kind for kind in KINDS if kind)}."
HELP_PICTURE = "Also draw the two lives (points and doors over time) into this SVG file."
HELP_WORLD = "Which world of the run; the first that is not the one compared with, if left out."
HELP_SEED = "Which seed of the run; the first if left out."
TAKES = "Living {worlds} again with this person traced takes about {seconds} s."
AT_ONCE = " Told at once are those who were traced while the run was made: persons {persons}."
FROM_PANEL = "Person {person} is one of {count} who were traced while the run was made: told from that, at once."
WORLDS: Forms = ("{n} world", "{n} worlds")
PICTURE_WRITTEN = "Picture: {file}"
PROGRESS = "{world}, traced"
PROGRESS_STORIES = "looking for lives to tell"
CAUTION = (
    "The people are synthetic, in a made-up town; error rates are borrowed, many numbers are guesses. One life shows what "
    "can happen, not how often. This is no legal finding."
)

# What cannot be told -------------------------------------------------------------------------------------------------
ANY_KIND = "any kind"
NO_SUCH_WORLD = Sentence("the world {value}", "the run has the worlds {known}", "one of these")
NO_SUCH_SEED = Sentence("the seed {value}", "the run has the seeds {known}", "one of these")
NO_SUCH_KIND = Sentence("the kind {value}", "there are the kinds {kinds}", "one of these")
PERSON_AND_PICK = Sentence(
    "a person and a kind", "a kind is there to find a person when none is named", "either --person or --pick"
)
NOBODY_OF_KIND = Sentence(
    "nobody whose life is of the kind {kind}, in the world {world} of seed {seed}",
    "of a big run only some candidates are kept, and a small or mild one may hold no such life",
    "another kind, another seed of the run, or a run of more people or years",
)
OTHER_WORLD = Sentence(
    "a world that, lived again, is not the one of the run",
    "it was made by another version of singlestep, and the story would be another person's",
    "the run again with this version",
)
PANEL_ALTERED = Sentence(
    "a panel that does not say what befell this person",
    "the tables panel.parquet and panel_months.parquet do not fit the rest of the run",
    "the run again, or a person who is not in the panel, whose worlds are lived again",
)
NOT_A_RUN = Sentence(
    "a manifest that does not say what was run",
    "there is nothing to live again",
    "the name of a folder that a run has written",
)
BRANCHED = Sentence(
    "a run that was branched",
    "its people lived under two regimes one after the other, and only worlds of one regime are lived again",
    "the folder of the run that it was branched from",
)
PICTURE_NAME = Sentence("the picture {value}", "pictures are drawn as SVG", "a file name that ends in .svg")
