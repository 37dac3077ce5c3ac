"""Who knows whom: computed, mutual, never stored. docs/model.md says why near ties are masks within windows of 64."""

from __future__ import annotations

from singlestep.engine.compiling import small
from singlestep.engine.draws import FAR_MASK, NEAR, draw

TOWN, RING = 1, 2
WINDOW = 64
PAGE = 4096


@small
def take(word, left, a, b, c, d):  # type: ignore[no-untyped-def]
    """The (word x left >> 32)-th of the masks 1..63 in rising order without a, b, c, d (0 for none taken)."""
    wanted = (word * left) >> 32
    mask = 0
    while wanted >= 0:
        mask += 1
        if mask != a and mask != b and mask != c and mask != d:
            wanted -= 1
    return mask


@small
def near_masks(k0, k1, window):  # type: ignore[no-untyped-def]
    """The five masks of a window; the first three close triangles, so that friends of friends are friends."""
    w0, w1, w2, w3 = draw(k0, k1, window, 0, NEAR, 0, 0)
    m0 = take(w0, 63, 0, 0, 0, 0)
    m1 = take(w1, 62, m0, 0, 0, 0)
    m2 = m0 ^ m1
    m3 = take(w2, 60, m0, m1, m2, 0)
    m4 = take(w3, 59, m0, m1, m2, m3)
    return m0, m1, m2, m3, m4


@small
def far_page(page, constant, pages):  # type: ignore[no-untyped-def]
    """The page with which this one is paired."""
    return (constant - page) % pages


@small
def far_mask(k0, k1, page, other, slot):  # type: ignore[no-untyped-def]
    """The mask that pairs people of two pages, never nought."""
    low = min(page, other)
    mask = draw(k0, k1, low, 0, FAR_MASK, slot, 0)[0] & (PAGE - 1)
    return mask if mask > 0 else 1


@small
def ring_tie(person, slot, people):  # type: ignore[no-untyped-def]
    """The neighbour in a ring; none (-1) where an odd number leaves it open."""
    if slot == 0:
        tie = person ^ 1
    elif person % 2 == 1:
        tie = person + 1 if person + 1 < people else 0
    else:
        tie = person - 1 if person > 0 else people - 1
    if slot == 1 and people % 2 == 1 and person == 0:
        return -1
    return tie if tie < people and tie != person else -1


@small
def tie_in_slot(k0, k1, person, slot, pattern, near, far_constant, pages, people):  # type: ignore[no-untyped-def]
    """The person in a slot, or -1. `far_constant` pairs the pages of that slot (any number for near slots)."""
    if pattern == RING:
        return ring_tie(person, slot, people)
    if slot < near:
        m0, m1, m2, m3, m4 = near_masks(k0, k1, person // WINDOW)
        mask = m0
        if slot == 1:
            mask = m1
        elif slot == 2:
            mask = m2
        elif slot == 3:
            mask = m3
        elif slot == 4:
            mask = m4
        tie = person // WINDOW * WINDOW + ((person % WINDOW) ^ mask)
    else:
        page = person // PAGE
        other = far_page(page, far_constant, pages)
        tie = other * PAGE + ((person % PAGE) ^ far_mask(k0, k1, page, other, slot - near))
    return tie if tie < people and tie != person else -1
