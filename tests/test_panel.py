"""The panel: persons traced while a run lives are told at once, as living again would tell them, and change nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import singlestep as ss
from singlestep import cli
from singlestep.engine import rows as r
from singlestep.regime.complaints import Refused
from singlestep.study import panel
from singlestep.study.lives import shows
from singlestep.study.run import Run
from singlestep.study.telling import Telling

PEOPLE = 2_500
MANY = 150  # members, so that much befalls some of them
TABLES = {"panel.parquet", "panel_months.parquet"}
STORIES = "stories.json"


@contextmanager
def of(members: int) -> Iterator[None]:
    """A panel of so many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel, "MEMBERS", members)
        yield


def made(out: Path, members: int, **how: Any) -> Run:
    with of(members):
        return ss.run("rongcheng", people=PEOPLE, years=1, out=out, **how)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made(tmp_path_factory.mktemp("panel") / "run", MANY)


def files(run: Run) -> dict[str, bytes]:
    """Summary, stories and tables."""
    paths = (path for pattern in ("*.parquet", "*.json") for path in run.folder.glob(pattern))
    return {path.name: path.read_bytes() for path in paths if path.name != "manifest.json"}


# Who is in it --------------------------------------------------------------------------------------------------------
def test_members_are_those_of_the_frozen_rule() -> None:
    """Multiples of 0.6180339887 of everybody, without whole parts: worked out by hand, the first three of 20,000 people are
    12,360, 4,721 and 17,082."""
    members = panel.members(20_000)
    assert {12_360, 4_721, 17_082} <= set(members)
    assert members == [1_803, 4_721, 6_524, 9_442, 12_360, 14_164, 17_082, 18_885]


@pytest.mark.parametrize("people", [1_000, 4_096, 16_384, 20_000, 1 << 20, (1 << 31) - 1])
def test_members_are_spread_over_people_and_over_places_in_households(people: int) -> None:
    members = panel.members(people)
    assert len(members) == panel.MEMBERS and members == sorted(set(members))
    gaps = np.diff([0, *members, people])
    assert gaps.max() <= people / 4 and members[0] >= 0 and members[-1] < people
    assert len({person % 16 for person in members}) >= 4


# What is told --------------------------------------------------------------------------------------------------------
def test_a_member_is_told_as_by_living_again(run: Run) -> None:
    """Sentence by sentence, both lives, points and doors; and by nobody's living again."""
    telling = Telling.of_folder(run.folder)
    with of(MANY):
        assert telling.members() == panel.members(PEOPLE)
    busy = run.tables["panel"].filter(pl.col("what").is_in(["applied", "door", "list"])).group_by("person").len()
    members = [*busy.sort("len", "person")["person"].to_list()[-25:], *telling.members()[:5]]
    again = telling.pairs(1, "regime", members)
    for person in members:
        assert telling.from_panel(person, 1, "regime") == telling.told(again[person], "", 1, "regime")
    assert sum(len(telling.from_panel(person, 1, "twin").sentences) > 2 for person in members) >= 3


def test_rows_of_those_who_reported_a_member_are_kept(run: Run) -> None:
    """They say who reported, and what had really happened; nobody else's rows are."""
    rows, months = run.tables["panel"], run.tables["panel_months"]
    members = months["person"].unique().to_list()
    others = rows.filter(~pl.col("person").is_in(members))
    assert len(others) > 0 and others["what"].unique().to_list() == ["seen"] and others["author"].is_in(members).all()
    assert len(months) == 2 * MANY * (12 + 1)  # at the beginning, after eleven settlings, at the end
    at_the_end = months.filter(pl.col("day") == 365).select("world", "person", "need", "board")
    standing = run.people.select("world", "person", "need", "board").with_columns(pl.col("board").cast(pl.Int64))
    assert at_the_end.join(standing, on=at_the_end.columns, how="anti").is_empty()


def test_the_story_of_a_member_is_told_at_once_and_says_so(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    telling = Telling.of_folder(run.folder)
    ready = {story.person for story in telling.ready}
    one = next(person for person in telling.members() if person not in ready)
    other = next(person for person in range(PEOPLE) if person not in telling.members())
    assert str(one) in str(telling.takes(other)) and "again" in str(telling.takes(other))
    monkeypatch.setattr(Telling, "pairs", None)
    assert run.story(one).person == one and run.story(one, world="twin").person == one
    cli.app(["story", str(run.folder), "--person", str(one)], standalone_mode=False)
    shown = capsys.readouterr()
    assert f"Person {one} is one of {MANY} who were traced" in shown.err and "again with" not in shown.err
    assert f"One life: person {one}" in shown.out


def test_a_run_tells_of_three_members(run: Run) -> None:
    """Of those whose lives show a kind first, with the same sentences as ever; and its report shows them."""
    telling = Telling.of_folder(run.folder)
    assert len(telling.ready) == 3 and {story.person for story in telling.ready} <= set(telling.members())
    kinds = [story.kind for story in telling.ready]
    assert kinds[0] and kinds == list(dict.fromkeys(kinds))
    for story in telling.ready:
        pair = telling.pair_in_panel(story.person, 1, "regime")
        assert shows(story.kind, pair) and story == telling.told(pair, story.kind, 1, "regime")
    page = run.report().read_text()
    assert all(f"person {story.person}" in page for story in telling.ready)


# What it changes: nothing --------------------------------------------------------------------------------------------
def test_a_panel_changes_no_bit_of_anything_else(run: Run, tmp_path: Path) -> None:
    without = files(made(tmp_path / "without", 0))
    with_panel = files(run)
    assert with_panel.keys() - without.keys() == {*TABLES, STORIES}
    assert {name: with_panel[name] for name in without} == without


def test_the_panel_is_the_same_however_it_is_made(run: Run, tmp_path: Path) -> None:
    """On two threads, or with a row of every event; a smaller one is part of it."""
    others = {
        "threads": made(tmp_path / "threads", MANY, threads=2, twin=False),
        "events": made(tmp_path / "events", MANY, events=True, twin=False),
    }
    for name, other in others.items():
        for table in ("panel", "panel_months"):
            assert run.tables[table].filter(world="regime").equals(other.tables[table]), (name, table)
    few = made(tmp_path / "few", panel.MEMBERS, twin=False).tables
    members = few["panel_months"]["person"].unique().to_list()
    assert len(members) == panel.MEMBERS
    for table in ("panel", "panel_months"):
        mine, theirs = (of[table].filter(pl.col("person").is_in(members)) for of in (run.tables, few))
        assert mine.filter(world="regime").equals(theirs)


# Damage --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "damage",
    [
        pl.col("what").replace({"applied": "famous"}), pl.col("rule") + 10_000, pl.col("act") + 10_000, pl.col("x") + 1,
        pl.lit("many").alias("x"), pl.lit(None).cast(pl.Int32).alias("day"),
    ],
)  # fmt: skip
def test_a_panel_that_does_not_fit_is_refused(run: Run, damage: Any) -> None:
    """Its hash may have been computed anew: still no traceback, and nothing told."""
    telling = replace(Telling.of_folder(run.folder), ready=())
    assert telling.panel is not None
    rows, months = telling.panel
    applied = rows.filter((pl.col("what") == "applied") & (pl.col("world") == "regime") & (pl.col("x") != 0))
    person = next(one for one in applied["person"] if one in telling.members())
    with pytest.raises(Refused, match="panel"):
        replace(telling, panel=(rows.with_columns(damage), months)).story(person)
    with pytest.raises(Refused, match="panel"):
        replace(telling, panel=(rows.drop("x"), months)).story(person)


def test_a_run_without_a_panel_lives_again(run: Run) -> None:
    """As folders of before have none."""
    telling = replace(Telling.of_folder(run.folder), panel=None)
    assert telling.members() == []
    assert "again" in str(telling.takes(0)) and "at once" not in str(telling.takes(0))


def test_the_manifest_vouches_for_both_tables(run: Run) -> None:
    manifest = json.loads((run.folder / "manifest.json").read_text())
    assert manifest["files"].keys() >= TABLES
    assert set(run.tables["panel"].columns) == {"seed", "world", *r.COLUMNS}
