"""Who a person is: traits, household, namesakes; all a pure function of (seed, society, index)."""

from __future__ import annotations

from singlestep.engine.compiling import small
from singlestep.engine.draws import HOUSEHOLD, NAMESAKE, TRAIT, draw

PLOT = 16
AGE, PARENT, INCOME = -1, -2, -3  # codes of the built-in traits
AGE_OF_ROLE = (0, 1, 2, 3, 1, 2)  # role letters C Y M E Q P
PARENT_OF_ROLE = (0, 0, 0, 0, 1, 1)


@small
def template_of(k0, k1, plot, templates):  # type: ignore[no-untyped-def]
    """The household template of a plot."""
    return (draw(k0, k1, plot, 0, HOUSEHOLD, 0, 0)[0] * templates) >> 32


@small
def income_of(k0, k1, plot, house):  # type: ignore[no-untyped-def]
    """Income fifth of a household (0 lowest)."""
    w0, w1, w2, w3 = draw(k0, k1, plot, 0, HOUSEHOLD, 1 + house // 4, 0)
    place = house % 4
    word = w0 if place == 0 else w1 if place == 1 else w2 if place == 2 else w3
    return (word * 5) >> 32


@small
def half_word(k0, k1, person, trait):  # type: ignore[no-untyped-def]
    """The 16 bits that decide a declared trait."""
    w0, w1, w2, w3 = draw(k0, k1, person, 0, TRAIT, trait // 8, 0)
    place = trait % 8 // 2
    word = w0 if place == 0 else w1 if place == 1 else w2 if place == 2 else w3
    return (word >> (16 * (trait % 2))) & 0xFFFF


@small
def level_of(k0, k1, person, kind, cell, trait, levels, cuts, roles):  # type: ignore[no-untyped-def]
    """The level of a trait of a person, by its code (the place of a declared trait, or AGE, PARENT, INCOME).

    `kind` and `cell` are what the state keeps of the person; `levels`, `cuts`, `roles` the society's tables.
    """
    level = levels[kind, trait]
    if level >= 0:
        return level
    if trait == INCOME:
        return cell >> 1
    age = levels[kind, AGE]
    if age < 0 or trait == PARENT:
        role = roles[template_of(k0, k1, person // PLOT, roles.shape[0]), person % PLOT]
        if trait == PARENT:
            return parent_of_role(role)
        age = age_of_role(role)
        if trait == AGE:
            return age
    half = half_word(k0, k1, person, trait)
    level = 0
    while half >= cuts[trait, age, level]:
        level += 1
    return level


@small
def age_of_role(role):  # type: ignore[no-untyped-def]
    """Place of the age band."""
    return AGE_OF_ROLE[role]


@small
def parent_of_role(role):  # type: ignore[no-untyped-def]
    """1 for a parent."""
    return PARENT_OF_ROLE[role]


@small
def someone_else(person, word, city, people):  # type: ignore[no-untyped-def]
    """Another existing person of the same city, or the person where there is nobody else."""
    low = person // city * city
    others = min(people, low + city) - low - 1
    if others < 1:
        return person
    found = low + ((word * others) >> 32)
    return found + 1 if found >= person else found


@small
def namesake(k0, k1, person, number, city, people):  # type: ignore[no-untyped-def]
    """The namesake of this number (from 0)."""
    return someone_else(person, draw(k0, k1, person, 0, NAMESAKE, 1 + number, 0)[0], city, people)
