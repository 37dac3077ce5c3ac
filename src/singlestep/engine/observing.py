"""What taken acts do, and who hears of it: sources see them, records are linked, typed and posted.

    act_out     what taken acts do besides being seen; which sources they meet
    meet, look, see  who is seen, and as whom
    file        records joined to files, typed and posted

Passes like those of `step`, over the flat list of meetings of a block's acts and sources.
"""

from __future__ import annotations

import numpy as np

from singlestep.engine import draws as d
from singlestep.engine import letters as m
from singlestep.engine import tallies as t
from singlestep.engine.compiling import Place, a_pass, inlined, small
from singlestep.engine.step import AT_HOME, LETTERS_SENT, post, rules_of
from singlestep.regime.tables import (
    BY_NAME,
    DELAY,
    FORCED,
    GOES_ON,
    LATE_SHARE,
    LATE_UP_TO,
    LINK_MISSED,
    MET_AS,
    MET_HOW,
    MET_RULED,
    MET_SHARE,
    MET_SOURCE,
    MET_TOMORROW,
    MISIDENTIFIED,
    MISTYPED,
    SOURCE_KEY,
)
from singlestep.rooms import linked, observed, tallied
from singlestep.society import ties as tie_patterns
from singlestep.society import traits
from singlestep.society.tables import (
    DOES,
    DOES_WHAT,
    FAKES,
    FOLLOW_ACT,
    FOLLOW_AFTER,
    FOLLOW_SHARE,
)

_PLACE = t.column(DOES)
REPORT, FALSE_REPORT, PLANT, ERASE, FAKE = (
    _PLACE["report"], _PLACE["false-report"], _PLACE["plant"], _PLACE["erase"], _PLACE["fake"],
)  # fmt: skip


@a_pass
def act_out(S, R, X, T, F, day, taken, out, sent):  # type: ignore[no-untyped-def]
    """What taken acts do besides being seen: follow-up acts, reports, false reports, plants, favours, fakes. Lists every
    source that may see an act, and returns how many such meetings there are."""
    k0, k1, city, people = S.seed0, S.seed1, S.city, S.people
    pattern, near, slots, pages, far_constant = S.pattern, S.near, S.near + S.far, S.pages, S.far_page
    levels, cuts, roles, kind_table, sort, keys = (
        S.archetype_level, S.trait_cut, S.template_role, S.kind, S.sort, S.kind_key,
    )  # fmt: skip
    follow_from, follows, sources, alleged, plant_acts = S.follow_from, S.follow, R.source, R.alleged, R.plant_acts
    pair_from, pairs, felt_of, felt_sort = R.pair_from, R.pair, R.felt, R.felt_sort
    kinds, known, cut_bits, t_source, t_letter = X.kind, X.known, X.cut, T.source, T.letter
    persons, authors, steps, purposes, acts, taken_at = F.person, F.author, F.step, F.purpose, F.act, F.taken_at
    told_source, told_act, met = F.told_source, F.told_act, Place(0)
    for n in range(taken):
        at = taken_at[n]
        act = np.int64(acts[at])
        met = show(F, R, keys, met, at, act, False)
        if not felt_of[felt_sort[act], GOES_ON]:
            continue
        does = kind_table[sort[act], DOES_WHAT]
        person, author, act_day = np.int64(persons[at]), np.int64(authors[at]), np.int64(steps[at])
        occasion = np.int64(purposes[at]) >> 8
        if does == FAKE:
            if kind_table[sort[act], FAKES] >= 0:
                met = show(F, R, keys, met, at, np.int64(kind_table[sort[act], FAKES]), True)
        elif does == REPORT and told_source[at] >= 0:
            by = 2 * R.ways + told_source[at]
            F.met_at[met], F.met_act[met], F.met_by[met] = at, told_act[at], by
            F.c3[met] = keys[told_act[at]] ^ R.meet_key[by]
            met += Place(1)
        elif does in (FALSE_REPORT, ERASE, PLANT):
            y0, y1, y2, y3 = d.draw(k0, k1, author, act_day, d.TARGET, occasion, np.int64(keys[act]))
            target = -1
            if does != PLANT:
                target = tie_by(k0, k1, person, y0, slots, cut_bits[person], far_constant, pattern, near, pages, people)
            if does == FALSE_REPORT and R.witness_source >= 0 and alleged.shape[0] > 0 and target >= 0:
                source = R.witness_source
                if S.report_act >= 0:
                    met = show(F, R, keys, met, at, S.report_act, True)
                t_source[source, linked.FALSE_REPORT] += 1
                event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, linked.FALSE_REPORT)
                info = m.info_of(alleged[linked.one_of(y1, alleged.shape[0])], source, 0, 0, 0)
                post(out, sent, day + 1 + sources[source, DELAY], target, event, info, 0)
                t_letter[m.RECORD, LETTERS_SENT] += 1
            elif does == ERASE and R.erase and target >= 0:
                post(out, sent, day + 1, target, m.event_of(author, act_day, occasion, m.FAVOUR, 0, 0), 0, 0)
                t_letter[m.FAVOUR, LETTERS_SENT] += 1
            elif does == PLANT and R.plant_source >= 0:
                highest = -1
                for other in range(8):
                    words = d.draw(
                        k0, k1, author, act_day, d.TARGET, occasion, (np.int64(keys[act]) + 1 + other // 4) & 0xFFFFFFFF
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
                    if rules_of(planted, R.plant_source, pair_from, pairs) >= 0:
                        event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, linked.PLANTED)
                        post(out, sent, day + 1, target, event, m.info_of(planted, R.plant_source, 0, 0, 0), 0)
                        t_letter[m.RECORD, LETTERS_SENT] += 1
        for row in range(follow_from[act], follow_from[act + 1]):
            then = follows[row, FOLLOW_ACT]
            word = d.draw(k0, k1, author, act_day, d.FOLLOW, occasion, np.int64(keys[then]))[0]
            if word < follows[row, FOLLOW_SHARE]:
                event = m.event_of(author, act_day, occasion, m.FOLLOW, 0, 0)
                post(out, sent, day + follows[row, FOLLOW_AFTER], person, event, m.info_of(then, 0, 0, 0, 0), 0)
                t_letter[m.FOLLOW, LETTERS_SENT] += 1
    return np.int64(met)


@inlined
def show(F, R, keys, met, at, act, fakes):  # type: ignore[no-untyped-def]
    """List every source that may see an act shown, or faked; returns how many meetings are listed now, besides `met` ones. A
    faked act meets none of the witnesses, and nobody takes it for another."""
    meet_by, meetings, meet_key, key = R.meet_by, R.meet, R.meet_key, keys[act]
    met_at, met_act, met_by, c3 = F.met_at, F.met_act, F.met_by, F.c3
    for row in range(Place(R.meet_from[act]), Place(R.meet_from[act + 1])):
        by = Place(meet_by[row])
        met_at[met], met_act[met], c3[met] = at, act, key ^ meet_key[by]
        if fakes:
            met_by[met] = by + Place(R.ways)
            met += Place(meetings[by, MET_HOW] == observed.NORMAL)
        else:
            met_by[met] = by
            met += Place(1)
    return met


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
def meet(F, met):  # type: ignore[no-untyped-def]
    """Ask for the words of the meetings listed."""
    authors, steps, purposes, met_at, c0, c1, c2 = F.author, F.step, F.purpose, F.met_at, F.c0, F.c1, F.c2
    for n in range(Place(met)):
        at = met_at[n]
        c0[n], c1[n], c2[n] = authors[at], steps[at], d.SEEN + 256 * (np.int64(purposes[at]) >> 8)


@a_pass
def look(S, R, X, T, F, day, first, by_letter, met, stays, out, sent, home):  # type: ignore[no-untyped-def]
    """List the meetings at which somebody may be seen, for `see`; returns how many they are. Where records can stay at home
    and none go astray (`stays`), those of what people did today are not listed, but filed at once, as `put_on_file` would: in
    fewer words, since these are most where every occasion is recorded (measured there: by `put_on_file` a day takes a
    twentieth longer)."""
    meetings, most, sources, known = R.meet, R.meet_most, R.source, X.known
    persons, purposes, bought, words = F.person, F.purpose, F.bought, F.words
    met_at, met_act, met_by, looked_at = F.met_at, F.met_act, F.met_by, F.looked_at
    looked, at_home, posted = Place(0), Place(sent[AT_HOME]), sent[0]
    stayed = at_home
    for n in range(Place(met)):
        row, word = Place(met_by[n]), np.int64(words[0, n])
        if not observed.is_seen(word, most[row]):
            continue
        at = met_at[n]
        if not (stays and at >= by_letter and meetings[row, MET_TOMORROW]):
            looked_at[looked] = n
            looked += Place(1)
            continue
        person, source, act = np.int64(persons[at]), np.int64(meetings[row, MET_SOURCE]), np.int64(met_act[n])
        minority = tallied.minority_of(np.int64(known[person]) >> 4)
        if not observed.is_seen(word, meetings[row, MET_SHARE + minority]):
            continue
        occasion, reason = np.int64(purposes[at]) >> 8, np.int64(bought[at])
        sides, cause, named = m.BOTH, linked.TRUE, person
        if np.int64(words[1, n]) < sources[Place(source), MISIDENTIFIED + minority]:
            named = traits.someone_else(person, np.int64(words[2, n]), S.city, S.people)
        if named != person:
            sides, cause = m.CLEAN, linked.MISIDENTIFIED
            event = m.event_of(person, day, occasion, m.RECORD, m.RECORDED, cause)
            post(out, sent, day + 1, named, event, m.info_of(act, source, 0, 0, reason), 0)
        else:
            leave(T, F, at, Place(act))
        home[at_home] = m.brief_of(person - first, occasion, sides, cause, act, source, reason)
        at_home += Place(1)
        T.source[Place(source), cause] += 1
    T.letter[m.RECORD, LETTERS_SENT] += np.int64(at_home - stayed) + sent[0] - posted
    sent[AT_HOME] = np.int64(at_home)
    return np.int64(looked)


@a_pass
def see(S, R, X, T, F, day, first, looked, many, telling, out, sent, home):  # type: ignore[no-untyped-def]
    """Who is seen, and as whom. Witnesses, mistakes and faked deeds go straight into the mail; what else is seen stays in the
    list (its count is returned) to be linked and typed. Where no source's records go astray it is put on file at once
    (measured where every occasion is recorded: a twentieth of a day), and listed only for telling."""
    k0, k1, city, people = S.seed0, S.seed1, S.city, S.people
    pattern, near, slots, pages, far_constant = S.pattern, S.near, S.near + S.far, S.pages, S.far_page
    meetings, sources, keys = R.meet, R.source, S.kind_key
    pair_from, pairs = R.pair_from, R.pair
    known, cut_bits, t_source, t_letter = X.known, X.cut, T.source, T.letter
    persons, authors, steps, purposes, words = F.person, F.author, F.step, F.purpose, F.words
    met_at, met_act, met_by, met_actor, met_named, met_face, met_bought, met_ruled = (
        F.met_at, F.met_act, F.met_by, F.met_actor, F.met_named, F.met_face, F.met_bought, F.met_ruled,
    )  # fmt: skip
    bought, told_bought, c0, c1, c2, c3, astray = F.bought, F.told_bought, F.c0, F.c1, F.c2, F.c3, R.astray
    looked_at, seen = F.looked_at, Place(0)
    for place in range(Place(looked)):
        n = looked_at[place]
        row = met_by[n]
        at, act, source, how = met_at[n], np.int64(met_act[n]), meetings[row, MET_SOURCE], meetings[row, MET_HOW]
        person, occasion = np.int64(persons[at]), np.int64(purposes[at]) >> 8
        minority = tallied.minority_of(np.int64(known[person]) >> 4)
        if how != FORCED and not observed.is_seen(np.int64(words[0, n]), meetings[row, MET_SHARE + minority]):
            continue
        ruled = meetings[row, MET_RULED] != 0
        v1, v2, mistaken = np.int64(words[1, n]), np.int64(words[2, n]), sources[source, MISIDENTIFIED + minority]
        author, act_day = np.int64(authors[at]), np.int64(steps[at])
        actor, face = person, 0
        if how == FORCED:
            actor = author
            ruled = rules_of(act, source, pair_from, pairs) >= 0
            about = np.int64(keys[act]) ^ sources[source, SOURCE_KEY]
            z0, z1, z2, z3 = d.draw(k0, k1, author, act_day, d.REPORT, occasion, about)
            named = actor
            if z1 < sources[source, MISIDENTIFIED + tallied.minority_of(np.int64(known[actor]) >> 4)]:
                tie = tie_by(k0, k1, person, z2, slots, cut_bits[person], far_constant, pattern, near, pages, people)
                named, face = (tie, 1) if tie >= 0 else (actor, 1)
        else:
            if how == observed.WITNESS:
                tie = tie_by(k0, k1, person, v1, slots, cut_bits[person], far_constant, pattern, near, pages, people)
                if tie >= 0:
                    event = m.event_of(author, act_day, occasion, m.WITNESS, 0, 0)
                    post(out, sent, day + 1, tie, event, m.info_of(act, source, 0, 0, bought[at]), 0)
                    t_letter[m.WITNESS, LETTERS_SENT] += 1
                continue
            if how == observed.MISTAKE or how == observed.FAKED:
                cause = linked.FAKED if how == observed.FAKED else linked.MISIDENTIFIED
                as_act = act if how == observed.FAKED else meetings[row, MET_AS]
                t_source[source, cause] += 1
                if ruled:
                    event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, cause)
                    post(out, sent, day + 1 + sources[source, DELAY], actor, event, m.info_of(as_act, source, 0, 0, 0), 0)
                    t_letter[m.RECORD, LETTERS_SENT] += 1
                continue
            named = actor
            if v1 < mistaken:
                named, face = traits.someone_else(actor, v2, city, people), 1
        reason = np.int64(told_bought[at] if how == FORCED else bought[at])
        if not astray:
            cause = linked.cause_of(False, named != actor, face == 1, False, False)
            put_on_file(R, T, F, day, first, at, act, act, source, ruled, ruled, actor, named, cause, 0, reason, many, out, sent, home)  # noqa: E501
            face = cause
        if astray or telling:
            met_at[seen], met_act[seen], met_by[seen], met_actor[seen] = at, act, source, actor
            met_named[seen], met_face[seen], met_bought[seen], c0[seen] = named, face, reason, act
            met_ruled[seen] = ruled
        if astray:
            c0[seen], c1[seen], c2[seen] = author, act_day, d.LINKED + 256 * occasion
            c3[seen] = np.int64(keys[act]) ^ sources[source, SOURCE_KEY]
        seen += Place(1)
    return np.int64(seen)


@a_pass
def ask_for_typing(F, seen):  # type: ignore[no-untyped-def]
    """The same addresses for the purpose of typing."""
    for n in range(seen):
        F.c2[n] += d.TYPED - d.LINKED


@a_pass
def file(S, R, T, F, day, first, seen, many, link_words, type_words, out, sent, home):  # type: ignore[no-untyped-def]
    """Records are joined to files and typed: into the right file, a wrong one or none, as the right act or another, in time
    or late; and put on file."""
    k0, k1, city, people, namesakes = S.seed0, S.seed1, S.city, S.people, S.namesakes
    sources, sees_from, sees_act = R.source, R.sees_from, R.sees_act
    recorded_as = F.c0
    met_at, met_act, met_by, met_actor, met_named, met_face, met_bought, met_ruled = (
        F.met_at, F.met_act, F.met_by, F.met_actor, F.met_named, F.met_face, F.met_bought, F.met_ruled,
    )  # fmt: skip
    for n in range(Place(seen)):
        at, act, source, reason = met_at[n], np.int64(met_act[n]), Place(met_by[n]), np.int64(met_bought[n])
        actor, named = np.int64(met_actor[n]), np.int64(met_named[n])
        typed, late, as_act = False, np.int64(0), act
        lost = link_words[0, n] < sources[source, LINK_MISSED]
        if not lost and link_words[1, n] < sources[source, BY_NAME]:
            word = d.draw(k0, k1, named, 0, d.NAMESAKE, 0, 0)[0]
            others = 0
            for k in range(namesakes.shape[0]):
                others += namesakes[k] <= word
            number = linked.one_of(np.int64(link_words[2, n]), others + 1)
            if number > 0:
                named = traits.namesake(k0, k1, named, number - 1, city, people)
        acts_seen = sees_from[source + Place(1)] - sees_from[source]
        if link_words[3, n] < sources[source, MISTYPED] and acts_seen > 1:
            place = 0
            while sees_act[sees_from[source] + place] != act:
                place += 1
            typed = True
            as_act = sees_act[sees_from[source] + linked.another_of(np.int64(type_words[0, n]), acts_seen, place)]
        if type_words[1, n] < sources[source, LATE_SHARE]:
            late = 1 + linked.one_of(np.int64(type_words[2, n]), sources[source, LATE_UP_TO])
        cause = linked.cause_of(lost, named != actor, met_face[n] == 1, typed, late > 0)
        met_named[n], met_face[n], recorded_as[n] = named, cause, as_act  # for telling
        ruled = met_ruled[n] != 0
        lands = not lost and (ruled if as_act == act else rules_of(as_act, np.int64(source), R.pair_from, R.pair) >= 0)
        put_on_file(R, T, F, day, first, at, act, as_act, source, ruled, lands, actor, named, cause, late, reason, many, out, sent, home)  # noqa: E501


@inlined
def put_on_file(R, T, F, day, first, at, act, as_act, source, ruled, lands, actor, named, cause, late, reason, many, out, sent, home):  # type: ignore[no-untyped-def]  # noqa: E501
    """Post a record of an act of occasion `at`. Where there are `many`, those of what people did themselves today that are
    due tomorrow stay at home in brief, mostly in the order of letters. Rules take true records of the act from this source
    if it is `ruled`, and what was recorded if it `lands`: is not lost, and of an act with rules."""
    eye, t_letter, due = Place(source), T.letter, day + 1 + R.source[Place(source), DELAY]
    person, author, act_day = np.int64(F.person[at]), np.int64(F.author[at]), np.int64(F.step[at])
    T.source[eye, cause] += 1
    by, occasion = np.int64(source), np.int64(F.purpose[at]) >> 8
    if ruled:
        t_letter[m.RECORD, LETTERS_SENT] += 1
        sides = m.BOTH if cause == linked.TRUE else m.CLEAN
        its_own = (actor == author) & (author == person) & (act_day == day)
        if many and due == day + 1 and its_own:
            home[Place(sent[AT_HOME])] = m.brief_of(actor - first, occasion, sides, cause, act, by, reason)
            sent[AT_HOME] += 1
        else:
            event = m.event_of(author, act_day, occasion, m.RECORD, sides, cause)
            post(out, sent, due, actor, event, m.info_of(act, by, 0, 0, reason), 0)
    if cause != linked.TRUE and lands:
        t_letter[m.RECORD, LETTERS_SENT] += 1
        event = m.event_of(author, act_day, occasion, m.RECORD, m.RECORDED, cause)
        post(out, sent, due + late, named, event, m.info_of(as_act, by, 0, 0, reason), 0)
    if lands and named == actor:
        if actor != person:
            T.left[act, 1] += 1
        else:
            leave(T, F, at, act)


@inlined
def leave(T, F, at, act):  # type: ignore[no-untyped-def]
    """An act has left a record under its author's name: it is counted once for all who saw it."""
    T.left[act, 0] += F.unrecorded[at]
    F.unrecorded[at] = 0
