"""The mail of one day: letters are scored in the addressee's own step, summed, clamped once; then the file is graded.
(Where all that records can do is to add points, `adding` does this more shortly.)

    sift        which rules a record falls under; whether its addressee is covered
    admit       which records stand, and what remedy they will find; letters that are no records
    apply       rules take effect: points, repetition, caps, classes set, entries asked for; when the effect will end
    grade       the day's sums are clamped once; lists are left and entered; what is shut
    note_doors  spells of doors shut begin and end
    publish     what is felt; at settling, the board

Addressees are taken some at a time, as many as the outbox, the counters and the rows told have room for; each of them has
a *sheet*, a row of numbers that his or her letters add up on, and each record a *slip*. `read` stops early, saying where,
when room is needed; `blocks` then makes room and goes on from there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine import rows as r
from singlestep.engine import tallies as t
from singlestep.engine.compiling import a_pass, compiled, fetch_ahead, small
from singlestep.engine.state import CLASS_BIT, DOOR_BITS, LIST_BITS, NO_ACT
from singlestep.engine.step import FEELING, draw_all, fetch_person, post, rules_of
from singlestep.regime.tables import (
    BELOW,
    CAP,
    CLASS_CLAIM,
    CLASS_TERM,
    DOOR_LISTS,
    ENTERS,
    EXPIRES,
    FINE,
    FROM_ACT,
    FULFIL,
    HIGH,
    HOUSE,
    IS_PENAL,
    LIST_CLAIM,
    LIST_KEY,
    LOW,
    MOST_TERMS,
    ONTO,
    PAIR_RULES,
    PERK,
    RECORDS,
    REPEAT_FROM,
    REPEAT_TIMES,
    RULE,
    SETS_CLASS,
    SHUTS,
    SORT,
    SOURCE_KEY,
    TERM,
    WHO,
    WINDOW,
    WIPES,
    WITHIN,
)
from singlestep.rooms import graded, linked, remedied, responds, scored
from singlestep.society import traits
from singlestep.society.tables import EXERCISES_RIGHT, HARM, KIND_DOMAIN

_FLOW, _DOOR = t.column(t.FLOW), t.column(t.DOOR)
(CLOSED, WIPED, CLIPPED, PENAL, TOLD, KNEW, FILED, DECIDED, WON_TALLY, FOUND_TALLY, PERKS) = (
    _FLOW["closed recorded"], _FLOW["wiped recorded"], _FLOW["clipped recorded"], _FLOW["penal wrong"], _FLOW["told wrong"],
    _FLOW["knew wrong"], _FLOW["filed wrong"], _FLOW["decided wrong"], _FLOW["won wrong"], _FLOW["found by oversight"],
    _FLOW["perks"],
)  # fmt: skip
GAINED, BOUGHT, FAKED, UNCOVERED = (_FLOW[name] for name in ("gained", "gained bought", "gained faked", "not covered lost"))
RIGHT = _FLOW["penal right"] - _FLOW["penal wrong"]  # from a "wrong" row of the funnel to its "right" row
(BEGUN, ENDED, ERRONEOUS, MISTAKEN, PROTECTED, FOR_ANOTHER, CROSS, TOO_LONG, CLOSED_DAYS, OVERLONG, MISSED, CLEAN_BEGUN,
 CLEAN_ENDED) = (_DOOR[name] for name in t.DOOR[t.DOOR.index("begun") :])  # fmt: skip
_BROUGHT = t.column(t.BROUGHT)
(SPELLS, WAS_ERRONEOUS, WAS_MISTAKEN, WAS_PROTECTED, WAS_FOR_ANOTHER, WAS_CROSS, WAS_TOO_LONG, WAS_OVERLONG) = (
    _BROUGHT[name] for name in t.BROUGHT
)
ENTERED, LEFT, RENEWED = 0, 1, 2
SENT, DELIVERED, TURNED_AWAY = (t.LETTER.index(name) for name in ("sent", "delivered", "refused"))
OLD, ERASED_LETTER, VOID, STALE, NOT_COVERED = 0, 1, 2, 3, 4
BY_LETTER, FIRST, AGAIN = 0, 1, 2  # who is graded: those with letters; everyone, for the first time or again
GRAVE_WEIGHT = 20_000  # of an entry or a class set, when the day's trigger is sought
GROUP = 32  # addressees at a time: they lie far apart, so what is read of them is fetched together (a third of reading)

SHEET = (
    "person", "begin", "end",  # and which letters are theirs
    "kind", "cell", "shut before",
    "own", "own clean", "bits", "bits clean",  # points and lists: as the day finds them, and as it leaves them
    "sum", "sum clean", "enters", "enters clean", "moved", "moved clean", "ends", "ends clean",
    "exits",  # points summed; then bits of lists
    "weight", "act", "cause", "source", "household",  # the day's trigger: of the gravest record, or the household's
    "need", "fear", "awareness",  # changes to be felt
    "standing", "shut",
)  # fmt: skip
_SHEET = t.column(SHEET)  # where there are two columns, the place of the recorded one
(PERSON, BEGIN, END, KIND, CELL, SHUT_BEFORE, OWN, BITS, SUM, ENTERS_LISTS, MOVED, ENDS_LISTS, EXITS, WEIGHT, BY_ACT,
 BY_CAUSE, BY_SOURCE, HOUSEHOLD_CAME, FELT_NEED, FELT_FEAR, FELT_AWARENESS, STANDING, SHUT) = (
    _SHEET[name] for name in (
        "person", "begin", "end", "kind", "cell", "shut before", "own", "bits", "sum", "enters", "moved", "ends", "exits",
        "weight", "act", "cause", "source", "household", "need", "fear", "awareness", "standing", "shut",
    )
)  # fmt: skip
SLIP = ("pair", "verdict", "only", "penal", "bent", "sides", "decision", "won", "found")
(PAIR, VERDICT, ONLY, MEANT_TO_PUNISH, IS_BENT, SIDES, DECISION, WON, FOUND) = range(len(SLIP))
FITS = -1  # the verdict on a record that is not refused; others are places among the refusals


def new_sheets() -> NDArray[np.int64]:
    """Sheets for one group of addressees."""
    return np.zeros((GROUP, len(SHEET)), np.int64)


def new_slips(letters: int) -> NDArray[np.int64]:
    """Slips for so many letters."""
    return np.zeros((letters, len(SLIP)), np.int64)


@compiled
def read(S, R, X, T, F, sheets, slips, day, letters, n, stop, everyone, out, sent, table, felt, feeling, first, filed_last, filed_now, capacity, told, traced):  # type: ignore[no-untyped-def]  # noqa: E501
    """Letters n..stop-1 (sorted by person) are scored and their addressees graded; or, with `everyone` (FIRST or AGAIN),
    persons n..stop-1 are graded without letters and their standing is published (settling, pass B). Returns where it stopped.

    F and `slips` have room for these letters. `felt` is int8 [people of the block, 3]: changes of need, fear, awareness
    still to be felt, from person `first` on, and `feeling` lists whose they are. `filed_last`, `filed_now`, `capacity`:
    appeals by city last month, since, and decided a month (0: no limit). `told`: room for rows about persons with `traced`
    set (see `rows`); with room for none nothing is told.
    """
    doors = S.kinds - S.acts
    per_letter, per_person = 4 * R.most_rules + 4, 34 * R.lists + 3 * doors + 32  # rows sent, or told, at most
    counters_per_letter, counters_per_person = 9 * R.most_rules + 3, 10 * R.lists + 2 * doors + 8  # begun at most
    begin, tells = n, told.shape[0] > 1
    if not everyone:
        sift(S, R, X, T, F, slips, day, letters, n, stop)
        draw_all(S.seed0, S.seed1, stop - n, F.c0, F.c1, F.c2, F.c3, F.words)
    while n < stop:
        count, ahead = GROUP, n
        if not everyone:
            count, ahead = address(X, sheets, letters, n, stop)
        wanted = count * per_person + (ahead - n) * per_letter
        begun = count * counters_per_person + (ahead - n) * counters_per_letter
        if sent[0] + wanted > out.shape[0] or not c.is_room(table, begun):
            break
        if tells and told[0, 0] + wanted >= told.shape[0]:
            break
        if everyone:
            count, ahead = pass_over(R, X, T, sheets, n, stop, everyone)
        open_sheets(X, table, sheets, count)
        if not everyone:
            admit(S, R, T, F.words, day, letters, begin, sheets, count, slips, out, sent, table, filed_last, filed_now, capacity, told, traced)  # noqa: E501
            apply(S, R, T, day, letters, begin, sheets, count, slips, out, sent, table, told, traced)
        grade(S, R, X, T, day, everyone, sheets, count, out, sent, table, told, traced)
        note_doors(S, R, T, day, sheets, count, table, told, traced)
        publish(R, X, T, everyone, sheets, count, sent, felt, feeling, first)
        n = ahead
    return n


@a_pass
def sift(S, R, X, T, F, slips, day, letters, n, stop):  # type: ignore[no-untyped-def]
    """Fill the slips of records: whether any rule fits that is not out of its time, whether the addressee is covered, which
    rule alone counts where only the gravest does, and whether one of them would be bent. Asks for the words of remedies."""
    kinds, known, c0, c1, c2, c3 = X.kind, X.known, F.c0, F.c1, F.c2, F.c3
    k0, k1, levels, cuts, roles, keys = S.seed0, S.seed1, S.archetype_level, S.trait_cut, S.template_role, S.kind_key
    pair_from, pairs, pair_rule, rules, rule_keys, sources = R.pair_from, R.pair, R.pair_rule, R.rule, R.rule_key, R.source
    covered_trait, covered_levels, t_rule = R.covered_trait, R.covered_levels, T.rule
    for row in range(n, stop):
        person, event, info, at = letters[row, 0], letters[row, 1], letters[row, 2], row - n
        c0[at], c1[at], c2[at], c3[at] = 0, 0, 0, 0
        if m.kind_of(event) != m.RECORD:
            continue
        act, source = m.act_of(info), m.source_of(info)
        author, act_day, occasion = m.author_of(event), m.step_of(event), m.occasion_of(event)
        about = np.int64(keys[act]) ^ sources[source, SOURCE_KEY]
        c0[at], c1[at], c2[at], c3[at] = author, act_day, d.REMEDY + 256 * occasion, about
        pair = rules_of(act, source, pair_from, pairs)
        lowest, only, gravest, penal, bent = np.int64(1 << 40), np.int64(-1), np.int64(0), False, False
        for place in range(pairs[pair, PAIR_RULES], pairs[pair + 1, PAIR_RULES]):
            rule, sort = pair_rule[place, RULE], pair_rule[place, SORT]
            fetch_ahead(t_rule, rule)  # one of very many rules would be waited for
            if out_of_time(rules[sort, WINDOW], day - act_day):
                continue
            penal = penal or rules[sort, IS_PENAL] != 0
            if rules[sort, LOW] < lowest:
                lowest, only, gravest = rules[sort, LOW], np.int64(rule), np.int64(sort)
        if R.gravest and only >= 0:
            penal = rules[gravest, IS_PENAL] != 0
        if R.bent > 0:
            for place in range(pairs[pair, PAIR_RULES], pairs[pair + 1, PAIR_RULES]):
                rule, sort = pair_rule[place, RULE], pair_rule[place, SORT]
                if counts(R.gravest, only, rule, rules[sort, WINDOW], day - act_day):
                    key = rule_keys[rule]
                    x, y = ruled(rules, sort, key, R.bent, R.bent_against, k0, k1, author, act_day, occasion, about)
                    bent = bent or x != y
        verdict = FITS if only >= 0 else OLD
        for place in range(covered_trait.shape[0]):
            level = traits.level_of(
                k0, k1, person, kinds[person], np.int64(known[person]) >> 4, covered_trait[place], levels, cuts, roles
            )
            if (covered_levels[place] >> level) & 1 == 0:
                verdict = NOT_COVERED
        slips[at, VERDICT], slips[at, ONLY] = verdict, only if R.gravest else -1
        slips[at, PAIR], slips[at, MEANT_TO_PUNISH], slips[at, IS_BENT] = pair, penal, bent


@small
def out_of_time(window, age):  # type: ignore[no-untyped-def]
    """Whether a record of this age lies outside a rule's window (negative: none)."""
    return window >= 0 and age > window


@small
def counts(gravest, only, rule, window, age):  # type: ignore[no-untyped-def]
    """Whether a rule counts for a record: in its time, and alone the gravest where only that counts."""
    return not (gravest and rule != only) and not out_of_time(window, age)


@small
def ruled(rules, sort, key, bent, against, k0, k1, author, act_day, occasion, about):  # type: ignore[no-untyped-def]
    """The points of a rule as an official chooses them, and as they are where a share of choices is bent."""
    low, high = np.int64(rules[sort, LOW]), np.int64(rules[sort, HIGH])
    if low == high:
        return low, low
    g0, g1, g2, g3 = d.draw(k0, k1, author, act_day, d.RULED, occasion, about ^ np.int64(key))
    x = scored.chosen(low, high, g0)
    if g1 < bent:
        return x, low if g2 < against else high
    return x, x


@a_pass
def address(X, sheets, letters, n, stop):  # type: ignore[no-untyped-def]
    """Give the next addressees their sheets; returns how many they are, and the letter after their last."""
    count = 0
    while n < stop and count < GROUP:
        end = n + 1
        while end < stop and letters[end, 0] == letters[n, 0]:
            end += 1
        sheets[count, PERSON], sheets[count, BEGIN], sheets[count, END] = letters[n, 0], n, end
        fetch_person(X, letters[min(n + GROUP, stop - 1), 0])
        count += 1
        n = end
    return count, n


@a_pass
def pass_over(R, X, T, sheets, n, stop, everyone):  # type: ignore[no-untyped-def]
    """Give the next persons from n on their sheets; but for those of whom publication is all that is left to do, it is done
    here. Returns how many have sheets, and the person after the last.

    Grading again what was graded at the last letter changes nothing where nothing but letters moves points, no list wipes,
    no class is set for a term (it ends with a day), and what is shown stays in the same class in both files (measured:
    publishing costs a third); nor where there is nothing but points to grade.
    """
    points, clean, board, tie, lists, clean_lists, known = X.points, X.clean, X.board, X.tie, X.lists, X.clean_lists, X.known
    class_at, rungs, t_flow = R.class_at, R.rung, T.flow
    settled = R.only_adds or (everyone == AGAIN and not R.spills and R.wipes == 0)
    count = 0
    while n < stop and count < GROUP:
        if settled and (lists[n] | clean_lists[n]) & CLASS_BIT == 0:
            from_ties = np.int64(tie[n]) if R.tie_share > 0 else 0
            before, new = np.int64(board[n]), graded.shown(np.int64(points[n]), from_ties, R.tie_share, R.low, R.high, R.hold)
            standing, moved = graded.class_of(new, class_at), False
            if R.monthly and new != before:
                cleanly = graded.shown(np.int64(clean[n]), 0, 0, R.low, R.high, R.hold)
                moved = standing != graded.class_of(before, class_at)
                cleanly_before = graded.class_of(before + cleanly - new, class_at)
                moved = moved or graded.class_of(cleanly, class_at) != cleanly_before
            if not moved:
                board[n] = new
                t_flow[PERKS, np.int64(known[n]) >> 4] += rungs[standing, PERK]
                n += 1
                continue
        sheets[count, PERSON], sheets[count, BEGIN], sheets[count, END] = n, 0, 0
        count += 1
        n += 1
    return count, n


@a_pass
def open_sheets(X, table, sheets, count):  # type: ignore[no-untyped-def]
    """Fill the sheets with what the day finds."""
    points, clean, lists, clean_lists, kinds, known = X.points, X.clean, X.lists, X.clean_lists, X.kind, X.known
    for n in range(count):
        person = sheets[n, PERSON]
        for column in range(SUM, len(SHEET)):
            sheets[n, column] = 0
        sheets[n, KIND], sheets[n, CELL] = kinds[person], known[person] >> 4
        sheets[n, OWN], sheets[n, OWN + 1] = points[person], clean[person]
        sheets[n, BITS], sheets[n, BITS + 1] = lists[person], clean_lists[person]
        sheets[n, SHUT_BEFORE] = c.get(table, c.slot_of(person, c.DOORS, 0))
        sheets[n, BY_ACT], sheets[n, BY_CAUSE], sheets[n, BY_SOURCE] = NO_ACT, linked.NO_CAUSE, -1


@a_pass
def admit(S, R, T, words, day, letters, begin, sheets, count, slips, out, sent, table, filed_last, filed_now, capacity, told, traced):  # type: ignore[no-untyped-def]  # noqa: E501
    """Whether each letter stands; what remedy a record will find, into its slip; and what letters do that are no records."""
    rules, rule_sort, t_source, t_letter, t_refusal, t_flow = R.rule, R.rule_sort, T.source, T.letter, T.refusal, T.flow
    k0, k1, keys, sources = S.seed0, S.seed1, S.kind_key, R.source
    for n in range(count):
        person, cell = sheets[n, PERSON], sheets[n, CELL]
        tells = told.shape[0] > 1 and traced[person] != 0
        for row in range(sheets[n, BEGIN], sheets[n, END]):
            event, info, amount, at = letters[row, 1], letters[row, 2], letters[row, 3], row - begin
            what, sides, cause, rule = m.kind_of(event), m.sides_of(event), m.cause_in(event), m.rule_of(info)
            taken_in = True
            if what == m.RECORD:
                source, verdict, penal = m.source_of(info), slips[at, VERDICT], slips[at, MEANT_TO_PUNISH] != 0
                decision, won, found = remedied.NEVER, False, remedied.NEVER
                owed = verdict == FITS and sides & 1 and penal and c.any_of(table, c.FAVOUR)
                if owed and c.get(table, c.slot_of(person, c.FAVOUR, 0)) > 0:
                    c.add(table, c.slot_of(person, c.FAVOUR, 0), -1)
                    sides &= 2
                    t_source[source, linked.ERASED] += 1
                    if tells:
                        r.tell_letter(told, person, day, r.ERASED, event, info, sides, what, 0)
                    if sides == 0:
                        verdict = ERASED_LETTER
                if verdict == NOT_COVERED and sides & 1:
                    value = worth(S, R, event, info, day, slips[at, PAIR], slips[at, ONLY])
                    t_flow[UNCOVERED + (value > 0), cell] += abs(value)
                if verdict != FITS:
                    taken_in, sides = False, 0
                    t_refusal[verdict] += 1
                    if tells and verdict != ERASED_LETTER:
                        r.tell_letter(told, person, day, r.TURNED_AWAY, event, info, verdict, what, 0)
                elif sides & 1 and penal:
                    author, act_day, occasion = m.author_of(event), m.step_of(event), m.occasion_of(event)
                    wrong = cause != linked.TRUE or slips[at, IS_BENT] != 0
                    right = 0 if wrong else RIGHT
                    h0, h1, h2, h3 = np.int64(words[0, at]), np.int64(words[1, at]), words[2, at], words[3, at]
                    is_told = h0 < R.told
                    knows = is_told or h1 < S.knows_untold
                    t_flow[PENAL + right, cell] += 1
                    t_flow[TOLD + right, cell] += is_told
                    t_flow[KNEW + right, cell] += knows
                    if is_told:
                        sheets[n, FELT_AWARENESS] += S.awareness_record
                    if R.appeals and knows and np.int64(h2) < (S.appeals_wrong if wrong else S.appeals_right):
                        city = person // S.city
                        filed_now[city] += 1
                        t_flow[FILED + right, cell] += 1
                        decision = day + remedied.waiting(R.wait, filed_last[city], capacity[city])
                        won = np.int64(h3) < (R.wins_wrong if wrong else R.wins_right)
                        post(
                            out, sent, decision, person, m.event_of(author, act_day, occasion, m.DECISION, 0, 0),
                            m.info_of(0, 0, 1 if wrong else 0, 0, 1 if won else 0), 0,
                        )  # fmt: skip
                        t_letter[m.DECISION, SENT] += 1
                    if cause == linked.PLANTED:
                        about = np.int64(keys[m.act_of(info)]) ^ sources[source, SOURCE_KEY]
                        if d.draw(k0, k1, author, act_day, d.OVERSIGHT, occasion, about)[0] < R.oversight:
                            found = day + R.oversight_after
                            t_flow[FOUND_TALLY, cell] += 1
                    if tells:
                        went = is_told * r.TOLD_BIT + knows * r.KNEW_BIT + (decision != remedied.NEVER) * r.FILED_BIT
                        went += won * r.WON_BIT + wrong * r.WRONG_BIT
                        r.tell(
                            told, person, day, r.REMEDY, event, m.act_of(info), source, -1, sides, cause, day, 0, went,
                            decision, found,
                        )  # fmt: skip
                slips[at, SIDES], slips[at, DECISION], slips[at, WON], slips[at, FOUND] = sides, decision, won, found
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
                    sheets[n, SUM + side] -= change
                    sort = rule_sort[rule]
                    if rules[sort, ENTERS] >= 0:
                        c.add(table, c.slot_of(person, c.ALIVE + side, rules[sort, ENTERS]), -1)
                    if side == 0 and cause != linked.TRUE:
                        c.add(table, c.slot_of(person, c.CAUSE, cause), -1)
                    if side == 0 and why != remedied.EXPIRED and rules[sort, ENTERS] >= 0:
                        sheets[n, EXITS] |= 1 << rules[sort, ENTERS]
                if sides == 0:
                    taken_in = False
                    t_refusal[VOID] += 1
                if tells:
                    ended = m.recorded_in(amount) * (sides & 1), m.clean_in(amount) * (sides >> 1)
                    r.tell(
                        told, person, day, r.CLOSED if taken_in else r.TURNED_AWAY, event, -1, -1, rule, sides, cause,
                        arrival, why if taken_in else VOID, ended[0] if taken_in else what, ended[1], -1,
                    )  # fmt: skip
            elif what == m.DECISION:
                right = 0 if rule == 1 else RIGHT
                t_flow[DECIDED + right, cell] += 1
                t_flow[WON_TALLY + right, cell] += m.reason_of(info)
            elif what == m.LIST_END:
                taken_in = c.get(table, c.slot_of(person, c.LISTED + sides - 1, rule)) == m.arrival_of(info) + 1
                if taken_in:
                    sheets[n, ENDS_LISTS + sides - 1] |= 1 << rule
                else:
                    t_refusal[STALE] += 1
            elif what == m.HOUSEHOLD:
                entering = m.reason_of(info) == 1
                c.add(table, c.slot_of(person, c.HOUSE + sides - 1, rule), 1 if entering else -1)
                sheets[n, MOVED + sides - 1] |= 1 << rule
                if entering and sides == m.RECORDED:
                    sheets[n, HOUSEHOLD_CAME] = 1
            elif what == m.FAVOUR:
                c.add(table, c.slot_of(person, c.FAVOUR, 0), 1)
            if what == m.CLASS_END:
                continue  # its turn comes with the records that set classes
            if tells and what != m.RECORD and what != m.CLOSE and what < m.FOLLOW:
                row_kind = r.DECIDED + what - m.DECISION if taken_in else r.TURNED_AWAY
                r.tell_letter(told, person, day, row_kind, event, info, m.reason_of(info) if taken_in else STALE, what, 0)
            t_letter[what, DELIVERED if taken_in else TURNED_AWAY] += 1


@small
def worth(S, R, event, info, day, pair, only):  # type: ignore[no-untyped-def]
    """What the rules of a record come to, each taken once as meant."""
    pairs, pair_rule, rules, found = R.pair, R.pair_rule, R.rule, np.int64(0)
    author, act_day, occasion = m.author_of(event), m.step_of(event), m.occasion_of(event)
    about = np.int64(S.kind_key[m.act_of(info)]) ^ R.source[m.source_of(info), SOURCE_KEY]
    for place in range(pairs[pair, PAIR_RULES], pairs[pair + 1, PAIR_RULES]):
        rule, sort = pair_rule[place, RULE], pair_rule[place, SORT]
        if counts(R.gravest, only, rule, rules[sort, WINDOW], day - act_day):
            found += ruled(rules, sort, R.rule_key[rule], 0, 0, S.seed0, S.seed1, author, act_day, occasion, about)[0]
    return found


@a_pass
def apply(S, R, T, day, letters, begin, sheets, count, slips, out, sent, table, told, traced):  # type: ignore[no-untyped-def]
    """The rules of admitted records take effect, and classes set for a term end, in the order of letters."""
    pairs, pair_rule, rules, rule_keys, listings = R.pair, R.pair_rule, R.rule, R.rule_key, R.listing
    t_rule, t_cause, t_letter, t_refusal, t_kept, t_flow = T.rule, T.cause, T.letter, T.refusal, T.kept, T.flow
    k0, k1, keys, sources = S.seed0, S.seed1, S.kind_key, R.source
    for n in range(count):
        person = sheets[n, PERSON]
        tells = told.shape[0] > 1 and traced[person] != 0
        for row in range(sheets[n, BEGIN], sheets[n, END]):
            event, info, at = letters[row, 1], letters[row, 2], row - begin
            what, cause = m.kind_of(event), m.cause_in(event)
            if what == m.CLASS_END:
                side = m.sides_of(event) - 1
                slot = c.slot_of(person, c.CLASS + side, 0)
                ends = day >= c.get(table, slot) >> 4
                if ends:
                    c.put(table, slot, 0)
                    sheets[n, BITS + side] &= LIST_BITS
                else:
                    t_refusal[STALE] += 1
                if tells:
                    row_kind = r.CLASS_END if ends else r.TURNED_AWAY
                    r.tell_letter(told, person, day, row_kind, event, info, m.reason_of(info) if ends else STALE, what, 0)
                t_letter[what, DELIVERED if ends else TURNED_AWAY] += 1
            if what != m.RECORD or slips[at, SIDES] == 0:
                continue
            act, source, sides = m.act_of(info), m.source_of(info), slips[at, SIDES]
            author, act_day, occasion = m.author_of(event), m.step_of(event), m.occasion_of(event)
            about = np.int64(keys[act]) ^ sources[source, SOURCE_KEY]
            recorded, cleanly = sides & 1, sides >> 1
            pair = slips[at, PAIR]
            t_kept[source, 0] += recorded
            t_kept[source, 1] += cleanly
            weight, bent_any = 0, False
            for place in range(pairs[pair, PAIR_RULES], pairs[pair + 1, PAIR_RULES]):
                rule, sort = pair_rule[place, RULE], pair_rule[place, SORT]
                if not counts(R.gravest, slips[at, ONLY], rule, rules[sort, WINDOW], day - act_day):
                    continue
                x, x_recorded = ruled(
                    rules, sort, rule_keys[rule], R.bent if recorded else 0, R.bent_against,
                    k0, k1, author, act_day, occasion, about,
                )
                bent = x_recorded != x
                weight += x_recorded
                bent_any = bent_any or bent
                rule_cause = linked.BENT if bent and cause == linked.TRUE else cause
                for side in range(2):
                    if not (sides >> side) & 1:
                        continue
                    value = counted(table, rules, sort, rule, person, side, day, x if side else x_recorded)
                    if rules[sort, SETS_CLASS] >= 0:
                        until = day + rules[sort, CLASS_TERM]
                        if side == 0 and slips[at, WON]:  # a won appeal, or oversight, undoes it
                            until = min(until, slips[at, DECISION])
                        if side == 0 and slips[at, FOUND] != remedied.NEVER:
                            until = min(until, slips[at, FOUND])
                        set_class(table, person, side, day, until, rules[sort, SETS_CLASS])
                        sheets[n, BITS + side] |= CLASS_BIT
                        post(
                            out, sent, until, person,
                            m.event_of(author, act_day, occasion, m.CLASS_END, side + 1, 0), 0, 0,
                        )  # fmt: skip
                        t_letter[m.CLASS_END, SENT] += 1
                    if rules[sort, ENTERS] >= 0:
                        c.add(table, c.slot_of(person, c.ALIVE + side, rules[sort, ENTERS]), 1)
                        sheets[n, MOVED + side] |= 1 << rules[sort, ENTERS]
                        if listings[rules[sort, ENTERS], RECORDS] == 0:
                            sheets[n, ENTERS_LISTS + side] |= 1 << rules[sort, ENTERS]
                    t_rule[rule, side] += 1
                    t_rule[rule, 2 + side] += value
                    sheets[n, SUM + side] += value
                    if side:
                        x = value
                    else:
                        x_recorded = value
                        sheets[n, FELT_NEED] += rules[sort, FINE]
                        t_cause[rule_cause, 0 if value < 0 else 1] += abs(value)
                        gained = max(value, 0)
                        t_flow[GAINED, sheets[n, CELL]] += gained
                        t_flow[BOUGHT, sheets[n, CELL]] += gained * (m.reason_of(info) == m.BOUGHT)
                        t_flow[FAKED, sheets[n, CELL]] += gained * (cause == linked.FAKED)
                if not recorded:
                    x_recorded = 0
                elif rules[sort, ENTERS] >= 0 or rules[sort, SETS_CLASS] >= 0:
                    grave = np.int64(rules[sort, ENTERS] >= 0) + np.int64(rules[sort, SETS_CLASS] >= 0)
                    weight -= GRAVE_WEIGHT * grave
                if not cleanly:
                    x = 0
                # --- when the rule's effect ends ---
                expiry = remedied.expiry(day, act_day, rules[sort, EXPIRES], rules[sort, FROM_ACT])
                close, why = expiry, remedied.EXPIRED
                if recorded:
                    if slips[at, WON]:
                        close, why = remedied.earlier(close, why, slips[at, DECISION], remedied.WON)
                    if slips[at, FOUND] != remedied.NEVER:
                        close, why = remedied.earlier(close, why, slips[at, FOUND], remedied.FOUND)
                    if rule_cause != linked.TRUE:
                        c.add(table, c.slot_of(person, c.CAUSE, rule_cause), 1)
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
                        out, sent, expiry, person, m.event_of(author, act_day, occasion, m.CLOSE, 2, rule_cause),
                        m.info_of(0, 0, rule, day, remedied.EXPIRED), m.amount_of(0, x),
                    )  # fmt: skip
                    t_letter[m.CLOSE, SENT] += 1
                if tells:
                    r.tell(
                        told, person, day, r.APPLIED, event, act, source, rule, sides, rule_cause, day, why, x_recorded, x,
                        close if recorded else remedied.NEVER,
                    )  # fmt: skip
            if recorded and weight < sheets[n, WEIGHT]:
                sheets[n, WEIGHT], sheets[n, BY_ACT], sheets[n, BY_SOURCE] = weight, act, source
                sheets[n, BY_CAUSE] = linked.BENT if bent_any and cause == linked.TRUE else cause
        if R.monthly and sheets[n, WEIGHT] < 0:  # it may bring what the next publication shows
            slot, weight = c.slot_of(person, c.GRAVEST, 0), -sheets[n, WEIGHT]
            if weight > c.gravest_in(c.get(table, slot))[0]:
                gravest = c.gravest_of(weight, sheets[n, BY_SOURCE], sheets[n, BY_CAUSE], sheets[n, BY_ACT])
                c.put(table, slot, gravest)
        if sheets[n, WEIGHT] == 0 and sheets[n, HOUSEHOLD_CAME]:
            sheets[n, BY_CAUSE] = linked.HOUSEHOLD


@small
def counted(table, rules, sort, rule, person, side, day, value):  # type: ignore[no-untyped-def]
    """Points of a rule after repetition and this year's cap, both of which count this record."""
    if rules[sort, REPEAT_FROM] > 0:
        slot = c.slot_of(person, c.REPEAT + side, rule)
        times = c.get(table, slot) + 1
        c.put(table, slot, times)
        value = scored.repeated(value, times, rules[sort, REPEAT_FROM], rules[sort, REPEAT_TIMES])
    if rules[sort, CAP] > 0:
        slot, year = c.slot_of(person, c.USED + side, rule), day // 365 + 1
        packed = c.get(table, slot)
        used = packed & 0xFFFF if packed >> 16 == year else 0
        value = scored.capped(value, used, rules[sort, CAP])
        c.put(table, slot, (year << 16) + used + abs(value))
    return value


@small
def set_class(table, person, side, day, until, place):  # type: ignore[no-untyped-def]
    """Set a class until a day: the worse of two that overlap, until the later of their days."""
    slot = c.slot_of(person, c.CLASS + side, 0)
    packed = c.get(table, slot)
    if packed >> 4 <= day:
        packed = 0
    c.put(table, slot, (max(packed >> 4, until) << 4) + max(packed & 15, place))


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
