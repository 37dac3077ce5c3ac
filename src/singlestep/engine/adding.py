"""The mail of one day where all that a record can do is to add points (`R.only_adds`): as `reading` would read it, without
its sheets and slips (measured: a quarter of the time)."""

from __future__ import annotations

import numpy as np

from singlestep.engine import counters as c
from singlestep.engine import letters as m
from singlestep.engine.compiling import Place, compiled, small
from singlestep.engine.reading import BOUGHT, CLIPPED, DELIVERED, FAKED, GAINED, OLD, PENAL, RIGHT, TURNED_AWAY
from singlestep.engine.step import FEELING, rules_of
from singlestep.regime.tables import FINE, IS_PENAL, LOW
from singlestep.rooms import linked, scored

NOBODY = m.EVERYBODY


@compiled
def begun_at_most(letters, briefs, table, first):  # type: ignore[no-untyped-def]
    """How many counters letters and records in brief can begin; less than nought where `add_up` cannot take them, since they
    are not all records and occasions, or one is to somebody who is owed a favour, or classes may stand that another regime
    set for a term (of a branched run)."""
    begun, favours = np.int64(0), c.any_of(table, c.FAVOUR)
    if c.any_of(table, c.CLASS) | c.any_of(table, c.CLASS + 1):
        return np.int64(-1)
    for row in range(letters.shape[0]):
        what = m.kind_of(letters[row, 1])
        if (what != m.RECORD and what < m.FOLLOW) or (favours and is_owed_a_favour(table, letters[row, 0])):
            return np.int64(-1)
        begun += m.cause_in(letters[row, 1]) != linked.TRUE
    if favours:
        for at in range(briefs.shape[0]):
            if is_owed_a_favour(table, first + m.in_brief(briefs[at])[0]):
                return np.int64(-1)
    return begun


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
def add_up(R, X, T, letters, briefs, sent, table, felt, feeling, first):  # type: ignore[no-untyped-def]
    """A block's letters (by the post) and records that stayed at home (in brief), both in order, are added up. The caller has
    made room for the counters that they begin. What `felt` and `feeling` are, `read` says."""
    points, clean, known, rules = X.points, X.clean, X.known, R.rule
    pair_from, pair_source, pair_rule_from, pair_rule = R.pair_from, R.pair_source, R.pair_rule_from, R.pair_rule
    t_kept, t_rule, t_cause, t_letter, t_refusal, t_flow = T.kept, T.rule, T.cause, T.letter, T.refusal, T.flow
    low, high = (R.low, R.high) if R.hold else (-scored.LARGEST, scored.LARGEST)
    row, end, at, stay, one = Place(0), Place(letters.shape[0]), Place(0), Place(briefs.shape[0]), Place(1)
    delivered, lost_truly, gained_truly = np.int64(0), np.int64(0), np.int64(0)
    by_post, from_home = whose_letter(letters, row, end), whose_brief(briefs, at, stay, first)
    while min(by_post, from_home) < NOBODY:
        person, added, added_clean, need = min(by_post, from_home), np.int64(0), np.int64(0), np.int64(0)
        who = Place(person)
        cell = known[who] >> 4
        while True:
            if from_home == person:
                _, _, sides, cause, act, source, reason = m.in_brief(briefs[at])
                at += one
                from_home = whose_brief(briefs, at, stay, first)
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
            found = rules_of(act, source, pair_from, pair_source)
            if found < 0:  # put into the mail by hand
                t_letter[m.RECORD, TURNED_AWAY] += 1
                t_refusal[OLD] += 1
                continue
            delivered += 1
            recorded, cleanly = sides & 1, sides >> 1
            t_kept[source, 0] += recorded
            t_kept[source, 1] += cleanly
            pair, penal, row_of_penal = Place(found), np.int64(0), Place(PENAL if cause != linked.TRUE else PENAL + RIGHT)
            for place in range(Place(pair_rule_from[pair]), Place(pair_rule_from[pair + one])):
                rule = Place(pair_rule[place])
                value, value_clean = rules[rule, LOW] * recorded, rules[rule, LOW] * cleanly
                added, added_clean, need = added + value, added_clean + value_clean, need + rules[rule, FINE] * recorded
                penal |= rules[rule, IS_PENAL] & recorded
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
                if recorded:
                    c.add(table, c.slot_of(person, c.CAUSE, cause), 1)
            t_flow[row_of_penal, cell] += penal
        for side in range(2):
            change, own = (added_clean, clean) if side else (added, points)
            if change != 0:
                wanted = np.int64(own[who]) + change
                held = scored.held(wanted, low, high)
                own[who] = held
                if held != wanted:
                    t_flow[CLIPPED + side, cell] += wanted - held
        if need > 0:
            felt[person - first, 0] = min(15, need)
            feeling[sent[FEELING]] = person
            sent[FEELING] += 1
    t_letter[m.RECORD, DELIVERED] += delivered
    t_cause[linked.TRUE, 0] += lost_truly
    t_cause[linked.TRUE, 1] += gained_truly
