"""Events: rows of records and decisions that agree with the tables of the run, and with the world compared with."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import singlestep as ss
from singlestep.regime.complaints import Refused
from singlestep.study.events import MOST, check_size
from singlestep.study.run import Run

DOCS = Path(__file__).parents[1] / "docs"
PEOPLE, YEARS = 4_000, 1
SIZE = {"people": PEOPLE, "years": YEARS, "events": True}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A scoring regime compared with ordinary law."""
    out = tmp_path_factory.mktemp("events") / "run"
    return ss.compare("ordinary-law", "rongcheng", seeds=1, out=out, **SIZE)


@pytest.fixture(scope="module")
def itself(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A regime beside itself."""
    return ss.run("rongcheng", twin="rongcheng", out=tmp_path_factory.mktemp("events") / "run", **SIZE)


def total(table: pl.DataFrame, world: str, **where: str) -> int:
    return int(table.filter(world=world, **where)["value"].sum())


@pytest.mark.parametrize("world", ["ordinary-law", "rongcheng"])
def test_records_are_those_that_were_counted(beside: Run, world: str) -> None:
    records = beside.events().records.filter(world=world)
    for cause in records["cause"].unique():
        assert records.filter(cause=cause).height == total(beside.sources, world, cause=cause), cause
    lost = -records.filter(pl.col("points") < 0)["points"].sum()
    assert lost == total(beside.causes, world, measure="points lost")
    assert (records["outcome"] == "lost").sum() == total(beside.sources, world, cause="missed")
    filed = beside.flow.filter(pl.col("measure").is_in(["filed wrong", "filed right"]))
    assert records["appealed"].sum() == total(filed, world)


@pytest.mark.parametrize("world", ["ordinary-law", "rongcheng"])
def test_decisions_are_those_that_were_counted(beside: Run, world: str) -> None:
    decisions = beside.events().decisions.filter(world=world)
    doors, requests = decisions.filter(kind="door"), decisions.filter(kind="request")
    assert doors.height == total(beside.doors, world, measure="begun") > 0
    assert doors["until"].count() == total(beside.doors, world, measure="ended")
    assert doors["erroneous"].sum() == total(beside.doors, world, measure="erroneous")
    assert doors["mistaken"].sum() == total(beside.doors, world, measure="mistaken")
    assert requests.height == total(beside.doors, world, measure="asked")
    assert (requests["answer"] == "refused").sum() == total(beside.doors, world, measure="refused")
    entered = total(beside.lists, world, measure="entered", file="recorded")
    assert decisions.filter(kind="listing").height == entered


def test_spells_are_those_of_the_table_of_spells(beside: Run) -> None:
    doors = beside.events().decisions.filter(kind="door")
    mine = doors.select("world", "person", pl.col("what").alias("door"), pl.col("day").alias("from"), "until", "erroneous")
    theirs = beside.spells.select("world", "person", "door", "from", "until", "erroneous")
    assert sorted(mine.iter_rows(), key=str) == sorted(theirs.iter_rows(), key=str)


def test_a_world_beside_itself_has_the_same_events(itself: Run) -> None:
    records, decisions = (table.filter(world="regime") for table in itself.events())
    assert set(records.filter(pl.col("actor").is_not_null())["in_base"]) == {"taken"}
    forged = records.filter(pl.col("cause").is_in(["false report", "planted"]))
    assert set(forged["in_base"]) == {"made up"}
    assert (decisions["in_base"] == decisions["answer"]).all()
    other = itself.events().records.filter(world="twin")
    assert records.drop("world", "in_base").equals(other.drop("world", "in_base"))
    assert other["in_base"].null_count() == other.height


def test_potential_outcomes_are_the_other_worlds_own_events(beside: Run) -> None:
    decisions = beside.events().decisions
    here, there = decisions.filter(world="rongcheng"), decisions.filter(world="ordinary-law")
    asked = pl.col("kind") == "request"
    mine = here.filter(asked).select("person", "day", "what", answer="in_base").sort(pl.all())
    assert mine.equals(there.filter(asked).select("person", "day", "what", "answer").sort(pl.all()))
    shut = {(p, w): [] for p, w in there.filter(kind="door").select("person", "what").iter_rows()}
    for person, what, day, until in there.filter(kind="door").select("person", "what", "day", "until").iter_rows():
        shut[person, what].append((day, until if until is not None else 10**9))
    for person, what, day, other in here.filter(kind="door").select("person", "what", "day", "in_base").iter_rows():
        covered = any(first <= day < last for first, last in shut.get((person, what), []))
        assert other == ("shut" if covered else "open")


def test_acts_not_done_in_the_other_world_left_no_record_there(beside: Run) -> None:
    records = beside.events().records
    here, there = records.filter(world="rongcheng"), records.filter(world="ordinary-law")
    key = ["actor", "done", "act"]
    undone = here.filter(pl.col("in_base").is_in(["deterred", "silenced", "shut", "forgone"]))
    done = here.filter(in_base="taken")
    assert undone.height > 0
    twice = undone.join(done, on=key, how="anti")  # the same act may be done twice a day
    assert twice.join(there, on=key, how="semi").height == 0


def test_true_records_move_both_files_alike_but_for_bending_and_repetition(beside: Run) -> None:
    true = beside.events().records.filter(pl.col("cause") == "true", pl.col("outcome") == "applied")
    straight = true.filter(~pl.col("bent"))
    assert straight.height > 0
    assert (straight["points"] == straight["clean_points"]).mean() > 0.99
    bent = true.filter("bent")
    assert bent.height > 0
    assert (bent["points"] != bent["clean_points"]).all()


def test_who_did_it_is_not_who_is_named_exactly_where_a_record_went_astray(beside: Run) -> None:
    records = beside.events().records.filter(pl.col("actor").is_not_null(), pl.col("named").is_not_null())
    elsewhere = records.filter(pl.col("actor") != pl.col("named"))
    assert set(elsewhere["cause"]) <= {"misidentified", "mislinked"}
    assert (records.filter(cause="mislinked").select((pl.col("actor") != pl.col("named")).all())).item()
    assert records.filter(cause="mislinked").height > 0


def test_the_reference_names_every_column(beside: Run) -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    for name, table in beside.events()._asdict().items():
        part = re.search(rf"`{name}\.parquet`\n: (.*?)\n\n", page, re.DOTALL)
        assert part is not None
        told = set(re.findall(r"`(\w+)`", part[1]))
        assert set(table.columns) - {"seed", "world"} <= told


def test_too_many_are_refused_with_the_number_that_fits(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="at most 66,666 people"):
        ss.run("rongcheng", people=100_000, years=3, events=True, out=tmp_path / "none")
    assert not (tmp_path / "none").exists()
    check_size(MOST // 6, 3, 2)


def test_a_run_without_events_says_how_to_get_them(tmp_path: Path) -> None:
    plain = ss.run("none", people=1_000, years=1, twin=False, out=tmp_path / "run")
    with pytest.raises(Refused, match="--events"):
        plain.events()


# The tutorial and the notebook ---------------------------------------------------------------------------------------
BLOCK = re.compile(r"<!-- tested: (write|append|printed) (\S+) -->\n```\w*\n(.*?)```", re.DOTALL)


def test_the_tutorial_on_events_is_true(tmp_path: Path) -> None:
    page = (DOCS / "tutorial_events.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert len(blocks) == page.count("<!-- tested:")
    printed = ""
    for order, name, text in blocks:
        if order == "printed":
            printed = text.removesuffix("…\n")
        else:
            with (tmp_path / name).open("a", encoding="utf-8") as file:
                file.write(text)
    found: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(out):
        exec((tmp_path / "estimate.py").read_text(encoding="utf-8"), found)
    assert printed
    assert out.getvalue().startswith(printed)
    assert abs(found["better"] - found["truth"]) < 0.25 * found["truth"]
    assert found["naive"] < 0.1 * found["truth"]
    counts = dict(found["asked"].group_by("in_base").len().iter_rows())
    assert set(counts) == {"granted"}


def test_the_notebook_runs() -> None:
    for needed in ("nbformat", "ipykernel", "nbclient"):
        pytest.importorskip(needed, reason=f"the notebook needs {needed}: pip install '.[test]'")
    import nbclient
    import nbformat

    notebook = nbformat.read(DOCS / "tutorial_notebook.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "clear the outputs before committing"
    nbclient.NotebookClient(notebook, timeout=900, kernel_name="python3").execute()
    shown = str([output for cell in notebook.cells for output in cell.get("outputs", [])])
    assert "made-up people of coast" in shown
    assert "Silent out of fear" in shown
