"""Sets off where two short texts part: what a reader looks for when an encoding is wrong."""

from __future__ import annotations

from markupsafe import Markup, escape

_LEAST_SHARED = 4


def mark(text: str, other: str) -> Markup:
    """Return `text` with the part that differs from `other` in `<mark>`; spaces at the ends are made visible.

    Texts that share next to nothing stay unmarked: there the whole differs, and the reader sees it.
    """
    if text == other or not text:
        return _visible(text)
    head = _shared(text, other)
    tail = _shared(text[head:][::-1], other[head:][::-1])
    if head + tail < _LEAST_SHARED:
        return _visible(text)
    middle = text[head : len(text) - tail]
    if not middle:
        return _visible(text)
    return Markup("{}<mark>{}</mark>{}").format(text[:head], _visible(middle), text[len(text) - tail :])


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
