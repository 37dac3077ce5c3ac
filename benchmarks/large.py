"""A regime of 142 sources and 160,000 indicators over a society of 40,000 acts, against `rongcheng` over `coast`.

    python benchmarks/large.py [PEOPLE] [--rounds R] [--keep FOLDER]

Every act of `coast` becomes some 714 kinds of it that share its rate, so that people do as much as before; every source of
`rongcheng` becomes eleven (ten for the last) that share the work. A kind is seen by those of the sources that see the act it
is of, under the same rules, and by others, of the sort that can see it, until there are four indicators about it. The others
see one act in five hundred and change a point. Told are seconds to load, seconds to compile the tables, and the ratio of a
step to one of `rongcheng` in turns of 30 days, one settling in each. Occasions and records are about as many in both worlds;
but here every act taken is looked at by some four sources, in `rongcheng` one in three by one or two, so that a part of the
ratio is for some seven times as many looks (both are printed).
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import cost, occasions, rongcheng
from pairing import alternate
from singlestep.engine.letters import RECORD
from singlestep.engine.step import LETTERS_SENT
from singlestep.engine.world import World
from singlestep.quantities import Quantity
from singlestep.regime.loader import load_regime, load_society, resolved
from singlestep.regime.schema import Regime, Rule
from singlestep.regime.tables import ends, takes_from
from singlestep.rooms.lives import TAKEN
from singlestep.society.schema import Act, Society

ACTS, SOURCES, INDICATORS = 40_000, 142, 160_000
OF_EACH = INDICATORS // ACTS
OTHERS_SEE = 0.002  # of acts
EXPIRES = "2 years"
COLUMNS = ("id", "source", "act", "points", "sees", "enters", "fine", "cap", "window", "expires", "counts_from", "known")
DAYS = 30
PEOPLE = 1_000_000
ROUNDS = 5


def write_society(folder: Path, coast: Society) -> None:
    """`society.yaml` and `acts.csv`."""
    data = resolved("coast")
    data |= {"name": "large", "more_acts": "acts.csv"}
    rows = []
    for number, (name, act) in enumerate(coast.acts.items()):
        kinds = kinds_of(number, len(coast.acts))
        rate = act.rate.a_year / (kinds + 1)
        data["acts"][name]["rate"] = rate
        rows += [(kind_name(name, kind), name, f"{rate:.12f}") for kind in range(kinds)]
    (folder / "society.yaml").write_text(json.dumps(data, indent=1))
    write_table(folder / "acts.csv", ("id", "like", "rate"), rows)


def kinds_of(number: int, acts: int) -> int:
    """How many kinds the act of this number becomes, besides itself."""
    more, left = divmod(ACTS - acts, acts)
    return more + (number < left)


def kind_name(act: str, kind: int) -> str:
    """The name of a kind of act."""
    return f"{act}-k{kind}"


def write_regime(folder: Path, coast: Society, base: Regime) -> None:
    """`regime.yaml` and `indicators.csv`."""
    copies = {name: [name] for name in base.sources}
    sources: dict[str, Any] = {}
    while len(sources) + len(copies) < SOURCES:
        name = list(copies)[len(sources) % len(copies)]
        copy = f"{name}-{len(copies[name])}"
        copies[name].append(copy)
        sources[copy] = {**base.sources[name].model_dump(mode="json", exclude_unset=True), "sees": {}}
    head = {"format": "singlestep-regime 1", "name": "large", "words": "Rongcheng, a hundred and forty-two eyes"}
    rest = {"extends": "rongcheng", "sources": sources, "indicators": "indicators.csv"}
    (folder / "regime.yaml").write_text(json.dumps(head | rest, indent=1))
    rows: list[tuple[object, ...]] = []
    for number, (name, act) in enumerate(coast.acts.items()):
        kinds = kinds_of(number, len(coast.acts))
        for kind in range(-1, kinds):
            rows += indicators(base, act, name, kind, copies)
    write_table(folder / "indicators.csv", COLUMNS, rows)


def indicators(base: Regime, act: Act, name: str, kind: int, copies: dict[str, list[str]]) -> list[tuple[object, ...]]:
    """Four indicators about a kind of act; about the act itself (kind -1) as many as it has rules fewer."""
    ident = name if kind < 0 else kind_name(name, kind)
    rules = [(rule, source) for rule in base.rules.values() if rule.act == name for source in takes_from(rule, base)]
    rules = [(rule, source) for rule, source in rules if name in base.sources[source].sees][:OF_EACH]
    rows: list[tuple[object, ...]] = []
    met = {source for source, x in base.sources.items() if name in x.sees} if kind < 0 else set()
    for rule, source in rules if kind >= 0 else ():
        eye = copies[source][kind % len(copies[source])]
        sees = "" if eye in met else _share(base.sources[source].sees[name])
        met.add(eye)
        rows.append(_row(f"{ident}-{len(rows)}", eye, ident, rule, sees))
    able = [source for source, x in base.sources.items() if not act.traces or x.kind in act.traces]
    eyes = [eye for source in able for eye in copies[source] if eye not in met]
    for extra in range(OF_EACH - len(rules)):
        eye = eyes[(7 * kind + extra) % len(eyes)]
        rows.append(_row(f"{ident}-x{extra}", eye, ident, None, str(OTHERS_SEE)))
    return rows


def _share(share: Quantity) -> str:
    return f"{share.value:.12g}"


def _row(ident: str, source: str, act: str, rule: Rule | None, sees: str) -> tuple[object, ...]:
    if rule is None:
        return (ident, source, act, -1, sees, "", "", "", "", EXPIRES, "", "")
    low, high = ends(rule)
    points = -50 if rule.set_class else low if low == high else f"{low} to {high}"
    cap = rule.cap.points if rule.cap else ""
    rest = (rule.enters or "", rule.fine or "", cap, rule.window or "", rule.expires or "", rule.counts_from)
    return (ident, source, act, points, sees, *rest, str(rule.known).lower())


def write_table(path: Path, columns: tuple[str, ...], rows: list[Any]) -> None:
    """A CSV file."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def measure(folder: Path, people: int, rounds: int) -> None:
    """Load both files and let the world take turns with `rongcheng`."""
    begun, worked = time.perf_counter(), time.process_time()
    society = load_society(folder / "society.yaml")
    regime = load_regime(folder / "regime.yaml", society)
    loading = f"{time.perf_counter() - begun:.1f} s, {time.process_time() - worked:.1f} of processor"
    begun, worked = time.perf_counter(), time.process_time()
    world = World(society, regime, people, 1)
    making = f"{time.perf_counter() - begun:.1f} s, {time.process_time() - worked:.1f} of processor"
    acts, met = len(society.acts), int(world.regime_tables.meet_from[-1])
    print(f"{acts:,} acts, {len(regime.sources)} sources, {len(regime.rules):,} rules, {met / acts:.2f} meetings an act")
    print(f"loading: {loading}; making its tables and world: {making}", flush=True)
    usual = rongcheng(people)
    pairing = alternate(lambda: world.run(DAYS), lambda: usual.run(DAYS), rounds, names=("large", "rongcheng"))
    for name, one, took in (("large", world, pairing.seconds_a), ("rongcheng", usual, pairing.seconds_b)):
        print(f"{name}: {amounts(one)}")
        print(f"{name}: {cost(one, statistics.median(took) / people / DAYS * 1e9)}")
    print(f"large: {pairing.median:.2f} times as long as rongcheng")


def amounts(world: World) -> str:
    """What there was to do each person and day, in words."""
    met = np.diff(world.regime_tables.meet_from)
    taken, letters = world.tallies["act"][:, TAKEN], world.tallies["letter"][:, LETTERS_SENT]
    each_day = {
        "occasions": occasions(world),
        "acts taken": taken.sum() / world.people / world.day,
        "of them before some source": taken[met > 0].sum() / world.people / world.day,
        "looks of a source at an act": (taken * met).sum() / world.people / world.day,
        "letters": letters.sum() / world.people / world.day,
        "of them records": letters[RECORD] / world.people / world.day,
    }
    return ", ".join(f"{amount:.4f} {name}" for name, amount in each_day.items()) + " a person-day"


def main() -> None:
    """Write the files, then measure."""
    asked = argparse.ArgumentParser(description="A very large regime against rongcheng")
    asked.add_argument("people", nargs="?", type=float, default=PEOPLE)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--keep", type=Path, help="a folder for the files; a temporary one if left out")
    given = asked.parse_args()
    coast = load_society("coast")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_society(folder, coast)
        write_regime(folder, coast, load_regime("rongcheng", coast))
        measure(folder, int(given.people), given.rounds)


if __name__ == "__main__":
    main()
