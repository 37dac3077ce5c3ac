"""The laws of docs/model.md, for shipped regimes and for small regimes that Hypothesis makes up.

Everything is fixed: seeds, and the examples that Hypothesis tries (`derandomize`). The plain reading of the model,
`reference.py`, is held against the engine on the same made-up regimes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from singlestep.engine import letters, tallies
from singlestep.engine import world as engine
from singlestep.engine.blocks import Block
from singlestep.engine.state import PAGE
from singlestep.engine.world import BrokenLaw, World
from singlestep.quantities import Quantity, Rate
from singlestep.regime.loader import load_regime, load_society, shipped
from singlestep.regime.schema import Link, Powers, Regime, Rule
from singlestep.society.schema import Society

Drawn = Callable[[st.SearchStrategy[Any]], Any]
REGIMES = shipped()["regimes"]
COAST = load_society("coast")
NEVER = Quantity(value=0.0, confidence="derived")
ARRAYS = (
    "points", "clean", "board", "tie", "lists", "clean_lists", "need", "fear", "awareness", "cut", "income", "minority",
)  # fmt: skip
ERRANT = ("false-report", "plant", "erase", "fake")
FLOW, DOOR, ACT = tallies.column(tallies.FLOW), tallies.column(tallies.DOOR), tallies.column(tallies.ACT)


def a_few(examples: int) -> settings:
    """So many examples, always the same ones."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    no_shrinking = [Phase.explicit, Phase.generate]  # which takes minutes here; make the example smaller by hand
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=slow,
        phases=no_shrinking,
    )


def lived(society: Society, regime: Regime, people: int, days: int, seed: int = 1, **how: int) -> World:
    """A world after some days, its laws checked at every settling and at the end."""
    world = World(society, regime, people, seed, **how)
    world.run(days)
    world.finish()
    return world


def flow(world: World, name: str) -> int:
    """One of the flows, over all cells."""
    return int(world.tallies["flow"][FLOW[name]].sum())


def at_doors(world: World, name: str) -> int:
    """What happened at all doors, over all cells."""
    return int(world.tallies["door"][:, DOOR[name]].sum())


def assert_alike(one: World, other: World, people: int | None = None) -> None:
    """The same people in the same state; and, without `people`, the same tallies."""
    for name in ARRAYS:
        assert np.array_equal(getattr(one, name)[:people], getattr(other, name)[:people]), name
    if people is None:
        for name in tallies.NAMES:
            assert np.array_equal(one.tallies[name], other.tallies[name]), name
        assert one.under_way == other.under_way


# Made-up societies and regimes --------------------------------------------------------------------------------------
SHARES = st.sampled_from([0.0, 0.0, 0.2, 0.5, 1.0])
TERMS = st.sampled_from(["1 day", "5 days", "12 days", "20 days"])
ACTS = ("steal", "speak", "give", "hide", "tell")
LISTS = ("watch", "last", "kin")


def one_in(draw: Drawn, out_of: int) -> bool:
    """True for one example in so many."""
    return draw(st.integers(1, out_of)) == 1


def maybe(draw: Drawn, value: st.SearchStrategy[Any]) -> Any:
    """A value, or nothing at all."""
    return draw(st.none() | value)


@st.composite
def societies(draw: Drawn) -> Society:
    """A hamlet with every kind of act, at random rates."""
    rate = st.sampled_from([0, 6, 25])
    plain = {"domain": "street", "headroom": 2}
    acts = {
        "steal": {"words": "steals", "rate": 25, "harm": "minor", **plain, "need": 1, "grudge": 0.5, "deterred": 0.8,
                  "times": {"loud": {"very": 2}, "income": {"lowest": 1.5}},
                  "leads_to": [{"act": "hide", "after": draw(TERMS), "share": 0.5}]},
        "hide": {"words": "hides", "rate": 0, **plain, "silenced": 0.3},
        "speak": {"words": "speaks", "rate": 25, **plain, "domain": "speech", "protected": "speech", "silenced": 0.8,
                  "who": {"loud": ["very"]}},
        "give": {"words": "gives", "rate": draw(rate), **plain, "encouraged": 1, "gamed": 1},
        "fly": {"words": "flies", "rate": 6, **plain, "door": "flight"},
        "walk": {"words": "walks", "rate": 6, **plain, "behind": "flight"},
        "tell": {"words": "reports", "rate": 0, **plain, "does": "report"},
        "slander": {"words": "slanders", "rate": draw(rate), **plain, "does": "false-report"},
        "plant": {"words": "plants", "rate": draw(rate), **plain, "does": "plant"},
        "erase": {"words": "erases", "rate": draw(rate), **plain, "does": "erase"},
        "pretend": {"words": "pretends", "rate": draw(rate), **plain, "does": "fake", "fakes": "give"},
    }  # fmt: skip
    return Society.model_validate({
        "format": "singlestep-society 1", "name": "hamlet", "words": "a made-up hamlet", "city_pages": 1,
        "settle_every": draw(st.sampled_from([7, 10])),
        "households": {"templates": ["PPCC MM E YY QC PPC M E", "EE MM PPCCC YYYY QCC"]},
        "traits": {"loud": {"words": "outspoken", "levels": ["no", "very"], "shares": [0.6, 0.4]},
                   "group": {"words": "group", "levels": ["most", "few"], "shares": [0.8, 0.2]}},
        "archetype": draw(st.sampled_from([["age", "income"], ["loud"], ["age", "loud", "group"]])),
        "group": "group", "critic": "loud", "namesakes": draw(st.sampled_from([0, 1, 4])),
        "ties": {"pattern": draw(st.sampled_from(["town", "ring", "none"]))},
        "acts": acts,
        "services": {
            "loan": {"words": "a loan", "domain": "finance", "rate": 20, "hurt": 2, "unaffordable": [0.3, 0, 0, 0, 0]},
            "flight": {"words": "a flight", "domain": "travel", "rate": 10},
        },
        "responses": {"reports": 0.8, "cut": draw(SHARES), "mend": 0.4, "knows_untold": 0.5, "appeals_if_wrong": 0.8,
                      "appeals_if_right": 0.5, "gaming_income": "lowest"},
    })  # fmt: skip


def a_source(draw: Drawn, sees: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A source with random errors."""
    late = maybe(draw, st.just({"share": 0.5, "up_to": "9 days"}))
    return {
        "words": "a source", "body": "police", "sees": sees, "misidentified": draw(SHARES), "mistyped": draw(SHARES),
        "link": {"missed": draw(st.sampled_from([0, 0.2])), "by_name": draw(SHARES)}, "late": late,
        "misidentified_by_group": draw(st.sampled_from([1, 3])), "hit_by_group": draw(st.sampled_from([1, 2])),
        "delay": draw(st.sampled_from(["0 days", "3 days"])), **more,
    }  # fmt: skip


@st.composite
def rules(draw: Drawn, names: tuple[str, ...]) -> dict[str, Any]:
    """A rule with some of everything a rule can have."""
    low = draw(st.integers(-40, 20).filter(bool))
    rule: dict[str, Any] = {"act": draw(st.sampled_from(ACTS)), "points": low, "counts_from": "act"}
    if one_in(draw, 3):
        rule["points"] = [low, low + draw(st.integers(0, 30))]
    if one_in(draw, 3):
        rule["seen_by"] = ["camera"]
    if one_in(draw, 3):
        rule["set_class"] = {"to": draw(st.sampled_from(["B", "C"])), "term": draw(TERMS)}
    rule["enters"] = maybe(draw, st.sampled_from(names)) if names else None
    rule["expires"], rule["window"] = maybe(draw, TERMS), maybe(draw, TERMS)
    rule["cap"] = maybe(draw, st.just({"points": 50}))
    rule["repeat"] = maybe(draw, st.just({"from": 2, "times": 3}))
    rule["fine"] = draw(st.integers(0, 2))
    return rule


@st.composite
def listings(draw: Drawn, others: tuple[str, ...]) -> dict[str, Any]:
    """A list with some of everything a list can have."""
    entry = draw(st.sampled_from([{}, {"records": 2}, {"at_or_below": "C"}, {"at_or_below": "B", "records": 4}]))
    listing: dict[str, Any] = {"words": "a list", "entry": entry, "published": draw(st.booleans())}
    listing["term"], listing["wipes"] = maybe(draw, TERMS), draw(st.booleans())
    listing["fulfil"] = maybe(draw, st.just({"share": 0.5, "within": "9 days"}))
    if listing["term"]:
        listing["later_terms"] = draw(st.lists(TERMS, max_size=2))
    if others and one_in(draw, 2):
        who = draw(st.sampled_from(["children", "adults", "all"]))
        listing["household"] = {"who": who, "onto": draw(st.sampled_from(others))}
    return listing


@st.composite
def regimes(draw: Drawn, publish: str | None = None, wipes: bool = True) -> Regime:
    """A regime with some of everything a regime can have."""
    names = LISTS[: draw(st.integers(0, 3))]
    lists = {name: draw(listings(names[n + 1 :])) for n, name in enumerate(names)}
    for listing in lists.values():
        listing["wipes"] = listing["wipes"] and wipes
    sources = {
        "camera": a_source(draw, {"steal": 0.8, "speak": 0.5, "give": 0.9},
                           mistakes={"fly": {"recorded_as": "steal", "share": draw(SHARES)}}),
        "neighbours": a_source(draw, {"steal": 0.6, "speak": 0.4}, kind="witness"),
        "office": a_source(draw, {"hide": 1, "give": 0.5, "tell": 1}),
    }  # fmt: skip
    publish = publish or draw(st.sampled_from(["daily", "monthly"]))
    rungs = [{"name": "A", "floor": 10, "perk": 5}, {"name": "B", "floor": -10}, {"name": "C"}]
    powers = {
        "plant": {"source": "camera", "acts": ["steal", "speak"]}, "erase": draw(st.booleans()),
        "bent": maybe(draw, st.just({"share": 0.5})), "oversight": draw(SHARES), "oversight_after": draw(TERMS),
    }  # fmt: skip
    spill = {"weight": 0.3, "household": 2, "near": 1, "far": 1, "mode": draw(st.sampled_from(["shown", "absorbed"]))}
    return Regime.model_validate({
        "format": "singlestep-regime 1", "name": "made-up", "words": "a made-up regime",
        "applies_to": draw(st.sampled_from([{}, {"age": ["young", "middle", "old"]}])),
        "sources": sources, "stacking": draw(st.sampled_from(["all", "gravest"])),
        "points": {"start": 5, "low": -60, "high": 40, "bounds": draw(st.sampled_from(["hold", "read"]))},
        "rules": {f"rule-{n}": draw(rules(names)) for n in range(draw(st.integers(1, 5)))},
        "ladder": {"classes": rungs, "publish": publish}, "lists": lists,
        "gates": {"loan": {"classes": ["C"], "human": 0.5, "reliance": 0.5, "price": {"A": 90}},
                  "flight": {"lists": list(names), "classes": draw(st.sampled_from([[], ["B", "C"]]))}},
        "spill_over": maybe(draw, st.just(spill)),
        "disclosure": {"announced": draw(SHARES), "lasting": 0.3, "told": draw(SHARES)},
        "remedy": {"appeals": draw(st.booleans()), "wait": draw(TERMS), "wins_if_wrong": 0.8,
                   "wins_if_right": draw(SHARES), "a_month": maybe(draw, st.just(20))},
        "powers": powers, "bounds_of_harm": {"minor": "5 days", "none": "2 days"},
    })  # fmt: skip


# Errors shut off ----------------------------------------------------------------------------------------------------
def without_errors(regime: Regime, appeals_won: float = 0.0) -> Regime:
    """The same regime, in which every record is right and no appeal against a right record is won."""
    shut = {"misidentified": NEVER, "mistakes": {}, "link": Link(), "mistyped": NEVER, "late": None}
    sources = {name: source.model_copy(update=shut) for name, source in regime.sources.items()}
    remedy = regime.remedy.model_copy(update={"wins_if_right": Quantity(value=appeals_won)})
    return regime.model_copy(update={"sources": sources, "powers": Powers(), "remedy": remedy})


def of_honest_people(society: Society) -> Society:
    """The same society, in which nobody reports falsely, plants, erases or fakes (the acts happen and do nothing)."""
    harmless = {"does": "nothing", "fakes": None}
    acts = {n: a.model_copy(update=harmless) if a.does in ERRANT else a for n, a in society.acts.items()}
    return society.model_copy(update={"acts": acts})


def assert_nothing_is_erroneous(world: World) -> None:
    assert at_doors(world, "erroneous") == 0
    assert world.tallies["alive"].sum() == 0
    assert world.tallies["source"][:, 1:].sum() == 0
    assert np.array_equal(world.points, world.clean)


@pytest.mark.parametrize("name", REGIMES)
def test_without_errors_nothing_is_erroneous_under_a_shipped_regime(name: str) -> None:
    regime = without_errors(load_regime(name))
    world = lived(of_honest_people(COAST), regime, 4096, 700)
    assert_nothing_is_erroneous(world)
    assert (at_doors(world, "begun") > 0) == bool(regime.gates)
    assert np.array_equal(world.lists, world.clean_lists)


@a_few(60)
@given(societies(), regimes(publish="daily"))
def test_without_errors_nothing_is_erroneous_under_any_regime(society: Society, regime: Regime) -> None:
    world = lived(of_honest_people(society), without_errors(regime), 200, 40)
    assert_nothing_is_erroneous(world)
    assert np.array_equal(world.lists, world.clean_lists)


@a_few(60)
@given(societies(), regimes(publish="monthly"))
def test_without_errors_nothing_is_erroneous_under_monthly_publication(society: Society, regime: Regime) -> None:
    assert_nothing_is_erroneous(lived(of_honest_people(society), without_errors(regime), 200, 40))


# The ledgers --------------------------------------------------------------------------------------------------------
def waiting(world: World, kind: int) -> int:
    """Letters of a kind under way."""
    events = world.post.everything()[:, letters.EVENT].tolist()
    return sum(letters.kind_of(event) == kind for event in events)


def assert_ledgers(world: World) -> None:
    """Every ledger of the page adds up, letters by kind, spells, listings, appeals and causes."""
    world.check_laws()
    sent, delivered, refused = world.tallies["letter"].T
    under_way = [waiting(world, kind) for kind in range(len(tallies.LETTERS))]
    assert np.array_equal(sent, delivered + refused + under_way)
    assert refused.sum() == world.tallies["refusal"].sum()
    door = world.tallies["door"]
    for side, begun, ended in ((0, "begun", "ended"), (1, "clean begun", "clean ended")):
        left_open = door[:, DOOR[begun]].sum(axis=1) - door[:, DOOR[ended]].sum(axis=1)
        assert np.array_equal(left_open, world.tallies["stock_door"][:, side].sum(axis=1))
        entered, left, _ = world.tallies["listing"][:, side].sum(axis=2).T
        assert np.array_equal(entered - left, world.tallies["stock_list"][:, side].sum(axis=1))
    for row in ("wrong", "right"):
        assert flow(world, f"penal {row}") >= flow(world, f"knew {row}") >= flow(world, f"filed {row}")
        assert flow(world, f"decided {row}") >= flow(world, f"won {row}")
    filed, decided = (flow(world, f"{what} wrong") + flow(world, f"{what} right") for what in ("filed", "decided"))
    assert filed == decided + waiting(world, letters.DECISION)
    lost, gained = world.tallies["cause"].sum(axis=0)
    assert gained - lost == world.tallies["rule"][:, tallies.RULE.index("points recorded")].sum()
    assert world.tallies["trigger"][:, 0].sum() == at_doors(world, "begun")
    assert world.tallies["trigger"][:, 1].sum() == at_doors(world, "erroneous")


@pytest.mark.parametrize("name", REGIMES)
def test_ledgers_add_up_under_a_shipped_regime(name: str) -> None:
    assert_ledgers(lived(COAST, load_regime(name), 4096, 400))


def same_as_reference(society: Society, regime: Regime, people: int, days: int) -> World:
    """Both readings of the model agree; the engine's world."""
    world, plain = lived(society, regime, people, days), reference.World(society, regime, people, 1)
    plain.run(days)
    plain.finish()
    for name in ARRAYS[:-2]:
        assert np.array_equal(getattr(world, name), getattr(plain, name)), name
    for name in tallies.NAMES:
        assert np.array_equal(world.tallies[name], plain.tallies[name]), name
    assert world.under_way == plain.under_way
    return world


@a_few(40)
@given(societies(), regimes())
def test_laws_hold_and_both_readings_agree_on_made_up_regimes(society: Society, regime: Regime) -> None:
    assert_ledgers(same_as_reference(society, regime, 130, 30))


def corrupt_points(world: World) -> None:
    world.state.points[17] += 1


def corrupt_clean_points(world: World) -> None:
    world.state.clean[17] -= 3


def lose_a_letter(world: World) -> None:
    pile = world.post.posted
    pile[0] = pile[0][1:]


def decide_what_was_never_filed(world: World) -> None:
    tables: Any = world.counts[0].tallies
    tables.flow[FLOW["decided right"]] += 1_000_000


def post_twice(world: World) -> None:
    pile = world.post.posted
    pile.append(pile[0][:1])


CORRUPTIONS = [corrupt_points, corrupt_clean_points, lose_a_letter, decide_what_was_never_filed, post_twice]


@pytest.mark.parametrize("corrupt", CORRUPTIONS)
def test_a_corrupted_world_is_noticed(corrupt: Callable[[World], None]) -> None:
    world = lived(COAST, load_regime("rongcheng"), 4096, 100)
    corrupt(world)
    with pytest.raises(BrokenLaw):
        world.check_laws()


# What cannot be -----------------------------------------------------------------------------------------------------
def test_where_nobody_watches_there_are_no_records() -> None:
    world = lived(COAST, load_regime("none"), 4096, 200)
    assert world.tallies["letter"][[letters.RECORD, letters.CLOSE, letters.DECISION]].sum() == 0
    assert world.tallies["source"].size == world.tallies["rule"].size == 0
    assert at_doors(world, "begun") == at_doors(world, "refused") == 0
    assert not world.points.any()


@pytest.mark.parametrize("name", REGIMES)
def test_without_spill_over_shown_is_own(name: str) -> None:
    regime = load_regime(name).model_copy(update={"spill_over": None})
    world = lived(COAST, regime, 4096, 31)
    world.settle()
    assert np.array_equal(world.board, np.clip(world.points, regime.points.low, regime.points.high))
    assert not world.tie.any()


@pytest.mark.parametrize("name", REGIMES)
def test_a_regime_equal_to_itself_gives_the_same_world(name: str) -> None:
    one, other = (lived(COAST, load_regime(name), 4096, 120) for _ in range(2))
    assert_alike(one, other)


def with_an_act_of_rate_zero() -> Society:
    never = COAST.acts["litters"].model_copy(update={"rate": Rate(value=0), "words": "whistles"})
    return COAST.model_copy(update={"acts": {**COAST.acts, "whistles": never}})


@pytest.mark.parametrize("name", [name for name in REGIMES if name != "none"])
def test_a_rule_for_an_act_that_nobody_does_changes_nothing(name: str) -> None:
    society, regime = with_an_act_of_rate_zero(), load_regime(name)
    rule = Rule.model_validate({"act": "whistles", "points": -500})
    more = regime.model_copy(update={"rules": {**regime.rules, "whistling": rule}})
    one, other = (lived(society, either, 4096, 150) for either in (regime, more))
    for array in ARRAYS:
        assert np.array_equal(getattr(one, array), getattr(other, array)), array
    for table in tallies.NAMES:
        if table != "rule":
            assert np.array_equal(one.tallies[table], other.tallies[table]), table
    assert other.tallies["rule"][-1].sum() == 0


# Twin worlds --------------------------------------------------------------------------------------------------------
def only_deterring(acts: list[str], seen: float, points: int, announced: float) -> Regime:
    """Penalties that everybody may know of, and nothing that they shut."""
    rates = dict.fromkeys(acts, seen)
    return Regime.model_validate({
        "format": "singlestep-regime 1", "name": "frown", "words": "points are lost, and nothing follows",
        "sources": {"wardens": {"words": "wardens", "body": "police", "sees": rates}},
        "rules": {act: {"act": act, "points": -points} for act in acts},
        "disclosure": {"announced": announced, "lasting": announced, "told": 1},
    })  # fmt: skip


DETERRABLE = [name for name, act in COAST.acts.items() if act.deterred is not None and act.does == "nothing"]
FOLLOWING = {follow.act for act in COAST.acts.values() for follow in act.leads_to}


@cache
def acts_without_a_regime() -> Any:
    """What became of all occasions in the twin without a regime."""
    return lived(COAST, load_regime("none"), 4096, 90).tallies["act"]


@a_few(10)
@given(
    st.lists(st.sampled_from(DETERRABLE), min_size=5, unique=True),
    st.sampled_from([0.2, 1.0]), st.integers(1, 200), st.sampled_from([0.2, 1.0]),
)  # fmt: skip
def test_a_deterrent_can_only_remove_acts(acts: list[str], seen: float, points: int, announced: float) -> None:
    """Each act taken is taken in the twin without a regime too; what is missing is there as deterred or silenced."""
    with_it = lived(COAST, only_deterring(acts, seen, points, announced), 4096, 90).tallies["act"]
    without = acts_without_a_regime()
    assert (with_it[:, ACT["taken"]] <= without[:, ACT["taken"]]).all()
    assert with_it[:, ACT["deterred"]].sum() > 0
    removed = with_it[:, ACT["taken"]] + with_it[:, ACT["deterred"]] + with_it[:, ACT["silenced"]]
    for place, name in enumerate(COAST.acts):
        if name not in FOLLOWING:
            assert removed[place] == without[place, ACT["taken"]], name


def without_interaction(regime: Regime) -> Regime:
    """The same regime without witnesses, errors that name others, spill-over and backlogs."""
    alone = without_errors(regime)
    sources = {name: source for name, source in alone.sources.items() if source.kind != "witness"}
    rules = {}
    for name, rule in alone.rules.items():
        seen_by = rule.seen_by if rule.seen_by == "any" else [by for by in rule.seen_by if by in sources]
        if seen_by:
            rules[name] = rule.model_copy(update={"seen_by": seen_by})
    remedy = regime.remedy.model_copy(update={"a_month": None})
    return alone.model_copy(update={"sources": sources, "rules": rules, "spill_over": None, "remedy": remedy})


def of_people_apart(society: Society) -> Society:
    """The same society without namesakes, and in which nobody minds what befalls their ties."""
    responses = society.responses.model_copy(update={"fear_of_ties": 0, "awareness_of_ties": 0, "cut": NEVER, "mend": NEVER})
    honest = of_honest_people(society)
    return honest.model_copy(update={"responses": responses, "namesakes": NEVER})


@pytest.mark.parametrize("name", REGIMES)
def test_where_nobody_interacts_more_people_change_nothing(name: str) -> None:
    society, regime = of_people_apart(COAST), without_interaction(load_regime(name))
    few, many = (lived(society, regime, people, 200) for people in (4096, 12_288))
    assert_alike(few, many, 4096)
    if regime.rules:
        assert len(np.unique(few.points)) > 1 or few.lists.any()


# Order, blocks and threads ------------------------------------------------------------------------------------------
def shuffled(society: Society, regime: Regime, people: int, days: int) -> World:
    """A world in which every day's mail lies in another order when it is opened."""
    dice = np.random.default_rng(5)
    world = World(society, regime, people, 1)
    for day in range(days):
        world.post.begin_day(day)
        if (0, day) in world.post.days:
            pile = world.post.days[0, day]
            pile.add(dice.permutation(pile.take_loose()))
        world.step()
    world.finish()
    return world


def test_what_one_thread_breaks_off_no_other_goes_on_with() -> None:
    world, done = World(COAST, load_regime("none"), 60 * PAGE, 1, threads=2, block_pages=1), list[int]()

    def task(block: Block, _: tallies.Counts) -> None:
        done.append(block.first)
        if block.first == 0:
            raise OSError("a full disk")
        time.sleep(0.01)

    with pytest.raises(OSError, match="a full disk"):
        world._each_block(task)
    assert 0 in done and len(done) < 10
    done.clear()
    world._each_block(lambda block, _: done.append(block.first))
    assert sorted(done) == [block.first for block in world.blocks]


def test_who_waits_for_mail_that_cannot_be_sorted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread whose blocks wait for their region's mail goes on, to an error, when another thread cannot sort it."""
    monkeypatch.setattr(engine, "LEAST_REGION", 16)
    world, due = World(COAST, load_regime("none"), 64 * PAGE, 1, threads=2, block_pages=4), list[int]()

    def broken(region: int, pages: int) -> None:
        due.append(region)
        time.sleep(0.05)
        raise OSError("a full disk")

    assert [len(blocks) for blocks in world.regions] == [8, 8]
    world.step()
    monkeypatch.setattr(world.post, "due", broken)
    with pytest.raises(OSError, match="a full disk"):
        world.step()
    assert sorted(due) in ([0], [0, 1])


@pytest.mark.parametrize("threads", [2, 3, 8])
@pytest.mark.parametrize("pages", [0, 1, 25, 245, 1_000, 2_442, 24_415])
def test_several_threads_have_as_many_blocks_each(threads: int, pages: int) -> None:
    """Or one has one less, unless blocks would be too small."""
    size = engine.pages_of_a_block(pages, threads)
    blocks = -(-pages // size)
    assert engine.LEAST_BLOCK <= size <= engine.SHARED_BLOCK
    assert size == engine.LEAST_BLOCK or (blocks >= 4 * threads and blocks % threads in (0, threads - 1))


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_day_broken_off_is_no_other_worlds_business(error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds of one thread share its lists: what a day that was broken off left there must not come up in the next."""
    regime = load_regime("rongcheng")

    def undisturbed() -> str:
        world = World(COAST, regime, 4096, 1)
        world.run(40)
        return world.state_hash()

    before = undisturbed()

    def broken(*_: Any) -> None:
        raise error

    world = World(COAST, regime, 4096, 1)
    world.run(33)
    with monkeypatch.context() as patch, pytest.raises(error):
        patch.setattr(letters.Post, "take_in", broken)
        world.step()
    assert undisturbed() == before


@pytest.mark.parametrize("name", ["rongcheng", "national-list"])
def test_the_order_of_mail_changes_nothing(name: str) -> None:
    regime = load_regime(name)
    assert_alike(lived(COAST, regime, 8192, 150), shuffled(COAST, regime, 8192, 150))


@a_few(15)
@given(societies(), regimes())
def test_the_order_of_mail_changes_nothing_under_made_up_regimes(society: Society, regime: Regime) -> None:
    assert_alike(lived(society, regime, 1000, 30), shuffled(society, regime, 1000, 30))


@pytest.mark.parametrize("name", ["rongcheng", "national-list"])
def test_blocks_and_threads_change_nothing(name: str) -> None:
    regime = load_regime(name)
    assert_alike(lived(COAST, regime, 9000, 100), lived(COAST, regime, 9000, 100, threads=2, block_pages=1))


# Wrong twins: each law broken on purpose, so that its test is known to see it -----------------------------------------
def test_errors_left_open_are_seen() -> None:
    with pytest.raises(AssertionError):
        assert_nothing_is_erroneous(lived(of_honest_people(COAST), load_regime("rongcheng"), 4096, 200))


def test_a_source_left_open_is_seen() -> None:
    assert lived(COAST, load_regime("ordinary-law"), 4096, 60).tallies["letter"][letters.RECORD].sum() > 0


def test_spill_over_left_on_is_seen() -> None:
    world = lived(COAST, load_regime("rongcheng-brief"), 4096, 61)
    world.settle()
    assert world.tie.any() and not np.array_equal(world.board, world.points)


def test_a_rule_for_an_act_that_somebody_does_is_seen() -> None:
    regime = load_regime("rongcheng")
    more = {**regime.rules, "whistling": Rule.model_validate({"act": "litters", "points": -1})}
    with pytest.raises(AssertionError):
        assert_alike(*(lived(COAST, either, 4096, 150) for either in (regime, regime.model_copy(update={"rules": more}))))


def test_interaction_left_on_is_seen_when_people_are_added() -> None:
    with pytest.raises(AssertionError):
        assert_alike(*(lived(COAST, load_regime("rongcheng-brief"), people, 100) for people in (4096, 12_288)), people=4096)
