"""What the evidence says of a directory, taken out of the case's lab file one by one: who it is that ends the join.

A lab's directory is made anew for each, so these are tried only where no change of the scenario mends the join.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hybridjoin.scenario.lab.lab_file import OWN_OBJECT_GUID, EncryptionType

_TYPES: Final = "msDS-SupportedEncryptionTypes"
_ANCHOR: Final = "mS-DS-ConsistencyGuid"
_POINT: Final = "service_connection_point"
_AS_THE_GUIDES_ASK: Final = [EncryptionType.AES256.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabChange:
    """One thing of a lab file; `kind` is the suspects' word for its sort, `mended` the lab file without it."""

    change: Mapping[str, Any]
    kind: str
    mended: Mapping[str, Any]


def lab_changes(data: Mapping[str, Any], device: str) -> Iterator[LabChange]:
    """Yield each thing of a lab that may end a join of this computer."""
    for number, account in enumerate(_rows(data, "service_accounts")):
        if _TYPES in account and account[_TYPES] != _AS_THE_GUIDES_ASK:
            yield _change(data, "service_accounts", number, _TYPES, "etype", _AS_THE_GUIDES_ASK)
        if "keytab" in account:
            yield _change(data, "service_accounts", number, "keytab", "keytab", None)
    for number, computer in enumerate(_rows(data, "computers")):
        if str(computer.get("name", "")).lower() == device.lower():
            yield from _of_the_computer(data, number, computer)
    if _POINT in data:
        told = {"lab": {_POINT: data[_POINT]}}
        yield LabChange(change=told, kind="SCP", mended={key: item for key, item in data.items() if key != _POINT})


def _of_the_computer(data: Mapping[str, Any], number: int, computer: Mapping[str, Any]) -> Iterator[LabChange]:
    if _TYPES in computer:
        yield _change(data, "computers", number, _TYPES, "etype", None)
    if computer.get(_ANCHOR) != OWN_OBJECT_GUID:
        yield _change(data, "computers", number, _ANCHOR, "anchor", OWN_OBJECT_GUID)


def _rows(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [item for item in data.get(key) or () if isinstance(item, Mapping)]


def _change(data: Mapping[str, Any], room: str, number: int, key: str, kind: str, sound: object) -> LabChange:
    """Return the change of one key of one row; without a sound value the key goes."""
    rows = _rows(data, room)
    row = {name: item for name, item in rows[number].items() if name != key}
    mended = row if sound is None else {**row, key: sound}
    told = {"lab": {room: {str(rows[number].get("name", number)): {key: rows[number].get(key)}}}}
    return LabChange(change=told, kind=kind, mended={**data, room: [*rows[:number], mended, *rows[number + 1 :]]})


def write_lab(data: Mapping[str, Any], folder: Path, number: int) -> Path:
    """Write a lab file; JSON is YAML of its own kind."""
    path = folder / f"without-{number}.lab.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False, default=str), "utf-8")
    return path
