"""The mail of one day where all that a record can do is to add points (`R.only_adds`): as `reading` would read it, without
its sheets and slips (measured: a quarter of the time)."""

from __future__ import annotations

import numpy as np

from singlestep.engine import counters as c
from singlestep.engine import letters as m
from singlestep.engine.compiling import Place, a_pass, compiled, small
from singlestep.engine.grading import CLIPPED
from singlestep.engine.reading import BOUGHT, DELIVERED, FAKED, GAINED, OLD, PENAL, RIGHT, TURNED_AWAY
from singlestep.engine.step import FEELING, pair_with_rules, rules_of
from singlestep.regime.tables import FINE, IS_PENAL, LOW, PAIR_RULES, PAIR_SOURCE, RULE, SORT
from singlestep.rooms import linked, scored

NOBODY = m.EVERYBODY
CELLS = 16  # of people, of whom records are counted apart
SUM, GAIN, NEEDED, PUNISHES, COLUMNS = 16, 17, 18, 19, 20  # after these: what all rules of a pair of act and source do


@compiled
def wrong_at_most(letters, briefs, table, first):  # type: ignore[no-untyped-def]
    """How many letters and records in brief can be wrong; less than nought where `add_up` cannot take them, since they
    are not all records and occasions, or one is to somebody who is owed a favour, or classes may stand that another regime
    set for a term (of a branched run)."""
    wrong, favours = np.int64(0), c.any_of(table, c.FAVOUR)
    if c.any_of(table, c.CLASS) | c.any_of(table, c.CLASS + 1):
        return np.int64(-1)
    for row in range(letters.shape[0]):
        what = m.kind_of(letters[row, 1])
        if (what != m.RECORD and what < m.FOLLOW) or (favours and is_owed_a_favour(table, letters[row, 0])):
            return np.int64(-1)
        wrong += m.cause_in(letters[row, 1]) != linked.TRUE
    if favours:
        for at in range(briefs.shape[0]):
            if is_owed_a_favour(table, first + m.in_brief(briefs[at])[0]):
                return np.int64(-1)
    return wrong


@small
def is_owed_a_favour(table, person):  # type: ignore[no-untyped-def]
    """Whether the next record against this person may be erased."""
    return c.get(table, c.slot_of(person, c.FAVOUR, 0)) != 0


@small
def whose_letter(letters, row, end):  # type: ignore[no-untyped-def]
    """The addressee of a letter, NOBODY beyond the last."""
    return letters[row, 0] if row < end else np.int64(NOBODY)


@small
def whose_brief(briefs, at, end, first):  # type: ignore[no-untyped-def]
    """Whose record in brief it is, NOBODY beyond the last."""
    return first + m.in_brief(briefs[at])[0] if at < end else np.int64(NOBODY)


@compiled
def add_up(R, X, T, letters, briefs, sent, plain, wrong, felt, feeling, first):  # type: ignore[no-untyped-def]
    """A block's letters (by the post) and records that stayed at home (in brief), both in order, are added up. The counters
    of wrong records to be raised by one are written into `wrong`, which has room for them; returns how many. What `felt` and
    `feeling` are, `read` says.

    With room in `plain` int64 [pairs, COLUMNS], true records at home are only counted there, and go into the tallies all at
    once (measured where every occasion is recorded: a tenth of a day).
    """
    points, clean, known = X.points, X.clean, X.known
    rules, pair_from, pairs, pair_rule = R.rule, R.pair_from, R.pair, R.pair_rule
    t_kept, t_rule, t_cause, t_letter, t_refusal, t_flow = T.kept, T.rule, T.cause, T.letter, T.refusal, T.flow
    low, high = (R.low, R.high) if R.hold else (-scored.LARGEST, scored.LARGEST)
    row, end, at, stay, one = Place(0), Place(letters.shape[0]), Place(0), Place(briefs.shape[0]), Place(1)
    delivered, lost_truly, gained_truly = np.int64(0), np.int64(0), np.int64(0)
    counted, erred = plain.shape[0] > 0, Place(0)
    if counted:
        open_plain(R, plain)
    by_post, from_home = whose_letter(letters, row, end), whose_brief(briefs, at, stay, first)
    while min(by_post, from_home) < NOBODY:
        person, added, added_clean, need = min(by_post, from_home), np.int64(0), np.int64(0), np.int64(0)
        who = Place(person)
        cell = known[who] >> 4
        while True:
            if from_home == person:
                brief = briefs[at]
                _, _, sides, cause, act, source, reason = m.in_brief(brief)
                at += one
                from_home = whose_brief(briefs, at, stay, first)
                if counted and m.is_plain(brief):  # what has no rules does not stay at home
                    pair = pair_with_rules(act, source, pair_from, pairs)
                    plain[pair, cell] += 1
                    added, added_clean = added + plain[pair, SUM], added_clean + plain[pair, SUM]
                    need += plain[pair, NEEDED]
                    continue
            elif by_post == person:
                event, info = letters[row, 1], letters[row, 2]
                row += one
                by_post = whose_letter(letters, row, end)
                what, sides, cause = m.kind_of(event), m.sides_of(event), m.cause_in(event)
                act, source, reason = m.act_of(info), m.source_of(info), m.reason_of(info)
                if what != m.RECORD:
                    t_letter[what, DELIVERED] += 1
                    continue
            else:
                break
            found = rules_of(act, source, pair_from, pairs)
            if found < 0:  # put into the mail by hand
                t_letter[m.RECORD, TURNED_AWAY] += 1
                t_refusal[OLD] += 1
                continue
            delivered += 1
            recorded, cleanly = sides & 1, sides >> 1
            t_kept[source, 0] += recorded
            t_kept[source, 1] += cleanly
            pair, penal, row_of_penal = Place(found), np.int64(0), Place(PENAL if cause != linked.TRUE else PENAL + RIGHT)
            for place in range(Place(pairs[pair, PAIR_RULES]), Place(pairs[pair + one, PAIR_RULES])):
                rule, sort = Place(pair_rule[place, RULE]), Place(pair_rule[place, SORT])
                value, value_clean = rules[sort, LOW] * recorded, rules[sort, LOW] * cleanly
                added, added_clean, need = added + value, added_clean + value_clean, need + rules[sort, FINE] * recorded
                penal |= rules[sort, IS_PENAL] & recorded
                t_rule[rule, 0] += recorded
                t_rule[rule, 1] += cleanly
                t_rule[rule, 2] += value
                t_rule[rule, 3] += value_clean
                gained = max(value, 0)
                t_flow[GAINED, cell] += gained
                if reason == m.BOUGHT:
                    t_flow[BOUGHT, cell] += gained
                if cause == linked.TRUE:
                    lost_truly, gained_truly = lost_truly + gained - value, gained_truly + gained
                    continue
                t_cause[cause, 0] += gained - value
                t_cause[cause, 1] += gained
                if cause == linked.FAKED:
                    t_flow[FAKED, cell] += gained
                wrong[erred] = c.slot_of(person, c.CAUSE, cause)
                erred += Place(recorded)
            t_flow[row_of_penal, cell] += penal
        for side in range(2):
            change, own = (added_clean, clean) if side else (added, points)
            wanted = np.int64(own[who]) + change
            held = scored.held(wanted, low, high)
            if held != wanted:
                if change == 0:
                    continue
                t_flow[CLIPPED + side, cell] += wanted - held
            own[who] = held
        if need > 0:
            felt[person - first, 0] = min(15, need)
            feeling[sent[FEELING]] = person
            sent[FEELING] += 1
    t_letter[m.RECORD, DELIVERED] += delivered
    t_cause[linked.TRUE, 0] += lost_truly
    t_cause[linked.TRUE, 1] += gained_truly
    if counted:
        close_plain(R, T, plain)
    return np.int64(erred)


@a_pass
def open_plain(R, plain):  # type: ignore[no-untyped-def]
    """What all rules of each pair of act and source do together; nothing is counted yet."""
    pairs, pair_rule, rules = R.pair, R.pair_rule, R.rule
    for pair in range(plain.shape[0]):
        for column in range(COLUMNS):
            plain[pair, column] = 0
        for place in range(pairs[pair, PAIR_RULES], pairs[pair + 1, PAIR_RULES]):
            sort = pair_rule[place, SORT]
            plain[pair, SUM] += rules[sort, LOW]
            plain[pair, GAIN] += max(rules[sort, LOW], 0)
            plain[pair, NEEDED] += rules[sort, FINE]
            plain[pair, PUNISHES] |= rules[sort, IS_PENAL] & 1


@a_pass
def close_plain(R, T, plain):  # type: ignore[no-untyped-def]
    """What was counted goes into the tallies."""
    pairs, pair_rule, rules = R.pair, R.pair_rule, R.rule
    t_kept, t_rule, t_cause, t_letter, t_flow = T.kept, T.rule, T.cause, T.letter, T.flow
    for pair in range(plain.shape[0]):
        records, source = np.int64(0), pairs[pair, PAIR_SOURCE]
        for cell in range(CELLS):
            here = plain[pair, cell]
            if here > 0:
                records += here
                t_flow[GAINED, cell] += here * plain[pair, GAIN]
                t_flow[PENAL + RIGHT, cell] += here * plain[pair, PUNISHES]
        for side in range(2):
            t_kept[source, side] += records
            for place in range(pairs[pair, PAIR_RULES], pairs[pair + 1, PAIR_RULES]):
                rule, sort = pair_rule[place, RULE], pair_rule[place, SORT]
                t_rule[rule, side] += records
                t_rule[rule, 2 + side] += records * rules[sort, LOW]
        t_letter[m.RECORD, DELIVERED] += records
        t_cause[linked.TRUE, 0] += records * (plain[pair, GAIN] - plain[pair, SUM])
        t_cause[linked.TRUE, 1] += records * plain[pair, GAIN]
