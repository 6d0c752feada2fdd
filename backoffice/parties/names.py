"""Whether two names may be one person's: in other letters, another order, or a letter apart."""

from __future__ import annotations

from app.rules.folding import words_as_written
from app.rules.han import is_han, readings

_LONG_ENOUGH = 6  # letters; of a shorter name one letter makes another


def are_near(one: str, other: str) -> bool:
    """Whether they sound the same, in any script and order, or differ in one letter."""
    mine, theirs = _spoken(one), _spoken(other)
    if not mine or not theirs:
        return False
    return not mine.isdisjoint(theirs) or any(_is_a_letter_apart(a, b) for a in mine for b in theirs)


def _spoken(name: str) -> frozenset[str]:
    """The name in Latin letters as one word, the family name first or last."""
    words = [next(iter(readings(word)), "") if is_han(word[0]) else word for word in words_as_written(name)]
    return frozenset({"".join(words), "".join([*words[1:], *words[:1]])} - {""})


def _is_a_letter_apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _LONG_ENOUGH or len(long) - len(short) > 1:
        return False
    first = next((at for at, sign in enumerate(short) if sign != long[at]), len(short))
    return short[first + (len(short) == len(long)) :] == long[first + 1 :]
