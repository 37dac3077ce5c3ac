"""The summary of a run: every measure, counts pooled over seeds, for each world. The same run gives the same bytes.

No times, hosts, folders or threads are in it. Differences are taken seed by seed, each world minus the base: the twin in a
run, the regime named first in a comparison. From two seeds on their mean has a 95 % t-interval; one seed shows none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from singlestep.measures.counts import FIFTHS, HARMS, Ratio, Rows
from singlestep.measures.disparity import disparity
from singlestep.words import findings as words
from singlestep.words import measures as about
from singlestep.words.stories import date

FORMAT = "singlestep-summary 2"
CONFIDENCE = 0.95
FEWEST_FOR_INTERVALS = 3  # in sentences: Student's t takes 12.7 standard errors for two, 4.3 for three, 2.8 for five
DIGITS = 9  # of interval bounds, so that no library's last bit shows

# Each regime has points and classes of its own; doors can be compared, these cannot (docs/model.md).
NOT_COMPARED = ("class at the end", "own points", "clipped")

LOWEST, HIGHEST = about.BY_INCOME.format(level=FIFTHS[0]), about.BY_INCOME.format(level=FIFTHS[-1])
DISPARITIES = ((about.BY_GROUP[1], about.BY_GROUP[0]), (LOWEST, HIGHEST))

BySeed = list[dict[str, Rows]]


def measures(worlds: dict[str, BySeed], base: str | None, comparisons: dict[str, BySeed]) -> dict[str, Any]:
    """Every measure by name: what it means, and its rows with all worlds and their differences from the base.

    `worlds` holds each world's measures by seed, `comparisons` those that compare each other world with the base.
    """
    found: dict[str, Any] = {}
    first = next(iter(worlds.values()))
    for name in first[0]:
        rows = dict.fromkeys(of for by_seed in worlds.values() for of in by_seed[0][name])
        found[name] = {**_about(name), "rows": {of: _row(name, of, worlds, base) for of in rows}}
    pairs = next(iter(comparisons.values()), [])
    for name in pairs[0] if pairs else ():
        found[name] = {**_about(name), "rows": {of: _compared(name, of, worlds, comparisons) for of in pairs[0][name]}}
    return found


def disparities(measures: dict[str, Any]) -> list[dict[str, Any]]:
    """Harms and refusals of the minority beside the majority, and of the lowest income beside the highest, by world: both
    rates, their difference and ratio, where both groups met with 20 events or more. Counts are pooled over seeds."""
    found = []
    for name in [about.ALSO_PER_YEAR.format(name=term) for term in HARMS if term != "overlong"] + ["refused"]:
        for one, other in DISPARITIES:
            rows = measures[name]["rows"]
            for label, counts in rows[one]["worlds"].items():
                told = disparity(_as_ratio(counts), _as_ratio(rows[other]["worlds"][label]))
                if told is not None:
                    told = {key: [_rounded(rate) for rate in value] if key == "rates" else _rounded(value)
                            for key, value in told.items()}  # fmt: skip
                    counted = [counts, rows[other]["worlds"][label]]
                    found.append({"measure": name, "world": label, "of": [one, other], "counts": counted, **told})
    return found


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % t-interval of the mean of these values; None for fewer than two."""
    number = len(values)
    if number < 2:
        return None
    mean = math.fsum(values) / number
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (number - 1))
    half = _quantile(number - 1) * spread / math.sqrt(number)
    return _rounded(mean - half), _rounded(mean + half)


@cache
def _quantile(degrees: int) -> float:
    """Of Student's t, for the interval."""
    from scipy import stats

    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, degrees))


def difference(values: Sequence[float]) -> dict[str, Any] | None:
    """Mean and interval of one value for each seed; None when no seed gave one."""
    if not values:
        return None
    bounds = interval(values)
    return {
        "mean": _rounded(math.fsum(values) / len(values)),
        "interval": None if bounds is None else list(bounds),
        "seeds": len(values),
    }


def cautions(seeds: int, guesses: int, entries: int) -> list[str]:
    """What is said on every output."""
    some = words.TWO_SEEDS if seeds < FEWEST_FOR_INTERVALS else words.SEVERAL_SEEDS.format(count=seeds)
    luck = words.ONE_SEED if seeds == 1 else some
    return [caution.format(luck=luck, guesses=guesses, entries=entries) for caution in words.CAUTIONS]


def findings(summary: dict[str, Any]) -> list[str]:
    """The main findings in sentences, from a summary."""
    names = {world["label"]: world["name"] for world in summary["worlds"]}
    sentences = [_finding(summary, names, measure) for measure in words.FINDINGS]
    for label in names:
        sentences += _aside(summary, names, label)
    sentences += [_parting(summary, names, label) for label in summary["partings"]]
    if summary["rests_on"] is not None:
        from singlestep.study.rests import sentences as what_it_rests_on

        sentences += what_it_rests_on(summary["rests_on"], names, names[summary["base"]])
    return sentences


def heading(summary: dict[str, Any]) -> str:
    """What was run, in one line."""
    seeds, years = summary["seeds"], summary["years"]
    text = words.SEED if len(seeds) == 1 else words.SEEDS
    return words.HEADING.format(
        worlds=words.WITH.join(world["name"] for world in summary["worlds"]),
        people=summary["people"],
        society=summary["society"]["name"],
        years=years,
        year_word=words.YEAR if years == 1 else words.YEARS,
        seeds=text.format(first=seeds[0], last=seeds[-1]),
    )


def row_of(summary: dict[str, Any], measure: str, of: str = about.ALL) -> dict[str, Any]:
    """A row of a summary: its counts by world and its differences from the base."""
    row: dict[str, Any] = summary["measures"][measure]["rows"][of]
    return row


# Parts ---------------------------------------------------------------------------------------------------------------
def _about(name: str) -> dict[str, str]:
    known = about.MEASURES.get(name)
    if known is None:  # a harm term for 1,000 people a year
        term = next(term for term in about.MEASURES if about.ALSO_PER_YEAR.format(name=term) == name)
        known = about.About(
            about.PER_YEAR_WORDS.format(words=about.MEASURES[term].words), about.PER_YEAR_FORMULA, about.PER_THOUSAND
        )
    return {"words": known.words, "formula": known.formula, "unit": known.unit, "source": known.source}


def _row(name: str, of: str, worlds: dict[str, BySeed], base: str | None) -> dict[str, Any]:
    """One row: counts of each world that has it, differences of each from the base."""
    ratios = {label: [seed[name].get(of) for seed in by_seed] for label, by_seed in worlds.items()}
    pooled = {label: _pooled(here) for label, here in ratios.items()}
    differences = {}
    for label in worlds if base is not None and name not in NOT_COMPARED else ():
        if label != base:
            differences[label] = _difference(ratios[label], ratios[base])  # type: ignore[index]
    return {"worlds": pooled, "differences": differences}


def _difference(here: list[Ratio | None], there: list[Ratio | None]) -> dict[str, Any] | None:
    """Paired by seed; rows about sources, lists and classes are each regime's own and may be missing in the other."""
    pairs = [(one.value, other.value) for one, other in zip(here, there, strict=True) if one and other]
    return difference([a - b for a, b in pairs if a is not None and b is not None])


def _compared(name: str, of: str, worlds: dict[str, BySeed], comparisons: dict[str, BySeed]) -> dict[str, Any]:
    """A row of a measure that compares the worlds already: its value is the difference."""
    row: dict[str, Any] = {"worlds": dict.fromkeys(worlds), "differences": {}}
    for label, by_seed in comparisons.items():
        ratios = [seed[name][of] for seed in by_seed]
        row["worlds"][label] = _pooled(list(ratios))
        row["differences"][label] = difference([ratio.value for ratio in ratios if ratio.value is not None])
    return row


def _pooled(by_seed: list[Ratio | None]) -> dict[str, Any] | None:
    """Numerators and denominators summed over the seeds; None where a world has no such row."""
    ratios = [ratio for ratio in by_seed if ratio is not None]
    if not ratios:
        return None
    whole = Ratio(sum(ratio.numerator for ratio in ratios), sum(ratio.denominator for ratio in ratios), ratios[0].times)
    return {"numerator": whole.numerator, "denominator": whole.denominator, "value": whole.value}


def _as_ratio(counts: dict[str, Any]) -> Ratio:
    numerator, denominator, value = counts["numerator"], counts["denominator"], counts["value"]
    return Ratio(numerator, denominator, round(value * denominator / numerator) if value else 1)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _finding(summary: dict[str, Any], names: dict[str, str], measure: str) -> str:
    """One sentence: the first world's counts, then each other's beside it, with the differences."""
    row, (first, *others) = row_of(summary, measure), names
    under = words.UNDER.format(name=names[first]) if summary["kind"] == "compare" else ""
    here = row["worlds"][first]
    text = (words.FINDINGS if here["denominator"] else words.NOTHING_TO_COUNT)[measure].format(under=under, **counted(here))
    for label in others:
        there = row["worlds"][label]
        beside = words.BESIDE if there["denominator"] else words.BESIDE_NOTHING
        text += beside.format(twin=names[label], there=words.OF.format(**counted(there)))
        text += _interval_text(row["differences"].get(label) or row["differences"].get(first))
    return text


def _aside(summary: dict[str, Any], names: dict[str, str], label: str) -> list[str]:
    """What errors bring about, and what comes through others, under one regime."""
    measures, found = summary["measures"], []
    if "induced by error" in measures:
        row = row_of(summary, "induced by error")["worlds"][label]
        if row is not None and row["denominator"]:
            interval = _own_interval(row_of(summary, "induced by error")["differences"][label])
            found.append(words.INDUCED.format(name=names[label], interval=interval, **counted(row)))
    if "effect on doors" in measures:
        total, direct = (row_of(summary, "effect on doors", of)["worlds"][label] for of in (about.TOTAL, about.DIRECT))
        if total is not None:
            numbers = {"total": total["value"], "direct": direct["value"], "few": total["denominator"]}
            found.append(words.EFFECTS.format(name=names[label], base=names[summary["base"]], **numbers))
    return found


def _parting(summary: dict[str, Any], names: dict[str, str], label: str) -> str:
    """How many persons differ from the base, and when the worlds part."""
    days = [seed["day"] for seed in summary["partings"][label] if seed["day"] is not None]
    row = row_of(summary, "differ")
    when = words.NEVER_PART
    if days:
        first, last = date(min(days)), date(max(days))
        when = (words.PART if first == last else words.PART_BETWEEN).format(first=first, last=last)
    said = {"when": when, "interval": _own_interval(row["differences"][label]), **counted(row["worlds"][label])}
    return words.DIFFER.format(name=names[label], base=names[summary["base"]], **said)


def counted(row: dict[str, Any]) -> dict[str, Any]:
    """What the sentences are filled with: numerator, denominator and share of a world's counts."""
    value, share = row["value"], ""
    if value is not None:
        layout = words.NO_PERCENT if value == 0 else words.PERCENT if value >= 0.01 else words.SMALL_PERCENT
        share = words.SHARE.format(percent=layout.format(value=100 * value))
    return {"n": row["numerator"], "d": row["denominator"], "share": share}


def _own_interval(row: dict[str, Any] | None) -> str:
    """The interval of a measure that compares worlds itself."""
    if row is None or row["interval"] is None or row["seeds"] < FEWEST_FOR_INTERVALS:
        return ""
    low, high = row["interval"]
    return words.OWN_INTERVAL.format(seeds=row["seeds"], low=100 * max(0, low), high=100 * min(1, high))


def _interval_text(row: dict[str, Any] | None) -> str:
    if row is None or row["interval"] is None:
        return ""
    low, high = row["interval"]
    if low == high == 0:
        return words.NO_DIFFERENCE.format(seeds=row["seeds"])
    text = words.TOO_FEW if row["seeds"] < FEWEST_FOR_INTERVALS else words.INTERVAL
    return text.format(seeds=row["seeds"], mean=100 * row["mean"], low=100 * low, high=100 * high)
