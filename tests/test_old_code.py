"""Compiled code of old versions: what is kept, and what goes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from singlestep.engine import compiling, warming
from singlestep.engine.compiling import PACKAGE
from singlestep.study import old_code

DAY = 24 * 3600
NOW = 1_000_000_000.0


def folder(home: Path, name: str, days_ago: float) -> Path:
    """A folder of compiled code, last used so many days ago."""
    (home / name / "engine_1").mkdir(parents=True)
    (home / name / "engine_1" / "step.nbi").write_bytes(b"code")
    for path in (home / name / "engine_1", home / name):
        os.utime(path, (NOW - days_ago * DAY, NOW - days_ago * DAY))
    return home / name


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def test_the_newest_three_and_what_was_used_within_a_day_stay(tmp_path: Path) -> None:
    ages = [0.1, 0.5, 0.9, 0.95, 2, 30]
    for number, age in enumerate(ages):
        folder(tmp_path, f"{number:016x}", age)
    assert sorted(old_code.clear(tmp_path / f"{0:016x}", NOW)) == [f"{4:016x}", f"{5:016x}"]
    assert names(tmp_path) == {f"{number:016x}" for number in range(4)}
    assert sorted(old_code.clear(tmp_path / f"{0:016x}", NOW + 9 * DAY)) == [f"{3:016x}"]
    assert names(tmp_path) == {f"{number:016x}" for number in range(3)}


def test_the_folder_in_use_stays_however_old(tmp_path: Path) -> None:
    current = folder(tmp_path, "f" * 16, 900)
    for number in range(5):
        folder(tmp_path, f"{number:016x}", 100 + number)
    old_code.clear(current, NOW)
    assert names(tmp_path) == {"f" * 16, f"{0:016x}", f"{1:016x}"}
    assert (current / "engine_1" / "step.nbi").exists()


def test_nothing_else_is_touched(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", folder(tmp_path, "elsewhere", 900)
    for number in range(4):
        folder(home, f"{number:016x}", number)
    for name in ("notes", "0123456789ABCDEF", "0" * 17):
        folder(home, name, 900)
    (home / ("a" * 16)).write_text("a file")
    (home / ("b" * 16)).symlink_to(elsewhere)
    folder(home, "c" * 16 + old_code.GOING, 0)  # begun by a run that was killed
    before = names(home)
    assert old_code.clear(home / f"{0:016x}", NOW) == [f"{3:016x}"]
    assert names(home) == before - {f"{3:016x}", "c" * 16 + old_code.GOING}
    assert (elsewhere / "engine_1" / "step.nbi").exists()


def test_the_model_can_be_had_where_no_compiled_code_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    around = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": str(tmp_path / "file" / "cache")}
    code = "import singlestep.engine.world; from singlestep.engine.compiling import KEPT; print(KEPT)"
    done = subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr


def test_no_cache_folder_at_all(tmp_path: Path) -> None:
    assert old_code.clear(tmp_path / "none" / ("0" * 16)) == []


def test_what_is_installed_again_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As numba does it, which looks at place, time and size of the sources."""
    source = tmp_path / "step.py"
    source.write_text("pass")
    monkeypatch.setattr(compiling, "KEPT", True)
    monkeypatch.setattr(compiling, "sources", lambda: [source])
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert warming.is_cold()
    warming._done().touch()
    assert not warming.is_cold()
    os.utime(source, (NOW, NOW))
    assert warming.is_cold()


@pytest.mark.slow
@pytest.mark.skipif(not compiling.COMPILED, reason="nothing is compiled")
def test_two_processes_compile_all_that_a_run_calls(tmp_path: Path) -> None:
    around = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    for half in warming.HALVES:
        subprocess.run([sys.executable, "-m", "singlestep.engine.warming", half], env=around, check=True)
    compiled = {path.name for path in tmp_path.rglob("*.nbc")}
    assert len(compiled) > 50
    code = "from singlestep.engine import warming as w; world = w._a_world(); world.run(w.SETTLED); world.state_hash()"
    subprocess.run([sys.executable, "-c", code], env=around, check=True)
    assert {path.name for path in tmp_path.rglob("*.nbc")} == compiled
