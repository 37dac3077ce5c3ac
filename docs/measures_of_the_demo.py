"""Writes the table of measures.md: every measure, the test that computes it by hand, and its value in the demonstration.

    python docs/measures_of_the_demo.py [RUN]

takes the folder of a `singlestep demo`, or else makes one, which takes a minute; the table goes between the marks.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from singlestep.study.demo import REGIMES, demo
from singlestep.words import measures as about

PAGE = Path(__file__).parent / "measures.md"
BEGIN, END = "<!-- measures begin -->", "<!-- measures end -->"
WORLD = REGIMES[1]
BY_HAND, HARM = "test_measures_by_hand", "test_each_harm_term_stands_alone"
TESTS: dict[str, str] = {  # measure: the test, in tests/test_measures.py or tests/test_run.py, that computes it by hand
    **dict.fromkeys(
        ("erroneous", "mistaken", "protected", "for another", "cross-context", "disproportionate", "overlong", "missed"), HARM
    ),
    "false points": "test_false_share_of_points_and_gaming_by_hand",
    "gaming": "test_false_share_of_points_and_gaming_by_hand",
    **dict.fromkeys(
        [f"{stage} if {side}" for side in ("wrong", "right") for stage in ("told", "knew", "filed", "decided", "won")],
        "test_the_funnel_by_hand",
    ),
    "true penal": "test_the_funnel_by_hand",
    "silence": BY_HAND,
    "deterrence": "test_shares_of_acts_and_doors_by_hand",
    "fewer protected acts": "test_silence_and_steering_by_hand",
    "fewer harmless acts": "test_silence_and_steering_by_hand",
    "fewer harmful acts": "test_silence_and_steering_by_hand",
    "induced by error": "test_induced_by_error_by_hand",
    **dict.fromkeys(about.EFFECTS.values(), "test_direct_and_total_effects_by_hand"),
    "access": "test_access_days_by_hand",
    "moved": "test_transitions_by_hand",
    "mobility": "test_the_shorrocks_index_by_hand",
    "never out": "test_transitions_by_hand",
    "still waiting": "test_waiting_times_by_hand",
    "wrong by stage": "test_who_is_answerable_by_hand",
    "wrong by body": "test_who_is_answerable_by_hand",
    "erroneous by stage": "test_who_is_answerable_by_hand",
    "resting on wrong records": "test_who_is_answerable_by_hand",
    "records made": "test_the_dose_of_watching_by_hand",
    "records kept": "test_the_dose_of_watching_by_hand",
    "cause of records": BY_HAND,
    "differ": "test_persons_who_differ_are_counted_of_all",
    **dict.fromkeys(
        ("unaffordable", "refused", "refused by a human", "shut at the end", "shut by a clean file", "listed",
         "listed at the end", "class at the end", "clipped", "own points", "ties cut", "level", "cut off", "saturated"),
        "test_shares_of_acts_and_doors_by_hand",
    ),
}  # fmt: skip


def table(summary: dict[str, Any]) -> str:
    """The table, from the summary of a demonstration."""
    lines = ["| measure | formula | test | value in the demonstration |", "|---|---|---|---|"]
    for name in about.MEASURES:
        known = about.MEASURES[name]
        lines.append(f"| {name} | {known.formula} | `{TESTS[name]}` | {_value(summary['measures'][name], known.unit)} |")
    return "\n".join(lines)


def write(text: str, page: Path = PAGE) -> None:
    """Put the table between the marks."""
    old = page.read_text()
    before, rest = old.split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")


def written(page: Path = PAGE) -> str:
    """The table that stands in the page."""
    return page.read_text().split(BEGIN)[1].split(END)[0].strip()


def _value(measure: dict[str, Any], unit: str) -> str:
    """Counts and value over everyone, or of the row with the largest count."""
    counted = {of: row["worlds"][WORLD] for of, row in measure["rows"].items() if row["worlds"][WORLD] is not None}
    of = about.ALL if about.ALL in counted else max(counted, key=lambda key: abs(counted[key]["numerator"]))
    row = counted[of]
    if row["value"] is None:
        return "nothing to count"
    value = f"{100 * row['value']:.3g} %" if unit == about.SHARE else f"{row['value']:.4g} ({unit})"
    name = "" if of == about.ALL else f"{of}: "
    return f"{name}{row['numerator']:,} of {row['denominator']:,}: {value}"


def main() -> None:
    """Read or make the demonstration and write the table."""
    if len(sys.argv) > 1:
        summary = json.loads((Path(sys.argv[1]) / "summary.json").read_text())
    else:
        with tempfile.TemporaryDirectory() as folder:
            summary = demo(out=Path(folder) / "demo")[0].summary
    write(table(summary))


if __name__ == "__main__":
    main()
