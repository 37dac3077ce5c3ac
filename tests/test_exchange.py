"""One world lived in shares by several processes is the world that one process lives. Threads stand for processes here: they
hand each other the same letters, pages and sums."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from singlestep.engine.branching import branch
from singlestep.engine.exchange import Alone, Exchange, Threads, everything
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.study.keeping import Keeper
from singlestep.study.run import SoFar

STRESS = Path(__file__).parent / "stress"
WORLDS = {
    "rongcheng": ("coast", "rongcheng", 100_003),
    "stress": (STRESS / "society.yaml", STRESS / "regime.yaml", 70_001),
    "one city": ("coast", "rongcheng", 10_007),
}
DAYS = 65


def lived(name: str, exchange: Exchange | None = None, threads: int = 1) -> dict[str, object]:
    society_name, regime_name, people = WORLDS[name]
    society = load_society(society_name)
    world = World(
        society, load_regime(regime_name, society), people, 9, threads=threads, block_pages=3, trace=[0, people - 1],
        follow=True, examples=True, exchange=exchange,
    )  # fmt: skip
    world.run(DAYS)
    world.finish()
    assert world.examples is not None
    return {
        "hash": world.state_hash(),
        "tallies": {name: table.tolist() for name, table in world.tallies.items()},
        "candidates": world.examples.candidates(),
        "people": [getattr(world, name).tolist() for name in ("points", "clean", "board", "lists", "fear", "cut", "tie")],
        "standings": [part.tolist() for part in world.standings()],
        "following": [world.acts_digest.tolist(), world.days_digest.tolist(), world.changes.tolist()],
        "traced": world.traced_rows().tolist(),
        "occupation": world.trait("occupation").tolist() if name == "rongcheng" else [],
        "under way": world.under_way,
    }


def in_shares(name: str, size: int) -> tuple[list[dict[str, object]], list[Threads]]:
    exchanges = Threads.together(size)
    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(lambda exchange: lived(name, exchange), exchanges)), exchanges


@cache
def whole(name: str) -> dict[str, object]:
    """The world as one process lives it."""
    return lived(name)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("rongcheng", 2), ("stress", 3), ("one city", 2),
        *(pytest.param(*other, marks=pytest.mark.slow) for other in (("rongcheng", 3), ("stress", 2), ("one city", 3))),
    ],
)  # fmt: skip
def test_shares_make_the_same_world(name: str, size: int) -> None:
    shares, exchanges = in_shares(name, size)
    for share in shares:
        assert share == whole(name)
    assert all(exchange.sent > 0 for exchange in exchanges)


def test_a_share_that_keeps_its_letters_to_itself_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong twin: without what ties let one look at, a world in shares is another world."""
    from singlestep.engine.share import Share

    right = whole("stress")["hash"]
    monkeypatch.setattr(Share, "look_around", lambda share, *arrays: None)
    shares, _ = in_shares("stress", 3)
    assert shares[0]["hash"] == shares[1]["hash"] != right


@pytest.mark.parametrize("size", [1, 2, 5])
def test_what_passes_between_threads(size: int) -> None:
    def task(exchange: Exchange) -> tuple[list[int], list[list[int]], list[list[int]]]:
        mine = np.full(2, exchange.rank + 1, np.int64)
        parts = [np.full(rank, 10 * exchange.rank + rank, np.int16) for rank in range(exchange.size)]
        got = [part.tolist() for part in exchange.all_to_all(parts)]
        return exchange.all_reduce(mine).tolist(), got, everything(exchange, mine[None]).tolist()

    with ThreadPoolExecutor(size) as pool:
        results = list(pool.map(task, Threads.together(size)))
    total = size * (size + 1) // 2
    for rank, (summed, got, all_rows) in enumerate(results):
        assert summed == [total, total]
        assert got == [[10 * other + rank] * rank for other in range(size)]
        assert all_rows == [[other + 1] * 2 for other in range(size)]
    assert task(Alone()) == ([1, 1], [[]], [[1, 1]])


class Left(NamedTuple):
    """What goes on, of a world whose state was kept by some processes."""

    hash: str
    tallies: dict[str, object]
    candidates: dict[str, list[int]]
    followed: list[object]
    traced: object


def went_on(world: World) -> Left:
    """The world 25 days later."""
    world.run(25)
    world.finish()
    assert world.examples is not None
    return Left(
        world.state_hash(), {name: table.tolist() for name, table in world.tallies.items()}, world.examples.candidates(),
        [world.acts_digest.tolist(), world.days_digest.tolist(), world.changes.tolist()], world.traced_rows().tolist(),
    )  # fmt: skip


def world_at(name: str, exchange: Exchange, day: int = 0) -> World:
    society_name, regime_name, people = WORLDS[name]
    society = load_society(society_name)
    world = World(
        society, load_regime(regime_name, society), people, 9, block_pages=3, trace=[0, people - 1], follow=True,
        examples=True, exchange=exchange,
    )  # fmt: skip
    world.run(day)
    return world


def by(size: int, task: Callable[[Exchange], Any]) -> list[Any]:
    """What each of so many processes gives."""
    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(task, Threads.together(size) if size > 1 else [Alone()]))


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("stress", (2, 3)), ("stress", (3, 1)), ("one city", (2, 3)),
        *(pytest.param(*other, marks=pytest.mark.slow) for other in (("rongcheng", (3, 2)), ("stress", (1, 2)))),
    ],
)  # fmt: skip
def test_a_state_kept_by_some_processes_is_gone_on_from_by_others(name: str, sizes: tuple[int, int], tmp_path: Path) -> None:
    """The state is one file, which the first process writes; a process with no people of its own has its part in it too."""

    def keep(exchange: Exchange) -> Left:
        kept = Keeper(tmp_path, "a run", 60, exchange).of(0)
        world = world_at(name, exchange, 40)
        kept.keep_state(world, SoFar([], None))
        return went_on(world)

    def go_on(exchange: Exchange) -> Left:
        kept = Keeper(tmp_path, "a run", 60, exchange).of(0)
        assert kept.day() == 40
        world = world_at(name, exchange)
        assert kept.bring_back(world) == SoFar([], None)
        return went_on(world)

    undisturbed, again = by(sizes[0], keep), by(sizes[1], go_on)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["world-00000-day-000040.state"]
    assert all(left == undisturbed[0] for left in (*undisturbed, *again))


def test_states_are_kept_when_the_first_process_says_so(tmp_path: Path) -> None:
    """Its clock alone counts, however late or early others think it is."""

    def look(exchange: Exchange) -> int:
        kept = Keeper(tmp_path, "a run", 3600, exchange).of(0)
        kept.last -= 4000 if exchange.rank == 0 else 0
        world = world_at("one city", exchange, 3)
        kept.look(world, SoFar([], None))
        kept.last -= 4000 if exchange.rank == 1 else 0
        world.step()
        kept.look(world, SoFar([], None))
        return kept.day()

    assert by(2, look) == [3, 3]


def test_a_world_is_branched_by_several_processes() -> None:
    def branched(exchange: Exchange) -> tuple[str, dict[str, object]]:
        society = load_society(WORLDS["stress"][0])
        world = World(society, load_regime(WORLDS["stress"][1], society), WORLDS["stress"][2], 9, exchange=exchange)
        world.run(40)
        other = branch(world, load_regime(STRESS / "spill.yaml", society))
        other.run(25)
        other.finish()
        return other.state_hash(), {name: table.tolist() for name, table in other.tallies.items()}

    (alone,) = by(1, branched)
    assert all(share == alone for share in by(3, branched))


@pytest.mark.slow
def test_a_run_begun_by_mpirun_is_resumed_by_any_number_of_processes(tmp_path: Path) -> None:
    """Killed in the middle of its second world, and finished by two, three or one; then branched by two as by one."""
    here = [sys.executable, "-m", "singlestep"]
    begun = ["run", "rongcheng", "--people", "40000", "--years", "1", "--checkpoint-every", "0.002", "--out"]
    subprocess.run([*here, *begun, str(tmp_path / "whole")], check=True, capture_output=True)
    mpirun = str(Path(sys.executable).parent / "mpirun")
    kept = tmp_path / "left" / "kept"
    running = subprocess.Popen([mpirun, "-n", "2", *here, *begun, str(tmp_path / "left")], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while not list(kept.glob("world-00001-day-*.state")) and time.monotonic() < until:
        time.sleep(0.01)
    running.kill()
    running.wait()
    assert list(kept.glob("*.state")) and not (tmp_path / "left" / "summary.json").exists()
    whole = content(tmp_path / "whole")
    for ranks in (1, 2, 3):
        path = tmp_path / f"by {ranks}"
        shutil.copytree(tmp_path / "left", path)
        subprocess.run([mpirun, "-n", str(ranks), *here, "resume", str(path)], check=True, capture_output=True)
        assert content(path) == whole
    other = ["branch", str(tmp_path / "whole"), "--at", "200", "--regime", "none", "--out"]
    subprocess.run([*here, *other, str(tmp_path / "alone")], check=True, capture_output=True)
    subprocess.run([mpirun, "-n", "2", *here, *other, str(tmp_path / "shared")], check=True, capture_output=True)
    assert content(tmp_path / "shared") == content(tmp_path / "alone")


def content(path: Path) -> dict[str, bytes]:
    """Every file of a run but the manifest, whose times differ."""
    return {file.name: file.read_bytes() for file in path.iterdir() if file.name != "manifest.json"}


@pytest.mark.slow
def test_mpirun_writes_the_same_folder(tmp_path: Path) -> None:
    """Forty thousand people are two cities, so that two processes have a share each and a third has none."""
    command = [sys.executable, "-m", "singlestep", "run", "rongcheng", "--people", "40000", "--years", "1", "--out"]
    subprocess.run([*command, str(tmp_path / "one")], check=True, capture_output=True)
    mpirun = str(Path(sys.executable).parent / "mpirun")
    whole = {path.name: path.read_bytes() for path in (tmp_path / "one").glob("*.parquet")}
    for ranks in (2, 3):
        told = subprocess.run(
            [mpirun, "-n", str(ranks), *command, str(tmp_path / str(ranks))], check=True, capture_output=True, text=True
        )
        assert told.stdout.count("State hash") == 1
        assert {path.name: path.read_bytes() for path in (tmp_path / str(ranks)).glob("*.parquet")} == whole
        first, second = (json.loads((tmp_path / name / "summary.json").read_text()) for name in ("one", str(ranks)))
        assert first == second


@pytest.mark.slow
def test_a_refusal_ends_all_processes(tmp_path: Path) -> None:
    """The first process alone sees that the folder is in use; the others would wait for it for ever."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").write_text("else")
    mpirun = str(Path(sys.executable).parent / "mpirun")
    command = [sys.executable, "-m", "singlestep", "run", "none", "--people", "1000", "--out", str(tmp_path / "full")]
    done = subprocess.run([mpirun, "-n", "2", *command], capture_output=True, text=True)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    assert str(tmp_path / "full") in done.stderr
