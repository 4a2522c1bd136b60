"""What a rule is: a reason for which Entra refuses, its code, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEARN = "https://learn.microsoft.com/entra"
CODES = f"{LEARN}/identity-platform/reference-error-codes"
MANUAL = f"{LEARN}/identity/devices/hybrid-join-manual"
HOW_IT_WORKS = f"{LEARN}/identity/devices/device-registration-how-it-works"
TROUBLESHOOTING = f"{LEARN}/identity/devices/troubleshoot-hybrid-join-windows-current"
PINGONE = "PingOne documentation, Reference and troubleshooting for Microsoft Entra hybrid join (2025-07)"
B2B_REPORTS = "public reports of guests whose SAML provider signs with another key"
SAML = "OASIS SAML 1.1 core (oasis-sstc-saml-core-1.1)"

# Microsoft's page and the public reports give some codes a sentence, and no name.
NO_SYMBOL = "(no symbol published)"


class Certainty(StrEnum):
    """How well it is known that Entra answers so."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Area(StrEnum):
    """What a rule looks at."""

    REQUEST = "request"
    ASSERTION = "assertion"
    ISSUER = "issuer"
    SIGNATURE = "signature"
    TIME = "time"
    AUDIENCE = "audience"
    CLAIMS = "claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One refusal of the token endpoint.

    `trigger` is the sentence that is true when it fires; `message` the text after `AADSTSnnn: ` with
    fields in braces; `error` the OAuth name; `certainty` is about this trigger giving this code, and
    `reasoning` says why where it is not documented.
    """

    id: str
    area: Area
    trigger: str
    code: int
    symbol: str
    message: str
    source: str
    certainty: Certainty
    error: str = "invalid_grant"
    status: int = 400
    reasoning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """Something wrong that Entra cannot know or is not known to check: the double lets it pass.

    A join with it succeeds here; finding it is the business of the checks on the device's side. `certainty` is about
    Entra letting it pass, and `source` is where that is known from.
    """

    id: str
    sentence: str
    reason: str
    certainty: Certainty = Certainty.ASSUMED
    source: str = "no public source: the double's choice"
