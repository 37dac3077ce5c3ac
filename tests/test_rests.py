"""What headlines rest on: which guesses are found, moved and named, and when an answer is undecided."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import test_run
from singlestep.measures.counts import Ratio
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import Regime
from singlestep.study import rests
from singlestep.study.compare import compare
from singlestep.study.run import Plan
from singlestep.words import headlines as words

WARDENS = ("sources", "wardens", "sees", "litters")


def stern() -> Regime:
    return Regime.model_validate(test_run.REGIME)


def test_the_guesses_of_a_file_by_hand() -> None:
    """One number with a range; a documented one and one without a range are left out."""
    found = list(rests.guesses(stern(), rests.REGIME))
    assert found == [rests.Guess("regime", WARDENS, 0.5, 0.1, 0.9)]
    assert found[0].name == "regime.sources.wardens.sees.litters"
    known = {"value": 0.5, "range": [0.1, 0.9], "confidence": "documented", "cite": "a count"}
    for sees, without in ((known, 0), (0.5, 1), ({"value": 0.5, "range": [0.5, 0.5]}, 0)):
        wardens = {**test_run.REGIME["sources"]["wardens"], "sees": {"litters": sees}}
        other = Regime.model_validate({**test_run.REGIME, "sources": {"wardens": wardens}})
        assert list(rests.guesses(other, rests.REGIME)) == [] and rests.without_range(other) == without


def test_a_guess_moves_and_nothing_else_does() -> None:
    moved = rests.with_value(stern(), WARDENS, 0.9)
    assert moved.sources["wardens"].sees["litters"].value == 0.9
    assert rests.with_value(moved, WARDENS, 0.5) == stern()
    society = load_society("coast")
    for guess in [guess for guess in rests.guesses(society, rests.SOCIETY) if rests.STRENGTH not in guess.path][::20]:
        assert rests.with_value(rests.with_value(society, guess.path, guess.low), guess.path, guess.value) == society


def test_a_traits_factors_are_one_guess_of_their_strength() -> None:
    """Low conscientiousness 1.8, high .4: without strength 1 and 1, with twice the strength 3.24 and .16."""
    society = load_society("coast")
    assert rests.without_range(society) == 0
    path = ("acts", "runs-red-light", "times", "conscientiousness")
    (guess,) = [guess for guess in rests.guesses(society, rests.SOCIETY) if guess.path == path]
    assert guess[2:] == (1.0, 0.0, 2.0)
    for strength, low, high in ((0.0, 1.0, 1.0), (1.0, 1.8, 0.4), (2.0, 3.24, 0.16)):
        moved = rests.with_value(society, path, strength)
        factors = moved.acts["runs-red-light"].times["conscientiousness"]
        assert [factors[level].value for level in ("low", "middle", "high")] == pytest.approx([low, 1, high])
    everywhere = [guess for guess in rests.guesses(society, rests.SOCIETY) if rests.STRENGTH in guess.path]
    assert len({guess.path for guess in everywhere}) == len(everywhere) > 40


@cache
def plan() -> Plan:
    regimes = {name: load_regime(name) for name in ("none", "ordinary-law", "rongcheng")}
    named: Any = {"command": [], "files": {}, "given": {"society": "coast"}}
    return Plan(
        kind="compare", society=load_society("coast"), regimes=regimes, base="none", people=1_000, years=1, seeds=[1],
        threads=1, **named,
    )  # fmt: skip


def test_what_regimes_say_alike_moves_in_all_of_them() -> None:
    """rongcheng stands on ordinary law: one guess, moved in both; the regime without it stays as it is."""
    found = [guess for guess in rests.all_guesses(plan()) if guess.path == ("sources", "road-cameras", "sees", "speeds")]
    assert len(found) == 1
    moved = rests.moved_plan(plan(), found[0], 0.8)
    for name in ("ordinary-law", "rongcheng"):
        assert moved.regimes[name].sources["road-cameras"].sees["speeds"].value == 0.8
    assert moved.regimes["none"] is plan().regimes["none"] or moved.regimes["none"] == plan().regimes["none"]
    assert moved.society == plan().society


def guess(name: str) -> rests.Guess:
    return rests.Guess("society", (name,), 1.0, 0.0, 2.0)


def told(middle: float | None, **ends: tuple[float | None, float | None]) -> dict[str, Any]:
    """What is told of the headline about need when these guesses lead to these values."""
    moves = [rests.Moved(guess(name), {"w": {"need": low}}, {"w": {"need": high}}) for name, (low, high) in ends.items()]
    return rests.told("need", "w", middle, moves)


def test_the_two_inputs_that_move_most_are_named() -> None:
    found = told(1.0, little=(0.9, 1.1), most=(1.0, 3.0), more=(0.5, 1.5), nothing=(1.0, 1.0))
    assert [one["input"] for one in found["rests_on"]] == ["society.most", "society.more"]
    assert found["answer"] == words.YES and not found["turns"]
    assert [(one["at_low"], one["at_high"]) for one in found["rests_on"]] == [(1.0, 3.0), (0.5, 1.5)]
    assert told(-1.0, nothing=(-1.0, -1.0)) == {
        "value": -1.0, "answer": words.NO, "turns": False, "rests_on": [],
    }  # fmt: skip


@pytest.mark.parametrize(("middle", "ends"), [(1.0, (-0.1, 2.0)), (1.0, (2.0, -0.1)), (-1.0, (0.1, -2.0)), (0.0, (0.0, 1.0))])
def test_an_answer_whose_sign_turns_is_undecided(middle: float, ends: tuple[float, float]) -> None:
    found = told(middle, small=(middle, middle), large=ends)
    assert found["turns"] and found["answer"] == words.UNDECIDED
    assert found["rests_on"][0]["input"] == "society.large"


def test_without_a_value_there_is_no_answer() -> None:
    assert told(None, some=(1.0, 2.0))["value"] is None
    assert told(1.0, some=(None, 2.0))["rests_on"] == []


def test_answers_by_hand() -> None:
    """Access falls from 99 to 97 % for the lowest incomes and from 99 to 98 % for the highest: .01 more for the lowest."""
    def rows(all_of: int, lowest: int, highest: int) -> dict[str, Any]:
        shares = {"all": all_of, "income lowest": lowest, "income highest": highest}
        found: dict[str, Any] = {"access": {of: Ratio(number, 100) for of, number in shares.items()}}
        for headline in words.HEADLINES.values():
            found.setdefault(headline.measure, {}).setdefault(headline.of, Ratio(lowest, 100))
        return found

    found = rests.answers({"base": rows(99, 99, 99), "here": rows(98, 97, 98)}, "base")
    assert list(found) == ["here"]
    assert found["here"]["shut out"] == pytest.approx(0.01) and found["here"]["unequal"] == pytest.approx(0.01)
    assert found["here"]["silence"] == pytest.approx(-0.02)


def test_every_headline_asks_for_a_measure_that_there_is(tmp_path: Path) -> None:
    """Two guesses moved in a small world: the middle is what the comparison itself says of the same people and seed."""
    plain = compare("none", "ordinary-law", people=1_000, years=1, seeds=1, out=tmp_path / "plain")
    measured = plain.summary["measures"]
    small = plan()
    some = [rests.Guess("regime", ("sources", "road-cameras", "sees", "speeds"), 0.45, 0.05, 0.8)]
    assert some[0] in rests.all_guesses(small)
    regimes = {name: small.regimes[name] for name in ("none", "ordinary-law")}
    found = rests.rest(Plan(**{**small.__dict__, "regimes": regimes}), only=some)
    assert found["guesses"] == found["again"] == 1 and found["seeds"] == [1] and found["people"] == 1_000
    assert len(found["moves"]) == len(words.HEADLINES)
    differ = plain.summary["measures"]["differ"]["rows"]["all"]["worlds"]["ordinary-law"]["value"]
    assert found["headlines"]["ordinary-law"].pop("differ")["value"] == pytest.approx(differ) and differ > 0
    for name, headline in found["headlines"]["ordinary-law"].items():
        asked = words.HEADLINES[name]
        if asked.beyond is None:
            difference = measured[asked.measure]["rows"][asked.of]["differences"]["ordinary-law"]
            if difference is None:  # without a regime there are no records, and no appeals against them
                assert headline["value"] is None and name == "won"
                continue
            assert headline["value"] == pytest.approx(asked.sign * difference["mean"], rel=1e-6), name
    harm = found["headlines"]["ordinary-law"]["harm"]
    assert harm["rests_on"][0]["at_low"] < harm["value"] < harm["rests_on"][0]["at_high"]
    sentences = rests.sentences(found, {"ordinary-law": "ordinary-law"}, "none")
    assert any("the share of “speeds” that “road cameras” sees (0.05 to 0.8" in sentence for sentence in sentences)
    assert "No two were moved together" in sentences[-1]


def test_the_guesses_that_matter_most_are_moved_with_more_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of six guesses that move one answer by 1 to 5, the three largest and the only one that turns the sign are moved again,
    and the mean of the seeds counts: with the second seed the answer lies one higher."""
    names = "abcdef"
    tried = [guess(name) for name in names]

    def moved(plan: Any, some: Any, seed: int, progress: Any) -> Any:
        def answer(value: float) -> Any:
            return {"w": {**dict.fromkeys(words.HEADLINES), "need": value + seed - 1}}

        low = {name: -0.5 if name == "a" else 1.0 for name in names}
        moves = [rests.Moved(one, answer(low[one.path[0]]), answer(1.0 + names.index(one.path[0]))) for one in some]
        return answer(1.0), moves

    monkeypatch.setattr(rests, "_moved", moved)
    found = rests.rest(Plan(**{**plan().__dict__, "seeds": [1, 2]}), only=tried)
    assert found["again"] == 4 and found["seeds"] == [1, 2]
    need = found["headlines"]["w"]["need"]
    assert need["value"] == 1.5 and [one["input"] for one in need["rests_on"]] == ["society.f", "society.e"]
    assert not need["turns"] and need["rests_on"][0]["at_high"] == 6.5  # at -.5 and .5 in the two seeds: 0 on the average
    seeds = {row["input"]: row["seeds"] for row in found["moves"] if row["headline"] == "need"}
    assert seeds == {**{f"society.{name}": 1 for name in "bc"}, **{f"society.{name}": 2 for name in "adef"}}


def test_a_world_that_does_not_hold_the_guess_is_not_lived_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One middle of three worlds; a guess of rongcheng alone costs one world at each end, one of all the law's heirs two."""
    from singlestep.study import run

    asked: list[str] = []

    def each(tasks: Any, worlds: Any, workers: int, progress: Any) -> Any:
        asked.extend(job.label for _, job in tasks)
        return [run.Lived(None, None, None, rows={}) for _ in tasks]

    monkeypatch.setattr(run, "each", each)
    monkeypatch.setattr(rests, "answers", lambda rows, base: {})
    found = {guess.path: guess for guess in rests.all_guesses(plan())}
    for path, again in (
        (("sources", "net-watch", "sees", "criticises-local-government"), ["rongcheng"] * 2),
        (("sources", "road-cameras", "sees", "speeds"), ["ordinary-law", "rongcheng"] * 2),
    ):
        asked.clear()
        rests._moved(plan(), [found[path]], 1, None)
        assert asked == ["none", "ordinary-law", "rongcheng", *again]


def test_what_was_found_beforehand_is_told_of_the_same_files_and_years_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = [{"name": name, "sha256": f"hash of {name}"} for name in ("ordinary-law", "rongcheng")]
    told = {"kind": "compare", "society": {"name": "coast", "sha256": "c"}, "worlds": worlds, "years": 3, "base": "x"}
    monkeypatch.setattr(rests, "KNOWN", tmp_path)
    assert rests.beforehand(told) is None
    (tmp_path / "ordinary-law-rongcheng.json").write_text(json.dumps({"of": rests.about(told), "rests_on": {"guesses": 7}}))
    assert rests.beforehand(told) == {"guesses": 7, "beforehand": True}
    for changed in ({"years": 4}, {"kind": "run"}, {"society": {"name": "coast", "sha256": "d"}}, {"worlds": worlds[::-1]}):
        assert rests.beforehand({**told, **changed}) is None


@pytest.mark.slow
def test_the_demonstration_says_what_its_headlines_rest_on(tmp_path: Path) -> None:
    """The shipped files have not changed since it was found (`python docs/measures_of_the_demo.py RUN` renews it)."""
    if not rests.KNOWN.is_dir():
        pytest.skip("no whole run of --rests-on is kept with the shipped files")
    result = compare("ordinary-law", "rongcheng", people=1_000, years=3, seeds=1, out=tmp_path / "out")
    assert set(result.summary["rests_on"]["headlines"]["rongcheng"]) == set(words.HEADLINES)


def test_a_comparison_tells_what_it_rests_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an option of `compare`: in the summary, in a table and in the findings."""
    every = rests.all_guesses
    monkeypatch.setattr(rests, "all_guesses", lambda plan: every(plan)[:1])
    result = compare("none", "ordinary-law", people=1_000, years=1, seeds=1, rests_on=True, out=tmp_path / "out")
    assert set(result.summary["rests_on"]["headlines"]["ordinary-law"]) == set(words.HEADLINES)
    assert result.rests_on.height == len(words.HEADLINES) and result.rests_on.columns[:3] == ["seed", "world", "headline"]
    assert "--rests-on" in result.manifest["command"] and "What they rest on" in result.findings()[-1]


def test_every_guess_of_the_shipped_files_has_words() -> None:
    """Places in files are for programs; what has no words of its own is its keys with spaces."""
    said = {words.named(one.name)[0] for one in rests.all_guesses(plan())}
    assert not any("." in text or "_" in text for text in said)
    assert words.named("society.acts.jaywalks.rate") == ("how often “jaywalks” happens", " times a year")
    assert words.named("regime.powers.bent.share") == ("regime: powers: bent: share", "")


def test_an_answer_is_told_in_its_unit() -> None:
    assert words.amount("silence", 0.0338) == "+3.38 percentage points"
    assert words.amount("missed", -2.29) == "-2.29 a year for 1,000 people"
    assert words.amount("fear", 3.26) == "+3.26 on a scale from 0 to 15"
    moves = {"input": "society.acts.overdraws.rate", "low": 0.05, "high": 2.0, "at_low": 0.01, "at_high": 0.2}
    said = "how often “overdraws” happens (0.05 to 2 times a year: +1 to +20)"
    assert words.input_of("silence", moves) == said
