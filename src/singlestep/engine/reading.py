"""The mail of one day: letters are scored in the addressee's own step, summed, clamped once; then the file is graded.
(Where all that records can do is to add points, `adding` does this more shortly.)

    sift        which rules a record falls under; whether its addressee is covered
    admit       which records stand, and what remedy they will find; letters that are no records
    apply       rules take effect: points, repetition, caps, classes set, entries asked for; when the effect will end
                (then they are graded: `grading`)

Addressees are taken some at a time, as many as the outbox, the counters and the rows told have room for; each of them has
a *sheet*, a row of numbers that his or her letters add up on, and each record a *slip*. `read` stops early, saying where,
when room is needed; `blocks` then makes room and goes on from there.
"""

from __future__ import annotations

import numpy as np

from singlestep.engine import counters as c
from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine import rows as r
from singlestep.engine import tallies as t
from singlestep.engine.compiling import a_pass, compiled, fetch_ahead, small
from singlestep.engine.grading import PERKS, grade, note_doors, publish
from singlestep.engine.sheets import (
    BEGIN,
    BITS,
    BY_ACT,
    BY_CAUSE,
    BY_SOURCE,
    CELL,
    DECISION,
    END,
    ENDS_LISTS,
    ENTERS_LISTS,
    EXITS,
    FELT_AWARENESS,
    FELT_NEED,
    FOUND,
    GROUP,
    HOUSEHOLD_CAME,
    IS_BENT,
    KIND,
    MEANT_TO_PUNISH,
    MOVED,
    ONLY,
    OWN,
    PAIR,
    PERSON,
    SHEET,
    SHUT_BEFORE,
    SIDES,
    SUM,
    VERDICT,
    WEIGHT,
    WON,
)
from singlestep.engine.state import CLASS_BIT, LIST_BITS, NO_ACT
from singlestep.engine.step import draw_all, fetch_person, post, rules_of
from singlestep.regime.tables import (
    CAP,
    CLASS_TERM,
    ENTERS,
    EXPIRES,
    FINE,
    FROM_ACT,
    HIGH,
    IS_PENAL,
    LOW,
    PAIR_RULES,
    PERK,
    RECORDS,
    REPEAT_FROM,
    REPEAT_TIMES,
    RULE,
    SETS_CLASS,
    SORT,
    SOURCE_KEY,
    WINDOW,
)
from singlestep.rooms import graded, linked, remedied, scored
from singlestep.society import traits

_FLOW = t.column(t.FLOW)
(CLOSED, PENAL, TOLD, KNEW, FILED, DECIDED, WON_TALLY, FOUND_TALLY) = (
    _FLOW[name] for name in (
        "closed recorded", "penal wrong", "told wrong", "knew wrong", "filed wrong", "decided wrong", "won wrong",
        "found by oversight",
    )
)  # fmt: skip
GAINED, BOUGHT, FAKED, UNCOVERED = (_FLOW[name] for name in ("gained", "gained bought", "gained faked", "not covered lost"))
RIGHT = _FLOW["penal right"] - _FLOW["penal wrong"]  # from a "wrong" row of the funnel to its "right" row
SENT, DELIVERED, TURNED_AWAY = (t.LETTER.index(name) for name in ("sent", "delivered", "refused"))
OLD, ERASED_LETTER, VOID, STALE, NOT_COVERED = 0, 1, 2, 3, 4
BY_LETTER, FIRST, AGAIN = 0, 1, 2  # who is graded: those with letters; everyone, for the first time or again
GRAVE_WEIGHT = 20_000  # of an entry or a class set, when the day's trigger is sought
RULES_AHEAD = 8  # letters, by which the rules of their acts are brought near
FITS = -1  # the verdict on a record that is not refused; others are places among the refusals


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


@small
def fetch_rules(R, later, soon):  # type: ignore[no-untyped-def]
    """Of very many rules those of two acts are brought near: for one act its pairs with sources, for the other, whose pairs
    are near by now, what their rules are (measured with 160,000 rules: a third of what sifting takes)."""
    fetch_ahead(R.pair, R.pair_from[later])
    fetch_ahead(R.pair_rule, R.pair[R.pair_from[soon], PAIR_RULES])


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
        later, soon = min(row + 2 * RULES_AHEAD, stop - 1), min(row + RULES_AHEAD, stop - 1)
        fetch_rules(R, m.act_of(letters[later, 2]), m.act_of(letters[soon, 2]))
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
