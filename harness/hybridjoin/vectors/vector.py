"""What a vector is, before it has a number: a message, what has to be said of it, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.vectors.good import SELF
from hybridjoin.vectors.message import PLAIN, Around, Version, message

LIMIT_BYTES = 100 * 1024


class Result(StrEnum):
    """What a receiver of the whole message has to say: accept it, refuse it, or either."""

    VALID = "valid"
    INVALID = "invalid"
    ACCEPTABLE = "acceptable"


class MustSay(StrEnum):
    """What one of our own two readers has to say; a device that finds no assertion asks Entra nothing."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    EITHER = "either"


_BY_RESULT = {Result.VALID: MustSay.ACCEPTED, Result.INVALID: MustSay.REFUSED, Result.ACCEPTABLE: MustSay.EITHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One message. `claims` are what a reader that accepts it has read; none where nobody may accept it.

    `device` is said of the message, `entra` of the assertion that a device would post of it.
    """

    name: str
    comment: str
    flags: tuple[str, ...]
    body: bytes
    result: Result
    device: MustSay
    entra: MustSay
    version: Version
    claims: Mapping[str, str]


def vector(  # noqa: PLR0913 - one place where a vector is put together, by name
    name: str,
    comment: str,
    flags: str,
    token: str | bytes,
    *,
    result: Result = Result.INVALID,
    device: MustSay | None = None,
    entra: MustSay | None = None,
    around: Around = PLAIN,
    version: Version = Version.V13,
    claims: Mapping[str, str] | None = None,
) -> Vector:
    """Put a vector together: a token as text gets a message around it, octets are the message themselves.

    Raises:
        ValueError: The message is larger than a vector may be.
    """
    body = token if isinstance(token, bytes) else message(token, version, around).encode("utf-8")
    if len(body) > LIMIT_BYTES:
        raise ValueError(f"{name}: expected at most {LIMIT_BYTES} bytes, found {len(body)}")
    read = SELF.claims if claims is None else claims
    may_be_accepted = result is not Result.INVALID
    return Vector(
        name=f"{name}-2005" if version is Version.FEB2005 else name,
        comment=comment,
        flags=tuple(flags.split()),
        body=body,
        result=result,
        device=device or _BY_RESULT[result],
        entra=entra or _BY_RESULT[result],
        version=version,
        claims=read if may_be_accepted else {},
    )
