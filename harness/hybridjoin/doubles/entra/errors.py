"""The error documents of Entra: the token endpoint's and the registration service's, in their own shapes."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from hybridjoin.doubles.entra.config import LOGIN_URL
from hybridjoin.doubles.entra.join_rules import JoinRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What every answer of one exchange repeats: its ids and its time."""

    correlation_id: str
    now: datetime
    trace_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def written(code: int, description: str, exchange: Exchange, *, joint: str = " ") -> str:
    """Write the sentence of a refusal with what finds it again; `joint` stands between its parts."""
    parts = (
        f"AADSTS{code}: {description}",
        f"Trace ID: {exchange.trace_id}",
        f"Correlation ID: {exchange.correlation_id}",
        f"Timestamp: {exchange.now:%Y-%m-%d %H:%M:%SZ}",
    )
    return joint.join(parts)


def token_error(code: int, error: str, description: str, exchange: Exchange, *, joint: str = " ") -> bytes:
    """Write the token endpoint's error, member for member in the order in which Entra does."""
    document = {
        "error": error,
        "error_description": written(code, description, exchange, joint=joint),
        "error_codes": [code],
        "timestamp": f"{exchange.now:%Y-%m-%d %H:%M:%SZ}",
        "trace_id": exchange.trace_id,
        "correlation_id": exchange.correlation_id,
        "error_uri": f"{LOGIN_URL}/error?code={code}",
    }
    return compact(document)


def registration_error(error_type: str, message: str, exchange: Exchange, subcode: str = "") -> bytes:
    """Write ErrorDetails ([MS-DVRJ] 2.2.3.1); `subcode` goes into a member that the specification does not have."""
    return compact(
        {
            "ErrorType": error_type,
            **({"ErrorSubCode": subcode} if subcode else {}),
            "Message": message,
            "TraceId": exchange.trace_id,
            "Time": f"{exchange.now:%m-%d-%Y %H:%M:%SZ}",
        }
    )


class JoinRefused(Exception):
    """A rule of device registration fired."""

    def __init__(self, rule: JoinRule, **fields: str) -> None:
        super().__init__(rule.id)
        self.rule = rule
        self.message = rule.message.format(**fields)


def compact(document: object) -> bytes:
    """Write JSON without white space, as the service does."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
