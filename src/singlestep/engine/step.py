"""One day lived, in order.

    wake    who wakes: own clock rings
            (what the day's mail does comes between: `reading`)
    gather, pick, thin  occasions, by letter and by clock
    sort_out, choose, count_acts, serve  acts taken or not, services granted or not
            (what taken acts do, and which sources see them: `observing`)
    feel    need, fear and awareness move

Each is a serial function over the people of one block, over a flat list of letters or occasions, so that all random words
of a pass are drawn at once. The order inside these lists does not matter: a day is lived on the state that the letters
left, and what it changes is added up.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine import tallies as t
from singlestep.engine.compiling import Place, a_pass, compiled, fetch_ahead, small
from singlestep.engine.state import CELL_BITS, CLASS_BIT, DOOR_BITS, LIST_BITS, PARENT_SHIFT
from singlestep.regime.tables import (
    GAIN,
    GRANT,
    HUMAN,
    PAIR_SOURCE,
    RISK,
    SATURATES,
    SHUTS,
    SOURCE_KEY,
    STIRS,
    SURE,
)
from singlestep.rooms import gated, graded, lives, responds, tallied
from singlestep.society import traits
from singlestep.society.tables import (
    BEHIND,
    BY_HOME,
    BY_SEVERAL,
    BY_TRAIT,
    DETERRED,
    ENCOURAGED,
    GAMED,
    GRUDGE,
    HEADROOM,
    NEED,
    SHUT_OFF_BY,
    SILENCED,
)

_FLOW, _ACT, _DOOR = (t.column(names) for names in (t.FLOW, t.ACT, t.DOOR))
OCCASIONS, CUT_OFF, SATURATED = _FLOW["occasions"], _FLOW["cut off"], _ACT["saturated"]
ASKED, UNAFFORDABLE, REFUSED, BY_HUMAN, PRICE = (_DOOR[name] for name in t.DOOR[: t.DOOR.index("begun")])
LETTERS_SENT = t.LETTER.index("sent")
SURE_SLACK = 4  # roundings between a share of a base and the exact cuts of a mark (`regime.tables.surely_taken`)
AT_HOME, FEELING, SENT = 1, 2, 3  # of what was sent, after letters posted: those that stay at home; people who will feel
AHEAD = 8  # occasions further on are the persons of whom what is kept is brought near


Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Words = NDArray[np.uint32]


class Flat(NamedTuple):
    """Scratch lists of one block's day, all of one length; narrow, so that a block's day stays in the cache."""

    person: Words  # of each occasion
    author: Words  # of its event: with step, purpose and sub the address of its words
    step: Words
    purpose: Words
    sub: Words
    c0: Words  # other addresses to draw
    c1: Words
    c2: Words
    c3: Words
    act: Words
    base: Ints  # marks below it are possible with every factor at its greatest
    became: Words  # what became of the act (rooms/lives.py); of a request, the answer (rooms/gated.py)
    told_source: Shorts  # what a witness saw, -1 for other occasions
    told_act: Words
    told_bought: Words
    bought: Words  # whether the act was done for the points
    unrecorded: Words  # 0 once the act has left a record under its author's name, else 1
    by_trait_at: Words  # occasions thinned by one trait,
    by_home_at: Words  # by income or parenthood,
    by_several_at: Words  # by several traits
    doubted_at: Words  # occasions of acts that the state may take or leave
    taken_at: Words  # occasions whose act is taken and stirs something: is seen, or leads on
    asked_at: Words  # occasions that are requests
    met_at: Words  # acts meeting a source; then those seen
    met_act: Words
    met_by: Shorts  # row of the meeting; once seen, the source
    met_actor: Words  # once seen
    met_named: Words
    met_face: Words
    met_bought: Words
    met_ruled: Words  # whether rules take its record
    looked_at: Words  # meetings at which somebody may be seen
    words: Words  # [4, length]
    trait_words: Words  # [4, length]; later those of typing


LONG = ("base",)
WIDE = ("words", "trait_words")
SIGNED = ("told_source", "met_by")


def new_flat(length: int) -> Flat:
    """Room for lists of this length."""
    lists: list[Any] = [
        np.empty(
            (4, length) if name in WIDE else length,
            np.int64 if name in LONG else np.int32 if name in SIGNED else np.uint32,
        )
        for name in Flat._fields
    ]
    return Flat(*lists)


@compiled
def wake(k0, k1, day, first, last, people, kinds, rings, occasions, who, count, words):  # type: ignore[no-untyped-def]
    """Who of persons first..last-1 (whole pages) has occasions today, and how many; returns how many such people, and
    how many occasions they have, those beyond the fourth left out (a count of 5 marks them). `words` is scratch of 4,096
    uint32.
    """
    u0, u1, today, purpose, zero = np.uint64(k0), np.uint64(k1), np.uint64(day), np.uint64(d.WAKE), np.uint64(0)
    found, total, one, two, four, lane = Place(0), Place(0), Place(1), Place(2), Place(4), Place(1024)
    for base in range(Place(first), Place(last), Place(4096)):
        for g in range(lane):
            a, b, e, f = d.philox((base >> two) + g, today, purpose, zero, u0, u1)
            at = four * g
            words[at], words[at + one], words[at + two], words[at + two + one] = (
                np.uint32(a), np.uint32(b), np.uint32(e), np.uint32(f),
            )  # fmt: skip
        start = found
        for place in range(Place(4096)):  # without branches, so that four in five sleepers cost no misprediction
            who[found] = base + place
            found += Place(words[place] >= rings[kinds[base + place]])
        kept = start
        for n in range(start, found):
            person = Place(who[n])
            kind = kinds[person]
            word = np.int64(words[person - base])
            ringing = Place(word >= occasions[kind, 0]) + Place(word >= occasions[kind, 1])
            if word >= occasions[kind, 2]:
                ringing += one + Place(word >= occasions[kind, 3]) + Place(word >= occasions[kind, 4])
            who[kept], count[kept] = person, ringing
            is_there = Place((ringing > Place(0)) & (person < Place(people)))
            kept += is_there
            total += min(ringing, four) * is_there
        found = kept
    return np.int64(found), np.int64(total)


@small
def post(out, sent, due, who, event, info, amount):  # type: ignore[no-untyped-def]
    """Put a letter into the outbox; the caller has made sure of room."""
    n = Place(sent[0])
    out[n, 0], out[n, 1], out[n, 2], out[n, 3], out[n, 4] = due, who, event, info, amount
    sent[0] += 1


@small
def fetch_person(X, person):  # type: ignore[no-untyped-def]
    """What is kept of a person is brought near, before it is asked for (measured: a fortieth of a day, which has to be)."""
    fetch_ahead(X.points, person)
    fetch_ahead(X.clean, person)
    fetch_ahead(X.board, person)
    fetch_ahead(X.lists, person)
    fetch_ahead(X.clean_lists, person)
    fetch_ahead(X.moods, person)
    fetch_ahead(X.known, person)


@small
def standing_of(person, points, bits, table, class_at):  # type: ignore[no-untyped-def]
    """The class a person stands in: that of these points, or a worse one set for a term (`bits`: the recorded lists)."""
    standing = np.int64(graded.class_of(points, class_at))
    if bits & CLASS_BIT:
        standing = max(standing, c.get(table, c.slot_of(person, c.CLASS, 0)) & 15)
    return standing


@small
def rules_of(act, source, pair_from, pairs):  # type: ignore[no-untyped-def]
    """The place of the pair of act and source among the pairs with rules, or -1."""
    for pair in range(Place(pair_from[act]), Place(pair_from[act + 1])):
        if pairs[pair, PAIR_SOURCE] == source:
            return np.int64(pair)
    return np.int64(-1)


@small
def pair_with_rules(act, source, pair_from, pairs):  # type: ignore[no-untyped-def]
    """As `rules_of`, of a pair that is known to have rules: without a look at where the act's pairs end."""
    pair = Place(pair_from[act])
    while pairs[pair, PAIR_SOURCE] != source:
        pair += Place(1)
    return pair


@a_pass
def draw_all(k0, k1, n, c0, c1, c2, c3, words):  # type: ignore[no-untyped-def]
    """Words [4, n] of n addresses at once. One at a time, a draw costs about eight times as much (measured: 27 ns
    against 3), because each of its rounds waits for the one before; so whatever can be drawn in bulk is."""
    u0, u1 = np.uint64(k0), np.uint64(k1)
    for at in range(n):
        a, b, e, f = d.philox(np.uint64(c0[at]), np.uint64(c1[at]), np.uint64(c2[at]), np.uint64(c3[at]), u0, u1)
        words[0, at], words[1, at], words[2, at], words[3, at] = np.uint32(a), np.uint32(b), np.uint32(e), np.uint32(f)


@a_pass
def draw_traits(k0, k1, n, person, ordinal, words, begin):  # type: ignore[no-untyped-def]
    """The words of declared traits 8 x ordinal to 8 x ordinal + 7 of n persons, into the columns from `begin` on."""
    u0, u1, zero = np.uint64(k0), np.uint64(k1), np.uint64(0)
    purpose, start = np.uint64(d.TRAIT + 256 * ordinal), Place(begin)
    for at in range(n):
        a, b, e, f = d.philox(np.uint64(person[at]), zero, purpose, zero, u0, u1)
        to = start + Place(at)
        words[0, to], words[1, to], words[2, to], words[3, to] = np.uint32(a), np.uint32(b), np.uint32(e), np.uint32(f)


@a_pass
def gather(F, t_flow, keys, sources, report_act, day, letters, letter_rows, n_letters, who, count, begin, end, known):  # type: ignore[no-untyped-def]
    """Occasions in one flat list: letters that are occasions, then those by the clock of `who` from begin to end - 1, with
    the addresses of their words. Returns how many came by letter, and how many there are."""
    persons, authors, steps, purposes, subs = F.person, F.author, F.step, F.purpose, F.sub
    acts, told_source, told_act, told_bought, bases, bought, unrecorded = (
        F.act, F.told_source, F.told_act, F.told_bought, F.base, F.bought, F.unrecorded,
    )  # fmt: skip
    n, one, four = Place(0), Place(1), Place(4)
    for at in range(n_letters):
        row = letter_rows[at]
        event, info = letters[row, 1], letters[row, 2]
        act, occasion = m.act_of(info), m.occasion_of(event)
        persons[n], authors[n], steps[n] = letters[row, 0], m.author_of(event), m.step_of(event)
        if m.kind_of(event) == m.WITNESS:
            if report_act < 0:
                continue
            told_source[n], told_act[n], acts[n], told_bought[n] = m.source_of(info), act, report_act, m.reason_of(info)
            purposes[n] = d.REPORT + 256 * occasion
            subs[n] = sources[m.source_of(info), SOURCE_KEY] ^ keys[act]
        else:
            told_source[n], acts[n] = -1, act
            purposes[n], subs[n] = d.FOLLOW + 256 * occasion, keys[act]
        n += one
    by_letter = n
    for at in range(begin, end):  # two at a time, since more are rare
        person, ringing = who[at], Place(count[at])
        cell = known[person] >> 4
        if ringing > four:
            ringing = four
            t_flow[CUT_OFF, cell] += 1
        t_flow[OCCASIONS, cell] += np.int64(ringing)
        persons[n], persons[n + one] = person, person
        purposes[n], purposes[n + one] = d.OCCASION, d.OCCASION + 256
        for occasion in range(Place(2), ringing):
            persons[n + occasion], purposes[n + occasion] = person, Place(d.OCCASION) + Place(256) * occasion
        n += ringing
    for at in range(by_letter, n):
        authors[at], steps[at], subs[at] = persons[at], day, 0
        told_source[at], bases[at] = -1, 1 << 32
    for at in range(n):
        bought[at], unrecorded[at] = 0, 1
    return np.int64(by_letter), np.int64(n)


@a_pass
def pick(S, F, kinds, by_letter, n):  # type: ignore[no-untyped-def]
    """Which act or service each occasion of the clock is, by the alias table of the person's archetype. Lists those of kinds
    that are thinned by traits which the archetype leaves out, by how this is done (`society.tables.thinned_how`).

    Here and below, lists are filled by adding a truth value: a branch that cannot be predicted costs more than the work it
    saves. For the same reason there is a list for each way of thinning (measured: half of what one loop over rows costs).
    Where there are very many kinds, what is picked first is a family of kinds that are equally frequent.
    """
    alias, family_from, family_kind, thin_way, thin_how = S.alias, S.family_from, S.family_kind, S.thin_way, S.thin_how
    persons, acts, words = F.person, F.act, F.words
    by_trait_at, by_home_at, by_several_at, c0, c1 = F.by_trait_at, F.by_home_at, F.by_several_at, F.c0, F.c1
    families, half = Place(alias.shape[1]), Place(32)
    by_trait, by_home, by_several = Place(0), Place(0), Place(0)
    for at in range(Place(by_letter), Place(n)):
        column = (Place(words[0, at]) * families) >> half  # as `linked.one_of`
        entry = Place(alias[kinds[persons[at]], column])
        acts[at] = column if Place(words[1, at]) < entry >> Place(16) else entry & Place(0xFFFF)
    if alias.shape[1] < family_kind.shape[0]:
        for at in range(Place(by_letter), Place(n)):
            begin = Place(family_from[acts[at]])
            members = Place(family_from[acts[at] + np.uint32(1)]) - begin
            acts[at] = family_kind[begin + ((Place(words[3, at]) * members) >> half)]
    if S.thin_trait.shape[1] == 0:  # no kind is thinned
        return np.int64(0), np.int64(0), np.int64(0)
    for at in range(Place(by_letter), Place(n)):
        how = thin_how[thin_way[acts[at]]]
        by_trait_at[by_trait], by_home_at[by_home], by_several_at[by_several] = at, at, at
        by_trait += Place(how == BY_TRAIT)
        by_home += Place(how == BY_HOME)
        by_several += Place(how == BY_SEVERAL)
    for row in range(by_trait):
        c0[row] = persons[by_trait_at[row]]
    for row in range(by_several):
        c1[row] = persons[by_several_at[row]]
    return np.int64(by_trait), np.int64(by_home), np.int64(by_several)


@a_pass
def thin(S, F, kinds, known, cut_bits, by_trait, by_home, by_several):  # type: ignore[no-untyped-def]
    """Lower the bases of thinned occasions by the factors of their persons' traits. `trait_words` holds the first eight
    traits of the first list, then of the last, then the last's next eight."""
    k0, k1, levels, cuts, roles = S.seed0, S.seed1, S.archetype_level, S.trait_cut, S.template_role
    thin_way, thin_rows, thin_trait, thin_factor = S.thin_way, S.thin_rows, S.thin_trait, S.thin_factor
    persons, acts, bases, trait_words = F.person, F.act, F.base, F.trait_words
    by_trait_at, by_home_at, by_several_at = F.by_trait_at, F.by_home_at, F.by_several_at
    for n in range(by_trait):
        at = by_trait_at[n]
        way, age = thin_way[acts[at]], levels[kinds[persons[at]], traits.AGE]
        trait = np.uint32(thin_trait[way, 0])
        half = (np.int64(trait_words[trait >> 1, n]) >> (16 * np.int64(trait & 1))) & 0xFFFF
        above = np.int64(half >= cuts[trait, age, 0]) + np.int64(half >= cuts[trait, age, 1])
        bases[at] = thin_factor[way, 0, above] << 16
    for n in range(by_home):
        at = by_home_at[n]
        person, way = persons[at], thin_way[acts[at]]
        income, parent = known[person] >> 5, cut_bits[person] >> PARENT_SHIFT
        bases[at] = thin_factor[way, 0, income if thin_trait[way, 0] == traits.INCOME else parent] << 16
    for n in range(by_several):
        at = by_several_at[n]
        person, way, base = np.int64(persons[at]), thin_way[acts[at]], 1 << 32
        kind, cell = kinds[person], np.int64(known[person]) >> 4
        age = levels[kind, traits.AGE]
        for row in range(thin_rows[way]):
            trait = thin_trait[way, row]
            if trait == traits.INCOME:
                level = int(cell >> 1)
            elif trait < 0 or age < 0 or trait >= 16:
                level = traits.level_of(k0, k1, person, kind, cell, trait, levels, cuts, roles)
            else:
                word = trait_words[trait % 8 // 2, by_trait + n + trait // 8 * by_several]
                half = (np.int64(word) >> (16 * (trait % 2))) & 0xFFFF
                level = 0
                for place in range(8):
                    level += half >= cuts[trait, age, place]
            base = (base * thin_factor[way, row, level]) >> 16
        bases[at] = base


@a_pass
def sort_out(S, R, F, by_letter, n):  # type: ignore[no-untyped-def]
    """Requests within reach of the traits; acts that are taken whatever the state is, forgone whatever it is, or in doubt.
    Returns how many acts are in doubt, how many of those taken stir anything, and how many requests there are.
    """
    last_act, keys, felt_of, felt_sort = Place(S.acts - 1), S.kind_key, R.felt, R.felt_sort
    persons, purposes, steps, acts, bases = F.person, F.purpose, F.step, F.act, F.base
    told_source, words, became = F.told_source, F.words, F.became
    doubted_at, asked_at, taken_at, c0, c1, c2, c3 = F.doubted_at, F.asked_at, F.taken_at, F.c0, F.c1, F.c2, F.c3
    one = Place(1)
    doubted, taken, asked = Place(by_letter), Place(0), Place(0)
    for at in range(by_letter):
        reported = told_source[at] >= 0
        doubted_at[at] = at
        words[2, at] = words[0, at] if reported else words[1, at]
        bases[at] = S.reports if reported else 1 << 32
    for at in range(doubted, Place(n)):
        act, mark, base = acts[at], np.int64(words[2, at]), bases[at]
        feels = felt_sort[act]
        asks, under = Place(act > last_act), Place(mark < base)
        surely = Place(mark < ((base * felt_of[feels, SURE]) >> 16) - SURE_SLACK)
        possible = (under | Place(felt_of[feels, SATURATES])) & (asks ^ one)
        became[at] = Place(lives.FORGONE) - surely * Place(lives.FORGONE - lives.TAKEN)
        asked_at[asked] = at
        asked += asks & under
        taken_at[taken] = at
        taken += surely & Place(felt_of[feels, STIRS])
        doubted_at[doubted] = at
        doubted += possible & (surely ^ one)
    for n_asked in range(asked):
        at = asked_at[n_asked]
        c0[n_asked], c1[n_asked], c2[n_asked] = persons[at], steps[at], purposes[at]
        c3[n_asked] = keys[acts[at]]
    return np.int64(doubted), np.int64(taken), np.int64(asked)


@a_pass
def choose(S, R, X, T, F, table, doubted, taken):  # type: ignore[no-untyped-def]
    """Acts in doubt are taken, or not for exactly one reason. Returns how many that stir anything are taken, with the `taken`
    ones that are listed already."""
    points, clean, board, tie, lists, clean_lists = X.points, X.clean, X.board, X.tie, X.lists, X.clean_lists
    moods, known, sorts = X.moods, X.known, S.sort
    kind_table, felt_of, felt_sort, floors, class_at = S.kind, R.felt, R.felt_sort, R.floor, R.class_at
    rungs, lists_shut = R.rung, R.lists_shut
    persons, acts, words, bases, doubted_at, taken_at = F.person, F.act, F.words, F.base, F.doubted_at, F.taken_at
    became, bought, t_act, listed = F.became, F.bought, T.act, Place(taken)
    for n in range(doubted):
        fetch_person(X, persons[doubted_at[min(n + AHEAD, doubted - 1)]])
        at = doubted_at[n]
        person, act, mark = persons[at], acts[at], np.int64(words[2, at])
        sort, feels = sorts[act], felt_sort[act]
        # --- the person as the day finds them ---
        cell = np.int64(known[person]) >> 4
        bits, own = np.int64(lists[person]), np.int64(points[person])
        from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
        shown = graded.shown(own, from_ties, R.tie_share, R.low, R.high, R.hold)
        standing = standing_of(np.int64(person), np.int64(board[person]) if R.monthly else shown, bits, table, class_at)
        shut = rungs[standing, SHUTS] | lists_shut[bits & LIST_BITS]
        need, fear = np.int64(moods[person]) & 15, np.int64(moods[person]) >> 4
        awareness = np.int64(known[person]) & 15
        wronged = (own < clean[person]) | ((bits & ~np.int64(clean_lists[person]) & LIST_BITS) != 0)
        short = floors[standing - 1] - shown if standing > 0 else 0
        tempted = (tallied.income_of(cell) >= S.gaming_income) & (short > 0) & (short <= S.gaming_reach)
        # --- lives ---
        factor = lives.raised(
            kind_table[sort, NEED], need, kind_table[sort, ENCOURAGED], awareness, felt_of[feels, GAIN],
            kind_table[sort, GAMED], tempted, kind_table[sort, GRUDGE], wronged,
        )  # fmt: skip
        most_factor = kind_table[sort, HEADROOM]
        if factor > most_factor:
            t_act[act, SATURATED] += 1
        most = lives.possible(bases[at], min(factor, most_factor), most_factor)
        not_deterred = lives.undeterred(most, kind_table[sort, DETERRED], awareness, felt_of[feels, RISK])
        spoken = lives.unsilenced(not_deterred, kind_table[sort, SILENCED], fear)
        closed = kind_table[sort, SHUT_OFF_BY] >= 0 and ((shut >> kind_table[sort, SHUT_OFF_BY]) & 1) == 1
        closed = closed or (kind_table[sort, BEHIND] >= 0 and ((shut >> kind_table[sort, BEHIND]) & 1) == 0)
        outcome = lives.outcome(mark, most, not_deterred, spoken, closed)
        became[at] = outcome
        if outcome == lives.TAKEN and tempted and kind_table[sort, GAMED] > 0:  # and would it have been without that?
            most = lives.possible(bases[at], min(factor - kind_table[sort, GAMED], most_factor), most_factor)
            not_deterred = lives.undeterred(most, kind_table[sort, DETERRED], awareness, felt_of[feels, RISK])
            bought[at] = mark >= lives.unsilenced(not_deterred, kind_table[sort, SILENCED], fear)
        taken_at[listed] = at
        listed += Place((outcome == lives.TAKEN) & (felt_of[feels, STIRS] != 0))
    put_in_order(taken_at, np.int64(taken), np.int64(listed), F.met_at)
    return np.int64(listed)


@a_pass
def count_acts(S, T, F, n):  # type: ignore[no-untyped-def]
    """Count what became of the act of each of the n occasions, all at once (measured where every occasion is recorded: a
    hundredth of a day less than one by one)."""
    last_act, acts, became, t_act = Place(S.acts - 1), F.act, F.became, T.act
    for at in range(Place(n)):
        t_act[min(Place(acts[at]), last_act), Place(became[at])] += np.int64(acts[at] <= last_act)


@a_pass
def put_in_order(numbers, middle, end, spare):  # type: ignore[no-untyped-def]
    """Join two ascending lists that lie one behind the other: records are then filed in the order of their authors, and most
    need not be sorted (measured where every occasion is recorded: a twelfth of a day)."""
    few, head, to, one = Place(end - middle), Place(middle), Place(end), Place(1)
    for n in range(few):
        spare[n] = numbers[Place(middle) + n]
    while few > Place(0):
        few -= one
        while head > Place(0) and numbers[head - one] > spare[few]:
            head, to = head - one, to - one
            numbers[to] = numbers[head]
        to -= one
        numbers[to] = spare[few]


@a_pass
def serve(S, R, X, T, F, table, felt, feeling, sent, first, requests):  # type: ignore[no-untyped-def]
    """Services asked for are out of reach, refused or granted. Those refused are listed in `feeling`, once each."""
    points, board, tie, lists, known = X.points, X.board, X.tie, X.lists, X.known
    class_at, rungs, lists_shut, gates, price = R.class_at, R.rung, R.lists_shut, R.gate, R.price
    unaffordable, hurt, t_door = S.unaffordable, S.hurt, T.door
    persons, acts, words, asked_at, answers = F.person, F.act, F.words, F.asked_at, F.became
    for n in range(requests):
        at = asked_at[n]
        person, door = np.int64(persons[at]), np.int64(acts[at]) - S.acts
        cell, bits = np.int64(known[person]) >> 4, np.int64(lists[person])
        from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
        shown = graded.shown(np.int64(points[person]), from_ties, R.tie_share, R.low, R.high, R.hold)
        standing = standing_of(person, np.int64(board[person]) if R.monthly else shown, bits, table, class_at)
        shut = ((rungs[standing, SHUTS] | lists_shut[bits & LIST_BITS]) >> door) & 1
        purse, decider = np.int64(words[0, n]), np.int64(words[1, n])
        told = gated.answer(purse, unaffordable[door, tallied.income_of(cell)], shut, decider, gates[door, GRANT])
        answers[at] = told
        t_door[door, ASKED, cell] += 1
        if told == gated.UNAFFORDABLE:
            t_door[door, UNAFFORDABLE, cell] += 1
        elif told == gated.REFUSED:
            t_door[door, REFUSED, cell] += 1
            t_door[door, BY_HUMAN, cell] += decider < gates[door, HUMAN]
            if hurt[door] > 0:
                place = person - first
                if felt[place, 0] | felt[place, 1] | felt[place, 2] == 0:
                    feeling[sent[FEELING]] = person
                    sent[FEELING] += 1
                felt[place, 0] = min(100, felt[place, 0] + hurt[door])
        else:
            t_door[door, PRICE, cell] += price[door, standing]


@a_pass
def feel(X, felt, feeling, n, first):  # type: ignore[no-untyped-def]
    """The day's changes of need, fear and awareness of `n` persons `feeling` what letters and refusals brought."""
    moods, known = X.moods, X.known
    for at in range(n):
        person = np.int64(feeling[at])
        place = person - first
        need = responds.level(np.int64(moods[person]) & 15, felt[place, 0])
        fear = responds.level(np.int64(moods[person]) >> 4, felt[place, 1])
        awareness = responds.level(np.int64(known[person]) & 15, felt[place, 2])
        moods[person] = (fear << 4) + need
        known[person] = (known[person] & CELL_BITS) + awareness
        felt[place, 0] = felt[place, 1] = felt[place, 2] = 0


@compiled
def take_stock(X, T, R, people, table, shut, begin, end, day):  # type: ignore[no-untyped-def]
    """Count persons begin..end-1 as they stand: published classes, lists, doors `shut` (rows of key and value), levels.
    Changes nothing else."""
    board, lists, clean_lists, moods, known = X.board, X.lists, X.clean_lists, X.moods, X.known
    class_at, listed = R.class_at, R.lists
    count, classes, listings, doors, levels, spells = (
        T.stock_people, T.stock_class, T.stock_list, T.stock_door, T.stock_level, T.stock_spell,
    )  # fmt: skip
    for person in range(Place(begin), Place(min(end, people))):
        cell = known[person] >> 4
        standing = np.int64(graded.class_of(np.int64(board[person]), class_at))
        if lists[person] & CLASS_BIT:
            packed = c.get(table, c.slot_of(np.int64(person), c.CLASS, 0))
            if day < packed >> 4:
                standing = max(standing, packed & 15)
        classes[standing, cell] += 1
        if lists[person] | clean_lists[person]:
            for listing in range(listed):
                listings[listing, 0, cell] += (lists[person] >> listing) & 1
                listings[listing, 1, cell] += (clean_lists[person] >> listing) & 1
        if moods[person] | (known[person] & 15):
            levels[0, cell] += moods[person] & 15
            levels[1, cell] += moods[person] >> 4
            levels[2, cell] += known[person] & 15
    for place in range(count.shape[1]):  # of all blocks counted here so far
        count[0, place] = 0
        for rung in range(classes.shape[0]):
            count[0, place] += classes[rung, place]
    for row in range(shut.shape[0]):
        person, bits = c.person_of(shut[row, 0]), shut[row, 1]
        cell = np.int64(known[person]) >> 4
        for door in range(doors.shape[0]):
            if (bits >> door) & 1:
                begun, _, _, _, erroneous = c.spell_in(c.get(table, c.slot_of(person, c.SPELL, door)))
                clean_shut = (bits >> (door + DOOR_BITS)) & 1
                spells[door, 0, cell] += day - begun
                if not erroneous and not clean_shut:
                    spells[door, 1, cell] += day - max(begun, c.get(table, c.slot_of(person, c.CLEAN_END, door)))
            doors[door, 0, cell] += (bits >> door) & 1
            doors[door, 1, cell] += (bits >> (door + DOOR_BITS)) & 1
