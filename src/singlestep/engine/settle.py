"""Settling, pass A: once a month levels fade, ties add or absorb points, and ties to low scorers are cut or mended.

Everyone reads boards and list bits as they stand and writes only their own row. Pass B (grading and publishing) is
`step.read` with everyone. Near ties lie within a window of 64 people and far ties pair whole pages, so that masks are drawn
once a window or page and neighbours' boards lie in the cache.
"""

from __future__ import annotations

import numpy as np

from singlestep.engine import draws as d
from singlestep.engine import tallies as t
from singlestep.engine.compiling import allocating
from singlestep.engine.state import LIST_BITS
from singlestep.engine.step import ABSORBED
from singlestep.regime.tables import UNBOUNDED
from singlestep.rooms import responds, scored, tallied
from singlestep.society import ties as tie_patterns
from singlestep.society import traits

TIES_CUT = t.column(t.FLOW)["ties cut"]
TIES_MENDED = t.column(t.FLOW)["ties mended"]
PAGE, WINDOW, PLOT = tie_patterns.PAGE, tie_patterns.WINDOW, traits.PLOT


@allocating
def settle(S, R, X, T, day, begin, end):  # type: ignore[no-untyped-def]
    """Pass A for persons begin..end-1 (begin at a page)."""
    points, clean, board, tie, lists = X.points, X.clean, X.board, X.tie, X.lists
    moods, known, cut_bits = X.moods, X.known, X.cut
    k0, k1, people, pattern, near, slots = S.seed0, S.seed1, S.people, S.pattern, S.near, S.near + S.far
    need_rest, houses, far_constant, pages, floors = S.need_rest, S.template_house, S.far_page, S.pages, R.floor
    t_flow = T.flow
    published = R.published & LIST_BITS
    lowest_below = floors[R.classes - 2] if R.classes > 1 else UNBOUNDED  # boards below it stand in the lowest class
    looks = R.tie_share > 0 or R.absorb_share > 0 or (published > 0 and S.fear_ties > 0)
    looks_home = R.tie_household > 0 or (published > 0 and S.fear_ties > 0)
    cuts_ties = S.cut > 0 or S.mend > 0
    low, high = (R.low, R.high) if R.hold else (-scored.LARGEST, scored.LARGEST)
    masks = np.zeros(8, np.int64)
    base_of = np.zeros(8, np.int64)
    template = 0
    fades = np.empty((3, PAGE), np.uint32)
    u0, u1, today, purpose, zero = np.uint64(k0), np.uint64(k1), np.uint64(day), np.uint64(d.FADE), np.uint64(0)

    for person in range(begin, min(end, people)):
        if pattern == tie_patterns.TOWN and slots > 0:
            if person % PAGE == 0:
                for slot in range(near, slots):
                    page = person // PAGE
                    other = tie_patterns.far_page(page, far_constant[slot - near], pages)
                    masks[slot] = tie_patterns.far_mask(k0, k1, page, other, slot - near)
                    base_of[slot] = other * PAGE
            if person % WINDOW == 0:
                m0, m1, m2, m3, m4 = tie_patterns.near_masks(k0, k1, person // WINDOW)
                near_all = (m0, m1, m2, m3, m4)
                for slot in range(near):
                    masks[slot] = near_all[slot]
                    base_of[slot] = person
        if looks_home and person % PLOT == 0:
            template = traits.template_of(k0, k1, person // PLOT, houses.shape[0])

        # --- levels fade ---
        if person % PAGE == 0:  # a page's words at once: one at a time they cost eight times as much
            for place in range(PAGE):
                a, b, e, f = d.philox(np.uint64(person + place), today, purpose, zero, u0, u1)
                fades[0, place], fades[1, place], fades[2, place] = np.uint32(a), np.uint32(b), np.uint32(e)
        place_in_page = person % PAGE
        v0, v1, v2 = (
            np.int64(fades[0, place_in_page]), np.int64(fades[1, place_in_page]), np.int64(fades[2, place_in_page]),
        )  # fmt: skip
        cell = np.int64(known[person]) >> 4
        need = responds.faded(np.int64(moods[person]) & 15, need_rest[tallied.income_of(cell)], S.need_fade, v0)
        fear = responds.faded(np.int64(moods[person]) >> 4, R.fear_rest, S.fear_fade, v1)
        awareness = responds.faded(np.int64(known[person]) & 15, R.lasting, S.awareness_fade, v2)
        known[person] = (cell << 4) + awareness

        # --- ties ---
        cut_before = np.int64(cut_bits[person])
        cut_after = cut_before
        total, weight, listed = 0, 0, False
        if looks or cuts_ties:
            mine_low = board[person] < lowest_below or (lists[person] & published) != 0
            for slot in range(slots):
                if pattern == tie_patterns.RING:
                    other = tie_patterns.ring_tie(person, slot, people)
                else:
                    span = WINDOW if slot < near else PAGE
                    other = base_of[slot] + ((person % span) ^ masks[slot])
                    if other >= people or other == person:
                        other = -1
                if other < 0:
                    continue
                is_cut = (cut_before >> slot) & 1
                if not is_cut:
                    amount = R.tie_near if slot < near else R.tie_far
                    total += amount * np.int64(board[other])
                    weight += amount
                    listed = listed or (lists[other] & published) != 0
                if cuts_ties:
                    bad = mine_low or (lists[other] & published) != 0
                    bad = bad or board[other] < lowest_below
                    if bad == (is_cut == 0):
                        c0, c1, c2, c3 = d.draw(k0, k1, min(person, other), day, d.CUT, slot, max(person, other))
                        if is_cut == 0 and c0 < S.cut:
                            cut_after |= 1 << slot
                        elif is_cut == 1 and c1 < S.mend:
                            cut_after &= ~(1 << slot)
            if looks_home:
                place = person % PLOT
                for step in (-1, 1):  # a household lives side by side
                    other_place = place + step
                    while 0 <= other_place < PLOT and houses[template, other_place] == houses[template, place]:
                        other = person - place + other_place
                        if other < people:
                            total += R.tie_household * np.int64(board[other])
                            weight += R.tie_household
                            listed = listed or (lists[other] & published) != 0
                        other_place += step
        if listed:
            fear = responds.level(fear, S.fear_ties)
        moods[person] = (fear << 4) + need
        mean = total // weight if weight > 0 else np.int64(board[person])
        if R.tie_share > 0:
            tie[person] = (R.tie_share * mean) >> 16
        if R.absorb_share > 0 or cut_after != cut_before:
            if R.absorb_share > 0:
                own, own_clean = np.int64(points[person]), np.int64(clean[person])
                new = scored.held(own + ((R.absorb_share * (mean - own)) >> 16), low, high)
                new_clean = scored.held(own_clean + ((R.absorb_share * (mean - own_clean)) >> 16), low, high)
                t_flow[ABSORBED, cell] += new - own
                t_flow[ABSORBED + 1, cell] += new_clean - own_clean
                points[person] = new
                clean[person] = new_clean
            for slot in range(slots):
                changed = (cut_before ^ cut_after) >> slot & 1
                if changed:
                    t_flow[TIES_CUT if (cut_after >> slot) & 1 else TIES_MENDED, cell] += 1
            cut_bits[person] = cut_after
