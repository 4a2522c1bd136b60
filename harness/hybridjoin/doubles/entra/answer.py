"""An answer before it becomes HTTP, and the faults that may take its place."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from starlette.requests import Request

from hybridjoin.doubles.entra.errors import Exchange, compact, registration_error, token_error
from hybridjoin.doubles.entra.faults import THROTTLED_CODE, UNAVAILABLE_CODE, strikes
from hybridjoin.doubles.entra.refusals import REFUSALS
from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.serve import hold, reset

JSON = "application/json; charset=utf-8"
_PROXY_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head>\n"
    b'<body><form method="post" action="/login"><input name="user"><input name="password" type="password">'
    b"</form></body></html>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status and body, and what the audit shall say of them."""

    status: int
    body: bytes
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    rule: str = ""
    code: str = ""
    device_id: str = ""
    fault: str = ""


Handler = Callable[[Request, "re.Match[str]", Exchange], Awaitable[Answer]]
Row = tuple[str, str, str, Handler]
"""An endpoint: its name, its method, its path as a regular expression, and who answers."""


def unknown_tenant(name: str, exchange: Exchange) -> Answer:
    """Return the refusal of a tenant that is not here."""
    message = (
        f"AADSTS90002: Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant."
    )
    body = registration_error("DirectoryError", message, exchange)
    return Answer(status=400, body=body, rule="tenant-unknown", code="AADSTS90002")


def refusal(endpoint: str, exchange: Exchange, *, status: int, code: int, message: str) -> Answer:
    """Return an error in the shape of its endpoint; the code is an AADSTS number."""
    if endpoint == "token":
        body = token_error(code, "temporarily_unavailable", message, exchange)
    else:
        body = registration_error("InternalServiceError", message, exchange)
    return Answer(status=status, body=body, code=f"AADSTS{code}")


async def instead(
    faults: tuple[Misbehaviour, ...], endpoint: str, request: Request, exchange: Exchange
) -> Answer | None:
    """Return the answer of the first transport fault that takes the place of Entra's, after any delay."""
    for fault in faults:
        if not strikes(fault, endpoint):
            continue
        if fault.name == "slow-answer":
            await asyncio.sleep(fault.number("delay_s"))
        elif fault.name in _REPLACED:
            return replace(_replacement(fault, endpoint, exchange), fault=fault.name)
        elif fault.name == "connection-reset":
            await reset(request.scope, request.receive)
            return Answer(status=503, body=b"", fault=fault.name)
        elif fault.name == "no-answer":
            await hold(request.receive, limit_s=fault.number("limit_s"))
            return Answer(status=503, body=b"", fault=fault.name)
    return None


def truncated(faults: tuple[Misbehaviour, ...], endpoint: str, answer: Answer) -> Answer:
    """Cut the answer in the middle where a fault asks for it."""
    cut = next((item for item in faults if item.name == "truncated-answer" and strikes(item, endpoint)), None)
    return replace(answer, body=answer.body[: len(answer.body) // 2], fault=cut.name) if cut else answer


def _replacement(fault: Misbehaviour, endpoint: str, exchange: Exchange) -> Answer:
    if fault.name == "proxy-page":
        return Answer(status=200, body=_PROXY_PAGE, media_type="text/html; charset=utf-8")
    if fault.name == "throttled":
        return _throttled(fault, endpoint, exchange)
    message = "The service is temporarily unavailable. Please retry later."
    return refusal(endpoint, exchange, status=fault.integer("status"), code=UNAVAILABLE_CODE, message=message)


def _throttled(fault: Misbehaviour, endpoint: str, exchange: Exchange) -> Answer:
    """Answer as the page on hybrid joins documents it; the token endpoint has a code of its own for it."""
    wait, status = fault.integer("retry_after_s"), fault.integer("status")
    if endpoint == "token":
        message = REFUSALS[THROTTLED_CODE].message
        answer = refusal(endpoint, exchange, status=status, code=THROTTLED_CODE, message=message)
    else:
        message = f"Your request is throttled temporarily. Please try after {wait} seconds."
        body = registration_error("DirectoryError", message, exchange)
        answer = Answer(status=status, body=body, code="DirectoryError")
    return replace(answer, headers={"Retry-After": str(wait)}) if status == 429 else answer


_REPLACED = frozenset({"proxy-page", "throttled", "server-error"})

__all__ = ["JSON", "Answer", "compact", "instead", "refusal", "truncated"]
