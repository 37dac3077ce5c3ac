"""Stories: hand-made lives told word for word, lives of runs held against their tables, and the kinds that can be picked."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.stress import worlds

import singlestep as ss
from singlestep import cli
from singlestep.engine import rows as r
from singlestep.engine import tallies
from singlestep.engine.world import World
from singlestep.regime.complaints import Refused
from singlestep.regime.loader import load_regime, load_society
from singlestep.study import folder, lives, stories
from singlestep.study.lives import Life, Pair, Row
from singlestep.study.run import Run
from singlestep.study.telling import KINDS, Telling
from singlestep.words import stories as words

COAST = load_society("coast")
RONGCHENG, LAW = load_regime("rongcheng"), load_regime("ordinary-law")
ACTS, SOURCES, RULES = list(COAST.acts), list(RONGCHENG.sources), list(RONGCHENG.rules)
DAYS = 3 * 365


# Lives made by hand --------------------------------------------------------------------------------------------------
def row(what: int, day: int, **columns: Any) -> Any:
    """A row with nothing but what is said."""
    named = dict.fromkeys(r.COLUMNS, -1) | {"what": what, "day": day, "person": 7, "reason": 0, "x": 0, "y": 0, "sides": 1}
    return Row(**(named | columns))


def life(*rows: Any, regime: Any = RONGCHENG) -> Life:
    return Life(7, COAST, regime, DAYS, list(rows), [], [])


def told(*rows: Any, twin: tuple[Any, ...] = ()) -> list[str]:
    pair = Pair(life(*rows), life(*twin, regime=LAW))
    return story(pair).sentences


def story(pair: Pair) -> stories.Story:
    return stories.tell(pair, ("a", "b"), "", 1000, 1, [lambda rule: ("file.yaml", 12), lambda rule: ("law.yaml", 34)])


def record(day: int, cause: str, author: int = 7, **more: Any) -> dict[str, Any]:
    place = {"act": ACTS.index("pays-utility-late"), "source": SOURCES.index("utilities")}
    event = {"author": author, "act_day": day - 3, "occasion": 0}
    return event | place | {"cause": tallies.CAUSES.index(cause)} | more


def test_a_record_in_the_wrong_file_is_told_with_rule_line_and_who_did_it() -> None:
    event = record(40, "mislinked", author=99)
    rows = (
        row(r.REMEDY, 40, **event, x=r.KNEW_BIT | r.FILED_BIT | r.WON_BIT | r.WRONG_BIT)._replace(y=140, z=-1),
        row(r.APPLIED, 40, **event, rule=RULES.index("bill-late"))._replace(x=-20, y=0, z=140),
        row(r.CLOSED, 140, rule=RULES.index("bill-late"), reason=1, author=99)._replace(x=-20),
        row(r.DECIDED, 140, rule=1, reason=1),
    )
    assert told(*rows)[1:4] == [
        "10 February of year 1 (day 40): a record of “pays the water, power or heating bill late” from utilities "
        "(companies): minus 20 points by the rule “Delaying the fees of public services costs 20 points” (bill-late, "
        "file.yaml, line 12). It was somebody else who did it, person 99: the record was put into the wrong file. They were "
        "not told, but found out. They appealed; a decision was due 21 May of year 1 (day 140).",
        "21 May of year 1 (day 140): the appeal was won; the record had been wrong.",
        "21 May of year 1 (day 140): what counted under “Delaying the fees of public services costs 20 points” fell by the "
        "appeal (20 points given back).",
    ]


def test_one_and_many_are_said_differently() -> None:
    event = record(40, "true")
    one = row(r.APPLIED, 40, **event, rule=RULES.index("blood"))._replace(x=1, y=1, sides=3)
    assert "plus 1 point by" in told(one)[1]
    assert "plus 5 points by" in told(one._replace(x=5))[1]
    asked = [row(r.ASKED, day, rule=1, reason=lives.REFUSED) for day in (3, 4, 5, 6)]
    assert "After that they were refused a flight once more." in told(*asked)
    assert "After that they were refused a flight 2 times more." in told(*asked, row(r.ASKED, 9, rule=1, reason=1))


def test_doors_shut_together_are_one_sentence_and_where_the_lives_part_is_said() -> None:
    trigger = {"act": ACTS.index("leaves-judgment-unpaid"), "cause": 0, "reason": 1}
    shut = [row(r.DOOR, 10, rule=door, x=1, **trigger) for door in (0, 1)]
    opened = row(r.DOOR, 30, rule=1, x=1, y=20, act=trigger["act"])
    sentences = told(*shut, opened)
    assert sentences[1:4] == [
        "11 January of year 1 (day 10): the doors to a loan from a bank and a flight were shut, because of “does not pay "
        "what a court has ordered”; with a right file they would have stayed open.",
        "31 January of year 1 (day 30): the door to a flight opened again, after 20 days.",
        "At the end, on 31 December of year 3 (day 1094), still shut: the door to a loan from a bank.",
    ]
    assert sentences[-1] == (
        "The two lives part on 11 January of year 1 (day 10): the door to a loan from a bank was shut under rongcheng and "
        "open under ordinary-law."
    )


def test_a_life_in_which_nothing_happened_says_so() -> None:
    assert told()[1:] == [
        words.NOTHING,
        "Under ordinary-law the same person met no record, no shut door and no refusal.",
        "The two lives never part: the same acts, the same doors.",
    ]


def test_the_twins_life_is_told_event_by_event_too() -> None:
    """One late bill, fined under either regime; rongcheng alone takes points for it. The twin's rules stand elsewhere."""
    place = {"act": ACTS.index("pays-utility-late"), "source": list(LAW.sources).index("utilities"), "cause": 0}
    event = {"author": 7, "act_day": 37, "occasion": 0, **place}
    fined = row(r.APPLIED, 40, **event, rule=list(LAW.rules).index("late-bill-charge"))
    found = story(Pair(life(), life(fined, regime=LAW)))
    assert found.twin_title == "The same person under ordinary-law" and found.twin == [
        "10 February of year 1 (day 40): a record of “pays the water, power or heating bill late” from utilities "
        "(companies): a fine by the rule “A bill paid late costs a charge” (late-bill-charge, law.yaml, line 34). It "
        "goes back to 7 February of year 1 (day 37)."
    ]
    assert str(found).endswith(f"{found.twin_title}\n- {found.twin[0]}") and found.twin[0] in found._repr_html_()
    alone = stories.tell(Pair(life(), None), ("a", None), "", 1000, 1, [lambda rule: None])
    assert alone.twin == [] and str(alone).count("\n") == 2


def test_silence_is_told_beside_the_twin_who_did_it() -> None:
    act = {"act": ACTS.index("petitions"), "author": 7, "act_day": 5, "occasion": 0, "source": -1, "arrival": 8}
    silent, done = row(r.ACT, 5, reason=lives.SILENCED, **act), row(r.ACT, 5, reason=lives.TAKEN, **act)
    assert told(silent, twin=(done,))[1] == (
        "6 January of year 1 (day 5): would have done this and held back out of fear: “takes a grievance to a higher "
        "office”. Under ordinary-law the same person did it that day."
    )
    assert lives.shows("silenced", Pair(life(silent), life(done, regime=LAW)))
    assert not lives.shows("silenced", Pair(life(silent), life(regime=LAW)))


def test_locked_in_takes_a_year_two_refusals_and_a_need_above_the_twins() -> None:
    def shown(opened: int, refusals: int, need: int) -> bool:
        rows = [row(r.DOOR, 100, rule=1, reason=1, act=0, cause=0), row(r.DOOR, opened, rule=1)]
        rows += [row(r.ASKED, 150 + n, rule=1, reason=lives.REFUSED) for n in range(refusals)]
        here = replace(life(*rows), months=[(0, 2, 0), (200, need, 0)])
        return lives.shows("locked-in", Pair(here, replace(life(regime=LAW), months=[(0, 2, 0), (200, 2, 0)])))

    assert shown(465, 2, 3)
    assert not shown(464, 2, 3)
    assert not shown(465, 1, 3)
    assert not shown(465, 2, 2)


# Candidates ----------------------------------------------------------------------------------------------------------
def test_looking_for_candidates_changes_nothing_and_layout_does_not_show() -> None:
    size = ("stress", "as written", "regime", 9_000, 45)
    plain, one = worlds.lived(*size), worlds.lived(*size, examples=True)
    many = worlds.lived(*size, examples=True, block_pages=1, threads=2)
    assert worlds.fingerprint(plain) == worlds.fingerprint(one)
    assert one.examples is not None and many.examples is not None
    found = one.examples.candidates()
    assert found == many.examples.candidates()
    assert sum(map(len, found.values())) > 100
    assert all(len(persons) == len(set(persons)) for persons in found.values())


# A run ---------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("stories") / "run"
    return ss.compare("ordinary-law", "rongcheng", people=4_000, years=1, seeds=1, stories=True, out=out)


def test_its_stories_agree_with_its_tables(run: Run) -> None:
    found = json.loads((run.folder / "stories.json").read_text())
    assert {"silenced", "gained"} <= {story["kind"] for story in found}
    for story in found:
        assert len(story["sentences"]) >= 3
        for world in ("rongcheng", "ordinary-law"):
            person = run.people.filter(world=world, person=story["person"])
            assert story["points"][world][-1][1] == person["points"].item()
            spells = run.spells.filter(world=world, person=story["person"]).select("door", "from", "until")
            assert sorted(map(tuple, story["doors"][world]), key=str) == sorted(spells.iter_rows(), key=str)


def test_a_person_is_told_of_with_true_lines(run: Run) -> None:
    person = run.people.filter(pl.col("world") == "rongcheng", pl.col("points") < 1000)["person"][0]
    story = run.story(person)
    assert story.person == person
    places = re.findall(r"\(([a-z-]+), ([a-z-]+\.yaml), line (\d+)\)", str(story))
    assert places
    library = Path(ss.__file__).parent / "library" / "regimes"
    for rule, file, line in places:
        assert (library / file).read_text().splitlines()[int(line) - 1].strip().startswith(f"{rule}:")


def test_a_picked_life_is_of_its_kind(run: Run) -> None:
    story = run.story(pick="silenced")
    assert story.kind == "silenced"
    assert "held back out of fear" in str(story)
    assert story.title == f"Silent out of fear: person {story.person}"
    lived_again = replace(Telling.of_folder(run.folder), ready=()).story(pick="silenced")
    assert lived_again.kind == "silenced" and "held back out of fear" in str(lived_again)
    assert "person" in story._repr_html_()


def test_what_was_told_when_the_run_was_made_is_told_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By kind or by person; anybody else's worlds, another seed's or another world's are lived again."""
    telling = Telling.of_folder(run.folder)
    first = telling.ready[0]
    monkeypatch.setattr(Telling, "pairs", None)
    assert telling.story(pick=first.kind) == telling.story(first.person) == first
    assert json.loads((run.folder / "stories.json").read_text())[0] == first.plain()
    assert telling.takes(pick=first.kind) is None and telling.takes(first.person, world="rongcheng") is None
    others = {story.person for story in telling.ready}
    assert telling.takes(next(one for one in range(4_000) if one not in others)) is not None
    assert telling.takes(first.person, world="ordinary-law") is not None
    for damaged in ("x", [5], [{"kind": 3}], [{**first.plain(), "sentences": [7]}], [{**first.plain(), "kind": "famous"}]):
        assert stories.from_plain(damaged) == []


def test_what_cannot_be_told_is_refused(run: Run, tmp_path: Path) -> None:
    for asked, why in (
        ({"person": 4_000}, "between 0 and 3999"), ({"pick": "famous"}, "wrongly-listed"),
        ({"person": 1, "pick": "silenced"}, "either"), ({"seed": 9, "person": 1}, "the seeds 1"),
        ({"world": "twin", "person": 1}, "ordinary-law, rongcheng"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            run.story(**asked)
    with pytest.raises(Refused):
        Telling.of_folder(tmp_path)
    other = replace(Telling.of_folder(run.folder), standing=run.people.with_columns(points=pl.col("points") + 1))
    with pytest.raises(Refused, match="another version"):
        other.story(1)


def test_lines_are_left_out_when_the_file_has_changed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    changes = "rules:\n  bill-late:\n    points: -21\n"
    file.write_text(f"format: singlestep-regime 1\nextends: rongcheng\nname: mine\nwords: Mine\n{changes}")
    telling = Telling.of_folder(run.folder)
    assert telling.where("rongcheng")("bill-late") is not None
    changed = replace(telling, given={**telling.given, "rongcheng": str(file)})
    assert changed.where("rongcheng")("bill-late") is None
    assert changed.where("rongcheng")("blood") == telling.where("rongcheng")("blood")


@pytest.mark.parametrize("lie", ["regime", "people", "seeds", "threads"])
def test_a_forged_manifest_is_refused(run: Run, tmp_path: Path, lie: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run.folder, copy)
    manifest = json.loads((copy / folder.MANIFEST).read_text())
    summary = json.loads((copy / folder.SUMMARY).read_text())
    if lie == "regime":
        manifest["inputs"]["rongcheng"]["resolved"] = "{}"
    elif lie == "threads":
        manifest["parameters"]["threads"] = "many"
    else:
        summary[lie] = -5
        data = folder.as_json(summary)
        (copy / folder.SUMMARY).write_bytes(data)
        manifest["files"][folder.SUMMARY] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    manifest[folder.SEAL] = folder.seal(manifest)
    (copy / folder.MANIFEST).write_bytes(folder.as_json(manifest))
    with pytest.raises(Refused):
        Telling.of_folder(copy)


def test_the_command_remembered_tells_a_life_of_each_kind_again(run: Run, tmp_path: Path) -> None:
    command = shlex.split(str(run.manifest["command"]))
    assert command[0] == "singlestep" and command[-1] == "--stories"
    cli.app([*command[1:], "--out", str(tmp_path / "again")], standalone_mode=False)
    assert (tmp_path / "again" / "stories.json").read_bytes() == (run.folder / "stories.json").read_bytes()


def test_the_command_tells_and_draws(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "life.svg"
    arguments = ["story", str(run.folder), "--person", "17", "--picture", str(picture)]
    cli.app(arguments, standalone_mode=False)
    shown = capsys.readouterr()
    assert "One life: person 17" in shown.out
    assert "synthetic" in shown.out
    assert "2 worlds again" in shown.err
    assert picture.read_bytes().startswith(b"<svg")


def test_picture_names_are_checked(run: Run, tmp_path: Path) -> None:
    from singlestep.report.pictures import write_life

    with pytest.raises(Refused, match=r"\.svg"):
        write_life(run.story(17), 365, tmp_path / "life.gif")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_demonstration_holds_every_kind() -> None:
    people, days = 20_000, 3 * 365
    world = World(COAST, RONGCHENG, people, 1, examples=True)
    world.run(days)
    assert world.examples is not None
    found = world.examples.candidates()
    persons = {person for some in found.values() for person in some}
    lived = lives.relive(COAST, {"rongcheng": RONGCHENG, "ordinary-law": LAW}, people, days, 1, persons)
    for kind in KINDS:
        pairs = [Pair(lived["rongcheng"][person], lived["ordinary-law"][person]) for person in found[kind]]
        assert any(lives.shows(kind, pair) for pair in pairs), kind
    ends = np.array([lived["rongcheng"][person].points()[-1][1] for person in sorted(persons)])
    assert (ends == world.points[sorted(persons)]).all()
