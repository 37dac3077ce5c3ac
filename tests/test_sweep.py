"""Ensembles: worlds live as they would anywhere, on any executor, and are told with harms beside benefits."""

from __future__ import annotations

import inspect
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import singlestep as ss
from singlestep.measures.counts import HARMS
from singlestep.regime.complaints import Refused
from singlestep.study.folder import open_folder

SMALL: dict[str, Any] = {"people": 1_000, "years": 1, "seed": 7}


class Backwards(Executor):
    """Does everything at the last moment, the last first: no order of work may show."""

    def __init__(self) -> None:
        self.put_off: list[tuple[Future[Any], Any]] = []

    def submit(self, task: Any, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.put_off.append((future, lambda: task(*arguments, **named)))
        if len(self.put_off) == 4:
            for waiting, work in reversed(self.put_off):
                waiting.set_result(work())
        return future


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> ss.Run:
    """Two regimes and two seeds, in this process."""
    return ss.sweep("ordinary-law", "rongcheng", seeds=2, out=tmp_path_factory.mktemp("sweep") / "here", **SMALL)


def test_any_executor_gives_the_same(here: ss.Run, tmp_path: Path) -> None:
    backwards = ss.sweep("ordinary-law", "rongcheng", seeds=2, executor=Backwards(), out=tmp_path / "back", **SMALL)
    assert backwards.summary == here.summary
    assert set(backwards.tables) == set(here.tables)
    assert all(table.equals(here.tables[name], null_equal=True) for name, table in backwards.tables.items())


def test_processes_give_the_same(here: ss.Run, tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        there = ss.sweep("ordinary-law", "rongcheng", seeds=1, executor=pool, out=tmp_path / "there", **SMALL)
        assert pool.submit(len, "open still").result() == 10
    assert there.summary["states"] == here.summary["states"][:2]


OVER_MPI = """
import sys
import singlestep as ss
from mpi4py.futures import MPIPoolExecutor
if __name__ == "__main__":
    with MPIPoolExecutor() as pool:
        told = ss.sweep("ordinary-law", "rongcheng", people=1_000, years=1, seed=7, seeds=1, executor=pool, out=sys.argv[1])
    print(*[state["hash"] for state in told.summary["states"]])
"""


@pytest.mark.slow
def test_workers_over_mpi_give_the_same(here: ss.Run, tmp_path: Path) -> None:
    (tmp_path / "sweep.py").write_text(OVER_MPI)
    command = [str(Path(sys.executable).parent / "mpirun"), "-n", "2", sys.executable, "-m", "mpi4py.futures"]
    command += [str(tmp_path / "sweep.py"), str(tmp_path / "there")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [state["hash"] for state in here.summary["states"][:2]]


def test_worlds_are_those_of_a_comparison(here: ss.Run, tmp_path: Path) -> None:
    beside = ss.compare("ordinary-law", "rongcheng", seeds=1, out=tmp_path / "beside", **SMALL)
    hashes = {(state["seed"], state["world"]): state["hash"] for state in here.summary["states"]}
    assert len(hashes) == len(set(hashes.values())) == 4
    for state in beside.summary["states"]:
        assert hashes[state["seed"], state["world"]] == state["hash"]


def test_harms_stand_beside_benefits(here: ss.Run) -> None:
    measures = here.summary["measures"]
    assert set(HARMS) <= set(measures) and {"deterrence", "missed"} <= set(measures)
    for name in (*HARMS, "deterrence", "missed"):
        for row in measures[name]["rows"].values():
            assert set(row["worlds"]) == {"ordinary-law", "rongcheng"}


def test_it_has_no_goal() -> None:
    assert set(inspect.signature(ss.sweep).parameters) == {
        "regimes", "society", "people", "years", "seed", "seeds", "executor", "out", "progress",
    }  # fmt: skip


def test_its_folder_is_whole_and_reported(here: ss.Run) -> None:
    assert open_folder(here.folder).manifest["kind"] == "sweep"
    assert here.manifest["command"].startswith("singlestep sweep ordinary-law rongcheng")
    assert "synthetic" in here.report().read_text(encoding="utf-8").lower()


def test_refused(tmp_path: Path) -> None:
    for regimes in ((), ("none", "none")):
        with pytest.raises(Refused):
            ss.sweep(*regimes, out=tmp_path / "no", **SMALL)
    assert not (tmp_path / "no").exists()


def test_a_failing_machine_stops_it_and_what_was_done_is_not_lived_again(here: ss.Run, tmp_path: Path) -> None:
    class Broken(Executor):
        done = 0

        def submit(self, task: Any, *arguments: Any, **named: Any) -> Future[Any]:
            future: Future[Any] = Future()
            if self.done == 3:
                future.set_exception(OSError("no such machine"))
            else:
                self.done += 1
                future.set_result(task(*arguments, **named))
            return future

    with pytest.raises(OSError, match="no such machine"):
        ss.sweep("ordinary-law", "rongcheng", seeds=2, executor=Broken(), out=tmp_path / "broken", **SMALL)
    assert len(list((tmp_path / "broken" / "kept").glob("*.lived"))) == 3
    assert ss.resume(tmp_path / "broken").summary == here.summary
