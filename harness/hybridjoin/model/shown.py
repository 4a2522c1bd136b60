r"""What others said, made fit to be looked at: no character of theirs steers a terminal, a log or a reader's eye.

Everything that people are shown passes here once, at the door of what draws it. A character that cannot be seen, or
that does something instead, is spelled as JSON spells it (RFC 8259, 7): ESC is `\u001b`. Nothing is lost and nothing
can be mistaken: a backslash of the text's own is doubled where it stands before such a spelling, and nowhere else. A
line feed within one line is `↵`. Letters of every language stay as they are.

What CI systems take for an order in a log is broken up in the same way: GitHub's `::error` and `##[…]` (actions/runner,
ActionCommand.cs), Azure's `##vso[…]` (Azure Pipelines, Logging commands) and TeamCity's `##teamcity[…]` (Service
messages); some of them work in the middle of a line.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar

LINE_FEED: Final = "↵"
CONTINUED: Final = "| "

# Unicode 15's Cc, Cf, Cs, Zl and Zp, and what else has no width and no shape; the selectors of emoji (U+FE00-FE0F)
# only choose between two shapes. Line feed and tab are left out here.
_UNSEEN: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U000110bd"
    "\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The words that actions/runner registers; between a letter and any other word stands the scope operator of C++, as in
# dsregcmd's `TenantInfo::Discover`, which is an order at the beginning of no line.
_COMMANDS: Final = (
    "add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path|notice|remove-matcher|"
    "save-state|set-env|set-output|stop-commands|warning"
)
_ORDER: Final = rf":(?=:(?i:{_COMMANDS})\b)|(?<![A-Za-z0-9]):(?=:[A-Za-z-]{{5}})|#(?=#(?:\[|vso\[|teamcity\[))"
ORDER: Final = re.compile(_ORDER)
"""The first character of an order, for who breaks it up in a way of its own."""
_SPELLED: Final = re.compile(f"[{_UNSEEN}]")
_HARMFUL: Final = re.compile(f"[{_UNSEEN}]|{_ORDER}")
# A run of backslashes before what looks like a spelling, or is about to become one.
_BEFORE: Final = r"(?<!\\)\\++(?=u[0-9A-Fa-f]{4}|"
_IN_LINES: Final = re.compile(rf"[{_UNSEEN}]|{_ORDER}|{_BEFORE}[{_UNSEEN}]|{_ORDER})")
_IN_ONE: Final = re.compile(rf"[{_UNSEEN}\n\t{LINE_FEED}]|{_ORDER}|{_BEFORE}[{_UNSEEN}\t{LINE_FEED}]|{_ORDER})")
_OCTETS: Final = re.compile("[\udc80-\udcff]+")

# Fields whose line ends are our own: the surroundings' words, with the last lines of somebody's log.
_SEVERAL_LINES: Final = frozenset({"error", "interrupted", "trouble"})
# Windows' words around a peer's JSON, where a backslash is that JSON's own.
_SCREENS: Final = frozenset({"debug_screen", "status_screen"})
# What comes encoded is shown by whoever decodes it.
_ENCODED: Final = frozenset({"body", "attributes", "base64"})
_Value = TypeVar("_Value")


def one_line(text: str) -> str:
    r"""Return a text as one line that does nothing; different texts stay different."""
    if text.isascii() and text.isprintable() and not any(sign in text for sign in ("\\", "::", "##")):
        return text  # nearly every text, and without one of those nothing of it is spelled
    return _IN_ONE.sub(_spell, _with_names(text))


def in_lines(text: str) -> str:
    """Return a text of several lines; each further one is marked as belonging to the first."""
    return f"\n{CONTINUED}".join(
        _IN_LINES.sub(_spell, line) for line in _with_names(text).replace("\r\n", "\n").split("\n")
    )


def visible(text: str) -> str:
    """Return a text with its line feeds and tabs, and every other character that cannot be seen spelled.

    What was shown already passes unchanged. Of a JSON text it is the same JSON.
    """
    return _SPELLED.sub(_spell, text)


def harmless(text: str) -> str:
    """Return the same, with the orders to CI systems broken up as well: for what goes to a terminal or into a log."""
    return _HARMFUL.sub(_spell, _with_names(text))


def shown(value: _Value) -> _Value:
    """Return a value, a record or any part of one, with every text in it made fit to be looked at.

    Octets and the bodies of messages stay as they came: whoever decodes them shows them.
    """
    found: _Value = _shown(value, "")
    return found


def _shown(value: Any, name: str) -> Any:  # noqa: ANN401 - whatever a record is made of
    if value is None or isinstance(value, Enum | int | float):
        return value
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, tuple | list):
        made = [_shown(item, name) for item in value]
        return type(value)(made) if any(a is not b for a, b in zip(made, value, strict=True)) else value
    if isinstance(value, dict):
        return {_shown(key, ""): _shown(item, name) for key, item in value.items()}
    kind: Any = type(value)
    return _dataclass(value, _fields(kind))


def _text(value: str, name: str) -> str:
    if name in _SEVERAL_LINES:
        return in_lines(value)
    if name in _SCREENS:
        return harmless(value).replace("\n", LINE_FEED).replace("\t", " ")
    return one_line(value)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass' fields that are shown; of any other type none."""
    known = fields(kind) if is_dataclass(kind) else ()
    return tuple(item.name for item in known if item.init and item.name not in _ENCODED)


def _dataclass(value: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - a dataclass of any kind
    made = {}
    for name in names:
        before = getattr(value, name)
        after = _shown(before, name)
        if after is not before and after != before:
            made[name] = after
    return replace(value, **made) if made else value


def _with_names(text: str) -> str:
    """Return a text in which the octets of file names that no locale could read are the letters they are in UTF-8."""
    if text.isascii():
        return text
    return _OCTETS.sub(lambda run: run[0].encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"), text)


def _spell(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "\\":
        return found * 2
    if found == "\n":
        return LINE_FEED
    units = found.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
