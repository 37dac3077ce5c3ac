"""The page of a run: what it says, and how it becomes one HTML file that asks nothing of any network.

Texts go through Jinja with escaping on. Only what is made here is put in as it is: the style sheet, the scripts, and JSON
in which no sign can end a script. The page's own policy lets in these and nothing else.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import urllib.parse
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from singlestep.report import charts, figures
from singlestep.report.data import Data, Row, plain, ratio
from singlestep.report.figures import Figure
from singlestep.report.numbers import number, percent, signed
from singlestep.study import summary
from singlestep.words import headlines as headline_words
from singlestep.words import measures as about
from singlestep.words import report as words
from singlestep.words.headlines import spoken
from singlestep.words.stories import date

HERE = Path(__file__).parent
MOST_STORIES = 3
MOST_BYTES = 1_900_000  # of a page that shows everything
MOST_SENTENCES = 200
MOST_DESCRIBED = 6  # worlds whose files are described at the top
LONGEST_COMMAND = 4_000
LAST = ("stories", "measures", "inputs", "again", "not")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take a cell that begins so for a formula
SHARES = ("value", "low", "high")
NUMBERS = {
    "month", "n", "d", "value", "low", "high", "rate_a", "rate_b", "events_a", "events_b", "of_a", "of_b", "difference",
    "ratio", "people", "points", "day", "first_day", "last_day", "at_risk", "censored",
}  # fmt: skip


def render(data: Data) -> str:
    """The page, the same text for the same folder. Where there are so many worlds that it would grow too large, fewer months
    are shown and the table of all measures has their overall rows only."""
    text = _rendered(data)
    if len(text.encode()) > MOST_BYTES:
        data.short = True
        text = _rendered(data)
    return text


def _rendered(data: Data) -> str:
    style, script, library = _style(), _file("page.js"), _file("vega.js")
    stories = _stories(data)
    sections = [_section(data, key, builders) for key, builders in figures.SECTIONS.items()]
    sections += [_last(data, key, stories) for key in LAST]
    found = findings(data)
    drawn = [figure for section in sections for figure in section["figures"]]
    specs = "".join(panel["spec"] for figure in drawn for panel in figure["panels"])
    template = _environment().get_template("page.html.j2")
    return template.render(
        words=words,
        policy=_policy(style, script, library),
        style=Markup(style),
        script=Markup(script),
        library=Markup(library),
        config=script_json(charts.CONFIG),
        textures=Markup(charts.textures(specs)),
        title=_title(data),
        subtitle=_subtitle(data),
        worlds=_worlds(data),
        cautions=[str(sentence) for sentence in data.summary.get("cautions", [])],
        means=_means(data),
        findings=found,
        several=len(data.subjects) > 1,
        questions=_questions(data),
        sections=sections,
        stories=stories,
        measures=_measures(data),
        short=data.short,
        guesses=_guesses(data),
        citations=[str(cite) for cite in data.summary.get("citations", [])],
        cited_title=words.CITED.format(count=len(data.summary.get("citations", []))),
        command=plain(str(data.opened.manifest.get("command", "")), LONGEST_COMMAND),
        proofs=_proofs(data),
        printed=words.PRINTED_FROM.format(version=data.summary.get("singlestep", "")),
    )


# The first screen ----------------------------------------------------------------------------------------------------
def findings(data: Data) -> list[dict[str, Any]]:
    """The headlines, fixed in advance: what happened to how many of how many, in each world that is looked at.

    Each has its measure, its sentence, what stands in the world compared with, and a line for each other world. What
    happened nowhere is left out.
    """
    found = []
    for measure, sentence in words.HEADLINES.items():
        pairs = _pairs(data, measure)
        lines = [_line(data, measure, pairs, world) for world in data.subjects if world in pairs]
        if lines and any(n for seeds in pairs.values() for n, _ in seeds):
            base = "" if data.base not in pairs or data.base in data.subjects else data.base
            found.append(
                {
                    "measure": measure,
                    "text": sentence.format(base=data.names.get(data.base or "", "")),
                    "lines": lines,
                    "under": words.UNDER.format(world=data.names[base], there=_of(ratio(pairs[base]))) if base else "",
                }
            )
    return found


def _pairs(data: Data, measure: str) -> dict[str, list[tuple[int, int]]]:
    """What was counted and of how many, over everyone, by world, seed by seed."""
    pairs: dict[str, list[tuple[int, int]]] = {}
    if measure == "differ":
        rows = data.summary["measures"].get(measure, {}).get("rows", {}).get(about.ALL, {}).get("worlds", {})
        return {world: [(row["numerator"], row["denominator"])] for world, row in rows.items() if row is not None}
    if measure == "people shut out":
        table = data.table("people")
        if table is None:
            return {}
        shut = table.select("seed", "world", table["doors_shut"].fill_null("") != "")
        for row in shut.group_by(["seed", "world"], maintain_order=True).sum().iter_rows(named=True):
            pairs.setdefault(row["world"], []).append((int(row["doors_shut"]), data.people))
        return pairs
    table = data.table("measures")
    if table is not None:
        kept = table.filter((table["measure"] == measure) & (table["of"] == about.ALL))
        for row in kept.iter_rows(named=True):
            pairs.setdefault(row["world"], []).append((int(row["numerator"]), int(row["denominator"])))
    return pairs


def _line(data: Data, measure: str, pairs: dict[str, Any], world: str) -> dict[str, str]:
    """What is said of one world: share, count, difference from the world compared with, and what it rests on."""
    whole = ratio(pairs[world])
    there = pairs.get(data.base or "") if data.base != world else None
    return {
        "world": data.names[world],
        "big": percent(whole["value"]),
        "count": words.COUNT_OF.format(n=number(whole["n"]), d=number(whole["d"])),
        "difference": _difference(pairs[world], there) if there else _apart(data, measure, world),
        "rests": _rests(data, measure, world),
    }


def _of(row: Row) -> str:
    if not row["d"]:
        return words.OF_NOTHING
    if not row["n"]:
        return words.NONE_OF.format(d=number(row["d"]))
    return words.OF.format(n=number(row["n"]), d=number(row["d"]), value=percent(row["value"]))


def _difference(here: Sequence[tuple[int, int]], there: Sequence[tuple[int, int]]) -> str:
    """The paired difference over seeds, in percentage points."""
    values = [a / b - c / d for (a, b), (c, d) in zip(here, there, strict=False) if b and d]
    found = summary.difference(values)
    if found is None:
        return ""
    if not any(values):
        return words.NO_DIFFERENCE.format(seeds=len(values)) if len(values) > 1 else ""
    if found["interval"] is None or found["seeds"] < summary.FEWEST_FOR_INTERVALS:
        return words.DIFFERENCE_FEW.format(mean=signed(100 * found["mean"]))
    low, high = (signed(100 * bound) for bound in found["interval"])
    return words.DIFFERENCE.format(mean=signed(100 * found["mean"]), low=low, high=high, seeds=found["seeds"])


def _apart(data: Data, measure: str, world: str) -> str:
    """Of persons who differ from the world compared with: the interval, how they differ, and since when."""
    found = data.summary["measures"].get(measure, {}).get("rows", {})
    counted = {of: (row.get("worlds", {}).get(world) or {}).get("numerator") for of, row in found.items()}
    told = (found.get(about.ALL, {}).get("differences", {}).get(world) or {}) if measure == "differ" else {}
    sentences = []
    if told.get("interval") and told["seeds"] >= summary.FEWEST_FOR_INTERVALS:
        low, high = (percent(bound) for bound in told["interval"])
        sentences.append(words.INTERVAL.format(low=low, high=high, seeds=told["seeds"]))
    if told and counted.get(about.IN_ACTS) is not None and counted.get(about.IN_DOORS) is not None:
        acts, doors = number(counted[about.IN_ACTS]), number(counted[about.IN_DOORS])
        sentences.append(words.DIFFER_IN.format(acts=acts, doors=doors))
    days = [seed["day"] for seed in data.summary.get("partings", {}).get(world, []) if seed["day"] is not None]
    if told and days:
        first, last = (date(day) for day in (min(days), max(days)))
        sentences.append((words.WORLDS_PART if first == last else words.WORLDS_PART_BETWEEN).format(first=first, last=last))
    return " ".join(sentences)


def _rests(data: Data, measure: str, world: str) -> str:
    """What a headline rests on, if the folder says so: the question that was asked beforehand, its answer, and the inputs."""
    key = words.HEADLINE_OF.get(measure, "")
    headline = _headlines(data).get(world, {}).get(key)
    if headline is None:
        return ""
    value = _minus(headline_words.amount(key, headline["value"]))
    answer = words.ANSWERED[headline["answer"]] if headline["value"] else words.NEITHER
    inputs = [words.RESTS_ON_INPUT.format(**one) for one in _named(headline)]
    rests = words.RESTS_ON.format(inputs=listed(inputs)) if inputs else words.RESTS_ON_NONE
    return f"{_question(data, key)} {answer.format(value=value)} {rests}"


def _headlines(data: Data) -> dict[str, dict[str, Any]]:
    """By world and headline: answer, its value, and the inputs that move it most."""
    rested = data.summary.get("rests_on")
    told = rested.get("headlines", {}) if isinstance(rested, dict) else {}
    return {
        world: {
            key: one
            for key, one in headlines.items()
            if key in headline_words.HEADLINES and one.get("value") is not None and one.get("answer") in words.ANSWERED
        }
        for world, headlines in told.items()
    }


def _question(data: Data, key: str) -> str:
    return headline_words.HEADLINES[key].question.format(base=data.names.get(data.base or "", ""))


def _minus(text: str) -> str:
    """Numbers below nought with the sign for them."""
    return re.sub(r"(?<!\w)-(?=[0-9])", "\u2212", text)


def _named(headline: dict[str, Any]) -> list[dict[str, Any]]:
    """The inputs that move a headline most, in words."""
    named = [(one, *headline_words.named(str(one["input"]))) for one in headline.get("rests_on", [])]
    return [{**one, "input": said, "unit": unit} for one, said, unit in named]


def _questions(data: Data) -> dict[str, Any] | None:
    """The questions fixed in advance with their answers; None where what they rest on was not tried out."""
    rested = data.summary.get("rests_on")
    if not isinstance(rested, dict):
        return None
    several = len(data.subjects) > 1
    rows = []
    for world, headlines in _headlines(data).items():
        for key, headline in headlines.items():
            inputs = listed([_minus(headline_words.input_of(key, one)) for one in headline.get("rests_on", [])])
            value = _minus(headline_words.amount(key, headline["value"]))
            told = (headline["answer"], value, inputs or words.RESTS_ON_NONE)
            rows.append((_question(data, key), *([data.names.get(world, world)] if several else []), *told))
    counted = {"count": rested["guesses"], "people": number(rested["people"]), "again": rested["again"]}
    return {
        "says": words.QUESTIONS_SAY.format(**counted, seed=rested["seeds"][0], seeds=len(rested["seeds"]))
        + (headline_words.BEFOREHAND if rested.get("beforehand") else ""),
        "heads": (words.QUESTION, *([words.WORLD] if several else []), words.ANSWER, words.MIDDLE, words.RESTS),
        "rows": rows,
    }


def _title(data: Data) -> str:
    return words.TITLE.format(worlds=listed([data.names[world] for world in data.subjects]), people=number(data.people))


def _subtitle(data: Data) -> str:
    years = words.ONE_YEAR if data.years == 1 else words.MANY_YEARS.format(years=data.years)
    count = len(data.seeds)
    told = {"count": count, "first": data.seeds[0], "last": data.seeds[-1], "total": number(count * data.people)}
    seeds = words.ONE_SEED if count == 1 else words.SEVERAL_SEEDS.format(**told)
    beside = "" if data.base is None else words.BESIDE.format(others=data.names[data.base])
    return words.SUBTITLE.format(beside=beside, society=data.summary["society"]["name"], years=years, seeds=seeds)


def _worlds(data: Data) -> list[tuple[str, str]]:
    """What each world and the society is, in its file's own words; nothing where there are many."""
    if len(data.worlds) > MOST_DESCRIBED:
        return []
    told = [data.about(role) for role in (*data.ordered, "society")]
    return [(str(one["name"]), str(one.get("words", ""))) for one in told if one is not None]


def _means(data: Data) -> str:
    table = data.table("doors")
    names = [] if table is None else [spoken(name) for name in table["door"].unique(maintain_order=True)]
    return words.DOOR_MEANS.format(doors=len(names), some=listed(names[:3])) if names else ""


# Parts of the page ---------------------------------------------------------------------------------------------------
def _section(data: Data, key: str, builders: Sequence[figures.Builder]) -> dict[str, Any]:
    drawn = [_figure(figure) for figure in (builder(data) for builder in builders) if figure is not None]
    told = words.SECTIONS[key]
    return {"key": key, "title": told.title, "says": told.says, "figures": drawn, "empty": "" if drawn else words.NOTHING}


def _last(data: Data, key: str, stories: list[dict[str, Any]]) -> dict[str, Any]:
    told = words.SECTIONS[key]
    drawn = [figures.confidence(data)] if key == "inputs" else []
    empty = words.NO_STORIES if key == "stories" and not stories else ""
    shown = [_figure(figure) for figure in drawn if figure is not None]
    return {"key": key, "title": told.title, "says": "" if empty else told.says, "figures": shown, "empty": empty}


def _figure(figure: Figure) -> dict[str, Any]:
    told = figure.words
    panels = [
        {
            "key": f"{figure.key}-{place}",
            "spec": script_json(charts.spec(chart)),
            "alt": f"{title}: {told.alt}" if title else told.alt,
        }
        for place, (title, chart) in enumerate(figure.panels, 1)
    ]
    return {
        "key": figure.key,
        "title": told.title,
        "says": told.says,
        "notes": figure.notes,
        "panels": panels,
        **_table(figure.columns, figure.rows, figure.percent),
    }


def _table(columns: Sequence[str], rows: Sequence[Row], shares: bool) -> dict[str, Any]:
    return {
        "columns": [{"title": words.COLUMNS[column], "number": column in NUMBERS} for column in columns],
        "rows": [[_cell(row.get(column), column, shares) for column in columns] for row in rows],
        "csv": "data:text/csv;charset=utf-8," + urllib.parse.quote(csv_text(columns, rows), safe=" ,;:()/'"),
    }


def _cell(value: Any, column: str, shares: bool) -> dict[str, Any]:
    known = column in NUMBERS
    if value is None:
        text = words.NO_VALUE if known else ""
    elif isinstance(value, str):
        text = value
    else:
        text = percent(value) if shares and column in SHARES else number(value)
    return {"text": text, "attributes": Markup(" class=n") if known else ""}


def csv_text(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """The rows as CSV, with as many digits as the figure has, and without text that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_inert(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _inert(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return "'" + value
    return "" if value is None else value


def _measures(data: Data) -> dict[str, Any]:
    """Every measure of the summary, whatever measures there are."""
    rows: list[Row] = []
    for name, measure in data.summary["measures"].items():
        for of, row in measure.get("rows", {}).items():
            if data.short and of != about.ALL:
                continue
            for key, cell in row.get("worlds", {}).items():
                if cell is None:
                    continue
                rows.append(
                    {
                        "measure": name, "item": of, "world": data.names.get(key, key), "n": cell["numerator"],
                        "d": cell.get("denominator"), "value": cell.get("value"), "unit": measure.get("unit", ""),
                    }
                )  # fmt: skip
    return _table(("measure", "item", "world", "n", "d", "value", "unit"), rows, False)


def _guesses(data: Data) -> str:
    guesses = entries = 0
    for role in ("society", *data.worlds):
        counts = (data.about(role) or {}).get("entries", {})
        guesses += counts.get("guess", 0)
        entries += sum(counts.values())
    return words.GUESSES.format(guesses=number(guesses), entries=number(entries))


def _proofs(data: Data) -> list[dict[str, Any]]:
    """Versions and hashes, by which the run can be made again and checked."""
    versions = [(name, version or words.NO_VALUE) for name, version in data.manifest.get("versions", {}).items()]
    inputs = []
    for role, told in data.manifest.get("inputs", {}).items():
        inputs += [(name, digest) for name, digest in told.get("files", {}).items()]
        name = words.RESOLVED.format(role=words.ROLES.get(role, role), name=told.get("name", ""))
        inputs.append((name, told.get("sha256", "")))
    outputs = [(name, entry["sha256"]) for name, entry in data.manifest["files"].items()]
    hashes = words.FILE, words.HASH
    return [
        {"key": "versions", "title": words.VERSIONS, "heads": (words.PART, words.VERSION), "rows": versions},
        {"key": "inputs-hashes", "title": words.HASHES_INPUT, "heads": hashes, "rows": list(dict.fromkeys(inputs))},
        {"key": "outputs-hashes", "title": words.HASHES_OUTPUT, "heads": hashes, "rows": outputs},
    ]


# Stories -------------------------------------------------------------------------------------------------------------
def _stories(data: Data) -> list[dict[str, Any]]:
    """The told lives, each with its picture."""
    found = []
    for place, story in enumerate(stories_of(data), 1):
        figure = figures.life(data, place, story)
        kind = words.STORY_KINDS.get(story["kind"], story["kind"])
        who = words.STORY_PERSON.format(person=story["person"], seed=story["seed"])
        found.append(
            {
                "title": story["title"],
                "who": f"{who}: {kind}" if kind else who,
                "sentences": story["sentences"][:MOST_SENTENCES],
                "twin_title": story["twin_title"],
                "twin": story["twin"][:MOST_SENTENCES],
                "figure": None if figure is None else _figure(figure),
            }
        )
    return found


def stories_of(data: Data) -> list[dict[str, Any]]:
    """The stories in the folder that are shown: three, of different kinds as far as there are."""
    told = cleaned_stories(data.opened.other("stories.json"))
    firsts = {story["kind"]: story for story in reversed(told)}
    chosen = [story for story in told if firsts[story["kind"]] is story]
    chosen += [story for story in told if all(story is not other for other in chosen)]
    return chosen[:MOST_STORIES]


def cleaned_stories(told: Any) -> list[dict[str, Any]]:
    """Stories with every part of the kind it must be; others are left out."""
    found = []
    for story in told if isinstance(told, list) else []:
        try:
            found.append(
                {
                    "kind": plain(str(story["kind"])),
                    "person": int(story["person"]),
                    "seed": int(story["seed"]),
                    "title": plain(str(story["title"])),
                    "sentences": [plain(str(sentence)) for sentence in story["sentences"]],
                    "twin_title": plain(str(story["twin_title"])),
                    "twin": [plain(str(sentence)) for sentence in story["twin"]],
                    "points": {
                        plain(world): [(int(day), int(value)) for day, value in points]
                        for world, points in story["points"].items()
                    },
                    "doors": {
                        plain(world): [
                            (plain(str(door)), int(first), None if last is None else int(last)) for door, first, last in doors
                        ]
                        for world, doors in story["doors"].items()
                    },
                }
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


# Into HTML -----------------------------------------------------------------------------------------------------------
def script_json(content: Any) -> Markup:
    """JSON that can stand inside a script element: no sign in it can end the element or begin a comment."""
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&'":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def listed(names: Sequence[str]) -> str:
    """Names in a row: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return words.LIST_LAST.format(most=", ".join(names[:-1]), last=names[-1])


def _policy(style: str, *scripts: str) -> str:
    """Nothing from anywhere; the page's own style sheet and scripts by their hashes."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _style() -> str:
    drawn = ":is(.chart, .textures)"
    rules = "\n".join(
        f'  {drawn} [fill="{light}"] {{ fill: {dark}; }} {drawn} [stroke="{light}"] {{ stroke: {dark}; }}'
        for light, dark in charts.DARK.items()
    )
    return f"{_file('page.css')}@media screen and (prefers-color-scheme: dark) {{\n{rules}\n}}\n"


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False
    )

