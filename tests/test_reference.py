"""The slow reading of the model: its random numbers, its tables, its ties, and the laws of `docs/model.md`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import reference
from reference import CLEAN, RECORDED, World
from scipy import stats

from singlestep.engine import tallies as counted
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

ONES = 0xFFFFFFFF


# Random numbers and tables ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counter", "seed_words", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_meets_the_published_vectors(
    counter: reference.Words, seed_words: tuple[int, int], words: reference.Words
) -> None:
    assert reference.philox(counter, seed_words) == words


def test_an_address_is_laid_out_as_the_page_says() -> None:
    seed = 7 + (9 << 32)
    assert reference.draw(seed, 1, 2, 3, 4, 5) == reference.philox((1, 2, 3 + 256 * 4, 5), (7, 9))


@pytest.mark.parametrize("rate", [0.0, 1e-6, 0.013, 0.5, 1.0, 3.7])
def test_poisson_thresholds_meet_scipy(rate: float) -> None:
    mine = reference.poisson_thresholds(Decimal(rate), 15)
    theirs = stats.poisson.cdf(np.arange(15), rate) * 2.0**32
    assert np.allclose(mine, theirs, rtol=0, atol=2)
    assert mine == sorted(mine)


def test_fading_halves_over_the_half_life() -> None:
    month = 365 / 12
    for half_life in (30, 91, 182):
        assert abs(reference.fading(half_life) - 2**32 * (1 - 2 ** (-month / half_life))) < 2
    assert reference.fading(0) == 2**32


@pytest.mark.parametrize(
    "weights",
    [[1], [5, 0, 0], [1, 1, 1], [3, 9, 1, 7, 0, 2], [2**32, 1, 2**31, 12345], [16, 16, 96]],
)
def test_alias_table_gives_back_the_weights(weights: list[int]) -> None:
    table = reference.alias_table(weights)
    kinds = len(weights)
    given = [0] * kinds
    for column in range(kinds):
        given[column] += table.thresholds[column]
        given[table.aliases[column]] += 2**32 - table.thresholds[column]
    for weight, got in zip(weights, given, strict=True):
        # each column's threshold is rounded down by less than one word
        assert abs(got - weight * kinds * 2**32 / sum(weights)) <= kinds
    if 2**32 % sum(weights) == 0:
        assert given == [weight * kinds * 2**32 // sum(weights) for weight in weights]


def test_pick_takes_the_column_or_its_alias() -> None:
    table = reference.alias_table([1, 3])
    assert reference.pick(table, 0, 0) == 0
    assert reference.pick(table, 0, table.thresholds[0]) == 1
    assert reference.pick(table, ONES, ONES) == 1


def test_trait_cuts_end_at_the_last_half_word() -> None:
    assert reference.trait_cuts([0.1, 0.2, 0.7]) == [6554, round(0.30000000000000004 * 65536), 65536]


# A small society under a harsh regime, with every channel and every error in it -----------------------------------


def society(**changes: Any) -> Society:
    every = {"value": 8, "per": "year"}
    written: dict[str, Any] = {
        "format": "singlestep-society 1",
        "name": "hamlet",
        "words": "a made-up hamlet",
        "city_pages": 1,
        "settle_every": 14,
        "households": {"templates": ["PPCC MM E YY QC PPC M E", "EE MM PPCCC YYYY QCC"]},
        "traits": {
            "group": {"words": "group", "levels": ["most", "few"], "shares": [0.8, 0.2]},
            "loud": {
                "words": "outspoken",
                "levels": ["no", "some", "very"],
                "shares": {
                    "child": [1, 0, 0],
                    "young": [0.4, 0.3, 0.3],
                    "middle": [0.5, 0.3, 0.2],
                    "old": [0.6, 0.2, 0.2],
                },
            },
        },
        "group": "group",
        "critic": "loud",
        "namesakes": 1.5,
        "ties": {"pattern": "town", "near": 5, "far": 1},
        "acts": {
            "steal": {
                "words": "steals",
                "domain": "street",
                "rate": 6,
                "headroom": 2,
                "harm": "minor",
                "who": {"age": ["young", "middle", "old"]},
                "times": {"income": {"lowest": 2}, "loud": {"very": 2, "no": 0.5}},
                "need": 1.5,
                "grudge": 0.5,
                "deterred": 0.5,
                "leads_to": [{"act": "hide", "after": "3 days", "share": 0.6}],
            },
            "hide": {"words": "hides", "domain": "street", "rate": 0, "deterred": 0.2},
            "speak": {
                "words": "speaks up",
                "domain": "speech",
                "protected": "speech",
                "rate": 10,
                "who": {"loud": ["some", "very"]},
                "silenced": 0.8,
                "deterred": 0.5,
            },
            "give": {
                "words": "gives",
                "domain": "charity",
                "rate": 3,
                "headroom": 3,
                "encouraged": 1.0,
                "gamed": 1.0,
            },
            "fly-out": {"words": "flies", "domain": "travel", "rate": 3, "door": "flight"},
            "tell": {"words": "reports", "domain": "street", "rate": 0, "does": "report"},
            "slander": {"words": "slanders", "domain": "street", "rate": every, "does": "false-report"},
            "plant": {"words": "plants", "domain": "office", "rate": 3, "does": "plant"},
            "erase": {"words": "erases", "domain": "office", "rate": 3, "does": "erase"},
            "pretend": {"words": "pretends", "domain": "charity", "rate": 4, "does": "fake", "fakes": "give"},
        },
        "services": {
            "loan": {
                "words": "a loan",
                "domain": "finance",
                "rate": 20,
                "unaffordable": [0.5, 0.3, 0.1, 0, 0],
                "hurt": 2,
            },
            "flight": {
                "words": "a flight",
                "domain": "travel",
                "rate": 10,
                "times": {"group": {"few": 0.5}},
                "hurt": 1,
            },
            "school": {"words": "a school place", "domain": "school", "rate": 5},
        },
        "responses": {
            "reports": 0.8,
            "cut": 0.3,
            "mend": 0.4,
            "knows_untold": 0.3,
            "appeals_if_wrong": 0.8,
            "appeals_if_right": 0.3,
            "gaming_income": "lowest",
        },
    }
    written.update(changes)
    return Society.model_validate(written)


def regime(**changes: Any) -> Regime:
    written: dict[str, Any] = {
        "format": "singlestep-regime 1",
        "name": "ledger",
        "words": "a made-up regime with everything in it",
        "sources": {
            "camera": {
                "words": "cameras",
                "body": "police",
                "kind": "camera",
                "sees": {"steal": 0.8, "speak": 0.5, "give": 0.9},
                "hit_by_group": 1.5,
                "misidentified": 0.2,
                "misidentified_by_group": 2,
                "mistakes": {"fly-out": {"recorded_as": "steal", "share": 0.3}},
                "link": {"missed": 0.1, "by_name": 0.3},
                "mistyped": 0.1,
                "late": {"share": 0.3, "up_to": "20 days"},
                "delay": "2 days",
            },
            "neighbours": {
                "words": "neighbours",
                "body": "neighbours",
                "kind": "witness",
                "sees": {"steal": 0.6, "speak": 0.4},
                "misidentified": 0.3,
            },
            "office": {
                "words": "an office",
                "body": "city-office",
                "sees": {"tell": 1, "give": 0.5, "hide": 0.9, "slander": 0.1},
            },
        },
        "points": {"start": 100, "low": 0, "high": 130, "bounds": "hold"},
        "rules": {
            "theft": {
                "act": "steal",
                "points": [-30, -5],
                "repeat": {"from": 2, "times": 2},
                "expires": "60 days",
                "cap": {"points": 80},
            },
            "theft-listed": {
                "act": "steal",
                "seen_by": ["camera"],
                "enters": "watch",
                "expires": "40 days",
                "counts_from": "act",
                "window": "15 days",
            },
            "loud": {"act": "speak", "points": -8, "fine": 1, "expires": "30 days"},
            "hidden": {"act": "hide", "set_class": {"to": "C", "term": "20 days"}, "expires": "25 days"},
            "kind": {"act": "give", "points": 6, "cap": {"points": 15}, "window": "12 days"},
            "teller": {"act": "tell", "points": 3, "known": False},
        },
        "ladder": {
            "classes": [
                {"name": "A", "floor": 105, "perk": 10},
                {"name": "B", "floor": 90},
                {"name": "C", "floor": 70},
                {"name": "D", "claims": {"says": "is poor", "true_of": {"income": ["lowest"]}}},
            ]
        },
        "lists": {
            "watch": {
                "words": "watched",
                "entry": {"records": 3},
                "term": "20 days",
                "later_terms": ["40 days", "50 days"],
                "published": True,
                "household": {"who": "children", "onto": "kin"},
                "claims": {"says": "is loud", "true_of": {"loud": ["very"]}},
            },
            "kin": {"words": "of the household of one watched"},
            "last": {
                "words": "last class",
                "entry": {"at_or_below": "D"},
                "term": "25 days",
                "fulfil": {"share": 0.4, "within": "15 days"},
                "wipes": True,
                "household": {"who": "adults", "onto": "kin"},
            },
            "open": {
                "words": "below B",
                "entry": {"at_or_below": "C"},
                "fulfil": {"share": 0.5, "within": "9 days"},
                "household": {"who": "all", "onto": "kin"},
            },
        },
        "gates": {
            "loan": {"classes": ["C", "D"], "human": 0.5, "reliance": 0.5, "price": {"A": 90}},
            "flight": {"lists": ["watch", "last"]},
            "school": {"lists": ["kin"], "classes": ["D"]},
        },
        "spill_over": {"weight": 0.3, "household": 2, "near": 1, "far": 1},
        "disclosure": {"announced": 0.6, "lasting": 0.3, "told": 0.5},
        "remedy": {
            "appeals": True,
            "wait": "20 days",
            "wins_if_wrong": 0.8,
            "wins_if_right": 0.2,
            "a_month": 20,
        },
        "powers": {
            "plant": {"source": "camera", "acts": ["steal", "speak"]},
            "erase": True,
            "bent": {"share": 0.3},
            "oversight": 0.5,
            "oversight_after": "10 days",
        },
        "bounds_of_harm": {"minor": "15 days", "none": "5 days"},
    }
    written.update(changes)
    return Regime.model_validate(written)


def flow(world: World, name: str) -> int:
    return int(world.tallies["flow"][counted.FLOW.index(name)].sum())


def door(world: World, name: str) -> np.ndarray:
    """What happened at each door, over all cells."""
    return world.tallies["door"][:, counted.DOOR.index(name)].sum(axis=-1)


def of_source(world: World, cause: str) -> int:
    return int(world.tallies["source"][:, counted.CAUSES.index(cause)].sum())


def state(world: World) -> list[Any]:
    people = range(world.people)
    return [
        world.points,
        world.clean,
        world.tie,
        world.board,
        world.lists,
        world.clean_lists,
        world.need,
        world.fear,
        world.awareness,
        world.cut,
        [world.file(i) for i in people],
        world.under_way,
    ]


def check_laws(world: World) -> None:
    """The laws of `docs/model.md`, and that what is counted agrees with what stands."""
    start = world.people * world.regime.points.start
    for name, own in (("recorded", world.points), ("clean", world.clean)):
        ruled = int(world.tallies["rule"][:, counted.RULE.index("points " + name)].sum())
        moved = ruled - flow(world, "closed " + name) + flow(world, "wiped " + name)
        assert sum(own) == start + moved + flow(world, "absorbed " + name) - flow(world, "clipped " + name)

    letters = world.tallies["letter"]
    waiting = [letter for due in world.mail.values() for mine in due.values() for letter in mine]
    under_way = np.bincount([letter.kind for letter in waiting], minlength=len(counted.LETTERS))
    assert (letters[:, 0] == letters[:, 1] + letters[:, 2] + under_way).all()
    assert world.under_way == len(waiting)
    assert letters[:, 2].sum() == world.tallies["refusal"].sum()

    for side, begun, ended in ((RECORDED, "begun", "ended"), (CLEAN, "clean begun", "clean ended")):
        for number in range(len(world.doors)):
            shut = sum(world.count(i, "doors", side) >> number & 1 for i in range(world.people))
            assert door(world, begun)[number] - door(world, ended)[number] == shut
            if side == RECORDED:
                assert shut == sum(
                    "spell" in key and key[1] == number for i in range(world.people) for key in world.file(i)
                )

    for number in range(len(world.listings)):
        for side in (RECORDED, CLEAN):
            entered, left, _ = world.tallies["listing"][number, side - 1].sum(axis=-1)
            assert entered - left == sum(world.is_on(i, number, side) for i in range(world.people))

    filed = flow(world, "filed wrong") + flow(world, "filed right")
    decided = flow(world, "decided wrong") + flow(world, "decided right")
    assert filed == decided + under_way[reference.DECISION]

    lost, gained = world.tallies["cause"].sum(axis=0)
    assert gained - lost == world.tallies["rule"][:, counted.RULE.index("points recorded")].sum()

    assert world.tallies["trigger"][:, 0].sum() == door(world, "begun").sum()
    assert world.tallies["trigger"][:, 1].sum() == door(world, "erroneous").sum()
    for i in range(world.people):
        for value in world.file(i).values():
            assert value > 0
        for level in (world.need[i], world.fear[i], world.awareness[i]):
            assert 0 <= level <= 15


@pytest.fixture(scope="module")
def lived() -> World:
    """The small society after most of a year; the laws are checked on the way."""
    world = World(society(), regime(), people=300, seed=3)
    for _ in range(4):
        world.run(50)
        check_laws(world)
    world.finish()
    return world


def test_laws_hold_where_everything_happens(lived: World) -> None:
    check_laws(lived)
    for cause in counted.CAUSES:
        if cause != "bent discretion":
            assert of_source(lived, cause) > 0, cause
    assert lived.tallies["cause"][counted.CAUSES.index("bent discretion"), 0] > 0
    for name in counted.DOOR:
        assert door(lived, name).sum() > 0, name
    assert (lived.tallies["letter"][:, 1] > 0).all()
    for reason, refused in zip(counted.REFUSALS, lived.tallies["refusal"], strict=True):
        assert refused > 0 or reason == "not covered", reason  # this regime applies to everybody; the stress one does not
    assert (lived.tallies["listing"].sum(axis=(0, 1, 3)) > 0).all()
    assert lived.tallies["act"].sum(axis=0).all()
    for trigger in ("ties", "household", "bent discretion", "true", "planted"):
        assert lived.tallies["trigger"][counted.TRIGGERS.index(trigger), 0] > 0, trigger
    for name in ("found by oversight", "won wrong", "won right", "ties cut", "ties mended", "perks", "wiped recorded"):
        assert flow(lived, name) != 0, name
    assert flow(lived, "occasions") > 0
    assert lived.tallies["stock_people"].sum() == lived.people
    assert lived.tallies["stock_class"].sum() == lived.people


def test_the_same_seed_lives_the_same_life_and_another_does_not() -> None:
    worlds = [World(society(), regime(), people=60, seed=seed) for seed in (5, 5, 6)]
    for world in worlds:
        world.run(40)
    assert state(worlds[0]) == state(worlds[1])
    assert state(worlds[0]) != state(worlds[2])
    for name in counted.NAMES:
        assert (worlds[0].tallies[name] == worlds[1].tallies[name]).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"spill_over": {"mode": "absorbed", "weight": 0.2, "household": 1}},
        {"points": {"start": 100, "low": 0, "high": 130, "bounds": "read"}, "stacking": "gravest"},
        {"spill_over": None, "ladder": None, "lists": {}, "gates": {}},
        {"remedy": {}, "powers": {}, "disclosure": {}},
    ],
)
def test_laws_hold_in_other_regimes(changes: dict[str, Any]) -> None:
    world = World(society(), regime(**changes), people=80, seed=4)
    world.run(90)
    check_laws(world)


def test_laws_hold_under_monthly_publication() -> None:
    ladder = regime().ladder
    assert ladder is not None
    monthly = ladder.model_copy(update={"publish": "monthly"})
    world = World(society(settle_every=None), regime().model_copy(update={"ladder": monthly}), people=80, seed=4)
    world.run(100)
    check_laws(world)
    assert door(world, "begun").sum() > 0


@pytest.mark.parametrize("pattern", ["ring", "none"])
def test_laws_hold_on_other_patterns_of_ties(pattern: str) -> None:
    world = World(society(ties={"pattern": pattern}), regime(), people=61, seed=4)
    world.run(60)
    check_laws(world)


def test_what_a_regime_or_society_lacks_is_passed_over() -> None:
    made_up = society()
    acts = {name: act for name, act in made_up.acts.items() if act.does != "report"}
    never_loud = {level: {"value": 0} for level in ("no", "some", "very")}
    acts["hum"] = type(acts["hide"]).model_validate(
        {"words": "hums", "domain": "street", "rate": 100, "times": {"loud": never_loud}}
    )
    without_report = made_up.model_copy(update={"acts": acts})
    world = World(without_report, regime(), people=60, seed=6)
    world.run(60)
    check_laws(world)
    assert world.tallies["act"][list(acts).index("hum"), :].sum() == 0
    sources = {name: source for name, source in regime().sources.items() if source.kind != "witness"}
    without_witness = regime().model_copy(update={"sources": sources})
    world = World(society(), without_witness, people=60, seed=6)
    world.run(60)
    check_laws(world)
    assert of_source(world, "false report") == 0


def _without_errors() -> Regime:
    plain = regime()
    sources = {}
    for name, source in plain.sources.items():
        whole = {"misidentified", "mistakes", "link", "mistyped", "late", "misidentified_by_group"}
        sources[name] = source.model_dump(exclude=whole)
    return regime(sources=sources, powers={}, remedy={})


def test_nothing_is_erroneous_without_errors() -> None:
    honest = society()
    acts = {
        name: act for name, act in honest.acts.items() if act.does not in ("false-report", "fake", "erase", "plant")
    }
    # An appeal won against a true record would let the two files part in time.
    world = World(honest.model_copy(update={"acts": acts}), _without_errors(), people=150, seed=8)
    world.run(150)
    check_laws(world)
    assert door(world, "begun").sum() > 0
    assert door(world, "erroneous").sum() == 0
    assert world.points == world.clean
    assert of_source(world, "true") == world.tallies["source"].sum()


def test_without_sources_there_are_no_records_and_shown_is_own() -> None:
    world = World(society(), regime(sources={}, spill_over=None), people=60, seed=8)
    world.run(60)
    assert world.tallies["letter"][reference.RECORD].sum() == 0
    assert world.points == [100] * 60
    assert world.board == world.points


def test_a_rule_for_an_act_nobody_does_changes_nothing() -> None:
    rules = dict(regime().rules)
    silent = society()
    never = silent.acts["hide"].model_copy(update={"words": "never happens"})
    with_act = silent.model_copy(update={"acts": {**silent.acts, "never": never}})
    first = World(with_act, regime(), people=60, seed=2)
    more = regime().model_copy(update={"rules": {**rules, "never": rules["loud"].model_copy(update={"act": "never"})}})
    second = World(with_act, more, people=60, seed=2)
    first.run(50)
    second.run(50)
    assert state(first) == state(second)


# Ties and households ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 2, 3, 1009, 4100, 10007])
@pytest.mark.parametrize("pattern", ["town", "ring"])
def test_ties_are_mutual(people: int, pattern: str) -> None:
    made_up = society(ties={"pattern": pattern, "near": 5, "far": 2})
    world = World(made_up, regime(sources={}), people=people, seed=11)
    some = range(people) if people < 2000 else range(0, people, 7)
    found = 0
    for i in some:
        for slot, j in enumerate(world.ties(i)):
            if j is None:
                continue
            found += 1
            assert 0 <= j < people
            assert j != i
            assert world.ties(j)[slot] == i
    if people > 3:
        assert found > len(some)


def test_a_whole_ring_is_one_circle() -> None:
    made_up = society(ties={"pattern": "ring"})
    world = World(made_up, regime(sources={}), people=100, seed=1)
    for i in range(100):
        assert set(world.ties(i)) == {(i - 1) % 100, (i + 1) % 100}
    odd = World(made_up, regime(sources={}), people=101, seed=1)
    assert odd.ties(0) == [1, None]
    assert odd.ties(100) == [None, 99]


def test_masks_of_a_window_differ_and_near_ties_close_triangles() -> None:
    for window in range(50):
        masks = reference.near_masks(1, window)
        assert len(set(masks)) == 5
        assert all(1 <= mask < 64 for mask in masks)
        assert masks[2] == masks[0] ^ masks[1]


def test_households_agree_on_who_belongs_to_them() -> None:
    people = 1009
    world = World(society(), regime(sources={}), people=people, seed=12)
    for i in range(people):
        for j in world.relatives(i):
            assert j != i
            assert j // 16 == i // 16
            assert i in world.relatives(j)
            assert world.level(i, "income") == world.level(j, "income")
    for plot in range(people // 16):
        letters = "".join(world.place(i).letter for i in range(16 * plot, 16 * plot + 16))
        assert letters in {"PPCCMMEYYQCPPCME", "EEMMPPCCCYYYYQCC"}


def test_another_person_is_never_oneself_where_there_is_one() -> None:
    for people in (1, 2, 5000):
        for i in (0, people // 2, people - 1):
            found = {reference.other(i, word, 1, people) for word in (0, 1 << 31, ONES)}
            low, high = reference.city_of(i, 1, people)
            assert all(low <= j < high for j in found)
            assert (i in found) == (high - low == 1)


# The mail -----------------------------------------------------------------------------------------------------------


def test_a_posted_record_is_taken_expires_and_is_forgotten() -> None:
    calm = society(acts={"speak": {"words": "speaks up", "domain": "speech", "rate": 0}}, services={})
    plain = regime(
        sources={"camera": {"words": "cameras", "body": "police", "sees": {"speak": 1}}},
        rules={"loud": {"act": "speak", "points": -8, "expires": "30 days"}},
        lists={},
        gates={},
        spill_over=None,
        powers={},
        remedy={},
    )
    world = World(calm, plain, people=3, seed=1)
    world.post(reference.Letter(1, 1, 0, 0, reference.RECORD, reference.BOTH), 2)
    world.run(3)
    assert world.points == [100, 92, 100]
    assert world.clean == [100, 92, 100]
    world.run(29)
    assert world.points == [100, 92, 100]
    world.step()
    assert world.points == [100, 100, 100]
    assert world.under_way == 0
    assert world.file(1) == {}
    check_laws(world)
