"""The same settings as JSON: one object, a list of them, or Graph's envelope with `value`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.federation_text import Block

_CONTEXT = re.compile(r"domains\('([^']{1,253})'\)", re.IGNORECASE)


def read_blocks(text: str, *, place: str) -> tuple[Block, ...]:
    """Read the domains of a JSON text; raise UsageError where it is none, or a setting is no text."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _mistakes(
            (f"{place}:{error.lineno}:{error.colno}", f"expected JSON, found {error.msg.lower()}")
        ) from error
    except (RecursionError, ValueError) as error:
        raise _mistakes((place, "expected JSON, found one nested or numbered beyond reason")) from error
    items = tuple(_objects(data, ""))
    wrong = [
        (f"{place}: {name}", f"expected text, found {_kind(value)}")
        for item, _ in items
        for name, value in item.items()
        if _is_setting(name) and not isinstance(value, str | bool | None)
    ]
    if wrong:
        raise _mistakes(*wrong)
    return tuple(
        Block(line=1, domain=domain, values=tuple((name, _text(value)) for name, value in item.items()))
        for item, domain in items
    )


def _objects(data: object, domain: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Find the settings inside lists and envelopes, two levels deep and no deeper."""
    if isinstance(data, list):
        for item in data:
            if isinstance(item, Mapping):
                yield item, _domain_of(item, domain)
    elif isinstance(data, Mapping):
        named = _domain_of(data, domain)
        inner = next((value for name, value in data.items() if name.lower() == "value"), None)
        if isinstance(inner, list):
            yield from _objects(inner, named)
        else:
            yield data, named


def _domain_of(item: Mapping[str, Any], outer: str) -> str:
    for name, value in item.items():
        if isinstance(value, str) and name.lower() in {"domainid", "domainname", "domain"}:
            return value
        found = _CONTEXT.search(value) if isinstance(value, str) and name == "@odata.context" else None
        if found is not None:
            return found[1]
    return outer


def _is_setting(name: str) -> bool:
    return name.lower().endswith(("uri", "certificate")) or name.lower() == "preferredauthenticationprotocol"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # JSON can spell half a surrogate pair, which no report could hold.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _kind(value: object) -> str:
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a number"


def _mistakes(*rows: tuple[str, str]) -> UsageError:
    return UsageError(*(Mistake(place=place, problem=problem) for place, problem in rows))
