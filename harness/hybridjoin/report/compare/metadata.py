"""What two MEX documents of one IdP say differently: `mex` against `mex13`, yesterday's against today's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hybridjoin.protocol.mex import MexDocument, MexEndpoint, choose_msal, choose_windows


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataDifference:
    """One thing that differs; a side that lacks it is empty."""

    what: str
    here: str
    there: str


def differences(here: MexDocument, there: MexDocument) -> tuple[MetadataDifference, ...]:
    """Compare endpoints by what they are for, then their addresses and SPNs, then what clients choose."""
    return (*_endpoints(here, there), *_versions(here, there), *_choices(here, there))


def differences_json(found: tuple[MetadataDifference, ...]) -> list[dict[str, Any]]:
    """Return the differences as JSON writes them; what a side lacks is null."""
    return [{"what": item.what, "here": item.here or None, "there": item.there or None} for item in found]


def _endpoints(here: MexDocument, there: MexDocument) -> Iterator[MetadataDifference]:
    left, right = _by_purpose(here), _by_purpose(there)
    for purpose in dict.fromkeys((*left, *right)):
        mine, theirs = left.get(purpose, ()), right.get(purpose, ())
        for name, words in (("endpoint", _addresses), ("SPN", _spns)):
            if words(mine) != words(theirs) and (name == "endpoint" or (mine and theirs)):
                yield MetadataDifference(what=f"{name}, {purpose}", here=words(mine), there=words(theirs))


def _by_purpose(document: MexDocument) -> dict[str, tuple[MexEndpoint, ...]]:
    found: dict[str, tuple[MexEndpoint, ...]] = {}
    for item in document.endpoints:
        trust = f"WS-Trust {item.trust.value}" if item.trust is not None else "unknown action"
        purpose = f"{item.credential.value} with {trust}"
        found[purpose] = (*found.get(purpose, ()), item)
    return found


def _addresses(items: tuple[MexEndpoint, ...]) -> str:
    return ", ".join(sorted({item.url for item in items}))


def _spns(items: tuple[MexEndpoint, ...]) -> str:
    return ", ".join(sorted({item.spn or "no SPN" for item in items}))


def _versions(here: MexDocument, there: MexDocument) -> Iterator[MetadataDifference]:
    words = [
        ", ".join(sorted({item.trust.value for item in document.endpoints if item.trust is not None}))
        for document in (here, there)
    ]
    if words[0] != words[1]:
        yield MetadataDifference(what="WS-Trust versions", here=words[0], there=words[1])


def _choices(here: MexDocument, there: MexDocument) -> Iterator[MetadataDifference]:
    for client, choose in (("Windows", choose_windows), ("MSAL", choose_msal)):
        mine, theirs = (_choice(choose(document)) for document in (here, there))
        if mine != theirs:
            yield MetadataDifference(what=f"{client} chooses", here=mine, there=theirs)


def _choice(item: MexEndpoint | None) -> str:
    if item is None:
        return ""
    return f"{item.url} (WS-Trust {item.trust.value})" if item.trust is not None else item.url
