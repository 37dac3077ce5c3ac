"""The memory forecast: what it adds up, how it grows, and that it lies near what a world takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from singlestep.engine import forecast as about
from singlestep.engine import letters
from singlestep.engine.forecast import Pilot, forecast
from singlestep.engine.state import PAGE, bytes_a_person
from singlestep.engine.world import LEAST_BLOCK
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

MEMORY = Path(__file__).parent.parent / "benchmarks" / "memory.py"


@pytest.fixture()
def town(monkeypatch: pytest.MonkeyPatch) -> tuple[Society, Regime]:
    """A town whose pilot is written by hand: of 90 letters 50 wait for long, and 3 bytes of counters a day arise in its last
    half."""
    pilot = Pilot(200, np.array([[201, 40], [900, 50]]), 100, 400, False)
    monkeypatch.setattr(about, "_pilot", lambda society, regime, days: pilot)
    society = load_society("coast")
    return society, load_regime("none", society)


def test_by_hand(town: tuple[Society, Regime]) -> None:
    told = forecast(*town, 2 * PAGE, 600)
    assert told["state"] == bytes_a_person(False) * 2 * PAGE
    assert told["letters"] == 2 * (40 + 50 * 3) * about.LETTER_BYTES  # due after 800 days, of which 600 are lived: 3 x 200
    packed, begins = 2 * (400 + 3 * 400), 2 * PAGE // 16 * 4
    assert told["counters"] == packed + begins + 2048 * 16 // 2  # and half of what may have changed lately
    assert told["pressed"] == 0
    assert told["memory"] == sum(told[part] for part in ("state", "letters", "pressed", "counters", "scratch", "program"))
    assert told["checkpoint"] == 2 * PAGE * 11 + 2 * 190 * about.PRESSED_BYTES + packed + begins
    assert told["blocks"] == 1


def test_of_many_letters_most_are_pressed(town: tuple[Society, Regime]) -> None:
    told = forecast(*town, 10**6 * PAGE, 600)
    loose = letters.LOOSE
    assert told["letters"] == loose * about.LETTER_BYTES
    assert told["pressed"] == (10**6 * 190 - loose) * about.PRESSED_BYTES


def test_it_grows_with_people_and_days(town: tuple[Society, Regime]) -> None:
    many = [forecast(*town, people, 365)["memory"] for people in (1_000, 10**5, 10**7, 2**31 - 1)]
    assert many == sorted(many) and many[-1] > 2**31 * bytes_a_person(False)
    long = [forecast(*town, 10**6, days)["memory"] for days in (365, 3 * 365, 100 * 365)]
    assert long == sorted(long)
    assert forecast(*town, 3 * LEAST_BLOCK * PAGE, 365)["blocks"] == 3


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="resident sizes are counted otherwise elsewhere")
def test_a_run_takes_what_it_said() -> None:
    """Memory at the peak, what is kept and what is written within 15 % with 20,000, 200,000 and 1,000,000 people."""
    done = subprocess.run([sys.executable, str(MEMORY)], capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()[1:]]
    shares = {(line[0], line[1]): float(line[-1]) for line in lines if line[1] != "seconds"}
    assert len(shares) == 9, done.stdout
    assert all(0.85 < share < 1.15 for share in shares.values()), done.stdout


def test_the_pace_is_that_of_a_piece(town: tuple[Society, Regime], monkeypatch: pytest.MonkeyPatch) -> None:
    lived: list[int] = []
    monkeypatch.setattr(about, "_lived", lambda society, regime, people, follow: lived.append(people) or people * 1e-8)
    paces = [about.pace(*town, people) for people in (5_000, 5_000, 10**6, 4 * 10**6, 10**9, 10**9 + 1)]
    assert lived == [5_000, 1 << 17, 500_000, 1 << 20]  # each is lived once
    assert paces == pytest.approx([5e-5, 5e-5, 0.01, 0.04, 10, 10])
    assert about.pace(*town, 5_000, follow=True) > 0 and len(lived) == 5
