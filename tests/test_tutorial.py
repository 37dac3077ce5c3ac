"""The tutorial is true: its blocks are carried out as a reader would, and show what it quotes. So is the reference."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from singlestep import cli

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"((?:<!-- tested: .*? -->\n)+)(?:```\w+\n(.*?)```\n)?", re.DOTALL)
ORDER = re.compile(r"<!-- tested: (.*?) -->")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a reader who has followed the whole tutorial."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(cli, "_stop_on_termination", lambda: None)
        follow((DOCS / "tutorial.md").read_text(encoding="utf-8"), patch)
    return folder


def follow(page: str, patch: pytest.MonkeyPatch) -> None:
    marked = page.count("<!-- tested:")
    for match in BLOCK.finditer(page):
        for order in ORDER.findall(match[1]):
            carry_out(order, match[2], patch)
            marked -= 1
    assert marked == 0, "a mark of the tutorial was not understood"


def carry_out(order: str, text: str, patch: pytest.MonkeyPatch) -> None:
    kind, *rest = order.split(" ", 2)
    if kind in ("command", "refused"):
        give(text, patch, 2 if kind == "refused" else 0)
    elif kind == "python":
        exec(text, {})
    elif kind == "copy":
        Path(rest[1]).write_text(Path(rest[0]).read_text())
    else:
        file = Path(rest[0])
        before = file.read_text() if file.exists() else ""
        file.write_text(edited(kind, before, text, rest[1] if len(rest) > 1 else ""))


def edited(kind: str, before: str, text: str, where: str) -> str:
    """The file after a step: `write`, `append`, `insert` before a line, or `change` by a diff of two lines."""
    if kind == "write":
        return text
    if kind == "append":
        return before + text
    if kind == "insert":
        line = "\n" + where.removeprefix("before ") + "\n"
        assert before.count(line) == 1
        return before.replace(line, "\n" + text + line[1:])
    assert kind == "change"
    old, new = (part[1:] for part in text.splitlines())
    assert before.count(old + "\n") == 1
    return before.replace(old + "\n", new + "\n")


def give(text: str, patch: pytest.MonkeyPatch, code: int) -> None:
    """Give the command after `$`, and compare what it prints with the lines below it."""
    command, _, quoted = text.partition("\n")
    patch.setattr(sys, "argv", shlex.split(command.removeprefix("$ ")))
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as streams, pytest.raises(SystemExit) as leaving:
        streams.setattr(sys, "stdout", out)
        streams.setattr(sys, "stderr", out)
        cli.main()
    shown = out.getvalue()
    assert (leaving.value.code or 0) == code, shown
    assert re.fullmatch("".join(map(pattern, quoted.splitlines())), shown), shown


def pattern(line: str) -> str:
    """What a quoted line may stand for: `…` is any text, and alone on its line any number of lines."""
    return r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"


def measure(folder: Path, name: str) -> dict[str, Any]:
    told = json.loads((folder / "summary.json").read_text())
    found: dict[str, Any] = told["measures"][name]["rows"]["all"]["worlds"]["regime"]
    return found


# The tutorial --------------------------------------------------------------------------------------------------------
def test_its_file_is_the_one_beside_it(walk: Path) -> None:
    assert (walk / "my-town.yaml").read_text() == (DOCS / "tutorial" / "my-town.yaml").read_text()


def test_what_it_says_of_the_results_is_so(walk: Path) -> None:
    first = walk / "first"
    assert measure(first, "mistaken")["numerator"] > measure(first, "erroneous")["numerator"]
    assert measure(first, "cross-context")["numerator"] > 0
    for name in ("erroneous", "missed", "false points"):
        assert measure(walk / "second", name)["numerator"] > measure(first, name)["numerator"]


def test_what_it_says_to_try_can_be_read(walk: Path) -> None:
    from singlestep.regime.loader import load_regime

    whole = (walk / "my-town.yaml").read_text()
    rules = whole.partition("\nexamples:")[0] + "\n"
    changes = (
        (rules, rules + "remedy: {appeals: false}\n"), ("expires: 2 years", "expires: 5 years"),
        ("gates:\n", "gates:\n  loan:\n    classes: [doubtful]\n"), ("points: -20", "points: [-40, -5]"),
    )  # fmt: skip
    for number, (old, new) in enumerate(changes):
        assert old in rules
        file = walk / f"try-{number}.yaml"
        file.write_text(rules.replace(old, new))
        load_regime(file)


# The reference -------------------------------------------------------------------------------------------------------
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_of_languages", DOCS / "reference_of_languages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_up_to_date() -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert generator().renewed(page) == page, "run `python docs/reference_of_languages.py`"


def test_the_reference_lists_the_files_and_columns_of_a_run(walk: Path) -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.parquet` \| .*? \| (.*?) \|$", page, re.MULTILINE)
    told = {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}
    assert told.pop("rests_on")  # only `compare` writes it, and only when asked
    found = {file.stem: pl.read_parquet_schema(file) for file in (walk / "first").glob("*.parquet")}
    assert told == {name: [c for c in schema if c not in ("seed", "world")] for name, schema in found.items()}
