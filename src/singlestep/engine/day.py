"""One block's day after its mail has been read, in one compiled call.

The passes of a day are called from here, so that Python makes one call a block.
"""

from __future__ import annotations

import numpy as np

from singlestep.engine import letters as m
from singlestep.engine.compiling import a_pass, compiled
from singlestep.engine.following import DIGEST, add_acts
from singlestep.engine.observing import act_out, ask_for_typing, file, look, meet, see
from singlestep.engine.step import (
    FEELING,
    choose,
    count_acts,
    draw_all,
    draw_traits,
    feel,
    gather,
    pick,
    serve,
    sort_out,
    thin,
)
from singlestep.engine.telling import tell_made_up, tell_mistakes, tell_occasions, tell_records

MANY = 1 << 12  # people of a block awake: of so many, records are worth keeping at home
PIECE = 1 << 11  # people awake at a time, so that what is listed of them stays in the cache (measured: a twentieth of a day)


@compiled
def live(S, R, X, T, F, day, letters, first, who, count, awake, out, sent, home, table, felt, feeling, told, traced, windows, digests):  # type: ignore[no-untyped-def]  # noqa: E501
    """Occasions by letter and by the clock (`awake` persons `who`, `count` each) are lived; what they and the day's mail
    change is felt. The caller has made room in F for a piece, and in `home`, `out` and `told` (see `Block.act`).

    With room in `told`, rows about `traced` persons, all of them in `windows`, are told; with room in `digests` int64 [people
    of the block], acts taken are added to them. Returns the sum of today's digests.
    """
    letter_rows, by_mail, begin, digest = F.met_at, 0, 0, np.int64(0)
    for row in range(letters.shape[0]):
        letter_rows[by_mail] = row
        by_mail += m.kind_of(letters[row, 1]) >= m.FOLLOW
    while by_mail > 0 or begin < awake:
        end = min(begin + PIECE, awake)
        by_letter, n = gather(
            F, T.flow, S.kind_key, R.source, S.report_act, day, letters, letter_rows, by_mail, who, count, begin, end, X.known
        )
        digest = (digest + live_piece(
            S, R, X, T, F, day, first, by_letter, n, awake >= MANY, out, sent, home, table, felt, feeling, told, traced,
            windows, digests,
        )) & DIGEST  # fmt: skip
        begin, by_mail = end, 0
    feel(X, felt, feeling, sent[FEELING], first)
    return digest


@a_pass
def live_piece(S, R, X, T, F, day, first, by_letter, n, many, out, sent, home, table, felt, feeling, told, traced, windows, digests):  # type: ignore[no-untyped-def]  # noqa: E501
    """The n occasions gathered are lived, the first of them by letter; returns the sum of their digests. With `many` in the
    block, records may stay at home, if there is more than one of them to four occasions."""
    k0, k1, digest = S.seed0, S.seed1, np.int64(0)
    telling, following = told.shape[0] > 1, digests.shape[0] > 0
    draw_all(k0, k1, n, F.author, F.step, F.purpose, F.sub, F.words)
    by_trait, by_home, by_several = pick(S, F, X.kind, by_letter, n)
    draw_traits(k0, k1, by_trait, F.c0, 0, F.trait_words, 0)
    draw_traits(k0, k1, by_several, F.c1, 0, F.trait_words, by_trait)
    draw_traits(k0, k1, by_several, F.c1, 1, F.trait_words, by_trait + by_several)
    thin(S, F, X.kind, X.known, X.cut, by_trait, by_home, by_several)
    doubted, taken, requests = sort_out(S, R, F, by_letter, n)
    taken = choose(S, R, X, T, F, table, doubted, taken)
    count_acts(S, T, F, n)
    if following:
        digest = add_acts(F.author, F.step, F.purpose, F.person, F.act, F.became, n, digests, first)
    draw_all(k0, k1, requests, F.c0, F.c1, F.c2, F.c3, F.words)
    serve(S, R, X, T, F, table, felt, feeling, sent, first, requests)
    told_of = False
    if telling:
        told_of = tell_occasions(F, day, S.acts, R, by_letter, n, requests, table, told, traced, windows)
    begin = sent[0]
    met = act_out(S, R, X, T, F, day, taken, out, sent)
    if telling:
        tell_made_up(out, day, begin, sent[0], told, traced)
    meet(F, met)
    draw_all(k0, k1, met, F.c0, F.c1, F.c2, F.c3, F.words)
    if told_of:
        ties = (k0, k1, S.near + S.far, S.far_page, S.pattern, S.near, S.pages, S.people)
        tell_mistakes(F, ties, X.cut, R.meet, R.source, X.known, day, met, told, traced)
    at_home = many and met > n // 4
    stays = at_home and not R.astray and not telling
    looked = look(S, R, X, T, F, day, first, by_letter, met, stays, out, sent, home)
    seen = see(S, R, X, T, F, day, first, looked, at_home, telling, out, sent, home)
    if R.astray:
        draw_all(k0, k1, seen, F.c0, F.c1, F.c2, F.c3, F.words)
        ask_for_typing(F, seen)
        draw_all(k0, k1, seen, F.c0, F.c1, F.c2, F.c3, F.trait_words)
        file(S, R, T, F, day, first, seen, many and seen > n // 4, F.words, F.trait_words, out, sent, home)
    if telling:
        tell_records(F, R.source, day, seen, told, traced)
    return digest
