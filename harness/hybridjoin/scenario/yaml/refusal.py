"""Refusing what has mistakes: each told once, file by file, in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Iterable

from hybridjoin.errors import Mistake, UsageError


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Refuse what has mistakes.

    Raises:
        UsageError: there is a mistake; all of them are told.
    """
    found = in_order(mistakes)
    if found:
        raise UsageError(*found)


def in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Return each mistake once, file by file as the files come, and in a file by line and column."""
    found = tuple(dict.fromkeys(mistakes))
    files = list(dict.fromkeys(_file(mistake) for mistake in found))
    return tuple(sorted(found, key=lambda mistake: (files.index(_file(mistake)), *_in_the_file(mistake))))


def _file(mistake: Mistake) -> str:
    return mistake.place.partition(":")[0]


def _in_the_file(mistake: Mistake) -> tuple[int, ...]:
    return tuple(int(part) for part in mistake.place.split(":") if part.isdigit())
