"""A run folder that is truncated, edited, foreign or unfinished is refused in words; a whole one opens as written."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.test_run import small, use_fake_world

from singlestep.regime.complaints import Refused
from singlestep.study import folder
from singlestep.study.folder import open_folder
from singlestep.words import commands as words


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run folder."""
    with pytest.MonkeyPatch.context() as patch:
        use_fake_world(patch.setattr)
        return small(out=tmp_path_factory.mktemp("whole") / "run", seeds=2).folder


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "run"))


def manifest_of(run: Path) -> dict[str, Any]:
    return dict(json.loads((run / "manifest.json").read_text()))


def sealed(run: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest as a run would, with its seal."""
    (run / "manifest.json").write_bytes(folder.as_json({**manifest, "seal": folder.seal(manifest)}))


def swapped(run: Path, name: str, data: bytes) -> None:
    """Put other bytes into a file and into the manifest, so that every hash is right."""
    manifest = manifest_of(run)
    (run / name).write_bytes(data)
    manifest["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    sealed(run, manifest)


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        open_folder(path)
    (only,) = refused.value.complaints
    assert only.write.startswith("the name of a whole run folder") and "singlestep" in only.write
    return only.found


# Whole ---------------------------------------------------------------------------------------------------------------
def test_a_whole_folder_opens_with_what_was_written(run: Path) -> None:
    opened = open_folder(run)
    assert opened.manifest == manifest_of(run) and opened.summary == json.loads((run / "summary.json").read_text())
    names = {path.stem for path in run.glob("*.parquet")}
    assert set(opened.tables) == names and len(opened.tables) == len(names) and "doors" in opened.tables
    assert all(opened.tables[name].equals(pl.read_parquet(run / f"{name}.parquet")) for name in names)
    assert opened.other("stories.json") == json.loads((run / "stories.json").read_text()) != []
    assert opened.other("other.json") is None


def test_files_that_the_run_did_not_write_do_no_harm(run: Path) -> None:
    (run / "report.html").write_text("a page")
    (run / "notes.parquet").write_bytes(b"not of the run")
    assert "notes" not in open_folder(run).tables


def test_another_json_file_of_the_run_is_read(run: Path) -> None:
    swapped(run, "stories.json", b'[{"person": 5}]')
    assert open_folder(run).other("stories.json") == [{"person": 5}]


# Not a run -----------------------------------------------------------------------------------------------------------
def test_what_is_no_run_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{}")
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "nowhere") == words.NO_SUCH_RUN.found
    assert refusal(tmp_path / "a\0b") == words.NO_SUCH_RUN.found
    assert refusal(tmp_path / ("a" * 5000)) == words.NO_SUCH_RUN.found
    assert refusal(tmp_path / "file") == words.NOT_A_FOLDER.found
    assert refusal(tmp_path / "empty") == words.NOT_A_RUN.found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", words.NOT_JSON.found),
        (b"{", words.NOT_JSON.found),
        (b"\xff\xfe{}", words.NOT_JSON.found),
        (b"[" * 200_000, words.NOT_JSON.found),
        (b'{"format": NaN}', words.NOT_JSON.found),
        (b"[]", words.NOT_A_RUN.found),
        (b"{}", words.OTHER_FORMAT.found.format(found="null")),
        (b'{"format": "singlestep-run 2"}', words.OTHER_FORMAT.found.format(found="singlestep-run 2")),
        (b'{"format": "singlestep-run 1"}', words.UNFINISHED.found),
        (b'{"format": "singlestep-run 1", "complete": true}', words.EDITED.found),
        (b'{"format": "singlestep-run 1", "complete": true, "x": "\\ud800"}', words.EDITED.found),
        (b'{"format": "singlestep-run 1", "complete": true, "x": 1e999}', words.EDITED.found),
    ],
)
def test_a_manifest_that_no_run_wrote_is_refused(run: Path, content: bytes, found: str) -> None:
    (run / "manifest.json").write_bytes(content)
    assert refusal(run) == found


def test_an_unfinished_run_is_refused_with_its_command(run: Path) -> None:
    sealed(run, {**manifest_of(run), "complete": False})
    with pytest.raises(Refused, match=r"singlestep run sternness .*--seeds 2 --threads 1 --out DIR"):
        open_folder(run)


# Damage --------------------------------------------------------------------------------------------------------------
def cut(run: Path) -> None:
    (run / "doors.parquet").write_bytes((run / "doors.parquet").read_bytes()[:-1])


def longer(run: Path) -> None:
    (run / "doors.parquet").write_bytes((run / "doors.parquet").read_bytes() + b"\0")


def flipped(run: Path) -> None:
    data = bytearray((run / "acts.parquet").read_bytes())
    data[len(data) // 2] ^= 1
    (run / "acts.parquet").write_bytes(data)


def other_numbers(run: Path) -> None:
    text = (run / "summary.json").read_text()
    (run / "summary.json").write_text(text.replace('"people": 1000', '"people": 9000'))


def other_command(run: Path) -> None:
    text = (run / "manifest.json").read_text()
    (run / "manifest.json").write_text(text.replace("--seeds 2", "--seeds 5"))


def from_another_run(run: Path) -> None:
    shutil.copy(run / "acts.parquet", run / "rules.parquet")


def gone(run: Path) -> None:
    (run / "summary.json").unlink()


def a_link(run: Path) -> None:
    (run / "flow.parquet").rename(run / "elsewhere")
    (run / "flow.parquet").symlink_to("elsewhere")


def a_broken_link(run: Path) -> None:
    (run / "manifest.json").unlink()
    (run / "manifest.json").symlink_to("nowhere")


def a_pipe(run: Path) -> None:
    (run / "flow.parquet").unlink()
    os.mkfifo(run / "flow.parquet")


def a_folder(run: Path) -> None:
    (run / "flow.parquet").unlink()
    (run / "flow.parquet").mkdir()


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (cut, "only "),
        (longer, words.EDITED.found),
        (flipped, words.EDITED.found),
        (other_numbers, words.EDITED.found),
        (other_command, words.EDITED.found),
        (from_another_run, None),
        (gone, words.FILE_MISSING.found),
        (a_link, words.A_LINK.found),
        (a_broken_link, words.A_LINK.found),
        (a_pipe, words.NOT_PLAIN.found),
        (a_folder, words.NOT_PLAIN.found),
    ],
)
def test_each_kind_of_damage_is_refused(run: Path, damage: Callable[[Path], None], found: str | None) -> None:
    damage(run)
    said = refusal(run)
    assert found is None or said.startswith(found)


@pytest.mark.parametrize("name", ["../run/acts.parquet", "/etc/hostname", "a/b.parquet", "manifest.json", "", "x.sh"])
def test_a_manifest_that_points_elsewhere_is_refused(run: Path, name: str) -> None:
    manifest = manifest_of(run)
    sealed(run, {**manifest, "files": {**manifest["files"], name: {"bytes": 1, "sha256": "0" * 64}}})
    assert refusal(run) == words.NOT_A_RUN.found


@pytest.mark.parametrize("entry", [None, {}, {"bytes": "1", "sha256": ""}, {"bytes": 1}, 5])
def test_a_manifest_without_hashes_is_refused(run: Path, entry: Any) -> None:
    manifest = manifest_of(run)
    sealed(run, {**manifest, "files": {**manifest["files"], "acts.parquet": entry}})
    assert refusal(run) == words.NOT_A_RUN.found


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"<html>"])
def test_a_table_that_is_no_parquet_is_refused_when_it_is_asked_for(run: Path, data: bytes) -> None:
    swapped(run, "doors.parquet", data)
    opened = open_folder(run)
    with pytest.raises(Refused, match=words.TABLE_UNREADABLE.found):
        opened.tables["doors"]
    assert opened.tables["acts"].height


def test_a_table_changed_after_opening_is_refused(run: Path) -> None:
    opened = open_folder(run)
    flipped(run)
    with pytest.raises(Refused, match=words.EDITED.found):
        opened.tables["acts"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"nonsense", b"[" * 100_000])
def test_a_summary_that_says_nothing_is_refused(run: Path, data: bytes) -> None:
    swapped(run, "summary.json", data)
    assert refusal(run) == words.NOT_JSON.found


@pytest.mark.parametrize("command", ["singlestep run x; rm -rf /", "rm -rf /", "singlestep run `id` $(id)\nid", None, 7, "'"])
def test_a_command_out_of_a_foreign_folder_is_shown_as_arguments_only(run: Path, command: Any) -> None:
    sealed(run, {**manifest_of(run), "complete": False, "command": command})
    with pytest.raises(Refused) as refused:
        open_folder(run)
    text = refused.value.complaints[0].write
    assert "rm -rf" not in text.replace("'x;' rm -rf /", "") and "`id` $" not in text.replace("'`id`' '$(id)' id", "")
