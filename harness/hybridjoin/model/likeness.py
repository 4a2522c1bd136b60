"""What tells two texts apart that look alike on a screen: letters of other alphabets, and characters nobody sees."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cf", "Cc", "Zl", "Zp"})


def unlike(found: str, wanted: str) -> str:
    """Name the first character of `found` that only looks like one of `wanted`, or is not seen at all.

    Returns:
        Half a sentence, or nothing where the two are the same or differ in a way that anybody sees.
    """
    if found == wanted:
        return ""
    unseen = [letter for letter in found if unicodedata.category(letter) in _UNSEEN]
    if unseen and _without(found, unseen) == _without(wanted, unseen):
        return f"{_named(unseen[0])}, which nobody sees, stands in it"
    if len(found) == len(wanted):
        pairs = [(mine, right) for mine, right in zip(found, wanted, strict=True) if mine != right]
        if all(not mine.isascii() for mine, _ in pairs):
            mine, right = pairs[0]
            return f"'{mine}' in it is {_named(mine)} and not '{right}'"
    return ""


def _without(text: str, letters: list[str]) -> str:
    return "".join(letter for letter in text if letter not in letters)


def _named(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, 'without a name')}"
