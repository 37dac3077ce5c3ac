"""The rulebook read aloud: every sentence in one place, so that it can be translated."""

from __future__ import annotations

# Checking ------------------------------------------------------------------------------------------------------------
REGIME_READ = "The regime {name} can be read and makes sense in the society {society}."
SOCIETY_READ = "The society {name} can be read and makes sense."
EXAMPLE_HOLDS = "Holds: {words}"

# Numbers -------------------------------------------------------------------------------------------------------------
ALL, NONE = "all", "none"
OUT_OF = "{count} in {base:,}"
POINT = "{n} point"
POINTS = "{n} points"
MINUS = "minus {n}"
PLUS = "plus {n}"
TIMES = "{factor:g} times"
AND = "{first} and {last}"
OR = "{first} or {last}"

# Where things come from ----------------------------------------------------------------------------------------------
CONFIDENCE = {
    "documented": "documented",
    "reported": "reported by the press or by witnesses",
    "derived": "derived from other figures",
    "unverified": "unverified",
    "guess": "a guess",
    "imagined": "imagined",
}
NUMBER_MARK = " ({parts}.)"
WHICH_NUMBER = ("The first number: {what}", "The second number: {what}")  # where a sentence has two
RANGE_MARK = "between {low} and {high}"
SOURCE = "source: {cite}"
BASIS_SAME = "This is {behaviour}, in kind and in size."
BASIS_APART = "In kind this is {behaviour}, in size {size}."
BASIS_SOURCE = " Source: {cite}."
LINE = " ({file}, line {line})"

# Headings ------------------------------------------------------------------------------------------------------------
TITLE = "The rulebook {name}"
OVER = "Read over the society {name}: {words}. Everybody in it is made up."
CITED = "Drawn from: {cites}."
REMARKS = "To be known: {remarks}."
WATCHED = "Who is watched, and by whom"
START = "Where everyone starts"
RULES = "What counts"
RULES_DOMAIN = "On {domain}"
LADDER = "The classes, from best to worst"
LISTS = "The lists"
DOORS = "What is closed to whom"
TIES = "What friends and family add"
KNOWN = "What people are told"
REMEDY = "How to object"
POWERS = "What officials can do"
HARM = "How long a closed door is held to be too long"
COUNTS = "How much of this is known"

# Who is watched ------------------------------------------------------------------------------------------------------
COVERS_ALL = "It covers everyone in town."
COVERS_SOME = "It covers only people of whom this holds: {traits}. Records about anyone else are refused."
TRAIT_IS = "{trait} is {levels}"
NO_SOURCES = "Nobody watches, and nobody keeps records."
BODIES = {
    "police": "the police",
    "court": "the courts",
    "bank": "banks",
    "city-office": "the city's offices",
    "school": "schools",
    "hospital": "hospitals",
    "platform": "online platforms",
    "company": "companies",
    "employer": "employers",
    "neighbours": "neighbours",
}
KINDS = {
    "register": "written registers",
    "camera": "cameras",
    "platform": "platform data",
    "witness": "witnesses who tell",
    "payment": "payment data",
}
SOURCE_IS = "{name}: {words}. Kept by {body}, from {kind}{human}."
BY_HAND = ", entered by hand"
SEES = "It records {share} of these: {act}."
SEES_WITNESS = "A witness sees {share} of these, and may or may not tell: {act}."
SEES_NOTHING = "It sees nothing by itself."
HIT_BY_GROUP = "It hits people of the minority {factor} as often."
MISNAMES = "It names somebody else in {share} of its records."
MISNAMES_BY_GROUP = "With people of the minority that happens {factor} as often."
MISTAKES = "Of these: {act}; it takes {share} for something else: {recorded}."
LOST = "Of its records, {share} are lost on the way to the file."
BY_NAME = "Of its records, {share} are joined to a file on a name alone, so that they may land with a namesake."
MISTYPED = "Of its records, {share} are entered as another act."
DELAYED = "Records arrive after {delay}."
AT_ONCE = "Records arrive the next day."
LATE = "Of its records, {share} come later than that, by up to {up_to}."

# Points and rules ----------------------------------------------------------------------------------------------------
STARTS = "Everyone starts with {start}."
HELD = "Points are held between {low} and {high}."
READ_WITHIN = "What is shown lies between {low} and {high}; behind it, points may go further."
UNBOUNDED = "Points have no bounds that matter."
STACK_ALL = "When several rules fit one record, all of them count."
STACK_GRAVEST = "When several rules fit one record, only the gravest counts."
NO_RULES = "Nothing counts: there are no rules."
RULE_IS = "{name}."
RULE_WORDS = "{name}: {words}."
RULE_FOR = "The act: {act}, {seen_by}."
BRINGS = "It brings {effects}."
SEEN_BY_ANY = "whoever records it"
SEEN_BY = "when recorded by {sources}"
FIXED = "{points}"
CHOSEN = "{low} to {high}, as an official decides"
CLASS_SET = "class {name} for {term}, whatever the points say"
ENTERS = "entry in the list {name}"
FINE = "a fine that adds {fine} of 15 to need"
CAPPED = "At most {points} a calendar year."
REPEATED = "From the {nth} time on, {times} times as much."
WINDOW = "It counts only if the act is no older than {window} when the record arrives."
EXPIRES = "It leaves the file {expires} after the {what}."
FOREVER = "It never leaves the file."
OF_THE = {"act": "act", "record": "record"}
UNKNOWN = "People do not know this rule."

# Classes, lists, doors -----------------------------------------------------------------------------------------------
NO_LADDER = "There are no classes."
CLASS_FROM = "Class {name}: {floor} or more."
CLASS_BELOW = "Class {name}: everyone below."
CLASS_ALL = "Class {name}: everyone."
PERK = "It brings {perk:,} in money a month."
CLAIM = "Whoever is put there is said to be one who {says}."
CLAIM_TRUE = "That is true only where {traits}."
CLAIM_NOBODY = "That is true of nobody."
PUBLISHED_MONTHLY = "What counts is the class as published once a month."
PUBLISHED_DAILY = "What counts is the class of the day."
NO_LISTS = "There are no lists."
LIST_IS = "{name}: {words}."
ENTRY_RULES = "One gets onto it by {count} of the rules above."
ENTRY_CLASS = "Everyone in class {name} or below is on it."
ENTRY_RECORDS = "{count} records alive under these rules keep one on it."
ENTRY_HOUSEHOLD = "One gets onto it through somebody in the household who is on {lists}, and leaves it with them."
TERM = "A listing lasts {term}."
LATER_TERMS = "For those listed before it lasts {terms}."
NO_TERM = "It has no term: one leaves it when its grounds are gone."
FULFIL = "Of those listed, {share} do what is asked within {within}, and are then let off."
WIPES = "On leaving, the points return to the start."
PUBLISHED = "It is published."
NOT_PUBLISHED = "It is not published."
HOUSEHOLD = "Through it {who} of the same household are put onto the list {onto}."
WHO = {"children": "the children", "adults": "the adults", "all": "all others"}
NO_GATES = "No door is closed to anyone."
GATE_IS = "{name} ({words}): {what}."
CLOSED_TO = "closed to {who}"
THE_CLASS = "class {name}"
THE_LIST = "those on the list {name}"
OPEN_TO_ALL = "open to all"
PRICE = "class {name} pays {percent} % of the price"
HUMAN = "A human decides in {share} of the cases, and then follows the score in {reliance}."
OPEN_DOORS = "Nothing closes {doors}."

# The rest ------------------------------------------------------------------------------------------------------------
NO_TIES = "Nothing: everyone's points are their own."
TIES_SHOWN = "Of the points shown, {share} come from others, by the points they last showed; the rest is one's own."
TIES_ABSORBED = "Each month one's own points move towards those of others, by {share} of the difference."
TIE_WEIGHTS = "A person in the household weighs {household}, a tie nearby {near}, a tie far off {far}."
ANNOUNCED = "The rules are announced at the start. Awareness of them then stands at {share} of the most there can be."
NOT_ANNOUNCED = "The rules are not announced at the start."
LASTING = "With time, awareness goes to {share} of the most there can be."
NOT_LASTING = "With time, all awareness goes."
TOLD = "Of those with a record against them, {share} are told of it."
NO_APPEALS = "Nobody can object."
APPEALS = "One can object, and is answered after {wait}."
CAPACITY = "No more than {count:g} objections a month are decided for each 1,000 people; beyond that the wait grows."
WINS_WRONG = "Of objections to a wrong record, {share} are upheld."
WINS_RIGHT = "Of objections to a right record, {share} are upheld."
NO_POWERS = "Nothing beyond the rules."
PLANT = "They can put a false record, as if from {source}, into a file. It may say: {acts}."
ERASE = "They can make a record disappear before it counts."
BENT = "Where they may choose, they bend {share} of their choices; of these, {against} go against the person."
OVERSIGHT = "Of what they plant, {share} are found out, and undone after {after}."
HARM_BOUND = "For acts whose harm is {grade}: {bound}."
COUNT = "{count:,} {confidence}"
COUNTED = "Of {total:,} entries in this rulebook, by what stands behind them: {parts}."
NOTHING_COUNTED = "This rulebook has no entries that need a source."
