"""Reads the files again: ours that come along, or somebody's of the same form."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.vectors.vector import MustSay, Result

SHIPPED = Path(__file__).parent / "data"
PATTERN = "*_rstr_*.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """What a receiver knows: the domain's certificate (DER), the time, the skew it allows, issuer and audience.

    `message_id` is that of the request that it sent.

    `computers` are those of the tenant, each by `name`, `objectGUID` and `objectSid`.
    """

    certificate: bytes
    clock: datetime
    skew: timedelta
    issuer: str
    audience: str
    message_id: str
    computers: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One vector as a file has it; `claims` are what an acceptance has to have read."""

    family: str
    number: int
    name: str
    comment: str
    flags: tuple[str, ...]
    message: bytes
    result: Result
    claims: Mapping[str, str]
    device: MustSay
    entra: MustSay
    known: Receiver


def read_files(folder: Path = SHIPPED) -> tuple[Trial, ...]:
    """Read every file of vectors in a folder, in the order of their names.

    Raises:
        UsageError: There is none, or one is not of this form.
    """
    found = sorted(folder.glob(PATTERN))
    if not found:
        raise _mistake(folder, f"expected files of vectors ({PATTERN}), found none")
    return tuple(trial for path in found for trial in _read(path))


def _mistake(path: Path, problem: str) -> UsageError:
    return UsageError(Mistake(place=str(path), problem=problem))


def _read(path: Path) -> Iterable[Trial]:
    try:
        document = json.loads(path.read_bytes())
        groups = [(_circumstances(group), group["tests"]) for group in document["testGroups"]]
        return [_trial(document["family"], test, known) for known, tests in groups for test in tests]
    except OSError as error:
        raise _mistake(path, f"cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise _mistake(path, f"expected vectors as vectors.schema.json says, found otherwise: {error!r}") from error


def _circumstances(group: Mapping[str, Any]) -> Receiver:
    return Receiver(
        certificate=base64.b64decode(group["certificate"], validate=True),
        clock=datetime.fromisoformat(group["clock"]),
        skew=timedelta(seconds=group["skewSeconds"]),
        issuer=group["issuer"],
        audience=group["audience"],
        message_id=group["messageId"],
        computers=tuple(group["computers"]),
    )


def _trial(family: str, test: Mapping[str, Any], known: Receiver) -> Trial:
    ours = test.get("hybridjoin", {})
    return Trial(
        family=family,
        number=test["tcId"],
        name=test["name"],
        comment=test["comment"],
        flags=tuple(test["flags"]),
        message=base64.b64decode(test["message"], validate=True),
        result=Result(test["result"]),
        claims=test.get("claims", {}),
        device=MustSay(ours.get("device", MustSay.EITHER)),
        entra=MustSay(ours.get("entra", MustSay.EITHER)),
        known=known,
    )
