"""Records in which a peer, or whoever wrote the record, says the worst in every text; and what must not come of it."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from hybridjoin.model.kept_body import Octets

FORGED = "FORGED"
STEERING = "\x1b]0;x\x07\x9b31m\x7f\x08\u202e\u2066\u200b\u2028\u2029\ufeff\xad\U000e0041 ##vso[x] ##[y] ::error::z"
HOSTILE = f"{STEERING}\r\n{FORGED}\n  ::error::title{FORGED}\n##teamcity[{FORGED}"
# What rich itself writes on a terminal.
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# An order of GitHub's is a word that it knows, between two pairs of colons, at the beginning of a line; what is no such
# word, behind a letter, is the scope operator of a program's function.
ORDERS = re.compile(
    r"^\s*::[A-Za-z-]{5,}(?: [^\n]*)?::|::(?i:error|warning|notice|debug|group|set-|add-|stop-c)"
    r"|##(?:\[|vso\[|teamcity\[)",
    re.MULTILINE,
)
# Whose own words these are, so that they are read back: another value would make it another kind of record.
_OURS = frozenset({"schema", "flow", "deviation"})


def hostile(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any part of a record
    """Return a record, or any part of one, with the worst behind every text of it."""
    if isinstance(value, Enum) or name in _OURS:
        return value
    if isinstance(value, str):
        return _body(value) if name == "body" else value + HOSTILE
    if isinstance(value, Octets):
        return Octets(base64=base64.b64encode(STEERING.encode()).decode())
    if isinstance(value, tuple):
        return tuple(hostile(item, name) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: hostile(getattr(value, item.name), item.name) for item in fields(value)})
    return value


def _body(text: str) -> str | Octets:
    """Return a body that says the worst: in JSON as escapes and as a name, elsewhere as it is, or encoded."""
    if text.startswith("{"):
        return json.dumps({**json.loads(text), STEERING: STEERING})
    if "=" in text and not text.startswith("<"):
        return f"{text}&more=%1B%5D0%3B%C2%9B%E2%80%AE"
    return text + STEERING


def steers(text: str, *, colours: bool = False, page: bool = False) -> list[str]:
    """Return what in a text does something instead of being read, the first of each kind.

    With `colours` it is a terminal's, where rich's own sequences are none; a `page` is no log that CI systems read.
    """
    text = COLOURS.sub("", text) if colours else text
    unseen = {letter for letter in text if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    found = [f"U+{ord(letter):04X}" for letter in sorted(unseen - {"\n"})]
    found += [] if page else sorted(set(ORDERS.findall(text)))
    return found + [line for line in text.split("\n") if line.lstrip().startswith(FORGED)][:1]
