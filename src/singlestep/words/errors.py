"""What the loader says to people when it refuses a file: every sentence in one place, so that it can be translated.

A `Sentence` is the three parts that every refusal has: what was found, why it cannot stand, what to write instead.
Words in braces are filled in by the loader. Texts that come out of a file are escaped and shortened before that.
"""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What was found, why it cannot stand, and what to write instead."""

    found: str
    why: str
    write: str


# How a complaint is laid out -----------------------------------------------------------------------------------------
PLACE = "{file}, line {line}"
PLACE_WHOLE_FILE = "{file}"
LAYOUT = "{place}: found {found}.\n  Why it cannot stand: {why}."
LAYOUT_NEAREST = "\n  Nearest right spelling: `{nearest}`."
LAYOUT_WRITE = "\n  Write: {write}"

# The file itself -----------------------------------------------------------------------------------------------------
NO_SUCH_FILE = Sentence("no file of this name", "there is nothing to read", "the name of a file that exists")
A_FOLDER = Sentence("a folder, not a file", "a regime or a society is one file", "the name of a file inside the folder")
NOT_A_PLAIN_FILE = Sentence(
    "a device, a pipe or a socket, not a plain file",
    "reading it might never end, or give other text each time",
    "the name of a plain file",
)
NO_PERMISSION = Sentence(
    "a file that you may not read", "its permissions forbid it", "a name of a file that you may read"
)
LINK_LOOP = Sentence(
    "a link that leads back to itself", "no file lies at its end", "the name of the file itself instead of the link"
)
BAD_FILE_NAME = Sentence(
    "a file name that this system cannot have", "no file can be found under it", "a shorter or simpler file name"
)
UNREADABLE = Sentence(
    "a file that could not be read ({reason})", "the system gave an error", "the file once more to a sound disk"
)
TOO_LARGE = Sentence(
    "a file of more than {limit} bytes",
    "regimes and societies are to be read by people, and are at most {limit} bytes",
    "long tables into a CSV file beside this one, and name that file here",
)
TOO_MANY_VALUES = Sentence(
    "more than {limit} keys and values",
    "regimes and societies are to be read by people, and have at most {limit} of them",
    "long tables into a CSV file beside this one, and name that file here",
)
OTHER_ENCODING = Sentence(
    "text in {encoding}", "files are read as UTF-8 and nothing else", "the same text, saved as UTF-8 by your editor"
)
NOT_UTF8 = Sentence(
    "the byte 0x{byte:02x}, which is not UTF-8 here",
    "files are read as UTF-8 and nothing else",
    "the same text, saved as UTF-8 by your editor",
)
HIDDEN_CHARACTER = Sentence(
    "the hidden character U+{code:04X}",
    "readers cannot see it, so the file would say other things than it shows",
    "the line again without that character",
)
EMPTY = Sentence("no content", "the file must say something", "keys and their values, such as `name: a short name`")
TOP_NOT_A_MAPPING = Sentence(
    "{what} at the top of the file",
    "the whole file must be keys with their values",
    "keys and their values, such as `name: a short name`",
)
SECOND_DOCUMENT = Sentence(
    "a second document, begun with `---`",
    "a file holds exactly one document",
    "the second document to a file of its own",
)

# Parts of YAML that are refused --------------------------------------------------------------------------------------
TOO_DEEP = Sentence(
    "nesting deeper than {limit} levels",
    "nothing in a regime or a society lies that deep, and people could not follow it",
    "the same in fewer levels; look for a bracket that is never closed",
)
DUPLICATE_KEY = Sentence(
    "the key `{key}` a second time",
    "it stands already in line {first}, and one of the two would be lost",
    "`{key}` once, with the value you mean",
)
MERGE_KEY = Sentence(
    "the merge key `<<`",
    "what comes from elsewhere cannot be seen here, and merges can freeze a reader",
    "the merged keys out in full at this place",
)
ANCHOR = Sentence(
    "the anchor `&{name}`",
    "each value stands where it is used, and nowhere else",
    "the value without `&{name}`; if it is meant as text, put it between quotes",
)
ALIAS = Sentence(
    "the alias `*{name}`",
    "each value stands where it is used, and nowhere else",
    "the value itself; if `*{name}` is meant as text, put it between quotes",
)
TAG = Sentence(
    "a tag, begun with `!`",
    "the kind of a value follows from where it stands, never from the file",
    "the value without the tag; if `!` is meant as text, put the text between quotes",
)
DIRECTIVE = Sentence(
    "a directive, begun with `%`",
    "files are YAML 1.2 without any directive",
    "nothing here; if `%` is meant as text, put the text between quotes",
)
COMPLEX_KEY = Sentence(
    "a key that is not one word of text",
    "keys are plain text on one line",
    "a plain key, such as `name: value`; a text with `?`, `[` or `{{` in front goes between quotes",
)
COMMA_IN_NUMBER = Sentence(
    "the number `{number},{key}`, which its comma cuts in two",
    "between brackets a comma sets one value apart from the next",
    "`{number}{key}`, without the comma",
)
KEY_NOT_TEXT = Sentence(
    "{what} as a key", "keys are text, and this reads as something else", '`"{key}":`, with quotes around the key'
)
KEY_EMPTY = Sentence("an empty key", "a value without a name cannot be found again", "a name before the `:`")

# Values --------------------------------------------------------------------------------------------------------------
NOT_FINITE = Sentence(
    "the number `{value}`",
    "numbers must be finite and fit into a 64-bit float",
    "a finite number; or put it between quotes if it is meant as text",
)
TOO_MANY_DIGITS = Sentence(
    "the number `{value}`",
    "a number of this kind has at most {limit} digits",
    "a shorter number; or put it between quotes if it is meant as text",
)
ESCAPED_CHARACTER = Sentence(
    "the hidden character U+{code:04X}, written as an escape",
    "texts are for people, who cannot see it",
    "the text without that escape",
)

# Grammar -------------------------------------------------------------------------------------------------------------
TAB = Sentence("a tab", "YAML indents and separates with spaces only", "spaces instead of the tab")
ODD_START = Sentence(
    "the character `{character}` at the start of a value",
    "in YAML it has another meaning there",
    "the value between quotes",
)
SECOND_COLON = Sentence(
    "a `: ` where no key can stand",
    "a text with `: ` inside reads as one more key",
    'the text between quotes, such as `note: "first: second"`; or the key on a line of its own',
)
DEEPER_THAN_A_TEXT = Sentence(
    "a key that stands further to the right than the line above",
    "the line above has its value already, so this reads as more of that text",
    "the key under the first letter of the line above; or nothing after the colon there, if this belongs to it",
)
NO_COLON = Sentence(
    "a line without a `:` after its key",
    "among keys, each line needs a key, a colon and a space",
    "`key: value`; or indent the line more, if it goes on with the text above",
)
UNCLOSED_BRACKET = Sentence(
    "a `[` or `{{` whose items are not set apart and closed rightly",
    "items are set apart by commas, and each bracket is closed by its partner",
    "a comma between any two items, and `]` or `}}` at the end",
)
UNCLOSED_QUOTE = Sentence(
    "a quote that is never closed", "the text would run to the end of the file", "the same quote after the text"
)
BAD_ESCAPE = Sentence(
    "a backslash that begins no known escape",
    "between double quotes a backslash has a special meaning",
    "`\\\\` for a backslash, or the text between single quotes",
)
BAD_INDENT = Sentence(
    "a line whose indentation fits none of the lines above",
    "what belongs together starts in the same column",
    "the line under the first letter of its neighbours; in a list, with `- ` in front",
)
BAD_BLOCK_TEXT = Sentence(
    "a text block whose head or indentation cannot be read",
    "after `|` or `>` only `-`, `+` or one digit may stand, and the text below is indented evenly",
    "`|` alone, and the text on the next lines, each indented by two more spaces",
)
GRAMMAR = Sentence(
    "a line that is not YAML",
    "its signs do not fit together",
    "`key: value`, with quotes around a text that holds special signs",
)

# What the schema refuses ---------------------------------------------------------------------------------------------
UNKNOWN_KEY = Sentence("the key `{key}`", "{owner} has no key of that name", "{write}")
MISSING_KEY = Sentence("no key `{key}`", "{owner} needs it", "`{key}:` with {expected} after it")
WRONG_KIND = Sentence("{found}", "here must stand {expected}", "{write}")
NO_SUCH_CHOICE = Sentence("{found}", "it is none of the words that may stand here", "{write}")
OUT_OF_RANGE = Sentence("{found}", "the value must be {expected}", "{write}")
WRONG_LENGTH = Sentence("{found}", "here must stand {expected}", "{write}")
WRONG_PATTERN = Sentence("{found}", "the text must fit the pattern `{pattern}`", "{write}")
OBJECTION = Sentence("{found}", "{why}", "{write}")
UNFIT = Sentence("{found}", "such a value does not fit here", "{write}")

WRITE_PAIR = "`{key}: {value}`"
WRITE_ITEM = "`- {value}`"
WRITE_KIND = "`{key}:` with {expected} after it"
WRITE_KIND_ITEM = "`-` with {expected} after it"
WRITE_KIND_WHOLE = "{expected}"
WRITE_RENAMED = "`{key}:` in its place, with the same content"
WRITE_KEYS = "nothing here, or one of the keys {choices}"
WRITE_NOTHING = "nothing here; no key can be added at this place"
WRITE_MEETS = "a value that meets this"
NO_DURATION = "a duration is a whole number and one of `days`, `weeks`, `months` and `years`"
WRITE_DURATION = "a whole number and a unit, such as `30 days` or `5 years`"
OUTSIDE_OWN_RANGE = "the value {value} lies outside its own range, {low} to {high}"
WRITE_IN_RANGE = "a value from {low} to {high}, or a wider range"
NOT_BETWEEN = "{value} is out of range: it must lie between {low} and {high}"
WRITE_NUMBER_BETWEEN = "a number from {low} to {high}"

A_RIGHT_VALUE = "a value that fits"
A_VALUE_THAT_IS = "a value that is {expected}"
ENTRY = "entry"
AMONG_MORE = "{some} and {count} more"
OR = "{first} or {last}"
OWNER = "{article} {name}"
ARTICLES = ("a", "an")

FOR_KEY = "{what} for `{key}`"
FOR_ITEM = "{what} as item {number} of `{key}`"
FOR_ITEM_OF_ALL = "{what} as item {number}"
WHOLE_FILE = "the file as a whole"
AS_KEY = "the key `{key}`"

# Names of what was found ---------------------------------------------------------------------------------------------
FOUND_TEXT = "the text `{value}`"
FOUND_EMPTY_TEXT = "an empty text"
FOUND_NUMBER = "the number `{value}`"
FOUND_TRUTH = "`{value}`"
FOUND_NOTHING = "nothing (`null`)"
FOUND_LIST = "a list of length {count}"
FOUND_EMPTY_LIST = "an empty list"
FOUND_MAPPING = "keys with values (`{key}` first)"
FOUND_EMPTY_MAPPING = "an empty mapping"
FOUND_OTHER = "a value of another kind"

# Names of what must stand there --------------------------------------------------------------------------------------
KINDS = {
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "complex": "a number",
    "fraction": "a number",
    "finite_number": "a finite number",
    "str": "a text",
    "string": "a text",
    "bool": "`true` or `false`",
    "duration": "a whole number and a unit, such as `30 days`",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "iterable": "a list",
    "iteration": "a list",
    "dict": "keys with values",
    "mapping": "keys with values",
    "model": "keys with values",
    "dataclass": "keys with values",
    "none": "nothing (`null`)",
    "date": "a date, such as `2024-01-31`",
    "datetime": "a date and time, such as `2024-01-31T12:30:00`",
    "time": "a time, such as `12:30`",
    "time_delta": "a span of time",
    "bytes": "a text",
    "url": "a web address",
    "uuid": "a UUID",
}
AT_LEAST = "at least {bound}"
MORE_THAN = "more than {bound}"
AT_MOST = "at most {bound}"
LESS_THAN = "less than {bound}"
MULTIPLE_OF = "a multiple of {bound}"
TEXT_AT_LEAST = "a text of length {bound} or more"
TEXT_AT_MOST = "a text of length {bound} or less"
ITEMS_AT_LEAST = "a list of length {bound} or more"
ITEMS_AT_MOST = "a list of length {bound} or less"
TEXT_OF_PATTERN = "a text that fits `{pattern}`"
ONE_OF = "one of {choices}"

# Finding and putting together files ----------------------------------------------------------------------------------
A_REGIME = "regime"
A_SOCIETY = "society"
ONE_OF_NAMES = "one of {choices}"
OR_A_PATH = "{choices}, or the path of a YAML file"
UNKNOWN_SHIPPED = Sentence(
    "no {kind} of this name",
    "it is not among those that come with singlestep, and does not look like a path",
    "{write}",
)
SOCIETY_FOR_A_SOCIETY = Sentence(
    "a society file, with the society `{society}` given for it",
    "only a regime is about the acts and services of a society",
    "the same without `--society`",
)
OTHER_LANGUAGE = Sentence("a {found} file", "a {wanted} is to be read here", "the name or path of a {wanted}")
BASE_NOT_A_NAME = Sentence(
    "{found} for `extends`", "a regime extends one that comes with singlestep, given by its bare name", "{write}"
)
BASE_UNKNOWN = Sentence(
    "the base `{name}` for `extends`", "no regime of that name comes with singlestep", "`extends: {choice}`"
)
BASE_CIRCLE = Sentence(
    "the base `{name}` for `extends`",
    "the files would extend each other in a circle: {way}",
    "the name of a regime that does not extend this one",
)
NO_EXTENDS = Sentence(
    "the key `extends`", "a society is read whole, from one file", "what the other society says, in this file"
)

# Tables of indicators and acts ---------------------------------------------------------------------------------------
TABLE_NAME = Sentence(
    "{found} for `{key}`",
    "the table lies beside the {owner}, so its bare file name is enough and nothing else is looked for",
    "`{key}:` with a name such as `{key}.csv`, of letters, digits, `-`, `_` and `.`",
)
TABLE_MISSING = Sentence(
    "the table `{name}`", "no file of this name lies beside the {owner}", "the name of a file there"
)
TABLE_OUTSIDE = Sentence(
    "the table `{name}`, which is a link to another place",
    "what counts must lie beside the {owner}, where its readers find it",
    "the name of a plain file beside the {owner}",
)
TABLE_NOT_PLAIN = Sentence(
    "the table `{name}`, which is not a plain file", "only a plain file can be read", "the name of a plain file"
)
TABLE_UNREADABLE = Sentence(
    "the table `{name}`, which could not be read ({reason})", "the system gave an error", "the name of a readable file"
)
TABLE_TOO_LARGE = Sentence(
    "a table of more than {limit:,} bytes",
    "a table of {table} is at most {limit:,} bytes long",
    "fewer or shorter rows",
)
TABLE_EMPTY = Sentence("no content", "a table begins with the names of its columns", "`{columns}` as the first line")
TABLE_TOO_LONG = Sentence("more than {limit:,} {several}", "a {owner} has at most {limit:,} {several}", "fewer rows")
TABLE_BROKEN = Sentence(
    "a row that is not CSV ({reason})", "its quotes or its signs do not fit together", "the cells between commas"
)
COLUMNS_APART = Sentence(
    "columns set apart by {sign}",
    "the cells of a row are set apart by commas",
    "commas in their place; a spreadsheet program does so when it is told to save with commas",
)
SEMICOLONS, TABS = "semicolons", "tabs"
COLUMN_UNKNOWN = Sentence("the column `{name}`", "a table of {table} has no column of that name", "{write}")
COLUMN_TWICE = Sentence("the column `{name}` a second time", "one of the two would be lost", "each column once")
COLUMN_MISSING = Sentence("no column `{name}`", "each {each} needs it", "`{name}` among the columns")
ROW_LENGTH = Sentence(
    "a row of length {found}",
    "the first line names {wanted} columns",
    "one cell for each column; an empty cell is fine",
)
ROW_TWICE = Sentence(
    "the {one} `{name}` a second time", "it stands already in {where}, and one of the two would be lost", "another id"
)
CELL = Sentence("`{value}` in the column `{column}`", "here must stand {expected}", "{write}")
CELL_IDENTIFIER = "a name of small letters, digits and single hyphens, at most 60 signs long"
CELL_POINTS = "a whole number from -10000 to 10000, or a range such as `-5 to -2`"
CELL_LEVEL = "a whole number from 0 to 15"
CELL_SHARE = "a share from 0 to 1, such as `0.05`"
CELL_RATE = "how many times a year, from 0 to 10000"
CELL_COUNT = "a whole number from 1 to 10000"
CELL_DURATION = "a duration, such as `30 days` or `5 years`"
CELL_CHOICE = "one of {choices}"
CELL_TEXT = "a text of at most {limit} signs"
CELL_EXAMPLE = "such a value, for example `{example}`"
CELL_WRITE = "`{near}`"
ROW_CHANGES_NOTHING = Sentence(
    "the rule `{name}`, which changes nothing",
    "a rule gives points, a fine or an entry into a list",
    "points other than 0, or a cell in the column `fine` or `enters`",
)
ANY_SEES = Sentence(
    "the rule `{name}`, which says how well `any` source sees",
    "each source sees with a chance of its own",
    "the name of one source, or nothing in the column `sees`",
)
SEES_TWICE = Sentence(
    "how well `{source}` sees `{act}` a second time",
    "it stands already in {where}, and one of the two would be lost",
    "an empty cell in the column `sees`",
)
TABLE_OF_INDICATORS, EACH_INDICATOR, ONE_RULE, RULES = "indicators", "indicator", "rule", "rules"
TABLE_OF_ACTS, EACH_ACT, ONE_ACT, ACTS = "acts", "act", "act", "acts"
PLACE_LINE = "line {line} of {file}"

# What a file says, as a whole ----------------------------------------------------------------------------------------
THE_REGIME = "this regime"
THE_FILE = "the society's own file"
THIS_SOCIETY = "this society"
THE_SOCIETY = "the society `{name}`"
THE_TRAIT = "the trait `{name}`"
NAMES = {
    "act": "act",
    "source": "source",
    "list": "list",
    "class": "class",
    "door": "service",
    "trait": "trait",
    "level": "level",
}
NO_SUCH_NAME = Sentence("the {kind} `{name}`", "{owner} has no {kind} of that name", "{write}")
WRITE_NEAR = "`{name}` in its place"
WRITE_ONE_OF = "one of {choices}"
WRITE_NONE = "nothing here: {owner} has no {kind} at all"
NAMED_TWICE = Sentence("`{name}` a second time", "once is enough, and one of the two may be a slip", "each name once")
NAMES_NOBODY = Sentence("an empty list for `{key}`", "it would fit nobody and nothing", "at least one name")

# Societies
TRAIT_BUILT_IN = Sentence(
    "the trait `{name}`",
    "a trait of that name is built in and follows from household and place",
    "another name for the trait",
)
TOO_MANY_KINDS = Sentence(
    "{count} kinds of people",
    "the clock tells {most} kinds of people apart at most, and the levels in `archetype` multiply to {count}",
    "fewer traits in `archetype`; the others thin the acts afterwards",
)
GROUP_LEVELS = Sentence(
    "the trait `{name}` with {count} levels for `group`",
    "the group has two levels, the second being the minority",
    "a trait with two levels",
)
DECLARED_ONLY = Sentence(
    "the built-in trait `{name}` for `{key}`", "here a trait is needed that the file itself declares", "{write}"
)
KIND_TWICE = Sentence(
    "the service `{name}`", "an act has that name already, and the dice know things by their names", "another name"
)
FAKES_MISSING = Sentence(
    "no key `fakes`", "an act with `does: fake` says which act it feigns", "`fakes:` with the name of an act"
)
FAKES_NEEDLESS = Sentence(
    "the key `fakes`", "only an act with `does: fake` feigns another", "`does: fake` as well, or no `fakes`"
)
FAKES_ITSELF = Sentence("the act `{name}` for `fakes`", "an act cannot feign itself", "the act that it feigns")
DOOR_AND_BEHIND = Sentence(
    "the service `{name}` for both `door` and `behind`",
    "the act would need the same door to be open and closed, and could never be done",
    "one of the two keys only",
)
FOLLOWS_IN_CIRCLE = Sentence(
    "the act `{name}` in `leads_to`", "acts would follow each other in a circle: {way}", "another act, or nothing"
)
ABOVE_HEADROOM = Sentence(
    "{value} for `{key}`",
    "with it the act would happen {total} times as often, but `headroom` is {headroom}",
    "`headroom: {total}`, or a lower number for `{key}`",
)
OUT_OF_BOUNDS = Sentence(
    "the number {value} for `{key}`", "it must lie between {low} and {high}", "a number between them"
)
TOO_BUSY = Sentence(
    "{rate} occasions a day for people of the kind {kind}",
    "the ceilings of all acts and services together are at most {most} a day, as many as a day holds",
    "lower rates or a lower `headroom`",
)

# Regimes
NO_TRACE = Sentence(
    "the act `{act}` for a source of kind `{kind}`",
    "in {owner} this act leaves only traces of the kinds {traces}",
    "another act, or a source of another kind",
)
SEEN_AND_MISTAKEN = Sentence(
    "the act `{act}` in `mistakes` and in `sees`",
    "one source either sees an act or mistakes it for another",
    "the act in one of the two, or a second source",
)
MISTAKEN_FOR_ITSELF = Sentence(
    "the act `{act}` recorded as itself", "that would be no mistake", "the act under `sees`, or another `recorded_as`"
)
ABOVE_ONE = Sentence(
    "{share} for {what}",
    "times {factor} for the minority that makes {total}, and nothing can happen more often than always",
    "at most {most}, or a lower `{key}`",
)
NOBODY_REPORTS = Sentence(
    "a source of kind `witness`",
    "{owner} has no act with `does: report`, so no witness could ever tell",
    "another kind of source, or another society",
)
NEVER_RECORDED = Sentence(
    "the act `{act}` in a rule",
    "no source that the rule takes records from ever records this act",
    "the act under `sees` of a source, or another act",
)
NOT_SEEN_BY = Sentence("the source `{source}` in `seen_by`", "this source never records the act `{act}`", "{write}")
WRITE_SEEN_BY = "`{source}`, which does; or the act under `sees` of `{source_given}`"
WRITE_SEEN = "the act under `sees` of `{source}`"
NO_LADDER = Sentence("the class `{name}`", "this regime has no ladder of classes", "a `ladder`, or nothing here")
WIDER_THAN_POINTS = Sentence(
    "{points} points", "points run from {low} to {high} only, so the rule could never count in full", "fewer points"
)
LAST_CLASS_FLOOR = Sentence(
    "a floor for the last class `{name}`",
    "people below it would be in no class at all",
    "no `floor` here, or one more class below",
)
CLASS_WITHOUT_FLOOR = Sentence(
    "no floor for the class `{name}`",
    "only the last class has none; nobody would reach those below",
    "`floor:` with points",
)
FLOORS_NOT_FALLING = Sentence(
    "the floor {floor} for the class `{name}`",
    "classes go from best to worst, and the class before has the floor {before}",
    "a floor below {before}",
)
CLASS_UNREACHABLE = Sentence(
    "the class `{name}`", "points run from {low} to {high}, and none of them lead there", "{write}"
)
WRITE_FLOOR_BELOW = "a floor of at most {high}"
WRITE_FLOOR_ABOVE = "a floor above {low} for the class before, `{name}`"
CLASS_TWICE = Sentence("the class `{name}` a second time", "classes are told apart by their names", "another name")
LIST_UNREACHABLE = Sentence(
    "the list `{name}`",
    "no rule enters it, no class leads to it and no other list reaches it, so nobody could ever be on it",
    "`enters: {name}` in a rule, or `entry: {{at_or_below: ...}}` here",
)
LATER_WITHOUT_TERM = Sentence(
    "`later_terms` without a term",
    "the first listing would have no end, so there would be no later one",
    "`term:` with a duration, or no `later_terms`",
)
ONTO_ITSELF = Sentence("the list `{name}` for `onto`", "a list cannot reach onto itself", "the name of another list")
ONTO_WITH = Sentence(
    "the key `{key}` in the list `{name}`",
    "the list `{by}` reaches the household through this one, which has no term, entry or household of its own",
    "nothing here, or another list for `onto` in `{by}`",
)
GATE_WITHOUT_EFFECT = Sentence(
    "the gate `{name}`, which names no class, no list and no price",
    "it would be open to everyone as if it were not there",
    "`classes:` or `lists:` with those who find the door closed, or no gate",
)
NO_TIE_COUNTS = Sentence(
    "a `spill_over` in which no tie counts", "`household`, `near` and `far` are all 0", "a number for one of them"
)
PLANTED_IN_VAIN = Sentence(
    "the act `{act}` among those officials may plant",
    "no rule takes a record of it from the source `{source}`, so it would change nothing",
    "an act for which there is such a rule",
)
EXAMPLE_UNSEEN = Sentence(
    "a record of `{act}` by `{source}`", "this source never records that act", "a source that does{which}"
)
WHICH = ": {choices}"
EXAMPLE_ENDS_EARLY = Sentence(
    "the day {day} for `on_day`", "the last record of the example is of day {last}", "day {last} or later"
)
EXAMPLE_EXPECTS_NOTHING = Sentence(
    "an example that expects nothing", "it would always pass", "`points`, `in_class`, `lists` or `doors_shut`"
)
BACKWARDS = Sentence("the range {low} to {high}", "it runs backwards", "the lower number first")

# Examples ------------------------------------------------------------------------------------------------------------
EXAMPLE_FAILED = Sentence(
    "the example `{words}`, which does not hold",
    "on day {day} {actual}{when}",
    "what the rules bring under `{key}`, or mend the rules until they bring what the example says",
)
CAME_LOWER = "the points are lower than {expected}"
CAME_HIGHER = "the points are higher than {expected}"
CAME_CLASS = "the class is `{actual}` and not `{expected}`"
CAME_LISTS = "the lists are {actual} and not {expected}"
CAME_DOORS = "the doors shut are {actual} and not {expected}"
RANGE = "{low} to {high}"
WHEN_LOW = ", when officials choose the lowest points they may"
WHEN_HIGH = ", when officials choose the highest points they may"
NO_NAMES = "none"
