"""Addressees are graded, once their letters have added up on their sheets.

    grade       the day's sums are clamped once; lists are left and entered; what is shut
    note_doors  spells of doors shut begin and end
    publish     what is felt; at settling, the board
"""

from __future__ import annotations

import numpy as np

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine import rows as r
from singlestep.engine import tallies as t
from singlestep.engine.compiling import a_pass, small
from singlestep.engine.sheets import (
    BITS,
    BY_ACT,
    BY_CAUSE,
    BY_SOURCE,
    CELL,
    ENDS_LISTS,
    ENTERS_LISTS,
    EXITS,
    FELT_AWARENESS,
    FELT_FEAR,
    FELT_NEED,
    KIND,
    MOVED,
    OWN,
    PERSON,
    SHUT,
    SHUT_BEFORE,
    STANDING,
    SUM,
)
from singlestep.engine.state import CLASS_BIT, DOOR_BITS, LIST_BITS, NO_ACT
from singlestep.engine.step import FEELING, post
from singlestep.regime.tables import (
    BELOW,
    CLASS_CLAIM,
    DOOR_LISTS,
    FULFIL,
    HOUSE,
    LIST_CLAIM,
    LIST_KEY,
    MOST_TERMS,
    ONTO,
    PERK,
    RECORDS,
    SHUTS,
    TERM,
    WHO,
    WIPES,
    WITHIN,
)
from singlestep.rooms import graded, linked, responds, scored
from singlestep.society import traits
from singlestep.society.tables import EXERCISES_RIGHT, HARM, KIND_DOMAIN

_FLOW, _DOOR, _BROUGHT = t.column(t.FLOW), t.column(t.DOOR), t.column(t.BROUGHT)
WIPED, CLIPPED, PERKS = _FLOW["wiped recorded"], _FLOW["clipped recorded"], _FLOW["perks"]
(BEGUN, ENDED, ERRONEOUS, MISTAKEN, PROTECTED, FOR_ANOTHER, CROSS, TOO_LONG, CLOSED_DAYS, OVERLONG, MISSED, CLEAN_BEGUN,
 CLEAN_ENDED) = (_DOOR[name] for name in t.DOOR[t.DOOR.index("begun") :])  # fmt: skip
(SPELLS, WAS_ERRONEOUS, WAS_MISTAKEN, WAS_PROTECTED, WAS_FOR_ANOTHER, WAS_CROSS, WAS_TOO_LONG, WAS_OVERLONG) = (
    _BROUGHT[name] for name in t.BROUGHT
)
ENTERED, LEFT, RENEWED = 0, 1, 2
SENT = t.LETTER.index("sent")


@a_pass
def grade(S, R, X, T, day, everyone, sheets, count, out, sent, table, told, traced):  # type: ignore[no-untyped-def]
    """The day's points are summed and clamped once; lists are left, then entered; into the sheets what is shut."""
    points, clean, board, tie, lists, clean_lists = X.points, X.clean, X.board, X.tie, X.lists, X.clean_lists
    k0, k1, people, houses, roles = S.seed0, S.seed1, S.people, S.template_house, S.template_role
    listings, list_terms, rungs, class_at, lists_shut = R.listing, R.list_terms, R.rung, R.class_at, R.lists_shut
    t_letter, t_flow, t_listing = T.letter, T.flow, T.listing
    low, high = (R.low, R.high) if R.hold else (-scored.LARGEST, scored.LARGEST)
    for n in range(count):
        person, cell = sheets[n, PERSON], sheets[n, CELL]
        tells = told.shape[0] > 1 and traced[person] != 0
        if everyone and R.spills:
            sheets[n, BY_CAUSE] = linked.TIES
        if everyone and R.monthly:
            weight, source, cause, act = c.gravest_in(c.get(table, c.slot_of(person, c.GRAVEST, 0)))
            if weight > 0:
                sheets[n, BY_SOURCE], sheets[n, BY_CAUSE], sheets[n, BY_ACT] = source, cause, act
        trigger_act, trigger_cause = sheets[n, BY_ACT], sheets[n, BY_CAUSE]
        for side in range(2):
            wanted = sheets[n, OWN + side] + sheets[n, SUM + side]
            if sheets[n, SUM + side] != 0:
                sheets[n, OWN + side] = scored.held(wanted, low, high)
            over = wanted - sheets[n, OWN + side]
            t_flow[CLIPPED + side, cell] += over
            if tells and over != 0:
                r.tell(told, person, day, r.CLIPPED, -1, -1, -1, -1, side + 1, -1, -1, 0, over * (1 - side), over * side, 0)
        own = sheets[n, OWN]
        from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
        shown = graded.shown(own, from_ties, R.tie_share, R.low, R.high, R.hold)
        if everyone and R.monthly:
            board[person] = shown
        shown_clean = graded.shown(sheets[n, OWN + 1], from_ties, R.tie_share, R.low, R.high, R.hold)
        for side in range(2):
            mine, bits = sheets[n, OWN + side], sheets[n, BITS + side]
            asked, ending = sheets[n, ENTERS_LISTS + side], sheets[n, ENDS_LISTS + side]
            moved = LIST_BITS if everyone else sheets[n, MOVED + side]  # else nothing new that counts brings one onto a list
            leaving = 0 if side else sheets[n, EXITS]
            class_set = 0
            if bits & CLASS_BIT:
                packed = c.get(table, c.slot_of(person, c.CLASS + side, 0))
                class_set = packed & 15 if day < packed >> 4 else 0
            seen = shown_clean if side else shown
            if R.monthly:  # what of the clean file would have been published: the difference as it stands
                seen = np.int64(board[person]) + (shown_clean - shown) * side
            standing = max(class_set, np.int64(graded.class_of(seen, class_at)))
            for listing in range(R.lists):
                here = 1 << listing
                if not bits & here:
                    continue
                end_here, exit_here = ending & here, leaving & here
                if not (end_here or exit_here or listings[listing, TERM] == 0):
                    continue
                alive = c.get(table, c.slot_of(person, c.ALIVE + side, listing))
                holds = standing >= listings[listing, BELOW]
                if listings[listing, RECORDS] > 0:
                    holds = holds or alive >= listings[listing, RECORDS]
                if listings[listing, HOUSE]:
                    holds = holds or c.get(table, c.slot_of(person, c.HOUSE + side, listing)) > 0
                goes = end_here != 0 and (listings[listing, WIPES] != 0 or not holds)
                goes = goes or (exit_here != 0 and not holds and alive == 0)
                goes = goes or (listings[listing, TERM] == 0 and not holds and alive == 0)
                if goes:
                    bits, moved = bits & ~here, moved | here
                    c.put(table, c.slot_of(person, c.LISTED + side, listing), 0)
                    t_listing[listing, side, LEFT, cell] += 1
                    if tells:
                        tell_list(told, person, day, listing, side, LEFT, -1, trigger_act, trigger_cause)
                    if listings[listing, WIPES]:
                        back = R.start - mine
                        t_flow[WIPED + side, cell] += back
                        if tells:
                            r.tell(
                                told, person, day, r.WIPED, -1, -1, -1, listing, side + 1, -1, -1, 0, back * (1 - side),
                                back * side, 0,
                            )  # fmt: skip
                        mine = np.int64(R.start)
                        wipe(table, person, side, day, R.lists)
                        if not R.monthly:
                            seen = graded.shown(mine, from_ties, R.tie_share, R.low, R.high, R.hold)
                            standing = max(class_set, np.int64(graded.class_of(seen, class_at)))
                    if listings[listing, ONTO] >= 0:
                        reach_household(
                            k0, k1, person, day, listings[listing, ONTO], listings[listing, WHO], side, 0, houses,
                            roles, people, out, sent, t_letter,
                        )  # fmt: skip
                elif end_here:
                    t_listing[listing, side, RENEWED, cell] += 1
                    times = c.get(table, c.slot_of(person, c.TIMES + side, listing)) - 1
                    end = list_until_end(
                        k0, k1, person, day, listings, list_terms, listing, side, times, out, sent, table, t_letter
                    )
                    if tells:
                        tell_list(told, person, day, listing, side, RENEWED, end, trigger_act, trigger_cause)
            for listing in range(R.lists):
                here = 1 << listing
                if bits & here:
                    continue
                enters = asked & here != 0 or standing >= listings[listing, BELOW]
                if not enters and moved & here and listings[listing, RECORDS] > 0:
                    enters = c.get(table, c.slot_of(person, c.ALIVE + side, listing)) >= listings[listing, RECORDS]
                if not enters and moved & here and listings[listing, HOUSE]:
                    enters = c.get(table, c.slot_of(person, c.HOUSE + side, listing)) > 0
                if not enters:
                    continue
                bits |= here
                times = c.get(table, c.slot_of(person, c.TIMES + side, listing))
                c.put(table, c.slot_of(person, c.TIMES + side, listing), times + 1)
                t_listing[listing, side, ENTERED, cell] += 1
                if side == 0:
                    sheets[n, FELT_FEAR] = S.fear_sanction
                end = list_until_end(
                    k0, k1, person, day, listings, list_terms, listing, side, times, out, sent, table, t_letter
                )
                if tells:
                    tell_list(told, person, day, listing, side, ENTERED, end, trigger_act, trigger_cause)
                if listings[listing, ONTO] >= 0:
                    reach_household(
                        k0, k1, person, day, listings[listing, ONTO], listings[listing, WHO], side, 1, houses,
                        roles, people, out, sent, t_letter,
                    )  # fmt: skip
            sheets[n, SHUT] |= (rungs[standing, SHUTS] | lists_shut[bits & LIST_BITS]) << (DOOR_BITS * side)
            sheets[n, OWN + side], sheets[n, BITS + side] = mine, bits
            if side == 0:
                sheets[n, STANDING] = standing
        points[person], clean[person] = sheets[n, OWN], sheets[n, OWN + 1]
        lists[person], clean_lists[person] = sheets[n, BITS], sheets[n, BITS + 1]


@small
def tell_list(told, person, day, listing, side, reason, end, act, cause):  # type: ignore[no-untyped-def]
    """Add a row about a list entered, left or renewed."""
    r.tell(told, person, day, r.LIST, -1, act, -1, listing, side + 1, cause, -1, reason, 0, 0, end)


@small
def wipe(table, person, side, day, lists):  # type: ignore[no-untyped-def]
    """Everything that counted on one side of the file counts no more; letters that would take it back are void."""
    c.put(table, c.slot_of(person, c.WIPED + side, 0), day + 1)
    for listing in range(lists):
        c.put(table, c.slot_of(person, c.ALIVE + side, listing), 0)
    if side == 0:
        for cause in range(linked.FAKED + 1):
            c.put(table, c.slot_of(person, c.CAUSE, cause), 0)


@small
def list_until_end(k0, k1, person, day, listings, list_terms, listing, side, times, out, sent, table, t_letter):  # type: ignore[no-untyped-def]
    """A listing begins, or begins anew, after so many earlier ones: when it ends, by its term or because what is asked will
    be done, is settled now and posted. Returns the day of its end, or -1 for none in sight."""
    c.put(table, c.slot_of(person, c.LISTED + side, listing), day + 1)
    length = np.int64(list_terms[listing, min(times, MOST_TERMS - 1)])
    if listings[listing, FULFIL] > 0:
        v0, v1, v2, v3 = d.draw(k0, k1, person, day, d.FULFIL, 0, listings[listing, LIST_KEY])
        if v0 < listings[listing, FULFIL]:
            done = 1 + linked.one_of(v1, listings[listing, WITHIN])
            length = min(length, done) if length > 0 else done
    if length <= 0:
        return -1
    event = m.event_of(person, day, 0, m.LIST_END, side + 1, 0)
    post(out, sent, day + length, person, event, m.info_of(0, 0, listing, day, 0), 0)
    t_letter[m.LIST_END, SENT] += 1
    return day + length


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


@a_pass
def note_doors(S, R, T, day, sheets, count, table, told, traced):  # type: ignore[no-untyped-def]
    """Spells begin where a door was open and is shut, and end where it is the other way round, in both files."""
    k0, k1, levels, cuts, roles = S.seed0, S.seed1, S.archetype_level, S.trait_cut, S.template_role
    kind_table, sort = S.kind, S.sort
    gates, rungs, listings, harm_bound = R.gate, R.rung, R.listing, R.harm_bound
    claim_from, claim_trait, claim_levels = R.claim_from, R.claim_trait, R.claim_levels
    t_door, t_trigger, t_brought, t_alive = T.door, T.trigger, T.brought, T.alive
    for n in range(count):
        shut_now, shut_before = sheets[n, SHUT], sheets[n, SHUT_BEFORE]
        if shut_now == shut_before:
            continue
        person, cell, act, cause = sheets[n, PERSON], sheets[n, CELL], sheets[n, BY_ACT], sheets[n, BY_CAUSE]
        source = sheets[n, BY_SOURCE]
        tells = told.shape[0] > 1 and traced[person] != 0
        c.put(table, c.slot_of(person, c.DOORS, 0), shut_now)
        for door in range(S.kinds - S.acts):
            was, now = (shut_before >> door) & 1, (shut_now >> door) & 1
            was_clean, now_clean = (shut_before >> (door + DOOR_BITS)) & 1, (shut_now >> (door + DOOR_BITS)) & 1
            if was_clean and not now_clean:
                c.put(table, c.slot_of(person, c.CLEAN_END, door), day)
                t_door[door, CLEAN_ENDED, cell] += 1
            if now_clean and not was_clean:
                t_door[door, CLEAN_BEGUN, cell] += 1
                t_door[door, MISSED, cell] += not now
            if tells and was_clean != now_clean:
                r.tell(told, person, day, r.DOOR, -1, act, -1, door, 2, cause, -1, now_clean, 0, 0, 0)
            spell = c.slot_of(person, c.SPELL, door)
            if now and not was:
                untrue, erroneous = False, not now_clean
                sheets[n, FELT_FEAR] = S.fear_sanction
                c.put(table, spell, c.spell_of(day, source, cause, act, erroneous))
                if erroneous:
                    for other in range(linked.FAKED + 1):
                        t_alive[other] += c.get(table, c.slot_of(person, c.CAUSE, other)) > 0
                else:
                    claim = np.int64(rungs[sheets[n, STANDING], CLASS_CLAIM])
                    for listing in range(R.lists - 1, -1, -1):
                        if sheets[n, BITS] & gates[door, DOOR_LISTS] & (1 << listing):
                            claim = np.int64(listings[listing, LIST_CLAIM])
                    if claim >= 0:
                        for at in range(claim_from[claim], claim_from[claim + 1]):
                            level = traits.level_of(
                                k0, k1, person, sheets[n, KIND], cell, claim_trait[at], levels, cuts, roles
                            )
                            untrue = untrue or not (claim_levels[at] >> level) & 1
                protected, cross = np.int64(0), False
                if act != NO_ACT:
                    protected = np.int64(kind_table[sort[act], EXERCISES_RIGHT])
                    cross = kind_table[sort[act], KIND_DOMAIN] != kind_table[sort[S.acts + door], KIND_DOMAIN]
                for_another = cause == linked.TIES or cause == linked.HOUSEHOLD
                t_door[door, BEGUN, cell] += 1
                t_door[door, ERRONEOUS, cell] += erroneous
                t_door[door, MISTAKEN, cell] += untrue
                t_door[door, PROTECTED, cell] += protected
                t_door[door, FOR_ANOTHER, cell] += for_another
                t_door[door, CROSS, cell] += cross
                for brought, row in ((t_trigger, cause), (t_brought, source)):
                    brought[row, SPELLS] += 1
                    brought[row, WAS_ERRONEOUS] += erroneous
                    brought[row, WAS_MISTAKEN] += untrue
                    brought[row, WAS_PROTECTED] += protected
                    brought[row, WAS_FOR_ANOTHER] += for_another
                    brought[row, WAS_CROSS] += cross
                if tells:
                    r.tell(
                        told, person, day, r.DOOR, -1, act, -1, door, 1, cause, -1, 1, erroneous + 2 * untrue, 0, 0
                    )
            if was and not now:
                begun, its_source, its_cause, its_act, was_erroneous = c.spell_in(c.get(table, spell))
                c.put(table, spell, 0)
                too_long, overlong = False, np.int64(0)
                if its_act != NO_ACT and harm_bound[kind_table[sort[its_act], HARM]] >= 0:
                    too_long = day - begun > harm_bound[kind_table[sort[its_act], HARM]]
                if not was_erroneous and not now_clean:
                    overlong = day - max(begun, c.get(table, c.slot_of(person, c.CLEAN_END, door)))
                t_door[door, ENDED, cell] += 1
                t_door[door, CLOSED_DAYS, cell] += day - begun
                t_door[door, TOO_LONG, cell] += too_long
                t_door[door, OVERLONG, cell] += overlong
                for brought, row in ((t_trigger, its_cause), (t_brought, its_source)):
                    brought[row, WAS_TOO_LONG] += too_long
                    brought[row, WAS_OVERLONG] += overlong
                if tells:
                    r.tell(told, person, day, r.DOOR, -1, its_act, -1, door, 1, -1, begun, 0, was_erroneous, day - begun, 0)


@a_pass
def publish(R, X, T, everyone, sheets, count, sent, felt, feeling, first):  # type: ignore[no-untyped-def]
    """What letters changed is left to be felt at the end of the day. At settling it is felt at once, and points are shown."""
    moods, board, tie, rungs, t_flow = X.moods, X.board, X.tie, R.rung, T.flow
    for n in range(count):
        person = sheets[n, PERSON]
        if everyone:
            fear = responds.level(np.int64(moods[person]) >> 4, sheets[n, FELT_FEAR])
            moods[person] = (fear << 4) + (np.int64(moods[person]) & 15)
            from_ties = np.int64(tie[person]) if R.tie_share > 0 else 0
            board[person] = graded.shown(sheets[n, OWN], from_ties, R.tie_share, R.low, R.high, R.hold)
            t_flow[PERKS, sheets[n, CELL]] += rungs[sheets[n, STANDING], PERK]
        elif sheets[n, FELT_NEED] | sheets[n, FELT_FEAR] | sheets[n, FELT_AWARENESS]:
            feeling[sent[FEELING]] = person
            sent[FEELING] += 1
            for level in range(3):
                felt[person - first, level] = min(15, sheets[n, FELT_NEED + level])
