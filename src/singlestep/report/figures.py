"""The figures of a run, each with the rows it is drawn from: what is in the figure is in its table, and nothing else.

A builder takes the `Data` of a folder and gives a figure, or None where the run holds nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from singlestep.engine.calendar import MONTH_DAYS
from singlestep.quantities import DAYS_A_YEAR
from singlestep.report import charts
from singlestep.report.data import INCOMES, Data, Row, significant
from singlestep.report.numbers import number, percent
from singlestep.words import measures as about
from singlestep.words import report as words
from singlestep.words.headlines import spoken

LEAST_EVENTS = 20  # on each side of a comparison between groups
LEAST_PRICE = 0.05  # per cent away from the usual one; less is not shown
THOUSAND = 1000
CURVE_POINTS_SHORT = 24  # where the page would grow too large
CURVE_POINTS = 73  # of the curve of exits: five days apart in one year
RATIO = ("n", "d", "value", "low", "high")
HARMS = (
    "erroneous", "induced by error", "mistaken", "protected", "for another", "cross-context", "disproportionate", "overlong",
    "missed",
)  # fmt: skip
DISPARITIES = (
    "refused", "erroneous, a year", "missed, a year", "mistaken, a year", "protected, a year", "for another, a year",
    "cross-context, a year", "disproportionate, a year",
)  # fmt: skip
FUNNEL = ("penal", "told", "knew", "filed", "decided", "won")


@dataclass
class Figure:
    """A figure and its data. `panels` are (title, chart); `columns` are keys of the rows, in the table's order."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]
    panels: list[tuple[str, Any]]
    percent: bool = False  # values are shares
    facts: str = ""
    notes: list[str] = field(default_factory=list)
    filled: dict[str, Any] = field(default_factory=dict)  # what its words are filled in with
    title: str | None = None  # instead of the one in the words
    identity: str | None = None  # instead of the name, where there are several

    @property
    def key(self) -> str:
        """What it is called in the page and in files."""
        return self.identity or self.name

    @property
    def words(self) -> words.FigureWords:
        """Its words, filled in."""
        told = words.FIGURES[self.name]
        details = {"facts": self.facts or words.NO_FACT, "least": LEAST_EVENTS, **self.filled}
        return words.FigureWords(
            self.title or told.title.format(**details), told.says.format(**details), told.alt.format(**details).strip()
        )


Builder = Callable[[Data], "Figure | None"]


# Over time -----------------------------------------------------------------------------------------------------------
def classes(data: Data) -> Figure | None:
    """People by class, month by month, for each world with a ladder of two classes or more."""
    rows: list[Row] = []
    panels = []
    table = data.wide("classes", ["month", "class"], None, "people")
    everyone = data.people
    for world in data.ordered:
        mine = [row for row in table if row["world"] == world and data.is_shown(row["month"])]
        names = list(dict.fromkeys(row["class"] for row in mine))
        if len(names) < 2:
            continue
        label = data.names[world]
        found = data.pooled(mine, ["class", "month"], _count("value"), lambda row: everyone, most=1)
        parts = {name: [row for row in found if row["class"] == name] for name in names}
        rows += found
        ends = {name: percent(part[-1]["value"]) for name, part in parts.items() if part}
        shown = [words.CLASS_LABEL.format(name=name, share=ends[name]) for name in names]
        drawn = [{**row, "class": text} for name, text in zip(names, shown, strict=True) for row in parts[name]]
        panels.append((label, charts.areas(drawn, shown, (words.MONTH, f"{label}: {words.SHARE_OF_PEOPLE}"))))
    if not panels:
        return None
    facts = " ".join(f"{row['world']}, {row['class']}: {percent(row['value'])}." for row in _last_month(rows))
    return Figure("classes", ("world", "month", "class", *RATIO), rows, panels, True, facts, _in_table(data))


def doors_time(data: Data) -> Figure | None:
    """Doors shut at the end of each month: begun less ended so far."""
    everyone = data.people
    shut: dict[tuple[int, str], float] = {}
    rows = []
    for row in _monthly(data, "door"):
        key = row["seed"], row["world"]
        shut[key] = shut.get(key, 0) + row.get("begun", 0) - row.get("ended", 0)
        rows.append({**row, "open": shut[key]})
    shown = [row for row in rows if data.is_shown(row["month"])]
    found = data.pooled(shown, ["month"], lambda row: row["open"], lambda row: everyone, THOUSAND)
    return _lines(data, "doors-time", found, words.FOR_1000, False)


def listed(data: Data) -> Figure | None:
    """People put on a list for the first time by the end of each month."""
    table = data.table("waiting")
    if table is None:
        return None
    rows: list[Row] = []
    everyone, ends = data.people, [*accumulate(MONTH_DAYS * data.years)]
    for seed in data.seeds:
        for world in data.ordered:
            chosen = (table["seed"] == seed) & (table["world"] == world) & (table["event"] == words.FIRST_LISTING)
            mine = table.filter(chosen).select("day", "events").rows()
            for month, end in enumerate(ends, 1):
                if data.is_shown(month):
                    so_far = sum(int(events) for day, events in mine if day < end)
                    rows.append({"seed": seed, "world": world, "month": month, "value": so_far})
    found = data.pooled(rows, ["month"], _count("value"), lambda row: everyone, most=1)
    return _lines(data, "listed", found, words.SHARE_OF_PEOPLE, True)


# What was closed, and to whom ----------------------------------------------------------------------------------------
def doors(data: Data) -> Figure | None:
    """People on whom each door was shut at the end."""
    table = data.wide("doors", ["door"])
    everyone = data.people
    rows = data.pooled(table, ["door"], _count("shut at the end"), lambda row: everyone, THOUSAND)
    rows = _without_noughts(_spoken(rows, "door"), "door")
    if not rows:
        return None
    chart = charts.dots(rows, data.labels, "door", words.FOR_1000, False)
    return Figure("doors", ("door", "world", *RATIO), rows, [("", chart)], False, _most(rows, "door"), _notes(data))


def who(data: Data) -> Figure | None:
    """Doors shut a year for 1,000 people, by income fifth and by group."""
    lived = _lived(data)
    rows = []
    for by, names in (("income", words.INCOME), ("group", words.GROUP)):
        table = data.wide("doors", [by])
        part = data.pooled(
            table, [by], _count("begun"),
            lambda row, by=by: lived.get((row["world"], row["seed"], by, row[by]), 0), THOUSAND,
        )  # fmt: skip
        rows += [{**row, "item": names.get(row[by], row[by])} for row in _in_order(part, by, names)]
    if not any(row["n"] for row in rows) or not lived:
        return None
    chart = charts.dots(rows, data.labels, "item", words.A_YEAR_FOR_1000, False)
    return Figure("who", ("item", "world", *RATIO), rows, [("", chart)], False, _most(rows, "item"), _notes(data))


def shut_days(data: Data) -> Figure | None:
    """Days on which doors were shut, a year for each person, by income and group."""
    names = {about.BY_INCOME.format(level=level): words.INCOME[level] for level in INCOMES}
    names |= dict(zip(about.BY_GROUP, words.GROUP.values(), strict=True))
    table = data.table("doors")
    if table is None:
        return None
    year = 365 * table["door"].n_unique()
    rows = [row for row in data.measure("access", names.__contains__, less=True, times=year)]
    rows = [{**row, "item": names[row["item"]]} for row in _in_order(rows, "item", names)]
    if not any(row["n"] for row in rows):
        return None
    chart = charts.dots(rows, data.labels, "item", words.A_YEAR_EACH, False)
    return Figure("shut-days", ("item", "world", *RATIO), rows, [("", chart)], False, _most(rows, "item"), _notes(data))


def access(data: Data) -> Figure | None:
    """Shares of requests barred by money and by the rules, by income."""
    table = data.wide("doors", ["income"])
    barred_in_all = data.pooled(table, ["income"], lambda row: sum(_count(key)(row) for key in words.BARRED), _count("asked"))
    most = max((row["value"] or 0 for row in barred_in_all), default=0)
    rows = []
    panels = []
    for world in data.ordered:
        label = data.names[world]
        mine = [row for row in table if row["world"] == world]
        drawn = []
        for key, barred in words.BARRED.items():
            part = data.pooled(mine, ["income"], _count(key), _count("asked"))
            drawn += [{**row, "barred": barred} for row in _in_order(part, "income", words.INCOME)]
        drawn = [{**row, "income": words.INCOME.get(row["income"], row["income"])} for row in drawn]
        if not any(row["n"] for row in drawn):
            continue
        rows += drawn
        parts = list(words.BARRED.values())
        title = f"{label}: {words.SHARE_OF_REQUESTS}"
        panels.append((label, charts.stacked(drawn, "income", "barred", parts, title, True, last=most)))
    if not panels:
        return None
    facts = _most(rows, "income", True)
    return Figure("access", ("world", "income", "barred", *RATIO), rows, panels, True, facts, _in_table(data))


# Harms ---------------------------------------------------------------------------------------------------------------
def harms(data: Data) -> Figure | None:
    """Each harm term as a share of what it could have been."""
    rows = []
    for name in HARMS:
        formula = data.summary["measures"].get(name, {}).get("formula", "")
        label = words.HARM_LABELS.get(name, name)
        found = list(data.whole(name).values()) or data.told(name)
        rows += [{**row, "measure": label, "formula": formula} for row in found]
    rows = [row for row in rows if row["d"]]
    if not rows:
        return None
    chart = charts.dots(rows, data.labels, "measure", words.SHARE, True)
    facts = _most(rows, "measure", True)
    return Figure("harms", ("measure", "world", *RATIO, "formula"), rows, [("", chart)], True, facts, _notes(data))


def causes(data: Data) -> Figure | None:
    """Points lost through records that were not true, by cause."""
    return _causes(data, "causes", "points lost", THOUSAND, words.A_YEAR_FOR_1000)


def erroneous(data: Data) -> Figure | None:
    """Doors shut in error by the causes alive in the file."""
    return _causes(data, "erroneous", "erroneous spells", THOUSAND, words.A_YEAR_FOR_1000)


def _causes(data: Data, name: str, column: str, times: int, title: str) -> Figure | None:
    lived = data.people * data.years
    table = [row for row in data.wide("causes", ["cause"]) if row["cause"] != "true"]
    rows = data.pooled(table, ["cause"], _count(column), lambda row: lived, times)
    rows = [{**row, "stage": words.STAGE_OF_CAUSE.get(row["cause"], ""), "cause": _cause(row["cause"])} for row in rows]
    rows = _without_noughts(rows, "cause")
    if not rows:
        return None
    chart = charts.bars(rows, data.labels, "cause", title, False)
    columns = ("cause", "stage", "world", *RATIO)
    return Figure(name, columns, rows, [("", chart)], False, _most(rows, "cause"), _in_table(data))


def _cause(name: str) -> str:
    told, stage = words.CAUSES.get(name, name), words.STAGE_OF_CAUSE.get(name)
    return f"{stage}: {told}" if stage else told


def bodies(data: Data) -> Figure | None:
    """Of the records each kind of body made, how many went wrong."""
    return _shares(data, "bodies", "wrong by body", "body ", words.SHARE_OF_RECORDS)


def brought(data: Data) -> Figure | None:
    """Which kind of body's records shut doors."""
    return _shares(data, "brought", "harm by body", "spells: body ", words.SHARE_OF_DOORS)


def stages(data: Data) -> Figure | None:
    """At which stage records went wrong."""
    return _shares(data, "stages", "wrong by stage", "stage ", words.SHARE_OF_WRONG)


def _shares(data: Data, name: str, measure: str, label: str, title: str) -> Figure | None:
    found = data.measure(measure, lambda of: of.startswith(label))
    rows = _without_noughts([{**row, "item": spoken(row["item"].removeprefix(label))} for row in found], "item")
    if not rows:
        return None
    chart = charts.bars(rows, data.labels, "item", title, True)
    return Figure(name, ("item", "world", *RATIO), rows, [("", chart)], True, _most(rows, "item", True), _in_table(data))


def rights(data: Data) -> Figure | None:
    """Points lost by the kind of act the rule punishes: each right, each grade of harm, and other acts."""
    acts, table = data.table("acts"), data.table("rules")
    if acts is None or table is None:
        return None
    kinds = {act: _kind(harm, right) for act, harm, right in acts.select("act", "harm", "protected").unique().iter_rows()}
    lost: dict[tuple[Any, ...], Row] = {}
    for row in data.wide("rules", ["rule", "act"]):
        kind = kinds.get(row["act"], words.HARMLESS)
        entry = lost.setdefault(
            (row["seed"], row["world"], kind), {"seed": row["seed"], "world": row["world"], "kind": kind, "lost": 0}
        )
        entry["lost"] += max(0, -row.get("points recorded", 0))
    lived = data.people * data.years
    rows = data.pooled(lost.values(), ["kind"], lambda row: row["lost"], lambda row: lived, THOUSAND)
    rows = _without_noughts(rows, "kind")
    if not rows:
        return None
    order = sorted({row["kind"] for row in rows}, key=_kind_order)
    rows.sort(key=lambda row: order.index(row["kind"]))
    chart = charts.bars(rows, data.labels, "kind", words.A_YEAR_FOR_1000, False)
    return Figure("rights", ("kind", "world", *RATIO), rows, [("", chart)], False, _most(rows, "kind"), _in_table(data))


def _kind(harm: str, right: str) -> str:
    if right != "none":
        return words.PROTECTED_KIND.format(right=spoken(right))
    return words.HARMLESS if harm == "none" else words.HARM_KIND.format(harm=harm)


def _kind_order(kind: str) -> tuple[int, str]:
    right = kind.startswith(words.PROTECTED_KIND.partition("{")[0])
    return (0 if right else 2 if kind == words.HARMLESS else 1), kind


# Appeals -------------------------------------------------------------------------------------------------------------
def appeals(data: Data) -> Figure | None:
    """The funnel from a record to a won appeal, wrong and right records apart."""
    table = data.wide("flow", [])
    rows = []
    panels = []
    for side, label in words.SIDES.items():
        drawn = []
        for stage in FUNNEL:
            reached, all_of_them = f"{stage} {side}", f"penal {side}"
            part = data.pooled(table, [], _count(reached), _count(all_of_them), most=1)
            drawn += [{**row, "side": label, "reached": words.STAGES[stage]} for row in part if row["d"]]
        if drawn:
            rows += drawn
            title = f"{label}: {words.SHARE_OF_RECORDS}"
            panels.append((label, charts.bars(drawn, data.labels, "reached", title, True)))
    if not panels:
        return None
    facts = " ".join(
        f"{row['world']}, {row['side']}: {number(row['n'])} / {number(row['d'])} {row['reached']}."
        for row in rows
        if row["reached"] == words.STAGES["won"]
    )
    return Figure("appeals", ("side", "reached", "world", *RATIO), rows, panels, True, facts, _in_table(data))


# Silence and deterrence ----------------------------------------------------------------------------------------------
def silenced(data: Data) -> Figure | None:
    """Share of protected acts forgone out of fear, by month."""
    return _forgone(data, "silenced", "protected", "silenced")


def deterred(data: Data) -> Figure | None:
    """Share of harmful acts forgone because of the rules, by month."""
    return _forgone(data, "deterred", "harmful", "deterred")


def _forgone(data: Data, name: str, item: str, column: str) -> Figure | None:
    rows = [row for row in _grouped_months(data, "act") if row["item"] == item]
    found = data.pooled(
        rows, ["month"], _count(column),
        lambda row: row.get("taken", 0) + row.get("deterred", 0) + row.get("silenced", 0),
    )  # fmt: skip
    return _lines(data, name, found, words.SHARE, True)


def fewer(data: Data) -> Figure | None:
    """Acts fewer than the same people did in the world compared with, by month."""
    if data.base is None:
        return None
    months = _grouped_months(data, "act")
    there = {(row["seed"], row["item"], row["month"]): row for row in months if row["world"] == data.base}
    rows: list[Row] = []
    panels = []
    for world in data.subjects:
        mine = [row for row in months if row["world"] == world and row["item"] in words.KINDS]
        drawn = data.pooled(
            mine, ["item", "month"],
            lambda row: there[row["seed"], row["item"], row["month"]].get("taken", 0) - row.get("taken", 0),
            lambda row: there[row["seed"], row["item"], row["month"]].get("taken", 0),
        )  # fmt: skip
        drawn = [{**row, "kind": words.KINDS[row["item"]]} for row in drawn if row["d"]]
        if not drawn:
            continue
        rows += drawn
        titles = words.MONTH, f"{data.names[world]}: {words.SHARE}"
        panels.append((data.names[world], charts.lines(drawn, data.labels, "month", titles, True, series="kind")))
    if not panels:
        return None
    figure = Figure("fewer", ("world", "kind", "month", *RATIO), rows, panels, True, "", _notes(data))
    figure.filled["base"] = data.names[data.base]
    return figure


# Disparity -----------------------------------------------------------------------------------------------------------
def disparity(data: Data) -> Figure | None:
    """Rates of the minority and the majority, of the poorest and the richest fifth; nothing on fewer than 20 events."""
    pairs = (
        (words.PAIR_GROUP, about.BY_GROUP[1], about.BY_GROUP[0]),
        (
            words.PAIR_INCOME, about.BY_INCOME.format(level=INCOMES[0]), about.BY_INCOME.format(level=INCOMES[-1]),
        ),
    )  # fmt: skip
    rows = []
    for name in DISPARITIES:
        found = {(row["world"], row["item"]): row for row in data.measure(name)}
        for pair, one, other in pairs:
            for world in data.labels:
                a, b = found.get((world, one)), found.get((world, other))
                if a is not None and b is not None and (a["n"] or b["n"]):
                    rows.append({"measure": _harm_label(name), "pair": pair, "world": world, **_apart(a, b)})
    if not rows:
        return None
    panels = []
    for pair, _, _ in pairs:
        drawn = [row for row in rows if row["pair"] == pair and row["value"] is not None]
        if drawn:
            panels.append((pair, charts.dots(drawn, data.labels, "measure", f"{pair}: {words.RATIO}", False, one=True)))
    columns = (
        "pair", "measure", "world", "events_a", "of_a", "rate_a", "events_b", "of_b", "rate_b", "difference", "ratio",
    )  # fmt: skip
    return Figure("disparity", columns, rows, panels, False, "", [words.OVER_ALL_SEEDS] if len(data.seeds) > 1 else [])


def _harm_label(name: str) -> str:
    """A measure by name, also where it is one for 1,000 people a year."""
    short = name.removesuffix(about.ALSO_PER_YEAR.format(name=""))
    return words.HARM_LABELS.get(short, short)


def _apart(a: Row, b: Row) -> Row:
    """Two rates side by side; no rates, difference or ratio unless both rest on 20 events."""
    counted = {"events_a": a["n"], "of_a": a["d"], "events_b": b["n"], "of_b": b["d"]}
    if min(a["n"], b["n"]) < LEAST_EVENTS:
        return {**counted, "rate_a": None, "rate_b": None, "difference": None, "ratio": None, "value": None}
    between = significant(a["value"] / b["value"])
    return {
        **counted, "rate_a": a["value"], "rate_b": b["value"], "difference": significant(a["value"] - b["value"]),
        "ratio": between, "value": between,
    }  # fmt: skip


# Lock-in -------------------------------------------------------------------------------------------------------------
def lock_in(data: Data) -> Figure | None:
    """Doors shut on people that opened again, and that were still shut at the end."""
    table = data.wide("doors", [])
    rows = []
    results = (
        (words.STILL_SHUT, lambda row: row.get("begun", 0) - row.get("ended", 0)),
        (words.OPENED, _count("ended")),
    )
    for result, counted in results:
        part = data.pooled(table, [], counted, _count("begun"), most=1)
        rows += [{**row, "result": result} for row in part if row["d"]]
    if not rows:
        return None
    parts, colours = [words.STILL_SHUT, words.OPENED], (charts.WORLDS[0], charts.SOFT_FILL)
    chart = charts.stacked(rows, "world", "result", parts, words.SHARE_OF_DOORS, True, colours=colours)
    facts = _most([row for row in rows if row["result"] == words.STILL_SHUT], "result", True)
    return Figure("lock-in", ("world", "result", *RATIO), rows, [("", chart)], True, facts, _in_table(data))


def stuck(data: Data) -> Figure | None:
    """People and doors for whom there was no way back by the end."""
    rows = [{**row, "item": words.NEVER_OUT} for row in data.measure("never out", lambda of: of == about.ALL) if row["d"]]
    for row in data.measure("still waiting", words.STILL_WAITING.__contains__):
        if row["d"]:
            rows.append({**row, "item": words.STILL_WAITING[row["item"]]})
    if not any(row["n"] for row in rows):
        return None
    chart = charts.dots(rows, data.labels, "item", words.SHARE, True)
    return Figure("stuck", ("item", "world", *RATIO), rows, [("", chart)], True, _most(rows, "item", True), _notes(data))


def exits(data: Data) -> Figure | None:
    """Kaplan and Meier's estimate of the share of doors still shut, by days since they were shut."""
    table = data.table("spells")
    if table is None or not table.height:
        return None
    import numpy as np
    from scipy import stats

    last = 365 * data.years
    watched_for: list[str] = []
    days = np.arange(0, last + 1, last // (CURVE_POINTS_SHORT if data.short else CURVE_POINTS))
    rows: list[Row] = []
    for world in data.ordered:
        mine = table.filter(table["world"] == world)
        if not mine.height:
            continue
        opened = mine["until"].is_not_null().to_numpy()
        lengths = (mine["until"].fill_null(last) - mine["from"]).to_numpy().astype(np.float64)
        sample = stats.CensoredData(uncensored=lengths[opened], right=lengths[~opened])
        shares = stats.ecdf(sample).sf.evaluate(days)
        counted = {"doors": len(lengths), "opened": int(opened.sum()), "censored": int((~opened).sum())}
        said = {name: number(count) for name, count in counted.items()}
        watched_for.append(words.CENSORED.format(world=data.names[world], **said))
        for day, share in zip(days, shares, strict=True):
            watched = int((lengths >= day).sum())
            if not watched:
                break  # nobody is left to be watched: the estimate ends
            rows.append(
                {
                    "world": data.names[world], "day": int(day), "value": significant(float(share)),
                    "n": int((opened & (lengths <= day)).sum()), "d": len(lengths), "at_risk": watched,
                    "censored": int((~opened & (lengths < day)).sum()),
                }
            )  # fmt: skip
    if not rows:
        return None
    titles = words.DAYS_SHUT, words.STILL_SHUT_SHARE
    chart = charts.lines(rows, data.labels, "day", titles, True, interpolate="step-after")
    ends = {row["world"]: row for row in rows}
    facts = " ".join(
        words.FACT_DAY.format(world=name, value=percent(row["value"]), day=row["day"]) for name, row in ends.items()
    )
    columns = ("world", "day", "value", "n", "d", "at_risk", "censored")
    return Figure("exits", columns, rows, [("", chart)], True, facts, [*watched_for, words.CURVE_STEPS.format(days=days[1])])


# Watching and gains --------------------------------------------------------------------------------------------------
def watching(data: Data) -> Figure | None:
    """Records made a year for each person, by source."""
    return _by_source(data, "watching", "records made")


def kept(data: Data) -> Figure | None:
    """Records that changed a file a year for each person, by source."""
    return _by_source(data, "kept", "records kept")


def _by_source(data: Data, name: str, measure: str) -> Figure | None:
    label = "source "
    rows = [
        {**row, "source": spoken(row["item"].removeprefix(label))}
        for row in data.measure(measure, lambda of: of.startswith(label))
    ]
    rows = _without_noughts(rows, "source")
    if not rows:
        return None
    chart = charts.bars(rows, data.labels, "source", words.A_YEAR_EACH, False)
    return Figure(name, ("source", "world", *RATIO), rows, [("", chart)], False, _most(rows, "source"), _in_table(data))


def dose(data: Data) -> Figure | None:
    """Records made and records that changed a file, a year for each person."""
    rows = []
    for name, label in (("records made", words.RECORDS_MADE), ("records kept", words.RECORDS_KEPT)):
        rows += [{**row, "item": label} for row in data.whole(name).values()]
    if not any(row["n"] for row in rows):
        return None
    chart = charts.bars(rows, data.labels, "item", words.A_YEAR_EACH, False)
    return Figure("dose", ("item", "world", *RATIO), rows, [("", chart)], False, _most(rows, "item"), _in_table(data))


def perks(data: Data) -> Figure | None:
    """Perks paid, by income."""
    lived = _lived(data)
    rows = data.pooled(
        data.wide("flow", ["income"]), ["income"], _count("perks"),
        lambda row: lived.get((row["world"], row["seed"], "income", row["income"]), 0), THOUSAND,
    )  # fmt: skip
    rows = [
        {**row, "income": words.INCOME.get(row["income"], row["income"])} for row in _in_order(rows, "income", words.INCOME)
    ]
    if not lived or not any(row["n"] for row in rows):
        return None
    chart = charts.dots(rows, data.labels, "income", words.A_YEAR_FOR_1000, False)
    return Figure("perks", ("income", "world", *RATIO), rows, [("", chart)], False, _most(rows, "income"), _notes(data))


def prices(data: Data) -> Figure | None:
    """Average price of granted services by income; left out where it is everywhere the usual one."""

    def granted(row: Row) -> int:
        return int(row.get("asked", 0) - row.get("unaffordable", 0) - row.get("refused", 0))

    rows = data.pooled(data.wide("doors", ["income"]), ["income"], _count("price"), granted)
    rows = [
        {**row, "income": words.INCOME.get(row["income"], row["income"])} for row in _in_order(rows, "income", words.INCOME)
    ]
    if all(row["value"] is None or abs(row["value"] - 100) < LEAST_PRICE for row in rows):
        return None
    chart = charts.dots(rows, data.labels, "income", words.PER_CENT_PRICE, False, one=False)
    return Figure("prices", ("income", "world", *RATIO), rows, [("", chart)], False, _most(rows, "income"), _notes(data))


def gained(data: Data) -> Figure | None:
    """Points that records brought and took."""
    lived = data.people * data.years
    table = data.wide("causes", [])
    rows = []
    for label, column in ((words.GAINED, "points gained"), (words.LOST, "points lost")):
        part = data.pooled(table, [], _count(column), lambda row: lived)
        rows += [{**row, "gain": label} for row in part]
    rows = _without_noughts(rows, "world")
    if not rows:
        return None
    chart = charts.bars(rows, data.labels, "gain", words.A_YEAR_EACH, False)
    return Figure("gained", ("gain", "world", *RATIO), rows, [("", chart)], False, _most(rows, "gain"), _in_table(data))


def gaming(data: Data) -> Figure | None:
    """Of the points won, those of deeds done for the points alone or never done, by income."""
    names = {about.BY_INCOME.format(level=level): words.INCOME[level] for level in INCOMES}
    found = _in_order(data.measure("gaming", names.__contains__), "item", names)
    rows = [{**row, "item": names[row["item"]]} for row in found]
    if not any(row["n"] for row in rows):
        return None
    chart = charts.dots(rows, data.labels, "item", words.SHARE_OF_POINTS, True)
    return Figure("gaming", ("item", "world", *RATIO), rows, [("", chart)], True, _most(rows, "item", True), _notes(data))


# What went in --------------------------------------------------------------------------------------------------------
def confidence(data: Data) -> Figure | None:
    """Entries of each file by how well they are known."""
    rows = []
    for role in ("society", *data.ordered):
        told = data.about(role)
        entries = told.get("entries") if told is not None else None
        if told is not None and isinstance(entries, dict):
            name = f"{words.ROLES.get(role, role)}: {told['name']}" if role in words.ROLES else told["name"]
            total = sum(entries.values())
            rows += [
                {"role": name, "confidence": words.CONFIDENCES.get(key, key), "n": count, "d": total, "value": count}
                for key, count in entries.items()
                if count
            ]
    if not rows:
        return None
    known = [*words.CONFIDENCES.values()]
    parts = sorted({row["confidence"] for row in rows}, key=lambda name: known.index(name) if name in known else len(known))
    chart = charts.stacked(rows, "role", "confidence", parts, words.ENTRIES, False)
    return Figure("confidence", ("role", "confidence", "n", "d"), rows, [("", chart)], False)


def life(data: Data, place: int, story: dict[str, Any]) -> Figure | None:
    """One told life: points by day in each world, and the days on which doors were shut."""
    points, doors = (
        {data.names.get(world, world): lived for world, lived in story[part].items()} for part in ("points", "doors")
    )
    return lived(points, doors, data.labels, DAYS_A_YEAR * data.years, place)


def lived(
    points: Mapping[str, Sequence[Sequence[int]]],
    doors: Mapping[str, Sequence[Any]],
    labels: list[str],
    last: int,
    place: int = 1,
) -> Figure | None:
    """The figure of a life, from points (day, points) and doors (door, first day, last day or None) by world's name."""
    rows: list[Row] = []
    shut: list[Row] = []
    pointless = [world for world, steps in points.items() if not any(value for _, value in steps)]
    for world, steps in points.items():
        if world not in pointless or len(pointless) == len(points):
            moved = [*steps, (last, steps[-1][1])] if steps and steps[-1][0] < last else steps
            rows += [{"world": world, "day": day, "points": value, "value": value} for day, value in moved]
        for door, first, end in doors.get(world, []):
            until = last if end is None else end
            shut.append({"world": world, "door": spoken(door), "first_day": first, "last_day": until})
    panels = []
    if rows:
        titles = words.DAY, words.POINTS
        drawn = [label for label in labels if any(row["world"] == label for row in rows)]
        chart = charts.lines(rows, drawn, "day", titles, False, interpolate="step-after", height=180, free=True)
        panels.append((words.POINTS, chart))
    if shut:
        panels.append((words.DOORS, charts.spans(shut, labels, (words.DAY, words.DOORS), last)))
    if not panels:
        return None
    notes = [words.NO_POINTS.format(world=world) for world in pointless]
    notes += [words.NO_DOORS.format(world=world) for world in points if not doors.get(world)]
    table = [{"day": row["day"], "world": row["world"], "points": row["points"]} for row in rows]
    table += [
        {"day": row["first_day"], "last_day": row["last_day"], "world": row["world"], "door": row["door"]} for row in shut
    ]
    columns = ("world", "day", "points", "door", "last_day")
    figure = Figure("life", columns, table, panels, notes=notes, identity=f"life-{place}")
    figure.filled["place"] = place
    return figure


SECTIONS: dict[str, tuple[Builder, ...]] = {
    "time": (classes, doors_time, listed),
    "closed": (doors, who, shut_days, access),
    "harms": (harms,),
    "error": (causes, erroneous, stages, bodies, brought),
    "rights": (rights,),
    "appeals": (appeals,),
    "silence": (silenced, deterred, fewer),
    "disparity": (disparity,),
    "lock-in": (lock_in, exits, stuck),
    "watching": (dose, watching, kept),
    "gains": (gained, gaming, perks, prices),
}


# Parts ---------------------------------------------------------------------------------------------------------------
def _spoken(rows: Iterable[Row], key: str) -> list[Row]:
    return [{**row, key: spoken(row[key])} for row in rows]


def _lines(data: Data, name: str, rows: list[Row], title: str, shares: bool) -> Figure | None:
    if not any(row["n"] for row in rows):
        return None
    chart = charts.lines(rows, data.labels, "month", (words.MONTH, title), shares)
    last = {row["world"]: row for row in rows}
    facts = " ".join(
        words.FACT.format(world=world, value=percent(row["value"]) if shares else number(row["value"]))
        for world, row in last.items()
    )
    return Figure(name, ("world", "month", *RATIO), rows, [("", chart)], shares, facts, _notes(data))


def _grouped_months(data: Data, part: str) -> list[Row]:
    """The rows of a part of the monthly table, months added up to the steps that are shown."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in _items_by_month(data, part):
        month = -(-row["month"] // data.month_step) * data.month_step
        key = row["seed"], row["world"], row["item"], month
        entry = found.setdefault(key, {"seed": key[0], "world": key[1], "item": key[2], "month": month})
        for name, value in row.items():
            if name not in ("seed", "world", "item", "month"):
                entry[name] = entry.get(name, 0) + value
    return list(found.values())


def _items_by_month(data: Data, part: str) -> list[Row]:
    return data.wide("monthly", ["month", "item"], part=part)


def _monthly(data: Data, part: str) -> list[Row]:
    """Rows of a part of the monthly table over all items, months in order."""
    return sorted(data.wide("monthly", ["month"], part=part), key=lambda row: int(row["month"]))


def _count(column: str) -> Callable[[Row], int]:
    return lambda row: int(row.get(column, 0))


def _lived(data: Data) -> dict[tuple[Any, ...], int]:
    """Person-years by world, seed, "income" or "group" and which: the denominators of any measure for 1,000 people a year."""
    table = data.table("measures")
    if table is None:
        return {}
    found: dict[tuple[Any, ...], int] = {}
    rows = table.filter(table["measure"] == about.ALSO_PER_YEAR.format(name="erroneous"))
    for world, seed, of, whole in rows.select("world", "seed", "of", "denominator").iter_rows():
        kind, _, which = of.partition(" ")
        found[world, seed, kind, which] = int(whole)
    return found


def _in_order(rows: list[Row], key: str, names: Iterable[str]) -> list[Row]:
    order = list(names)
    return sorted(rows, key=lambda row: order.index(row[key]) if row[key] in order else len(order))


def _without_noughts(rows: list[Row], key: str) -> list[Row]:
    """The rows of items of which anything was counted in any world, biggest first within the first world."""
    alive = {row[key] for row in rows if row["n"]}
    kept = [row for row in rows if row[key] in alive]
    size: dict[Any, float] = {}
    for row in kept:
        size[row[key]] = max(size.get(row[key], 0), row["value"] or 0)
    return sorted(kept, key=lambda row: -size[row[key]])


def _last_month(rows: list[Row]) -> list[Row]:
    last = max(row["month"] for row in rows)
    return [row for row in rows if row["month"] == last]


def _most(rows: Sequence[Row], key: str, shares: bool = False) -> str:
    """The highest value, in words."""
    found = [row for row in rows if row["value"] is not None]
    if not found:
        return ""
    top = max(found, key=lambda row: float(row["value"]))
    said = percent(top["value"]) if shares else number(top["value"])
    return words.FACT_MOST.format(item=top[key], value=said, world=top["world"])


def _notes(data: Data) -> list[str]:
    """What the bands and lines around the values are."""
    return [words.INTERVALS.format(seeds=len(data.seeds))] if data.has_intervals else []


def _in_table(data: Data) -> list[str]:
    """Where the intervals of bars and areas stand, which show none."""
    return [words.INTERVALS_IN_TABLE.format(seeds=len(data.seeds))] if data.has_intervals else []
