"""Settling, pass A: once a month levels fade, ties add or absorb points, and ties to low scorers are cut or mended.

Everyone reads boards and list bits as they stand and writes only their own row. Pass B (grading and publishing) is
`step.read` with everyone. Near ties lie within a window of 64 people and far ties pair whole pages, so that masks are drawn
once a window or page and neighbours' boards lie in the cache.
"""

from __future__ import annotations

import numpy as np

from singlestep.engine import draws as d
from singlestep.engine import tallies as t
from singlestep.engine.compiling import Place, a_pass, allocating, small
from singlestep.engine.state import CELL_BITS, LIST_BITS, TIE_BITS
from singlestep.regime.tables import UNBOUNDED
from singlestep.rooms import responds, scored, tallied
from singlestep.society import ties as tie_patterns
from singlestep.society import traits

ABSORBED, TIES_CUT = t.column(t.FLOW)["absorbed recorded"], t.column(t.FLOW)["ties cut"]
TIES_MENDED = t.column(t.FLOW)["ties mended"]
PAGE, WINDOW, PLOT = tie_patterns.PAGE, tie_patterns.WINDOW, traits.PLOT


@allocating
def settle(S, R, X, T, day, begin, end):  # type: ignore[no-untyped-def]
    """Pass A for persons begin..end-1 (begin at a page)."""
    board, lists, cut_bits = X.board, X.lists, X.cut
    k0, k1, people, pattern, near, slots = S.seed0, S.seed1, S.people, S.pattern, S.near, S.near + S.far
    houses, far_constant, pages, floors = S.template_house, S.far_page, S.pages, R.floor
    published = R.published & LIST_BITS
    lowest_below = floors[R.classes - 2] if R.classes > 1 else UNBOUNDED  # boards below it stand in the lowest class
    sums = R.tie_share > 0 or R.absorb_share > 0
    looks_home = published > 0 and (S.fear_ties > 0 or S.awareness_ties > 0)
    cuts_ties = S.cut > 0 or S.mend > 0
    looks = looks_home or cuts_ties
    town = pattern == tie_patterns.TOWN and slots > 0
    masks = np.zeros(8, np.int64)
    base_of = np.zeros(8, np.int64)
    row_of = np.zeros(8, np.int64)  # of the bits below: the person's own page, or a far one
    listed_bits = np.zeros((1 + max(0, slots - near), PAGE // WINDOW), np.int64)
    low_bits = np.zeros_like(listed_bits)
    home_bits = housemates(houses)
    who, words = np.empty(PAGE, np.uint32), np.empty((3, PAGE), np.uint32)
    totals, weights, shown = np.zeros(WINDOW, np.int64), np.zeros(WINDOW, np.int64), np.zeros(WINDOW, np.int64)

    for first in range(begin, min(end, people), PAGE):
        fade(S, R, X.moods, X.known, day, first, who, words)
        if not (looks or sums):
            continue
        if looks:
            read_standing(board, lists, published, lowest_below, first, listed_bits[0], low_bits[0])
        if town:
            for slot in range(near, slots):
                page, row = first // PAGE, 1 + slot - near
                other = tie_patterns.far_page(page, far_constant[slot - near], pages)
                masks[slot] = tie_patterns.far_mask(k0, k1, page, other, slot - near)
                base_of[slot], row_of[slot] = other * PAGE, row
                if looks:
                    read_standing(board, lists, published, lowest_below, other * PAGE, listed_bits[row], low_bits[row])
        for window in range(PAGE // WINDOW):
            start = first + window * WINDOW
            stop = min(start + WINDOW, people)
            stirred = np.int64(looks)
            if town:
                if stirred:  # most windows have nobody who stands badly, near or far, and no tie cut
                    stirred = listed_bits[0, window] | low_bits[0, window]
                    for slot in range(near, slots):
                        there = window ^ (masks[slot] // WINDOW)
                        stirred |= listed_bits[row_of[slot], there] | low_bits[row_of[slot], there]
                    for person in range(start, start + WINDOW):
                        stirred |= np.int64(cut_bits[person] & TIE_BITS)
                if stirred or sums:
                    near_all = tie_patterns.near_masks(k0, k1, start // WINDOW)
                    for slot in range(near):
                        masks[slot] = near_all[slot]
                        base_of[slot] = start
            if sums:
                weigh_ties(S, R, X, start, stop, masks, base_of, home_bits, shown, totals, weights)
            if stirred != 0:
                look_at_ties(
                    S, R, X, T, day, start, stop, published, lowest_below,
                    masks, base_of, row_of, listed_bits, low_bits, home_bits,
                )  # fmt: skip
            if sums:
                spill_over(R, X, T, start, stop, totals, weights)


@a_pass
def fade(S, R, moods, known, day, first, who, words):  # type: ignore[no-untyped-def]
    """The levels of a page of people fade; those who are at rest need no words. `who` and `words` are scratch of uint32,
    [PAGE] and [3, PAGE]: words are drawn at once, since one at a time they cost eight times as much."""
    need_rest, need_fade, fear_fade, awareness_fade = S.need_rest, S.need_fade, S.fear_fade, S.awareness_fade
    fear_rest, lasting = R.fear_rest, R.lasting
    u0, u1, n = np.uint64(S.seed0), np.uint64(S.seed1), Place(0)
    today, purpose, zero = np.uint64(day), np.uint64(d.FADE), np.uint64(0)
    for person in range(Place(first), Place(min(first + PAGE, S.people))):
        mood, knows = np.int64(moods[person]), np.int64(known[person])
        rest = (fear_rest << 4) + need_rest[Place(tallied.income_of(knows >> 4))]
        who[n] = person
        n += Place((mood != rest) | (knows & 15 != lasting))
    for at in range(n):
        a, b, e, f = d.philox(np.uint64(who[at]), today, purpose, zero, u0, u1)
        words[0, at], words[1, at], words[2, at] = np.uint32(a), np.uint32(b), np.uint32(e)
    for at in range(n):
        whom = Place(who[at])
        mood, knows = np.int64(moods[whom]), np.int64(known[whom])
        rest = need_rest[Place(tallied.income_of(knows >> 4))]
        need = responds.faded(mood & 15, rest, need_fade, np.int64(words[0, at]))
        fear = responds.faded(mood >> 4, fear_rest, fear_fade, np.int64(words[1, at]))
        awareness = responds.faded(knows & 15, lasting, awareness_fade, np.int64(words[2, at]))
        moods[whom] = (fear << 4) + need
        known[whom] = (knows & CELL_BITS) + awareness


@a_pass
def weigh_ties(S, R, X, start, stop, masks, base_of, home_bits, shown, totals, weights):  # type: ignore[no-untyped-def]
    """What the ties and the household of persons start..stop-1 of one window show on their boards, times their weights, in
    `totals`; and the sums of these weights. `shown` is scratch for a window's boards."""
    board, cut_bits = X.board, X.cut
    k0, k1, people, near, slots = S.seed0, S.seed1, S.people, S.near, S.near + S.far
    for place in range(stop - start):
        totals[place] = weights[place] = 0
    for slot in range(slots):
        amount, span = (R.tie_near, WINDOW) if slot < near else (R.tie_far, PAGE)
        base, mask, bit = base_of[slot], masks[slot], 1 << slot
        if S.pattern == tie_patterns.RING:
            for person in range(start, stop):
                other = tie_patterns.ring_tie(person, slot, people)
                if other >= 0 and cut_bits[person] & bit == 0:
                    totals[person - start] += amount * np.int64(board[other])
                    weights[person - start] += amount
            continue
        there, within = base + ((start & (span - 1)) ^ (mask & -WINDOW)), mask & (WINDOW - 1)
        for place in range(stop - start):  # boards lie in no order; the rest is done for several persons at once
            shown[place] = board[there + (place ^ within)]
        for place in range(stop - start):
            person, other = start + place, there + (place ^ within)
            weight = amount * np.int64((other < people) & (other != person) & (cut_bits[person] & bit == 0))
            totals[place] += weight * shown[place]
            weights[place] += weight
    if R.tie_household > 0:
        for person in range(start, stop):
            place = person % PLOT
            at_home = home_bits[traits.template_of(k0, k1, person // PLOT, S.template_house.shape[0]), place]
            for other_place in range(PLOT):
                other = person - place + other_place
                if (at_home >> other_place) & 1 and other < people:
                    totals[person - start] += R.tie_household * np.int64(board[other])
                    weights[person - start] += R.tie_household


@a_pass
def spill_over(R, X, T, start, stop, totals, weights):  # type: ignore[no-untyped-def]
    """What `weigh_ties` found spills over to persons start..stop-1: points are added by ties, or absorbed from them."""
    points, clean, board, tie, known, t_flow = X.points, X.clean, X.board, X.tie, X.known, T.flow
    low, high = (R.low, R.high) if R.hold else (-scored.LARGEST, scored.LARGEST)
    for person in range(start, stop):
        total, weight = totals[person - start], weights[person - start]
        mean = total // weight if weight > 0 else np.int64(board[person])
        if R.tie_share > 0:
            tie[person] = (R.tie_share * mean) >> 16
        if R.absorb_share > 0:
            own, own_clean, cell = np.int64(points[person]), np.int64(clean[person]), np.int64(known[person]) >> 4
            new = scored.held(own + ((R.absorb_share * (mean - own)) >> 16), low, high)
            new_clean = scored.held(own_clean + ((R.absorb_share * (mean - own_clean)) >> 16), low, high)
            t_flow[ABSORBED, cell] += new - own
            t_flow[ABSORBED + 1, cell] += new_clean - own_clean
            points[person], clean[person] = new, new_clean


@a_pass
def look_at_ties(S, R, X, T, day, start, stop, published, lowest_below, masks, base_of, row_of, listed_bits, low_bits, home_bits):  # type: ignore[no-untyped-def]  # noqa: E501
    """What persons start..stop-1 of one window see of ties and household: fear and awareness of a listing, ties cut or
    mended."""
    board, lists = X.board, X.lists
    moods, known, cut_bits = X.moods, X.known, X.cut
    k0, k1, people, pattern, near, slots = S.seed0, S.seed1, S.people, S.pattern, S.near, S.near + S.far
    t_flow = T.flow
    for person in range(start, stop):
        cut_before = np.int64(cut_bits[person])
        cut_after = cut_before
        listed = False
        here = person % PAGE
        mine_bad = ((listed_bits[0, here // WINDOW] | low_bits[0, here // WINDOW]) >> (here % WINDOW)) & 1
        for slot in range(slots):
            if pattern == tie_patterns.RING:
                other = tie_patterns.ring_tie(person, slot, people)
                if other < 0:
                    continue
                listed_there = np.int64((lists[other] & published) != 0)
                low_there = np.int64(board[other] < lowest_below)
            else:
                span = WINDOW if slot < near else PAGE
                other = base_of[slot] + ((person % span) ^ masks[slot])
                if other >= people or other == person:
                    continue
                there, row = other % PAGE, row_of[slot]
                listed_there = (listed_bits[row, there // WINDOW] >> (there % WINDOW)) & 1
                low_there = (low_bits[row, there // WINDOW] >> (there % WINDOW)) & 1
            is_cut = (cut_before >> slot) & 1
            if not is_cut:
                listed = listed or listed_there != 0
            if (S.cut > 0 or S.mend > 0) and (mine_bad | listed_there | low_there) != is_cut:
                c0, c1, c2, c3 = d.draw(k0, k1, min(person, other), day, d.CUT, slot, max(person, other))
                if is_cut == 0 and c0 < S.cut:
                    cut_after |= 1 << slot
                elif is_cut == 1 and c1 < S.mend:
                    cut_after &= ~(1 << slot)
        place = person % PLOT
        plot_listed = listed_bits[0, here // WINDOW] >> (here % WINDOW - place)
        at_home = plot_listed & ((1 << PLOT) - 1)
        if at_home != 0:
            at_home = home_bits[traits.template_of(k0, k1, person // PLOT, S.template_house.shape[0]), place]
            listed = listed or (plot_listed & at_home) != 0
        if listed:
            fear = responds.level(np.int64(moods[person]) >> 4, S.fear_ties)
            awareness = responds.level(np.int64(known[person]) & 15, S.awareness_ties)
            moods[person] = (fear << 4) + (np.int64(moods[person]) & 15)
            known[person] = (known[person] & CELL_BITS) + awareness
        if cut_after != cut_before:
            cell = np.int64(known[person]) >> 4
            for slot in range(slots):
                if (cut_before ^ cut_after) >> slot & 1:
                    t_flow[TIES_CUT if (cut_after >> slot) & 1 else TIES_MENDED, cell] += 1
            cut_bits[person] = cut_after


@small
def read_standing(board, lists, published, lowest_below, first, listed_bits, low_bits):  # type: ignore[no-untyped-def]
    """A bit for each person of the page that begins at `first`: on a published list, and in the lowest class. Bits are read
    instead of boards and lists, because a page's fit into a few cache lines (measured: half of settling)."""
    for window in range(Place(PAGE // WINDOW)):
        on_list, low, start = np.int64(0), np.int64(0), Place(first) + Place(WINDOW) * window
        for place in range(Place(WINDOW)):
            on_list |= np.int64((lists[start + place] & published) != 0) << np.int64(place)
            low |= np.int64(board[start + place] < lowest_below) << np.int64(place)
        listed_bits[window], low_bits[window] = on_list, low


@allocating
def housemates(houses):  # type: ignore[no-untyped-def]
    """Bits of the places of a plot that share a house with each place, [templates, 16]."""
    bits = np.zeros(houses.shape, np.int64)
    for template in range(houses.shape[0]):
        for place in range(PLOT):
            for other in range(PLOT):
                if other != place and houses[template, other] == houses[template, place]:
                    bits[template, place] |= 1 << other
    return bits
