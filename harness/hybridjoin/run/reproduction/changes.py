"""Single changes of a scenario file: laid on top of it, found in it, taken out of it.

They are written as the file's own keys. Mappings are merged as `extends` merges them; a list (`dial`, `faults`) is
added to, for a change stands on top of what is proven and takes nothing of it away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hybridjoin.scenario.compose import Document, merge
from hybridjoin.scenario.yaml.source import Positions

Keys = Mapping[str, Any]

# What says where and how the device joins, and bends nothing.
_SETTING: Final[Mapping[str, frozenset[str]]] = {"idp": frozenset({"profile"})}
_BENT: Final = ("idp", "entra")
# Below these, each key is a change of its own.
_APART: Final = frozenset({"claims", "domain", "connect"})
_OF_THE_DEVICE: Final = ("client_side_scp",)


def with_change(base: Document, change: Keys, *, name: str) -> Document:
    """Return a scenario with one more change; `name` is what its mistakes are told of."""
    grown = _as_read(_grown(base.data, change))
    return merge(base, Document(data=grown, positions=Positions(file=name, keys={}, values={})))


def _as_read(value: Any) -> Any:  # noqa: ANN401 - plain YAML data
    """Write mappings and sequences as a file's reader gives them."""
    if isinstance(value, Mapping):
        return {key: _as_read(item) for key, item in value.items()}
    return [_as_read(item) for item in value] if isinstance(value, list | tuple) else value


def _grown(base: Keys, change: Keys) -> dict[str, Any]:
    """Return a change whose lists begin with what the scenario has already."""
    result: dict[str, Any] = {}
    for key, value in change.items():
        here = base.get(key)
        if isinstance(value, Mapping):
            result[key] = _grown(here if isinstance(here, Mapping) else {}, value)
        elif isinstance(value, list | tuple) and isinstance(here, list):
            result[key] = [*here, *(item for item in value if not _among(item, here))]
        else:
            result[key] = value
    return result


def has_change(data: Keys, change: Keys) -> bool:
    """Tell whether a scenario has a change already; one that says nothing is in none."""
    return bool(change) and all(key in data and _holds(data[key], value) for key, value in change.items())


def _holds(here: object, value: object) -> bool:
    if isinstance(value, Mapping):
        return isinstance(here, Mapping) and has_change(here, value)
    if isinstance(value, list | tuple):
        return isinstance(here, list) and all(_among(item, here) for item in value)
    return here == value


def without_change(base: Document, change: Keys) -> Document:
    """Return a scenario that lacks a change; what it stood in goes with it where nothing else is left there."""
    return Document(data=_without(base.data, change), positions=base.positions)


def _without(data: Keys, change: Keys) -> dict[str, Any]:
    result = dict(data)
    for key, value in change.items():
        left = _left(result.get(key), value)
        if left in (None, {}, []):
            result.pop(key, None)
        else:
            result[key] = left
    return result


def _left(here: object, value: object) -> object:
    if isinstance(value, Mapping) and isinstance(here, Mapping):
        return _without(here, value)
    if isinstance(value, list | tuple) and isinstance(here, list):
        return [item for item in here if not _among(item, value)]
    return None if here == value else here


def single_changes(data: Keys) -> Iterator[dict[str, Any]]:
    """Yield each single thing that a scenario bends: of the IdP, the tenant, the surroundings, a clock."""
    for item in data.get("dial") or ():
        yield {"dial": [item]}
    for room in _BENT:
        for key, value in (data.get(room) or {}).items():
            if key not in _SETTING.get(room, frozenset()):
                yield from ({room: part} for part in _parts(key, value))
    if data.get("clock"):
        yield {"clock": data["clock"]}
    for key in _OF_THE_DEVICE:
        if key in (data.get("device") or {}):
            yield {"device": {key: data["device"][key]}}


def _parts(key: str, value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - plain YAML data
    if key in _APART and isinstance(value, Mapping):
        yield from ({key: {name: part}} for name, part in value.items())
    elif isinstance(value, list):
        yield from ({key: [item]} for item in value)
    else:
        yield {key: value}


def _among(item: object, items: object) -> bool:
    return isinstance(items, list | tuple) and any(_plain(item) == _plain(other) for other in items)


def _plain(item: object) -> object:
    """Write a name that chooses nothing (`name: {}`) as the name alone."""
    if isinstance(item, Mapping) and len(item) == 1:
        ((name, options),) = item.items()
        return item if options else name
    return item


def words_of(change: Keys) -> str:
    """Write a change in one line, as a scenario file would."""
    return ", ".join(_words(key, value) for key, value in change.items())


def _words(key: str, value: object) -> str:
    if isinstance(value, Mapping) and value:
        return ", ".join(_words(f"{key}.{inner}", rest) for inner, rest in value.items())
    if isinstance(value, list | tuple) and len(value) == 1 and isinstance(value[0], str):
        return f"{key}: {value[0]}"
    return f"{key}: {value if isinstance(value, str) and value else json.dumps(value, default=str)}"
