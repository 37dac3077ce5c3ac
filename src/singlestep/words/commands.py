"""What the commands say: help, labels, refusals of arguments, last lines. One place, so that it can be translated.

Sentences in braces are filled in by the program.
"""

from __future__ import annotations

from singlestep.words.errors import Sentence

# Help ----------------------------------------------------------------------------------------------------------------
HELP = "A flight simulator for social scoring. Made-up people live under a rulebook you can read aloud."
HELP_DEMO = "Compare ordinary-law with rongcheng: 20,000 made-up people, three years, five seeds; with a report."
HELP_RUN = "Let made-up people live under a regime, beside their twins under ordinary law."
HELP_COMPARE = "Let the same made-up people live under several regimes; the first is the one the others are compared with."
HELP_SWEEP = "Let the same made-up people live under many regimes and seeds, several worlds at a time."
HELP_SWEPT = "One or more names from `singlestep list`, or paths of YAML files."
HELP_PROCESSES = "How many processes work. They change the time, never the result."
HELP_REGIMES = "Two or more names from `singlestep list`, or paths of YAML files."
HELP_SAME_SEEING = "Give all regimes the first one's sources; rules match by act. Parts what the rules do from who watches."
HELP_RESTS_ON = "Also move every guess that has a range to its ends, and say which two move each headline most (minutes)."
HELP_RESUME = "Go on with a run that was stopped, from what it kept; the result is that of the run undisturbed."
HELP_RESUME_RUN = "The run folder that was left."
HELP_BRANCH = "Let the people of a run live on under another regime from a day on, beside the same people as they lived on."
HELP_BRANCH_RUN = "The folder of a finished run."
HELP_AT = "The day from which the other regime holds, counted from 0."
HELP_BRANCH_REGIME = "The other regime: a name from `singlestep list`, or the path of a YAML file."
HELP_BRANCH_WORLD = "Which world of the run; the first that is not the one compared with, if left out."
HELP_CHECKPOINT = "Minutes between two kept states of a world, for `singlestep resume`; 0 keeps none."
HELP_READ = "Read a rulebook aloud, in plain sentences with their sources."
HELP_CHECK = "Check a regime or society file, and run the examples inside it."
HELP_LIST = "List the shipped regimes and societies, and how much of each is guessed."
HELP_REPORT = "Write the report of a run again: one HTML file that needs no network."
HELP_REPORT_RUN = "The run folder."
HELP_REPORT_OUT = "Where to write it: a file for the page, a folder for figures. Inside the run folder if left out."
HELP_FIGURES = "Write the figures as pictures instead, svg or png, each with its data as CSV."
HELP_VERSION = "Show the version and stop."
HELP_REGIME = "A name from `singlestep list`, or the path of a YAML file."
HELP_SOCIETY = "The town and its people: a name from `singlestep list`, or the path of a YAML file."
HELP_WHOSE_ACTS = "Whose acts and services the regime names: a name from the list, or a path; `coast` if left out."
HELP_PEOPLE = "How many people live in the made-up town."
HELP_YEARS = "How many years they live."
HELP_SEED = "Which made-up people, and which luck."
HELP_SEEDS = "How many seeds, counted up from --seed. From three on, findings show intervals."
HELP_THREADS = "How many threads work. They change the time, never the result."
HELP_NO_TWIN = "Leave out the twin world under ordinary law."
HELP_OUT = "The run folder; must not hold anything yet. Chosen for you if left out."
HELP_EVENTS = "Also keep a row of every record and every decision (records.parquet, decisions.parquet)."
HELP_STORIES = "Also tell a life of each kind, as the demonstration does (stories.json and the report)."
HELP_JSON = "Print the summary as JSON, and nothing else, on standard output."
HELP_FILE = "The YAML file to check."

# Arguments refused ---------------------------------------------------------------------------------------------------
NOT_WHOLE = Sentence(
    "{what}", "{name} is counted in whole numbers", "a whole number in digits, for example {name}={example}"
)
TOO_FEW_PEOPLE = Sentence(
    "{value} people",
    "with fewer than {least:,} people hardly anything happens to anyone, and nothing could be told from luck",
    "{least} or more",
)
TOO_MANY_PEOPLE = Sentence(
    "{value} people", "people are counted in 31 bits: there can be at most {most:,}", "{most} or fewer"
)
OUT_OF_RANGE = Sentence(
    "{value}", "{name} must lie between {least} and {most}", "a whole number between {least} and {most}"
)
SEEDS_TOO_HIGH = Sentence(
    "seeds {first} to {last}", "seeds have 64 bits: the highest is {most}", "a lower first seed, or fewer seeds"
)
NO_MEMORY = Sentence(
    "{value:,} people, who need about {needed} of memory in this run",
    "only {available} are free",
    "at most {fits} people, or free some memory",
)
NO_MEMORY_AT_ALL = Sentence(
    "{value:,} people, who need about {needed} of memory in this run",
    "only {available} are free, too little for the {least:,} people a run needs at least",
    "the same again once memory is free",
)
TOO_MANY_EVENTS = Sentence(
    "events of {value:,} people over {years} years of all worlds and seeds together",
    "a table of events holds at most {most:,} years of people's lives",
    "at most {fits} people, or fewer years or seeds, or leave events out",
)
NO_EVENTS = Sentence(
    "a run that kept no events",
    "rows of records and decisions are kept only when they are asked for, as they take much room",
    "the same run with events: `{command} --events`, or events=True in Python",
)
NO_MINUTES = Sentence(
    "{what}", "states are kept every so many minutes, from 0 (never) to {most:,}", "a number, for example 10 or 0.5"
)
NO_DISK = Sentence(
    "{available} free on the disk",
    "to be able to resume this run, it keeps up to {needed} of states while it goes on",
    "the name of a folder on a disk with more room, or `--checkpoint-every 0` to keep none",
)
NOT_A_NAME = Sentence(
    "{what}", "a regime or society is a name or the path of a file", "its name, or the path of a file"
)

TOO_FEW_REGIMES = Sentence(
    "{count} regimes", "worlds are compared with each other, from {least} to {most} of them", "two regimes or more"
)
TOO_FEW_SWEPT = Sentence("{count} regimes", "a sweep takes from 1 to {most:,} of them", "one regime or more")
SAME_NAME = Sentence(
    "a second regime called `{name}`",
    "worlds are told apart by the names of their regimes (and `society` is taken)",
    "another `name:` in one of the files",
)

# The run folder ------------------------------------------------------------------------------------------------------
OUT_IS_A_FILE = Sentence("a file of this name", "a run is written into a folder", "the name of a new folder")
OUT_IN_USE = Sentence(
    "a folder that already holds something",
    "a run never writes over what is there",
    "the name of a new folder, for example {free}",
)
DISK_FULL = Sentence(
    "no room left on the disk",
    "the run could not be written whole; what is in the folder is marked as incomplete and must not be used",
    "the name of a folder on a disk with more room; or free some room and go on with `singlestep resume` and this folder",
)
CANNOT_WRITE = Sentence(
    "a folder that could not be written ({reason})",
    "the run could not be written whole; what is in the folder, if anything, is marked as incomplete",
    "the name of a folder that you may write to",
)
NOT_A_PLACE = Sentence("a file of this name", "pictures are written into a folder", "the name of a folder")
OTHER_PICTURES = Sentence("another kind of picture", "figures are drawn as {kinds}", "--figures {kinds}")
IS_A_FOLDER = Sentence("a folder", "the page is one file", "the name of a file")
DISK_FULL_FILE = Sentence(
    "no room left on the disk", "the file could not be written whole, and was not written", "it again after freeing some room"
)
CANNOT_WRITE_FILE = Sentence(
    "a file that could not be written ({reason})", "nothing was written", "the name of a file that you may write"
)
INCOMPLETE = "This run is incomplete: do not use it. It was stopped, or is still going on."

# A run folder that is not as it was written ---------------------------------------------------------------------------
RUN_NEW = "the name of a whole run folder; `singlestep run REGIME --out DIR` makes one"
RUN_AGAIN = "the name of a whole run folder; this makes the run again, the same numbers in a new folder:\n{command} --out DIR"
NO_SUCH_RUN = Sentence("no folder of this name", "there is nothing to read", "{again}")
NOT_A_FOLDER = Sentence("a file, not a folder", "a run is a folder with a manifest.json in it", "{again}")
NOT_A_RUN = Sentence("something that is not a run folder", "no run wrote its manifest.json", "{again}")
OTHER_FORMAT = Sentence(
    "the format {found}", "this version of singlestep reads `{known}` and would misread anything else", "{again}"
)
UNFINISHED = Sentence(
    "a run that was stopped, or is still going on",
    "numbers of a part would be taken for the whole; once it has stopped, `singlestep resume` goes on with it",
    "{again}",
)
IS_WHOLE = Sentence("a run that is whole", "there is nothing left to resume", "{again}")
BRANCHED_ALREADY = Sentence(
    "a run that was itself branched", "its people lived under two regimes, and only one of them could be lived again",
    "the run that it was branched from",
)
NO_SUCH_LABEL = Sentence("{value}", "the run has no such world", "one of: {known}")
STILL_GOING_ON = Sentence(
    "a run that is still going on", "another process is working on it", "the same again once that has ended"
)
NOT_RESUMABLE = Sentence(
    "a manifest that does not say what was run", "a run cannot go on from it", "{again}"
)
OTHER_VERSION = Sentence(
    "a run of singlestep {found}", "this is {known}: the rest would be lived otherwise than the beginning", "{again}"
)

# What a run keeps while it goes on -----------------------------------------------------------------------------------
KEPT_ALTERED = Sentence(
    "other content than the run wrote",
    "its hash is not the one at its end: it was changed or damaged",
    "`singlestep resume` again after removing this file: the run then goes on from what is older",
)
KEPT_IMPOSSIBLE = Sentence(
    "a state that cannot be ({law})",
    "its hashes are right and its contents are not: it was altered",
    "`singlestep resume` again after removing this file: the run then goes on from what is older",
)
KEPT_OTHER_RUN = Sentence(
    "what another run kept",
    "it does not belong to this folder",
    "`singlestep resume` again after removing this file: the run then goes on from what is older",
)
KEPT_OTHER_PROGRAM = Sentence(
    "what another version of the program kept",
    "the rest would be lived otherwise than the beginning",
    "`singlestep resume` again with the version that began the run; or after removing the folder `kept`, to begin anew",
)
KEPT_UNREADABLE = Sentence(
    "a file that could not be read ({reason})",
    "the system gave an error",
    "`singlestep resume` again after removing this file: the run then goes on from what is older",
)
FILE_MISSING = Sentence("no such file", "the manifest says that the run wrote it", "{again}")
FILE_UNREADABLE = Sentence("a file that could not be read ({reason})", "the system gave an error", "{again}")
TRUNCATED = Sentence("only {found:,} bytes", "the run wrote {told:,}: the end is cut off", "{again}")
EDITED = Sentence(
    "other content than the run wrote",
    "its hash is not the one in the manifest: it was changed, damaged or swapped",
    "{again}",
)
A_LINK = Sentence("a link", "a run folder holds its own files; what lies behind a link may be anything", "{again}")
NOT_PLAIN = Sentence("something other than a plain file of at most 1 GB", "no run writes that", "{again}")
NOT_JSON = Sentence("text that is not what a run writes", "it cannot be read as JSON of this format", "{again}")
TABLE_UNREADABLE = Sentence("a table that cannot be read", "it is not Parquet, or not with the columns of a run", "{again}")

# Last lines ----------------------------------------------------------------------------------------------------------
STOPPED = "Stopped. Nothing was written."
STOPPED_IN_FOLDER = (
    "Stopped. The folder {folder} is left and is marked as incomplete in its manifest.json.\n"
    "`singlestep resume {folder}` goes on with it."
)
STOPPED_WHOLE = "Stopped, but the run had ended: the folder {folder} is whole."
NO_MEMORY_LEFT = "The memory ran out. Write fewer people, or free some memory, and run again."
SYSTEM_ERROR = "The system gave an error: {text}. What was to be written may be missing; free some room and run again."
UNEXPECTED = (
    "Something went wrong inside singlestep ({kind}: {text}). This is a fault of the program, not yours. "
    "Please report it with the command you gave; setting {variable}=1 shows the details to report."
)
WRITTEN = "Run folder: {folder} (the sources are listed in its summary.json, under citations)"
STATE_HASH = "State hash of all worlds at their end: {hash} (the same on any number of threads)"
REPORT_WRITTEN = "Report: {report}"
WRITTEN_FIGURES = "{count} figures, each with its data as CSV: {path}"
EXPECTED = "Expected: about {memory} of memory{each}, {results} on the disk{kept}, {time}."
EXPECTED_EACH = " in each of {count} processes"
EXPECTED_KEPT = " (and up to {kept} while it goes on, so that it can be resumed)"
EXPECTED_MOMENTS = "a few seconds"
EXPECTED_SECONDS = "about {count} seconds"
EXPECTED_MINUTES = "about {count} minutes"
EXPECTED_HOURS = "about {count} hours"
EXPECTED_DAYS = "about {count:.1f} days"
PROGRESS = "Living"
PROGRESS_WORLD = "seed {seed}, {world}"
PROGRESS_BEGINS = "{world} (getting ready)"
PROGRESS_LINE = "{text}: {share} % done."
PROGRESS_LINE_LEFT = "{text}: {share} % done, {left} left at this pace."
PROGRESS_COMPILES = "Compiling the model, which only the first run does (a minute or so)"

# The list ------------------------------------------------------------------------------------------------------------
REGIMES = "Regimes"
SOCIETIES = "Societies"
NONE_SHIPPED = "none"
LISTED = "{name}\n    {words}\n    {confidences}"
CONFIDENCE_COUNT = "{count:,} {confidence}"
ENTRIES = "{total:,} entries: {parts}"
NO_ENTRIES = "no entries"
