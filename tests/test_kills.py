"""Killed again and again at random moments, a run ends in the bytes of one that nothing disturbed (see `kills`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KILLS = 100


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_runs_end_in_the_same_bytes() -> None:
    ways = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "tests.kills", "--kills", str(KILLS)]
    around = {**os.environ, "PYTHONPATH": ways}
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {line[7:]: int(line[:6]) for line in done.stdout.splitlines()[2:]}
    assert found["killed"] >= KILLS and found["runs with the same bytes"] >= 5
    assert found["killed as a new process"] > 0 and found["left a kept state"] > KILLS // 10
