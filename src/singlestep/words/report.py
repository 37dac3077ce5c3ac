"""What the page of a run says: headings, captions, notes, labels. One place, so that it can be translated.

Words in braces are filled in by the program. `{n}` and `{d}` are what was counted and of how many. What comes out of files
(names, sources) is put in as text and never read as markup.
"""

from __future__ import annotations

from typing import NamedTuple

LANGUAGE = "en"


class FigureWords(NamedTuple):
    """A figure in words: its heading, what it shows, and how it reads aloud where it cannot be seen."""

    title: str
    says: str
    alt: str


class SectionWords(NamedTuple):
    """A part of the page: its heading and what it is about."""

    title: str
    says: str


# The frame -----------------------------------------------------------------------------------------------------------
TITLE = "{people} synthetic people under {worlds}"
KICKER = "singlestep: a flight simulator for social scoring"
LIST_LAST = "{most} and {last}"
SUBTITLE = "{beside}A made-up town, {society}, for {years}. {seeds}"
BESIDE = "Beside the same people under {others}. "
ONE_YEAR, MANY_YEARS = "one year", "{years} years"
ONE_SEED = "One seed: how much of what happened is luck does not show."
SEVERAL_SEEDS = (
    "It is lived {count} times over (seeds {first} to {last}), each time with other people and other luck, the same in every "
    "world. Counts are added up over all of them: {total} lives in each world."
)
SKIP = "Skip to what happened"
CONTENTS = "On this page"
PRINTED_FROM = "Made by singlestep {version}."
NO_SCRIPT = "The figures need JavaScript. Every figure's data stands in the table below it, and needs none."

# The first screen ----------------------------------------------------------------------------------------------------
WHAT_HAPPENED = "What happened"
DOOR_MEANS = (
    "A door is one of {doors} services, such as {some}. It is shut when the rules in force would have a person's request "
    "refused. A clean file is the one the same person would have if everything that was seen of them had been "
    "recorded rightly."
)
UNDER = "Under {world}: {there}."
DESCRIBED = "{name}:"
OF = "{n} of {d} ({value})"
NONE_OF = "none of {d}"
OF_NOTHING = "there were none"
COUNT_OF = "{n} of {d}"
SO_MANY = "How many"
DIFFERENCE = "Difference {mean} percentage points (95 % interval over {seeds} seeds: {low} to {high})."
DIFFERENCE_FEW = "Difference {mean} percentage points (too few seeds to tell it from luck)."
NO_DIFFERENCE = "No difference in any of {seeds} seeds."
INTERVAL = "95 % interval over {seeds} seeds: {low} to {high}."
DIFFER_IN = "{acts} differ in what they did, {doors} in the doors shut on them."
WORLDS_PART = "The worlds part on {first}."
WORLDS_PART_BETWEEN = "The worlds part between {first} and {last}, by seed."
ANSWERED = {
    "yes": "Yes ({value}), and no guess alone turns the answer.",
    "no": "No ({value}), and no guess alone turns the answer.",
    "undecided": "Undecided ({value} as the files stand): the answer turns inside the range of a guess.",
}
NEITHER = "Undecided: there is no difference as the files stand."
RESTS_ON = "It rests most on {inputs}."
RESTS_ON_INPUT = "{input} ({low:g} to {high:g}{unit})"
RESTS_ON_NONE = "No guess that was tried moves it."
HEADLINE_OF = {  # measure of the first screen: question fixed in advance
    "differ": "differ",
    "people shut out": "shut out", "refused": "refused", "erroneous": "erroneous", "mistaken": "mistaken",
    "protected": "protected", "for another": "for another", "cross-context": "cross-context",
    "disproportionate": "disproportionate", "missed": "missed", "won if wrong": "won", "silence": "silence",
    "deterrence": "harm",
}  # fmt: skip
QUESTIONS = "Questions fixed in advance, and what the answers rest on"
QUESTIONS_SAY = (
    "Each of the {count} guesses was moved to both ends of its range, one at a time, with {people} people and seed {seed}; "
    "the {again} that seemed to matter most were moved again with {seeds} seeds. No two were moved together. In brackets "
    "stand the range of the guess and the answers at its two ends. A trait's strength is the power of its factors: 0 makes "
    "no difference, 2 twice the difference. Among fewer people rare things waver more by luck: of two numbers for the same "
    "thing, take the one with more people behind it."
)
QUESTION, WORLD, ANSWER, MIDDLE, RESTS = "question", "world", "answer", "as the files stand", "rests most on"
NOT_TESTED = (
    "Intervals over seeds show luck only. Which guesses these numbers rest on most has not been tried out in this run "
    "(singlestep compare does so with --rests-on)."
)
HEADLINES: dict[str, str] = {  # measure: the sentence behind "{n} of {d}"
    "differ": "people did other things or found other doors shut than they would have under {base}.",
    "people shut out": "people had at least one door shut on them when the time was over.",
    "refused": "requests for a service were refused because the door was shut.",
    "erroneous": "doors shut on someone would have stayed open under a clean file: they were shut in error.",
    "mistaken": "doors were shut on a right file, by a claim that was untrue of the person.",
    "protected": "doors were shut for the exercise of a right, such as speech, assembly or religion.",
    "for another": "doors were shut for what somebody else did: family, friends, workmates.",
    "cross-context": "doors were shut in a part of life that the act did not come from.",
    "disproportionate": "doors that opened again had been shut for longer than the bound for the act's grade of harm.",
    "won if wrong": "wrong records to someone's disadvantage were put right on appeal.",
    "silence": "protected acts, such as speaking up or gathering, were forgone out of fear.",
    "deterrence": "harmful acts were forgone because of the rules.",
    "missed": "doors that a clean file would have shut were left open.",
}

# Parts of the page, in their order -----------------------------------------------------------------------------------
SECTIONS: dict[str, SectionWords] = {
    "time": SectionWords("Over time", "How people stood at the end of each month."),
    "closed": SectionWords(
        "What was closed, and to whom", "Doors shut and requests refused, by door, by income and by group."
    ),
    "harms": SectionWords(
        "Kinds of harm, counted apart",
        "One shut door can be harmful in several ways or in none. The kinds are never added up: there is no "
        "single score of harm.",
    ),
    "error": SectionWords(
        "How much was in error, and by which cause",
        "Only a simulator can know this: beside what each person did stands what was put on record, and under whose name.",
    ),
    "rights": SectionWords(
        "What fell on the exercise of a right, and what on other acts",
        "An act is protected when it is the exercise of a right, whatever the rules of the regime say about it.",
    ),
    "appeals": SectionWords(
        "From a record to a won appeal", "Records to someone's disadvantage, and how many of them reached each stage."
    ),
    "silence": SectionWords(
        "Silence and deterrence",
        "Both are fed into the model as assumptions, with ranges; how they add up over people and months is what comes out.",
    ),
    "disparity": SectionWords(
        "Unequal treatment",
        "Group is an abstract minority share, drawn without regard to conduct, so that any difference comes from being seen, "
        "recorded, scored and refused, or from chance.",
    ),
    "lock-in": SectionWords("Who could not get back", "What became of the doors that were shut on people."),
    "watching": SectionWords("How much was watched", "Records made about people, by who made them."),
    "gains": SectionWords("Who gained", "What the regime gave, by income. Gains are shown beside the harms and not set off."),
    "stories": SectionWords("Three lives", "Synthetic people, followed day by day in each world."),
    "measures": SectionWords(
        "All measures", "Every measure of this run with numerator and denominator. No composite is made."
    ),
    "inputs": SectionWords("What went in", "How far the numbers in the files rest on sources, and how far on guesses."),
    "again": SectionWords("How to make it again", "The same command with the same version gives the same numbers."),
    "not": SectionWords("What this is not", ""),
}

# Figures -------------------------------------------------------------------------------------------------------------
FIGURES: dict[str, FigureWords] = {
    "classes": FigureWords(
        "Classes, month by month",
        "Share of people in each class, as last published at the end of the month. The share in the legend is the last one. "
        "Each regime has classes of its own, so they are not compared between worlds.",
        "Stacked areas of the share of people in each class by month. {facts}",
    ),
    "doors-time": FigureWords(
        "Doors shut, month by month",
        "Doors shut on people at the end of each month, for every 1,000 people. One person can have several doors shut.",
        "Lines of the number of doors shut for every 1,000 people by month, one line for each world. {facts}",
    ),
    "listed": FigureWords(
        "Ever on a list",
        "Share of people who had been put on a list at least once by the end of the month.",
        "Lines of the share of people ever put on a list by month, one for each world. {facts}",
    ),
    "shut-days": FigureWords(
        "How long doors were shut, by income and group",
        "Days on which a door was shut, a year for each person; two doors shut for a day count as two days.",
        "Dots of days on which doors were shut, a year for each person, by income, group and world. {facts}",
    ),
    "doors": FigureWords(
        "By door",
        "For every 1,000 people, on how many each door was shut when the time was over.",
        "Dots of how many of every 1,000 people had each door shut at the end, by world. {facts}",
    ),
    "who": FigureWords(
        "By income and group",
        "How often a door was shut on someone, a year for every 1,000 people.",
        "Dots of how often a door was shut on someone, a year for every 1,000 people, by income, group and world. {facts}",
    ),
    "access": FigureWords(
        "Requests that got nothing",
        "Share of the requests for a service that money barred and that the rules barred, by income. The poor "
        "can do less in a "
        "world without any regime, too: what a regime adds stands on top of that.",
        "Stacked bars of the share of requests barred by money and barred by the rules, by income and world. {facts}",
    ),
    "harms": FigureWords(
        "Each kind of harm",
        "Share of the doors shut on people that were harmful in this way. What each is a share of stands in the table.",
        "Dots of the share of shut doors for each kind of harm, by world. {facts}",
    ),
    "causes": FigureWords(
        "Points lost through records that were not true, by cause",
        "Points taken from people, a year for every 1,000 people, by what had gone wrong with the record and at which stage.",
        "Bars of points lost a year for every 1,000 people by the cause of the untrue record, for each world. {facts}",
    ),
    "erroneous": FigureWords(
        "Doors shut in error, by cause",
        "Doors shut that a clean file would have left open, by each cause that was alive in the file at the time. A file can "
        "hold several causes, so the bars may come to more than the doors.",
        "Bars of the number of doors shut in error by the causes alive in the file, for each world. {facts}",
    ),
    "stages": FigureWords(
        "Where records went wrong, by stage",
        "Of all records that went wrong, the share that did so at each stage on their way from an act to a file.",
        "Bars of the share of wrong records that went wrong at each stage, for each world. {facts}",
    ),
    "bodies": FigureWords(
        "Which kind of body made wrong records",
        "Of the records that each kind of body made, the share that went wrong at any stage.",
        "Bars of the share of each kind of body's records that went wrong, for each world. {facts}",
    ),
    "brought": FigureWords(
        "Which kind of body's records shut doors",
        "Of all doors shut on people, right or wrong, the share set off by a record of each kind of body. None: no record "
        "set it off, but family, friends or a deadline.",
        "Bars of the share of shut doors set off by each kind of body's records, for each world. {facts}",
    ),
    "rights": FigureWords(
        "Points lost, by kind of act",
        "Points taken from people, a year for every 1,000 people, by the kind of act that the rule punishes. "
        "Where a right is "
        "named, the act is the exercise of that right.",
        "Bars of points lost a year for every 1,000 people, by kind of act, protected acts apart, for each world. {facts}",
    ),
    "appeals": FigureWords(
        "The appeal funnel",
        "Wrong and right records to someone's disadvantage that reached each stage, as a share of all of them.",
        "Bars of the share of records that reached each stage from record to won appeal, wrong and right "
        "records apart. {facts}",
    ),
    "silenced": FigureWords(
        "Silence: protected acts forgone out of fear",
        "Of the protected acts that people would have done in the month, the share forgone out of fear.",
        "Lines of the share of protected acts forgone out of fear by month, one for each world. {facts}",
    ),
    "deterred": FigureWords(
        "Deterrence: harmful acts forgone because of the rules",
        "Of the harmful acts that people would have done in the month, the share forgone because of the rules.",
        "Lines of the share of harmful acts forgone because of the rules by month, one for each world. {facts}",
    ),
    "fewer": FigureWords(
        "Acts fewer than in the twin world",
        "Acts that the same people did in {base} and not here, less those they did here and not there, as a "
        "share of the acts "
        "done there, month by month. Below nought there were more here. Need can bring acts back that the rules deter.",
        "Lines of the share of protected and of harmful acts fewer than in the twin world, by month. {facts}",
    ),
    "disparity": FigureWords(
        "Ratios between groups, and between poor and rich",
        "Rate of the minority over that of the majority, and of the lowest fifth by income over the highest. "
        "Nothing is shown "
        "where either side has fewer than {least} events: the table says how many there were.",
        "Dots of the ratio of rates between groups and between income fifths, for each measure and world. {facts}",
    ),
    "lock-in": FigureWords(
        "Shut doors that opened again",
        "Of the doors shut on people while this ran: opened again since, and still shut when the time was over. Doors shut "
        "late had little time to open.",
        "Stacked bars of the doors shut on people that opened again and that were still shut at the end, by world. {facts}",
    ),
    "exits": FigureWords(
        "Time until a door opened again",
        "Share of shut doors that were still shut so many days later (Kaplan and Meier's estimate). Doors "
        "still shut at the end "
        "are counted for as long as they were watched.",
        "Falling lines of the share of doors still shut by days since they were shut, one for each world. {facts}",
    ),
    "stuck": FigureWords(
        "No way back by the end",
        "People who had fallen a class and not risen since, and doors that were shut and had not opened again.",
        "Dots of the share of people and of doors for whom there was no way back by the end, by world. {facts}",
    ),
    "dose": FigureWords(
        "Records made, and records that counted",
        "Records that name somebody, and records that changed a file, a year for each person.",
        "Bars of records made and of records that changed a file, a year for each person, by world. {facts}",
    ),
    "watching": FigureWords(
        "Records made, by source",
        "Records that name somebody, a year for each person, by the source that made them. Most lead to nothing.",
        "Bars of records made a year for each person by source, for each world. {facts}",
    ),
    "kept": FigureWords(
        "Records that changed a file, by source",
        "Records to which a rule was applied, a year for each person, by the source that made them.",
        "Bars of records that changed a file a year for each person by source, for each world. {facts}",
    ),
    "gaming": FigureWords(
        "Points won for the points' sake",
        "Of the points that people won, the share won by deeds done for the points alone or never done at all, by income.",
        "Dots of the share of points won by deeds bought or faked, by income and world. {facts}",
    ),
    "perks": FigureWords(
        "Perks",
        "Money paid to people in the better classes, a year for every 1,000 people, by income.",
        "Dots of money paid as perks a year for every 1,000 people by income and world. {facts}",
    ),
    "prices": FigureWords(
        "What services cost",
        "Average price of the services granted, in per cent of the usual one, by income.",
        "Dots of the average price in per cent of the usual one, by income and world. {facts}",
    ),
    "gained": FigureWords(
        "Points won and lost",
        "Points that records brought and took, a year for each person.",
        "Bars of points won and lost a year for each person, by world. {facts}",
    ),
    "confidence": FigureWords(
        "Where the numbers come from",
        "Entries of each file by how well they are known. A guess is marked as one in the file, and most have a range.",
        "Bars of the number of entries by how well they are known, for each file. {facts}",
    ),
    "life": FigureWords(
        "Life {place}: points and doors",
        "Points over the days in each world; below, the days on which each door was shut.",
        "Lines of one synthetic person's points by day in each world, and bars of the days on which doors were shut. {facts}",
    ),
}
FACT = "{world}: {value} at the end."
FACT_DAY = "{world}: {value} after {day} days."
FACT_MOST = "Highest: {item}, {value} ({world})."
NO_FACT = "The numbers stand in the table below."
NOTHING = "Nothing of the kind happened."

UNDER_LIVES = "{says} {notes} Synthetic people in a made-up town."
UNDER_PICTURES = "{says} {notes} Synthetic people in a made-up town ({society}); made by singlestep {version}."

# Notes ---------------------------------------------------------------------------------------------------------------
INTERVALS = (
    "Bands and lines around the values: 95 % intervals of the mean over {seeds} seeds, cut at nought and, for shares, at "
    "100 %. Luck only."
)
INTERVALS_IN_TABLE = "95 % intervals of the mean over {seeds} seeds stand in the table. Luck only."
OVER_ALL_SEEDS = (
    "Counts are added up over the seeds. Luck moves these ratios too, the more the fewer events there are: the table says "
    "how many."
)
CENSORED = "{world}: of {doors} shut doors {opened} opened again; {censored} were still shut when the watching ended."
CURVE_STEPS = "The curves are drawn every {days} days."
NO_POINTS = "There are no points under {world}."
NO_DOORS = "No door was shut under {world}."

# Tables --------------------------------------------------------------------------------------------------------------
SHOW_TABLE = "Data of this figure as a table"
SHOW_MEASURES = "All measures as a table"
ONLY_OVERALL = "Overall rows only, for there are many worlds; the others stand in measures.parquet and summary.json."
DOWNLOAD = "Download as CSV"
DOWNLOAD_LABEL = "Download as CSV: {title}"
TABLE_LABEL = "Data: {title}"
NO_VALUE = "none"
COLUMNS = {
    "world": "world", "month": "month", "day": "day", "class": "class", "door": "door", "item": "of",
    "income": "income fifth",
    "people": "people", "group": "group", "n": "counted", "d": "of how many", "value": "value", "low": "lower bound",
    "high": "upper bound", "cause": "cause", "stage": "stage", "kind": "kind of act", "source": "source",
    "measure": "measure",
    "side": "records", "reached": "stage", "result": "what became of it", "role": "file", "confidence": "how well known",
    "acts": "acts", "rate_a": "rate, first", "rate_b": "rate, second", "events_a": "events, first",
    "events_b": "events, second", "of_a": "of, first", "of_b": "of, second", "difference": "difference", "ratio": "ratio",
    "pair": "first over second", "unit": "unit", "formula": "formula", "barred": "barred by", "points": "points",
    "body": "kind of body", "first_day": "first day", "last_day": "last day", "gain": "points", "at_risk": "still watched",
    "censored": "no longer watched",
}  # fmt: skip

# Axes and labels -----------------------------------------------------------------------------------------------------
MONTH = "month"
DAY = "day"
DAYS_SHUT = "days since the door was shut"
SHARE_OF_PEOPLE = "share of people"
FOR_1000 = "for every 1,000 people"
A_YEAR_FOR_1000 = "a year for every 1,000 people"
A_YEAR_EACH = "a year for each person"
SHARE = "share"
STILL_SHUT_SHARE = "share still shut"
SHARE_OF_DOORS = "share of shut doors"
SHARE_OF_REQUESTS = "share of requests"
SHARE_OF_RECORDS = "share of records"
SHARE_OF_POINTS = "share of points won"
DOORS = "doors"
RATIO = "ratio (1: alike)"
PER_CENT_PRICE = "per cent of the usual price"
ENTRIES = "entries"
POINTS = "points"
ALL_DOORS = "all doors"
CLASS_LABEL = "{name} ({share})"
INCOME = {
    "lowest": "lowest fifth", "lower": "second fifth", "middle": "middle fifth", "upper": "fourth fifth",
    "highest": "highest fifth",
}  # fmt: skip
GROUP = {"majority": "majority", "minority": "minority"}
BARRED = {"unaffordable": "money", "refused": "the rules"}
SIDES = {"wrong": "wrong records", "right": "right records"}
STAGES = {
    "penal": "recorded", "told": "person told", "knew": "person knew", "filed": "appeal filed", "decided": "appeal decided",
    "won": "appeal won",
}  # fmt: skip
SHARE_OF_WRONG = "share of wrong records"
FIRST_LISTING = "first listing"  # as the table of waiting times calls it
NEVER_OUT = "fell a class and did not rise"
STILL_WAITING = {
    "opening of a door shut in error": "a door shut in error stayed shut",
    "opening of any shut door": "a shut door stayed shut",
}  # fmt: skip
RECORDS_MADE, RECORDS_KEPT = "made", "changed a file"
OPENED, STILL_SHUT = "opened again", "still shut"
GAINED, LOST = "won", "lost"
KINDS = {"protected": "protected acts", "harmful": "harmful acts"}
PROTECTED_KIND = "right: {right}"
HARM_KIND = "{harm} harm to others"
HARMLESS = "other harmless acts"
PAIR_GROUP = "minority over majority"
PAIR_INCOME = "lowest over highest fifth"
CAUSES = {
    "true": "true", "misidentified": "the wrong person named", "mislinked": "put in a namesake's file",
    "missed": "went astray", "mistyped": "entered wrongly", "late": "came late", "false report": "false report",
    "planted": "planted by an official", "erased": "erased by an official", "bent discretion": "bent by an official",
    "faked": "faked", "rule bug": "fault in the rules' program",
}  # fmt: skip
STAGE_OF_CAUSE = {
    "misidentified": "seen", "mislinked": "linked", "missed": "linked", "mistyped": "typed", "late": "delivered",
    "false report": "reported", "planted": "decided", "erased": "decided", "bent discretion": "ruled",
    "faked": "by oneself", "rule bug": "ruled",
}  # fmt: skip
CONFIDENCES = {
    "documented": "documented", "reported": "reported", "derived": "derived", "disputed": "disputed",
    "unverified": "unverified", "imagined": "imagined", "guess": "guess",
}  # fmt: skip
ROLES = {"society": "society", "regime": "regime", "twin": "twin"}
HARM_LABELS = {
    "erroneous": "erroneous", "induced by error": "induced by error", "mistaken": "mistaken",
    "protected": "for a protected act", "for another": "for another's act", "cross-context": "cross-context",
    "disproportionate": "disproportionate", "overlong": "overlong (days)", "missed": "missed",
}  # fmt: skip

# Stories -------------------------------------------------------------------------------------------------------------
NO_STORIES = "No lives were followed in this run, so none is told here."
STORY_PERSON = "Synthetic person {person}, seed {seed}"
STORY_KINDS = {
    "wrongly-listed": "wrongly listed", "locked-in": "locked in", "silenced": "fell silent",
    "appealed-and-won": "appealed and won", "informer": "informer", "gained": "gained", "for-another": "for another's act",
}  # fmt: skip

# What went in --------------------------------------------------------------------------------------------------------
GUESSES = "{guesses} of the {entries} entries in the files are guesses. A guess that nobody has published is marked as one."
CITED = "Sources that the files cite ({count})"
FED_IN = (
    "Fed in as assumptions: deterrence at launch and its fading, silence out of fear, how many appeal and how many of them "
    "win. Everything else on this page comes out."
)

# How to make it again ------------------------------------------------------------------------------------------------
COMMAND = "The command"
COMMAND_PAGE = "This page again, from the run folder"
COMMAND_OF_PAGE = "singlestep report DIR"
VERSIONS = "Versions"
PART, VERSION, HASH, FILE = "part", "version", "SHA-256", "file"
HASHES_INPUT = "Hashes of what went in"
HASHES_OUTPUT = "Hashes of what came out"
RESOLVED = "{role}: {name}, with all that it builds on"

# What this is not ----------------------------------------------------------------------------------------------------
NOT = (
    "It is about synthetic people only. Nobody here lives or has lived; nothing here can score anybody.",
    "It is a made-up town with error rates borrowed from the sources listed. It does not predict what a real "
    "place would see, "
    "and no number here is a fact about one.",
    "It is no legal finding. It does not say whether a scheme is lawful, and no assessment cures a prohibited practice.",
    "It is no ranking. Schemes are not grouped or ranked by nation, and the kinds of harm are not melted into one figure.",
    "It is not free of guesses. Intervals over seeds are luck only; the guesses come on top.",
)
