"""The assertion's XML signature: its policy and whether it verifies (XML-DSig, via signxml)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReading:
    """What the signature says of itself, and whether it holds.

    `valid` is about the octets and the key in KeyInfo (or the trusted key when there is none);
    `trusted` says that this key is one of the domain's signing certificates; `problem` is the
    reader's sentence when it does not hold. `signed_assertion_id` is what was really signed.
    """

    present: bool
    valid: bool
    trusted: bool
    problem: str
    signature_algorithm: str
    digest_algorithms: tuple[str, ...]
    canonicalization: str
    transforms: tuple[str, ...]
    references: tuple[str, ...]
    signed_assertion_id: str
    certificate_thumbprint: str
    certificate_expired_at_issue: bool | None
    has_line_breaks: bool
