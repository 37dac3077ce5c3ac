"""One day, in order; the only file that calls the rooms.

    wake    who wakes: own clock rings
    read    letters are scored in the addressee's own step, summed, clamped once; then the file is graded
    gather, pick, thin, sort_out, choose, serve  occasions, by letter and by clock; acts taken or not, services granted or not
    act_out, meet, see, file    what taken acts do; which sources see them; records linked, typed and posted
    feel    need, fear and awareness move

Each is a serial function over the people of one block, over a flat list of letters or occasions, so that all random words
of a pass are drawn at once. The order inside these lists does not matter: a day is lived on the state that the letters
left, and what it changes is added up. `read` stops early, saying where, when its outbox or counters need room; `blocks` then
makes room and goes on from there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine import rows as r
from singlestep.engine import tallies as t
from singlestep.engine.compiling import a_pass, compiled, inlined, small
from singlestep.engine.state import CELL_BITS, CLASS_BIT, DOOR_BITS, LIST_BITS, NO_ACT, PARENT_SHIFT
from singlestep.regime.tables import (
    BELOW,
    BY_NAME,
    CAP,
    CLASS_CLAIM,
    CLASS_TERM,
    DELAY,
    DOOR_LISTS,
    ENTERS,
    EXPIRES,
    FINE,
    FROM_ACT,
    FULFIL,
    GAIN,
    GRANT,
    HIGH,
    HOUSE,
    HUMAN,
    IS_PENAL,
    LATE_SHARE,
    LATE_UP_TO,
    LINK_MISSED,
    LIST_CLAIM,
    LIST_KEY,
    LOW,
    MET_AS,
    MET_HOW,
    MET_SHARE,
    MET_SOURCE,
    MISIDENTIFIED,
    MISTYPED,
    MOST_TERMS,
    ONTO,
    PERK,
    RECORDS,
    REPEAT_FROM,
    REPEAT_TIMES,
    RISK,
    RULE_KEY,
    SETS_CLASS,
    SHUTS,
    SOURCE_KEY,
    STIRS,
    SURE,
    TERM,
    WHO,
    WINDOW,
    WIPES,
    WITHIN,
)
from singlestep.rooms import gated, graded, linked, lives, observed, remedied, responds, scored, tallied
from singlestep.society import ties as tie_patterns
from singlestep.society import traits
from singlestep.society.tables import (
    BEHIND,
    BY_HOME,
    BY_SEVERAL,
    BY_TRAIT,
    DETERRED,
    DOES,
    DOES_WHAT,
    ENCOURAGED,
    EXERCISES_RIGHT,
    FAKES,
    FOLLOW_ACT,
    FOLLOW_AFTER,
    FOLLOW_SHARE,
    GAMED,
    GRUDGE,
    HARM,
    HEADROOM,
    KIND_DOMAIN,
    KIND_KEY,
    NEED,
    SATURATES,
    SHUT_OFF_BY,
    SILENCED,
    THIN_HOW,
    THIN_ROWS,
)

_FLOW, _ACT, _RULE, _DOOR = (t.column(names) for names in (t.FLOW, t.ACT, t.RULE, t.DOOR))
(OCCASIONS, CUT_OFF, CLOSED, WIPED, ABSORBED, CLIPPED, PENAL, TOLD, KNEW, FILED, DECIDED, WON_TALLY, FOUND_TALLY) = (
    _FLOW["occasions"], _FLOW["cut off"], _FLOW["closed recorded"], _FLOW["wiped recorded"], _FLOW["absorbed recorded"],
    _FLOW["clipped recorded"], _FLOW["penal wrong"], _FLOW["told wrong"], _FLOW["knew wrong"], _FLOW["filed wrong"],
    _FLOW["decided wrong"], _FLOW["won wrong"], _FLOW["found by oversight"],
)  # fmt: skip
RIGHT = _FLOW["penal right"] - _FLOW["penal wrong"]  # from a "wrong" row of the funnel to its "right" row
PERKS = _FLOW["perks"]
SATURATED = _ACT["saturated"]
(ASKED, UNAFFORDABLE, REFUSED, BY_HUMAN, PRICE, BEGUN, ENDED, ERRONEOUS, MISTAKEN, PROTECTED, FOR_ANOTHER, CROSS, TOO_LONG,
 CLOSED_DAYS, OVERLONG, MISSED, CLEAN_BEGUN, CLEAN_ENDED) = (_DOOR[name] for name in t.DOOR)  # fmt: skip
ENTERED, LEFT, RENEWED = 0, 1, 2
SENT, DELIVERED, TURNED_AWAY = 0, 1, 2
OLD, ERASED_LETTER, VOID, STALE, NOT_COVERED = 0, 1, 2, 3, 4
_PLACE = t.column(DOES)
REPORT, FALSE_REPORT, PLANT, ERASE, FAKE = (
    _PLACE["report"], _PLACE["false-report"], _PLACE["plant"], _PLACE["erase"], _PLACE["fake"],
)  # fmt: skip
BY_LETTER, FIRST, AGAIN = 0, 1, 2  # who is graded: those with letters; everyone, for the first time or again
GRAVE_WEIGHT = 20_000  # of an entry or a class set, when the day's trigger is sought
SURE_SLACK = 4  # roundings between a share of a base and the exact cuts of a mark (`regime.tables.surely_taken`)
FORCED = 9  # a report: the source has been told, nothing is left to chance of seeing


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
    mark: Ints
    base: Ints  # marks below it are possible with every factor at its greatest
    became: Words  # what became of the act (rooms/lives.py); of a request, the answer (rooms/gated.py)
    told_source: Shorts  # what a witness saw, -1 for other occasions
    told_act: Words
    by_trait_at: Words  # occasions thinned by one trait,
    by_home_at: Words  # by income or parenthood,
    by_several_at: Words  # by several traits
    doubted_at: Words  # occasions of acts that the state may take or leave
    taken_at: Words  # occasions whose act is taken and stirs something: is seen, or leads on
    asked_at: Words  # occasions that are requests
    refused_at: Words  # occasions that are requests refused
    shown_at: Words  # acts shown to their sources
    shown_act: Words
    shown_how: Words
    met_at: Words  # acts meeting a source; then those seen
    met_act: Words
    met_by: Shorts  # row of the meeting; once seen, the source
    met_how: Shorts  # once seen, the actor
    met_named: Words
    met_face: Words
    words: Words  # [4, length]
    trait_words: Words  # [4, length]; later those of typing


LONG = ("mark", "base")
WIDE = ("words", "trait_words")
SIGNED = ("told_source", "met_by", "met_how")


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
    found, total = 0, 0
    for base in range(first, last, 4096):
        four = np.uint64(base // 4)
        for g in range(1024):
            a, b, e, f = d.philox(four + np.uint64(g), today, purpose, zero, u0, u1)
            words[g], words[1024 + g], words[2048 + g], words[3072 + g] = (
                np.uint32(a), np.uint32(b), np.uint32(e), np.uint32(f),
            )  # fmt: skip
        start = found
        for g in range(1024):  # without branches, so that four in five sleepers cost no misprediction
            person = base + 4 * g
            who[found] = person
            found += words[g] >= rings[kinds[person]]
            who[found] = person + 1
            found += words[g + 1024] >= rings[kinds[person + 1]]
            who[found] = person + 2
            found += words[g + 2048] >= rings[kinds[person + 2]]
            who[found] = person + 3
            found += words[g + 3072] >= rings[kinds[person + 3]]
        kept = start
        for n in range(start, found):
            person = who[n]
            if person < people:
                place = person - base
                word, kind = words[place % 4 * 1024 + place // 4], kinds[person]
                ringing = np.int64(word >= occasions[kind, 0]) + np.int64(word >= occasions[kind, 1])
                if word >= occasions[kind, 2]:
                    ringing += 1 + np.int64(word >= occasions[kind, 3]) + np.int64(word >= occasions[kind, 4])
                who[kept] = person
                count[kept] = ringing
                kept += int(ringing > 0)
                total += min(int(ringing), 4)
        found = kept
    return found, total


@small
def post(out, sent, due, who, event, info, amount):  # type: ignore[no-untyped-def]
    """Put a letter into the outbox; the caller has made sure of room."""
    n = sent[0]
    out[n, 0], out[n, 1], out[n, 2], out[n, 3], out[n, 4] = due, who, event, info, amount
    sent[0] = n + 1


@inlined
def class_of(points, floors):  # type: ignore[no-untyped-def]
    """The first class whose floor is at most these points (floors fall, so the higher floors are counted)."""
    place = 0
    for floor in range(floors.shape[0] - 1):
        place += points < floors[floor]
    return place


@small
def standing_of(person, points, bits, table, floors):  # type: ignore[no-untyped-def]
    """The class a person stands in: that of these points, or a worse one set for a term (`bits`: the recorded lists)."""
    standing = class_of(points, floors)
    if bits & CLASS_BIT:
        standing = max(standing, c.get(table, c.slot_of(person, c.CLASS, 0)) & 15)
    return standing


@small
def rules_of(act, source, pair_from, pair_source):  # type: ignore[no-untyped-def]
    """The place of the pair of act and source among the pairs with rules, or -1."""
    for pair in range(pair_from[act], pair_from[act + 1]):
        if pair_source[pair] == source:
            return pair
    return -1


@small
def days_listed(k0, k1, person, day, key, length, fulfil, within):  # type: ignore[no-untyped-def]
    """Days until a listing ends, by its term (`length`) or because what is asked was done; 0 for no end in sight."""
    if fulfil > 0:
        v0, v1, v2, v3 = d.draw(k0, k1, person, day, d.FULFIL, 0, key)
        if v0 < fulfil:
            done = 1 + linked.one_of(v1, within)
            length = min(length, done) if length > 0 else done
    return length


@small
def post_list_end(person, day, length, listing, side, out, sent, t_letter):  # type: ignore[no-untyped-def]
    """The letter to oneself that ends a listing."""
    event = m.event_of(person, day, 0, m.LIST_END, side + 1, 0)
    post(out, sent, day + length, person, event, m.info_of(0, 0, listing, day, 0), 0)
    t_letter[m.LIST_END, SENT] += 1


@small
def reach_household(k0, k1, person, day, onto, who, side, reason, houses, roles, people, out, sent, t_letter):  # type: ignore[no-untyped-def]
    """Tell the others of the household that `who` names (1 children, 2 adults, 3 all) of a listing (1) or its end (0)."""
    plot, place = person // traits.PLOT, person % traits.PLOT
    template = traits.template_of(k0, k1, plot, houses.shape[0])
    for other in range(traits.PLOT):
        member = plot * traits.PLOT + other
        if other == place or houses[template, other] != houses[template, place] or member >= people:
            continue
        child = traits.age_of_role(roles[template, other]) == 0
        if (who == 1 and not child) or (who == 2 and child):
            continue
        event = m.event_of(person, day, 0, m.HOUSEHOLD, side + 1, 0)
        post(out, sent, day + 1, member, event, m.info_of(0, 0, onto, 0, reason), 0)
        t_letter[m.HOUSEHOLD, SENT] += 1


@compiled
def read(S, R, X, T, day, letters, n, stop, everyone, out, sent, table, felt, first, filed_last, filed_now, capacity, told_rows, traced):  # type: ignore[no-untyped-def]  # noqa: E501
    """Letters n..stop-1 (sorted by person) are scored and their addressees graded; or, with `everyone` (FIRST or AGAIN),
    persons n..stop-1 are graded without letters and their standing is published (settling, pass B). Returns where it stopped.

    `felt` is int8 [people of the block, 3]: changes of need, fear, awareness still to be felt, from person `first` on.
    `filed_last`, `filed_now`, `capacity`: appeals by city last month, since, and decided a month (0: no limit).
    `told_rows`: room for rows about persons with `traced` set (see `rows`); with room for none nothing is told.
    """
    points, clean, board, tie, lists, clean_lists = X.points, X.clean, X.board, X.tie, X.lists, X.clean_lists
    kinds, moods, known = X.kind, X.moods, X.known
    k0, k1, city_size, people = S.seed0, S.seed1, S.city, S.people
    levels, cuts, roles = S.archetype_level, S.trait_cut, S.template_role
    kind_table, houses = S.kind, S.template_house
    pair_from, pair_source, pair_rule_from, pair_rule = R.pair_from, R.pair_source, R.pair_rule_from, R.pair_rule
    sources, rules, listings, list_terms, gates, rungs = R.source, R.rule, R.listing, R.list_terms, R.gate, R.rung
    covered_trait, covered_levels, floors, lists_shut = R.covered_trait, R.covered_levels, R.floor, R.lists_shut
    claim_from, claim_trait, claim_levels, harm_bound = R.claim_from, R.claim_trait, R.claim_levels, R.harm_bound
    t_rule, t_cause, t_letter, t_refusal, t_flow = T.rule, T.cause, T.letter, T.refusal, T.flow
    t_source, t_door, t_listing, t_trigger, t_alive = T.source, T.door, T.listing, T.trigger, T.alive
    doors = gates.shape[0] if S.kinds > S.acts else 0
    settled = everyone == AGAIN and not R.spills and R.wipes == 0
    telling = told_rows.shape[0] > 1
    per_letter = 4 * R.most_rules + 4
    per_person = 34 * R.lists + 3 * doors + 32

    warm, warmed = np.int64(0), n
    while n < stop:
        if n >= warmed and not everyone:  # addressees lie far apart: fetch what will be read of the next ones all at once
            warmed = min(stop, n + 64)  # (measured: a third of the pass)
            for ahead in range(n, warmed):
                person = letters[ahead, 0]
                warm += np.int64(points[person]) + np.int64(clean[person]) + np.int64(board[person])
                warm += np.int64(lists[person]) + np.int64(clean_lists[person])
                warm += np.int64(moods[person]) + np.int64(known[person]) + np.int64(kinds[person])
                warm += c.get(table, c.slot_of(person, c.DOORS, 0))
        if settled:
            # Grading again what was graded at the last letter changes nothing where nothing but letters moves points, no
            # list wipes, and both files say the same (measured: publishing costs a third).
            own = np.int64(points[n])
            new = graded.shown(own, 0, 0, R.low, R.high, R.hold)
            standing = class_of(new, floors)
            same = own == clean[n] and lists[n] == clean_lists[n] and lists[n] & CLASS_BIT == 0
            if same and (not R.monthly or standing == class_of(np.int64(board[n]), floors)):
                board[n] = new
                t_flow[PERKS, np.int64(known[n]) >> 4] += rungs[standing, PERK]
                n += 1
                continue
        person = n if everyone else letters[n, 0]
        end = n + 1
        if not everyone:
            while end < stop and letters[end, 0] == person:
                end += 1
        count = 0 if everyone else end - n
        wanted = per_person + count * per_letter
        if sent[0] + wanted > out.shape[0] or (table[table.shape[0] - 1, 0] + 3 * wanted) * 4 > table.shape[0]:
            break
        tells = telling and traced[person] != 0
        if tells and told_rows[0, 0] + wanted >= told_rows.shape[0]:
            break

        kind = kinds[person]
        cell = np.int64(known[person]) >> 4
        place = person - first
        own, own_clean = np.int64(points[person]), np.int64(clean[person])
        sum_recorded, sum_clean = 0, 0
        end_asked, exit_asked, entry_asked, entry_clean, end_clean = 0, 0, 0, 0, 0  # bits of lists
        worst, trigger_act, trigger_cause, house_came = 0, NO_ACT, linked.NO_CAUSE, False
        need_change, fear_change, awareness_change = 0, 0, 0

        # --- scored -------------------------------------------------------------------------------------------------
        for row in range(n, n + count):
            event, info, amount = letters[row, 1], letters[row, 2], letters[row, 3]
            what, sides, cause = m.kind_of(event), m.sides_of(event), m.cause_in(event)
            rule = m.rule_of(info)
            taken_in = True
            if what == m.RECORD:
                act, source = m.act_of(info), m.source_of(info)
                author, act_day, occasion = m.author_of(event), m.step_of(event), m.occasion_of(event)
                pair = rules_of(act, source, pair_from, pair_source)
                lowest, only, left, penal, covered = 1 << 40, -1, 0, False, True
                for at in range(covered_trait.shape[0]):
                    level = traits.level_of(k0, k1, person, kind, cell, covered_trait[at], levels, cuts, roles)
                    covered = covered and (covered_levels[at] >> level) & 1 == 1
                for at in range(pair_rule_from[pair], pair_rule_from[pair + 1]):
                    rule = pair_rule[at]
                    if rules[rule, WINDOW] >= 0 and day - act_day > rules[rule, WINDOW]:
                        continue
                    left += 1
                    penal = penal or rules[rule, IS_PENAL] != 0
                    if rules[rule, LOW] < lowest:
                        lowest, only = rules[rule, LOW], rule
                if left > 0 and R.gravest:
                    penal = rules[only, IS_PENAL] != 0
                if not covered:
                    taken_in = False
                    t_refusal[NOT_COVERED] += 1
                    if tells:
                        r.tell_letter(told_rows, person, day, r.TURNED_AWAY, event, info, NOT_COVERED, what, 0)
                elif left == 0:
                    taken_in = False
                    t_refusal[OLD] += 1
                    if tells:
                        r.tell_letter(told_rows, person, day, r.TURNED_AWAY, event, info, OLD, what, 0)
                elif sides & 1 and penal and c.get(table, c.slot_of(person, c.FAVOUR, 0)) > 0:
                    favour = c.slot_of(person, c.FAVOUR, 0)
                    c.put(table, favour, c.get(table, favour) - 1)
                    sides &= 2
                    t_source[source, linked.ERASED] += 1
                    if tells:
                        r.tell_letter(told_rows, person, day, r.ERASED, event, info, sides, what, 0)
                    if sides == 0:
                        taken_in = False
                        t_refusal[ERASED_LETTER] += 1
                if taken_in:
                    about = kind_table[act, KIND_KEY] ^ sources[source, SOURCE_KEY]
                    recorded, cleanly = sides & 1, sides >> 1
                    # whether a rule was bent decides `wrong`, which decides the appeal, which decides when rules close
                    wrong = cause != linked.TRUE
                    if R.bent > 0 and recorded:
                        for at in range(pair_rule_from[pair], pair_rule_from[pair + 1]):
                            rule = pair_rule[at]
                            too_late = rules[rule, WINDOW] >= 0 and day - act_day > rules[rule, WINDOW]
                            if (R.gravest and rule != only) or too_late:
                                continue
                            if rules[rule, LOW] < rules[rule, HIGH]:
                                sub = about ^ rules[rule, RULE_KEY]
                                g0, g1, g2, g3 = d.draw(k0, k1, author, act_day, d.RULED, occasion, sub)
                                x = scored.chosen(rules[rule, LOW], rules[rule, HIGH], g0)
                                far_end = rules[rule, LOW] if g2 < R.bent_against else rules[rule, HIGH]
                                wrong = wrong or (g1 < R.bent and far_end != x)
                    decision, won, found = remedied.NEVER, False, remedied.NEVER
                    if recorded and penal:
                        right = 0 if wrong else RIGHT
                        h0, h1, h2, h3 = d.draw(k0, k1, author, act_day, d.REMEDY, occasion, about)
                        told = h0 < R.told
                        knows = told or h1 < S.knows_untold
                        t_flow[PENAL + right, cell] += 1
                        t_flow[TOLD + right, cell] += told
                        t_flow[KNEW + right, cell] += knows
                        if told:
                            awareness_change += S.awareness_record
                        if R.appeals and knows and h2 < (S.appeals_wrong if wrong else S.appeals_right):
                            city = person // city_size
                            filed_now[city] += 1
                            t_flow[FILED + right, cell] += 1
                            decision = day + remedied.waiting(R.wait, filed_last[city], capacity[city])
                            won = h3 < (R.wins_wrong if wrong else R.wins_right)
                            post(
                                out, sent, decision, person,
                                m.event_of(author, act_day, occasion, m.DECISION, 0, 0),
                                m.info_of(0, 0, 1 if wrong else 0, 0, 1 if won else 0), 0,
                            )  # fmt: skip
                            t_letter[m.DECISION, SENT] += 1
                        if cause == linked.PLANTED:
                            if d.draw(k0, k1, author, act_day, d.OVERSIGHT, occasion, about)[0] < R.oversight:
                                found = day + R.oversight_after
                                t_flow[FOUND_TALLY, cell] += 1
                        if tells:
                            went = told * r.TOLD_BIT + knows * r.KNEW_BIT + (decision != remedied.NEVER) * r.FILED_BIT
                            went += won * r.WON_BIT + wrong * r.WRONG_BIT
                            r.tell(
                                told_rows, person, day, r.REMEDY, event, act, source, -1, sides, cause, day, 0, went,
                                decision, found,
                            )  # fmt: skip
                    weight, bent_any = 0, False
                    for at in range(pair_rule_from[pair], pair_rule_from[pair + 1]):
                        rule = pair_rule[at]
                        too_late = rules[rule, WINDOW] >= 0 and day - act_day > rules[rule, WINDOW]
                        if (R.gravest and rule != only) or too_late:
                            continue
                        x = rules[rule, LOW]
                        x_recorded = x
                        if rules[rule, LOW] < rules[rule, HIGH]:
                            g0, g1, g2, g3 = d.draw(k0, k1, author, act_day, d.RULED, occasion, about ^ rules[rule, RULE_KEY])
                            x = scored.chosen(rules[rule, LOW], rules[rule, HIGH], g0)
                            x_recorded = x
                            if recorded and g1 < R.bent:
                                x_recorded = rules[rule, LOW] if g2 < R.bent_against else rules[rule, HIGH]
                        bent = x_recorded != x
                        weight += x_recorded
                        bent_any = bent_any or bent
                        rule_cause = linked.BENT if bent and cause == linked.TRUE else cause
                        for side in range(2):
                            if not (sides >> side) & 1:
                                continue
                            value = x if side else x_recorded
                            if rules[rule, REPEAT_FROM] > 0:
                                slot = c.slot_of(person, c.REPEAT + side, rule)
                                times = c.get(table, slot) + 1
                                c.put(table, slot, times)
                                value = scored.repeated(value, times, rules[rule, REPEAT_FROM], rules[rule, REPEAT_TIMES])
                            if rules[rule, CAP] > 0:
                                slot = c.slot_of(person, c.USED + side, rule)
                                packed = c.get(table, slot)
                                used = packed & 0xFFFF if packed >> 16 == day // 365 + 1 else 0
                                value = scored.capped(value, used, rules[rule, CAP])
                                c.put(table, slot, ((day // 365 + 1) << 16) + used + abs(value))
                            if rules[rule, SETS_CLASS] >= 0:
                                bits = clean_lists[person] if side else lists[person]
                                slot = c.slot_of(person, c.CLASS + side, 0)
                                packed = c.get(table, slot)
                                if packed >> 4 <= day:
                                    packed = 0
                                until = max(packed >> 4, day + rules[rule, CLASS_TERM])
                                c.put(table, slot, (until << 4) + max(packed & 15, rules[rule, SETS_CLASS]))
                                if side:
                                    clean_lists[person] = bits | CLASS_BIT
                                else:
                                    lists[person] = bits | CLASS_BIT
                                post(
                                    out, sent, day + rules[rule, CLASS_TERM], person,
                                    m.event_of(author, act_day, occasion, m.CLASS_END, side + 1, 0), 0, 0,
                                )  # fmt: skip
                                t_letter[m.CLASS_END, SENT] += 1
                            if rules[rule, ENTERS] >= 0:
                                slot = c.slot_of(person, c.ALIVE + side, rules[rule, ENTERS])
                                c.put(table, slot, c.get(table, slot) + 1)
                                if listings[rules[rule, ENTERS], RECORDS] == 0:
                                    if side:
                                        entry_clean |= 1 << rules[rule, ENTERS]
                                    else:
                                        entry_asked |= 1 << rules[rule, ENTERS]
                            t_rule[rule, side] += 1
                            t_rule[rule, 2 + side] += value
                            if side:
                                sum_clean += value
                                x = value
                            else:
                                sum_recorded += value
                                x_recorded = value
                                need_change += rules[rule, FINE]
                                if value < 0:
                                    t_cause[rule_cause, 0] -= value
                                else:
                                    t_cause[rule_cause, 1] += value
                        if not recorded:
                            x_recorded = 0
                        elif rules[rule, ENTERS] >= 0 or rules[rule, SETS_CLASS] >= 0:
                            grave = np.int64(rules[rule, ENTERS] >= 0) + np.int64(rules[rule, SETS_CLASS] >= 0)
                            weight -= GRAVE_WEIGHT * grave
                        if not cleanly:
                            x = 0
                        # --- when the rule's effect ends ---
                        expiry = remedied.expiry(day, act_day, rules[rule, EXPIRES], rules[rule, FROM_ACT])
                        close, why = expiry, remedied.EXPIRED
                        if recorded:
                            if won:
                                close, why = remedied.earlier(close, why, decision, remedied.WON)
                            if found != remedied.NEVER:
                                close, why = remedied.earlier(close, why, found, remedied.FOUND)
                            if rule_cause != linked.TRUE:
                                slot = c.slot_of(person, c.CAUSE, rule_cause)
                                c.put(table, slot, c.get(table, slot) + 1)
                        together = recorded and cleanly and close == expiry and why == remedied.EXPIRED
                        if recorded and close != remedied.NEVER:
                            post(
                                out, sent, close, person,
                                m.event_of(author, act_day, occasion, m.CLOSE, 3 if together else 1, rule_cause),
                                m.info_of(0, 0, rule, day, why), m.amount_of(x_recorded, x if together else 0),
                            )  # fmt: skip
                            t_letter[m.CLOSE, SENT] += 1
                        if cleanly and not together and expiry != remedied.NEVER:
                            post(
                                out, sent, expiry, person,
                                m.event_of(author, act_day, occasion, m.CLOSE, 2, rule_cause),
                                m.info_of(0, 0, rule, day, remedied.EXPIRED), m.amount_of(0, x),
                            )  # fmt: skip
                            t_letter[m.CLOSE, SENT] += 1
                        if tells:
                            r.tell(
                                told_rows, person, day, r.APPLIED, event, act, source, rule, sides, rule_cause, day, why,
                                x_recorded, x, close if recorded else remedied.NEVER,
                            )  # fmt: skip
                    if recorded and weight < worst:
                        worst, trigger_act = weight, act
                        trigger_cause = linked.BENT if bent_any and cause == linked.TRUE else cause
            elif what == m.CLOSE:
                arrival, why = m.arrival_of(info), m.reason_of(info)
                for side in range(2):
                    if not (sides >> side) & 1:
                        continue
                    if c.get(table, c.slot_of(person, c.WIPED + side, 0)) > arrival:
                        sides ^= 1 << side
                        continue
                    change = m.clean_in(amount) if side else m.recorded_in(amount)
                    t_flow[CLOSED + side, cell] += change
                    if rules[rule, ENTERS] >= 0:
                        slot = c.slot_of(person, c.ALIVE + side, rules[rule, ENTERS])
                        c.put(table, slot, c.get(table, slot) - 1)
                    if side:
                        sum_clean -= change
                        continue
                    sum_recorded -= change
                    if cause != linked.TRUE:
                        slot = c.slot_of(person, c.CAUSE, cause)
                        c.put(table, slot, c.get(table, slot) - 1)
                    if why != remedied.EXPIRED and rules[rule, ENTERS] >= 0:
                        exit_asked |= 1 << rules[rule, ENTERS]
                if sides == 0:
                    taken_in = False
                    t_refusal[VOID] += 1
                if tells:
                    ended = m.recorded_in(amount) * (sides & 1), m.clean_in(amount) * (sides >> 1)
                    r.tell(
                        told_rows, person, day, r.CLOSED if taken_in else r.TURNED_AWAY, event, -1, -1, rule, sides, cause,
                        arrival, why if taken_in else VOID, ended[0] if taken_in else what, ended[1], -1,
                    )  # fmt: skip
            elif what == m.DECISION:
                right = 0 if rule == 1 else RIGHT
                t_flow[DECIDED + right, cell] += 1
                t_flow[WON_TALLY + right, cell] += m.reason_of(info)
            elif what == m.LIST_END:
                taken_in = c.get(table, c.slot_of(person, c.LISTED + sides - 1, rule)) == m.arrival_of(info) + 1
                if not taken_in:
                    t_refusal[STALE] += 1
                elif sides == m.RECORDED:
                    end_asked |= 1 << rule
                else:
                    end_clean |= 1 << rule
            elif what == m.HOUSEHOLD:
                slot = c.slot_of(person, c.HOUSE + sides - 1, rule)
                entering = m.reason_of(info) == 1
                c.put(table, slot, c.get(table, slot) + (1 if entering else -1))
                house_came = house_came or (entering and sides == m.RECORDED)
            elif what == m.FAVOUR:
                slot = c.slot_of(person, c.FAVOUR, 0)
                c.put(table, slot, c.get(table, slot) + 1)
            elif what == m.CLASS_END:
                slot = c.slot_of(person, c.CLASS + sides - 1, 0)
                packed = c.get(table, slot)
                taken_in = day >= packed >> 4
                if not taken_in:
                    t_refusal[STALE] += 1
                else:
                    c.put(table, slot, 0)
                    if sides == m.RECORDED:
                        lists[person] = lists[person] & LIST_BITS
                    else:
                        clean_lists[person] = clean_lists[person] & LIST_BITS
            if tells and what != m.RECORD and what != m.CLOSE and what < m.FOLLOW:
                row_kind = r.DECIDED + what - m.DECISION if taken_in else r.TURNED_AWAY
                reason = m.reason_of(info) if taken_in else STALE
                r.tell_letter(told_rows, person, day, row_kind, event, info, reason, what, 0)
            t_letter[what, DELIVERED if taken_in else TURNED_AWAY] += 1
        if worst == 0 and house_came:
            trigger_cause = linked.HOUSEHOLD
        if everyone and R.spills:
            trigger_cause = linked.TIES

        # --- clamp --------------------------------------------------------------------------------------------------
        low, high = (R.low, R.high) if R.hold else (-scored.LARGEST, scored.LARGEST)
        if sum_recorded != 0:
            wanted_points = own + sum_recorded
            own = scored.held(wanted_points, low, high)
            t_flow[CLIPPED, cell] += wanted_points - own
            if tells and wanted_points != own:
                r.tell(told_rows, person, day, r.CLIPPED, -1, -1, -1, -1, 1, -1, -1, 0, wanted_points - own, 0, 0)
        if sum_clean != 0:
            wanted_points = own_clean + sum_clean
            own_clean = scored.held(wanted_points, low, high)
            t_flow[CLIPPED + 1, cell] += wanted_points - own_clean
            if tells and wanted_points != own_clean:
                r.tell(told_rows, person, day, r.CLIPPED, -1, -1, -1, -1, 2, -1, -1, 0, 0, wanted_points - own_clean, 0)

        # --- graded -------------------------------------------------------------------------------------------------
        from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
        if everyone and R.monthly:
            board[person] = graded.shown(own, from_ties, R.tie_share, R.low, R.high, R.hold)
        shut_now, afraid, standing, lag = 0, False, 0, 0
        if R.monthly:  # what of the clean file would have been published: the difference as it stands
            lag = graded.shown(own_clean, from_ties, R.tie_share, R.low, R.high, R.hold)
            lag -= graded.shown(own, from_ties, R.tie_share, R.low, R.high, R.hold)
        for side in range(2):
            mine = own_clean if side else own
            bits = np.int64(clean_lists[person]) if side else np.int64(lists[person])
            asked = entry_clean if side else entry_asked
            ending = end_clean if side else end_asked
            leaving = 0 if side else exit_asked
            set_class = 0
            if bits & CLASS_BIT:
                packed = c.get(table, c.slot_of(person, c.CLASS + side, 0))
                set_class = packed & 15 if day < packed >> 4 else 0
            seen = graded.shown(mine, from_ties, R.tie_share, R.low, R.high, R.hold)
            if R.monthly:
                seen = np.int64(board[person]) + lag * side
            standing_now = max(set_class, class_of(seen, floors))
            for listing in range(R.lists):
                here = 1 << listing
                if not bits & here:
                    continue
                end_here, exit_here = ending & here, leaving & here
                if not (end_here or exit_here or listings[listing, TERM] == 0):
                    continue
                alive = c.get(table, c.slot_of(person, c.ALIVE + side, listing))
                holds = standing_now >= listings[listing, BELOW]
                if listings[listing, RECORDS] > 0:
                    holds = holds or alive >= listings[listing, RECORDS]
                if listings[listing, HOUSE]:
                    holds = holds or c.get(table, c.slot_of(person, c.HOUSE + side, listing)) > 0
                goes = end_here != 0 and (listings[listing, WIPES] != 0 or not holds)
                goes = goes or (exit_here != 0 and not holds and alive == 0)
                goes = goes or (listings[listing, TERM] == 0 and not holds and alive == 0)
                if goes:
                    bits &= ~here
                    c.put(table, c.slot_of(person, c.LISTED + side, listing), 0)
                    t_listing[listing, side, LEFT, cell] += 1
                    if tells:
                        r.tell(
                            told_rows, person, day, r.LIST, -1, trigger_act, -1, listing, side + 1, trigger_cause, -1, LEFT,
                            0, 0, -1,
                        )  # fmt: skip
                    if listings[listing, WIPES]:
                        t_flow[WIPED + side, cell] += R.start - mine
                        if tells:
                            back = R.start - mine
                            r.tell(
                                told_rows, person, day, r.WIPED, -1, -1, -1, listing, side + 1, -1, -1, 0,
                                back * (1 - side), back * side, 0,
                            )  # fmt: skip
                        mine = R.start
                        c.put(table, c.slot_of(person, c.WIPED + side, 0), day + 1)
                        for other in range(R.lists):
                            c.put(table, c.slot_of(person, c.ALIVE + side, other), 0)
                        if side == 0:
                            for other in range(linked.FAKED + 1):
                                c.put(table, c.slot_of(person, c.CAUSE, other), 0)
                        if not R.monthly:
                            seen = graded.shown(mine, from_ties, R.tie_share, R.low, R.high, R.hold)
                            standing_now = max(set_class, class_of(seen, floors))
                    if listings[listing, ONTO] >= 0:
                        reach_household(
                            k0, k1, person, day, listings[listing, ONTO], listings[listing, WHO], side, 0, houses,
                            roles, people, out, sent, t_letter,
                        )  # fmt: skip
                elif end_here:
                    t_listing[listing, side, RENEWED, cell] += 1
                    earlier = c.get(table, c.slot_of(person, c.TIMES + side, listing)) - 1
                    c.put(table, c.slot_of(person, c.LISTED + side, listing), day + 1)
                    length = days_listed(
                        k0, k1, person, day, listings[listing, LIST_KEY], list_terms[listing, min(earlier, MOST_TERMS - 1)],
                        listings[listing, FULFIL], listings[listing, WITHIN],
                    )  # fmt: skip
                    if length > 0:
                        post_list_end(person, day, length, listing, side, out, sent, t_letter)
                    if tells:
                        r.tell(
                            told_rows, person, day, r.LIST, -1, trigger_act, -1, listing, side + 1, trigger_cause, -1,
                            RENEWED, 0, 0, day + length if length > 0 else -1,
                        )  # fmt: skip
            for listing in range(R.lists):
                here = 1 << listing
                if bits & here:
                    continue
                enters = asked & here != 0 or standing_now >= listings[listing, BELOW]
                if not enters and listings[listing, RECORDS] > 0:
                    enters = c.get(table, c.slot_of(person, c.ALIVE + side, listing)) >= listings[listing, RECORDS]
                if not enters and listings[listing, HOUSE]:
                    enters = c.get(table, c.slot_of(person, c.HOUSE + side, listing)) > 0
                if not enters:
                    continue
                bits |= here
                slot = c.slot_of(person, c.TIMES + side, listing)
                times = c.get(table, slot)
                c.put(table, slot, times + 1)
                c.put(table, c.slot_of(person, c.LISTED + side, listing), day + 1)
                t_listing[listing, side, ENTERED, cell] += 1
                afraid = afraid or side == 0
                length = days_listed(
                    k0, k1, person, day, listings[listing, LIST_KEY], list_terms[listing, min(times, MOST_TERMS - 1)],
                    listings[listing, FULFIL], listings[listing, WITHIN],
                )  # fmt: skip
                if length > 0:
                    post_list_end(person, day, length, listing, side, out, sent, t_letter)
                if tells:
                    r.tell(
                        told_rows, person, day, r.LIST, -1, trigger_act, -1, listing, side + 1, trigger_cause, -1, ENTERED,
                        0, 0, day + length if length > 0 else -1,
                    )  # fmt: skip
                if listings[listing, ONTO] >= 0:
                    reach_household(
                        k0, k1, person, day, listings[listing, ONTO], listings[listing, WHO], side, 1, houses,
                        roles, people, out, sent, t_letter,
                    )  # fmt: skip
            shut = rungs[standing_now, SHUTS] | lists_shut[bits & LIST_BITS]
            shut_now |= shut << (DOOR_BITS * side)
            if side:
                own_clean = mine
                clean_lists[person] = bits
            else:
                own = mine
                lists[person] = bits
                standing = standing_now
        points[person] = own
        clean[person] = own_clean

        # --- spells -------------------------------------------------------------------------------------------------
        doors_slot = c.slot_of(person, c.DOORS, 0)
        shut_before = c.get(table, doors_slot)
        if shut_now != shut_before:
            c.put(table, doors_slot, shut_now)
            for door in range(doors):
                was, now = (shut_before >> door) & 1, (shut_now >> door) & 1
                was_clean, now_clean = (shut_before >> (door + DOOR_BITS)) & 1, (shut_now >> (door + DOOR_BITS)) & 1
                if was_clean and not now_clean:
                    c.put(table, c.slot_of(person, c.CLEAN_END, door), day)
                    t_door[door, CLEAN_ENDED, cell] += 1
                if now_clean and not was_clean:
                    t_door[door, CLEAN_BEGUN, cell] += 1
                    t_door[door, MISSED, cell] += not now
                if tells and was_clean != now_clean:
                    r.tell(
                        told_rows, person, day, r.DOOR, -1, trigger_act, -1, door, 2, trigger_cause, -1, now_clean, 0, 0, 0
                    )
                spell = c.slot_of(person, c.SPELL, door)
                untrue = False
                if now and not was:
                    afraid = True
                    erroneous = not now_clean
                    c.put(table, spell, ((day + 1) << 20) + (trigger_act << 4) + erroneous)
                    t_door[door, BEGUN, cell] += 1
                    t_door[door, ERRONEOUS, cell] += erroneous
                    t_trigger[trigger_cause, 0] += 1
                    t_trigger[trigger_cause, 1] += erroneous
                    if erroneous:
                        for other in range(linked.FAKED + 1):
                            t_alive[other] += c.get(table, c.slot_of(person, c.CAUSE, other)) > 0
                    else:
                        claim = rungs[standing, CLASS_CLAIM]
                        for listing in range(R.lists - 1, -1, -1):
                            if lists[person] & gates[door, DOOR_LISTS] & (1 << listing):
                                claim = listings[listing, LIST_CLAIM]
                        if claim >= 0:
                            for at in range(claim_from[claim], claim_from[claim + 1]):
                                level = traits.level_of(k0, k1, person, kind, cell, claim_trait[at], levels, cuts, roles)
                                untrue = untrue or not (claim_levels[at] >> level) & 1
                            t_door[door, MISTAKEN, cell] += untrue
                    if trigger_act != NO_ACT:
                        t_door[door, PROTECTED, cell] += kind_table[trigger_act, EXERCISES_RIGHT]
                        came_from = kind_table[trigger_act, KIND_DOMAIN]
                        t_door[door, CROSS, cell] += came_from != kind_table[S.acts + door, KIND_DOMAIN]
                    t_door[door, FOR_ANOTHER, cell] += trigger_cause == linked.TIES or trigger_cause == linked.HOUSEHOLD
                    if tells:
                        r.tell(
                            told_rows, person, day, r.DOOR, -1, trigger_act, -1, door, 1, trigger_cause, -1, 1,
                            erroneous + 2 * untrue, 0, 0,
                        )  # fmt: skip
                if was and not now:
                    packed = c.get(table, spell)
                    begun, its_act, erroneous = (packed >> 20) - 1, (packed >> 4) & NO_ACT, packed & 15
                    c.put(table, spell, 0)
                    t_door[door, ENDED, cell] += 1
                    t_door[door, CLOSED_DAYS, cell] += day - begun
                    if its_act != NO_ACT and harm_bound[kind_table[its_act, HARM]] >= 0:
                        t_door[door, TOO_LONG, cell] += day - begun > harm_bound[kind_table[its_act, HARM]]
                    if not erroneous and not now_clean:
                        t_door[door, OVERLONG, cell] += day - max(
                            begun, c.get(table, c.slot_of(person, c.CLEAN_END, door))
                        )
                    if tells:
                        r.tell(
                            told_rows, person, day, r.DOOR, -1, its_act, -1, door, 1, -1, begun, 0, erroneous, day - begun, 0
                        )
        if afraid:
            fear_change += S.fear_sanction

        # --- published, or left for the end of the day --------------------------------------------------------------
        if everyone:
            fear = responds.level(np.int64(moods[person]) >> 4, fear_change)
            need = np.int64(moods[person]) & 15
            moods[person] = (fear << 4) + need
            board[person] = graded.shown(own, from_ties, R.tie_share, R.low, R.high, R.hold)
            t_flow[PERKS, cell] += rungs[standing, PERK]
        else:
            felt[place, 0] = min(15, need_change)
            felt[place, 1] = min(15, fear_change)
            felt[place, 2] = min(15, awareness_change)
        n = end
    if warm == -(1 << 62):  # never; without a use of it the compiler would leave the fetching out
        sent[0] = 0
    return n


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
    purpose, start = np.uint64(d.TRAIT + 256 * ordinal), np.uint64(begin)
    for at in range(n):
        a, b, e, f = d.philox(np.uint64(person[at]), zero, purpose, zero, u0, u1)
        to = start + np.uint64(at)  # unsigned, or the compiler looks for places counted from the end
        words[0, to], words[1, to], words[2, to], words[3, to] = np.uint32(a), np.uint32(b), np.uint32(e), np.uint32(f)


@a_pass
def gather(F, t_flow, kind_table, sources, report_act, day, letters, letter_rows, n_letters, who, count, n_who, known):  # type: ignore[no-untyped-def]
    """The block's occasions in one flat list: letters that are occasions, then the clock's, with the addresses of their
    words. Returns how many came by letter, and how many there are."""
    persons, authors, steps, purposes, subs = F.person, F.author, F.step, F.purpose, F.sub
    acts, told_source, told_act = F.act, F.told_source, F.told_act
    n = 0
    for at in range(n_letters):
        row = letter_rows[at]
        event, info = letters[row, 1], letters[row, 2]
        act, occasion = m.act_of(info), m.occasion_of(event)
        persons[n], authors[n], steps[n] = letters[row, 0], m.author_of(event), m.step_of(event)
        if m.kind_of(event) == m.WITNESS:
            if report_act < 0:
                continue
            told_source[n], told_act[n], acts[n] = m.source_of(info), act, report_act
            purposes[n] = d.REPORT + 256 * occasion
            subs[n] = sources[m.source_of(info), SOURCE_KEY] ^ kind_table[act, KIND_KEY]
        else:
            told_source[n], acts[n] = -1, act
            purposes[n], subs[n] = d.FOLLOW + 256 * occasion, kind_table[act, KIND_KEY]
        n += 1
    by_letter = n
    for at in range(n_who):  # two at a time, since more are rare
        person = who[at]
        ringing = int(min(count[at], 4))
        cell = np.int64(known[person]) >> 4
        t_flow[OCCASIONS, cell] += ringing
        t_flow[CUT_OFF, cell] += count[at] > 4
        persons[n], persons[n + 1] = person, person
        purposes[n], purposes[n + 1] = d.OCCASION, d.OCCASION + 256
        for occasion in range(2, ringing):
            persons[n + occasion], purposes[n + occasion] = person, d.OCCASION + 256 * occasion
        n += ringing
    for at in range(by_letter, n):
        authors[at], steps[at], subs[at] = persons[at], day, 0
    return by_letter, n


@a_pass
def pick(alias, kind_table, F, kinds, by_letter, n):  # type: ignore[no-untyped-def]
    """Which act or service each occasion of the clock is, by the alias table of the person's archetype. Lists those of kinds
    that are thinned by traits which the archetype leaves out, by how this is done (`society.tables.thinned_how`).

    Here and below, lists are filled by adding a truth value: a branch that cannot be predicted costs more than the work it
    saves. For the same reason there is a list for each way of thinning (measured: half of what one loop over rows costs).
    """
    persons, acts, bases, words, told_source = F.person, F.act, F.base, F.words, F.told_source
    by_trait_at, by_home_at, by_several_at, c0, c1 = F.by_trait_at, F.by_home_at, F.by_several_at, F.c0, F.c1
    all_kinds = alias.shape[1]
    by_trait, by_home, by_several = 0, 0, 0
    for at in range(by_letter, n):
        person = persons[at]
        column = linked.one_of(np.int64(words[0, at]), all_kinds)
        entry = np.int64(alias[kinds[person], column])
        act = column if np.int64(words[1, at]) < entry >> 16 else entry & 0xFFFF
        acts[at], bases[at], told_source[at] = act, 1 << 32, -1
        how = kind_table[act, THIN_HOW]
        by_trait_at[by_trait], c0[by_trait], by_home_at[by_home] = at, person, at
        by_several_at[by_several], c1[by_several] = at, person
        by_trait += how == BY_TRAIT
        by_home += how == BY_HOME
        by_several += how == BY_SEVERAL
    return by_trait, by_home, by_several


@a_pass
def thin(S, F, kinds, known, cut_bits, by_trait, by_home, by_several):  # type: ignore[no-untyped-def]
    """Lower the bases of thinned occasions by the factors of their persons' traits. `trait_words` holds the first eight
    traits of the first list, then of the last, then the last's next eight."""
    k0, k1, levels, cuts, roles = S.seed0, S.seed1, S.archetype_level, S.trait_cut, S.template_role
    kind_table, thin_trait, thin_factor = S.kind, S.thin_trait, S.thin_factor
    persons, acts, bases, trait_words = F.person, F.act, F.base, F.trait_words
    by_trait_at, by_home_at, by_several_at = F.by_trait_at, F.by_home_at, F.by_several_at
    for n in range(by_trait):
        at = by_trait_at[n]
        act, age = acts[at], levels[kinds[persons[at]], traits.AGE]
        trait = np.uint32(thin_trait[act, 0])
        half = (np.int64(trait_words[trait >> 1, n]) >> (16 * np.int64(trait & 1))) & 0xFFFF
        above = np.int64(half >= cuts[trait, age, 0]) + np.int64(half >= cuts[trait, age, 1])
        bases[at] = thin_factor[act, 0, above] << 16
    for n in range(by_home):
        at = by_home_at[n]
        person, act = persons[at], acts[at]
        income, parent = known[person] >> 5, cut_bits[person] >> PARENT_SHIFT
        bases[at] = thin_factor[act, 0, income if thin_trait[act, 0] == traits.INCOME else parent] << 16
    for n in range(by_several):
        at = by_several_at[n]
        person, act, base = np.int64(persons[at]), acts[at], 1 << 32
        kind, cell = kinds[person], np.int64(known[person]) >> 4
        age = levels[kind, traits.AGE]
        for row in range(kind_table[act, THIN_ROWS]):
            trait = thin_trait[act, row]
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
            base = (base * thin_factor[act, row, level]) >> 16
        bases[at] = base


@a_pass
def sort_out(S, R, T, F, by_letter, n):  # type: ignore[no-untyped-def]
    """Requests within reach of the traits; acts that are taken whatever the state is, forgone whatever it is, or in doubt.
    Returns how many acts are in doubt, how many of those taken stir anything, and how many requests there are.
    """
    first_service, kind_table, felt_of = S.acts, S.kind, R.felt
    persons, purposes, steps, acts, marks, bases = F.person, F.purpose, F.step, F.act, F.mark, F.base
    told_source, words, became = F.told_source, F.words, F.became
    doubted_at, asked_at, taken_at, c0, c1, c2, c3 = F.doubted_at, F.asked_at, F.taken_at, F.c0, F.c1, F.c2, F.c3
    t_act = T.act
    doubted, taken, asked = by_letter, 0, 0
    for at in range(by_letter):
        reported = told_source[at] >= 0
        doubted_at[at] = at
        marks[at] = words[0, at] if reported else words[1, at]
        bases[at] = S.reports if reported else 1 << 32
    for at in range(by_letter, n):
        act, mark, base = np.int64(acts[at]), np.int64(words[2, at]), bases[at]
        marks[at] = mark
        asks, under = act >= first_service, mark < base
        surely = mark < ((base * felt_of[act, SURE]) >> 16) - SURE_SLACK
        possible = (under | (kind_table[act, SATURATES] != 0)) & (not asks)
        outcome = lives.TAKEN if surely else lives.FORGONE
        became[at] = outcome
        asked_at[asked] = at
        asked += asks & under
        taken_at[taken] = at
        taken += surely & (felt_of[act, STIRS] != 0)
        doubted_at[doubted] = at
        doubted += possible & (not surely)
        t_act[min(act, first_service - 1), outcome] += (surely | (not possible)) & (not asks)
    for n_asked in range(asked):
        at = asked_at[n_asked]
        c0[n_asked], c1[n_asked], c2[n_asked] = persons[at], steps[at], purposes[at]
        c3[n_asked] = kind_table[acts[at], KIND_KEY]
    return doubted, taken, asked


@a_pass
def choose(S, R, X, T, F, table, doubted, taken):  # type: ignore[no-untyped-def]
    """Acts in doubt are taken, or not for exactly one reason. Returns how many that stir anything are taken, with the `taken`
    ones that are listed already."""
    points, clean, board, tie, lists, clean_lists = X.points, X.clean, X.board, X.tie, X.lists, X.clean_lists
    moods, known = X.moods, X.known
    kind_table, felt_of, floors, rungs, lists_shut = S.kind, R.felt, R.floor, R.rung, R.lists_shut
    persons, acts, marks, bases, doubted_at, taken_at = F.person, F.act, F.mark, F.base, F.doubted_at, F.taken_at
    became, t_act = F.became, T.act
    for n in range(doubted):
        at = doubted_at[n]
        person, act = np.int64(persons[at]), np.int64(acts[at])
        # --- the person as the day finds them ---
        cell = np.int64(known[person]) >> 4
        bits, own = np.int64(lists[person]), np.int64(points[person])
        from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
        shown = graded.shown(own, from_ties, R.tie_share, R.low, R.high, R.hold)
        standing = standing_of(person, np.int64(board[person]) if R.monthly else shown, bits, table, floors)
        shut = rungs[standing, SHUTS] | lists_shut[bits & LIST_BITS]
        need, fear = np.int64(moods[person]) & 15, np.int64(moods[person]) >> 4
        awareness = np.int64(known[person]) & 15
        wronged = (own < clean[person]) | ((bits & ~np.int64(clean_lists[person]) & LIST_BITS) != 0)
        short = floors[standing - 1] - shown if standing > 0 else 0
        tempted = (tallied.income_of(cell) >= S.gaming_income) & (short > 0) & (short <= S.gaming_reach)
        # --- lives ---
        factor = lives.raised(
            kind_table[act, NEED], need, kind_table[act, ENCOURAGED], awareness, felt_of[act, GAIN], kind_table[act, GAMED],
            tempted, kind_table[act, GRUDGE], wronged,
        )  # fmt: skip
        most_factor = kind_table[act, HEADROOM]
        t_act[act, SATURATED] += factor > most_factor
        most = lives.possible(bases[at], min(factor, most_factor), most_factor)
        not_deterred = lives.undeterred(most, kind_table[act, DETERRED], awareness, felt_of[act, RISK])
        spoken = lives.unsilenced(not_deterred, kind_table[act, SILENCED], fear)
        closed = kind_table[act, SHUT_OFF_BY] >= 0 and ((shut >> kind_table[act, SHUT_OFF_BY]) & 1) == 1
        closed = closed or (kind_table[act, BEHIND] >= 0 and ((shut >> kind_table[act, BEHIND]) & 1) == 0)
        outcome = lives.outcome(marks[at], most, not_deterred, spoken, closed)
        became[at] = outcome
        t_act[act, outcome] += 1
        taken_at[taken] = at
        taken += (outcome == lives.TAKEN) & (felt_of[act, STIRS] != 0)
    return taken


@a_pass
def serve(S, R, X, T, F, table, felt, first, requests):  # type: ignore[no-untyped-def]
    """Services asked for are out of reach, refused or granted. Returns how many are refused."""
    points, board, tie, lists, known = X.points, X.board, X.tie, X.lists, X.known
    floors, rungs, lists_shut, gates, price = R.floor, R.rung, R.lists_shut, R.gate, R.price
    unaffordable, hurt, t_door = S.unaffordable, S.hurt, T.door
    persons, acts, words, asked_at, refused_at = F.person, F.act, F.words, F.asked_at, F.refused_at
    answers, refused = F.became, 0
    for n in range(requests):
        at = asked_at[n]
        person, door = np.int64(persons[at]), np.int64(acts[at]) - S.acts
        cell, bits = np.int64(known[person]) >> 4, np.int64(lists[person])
        from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
        shown = graded.shown(np.int64(points[person]), from_ties, R.tie_share, R.low, R.high, R.hold)
        standing = standing_of(person, np.int64(board[person]) if R.monthly else shown, bits, table, floors)
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
            felt[person - first, 0] = min(100, felt[person - first, 0] + hurt[door])
            refused_at[refused] = at
            refused += 1
        else:
            t_door[door, PRICE, cell] += price[door, standing]
    return refused


@a_pass
def act_out(S, R, X, T, F, day, taken, out, sent):  # type: ignore[no-untyped-def]
    """What taken acts do besides being seen: follow-up acts, reports, false reports, plants, favours, fakes. Fills the list
    of showings (an act before its sources) and returns how many."""
    k0, k1, city, people = S.seed0, S.seed1, S.city, S.people
    pattern, near, slots, pages, far_constant = S.pattern, S.near, S.near + S.far, S.pages, S.far_page
    levels, cuts, roles, kind_table = S.archetype_level, S.trait_cut, S.template_role, S.kind
    follow_from, follows, sources, alleged, plant_acts = S.follow_from, S.follow, R.source, R.alleged, R.plant_acts
    pair_from, pair_source = R.pair_from, R.pair_source
    kinds, known, cut_bits, t_source, t_letter = X.kind, X.known, X.cut, T.source, T.letter
    persons, authors, steps, purposes, acts, taken_at = F.person, F.author, F.step, F.purpose, F.act, F.taken_at
    shown_at, shown_act, shown_how = F.shown_at, F.shown_act, F.shown_how
    told_source, told_act, meet_from = F.told_source, F.told_act, R.meet_from
    showings = 0
    for n in range(taken):
        at = taken_at[n]
        act = np.int64(acts[at])
        does = kind_table[act, DOES_WHAT]
        if meet_from[act] < meet_from[act + 1]:
            shown_at[showings], shown_act[showings], shown_how[showings] = at, act, observed.NORMAL
            showings += 1
        if does == 0 and follow_from[act] == follow_from[act + 1]:
            continue
        person, author, act_day = np.int64(persons[at]), np.int64(authors[at]), np.int64(steps[at])
        occasion = np.int64(purposes[at]) >> 8
        if does == FAKE:
            shown_at[showings], shown_act[showings], shown_how[showings] = at, kind_table[act, FAKES], observed.FAKED
            showings += kind_table[act, FAKES] >= 0
        elif does == REPORT and told_source[at] >= 0:
            shown_at[showings], shown_act[showings], shown_how[showings] = at, told_act[at], FORCED
            showings += 1
        elif does in (FALSE_REPORT, ERASE, PLANT):
            y0, y1, y2, y3 = d.draw(k0, k1, author, act_day, d.TARGET, occasion, kind_table[act, KIND_KEY])
            target = -1
            if does != PLANT:
                target = tie_by(k0, k1, person, y0, slots, cut_bits[person], far_constant, pattern, near, pages, people)
            if does == FALSE_REPORT and R.witness_source >= 0 and alleged.shape[0] > 0 and target >= 0:
                source = R.witness_source
                shown_at[showings], shown_act[showings], shown_how[showings] = at, S.report_act, observed.FAKED
                showings += S.report_act >= 0
                t_source[source, linked.FALSE_REPORT] += 1
                event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, linked.FALSE_REPORT)
                info = m.info_of(alleged[linked.one_of(y1, alleged.shape[0])], source, 0, 0, 0)
                post(out, sent, day + 1 + sources[source, DELAY], target, event, info, 0)
                t_letter[m.RECORD, SENT] += 1
            elif does == ERASE and R.erase and target >= 0:
                post(out, sent, day + 1, target, m.event_of(author, act_day, occasion, m.FAVOUR, 0, 0), 0, 0)
                t_letter[m.FAVOUR, SENT] += 1
            elif does == PLANT and R.plant_source >= 0:
                highest = -1
                for other in range(8):
                    words = d.draw(
                        k0, k1, author, act_day, d.TARGET, occasion, (kind_table[act, KIND_KEY] + 1 + other // 4) & 0xFFFFFFFF
                    )
                    place = other % 4
                    word = words[0] if place == 0 else words[1] if place == 1 else words[2] if place == 2 else words[3]
                    candidate = traits.someone_else(person, word, city, people)
                    level = 0
                    if S.critic >= 0:
                        cell = np.int64(known[candidate]) >> 4
                        level = traits.level_of(
                            k0, k1, candidate, kinds[candidate], cell, S.critic, levels, cuts, roles
                        )
                    if level > highest:
                        highest, target = level, candidate
                planted = plant_acts[linked.one_of(y0, plant_acts.shape[0])]
                if target != person:
                    t_source[R.plant_source, linked.PLANTED] += 1
                    if rules_of(planted, R.plant_source, pair_from, pair_source) >= 0:
                        event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, linked.PLANTED)
                        post(out, sent, day + 1, target, event, m.info_of(planted, R.plant_source, 0, 0, 0), 0)
                        t_letter[m.RECORD, SENT] += 1
        for row in range(follow_from[act], follow_from[act + 1]):
            then = follows[row, FOLLOW_ACT]
            word = d.draw(k0, k1, author, act_day, d.FOLLOW, occasion, kind_table[then, KIND_KEY])[0]
            if word < follows[row, FOLLOW_SHARE]:
                event = m.event_of(author, act_day, occasion, m.FOLLOW, 0, 0)
                post(out, sent, day + follows[row, FOLLOW_AFTER], person, event, m.info_of(then, 0, 0, 0, 0), 0)
                t_letter[m.FOLLOW, SENT] += 1
    return showings


@small
def tie_by(k0, k1, person, word, slots, cut, far_constant, pattern, near, pages, people):  # type: ignore[no-untyped-def]
    """The tie in one of a person's slots, by a word; -1 for an empty or a cut one."""
    if slots == 0:
        return -1
    slot = linked.one_of(word, slots)
    if (cut >> slot) & 1:
        return -1
    far = far_constant[slot - near] if slot >= near else 0
    return tie_patterns.tie_in_slot(k0, k1, person, slot, pattern, near, far, pages, people)


@a_pass
def meet(F, meet_from, meetings, kind_table, sources, showings):  # type: ignore[no-untyped-def]
    """Every source that may see an act shown, in one flat list; asks for their words and returns how many."""
    shown_at, shown_act, shown_how, told_source = F.shown_at, F.shown_act, F.shown_how, F.told_source
    authors, steps, purposes = F.author, F.step, F.purpose
    met_at, met_act, met_by, met_how, c0, c1, c2, c3 = (
        F.met_at, F.met_act, F.met_by, F.met_how, F.c0, F.c1, F.c2, F.c3,
    )  # fmt: skip
    n = 0
    for showing in range(showings):
        at, act, how = shown_at[showing], np.int64(shown_act[showing]), np.int64(shown_how[showing])
        begin, end = (0, 1) if how == FORCED else (meet_from[act], meet_from[act + 1])
        for row in range(begin, end):
            if how == observed.FAKED and meetings[row, MET_HOW] != observed.NORMAL:
                continue
            source = np.int64(told_source[at]) if how == FORCED else meetings[row, MET_SOURCE]
            met_at[n], met_act[n], met_how[n] = at, act, how if how != observed.NORMAL else meetings[row, MET_HOW]
            met_by[n] = source if how == FORCED else row
            c0[n], c1[n], c2[n] = authors[at], steps[at], d.SEEN + 256 * (np.int64(purposes[at]) >> 8)
            c3[n] = kind_table[act, KIND_KEY] ^ sources[source, SOURCE_KEY]
            n += 1
    return n


@a_pass
def see(S, R, X, T, F, day, met, out, sent):  # type: ignore[no-untyped-def]
    """Who is seen, and as whom. Witnesses, mistakes and faked deeds go straight into the mail; what else is seen stays in the
    list (its count is returned) to be linked and typed."""
    k0, k1, city, people = S.seed0, S.seed1, S.city, S.people
    pattern, near, slots, pages, far_constant = S.pattern, S.near, S.near + S.far, S.pages, S.far_page
    meetings, sources, kind_table = R.meet, R.source, S.kind
    pair_from, pair_source = R.pair_from, R.pair_source
    known, cut_bits, t_source, t_letter = X.known, X.cut, T.source, T.letter
    persons, authors, steps, purposes, words = F.person, F.author, F.step, F.purpose, F.words
    met_at, met_act, met_by, met_how, met_named, met_face = (
        F.met_at, F.met_act, F.met_by, F.met_how, F.met_named, F.met_face,
    )  # fmt: skip
    c0, c1, c2, c3 = F.c0, F.c1, F.c2, F.c3
    seen = 0
    for n in range(met):
        at, act, row, how = met_at[n], np.int64(met_act[n]), np.int64(met_by[n]), np.int64(met_how[n])
        person, author, act_day = np.int64(persons[at]), np.int64(authors[at]), np.int64(steps[at])
        occasion = np.int64(purposes[at]) >> 8
        actor, face = person, 0
        if how == FORCED:
            source, actor = row, author
            about = kind_table[act, KIND_KEY] ^ sources[source, SOURCE_KEY]
            z0, z1, z2, z3 = d.draw(k0, k1, author, act_day, d.REPORT, occasion, about)
            named = actor
            if z1 < sources[source, MISIDENTIFIED + tallied.minority_of(np.int64(known[actor]) >> 4)]:
                tie = tie_by(k0, k1, person, z2, slots, cut_bits[person], far_constant, pattern, near, pages, people)
                named, face = (tie, 1) if tie >= 0 else (actor, 1)
        else:
            source = meetings[row, MET_SOURCE]
            minority = tallied.minority_of(np.int64(known[person]) >> 4)
            if not observed.is_seen(np.int64(words[0, n]), meetings[row, MET_SHARE + minority]):
                continue
            v1, v2 = np.int64(words[1, n]), np.int64(words[2, n])
            if how == observed.WITNESS:
                tie = tie_by(k0, k1, person, v1, slots, cut_bits[person], far_constant, pattern, near, pages, people)
                if tie >= 0:
                    event = m.event_of(author, act_day, occasion, m.WITNESS, 0, 0)
                    post(out, sent, day + 1, tie, event, m.info_of(act, source, 0, 0, 0), 0)
                    t_letter[m.WITNESS, SENT] += 1
                continue
            if how == observed.MISTAKE or how == observed.FAKED:
                cause = linked.FAKED if how == observed.FAKED else linked.MISIDENTIFIED
                as_act = act if how == observed.FAKED else meetings[row, MET_AS]
                t_source[source, cause] += 1
                if rules_of(as_act, source, pair_from, pair_source) >= 0:
                    event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, cause)
                    post(out, sent, day + 1 + sources[source, DELAY], actor, event, m.info_of(as_act, source, 0, 0, 0), 0)
                    t_letter[m.RECORD, SENT] += 1
                continue
            named = actor
            if v1 < sources[source, MISIDENTIFIED + minority]:
                named, face = traits.someone_else(actor, v2, city, people), 1
        met_at[seen], met_act[seen], met_by[seen], met_how[seen] = at, act, source, actor
        met_named[seen], met_face[seen] = named, face
        c0[seen], c1[seen], c2[seen] = author, act_day, d.LINKED + 256 * occasion
        c3[seen] = kind_table[act, KIND_KEY] ^ sources[source, SOURCE_KEY]
        seen += 1
    return seen


@a_pass
def ask_for_typing(F, seen):  # type: ignore[no-untyped-def]
    """The same addresses for the purpose of typing."""
    for n in range(seen):
        F.c2[n] += d.TYPED - d.LINKED


@a_pass
def file(S, R, T, F, day, seen, link_words, type_words, out, sent):  # type: ignore[no-untyped-def]
    """Records are joined to files and typed: into the right file, a wrong one or none, as the right act or another, in time
    or late; and posted."""
    k0, k1, city, people, namesakes = S.seed0, S.seed1, S.city, S.people, S.namesakes
    sources, sees_from, sees_act = R.source, R.sees_from, R.sees_act
    pair_from, pair_source, t_source, t_letter = R.pair_from, R.pair_source, T.source, T.letter
    authors, steps, purposes, recorded_as = F.author, F.step, F.purpose, F.c0
    met_at, met_act, met_by, met_actor, met_named, met_face = (
        F.met_at, F.met_act, F.met_by, F.met_how, F.met_named, F.met_face,
    )  # fmt: skip
    for n in range(seen):
        at, act, source = met_at[n], np.int64(met_act[n]), np.int64(met_by[n])
        actor, named = np.int64(met_actor[n]), np.int64(met_named[n])
        lost = link_words[0, n] < sources[source, LINK_MISSED]
        if not lost and link_words[1, n] < sources[source, BY_NAME]:
            word = d.draw(k0, k1, named, 0, d.NAMESAKE, 0, 0)[0]
            others = 0
            for k in range(namesakes.shape[0]):
                others += namesakes[k] <= word
            number = linked.one_of(np.int64(link_words[2, n]), others + 1)
            if number > 0:
                named = traits.namesake(k0, k1, named, number - 1, city, people)
        typed, late, as_act = False, 0, act
        acts_seen = sees_from[source + 1] - sees_from[source]
        if link_words[3, n] < sources[source, MISTYPED] and acts_seen > 1:
            place = 0
            while sees_act[sees_from[source] + place] != act:
                place += 1
            typed = True
            as_act = sees_act[sees_from[source] + linked.another_of(np.int64(type_words[0, n]), acts_seen, place)]
        if type_words[1, n] < sources[source, LATE_SHARE]:
            late = 1 + linked.one_of(np.int64(type_words[2, n]), sources[source, LATE_UP_TO])
        cause = linked.cause_of(lost, named != actor, met_face[n] == 1, typed, late > 0)
        t_source[source, cause] += 1
        met_named[n], met_face[n], recorded_as[n] = named, cause, as_act  # for telling
        due = day + 1 + sources[source, DELAY]
        author, act_day, occasion = np.int64(authors[at]), np.int64(steps[at]), np.int64(purposes[at]) >> 8
        if rules_of(act, source, pair_from, pair_source) >= 0:
            sides = m.BOTH if cause == linked.TRUE else m.CLEAN
            event = m.event_of(author, act_day, occasion, m.RECORD, sides, cause)
            post(out, sent, due, actor, event, m.info_of(act, source, 0, 0, 0), 0)
            t_letter[m.RECORD, SENT] += 1
        if cause != linked.TRUE and not lost and rules_of(as_act, source, pair_from, pair_source) >= 0:
            event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, cause)
            post(out, sent, due + late, named, event, m.info_of(as_act, source, 0, 0, 0), 0)
            t_letter[m.RECORD, SENT] += 1


@a_pass
def feel(X, letters, n, stop, F, refused, felt, first):  # type: ignore[no-untyped-def]
    """The day's changes of need, fear and awareness, for everyone who had mail or was refused; each is felt once."""
    moods, known, persons, refused_at = X.moods, X.known, F.person, F.refused_at
    for at in range(stop - n + refused):
        person = letters[n + at, 0] if at < stop - n else np.int64(persons[refused_at[at - (stop - n)]])
        place = person - first
        need = responds.level(np.int64(moods[person]) & 15, felt[place, 0])
        fear = responds.level(np.int64(moods[person]) >> 4, felt[place, 1])
        awareness = responds.level(np.int64(known[person]) & 15, felt[place, 2])
        moods[person] = (fear << 4) + need
        known[person] = (known[person] & CELL_BITS) + awareness
        felt[place, 0] = felt[place, 1] = felt[place, 2] = 0


@compiled
def take_stock(X, T, floors, listed, people, table, begin, end, day):  # type: ignore[no-untyped-def]
    """Count persons begin..end-1 as they stand: published classes, lists, doors shut, levels. Changes nothing else."""
    board, lists, clean_lists, moods, known = X.board, X.lists, X.clean_lists, X.moods, X.known
    count, classes, listings, doors, levels = (
        T.stock_people, T.stock_class, T.stock_list, T.stock_door, T.stock_level,
    )  # fmt: skip
    for person in range(begin, min(end, people)):
        cell = np.int64(known[person]) >> 4
        standing = class_of(np.int64(board[person]), floors)
        if lists[person] & CLASS_BIT:
            packed = c.get(table, c.slot_of(person, c.CLASS, 0))
            if day < packed >> 4:
                standing = max(standing, packed & 15)
        classes[standing, cell] += 1
        if lists[person] | clean_lists[person]:
            for listing in range(listed):
                listings[listing, 0, cell] += (lists[person] >> listing) & 1
                listings[listing, 1, cell] += (clean_lists[person] >> listing) & 1
        levels[0, cell] += moods[person] & 15
        levels[1, cell] += np.int64(moods[person]) >> 4
        levels[2, cell] += known[person] & 15
    for rung in range(classes.shape[0]):
        for place in range(count.shape[1]):
            count[0, place] += classes[rung, place]
    for row in range(table.shape[0] - 1):  # once through the table: looking up everyone in it costs five times as much
        if c.kind_of(table[row, 0]) == c.DOORS and table[row, 1] > 0:
            cell = np.int64(known[c.person_of(table[row, 0])]) >> 4
            for door in range(doors.shape[0]):
                doors[door, 0, cell] += (table[row, 1] >> door) & 1
                doors[door, 1, cell] += (table[row, 1] >> (door + DOOR_BITS)) & 1
