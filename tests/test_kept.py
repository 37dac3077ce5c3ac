"""What is kept of files read before: the same as reading them anew, and never anything that was altered or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from singlestep.regime import kept, reading
from singlestep.regime.complaints import Refused
from singlestep.regime.reading import Document, read_yaml_text

LIBRARY = Path(reading.__file__).parent.parent / "library"
FILES = sorted(LIBRARY.glob("*/*.yaml"))
TEXT = "rules:\n" + "".join(
    f"  rule-{n}: {{points: {n}, share: 0.{n + 1}, words: 'a \u4e66 {n}', none: ~}}\n" for n in range(200)
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where entries lie: an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return kept.cache_home() / "read"


def read(text: str) -> Document:
    return read_yaml_text(text, "a.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_recalled_is_what_was_read(path: Path, folder: Path) -> None:
    text = path.read_text("utf-8")
    anew, recalled = read(text), read(text)
    assert len(list(folder.glob("*"))) == (len(text) >= kept.SHORTEST)
    assert (recalled.data, dict(recalled.lines), recalled.file) == (anew.data, dict(anew.lines), "a.yaml")
    assert list(recalled.lines) == list(anew.lines) and repr(recalled.data) == repr(anew.data)


def test_an_entry_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = read(TEXT)

    def never(*_: object) -> None:
        raise AssertionError("read anew")

    monkeypatch.setattr(reading, "_walk", never)
    assert read(TEXT).data == anew.data
    with pytest.raises(AssertionError, match="read anew"):
        read(TEXT + "# another text")


@pytest.mark.parametrize(
    "change", [lambda raw: raw[:-9], lambda raw: raw.replace(b"199", b"198"), lambda raw: b"\xff" + raw, lambda raw: b""]
)
def test_an_altered_entry_is_read_anew(change: object, folder: Path) -> None:
    anew = read(TEXT)
    (entry,) = folder.iterdir()
    written = entry.read_bytes()
    entry.write_bytes(change(written))  # type: ignore[operator]
    assert kept.recall(TEXT, reading._READER) is None
    assert read(TEXT).data == anew.data and entry.read_bytes() == written


def test_what_was_refused_is_not_kept(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(Refused):
            read(TEXT + "rules: again\n")
    assert not folder.exists()


def test_another_reader_finds_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(TEXT)
    assert kept.recall(TEXT, reading._READER) is not None and kept.recall(TEXT, "another") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(read(TEXT).data["rules"]) == len(read(TEXT).data["rules"]) == 200


def test_only_the_newest_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    for n in range(5):
        read(TEXT + f"# {n}")
    assert len(list(folder.iterdir())) == 3
    assert kept.recall(TEXT + "# 4", reading._READER) is not None and kept.recall(TEXT + "# 0", reading._READER) is None
