"""Random numbers with an address: (seed, person, step, purpose, ordinal, sub).

Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"); tests hold it to the
published vectors. Inside, words are 64-bit unsigned, which lets the compiler do eight people at once in the wake pass;
outside they are int64, because unsigned and signed together become floats.
"""

from __future__ import annotations

import numpy as np

from singlestep.engine.compiling import for_integers, inlined

MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)

# Frozen registry of purposes: a number is never used again for something else.
WAKE, HOUSEHOLD, TRAIT, NAMESAKE, NEAR, FAR_PAGE, FAR_MASK = 1, 2, 3, 4, 5, 6, 7
OCCASION, SEEN, LINKED, TYPED, RULED, REMEDY, REPORT = 8, 9, 10, 11, 12, 13, 14
TARGET, FOLLOW, FULFIL, FADE, CUT, OVERSIGHT = 15, 16, 17, 18, 19, 20
EXAMPLE = 21  # the order in which candidates for stories are kept; nothing in a world hangs on it


@inlined
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Four 32-bit words for a counter and a key of 32-bit words, all as uint64. The ten rounds are written out: as a
    loop they are not vectorised and six times slower."""
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x00000000)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0x00000000)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x9E3779B9)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0xBB67AE85)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x3C6EF372)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0x76CF5D0A)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0xDAA66D2B)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0x32370B8F)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x78DDE6E4)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0xED9EBA14)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x1715609D)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0xA9066899)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0xB54CDA56)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0x646E171E)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x5384540F)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0x1FD5C5A3)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0xF1BBCDC8)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0xDB3D7428)) & MASK), p & MASK
    p, q = M0 * c0, M1 * c2
    c0, c1 = (q >> HALF) ^ c1 ^ ((k0 + np.uint64(0x8FF34781)) & MASK), q & MASK
    c2, c3 = (p >> HALF) ^ c3 ^ ((k1 + np.uint64(0x96A522AD)) & MASK), p & MASK
    return c0, c1, c2, c3


@for_integers("UniTuple(int64, 4)(int64, int64, int64, int64, int64, int64, int64)")
def draw(k0, k1, person, step, purpose, ordinal, sub):  # type: ignore[no-untyped-def]
    """The four words of an address as int64; k0 and k1 are the low and high 32 bits of the seed."""
    a, b, c, d = philox(
        np.uint64(person),
        np.uint64(step),
        np.uint64(purpose + 256 * ordinal),
        np.uint64(sub),
        np.uint64(k0),
        np.uint64(k1),
    )
    return np.int64(a), np.int64(b), np.int64(c), np.int64(d)
