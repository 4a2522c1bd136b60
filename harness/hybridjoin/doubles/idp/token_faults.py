"""How each fault of the area `rstr` bends the answer, one table for each stage of issuing it.

CONTENT changes what the assertion is made from, REPLY the response around it, BYTES the finished message.
`second-assertion` and `soap-fault` are carried out by their callers; what goes wrong inside of an assertion, and with
its signature, is handed over (`handed_over`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp.token import Reply, Token

Thing = TypeVar("Thing")
Bend = Callable[[Thing, Misbehaviour], Thing]

_END = re.compile(rb"</(?:[\w-]+:)?RequestedSecurityToken>")
PROFILE_TYPE = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"
NEVER_SENT = "urn:uuid:00000000-0000-4000-8000-000000000000"


def keep(thing: Thing, fault: Misbehaviour) -> Thing:  # noqa: ARG001 - the signature of a fault
    """Change nothing: what a stage does for the faults of other stages."""
    return thing


CONTENT: Mapping[str, Bend[Token]] = {
    "saml20-assertion": lambda token, _: replace(token, saml="2.0"),
    "assertion-without-prefix": lambda token, _: replace(token, prefix=""),
}

REPLY: Mapping[str, Bend[Reply]] = {
    "empty-rstr": lambda reply, _: replace(reply, assertions=()),
    "rstr-without-collection": lambda reply, _: replace(reply, in_collection=False),
    "missing-relates-to": lambda reply, _: replace(reply, relates_to=""),
    "token-type-of-profile": lambda reply, _: replace(reply, token_type=PROFILE_TYPE),
    "wrong-relates-to": lambda reply, _: replace(reply, relates_to=NEVER_SENT),
}

BYTES: Mapping[str, Bend[bytes]] = {
    "rstr-truncated": lambda body, _: body[: len(body) // 2],
    "text-behind-assertion": lambda body, _: _END.sub(rb"\n      \g<0>", body),
    "rstr-not-xml": lambda _body, _: b"This is not the answer you are looking for.\n",
}

ELSEWHERE = ("second-assertion", "soap-fault")
