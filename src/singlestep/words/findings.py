"""The main findings in sentences, and what is said on every output. One place, so that it can be translated.

`{n}` and `{d}` are what was counted and of how many, `{share}` their ratio in brackets; `{under}` names the regime when
several are compared. What was counted in the other worlds stands behind each sentence.
"""

from __future__ import annotations

# Said on every output ------------------------------------------------------------------------------------------------
CAUTIONS = (
    "All people are synthetic, in a made-up town; error rates are borrowed from the sources listed.",
    "{luck} {guesses:,} of {entries:,} entries in the files are guesses.",
    "This is no legal finding, and no assessment cures a prohibited practice.",
)
SAME_SEEING = "In every world people are watched as under {name}: the other regimes' own sources are left out."
ONE_SEED = "This is one seed: how much is luck does not show."
TWO_SEEDS = "Two seeds are too few to tell a difference from luck, so none has an interval: take five or more."
SEVERAL_SEEDS = "Intervals over the {count} seeds show luck only, not the guesses among the inputs."

# The heading ---------------------------------------------------------------------------------------------------------
HEADING = "{worlds}: {people:,} made-up people of {society}, {years} {year_word}, {seeds}"
WITH = " beside "
YEAR = "year"
YEARS = "years"
SEED = "seed {first}"
SEEDS = "seeds {first} to {last}"

# Phrases -------------------------------------------------------------------------------------------------------------
OF = "{n:,} of {d:,}{share}"
SHARE = " ({percent})"
NO_PERCENT = "0 %"
PERCENT = "{value:.1f} %"
SMALL_PERCENT = "{value:#.2g} %"
UNDER = ", {name}"
BESIDE = " Under {twin}: {there}."
BESIDE_NOTHING = " Under {twin}: nothing to count."
INTERVAL = " Difference over {seeds} seeds: {mean:+.3g} percentage points (95 % interval {low:+.3g} to {high:+.3g})."
TOO_FEW = " Difference over {seeds} seeds: {mean:+.3g} percentage points."
NO_DIFFERENCE = " No difference in any of {seeds} seeds."

# The sentences -------------------------------------------------------------------------------------------------------
FINDINGS: dict[str, str] = {  # by measure, over everyone
    "refused": "Refused{under}: {n:,} of {d:,} requests found the door shut{share}.",
    "erroneous": "Erroneous{under}: {n:,} of {d:,} doors shut on someone would have stayed open under a clean file{share}.",
    "missed": "Missed{under}: {n:,} of {d:,} doors that a clean file would have shut were left open{share}.",
    "mistaken": "Mistaken{under}: {n:,} of {d:,} doors were shut on a right file by a claim untrue of the person{share}.",
    "protected": "For a protected act{under}: {n:,} of {d:,} doors were shut for the exercise of a right{share}.",
    "for another": "For another's act{under}: {n:,} of {d:,} doors were shut for what others did{share}.",
    "cross-context": "Cross-context{under}: {n:,} of {d:,} doors were shut for an act of another part of life{share}.",
    "disproportionate": "Disproportionate{under}: {n:,} of {d:,} doors, opened since, were shut past the act's bound{share}.",
    "false points": "False points{under}: {n:,} of {d:,} points lost were lost by records that were not true{share}.",
    "won if wrong": "Appeals{under}: {n:,} of {d:,} wrong records against someone were put right on appeal{share}.",
    "silence": "Silence{under}: {n:,} of {d:,} protected acts were forgone out of fear{share}.",
    "deterrence": "Deterrence{under}: {n:,} of {d:,} harmful acts were forgone because of the rules{share}.",
}

NOTHING_TO_COUNT: dict[str, str] = {  # by measure, when there was nothing it could have happened to
    "refused": "Refused{under}: nobody asked for a service.",
    "erroneous": "Erroneous{under}: no door was shut on anyone.",
    "missed": "Missed{under}: a clean file would have shut no door on anyone.",
    "mistaken": "Mistaken{under}: no door was shut on anyone.",
    "protected": "For a protected act{under}: no door was shut on anyone.",
    "for another": "For another's act{under}: no door was shut on anyone.",
    "cross-context": "Cross-context{under}: no door was shut on anyone.",
    "disproportionate": "Disproportionate{under}: no door that was shut opened again.",
    "false points": "False points{under}: nobody lost points.",
    "won if wrong": "Appeals{under}: no wrong record stood against anyone.",
    "silence": "Silence{under}: nobody meant to do a protected act.",
    "deterrence": "Deterrence{under}: nobody meant to do a harmful act.",
}

INDUCED = (
    "Induced by error, {name}: {n:,} of {d:,} doors shut on someone stay open when every record is right{share}.{interval}"
)
EFFECTS = (
    "Direct and total, {name}: a few people ({few:,} person-years) found doors shut for {total:+.2f} days a year each beyond "
    "{base} when the regime is on for all, and for {direct:+.2f} when it is on for them alone; two doors shut for a day "
    "count as two days."
)
DIFFER = (
    "Differ: {n:,} of {d:,} people took other acts or found other doors shut under {name} than under {base}{share}.{interval}"
    " {when}"
)
OWN_INTERVAL = " 95 % interval over {seeds} seeds: {low:.3g} to {high:.3g} %."
PART = "The worlds part on {first}."
PART_BETWEEN = "The worlds part between {first} and {last}, by seed."
NEVER_PART = "The worlds do not part."

# In notebooks --------------------------------------------------------------------------------------------------------
RUN_FOLDER = "Run folder"
SOURCES = "Sources that the files cite"
