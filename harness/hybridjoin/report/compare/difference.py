"""Sets off where two short texts part, word by word: what a reader looks for when a value is nearly right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from markupsafe import Markup, escape

_LEAST_SHARED: Final = 4
_LONGEST: Final = 4000
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_Part = tuple[str, str]  # what stands here, and what stands there instead: the same where nothing differs


def mark(text: str, other: str) -> Markup:
    """Return `text` with the words that differ from `other` in `<mark>`; spaces at the ends are made visible.

    Of a word that is mostly the same only the letters that differ are marked. Texts that share less than half stay
    unmarked: there the whole differs, and the reader sees it.
    """
    if text == other or not text or max(len(text), len(other)) > _LONGEST:
        return _visible(text)
    parts = [piece for part in _joined(_parts(text, other)) for piece in _letters(*part)]
    shared = sum(len(here) for here, there in parts if here == there)
    if shared < _LEAST_SHARED or 2 * shared < min(len(text), len(other)):
        return _visible(text)
    shown = (
        escape(here) if here == there else Markup("<mark>{}</mark>").format(_visible(here))
        for here, there in parts
        if here
    )
    return Markup().join(shown)


def _parts(text: str, other: str) -> Iterator[_Part]:
    mine, theirs = _WORDS.findall(text), _WORDS.findall(other)
    for _, start, end, begin, stop in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        yield "".join(mine[start:end]), "".join(theirs[begin:stop])


def _joined(parts: Iterator[_Part]) -> Sequence[_Part]:
    """Join differences that only a sign stands between: of `ws/2012/01` in place of `identity/claims` all differs."""
    done: list[_Part] = []
    for here, there in parts:
        if len(done) > 1 and here != there and _is_sign(done[-1]) and done[-2][0] != done[-2][1]:
            sign, before = done.pop(), done.pop()
            done.append((before[0] + sign[0] + here, before[1] + sign[1] + there))
        else:
            done.append((here, there))
    return done


def _is_sign(part: _Part) -> bool:
    return part[0] == part[1] and len(part[0]) == 1 and not part[0].isalnum()


def _letters(here: str, there: str) -> Iterator[_Part]:
    """Split a word that is mostly the same as the other one into what they share and what differs."""
    head = _shared(here, there)
    tail = _shared(here[head:][::-1], there[head:][::-1])
    same = head + tail
    if here == there or same < _LEAST_SHARED or 2 * same < max(len(here), len(there)):
        yield here, there
        return
    yield here[:head], there[:head]
    yield here[head : len(here) - tail], there[head : len(there) - tail]
    yield here[len(here) - tail :], there[len(there) - tail :]


def _shared(one: str, two: str) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count


def _visible(text: str) -> Markup:
    core = text.strip()
    if core == text:
        return escape(text.replace("\n", "↵"))
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    shown = head.replace(" ", "␣").replace("\n", "↵"), core, tail.replace(" ", "␣").replace("\n", "↵")
    return escape("".join(shown) if core else text.replace(" ", "␣").replace("\n", "↵"))
