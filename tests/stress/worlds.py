"""What the tests of agreement share: the files, both readings' state laid side by side, and one hash of everything."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import calendar, tallies
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society, shipped
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

HERE = Path(__file__).parent
STRESS = ("regime", "spill")
PER_PERSON = ("points", "clean", "tie", "board", "lists", "clean_lists", "need", "fear", "awareness", "cut")
YEAR = 365

# The stress society otherwise: other ties, other settling, nobody to tell apart.
VARIANTS: dict[str, dict[str, Any]] = {
    "as written": {},
    "ring": {"ties": {"pattern": "ring"}, "settle_every": 10},
    "alone": {"ties": {"pattern": "none"}, "settle_every": 1, "group": None, "critic": None, "archetype": []},
    "far ties": {"ties": {"pattern": "town", "near": 0, "far": 7}},
    "few ties": {
        "ties": {"pattern": "town", "near": 2, "far": 0},
        "settle_every": 45,
        "city_pages": 2,
        "namesakes_most": 0,
    },
}


def society(name: str = "stress", variant: str = "as written") -> Society:
    """A shipped society, or the stress society in one of its variants."""
    if name != "stress":
        return load_society(name)
    written = load_society(HERE / "society.yaml").model_dump(by_alias=True, exclude_unset=True)
    return Society.model_validate({**written, **VARIANTS[variant]})


def regime(name: str, people: Society) -> Regime:
    """A shipped regime, or one of the stress regimes."""
    return load_regime(HERE / f"{name}.yaml" if name in STRESS else name, people)


def cases() -> list[tuple[str, str]]:
    """Society and regime of every pair that must agree over a year: all shipped regimes and the stress files."""
    return [("coast", name) for name in shipped()["regimes"]] + [("stress", name) for name in STRESS]


def state(world: Any) -> dict[str, NDArray[np.int64]]:
    """Everything that stands, as whole numbers: of each person, and the letters under way."""
    standing = {name: np.asarray(getattr(world, name), dtype=np.int64) for name in PER_PERSON}
    return {**standing, "under way": np.array([world.under_way])}


def everything(world: Any) -> dict[str, NDArray[np.int64]]:
    """State and all tallies."""
    return {**state(world), **{f"tally {name}": np.asarray(world.tallies[name]) for name in tallies.NAMES}}


def differences(one: Any, other: Any) -> list[str]:
    """Where two worlds part: the name of each array, the first place, and both values."""
    found = []
    mine, theirs = everything(one), everything(other)
    for name, values in mine.items():
        if values.shape != theirs[name].shape:
            found.append(f"{name}: {values.shape} and {theirs[name].shape}")
        elif (values != theirs[name]).any():
            place = tuple(int(at) for at in np.argwhere(values != theirs[name])[0])
            found.append(f"{name} {place}: {values[place]} and {theirs[name][place]}")
    return found


def fingerprint(world: Any) -> str:
    """A hash of state and tallies, and the one that the world has of itself."""
    digest = hashlib.sha256()
    for name, values in everything(world).items():
        digest.update(name.encode() + str(values.shape).encode() + np.ascontiguousarray(values, np.int64).tobytes())
    return digest.hexdigest() + " " + str(world.state_hash())


def lived(name: str, variant: str, rules: str, people: int, days: int, seed: int = 1, **how: int) -> World:
    """The engine's world after so many days."""
    made_up = society(name, variant)
    world = World(made_up, regime(rules, made_up), people, seed, **how)
    world.run(days)
    world.finish()
    return world


def settling_days(days: int) -> list[int]:
    """The firsts of a month among so many days."""
    return [day for day in range(1, days) if calendar.is_first_of_month(day)]


def main() -> None:
    """Print the fingerprint of: society, variant, regime, people, days (how another process compares itself)."""
    name, variant, rules, people, days = sys.argv[1:]
    print(fingerprint(lived(name, variant, rules, int(people), int(days))))


if __name__ == "__main__":
    main()
