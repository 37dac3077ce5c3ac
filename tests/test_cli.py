"""The command line: what goes where, exit codes, interruption, and what importing the package loads."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import singlestep
import test_run
from singlestep import cli
from singlestep.study import folder, run
from singlestep.words import commands as words

SOURCES = str(Path(singlestep.__file__).parents[1])
HERE = str(Path(__file__).parent)
LOAD_REGIME = run._load_regime
SMALL = ("--people", "1000", "--years", "1")
BEFOREHAND = words.EXPECTED[: words.EXPECTED.index("{")]


@pytest.fixture()
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Give a command line to `main` with the stand-in world; returns exit code, standard output, standard error."""
    test_run.use_fake_world(monkeypatch.setattr)
    monkeypatch.setattr(cli, "_stop_on_termination", lambda: None)
    monkeypatch.chdir(tmp_path)

    def give(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["singlestep", *words])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        shown = capsys.readouterr()
        return int(leaving.value.code or 0), shown.out, shown.err

    yield give
    log = logging.getLogger("singlestep")
    log.handlers = []
    log.setLevel(logging.NOTSET)


def python(code: str, *given: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    path = os.pathsep.join([SOURCES, HERE])
    return subprocess.Popen(
        [sys.executable, "-c", code, *given], cwd=cwd, env={**os.environ, "PYTHONPATH": path}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


# Run -----------------------------------------------------------------------------------------------------------------
def test_run_prints_findings_and_the_folder(command: Any) -> None:
    code, out, err = command("run", "sternness", *SMALL, "--out", "here")
    assert code == 0 and err.startswith(BEFOREHAND) and err.count("\n") == 1
    assert 8 <= out.count("\n- ") <= 15 and "Run folder: here" in out
    assert "synthetic" in out and "legal finding" in out
    assert folder.is_whole(Path("here"))


def test_json_prints_the_summary_alone(command: Any) -> None:
    code, out, err = command("run", "sternness", *SMALL, "--json", "--out", "here", "--seeds", "2", "--seed", "5")
    assert code == 0 and err.startswith(BEFOREHAND) and err.count("\n") == 1
    assert json.loads(out)["seeds"] == [5, 6]
    assert out == Path("here/summary.json").read_text()


def test_no_twin(command: Any) -> None:
    _, out, _ = command("run", "sternness", *SMALL, "--no-twin", "--json")
    assert json.loads(out)["base"] is None


@pytest.mark.parametrize(("given", "text"), [
    (("--people", "lots"), "--people"), (("--people", "10"), "1000 or more"), (("--years", "1.5"), "whole number"),
    (("--seeds", "0"), "between 1"), (("--threads", "1000"), "between 1 and 256"), (("--seed", "-3"), "between 0"),
])  # fmt: skip
def test_bad_numbers_are_explained(command: Any, given: tuple[str, ...], text: str) -> None:
    code, out, err = command("run", "sternness", *given)
    assert (code, out) == (2, "")
    assert text in err and "Why it cannot stand" in err and "Write:" in err and "Traceback" not in err


def test_a_folder_in_use_is_refused(command: Any) -> None:
    assert command("run", "sternness", *SMALL, "--out", "here")[0] == 0
    code, _, err = command("run", "sternness", *SMALL, "--out", "here")
    assert code == 2 and "here-2" in err


def test_a_fault_is_one_line_without_a_traceback(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(self: Any) -> None:
        raise ZeroDivisionError("by\nnought")

    monkeypatch.setattr(test_run.FakeWorld, "step", fault)
    code, out, err = command("run", "sternness", *SMALL)
    assert (code, out) == (70, "") and err.count("\n") == 2 and err.startswith(BEFOREHAND)
    assert "by nought" in err and "report" in err and "Traceback" not in err
    monkeypatch.setenv(cli.TRACEBACK, "1")
    assert "Traceback" in command("run", "sternness", *SMALL)[2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_output_is_one_line(tmp_path: Path) -> None:
    code = "import test_run; test_run.use_fake_world(); from singlestep.cli import main; main()"
    path = os.pathsep.join([SOURCES, HERE])
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "run", "sternness", *SMALL, "--json"], cwd=tmp_path, text=True,
            stdout=full, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
    assert done.returncode != 0 and done.stderr.count("\n") == 2 and "No space left" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the streams")
@pytest.mark.parametrize(
    ("closed", "given", "code"), [(">&-", "--version", 0), ("2>&-", "run nope", 2), ("<&-", "--version", 0)]
)
def test_closed_streams(closed: str, given: str, code: int) -> None:
    shell = f'"$0" -c "from singlestep.cli import main; main()" {given} {closed}'
    around = {**os.environ, "PYTHONPATH": SOURCES}
    done = subprocess.run(["sh", "-c", shell, sys.executable], capture_output=True, text=True, env=around, check=False)
    assert done.returncode == code and "Traceback" not in done.stderr


def test_usage_errors_and_help(command: Any) -> None:
    assert command("rnu")[0] == 2
    assert command("run", "sternness", "--poeple", "5")[0] == 2
    code, out, _ = command("run", "--help")
    assert code == 0 and words.HELP_PEOPLE.split(".")[0][:30] in out and "--no-twin" in out
    assert command("--version")[1].strip() == singlestep.__version__


# Stopped -------------------------------------------------------------------------------------------------------------
SLOW = (
    "import test_run; test_run.use_fake_world(); test_run.FakeWorld.pause = 0.02;"
    "from singlestep.cli import main; main()"
)


def stopped_by(number: int, cwd: Path) -> tuple[int, str, str]:
    running = python(SLOW, "run", "sternness", *SMALL, "--out", "here", cwd=cwd)
    ending = time.monotonic() + 30
    while not (cwd / "here" / "manifest.json").exists() and time.monotonic() < ending:
        time.sleep(0.02)
    time.sleep(0.1)
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    return running.returncode, out, err


@pytest.mark.skipif(os.name != "posix", reason="signals of this kind are sent on POSIX systems only")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_says_what_is_left(name: str, tmp_path: Path) -> None:
    code, out, err = stopped_by(getattr(signal, name), tmp_path)
    assert (code, out) == (130, "")
    beforehand, _, last = err.partition("\n")
    assert beforehand.startswith(BEFOREHAND) and last == words.STOPPED_IN_FOLDER.format(folder="here") + "\n"
    assert folder.read_manifest(tmp_path / "here")["state"] == "incomplete"


@pytest.mark.skipif(os.name != "posix", reason="signals of this kind are sent on POSIX systems only")
def test_a_killed_run_is_incomplete(tmp_path: Path) -> None:
    code, out, _ = stopped_by(signal.SIGKILL, tmp_path)
    assert (code, out) == (-signal.SIGKILL, "")
    assert folder.read_manifest(tmp_path / "here")["complete"] is False


# Shipped files -------------------------------------------------------------------------------------------------------
def test_the_nearest_right_spelling_of_a_regime(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_load_regime", LOAD_REGIME)
    code, out, err = command("run", "ordinary-lwa", *SMALL)
    assert (code, out) == (2, "")
    assert "ordinary-law" in err and "Write:" in err


def test_a_damaged_regime_is_refused(command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "_load_regime", LOAD_REGIME)
    (tmp_path / "mine.yaml").write_text("format: singlestep-regime 1\nname: mine\nwords: Mine\nsourcse: {}\n")
    code, _, err = command("run", "mine.yaml", *SMALL)
    assert code == 2 and "mine.yaml, line 4" in err and "sources" in err


def test_list_names_what_is_shipped(command: Any) -> None:
    code, out, _ = command("list")
    assert code == 0 and "ordinary-law" in out and "coast" in out and re.search(r"\d guess", out)


def test_read_and_check(command: Any) -> None:
    code, out, err = command("read", "ordinary-law")
    assert (code, err) == (0, "") and len(out) > 100
    path = Path(cli.__file__).parent / "library" / "regimes" / "ordinary-law.yaml"
    assert command("check", str(path))[0] == 0
    assert command("check", "no-such-file.yaml")[0] == 2


def test_read_and_check_about_another_town(command: Any) -> None:
    bad = Path(HERE) / "bad_files"
    village, regime = str(bad / "good-society.yaml"), "./moody.yaml"
    Path(regime).write_text((bad / "good-regime.yaml").read_text() + "applies_to: {mood: [low]}\n")
    for verb in ("read", "check"):
        code, out, err = command(verb, regime, "--society", village)
        assert (code, err) == (0, "") and "litter" in out
        code, out, err = command(verb, regime)  # whose acts are not those of coast
        assert (code, out) == (2, "") and "coast" in err
        code, out, err = command(verb, regime, "--society", "costa")
        assert (code, out) == (2, "") and "`coast`" in err
    code, out, err = command("check", village, "--society", "coast")
    assert (code, out) == (2, "") and "the same without `--society`" in err


# Import --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("module", ["singlestep", "singlestep.cli"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    heavy = "{'numba', 'polars', 'numpy', 'scipy', 'pydantic', 'ruamel', 'psutil'}"
    running = python(f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))")
    assert running.communicate(timeout=60) == ("[]\n", "")


def test_the_package_offers_run() -> None:
    assert singlestep.run is run.run and "run" in dir(singlestep)
    with pytest.raises(AttributeError):
        _ = singlestep.score  # type: ignore[attr-defined]


def test_nothing_else_is_loaded_before_ctrl_c_is_answered() -> None:
    """Python answers Ctrl-C with lines of its own until `main` is there, so that must be soon."""
    code = "import sys; known = set(sys.modules); import singlestep.__main__; print(sorted(set(sys.modules) - known))"
    running = python(code)
    assert running.communicate(timeout=60)[0].strip() == "['singlestep', 'singlestep.__main__']"


def test_where_no_terminal_listens_progress_is_told_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the pace since it began to live: what was done before a run was resumed says nothing about it."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with cli._progress() as progress:
        assert progress is not None
        progress(0, 1, words.PROGRESS_COMPILES)
        assert capsys.readouterr().err == words.PROGRESS_COMPILES + ".\n"
        for at, done in ((1, 0), (50, 0), (61, 0), (100, 300), (121, 300), (182, 303), (200, 330), (242, 335), (301, 335)):
            now[0] = at
            progress(done, 365, "made-up town")
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "made-up town: 0 % done.", "made-up town: 82 % done.",
        "made-up town: 83 % done, about 28 minutes left at this pace.",
        "made-up town: 91 % done, about 2 minutes left at this pace.",
    ]  # fmt: skip
