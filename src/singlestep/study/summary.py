"""The summary of a run: every measure, counts pooled over seeds, beside the twin. The same run gives the same bytes.

No times, hosts, folders or threads are in it. Differences are taken seed by seed, regime minus twin. From two seeds on
their mean has a 95 % t-interval; one seed shows none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from singlestep.measures.counts import Ratio, Rows
from singlestep.words import findings as words
from singlestep.words import measures as about

FORMAT = "singlestep-summary 1"
CONFIDENCE = 0.95
FEWEST_FOR_INTERVALS = 3  # in sentences: Student's t takes 12.7 standard errors for two, 4.3 for three, 2.8 for five
DIGITS = 9  # of interval bounds, so that no library's last bit shows

# Each regime has points and classes of its own; doors can be compared, these cannot (docs/model.md).
NOT_COMPARED = ("class at the end", "own points", "clipped")

BySeed = list[dict[str, Rows]]


def measures(worlds: BySeed, twins: BySeed | None, comparisons: BySeed) -> dict[str, Any]:
    """Every measure by name: what it means, and its rows with both worlds and their difference."""
    found: dict[str, Any] = {}
    for name in worlds[0]:
        found[name] = {
            **_about(name),
            "rows": {of: _row(name, of, worlds, twins) for of in worlds[0][name]},
        }
    for name in comparisons[0] if comparisons else ():
        rows = {of: _compared([seed[name][of] for seed in comparisons]) for of in comparisons[0][name]}
        found[name] = {**_about(name), "rows": rows}
    return found


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % t-interval of the mean of these values; None for fewer than two."""
    number = len(values)
    if number < 2:
        return None
    from scipy import stats

    mean = math.fsum(values) / number
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (number - 1))
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, number - 1)) * spread / math.sqrt(number)
    return _rounded(mean - half), _rounded(mean + half)


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
    twin = summary["twin"]["name"] if summary["twin"] else None
    sentences = []
    for measure, sentence in words.FINDINGS.items():
        row = summary["measures"][measure]["rows"][about.ALL]
        here, there = row["regime"], row["twin"]
        text = sentence.format(**_counted(here)) if here["denominator"] else words.NOTHING_TO_COUNT[measure]
        if twin is not None and there["denominator"]:
            text += words.BESIDE.format(twin=twin, there=words.OF.format(**_counted(there)))
        elif twin is not None:
            text += words.BESIDE_NOTHING.format(twin=twin)
        text += _interval_text(row["difference"])
        sentences.append(text)
    return sentences


def heading(summary: dict[str, Any]) -> str:
    """What was run, in one line."""
    seeds, years, twin = summary["seeds"], summary["years"], summary["twin"]
    text = words.SEED if len(seeds) == 1 else words.SEEDS
    return (words.HEADING_TWIN if twin else words.HEADING).format(
        regime=summary["regime"]["name"],
        twin=twin["name"] if twin else "",
        people=summary["people"],
        society=summary["society"]["name"],
        years=years,
        year_word=words.YEAR if years == 1 else words.YEARS,
        seeds=text.format(first=seeds[0], last=seeds[-1]),
    )


# Parts ---------------------------------------------------------------------------------------------------------------
def _about(name: str) -> dict[str, str]:
    known = about.MEASURES.get(name)
    if known is None:  # a harm term for 1,000 people a year
        term = next(term for term in about.MEASURES if about.ALSO_PER_YEAR.format(name=term) == name)
        known = about.About(
            about.PER_YEAR_WORDS.format(words=about.MEASURES[term].words), about.PER_YEAR_FORMULA, about.PER_THOUSAND
        )
    return {"words": known.words, "formula": known.formula, "unit": known.unit, "source": known.source}


def _row(name: str, of: str, worlds: BySeed, twins: BySeed | None) -> dict[str, Any]:
    here = [seed[name][of] for seed in worlds]
    row: dict[str, Any] = {"regime": _pooled(here), "twin": None, "difference": None}
    if twins is not None and of in twins[0][name]:  # rows about sources, lists and classes are each regime's own
        there = [seed[name][of] for seed in twins]
        pairs = [(one.value, other.value) for one, other in zip(here, there, strict=True)]
        row["twin"] = _pooled(there)
        if name in NOT_COMPARED:
            return row
        row["difference"] = difference([a - b for a, b in pairs if a is not None and b is not None])
    return row


def _compared(ratios: list[Ratio]) -> dict[str, Any]:
    """A row of a measure that compares the worlds already: its value is the difference."""
    values = [ratio.value for ratio in ratios if ratio.value is not None]
    return {"regime": _pooled(ratios), "twin": None, "difference": difference(values)}


def _pooled(ratios: list[Ratio]) -> dict[str, Any]:
    whole = Ratio(sum(ratio.numerator for ratio in ratios), sum(ratio.denominator for ratio in ratios), ratios[0].times)
    return {"numerator": whole.numerator, "denominator": whole.denominator, "value": whole.value}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _counted(row: dict[str, Any]) -> dict[str, Any]:
    """What the sentences are filled with."""
    value, share = row["value"], ""
    if value is not None:
        layout = words.NO_PERCENT if value == 0 else words.PERCENT if value >= 0.01 else words.SMALL_PERCENT
        share = words.SHARE.format(percent=layout.format(value=100 * value))
    return {"n": row["numerator"], "d": row["denominator"], "share": share}


def _interval_text(row: dict[str, Any] | None) -> str:
    if row is None or row["interval"] is None:
        return ""
    low, high = row["interval"]
    if low == high == 0:
        return words.NO_DIFFERENCE.format(seeds=row["seeds"])
    text = words.TOO_FEW if row["seeds"] < FEWEST_FOR_INTERVALS else words.INTERVAL
    return text.format(seeds=row["seeds"], mean=100 * row["mean"], low=100 * low, high=100 * high)
