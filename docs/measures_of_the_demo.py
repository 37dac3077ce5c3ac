"""Writes the table of measures.md: every measure, the test that computes it by hand, and its value in the demonstration.

    python docs/measures_of_the_demo.py [RUN]

takes the folder of a `singlestep demo`, or else makes one, which takes a minute; the table goes between the marks. Given the
folder of a comparison with --rests-on, it writes the table of what headlines rest on instead, and keeps that in the library,
so that the demonstration can say it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from singlestep.study.demo import REGIMES, demo
from singlestep.study.folder import as_json
from singlestep.study.rests import KNOWN
from singlestep.study.rests import about as about_run
from singlestep.words import headlines
from singlestep.words import measures as about

PAGE = Path(__file__).parent / "measures.md"
MARKS = ("<!-- {part} begin -->", "<!-- {part} end -->")
WORLD = REGIMES[1]
ABOUT_CHECKS = (
    "These are no findings but checks of the model: how often it had to stop short of what the files ask for. Nought is\n"
    "what they should be: then no bound of the point table, no `headroom` of an act and no limit of four occasions a day\n"
    "has shaped the numbers above."
)
BY_HAND, HARM = "test_measures_by_hand", "test_each_harm_term_stands_alone"
TESTS: dict[str, str] = {  # measure: the test, in tests/test_measures.py or tests/test_run.py, that computes it by hand
    **dict.fromkeys(
        ("erroneous", "mistaken", "protected", "for another", "cross-context", "disproportionate", "overlong", "missed"), HARM
    ),
    "false points": "test_false_share_of_points_by_hand",
    "gaming": "test_gaming_by_hand",
    "missed acts": "test_missed_acts_by_hand",
    "reason to approve": "test_reasons_to_approve_and_to_object_by_hand",
    "reason to object": "test_reasons_to_approve_and_to_object_by_hand",
    "knowledge": "test_knowledge_and_those_left_out_by_hand",
    "not covered": "test_knowledge_and_those_left_out_by_hand",
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
    "harm by stage": "test_who_is_answerable_by_hand",
    "harm by body": "test_who_is_answerable_by_hand",
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
    return "\n".join([*_rows(summary, [name for name in about.MEASURES if name not in about.CHECKS]), "", ABOUT_CHECKS, "",
                      *_rows(summary, about.CHECKS)])  # fmt: skip


def _rows(summary: dict[str, Any], names: Sequence[str]) -> list[str]:
    lines = ["| measure | formula | test | value in the demonstration |", "|---|---|---|---|"]
    for name in names:
        known = about.MEASURES[name]
        lines.append(f"| {name} | {known.formula} | `{TESTS[name]}` | {_value(summary['measures'][name], known.unit)} |")
    return lines


def rests(summary: dict[str, Any]) -> str:
    """The table of what headlines rest on, from the summary of a comparison."""
    lines = ["| question | answer | in the middle | rests most on (range: answers at its ends) |", "|---|---|---|---|"]
    for key, headline in summary["rests_on"]["headlines"][WORLD].items():
        if headline["value"] is None:
            continue
        question = headlines.HEADLINES[key].question.format(base=REGIMES[0])
        inputs = "; ".join(headlines.input_of(key, one) for one in headline["rests_on"])
        lines.append(f"| {question} | {headline['answer']} | {headlines.amount(key, headline['value'])} | {inputs} |")
    return "\n".join(lines)


def write(text: str, part: str = "measures", page: Path = PAGE) -> None:
    """Put the table between its marks."""
    begin, end = (mark.format(part=part) for mark in MARKS)
    before, rest = page.read_text().split(begin)
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end)[1]}")


def written(page: Path = PAGE) -> str:
    """The table of measures that stands in the page."""
    begin, end = (mark.format(part="measures") for mark in MARKS)
    return page.read_text().split(begin)[1].split(end)[0].strip()


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
    if summary["rests_on"] is None or summary["rests_on"].get("beforehand"):
        write(table(summary))
    else:
        write(rests(summary), "rests")
        KNOWN.mkdir(exist_ok=True)
        path = KNOWN / f"{'-'.join(world['name'] for world in summary['worlds'])}.json"
        path.write_bytes(as_json({"of": about_run(summary), "rests_on": summary["rests_on"]}))


if __name__ == "__main__":
    main()
