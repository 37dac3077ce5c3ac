"""A run that was stopped goes on to the same bytes, and refuses whatever is not as it was kept."""

from __future__ import annotations

import errno
import logging
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import test_run
from tests.stress import worlds
from tests.test_run import FakeWorld, small

import singlestep
from singlestep.engine import checkpoint, counters, letters, tallies
from singlestep.engine.world import BrokenLaw, World
from singlestep.measures.counts import Ratio
from singlestep.regime.complaints import Refused
from singlestep.study import arguments, folder, keeping, run
from singlestep.study.resume import resume
from singlestep.words import commands as words

REAL = {"people": 1000, "years": 1, "twin": False}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Runs of the stand-in that `test_run` has."""
    test_run.use_fake_world(monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> run.Run:
    """A run of the real engine that nothing disturbs."""
    return singlestep.run("rongcheng", out=tmp_path_factory.mktemp("undisturbed") / "run", **REAL)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same run, stopped on the way: one world has ended, two states of another are kept."""
    path = tmp_path_factory.mktemp("stopped") / "run"
    with pytest.raises(run.Stopped):
        singlestep.run("rongcheng", out=path, progress=stopping(365 + 150), checkpoint_every=1e-7, **REAL)
    return path


@pytest.fixture
def left(stopped: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(stopped, tmp_path / "left"))


def stopping(after: int) -> run.Progress:
    """Ctrl-C after so many looks at the progress."""
    looks = iter(range(after))

    def progress(done: int, total: int, text: str) -> None:
        if next(looks, None) is None:
            raise KeyboardInterrupt

    return progress


def assert_same(one: run.Run, other: run.Run) -> None:
    """The same summary, byte for byte, and the same tables."""
    assert (one.folder / "summary.json").read_bytes() == (other.folder / "summary.json").read_bytes()
    assert set(one.tables) == set(other.tables)
    for name in one.tables:
        assert (one.folder / f"{name}.parquet").read_bytes() == (other.folder / f"{name}.parquet").read_bytes(), name
    assert folder.is_whole(other.folder) and sorted(os.listdir(one.folder)) == sorted(os.listdir(other.folder))


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        resume(path)
    return str(refused.value)


# Going on ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("after", [0, 3, 400, 1500])
def test_a_stopped_run_of_the_stand_in_goes_on_to_the_same_bytes(fake: None, after: int, threads: int) -> None:
    whole = small(seeds=2)
    with pytest.raises(run.Stopped) as stop:
        small(seeds=2, out="left", threads=threads, progress=stopping(min(after, 3) if threads > 1 else after))
    assert_same(whole, resume(stop.value.folder, threads=threads))


def test_finished_worlds_are_not_lived_again(fake: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(run.Stopped):
        small(out="left", progress=stopping(500))
    made: list[str] = []

    class Counting(FakeWorld):
        def __init__(self, society: Any, regime: Any, *given: Any, **named: Any) -> None:
            made.append(regime.name)
            super().__init__(society, regime, *given, **named)

    monkeypatch.setattr(run, "world_class", lambda: Counting)
    seen: list[int] = []
    resume("left", progress=lambda done, total, text: seen.append(done))
    assert made == ["ordinary-law", "sternness"] and seen[-1] == 3 * 365 and seen == sorted(seen)


def test_where_nothing_is_kept_all_worlds_are_lived_anew(fake: None) -> None:
    whole = small()
    with pytest.raises(run.Stopped):
        small(out="left", progress=stopping(500), checkpoint_every=0)
    assert not (Path("left") / "kept").exists()
    again = resume("left")
    assert (again.folder / "summary.json").read_bytes() == (whole.folder / "summary.json").read_bytes()


def test_a_stopped_world_goes_on_from_its_last_state(undisturbed: run.Run, left: Path) -> None:
    assert sorted(path.suffix for path in (left / "kept").iterdir()) == [".lived", ".state", ".state"]
    seen: list[int] = []
    again = resume(left, progress=lambda done, total, text: seen.append(done))
    assert_same(undisturbed, again)
    assert 365 < min(done for done in seen if done > 365)
    assert "resumed" in again.manifest and "resumed" not in undisturbed.manifest


def test_the_state_before_the_last_does_as_well(undisturbed: run.Run, left: Path) -> None:
    sorted((left / "kept").glob("*.state"))[-1].unlink()
    assert_same(undisturbed, resume(left, threads=2))


@pytest.mark.parametrize(("people", "layout"), [(1009, {}), (9001, {"block_pages": 1, "threads": 3})])
def test_a_world_goes_on_under_another_layout(people: int, layout: dict[str, int]) -> None:
    """With everything that a run keeps of persons: acts, changes of doors, examples and rows told."""
    society = worlds.society()
    regime, kept = worlds.regime("regime", society), {"follow": True, "examples": True, "trace": [0, 5, people - 1]}
    first, second = (World(society, regime, people, 3, **how, **kept) for how in ({"block_pages": 2}, layout))
    first.run(40)
    checkpoint.restore(second, checkpoint.parts(first))
    for world in (first, second):
        world.run(25)
        world.finish()
    assert second.state_hash() == first.state_hash() and worlds.differences(first, second) == []
    for name in ("acts_digest", "days_digest", "changes"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert np.array_equal(first.traced_rows(), second.traced_rows())
    assert first.examples is not None and second.examples is not None
    assert first.examples.candidates() == second.examples.candidates()


def test_a_world_goes_on_from_a_day_of_settling_that_posts_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """What settling posts is piled at once, before that day's letters are asked for."""
    monkeypatch.setattr(letters, "MANY", 1)
    society = worlds.society()
    first, second = (World(society, worlds.regime("regime", society), 500, 3) for _ in range(2))
    first.run(letters.PERIOD + 1)  # a new world begins in the first period
    while not first.settles_today():
        first.step()
    assert first.day % letters.BATCH  # else all is piled anew on that day
    checkpoint.restore(second, checkpoint.parts(first))
    for world in (first, second):
        world.run(60)
    assert second.state_hash() == first.state_hash()


# Letters on the disk -------------------------------------------------------------------------------------------------
@pytest.fixture
def spooling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters go to the disk where there are far too few to need it."""
    for name, value in {"LOOSE": 50, "PRESSED": 5, "MANY": 20}.items():
        monkeypatch.setattr(letters, name, value)


def test_letters_on_the_disk_show_nowhere(spooling: None, undisturbed: run.Run, tmp_path: Path) -> None:
    """Neither in a run undisturbed nor in one that was stopped, whose files of letters are of no use."""
    path, seen = tmp_path / "run", set[str]()
    stop = stopping(150)

    def look(*given: Any) -> None:
        seen.update(file.name for file in path.glob("kept/*-letters-0/*"))
        stop(*given)

    with pytest.raises(run.Stopped):
        singlestep.run("rongcheng", out=path, progress=look, checkpoint_every=1e-7, **REAL)
    assert len(seen) > 20
    left_behind = list(path.glob("kept/*-letters-0/*"))
    assert left_behind
    for file in left_behind:
        file.write_bytes(b"of no use")
    assert_same(undisturbed, resume(path, threads=2))


def test_a_disk_that_takes_no_letters_is_said(
    spooling: None, undisturbed: run.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, path = letters.Pile.keep, tmp_path / "run"

    def full(pile: letters.Pile, *given: Any) -> None:
        if pile.path is not None:
            raise OSError(errno.ENOSPC, "No space left on device")
        keep(pile, *given)

    monkeypatch.setattr(letters.Pile, "keep", full)
    with pytest.raises(Refused) as refused:
        singlestep.run("rongcheng", out=path, checkpoint_every=1e-7, **REAL)
    assert words.DISK_FULL.found in str(refused.value)
    monkeypatch.setattr(letters.Pile, "keep", keep)
    assert_same(undisturbed, resume(path))


# Refusing ------------------------------------------------------------------------------------------------------------
def test_what_is_no_stopped_run_is_refused(fake: None, tmp_path: Path) -> None:
    whole = small(twin=False).folder
    assert words.IS_WHOLE.found in refusal(whole)
    assert words.NO_SUCH_RUN.found in refusal(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert words.NOT_A_RUN.found in refusal(tmp_path / "empty")


def test_a_run_that_is_still_going_on_is_refused(fake: None) -> None:
    found: list[str] = []

    def look(done: int, total: int, text: str) -> None:
        if not found:
            found.append(refusal(Path("out")))

    small(twin=False, out="out", progress=look)
    assert words.STILL_GOING_ON.found in found[0]


def test_an_altered_manifest_is_refused(fake: None) -> None:
    with pytest.raises(run.Stopped):
        small(out="left", progress=stopping(3))
    text = Path("left/manifest.json").read_text()
    Path("left/manifest.json").write_text(text.replace('"people": 1000', '"people": 2000'))
    assert words.EDITED.found in refusal(Path("left"))
    forged = folder.read_manifest(Path("left"))
    del forged["parameters"]
    Path("left/manifest.json").write_bytes(folder.as_json({**forged, folder.SEAL: folder.seal(forged)}))
    assert words.NOT_RESUMABLE.found in refusal(Path("left"))
    forged = {**forged, "parameters": {}, "versions": {"singlestep": "0.0.0"}}
    Path("left/manifest.json").write_bytes(folder.as_json({**forged, folder.SEAL: folder.seal(forged)}))
    assert words.OTHER_VERSION.found.format(found="0.0.0") in refusal(Path("left"))


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def of_another_run(path: Path) -> None:
    (about, _), *parts = keeping.read(path)
    path.write_bytes(b"".join(keeping.as_bytes({**about, "run": "0" * 64}, parts)))


def of_another_program(path: Path) -> None:
    (about, _), *parts = keeping.read(path)
    path.write_bytes(b"".join(keeping.as_bytes({**about, "engine": "0" * 16}, parts)))


def of_other_parts(path: Path) -> None:
    (about, _), *_ = keeping.read(path)
    path.write_bytes(b"".join(keeping.as_bytes(about, [])))


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (flipped, words.KEPT_ALTERED), (cut, words.KEPT_ALTERED), (emptied, words.KEPT_ALTERED),
        (of_another_run, words.KEPT_OTHER_RUN), (of_another_program, words.KEPT_OTHER_PROGRAM),
        (of_other_parts, words.KEPT_ALTERED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["*.lived", "*.state"])
def test_what_is_not_as_it_was_kept_is_refused(left: Path, kind: str, damage: Callable[[Path], None], found: Any) -> None:
    path = sorted((left / "kept").glob(kind))[-1]
    damage(path)
    said = refusal(left)
    assert found.found in said and path.name in said and not folder.is_whole(left)


def test_a_forged_state_that_breaks_the_ledger_is_refused(left: Path) -> None:
    """Points given to somebody, every hash computed anew."""
    path = sorted((left / "kept").glob("*.state"))[-1]
    (about, _), *parts = keeping.read(path)
    column = next(rows for info, rows in parts if info.get("of") == "points")
    column[17] += 5
    path.write_bytes(b"".join(keeping.as_bytes(about, parts)))
    assert "the ledger began with" in refusal(left)


def test_a_world_is_not_brought_to_the_state_of_another() -> None:
    society = worlds.society()
    regime = worlds.regime("regime", society)
    world = World(society, regime, 300, 1)
    world.run(30)
    for people, seed in ((300, 2), (299, 1)):
        with pytest.raises(BrokenLaw):
            checkpoint.restore(World(society, regime, people, seed), checkpoint.parts(world))


# Room ----------------------------------------------------------------------------------------------------------------
def test_a_disk_too_small_for_the_states_is_refused(fake: None, monkeypatch: pytest.MonkeyPatch) -> None:
    forecast = {"memory": 1000, "checkpoint": 10**15}
    monkeypatch.setattr(FakeWorld, "forecast", staticmethod(lambda *given: forecast))
    with pytest.raises(Refused, match="--checkpoint-every 0"):
        small(twin=False, out="out")
    assert not Path("out").exists()
    assert folder.is_whole(small(twin=False, checkpoint_every=0).folder)


def test_large_states_are_announced(fake: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    assert small(twin=False).folder and all(record.levelno < logging.WARNING for record in caplog.records)
    caplog.clear()
    forecast = {"memory": 1000, "checkpoint": 10**8}
    monkeypatch.setattr(FakeWorld, "forecast", staticmethod(lambda *given: forecast))
    monkeypatch.setattr(arguments, "check_disk", lambda *given: None)
    small(twin=False, out="out")
    assert "and up to 200.7 MB while it goes on" in caplog.text


@pytest.mark.parametrize("minutes", [-1, "often", float("nan"), float("inf"), None])
def test_minutes_that_cannot_be_are_refused(minutes: Any) -> None:
    with pytest.raises(Refused, match="0 \\(never\\)"):
        arguments.check_minutes(minutes)


# Plain data ----------------------------------------------------------------------------------------------------------
def test_plain_data_comes_back_as_it_was() -> None:
    arrays: list[Any] = []
    value = {
        ("a", 1): [None, True, 1, 2.5, "text", float("inf")],
        "ratio": {"all": Ratio(1, 2, 1000)},
        "object": np.array(["a", None, "b"], object),
        "masked": np.ma.masked_equal(np.array([1, -1]), -1),
        "number": np.int64(5),
        "bits": np.array([[True], [False]]),
        "none": np.zeros((0, 3), np.int16),
    }
    again = keeping.unpacked(keeping.packed(value, arrays), arrays)
    assert again[("a", 1)] == value[("a", 1)] and again["ratio"] == value["ratio"] and list(again) == list(value)
    assert again["object"].tolist() == ["a", None, "b"] and again["masked"].tolist() == [1, None]
    assert again["number"] == 5 and again["number"].dtype == np.int64
    assert np.array_equal(again["bits"], value["bits"]) and again["none"].shape == (0, 3)
    assert isinstance(again["ratio"]["all"], Ratio)


def test_nothing_but_plain_data_is_kept() -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        keeping.packed({"path": Path("x")}, [])
    with pytest.raises(KeyError):
        keeping.unpacked({"class": "Path", "of": {}}, [])


# Two hundred alterations, and forgeries ------------------------------------------------------------------------------
def altered(data: bytes, luck: random.Random) -> bytes:
    """The bytes otherwise in one of six ways, at a random place."""
    at, other = luck.randrange(len(data)), luck.randrange(len(data))
    way = luck.randrange(6)
    if way == 0:
        return data[:at] + bytes([data[at] ^ 1 << luck.randrange(8)]) + data[at + 1 :]
    if way == 1:
        return data[:at]
    if way == 2:
        return data[:at] + bytes(8) + data[at + 8 :] if any(data[at : at + 8]) else data[:-1] + bytes([data[-1] ^ 1])
    if way == 3:
        return data + luck.randbytes(1 + at % 100)
    if way == 4:
        return data[:at] + data[at + 1 :]
    first, last = sorted((at, other))
    swapped = data[:first] + data[last:] + data[first:last]
    return swapped if swapped != data else data + b"\n"


def test_two_hundred_altered_files_are_refused_by_their_hashes(left: Path) -> None:
    luck, kept = random.Random(7), keeping.Keeper(left, folder.read_manifest(left)[folder.SEAL], 0).of(1)
    path = sorted((left / "kept").glob("*.state"))[-1]
    whole = path.read_bytes()
    for number in range(200):
        path.write_bytes(altered(whole, luck))
        with pytest.raises(Refused) as refused:
            kept.bring_back(None)
        assert words.KEPT_ALTERED.found in str(refused.value), number
    path.write_bytes(whole)
    assert len(list(keeping.read(path))) > 20


Forge = Callable[[dict[str, list[Any]]], None]  # what it alters: the rows of each column, letter pile, table and so on


def column(name: str, place: int, change: int) -> Forge:
    def forge(taken: dict[str, list[Any]]) -> None:
        taken[name][0][place] += change

    return forge


def moved(name: str, change: int) -> Forge:
    """What one person gets the next one loses: the sum stays."""

    def forge(taken: dict[str, list[Any]]) -> None:
        taken[name][0][5] += change
        taken[name][0][6] -= change

    return forge


def bits(name: str, place: int, mask: int) -> Forge:
    def forge(taken: dict[str, list[Any]]) -> None:
        taken[name][0][place] ^= mask

    return forge


def letter(column: int, change: int) -> Forge:
    def forge(taken: dict[str, list[Any]]) -> None:
        taken["letters"][-1][0, column] += change

    return forge


def one_letter_less(taken: dict[str, list[Any]]) -> None:
    taken["letters"][-1] = taken["letters"][-1][1:]


def one_letter_twice(taken: dict[str, list[Any]]) -> None:
    taken["letters"].append(taken["letters"][-1][:1].copy())


def other_kind_of_letter(taken: dict[str, list[Any]]) -> None:
    taken["letters"][-1][0, -3] ^= 1 << 6


def counted(name: str, place: tuple[int, ...], change: int) -> Forge:
    def forge(taken: dict[str, list[Any]]) -> None:
        taken["tally " + name][0][place] += change

    return forge


def counter(key: int, value: int) -> Forge:
    def forge(taken: dict[str, list[Any]]) -> None:
        taken["counters"][0] = np.concatenate((taken["counters"][0], np.array([[key, value]])))

    return forge


def day(change: int) -> Forge:
    def forge(taken: dict[str, list[Any]]) -> None:
        taken["world"][0]["day"] += change

    return forge


def opening(taken: dict[str, list[Any]]) -> None:
    taken["points"][0][3] += 1
    taken["world"][0]["opening"][0] += 1


FLOW, DOOR = tallies.column(tallies.FLOW), tallies.column(tallies.DOOR)
FORGERIES = {
    "points given": column("points", 3, 1),
    "points taken": column("points", 3, -1),
    "clean points given": column("clean", 3, 1),
    "points beyond the bounds": moved("points", 20_000),
    "clean points beyond the bounds": moved("clean", -20_000),
    "shown points beyond all bounds": column("board", 4, -32_400),
    "more from ties than can be": column("tie", 4, 32_100),
    "on a list": bits("lists", 9, 1),
    "on a clean list": bits("clean_lists", 9, 4),
    "another income": bits("known", 2, 32),
    "a parent": bits("cut", 2, 128),
    "a letter less": one_letter_less,
    "a letter twice": one_letter_twice,
    "another kind of letter": other_kind_of_letter,
    "a letter to nobody": letter(-4, 10**6),
    "a letter overdue": letter(0, -10**6),
    "a letter from nobody": letter(-3, 10**6 << 29),
    "an act that is not there": letter(-2, 1000 << 46),
    "a letter sent": counted("letter", (0, 0), 1),
    "points of a rule": counted("rule", (0, 2), -1),
    "an appeal decided": counted("flow", (FLOW["decided wrong"], 0), 1),
    "a spell begun": counted("door", (0, DOOR["begun"], 0), 1),
    "a clean spell ended": counted("door", (0, DOOR["clean ended"], 0), 1),
    "an entry": counted("listing", (0, 0, 0, 0), 1),
    "points clipped": counted("flow", (FLOW["clipped recorded"], 3), 2),
    "the counter of nobody": counter((10**6 << 23) + 1, 1),
    "no such kind of counter": counter((5 << 23) + (30 << 18) + 1, 1),
    "a day that has not been": day(-30),
    "letters left behind": day(400),
    "another beginning of the ledger": opening,
    "a door that is not there": counter((299 << 23) + (counters.DOORS << 18) + 1, 1 << 30),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_states_are_refused_by_the_laws(forgery: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hash is right: the state hash is taken for the one noted, whatever the state."""
    society = worlds.society()
    regime = worlds.regime("regime", society)
    world = World(society, regime, 300, 1)
    world.run(40)
    parts = [(dict(info), rows.copy()) for info, rows in checkpoint.loosened(checkpoint.parts(world))]
    noted = parts[0][0]["hash"]
    monkeypatch.setattr(World, "state_hash", lambda self: noted)
    checkpoint.restore(World(society, regime, 300, 1), parts)
    taken: dict[str, list[Any]] = {}
    for info, rows in parts:
        name = info["of"] if info["part"] == "column" else " ".join([info["part"], *([info["of"]] if "of" in info else [])])
        if len(rows) or info["part"] != "letters":
            taken.setdefault(name, []).append(info if name == "world" else rows)
    named = {name: list(rows) for name, rows in taken.items()}
    FORGERIES[forgery](named)
    forged = [part for part in parts if part[0]["part"] not in ("letters", "counters")]
    forged += [({"part": part}, rows) for part in ("letters", "counters") for rows in named[part]]
    with pytest.raises(BrokenLaw):
        checkpoint.restore(World(society, regime, 300, 1), forged)
