"""What a run says before it begins that it will take. Worlds are stand-ins; `test_forecast` holds it against real ones."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests import test_run
from tests.test_resume import stopping
from tests.test_run import FILES, SOCIETY, FakeWorld, small

from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import expecting, run
from singlestep.study.processes import how_many
from singlestep.study.resume import resume
from singlestep.words import commands as words

PEOPLE = 50_000
WORLD, PROGRAM, SCRATCH, STATE = 10**8, 2 * 10**8, 10**7, 3 * 10**6


class Worlds:
    """Worlds of known sizes; a day of one of many rules takes longer."""

    @staticmethod
    def forecast(society: Society, regime: Regime, people: int, days: int) -> dict[str, int]:
        parts = {"memory": PROGRAM + WORLD * people // PEOPLE, "program": PROGRAM, "scratch": SCRATCH, "blocks": 4}
        return parts | {"checkpoint": STATE * (1 + len(regime.rules))}

    @staticmethod
    def pace(society: Society, regime: Regime, people: int, follow: bool) -> float:
        return 0.001 * (1 + len(regime.rules)) * people / PEOPLE


@pytest.fixture
def plan() -> run.Plan:
    """A year of two worlds, and of one without errors, for each of two seeds."""
    society, roles = Society.model_validate(SOCIETY), ("society", "regime", "twin")
    regimes = {label: Regime.model_validate(FILES[name]) for label, name in (("regime", "sternness"), ("twin", "none"))}
    return run.Plan(
        kind="run", society=society, regimes=regimes, base="twin", people=PEOPLE, years=1, seeds=[1, 2], threads=1,
        given={"society": "hamlet", "regime": "sternness", "twin": "none"}, files={role: [] for role in roles},
        command=["run", "sternness"],
    )  # fmt: skip


def test_memory_by_hand(plan: run.Plan) -> None:
    e = expecting
    left = PEOPLE * (3 * e.LEFT_BYTES + 4 * e.PEOPLE_BYTES)  # of three worlds of a seed, and four tables of people
    world = WORLD + PEOPLE * e.FOLLOWED_BYTES
    assert e.memory(plan, Worlds, PEOPLE) == PROGRAM + max(world, e.TABLED_BYTES) + left
    assert e.memory(replace(plan, threads=2), Worlds, PEOPLE) == PROGRAM + 2 * world + left
    others = 3 * (PROGRAM - e.SHARED_BYTES + world)
    assert e.memory(plan, Worlds, PEOPLE, processes=3) == others + PROGRAM + e.TABLED_BYTES + left
    many = 10**7  # who are not followed, and of whom no table is made; threads share a world
    assert e.memory(replace(plan, people=many), Worlds, many) == PROGRAM + 200 * WORLD
    assert e.memory(replace(plan, people=many, threads=8), Worlds, many) == PROGRAM + 200 * WORLD + 3 * SCRATCH
    assert e.memory(replace(plan, people=many, at=9), Worlds, many) == PROGRAM + 400 * WORLD
    with_events = e.memory(replace(plan, events=True), Worlds, PEOPLE)
    assert with_events - e.memory(plan, Worlds, PEOPLE) == 4 * e.EVENT_BYTES * PEOPLE


def test_what_is_kept_by_hand(plan: run.Plan) -> None:
    """The most lies there when the last world comes to its end, or one whose states are large."""
    e = expecting
    left, table, followed = e.WORLD_BYTES + PEOPLE * e.LEFT_BYTES, PEOPLE * e.PEOPLE_BYTES, PEOPLE * e.FOLLOWED_BYTES
    assert e.kept_bytes(plan, Worlds) == 6 * left + 4 * table + 2 * (2 * STATE + followed)
    assert e.kept_bytes(plan, Worlds, processes=2) == 6 * left + 4 * table
    short = replace(plan, regimes={"regime": plan.regimes["regime"], "twin": plan.regimes["twin"]}, asides=(), seeds=[1])
    large = {"regime": 10**9, "twin": 0}
    size = lambda society, regime, people, days: {"checkpoint": large["regime" if regime.rules else "twin"]}  # noqa: E731
    worlds = type("Large", (Worlds,), {"forecast": staticmethod(size)})
    assert e.kept_bytes(short, worlds) == left + table + 2 * (10**9 + followed)


def test_time_by_hand(plan: run.Plan) -> None:
    e, measuring = expecting, 6 * expecting.PERSON_SECONDS * PEOPLE
    days = 2 * 365 * (0.002 + 0.002 + 0.001)
    assert e.seconds(plan, Worlds) == pytest.approx(e.START_SECONDS + days + measuring)
    assert e.seconds(plan, Worlds, processes=2) == pytest.approx(e.START_SECONDS + (days + measuring) / 2)
    assert e.seconds(replace(plan, threads=2), Worlds) == pytest.approx(e.seconds(plan, Worlds))  # small worlds take turns
    told = e.seconds(replace(plan, stories=True), Worlds) - e.seconds(plan, Worlds)
    assert told == pytest.approx(365 * 0.003 + 2 * e.PERSON_SECONDS * PEOPLE)
    rest_of = e.seconds(plan, Worlds, done=5)
    assert rest_of == pytest.approx(e.START_SECONDS + 365 * 0.002 + e.PERSON_SECONDS * PEOPLE)
    assert e.seconds(replace(plan, rests=True), Worlds) > e.seconds(plan, Worlds)
    large = replace(plan, people=10 * PEOPLE, asides=())
    assert e.seconds(replace(large, threads=4), Worlds) < e.seconds(large, Worlds) / 3


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "a few seconds"), (42.4, "about 42 seconds"), (100, "about 2 minutes"), (3_600, "about 60 minutes"),
        (7_200, "about 2 hours"), (200_000, "about 2.3 days"),
    ],
)  # fmt: skip
def test_times_in_words(seconds: float, said: str) -> None:
    assert expecting.duration(seconds) == said


def test_how_many_processes() -> None:
    assert how_many(None) == 0
    with ThreadPoolExecutor(3) as threads:
        assert how_many(threads) == 1
    with ProcessPoolExecutor(3) as processes:
        assert how_many(processes) == 3


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    test_run.use_fake_world(monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)


def test_it_is_said_before_the_first_day(fake: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "singlestep")
    said: list[int] = []

    def look(done: int, total: int, text: str) -> None:
        said.append(len(caplog.records))

    small(progress=look)
    assert set(said) == {1} and caplog.records[0].levelno == logging.INFO
    text = caplog.text
    assert "Expected: about" in text and "MB of memory" in text and "while it goes on" in text and "a few seconds" in text
    caplog.clear()
    small(twin=False, checkpoint_every=0)
    assert "Expected: about" in caplog.text and "while it goes on" not in caplog.text


def test_the_result_is_as_large_as_said(fake: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "singlestep")
    result = small(seeds=3)
    size = sum(path.stat().st_size for path in result.folder.iterdir())
    (record,) = caplog.records
    told: expecting.Expected = record.expected  # type: ignore[attr-defined]
    assert 0.5 < told.results / size < 2


def test_a_resumed_run_says_it_of_what_is_left(fake: None, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "singlestep")
    monkeypatch.setattr(FakeWorld, "pace", staticmethod(lambda *given: 1.0))
    with pytest.raises(run.Stopped):
        small(out="left", progress=stopping(500))
    resume("left")
    first, second = (record.expected.seconds for record in caplog.records)
    assert first - second == pytest.approx(365, abs=1)


@pytest.mark.slow
def test_the_command_says_it_on_standard_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "singlestep", "run", "none", "--people", "1000", "--years", "1", "--json"]
    done = subprocess.run([*command, "--out", str(tmp_path / "run")], capture_output=True, text=True, check=True)
    assert done.stderr.startswith(words.EXPECTED[:15]) and done.stderr.count("\n") == 1 and done.stdout.startswith("{")
